//! The sections general, channels and roles.

use axum::{Json, extract::State as Shared};
use hazebot_core::settings::general::{ADMIN_ROLE, INTEREST_ROLES, MODERATOR_ROLE};
use hazebot_http::{ApiError, ApiJson, ApiResult, Caller, ErrorBody};
use serde_json::{Map, Value, json};

use super::{
    Fields, Saved, apply,
    ids::{Ids, Of},
    no_data, reset, saved, values,
};
use crate::http::State;

pub(super) const GENERAL: Fields = &[
    ("bot_name", "general.bot_name"),
    ("command_prefix", "general.command_prefix"),
    ("presence_update_interval", "general.presence_update_interval"),
    ("message_cooldown", "general.message_cooldown"),
    ("fuzzy_matching_threshold", "general.fuzzy_matching_threshold"),
    ("pink_color", "general.pink_color"),
    ("embed_footer_text", "general.embed_footer_text"),
    ("role_names", "general.role_names"),
];
pub(super) const STATUS: Fields = &[
    (
        "update_interval_minutes",
        "general.status_dashboard.update_interval_minutes",
    ),
    ("show_monitoring", "general.status_dashboard.show_monitoring"),
];
pub(super) const CHANNELS: Fields = &[
    ("log_channel_id", "channels.log_channel_id"),
    ("changelog_channel_id", "channels.changelog_channel_id"),
    ("todo_channel_id", "channels.todo_channel_id"),
    ("rl_channel_id", "channels.rl_channel_id"),
    ("meme_channel_id", "channels.meme_channel_id"),
    ("server_guide_channel_id", "channels.server_guide_channel_id"),
    ("status_channel_id", "channels.status_channel_id"),
    ("welcome_rules_channel_id", "channels.welcome_rules_channel_id"),
    ("welcome_public_channel_id", "channels.welcome_public_channel_id"),
    ("transcript_channel_id", "channels.transcript_channel_id"),
    ("tickets_category_id", "channels.tickets_category_id"),
    ("gaming_channel_id", "channels.gaming_channel_id"),
];
pub(super) const ROLES: Fields = &[
    ("admin_role_id", ADMIN_ROLE.key()),
    ("moderator_role_id", MODERATOR_ROLE.key()),
    ("normal_role_id", "roles.normal_role_id"),
    ("member_role_id", "roles.member_role_id"),
    ("changelog_role_id", "roles.changelog_role_id"),
    ("meme_role_id", "roles.meme_role_id"),
];

const INTERESTS: Fields = &[("interest_roles", INTEREST_ROLES.key())];

/// Name, prefix, waits, colours and texts of the bot.
#[utoipa::path(
    get, path = "/api/config/general", operation_id = "config.config_general", tag = "config",
    responses((status = 200, body = Object), (status = 403, body = ErrorBody)),
)]
pub(in crate::http) async fn get_general(Shared(state): Shared<State>, caller: Caller) -> Json<Value> {
    let (settings, guild) = (state.bot.settings(), caller.guild());
    let mut general = values(settings, guild, GENERAL);
    general.insert("status_dashboard".into(), values(settings, guild, STATUS).into());
    Json(general.into())
}

