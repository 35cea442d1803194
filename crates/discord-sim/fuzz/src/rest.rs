//! Any request on any route: an answer of Discord's form comes back, and never a panic.

use arbitrary::Unstructured;
use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use serde_json::Value;

use super::choice::{below, object, pick, raw, text, value};
use super::stage::{Stage, block_on, routes};

/// Requests per input: enough for one to build on another.
const REQUESTS: usize = 8;
/// Paths beside the API's: files, pictures, OAuth2 and the control API.
const OTHERS: [(&str, &str); 14] = [
    ("GET", "/attachments/{channel}/{id}/{name}"),
    ("GET", "/avatars/{user}/{name}"),
    ("GET", "/icons/{guild}/{name}"),
    ("GET", "/emojis/{name}"),
    ("GET", "/oauth2/authorize"),
    ("POST", "/oauth2/authorize"),
    ("POST", "/sim/users"),
    ("PATCH", "/sim/users/{user}"),
    ("POST", "/sim/users/{user}/channels/{channel}/messages"),
    ("POST", "/sim/users/{user}/dms"),
    ("PUT", "/sim/channels/{channel}/overwrites/{id}"),
    ("PUT", "/sim/guilds/{guild}/members/{user}/roles"),
    ("POST", "/sim/clock"),
    ("PUT", "/sim/users/{user}/guilds/{guild}"),
];
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const KINDS: [&str; 8] = [
    "application/json",
    "application/json",
    "application/json",
    "application/json; charset=utf-8",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=",
];

/// Does what the bytes say.
pub fn run(data: &[u8]) {
    block_on(async {
        let mut bytes = Unstructured::new(data);
        let mut stage = Stage::set().await;
        for _ in 0..REQUESTS {
            if bytes.is_empty() {
                return;
            }
            one(&mut bytes, &mut stage).await;
        }
    });
}

async fn one(bytes: &mut Unstructured<'_>, stage: &mut Stage) {
    let other = below(bytes, 10) == 9;
    let table: &[(&str, &str)] = if other { &OTHERS } else { routes() };
    let Some((method, template)) = pick(bytes, table).copied() else {
        return;
    };
    let method = if below(bytes, 16) == 15 {
        pick(bytes, &METHODS).copied().unwrap_or(method)
    } else {
        method
    };
    let base = if other { "" } else { "/api/v10" };
    let uri = format!("{base}{}{}", filled(bytes, stage, template), query(bytes, stage));
    let body = match below(bytes, 8) {
        0 => raw(bytes),
        1 => value(bytes, &stage.ids).to_string().into_bytes(),
        2 => Vec::new(),
        _ => object(bytes, &stage.ids).to_string().into_bytes(),
    };
    let kind = pick(bytes, &KINDS).copied().unwrap_or_default();
    let mut request = Request::builder()
        .method(method)
        .uri(&uri)
        .header(header::HOST, "127.0.0.1")
        .header(header::CONTENT_TYPE, kind);
    if let Some(who) = authorization(bytes, stage) {
        request = request.header(header::AUTHORIZATION, who);
    }
    if below(bytes, 8) == 7
        && let Ok(reason) = HeaderValue::from_bytes(&raw(bytes))
    {
        request = request.header("x-audit-log-reason", reason);
    }
    // Not everything is a request that HTTP can carry.
    let Ok(request) = request.body(Body::from(body.clone())) else {
        return;
    };
    let (status, answer) = stage.send(request).await;
    // An answer to HEAD has no body.
    checked(
        status,
        &answer,
        other || method == "HEAD" || template.starts_with("/oauth2"),
        || format!("{method} {uri} {} {answer}", String::from_utf8_lossy(&body)),
    );
}

/// Nothing is the simulator's own fault, and what is refused is refused in Discord's form.
pub(crate) fn checked(status: u16, answer: &Value, own_form: bool, what: impl Fn() -> String) {
    assert!(status < 500, "{status}: {}", what());
    if status >= 400 && !own_form {
        assert!(
            answer.get("code").is_some_and(Value::is_u64),
            "{status}: {}",
            what()
        );
    }
}

fn filled(bytes: &mut Unstructured<'_>, stage: &Stage, template: &str) -> String {
    let part = |part: &str| -> String {
        match part {
            "{token}" if below(bytes, 8) < 7 => pick(bytes, &stage.tokens).cloned().unwrap_or_default(),
            part if !part.starts_with('{') => part.to_owned(),
            _ => match below(bytes, 12) {
                0 => "%F0%9F%91%8D".to_owned(),
                1 => "a:1".to_owned(),
                2 => "@me".to_owned(),
                3 => "%ff%".to_owned(),
                4 => raw(bytes).iter().map(|b| format!("%{b:02x}")).collect(),
                _ => pick(bytes, &stage.ids).cloned().unwrap_or_default(),
            },
        }
    };
    template.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn query(bytes: &mut Unstructured<'_>, stage: &Stage) -> String {
    const NAMES: [&str; 14] = [
        "limit",
        "before",
        "after",
        "around",
        "query",
        "with_counts",
        "wait",
        "thread_id",
        "user_id",
        "days",
        "client_id",
        "scope",
        "size",
        "redirect_uri",
    ];
    let mut query = String::new();
    for at in 0..below(bytes, 4) {
        let name = pick(bytes, &NAMES).copied().unwrap_or_default();
        let given = match below(bytes, 4) {
            0 => below(bytes, 200).to_string(),
            1 => pick(bytes, &stage.ids).cloned().unwrap_or_default(),
            2 => "true".to_owned(),
            _ => text(bytes)
                .bytes()
                .take(40)
                .map(|b| format!("%{b:02x}"))
                .collect(),
        };
        query += &format!("{}{name}={given}", if at == 0 { '?' } else { '&' });
    }
    query
}

fn authorization(bytes: &mut Unstructured<'_>, stage: &Stage) -> Option<HeaderValue> {
    let text = match below(bytes, 16) {
        0 => return None,
        1 => format!("Bearer {}", stage.bearer),
        2 => "Basic eDp5".to_owned(),
        3 => return HeaderValue::from_bytes(&raw(bytes)).ok(),
        _ => format!("Bot {}", stage.bot_token),
    };
    HeaderValue::from_str(&text).ok()
}
