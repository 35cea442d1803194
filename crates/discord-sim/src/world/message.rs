//! Messages and interactions, as the world keeps them.

use serde_json::Value;

use crate::clock::Millis;
use crate::id::Id;

use super::poll::Poll;

/// Message flags (<https://discord.com/developers/docs/resources/message#message-object-message-flags>).
pub mod flags {
    /// Published to the channels that follow this one.
    pub const CROSSPOSTED: u64 = 1;
    /// Came from a channel that this one follows.
    pub const IS_CROSSPOST: u64 = 1 << 1;
    /// Embeds of links are not drawn.
    pub const SUPPRESS_EMBEDS: u64 = 1 << 2;
    /// A thread hangs on this message.
    pub const HAS_THREAD: u64 = 1 << 5;
    /// Only one user sees it.
    pub const EPHEMERAL: u64 = 1 << 6;
    /// "… is thinking".
    pub const LOADING: u64 = 1 << 7;
    /// Sent without a notification.
    pub const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
    /// Forwards another message.
    pub const HAS_SNAPSHOT: u64 = 1 << 14;
    /// Drawn from components alone.
    pub const COMPONENTS_V2: u64 = 1 << 15;
}

/// Who wrote a message.
#[derive(Clone, Debug)]
pub enum Author {
    /// A user, human or bot.
    User(Id),
    /// A webhook with the name and avatar of this one message.
    Webhook {
        /// The webhook.
        id: Id,
        /// The name shown.
        name: String,
        /// The avatar's hash.
        avatar: Option<String>,
    },
}

/// A file on a message.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The attachment's id.
    pub id: Id,
    /// Its file name.
    pub filename: String,
    /// Its MIME type.
    pub content_type: String,
    /// What the sender says it shows.
    pub description: Option<String>,
    /// Its size in bytes.
    pub size: usize,
    /// Width and height in pixels, for images that tell it.
    pub dimensions: Option<(u32, u32)>,
}

/// One emoji under a message and who pressed it.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// The custom emoji's id, or `None` for a Unicode one.
    pub emoji_id: Option<Id>,
    /// The emoji itself or the custom emoji's name.
    pub name: String,
    /// Who reacted, in order.
    pub users: Vec<Id>,
}

/// What a message remembers of the interaction it answers.
#[derive(Clone, Debug)]
pub struct InteractionNote {
    /// The interaction.
    pub id: Id,
    /// Its type.
    pub kind: u8,
    /// The command's name, empty for components.
    pub name: String,
    /// Who started it.
    pub user: Id,
    /// The message whose component was used.
    pub source_message: Option<Id>,
    /// The first answer, if this is a follow-up.
    pub original: Option<Id>,
    /// For a submitted modal: what the modal was the answer to.
    pub trigger: Option<Box<InteractionNote>>,
}

/// What a message points to.
#[derive(Clone, Debug)]
pub struct Reference {
    /// 0 default, 1 forward.
    pub kind: u8,
    /// The other message's channel.
    pub channel: Id,
    /// That channel's guild.
    pub guild: Option<Id>,
    /// The other message.
    pub message: Option<Id>,
    /// The forwarded message as it was then.
    pub snapshot: Option<Box<Message>>,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// The message's id.
    pub id: Id,
    /// Where it stands.
    pub channel_id: Id,
    /// The channel's guild.
    pub guild_id: Option<Id>,
    /// Who wrote it.
    pub author: Author,
    /// 0 default, 7 join, 18 thread created, 19 reply, 20 slash command, 23 context menu …
    pub kind: u8,
    /// The text.
    pub content: String,
    /// Embeds as Discord keeps them.
    pub embeds: Vec<Value>,
    /// Components with their ids filled in.
    pub components: Vec<Value>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// One of [`flags`] each.
    pub flags: u64,
    /// Pinned in its channel.
    pub pinned: bool,
    /// When it was pinned.
    pub pinned_at: Option<Millis>,
    /// Read aloud.
    pub tts: bool,
    /// Users that were mentioned and notified.
    pub mentions: Vec<Id>,
    /// Roles that were mentioned and notified.
    pub mention_roles: Vec<Id>,
    /// Everybody was notified.
    pub mention_everyone: bool,
    /// Reactions in the order of their first use.
    pub reactions: Vec<Reaction>,
    /// The message this one answers.
    pub reply_to: Option<Id>,
    /// When it was edited last.
    pub edited: Option<Millis>,
    /// The sender's nonce.
    pub nonce: Option<Value>,
    /// The webhook that wrote it (interaction answers count as such).
    pub webhook_id: Option<Id>,
    /// The application behind an answer.
    pub application_id: Option<Id>,
    /// The interaction it answers.
    pub interaction: Option<InteractionNote>,
    /// For an ephemeral message: the only user who sees it.
    pub only_for: Option<Id>,
    /// The thread that hangs on it.
    pub thread_id: Option<Id>,
    /// A poll.
    pub poll: Option<Box<Poll>>,
    /// What this message points to without being a reply: a forward, a crosspost, a pin, a poll's result.
    pub reference: Option<Box<Reference>>,
    /// Embeds or components show files of this message, whose addresses are signed whenever it is told.
    pub shows_files: bool,
}

