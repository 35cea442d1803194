//! What a user does.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use base64::Engine as _;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::hub::Hub;
use crate::id::Id;
use crate::sim::{AsUser, Exchange, Seen, modal_of};
use crate::world::{CommandCall, OptionFile, id_of, json as write};

use super::{answer, exchange_json, id, pairs, seen_json, text};

fn acting(hub: &Arc<Hub>, user: &str) -> ApiResult<AsUser> {
    let user = id(user)?;
    hub.read(|w| w.user(user).map(|_| ()))?;
    Ok(AsUser::new(Arc::clone(hub), user))
}

fn show(hub: &Arc<Hub>, viewer: Id, channel: Id, message: Id) -> ApiResult<Value> {
    hub.read(|w| Ok(seen_json(&Seen::new(w, w.message(channel, message)?, viewer))))
}

/// A file given as `name` and `base64`.
fn file(given: &Value) -> ApiResult<(String, Vec<u8>)> {
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text(given, "base64")?)
        .map_err(|_| ApiError::field("file.base64", "BASE64_INVALID", "Not base64"))?;
    Ok((text(given, "name")?.to_owned(), bytes))
}

/// `POST …/messages` with `content`, and `reply_to`, `file` or `files` (`name`, `base64`) if wanted.
pub(super) async fn write(
    State(hub): State<Arc<Hub>>,
    Path((user, channel)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    answer(acting(&hub, &user).and_then(|user| {
        let channel = id(&channel)?;
        let content = body.get("content").and_then(Value::as_str).unwrap_or_default();
        let list = body.get("files").and_then(Value::as_array).into_iter().flatten();
        let files = body
            .get("file")
            .filter(|f| f.is_object())
            .into_iter()
            .chain(list)
            .map(file)
            .collect::<ApiResult<Vec<_>>>()?;
        let reply_to = body.get("reply_to").and_then(id_of);
        let message = user.writes(channel, content, files, reply_to)?;
        show(&hub, user.id(), channel, message)
    }))
}

/// `PATCH …/messages/{message}` with `content`.
pub(super) async fn edit(
    State(hub): State<Arc<Hub>>,
    Path((user, channel, message)): Path<(String, String, String)>,
    Json(body): Json<Value>,
) -> Response {
    answer(acting(&hub, &user).and_then(|user| {
        let (channel, message) = (id(&channel)?, id(&message)?);
        user.edits(channel, message, text(&body, "content")?)?;
        show(&hub, user.id(), channel, message)
    }))
}

/// `DELETE …/messages/{message}`; an ephemeral one is dismissed.
pub(super) async fn remove(
    State(hub): State<Arc<Hub>>,
    Path((user, channel, message)): Path<(String, String, String)>,
) -> Response {
    answer(acting(&hub, &user).and_then(|user| {
        let (channel, message) = (id(&channel)?, id(&message)?);
        user.dismisses(channel, message)
            .or_else(|_| user.deletes(channel, message))?;
        Ok(json!({}))
    }))
}

/// `PUT …/reactions/{emoji}`
pub(super) async fn react(
    State(hub): State<Arc<Hub>>,
    Path((user, channel, message, emoji)): Path<(String, String, String, String)>,
) -> Response {
    answer(
        acting(&hub, &user).and_then(|u| u.reacts(id(&channel)?, id(&message)?, &emoji).map(|()| json!({}))),
    )
}

/// `DELETE …/reactions/{emoji}`
pub(super) async fn unreact(
    State(hub): State<Arc<Hub>>,
    Path((user, channel, message, emoji)): Path<(String, String, String, String)>,
) -> Response {
    answer(acting(&hub, &user).and_then(|u| {
        u.unreacts(id(&channel)?, id(&message)?, &emoji)
            .map(|()| json!({}))
    }))
}

/// What somebody votes for.
#[derive(Deserialize)]
pub(super) struct Votes {
    answers: Vec<u64>,
}

/// `POST …/messages/{message}/votes` with `answers`, numbered from 1; none takes the vote back.
pub(super) async fn vote(
    State(hub): State<Arc<Hub>>,
    Path((user, channel, message)): Path<(String, String, String)>,
    Json(votes): Json<Votes>,
) -> Response {
    answer(acting(&hub, &user).and_then(|user| {
        let (channel, message) = (id(&channel)?, id(&message)?);
        user.votes(channel, message, &votes.answers)?;
        show(&hub, user.id(), channel, message)
    }))
}

/// `POST …/typing`
pub(super) async fn typing(
    State(hub): State<Arc<Hub>>,
    Path((user, channel)): Path<(String, String)>,
) -> Response {
    answer(acting(&hub, &user).and_then(|u| u.types(id(&channel)?).map(|()| json!({}))))
}

/// `PUT …/guilds/{guild}`
pub(super) async fn join(
    State(hub): State<Arc<Hub>>,
    Path((user, guild)): Path<(String, String)>,
) -> Response {
    answer(acting(&hub, &user).and_then(|u| u.joins(id(&guild)?).map(|()| json!({}))))
}

/// `DELETE …/guilds/{guild}`
pub(super) async fn leave(
    State(hub): State<Arc<Hub>>,
    Path((user, guild)): Path<(String, String)>,
) -> Response {
    answer(acting(&hub, &user).and_then(|u| u.leaves(id(&guild)?).map(|()| json!({}))))
}

/// `PUT …/channels/{channel}/voice`
pub(super) async fn join_voice(
    State(hub): State<Arc<Hub>>,
    Path((user, channel)): Path<(String, String)>,
) -> Response {
    answer(acting(&hub, &user).and_then(|u| u.joins_voice(id(&channel)?).map(|()| json!({}))))
}

/// `DELETE …/guilds/{guild}/voice`
pub(super) async fn leave_voice(
    State(hub): State<Arc<Hub>>,
    Path((user, guild)): Path<(String, String)>,
) -> Response {
    answer(acting(&hub, &user).and_then(|u| u.leaves_voice(id(&guild)?).map(|()| json!({}))))
}

/// `PUT …/invites/{code}`
pub(super) async fn accept_invite(
    State(hub): State<Arc<Hub>>,
    Path((user, code)): Path<(String, String)>,
) -> Response {
    answer(acting(&hub, &user).and_then(|u| u.accepts_invite(&code).map(|guild| json!({ "guild": guild }))))
}

/// `PATCH /sim/users/{user}` with `takes_dms` or `locale`.
pub(super) async fn settings(
    State(hub): State<Arc<Hub>>,
    Path(user): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    answer(acting(&hub, &user).and_then(|user| {
        if let Some(status) = body.get("status").and_then(Value::as_str) {
            user.shows(status, body.get("playing").and_then(Value::as_str))?;
        }
        if let Some(open) = body.get("takes_dms").and_then(Value::as_bool) {
            user.takes_dms(open);
        }
        if let Some(locale) = body.get("locale").and_then(Value::as_str) {
            user.speaks(locale);
        }
        Ok(json!({}))
    }))
}

/// `POST …/dms` with `recipient`.
pub(super) async fn open_dm(
    State(hub): State<Arc<Hub>>,
    Path(user): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    answer(acting(&hub, &user).and_then(|user| {
        let other = body
            .get("recipient")
            .and_then(id_of)
            .ok_or_else(ApiError::unknown_user)?;
        hub.read(|w| w.user(other).map(|_| ()))?;
        let channel = user.dm_with(other);
        hub.read(|w| Ok(write::channel(w, w.channel(channel)?)))
    }))
}

fn exchanged(result: ApiResult<Exchange>) -> Response {
    answer(result.map(|e| exchange_json(&e)))
}

/// Options of a command by name.
type Options = Vec<(String, Value)>;

/// Option values, and those of them that are files (`name`, `base64`).
fn command_options(given: Option<&Value>) -> ApiResult<(Options, Vec<OptionFile>)> {
    let (files, options): (Vec<_>, Vec<_>) = pairs(given).into_iter().partition(|(_, v)| v.is_object());
    let files = files.into_iter().map(|(option, value)| {
        let (filename, content) = file(&value)?;
        Ok(OptionFile {
            option,
            filename,
            content,
        })
    });
    Ok((options, files.collect::<ApiResult<_>>()?))
}

/// `POST …/commands` with `name`, and `options`, `focused`, `target`, `application` if wanted.
pub(super) async fn command(
    State(hub): State<Arc<Hub>>,
    Path((user, channel)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    let prepared = acting(&hub, &user).and_then(|user| {
        let (options, files) = command_options(body.get("options"))?;
        let call = CommandCall {
            name: text(&body, "name")?.to_owned(),
            options,
            files,
            focused: body.get("focused").and_then(Value::as_str).map(str::to_owned),
            target: body.get("target").and_then(id_of),
            application: body.get("application").and_then(id_of),
        };
        Ok((user.in_channel(id(&channel)?), call))
    });
    match prepared {
        Ok((user, call)) => exchanged(user.runs(call).await),
        Err(error) => answer(Err(error)),
    }
}

/// `POST …/components` with `message`, `custom_id`, and `values` for selects.
pub(super) async fn component(
    State(hub): State<Arc<Hub>>,
    Path((user, _channel)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    let prepared = acting(&hub, &user).and_then(|user| {
        let message = body
            .get("message")
            .and_then(id_of)
            .ok_or_else(ApiError::unknown_message)?;
        let values = body
            .get("values")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let values: Vec<String> = values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        Ok((user, message, text(&body, "custom_id")?.to_owned(), values))
    });
    match prepared {
        Ok((user, message, custom_id, values)) => exchanged(user.chooses(message, &custom_id, values).await),
        Err(error) => answer(Err(error)),
    }
}

/// `POST …/modals` with the `interaction` whose answer it was and `values` by custom id.
pub(super) async fn modal(
    State(hub): State<Arc<Hub>>,
    Path(user): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    let prepared = acting(&hub, &user).and_then(|user| {
        let of = body
            .get("interaction")
            .and_then(id_of)
            .ok_or_else(ApiError::unknown_interaction)?;
        let modal = hub.read(|w| {
            w.interaction(of)
                .and_then(|i| Some(modal_of(of, i.modal.as_ref()?)))
        });
        Ok((
            user,
            modal.ok_or_else(ApiError::unknown_interaction)?,
            pairs(body.get("values")),
        ))
    });
    match prepared {
        Ok((user, modal, values)) => exchanged(user.submits_modal(&modal, values).await),
        Err(error) => answer(Err(error)),
    }
}
