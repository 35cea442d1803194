//! Applications, their commands and webhooks.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::id::Id;

use super::model::Emoji;

/// A bot's application.
#[derive(Clone, Debug)]
pub struct Application {
    /// The application's id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// What it says about itself.
    pub description: String,
    /// The account it acts as.
    pub bot_id: Id,
    /// Who made it.
    pub owner_id: Id,
    /// The bot token.
    pub token: String,
    /// The OAuth2 client secret.
    pub client_secret: String,
    /// Where OAuth2 may send a browser back to. Empty: anywhere on loopback.
    pub redirect_uris: Vec<String>,
    /// Privileged intents that are switched on.
    pub intents: PrivilegedIntents,
    /// Commands for every guild, by id.
    pub global_commands: BTreeMap<Id, Command>,
    /// Commands of one guild, by guild and id.
    pub guild_commands: BTreeMap<Id, BTreeMap<Id, Command>>,
    /// Who may use what: by guild and command (or the application itself, for all its commands).
    pub command_permissions: BTreeMap<(Id, Id), Vec<CommandPermission>>,
    /// Emojis that the application may use everywhere.
    pub emojis: Vec<Emoji>,
    /// What its role connections can require.
    pub role_metadata: Vec<Value>,
    /// What users connected, by user.
    pub role_connections: BTreeMap<Id, Value>,
    /// Further fields of its page that it has set: tags, addresses, install parameters.
    pub about: serde_json::Map<String, Value>,
}

/// Allows or forbids a command to somebody or somewhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CommandPermission {
    /// The role, user or channel; the guild's id means everybody, the guild's id minus one every channel.
    pub id: Id,
    /// 1 role, 2 user, 3 channel.
    pub kind: u8,
    /// True to allow.
    pub permission: bool,
}

/// Which privileged intents an application may use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PrivilegedIntents {
    /// `GUILD_MEMBERS`.
    pub members: bool,
    /// `GUILD_PRESENCES`.
    pub presences: bool,
    /// `MESSAGE_CONTENT`.
    pub message_content: bool,
}

impl PrivilegedIntents {
    /// All three.
    pub const ALL: Self = Self {
        members: true,
        presences: true,
        message_content: true,
    };
    /// None of them.
    pub const NONE: Self = Self {
        members: false,
        presences: false,
        message_content: false,
    };
}

/// An application command.
#[derive(Clone, Debug)]
pub struct Command {
    /// The command's id.
    pub id: Id,
    /// Changes with every edit.
    pub version: Id,
    /// 1 slash, 2 user menu, 3 message menu.
    pub kind: u8,
    /// The name.
    pub name: String,
    /// The guild, if it is of one guild only.
    pub guild_id: Option<Id>,
    /// The rest as it was registered: description, options, localisations, permissions, contexts.
    pub body: Value,
}

/// A webhook of a channel.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The webhook's id.
    pub id: Id,
    /// Where it writes.
    pub channel_id: Id,
    /// The channel's guild.
    pub guild_id: Id,
    /// Its name.
    pub name: String,
    /// Its avatar's hash.
    pub avatar: Option<String>,
    /// What its address ends with.
    pub token: String,
    /// Who made it.
    pub user_id: Id,
    /// The application that owns it.
    pub application_id: Option<Id>,
    /// The guild and news channel whose messages it brings, if it follows one.
    pub source: Option<(Id, Id)>,
}
