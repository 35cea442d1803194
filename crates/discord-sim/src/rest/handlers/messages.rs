//! Messages of a channel.

use serde_json::{Value, json};

use crate::clock::iso;
use crate::error::ApiError;
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::shapes::{MESSAGE_CREATE, MESSAGE_EDIT, check_message};
use crate::rest::validate::{Rule, check, req};
use crate::world::message::Message;
use crate::world::permissions::Permissions;
use crate::world::{Draft, id_of, json_message};

fn show(call: &Call<'_>, channel: Id, id: Id) -> HandlerResult {
    let message = call.world.message(channel, id)?;
    Ok(Reply::Json(json_message::message(
        call.world,
        message,
        call.user()?,
    )))
}

/// `POST /channels/{channel}/messages`
pub(crate) fn create(call: &mut Call<'_>) -> HandlerResult {
    check_message(MESSAGE_CREATE, &call.body)?;
    let (user, channel) = (call.user()?, call.id("channel")?);
    let draft = Draft::from_body(&call.body, std::mem::take(&mut call.uploads));
    let id = call.world.write(user, channel, draft)?;
    show(call, channel, id)
}

/// `GET /channels/{channel}/messages/{message}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let (channel, id, user) = (call.id("channel")?, call.id("message")?, call.user()?);
    call.world
        .require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
    if call.world.message(channel, id)?.is_ephemeral() {
        return Err(ApiError::unknown_message());
    }
    show(call, channel, id)
}

/// `GET /channels/{channel}/messages`: newest first.
pub(crate) fn list(call: &mut Call<'_>) -> HandlerResult {
    let (channel, user) = (call.id("channel")?, call.user()?);
    let limit = call.query_number("limit", 50, 1, 100)?;
    let set = call.world.require_in_channel(channel, user, Permissions::NONE)?;
    if !set.has(Permissions::READ_MESSAGE_HISTORY) {
        return Ok(Reply::Json(json!([])));
    }
    let (before, after, around) = (
        call.query_id("before"),
        call.query_id("after"),
        call.query_id("around"),
    );
    let state = call.world.channel(channel)?;
    let all = || state.messages.iter().filter(|m| !m.is_ephemeral());
    let mut chosen: Vec<&Message> = match (before, after, around) {
        (_, _, Some(at)) => {
            let older: Vec<&Message> = all().rev().filter(|m| m.id <= at).take(limit / 2 + 1).collect();
            let newer = all()
                .filter(|m| m.id > at)
                .take(limit.saturating_sub(older.len()));
            older.into_iter().chain(newer).collect()
        }
        (_, Some(after), _) => all().filter(|m| m.id > after).take(limit).collect(),
        (Some(before), _, _) => all().rev().filter(|m| m.id < before).take(limit).collect(),
        _ => all().rev().take(limit).collect(),
    };
    chosen.sort_by_key(|m| std::cmp::Reverse(m.id));
    Ok(Reply::Json(
        chosen
            .into_iter()
            .map(|m| json_message::message(call.world, m, user))
            .collect(),
    ))
}

/// `PATCH /channels/{channel}/messages/{message}`
pub(crate) fn edit(call: &mut Call<'_>) -> HandlerResult {
    check_message(MESSAGE_EDIT, &call.body)?;
    let (user, channel, id) = (call.user()?, call.id("channel")?, call.id("message")?);
    let draft = Draft::from_body(&call.body, std::mem::take(&mut call.uploads));
    call.world.edit_message(user, channel, id, draft)?;
    show(call, channel, id)
}

/// `DELETE /channels/{channel}/messages/{message}`
pub(crate) fn delete(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel, id, reason) = (
        call.user()?,
        call.id("channel")?,
        call.id("message")?,
        call.reason(),
    );
    if call.world.message(channel, id)?.is_ephemeral() {
        return Err(ApiError::unknown_message());
    }
    call.world.delete_message(user, channel, id, reason.as_deref())?;
    Ok(Reply::Empty)
}

/// `POST /channels/{channel}/messages/bulk-delete`
pub(crate) fn bulk_delete(call: &mut Call<'_>) -> HandlerResult {
    check(
        const { &[req("messages", Rule::List(0, 1000, &Rule::Snowflake))] },
        &call.body,
    )?;
    let list = call
        .body
        .get("messages")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let ids: Vec<Id> = list.iter().filter_map(id_of).collect();
    let (user, channel, reason) = (call.user()?, call.id("channel")?, call.reason());
    call.world.bulk_delete(user, channel, &ids, reason.as_deref())?;
    Ok(Reply::Empty)
}

/// Pins that the older form of the list gives (<https://discord.com/developers/docs/resources/channel>).
const OLD_PINS: usize = 50;

/// `GET /channels/{channel}/pins`, the older form.
pub(crate) fn pins(call: &mut Call<'_>) -> HandlerResult {
    let (channel, user) = (call.id("channel")?, call.user()?);
    let pins = call.world.pins(user, channel)?;
    let shown = pins.into_iter().take(OLD_PINS);
    Ok(Reply::Json(
        shown
            .map(|m| json_message::message(call.world, m, user))
            .collect(),
    ))
}

/// `GET /channels/{channel}/messages/pins`
pub(crate) fn pins_page(call: &mut Call<'_>) -> HandlerResult {
    let (channel, user) = (call.id("channel")?, call.user()?);
    let limit = call.query_number("limit", 50, 1, 50)?;
    let before = call.query_time("before")?;
    let at = |m: &Message| m.pinned_at.unwrap_or_else(|| m.id.made_at());
    let mut pins = call.world.pins(user, channel)?;
    pins.retain(|m| before.is_none_or(|b| at(m) < b));
    let more = pins.len() > limit;
    let items: Vec<Value> = pins
        .into_iter()
        .take(limit)
        .map(|m| json!({ "pinned_at": iso(at(m)), "message": json_message::message(call.world, m, user) }))
        .collect();
    Ok(Reply::Json(json!({ "items": items, "has_more": more })))
}

/// `POST …/messages/{message}/crosspost`
pub(crate) fn crosspost(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel, id) = (call.user()?, call.id("channel")?, call.id("message")?);
    call.world.crosspost(user, channel, id)?;
    show(call, channel, id)
}

/// `POST /channels/{channel}/followers`
pub(crate) fn follow(call: &mut Call<'_>) -> HandlerResult {
    check(
        const { &[req("webhook_channel_id", Rule::Snowflake)] },
        &call.body,
    )?;
    let (user, source, reason) = (call.user()?, call.id("channel")?, call.reason());
    let target = call.body.get("webhook_channel_id").and_then(id_of);
    let target = target.ok_or_else(ApiError::unknown_channel)?;
    let webhook = call.world.follow(user, source, target, reason.as_deref())?;
    Ok(Reply::Json(
        json!({ "channel_id": source, "webhook_id": webhook }),
    ))
}

fn set_pinned(call: &mut Call<'_>, on: bool) -> HandlerResult {
    let (user, channel, id, reason) = (
        call.user()?,
        call.id("channel")?,
        call.id("message")?,
        call.reason(),
    );
    call.world.set_pinned(user, channel, id, on, reason.as_deref())?;
    Ok(Reply::Empty)
}

/// `PUT …/pins/{message}`
pub(crate) fn pin(call: &mut Call<'_>) -> HandlerResult {
    set_pinned(call, true)
}

/// `DELETE …/pins/{message}`
pub(crate) fn unpin(call: &mut Call<'_>) -> HandlerResult {
    set_pinned(call, false)
}
