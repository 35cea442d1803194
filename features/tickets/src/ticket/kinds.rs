//! What a guild sets for each type of tickets: who helps, where it stands, what is asked, how often and when.

pub mod hours;
pub mod question;

use std::collections::BTreeMap;

use hazebot_core::{
    Refusal, RefusalKind, Timestamp,
    ids::{ChannelId, RoleId},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::name;
pub use hours::Hours;
pub use question::{Answered, Question, QuestionKind};

/// Roles that help with one type, besides the guild's staff.
const MAX_ROLES: usize = 10;
/// Longest second line in menus: what Discord's select options take.
const MAX_DESCRIPTION: usize = 100;
/// Longest greeting, in code points; it stands in one message beside the mentions.
const MAX_GREETING: usize = 1_000;
/// Longest emoji: a custom one, `<a:name of 32:20 digits>`.
const MAX_EMOJI: usize = 60;
/// Longest pause between two tickets of a type: a week, in minutes.
const MAX_COOLDOWN: u32 = 7 * 24 * 60;
/// Most live tickets of one member in one type.
const MAX_OPEN: u32 = 50;
/// Types that a guild can have: what one menu holds.
pub const MAX_KINDS: usize = 25;

/// Whom a new ticket pings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ping {
    /// As the guild has set for all types (`tickets.ping_staff`).
    #[default]
    Default,
    /// Only the type's own roles.
    Roles,
    /// Nobody.
    Nobody,
}

/// One type's choices. What is left out is as the guild has it for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KindOptions {
    /// Stands before its name: `🎫`, or `<:name:123>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    /// A second line in menus, up to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The category of its channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub category_id: Option<ChannelId>,
    /// Up to 10 roles that see and handle tickets of this type, besides the guild's staff.
    #[schema(value_type = Vec<String>)]
    pub staff_role_ids: Vec<RoleId>,
    /// Whom a new ticket pings.
    pub ping: Ping,
    /// How many live tickets of this type a member may have, 1–50.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_open: Option<u32>,
    /// Minutes between two tickets of this type of one member, 0–10,080; instead of the hour between any two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cooldown_minutes: Option<u32>,
    /// When it can be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Name of the channel, with `{number}`, `{type}` and `{user}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_pattern: Option<String>,
    /// Up to 5 questions of the form, instead of subject and description.
    pub questions: Vec<Question>,
    /// A text that the creator reads first, up to 1,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
}

/// The choices by name of the type. A type that is not in it has none; a name that is no type any more does no harm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kinds(pub BTreeMap<String, KindOptions>);

impl Kinds {
    /// From the stored setting, which was checked when it was set.
    #[must_use]
    pub fn read(stored: Value) -> Self {
        serde_json::from_value(stored).unwrap_or_default()
    }

    /// The choices of a type.
    #[must_use]
    pub fn of(&self, kind: &str) -> KindOptions {
        self.0.get(kind).cloned().unwrap_or_default()
    }

    /// The names of the types that somebody with these roles helps with.
    #[must_use]
    pub fn helped_by(&self, roles: &[RoleId]) -> Vec<String> {
        let helps = |options: &KindOptions| options.staff_role_ids.iter().any(|role| roles.contains(role));
        let names = self.0.iter().filter(|(_, options)| helps(options));
        names.map(|(name, _)| name.clone()).collect()
    }
}

/// Checks the setting.
///
/// # Errors
/// The end of the sentence "… must …".
pub fn check(value: &Value) -> Result<(), String> {
    let kinds: Kinds =
        serde_json::from_value(value.clone()).map_err(|error| format!("be an object of types ({error})"))?;
    if kinds.0.len() > MAX_KINDS {
        return Err(format!("have at most {MAX_KINDS} types"));
    }
    kinds.0.iter().try_for_each(|(name, options)| {
        options
            .check()
            .map_err(|problem| format!("{problem} (type {name})"))
    })
}

