//! Custom emojis of guilds and of the application
//! (<https://discord.com/developers/docs/resources/emoji>).

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, Shape, check, nul, opt, req};
use crate::world::json_guild::managed_emoji;
use crate::world::permissions::Permissions;

const CREATE: Shape = &[
    req("name", Rule::Text(2, 32)),
    req("image", Rule::Any),
    nul("roles", Rule::List(0, 250, &Rule::Snowflake)),
];

const MODIFY: Shape = &[
    opt("name", Rule::Text(2, 32)),
    nul("roles", Rule::List(0, 250, &Rule::Snowflake)),
];

fn guild(call: &Call<'_>) -> ApiResult<(Id, Id)> {
    let (user, guild) = (call.user()?, call.id("guild")?);
    call.world.require_in_guild(guild, user, Permissions::NONE)?;
    Ok((user, guild))
}

fn show(call: &Call<'_>, guild: Id, id: Id) -> ApiResult<Value> {
    Ok(managed_emoji(call.world, call.world.guild_emoji(guild, id)?))
}

/// `GET /guilds/{guild}/emojis`
pub(crate) fn list(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild) = guild(call)?;
    let emojis = call.world.guild(guild)?.emojis.iter();
    Ok(Reply::Json(
        emojis.map(|e| managed_emoji(call.world, e)).collect(),
    ))
}

/// `POST /guilds/{guild}/emojis`
pub(crate) fn create(call: &mut Call<'_>) -> HandlerResult {
    check(CREATE, &call.body)?;
    let ((user, guild), reason) = (guild(call)?, call.reason());
    let id = call
        .world
        .create_emoji(user, guild, &call.body, reason.as_deref())?;
    Ok(Reply::Status(201, show(call, guild, id)?))
}

/// `GET /guilds/{guild}/emojis/{emoji}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild) = guild(call)?;
    Ok(Reply::Json(show(call, guild, call.id("emoji")?)?))
}

/// `PATCH /guilds/{guild}/emojis/{emoji}`
pub(crate) fn modify(call: &mut Call<'_>) -> HandlerResult {
    check(MODIFY, &call.body)?;
    let ((user, guild), reason, id) = (guild(call)?, call.reason(), call.id("emoji")?);
    call.world
        .modify_emoji(user, guild, id, &call.body, reason.as_deref())?;
    Ok(Reply::Json(show(call, guild, id)?))
}

/// `DELETE /guilds/{guild}/emojis/{emoji}`
pub(crate) fn delete(call: &mut Call<'_>) -> HandlerResult {
    let ((user, guild), reason, id) = (guild(call)?, call.reason(), call.id("emoji")?);
    call.world.delete_emoji(user, guild, id, reason.as_deref())?;
    Ok(Reply::Empty)
}

fn application(call: &Call<'_>) -> ApiResult<Id> {
    let (id, own) = (call.id("application")?, call.application()?);
    if id == own {
        Ok(id)
    } else {
        Err(ApiError::missing_access())
    }
}

fn show_own(call: &mut Call<'_>, application: Id, id: Id) -> ApiResult<Value> {
    let emoji = call.world.application_emoji(application, id)?.clone();
    Ok(managed_emoji(call.world, &emoji))
}

/// `GET /applications/{application}/emojis`
pub(crate) fn list_own(call: &mut Call<'_>) -> HandlerResult {
    let emojis = &call.world.application(application(call)?)?.emojis;
    let items: Vec<Value> = emojis.iter().map(|e| managed_emoji(call.world, e)).collect();
    Ok(Reply::Json(json!({ "items": items })))
}

/// `POST /applications/{application}/emojis`
pub(crate) fn create_own(call: &mut Call<'_>) -> HandlerResult {
    check(CREATE, &call.body)?;
    let application = application(call)?;
    let id = call.world.create_application_emoji(application, &call.body)?;
    Ok(Reply::Status(201, show_own(call, application, id)?))
}

/// `GET /applications/{application}/emojis/{emoji}`
pub(crate) fn get_own(call: &mut Call<'_>) -> HandlerResult {
    let (application, id) = (application(call)?, call.id("emoji")?);
    Ok(Reply::Json(show_own(call, application, id)?))
}

/// `PATCH /applications/{application}/emojis/{emoji}`
pub(crate) fn modify_own(call: &mut Call<'_>) -> HandlerResult {
    check(MODIFY, &call.body)?;
    let (application, id) = (application(call)?, call.id("emoji")?);
    let name = call.body.get("name").and_then(Value::as_str).map(str::to_owned);
    let emoji = call.world.application_emoji(application, id)?;
    if let Some(name) = name {
        emoji.name = name;
    }
    Ok(Reply::Json(show_own(call, application, id)?))
}

/// `DELETE /applications/{application}/emojis/{emoji}`
pub(crate) fn delete_own(call: &mut Call<'_>) -> HandlerResult {
    let (application, id) = (application(call)?, call.id("emoji")?);
    call.world.application_emoji(application, id)?;
    let emojis = &mut call.world.application_mut(application)?.emojis;
    emojis.retain(|e| e.id != id);
    Ok(Reply::Empty)
}
