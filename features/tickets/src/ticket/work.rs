//! What staff put on a ticket: its priority, tags, people who were added, the request to close it. Pure.

use hazebot_core::{Refusal, Timestamp, ids::UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Ticket;

/// Tags of one ticket at most: more would not fit its row in a list.
pub const MAX_TAGS: usize = 10;
/// Longest tag, in code points.
pub const MAX_TAG: usize = 32;
/// People who were added to one ticket at most: each takes one of the 100 overwrites that a channel's editor shows.
pub const MAX_PARTICIPANTS: usize = 25;
/// Longest note, in code points: what one Discord message holds.
pub const MAX_NOTE: usize = 2000;
/// Notes of one ticket at most.
pub const MAX_NOTES: i64 = 200;
/// Hours that a request to close waits for an answer.
pub const ASK_HOURS: std::ops::RangeInclusive<i64> = 1..=720;

/// How soon a ticket wants an answer.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Whenever there is time.
    Low,
    /// As it comes.
    #[default]
    Normal,
    /// Before others.
    High,
    /// Now.
    Urgent,
}

impl Priority {
    /// All, the lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The word of the API, of commands and of text ids.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// From the API or a command, in any case of letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.as_str().eq_ignore_ascii_case(text.trim()))
    }

    /// The form of the database, which sorts.
    #[must_use]
    pub fn to_db(self) -> i64 {
        match self {
            Self::Low => 0,
            Self::Normal => 1,
            Self::High => 2,
            Self::Urgent => 3,
        }
    }

    /// From the database.
    #[must_use]
    pub fn from_db(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.to_db() == number)
    }

    /// Its emoji.
    #[must_use]
    pub fn emoji(self) -> &'static str {
        match self {
            Self::Low => "🔽",
            Self::Normal => "▫️",
            Self::High => "🔼",
            Self::Urgent => "🚨",
        }
    }
}

/// A ticket that closes by itself unless somebody objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseRequest {
    /// The staff member who asked; `None` if it is for inactivity.
    pub by: Option<UserId>,
    /// Since when.
    pub asked_at: Timestamp,
    /// When it closes.
    pub due: Timestamp,
}

/// The last word of people in a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastWord {
    /// When it was said.
    pub at: Timestamp,
    /// Whether staff said it.
    pub by_staff: bool,
}

impl CloseRequest {
    /// Whether somebody has objected by writing: to a staff member's question everybody but staff, to inactivity anybody.
    #[must_use]
    pub fn is_answered(&self, last: Option<LastWord>) -> bool {
        last.is_some_and(|last| last.at >= self.asked_at && (self.by.is_none() || !last.by_staff))
    }
}

/// A tag as it is stored: lower case, blanks as dashes, nothing that could break markup or a list of them.
///
/// # Errors
/// Empty, or longer than [`MAX_TAG`].
pub fn tag(text: &str) -> Result<String, Refusal> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let joined = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let tag: String = joined
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() || "-_.+#&/!".contains(*c))
        .collect();
    if tag.is_empty() || tag.chars().count() > MAX_TAG {
        let sentence = format!("A tag must have between 1 and {MAX_TAG} characters");
        return Err(Refusal::invalid("ticket-tag-length", sentence).with("max", MAX_TAG.to_string()));
    }
    Ok(tag)
}

/// A ticket's tags as they are stored: each once, sorted.
///
/// # Errors
/// A tag that is none, or more than [`MAX_TAGS`].
pub fn tags<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Vec<String>, Refusal> {
    let mut tags = Vec::new();
    for text in texts {
        tags.push(tag(text.as_ref())?);
    }
    tags.sort_unstable();
    tags.dedup();
    if tags.len() > MAX_TAGS {
        let sentence = format!("A ticket can have {MAX_TAGS} tags at most");
        return Err(Refusal::invalid("ticket-too-many-tags", sentence).with("max", MAX_TAGS.to_string()));
    }
    Ok(tags)
}

/// Adds somebody to a ticket.
///
/// # Errors
/// They take part already, or too many do.
pub fn add_participant(ticket: &mut Ticket, user: UserId) -> Result<(), Refusal> {
    if user == ticket.creator || ticket.participants.contains(&user) {
        return Err(Refusal::invalid(
            "ticket-takes-part-already",
            "User takes part in this ticket already",
        ));
    }
    if ticket.participants.len() >= MAX_PARTICIPANTS {
        let sentence = format!("A ticket can have {MAX_PARTICIPANTS} added people at most");
        let refusal = Refusal::invalid("ticket-too-many-people", sentence);
        return Err(refusal.with("max", MAX_PARTICIPANTS.to_string()));
    }
    ticket.participants.push(user);
    Ok(())
}

