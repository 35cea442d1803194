//! What a request brings: JSON bodies, query and path values, with an answer for each way in which they can be wrong.

use axum::{
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{PathRejection, QueryRejection},
    },
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// The sentence of the contract for a body that is no JSON, or JSON of another shape than an object.
const NO_JSON: &str = "Invalid JSON body";

/// A JSON body that must be there. Broken JSON or no object: 400 `Invalid JSON body`; another content type: 415; a
/// field that is missing or of another type: 400 with the field's name; too long: 413.
#[derive(Clone, Copy, Debug)]
pub struct ApiJson<T>(pub T);

/// A JSON body that may be left out: an empty body gives `T::default()`, whatever the content type.
#[derive(Clone, Copy, Debug)]
pub struct OptionalJson<T>(pub T);

/// Values of the query. One that does not parse: 400 with its name.
#[derive(Clone, Copy, Debug)]
pub struct ApiQuery<T>(pub T);

/// Values of the path. One that does not parse names nothing there is: 404.
#[derive(Clone, Copy, Debug)]
pub struct ApiPath<T>(pub T);

fn says_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || (essence
            .get(..12)
            .is_some_and(|start| start.eq_ignore_ascii_case("application/"))
            && essence
                .get(essence.len().saturating_sub(5)..)
                .is_some_and(|end| end.eq_ignore_ascii_case("+json")))
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<(bool, Bytes), ApiError> {
    let json = says_json(request.headers());
    let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large")
        } else {
            ApiError::bad_request("The request body could not be read")
        }
    })?;
    Ok((json, bytes))
}

fn parse<T: DeserializeOwned>(json: bool, bytes: &[u8]) -> Result<T, ApiError> {
    if !json {
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Content-Type must be application/json",
        ));
    }
    let starts_object = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let mut input = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut input).map_err(|error| {
        if error.inner().is_data()
            && starts_object
            && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
        {
            let (path, why) = (error.path().to_string(), reason(error.inner()));
            let field = if path == "." {
                String::new()
            } else {
                format!("{path}: ")
            };
            ApiError::bad_request(format!("Invalid value: {field}{why}"))
        } else {
            ApiError::bad_request(NO_JSON)
        }
    })?;
    input.end().map_err(|_| ApiError::bad_request(NO_JSON))?;
    Ok(parsed)
}

/// What serde found wrong, without the place in the text (which says nothing to a person) and without the value.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(text, _)| text);
    match (text.strip_prefix("invalid type: "), text.split_once("expected ")) {
        (Some(_), Some((_, wanted))) => format!("expected {wanted}"),
        _ if text.starts_with("invalid value: ") => match text.rsplit_once("expected ") {
            Some((_, wanted)) => format!("expected {wanted}"),
            None => "not allowed".to_owned(),
        },
        _ => text
            .chars()
            .filter(|letter| !letter.is_control())
            .take(200)
            .collect(),
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (json, bytes) = read(request, state).await?;
        if bytes.is_empty() {
            return Err(ApiError::bad_request(NO_JSON));
        }
        parse(json, &bytes).map(Self)
    }
}

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (json, bytes) = read(request, state).await?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(T::default()));
        }
        parse(json, &bytes).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(error)) => {
                let text = error.to_string();
                // `Failed to deserialize query string: limit: invalid digit found in string`
                let named = text
                    .split(": ")
                    .nth(1)
                    .filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
                Err(ApiError::bad_request(match named {
                    Some(name) => format!("Invalid query parameter: {name}"),
                    None => "Invalid query parameters".to_owned(),
                }))
            }
            Err(_) => Err(ApiError::bad_request("Invalid query parameters")),
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for ApiPath<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => {
                Err(ApiError::not_found(crate::edge::UNKNOWN_PATH))
            }
            Err(error) => Err(ApiError::internal(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    struct Reply {
        text: String,
        #[serde(default)]
        count: u32,
    }

    fn request(kind: Option<&str>, body: &'static str) -> Request {
        let builder = Request::post("/");
        match kind {
            Some(kind) => builder.header("content-type", kind),
            None => builder,
        }
        .body(Body::from(body))
        .unwrap()
    }

    async fn refused(kind: Option<&str>, body: &'static str) -> (u16, String) {
        let error = ApiJson::<Reply>::from_request(request(kind, body), &())
            .await
            .unwrap_err();
        (error.status().as_u16(), error.sentence().to_owned())
    }

    #[tokio::test]
    async fn a_body_is_read() {
        let request = request(Some("application/json; charset=utf-8"), r#"{"text":"hi"}"#);
        assert_eq!(
            ApiJson::<Reply>::from_request(request, &()).await.unwrap().0.text,
            "hi"
        );
    }

    #[tokio::test]
    async fn broken_json_and_other_shapes_are_the_callers_fault() {
        for body in [
            "{not json",
            "[1]",
            "null",
            "\"text\"",
            "",
            "{\"text\":\"a\"} tail",
        ] {
            assert_eq!(
                refused(Some("application/json"), body).await,
                (400, NO_JSON.to_owned()),
                "{body}"
            );
        }
    }

    #[tokio::test]
    async fn a_wrong_field_is_named_without_its_value() {
        let (status, sentence) = refused(Some("application/json"), r#"{"text":"a","count":"abc"}"#).await;
        assert_eq!(status, 400);
        assert_eq!(sentence, "Invalid value: count: expected u32");
        let (status, sentence) = refused(Some("application/json"), "{}").await;
        assert_eq!(
            (status, sentence.as_str()),
            (400, "Invalid value: missing field `text`")
        );
    }

    #[tokio::test]
    async fn another_content_type_is_refused() {
        assert_eq!(
            refused(Some("application/x-www-form-urlencoded"), "text=a")
                .await
                .0,
            415
        );
        assert_eq!(refused(None, r#"{"text":"a"}"#).await.0, 415);
    }

    #[tokio::test]
    async fn an_optional_body_may_be_missing_but_not_broken() {
        let empty = OptionalJson::<Reply>::from_request(request(Some("application/json"), ""), &())
            .await
            .unwrap();
        assert_eq!(empty.0, Reply::default());
        let broken = OptionalJson::<Reply>::from_request(request(Some("application/json"), "{"), &()).await;
        assert_eq!(broken.unwrap_err().status(), 400);
    }

    #[tokio::test]
    async fn a_wrong_query_value_is_named() {
        #[derive(Debug, Deserialize)]
        struct Page {
            #[expect(dead_code, reason = "only its parsing is looked at")]
            limit: u32,
        }
        let (mut parts, ()) = http::Request::get("/x?limit=abc").body(()).unwrap().into_parts();
        let error = ApiQuery::<Page>::from_request_parts(&mut parts, &())
            .await
            .unwrap_err();
        assert_eq!(
            (error.status().as_u16(), error.sentence()),
            (400, "Invalid query parameter: limit")
        );
    }
}
