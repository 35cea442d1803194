//! The transcript as a page: one file, no script, nothing from elsewhere, everything escaped by the template.

use askama::Template;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hazebot_core::Timestamp;

use super::{Enclosed, PAGE_POLICY, RenderError, Transcript, said};
use crate::ticket::message::{Kind, Message};

#[derive(Template)]
#[template(path = "transcript.html")]
struct Page<'a> {
    policy: &'static str,
    style: &'static str,
    language: &'a str,
    title: &'a str,
    facts: Vec<(&'a str, String)>,
    lines: Vec<Line<'a>>,
    edited: &'a str,
    staff: &'a str,
    file: &'a str,
}

struct Line<'a> {
    id: String,
    author: &'a str,
    initial: String,
    /// Place on the wheel of colours, so that people are told apart: 0–7.
    hue: u64,
    is_staff: bool,
    is_system: bool,
    is_edited: bool,
    moment: String,
    shown: String,
    parts: Vec<Part>,
    files: Vec<Shown>,
}

/// A file: as a picture inside of the page, or in words.
struct Shown {
    words: String,
    picture: Option<String>,
}

/// A stretch of text, bold text, or an address in it.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Bold(String),
    Link(String),
}

/// Style of the page.
pub(super) const STYLE: &str = include_str!("../../../templates/transcript.css");
/// Colours of pictures.
const HUES: u64 = 8;

/// The whole page.
pub(super) fn html(transcript: &Transcript) -> Result<String, RenderError> {
    let Transcript {
        ticket,
        labels,
        names,
        ..
    } = transcript;
    let name = |user: hazebot_core::ids::UserId| {
        let digits = user.to_string();
        names.users.get(&digits).cloned().unwrap_or(digits)
    };
    let mut facts = vec![
        (labels.kind.as_str(), ticket.kind.clone()),
        (&labels.subject, ticket.subject.clone()),
        (
            &labels.creator,
            format!("{} ({})", ticket.creator_name, ticket.creator),
        ),
    ];
    facts.extend(
        ticket
            .claimed_by
            .map(|user| (labels.handler.as_str(), name(user))),
    );
    facts.extend(
        ticket
            .assigned_to
            .map(|user| (labels.assigned.as_str(), name(user))),
    );
    facts.push((&labels.opened, shown(ticket.created_at)));
    facts.extend(ticket.closed_at.map(|at| (labels.closed.as_str(), shown(at))));
    facts.extend(
        ticket
            .close_message
            .clone()
            .map(|text| (labels.closing.as_str(), text)),
    );
    facts.push((&labels.messages, transcript.messages.len().to_string()));
    let page = Page {
        policy: PAGE_POLICY,
        style: STYLE,
        language: &labels.language,
        title: &labels.title,
        facts,
        lines: transcript
            .messages
            .iter()
            .map(|message| line(transcript, message))
            .collect(),
        edited: &labels.edited,
        staff: &labels.staff,
        file: &labels.file,
    };
    Ok(page.render()?)
}

fn line<'a>(transcript: &'a Transcript, message: &'a Message) -> Line<'a> {
    let files = transcript.files_of(message);
    let said = said(message, files);
    let text = match said.trim() {
        "" if files.is_empty() => transcript.labels.no_text.as_str().into(),
        text => transcript.names.written_out(text),
    };
    let as_shown = |enclosed: &Enclosed| Shown {
        words: transcript.in_words(&enclosed.file),
        picture: enclosed.picture.as_ref().map(|content| {
            format!(
                "data:{};base64,{}",
                enclosed.file.media_type(),
                BASE64_STANDARD.encode(content)
            )
        }),
    };
    let author = message.author_name.as_str();
    Line {
        id: message.id.to_string(),
        author,
        initial: author
            .chars()
            .next()
            .map(|c| c.to_uppercase().collect())
            .unwrap_or_default(),
        hue: message.author.get() % HUES,
        is_staff: message.role.is_some(),
        is_system: message.kind == Kind::System,
        is_edited: message.edited_at.is_some(),
        moment: message.sent_at.to_rfc3339(),
        shown: shown(message.sent_at),
        parts: parts(&text),
        files: files.iter().map(as_shown).collect(),
    }
}

fn shown(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Cuts out bold text, and web addresses, so that they can be followed; no other scheme becomes a link.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("**")
        && let Some((bold, tail)) = after.split_once("**")
    {
        addresses(before, &mut parts);
        if bold.trim().is_empty() {
            parts.push(Part::Text(format!("**{bold}**")));
        } else {
            parts.push(Part::Bold(bold.to_owned()));
        }
        rest = tail;
    }
    addresses(rest, &mut parts);
    parts
}

fn addresses(text: &str, parts: &mut Vec<Part>) {
    let mut plain = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let address = word.trim_end();
        if address.starts_with("https://") || address.starts_with("http://") {
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(Part::Link(address.to_owned()));
            plain.push_str(word.strip_prefix(address).unwrap_or_default());
        } else {
            plain.push_str(word);
        }
    }
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        let text = |text: &str| Part::Text(text.to_owned());
        let found = parts("see https://example.org/a?b=1\nor javascript:alert(1) http://x");
        let expected = [
            text("see "),
            Part::Link("https://example.org/a?b=1".to_owned()),
            text("\nor javascript:alert(1) "),
            Part::Link("http://x".to_owned()),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn only_whole_pairs_of_stars_make_text_bold() {
        let text = |text: &str| Part::Text(text.to_owned());
        let expected = [text("a "), Part::Bold("b c".to_owned()), text(" d ** e")];
        assert_eq!(parts("a **b c** d ** e"), expected);
        assert_eq!(parts("****"), [text("****")]);
    }
}
