//! Members and bans.

use serde_json::{Value, json};

use crate::error::{ApiError, Problems};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, Shape, check, nul, req};
use crate::world::forum::ids_in;
use crate::world::permissions::Permissions;
use crate::world::voice::voice_json;
use crate::world::{Prune, json};

/// Seven days, the most that a ban deletes of what was written.
const LONGEST_PURGE: i64 = 604_800;

const MODIFY: Shape = &[
    nul("nick", Rule::Text(0, 32)),
    nul("roles", Rule::List(0, 250, &Rule::Snowflake)),
    nul("mute", Rule::Flag),
    nul("deaf", Rule::Flag),
    nul("channel_id", Rule::Snowflake),
    nul("communication_disabled_until", Rule::Time),
    nul("flags", Rule::Int(0, 1 << 20)),
];

fn ids(call: &Call<'_>) -> Result<(Id, Id, Id), ApiError> {
    let (by, guild) = (call.user()?, call.id("guild")?);
    call.world.require_in_guild(guild, by, Permissions::NONE)?;
    Ok((by, guild, call.id("user")?))
}

fn inside(call: &Call<'_>) -> Result<(Id, Id), ApiError> {
    let (by, guild) = (call.user()?, call.id("guild")?);
    call.world.require_in_guild(guild, by, Permissions::NONE)?;
    Ok((by, guild))
}

fn show(call: &Call<'_>, guild: Id, user: Id) -> HandlerResult {
    Ok(Reply::Json(json::member(
        call.world,
        call.world.member(guild, user)?,
    )))
}

/// `GET /guilds/{guild}/members/{user}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild, user) = ids(call)?;
    if call.world.member(guild, user).is_err() {
        call.world.user(user)?;
    }
    show(call, guild, user)
}

/// `GET /guilds/{guild}/members`: needs the members intent on the application.
pub(crate) fn list(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild) = inside(call)?;
    if !call.world.application(call.application()?)?.intents.members {
        return Err(ApiError::missing_access());
    }
    let limit = call.query_number("limit", 1, 1, 1000)?;
    let after = call.query_id("after").unwrap_or_default();
    let page = call
        .world
        .guild(guild)?
        .members
        .values()
        .filter(|m| m.user_id > after)
        .take(limit);
    Ok(Reply::Json(page.map(|m| json::member(call.world, m)).collect()))
}

/// `GET /guilds/{guild}/members/search`
pub(crate) fn search(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild) = inside(call)?;
    let limit = call.query_number("limit", 1, 1, 1000)?;
    let query = call
        .query("query")
        .ok_or_else(|| ApiError::field("query", "BASE_TYPE_REQUIRED", "This field is required"))?;
    let found = call.world.members_named(guild, query, limit);
    Ok(Reply::Json(
        found.into_iter().map(|m| json::member(call.world, m)).collect(),
    ))
}

/// `PUT /guilds/{guild}/members/{user}` with the user's own OAuth2 token (`guilds.join`).
pub(crate) fn add(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild, user) = ids(call)?;
    call.world
        .require_in_guild(guild, by, Permissions::CREATE_INSTANT_INVITE)?;
    check(
        const {
            &[
                req("access_token", Rule::Text(1, 200)),
                nul("nick", Rule::Text(0, 32)),
                nul("roles", Rule::List(0, 250, &Rule::Snowflake)),
                nul("mute", Rule::Flag),
                nul("deaf", Rule::Flag),
            ]
        },
        &call.body,
    )?;
    let token = call
        .body
        .get("access_token")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let grant = call
        .grants
        .by_access_token(token, call.world.now())
        .ok_or_else(ApiError::invalid_token)?;
    if grant.user != user || !grant.scopes.iter().any(|s| s == "guilds.join") {
        return Err(ApiError::missing_scope());
    }
    if call.world.member(guild, user).is_ok() {
        return Ok(Reply::Empty);
    }
    // Whoever brings somebody in may do with them at once what they may do with members.
    let mut wish = std::mem::take(&mut call.body);
    if let Value::Object(map) = &mut wish {
        map.retain(|key, value| matches!(key.as_str(), "nick" | "roles") && !value.is_null());
    }
    let needs = [
        ("nick", Permissions::MANAGE_NICKNAMES),
        ("roles", Permissions::MANAGE_ROLES),
    ];
    for (key, bit) in needs {
        if wish.get(key).is_some() {
            call.world.require_in_guild(guild, by, bit)?;
        }
    }
    call.world.join(guild, user)?;
    if wish.as_object().is_some_and(|map| !map.is_empty()) {
        let reason = call.reason();
        call.world
            .modify_member(by, guild, user, &wish, reason.as_deref())?;
    }
    Ok(Reply::Status(
        201,
        json::member(call.world, call.world.member(guild, user)?),
    ))
}

