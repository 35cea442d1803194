//! `/api/cogs`: the list, the three operations, the log of one cog.

use std::time::Duration;

use axum::{Json, extract::State as Shared, http::StatusCode};
use hazebot_core::{Actor, logs::LogView, secrets::Masker};
use hazebot_discord::{Bot, Done, Operation, OperationError, Via};
use hazebot_http::{ApiError, ApiPath, ApiQuery, ApiResult, Caller, ErrorBody};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::State;
use crate::{
    api_server,
    cog_manager::logs::{canonical, lines_of},
    cogs::{self, CogList, Status},
};

/// Lines of a log that are given if no limit is asked for.
const LINES: i64 = 100;
/// Lines that may be asked for: as many as are kept.
const MOST_LINES: i64 = 2_000;
/// How long a request waits for an operation: below the 15 s after which the Flutter client gives up. The operation
/// itself goes on.
const WAIT: Duration = Duration::from_secs(14);

/// A cog after an operation.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changed {
    /// Always true.
    success: bool,
    /// What has been done, for a person.
    message: String,
    /// The cog.
    cog: ChangedCog,
    /// Loaded cogs that worked with it and now do without; only after an unload.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dependants: Vec<&'static str>,
}

/// Names and state of a cog.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangedCog {
    name: &'static str,
    file_name: &'static str,
    status: Status,
}

/// A page of a cog's log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogPage {
    /// Always true.
    success: bool,
    /// Canonical name of the cog, or the name that was asked for.
    cog: String,
    /// Oldest first.
    logs: Vec<LogItem>,
    /// How many there are.
    count: usize,
}

/// A line of a log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogItem {
    /// `HH:MM:SS` in the zone of the installation.
    timestamp: String,
    /// `DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`.
    level: &'static str,
    /// Canonical name.
    cog: String,
    /// The text, with the cog's sign in front.
    message: String,
}

/// What may be asked of a log.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct LogParams {
    /// How many of the latest lines: 1 to 2000, 100 if not given; other numbers become the nearest of these.
    limit: Option<i64>,
}

/// All cogs, by category and name.
#[utoipa::path(get, path = "/api/cogs", operation_id = "cogs.get_cogs", tag = "cogs",
    responses((status = 200, body = CogList), (status = 403, body = ErrorBody)))]
pub(super) async fn list(Shared(state): Shared<State>) -> Json<CogList> {
    Json(cogs::list(&cogs::all(&state.bot)))
}

