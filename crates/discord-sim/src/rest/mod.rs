//! REST v10: finds the route, checks who asks and how often, reads the body, runs the handler.

pub(crate) mod call;
mod handlers;
pub(crate) mod limits;
mod multipart;
mod router;
pub(crate) mod routes;
#[cfg(test)]
mod rubbish;
pub(crate) mod shapes;
pub(crate) mod validate;
mod watched;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine as _;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::faults::RestFault;
use crate::hub::Hub;
use crate::observe;
use call::{Actor, Call, HandlerResult, Reply};
use limits::Standing;
use router::Found;
use routes::{Auth, Route};

/// Method and template of every route that is served, such as `("GET", "/channels/{channel}")`.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    routes::all().map(|route| (route.method, route.template))
}

/// The largest request: 25 MiB of files and some text.
pub(crate) const LARGEST_REQUEST: usize = 26 * 1024 * 1024;
/// The page that proxies show when Discord is down.
const ERROR_PAGE: &str =
    "<html><head><title>Error</title></head><body><center><h1>Error</h1></center></body></html>";

/// The content type of forms without files.
const URL_ENCODED: &str = "application/x-www-form-urlencoded";

/// The route that a request would take.
pub(crate) fn template(method: &str, path: &str) -> Option<String> {
    router::find(method, path).map(|found| found.route.template.to_owned())
}

/// Serves `/api/v10/…` and `/api/…`.
pub(crate) async fn serve(State(hub): State<Arc<Hub>>, request: Request) -> Response {
    let started = Instant::now();
    let method = request.method().as_str().to_owned();
    let full = request.uri().path().to_owned();
    let path = strip_version(&full);
    let found = router::find(&method, &path);
    let template = found.as_ref().map_or("", |f| f.route.template).to_owned();
    let observed = hub.is_observed();
    let (request, asked) = watched::request(observed, request).await;
    let (latency, fault) = hub.faults.take(&method, &template, &path);
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let response = match fault {
        Some(RestFault::LoseAnswer) => {
            answer(&hub, request, found, &path).await;
            observe::injected(faulty(RestFault::ServerError { status: 504 }, &template))
        }
        Some(fault) => observe::injected(faulty(fault, &template)),
        None => answer(&hub, request, found, &path).await,
    };
    let (response, answered) = watched::response(observed, response).await;
    hub.traffic(|| {
        // A path with a token in it is shown by its route.
        let shown = if template.contains("{token}") { &template } else { &path };
        json!({ "kind": "rest", "method": method, "path": shown, "route": template,
            "status": response.status().as_u16(), "micros": u64::try_from(started.elapsed().as_micros()).unwrap_or(0),
            "request": asked, "answer": answered })
    });
    response
}

/// `/api/v10/users/@me` and `/api/users/@me` are the same route.
pub(crate) fn strip_version(path: &str) -> String {
    let path = path.strip_prefix("/api").unwrap_or(path);
    let mut parts = path.trim_start_matches('/').splitn(2, '/');
    let first = parts.next().unwrap_or_default();
    let is_version = first
        .strip_prefix('v')
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if is_version {
        format!("/{}", parts.next().unwrap_or_default())
    } else {
        path.to_owned()
    }
}

/// Versions that Discord still answers (<https://discord.com/developers/docs/reference#api-versioning>).
const VERSIONS: std::ops::RangeInclusive<u32> = 6..=10;

/// True if a path names no version or one that is answered.
fn version_is_known(path: &str) -> bool {
    let first = path
        .strip_prefix("/api/v")
        .and_then(|rest| rest.split('/').next());
    let number = first.filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    number.is_none_or(|n| n.parse().is_ok_and(|n: u32| VERSIONS.contains(&n)))
}

fn faulty(fault: RestFault, template: &str) -> Response {
    match fault {
        RestFault::RateLimited { retry_after, global } => {
            too_many(retry_after, global, if global { "global" } else { "user" })
        }
        RestFault::ServerError { status } => Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "text/html")
            .body(Body::from(ERROR_PAGE))
            .unwrap_or_default(),
        // These two come true beside the answer.
        RestFault::Latency { .. } | RestFault::LoseAnswer => Response::default(),
        other => error_response(&other.refusal(template)),
    }
}

