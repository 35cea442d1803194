//! The transcript of a ticket as text: one line per message, times in UTC.

use std::fmt::Write as _;

use super::{
    Ticket,
    message::{Kind, Message},
};

/// Says to editors that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The whole transcript, UTF-8 with byte order mark. `name_of` turns the digits of a user id into a name.
#[must_use]
pub fn text(ticket: &Ticket, messages: &[Message], name_of: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(256 + messages.len() * 96);
    out.push_str(BYTE_ORDER_MARK);
    let _ = writeln!(out, "Ticket #{} - {}", ticket.number, ticket.kind);
    let _ = writeln!(out, "Creator: {} ({})", ticket.creator_name, ticket.creator);
    let _ = writeln!(out, "Subject: {}\n", ticket.subject);
    for message in messages {
        line(&mut out, message, &name_of);
    }
    out
}

fn line(out: &mut String, message: &Message, name_of: &impl Fn(&str) -> Option<String>) {
    let (author, text) = match (message.kind, &message.display_content) {
        (Kind::Relay, Some(text)) => (message.author_name.as_str(), text.as_str()),
        _ => (message.author_name.as_str(), message.content.as_str()),
    };
    let at = message.sent_at.format("%Y-%m-%d %H:%M");
    let text = if text.is_empty() {
        "[Attachment/Embed]".to_owned()
    } else {
        with_names(text, name_of)
    };
    let _ = writeln!(out, "[{at}] {author}: {text}");
}

/// Replaces `<@1>` and `<@!1>` by `@name`, or `@User 1` where nobody of that id is known.
fn with_names(text: &str, name_of: &impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<@") {
        out.push_str(before);
        let inner = after.strip_prefix('!').unwrap_or(after);
        match inner.split_once('>') {
            Some((digits, tail)) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                out.push('@');
                out.push_str(&name_of(digits).unwrap_or_else(|| format!("User {digits}")));
                rest = tail;
            }
            _ => {
                out.push_str("<@");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;
    use twilight_model::id::Id;

    use super::{super::tests::ticket, *};
    use crate::ticket::Status;

    fn message(kind: Kind, content: &str, display: Option<&str>) -> Message {
        Message {
            id: Id::new(1),
            author: Id::new(303),
            author_name: "finn_reed".into(),
            author_avatar: None,
            role: None,
            kind,
            content: content.into(),
            display_content: display.map(Into::into),
            sent_at: from_millis(1_700_000_000_000),
        }
    }

    #[test]
    fn a_transcript_is_utf8_with_a_mark_and_one_line_per_message() {
        let messages = [
            message(Kind::Member, "Grüße 👋🏽 <@302> and <@!9>, <@&5> <@x>", None),
            message(Kind::Relay, "**[finn_reed]:** from the app", Some("from the app")),
            message(Kind::Member, "", None),
        ];
        let text = text(&ticket(Status::Closed), &messages, |id| {
            (id == "302").then(|| "Moss".to_owned())
        });
        let expected = "\u{feff}Ticket #7 - Support\nCreator: finn_reed (303)\nSubject: Lamp\n\n\
            [2023-11-14 22:13] finn_reed: Grüße 👋🏽 @Moss and @User 9, <@&5> <@x>\n\
            [2023-11-14 22:13] finn_reed: from the app\n\
            [2023-11-14 22:13] finn_reed: [Attachment/Embed]\n";
        assert_eq!(text, expected);
    }
}
