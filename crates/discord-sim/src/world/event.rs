//! What happened, before it is sent to those who may know.

use serde_json::Value;

use crate::id::Id;

/// A fact that gateway sessions and the sandbox page may want.
#[derive(Clone, Debug)]
pub struct Event {
    /// The dispatch name, such as `MESSAGE_CREATE`.
    pub kind: &'static str,
    /// Who may learn of it.
    pub scope: Scope,
    /// The dispatch's `d`.
    pub body: Value,
}

/// Who may learn of an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// Every member of the guild.
    Guild(Id),
    /// Members who see the channel, or the users of a direct message.
    Channel {
        /// The channel's guild; `None` for a direct message.
        guild: Option<Id>,
        /// The channel.
        channel: Id,
    },
    /// One application, on the shard of the guild.
    Application {
        /// The application.
        id: Id,
        /// The guild that decides on the shard; `None` for direct messages (shard 0).
        guild: Option<Id>,
    },
    /// One user: ephemeral messages, which travel to no gateway session of a bot.
    User {
        /// The user.
        id: Id,
        /// The channel in question.
        channel: Id,
    },
}

impl Event {
    /// The guild that decides on the shard.
    #[must_use]
    pub fn guild(&self) -> Option<Id> {
        match self.scope {
            Scope::Guild(id) => Some(id),
            Scope::Channel { guild, .. } | Scope::Application { guild, .. } => guild,
            Scope::User { .. } => None,
        }
    }
}
