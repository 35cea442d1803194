//! Roles of a guild.

use serde_json::Value;

use crate::error::ApiError;
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, Shape, check, nul};
use crate::world::json;
use crate::world::permissions::Permissions;

const ROLE: Shape = &[
    nul("name", Rule::Text(1, 100)),
    nul("permissions", Rule::Bits),
    nul("color", Rule::Int(0, 0xFF_FF_FF)),
    nul("colors", Rule::Map),
    nul("hoist", Rule::Flag),
    nul("icon", Rule::Any),
    nul("unicode_emoji", Rule::Text(0, 100)),
    nul("mentionable", Rule::Flag),
];

fn guild(call: &Call<'_>) -> Result<(Id, Id), ApiError> {
    let (by, guild) = (call.user()?, call.id("guild")?);
    call.world.require_in_guild(guild, by, Permissions::NONE)?;
    Ok((by, guild))
}

fn show(call: &Call<'_>, guild: Id, id: Id) -> HandlerResult {
    Ok(Reply::Json(json::role(
        call.world
            .guild(guild)?
            .roles
            .get(&id)
            .ok_or_else(ApiError::unknown_role)?,
    )))
}

/// `GET /guilds/{guild}/roles`
pub(crate) fn list(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild) = guild(call)?;
    Ok(Reply::Json(
        call.world.guild(guild)?.roles.values().map(json::role).collect(),
    ))
}

/// `GET /guilds/{guild}/roles/{role}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild) = guild(call)?;
    show(call, guild, call.id("role")?)
}

/// `POST /guilds/{guild}/roles`
pub(crate) fn create(call: &mut Call<'_>) -> HandlerResult {
    check(ROLE, &call.body)?;
    let ((by, guild), reason) = (guild(call)?, call.reason());
    let id = call.world.create_role(by, guild, &call.body, reason.as_deref())?;
    show(call, guild, id)
}

/// `PATCH /guilds/{guild}/roles`
pub(crate) fn reorder(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild) = guild(call)?;
    let list: Vec<Value> = call.body.as_array().cloned().unwrap_or_default();
    call.world.move_roles(by, guild, &list)?;
    Ok(Reply::Json(
        call.world.guild(guild)?.roles.values().map(json::role).collect(),
    ))
}

/// `PATCH /guilds/{guild}/roles/{role}`
pub(crate) fn modify(call: &mut Call<'_>) -> HandlerResult {
    check(ROLE, &call.body)?;
    let ((by, guild), id, reason) = (guild(call)?, call.id("role")?, call.reason());
    call.world
        .modify_role(by, guild, id, &call.body, reason.as_deref())?;
    show(call, guild, id)
}

/// `DELETE /guilds/{guild}/roles/{role}`
pub(crate) fn delete(call: &mut Call<'_>) -> HandlerResult {
    let ((by, guild), id, reason) = (guild(call)?, call.id("role")?, call.reason());
    call.world.delete_role(by, guild, id, reason.as_deref())?;
    Ok(Reply::Empty)
}
