//! `/api/settings`: every setting with its type and limits, for forms that build themselves; changes, their history, and
//! taking one back.

use axum::{Json, extract::State as Shared};
use hazebot_core::settings::{Changed, Changes, SettingVersion};
use hazebot_http::{ApiJson, ApiPath, ApiQuery, ApiResult, Caller, ErrorBody};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::State;

/// Versions that are given if no limit is asked for, and at most.
const VERSIONS: u32 = 50;
const MOST_VERSIONS: u32 = 500;

/// The settings of the guild.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingList {
    /// Each with `key`, `section`, `type`, limits, `default`, `description`, `admin_only` and its `value` now.
    #[schema(value_type = Vec<Object>)]
    settings: Vec<Map<String, Value>>,
}

/// What a change did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangeDone {
    /// Always `true`.
    success: bool,
    /// Number of the version that it made; `null` if everything was so already.
    version: Option<i64>,
    /// The settings that are different now.
    keys: Vec<String>,
}

impl From<Changed> for ChangeDone {
    fn from(changed: Changed) -> Self {
        Self {
            success: true,
            version: changed.version,
            keys: changed.keys,
        }
    }
}

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Version {
    /// Its number.
    id: i64,
    /// RFC 3339 with offset.
    at: String,
    /// Who made it.
    actor: String,
    /// Before and after, by key; `null` is the default.
    #[schema(value_type = Object)]
    changes: Value,
}

/// Changes of a guild.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct History {
    /// Newest first.
    versions: Vec<Version>,
}

/// How much of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryParams {
    /// 1 to 500, 50 if not given; other numbers become the nearest of these.
    limit: Option<u32>,
}

/// Every setting with its value.
#[utoipa::path(
    get, path = "/api/settings", operation_id = "settings.list", tag = "settings",
    responses((status = 200, body = SettingList), (status = 403, body = ErrorBody)),
)]
pub(super) async fn list(Shared(state): Shared<State>, caller: Caller) -> Json<SettingList> {
    let (settings, guild) = (state.bot.settings(), caller.guild());
    let mut values = settings.values(guild, None);
    let with_value = |mut entry: Map<String, Value>| {
        let key = entry.get("key").and_then(Value::as_str).unwrap_or_default();
        let value = values.remove(key).unwrap_or_default();
        entry.insert("value".to_owned(), value);
        entry
    };
    Json(SettingList {
        settings: settings.schema().into_iter().map(with_value).collect(),
    })
}

/// Changes settings by key, all or none; `null` takes one back to its default.
#[utoipa::path(
    patch, path = "/api/settings", operation_id = "settings.change", tag = "settings", request_body = Object,
    responses((status = 200, body = ChangeDone), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn change(
    Shared(state): Shared<State>,
    caller: Caller,
    ApiJson(body): ApiJson<Map<String, Value>>,
) -> ApiResult<Json<ChangeDone>> {
    let changes = Changes::from(body);
    let changed = state
        .bot
        .settings()
        .change(&caller.actor(), caller.guild(), changes)
        .await?;
    Ok(Json(changed.into()))
}

/// The changes, newest first.
#[utoipa::path(
    get, path = "/api/settings/history", operation_id = "settings.history", tag = "settings", params(HistoryParams),
    responses((status = 200, body = History), (status = 403, body = ErrorBody)),
)]
pub(super) async fn history(
    Shared(state): Shared<State>,
    caller: Caller,
    ApiQuery(params): ApiQuery<HistoryParams>,
) -> ApiResult<Json<History>> {
    let limit = params.limit.unwrap_or(VERSIONS).clamp(1, MOST_VERSIONS);
    let versions = state.bot.settings().history(caller.guild(), limit).await?;
    let wire = |version: SettingVersion| Version {
        id: version.id,
        at: hazebot_core::clock::rfc3339(version.at),
        actor: version.actor.name().to_owned(),
        changes: serde_json::to_value(&version.changes).unwrap_or_default(),
    };
    Ok(Json(History {
        versions: versions.into_iter().map(wire).collect(),
    }))
}

/// Takes a change back: its settings get the values that they had before, unless they were changed again since.
#[utoipa::path(
    post, path = "/api/settings/history/{version}/undo", operation_id = "settings.undo", tag = "settings",
    params(("version" = i64, Path, description = "Number of the version")),
    responses((status = 200, body = ChangeDone), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)),
)]
pub(super) async fn undo(
    Shared(state): Shared<State>,
    caller: Caller,
    ApiPath(version): ApiPath<i64>,
) -> ApiResult<Json<ChangeDone>> {
    let done = state
        .bot
        .settings()
        .undo(&caller.actor(), caller.guild(), version)
        .await?;
    Ok(Json(done.into()))
}
