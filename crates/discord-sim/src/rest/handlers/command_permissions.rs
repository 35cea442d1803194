//! Who may use which command in a guild
//! (<https://discord.com/developers/docs/interactions/application-commands#permissions>).

use serde_json::Value;

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::call::{Actor, Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, check, req};
use crate::world::json_application::command_permissions;

/// The scope that lets an application set them for the user who granted it.
const SCOPE: &str = "applications.commands.permissions.update";
/// Entries of one command.
const MOST_ENTRIES: usize = 100;

const ENTRY: Rule = Rule::Object(&[
    req("id", Rule::Snowflake),
    req("type", Rule::Choice(&[1, 2, 3])),
    req("permission", Rule::Flag),
]);

fn place(call: &Call<'_>) -> ApiResult<(Id, Id)> {
    let (application, guild) = (call.id("application")?, call.id("guild")?);
    if application != call.application()? {
        return Err(ApiError::missing_access());
    }
    let bot = call.world.application(application)?.bot_id;
    call.world
        .member(guild, bot)
        .map_err(|_| ApiError::missing_access())?;
    Ok((application, guild))
}

/// `GET …/commands/permissions`
pub(crate) fn list(call: &mut Call<'_>) -> HandlerResult {
    let (application, guild) = place(call)?;
    let all = &call.world.application(application)?.command_permissions;
    let here = all.iter().filter(|((at, _), _)| *at == guild);
    Ok(Reply::Json(
        here.map(|((_, command), list)| command_permissions(application, guild, *command, list))
            .collect(),
    ))
}

/// `GET …/commands/{command}/permissions`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let ((application, guild), command) = (place(call)?, call.id("command")?);
    let all = &call.world.application(application)?.command_permissions;
    let list = all
        .get(&(guild, command))
        .ok_or_else(ApiError::unknown_command_permissions)?;
    Ok(Reply::Json(command_permissions(
        application,
        guild,
        command,
        list,
    )))
}

/// `PUT …/commands/{command}/permissions`: with a user's token; bots may not.
pub(crate) fn put(call: &mut Call<'_>) -> HandlerResult {
    let Actor::Bearer { user, scopes, .. } = call.actor.clone() else {
        return Err(ApiError::bots_not_allowed());
    };
    if !scopes.iter().any(|s| s == SCOPE) {
        return Err(ApiError::missing_scope());
    }
    check(
        const { &[req("permissions", Rule::List(0, MOST_ENTRIES, &ENTRY))] },
        &call.body,
    )?;
    let ((application, guild), command) = (place(call)?, call.id("command")?);
    let list = call.body.get("permissions").and_then(Value::as_array).cloned();
    let list = list.unwrap_or_default();
    call.world
        .set_command_permissions(user, application, guild, command, &list)?;
    let all = &call.world.application(application)?.command_permissions;
    let list = all.get(&(guild, command)).map(Vec::as_slice).unwrap_or_default();
    Ok(Reply::Json(command_permissions(
        application,
        guild,
        command,
        list,
    )))
}
