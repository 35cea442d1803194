//! A door in front of Discord's REST API: it notes each request of a bot, and can hold one of them, so that a test may
//! end the program exactly there.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
};
use parking_lot::Mutex;
use reqwest::redirect::Policy;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::Trouble;

/// The largest request that is passed on, in bytes: Discord's limit for files, and some text.
const LARGEST: usize = 26 * 1_024 * 1_024;
/// Requests that are noted; a test makes some hundreds.
const MOST_NOTES: usize = 20_000;

/// A request of the bot, and what became of it.
#[derive(Clone, Debug)]
pub struct Note {
    /// `POST` …
    pub method: String,
    /// Path without `/api/v10`.
    pub path: String,
    /// Its content type; empty without a body.
    pub content_type: String,
    /// Its body.
    pub body: Vec<u8>,
    /// The status of Discord's answer.
    pub status: u16,
}

/// Where a request is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Discord never hears of it.
    Before,
    /// Discord has done it; its answer is on the way.
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    Counting {
        left: usize,
        point: Point,
    },
    /// The last request is with Discord; nothing else goes on.
    Last,
    Held,
}

struct Inner {
    target: String,
    http: reqwest::Client,
    notes: Mutex<Vec<Note>>,
    phase: watch::Sender<Phase>,
}

/// The door. Dropping it shuts it.
pub struct Door {
    inner: Arc<Inner>,
    base: String,
    serving: JoinHandle<()>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Door {
    /// Opens a door to the Discord at `target` (`http://127.0.0.1:port`).
    ///
    /// # Errors
    /// No port is free.
    pub async fn open(target: &str) -> Result<Self, Trouble> {
        hazebot_core::upstream::install_crypto();
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_gzip()
            .build()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let (phase, _) = watch::channel(Phase::Open);
        let inner = Arc::new(Inner {
            target: target.to_owned(),
            http,
            notes: Mutex::default(),
            phase,
        });
        let app = Router::new().fallback(pass).with_state(inner.clone());
        let serving = tokio::spawn(async move {
            // It ends with the test.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self { inner, base, serving })
    }

    /// What a bot takes as `DISCORD_BASE_URL`.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// All requests so far.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        self.inner.notes.lock().clone()
    }

    /// Holds the `nth` request from now on that changes something (1 is the next one), and all that come after it.
    pub fn hold(&self, nth: usize, point: Point) {
        let left = nth.max(1);
        self.inner.phase.send_replace(Phase::Counting { left, point });
    }

    /// Waits until a request is held.
    pub async fn held(&self) {
        let mut phase = self.inner.phase.subscribe();
        // The sender lives as long as the door.
        let _ = phase.wait_for(|phase| *phase == Phase::Held).await;
    }

    /// Lets everything through again. What was held came to nothing: whoever asked is taken for dead.
    pub fn let_through(&self) {
        self.inner.phase.send_replace(Phase::Open);
    }

    /// Waits, `patience` at most, until a request `fits`; `None` if none comes.
    pub async fn sees(&self, patience: Duration, fits: impl Fn(&Note) -> bool) -> Option<Note> {
        let looked = async {
            loop {
                if let Some(note) = self.inner.notes.lock().iter().find(|note| fits(note)) {
                    return note.clone();
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(patience, looked).await.ok()
    }
}

/// Whether this request goes on, and whether its answer does.
fn turn(phase: &watch::Sender<Phase>, changes: bool) -> (bool, bool) {
    let mut goes = (true, true);
    phase.send_modify(|phase| match *phase {
        Phase::Open => {}
        Phase::Last | Phase::Held => goes = (false, false),
        Phase::Counting { .. } if !changes => {}
        Phase::Counting { left: 1, point } => {
            goes = (point == Point::After, false);
            *phase = match point {
                Point::Before => Phase::Held,
                Point::After => Phase::Last,
            };
        }
        Phase::Counting { left, point } => {
            *phase = Phase::Counting {
                left: left - 1,
                point,
            };
        }
    });
    goes
}

async fn pass(State(door): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return refused(413);
    };
    let (goes, comes) = turn(&door.phase, parts.method != http::Method::GET);
    if !goes {
        return wait(&door).await;
    }
    let path = parts.uri.path().to_owned();
    let target = format!(
        "{}{}",
        door.target,
        parts.uri.path_and_query().map_or("/", |path| path.as_str())
    );
    let mut headers = parts.headers.clone();
    for own in [
        http::header::HOST,
        http::header::CONTENT_LENGTH,
        http::header::TRANSFER_ENCODING,
    ] {
        headers.remove(own);
    }
    let sent = door
        .http
        .request(parts.method.clone(), target)
        .headers(headers)
        .body(bytes.clone())
        .send()
        .await;
    let Ok(answer) = sent else {
        return refused(502);
    };
    let (status, headers) = (answer.status(), answer.headers().clone());
    let Ok(answered) = answer.bytes().await else {
        return refused(502);
    };
    note(&door, &parts, &path, &bytes, status.as_u16());
    if !comes {
        door.phase.send_replace(Phase::Held);
        return wait(&door).await;
    }
    let mut response = Response::new(Body::from(answered));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    for own in [
        http::header::CONTENT_LENGTH,
        http::header::TRANSFER_ENCODING,
        http::header::CONNECTION,
    ] {
        response.headers_mut().remove(own);
    }
    response
}

fn note(door: &Inner, parts: &http::request::Parts, path: &str, body: &[u8], status: u16) {
    let mut notes = door.notes.lock();
    if notes.len() >= MOST_NOTES {
        return;
    }
    let content_type = parts.headers.get(http::header::CONTENT_TYPE);
    notes.push(Note {
        method: parts.method.as_str().to_owned(),
        path: path
            .trim_start_matches("/api/v10")
            .trim_start_matches("/api")
            .to_owned(),
        content_type: content_type
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        body: body.to_vec(),
        status,
    });
}

/// Waits until the door is open again; by then nobody is there to be answered.
async fn wait(door: &Inner) -> Response {
    let mut phase = door.phase.subscribe();
    let _ = phase
        .wait_for(|phase| matches!(phase, Phase::Open | Phase::Counting { .. }))
        .await;
    refused(502)
}

fn refused(status: u16) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    response
}
