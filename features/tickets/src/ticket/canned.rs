//! Canned replies: texts that staff send again and again, with words in braces that are filled in. Pure.

use hazebot_core::{Refusal, texts::escape};

use super::{Ticket, message::MAX_TEXT, work::MAX_TAG};

/// Canned replies of one guild at most: what a person still finds in a list.
pub const MAX_CANNED: i64 = 100;
/// The words that are filled in, as they stand in a text.
pub const VARIABLES: [&str; 6] = [
    "{creator}",
    "{staff}",
    "{ticket}",
    "{type}",
    "{subject}",
    "{server}",
];

/// Names of people and places, as they are now.
#[derive(Clone, Debug)]
pub struct Values {
    /// Whoever opened the ticket.
    pub creator: String,
    /// Whoever sends the reply.
    pub staff: String,
    /// The guild.
    pub server: String,
}

/// The name of a reply as it is stored: lower case, blanks as dashes.
///
/// # Errors
/// Empty, or longer than [`MAX_TAG`].
pub fn name(text: &str) -> Result<String, Refusal> {
    let name: String = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-")
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() || "-_".contains(*c))
        .collect();
    if name.is_empty() || name.chars().count() > MAX_TAG {
        let sentence = format!("A name must have between 1 and {MAX_TAG} letters or digits");
        return Err(Refusal::invalid("ticket-canned-name", sentence).with("max", MAX_TAG.to_string()));
    }
    Ok(name)
}

/// The text of a reply as it is stored.
///
/// # Errors
/// Empty, or longer than a message.
pub fn text(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_TEXT {
        let sentence = format!("A reply must have between 1 and {MAX_TEXT} characters");
        return Err(Refusal::invalid("ticket-canned-text", sentence).with("max", MAX_TEXT.to_string()));
    }
    Ok(text.to_owned())
}

/// The text with its words filled in. What is put in is not looked at again, so that a subject `{staff}` stays one; words
/// that are none stay as they are.
#[must_use]
pub fn fill(text: &str, ticket: &Ticket, values: &Values) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let known = VARIABLES.into_iter().find(|variable| tail.starts_with(variable));
        match known {
            Some(variable) => {
                out.push_str(&value(variable, ticket, values));
                rest = tail.strip_prefix(variable).unwrap_or_default();
            }
            None => {
                out.push('{');
                rest = tail.strip_prefix('{').unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn value(variable: &str, ticket: &Ticket, values: &Values) -> String {
    match variable {
        "{creator}" => escape(&values.creator),
        "{staff}" => escape(&values.staff),
        "{ticket}" => format!("#{}", ticket.number),
        "{type}" => escape(&ticket.kind),
        "{subject}" => escape(&ticket.subject),
        "{server}" => escape(&values.server),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::{Status, tests::ticket};

    fn filled(text: &str, subject: &str) -> String {
        let mut ticket = ticket(Status::Open);
        ticket.subject = subject.to_owned();
        let values = Values {
            creator: "Finn".into(),
            staff: "M*ra".into(),
            server: "Harbour".into(),
        };
        fill(text, &ticket, &values)
    }

    #[test]
    fn known_words_are_filled_in_and_others_stay() {
        let text = "Hi {creator}, {ticket} ({type}) in {server}: {nope} {";
        assert_eq!(filled(text, "x"), "Hi Finn, #7 (Support) in Harbour: {nope} {");
    }

    #[test]
    fn what_is_filled_in_is_neither_filled_again_nor_markup() {
        assert_eq!(filled("{subject}", "{staff}"), "{staff}");
        assert_eq!(filled("{staff}", "x"), r"M\*ra");
        assert!(!filled("{subject}", "@everyone").contains("@everyone"));
    }

    #[test]
    fn names_are_plain_words() {
        assert_eq!(name(" Thank  You! ").unwrap(), "thank-you");
        assert_eq!(name("../../x").unwrap(), "x");
        assert!(name("").is_err() && name(&"x".repeat(33)).is_err());
        assert!(text("  ").is_err() && text(&"x".repeat(1901)).is_err());
    }
}