/// `PATCH /guilds/{guild}/members/{user}`
pub(crate) fn modify(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild, user) = ids(call)?;
    check(MODIFY, &call.body)?;
    let reason = call.reason();
    call.world
        .modify_member(by, guild, user, &call.body, reason.as_deref())?;
    show(call, guild, user)
}

/// `PATCH /guilds/{guild}/members/@me`
pub(crate) fn modify_me(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild) = inside(call)?;
    check(
        const {
            &[
                nul("nick", Rule::Text(0, 32)),
                nul("avatar", Rule::Any),
                nul("banner", Rule::Any),
                nul("bio", Rule::Text(0, 190)),
            ]
        },
        &call.body,
    )?;
    // Pictures of one guild alone are read, so that wrong ones are refused, and not shown.
    for key in ["avatar", "banner"] {
        call.world.read_picture(&call.body, key)?;
    }
    let nick = json!({ "nick": call.body.get("nick") });
    let body = if call.body.get("nick").is_some() {
        nick
    } else {
        json!({})
    };
    let reason = call.reason();
    call.world
        .modify_member(by, guild, by, &body, reason.as_deref())?;
    show(call, guild, by)
}

/// `PATCH /guilds/{guild}/members/@me/nick`, the older form, which libraries still use.
pub(crate) fn modify_my_nick(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild) = inside(call)?;
    check(const { &[nul("nick", Rule::Text(0, 32))] }, &call.body)?;
    let reason = call.reason();
    call.world
        .modify_member(by, guild, by, &call.body, reason.as_deref())?;
    let nick = call.world.member(guild, by)?.nick.clone();
    Ok(Reply::Json(json!({ "nick": nick })))
}

/// `DELETE /guilds/{guild}/members/{user}`
pub(crate) fn kick(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild, user) = ids(call)?;
    let reason = call.reason();
    call.world.kick(by, guild, user, reason.as_deref())?;
    Ok(Reply::Empty)
}

fn set_role(call: &mut Call<'_>, has: bool) -> HandlerResult {
    let (by, guild, user) = ids(call)?;
    let (role, reason) = (call.id("role")?, call.reason());
    call.world
        .set_role(by, guild, user, role, has, reason.as_deref())?;
    Ok(Reply::Empty)
}

/// `PUT …/roles/{role}`
pub(crate) fn add_role(call: &mut Call<'_>) -> HandlerResult {
    set_role(call, true)
}

/// `DELETE …/roles/{role}`
pub(crate) fn remove_role(call: &mut Call<'_>) -> HandlerResult {
    set_role(call, false)
}

fn ban_json(call: &Call<'_>, user: Id, reason: Option<&String>) -> Value {
    json!({ "user": call.world.users.get(&user).map(json::user), "reason": reason })
}

/// `GET /guilds/{guild}/bans`
pub(crate) fn bans(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild) = inside(call)?;
    call.world.require_in_guild(guild, by, Permissions::BAN_MEMBERS)?;
    let limit = call.query_number("limit", 1000, 1, 1000)?;
    let (before, after) = (call.query_id("before"), call.query_id("after"));
    let list: Vec<Value> = call
        .world
        .guild(guild)?
        .bans
        .iter()
        .filter(|(id, _)| before.is_none_or(|b| **id < b) && after.is_none_or(|a| **id > a))
        .take(limit)
        .map(|(id, reason)| ban_json(call, *id, reason.as_ref()))
        .collect();
    Ok(Reply::Json(Value::Array(list)))
}

/// `GET /guilds/{guild}/bans/{user}`
pub(crate) fn get_ban(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild, user) = ids(call)?;
    call.world.require_in_guild(guild, by, Permissions::BAN_MEMBERS)?;
    let reason = call
        .world
        .guild(guild)?
        .bans
        .get(&user)
        .cloned()
        .ok_or_else(ApiError::unknown_ban)?;
    Ok(Reply::Json(ban_json(call, user, reason.as_ref())))
}

