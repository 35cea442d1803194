//! Reactions of a message.

use crate::rest::call::{Call, HandlerResult, Reply};
use crate::world::{EmojiName, json};

fn emoji(call: &Call<'_>) -> Result<EmojiName, crate::error::ApiError> {
    EmojiName::parse(call.param("emoji"))
}

/// `PUT …/reactions/{emoji}/@me`
pub(crate) fn add(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel, message, emoji) = (
        call.user()?,
        call.id("channel")?,
        call.id("message")?,
        emoji(call)?,
    );
    call.world.react(user, channel, message, &emoji)?;
    Ok(Reply::Empty)
}

/// `DELETE …/reactions/{emoji}/@me`
pub(crate) fn remove_own(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel, message, emoji) = (
        call.user()?,
        call.id("channel")?,
        call.id("message")?,
        emoji(call)?,
    );
    call.world.unreact(user, user, channel, message, &emoji)?;
    Ok(Reply::Empty)
}

/// `DELETE …/reactions/{emoji}/{user}`
pub(crate) fn remove(call: &mut Call<'_>) -> HandlerResult {
    let (by, of, channel) = (call.user()?, call.id("user")?, call.id("channel")?);
    let (message, emoji) = (call.id("message")?, emoji(call)?);
    call.world.unreact(by, of, channel, message, &emoji)?;
    Ok(Reply::Empty)
}

/// `GET …/reactions/{emoji}`
pub(crate) fn list(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel, message, emoji) = (
        call.user()?,
        call.id("channel")?,
        call.id("message")?,
        emoji(call)?,
    );
    let limit = call.query_number("limit", 25, 1, 100)?;
    let after = call.query_id("after");
    let mut users = call.world.reactors(user, channel, message, &emoji)?;
    users.sort();
    let page = users
        .into_iter()
        .filter(|id| after.is_none_or(|a| *id > a))
        .take(limit);
    Ok(Reply::Json(
        page.filter_map(|id| call.world.users.get(&id))
            .map(json::user)
            .collect(),
    ))
}

/// `DELETE …/reactions`
pub(crate) fn clear(call: &mut Call<'_>) -> HandlerResult {
    let (by, channel, message) = (call.user()?, call.id("channel")?, call.id("message")?);
    call.world.clear_reactions(by, channel, message, None)?;
    Ok(Reply::Empty)
}

/// `DELETE …/reactions/{emoji}`
pub(crate) fn clear_emoji(call: &mut Call<'_>) -> HandlerResult {
    let (by, channel, message, emoji) = (
        call.user()?,
        call.id("channel")?,
        call.id("message")?,
        emoji(call)?,
    );
    call.world.clear_reactions(by, channel, message, Some(&emoji))?;
    Ok(Reply::Empty)
}