async fn answer(hub: &Arc<Hub>, request: Request, found: Option<Found>, path: &str) -> Response {
    let (parts, body) = request.into_parts();
    if !version_is_known(parts.uri.path()) {
        return error_response(&ApiError::invalid_version());
    }
    let Some(found) = found else {
        let error = if router::exists(path) {
            ApiError::method_not_allowed()
        } else {
            ApiError::no_route()
        };
        return error_response(&error);
    };
    let actor = match authenticate(hub, found.route, &parts.headers) {
        Ok(actor) => actor,
        Err(error) => return error_response(&error),
    };
    let limited_now = hub.limits_rates.load(Ordering::Relaxed);
    let standing = limited_now.then(|| count(hub, &actor, &found));
    if let Some(refused) = standing.as_ref().filter(|s| s.refused.is_some()) {
        return limited(refused);
    }
    let Ok(bytes) = axum::body::to_bytes(body, LARGEST_REQUEST).await else {
        return error_response(&ApiError::too_large());
    };
    let (body, uploads) = match read_body(found.route, &parts.headers, bytes).await {
        Ok(read) => read,
        Err(error) => return error_response(&error),
    };
    let gateway_url = hub.gateway_url();
    let result = hub.change_state(|state| {
        let allowance = match actor {
            Actor::Bot { application, .. } => Some(state.allowance(hub, application)),
            Actor::Bearer { .. } | Actor::Nobody => None,
        };
        let mut call = Call {
            world: &mut state.world,
            grants: &mut state.grants,
            actor,
            params: found.params,
            query: read_query(parts.uri.query().unwrap_or_default()),
            body,
            uploads,
            reason: reason(&parts.headers),
            basic: basic(&parts.headers),
            shards: hub.options.shards,
            allowance,
            gateway_url,
        };
        (found.route.handler)(&mut call)
    });
    let mut response = respond(result);
    if let Some(standing) = standing {
        add_limit_headers(response.headers_mut(), &standing);
    }
    response
}

fn respond(result: HandlerResult) -> Response {
    match result {
        Ok(Reply::Json(value)) => json_response(200, &value),
        Ok(Reply::Status(status, value)) => json_response(status, &value),
        Ok(Reply::Empty) => Response::builder()
            .status(StatusCode::NO_CONTENT)
            .body(Body::empty())
            .unwrap_or_default(),
        Err(error) => error_response(&error),
    }
}

pub(crate) fn error_response(error: &ApiError) -> Response {
    let mut response = json_response(error.status, &error.body());
    if let Some(milliseconds) = error.retry_after {
        let headers = response.headers_mut();
        headers.insert(
            header::RETRY_AFTER,
            HeaderValue::from(milliseconds.div_ceil(1000)),
        );
        headers.insert("x-ratelimit-scope", HeaderValue::from_static("user"));
    }
    response
}

pub(crate) fn json_response(status: u16, value: &Value) -> Response {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json")
        // discord.py takes a 429 without it for a ban by the proxy before Discord.
        .header(header::VIA, "1.1 simulator")
        .body(Body::from(serde_json::to_vec(value).unwrap_or_default()))
        .unwrap_or_default()
}

fn authenticate(hub: &Hub, route: &Route, headers: &HeaderMap) -> ApiResult<Actor> {
    if route.auth == Auth::None {
        return Ok(Actor::Nobody);
    }
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default();
    let state = hub.state();
    if let Some(token) = given.strip_prefix("Bearer ") {
        let grant = state
            .grants
            .by_access_token(token, hub.clock.now())
            .ok_or_else(ApiError::unauthorized)?;
        return if route.auth == Auth::Bot {
            Err(ApiError::unauthorized())
        } else {
            Ok(Actor::Bearer {
                application: grant.application,
                user: grant.user,
                scopes: grant.scopes.clone(),
            })
        };
    }
    // Discord takes a bare bot token only with its prefix.
    let token = given.strip_prefix("Bot ").ok_or_else(ApiError::unauthorized)?;
    let application = state
        .world
        .application_by_token(token)
        .ok_or_else(ApiError::unauthorized)?;
    if route.auth == Auth::Bearer {
        return Err(ApiError::unauthorized());
    }
    Ok(Actor::Bot {
        application: application.id,
        user: application.bot_id,
    })
}

fn count(hub: &Hub, actor: &Actor, found: &Found) -> Standing {
    let who = match actor {
        Actor::Bot { application, .. } => format!("bot {application}"),
        Actor::Bearer { user, .. } => format!("user {user}"),
        Actor::Nobody => "ip".to_owned(),
    };
    let major = found.major();
    let global = matches!(actor, Actor::Bot { .. });
    let key = format!("{} {}", found.route.method, found.route.template);
    hub.state()
        .limits
        .count(&who, &key, &major, found.route.limit, global, hub.clock.instant())
}

