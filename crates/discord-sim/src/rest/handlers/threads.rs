//! Threads: starting them, on a message or free, listing them and their members.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::shapes::{WEBHOOK_EXECUTE, check_message};
use crate::rest::validate::{Rule, Shape, check, nul, req};
use crate::world::model::Channel;
use crate::world::permissions::Permissions;
use crate::world::{Draft, json, json_message};

const START: Shape = &[
    req("name", Rule::Text(1, 100)),
    nul("auto_archive_duration", Rule::Choice(&[60, 1440, 4320, 10_080])),
    nul("type", Rule::Choice(&[10, 11, 12])),
    nul("invitable", Rule::Flag),
    nul("rate_limit_per_user", Rule::Int(0, 21_600)),
    nul("message", Rule::Map),
    nul("applied_tags", Rule::List(0, 5, &Rule::Snowflake)),
];

fn show(call: &Call<'_>, id: Id) -> Result<Value, ApiError> {
    let mut value = json::channel(call.world, call.world.channel(id)?);
    let now = call.world.now();
    json::extend(
        &mut value,
        json!({ "member": json::thread_member(id, call.user()?, now) }),
    );
    Ok(value)
}

/// `POST …/messages/{message}/threads`
pub(crate) fn start_on_message(call: &mut Call<'_>) -> HandlerResult {
    check(START, &call.body)?;
    let (user, channel, message) = (call.user()?, call.id("channel")?, call.id("message")?);
    let id = call
        .world
        .start_thread(user, channel, Some(message), &call.body)?;
    Ok(Reply::Status(201, show(call, id)?))
}

/// `POST /channels/{channel}/threads`; in a forum with its first message.
pub(crate) fn start(call: &mut Call<'_>) -> HandlerResult {
    check(START, &call.body)?;
    let (user, channel) = (call.user()?, call.id("channel")?);
    let first = call.body.get("message").cloned();
    if let Some(message) = &first {
        check_message(WEBHOOK_EXECUTE, message).map_err(|e| crate::world::under(e, "message"))?;
    }
    let id = call.world.start_thread(user, channel, None, &call.body)?;
    let mut value = show(call, id)?;
    if let Some(message) = first {
        let draft = Draft::from_body(&message, std::mem::take(&mut call.uploads));
        let posted = call.world.write(user, id, draft)?;
        let message = json_message::message(call.world, call.world.message(id, posted)?, user);
        json::extend(&mut value, json!({ "message": message }));
    }
    Ok(Reply::Status(201, value))
}

fn threads<'a>(
    call: &'a Call<'_>,
    user: Id,
    fits: impl Fn(&Channel) -> bool + 'a,
) -> impl Iterator<Item = &'a Channel> {
    call.world
        .channels
        .values()
        .filter(move |c| c.is_thread() && fits(c) && call.world.sees(user, c))
}

/// `GET /guilds/{guild}/threads/active`
pub(crate) fn active(call: &mut Call<'_>) -> HandlerResult {
    let (user, guild) = (call.user()?, call.id("guild")?);
    call.world.require_in_guild(guild, user, Permissions::NONE)?;
    let list: Vec<&Channel> = threads(call, user, |c| {
        c.guild_id == Some(guild) && c.thread.as_ref().is_some_and(|t| !t.archived)
    })
    .collect();
    let members: Vec<Value> = list
        .iter()
        .filter_map(|c| {
            c.thread
                .as_ref()?
                .members
                .get(&user)
                .map(|at| json::thread_member(c.id, user, *at))
        })
        .collect();
    Ok(Reply::Json(
        json!({ "threads": list.iter().map(|c| json::channel(call.world, c)).collect::<Vec<_>>(), "members": members }),
    ))
}

/// `GET /channels/{channel}/threads/archived/public`
pub(crate) fn archived(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel) = (call.user()?, call.id("channel")?);
    call.world
        .require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
    let list: Vec<Value> = threads(call, user, |c| {
        c.parent_id == Some(channel) && c.thread.as_ref().is_some_and(|t| t.archived)
    })
    .map(|c| json::channel(call.world, c))
    .collect();
    Ok(Reply::Json(
        json!({ "threads": list, "members": [], "has_more": false }),
    ))
}

/// `GET /channels/{channel}/thread-members`
pub(crate) fn members(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel) = (call.user()?, call.id("channel")?);
    call.world.require_in_channel(channel, user, Permissions::NONE)?;
    let thread = call
        .world
        .channel(channel)?
        .thread
        .as_ref()
        .ok_or_else(ApiError::wrong_channel_type)?;
    Ok(Reply::Json(
        thread
            .members
            .iter()
            .map(|(id, at)| json::thread_member(channel, *id, *at))
            .collect(),
    ))
}

fn set_member(call: &mut Call<'_>, inside: bool) -> HandlerResult {
    let (by, thread) = (call.user()?, call.id("channel")?);
    let user = if call.param("user") == "@me" {
        by
    } else {
        call.id("user")?
    };
    call.world.set_thread_member(by, thread, user, inside)?;
    Ok(Reply::Empty)
}

/// `PUT …/thread-members/{user}`
pub(crate) fn add_member(call: &mut Call<'_>) -> HandlerResult {
    set_member(call, true)
}

/// `DELETE …/thread-members/{user}`
pub(crate) fn remove_member(call: &mut Call<'_>) -> HandlerResult {
    set_member(call, false)
}
