//! Guilds, their channel lists and audit logs.

use serde_json::{Value, json};

use crate::error::{ApiError, Problems};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, check, check_value, nul, opt, req};
use crate::world::json;
use crate::world::model::AuditEntry;
use crate::world::permissions::Permissions;

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
    let (user, reason) = (call.user()?, call.reason());
    call.world.modify_guild(user, id, &call.body, reason.as_deref())?;
    Ok(Reply::Json(json::guild(call.world.guild(id)?)))
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

const PLACE: Rule = Rule::Object(&[
    req("id", Rule::Snowflake),
    nul("position", Rule::Int(0, i32::MAX as i64)),
    nul("lock_permissions", Rule::Flag),
    nul("parent_id", Rule::Snowflake),
    opt("preceding_sibling_id", Rule::Any),
]);

/// `PATCH /guilds/{guild}/channels`
pub(crate) fn move_channels(call: &mut Call<'_>) -> HandlerResult {
    let (id, user) = (guild(call)?, call.user()?);
    let mut problems = Problems::default();
    check_value(&Rule::List(0, 500, &PLACE), &call.body, "", &mut problems);
    problems.into_result()?;
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
    let fits = |e: &&AuditEntry| {
        by.is_none_or(|u| e.user == u)
            && action.is_none_or(|a| e.action == a)
            && before.is_none_or(|b| e.id < b)
            && after.is_none_or(|a| e.id > a)
    };
    let lines = call.world.guild(id)?.audit.iter();
    // With `after` the oldest come first (<https://discord.com/developers/docs/resources/audit-log>).
    let chosen: Vec<&AuditEntry> = if after.is_some() {
        lines.filter(fits).take(limit).collect()
    } else {
        lines.rev().filter(fits).take(limit).collect()
    };
    let targets: Vec<Id> = chosen.iter().filter_map(|e| e.target).collect();
    let webhooks = call.world.webhooks.values().filter(|w| targets.contains(&w.id));
    let webhooks: Vec<Value> = webhooks.map(|w| json::webhook(call.world, w, false)).collect();
    let threads: Vec<Value> = targets
        .iter()
        .filter_map(|id| call.world.channels.get(id).filter(|c| c.is_thread()))
        .map(|c| json::channel(call.world, c))
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
        "audit_log_entries": entries, "users": users, "webhooks": webhooks, "integrations": [], "threads": threads,
        "application_commands": [], "guild_scheduled_events": [], "auto_moderation_rules": [],
    })))
}

/// Lists of things that no guild of this world has.
pub(crate) fn nothing(call: &mut Call<'_>) -> HandlerResult {
    guild(call)?;
    Ok(Reply::Json(json!([])))
}

/// `GET …/auto-moderation/rules`: there are none.
pub(crate) fn no_rules(call: &mut Call<'_>) -> HandlerResult {
    let id = guild(call)?;
    call.world
        .require_in_guild(id, call.user()?, Permissions::MANAGE_GUILD)?;
    Ok(Reply::Json(json!([])))
}

/// `GET /voice/regions`
pub(crate) fn regions(_: &mut Call<'_>) -> HandlerResult {
    Ok(Reply::Json(json!([
        { "id": "rotterdam", "name": "Rotterdam", "optimal": true, "deprecated": false, "custom": false },
    ])))
}
