//! Who calls a route, with the rights that they have now.

use std::{net::IpAddr, sync::Arc};

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use hazebot_core::{
    Actor, Rights,
    ids::{GuildId, UserId},
};
use http::request::Parts;

use crate::error::ApiError;

/// The role that a token and `auth/me` name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `admin`: holds the admin role, or is a password login.
    Admin,
    /// `mod`: holds the moderator role.
    Mod,
    /// `lootling`: every other member.
    Member,
    /// `monitoring`: a monitoring token.
    Monitoring,
}

/// What members without a staff role may do.
const MEMBER_PERMISSIONS: &[&str] = &["meme_generator"];
/// What monitoring tokens may do.
pub const MONITORING_PERMISSIONS: &[&str] = &["health_check", "ping", "analytics_read", "tickets_read"];

impl Role {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Mod => "mod",
            Self::Member => "lootling",
            Self::Monitoring => "monitoring",
        }
    }

    /// The reverse of [`Role::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Admin, Self::Mod, Self::Member, Self::Monitoring]
            .into_iter()
            .find(|role| role.as_str() == word)
    }

    /// The permissions that come with it.
    #[must_use]
    pub fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Admin | Self::Mod => &["all"],
            Self::Member => MEMBER_PERMISSIONS,
            Self::Monitoring => MONITORING_PERMISSIONS,
        }
    }

    /// The rights in the guild.
    #[must_use]
    pub fn rights(self) -> Rights {
        match self {
            Self::Admin => Rights::Admin,
            Self::Mod => Rights::Moderator,
            Self::Member => Rights::Member,
            Self::Monitoring => Rights::None,
        }
    }

    /// The role of somebody with these rights; nothing for who is no member.
    #[must_use]
    pub fn of(rights: Rights) -> Option<Self> {
        match rights {
            Rights::Admin => Some(Self::Admin),
            Rights::Moderator => Some(Self::Mod),
            Rights::Member => Some(Self::Member),
            Rights::None => None,
        }
    }
}

/// What kind of account a caller is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A Discord account.
    Discord(UserId),
    /// A login with a password, by its name.
    Login(Arc<str>),
    /// A monitoring token.
    Monitor,
}

impl Identity {
    /// `discord_id` on the wire: a snowflake, or one of two words that the Flutter client compares with.
    #[must_use]
    pub fn wire_id(&self) -> String {
        match self {
            Self::Discord(user) => user.to_string(),
            Self::Login(_) => "legacy_user".to_owned(),
            Self::Monitor => "monitoring_service".to_owned(),
        }
    }

    /// `auth_type` on the wire.
    #[must_use]
    pub fn auth_type(&self) -> &'static str {
        match self {
            Self::Discord(_) => "discord",
            Self::Login(_) => "legacy",
            Self::Monitor => "monitoring",
        }
    }
}

/// An authenticated caller. Cheap to clone. Every route but the public ones can take it as an argument; `Option<Caller>`
/// is always there and empty on public routes.
#[derive(Clone, Debug)]
pub struct Caller(Arc<CallerData>);

#[derive(Debug)]
pub(crate) struct CallerData {
    pub(crate) guild: GuildId,
    pub(crate) identity: Identity,
    pub(crate) username: String,
    pub(crate) role: Role,
    pub(crate) claimed_role_name: Option<String>,
    pub(crate) session: Arc<str>,
    pub(crate) client_session: String,
    pub(crate) ip: IpAddr,
    pub(crate) expires_at: i64,
}

impl Caller {
    pub(crate) fn new(data: CallerData) -> Self {
        Self(Arc::new(data))
    }

    /// The home guild, to which the API belongs.
    #[must_use]
    pub fn guild(&self) -> GuildId {
        self.0.guild
    }

    /// What kind of account it is.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// Account name on Discord, or of the login. Never identity.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.0.username
    }

    /// The Discord account, if there is one.
    #[must_use]
    pub fn discord_id(&self) -> Option<UserId> {
        match self.0.identity {
            Identity::Discord(user) => Some(user),
            _ => None,
        }
    }

    /// The Discord account of a caller of a [`Policy::Member`](crate::Policy::Member) route.
    ///
    /// # Errors
    /// 400 `Discord ID not available` for password logins and monitors.
    pub fn user(&self) -> Result<UserId, ApiError> {
        self.discord_id().ok_or_else(|| ApiError::bad_request(UNLINKED))
    }

    /// The role now.
    #[must_use]
    pub fn role(&self) -> Role {
        self.0.role
    }

    /// Name of the staff role on Discord, as the token says.
    pub(crate) fn claimed_role_name(&self) -> Option<&str> {
        self.0.claimed_role_name.as_deref()
    }

    /// The permissions now.
    #[must_use]
    pub fn permissions(&self) -> &'static [&'static str] {
        self.0.role.permissions()
    }

    /// Whether the caller holds a permission; `all` holds every one.
    #[must_use]
    pub fn may(&self, permission: &str) -> bool {
        self.permissions()
            .iter()
            .any(|held| *held == "all" || *held == permission)
    }

    /// Rights in the home guild now.
    #[must_use]
    pub fn rights(&self) -> Rights {
        self.0.role.rights()
    }

    /// Id of the session row; the key for revoking.
    #[must_use]
    pub fn session(&self) -> &str {
        &self.0.session
    }

    /// What the client calls its session (`X-Session-ID`), else the session's own id. Unique per account only.
    #[must_use]
    pub fn client_session(&self) -> &str {
        &self.0.client_session
    }

    /// Where the call comes from.
    #[must_use]
    pub fn ip(&self) -> IpAddr {
        self.0.ip
    }

    /// When the token expires, in Unix milliseconds.
    #[must_use]
    pub fn expires_at(&self) -> i64 {
        self.0.expires_at
    }

    /// The actor for actions. A monitor is a script: it reads what its permissions name and reaches no action.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.0.identity {
            Identity::Discord(user) => Actor::Member {
                guild: self.0.guild,
                user: *user,
                name: self.0.username.clone(),
            },
            Identity::Login(name) => Actor::Login {
                name: name.to_string(),
            },
            Identity::Monitor => Actor::Script {
                cog: "monitoring".to_owned(),
            },
        }
    }

    /// The key under which limits and the live table count this account.
    pub(crate) fn account(&self) -> Arc<str> {
        match &self.0.identity {
            Identity::Discord(user) => user.to_string().into(),
            Identity::Login(name) => format!("legacy:{name}").into(),
            Identity::Monitor => format!("monitor:{}", self.0.session).into(),
        }
    }
}

/// The sentence of the contract for a login without Discord account.
pub(crate) const UNLINKED: &str = "Discord ID not available";

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| ApiError::unauthorized("Token is missing"))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, ApiError> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
