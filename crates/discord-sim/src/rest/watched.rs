//! Bodies of requests and answers for whoever watches the traffic; untouched while nobody does.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header;

use crate::hub::shortened;

/// Larger bodies are files; they are passed on unread.
const LARGEST_READ: u64 = 1024 * 1024;

/// The request as it came, and the text of its body.
pub(super) async fn request(observed: bool, request: Request) -> (Request, String) {
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|h| h.to_str().ok()?.parse::<u64>().ok());
    if !observed || declared.is_none_or(|n| n > LARGEST_READ) {
        return (request, String::new());
    }
    let is_form = content_type(request.headers()).starts_with("multipart/");
    let (parts, body) = request.into_parts();
    let (body, text) = read(body, is_form).await;
    (Request::from_parts(parts, body), text)
}

/// The answer as it was, and the text of its body.
pub(super) async fn response(observed: bool, response: Response) -> (Response, String) {
    if !observed {
        return (response, String::new());
    }
    let (parts, body) = response.into_parts();
    let (body, text) = read(body, false).await;
    (Response::from_parts(parts, body), text)
}

fn content_type(headers: &http::HeaderMap) -> &str {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default()
}

async fn read(body: Body, is_form: bool) -> (Body, String) {
    // A body that breaks off gives the handler an empty one, which it refuses by itself.
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let text = if is_form {
        payload_of(&bytes)
    } else {
        shortened(std::str::from_utf8(&bytes).unwrap_or_default()).to_owned()
    };
    (Body::from(bytes), text)
}

/// The JSON part of a form with files; the files are told by the answer.
fn payload_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let part = text
        .split("\r\n--")
        .find(|part| part.contains("name=\"payload_json\""));
    let json = part
        .and_then(|p| p.split_once("\r\n\r\n"))
        .map_or("", |(_, json)| json);
    shortened(json).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_watched_request_is_passed_on_whole_and_shown_without_its_files() {
        let form = "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"hi\"}\r\n\
            --b\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a\"\r\n\r\nsecret\r\n--b--";
        let request = http::Request::builder()
            .header("content-type", "multipart/form-data; boundary=b")
            .header("content-length", form.len())
            .body(Body::from(form))
            .unwrap();
        let (passed, text) = super::request(true, request).await;
        assert_eq!(text, "{\"content\":\"hi\"}");
        let whole = axum::body::to_bytes(passed.into_body(), usize::MAX)
            .await
            .unwrap();
        assert_eq!(whole, form.as_bytes());
    }

    #[tokio::test]
    async fn a_large_request_is_not_held_back_for_watchers() {
        let request = http::Request::builder()
            .header("content-length", LARGEST_READ + 1)
            .body(Body::from("{}"))
            .unwrap();
        let (passed, text) = super::request(true, request).await;
        assert_eq!(text, "");
        assert_eq!(axum::body::to_bytes(passed.into_body(), 8).await.unwrap(), "{}");
    }
}
