//! Webhooks, and the follow-ups of interactions, which share their routes.

use serde_json::Value;

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::shapes::{MESSAGE_EDIT, WEBHOOK_EXECUTE, check_message};
use crate::rest::validate::{Rule, Shape, check, nul, req};
use crate::world::message::Author;
use crate::world::model::{Webhook, kind};
use crate::world::permissions::Permissions;
use crate::world::{Draft, Post, check_webhook_name, json, json_message};

/// What a path of id and token names.
enum Target {
    /// A webhook of a channel.
    Webhook(Webhook),
    /// An application, for the answers of an interaction.
    Interaction(Id, String),
}

fn target(call: &Call<'_>) -> ApiResult<Target> {
    let id: Id = call
        .param("webhook")
        .parse()
        .map_err(|_| ApiError::unknown_webhook())?;
    let token = call.param("token").to_owned();
    if let Some(webhook) = call.world.webhooks.get(&id) {
        return if webhook.token == token {
            Ok(Target::Webhook(webhook.clone()))
        } else {
            Err(ApiError::invalid_webhook_token())
        };
    }
    if call.world.applications.contains_key(&id) {
        return Ok(Target::Interaction(id, token));
    }
    Err(ApiError::unknown_webhook())
}

fn show(call: &Call<'_>, channel: Id, id: Id) -> HandlerResult {
    Ok(Reply::Json(json_message::message(
        call.world,
        call.world.message(channel, id)?,
        Id::default(),
    )))
}

/// `POST /webhooks/{webhook}/{token}`
pub(crate) fn execute(call: &mut Call<'_>) -> HandlerResult {
    check_message(WEBHOOK_EXECUTE, &call.body)?;
    let draft = Draft::from_body(&call.body, std::mem::take(&mut call.uploads));
    match target(call)? {
        Target::Interaction(application, token) => {
            let id = call.world.follow_up(application, &token, draft)?;
            let channel = call.world.answered(application, &token)?.channel_id;
            show(call, channel, id)
        }
        Target::Webhook(webhook) => {
            if draft.is_empty() {
                return Err(ApiError::empty_message());
            }
            let name = call.body.get("username").and_then(Value::as_str);
            if let Some(name) = name {
                check_webhook_name(name, "username")?;
            }
            let author = Author::Webhook {
                id: webhook.id,
                name: name.unwrap_or(&webhook.name).to_owned(),
                avatar: webhook.avatar.clone(),
            };
            let channel = place(call, &webhook)?;
            let mut post = Post::by(author, channel, draft);
            post.webhook_id = Some(webhook.id);
            post.application_id = webhook.application_id;
            // In a forum post that was just made, the first message has the post's id.
            let fresh = call.world.channel(channel)?.last_message_id.is_none();
            post.id =
                (call.body.get("thread_name").is_some_and(Value::is_string) && fresh).then_some(channel);
            let id = call.world.post(post)?;
            if call.query_flag("wait") {
                show(call, channel, id)
            } else {
                Ok(Reply::Empty)
            }
        }
    }
}

/// Where a webhook's message goes: its channel, a thread of it, or a new post of its forum.
fn place(call: &mut Call<'_>, webhook: &Webhook) -> ApiResult<Id> {
    let forum = call.world.channel(webhook.channel_id)?.kind == kind::FORUM;
    let named = call.body.get("thread_name").is_some_and(|n| !n.is_null());
    let thread = call.query_id("thread_id");
    match (forum, named, thread) {
        (true, true, Some(_)) => Err(ApiError::forum_webhook_both()),
        (true, false, None) => Err(ApiError::forum_webhook_thread()),
        (false, true, _) => Err(ApiError::webhook_thread_elsewhere()),
        (true, true, None) => call.world.start_webhook_post(webhook, &call.body),
        (_, _, Some(thread)) => {
            let parent = call.world.channel(thread)?.parent_id;
            if parent == Some(webhook.channel_id) {
                Ok(thread)
            } else {
                Err(ApiError::unknown_channel())
            }
        }
        (false, false, None) => Ok(webhook.channel_id),
    }
}

/// The channel and message that a path names.
fn named(call: &Call<'_>) -> ApiResult<(Id, Id)> {
    match target(call)? {
        Target::Interaction(application, token) => {
            call.world
                .answer_message(application, &token, call.param("message"))
        }
        Target::Webhook(webhook) => {
            let channel = call.query_id("thread_id").unwrap_or(webhook.channel_id);
            let id = call
                .param("message")
                .parse()
                .map_err(|_| ApiError::unknown_message())?;
            let message = call.world.message(channel, id)?;
            if message.webhook_id == Some(webhook.id) {
                Ok((channel, id))
            } else {
                Err(ApiError::unknown_message())
            }
        }
    }
}

/// `GET …/messages/{message}`
pub(crate) fn get_message(call: &mut Call<'_>) -> HandlerResult {
    let (channel, id) = named(call)?;
    show(call, channel, id)
}

/// `PATCH …/messages/{message}`
pub(crate) fn edit_message(call: &mut Call<'_>) -> HandlerResult {
    check_message(MESSAGE_EDIT, &call.body)?;
    let (channel, id) = named(call)?;
    let draft = Draft::from_body(&call.body, std::mem::take(&mut call.uploads));
    match target(call)? {
        Target::Interaction(application, token) => {
            let which = call.param("message").to_owned();
            call.world.edit_answer(application, &token, &which, draft)?;
        }
        Target::Webhook(_) => call.world.change(channel, id, draft)?,
    }
    show(call, channel, id)
}