fn add_limit_headers(headers: &mut HeaderMap, standing: &Standing) {
    let reset_after = standing.reset_after.as_secs_f64();
    let mut put = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    put("x-ratelimit-limit", standing.limit.to_string());
    put("x-ratelimit-remaining", standing.remaining.to_string());
    put("x-ratelimit-reset-after", format!("{reset_after:.3}"));
    put(
        "x-ratelimit-reset",
        format!("{:.3}", epoch_seconds() + reset_after),
    );
    put("x-ratelimit-bucket", standing.bucket.clone());
}

/// `X-RateLimit-Reset` is an instant of real time, like the windows themselves.
fn epoch_seconds() -> f64 {
    crate::clock::SimClock::real().now() as f64 / 1000.0
}

fn limited(standing: &Standing) -> Response {
    let global = standing.refused == Some(true);
    let mut response = too_many(
        standing.reset_after.as_secs_f64(),
        global,
        if global { "global" } else { "user" },
    );
    if !global {
        add_limit_headers(response.headers_mut(), standing);
    }
    response
}

fn too_many(retry_after: f64, global: bool, scope: &'static str) -> Response {
    let body =
        json!({ "message": "You are being rate limited.", "retry_after": retry_after, "global": global });
    let mut response = json_response(429, &body);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&format!("{}", retry_after.ceil())) {
        headers.insert(header::RETRY_AFTER, value);
    }
    headers.insert("x-ratelimit-scope", HeaderValue::from_static(scope));
    if global {
        headers.insert("x-ratelimit-global", HeaderValue::from_static("true"));
    }
    response
}

async fn read_body(
    route: &Route,
    headers: &HeaderMap,
    bytes: Bytes,
) -> ApiResult<(Value, Vec<crate::world::Upload>)> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default();
    let is_form = multipart::boundary(kind).is_some() || kind.starts_with(URL_ENCODED);
    if !is_form && matches!(route.method, "GET" | "DELETE") && !route.reads_body {
        return Ok((json!({}), Vec::new()));
    }
    parse_body(kind, bytes).await
}

/// JSON, or a form with its files.
pub(crate) async fn parse_body(kind: &str, bytes: Bytes) -> ApiResult<(Value, Vec<crate::world::Upload>)> {
    if let Some(boundary) = multipart::boundary(kind) {
        let (mut body, files) = multipart::read(&boundary, bytes).await?;
        validate::settle_numbers(&mut body);
        return Ok((body, files));
    }
    if kind.starts_with(URL_ENCODED) {
        let form =
            url::form_urlencoded::parse(&bytes).map(|(k, v)| (k.into_owned(), Value::String(v.into_owned())));
        return Ok((Value::Object(form.collect()), Vec::new()));
    }
    if bytes.is_empty() {
        return Ok((json!({}), Vec::new()));
    }
    let mut body = serde_json::from_slice(&bytes).map_err(|_| ApiError::invalid_json())?;
    validate::settle_numbers(&mut body);
    Ok((body, Vec::new()))
}

fn read_query(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes())
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect()
}

/// The audit log reason: URL-encoded, at most 512 characters count.
fn reason(headers: &HeaderMap) -> Option<String> {
    let raw = headers.get("x-audit-log-reason")?.as_bytes();
    let decoded = crate::cdn::decode_percent(&String::from_utf8_lossy(raw));
    Some(decoded.chars().take(512).collect())
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let encoded = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Basic ")?;
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (name, secret) = text.split_once(':')?;
    Some((name.to_owned(), secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_never_were_are_refused() {
        for (path, known) in [
            ("/api/v10/users/@me", true),
            ("/api/users/@me", true),
            ("/api/voice/regions", true),
            ("/api/v3/users/@me", false),
            ("/api/v99999999999/users/@me", false),
        ] {
            assert_eq!(version_is_known(path), known, "{path}");
        }
    }

    #[test]
    fn the_version_in_a_path_is_optional() {
        assert_eq!(strip_version("/api/v10/users/@me"), "/users/@me");
        assert_eq!(strip_version("/api/users/@me"), "/users/@me");
        assert_eq!(strip_version("/api/voice/regions"), "/voice/regions");
    }
}
