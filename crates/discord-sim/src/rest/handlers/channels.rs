//! Channels: look, change, delete, overwrites, typing.

use serde_json::json;

use crate::error::ApiError;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, Shape, check, nul, opt, req};
use crate::world::forum::MOST_TAGS;
use crate::world::permissions::Permissions;
use crate::world::{json, read_overwrite};

use super::threads::SILENCE;

pub(super) const OVERWRITE: Rule = Rule::Object(&[
    req("id", Rule::Snowflake),
    opt("type", Rule::Int(0, 1)),
    nul("allow", Rule::Bits),
    nul("deny", Rule::Bits),
]);

const TAG: Rule = Rule::Object(&[
    nul("id", Rule::Snowflake),
    req("name", Rule::Text(1, 20)),
    nul("moderated", Rule::Flag),
    nul("emoji_id", Rule::Snowflake),
    nul("emoji_name", Rule::Text(0, 100)),
]);

const REACTION: Shape = &[
    nul("emoji_id", Rule::Snowflake),
    nul("emoji_name", Rule::Text(0, 100)),
];

macro_rules! channel_shape {
    ($($name:expr),*) => {
        &[
            $($name,)*
            nul("type", Rule::Choice(&[0, 2, 4, 5, 11, 12, 13, 15, 16])),
            nul("topic", Rule::Text(0, 4096)),
            nul("bitrate", Rule::Int(8000, 384_000)),
            nul("user_limit", Rule::Int(0, 10_000)),
            nul("rate_limit_per_user", Rule::Int(0, 21_600)),
            nul("position", Rule::Int(0, i32::MAX as i64)),
            nul("permission_overwrites", Rule::List(0, 2000, &OVERWRITE)),
            nul("parent_id", Rule::Snowflake),
            nul("nsfw", Rule::Flag),
            nul("rtc_region", Rule::Text(0, 50)),
            nul("video_quality_mode", Rule::Choice(&[1, 2])),
            nul("default_auto_archive_duration", SILENCE),
            nul("default_reaction_emoji", Rule::Object(REACTION)),
            nul("available_tags", Rule::List(0, MOST_TAGS, &TAG)),
            nul("default_sort_order", Rule::Choice(&[0, 1])),
            nul("default_forum_layout", Rule::Choice(&[0, 1, 2])),
            nul("default_thread_rate_limit_per_user", Rule::Int(0, 21_600)),
            nul("flags", Rule::Int(0, 1 << 20)),
        ]
    };
}

/// `POST /guilds/{guild}/channels`
pub(super) const CREATE: Shape = channel_shape![req("name", Rule::Text(1, 100))];

const MODIFY: Shape = channel_shape![
    opt("name", Rule::Text(1, 100)),
    nul("lock_permissions", Rule::Flag),
    opt("archived", Rule::Flag),
    opt("locked", Rule::Flag),
    opt("invitable", Rule::Flag),
    opt("auto_archive_duration", SILENCE),
    opt("applied_tags", Rule::List(0, 5, &Rule::Snowflake))
];

/// `GET /channels/{channel}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let id = call.id("channel")?;
    call.world
        .require_in_channel(id, call.user()?, Permissions::NONE)?;
    Ok(Reply::Json(json::channel(call.world, call.world.channel(id)?)))
}

/// `PATCH /channels/{channel}`
pub(crate) fn modify(call: &mut Call<'_>) -> HandlerResult {
    check(MODIFY, &call.body)?;
    let (id, user, reason) = (call.id("channel")?, call.user()?, call.reason());
    call.world
        .modify_channel(user, id, &call.body, reason.as_deref())?;
    Ok(Reply::Json(json::channel(call.world, call.world.channel(id)?)))
}

/// `DELETE /channels/{channel}`
pub(crate) fn delete(call: &mut Call<'_>) -> HandlerResult {
    let (id, user, reason) = (call.id("channel")?, call.user()?, call.reason());
    let body = json::channel(call.world, call.world.channel(id)?);
    call.world.delete_channel(user, id, reason.as_deref())?;
    Ok(Reply::Json(body))
}

/// `PUT /channels/{channel}/permissions/{overwrite}`
pub(crate) fn put_overwrite(call: &mut Call<'_>) -> HandlerResult {
    check(
        const {
            &[
                req("type", Rule::Int(0, 1)),
                nul("allow", Rule::Bits),
                nul("deny", Rule::Bits),
                opt("id", Rule::Snowflake),
            ]
        },
        &call.body,
    )?;
    let (channel, user, reason) = (call.id("channel")?, call.user()?, call.reason());
    let mut body = std::mem::take(&mut call.body);
    json::extend(&mut body, json!({ "id": call.id("overwrite")? }));
    let overwrite = read_overwrite(&body).ok_or_else(ApiError::unknown_overwrite)?;
    call.world
        .put_overwrite(user, channel, overwrite, reason.as_deref())?;
    Ok(Reply::Empty)
}

/// `DELETE /channels/{channel}/permissions/{overwrite}`
pub(crate) fn delete_overwrite(call: &mut Call<'_>) -> HandlerResult {
    let (channel, of, user, reason) = (
        call.id("channel")?,
        call.id("overwrite")?,
        call.user()?,
        call.reason(),
    );
    call.world
        .delete_overwrite(user, channel, of, reason.as_deref())?;
    Ok(Reply::Empty)
}

/// `POST /channels/{channel}/typing`
pub(crate) fn typing(call: &mut Call<'_>) -> HandlerResult {
    let (channel, user) = (call.id("channel")?, call.user()?);
    call.world.type_in(user, channel)?;
    Ok(Reply::Empty)
}
