//! Where a ticket is in its life, and where it began.

/// Where a ticket is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Reserved in the store; channel and messages are being made.
    Opening,
    /// Its opening failed; what was made is being removed, then the row too.
    Undoing,
    /// Nobody has taken it yet.
    Open,
    /// A staff member has taken it.
    Claimed,
    /// Done. May be reopened until its channel is deleted.
    Closed,
    /// Its channel is being deleted.
    Deleting,
    /// Its channel is gone; the row stays for statistics and limits.
    Deleted,
}

impl Status {
    /// The form of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Undoing => "undoing",
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Closed => "closed",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
        }
    }

    /// From the database.
    #[must_use]
    pub fn from_db(text: &str) -> Option<Self> {
        [
            Self::Opening,
            Self::Undoing,
            Self::Open,
            Self::Claimed,
            Self::Closed,
            Self::Deleting,
            Self::Deleted,
        ]
        .into_iter()
        .find(|status| status.as_str() == text)
    }

    /// The word of the API; `None` for states that nobody outside sees.
    #[must_use]
    pub fn wire(self) -> Option<&'static str> {
        match self {
            Self::Open => Some("Open"),
            Self::Claimed => Some("Claimed"),
            Self::Closed => Some("Closed"),
            Self::Opening | Self::Undoing | Self::Deleting | Self::Deleted => None,
        }
    }

    /// From the API, in any case of letters.
    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        [Self::Open, Self::Claimed, Self::Closed]
            .into_iter()
            .find(|status| status.as_str().eq_ignore_ascii_case(text.trim()))
    }

    /// Open or claimed: somebody still waits for something.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Open | Self::Claimed)
    }

    /// Whether people see the ticket at all.
    #[must_use]
    pub fn is_visible(self) -> bool {
        self.wire().is_some()
    }
}

/// Where a ticket was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By command or button.
    Discord,
    /// From the app or the panel.
    Api,
}

impl Origin {
    /// The form of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discord => "discord",
            Self::Api => "api",
        }
    }
}
