//! The form of a world file: what is written where, and what is meant if it is left out.

use serde::Deserialize;

use super::moment::Moment;

/// Everything.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Decides tokens and avatars.
    #[serde(default)]
    pub(super) seed: Option<u64>,
    /// When everything was made; ids carry their time, so with it they are the same at each start.
    #[serde(default)]
    pub(super) founded: Option<Moment>,
    #[serde(default)]
    pub(super) people: Vec<Person>,
    #[serde(default)]
    pub(super) bots: Vec<Bot>,
    pub(super) guilds: Vec<Guild>,
}

/// A person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) name: String,
    /// When the account was made.
    #[serde(default)]
    pub(super) since: Option<Moment>,
    #[serde(default)]
    pub(super) locale: Option<String>,
    #[serde(default)]
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) playing: Option<String>,
    #[serde(default = "yes")]
    pub(super) takes_dms: bool,
}

/// An application with its bot.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bot {
    pub(super) name: String,
    pub(super) owner: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) token: Option<String>,
    #[serde(default)]
    pub(super) client_secret: Option<String>,
    /// Privileged intents that are switched on; all if left out.
    #[serde(default)]
    pub(super) intents: Option<Vec<String>>,
    #[serde(default)]
    pub(super) redirect_uris: Vec<String>,
}

/// A guild.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Guild {
    pub(super) name: String,
    pub(super) owner: String,
    #[serde(default)]
    pub(super) since: Option<Moment>,
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) locale: Option<String>,
    /// What everybody may; Discord's defaults if left out.
    #[serde(default)]
    pub(super) everyone: Option<Vec<String>>,
    /// Highest first.
    #[serde(default)]
    pub(super) roles: Vec<Role>,
    #[serde(default)]
    pub(super) members: Vec<Member>,
    #[serde(default)]
    pub(super) crowd: Option<Crowd>,
    #[serde(default)]
    pub(super) bots: Vec<Installed>,
    #[serde(default)]
    pub(super) channels: Vec<Channel>,
    #[serde(default)]
    pub(super) system_channel: Option<String>,
    #[serde(default)]
    pub(super) rules_channel: Option<String>,
}

/// A role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) name: String,
    /// `#rrggbb`.
    #[serde(default)]
    pub(super) color: Option<String>,
    /// Shown apart; if left out, roles with a colour are.
    #[serde(default)]
    pub(super) hoist: Option<bool>,
    #[serde(default)]
    pub(super) mentionable: bool,
    #[serde(default)]
    pub(super) permissions: Vec<String>,
}

/// A person in a guild.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub(super) name: String,
    #[serde(default)]
    pub(super) nick: Option<String>,
    #[serde(default)]
    pub(super) roles: Vec<String>,
    #[serde(default)]
    pub(super) joined: Option<Moment>,
}

/// Made-up members beside those with a name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Crowd {
    pub(super) count: usize,
    #[serde(default)]
    pub(super) roles: Vec<String>,
}

/// A bot in a guild, with a role of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Installed {
    pub(super) name: String,
    #[serde(default)]
    pub(super) permissions: Vec<String>,
    /// The role that the bot's own stands above; below all of them if left out.
    #[serde(default)]
    pub(super) above: Option<String>,
}

/// A channel or a category.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Channel {
    pub(super) name: String,
    #[serde(rename = "type", default)]
    pub(super) kind: ChannelKind,
    #[serde(default)]
    pub(super) topic: Option<String>,
    /// Seconds.
    #[serde(default)]
    pub(super) slowmode: u64,
    #[serde(default)]
    pub(super) nsfw: bool,
    #[serde(default)]
    pub(super) user_limit: u64,
    /// Beside those of the category, which a channel begins with.
    #[serde(default)]
    pub(super) overwrites: Vec<Overwrite>,
    /// Channels of a category.
    #[serde(default)]
    pub(super) channels: Vec<Channel>,
    /// Oldest first.
    #[serde(default)]
    pub(super) messages: Vec<Message>,
}

/// What a channel is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum ChannelKind {
    #[default]
    Text,
    Voice,
    Category,
    News,
    Stage,
    Forum,
}

/// An exception for a role or a member: one of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Overwrite {
    #[serde(default)]
    pub(super) role: Option<String>,
    #[serde(default)]
    pub(super) member: Option<String>,
    #[serde(default)]
    pub(super) allow: Vec<String>,
    #[serde(default)]
    pub(super) deny: Vec<String>,
}

/// A message.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    pub(super) by: String,
    pub(super) text: String,
    #[serde(default)]
    pub(super) at: Option<Moment>,
}

fn yes() -> bool {
    true
}