/// `DELETE …/messages/{message}`
pub(crate) fn delete_message(call: &mut Call<'_>) -> HandlerResult {
    let (channel, id) = named(call)?;
    match target(call)? {
        Target::Interaction(application, token) => {
            let which = call.param("message").to_owned();
            call.world.delete_answer(application, &token, &which)?;
        }
        Target::Webhook(_) => call.world.remove_message(channel, id)?,
    }
    Ok(Reply::Empty)
}

/// `GET /webhooks/{webhook}/{token}`
pub(crate) fn get_with_token(call: &mut Call<'_>) -> HandlerResult {
    match target(call)? {
        Target::Webhook(webhook) => Ok(Reply::Json(without_user(call.world.webhook_json(webhook.id)?))),
        Target::Interaction(..) => Err(ApiError::unknown_webhook()),
    }
}

/// `DELETE /webhooks/{webhook}/{token}`
pub(crate) fn delete_with_token(call: &mut Call<'_>) -> HandlerResult {
    match target(call)? {
        Target::Webhook(webhook) => {
            let reason = call.reason();
            call.world.delete_webhook(None, webhook.id, reason.as_deref())?;
            Ok(Reply::Empty)
        }
        Target::Interaction(..) => Err(ApiError::unknown_webhook()),
    }
}

const MODIFY: Shape = &[
    nul("name", Rule::Text(1, 80)),
    nul("avatar", Rule::Any),
    nul("channel_id", Rule::Snowflake),
];

/// `PATCH /webhooks/{webhook}/{token}`: whoever holds the token cannot move it.
pub(crate) fn modify_with_token(call: &mut Call<'_>) -> HandlerResult {
    check(MODIFY, &call.body)?;
    let Target::Webhook(webhook) = target(call)? else {
        return Err(ApiError::unknown_webhook());
    };
    let reason = call.reason();
    call.world
        .modify_webhook(None, webhook.id, &call.body, reason.as_deref())?;
    Ok(Reply::Json(without_user(call.world.webhook_json(webhook.id)?)))
}

/// With a token instead of a login nobody learns who made a webhook.
fn without_user(mut webhook: Value) -> Value {
    if let Value::Object(map) = &mut webhook {
        map.remove("user");
    }
    webhook
}

fn managed(call: &Call<'_>) -> ApiResult<(Id, Id)> {
    let (id, user) = (call.id("webhook")?, call.user()?);
    let webhook = call
        .world
        .webhooks
        .get(&id)
        .ok_or_else(ApiError::unknown_webhook)?;
    call.world
        .require_in_channel(webhook.channel_id, user, Permissions::MANAGE_WEBHOOKS)?;
    Ok((id, user))
}

/// `GET /webhooks/{webhook}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let (id, _) = managed(call)?;
    Ok(Reply::Json(call.world.webhook_json(id)?))
}

/// `DELETE /webhooks/{webhook}`
pub(crate) fn delete(call: &mut Call<'_>) -> HandlerResult {
    let ((id, user), reason) = (managed(call)?, call.reason());
    call.world.delete_webhook(Some(user), id, reason.as_deref())?;
    Ok(Reply::Empty)
}

/// `PATCH /webhooks/{webhook}`
pub(crate) fn modify(call: &mut Call<'_>) -> HandlerResult {
    check(MODIFY, &call.body)?;
    let ((id, user), reason) = (managed(call)?, call.reason());
    call.world
        .modify_webhook(Some(user), id, &call.body, reason.as_deref())?;
    Ok(Reply::Json(call.world.webhook_json(id)?))
}

/// `POST /channels/{channel}/webhooks`
pub(crate) fn create(call: &mut Call<'_>) -> HandlerResult {
    check(
        const { &[req("name", Rule::Text(1, 80)), nul("avatar", Rule::Any)] },
        &call.body,
    )?;
    let (user, channel, reason) = (call.user()?, call.id("channel")?, call.reason());
    let application = call.application()?;
    let name = call
        .body
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let avatar = call.world.read_picture(&call.body, "avatar")?.flatten();
    let id = call
        .world
        .make_webhook(user, channel, name, avatar, Some(application), reason.as_deref())?;
    Ok(Reply::Json(call.world.webhook_json(id)?))
}

fn list(call: &Call<'_>, fits: impl Fn(&Webhook) -> bool) -> HandlerResult {
    Ok(Reply::Json(
        call.world
            .webhooks
            .values()
            .filter(|w| fits(w))
            .map(|w| json::webhook(call.world, w, true))
            .collect(),
    ))
}

/// `GET /channels/{channel}/webhooks`
pub(crate) fn of_channel(call: &mut Call<'_>) -> HandlerResult {
    let channel = call.id("channel")?;
    call.world
        .require_in_channel(channel, call.user()?, Permissions::MANAGE_WEBHOOKS)?;
    list(call, |w| w.channel_id == channel)
}

/// `GET /guilds/{guild}/webhooks`
pub(crate) fn of_guild(call: &mut Call<'_>) -> HandlerResult {
    let guild = call.id("guild")?;
    call.world
        .require_in_guild(guild, call.user()?, Permissions::MANAGE_WEBHOOKS)?;
    list(call, |w| w.guild_id == guild)
}
