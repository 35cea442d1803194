//! Messages, forms and their parts, built in a way that Discord accepts: limits are checked in one place, nobody is
//! pinged unless named, and an edit says exactly what the message becomes.

mod components;
mod embed;
pub mod limits;
mod modal;
mod payload;
pub mod text;

pub(crate) use components::emoji;
pub use components::{Button, Row, Select, SelectOption};
pub use embed::Embed;
pub use limits::LimitProblem;
pub use modal::{Input, Modal};
pub(crate) use payload::{Payload, Purpose};

use bytes::Bytes;
use hazebot_core::ids::{MessageId, RoleId, UserId};
use twilight_model::channel::message::Component as ModelComponent;

/// A file that goes with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Name with extension; Discord decides by it how the file is shown. Refer to it as `attachment://name` in embeds.
    pub name: String,
    /// The content. Cloning is cheap.
    pub bytes: Bytes,
    /// Text for people who don't see the picture, at most [`limits::FILE_DESCRIPTION`] characters.
    pub description: Option<String>,
}

/// A message to be sent, or what an existing one becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    pub(crate) content: Option<String>,
    pub(crate) embeds: Vec<Embed>,
    pub(crate) components: Vec<ModelComponent>,
    pub(crate) files: Vec<File>,
    pub(crate) mention_users: Vec<UserId>,
    pub(crate) mention_roles: Vec<RoleId>,
    pub(crate) mention_everyone: bool,
    pub(crate) reply_to: Option<MessageId>,
    pub(crate) nonce: Option<String>,
    pub(crate) silent: bool,
    pub(crate) no_previews: bool,
    pub(crate) layout: bool,
    pub(crate) partial: bool,
}

impl Message {
    /// An empty message; Discord refuses to take it as it is.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An edit that leaves alone what it doesn't name. Without it an edit replaces text, embeds and components.
    #[must_use]
    pub fn partial() -> Self {
        Self {
            partial: true,
            ..Self::default()
        }
    }

    /// The text, in Discord's markdown, at most [`limits::CONTENT`] characters.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.content = Some(text.into());
        self
    }

    /// Adds an embed, at most [`limits::EMBEDS`].
    #[must_use]
    pub fn embed(mut self, embed: Embed) -> Self {
        self.embeds.push(embed);
        self
    }

    /// Adds buttons, five to a row, at most [`limits::ROWS`] rows with the other components.
    #[must_use]
    pub fn buttons(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        let buttons: Vec<Button> = buttons.into_iter().collect();
        for row in buttons.chunks(limits::BUTTONS_PER_ROW) {
            self.components
                .push(Row::buttons(row.iter().cloned()).into_model());
        }
        self
    }

    /// Adds a row by itself, for buttons that shall not join those of the rows before.
    #[must_use]
    pub fn row(mut self, row: Row) -> Self {
        self.components.push(row.into_model());
        self
    }

    /// Adds a select menu, which takes a whole row.
    #[must_use]
    pub fn select(mut self, select: Select) -> Self {
        self.components.push(Row::select(select).into_model());
        self
    }

    /// Uses layout components (version 2) in place of text and embeds, at most [`limits::LAYOUT_COMPONENTS`] with those
    /// inside of others. Without any, and on a [`Message::partial`] edit, it takes the message's components away.
    #[must_use]
    pub fn layout(mut self, components: impl IntoIterator<Item = ModelComponent>) -> Self {
        self.components.extend(components);
        self.layout = true;
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        self.files.push(File {
            name: name.into(),
            bytes: bytes.into(),
            description: None,
        });
        self
    }

    /// Adds a file with a text for people who don't see it.
    #[must_use]
    pub fn described_file(mut self, file: File) -> Self {
        self.files.push(file);
        self
    }

    /// Lets the message ping this person, if its text mentions them.
    #[must_use]
    pub fn mention_user(mut self, user: UserId) -> Self {
        if !self.mention_users.contains(&user) {
            self.mention_users.push(user);
        }
        self
    }

    /// Lets the message ping this role, if its text mentions it.
    #[must_use]
    pub fn mention_role(mut self, role: RoleId) -> Self {
        if !self.mention_roles.contains(&role) {
            self.mention_roles.push(role);
        }
        self
    }

    /// Lets the message ping everyone. Only for what an admin has asked for in so many words.
    #[must_use]
    pub fn mention_everyone(mut self) -> Self {
        self.mention_everyone = true;
        self
    }

    /// Makes it a reply, without a ping; if the other message is gone, it is sent as an ordinary one.
    #[must_use]
    pub fn reply_to(mut self, message: MessageId) -> Self {
        self.reply_to = Some(message);
        self
    }

    /// A mark of at most [`limits::NONCE`] characters: Discord answers a second message with the same mark, sent within
    /// some minutes by the same bot to the same channel, with the first one instead of posting it again.
    #[must_use]
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// Posts it without a notification.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    /// Keeps Discord from showing previews of links.
    #[must_use]
    pub fn without_previews(mut self) -> Self {
        self.no_previews = true;
        self
    }

    /// Checks Discord's limits, so that a problem is found before the call and named by its place.
    ///
    /// # Errors
    /// The first part that Discord would refuse.
    pub fn check(&self) -> Result<(), LimitProblem> {
        limits::check_message(self)
    }
}
