//! Webhooks, and the follow-ups of interactions, which share their routes.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::shapes::{MESSAGE_EDIT, WEBHOOK_EXECUTE, check_message};
use crate::rest::validate::{Rule, check, nul, req};
use crate::world::message::Author;
use crate::world::model::Webhook;
use crate::world::permissions::Permissions;
use crate::world::{Draft, Post, Scope, json, json_message};

/// Webhooks of a channel.
const MOST_WEBHOOKS: usize = 15;

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
            let name = call
                .body
                .get("username")
                .and_then(Value::as_str)
                .unwrap_or(&webhook.name)
                .to_owned();
            let author = Author::Webhook {
                id: webhook.id,
                name,
                avatar: webhook.avatar,
            };
            let channel = call.query_id("thread_id").unwrap_or(webhook.channel_id);
            let mut post = Post::by(author, channel, draft);
            post.webhook_id = Some(webhook.id);
            post.application_id = webhook.application_id;
            let id = call.world.post(post)?;
            if call.query_flag("wait") {
                show(call, channel, id)
            } else {
                Ok(Reply::Empty)
            }
        }
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
        Target::Webhook(webhook) => Ok(Reply::Json(json::webhook(call.world, &webhook, true))),
        Target::Interaction(..) => Err(ApiError::unknown_webhook()),
    }
}

/// `DELETE /webhooks/{webhook}/{token}`
pub(crate) fn delete_with_token(call: &mut Call<'_>) -> HandlerResult {
    match target(call)? {
        Target::Webhook(webhook) => remove(call, &webhook),
        Target::Interaction(..) => Err(ApiError::unknown_webhook()),
    }
}

fn managed(call: &Call<'_>) -> ApiResult<Webhook> {
    let webhook = call
        .world
        .webhooks
        .get(&call.id("webhook")?)
        .cloned()
        .ok_or_else(ApiError::unknown_webhook)?;
    call.world
        .require_in_channel(webhook.channel_id, call.user()?, Permissions::MANAGE_WEBHOOKS)?;
    Ok(webhook)
}

fn remove(call: &mut Call<'_>, webhook: &Webhook) -> HandlerResult {
    call.world.webhooks.remove(&webhook.id);
    tell(call, webhook);
    Ok(Reply::Empty)
}

fn tell(call: &mut Call<'_>, webhook: &Webhook) {
    let body = json!({ "guild_id": webhook.guild_id, "channel_id": webhook.channel_id });
    call.world
        .emit("WEBHOOKS_UPDATE", Scope::Guild(webhook.guild_id), body);
}

/// `GET /webhooks/{webhook}`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    let webhook = managed(call)?;
    Ok(Reply::Json(json::webhook(call.world, &webhook, true)))
}

/// `DELETE /webhooks/{webhook}`
pub(crate) fn delete(call: &mut Call<'_>) -> HandlerResult {
    let webhook = managed(call)?;
    remove(call, &webhook)
}

/// `PATCH /webhooks/{webhook}`
pub(crate) fn modify(call: &mut Call<'_>) -> HandlerResult {
    check(
        const {
            &[
                nul("name", Rule::Text(1, 80)),
                nul("avatar", Rule::Any),
                nul("channel_id", Rule::Snowflake),
            ]
        },
        &call.body,
    )?;
    let mut webhook = managed(call)?;
    if let Some(name) = call.body.get("name").and_then(Value::as_str) {
        name.clone_into(&mut webhook.name);
    }
    if let Some(channel) = call.body.get("channel_id").and_then(crate::world::id_of) {
        call.world
            .require_in_channel(channel, call.user()?, Permissions::MANAGE_WEBHOOKS)?;
        webhook.channel_id = channel;
    }
    call.world.webhooks.insert(webhook.id, webhook.clone());
    tell(call, &webhook);
    Ok(Reply::Json(json::webhook(call.world, &webhook, true)))
}

/// `POST /channels/{channel}/webhooks`
pub(crate) fn create(call: &mut Call<'_>) -> HandlerResult {
    check(
        const { &[req("name", Rule::Text(1, 80)), nul("avatar", Rule::Any)] },
        &call.body,
    )?;
    let (user, channel) = (call.user()?, call.id("channel")?);
    call.world
        .require_in_channel(channel, user, Permissions::MANAGE_WEBHOOKS)?;
    let guild_id = call
        .world
        .channel(channel)?
        .guild_id
        .ok_or_else(ApiError::not_in_dm)?;
    if call
        .world
        .webhooks
        .values()
        .filter(|w| w.channel_id == channel)
        .count()
        >= MOST_WEBHOOKS
    {
        return Err(ApiError::too_many_webhooks());
    }
    let (id, token) = (call.world.new_id(), call.world.dice.token(68));
    let webhook = Webhook {
        id,
        channel_id: channel,
        guild_id,
        name: call
            .body
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        avatar: None,
        token,
        user_id: user,
        application_id: Some(call.application()?),
    };
    call.world.webhooks.insert(id, webhook.clone());
    tell(call, &webhook);
    Ok(Reply::Json(json::webhook(call.world, &webhook, true)))
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
