//! Guilds, their channel lists and audit logs.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, check, nul};
use crate::world::permissions::Permissions;
use crate::world::{Scope, id_of, json};

use super::channels::CREATE;

/// The guild of the route, if the caller is in it.
fn guild(call: &Call<'_>) -> Result<Id, ApiError> {
    let id = call.id("guild")?;
    call.world.require_in_guild(id, call.user()?, Permissions::NONE)?;
    Ok(id)
}

/// `GET /guilds/{guild}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let state = call.world.guild(guild(call)?)?;
    let mut value = json::guild(state);
    if call.query_flag("with_counts") {
        json::extend(
            &mut value,
            json!({
                "approximate_member_count": state.members.len(), "approximate_presence_count": state.members.len(),
            }),
        );
    }
    Ok(Reply::Json(value))
}

/// `PATCH /guilds/{guild}`
pub(crate) fn modify(call: &mut Call<'_>) -> HandlerResult {
    let id = guild(call)?;
    call.world
        .require_in_guild(id, call.user()?, Permissions::MANAGE_GUILD)?;
    check(
        const {
            &[
                nul("name", Rule::Text(2, 100)),
                nul("description", Rule::Text(0, 300)),
                nul("icon", Rule::Any),
                nul("system_channel_id", Rule::Snowflake),
                nul("rules_channel_id", Rule::Snowflake),
                nul("verification_level", Rule::Int(0, 4)),
                nul("default_message_notifications", Rule::Int(0, 1)),
                nul("explicit_content_filter", Rule::Int(0, 2)),
                nul("afk_channel_id", Rule::Snowflake),
                nul("afk_timeout", Rule::Int(60, 3600)),
                nul("banner", Rule::Any),
                nul("splash", Rule::Any),
                nul("preferred_locale", Rule::Text(2, 10)),
                nul("features", Rule::Any),
                nul("system_channel_flags", Rule::Any),
                nul("public_updates_channel_id", Rule::Snowflake),
                nul("premium_progress_bar_enabled", Rule::Flag),
                nul("safety_alerts_channel_id", Rule::Snowflake),
            ]
        },
        &call.body,
    )?;
    let body = std::mem::take(&mut call.body);
    let state = call.world.guild_mut(id)?;
    if let Some(name) = body.get("name").and_then(Value::as_str) {
        name.clone_into(&mut state.name);
    }
    if let Some(text) = body.get("description") {
        state.description = text.as_str().map(str::to_owned);
    }
    if let Some(channel) = body.get("system_channel_id") {
        state.system_channel = id_of(channel);
    }
    if let Some(channel) = body.get("rules_channel_id") {
        state.rules_channel = id_of(channel);
    }
    let value = json::guild(state);
    call.world.emit("GUILD_UPDATE", Scope::Guild(id), value.clone());
    Ok(Reply::Json(value))
}

/// `GET /guilds/{guild}/channels`
pub(crate) fn channels(call: &mut Call<'_>) -> HandlerResult {
    let state = call.world.guild(guild(call)?)?;
    let all = state
        .channels
        .iter()
        .filter_map(|id| call.world.channels.get(id))
        .filter(|c| !c.is_thread());
    Ok(Reply::Json(all.map(|c| json::channel(call.world, c)).collect()))
}

/// `POST /guilds/{guild}/channels`
pub(crate) fn create_channel(call: &mut Call<'_>) -> HandlerResult {
    let (id, user, reason) = (guild(call)?, call.user()?, call.reason());
    check(CREATE, &call.body)?;
    let channel = call
        .world
        .create_channel(user, id, &call.body, reason.as_deref())?;
    Ok(Reply::Status(
        201,
        json::channel(call.world, call.world.channel(channel)?),
    ))
}

/// `PATCH /guilds/{guild}/channels`
pub(crate) fn move_channels(call: &mut Call<'_>) -> HandlerResult {
    let (id, user) = (guild(call)?, call.user()?);
    let list = call.body.as_array().cloned().unwrap_or_default();
    call.world.move_channels(user, id, &list)?;
    Ok(Reply::Empty)
}

/// `GET /guilds/{guild}/audit-logs`: newest first.
pub(crate) fn audit_log(call: &mut Call<'_>) -> HandlerResult {
    let id = guild(call)?;
    call.world
        .require_in_guild(id, call.user()?, Permissions::VIEW_AUDIT_LOG)?;
    let limit = call.query_number("limit", 50, 1, 100)?;
    let (by, action) = (
        call.query_id("user_id"),
        call.query("action_type").and_then(|t| t.parse::<u16>().ok()),
    );
    let (before, after) = (call.query_id("before"), call.query_id("after"));
    let chosen: Vec<_> = call
        .world
        .guild(id)?
        .audit
        .iter()
        .rev()
        .filter(|e| by.is_none_or(|u| e.user == u) && action.is_none_or(|a| e.action == a))
        .filter(|e| before.is_none_or(|b| e.id < b) && after.is_none_or(|a| e.id > a))
        .take(limit)
        .collect();
    let mut people: Vec<Id> = chosen
        .iter()
        .flat_map(|e| [Some(e.user), e.target])
        .flatten()
        .collect();
    people.sort();
    people.dedup();
    let users: Vec<Value> = people
        .iter()
        .filter_map(|id| call.world.users.get(id))
        .map(json::user)
        .collect();
    let entries: Vec<Value> = chosen
        .into_iter()
        .map(|entry| {
            let mut value = json::audit_entry(id, entry);
            if let Value::Object(map) = &mut value {
                map.remove("guild_id");
            }
            value
        })
        .collect();
    Ok(Reply::Json(json!({
        "audit_log_entries": entries, "users": users, "webhooks": [], "integrations": [], "threads": [],
        "application_commands": [], "guild_scheduled_events": [], "auto_moderation_rules": [],
    })))
}

/// `GET /guilds/{guild}/emojis`
pub(crate) fn emojis(call: &mut Call<'_>) -> HandlerResult {
    let state = call.world.guild(guild(call)?)?;
    Ok(Reply::Json(state.emojis.iter().map(json::emoji).collect()))
}

/// Lists of things that no guild of this world has.
pub(crate) fn nothing(call: &mut Call<'_>) -> HandlerResult {
    guild(call)?;
    Ok(Reply::Json(json!([])))
}

/// `GET /voice/regions`
pub(crate) fn regions(_: &mut Call<'_>) -> HandlerResult {
    Ok(Reply::Json(json!([
        { "id": "rotterdam", "name": "Rotterdam", "optimal": true, "deprecated": false, "custom": false },
    ])))
}