/// Loads a cog, now and at every start.
#[utoipa::path(post, path = "/api/cogs/{cog_name}/load", operation_id = "cogs.load_cog", tag = "cogs",
    params(("cog_name" = String, Path)),
    responses((status = 200, body = Changed), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn load(
    Shared(state): Shared<State>,
    caller: Caller,
    ApiPath(name): ApiPath<String>,
) -> ApiResult<Json<Changed>> {
    perform(state.bot, Operation::Load, name, caller.actor()).await
}

/// Unloads a cog; it stays off after a restart.
#[utoipa::path(post, path = "/api/cogs/{cog_name}/unload", operation_id = "cogs.unload_cog", tag = "cogs",
    params(("cog_name" = String, Path)),
    responses((status = 200, body = Changed), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(super) async fn unload(
    Shared(state): Shared<State>,
    caller: Caller,
    ApiPath(name): ApiPath<String>,
) -> ApiResult<Json<Changed>> {
    perform(state.bot, Operation::Unload, name, caller.actor()).await
}

/// Sets a cog up anew. For `APIServer` the answer comes first and the restart after it.
#[utoipa::path(post, path = "/api/cogs/{cog_name}/reload", operation_id = "cogs.reload_cog", tag = "cogs",
    params(("cog_name" = String, Path)),
    responses((status = 200, body = Changed), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn reload(
    Shared(state): Shared<State>,
    caller: Caller,
    ApiPath(name): ApiPath<String>,
) -> ApiResult<Json<Changed>> {
    let bot = state.bot;
    match bot.cogs().resolve(&name) {
        Ok(about) if about.name == api_server::NAME && bot.cogs().is_loaded(about.name) => {
            // Its reload waits for running requests, this one among them.
            let actor = caller.actor();
            tokio::spawn(async move { bot.cogs().reload(api_server::NAME, &actor, Via::Api).await });
            Ok(Json(changed(
                Operation::Reload,
                Done {
                    cog: about,
                    dependants: Vec::new(),
                    took: Duration::ZERO,
                },
            )))
        }
        _ => perform(bot, Operation::Reload, name, caller.actor()).await,
    }
}

/// The latest log lines of a cog, without secrets.
#[utoipa::path(get, path = "/api/cogs/{cog_name}/logs", operation_id = "cogs.get_cog_logs", tag = "cogs",
    params(("cog_name" = String, Path), LogParams),
    responses((status = 200, body = LogPage), (status = 403, body = ErrorBody)))]
pub(super) async fn logs(
    Shared(state): Shared<State>,
    ApiPath(name): ApiPath<String>,
    ApiQuery(params): ApiQuery<LogParams>,
) -> Json<LogPage> {
    let cog = canonical(&state.bot, &name).map_or(name, str::to_owned);
    let limit = usize::try_from(params.limit.unwrap_or(LINES).clamp(1, MOST_LINES)).unwrap_or(1);
    Json(log_page(&state.logs, cog, limit))
}

fn log_page(view: &LogView, cog: String, limit: usize) -> LogPage {
    let lines = lines_of(view, &cog, None);
    let logs: Vec<LogItem> = lines
        .iter()
        .skip(lines.len().saturating_sub(limit))
        .map(|line| LogItem {
            timestamp: line.clock(view.zone()),
            level: line.level.name(),
            cog: cog.clone(),
            message: line.text(),
        })
        .collect();
    LogPage {
        success: true,
        count: logs.len(),
        cog,
        logs,
    }
}

/// Runs an operation to its end even if the caller hangs up, and waits for it as long as callers do.
async fn perform(bot: Bot, operation: Operation, name: String, actor: Actor) -> ApiResult<Json<Changed>> {
    let typed = name.clone();
    let work = tokio::spawn(async move { bot.cogs().perform(operation, &name, &actor, Via::Api).await });
    match tokio::time::timeout(WAIT, work).await {
        Ok(Ok(Ok(done))) => Ok(Json(changed(operation, done))),
        Ok(Ok(Err(error))) => Err(refused(operation, &typed, &error)),
        Ok(Err(broken)) => Err(ApiError::internal(broken)),
        Err(_) => Err(ApiError::unavailable(format!(
            "Cog '{typed}' takes long; it goes on, look again in a moment"
        ))),
    }
}

fn changed(operation: Operation, done: Done) -> Changed {
    let (word, status) = match operation {
        Operation::Load => ("loaded", Status::Loaded),
        Operation::Unload => ("unloaded", Status::Unloaded),
        Operation::Reload => ("reloaded", Status::Loaded),
    };
    let name = done.cog.name;
    Changed {
        success: true,
        message: format!("Cog '{name}' {word} successfully"),
        cog: ChangedCog {
            name,
            file_name: done.cog.file_name,
            status,
        },
        dependants: if operation == Operation::Unload {
            done.dependants
        } else {
            Vec::new()
        },
    }
}

/// The statuses and sentences of the contract.
fn refused(operation: Operation, typed: &str, error: &OperationError) -> ApiError {
    let verb = match operation {
        Operation::Load => "load",
        Operation::Unload => "unload",
        Operation::Reload => "reload",
    };
    match error {
        OperationError::Unknown { typed, .. } => ApiError::not_found(format!("Cog '{typed}' not found")),
        OperationError::Protected(cog) => ApiError::bad_request(format!("Cannot {verb} {cog}")),
        OperationError::DiscordOnly(cog) => {
            ApiError::forbidden().saying(format!("{cog} cannot be unloaded. Use reload instead."))
        }
        OperationError::AlreadyLoaded(_) => ApiError::bad_request(format!("Cog '{typed}' is already loaded")),
        OperationError::NotLoaded(_) => ApiError::bad_request(format!("Cog '{typed}' is not loaded")),
        OperationError::Busy(cog) => {
            ApiError::unavailable(format!("Cog '{cog}' is busy, try again in a moment"))
        }
        OperationError::Failed { error, .. } => {
            let why = Masker::new().mask(error).into_owned();
            ApiError::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("Failed to {verb} cog: {why}"),
            )
        }
        OperationError::NotStored(_) => ApiError::internal(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_have_the_statuses_and_sentences_of_the_contract() {
        let unknown = OperationError::Unknown {
            typed: "Nope".to_owned(),
            nearest: None,
        };
        let failed = OperationError::Failed {
            cog: "RoleInfo",
            error: "no role".to_owned(),
        };
        let cases = [
            (Operation::Load, "Nope", unknown, 404, "Cog 'Nope' not found"),
            (
                Operation::Unload,
                "CogManager",
                OperationError::Protected("CogManager"),
                400,
                "Cannot unload CogManager",
            ),
            (
                Operation::Reload,
                "cogmanager",
                OperationError::Protected("CogManager"),
                400,
                "Cannot reload CogManager",
            ),
            (
                Operation::Unload,
                "APIServer",
                OperationError::DiscordOnly("APIServer"),
                403,
                "APIServer cannot be unloaded. Use reload instead.",
            ),
            (
                Operation::Load,
                "RoleInfo",
                OperationError::AlreadyLoaded("RoleInfo"),
                400,
                "Cog 'RoleInfo' is already loaded",
            ),
            (
                Operation::Reload,
                "RoleInfo",
                OperationError::NotLoaded("RoleInfo"),
                400,
                "Cog 'RoleInfo' is not loaded",
            ),
            (
                Operation::Load,
                "RoleInfo",
                failed,
                500,
                "Failed to load cog: no role",
            ),
        ];
        for (operation, typed, error, status, sentence) in cases {
            let answer = refused(operation, typed, &error);
            assert_eq!((answer.status().as_u16(), answer.sentence()), (status, sentence));
        }
    }
}
