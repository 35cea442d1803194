//! Messages of a ticket: how a stored one looks on the wire, how app messages are marked in Discord, and the guard
//! against texts that pretend to be staff.

use hazebot_core::{
    Rights, Timestamp,
    clock::rfc3339,
    ids::{MessageId, UserId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::file::WireFile;

/// Longest text that can be sent from the app, in code points: with the longest prefix it fits one Discord message.
pub const MAX_TEXT: usize = 1900;
/// Messages of one history.
pub const HISTORY: i64 = 100;
/// An invisible letter that breaks up marks of staff.
const ZERO_WIDTH: char = '\u{200b}';
const STAFF_MARK: &str = "[Admin Panel";

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Written by a person in Discord.
    Member,
    /// Written in the app or panel, posted by the bot.
    Relay,
    /// Subject and description of the opening.
    Initial,
    /// A fixed sentence about what happened.
    System,
}

impl Kind {
    /// The form of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Relay => "relay",
            Self::Initial => "initial",
            Self::System => "system",
        }
    }

    /// From the database.
    #[must_use]
    pub fn from_db(text: &str) -> Option<Self> {
        [Self::Member, Self::Relay, Self::Initial, Self::System]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// The staff role of an author at the time of writing, in the API's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum StaffRole {
    /// Admin.
    Admin,
    /// Moderator.
    Moderator,
}

impl StaffRole {
    /// The role that these rights come from.
    #[must_use]
    pub fn of(rights: Rights) -> Option<Self> {
        match rights {
            Rights::Admin => Some(Self::Admin),
            Rights::Moderator => Some(Self::Moderator),
            Rights::Member | Rights::None => None,
        }
    }

    /// The form of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Moderator => "moderator",
        }
    }

    /// From the database.
    #[must_use]
    pub fn from_db(text: &str) -> Option<Self> {
        [Self::Admin, Self::Moderator]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}

/// A message as stored. `content` is the text of the API, which may differ from the one in Discord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Discord's id.
    pub id: MessageId,
    /// Who wrote it; the bot for sentences of its own.
    pub author: UserId,
    /// Their account name at the time.
    pub author_name: String,
    /// Their picture at the time.
    pub author_avatar: Option<String>,
    /// Their staff role at the time.
    pub role: Option<StaffRole>,
    /// What it is.
    pub kind: Kind,
    /// The API's text, with the prefix of relayed ones.
    pub content: String,
    /// A relayed text without its prefix.
    pub display_content: Option<String>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
}

/// A message as the API sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WireMessage {
    /// Discord's id of the message.
    pub id: String,
    /// Author: in a history the bot for relayed messages, in events and answers the person.
    pub author_id: String,
    /// Account name of the author.
    pub author_name: String,
    /// Picture of the person, also for relayed messages.
    pub author_avatar: Option<String>,
    /// The text, with the prefix of relayed ones.
    pub content: String,
    /// A relayed text without its prefix; in events and answers only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub display_content: Option<String>,
    /// RFC 3339 with offset.
    pub timestamp: String,
    /// Whether the bot posted it; `false` for relayed ones in events and answers.
    pub is_bot: bool,
    /// Whether the author was staff.
    pub is_admin: bool,
    /// The author's staff role.
    pub role: Option<StaffRole>,
    /// Its files, whose addresses are also lines of `content`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub attachments: Vec<WireFile>,
}

/// The bot as an author.
#[derive(Clone, Debug)]
pub struct BotAuthor {
    /// Its account.
    pub id: UserId,
    /// Its account name.
    pub name: String,
    /// Its picture.
    pub avatar: Option<String>,
}

impl Message {
    /// As a history shows it: relayed messages are the bot's, with the person's picture.
    #[must_use]
    pub fn in_history(&self, bot: &BotAuthor) -> WireMessage {
        let by_bot = self.kind != Kind::Member;
        WireMessage {
            id: self.id.to_string(),
            author_id: if by_bot { bot.id } else { self.author }.to_string(),
            author_name: if by_bot {
                bot.name.clone()
            } else {
                self.author_name.clone()
            },
            author_avatar: match self.kind {
                Kind::Member | Kind::Relay => self.author_avatar.clone(),
                Kind::Initial | Kind::System => bot.avatar.clone(),
            },
            content: self.content.clone(),
            display_content: None,
            timestamp: rfc3339(self.sent_at),
            is_bot: by_bot,
            is_admin: self.role.is_some(),
            role: self.role,
            attachments: Vec::new(),
        }
    }

    /// As events and the answer to a sending show it: relayed messages are the person's.
    #[must_use]
    pub fn as_sent(&self) -> WireMessage {
        WireMessage {
            id: self.id.to_string(),
            author_id: self.author.to_string(),
            author_name: self.author_name.clone(),
            author_avatar: self.author_avatar.clone(),
            content: self.content.clone(),
            display_content: self.display_content.clone(),
            timestamp: rfc3339(self.sent_at),
            is_bot: matches!(self.kind, Kind::Initial | Kind::System),
            is_admin: self.role.is_some(),
            role: self.role,
            attachments: Vec::new(),
        }
    }
}

