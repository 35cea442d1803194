//! The shapes of application commands and what Discord checks of them beside
//! (<https://discord.com/developers/docs/interactions/application-commands>).

use std::collections::HashSet;

use serde_json::Value;

use crate::error::Problems;
use crate::rest::validate::{Rule, Shape, check_object, join, nul, opt, req};

/// Commands of a scope: slash commands, user menus, message menus.
pub(super) const MOST_COMMANDS: [(u8, usize); 3] = [(1, 100), (2, 15), (3, 15)];
/// Characters of a command with everything in it.
const LONGEST_COMMAND: usize = 8000;
/// Options of a command or subcommand, and choices of an option.
const MOST_OPTIONS: usize = 25;

const CHOICE: Rule = Rule::Object(&[
    req("name", Rule::Text(1, 100)),
    nul("name_localizations", Rule::Map),
    req("value", Rule::Any),
    opt("name_localized", Rule::Any),
]);

const OPTION: Shape = &[
    req("type", Rule::Choice(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])),
    req("name", Rule::Text(1, 32)),
    nul("name_localizations", Rule::Map),
    req("description", Rule::Text(1, 100)),
    nul("description_localizations", Rule::Map),
    nul("required", Rule::Flag),
    nul("choices", Rule::List(0, MOST_OPTIONS, &CHOICE)),
    nul("options", Rule::Custom(check_options)),
    nul("channel_types", Rule::List(0, 20, &Rule::Int(0, 20))),
    nul("min_value", Rule::Number),
    nul("max_value", Rule::Number),
    nul("min_length", Rule::Int(0, 6000)),
    nul("max_length", Rule::Int(1, 6000)),
    nul("autocomplete", Rule::Flag),
];

const COMMAND: Shape = &[
    opt("id", Rule::Snowflake),
    opt("application_id", Rule::Snowflake),
    opt("version", Rule::Any),
    nul("guild_id", Rule::Snowflake),
    req("name", Rule::Text(1, 32)),
    nul("name_localizations", Rule::Map),
    nul("description", Rule::Text(0, 100)),
    nul("description_localizations", Rule::Map),
    nul("options", Rule::Custom(check_options)),
    nul("default_member_permissions", Rule::Bits),
    nul("dm_permission", Rule::Flag),
    nul("default_permission", Rule::Flag),
    nul("integration_types", Rule::List(0, 2, &Rule::Choice(&[0, 1]))),
    nul("contexts", Rule::List(0, 3, &Rule::Choice(&[0, 1, 2]))),
    nul("type", Rule::Choice(&[1, 2, 3, 4])),
    nul("nsfw", Rule::Flag),
    nul("handler", Rule::Any),
];

fn check_options(value: &Value, path: &str, problems: &mut Problems) {
    let Some(list) = value.as_array() else {
        problems.at(
            path,
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        );
        return;
    };
    if list.len() > MOST_OPTIONS {
        problems.at(
            path,
            "BASE_TYPE_MAX_LENGTH",
            format!("Must be {MOST_OPTIONS} or fewer in length."),
        );
    }
    let mut names = HashSet::new();
    let mut optional_seen = false;
    for (at, option) in list.iter().enumerate() {
        let path = join(path, at);
        check_object(OPTION, option, &path, problems);
        let name = option.get("name").and_then(Value::as_str).unwrap_or_default();
        check_name(name, true, &join(&path, "name"), problems);
        if !names.insert(name) {
            problems.at(
                &join(&path, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED",
                "Option names must be unique",
            );
        }
        let is_group = matches!(option.get("type").and_then(Value::as_i64), Some(1 | 2));
        let required = option.get("required").and_then(Value::as_bool).unwrap_or(false);
        if required && optional_seen {
            problems.at(
                &path,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            );
        }
        optional_seen |= !required && !is_group;
        let choices = option
            .get("choices")
            .and_then(Value::as_array)
            .is_some_and(|c| !c.is_empty());
        if choices && option.get("autocomplete").and_then(Value::as_bool) == Some(true) {
            problems.at(
                &join(&path, "autocomplete"),
                "APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_INVALID",
                "Autocomplete cannot be used with choices",
            );
        }
    }
}

/// Slash names are lower case, 1 to 32 letters, digits, hyphens and underscores of any script.
fn check_name(name: &str, slash: bool, path: &str, problems: &mut Problems) {
    let bad =
        |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '\'') || is_mark(c)) || c.is_uppercase();
    if slash && !name.is_empty() && name.chars().any(bad) {
        problems.at(
            path,
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid",
        );
    }
}

/// Vowel signs of Devanagari and Thai belong to names.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x0900..=0x097F | 0x0E00..=0x0E7F)
}

pub(super) fn check_command(value: &Value, path: &str, problems: &mut Problems, kind: u8) {
    check_object(COMMAND, value, path, problems);
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    check_name(text("name"), kind == 1, &join(path, "name"), problems);
    if kind == 1 && text("description").is_empty() {
        problems.at(
            &join(path, "description"),
            "BASE_TYPE_REQUIRED",
            "This field is required",
        );
    }
    if kind != 1 && !text("description").is_empty() {
        problems.at(
            &join(path, "description"),
            "APPLICATION_COMMAND_INVALID_DESCRIPTION",
            "Context menu commands cannot have descriptions",
        );
    }
    if text_length(value) > LONGEST_COMMAND {
        problems.at(
            path,
            "APPLICATION_COMMAND_TOO_LARGE",
            format!("Command exceeds maximum size ({LONGEST_COMMAND})"),
        );
    }
}

/// Names, descriptions and choice values count, the longest localisation of each.
fn text_length(value: &Value) -> usize {
    let text = |v: Option<&Value>| v.and_then(Value::as_str).map_or(0, |t| t.chars().count());
    let longest = |v: Option<&Value>| {
        v.and_then(Value::as_object)
            .map_or(0, |m| m.values().map(|t| text(Some(t))).max().unwrap_or(0))
    };
    let own = text(value.get("name")).max(longest(value.get("name_localizations")))
        + text(value.get("description")).max(longest(value.get("description_localizations")))
        + text(value.get("value"));
    let below = ["options", "choices"]
        .iter()
        .filter_map(|k| value.get(k)?.as_array())
        .flatten()
        .map(text_length);
    own + below.sum::<usize>()
}

/// Options as Discord gives them back: without what is null or of another type of option. Some libraries send both.
pub(super) fn tidy_options(options: &mut Value) {
    for option in options.as_array_mut().into_iter().flatten() {
        let Value::Object(fields) = option else { continue };
        let holds_options = fields
            .get("type")
            .and_then(Value::as_u64)
            .is_some_and(|kind| kind <= 2);
        fields.retain(|key, value| {
            let is_empty = value.as_array().is_some_and(Vec::is_empty);
            !value.is_null() && !(is_empty && (key != "options" || !holds_options))
        });
        if let Some(inner) = fields.get_mut("options") {
            tidy_options(inner);
        }
    }
}

pub(super) fn kind_of(body: &Value) -> u8 {
    body.get("type")
        .and_then(Value::as_u64)
        .and_then(|k| u8::try_from(k).ok())
        .unwrap_or(1)
}
