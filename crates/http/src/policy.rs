//! Who may call a route, and how often. A route without a [`Policy`] can't be added.

use std::time::Duration;

use http::StatusCode;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Everybody, without a token.
    Public,
    /// Everybody with a valid token, monitors excepted.
    SignedIn,
    /// Members of the home guild: their token names a Discord account. Password logins are told
    /// `Discord ID not available`.
    Member,
    /// Whoever holds this permission, or `all`.
    Permission(&'static str),
    /// Staff of the home guild and password logins: the permission `all`.
    All,
    /// Holders of the admin role and password logins.
    Admin,
}

/// How often one caller may call one route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteLimit {
    /// This many calls …
    pub calls: u32,
    /// … in this time, at least a second.
    pub per: Duration,
}

impl RouteLimit {
    /// So many calls a minute.
    #[must_use]
    pub const fn per_minute(calls: u32) -> Self {
        Self {
            calls,
            per: Duration::from_secs(60),
        }
    }

    /// So many calls an hour.
    #[must_use]
    pub const fn per_hour(calls: u32) -> Self {
        Self {
            calls,
            per: Duration::from_secs(3_600),
        }
    }
}

/// Everything that is checked before a route runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub(crate) policy: Policy,
    pub(crate) limit: Option<RouteLimit>,
    pub(crate) monitors: bool,
    pub(crate) guild: bool,
    pub(crate) unlinked: StatusCode,
    pub(crate) body_limit: usize,
}

/// Longest request body of a route that does not say otherwise. No JSON of the API comes near.
pub const BODY_LIMIT: usize = 256 * 1024;

impl Rule {
    /// The rule of a policy, with the usual limits.
    #[must_use]
    pub const fn of(policy: Policy) -> Self {
        Self {
            policy,
            limit: None,
            monitors: false,
            guild: false,
            unlinked: StatusCode::BAD_REQUEST,
            body_limit: BODY_LIMIT,
        }
    }

    /// Beside the general limits, one caller may call this route so often.
    #[must_use]
    pub const fn limit(mut self, limit: RouteLimit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Monitoring tokens may call it too.
    #[must_use]
    pub const fn monitors_may(mut self) -> Self {
        self.monitors = true;
        self
    }

    /// It looks at what members may do: while the gateway has not told yet, right after a start, it answers 503.
    #[must_use]
    pub const fn needs_guild(mut self) -> Self {
        self.guild = true;
        self
    }

    /// The status with which a login without Discord account is refused; 400 if not said.
    #[must_use]
    pub const fn unlinked(mut self, status: StatusCode) -> Self {
        self.unlinked = status;
        self
    }

    /// Longest request body in bytes; [`BODY_LIMIT`] if not said.
    #[must_use]
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Its policy.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        self.policy
    }
}

impl From<Policy> for Rule {
    fn from(policy: Policy) -> Self {
        Self::of(policy)
    }
}

impl Policy {
    /// For the API's description.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Public => "Access: everybody.".to_owned(),
            Self::SignedIn => "Access: any valid token.".to_owned(),
            Self::Member => "Access: members of the guild.".to_owned(),
            Self::Permission(name) => format!("Access: permission `{name}` or `all`."),
            Self::All => "Access: staff (permission `all`).".to_owned(),
            Self::Admin => "Access: admins.".to_owned(),
        }
    }
}
