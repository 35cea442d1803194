//! What the world is made of: users, guilds, roles, members, channels, applications.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::clock::Millis;
use crate::id::Id;

use super::forum::{ForumTag, PostDefaults};
use super::message::Message;
use super::permissions::Permissions;
use super::settings::GuildSettings;
use super::voice::VoiceState;

pub use super::model_application::{Application, Command, CommandPermission, PrivilegedIntents, Webhook};

/// Channel types (<https://discord.com/developers/docs/resources/channel#channel-object-channel-types>).
pub mod kind {
    /// A text channel of a guild.
    pub const TEXT: u8 = 0;
    /// A direct message between two users.
    pub const DM: u8 = 1;
    /// A voice channel.
    pub const VOICE: u8 = 2;
    /// A category that groups channels.
    pub const CATEGORY: u8 = 4;
    /// A news channel.
    pub const NEWS: u8 = 5;
    /// A thread in a news channel.
    pub const NEWS_THREAD: u8 = 10;
    /// A public thread.
    pub const PUBLIC_THREAD: u8 = 11;
    /// A private thread.
    pub const PRIVATE_THREAD: u8 = 12;
    /// A stage channel.
    pub const STAGE: u8 = 13;
    /// A forum channel.
    pub const FORUM: u8 = 15;
}

/// A person or a bot.
#[derive(Clone, Debug)]
pub struct User {
    /// The account's id.
    pub id: Id,
    /// The unique name, lower case.
    pub name: String,
    /// The display name, if set.
    pub global_name: Option<String>,
    /// The avatar's hash, if one is set.
    pub avatar: Option<String>,
    /// True for an application's account.
    pub bot: bool,
    /// True if the user takes direct messages from members of common guilds.
    pub takes_dms: bool,
    /// The client language, such as `en-US` or `de`.
    pub locale: String,
}

/// A community.
#[derive(Clone, Debug)]
pub struct Guild {
    /// The guild's id, which is also the id of its `@everyone` role.
    pub id: Id,
    /// The name that clients show.
    pub name: String,
    /// The member who may do everything.
    pub owner_id: Id,
    /// The icon's hash.
    pub icon: Option<String>,
    /// The guild's language.
    pub locale: String,
    /// What the guild says about itself.
    pub description: Option<String>,
    /// Roles by id, `@everyone` included.
    pub roles: BTreeMap<Id, Role>,
    /// Members by user id.
    pub members: BTreeMap<Id, Member>,
    /// Bans by user id, with their reason.
    pub bans: BTreeMap<Id, Option<String>>,
    /// Channels and threads of the guild.
    pub channels: BTreeSet<Id>,
    /// Where the system announces joins.
    pub system_channel: Option<Id>,
    /// Where the rules stand.
    pub rules_channel: Option<Id>,
    /// False while an outage is simulated.
    pub available: bool,
    /// What staff did, newest last, bounded.
    pub audit: VecDeque<AuditEntry>,
    /// Who is in which voice channel.
    pub voice: BTreeMap<Id, VoiceState>,
    /// Custom emojis.
    pub emojis: Vec<Emoji>,
    /// What its administrators have set beside.
    pub settings: Box<GuildSettings>,
}

/// A custom emoji.
#[derive(Clone, Debug)]
pub struct Emoji {
    /// The emoji's id.
    pub id: Id,
    /// The name between colons.
    pub name: String,
    /// True if it moves.
    pub animated: bool,
    /// Roles that may use it; empty for everybody.
    pub roles: Vec<Id>,
    /// Who uploaded it.
    pub user: Option<Id>,
}

/// A line of the audit log.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// The entry's id.
    pub id: Id,
    /// What was done, Discord's number.
    pub action: u16,
    /// Who did it.
    pub user: Id,
    /// To whom or what.
    pub target: Option<Id>,
    /// The reason given in the `X-Audit-Log-Reason` header.
    pub reason: Option<String>,
    /// What changed.
    pub changes: Vec<Value>,
    /// What some actions tell beside: counts, channels, overwrites.
    pub options: Option<Value>,
}

/// A role of a guild.
#[derive(Clone, Debug)]
pub struct Role {
    /// The role's id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// Colour as 0xRRGGBB, 0 for none.
    pub color: u32,
    /// Shown apart in the member list.
    pub hoist: bool,
    /// Place in the order; higher stands above lower.
    pub position: i64,
    /// What it allows.
    pub permissions: Permissions,
    /// Belongs to an integration (a bot's own role).
    pub managed: bool,
    /// Anyone may mention it.
    pub mentionable: bool,
    /// The bot whose role this is.
    pub bot_id: Option<Id>,
}

/// A user in a guild.
#[derive(Clone, Debug)]
pub struct Member {
    /// Whose membership this is.
    pub user_id: Id,
    /// The name in this guild, if set.
    pub nick: Option<String>,
    /// Roles beside `@everyone`.
    pub roles: Vec<Id>,
    /// When the user joined.
    pub joined_at: Millis,
    /// Muted until then.
    pub timed_out_until: Option<Millis>,
    /// Has not passed the rules screen yet.
    pub pending: bool,
    /// Shown status: `online`, `idle`, `dnd` or `offline`.
    pub status: &'static str,
    /// Muted in voice by staff.
    pub mute: bool,
    /// Deafened in voice by staff.
    pub deaf: bool,
}

