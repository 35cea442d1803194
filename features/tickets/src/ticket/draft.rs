//! What somebody writes to open a ticket, its limits, and how often they may.

use std::time::Duration;

use hazebot_core::{Refusal, RefusalKind, Timestamp};

use super::message::guard;

/// Length of a subject in code points.
pub const SUBJECT: std::ops::RangeInclusive<usize> = 3..=100;
/// Length of a description in code points.
pub const DESCRIPTION: std::ops::RangeInclusive<usize> = 10..=2000;
/// Members who are not staff wait this long between two tickets.
pub const COOLDOWN: Duration = Duration::from_secs(60 * 60);

/// A ticket that somebody wants to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// One of the guild's categories.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// The matter at length.
    pub description: String,
}

impl Draft {
    /// The draft as it is stored: surrounding space gone, the subject on one line, the category as the guild writes it.
    ///
    /// # Errors
    /// A refusal with the API's sentence for the first limit that is not kept.
    pub fn checked(self, categories: &[String]) -> Result<Self, Refusal> {
        let subject = self.subject.split_whitespace().collect::<Vec<_>>().join(" ");
        let description = self.description.trim().to_owned();
        if self.kind.trim().is_empty() || subject.is_empty() || description.is_empty() {
            return Err(Refusal::invalid(
                "ticket-fields-missing",
                "Missing required fields: type, subject, description",
            ));
        }
        let kind = known(&self.kind, categories)?;
        if !SUBJECT.contains(&subject.chars().count()) {
            return Err(Refusal::invalid(
                "ticket-subject-length",
                "Subject must be between 3 and 100 characters",
            ));
        }
        if !DESCRIPTION.contains(&description.chars().count()) {
            return Err(Refusal::invalid(
                "ticket-description-length",
                "Description must be between 10 and 2000 characters",
            ));
        }
        Ok(Self {
            kind,
            subject,
            description,
        })
    }

    /// The same draft with the marks of staff made harmless; for members who are not staff.
    #[must_use]
    pub fn guarded(self) -> Self {
        Self {
            kind: self.kind,
            subject: guard(&self.subject),
            description: guard(&self.description),
        }
    }
}

/// The type as the guild writes it.
///
/// # Errors
/// There is no such type; the refusal lists those there are.
pub fn known(kind: &str, categories: &[String]) -> Result<String, Refusal> {
    let known = categories.iter().find(|category| *category == kind);
    known.cloned().ok_or_else(|| unknown_type(categories))
}

/// There is no such type; names those that there are.
#[must_use]
pub fn unknown_type(categories: &[String]) -> Refusal {
    let list = categories.join(", ");
    let sentence = format!("Invalid ticket type. Must be one of: {list}");
    Refusal::invalid("ticket-unknown-type", sentence).with("types", list)
}

/// The form that the app takes apart again.
#[must_use]
pub fn initial_message(subject: &str, description: &str) -> String {
    format!("**Subject:** {subject}\n\n**Description:**\n{description}")
}

/// The pause between two tickets: the type's own minutes, else [`COOLDOWN`].
#[must_use]
pub fn wait(minutes: Option<u32>) -> Duration {
    minutes.map_or(COOLDOWN, |minutes| Duration::from_secs(u64::from(minutes) * 60))
}

/// How long somebody still has to wait who opened their last ticket at `last`; `None` if not at all.
#[must_use]
pub fn remaining(last: Timestamp, now: Timestamp, wait: Duration) -> Option<Duration> {
    let passed = (now - last).to_std().unwrap_or_default();
    wait.checked_sub(passed).filter(|left| !left.is_zero())
}

/// One ticket per hour, or as the type has it, with the time that is left.
#[must_use]
pub fn too_soon(left: Duration, of_kind: bool) -> Refusal {
    let minutes = left.as_secs() / 60;
    let (text, rule) = match of_kind {
        true => (
            "ticket-too-soon-of-type",
            "You opened a ticket of this type not long ago.",
        ),
        false => ("ticket-too-soon", "You can only create one ticket per hour."),
    };
    Refusal::new(
        RefusalKind::TooMany(left),
        text,
        format!("{rule} Please wait {minutes} minutes."),
    )
    .with("minutes", left.as_secs().div_ceil(60).to_string())
}

/// As many live tickets as the guild allows one member.
#[must_use]
pub fn too_many_open(max: i64) -> Refusal {
    Refusal::new(
        RefusalKind::TooMany(COOLDOWN),
        "ticket-too-many-open",
        format!("You already have {max} open tickets. Please close one first."),
    )
    .with("max", max.to_string())
}

/// As many live tickets of a type as it allows one member.
#[must_use]
pub fn too_many_of_kind(max: i64, kind: &str) -> Refusal {
    Refusal::new(
        RefusalKind::TooMany(COOLDOWN),
        "ticket-too-many-of-type",
        format!("You already have {max} open tickets of type {kind}. Please close one first."),
    )
    .with("max", max.to_string())
    .with("type", kind)
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;

    use super::*;

    fn check(kind: &str, subject: &str, description: &str) -> Result<Draft, String> {
        let categories = ["Application", "Bug", "Support"].map(str::to_owned);
        let draft = Draft {
            kind: kind.into(),
            subject: subject.into(),
            description: description.into(),
        };
        draft
            .checked(&categories)
            .map_err(|refusal| refusal.sentence.into_owned())
    }

    #[test]
    fn each_limit_has_its_sentence() {
        let long = "x".repeat(2001);
        let table = [
            (
                "",
                "abc",
                "0123456789",
                "Missing required fields: type, subject, description",
            ),
            (
                "Bug",
                "   ",
                "0123456789",
                "Missing required fields: type, subject, description",
            ),
            (
                "Nope",
                "abc",
                "0123456789",
                "Invalid ticket type. Must be one of: Application, Bug, Support",
            ),
            (
                "bug",
                "abc",
                "0123456789",
                "Invalid ticket type. Must be one of: Application, Bug, Support",
            ),
            (
                "Bug",
                "ab",
                "0123456789",
                "Subject must be between 3 and 100 characters",
            ),
            (
                "Bug",
                "abc",
                "short",
                "Description must be between 10 and 2000 characters",
            ),
            (
                "Bug",
                "abc",
                &long,
                "Description must be between 10 and 2000 characters",
            ),
        ];
        for (kind, subject, description, expected) in table {
            assert_eq!(check(kind, subject, description).unwrap_err(), expected);
        }
    }

    #[test]
    fn lengths_count_code_points_and_the_borders_are_inside() {
        assert!(check("Bug", "äöü", &"é".repeat(10)).is_ok());
        assert!(check("Bug", &"🎫".repeat(100), &"🎫".repeat(2000)).is_ok());
        assert!(check("Bug", &"🎫".repeat(101), &"🎫".repeat(2000)).is_err());
    }

    #[test]
    fn a_subject_stays_on_one_line() {
        assert_eq!(
            check("Bug", " two\nlines ", "0123456789").unwrap().subject,
            "two lines"
        );
    }

    #[test]
    fn an_hour_after_the_last_ticket_the_next_may_be_opened() {
        let last = from_millis(0);
        assert_eq!(
            remaining(last, from_millis(60_000), COOLDOWN),
            Some(Duration::from_secs(59 * 60))
        );
        assert_eq!(remaining(last, from_millis(3_600_000), COOLDOWN), None);
        let sentence = too_soon(Duration::from_secs(59 * 60 + 59), false).sentence;
        assert_eq!(
            sentence,
            "You can only create one ticket per hour. Please wait 59 minutes."
        );
    }
}
