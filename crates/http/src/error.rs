//! What a route answers instead of its result: one JSON shape `{"error": "<sentence>"}`, never the insides of the program.

use std::{borrow::Cow, sync::Arc, time::Duration};

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use hazebot_core::{Failure, Refusal, RefusalKind};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

/// The result of a route.
pub type ApiResult<T> = Result<T, ApiError>;

/// The sentence for a fault of the program.
const INTERNAL: &str = "Internal server error";

/// The body of every answer that is not a success.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// One English sentence for a person.
    pub error: Cow<'static, str>,
    /// Where to find the cause in the log; only with statuses from 500 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

/// Why a route did not do what it was asked.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    sentence: Cow<'static, str>,
    retry_after: Option<Duration>,
    cause: Option<String>,
}

/// Travels with a response to the edge, which logs it beside the correlation id.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) sentence: Cow<'static, str>,
    pub(crate) cause: Arc<str>,
}

impl ApiError {
    /// An answer with a status and a sentence for a person.
    pub fn new(status: StatusCode, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            sentence: sentence.into(),
            retry_after: None,
            cause: None,
        }
    }

    /// 400.
    pub fn bad_request(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence)
    }

    /// 401.
    pub fn unauthorized(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, sentence)
    }

    /// 403 with the sentence of the contract.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Insufficient permissions")
    }

    /// 404.
    pub fn not_found(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, sentence)
    }

    /// 429 with `Retry-After`, at least one second.
    #[must_use]
    pub fn too_many(after: Duration) -> Self {
        Self {
            retry_after: Some(after),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
        }
    }

    /// 503.
    pub fn unavailable(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, sentence)
    }

    /// 500; the cause goes to the log only.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL)
        }
    }

    /// 502 with a sentence; the cause goes to the log only.
    pub fn bad_gateway(sentence: impl Into<Cow<'static, str>>, cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(StatusCode::BAD_GATEWAY, sentence)
        }
    }

    /// Another sentence, for a route whose contract has its own.
    #[must_use]
    pub fn saying(mut self, sentence: impl Into<Cow<'static, str>>) -> Self {
        self.sentence = sentence.into();
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The sentence.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.kind {
            RefusalKind::Invalid => StatusCode::BAD_REQUEST,
            RefusalKind::Unknown => StatusCode::UNAUTHORIZED,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::TooMany(after) => return Self::too_many(after).saying(refusal.sentence),
            RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, refusal.sentence)
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Service { service, .. } => {
                let sentence = match service {
                    "discord" => "Discord did not answer as expected",
                    _ => "A service that is needed did not answer as expected",
                };
                Self::bad_gateway(sentence, &failure)
            }
            other => Self::internal(other),
        }
    }
}

/// Whole seconds of `Retry-After`, rounded up, at least one.
fn seconds(after: Duration) -> u64 {
    (after.as_secs() + u64::from(after.subsec_nanos() > 0)).max(1)
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            error: self.sentence.clone(),
            correlation_id: None,
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(after) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds(after)));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Fault {
                sentence: self.sentence,
                cause: cause.into(),
            });
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_becomes_its_status_and_its_sentence() {
        for (kind, status) in [
            (RefusalKind::Invalid, 400),
            (RefusalKind::Unknown, 401),
            (RefusalKind::Forbidden, 403),
            (RefusalKind::NotFound, 404),
            (RefusalKind::Conflict, 409),
            (RefusalKind::Unavailable, 503),
        ] {
            let error = ApiError::from(Failure::from(Refusal::new(kind, "id", "No.")));
            assert_eq!((error.status().as_u16(), error.sentence()), (status, "No."));
        }
    }

    #[test]
    fn too_often_says_when_to_come_back() {
        let error = ApiError::from(Refusal::new(
            RefusalKind::TooMany(Duration::from_millis(1_200)),
            "id",
            "Slow down.",
        ));
        let response = error.into_response();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers().get("retry-after").unwrap(), "2");
    }

    #[tokio::test]
    async fn a_fault_hides_its_cause() {
        let response = ApiError::from(Failure::internal("table users has no column x")).into_response();
        assert_eq!(response.status(), 500);
        let body = axum::body::to_bytes(response.into_body(), 1_000).await.unwrap();
        assert_eq!(body, r#"{"error":"Internal server error"}"#);
    }
}
