//! What a setting's value can be, and how a value from outside is checked.

use std::{ops::RangeInclusive, time::Duration};

use serde_json::{Map, Value, json};

use super::problem::Reason;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdKind {
    /// A role.
    Role,
    /// A channel.
    Channel,
    /// A category.
    Category,
}

impl IdKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Channel => "channel",
            Self::Category => "category",
        }
    }
}

/// What a text must keep to, besides its length in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRule {
    /// Nothing.
    Any,
    /// No blanks.
    NoBlanks,
    /// `{name}` only with these names.
    Placeholders(&'static [&'static str]),
}

/// Checks a JSON value; the error completes the sentence "… must …".
pub type JsonCheck = fn(&Value) -> Result<(), String>;

/// A type with its default and its limits.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// On or off.
    Flag {
        /// Default.
        default: bool,
    },
    /// A whole number.
    Integer {
        /// Default.
        default: i64,
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A number.
    Float {
        /// Default.
        default: f64,
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// A text.
    Text {
        /// Default.
        default: &'static str,
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
        /// What else.
        rule: TextRule,
    },
    /// 0xRRGGBB.
    Colour {
        /// Default.
        default: u32,
    },
    /// Whole seconds.
    Duration {
        /// Default.
        default: u64,
        /// Shortest.
        min: u64,
        /// Longest.
        max: u64,
    },
    /// An id, or none.
    Id(IdKind),
    /// Ids, each once, in order.
    Ids {
        /// Of what.
        of: IdKind,
        /// Most.
        max: usize,
    },
    /// A list of texts.
    Texts {
        /// Default.
        default: &'static [&'static str],
        /// Fewest and most entries.
        entries: (usize, usize),
        /// Most characters of an entry; the fewest is 1.
        max: usize,
        /// For each entry.
        rule: TextRule,
    },
    /// One of several words.
    Choice {
        /// Default.
        default: &'static str,
        /// The words.
        options: &'static [&'static str],
    },
    /// An object with a check of its own.
    Json {
        /// Default, as JSON text.
        default: &'static str,
        /// The check.
        check: JsonCheck,
    },
}

/// Bytes of a JSON setting: as much as a form of Discord or of the panel can hold.
const LONGEST_JSON: usize = 64 * 1024;

impl Kind {
    /// The default in JSON; `null` for ids.
    #[must_use]
    pub fn default_value(&self) -> Value {
        match *self {
            Self::Flag { default } => default.into(),
            Self::Integer { default, .. } => default.into(),
            Self::Float { default, .. } => default.into(),
            Self::Text { default, .. } | Self::Choice { default, .. } => default.into(),
            Self::Colour { default } => default.into(),
            Self::Duration { default, .. } => default.into(),
            Self::Id(_) => Value::Null,
            Self::Ids { .. } => json!([]),
            Self::Texts { default, .. } => json!(default),
            Self::Json { default, .. } => serde_json::from_str(default).unwrap_or(Value::Null),
        }
    }