/// Changes any of them; what is left out, or `null`, stays.
#[utoipa::path(
    put, path = "/api/config/general", operation_id = "config.config_general_put", tag = "config",
    request_body = Object,
    responses((status = 200, body = Saved), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(in crate::http) async fn put_general(
    Shared(state): Shared<State>,
    caller: Caller,
    ApiJson(body): ApiJson<Map<String, Value>>,
) -> ApiResult<Json<Saved>> {
    let now = values(state.bot.settings(), caller.guild(), GENERAL);
    let mut wanted = given(&body, GENERAL, &now);
    if let Some(status) = body.get("status_dashboard").and_then(Value::as_object) {
        if let Some(minutes) = status.get("update_interval_minutes").and_then(number)
            && !(1.0..=60.0).contains(&minutes)
        {
            return Err(ApiError::bad_request(
                "update_interval_minutes must be between 1 and 60",
            ));
        }
        let now = values(state.bot.settings(), caller.guild(), STATUS);
        wanted.extend(given(status, STATUS, &now));
    }
    if body.is_empty() {
        return Err(no_data());
    }
    apply(state.bot.settings(), &caller.actor(), caller.guild(), wanted).await?;
    Ok(saved("Configuration updated"))
}

/// What a body says about fields that there are; text that is a number counts as one, as the app's fields send it.
fn given(body: &Map<String, Value>, fields: Fields, now: &Map<String, Value>) -> Vec<(&'static str, Value)> {
    let value = |name: &str| {
        let value = body.get(name).filter(|value| !value.is_null())?;
        let is_number = now.get(name).is_some_and(Value::is_number);
        let read = value.as_str().filter(|_| is_number).and_then(|_| number(value));
        Some(read.map_or_else(|| value.clone(), Value::from))
    };
    fields
        .iter()
        .filter_map(|(name, key)| Some((*key, value(name)?)))
        .collect()
}

/// A number, also as text.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Takes the section back to its defaults.
#[utoipa::path(
    post, path = "/api/config/general/reset", operation_id = "config.reset_general_config", tag = "config",
    responses((status = 200, body = Saved), (status = 403, body = ErrorBody)),
)]
pub(in crate::http) async fn reset_general(
    Shared(state): Shared<State>,
    caller: Caller,
) -> ApiResult<Json<Saved>> {
    let (settings, actor, guild) = (state.bot.settings(), caller.actor(), caller.guild());
    reset(settings, &actor, guild, GENERAL).await?;
    reset(settings, &actor, guild, STATUS).await?;
    Ok(saved("General configuration reset to defaults"))
}

/// The channels that features use.
#[utoipa::path(
    get, path = "/api/config/channels", operation_id = "config.config_channels", tag = "config",
    responses((status = 200, body = Object), (status = 403, body = ErrorBody)),
)]
pub(in crate::http) async fn get_channels(Shared(state): Shared<State>, caller: Caller) -> Json<Value> {
    Json(values(state.bot.settings(), caller.guild(), CHANNELS).into())
}

/// Changes any of them; `null` and keys that are none of these are passed over (F23, F36).
#[utoipa::path(
    put, path = "/api/config/channels", operation_id = "config.config_channels_put", tag = "config",
    request_body = Object,
    responses((status = 200, body = Saved), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(in crate::http) async fn put_channels(
    Shared(state): Shared<State>,
    caller: Caller,
    ApiJson(body): ApiJson<Map<String, Value>>,
) -> ApiResult<Json<Saved>> {
    let ids = Ids::new(Of::Channel, state.bot.directory(), caller.guild());
    let wanted = single(&state, &caller, &ids, &body, CHANNELS)?;
    apply(state.bot.settings(), &caller.actor(), caller.guild(), wanted).await?;
    Ok(saved("Channel configuration updated"))
}

/// The single ids of a body.
fn single(
    state: &State,
    caller: &Caller,
    ids: &Ids,
    body: &Map<String, Value>,
    fields: Fields,
) -> ApiResult<Vec<(&'static str, Value)>> {
    let mut wanted = Vec::new();
    for (name, key) in fields {
        let Some(value) = body.get(*name).filter(|value| !value.is_null()) else {
            continue;
        };
        let now = state.bot.settings().get_json(caller.guild(), key);
        let id = ids
            .read(
                value,
                &format!("for {name}"),
                now.as_ref().and_then(Value::as_str),
            )
            .map_err(ApiError::bad_request)?;
        wanted.push((*key, id.into()));
    }
    Ok(wanted)
}

/// Unsets the channels.
#[utoipa::path(
    post, path = "/api/config/channels/reset", operation_id = "config.reset_channels_config", tag = "config",
    responses((status = 200, body = Saved), (status = 403, body = ErrorBody)),
)]
pub(in crate::http) async fn reset_channels(
    Shared(state): Shared<State>,
    caller: Caller,
) -> ApiResult<Json<Saved>> {
    reset(state.bot.settings(), &caller.actor(), caller.guild(), CHANNELS).await?;
    Ok(saved("Channels configuration reset to defaults"))
}

