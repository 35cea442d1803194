//! The edge: the one thing around all routes. Client address, request id, CORS, `OPTIONS`, JSON for every error, caught
//! panics, security headers, compression, access log. One function instead of a stack of layers, because every
//! request goes through all of it.

use std::{
    any::Any,
    convert::Infallible,
    future::Future,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Instant,
};

use axum::{
    Json, Router,
    body::{Body, HttpBody},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use tower::{Service, ServiceExt};

use crate::{
    compress::compress,
    error::{ErrorBody, Fault},
    net::{ClientIp, TrustedProxies},
    sockets::Sockets,
};

/// The sentence of the contract for a path that is not there.
pub(crate) const UNKNOWN_PATH: &str = "Endpoint not found";
/// The sentence of the contract for a method that a path does not have.
const UNKNOWN_METHOD: &str = "Method not allowed";
/// Methods that a preflight is told.
const METHODS: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
/// Longest list of header names that a preflight gets back.
const MAX_ALLOW_HEADERS: usize = 1_024;
/// A request that took longer is logged as a warning, in milliseconds.
const SLOW: u128 = 5_000;

/// The whole API as one service: routes, Socket.IO and the panel behind the edge. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    router: Router,
    sockets: Sockets,
    proxies: TrustedProxies,
    ids: RequestIds,
}

/// Short unique ids: a random start of the process, and a counter.
struct RequestIds {
    process: String,
    next: AtomicU64,
}

