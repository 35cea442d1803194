//! Users, the own account, direct messages and the own application.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::rest::call::{Actor, Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, check, nul, req};
use crate::world::json;

pub(super) fn require_scope(call: &Call<'_>, scope: &str) -> ApiResult<()> {
    match &call.actor {
        Actor::Bearer { scopes, .. } if !scopes.iter().any(|s| s == scope) => Err(ApiError::missing_scope()),
        _ => Ok(()),
    }
}

/// `GET /users/@me`
pub(crate) fn me(call: &mut Call<'_>) -> HandlerResult {
    require_scope(call, "identify")?;
    let user = call.world.user(call.user()?)?;
    let mut value = json::own_user(user);
    if let Actor::Bearer { scopes, .. } = &call.actor
        && scopes.iter().any(|s| s == "email")
    {
        json::extend(
            &mut value,
            json!({ "email": format!("{}@example.com", user.name) }),
        );
    }
    Ok(Reply::Json(value))
}

/// `PATCH /users/@me`
pub(crate) fn modify_me(call: &mut Call<'_>) -> HandlerResult {
    check(
        const {
            &[
                nul("username", Rule::Text(2, 32)),
                nul("avatar", Rule::Any),
                nul("banner", Rule::Any),
            ]
        },
        &call.body,
    )?;
    let id = call.user()?;
    let avatar = call.world.read_picture(&call.body, "avatar")?;
    call.world.read_picture(&call.body, "banner")?;
    let user = call.world.users.get_mut(&id).ok_or_else(ApiError::unknown_user)?;
    if let Some(name) = call.body.get("username").and_then(Value::as_str) {
        name.clone_into(&mut user.name);
    }
    if let Some(avatar) = avatar {
        user.avatar = avatar;
    }
    let value = json::own_user(user);
    let scope = crate::world::Scope::Application {
        id: call.application()?,
        guild: None,
    };
    call.world.emit("USER_UPDATE", scope, value.clone());
    Ok(Reply::Json(value))
}

/// `GET /users/{user}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    Ok(Reply::Json(json::user(call.world.user(call.id("user")?)?)))
}

/// `GET /users/@me/guilds`
pub(crate) fn my_guilds(call: &mut Call<'_>) -> HandlerResult {
    require_scope(call, "guilds")?;
    let user = call.user()?;
    let limit = call.query_number("limit", 200, 1, 200)?;
    let (after, before) = (call.query_id("after"), call.query_id("before"));
    let counts = call.query_flag("with_counts");
    let list: Vec<Value> = call
        .world
        .guilds
        .values()
        .filter(|g| g.members.contains_key(&user))
        .filter(|g| after.is_none_or(|a| g.id > a) && before.is_none_or(|b| g.id < b))
        .take(limit)
        .map(|g| {
            let mut value = json!({
                "id": g.id, "name": g.name, "icon": g.icon, "banner": null, "owner": g.owner_id == user,
                "permissions": json::permission_text(call.world.permissions_in_guild(g.id, user)),
                "features": ["COMMUNITY"],
            });
            if counts {
                json::extend(&mut value, json!({
                    "approximate_member_count": g.members.len(), "approximate_presence_count": g.members.len(),
                }));
            }
            value
        })
        .collect();
    Ok(Reply::Json(Value::Array(list)))
}

/// `GET /users/@me/guilds/{guild}/member`
pub(crate) fn my_member(call: &mut Call<'_>) -> HandlerResult {
    require_scope(call, "guilds.members.read")?;
    let member = call
        .world
        .member(call.id("guild")?, call.user()?)
        .map_err(|_| ApiError::unknown_guild())?;
    Ok(Reply::Json(json::member(call.world, member)))
}

/// `DELETE /users/@me/guilds/{guild}`
pub(crate) fn leave_guild(call: &mut Call<'_>) -> HandlerResult {
    let user = call.user()?;
    call.world.leave(call.id("guild")?, user)?;
    Ok(Reply::Empty)
}

/// `POST /users/@me/channels`
pub(crate) fn create_dm(call: &mut Call<'_>) -> HandlerResult {
    check(const { &[req("recipient_id", Rule::Snowflake)] }, &call.body)?;
    let own = call.user()?;
    let other = call
        .body
        .get("recipient_id")
        .and_then(crate::world::id_of)
        .ok_or_else(ApiError::unknown_user)?;
    call.world.user(other)?;
    if other == own {
        return Err(ApiError::invalid_recipients());
    }
    let id = call.world.dm_between(own, other);
    let mut value = json::channel(call.world, call.world.channel(id)?);
    // A direct message names the others only.
    if let Some(list) = value.get_mut("recipients").and_then(Value::as_array_mut) {
        list.retain(|u| u.get("id") != Some(&json!(own)));
    }
    Ok(Reply::Json(value))
}

/// The application that a path names, if it is the caller's own.
fn own_application(call: &Call<'_>) -> ApiResult<()> {
    if call.id("application")? == call.application()? {
        Ok(())
    } else {
        Err(ApiError::missing_access())
    }
}

/// `GET /applications/{application}`
pub(crate) fn application_by_id(call: &mut Call<'_>) -> HandlerResult {
    own_application(call)?;
    application(call)
}

/// `PATCH /applications/{application}`
pub(crate) fn modify_application_by_id(call: &mut Call<'_>) -> HandlerResult {
    own_application(call)?;
    modify_application(call)
}

/// `GET /applications/@me` and `GET /oauth2/applications/@me`
pub(crate) fn application(call: &mut Call<'_>) -> HandlerResult {
    let application = call.world.application(call.application()?)?;
    Ok(Reply::Json(json::application(call.world, application)))
}

/// `PATCH /applications/@me`
pub(crate) fn modify_application(call: &mut Call<'_>) -> HandlerResult {
    check(
        const {
            &[
                nul("description", Rule::Text(0, 400)),
                nul("icon", Rule::Any),
                nul("cover_image", Rule::Any),
                nul("interactions_endpoint_url", Rule::Any),
                nul("role_connections_verification_url", Rule::Any),
                nul("custom_install_url", Rule::Any),
                nul("install_params", Rule::Any),
                nul("integration_types_config", Rule::Any),
                nul("flags", Rule::Int(0, i64::MAX)),
                nul("tags", Rule::List(0, 5, &Rule::Text(1, 20))),
            ]
        },
        &call.body,
    )?;
    let id = call.application()?;
    for key in ["icon", "cover_image"] {
        call.world.read_picture(&call.body, key)?;
    }
    let body = json::into_object(std::mem::take(&mut call.body));
    let state = call.world.application_mut(id)?;
    if let Some(text) = body.get("description").and_then(Value::as_str) {
        text.clone_into(&mut state.description);
    }
    // Pictures and flags are Discord's to show; the rest stands as it was set.
    let kept = body.into_iter().filter(|(key, value)| {
        !matches!(key.as_str(), "description" | "icon" | "cover_image" | "flags") && !value.is_null()
    });
    state.about.extend(kept);
    application(call)
}