    /// The value in the form in which it is stored (ids as strings); `None` for one that takes the setting back to its
    /// default: `null`, and the default itself.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn normalise(&self, value: &Value) -> Result<Option<Value>, Reason> {
        if value.is_null() {
            return Ok(None);
        }
        let value = self.checked(value)?;
        Ok((value != self.default_value()).then_some(value))
    }

    fn checked(&self, value: &Value) -> Result<Value, Reason> {
        match *self {
            Self::Flag { .. } => value
                .as_bool()
                .map(Value::from)
                .ok_or(Reason::Type("true or false")),
            Self::Integer { min, max, .. } => {
                let number = whole(value).ok_or(Reason::Type("a whole number"))?;
                in_range(number, min..=max).map(Value::from)
            }
            Self::Float { min, max, .. } => {
                let number = value
                    .as_f64()
                    .filter(|number| number.is_finite())
                    .ok_or(Reason::Type("a number"))?;
                in_range(number, min..=max).map(Value::from)
            }
            Self::Text { min, max, rule, .. } => text(value, min, max, rule).map(Value::from),
            Self::Colour { .. } => {
                let hex = |text: &str| {
                    u32::from_str_radix(text.strip_prefix('#')?, 16)
                        .ok()
                        .map(i64::from)
                };
                let number = value.as_str().and_then(hex).or_else(|| whole(value));
                let number = number.ok_or(Reason::Type("a colour: a number, or #RRGGBB"))?;
                in_range(number, 0..=0xFF_FFFF).map(Value::from)
            }
            Self::Duration { min, max, .. } => {
                let seconds = whole(value).and_then(|number| u64::try_from(number).ok());
                in_range(seconds.ok_or(Reason::Type("a number of seconds"))?, min..=max).map(Value::from)
            }
            Self::Id(_) => id(value).map(Value::from),
            Self::Ids { max, .. } => {
                let list = value.as_array().ok_or(Reason::Type("a list of ids"))?;
                let mut ids: Vec<String> = Vec::new();
                for entry in list {
                    let id = id(entry)?;
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                    if ids.len() > max {
                        return Err(Reason::Entries(0, max));
                    }
                }
                Ok(ids.into())
            }
            Self::Texts {
                entries: (fewest, most),
                max,
                rule,
                ..
            } => {
                let list = value.as_array().ok_or(Reason::Type("a list of texts"))?;
                if !(fewest..=most).contains(&list.len()) {
                    return Err(Reason::Entries(fewest, most));
                }
                let texts: Result<Vec<String>, Reason> =
                    list.iter().map(|entry| text(entry, 1, max, rule)).collect();
                texts.map(Value::from)
            }
            Self::Choice { options, .. } => {
                let word = value.as_str().filter(|word| options.contains(word));
                word.map(Value::from).ok_or(Reason::Choice(options))
            }
            Self::Json { check, .. } => {
                if value.to_string().len() > LONGEST_JSON {
                    return Err(Reason::Length(0, LONGEST_JSON));
                }
                check(value).map_err(Reason::Other).map(|()| value.clone())
            }
        }
    }

    /// Type and limits, for forms: keys as in JSON Schema where it has them.
    #[must_use]
    pub fn schema(&self) -> Map<String, Value> {
        let schema = match *self {
            Self::Flag { .. } => json!({"type": "boolean"}),
            Self::Integer { min, max, .. } => json!({"type": "integer", "minimum": min, "maximum": max}),
            Self::Float { min, max, .. } => json!({"type": "number", "minimum": min, "maximum": max}),
            Self::Text { min, max, rule, .. } => {
                let placeholders = placeholders(rule);
                json!({"type": "string", "minLength": min, "maxLength": max, "placeholders": placeholders})
            }
            Self::Colour { .. } => json!({"type": "colour", "minimum": 0, "maximum": 0xFF_FFFF}),
            Self::Duration { min, max, .. } => {
                json!({"type": "duration", "unit": "s", "minimum": min, "maximum": max})
            }
            Self::Id(of) => json!({"type": of.name()}),
            Self::Ids { of, max } => json!({"type": "list", "items": {"type": of.name()}, "maxItems": max}),
            Self::Texts {
                entries: (fewest, most),
                max,
                rule,
                ..
            } => json!({
                "type": "list", "minItems": fewest, "maxItems": most,
                "items": {"type": "string", "minLength": 1, "maxLength": max, "placeholders": placeholders(rule)},
            }),
            Self::Choice { options, .. } => json!({"type": "choice", "options": options}),
            Self::Json { .. } => json!({"type": "object"}),
        };
        match schema {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}

fn placeholders(rule: TextRule) -> &'static [&'static str] {
    match rule {
        TextRule::Placeholders(names) => names,
        TextRule::Any | TextRule::NoBlanks => &[],
    }
}

/// A whole number, given as 5 or 5.0.
fn whole(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    let whole = |number: f64| (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(whole))
}

fn in_range<T: PartialOrd + ToString + Copy>(number: T, range: RangeInclusive<T>) -> Result<T, Reason> {
    let reason = || Reason::Range(range.start().to_string(), range.end().to_string());
    range.contains(&number).then_some(number).ok_or_else(reason)
}

fn text(value: &Value, min: usize, max: usize, rule: TextRule) -> Result<String, Reason> {
    let text = value.as_str().ok_or(Reason::Type("a text"))?;
    if !(min..=max).contains(&text.chars().count()) {
        return Err(Reason::Length(min, max));
    }
    match rule {
        TextRule::NoBlanks if text.contains(char::is_whitespace) => Err(Reason::Blanks),
        TextRule::Placeholders(names) => match unknown_placeholder(text, names) {
            Some(name) => Err(Reason::Placeholder(name.to_owned(), names)),
            None => Ok(text.to_owned()),
        },
        _ => Ok(text.to_owned()),
    }
}

/// The first `{name}` whose name is not known. Braces around anything but a plain name are text.
fn unknown_placeholder<'t>(text: &'t str, names: &[&str]) -> Option<&'t str> {
    let inside = text
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name));
    let mut plain =
        inside.filter(|name| !name.is_empty() && name.chars().all(|l| l.is_ascii_alphanumeric() || l == '_'));
    plain.find(|name| !names.contains(name))
}

/// An id as a string: positive, 64 bits, given as a string or a whole number.
fn id(value: &Value) -> Result<String, Reason> {
    let number = value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    number
        .filter(|number| *number > 0)
        .map(|number| number.to_string())
        .ok_or(Reason::Id)
}

/// The stored seconds as a duration.
pub(super) fn seconds(value: &Value) -> Option<Duration> {
    value.as_u64().map(Duration::from_secs)
}
