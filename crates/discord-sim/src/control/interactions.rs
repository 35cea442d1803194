//! What a user does that a bot answers: commands, components, modals.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::hub::Hub;
use crate::id::Id;
use crate::sim::{self, modal_of};
use crate::world::{CommandCall, OptionFile, json as write};

use super::acts::{File, acting};
use super::answers::Exchange;
use super::ask::{Answer, InChannel, Json, OfInteraction, OfUser, Path};
use super::objects::Command;

fn exchanged(result: ApiResult<sim::Exchange>) -> Answer<Exchange> {
    result.map(|exchange| axum::Json(Exchange::from(&exchange)))
}

/// The commands that the user may run there.
#[utoipa::path(get, path = "/sim/users/{user}/channels/{channel}/commands", tag = "interactions",
    params(InChannel), responses((status = 200, body = [Command])))]
pub(super) async fn commands(State(hub): State<Arc<Hub>>, Path(at): Path<InChannel>) -> Answer<Vec<Command>> {
    Ok(axum::Json(hub.read(|w| {
        w.commands_for(at.user, at.channel)
            .into_iter()
            .map(|(app, c)| Command(write::command(app, c, true)))
            .collect()
    })))
}

/// A command to run.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Run {
    /// Its name with groups and subcommands: `todo list`.
    name: String,
    /// Values by the option's name; a file is an object with `name` and `base64`.
    #[serde(default)]
    #[schema(value_type = Object)]
    options: Map<String, Value>,
    /// The option that is being typed: the bot is asked for choices.
    focused: Option<String>,
    /// The user or message of a context menu.
    target: Option<Id>,
    /// The application, if several have a command of this name.
    application: Option<Id>,
}

/// Options of a command by name.
type Options = Vec<(String, Value)>;

/// Option values, and those of them that are files.
fn command_options(given: Map<String, Value>) -> ApiResult<(Options, Vec<OptionFile>)> {
    let (files, options): (Vec<_>, Vec<_>) = given.into_iter().partition(|(_, v)| v.is_object());
    let files = files
        .into_iter()
        .map(|(option, value)| option_file(&option, value));
    Ok((options, files.collect::<ApiResult<_>>()?))
}

fn option_file(option: &str, given: Value) -> ApiResult<OptionFile> {
    let file: File = serde_json::from_value(given)
        .map_err(|wrong| ApiError::field(option, "BASE_TYPE_BAD", wrong.to_string()))?;
    let (filename, content) = file.read()?;
    Ok(OptionFile {
        option: option.to_owned(),
        filename,
        content,
    })
}

/// Values of a form, and those of them that are lists of files.
fn form_values(given: Map<String, Value>) -> ApiResult<(Options, Vec<OptionFile>)> {
    let (mut values, mut files) = (Vec::new(), Vec::new());
    for (input, value) in given {
        match value {
            Value::Array(list) if list.iter().any(Value::is_object) => {
                for given in list {
                    files.push(option_file(&input, given)?);
                }
            }
            value => values.push((input, value)),
        }
    }
    Ok((values, files))
}

/// Runs a command, or asks for the choices of a half-typed option, and waits for the answer.
#[utoipa::path(post, path = "/sim/users/{user}/channels/{channel}/commands", tag = "interactions",
    params(InChannel), responses((status = 200, body = Exchange)))]
pub(super) async fn command(
    State(hub): State<Arc<Hub>>,
    Path(at): Path<InChannel>,
    Json(run): Json<Run>,
) -> Answer<Exchange> {
    let user = acting(&hub, at.user)?;
    let (options, files) = command_options(run.options)?;
    let call = CommandCall {
        name: run.name,
        options,
        files,
        focused: run.focused,
        target: run.target,
        application: run.application,
    };
    exchanged(user.in_channel(at.channel).runs(call).await)
}

/// A component to press or to choose from.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct PressOf {
    /// The message that it is on.
    message: Id,
    /// The component.
    custom_id: String,
    /// What is chosen in a select.
    #[serde(default)]
    values: Vec<String>,
}

/// Presses a button or chooses in a select, and waits for the answer.
#[utoipa::path(post, path = "/sim/users/{user}/channels/{channel}/components", tag = "interactions",
    params(InChannel), responses((status = 200, body = Exchange)))]
pub(super) async fn component(
    State(hub): State<Arc<Hub>>,
    Path(at): Path<InChannel>,
    Json(press): Json<PressOf>,
) -> Answer<Exchange> {
    let user = acting(&hub, at.user)?;
    exchanged(user.chooses(press.message, &press.custom_id, press.values).await)
}

/// A form that is filled in.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Filled {
    /// The interaction that the bot answered with it.
    interaction: Id,
    /// Values by custom id: a text, a list of what is chosen, or a list of files (objects with `name` and `base64`).
    #[serde(default)]
    #[schema(value_type = Object)]
    values: Map<String, Value>,
}

/// Submits a modal and waits for the answer.
#[utoipa::path(post, path = "/sim/users/{user}/modals", tag = "interactions",
    params(OfUser), responses((status = 200, body = Exchange)))]
pub(super) async fn modal(
    State(hub): State<Arc<Hub>>,
    Path(of): Path<OfUser>,
    Json(filled): Json<Filled>,
) -> Answer<Exchange> {
    let user = acting(&hub, of.user)?;
    let asked = filled.interaction;
    let modal = hub.read(|w| {
        w.interaction(asked)
            .and_then(|i| Some(modal_of(asked, i.modal.as_ref()?)))
    });
    let (values, files) = form_values(filled.values)?;
    let modal = modal.ok_or_else(ApiError::unknown_interaction)?;
    exchanged(user.submits_modal_with_files(&modal, values, files).await)
}

/// What came of an interaction so far.
#[utoipa::path(get, path = "/sim/users/{user}/interactions/{interaction}", tag = "interactions",
    params(OfInteraction), responses((status = 200, body = Exchange)))]
pub(super) async fn interaction(
    State(hub): State<Arc<Hub>>,
    Path(of): Path<OfInteraction>,
) -> Answer<Exchange> {
    let exchange = hub.read(|w| sim::Exchange::look(w, of.interaction))?;
    if exchange.user == of.user {
        exchanged(Ok(exchange))
    } else {
        Err(ApiError::unknown_interaction())
    }
}