impl Message {
    /// An empty message by `author`.
    #[must_use]
    pub fn new(id: Id, channel_id: Id, guild_id: Option<Id>, author: Author) -> Self {
        Self {
            id,
            channel_id,
            guild_id,
            author,
            kind: 0,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            attachments: Vec::new(),
            flags: 0,
            pinned: false,
            pinned_at: None,
            tts: false,
            mentions: Vec::new(),
            mention_roles: Vec::new(),
            mention_everyone: false,
            reactions: Vec::new(),
            reply_to: None,
            edited: None,
            nonce: None,
            webhook_id: None,
            application_id: None,
            interaction: None,
            only_for: None,
            thread_id: None,
            poll: None,
            reference: None,
            shows_files: false,
        }
    }

    /// The user who wrote it; `None` for a webhook.
    #[must_use]
    pub fn author_user(&self) -> Option<Id> {
        match self.author {
            Author::User(id) => Some(id),
            Author::Webhook { .. } => None,
        }
    }

    /// True if only one user sees it.
    #[must_use]
    pub fn is_ephemeral(&self) -> bool {
        self.only_for.is_some()
    }

    /// True if `viewer` may see it, provided they may see the channel.
    #[must_use]
    pub fn visible_to(&self, viewer: Id) -> bool {
        self.only_for.is_none_or(|user| user == viewer)
    }
}

/// Interaction types (<https://discord.com/developers/docs/interactions/receiving-and-responding>).
pub mod interaction_kind {
    /// A slash command or context menu.
    pub const COMMAND: u8 = 2;
    /// A button or select.
    pub const COMPONENT: u8 = 3;
    /// A half-typed option.
    pub const AUTOCOMPLETE: u8 = 4;
    /// A submitted modal.
    pub const MODAL: u8 = 5;
}

/// How far the answer to an interaction has come.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Progress {
    /// Nothing has come yet.
    Waiting,
    /// The bot asked for more time; its message shows "thinking" or stays as it is.
    Deferred,
    /// A message, an update, a modal or choices came.
    Answered,
}

/// Something a user did that a bot must answer.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// The interaction's id.
    pub id: Id,
    /// What answers are sent with.
    pub token: String,
    /// Whose it is to answer.
    pub application_id: Id,
    /// One of [`interaction_kind`].
    pub kind: u8,
    /// The command's name.
    pub name: String,
    /// 1 slash, 2 user menu, 3 message menu.
    pub command_kind: u8,
    /// Who acted.
    pub user: Id,
    /// Where.
    pub channel_id: Id,
    /// The channel's guild.
    pub guild_id: Option<Id>,
    /// The message whose component was used.
    pub source_message: Option<Id>,
    /// When the user acted.
    pub at: Millis,
    /// How far the answer is.
    pub progress: Progress,
    /// The bot's deferral asked for an ephemeral answer.
    pub ephemeral: bool,
    /// The first answer's message (`@original`).
    pub original: Option<Id>,
    /// Later messages, in order.
    pub followups: Vec<Id>,
    /// The modal that was shown.
    pub modal: Option<Value>,
    /// Choices for a half-typed option.
    pub choices: Option<Vec<Value>>,
    /// The callback's type number.
    pub callback: Option<u8>,
    /// The source message was changed by the answer.
    pub updated_source: bool,
    /// For a submitted modal: what the modal was the answer to.
    pub trigger: Option<Box<InteractionNote>>,
}

impl Interaction {
    /// What its messages tell of it.
    pub(crate) fn note(&self) -> InteractionNote {
        InteractionNote {
            id: self.id,
            kind: self.kind,
            name: self.name.clone(),
            user: self.user,
            source_message: self.source_message,
            original: self.original,
            trigger: self.trigger.clone(),
        }
    }
}
