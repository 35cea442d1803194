//! The buttons under a ticket: they depend on its state only, rights are checked on the press.

use super::{Status, Ticket};

/// A button of the control message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Take it.
    Claim,
    /// Give it to somebody.
    Assign,
    /// Show where it stands.
    Status,
    /// Close it.
    Close,
    /// Open it again.
    Reopen,
    /// Delete it.
    Delete,
}

impl Control {
    /// All, in the order shown.
    pub const ALL: [Self; 6] = [
        Self::Claim,
        Self::Assign,
        Self::Status,
        Self::Close,
        Self::Reopen,
        Self::Delete,
    ];

    /// The word in its custom id and text id.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Assign => "assign",
            Self::Status => "status",
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Delete => "delete",
        }
    }

    /// Its emoji.
    #[must_use]
    pub fn emoji(self) -> &'static str {
        match self {
            Self::Claim => "👋",
            Self::Assign => "📋",
            Self::Status => "📊",
            Self::Close => "🔒",
            Self::Reopen => "🔓",
            Self::Delete => "🗑️",
        }
    }

    /// Whether it can be pressed in the ticket's present state.
    #[must_use]
    pub fn is_enabled(self, ticket: &Ticket) -> bool {
        let closed = ticket.status == Status::Closed;
        match self {
            Self::Claim => !closed && ticket.claimed_by.is_none(),
            Self::Assign | Self::Close => !closed,
            Self::Status | Self::Delete => true,
            Self::Reopen => closed && ticket.reopen_count < super::MAX_REOPENS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::ticket, *};

    fn enabled(ticket: &Ticket) -> String {
        Control::ALL
            .iter()
            .filter(|c| c.is_enabled(ticket))
            .map(|c| c.word())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// T-03.
    #[test]
    fn buttons_follow_the_state_alone() {
        assert_eq!(enabled(&ticket(Status::Open)), "claim assign status close delete");
        assert_eq!(enabled(&ticket(Status::Claimed)), "assign status close delete");
        assert_eq!(enabled(&ticket(Status::Closed)), "status reopen delete");
        let mut often = ticket(Status::Closed);
        often.reopen_count = 3;
        assert_eq!(enabled(&often), "status delete");
    }
}
