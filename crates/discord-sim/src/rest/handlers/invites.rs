//! Invitations.

use serde_json::Value;

use crate::error::ApiResult;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, check, nul};
use crate::world::invite::Invite;
use crate::world::permissions::Permissions;

fn list(call: &Call<'_>, fits: impl Fn(&Invite) -> bool) -> HandlerResult {
    let found = call.world.invites.values().filter(|i| fits(i));
    Ok(Reply::Json(Value::Array(
        found
            .map(|i| call.world.invite_json(i, true))
            .collect::<ApiResult<_>>()?,
    )))
}

/// `GET /guilds/{guild}/invites`
pub(crate) fn of_guild(call: &mut Call<'_>) -> HandlerResult {
    let guild = call.id("guild")?;
    call.world
        .require_in_guild(guild, call.user()?, Permissions::MANAGE_GUILD)?;
    list(call, |i| i.guild == guild)
}

/// `GET /channels/{channel}/invites`
pub(crate) fn of_channel(call: &mut Call<'_>) -> HandlerResult {
    let channel = call.id("channel")?;
    call.world
        .require_in_channel(channel, call.user()?, Permissions::MANAGE_CHANNELS)?;
    list(call, |i| i.channel == channel)
}

/// `POST /channels/{channel}/invites`
pub(crate) fn create(call: &mut Call<'_>) -> HandlerResult {
    let shape = const {
        &[
            nul("max_age", Rule::Int(0, 604_800)),
            nul("max_uses", Rule::Int(0, 100)),
            nul("temporary", Rule::Flag),
            nul("unique", Rule::Flag),
            nul("target_type", Rule::Choice(&[1, 2])),
            nul("target_user_id", Rule::Snowflake),
            nul("target_application_id", Rule::Snowflake),
        ]
    };
    check(shape, &call.body)?;
    let (user, channel, reason) = (call.user()?, call.id("channel")?, call.reason());
    let code = call
        .world
        .create_invite(user, channel, &call.body, reason.as_deref())?;
    Ok(Reply::Json(
        call.world.invite_json(call.world.invite(&code)?, true)?,
    ))
}

/// `GET /invites/{code}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    Ok(Reply::Json(
        call.world
            .invite_json(call.world.invite(call.param("code"))?, false)?,
    ))
}

/// `DELETE /invites/{code}`
pub(crate) fn delete(call: &mut Call<'_>) -> HandlerResult {
    let (user, code, reason) = (call.user()?, call.param("code").to_owned(), call.reason());
    let body = call.world.invite_json(call.world.invite(&code)?, false)?;
    call.world.delete_invite(user, &code, reason.as_deref())?;
    Ok(Reply::Json(body))
}
