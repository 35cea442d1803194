//! Polls: who voted for what, and ending them
//! (<https://discord.com/developers/docs/resources/poll>).

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::world::json;
use crate::world::json_message;

/// `GET /channels/{channel}/polls/{message}/answers/{answer}`
pub(crate) fn voters(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel, message) = (call.user()?, call.id("channel")?, call.id("message")?);
    let answer = call
        .param("answer")
        .parse()
        .map_err(|_| ApiError::unknown_poll_answer())?;
    let limit = call.query_number("limit", 25, 1, 100)?;
    let after = call.query_id("after");
    let users: Vec<Value> = call
        .world
        .voters(user, channel, message, answer)?
        .into_iter()
        .filter(|id| after.is_none_or(|a| *id > a))
        .take(limit)
        .filter_map(|id| call.world.users.get(&id))
        .map(json::user)
        .collect();
    Ok(Reply::Json(json!({ "users": users })))
}

/// `POST /channels/{channel}/polls/{message}/expire`
pub(crate) fn expire(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel, message) = (call.user()?, call.id("channel")?, call.id("message")?);
    call.world.expire_poll(user, channel, message)?;
    let message = call.world.message(channel, message)?;
    Ok(Reply::Json(json_message::message(call.world, message, user)))
}
