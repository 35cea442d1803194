//! The transcript of a ticket, as text, as a page and as data. Pure: who is called what is looked up before.

mod json;
mod names;
mod page;
mod text;

use std::{borrow::Cow, collections::HashMap};

use hazebot_core::ids::MessageId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Ticket,
    file::{File, FileState, size, without_addresses},
    message::{Kind, Message},
};
pub use names::Names;

/// The forms of a transcript.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A page that needs nothing from elsewhere.
    #[default]
    Html,
    /// One line per message, UTF-8 with byte order mark.
    Txt,
    /// Everything that is stored, for programs.
    Json,
}

impl Format {
    /// The ending of its file, without a dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Txt => "txt",
            Self::Json => "json",
        }
    }

    /// Its media type. The encoding is told, so that nobody has to guess it.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Txt => "text/plain; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// Words around the conversation, in the guild's language.
#[derive(Clone, Debug)]
pub struct Labels {
    /// Code of the language, such as `en`.
    pub language: String,
    /// Heading, with the ticket's number.
    pub title: String,
    /// Before the type.
    pub kind: String,
    /// Before the subject.
    pub subject: String,
    /// Before the creator's name.
    pub creator: String,
    /// Before the name of whoever claimed it.
    pub handler: String,
    /// Before the name of whoever it is assigned to.
    pub assigned: String,
    /// Before the moment of its opening.
    pub opened: String,
    /// Before the moment of its closing.
    pub closed: String,
    /// Before the closing message.
    pub closing: String,
    /// Before the number of messages.
    pub messages: String,
    /// Beside a message that was changed.
    pub edited: String,
    /// Beside a message of staff.
    pub staff: String,
    /// In place of a message without text.
    pub no_text: String,
    /// Before the name of a file.
    pub file: String,
    /// Behind a file of which there is no copy.
    pub file_missing: String,
}

/// A file in a transcript.
#[derive(Clone, Debug)]
pub struct Enclosed {
    /// What is known of it.
    pub file: File,
    /// Its content, for a picture that the page shows.
    pub picture: Option<Vec<u8>>,
}

/// All that a transcript is made of.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// The ticket as it is now.
    pub ticket: Ticket,
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Files of the messages, with what is shown of them.
    pub files: HashMap<MessageId, Vec<Enclosed>>,
    /// Who and what is mentioned.
    pub names: Names,
    /// The words around it.
    pub labels: Labels,
}

impl Transcript {
    /// The transcript in this form. Up to some 40 MB, so off the executor.
    ///
    /// # Errors
    /// Only a bug can let this fail.
    pub fn render(&self, format: Format) -> Result<Vec<u8>, RenderError> {
        Ok(match format {
            Format::Html => page::html(self)?.into_bytes(),
            Format::Txt => text::text(self).into_bytes(),
            Format::Json => json::json(self)?,
        })
    }

    /// The files of a message.
    fn files_of(&self, message: &Message) -> &[Enclosed] {
        self.files.get(&message.id).map_or(&[], Vec::as_slice)
    }

    /// A file in words: `lamp.png, 1.2 MiB`, and whether it was not kept.
    fn in_words(&self, file: &File) -> String {
        let size = size(file.size);
        match file.state {
            FileState::Stored => format!("{}, {size}", file.name),
            _ => format!("{}, {size}, {}", file.name, self.labels.file_missing),
        }
    }

    /// Name of its file: another one in each round.
    #[must_use]
    pub fn file(ticket: &Ticket, format: Format) -> String {
        let ending = format.ending();
        match ticket.reopen_count {
            0 => format!("ticket-{}.{ending}", ticket.number),
            round => format!("ticket-{}-reopened-{round}.{ending}", ticket.number),
        }
    }
}

/// A transcript that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The page.
    #[error("the page of a transcript: {0}")]
    Page(#[from] askama::Error),
    /// The data.
    #[error("the data of a transcript: {0}")]
    Json(#[from] serde_json::Error),
}

/// The policy of the page: its own style sheet and the pictures inside of it, nothing else. The hash is that of `templates/transcript.css`.
pub const PAGE_POLICY: &str = concat!(
    "default-src 'none'; img-src data:; style-src 'sha256-",
    include_str!("../../templates/transcript.css.sha256"),
    "'; base-uri 'none'; form-action 'none'"
);

/// What a person wrote, without the prefix of the app's messages and the addresses of its files, which stop working.
fn said<'a>(message: &'a Message, files: &[Enclosed]) -> Cow<'a, str> {
    let text = match (message.kind, &message.display_content) {
        (Kind::Relay, Some(text)) => text,
        _ => &message.content,
    };
    if files.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(without_addresses(
        text,
        files.iter().map(|enclosed| &enclosed.file),
    ))
}

#[cfg(test)]
mod tests;
