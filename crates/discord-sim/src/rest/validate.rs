//! Checks request bodies against shapes and reports every fault by its path, as Discord's 50035 does.
//!
//! A key that no shape knows is reported too: Discord would ignore it, but a misspelled field is a bug
//! that a simulator should find.

use serde_json::Value;

use crate::clock::parse_iso;
use crate::error::{ApiResult, Problems};

/// What a value must look like.
#[derive(Debug)]
pub(crate) enum Rule {
    /// Anything.
    Any,
    /// `true` or `false`.
    Flag,
    /// Text of so many characters.
    Text(usize, usize),
    /// A whole number in this range; numeric text counts, as with Discord.
    Int(i64, i64),
    /// Any number.
    Number,
    /// One of these numbers.
    Choice(&'static [i64]),
    /// An id, as text or number.
    Snowflake,
    /// A set of permission bits, as text or number.
    Bits,
    /// ISO 8601.
    Time,
    /// An address with one of these schemes.
    Url(&'static [&'static str]),
    /// So many items, each by the rule.
    List(usize, usize, &'static Rule),
    /// An object of these fields.
    Object(Shape),
    /// Any object.
    Map,
    /// A check of its own: value, path, problems.
    Custom(fn(&Value, &str, &mut Problems)),
}

/// The fields of an object.
pub(crate) type Shape = &'static [Field];

/// A field of an object.
#[derive(Debug)]
pub(crate) struct Field {
    name: &'static str,
    rule: Rule,
    null: bool,
    required: bool,
}

/// A field that may be absent.
pub(crate) const fn opt(name: &'static str, rule: Rule) -> Field {
    Field {
        name,
        rule,
        null: false,
        required: false,
    }
}

/// A field that may be absent or null.
pub(crate) const fn nul(name: &'static str, rule: Rule) -> Field {
    Field {
        name,
        rule,
        null: true,
        required: false,
    }
}

/// A field that must be there.
pub(crate) const fn req(name: &'static str, rule: Rule) -> Field {
    Field {
        name,
        rule,
        null: false,
        required: true,
    }
}

/// Web addresses.
pub(crate) const WEB: Rule = Rule::Url(&["http", "https"]);
/// Web addresses and files of the same message.
pub(crate) const WEB_OR_FILE: Rule = Rule::Url(&["http", "https", "attachment"]);

/// The longest address that Discord takes.
const LONGEST_URL: usize = 2048;

/// Checks a body.
///
/// # Errors
/// 50035 with every fault.
pub(crate) fn check(shape: Shape, body: &Value) -> ApiResult<()> {
    let mut problems = Problems::default();
    check_object(shape, body, "", &mut problems);
    problems.into_result()
}

/// `path` with `key` behind it.
pub(crate) fn join(path: &str, key: impl std::fmt::Display) -> String {
    if path.is_empty() {
        key.to_string()
    } else {
        format!("{path}.{key}")
    }
}

/// Checks an object's fields.
pub(crate) fn check_object(shape: Shape, value: &Value, path: &str, problems: &mut Problems) {
    let Value::Object(map) = value else {
        problems.at(
            path,
            "DICT_TYPE_CONVERT",
            "Only dictionaries may be used in a DictType",
        );
        return;
    };
    for field in shape {
        match map.get(field.name) {
            None if field.required => {
                problems.at(
                    &join(path, field.name),
                    "BASE_TYPE_REQUIRED",
                    "This field is required",
                );
            }
            None => {}
            Some(Value::Null) if field.null => {}
            Some(Value::Null) if field.required => {
                problems.at(
                    &join(path, field.name),
                    "BASE_TYPE_REQUIRED",
                    "This field is required",
                );
            }
            Some(Value::Null) => {}
            Some(value) => check_value(&field.rule, value, &join(path, field.name), problems),
        }
    }
    let known = |key: &&String| shape.iter().any(|field| field.name == *key) || is_leftover(key);
    for key in map.keys().filter(|key| !known(key)) {
        problems.at(
            &join(path, key.replace('.', "_")),
            "UNKNOWN_FIELD",
            "This field is not known here",
        );
    }
}

/// Discord's own keys are snake_case. A key with capitals is a library's inner name that it sends along
/// (discord.js does) and that Discord ignores.
fn is_leftover(key: &str) -> bool {
    key.chars().any(|c| c.is_ascii_uppercase())
}

/// Checks one value.
pub(crate) fn check_value(rule: &Rule, value: &Value, path: &str, problems: &mut Problems) {
    match rule {
        Rule::Any => {}
        Rule::Flag => {
            if !value.is_boolean() {
                problems.at(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
            }
        }
        Rule::Text(min, max) => check_text(value, *min, *max, path, problems),
        Rule::Int(min, max) => check_int(value, *min, *max, path, problems),
        Rule::Number => {
            if !value.is_number() {
                problems.at(path, "FLOAT_TYPE_COERCE", format!("Value {value} is not float."));
            }
        }
        Rule::Choice(of) => {
            if !value.as_i64().is_some_and(|n| of.contains(&n)) {
                problems.at(
                    path,
                    "BASE_TYPE_CHOICES",
                    format!("Value must be one of {}.", listed(of)),
                );
            }
        }
        Rule::Snowflake => {
            if as_unsigned(value).is_none() {
                problems.at(
                    path,
                    "NUMBER_TYPE_COERCE",
                    format!("Value {value} is not snowflake."),
                );
            }
        }
        Rule::Bits => {
            if as_unsigned(value).is_none() {
                problems.at(path, "NUMBER_TYPE_COERCE", format!("Value {value} is not int."));
            }
        }
        Rule::Time => {
            if value.as_str().is_none_or(|t| parse_iso(t).is_none()) {
                problems.at(
                    path,
                    "DATE_TIME_TYPE_PARSE",
                    format!("Could not parse {value}. Should be ISO8601."),
                );
            }
        }
        Rule::Url(schemes) => check_url(value, schemes, path, problems),
        Rule::List(min, max, of) => {
            let Value::Array(items) = value else {
                problems.at(
                    path,
                    "LIST_TYPE_CONVERT",
                    "Only iterables may be used in a ListType",
                );
                return;
            };
            check_count(items.len(), *min, *max, path, problems);
            for (at, item) in items.iter().enumerate() {
                check_value(of, item, &join(path, at), problems);
            }
        }
        Rule::Object(shape) => check_object(shape, value, path, problems),
        Rule::Map => {
            if !value.is_object() {
                problems.at(
                    path,
                    "DICT_TYPE_CONVERT",
                    "Only dictionaries may be used in a DictType",
                );
            }
        }
        Rule::Custom(with) => with(value, path, problems),
    }
}

/// Reports a list or text that is too short or too long.
pub(crate) fn check_count(count: usize, min: usize, max: usize, path: &str, problems: &mut Problems) {
    if (min..=max).contains(&count) {
        return;
    }
    if min == 0 {
        problems.at(
            path,
            "BASE_TYPE_MAX_LENGTH",
            format!("Must be {max} or fewer in length."),
        );
    } else {
        problems.at(
            path,
            "BASE_TYPE_BAD_LENGTH",
            format!("Must be between {min} and {max} in length."),
        );
    }
}

fn check_text(value: &Value, min: usize, max: usize, path: &str, problems: &mut Problems) {
    let Some(text) = value.as_str() else {
        problems.at(
            path,
            "STRING_TYPE_CONVERT",
            format!("Could not interpret \"{value}\" as string."),
        );
        return;
    };
    if text.is_empty() && min > 0 {
        problems.at(path, "BASE_TYPE_REQUIRED", "This field is required");
        return;
    }
    check_count(text.chars().count(), min, max, path, problems);
}

fn check_int(value: &Value, min: i64, max: i64, path: &str, problems: &mut Problems) {
    let number = value
        .as_i64()
        .or_else(|| value.as_str().and_then(|t| t.parse().ok()));
    match number {
        None => problems.at(path, "NUMBER_TYPE_COERCE", format!("Value {value} is not int.")),
        Some(n) if n > max => {
            problems.at(
                path,
                "NUMBER_TYPE_MAX",
                format!("int value should be less than or equal to {max}."),
            );
        }
        Some(n) if n < min => {
            problems.at(
                path,
                "NUMBER_TYPE_MIN",
                format!("int value should be greater than or equal to {min}."),
            );
        }
        Some(_) => {}
    }
}

fn check_url(value: &Value, schemes: &[&str], path: &str, problems: &mut Problems) {
    let Some(text) = value.as_str() else {
        problems.at(
            path,
            "STRING_TYPE_CONVERT",
            format!("Could not interpret \"{value}\" as string."),
        );
        return;
    };
    check_count(text.chars().count(), 0, LONGEST_URL, path, problems);
    match text.split_once("://") {
        Some((scheme, rest)) if schemes.contains(&scheme) && !rest.is_empty() => {}
        Some((scheme, _)) if !schemes.contains(&scheme) => problems.at(
            path,
            "URL_TYPE_INVALID_SCHEME",
            format!("Scheme \"{scheme}\" must be one of ({}).", quoted(schemes)),
        ),
        _ => problems.at(path, "URL_TYPE_INVALID_URL", "Not a well formed URL."),
    }
}

fn quoted(of: &[&str]) -> String {
    of.iter().map(|s| format!("'{s}'")).collect::<Vec<_>>().join(", ")
}

fn listed(of: &[i64]) -> String {
    let inner = of.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    format!("{{{inner}}}")
}

/// A whole number that is not negative, from JSON text or number.
pub(crate) fn as_unsigned(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|t| t.parse().ok()))
}