/// The prefix of a message that was written in the app: `**[Admin Panel - name]:** ` for staff, else `**[name]:** `.
#[must_use]
pub fn relay_prefix(name: &str, staff: bool) -> String {
    let name: String = name
        .chars()
        .filter(|c| !c.is_control() && !"[]*`\\".contains(*c))
        .take(32)
        .collect();
    if staff {
        format!("**[Admin Panel - {name}]:** ")
    } else {
        format!("**[{name}]:** ")
    }
}

/// Makes a text of somebody who is not staff harmless: the app shows any `[Admin Panel` as staff, and a leading
/// `**[…]:**` as a relayed message. An invisible letter breaks both; what people see stays the same.
#[must_use]
pub fn guard(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    if text.trim_start().starts_with("**[")
        && text.contains("]:**")
        && let Some((before, after)) = text.split_once("**[")
    {
        out.push_str(before);
        out.push_str("**");
        out.push(ZERO_WIDTH);
        out.push('[');
        if starts_with_ignoring_case(after, "Admin Panel") {
            out.push(ZERO_WIDTH);
        }
        rest = after;
    }
    while let Some(at) = rest.find('[') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        out.push('[');
        if starts_with_ignoring_case(tail, STAFF_MARK) {
            out.push(ZERO_WIDTH);
        }
        rest = tail.strip_prefix('[').unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Whether a message that the bot once posted without recording it belongs into the history: the sentences of earlier
/// versions, whose messages are only found in the channel.
#[must_use]
pub fn kind_of_unrecorded(content: &str) -> Option<Kind> {
    const SENTENCES: [&str; 4] = [
        "Ticket successfully closed",
        "Ticket claimed by",
        "Ticket assigned to",
        "Ticket has been reopened",
    ];
    if content.starts_with("**Initial details") || content.starts_with("**Subject:") {
        Some(Kind::Initial)
    } else if content.starts_with("**[") && content.contains("]:**") {
        Some(Kind::Relay)
    } else if SENTENCES.iter().any(|sentence| content.contains(sentence)) {
        Some(Kind::System)
    } else {
        None
    }
}

/// The API's fixed English sentences, whatever the guild's language.
pub mod sentence {
    use super::UserId;

    /// After claiming.
    #[must_use]
    pub fn claimed(name: &str) -> String {
        format!("🎫 **Ticket claimed by {name}**\nStatus changed to: **Claimed**")
    }

    /// After giving back.
    #[must_use]
    pub fn unclaimed(name: &str) -> String {
        format!("🎫 **Ticket released by {name}**\nStatus changed to: **Open**")
    }

    /// After assigning.
    #[must_use]
    pub fn assigned(name: &str, user: UserId) -> String {
        format!("👤 **Ticket assigned to {name}** (<@{user}>)")
    }

    /// After closing; `days` until the channel is deleted, `None` for never.
    #[must_use]
    pub fn closed(days: Option<i64>, message: Option<&str>) -> String {
        let mut text = match days {
            Some(days) => {
                format!("Ticket successfully closed and archived. It will be deleted after {days} days.")
            }
            None => "Ticket successfully closed and archived.".to_owned(),
        };
        if let Some(message) = message {
            text.push_str("\n\n**Closing Message:** ");
            text.push_str(message);
        }
        text
    }

    /// After adding somebody.
    #[must_use]
    pub fn added(name: &str) -> String {
        format!("➕ **{name} was added to the ticket**")
    }

    /// After removing somebody.
    #[must_use]
    pub fn removed(name: &str) -> String {
        format!("➖ **{name} was removed from the ticket**")
    }

    /// After giving it another type.
    #[must_use]
    pub fn transferred(kind: &str) -> String {
        format!("🔀 **Ticket transferred to {kind}**\nStatus changed to: **Open**")
    }

    /// Asking whether it may be closed.
    #[must_use]
    pub fn asked_to_close(name: &str, hours: i64) -> String {
        format!("❓ **{name} asks to close this ticket.** It closes in {hours} hours unless you object.")
    }

    /// After an objection.
    #[must_use]
    pub fn kept_open(name: &str) -> String {
        format!("✋ **{name} keeps this ticket open**")
    }

    /// Warning of the closing of a quiet ticket.
    #[must_use]
    pub fn inactive(hours: i64) -> String {
        format!("💤 **This ticket is inactive.** It closes in {hours} hours unless somebody writes.")
    }

    /// Telling staff that nobody has answered.
    #[must_use]
    pub fn escalated(minutes: i64) -> String {
        format!("⏰ **Nobody has answered this ticket for {minutes} minutes**")
    }

    /// Asking for stars where no direct message can be sent.
    pub const HOW_WAS_IT: &str = "⭐ **How was it?** Please rate this ticket in Discord.";

    /// After reopening.
    #[must_use]
    pub fn reopened(count: i64) -> String {
        format!("🔓 **Ticket has been reopened!**\nStatus changed to: **Open**\nReopen count: {count}/3")
    }
}

/// A text with its attachments' addresses, one a line; pictures alone would be empty bubbles in the app.
#[must_use]
pub fn with_attachments<'a>(text: &str, urls: impl Iterator<Item = &'a str>) -> String {
    let mut out = text.to_owned();
    for url in urls {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(url);
    }
    out
}

#[cfg(test)]
mod tests;
