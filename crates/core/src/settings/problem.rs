//! Why a value is refused, in words for the API and as a text of the catalogue for people.

use crate::{Failure, Refusal};

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// There is no such setting.
    Unknown,
    /// It must be of another type.
    Type(&'static str),
    /// It must lie between these.
    Range(String, String),
    /// It must have so many characters.
    Length(usize, usize),
    /// It must have so many entries.
    Entries(usize, usize),
    /// It must hold no blanks.
    Blanks,
    /// It holds a placeholder that means nothing; these do.
    Placeholder(String, &'static [&'static str]),
    /// It must be one of these.
    Choice(&'static [&'static str]),
    /// It must be a Discord id.
    Id,
    /// What the setting's own check says: completes "… must …".
    Other(String),
    /// Only an admin may change it.
    AdminOnly,
}

/// A value that is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The setting.
    pub key: String,
    /// Why.
    pub reason: Reason,
}

impl Problem {
    /// The sentence of the API, without full stop: `general.message_cooldown must be between 0 and 3600`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let key = &self.key;
        match &self.reason {
            Reason::Unknown => format!("{key} is no setting"),
            Reason::Type(expected) => format!("{key} must be {expected}"),
            Reason::Range(min, max) => format!("{key} must be between {min} and {max}"),
            Reason::Length(min, max) => format!("{key} must have {min} to {max} characters"),
            Reason::Entries(min, max) => format!("{key} must have {min} to {max} entries"),
            Reason::Blanks => format!("{key} must not hold blanks"),
            Reason::Placeholder(name, names) => {
                let known: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
                format!("{key} must not hold {{{name}}}; known are: {}", known.join(", "))
            }
            Reason::Choice(options) => format!("{key} must be one of {}", options.join(", ")),
            Reason::Id => format!("{key} must be a Discord id"),
            Reason::Other(text) => format!("{key} must {text}"),
            Reason::AdminOnly => format!("{key} can be changed by an admin only"),
        }
    }

    /// The id of the text for people, and its values.
    #[must_use]
    pub fn text(&self) -> (&'static str, Vec<(&'static str, String)>) {
        let key = ("key", self.key.clone());
        match &self.reason {
            Reason::Unknown => ("setting-unknown", vec![key]),
            Reason::Type(expected) => ("setting-type", vec![key, ("expected", (*expected).to_owned())]),
            Reason::Range(min, max) => (
                "setting-range",
                vec![key, ("min", min.clone()), ("max", max.clone())],
            ),
            Reason::Length(min, max) => (
                "setting-length",
                vec![key, ("min", min.to_string()), ("max", max.to_string())],
            ),
            Reason::Entries(min, max) => (
                "setting-entries",
                vec![key, ("min", min.to_string()), ("max", max.to_string())],
            ),
            Reason::Blanks => ("setting-blanks", vec![key]),
            Reason::Placeholder(name, names) => (
                "setting-placeholder",
                vec![key, ("name", name.clone()), ("known", names.join(", "))],
            ),
            Reason::Choice(options) => ("setting-choice", vec![key, ("options", options.join(", "))]),
            Reason::Id => ("setting-id", vec![key]),
            Reason::Other(text) => ("setting-other", vec![key, ("must", text.clone())]),
            Reason::AdminOnly => ("setting-admin-only", vec![key]),
        }
    }
}

/// One refusal that names every problem. A single one gives its own text, several are listed.
pub(super) fn refusal(problems: &[Problem]) -> Failure {
    let sentence = problems
        .iter()
        .map(Problem::sentence)
        .collect::<Vec<_>>()
        .join("; ");
    let refusal = match problems {
        [problem] => {
            let (text, args) = problem.text();
            let refusal = Refusal::invalid(text, sentence);
            args.into_iter()
                .fold(refusal, |refusal, (name, value)| refusal.with(name, value))
        }
        _ => Refusal::invalid("settings-refused", sentence.clone()).with("problems", sentence),
    };
    if problems.iter().any(|problem| problem.reason == Reason::AdminOnly) {
        return Refusal {
            kind: crate::RefusalKind::Forbidden,
            ..refusal
        }
        .into();
    }
    refusal.into()
}