/// The largest whole number that a float holds exactly.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Turns floats that are whole, such as discord.py's `1.0`, into the integers that they mean.
pub(crate) fn settle_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().filter(|_| number.is_f64());
            if let Some(float) = float.filter(|f| f.fract() == 0.0 && f.abs() < LARGEST_EXACT) {
                *value = Value::from(float as i64);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(settle_numbers),
        Value::Object(map) => map.values_mut().for_each(settle_numbers),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHAPE: Shape = &[
        req("name", Rule::Text(1, 5)),
        opt("size", Rule::Int(0, 10)),
        nul("at", Rule::Time),
    ];

    #[test]
    fn a_right_body_passes() {
        assert!(check(SHAPE, &json!({ "name": "abc", "size": "3", "at": null })).is_ok());
    }

    #[test]
    fn every_fault_is_reported_with_its_path() {
        let error = check(SHAPE, &json!({ "name": "abcdef", "size": 11, "nmae": 1 })).unwrap_err();
        let tree = error.errors.unwrap();
        assert_eq!(
            tree.pointer("/name/_errors/0/code"),
            Some(&json!("BASE_TYPE_BAD_LENGTH"))
        );
        assert_eq!(
            tree.pointer("/size/_errors/0/code"),
            Some(&json!("NUMBER_TYPE_MAX"))
        );
        assert_eq!(
            tree.pointer("/nmae/_errors/0/code"),
            Some(&json!("UNKNOWN_FIELD"))
        );
    }

    #[test]
    fn whole_floats_are_integers() {
        let mut body = json!({ "duration": 1.0, "list": [2.5, -3.0, 1e300] });
        settle_numbers(&mut body);
        assert_eq!(body, json!({ "duration": 1, "list": [2.5, -3, 1e300] }));
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        assert!(check(SHAPE, &json!([])).is_err());
    }
}