impl RequestIds {
    fn next(&self) -> String {
        format!("{}-{:x}", self.process, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// The id of a request, for logs; answers carry it as `X-Request-Id` and, with faults, as `correlation_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

impl App {
    pub(crate) fn new(
        router: Router,
        panel: Option<Router>,
        sockets: Sockets,
        proxies: TrustedProxies,
        process: String,
    ) -> Self {
        let router = router.fallback(move |request| elsewhere(panel.clone(), request));
        Self(Arc::new(Inner {
            router,
            sockets,
            proxies,
            ids: RequestIds {
                process,
                next: AtomicU64::new(1),
            },
        }))
    }

    /// Answers a request that came from this address.
    pub async fn respond(&self, request: Request<Body>, peer: IpAddr) -> Response {
        let started = Instant::now();
        let inner = &*self.0;
        let ip = inner.proxies.client(peer, request.headers());
        let id: Arc<str> = inner.ids.next().into();
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(ClientIp(ip));
        parts.extensions.insert(RequestId(Arc::clone(&id)));
        let (method, uri) = (parts.method.clone(), parts.uri.clone());
        let origin = parts.headers.get(header::ORIGIN).cloned();
        let preflight = preflight_of(&parts.method, &parts.headers);
        let accepts_gzip = accepts_gzip(&parts.headers);
        let request = Request::from_parts(parts, body);

        let answer = AssertUnwindSafe(inner.route(request)).catch_unwind().await;
        let mut response = answer.unwrap_or_else(|panic| fault(panic_text(&*panic)));
        inner.finish(&method, &mut response, &id);
        if accepts_gzip && method != Method::HEAD {
            response = compress(response).await;
        }
        let headers = response.headers_mut();
        cors(headers, origin, preflight);
        secure(headers);
        if let Ok(value) = HeaderValue::from_str(&id) {
            headers.insert("x-request-id", value);
        }
        log(&method, uri.path(), response.status(), ip, &id, started);
        response
    }
}

impl Inner {
    async fn route(&self, request: Request<Body>) -> Response {
        let path = request.uri().path();
        if path == "/socket.io/" || path == "/socket.io" {
            if request.method() == Method::OPTIONS {
                return StatusCode::OK.into_response();
            }
            return self.sockets.serve(request).await;
        }
        let mut router = self.router.clone();
        match router.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    /// JSON for what the router answers by itself, and the correlation id for faults.
    fn finish(&self, method: &Method, response: &mut Response, id: &str) {
        let status = response.status();
        if let Some(Fault { sentence, cause }) = response.extensions_mut().remove::<Fault>() {
            tracing::error!(correlation = id, status = status.as_u16(), %cause, "a request failed");
            replace_body(
                response,
                ErrorBody {
                    error: sentence,
                    correlation_id: Some(id.to_owned()),
                },
            );
        } else if status == StatusCode::METHOD_NOT_ALLOWED
            && !response.headers().contains_key(header::CONTENT_TYPE)
        {
            allow(response.headers_mut());
            if *method == Method::OPTIONS {
                *response.status_mut() = StatusCode::OK;
            } else {
                replace_body(
                    response,
                    ErrorBody {
                        error: UNKNOWN_METHOD.into(),
                        correlation_id: None,
                    },
                );
            }
        }
    }
}

/// What no route of the API answers: a page or file of the panel, else the contract's 404.
async fn elsewhere(panel: Option<Router>, request: Request<Body>) -> Response {
    let path = request.uri().path();
    let of_api = path == "/api" || path.starts_with("/api/");
    if let Some(panel) = panel.filter(|_| !of_api && matches!(*request.method(), Method::GET | Method::HEAD))
    {
        let Ok(response) = panel.oneshot(request).await;
        if response.status() != StatusCode::NOT_FOUND {
            return response;
        }
    }
    let body = ErrorBody {
        error: UNKNOWN_PATH.into(),
        correlation_id: None,
    };
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}

fn fault(cause: &str) -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    let cause = format!("panic: {cause}").into();
    response.extensions_mut().insert(Fault {
        sentence: "Internal server error".into(),
        cause,
    });
    response
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("unknown")
}

fn replace_body(response: &mut Response, body: ErrorBody) {
    let (status, retry) = (
        response.status(),
        response.headers().get(header::RETRY_AFTER).cloned(),
    );
    let allow = response.headers().get(header::ALLOW).cloned();
    *response = (status, Json(body)).into_response();
    for (name, value) in [(header::RETRY_AFTER, retry), (header::ALLOW, allow)] {
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
}

/// `GET,HEAD` of the router becomes `GET, HEAD, OPTIONS`.
fn allow(headers: &mut HeaderMap) {
    let listed = headers
        .get(header::ALLOW)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut methods: Vec<&str> = listed
        .split(',')
        .map(str::trim)
        .filter(|method| !method.is_empty())
        .collect();
    methods.push("OPTIONS");
    methods.sort_unstable();
    methods.dedup();
    if let Ok(value) = HeaderValue::from_str(&methods.join(", ")) {
        headers.insert(header::ALLOW, value);
    }
}

/// The header names that a preflight asks for, sorted; nothing if the request is no preflight.
fn preflight_of(method: &Method, headers: &HeaderMap) -> Option<String> {
    if *method != Method::OPTIONS || !headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let asked = headers
        .get(header::ACCESS_CONTROL_REQUEST_HEADERS)
        .and_then(|value| value.to_str().ok());
    let mut names: Vec<&str> = asked.unwrap_or_default().split(',').map(str::trim).collect();
    names.retain(|name| http::HeaderName::from_bytes(name.as_bytes()).is_ok());
    names.sort_unstable();
    let mut list = names.join(", ");
    list.truncate(MAX_ALLOW_HEADERS);
    Some(list)
}

/// Any origin, no credentials: the API takes its token from a header only, so no page can borrow a signed-in browser.
fn cors(headers: &mut HeaderMap, origin: Option<HeaderValue>, preflight: Option<String>) {
    match origin {
        Some(origin) => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.append(header::VARY, HeaderValue::from_static("Origin"));
        }
        None => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
    }
    if let Some(names) = preflight {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static(METHODS),
        );
        if !names.is_empty()
            && let Ok(value) = HeaderValue::from_str(&names)
        {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, value);
        }
    }
}

fn secure(headers: &mut HeaderMap) {
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let usual = [
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in usual {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "*")
            && parts.all(|weight| !matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn log(method: &Method, path: &str, status: StatusCode, ip: IpAddr, id: &str, started: Instant) {
    let took = started.elapsed().as_millis();
    let status = status.as_u16();
    if took > SLOW {
        tracing::warn!(target: "hazebot::access", status, took, %ip, request = id, "{method} {path} (slow)");
    } else if *method == Method::GET && status < 400 {
        // screens poll: their lines would push everything else out of the log
        tracing::debug!(target: "hazebot::access", status, took, %ip, request = id, "{method} {path}");
    } else {
        tracing::info!(target: "hazebot::access", status, took, %ip, request = id, "{method} {path}");
    }
}

/// For tests and for servers that speak tower: the peer is taken from `ConnectInfo`, else unspecified.
impl<B> Service<Request<B>> for App
where
    B: HttpBody<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let app = self.clone();
        let peer = request
            .extensions()
            .get::<axum::extract::ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Box::pin(async move { Ok(app.respond(request.map(Body::new), peer).await) })
    }
}