/// `PUT /guilds/{guild}/bans/{user}`
pub(crate) fn ban(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild, user) = ids(call)?;
    check(
        const {
            &[
                nul("delete_message_seconds", Rule::Int(0, LONGEST_PURGE)),
                nul("delete_message_days", Rule::Int(0, 7)),
                nul("reason", Rule::Text(0, 512)),
            ]
        },
        &call.body,
    )?;
    let number = |key: &str| call.body.get(key).and_then(Value::as_i64).unwrap_or(0);
    let purge = number("delete_message_seconds") * 1000 + number("delete_message_days") * 24 * 3_600_000;
    let reason = call.reason();
    call.world.ban(by, guild, user, purge, reason.as_deref())?;
    Ok(Reply::Empty)
}

/// `DELETE /guilds/{guild}/bans/{user}`
pub(crate) fn unban(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild, user) = ids(call)?;
    let reason = call.reason();
    call.world.unban(by, guild, user, reason.as_deref())?;
    Ok(Reply::Empty)
}

/// `POST /guilds/{guild}/bulk-ban`
pub(crate) fn bulk_ban(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild) = inside(call)?;
    check(
        const {
            &[
                req("user_ids", Rule::List(1, 200, &Rule::Snowflake)),
                nul("delete_message_seconds", Rule::Int(0, LONGEST_PURGE)),
            ]
        },
        &call.body,
    )?;
    let seconds = call.body.get("delete_message_seconds").and_then(Value::as_i64);
    let (users, reason) = (ids_in(&call.body, "user_ids"), call.reason());
    let purge = seconds.unwrap_or(0) * 1000;
    let (banned, failed) = call.world.ban_all(by, guild, users, purge, reason.as_deref())?;
    Ok(Reply::Json(
        json!({ "banned_users": banned, "failed_users": failed }),
    ))
}

/// Days without being seen before somebody is pruned.
const PRUNE_DAYS: (usize, usize, usize) = (7, 1, 30);

/// `GET /guilds/{guild}/prune`: how many a prune would remove.
pub(crate) fn prune_count(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild) = inside(call)?;
    let (usual, least, most) = PRUNE_DAYS;
    let days = call.query_number("days", usual, least, most)?;
    let list = call.query("include_roles").unwrap_or_default();
    let prune = Prune {
        days: i64::try_from(days).unwrap_or_default(),
        include: list.split(',').filter_map(|id| id.parse().ok()).collect(),
    };
    let idle = call.world.prunable(by, guild, &prune)?.len();
    Ok(Reply::Json(json!({ "pruned": idle })))
}

/// A flag, or its word: discord.py sends this one as text.
fn flag(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.parse().ok())
}

fn check_flag(value: &Value, path: &str, problems: &mut Problems) {
    if flag(value).is_none() {
        problems.at(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
    }
}

/// `POST /guilds/{guild}/prune`
pub(crate) fn prune(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild) = inside(call)?;
    check(
        const {
            &[
                nul("days", Rule::Int(1, 30)),
                nul("compute_prune_count", Rule::Custom(check_flag)),
                nul("include_roles", Rule::Any),
                nul("reason", Rule::Text(0, 512)),
            ]
        },
        &call.body,
    )?;
    let days = call.body.get("days").and_then(Value::as_i64).unwrap_or(7);
    // Roles come as a list, or as text with commas between.
    let include = match call.body.get("include_roles").and_then(Value::as_str) {
        Some(text) => text.split(',').filter_map(|id| id.parse().ok()).collect(),
        None => ids_in(&call.body, "include_roles"),
    };
    let reason = call.reason();
    let gone = call
        .world
        .prune(by, guild, &Prune { days, include }, reason.as_deref())?;
    let counts = call.body.get("compute_prune_count").and_then(flag) != Some(false);
    Ok(Reply::Json(json!({ "pruned": counts.then_some(gone) })))
}

/// `GET /guilds/{guild}/voice-states/{user}`
pub(crate) fn voice_state(call: &mut Call<'_>) -> HandlerResult {
    let (by, guild) = inside(call)?;
    let user = if call.param("user") == "@me" {
        by
    } else {
        call.id("user")?
    };
    let state = call.world.guild(guild)?;
    let voice = state.voice.get(&user).ok_or_else(ApiError::unknown_voice_state)?;
    let mut value = voice_json(state, user, voice);
    json::extend(
        &mut value,
        json!({ "guild_id": guild, "member": json::member(call.world, call.world.member(guild, user)?) }),
    );
    Ok(Reply::Json(value))
}
