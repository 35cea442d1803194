//! Application commands, global and of one guild
//! (<https://discord.com/developers/docs/interactions/application-commands>).

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult, Problems};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::world::json;
use crate::world::model::Command;

use super::command_shapes::{MOST_COMMANDS, check_command, kind_of, tidy_options};

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
    if let Some(options) = map.get_mut("options") {
        tidy_options(options);
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