/// Takes somebody out of a ticket.
///
/// # Errors
/// Its creator, or somebody who was not added.
pub fn remove_participant(ticket: &mut Ticket, user: UserId) -> Result<(), Refusal> {
    if user == ticket.creator {
        return Err(Refusal::invalid(
            "ticket-creator-stays",
            "The creator of a ticket cannot be removed",
        ));
    }
    let before = ticket.participants.len();
    ticket.participants.retain(|one| *one != user);
    if ticket.participants.len() == before {
        return Err(Refusal::not_found(
            "ticket-takes-no-part",
            "User was not added to this ticket",
        ));
    }
    Ok(())
}

/// A note as it is stored.
///
/// # Errors
/// Empty, or longer than [`MAX_NOTE`].
pub fn note(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_NOTE {
        let sentence = format!("A note must have between 1 and {MAX_NOTE} characters");
        return Err(Refusal::invalid("ticket-note-length", sentence).with("max", MAX_NOTE.to_string()));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;

    use super::*;
    use crate::ticket::{Status, tests::CREATOR, tests::ticket};

    #[test]
    fn a_tag_is_one_plain_word_in_lower_case() {
        let table = [
            (" Needs  Info ", "needs-info"),
            ("Zahlung", "zahlung"),
            ("<@1>", "1"),
            ("`**x**`", "x"),
            ("a\nb", "a-b"),
        ];
        for (text, expected) in table {
            assert_eq!(tag(text).unwrap(), expected, "{text:?}");
        }
        for text in ["", "  ", "***", &"x".repeat(33)] {
            assert!(tag(text).is_err(), "{text:?}");
        }
        assert!(tag(&"ü".repeat(32)).is_ok());
    }

    #[test]
    fn tags_are_sorted_each_once_and_ten_at_most() {
        assert_eq!(tags(["b", "A", "a"]).unwrap(), ["a", "b"]);
        assert!(tags((0..10).map(|n| n.to_string())).is_ok());
        assert!(tags((0..11).map(|n| n.to_string())).is_err());
    }

    #[test]
    fn the_creator_is_neither_added_nor_removed() {
        let mut ticket = ticket(Status::Open);
        assert!(add_participant(&mut ticket, CREATOR).is_err());
        assert!(remove_participant(&mut ticket, CREATOR).is_err());
        let other = UserId::new(77);
        add_participant(&mut ticket, other).unwrap();
        assert!(add_participant(&mut ticket, other).is_err());
        remove_participant(&mut ticket, other).unwrap();
        assert!(remove_participant(&mut ticket, other).is_err());
    }

    #[test]
    fn a_ticket_takes_so_many_people_and_no_more() {
        let mut ticket = ticket(Status::Open);
        for id in 1000..1025 {
            add_participant(&mut ticket, UserId::new(id)).unwrap();
        }
        assert!(add_participant(&mut ticket, UserId::new(2000)).is_err());
    }

    #[test]
    fn staff_do_not_object_to_their_own_question_but_anybody_ends_inactivity() {
        let request = |by| CloseRequest {
            by,
            asked_at: from_millis(10),
            due: from_millis(99),
        };
        let word = |at, by_staff| {
            Some(LastWord {
                at: from_millis(at),
                by_staff,
            })
        };
        let (asked, inactive) = (request(Some(UserId::new(1))), request(None));
        assert!(!asked.is_answered(None) && !inactive.is_answered(word(9, false)));
        assert!(!asked.is_answered(word(11, true)) && inactive.is_answered(word(11, true)));
        assert!(asked.is_answered(word(11, false)) && inactive.is_answered(word(11, false)));
    }

    #[test]
    fn words_and_numbers_of_priorities_lead_back_to_them() {
        for priority in Priority::ALL {
            assert_eq!(Priority::parse(priority.as_str()), Some(priority));
            assert_eq!(Priority::from_db(priority.to_db()), Some(priority));
        }
        assert!(Priority::Urgent > Priority::High && Priority::parse("x").is_none());
    }
}
