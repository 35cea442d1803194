//! Who asks. Every action takes an [`Actor`] and checks its [`Rights`] at that moment.

use serde::{Deserialize, Serialize};

use crate::ids::{GuildId, UserId};

/// Who wants something done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A member of the guild, through Discord, the app or the panel.
    Member {
        /// The guild in which they act.
        guild: GuildId,
        /// Their account.
        user: UserId,
        /// Account name at the time, for the audit log and relayed messages. Never identity.
        name: String,
    },
    /// A panel login without a Discord account.
    Login {
        /// The login's name.
        name: String,
    },
    /// A due job.
    Timer,
    /// A script cog.
    Script {
        /// The cog's name.
        cog: String,
    },
    /// The program itself: repair, reconciliation, import.
    System,
}

impl Actor {
    /// The Discord account behind it, if there is one.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Member { user, .. } => Some(*user),
            _ => None,
        }
    }

    /// A name for people to read.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Member { name, .. } | Self::Login { name } => name,
            Self::Timer => "timer",
            Self::Script { cog } => cog,
            Self::System => "system",
        }
    }
}

/// What somebody may do in a guild, by the roles they have now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rights {
    /// Not in the guild.
    #[default]
    None,
    /// A member without a staff role.
    Member,
    /// Holds the moderator role.
    Moderator,
    /// Holds the admin role, or owns the guild, or is the program itself.
    Admin,
}

impl Rights {
    /// Moderator or admin.
    #[must_use]
    pub fn is_staff(self) -> bool {
        self >= Self::Moderator
    }

    /// Admin.
    #[must_use]
    pub fn is_admin(self) -> bool {
        self == Self::Admin
    }

    /// At least a member of the guild.
    #[must_use]
    pub fn is_member(self) -> bool {
        self >= Self::Member
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_ordered() {
        assert!(Rights::Admin.is_staff() && Rights::Admin.is_admin());
        assert!(Rights::Moderator.is_staff() && !Rights::Moderator.is_admin());
        assert!(Rights::Member.is_member() && !Rights::Member.is_staff());
        assert!(!Rights::None.is_member());
    }
}
