//! Threads and forum posts: starting them, and who is in them.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::shapes::{FORUM_MESSAGE, check_message};
use crate::rest::validate::{Rule, Shape, check, nul, req};
use crate::world::model::kind;
use crate::world::permissions::Permissions;
use crate::world::{Draft, json, json_message};

/// Minutes of silence that a thread may be given.
pub(super) const SILENCE: Rule = Rule::Choice(&[60, 1440, 4320, 10_080]);

const START: Shape = &[
    req("name", Rule::Text(1, 100)),
    nul("auto_archive_duration", SILENCE),
    nul("type", Rule::Choice(&[10, 11, 12])),
    nul("invitable", Rule::Flag),
    nul("rate_limit_per_user", Rule::Int(0, 21_600)),
    // Libraries send these two whatever the channel is.
    nul("message", Rule::Map),
    nul("applied_tags", Rule::List(0, 5, &Rule::Snowflake)),
];

const POST: Shape = &[
    req("name", Rule::Text(1, 100)),
    nul("auto_archive_duration", SILENCE),
    nul("type", Rule::Any),
    nul("rate_limit_per_user", Rule::Int(0, 21_600)),
    req("message", Rule::Map),
    nul("applied_tags", Rule::List(0, 5, &Rule::Snowflake)),
];

fn show(call: &Call<'_>, id: Id) -> ApiResult<Value> {
    let channel = call.world.channel(id)?;
    let mut value = json::channel(call.world, channel);
    let user = call.user()?;
    if let Some(at) = channel.thread.as_ref().and_then(|t| t.members.get(&user)) {
        json::extend(
            &mut value,
            json!({ "member": json::thread_member(id, user, *at) }),
        );
    }
    Ok(value)
}

/// `POST …/messages/{message}/threads`
pub(crate) fn start_on_message(call: &mut Call<'_>) -> HandlerResult {
    check(START, &call.body)?;
    let (user, channel, message) = (call.user()?, call.id("channel")?, call.id("message")?);
    let reason = call.reason();
    let id = call
        .world
        .start_thread(user, channel, Some(message), &call.body, reason.as_deref())?;
    Ok(Reply::Status(201, show(call, id)?))
}

/// `POST /channels/{channel}/threads`; in a forum with its first message.
pub(crate) fn start(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel, reason) = (call.user()?, call.id("channel")?, call.reason());
    if call.world.channel(channel)?.kind == kind::FORUM {
        return start_post(call, user, channel);
    }
    check(START, &call.body)?;
    let id = call
        .world
        .start_thread(user, channel, None, &call.body, reason.as_deref())?;
    Ok(Reply::Status(201, show(call, id)?))
}

fn start_post(call: &mut Call<'_>, user: Id, forum: Id) -> HandlerResult {
    check(POST, &call.body)?;
    let first = call.body.get("message").cloned().unwrap_or_default();
    check_message(FORUM_MESSAGE, &first).map_err(|e| crate::world::under(e, "message"))?;
    let draft = Draft::from_body(&first, std::mem::take(&mut call.uploads));
    let reason = call.reason();
    let id = call
        .world
        .start_post(user, forum, &call.body, draft, reason.as_deref())?;
    let mut value = show(call, id)?;
    let message = json_message::message(call.world, call.world.message(id, id)?, user);
    json::extend(&mut value, json!({ "message": message }));
    Ok(Reply::Status(201, value))
}

/// A thread member; with the guild member behind it if that was asked for.
fn member(call: &Call<'_>, thread: Id, user: Id) -> ApiResult<Value> {
    let state = call.world.channel(thread)?;
    let members = &state
        .thread
        .as_ref()
        .ok_or_else(ApiError::wrong_channel_type)?
        .members;
    let at = members.get(&user).ok_or_else(ApiError::unknown_member)?;
    let mut value = json::thread_member(thread, user, *at);
    let of_guild = state.guild_id.filter(|_| call.query_flag("with_member"));
    if let Some(member) = of_guild.and_then(|g| call.world.member(g, user).ok()) {
        json::extend(&mut value, json!({ "member": json::member(call.world, member) }));
    }
    Ok(value)
}

/// `GET /channels/{channel}/thread-members`: needs the members intent on the application.
pub(crate) fn members(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel) = (call.user()?, call.id("channel")?);
    call.world.require_in_channel(channel, user, Permissions::NONE)?;
    if !call.world.application(call.application()?)?.intents.members {
        return Err(ApiError::missing_access());
    }
    let thread = call.world.channel(channel)?.thread.as_ref();
    let members = &thread.ok_or_else(ApiError::wrong_channel_type)?.members;
    // Without members' data Discord gives all at once; with it, pages.
    let paged = call.query_flag("with_member");
    let limit = if paged {
        call.query_number("limit", 100, 1, 100)?
    } else {
        members.len()
    };
    let after = call.query_id("after").filter(|_| paged).unwrap_or_default();
    let page = members.keys().filter(|id| **id > after).take(limit);
    Ok(Reply::Json(Value::Array(
        page.map(|id| member(call, channel, *id))
            .collect::<ApiResult<_>>()?,
    )))
}

/// The user that a path names: an id or `@me`.
fn named(call: &Call<'_>) -> ApiResult<Id> {
    if call.param("user") == "@me" {
        call.user()
    } else {
        call.id("user")
    }
}

/// `GET …/thread-members/{user}`
pub(crate) fn get_member(call: &mut Call<'_>) -> HandlerResult {
    let (viewer, thread) = (call.user()?, call.id("channel")?);
    call.world.require_in_channel(thread, viewer, Permissions::NONE)?;
    Ok(Reply::Json(member(call, thread, named(call)?)?))
}

/// `PUT …/thread-members/{user}`
pub(crate) fn add_member(call: &mut Call<'_>) -> HandlerResult {
    let (by, thread, user) = (call.user()?, call.id("channel")?, named(call)?);
    call.world.set_thread_member(by, thread, user, true)?;
    Ok(Reply::Empty)
}

/// `DELETE …/thread-members/{user}`
pub(crate) fn remove_member(call: &mut Call<'_>) -> HandlerResult {
    let (by, thread, user) = (call.user()?, call.id("channel")?, named(call)?);
    call.world.set_thread_member(by, thread, user, false)?;
    Ok(Reply::Empty)
}