/// Whom an overwrite is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OverwriteKind {
    /// A role, `@everyone` included.
    Role,
    /// One member.
    Member,
}

/// A channel's exception from the guild's permissions.
#[derive(Clone, Copy, Debug)]
pub struct Overwrite {
    /// The role or user.
    pub id: Id,
    /// Which of them.
    pub kind: OverwriteKind,
    /// Bits granted here.
    pub allow: Permissions,
    /// Bits withheld here.
    pub deny: Permissions,
}

/// A channel, a category, a thread or a direct message.
#[derive(Clone, Debug)]
pub struct Channel {
    /// The channel's id.
    pub id: Id,
    /// One of [`kind`].
    pub kind: u8,
    /// The guild; `None` for direct messages.
    pub guild_id: Option<Id>,
    /// The category, or a thread's channel.
    pub parent_id: Option<Id>,
    /// The name; empty for direct messages.
    pub name: String,
    /// The topic.
    pub topic: Option<String>,
    /// Place in the list.
    pub position: i64,
    /// For adults only.
    pub nsfw: bool,
    /// Slow mode in seconds.
    pub slowmode: u64,
    /// Bits per second of a voice channel.
    pub bitrate: u64,
    /// How many may join a voice channel, 0 for any number.
    pub user_limit: u64,
    /// Exceptions from the guild's permissions.
    pub overwrites: Vec<Overwrite>,
    /// The users of a direct message.
    pub recipients: Vec<Id>,
    /// The newest messages, ids rising, bounded by [`super::Limits::messages_per_channel`].
    pub messages: VecDeque<Message>,
    /// The newest message's id, kept after its deletion as Discord does.
    pub last_message_id: Option<Id>,
    /// When something was pinned last.
    pub last_pin: Option<Millis>,
    /// What a thread has beside.
    pub thread: Option<Thread>,
    /// The bot that made this channel or thread.
    pub owner_id: Option<Id>,
    /// Tags of a forum.
    pub tags: Vec<ForumTag>,
    /// What new threads of this channel start with.
    pub defaults: PostDefaults,
    /// Channel flags: [`super::forum::PINNED`], [`super::forum::REQUIRE_TAG`].
    pub flags: u64,
    /// When each user wrote last, for slow mode.
    pub last_written: BTreeMap<Id, Millis>,
}

/// The part of a channel that only threads have.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Hidden from the list.
    pub archived: bool,
    /// Only staff may unarchive.
    pub locked: bool,
    /// Minutes of silence before it is archived.
    pub auto_archive: u64,
    /// When it was (un)archived last.
    pub archived_at: Millis,
    /// Members and when they joined.
    pub members: BTreeMap<Id, Millis>,
    /// Messages in it without its first one and deleted ones.
    pub message_count: u64,
    /// Messages ever written in it.
    pub total_sent: u64,
    /// Whether members may invite others to a private thread.
    pub invitable: bool,
    /// Tags of a forum post.
    pub applied_tags: Vec<Id>,
}

impl Channel {
    /// An empty channel of a kind.
    #[must_use]
    pub fn new(id: Id, kind: u8, guild_id: Option<Id>, name: &str) -> Self {
        Self {
            id,
            kind,
            guild_id,
            parent_id: None,
            name: name.to_owned(),
            topic: None,
            position: 0,
            nsfw: false,
            slowmode: 0,
            bitrate: 64_000,
            user_limit: 0,
            overwrites: Vec::new(),
            recipients: Vec::new(),
            messages: VecDeque::new(),
            last_message_id: None,
            last_pin: None,
            thread: None,
            owner_id: None,
            tags: Vec::new(),
            defaults: PostDefaults::default(),
            flags: 0,
            last_written: BTreeMap::new(),
        }
    }

    /// True for the three kinds of thread.
    #[must_use]
    pub fn is_thread(&self) -> bool {
        matches!(
            self.kind,
            kind::NEWS_THREAD | kind::PUBLIC_THREAD | kind::PRIVATE_THREAD
        )
    }

    /// True if messages can be written in it.
    #[must_use]
    pub fn takes_messages(&self) -> bool {
        !matches!(self.kind, kind::CATEGORY | kind::FORUM)
    }

    /// The message with this id.
    #[must_use]
    pub fn message(&self, id: Id) -> Option<&Message> {
        let at = self.messages.binary_search_by_key(&id, |m| m.id).ok()?;
        self.messages.get(at)
    }

    /// The message with this id, to be changed.
    pub fn message_mut(&mut self, id: Id) -> Option<&mut Message> {
        let at = self.messages.binary_search_by_key(&id, |m| m.id).ok()?;
        self.messages.get_mut(at)
    }
}

impl User {
    /// The name that clients show where no nickname is set.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.global_name.as_deref().unwrap_or(&self.name)
    }
}
