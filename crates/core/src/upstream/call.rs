//! A call, its reply, and what can go wrong with it.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Method, StatusCode, header::HeaderMap};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Bytes of an error body that are shown in the log.
const SHOWN_BODY: usize = 300;

/// What is asked of a service.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(&'static str, SecretString)>,
    pub(super) body: Body,
    pub(super) repeatable: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    None,
    Form(Vec<(String, String)>),
    Json(Value),
}

impl Call {
    /// A call with any method. `path` is appended to the path of the base; GET, HEAD, PUT and DELETE are tried again
    /// after a failure (RFC 9110, 9.2.2), others only if [`Call::repeatable`].
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        let repeatable = method.is_idempotent();
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::None,
            repeatable,
        }
    }

    /// GET.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// POST.
    #[must_use]
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<SecretString>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(self, token: &SecretString) -> Self {
        self.header("authorization", format!("Bearer {}", token.expose_secret()))
    }

    /// Sends a form.
    #[must_use]
    pub fn form<N: Into<String>, V: Into<String>>(
        mut self,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.body = Body::Form(
            fields
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        );
        self
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    /// Says that sending it twice does no harm, so that it is tried again after a failure.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// What tells this call from others in the cache: path and query. Calls with headers are not kept.
    pub(super) fn cache_key(&self) -> Option<String> {
        let plain = self.method == Method::GET && self.headers.is_empty() && matches!(self.body, Body::None);
        plain.then(|| {
            let query: Vec<String> = self
                .query
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            format!("{}?{}", self.path.trim_start_matches('/'), query.join("&"))
        })
    }
}

/// A successful (2xx) reply.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, whole.
    pub body: Bytes,
}

impl Reply {
    /// The body as JSON.
    ///
    /// # Errors
    /// [`UpstreamError::Unreadable`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, UpstreamError> {
        read(&self.body)
    }
}

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, UpstreamError> {
    serde_json::from_slice(body).map_err(|error| UpstreamError::Unreadable(error.to_string()))
}

/// Why a call failed. Holds no address and no header: they can carry secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    /// The base address can't carry a path.
    #[error("the address of the service is not usable")]
    Address,
    /// The client could not be made.
    #[error("the HTTP client cannot be set up: {0}")]
    Setup(String),
    /// Too many calls were waiting before this one.
    #[error("too many calls are waiting for the service")]
    Busy,
    /// No answer in time.
    #[error("the service did not answer in time")]
    Timeout,
    /// No connection, or it broke.
    #[error("the service cannot be reached: {0}")]
    Unreachable(String),
    /// It answered with something else than success.
    #[error("the service answered {status}: {}", excerpt(.body))]
    Status {
        /// Its status.
        status: u16,
        /// How long it asks us to wait (`Retry-After` in seconds).
        retry_after: Option<Duration>,
        /// Its body.
        body: Bytes,
    },
    /// The answer is larger than this many bytes.
    #[error("the answer of the service is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer is not what was expected.
    #[error("the answer of the service cannot be read: {0}")]
    Unreadable(String),
}

impl UpstreamError {
    /// The status, if the service answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the service itself is at fault, not the call: then an old answer is better than none.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Status { status, .. } => *status >= 500 || *status == 429 || *status == 408,
            Self::Timeout | Self::Unreachable(_) | Self::Busy | Self::TooLarge(_) | Self::Unreadable(_) => {
                true
            }
            Self::Address | Self::Setup(_) => false,
        }
    }

    pub(super) fn of(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        let error = error.without_url();
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            text = inner.to_string();
            cause = inner.source();
        }
        Self::Unreachable(text)
    }
}

/// Why a file did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The service.
    #[error(transparent)]
    Service(#[from] UpstreamError),
    /// Where it was written to, such as a full disk.
    #[error("the file cannot be written: {0}")]
    Sink(#[from] std::io::Error),
}

fn excerpt(body: &Bytes) -> String {
    let text = String::from_utf8_lossy(body.get(..SHOWN_BODY).unwrap_or(body));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
