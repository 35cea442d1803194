//! The control API under `/sim`: act as a user, read state, move time, make faults, watch live.

mod acts;
mod reads;
mod stream;
mod tools;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post, put};
use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::hub::Hub;
use crate::id::Id;
use crate::rest::json_response;
use crate::sim::{Exchange, Seen};

/// The largest request: 25 MiB of files as base64, and some text.
const LARGEST_REQUEST: usize = 36 * 1024 * 1024;

/// Routes of the control API.
pub(crate) fn router() -> Router<Arc<Hub>> {
    Router::new()
        .route("/sim/info", get(reads::info))
        .route("/sim/users", get(reads::users).post(tools::add_user))
        .route("/sim/users/{user}", get(reads::user).patch(acts::settings))
        .route(
            "/sim/users/{user}/guilds/{guild}",
            put(acts::join).delete(acts::leave),
        )
        .route(
            "/sim/users/{user}/guilds/{guild}/voice",
            delete(acts::leave_voice),
        )
        .route(
            "/sim/users/{user}/channels/{channel}/voice",
            put(acts::join_voice),
        )
        .route("/sim/users/{user}/invites/{code}", put(acts::accept_invite))
        .route("/sim/users/{user}/dms", post(acts::open_dm))
        .route(
            "/sim/users/{user}/channels/{channel}/messages",
            get(reads::messages).post(acts::write),
        )
        .route(
            "/sim/users/{user}/channels/{channel}/messages/{message}",
            axum::routing::patch(acts::edit).delete(acts::remove),
        )
        .route(
            "/sim/users/{user}/channels/{channel}/messages/{message}/reactions/{emoji}",
            put(acts::react).delete(acts::unreact),
        )
        .route(
            "/sim/users/{user}/channels/{channel}/messages/{message}/votes",
            post(acts::vote),
        )
        .route("/sim/users/{user}/channels/{channel}/typing", post(acts::typing))
        .route(
            "/sim/users/{user}/channels/{channel}/commands",
            get(reads::commands).post(acts::command),
        )
        .route(
            "/sim/users/{user}/channels/{channel}/components",
            post(acts::component),
        )
        .route("/sim/users/{user}/modals", post(acts::modal))
        .route(
            "/sim/users/{user}/interactions/{interaction}",
            get(reads::interaction),
        )
        .route("/sim/channels/{channel}", delete(tools::delete_channel))
        .route("/sim/channels/{channel}/overwrites/{of}", put(tools::overwrite))
        .route("/sim/guilds/{guild}", put(tools::availability))
        .route("/sim/guilds/{guild}/members/{user}/roles", put(tools::set_roles))
        .route("/sim/clock", get(tools::time).post(tools::advance))
        .route(
            "/sim/faults",
            get(tools::faults)
                .post(tools::add_fault)
                .delete(tools::clear_faults),
        )
        .route("/sim/gateway-faults", post(tools::gateway_fault))
        .route("/sim/quiet", post(tools::quiet))
        .route("/sim/events", get(stream::serve))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(middleware::from_fn(only_from_here))
}

/// Pages of other sites must not drive the simulator through a visitor's browser: the request has to name
/// this machine as its host, and its origin, if it tells one.
async fn only_from_here(request: Request, next: Next) -> Response {
    if comes_from_here(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "The simulator answers this machine only.").into_response()
    }
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|h| h.to_str().ok())
            .unwrap_or_default()
    };
    let (host, origin) = (text(header::HOST), text(header::ORIGIN));
    let local = |name: &str| {
        let without_port = name
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        matches!(
            without_port.map_or(name, |(n, _)| n),
            "127.0.0.1" | "localhost" | "[::1]"
        )
    };
    let origin_host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    local(host) && (origin.is_empty() || local(origin_host))
}

/// Answers in the form of the API it imitates.
fn answer(result: ApiResult<Value>) -> Response {
    match result {
        Ok(value) => json_response(200, &value),
        Err(error) => json_response(error.status, &error.body()),
    }
}

fn id(text: &str) -> ApiResult<Id> {
    text.parse().map_err(|_| {
        ApiError::field(
            "id",
            "NUMBER_TYPE_COERCE",
            format!("Value \"{text}\" is not snowflake."),
        )
    })
}

fn text<'a>(body: &'a Value, key: &str) -> ApiResult<&'a str> {
    body.get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| ApiError::field(key, "BASE_TYPE_REQUIRED", "This field is required"))
}

/// Pairs of an object.
fn pairs(value: Option<&Value>) -> Vec<(String, Value)> {
    value
        .and_then(Value::as_object)
        .map(|m| m.iter().map(|(k, v)| (k.clone(), v.clone())).collect())
        .unwrap_or_default()
}

fn seen_json(seen: &Seen) -> Value {
    seen.json.clone()
}

fn exchange_json(of: &Exchange) -> Value {
    json!({
        "interaction": of.interaction, "user": of.user, "deferred": of.deferred, "answered": of.answered,
        "failed": of.failed, "responses": of.responses.iter().map(seen_json).collect::<Vec<_>>(),
        "updated": of.updated.as_ref().map(seen_json), "choices": of.choices,
        "modal": of.modal.as_ref().map(|m| json!({
            "interaction": m.interaction, "custom_id": m.custom_id, "title": m.title, "components": m.components,
        })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &'static str, origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    #[test]
    fn pages_of_other_sites_are_kept_out() {
        assert!(comes_from_here(&headers("127.0.0.1:5090", None)));
        assert!(comes_from_here(&headers(
            "localhost:5090",
            Some("http://localhost:5090")
        )));
        assert!(!comes_from_here(&headers(
            "127.0.0.1:5090",
            Some("https://evil.example")
        )));
        assert!(!comes_from_here(&headers("evil.example:5090", None)));
    }
}
