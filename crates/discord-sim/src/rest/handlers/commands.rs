//! Application commands, global and of one guild
//! (<https://discord.com/developers/docs/interactions/application-commands>).

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult, Problems};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, Shape, check_object, join, nul, opt, req};
use crate::world::json;
use crate::world::model::Command;

/// Commands of a scope: slash commands, user menus, message menus.
const MOST_COMMANDS: [(u8, usize); 3] = [(1, 100), (2, 15), (3, 15)];
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

fn check_command(value: &Value, path: &str, problems: &mut Problems, kind: u8) {
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

fn kind_of(body: &Value) -> u8 {
    body.get("type")
        .and_then(Value::as_u64)
        .and_then(|k| u8::try_from(k).ok())
        .unwrap_or(1)
}

/// The commands of the route's scope: all guilds or one.
fn scope<'a>(call: &'a mut Call<'_>) -> ApiResult<(&'a mut BTreeMap<Id, Command>, Option<Id>)> {
    let (application, own) = (call.id("application")?, call.application()?);
    if application != own {
        return Err(ApiError::missing_access());
    }
    let guild = match call.param("guild") {
        "" => None,
        _ => Some(call.id("guild")?),
    };
    if let Some(guild) = guild {
        let bot = call.user()?;
        call.world
            .member(guild, bot)
            .map_err(|_| ApiError::missing_access())?;
    }
    let state = call.world.application_mut(application)?;
    Ok(match guild {
        Some(guild) => (state.guild_commands.entry(guild).or_default(), Some(guild)),
        None => (&mut state.global_commands, None),
    })
}

fn make(call: &mut Call<'_>, body: &Value, guild: Option<Id>, id: Option<Id>) -> Command {
    let id = id.unwrap_or_else(|| call.world.new_id());
    let version = call.world.new_id();
    let mut map = json::into_object(json!({
        "default_member_permissions": null, "description": "", "name_localizations": null,
        "description_localizations": null, "integration_types": [0], "nsfw": false, "contexts": null,
    }));
    let given = json::into_object(body.clone());
    map.extend(
        given
            .into_iter()
            .filter(|(k, v)| !(v.is_null() && map_has_default(k))),
    );
    for key in [
        "id",
        "application_id",
        "version",
        "guild_id",
        "name",
        "type",
        "default_permission",
    ] {
        map.remove(key);
    }
    // Discord gives the permissions back as text, whatever form they came in.
    if let Some(bits) = map
        .get("default_member_permissions")
        .and_then(crate::rest::validate::as_unsigned)
    {
        map.insert("default_member_permissions".to_owned(), json!(bits.to_string()));
    }
    if guild.is_none() {
        map.entry("dm_permission").or_insert(json!(true));
    }
    Command {
        id,
        version,
        kind: kind_of(body),
        name: body
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        guild_id: guild,
        body: Value::Object(map),
    }
}

fn map_has_default(key: &str) -> bool {
    matches!(key, "description" | "nsfw" | "integration_types")
}

fn show(call: &Call<'_>, command: &Command) -> ApiResult<Value> {
    Ok(json::command(call.application()?, command, true))
}

/// `GET …/commands`
pub(crate) fn list(call: &mut Call<'_>) -> HandlerResult {
    let application = call.application()?;
    let with = call.query_flag("with_localizations");
    let (commands, _) = scope(call)?;
    Ok(Reply::Json(
        commands
            .values()
            .map(|c| json::command(application, c, with))
            .collect(),
    ))
}

/// `GET …/commands/{command}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let id = call.id("command")?;
    let command = scope(call)?
        .0
        .get(&id)
        .cloned()
        .ok_or_else(ApiError::unknown_command)?;
    Ok(Reply::Json(show(call, &command)?))
}

