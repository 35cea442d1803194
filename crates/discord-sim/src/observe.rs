//! Shows whole exchanges to somebody who looks on: a check against a description of Discord, or a recording.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, header};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ApiError;
use crate::hub::Hub;
use crate::rest::{self, LARGEST_REQUEST};

/// The largest answer that is shown: as large as the largest file that was uploaded.
const LARGEST_ANSWER: usize = LARGEST_REQUEST;
/// Paths that are not Discord's: the control API, the sandbox page with its invitations, and the gateway, whose events are shown one by one.
const OWN_PATHS: [&str; 5] = ["/sim/", "/page/", "/invite/", "/gateway", "/favicon.ico"];

/// A request and its answer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct HttpExchange {
    /// `GET` …
    pub method: String,
    /// True for the REST API, false for pages and pictures.
    pub api: bool,
    /// The path as it was sent; for the REST API without `/api/v10`.
    pub path: String,
    /// The simulator's template of the route, such as `/channels/{channel}/messages`; `None` where it has none.
    pub route: Option<String>,
    /// The query as it was sent; empty without one.
    pub query: String,
    /// The request's content type; empty without one.
    pub content_type: String,
    /// The request's JSON, the `payload_json` of a form with files, or an object of a form's fields. `null` without a
    /// body, and for one that can't be read.
    pub body: Value,
    /// Names of the form's parts that are files, such as `files[0]`.
    pub files: Vec<String>,
    /// The status of the answer.
    pub status: u16,
    /// The answer's content type; empty without one.
    pub answer_type: String,
    /// The answer's JSON; `null` if it is none.
    pub answer: Value,
    /// The answer is a fault that was asked for, not the simulator's own.
    pub injected: bool,
}

/// Somebody who looks on. Called while others wait, so it should be quick; it must not call the simulator.
pub trait Observer: Debug + Send + Sync {
    /// A request was answered.
    fn exchange(&self, exchange: &HttpExchange);

    /// An event is sent to a bot.
    fn event(&self, name: &str, data: &Value);

    /// The simulator ends: its last handle was dropped, on the thread of whoever held it.
    fn ended(&self) {}
}

/// Marks an answer as a fault that was asked for.
#[derive(Clone, Copy, Debug)]
struct Injected;

/// The same answer, known as a fault that was asked for.
pub(crate) fn injected(mut response: Response) -> Response {
    response.extensions_mut().insert(Injected);
    response
}

/// Shows every request of Discord's own faces to the observer.
pub(crate) async fn layer(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let own = path == "/" || OWN_PATHS.iter().any(|own| path.starts_with(own));
    match &hub.options.observer {
        Some(observer) if !own => watched(observer.as_ref(), request, next).await,
        _ => next.run(request).await,
    }
}

async fn watched(observer: &dyn Observer, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, LARGEST_REQUEST).await else {
        return rest::error_response(&ApiError::too_large());
    };
    let content_type = text(&head.headers, &header::CONTENT_TYPE);
    let read = rest::parse_body(&content_type, bytes.clone()).await;
    let (body, uploads) = read.unwrap_or_default();
    let (api, path) = match head.uri.path().strip_prefix("/api/") {
        Some(_) => (true, rest::strip_version(head.uri.path())),
        None => (false, head.uri.path().to_owned()),
    };
    let mut exchange = HttpExchange {
        method: head.method.as_str().to_owned(),
        route: api.then(|| rest::template(head.method.as_str(), &path)).flatten(),
        api,
        path,
        query: head.uri.query().unwrap_or_default().to_owned(),
        content_type,
        body: if bytes.is_empty() { Value::Null } else { body },
        files: uploads.into_iter().map(|upload| upload.field).collect(),
        status: 0,
        answer_type: String::new(),
        answer: Value::Null,
        injected: false,
    };
    let response = next.run(Request::from_parts(head, Body::from(bytes))).await;
    let (head, body) = response.into_parts();
    let bytes = match axum::body::to_bytes(body, LARGEST_ANSWER).await {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::error!(%error, "an answer is too large to be shown");
            return Response::from_parts(head, Body::empty());
        }
    };
    exchange.status = head.status.as_u16();
    exchange.answer_type = text(&head.headers, &header::CONTENT_TYPE);
    exchange.injected = head.extensions.get::<Injected>().is_some();
    if exchange.answer_type.starts_with("application/json") {
        exchange.answer = serde_json::from_slice(&bytes).unwrap_or_default();
    }
    observer.exchange(&exchange);
    Response::from_parts(head, Body::from(bytes))
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// A line of a recording.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Recorded {
    /// A request and its answer.
    Exchange(HttpExchange),
    /// An event that was sent to a bot.
    Event {
        /// Its name.
        name: String,
        /// Its `d`.
        data: Value,
    },
}

/// Writes everything into a file, one JSON object a line ([`Recorded`]). Tokens are in it.
#[derive(Debug)]
pub struct Recorder(Mutex<BufWriter<File>>);

impl Recorder {
    /// Begins a recording; a file that is there is replaced.
    ///
    /// # Errors
    /// If the file can't be made.
    pub fn new(path: &Path) -> io::Result<Self> {
        Ok(Self(Mutex::new(BufWriter::new(File::create(path)?))))
    }

    fn write(&self, line: &Recorded) {
        let mut out = self.0.lock();
        let written = serde_json::to_writer(&mut *out, line)
            .map_err(io::Error::from)
            // Whoever reads it may look while the simulator runs, or after it was killed.
            .and_then(|()| out.write_all(b"\n"))
            .and_then(|()| out.flush());
        if let Err(error) = written {
            tracing::error!(%error, "the recording has a gap");
        }
    }
}

impl Observer for Recorder {
    fn exchange(&self, exchange: &HttpExchange) {
        self.write(&Recorded::Exchange(exchange.clone()));
    }

    fn event(&self, name: &str, data: &Value) {
        self.write(&Recorded::Event {
            name: name.to_owned(),
            data: data.clone(),
        });
    }
}