/// The roles that features use.
#[utoipa::path(
    get, path = "/api/config/roles", operation_id = "config.config_roles", tag = "config",
    responses((status = 200, body = Object), (status = 403, body = ErrorBody)),
)]
pub(in crate::http) async fn get_roles(Shared(state): Shared<State>, caller: Caller) -> Json<Value> {
    let (settings, guild) = (state.bot.settings(), caller.guild());
    let mut roles = values(settings, guild, ROLES);
    let interests = settings.get(guild, &INTEREST_ROLES);
    let ids: Vec<Value> = interests
        .as_object()
        .map(|roles| roles.values().cloned().collect())
        .unwrap_or_default();
    roles.insert("interest_role_ids".into(), ids.into());
    roles.insert("interest_roles".into(), interests);
    Json(roles.into())
}

/// Changes any of them; the two that make somebody staff can be changed by an admin only (F36).
#[utoipa::path(
    put, path = "/api/config/roles", operation_id = "config.config_roles_put", tag = "config",
    request_body = Object,
    responses((status = 200, body = Saved), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(in crate::http) async fn put_roles(
    Shared(state): Shared<State>,
    caller: Caller,
    ApiJson(body): ApiJson<Map<String, Value>>,
) -> ApiResult<Json<Saved>> {
    let guild = caller.guild();
    let ids = Ids::new(Of::Role, state.bot.directory(), guild);
    let mut wanted = single(&state, &caller, &ids, &body, ROLES)?;
    let now = state.bot.settings().get(guild, &INTEREST_ROLES);
    if let Some(interests) = interests(&state, &caller, &ids, &body, &now)? {
        wanted.push((INTEREST_ROLES.key(), interests));
    }
    apply(state.bot.settings(), &caller.actor(), guild, wanted).await?;
    Ok(saved("Role configuration updated"))
}

/// The self-assigned roles: labels with their roles, or a list of roles alone, which keeps the labels that there are.
fn interests(
    state: &State,
    caller: &Caller,
    ids: &Ids,
    body: &Map<String, Value>,
    now: &Value,
) -> ApiResult<Option<Value>> {
    let read = |value: &Value, place: &str, now: Option<&str>| {
        ids.read(value, place, now).map_err(ApiError::bad_request)
    };
    let labels = now.as_object().cloned().unwrap_or_default();
    if let Some(given) = body.get("interest_roles").and_then(Value::as_object) {
        let mut roles = Map::new();
        for (label, value) in given.iter().filter(|(_, value)| !value.is_null()) {
            let place = format!("for {label} in interest_roles");
            let id = read(value, &place, labels.get(label).and_then(Value::as_str))?;
            roles.insert(label.clone(), id.into());
        }
        return Ok(Some(roles.into()));
    }
    let Some(list) = body.get("interest_role_ids").and_then(Value::as_array) else {
        return Ok(None);
    };
    let mut roles = Map::new();
    for value in list {
        let id = read(value, "in interest_role_ids", None)?;
        let known = labels.iter().find(|(_, role)| **role == json!(id));
        let label = match known {
            Some((label, _)) => label.clone(),
            None => Ids::role_name(state.bot.directory(), caller.guild(), &id),
        };
        roles.insert(label, id.into());
    }
    Ok(Some(roles.into()))
}

/// Unsets the roles; the staff roles only for an admin.
#[utoipa::path(
    post, path = "/api/config/roles/reset", operation_id = "config.reset_roles_config", tag = "config",
    responses((status = 200, body = Saved), (status = 403, body = ErrorBody)),
)]
pub(in crate::http) async fn reset_roles(
    Shared(state): Shared<State>,
    caller: Caller,
) -> ApiResult<Json<Saved>> {
    let (settings, actor, guild) = (state.bot.settings(), caller.actor(), caller.guild());
    reset(settings, &actor, guild, ROLES).await?;
    reset(settings, &actor, guild, INTERESTS).await?;
    Ok(saved("Roles configuration reset to defaults"))
}