/// `POST …/commands`: a command of the same name and type is replaced.
pub(crate) fn create(call: &mut Call<'_>) -> HandlerResult {
    let body = std::mem::take(&mut call.body);
    let kind = kind_of(&body);
    let mut problems = Problems::default();
    check_command(&body, "", &mut problems, kind);
    problems.into_result()?;
    let name = body
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let (commands, guild) = scope(call)?;
    let same = commands
        .values()
        .find(|c| c.name == name && c.kind == kind)
        .map(|c| c.id);
    if same.is_none() && commands.values().filter(|c| c.kind == kind).count() >= most(kind) {
        return Err(ApiError::too_many_commands());
    }
    let command = make(call, &body, guild, same);
    let value = show(call, &command)?;
    scope(call)?.0.insert(command.id, command);
    Ok(if same.is_some() {
        Reply::Json(value)
    } else {
        Reply::Status(201, value)
    })
}

fn most(kind: u8) -> usize {
    MOST_COMMANDS
        .iter()
        .find(|(k, _)| *k == kind)
        .map_or(1, |(_, n)| *n)
}

/// `PUT …/commands`: all at once.
pub(crate) fn overwrite(call: &mut Call<'_>) -> HandlerResult {
    let body = std::mem::take(&mut call.body);
    let Some(list) = body.as_array() else {
        return Err(ApiError::field(
            "",
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        ));
    };
    let mut problems = Problems::default();
    let mut names = HashSet::new();
    for (at, item) in list.iter().enumerate() {
        let kind = kind_of(item);
        check_command(item, &at.to_string(), &mut problems, kind);
        if !names.insert((kind, item.get("name").and_then(Value::as_str).unwrap_or_default())) {
            problems.at(
                &at.to_string(),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            );
        }
    }
    problems.into_result()?;
    if MOST_COMMANDS
        .iter()
        .any(|(kind, most)| list.iter().filter(|i| kind_of(i) == *kind).count() > *most)
    {
        return Err(ApiError::too_many_commands());
    }
    let (commands, guild) = scope(call)?;
    let old: Vec<(String, u8, Id)> = commands
        .values()
        .map(|c| (c.name.clone(), c.kind, c.id))
        .collect();
    let made: Vec<Command> = list
        .iter()
        .map(|item| {
            let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
            let kept = old
                .iter()
                .find(|(n, k, _)| n == name && *k == kind_of(item))
                .map(|(_, _, id)| *id);
            make(call, item, guild, kept)
        })
        .collect();
    let shown = made
        .iter()
        .map(|c| show(call, c))
        .collect::<ApiResult<Vec<_>>>()?;
    *scope(call)?.0 = made.into_iter().map(|c| (c.id, c)).collect();
    Ok(Reply::Json(Value::Array(shown)))
}

/// `PATCH …/commands/{command}`
pub(crate) fn modify(call: &mut Call<'_>) -> HandlerResult {
    let id = call.id("command")?;
    let body = std::mem::take(&mut call.body);
    let (commands, guild) = scope(call)?;
    let command = commands.get(&id).cloned().ok_or_else(ApiError::unknown_command)?;
    let mut merged = command.body.clone();
    json::extend(&mut merged, json!({ "name": command.name, "type": command.kind }));
    json::extend(&mut merged, body);
    let mut problems = Problems::default();
    check_command(&merged, "", &mut problems, command.kind);
    problems.into_result()?;
    let next = make(call, &merged, guild, Some(id));
    let value = show(call, &next)?;
    scope(call)?.0.insert(id, next);
    Ok(Reply::Json(value))
}

/// `DELETE …/commands/{command}`
pub(crate) fn delete(call: &mut Call<'_>) -> HandlerResult {
    let id = call.id("command")?;
    scope(call)?.0.remove(&id).ok_or_else(ApiError::unknown_command)?;
    Ok(Reply::Empty)
}

/// `GET …/commands/permissions`: nobody has set any.
pub(crate) fn permissions(call: &mut Call<'_>) -> HandlerResult {
    scope(call)?;
    Ok(Reply::Json(json!([])))
}

/// `GET /applications/{application}/emojis`: the application has none.
pub(crate) fn emojis(call: &mut Call<'_>) -> HandlerResult {
    call.application()?;
    Ok(Reply::Json(json!({ "items": [] })))
}