impl KindOptions {
    fn check(&self) -> Result<(), String> {
        within("emoji", self.emoji.as_deref(), MAX_EMOJI)?;
        within("description", self.description.as_deref(), MAX_DESCRIPTION)?;
        within("greeting", self.greeting.as_deref(), MAX_GREETING)?;
        if self.staff_role_ids.len() > MAX_ROLES {
            return Err(format!("have at most {MAX_ROLES} staff_role_ids"));
        }
        if self.ping == Ping::Roles && self.staff_role_ids.is_empty() {
            return Err("have staff_role_ids if only they are pinged".to_owned());
        }
        if self.max_open.is_some_and(|max| !(1..=MAX_OPEN).contains(&max)) {
            return Err(format!("have a max_open from 1 to {MAX_OPEN}"));
        }
        if self
            .cooldown_minutes
            .is_some_and(|minutes| minutes > MAX_COOLDOWN)
        {
            return Err(format!("have cooldown_minutes from 0 to {MAX_COOLDOWN}"));
        }
        if let Some(pattern) = &self.name_pattern {
            name::check_pattern(pattern)?;
        }
        if let Some(hours) = &self.hours {
            hours.check()?;
        }
        question::check(&self.questions)
    }

    /// Whether it can be opened now.
    ///
    /// # Errors
    /// A refusal that says when it opens again.
    pub fn open_at(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.hours.as_ref().and_then(|hours| hours.opens(now)) {
            None => Ok(()),
            Some(opens) => Err(closed_until(opens, now)),
        }
    }
}

fn within(what: &str, text: Option<&str>, most: usize) -> Result<(), String> {
    match text.map(|text| text.trim().chars().count()) {
        Some(length) if !(1..=most).contains(&length) => {
            Err(format!("have a {what} of 1 to {most} characters"))
        }
        _ => Ok(()),
    }
}

fn closed_until(opens: Timestamp, now: Timestamp) -> Refusal {
    let wait = (opens - now).to_std().unwrap_or_default();
    Refusal::new(
        RefusalKind::TooMany(wait),
        "ticket-outside-hours",
        format!(
            "Tickets of this type can be opened again at {}",
            hazebot_core::clock::rfc3339(opens)
        ),
    )
    .with("when", opens.timestamp().to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_left_out_is_as_for_all() {
        let kinds = Kinds::read(json!({ "Bug": { "emoji": "🐛" } }));
        assert_eq!(kinds.of("Bug").emoji.as_deref(), Some("🐛"));
        assert_eq!(kinds.of("Bug").ping, Ping::Default);
        assert_eq!(kinds.of("Nope"), KindOptions::default());
    }

    #[test]
    fn each_wrong_choice_is_named_with_its_type() {
        let table = [
            (json!([]), "object of types"),
            (json!({ "Bug": { "colour": 1 } }), "unknown field `colour`"),
            (
                json!({ "Bug": { "emoji": "" } }),
                "emoji of 1 to 60 characters (type Bug)",
            ),
            (
                json!({ "Bug": { "description": "x".repeat(101) } }),
                "description of 1 to 100",
            ),
            (
                json!({ "Bug": { "ping": "roles" } }),
                "staff_role_ids if only they are pinged",
            ),
            (json!({ "Bug": { "max_open": 0 } }), "max_open from 1 to 50"),
            (
                json!({ "Bug": { "cooldown_minutes": 10_081 } }),
                "cooldown_minutes from 0 to 10080",
            ),
            (json!({ "Bug": { "name_pattern": "{number}{who}" } }), "{who}"),
            (json!({ "Bug": { "staff_role_ids": ["0"] } }), "object of types"),
        ];
        for (value, expected) in table {
            let problem = check(&value).unwrap_err();
            assert!(problem.contains(expected), "{value}: {problem}");
        }
        let many: serde_json::Map<String, Value> =
            (0..26).map(|number| (format!("T{number}"), json!({}))).collect();
        assert_eq!(check(&many.into()).unwrap_err(), "have at most 25 types");
    }

    #[test]
    fn somebody_helps_with_the_types_of_their_roles() {
        let kinds = Kinds::read(json!({ "Bug": { "staff_role_ids": ["7"] }, "Application": {} }));
        assert_eq!(kinds.helped_by(&[RoleId::new(6), RoleId::new(7)]), ["Bug"]);
        assert!(kinds.helped_by(&[RoleId::new(6)]).is_empty());
    }
}
