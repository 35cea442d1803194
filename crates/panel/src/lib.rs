//! The panel inside the program: the built files of `web/`, packed at build time, and the routes that serve them.
//! Only the program depends on this crate, so that a change of the panel rebuilds little.

use std::io::Read;

use axum::{Router, extract::Request, response::IntoResponse, response::Response};
use flate2::read::GzDecoder;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// A packed file.
struct File {
    /// Relative to the root of the site, without slash in front.
    path: &'static str,
    kind: &'static str,
    /// `ETag`, with its quotes.
    tag: &'static str,
    /// Whether the content is gzip.
    packed: bool,
    content: &'static [u8],
}

/// All of them, sorted by path.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The page that every address of the panel begins with.
const INDEX: &str = "index.html";
/// Files below have the hash of their content in their name.
const HASHED: &str = "assets/";
/// Addresses that are never a page of the panel.
const FOREIGN: [&str; 3] = ["api", "socket.io", "docs"];
/// Everything comes from the program itself. Vuetify writes its theme into a style element; pictures of people are
/// fetched by the API; chosen files are shown from memory.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
                      manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Serves the panel: files by their path, the index for every address that looks like a page, 404 for the rest.
///
/// It has no path of its own and answers whatever it is asked, so it goes behind the routes of the API.
pub fn router() -> Router {
    Router::new().fallback(serve)
}

/// Whether a built panel is inside, and not only the page that tells how to build one.
#[must_use]
pub fn is_built() -> bool {
    FILES.len() > 1
}

async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    match find(path) {
        Some(file) => answer(file, request.headers()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn find(path: &str) -> Option<&'static File> {
    let named = |path: &str| FILES.iter().find(|file| file.path == path);
    let first = path.split('/').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    if path.is_empty() {
        named(INDEX)
    } else if let Some(file) = named(path) {
        Some(file)
    } else if FOREIGN.contains(&first) || last.contains('.') {
        None
    } else {
        named(INDEX)
    }
}

fn answer(file: &File, headers: &HeaderMap) -> Response {
    let hashed = file.path.starts_with(HASHED);
    let caching = if hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = if knows(headers, file.tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match content(file, headers) {
            Ok((body, packed)) => {
                let mut response = body.into_response();
                response
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
                if packed {
                    response
                        .headers_mut()
                        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                }
                response
            }
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_static(file.tag));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if file.packed {
        headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if file.path == INDEX {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    response
}

fn knows(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    known
        .split(',')
        .any(|known| known.trim().trim_start_matches("W/") == tag)
}

/// The content, and whether it is packed. It lies in the program's file: serving it packed copies nothing.
fn content(file: &File, headers: &HeaderMap) -> std::io::Result<(axum::body::Body, bool)> {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !file.packed || accepted.contains("gzip") {
        return Ok((
            axum::body::Body::from(axum::body::Bytes::from_static(file.content)),
            file.packed,
        ));
    }
    let mut plain = Vec::new();
    GzDecoder::new(file.content).read_to_end(&mut plain)?;
    Ok((axum::body::Body::from(plain), false))
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests may stop at what is wrong")]
mod tests {
    use axum::body::{Body, to_bytes};
    use tower::ServiceExt;

    use super::*;

    async fn get(path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = router()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        (
            parts.status.as_u16(),
            parts.headers,
            to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        )
    }

    #[tokio::test]
    async fn every_page_is_the_index_under_a_strict_policy() {
        for path in ["/", "/index.html", "/tickets", "/admin/tickets/5"] {
            let (status, headers, body) = get(path, &[]).await;
            assert_eq!(status, 200, "{path}");
            assert!(
                String::from_utf8(body).unwrap().starts_with("<!doctype html>"),
                "{path}"
            );
            assert_eq!(headers["content-type"], "text/html; charset=utf-8");
            assert_eq!(headers["cache-control"], "no-cache");
            assert!(
                headers["content-security-policy"]
                    .to_str()
                    .unwrap()
                    .contains("script-src 'self'")
            );
        }
    }

    #[tokio::test]
    async fn what_is_no_page_is_not_found() {
        for path in [
            "/api/nope",
            "/socket.io/",
            "/docs",
            "/assets/gone.js",
            "/favicon.ico2.png",
            "/../Cargo.toml",
        ] {
            assert_eq!(get(path, &[]).await.0, 404, "{path}");
        }
    }

    #[tokio::test]
    async fn who_has_the_page_is_told_so() {
        let (_, headers, _) = get("/", &[]).await;
        let tag = headers["etag"].to_str().unwrap().to_owned();
        let (status, headers, body) = get("/", &[("if-none-match", &tag)]).await;
        assert_eq!(
            (status, body.len(), headers["etag"].to_str().unwrap()),
            (304, 0, tag.as_str())
        );
        assert_eq!(get("/", &[("if-none-match", "\"other\"")]).await.0, 200);
    }

    #[tokio::test]
    async fn text_comes_packed_to_those_who_take_it() {
        let (_, headers, packed) = get("/", &[("accept-encoding", "gzip, deflate")]).await;
        assert_eq!(headers["content-encoding"], "gzip");
        let mut plain = Vec::new();
        GzDecoder::new(&*packed).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, get("/", &[]).await.2);
    }

    #[tokio::test]
    async fn files_with_their_hash_in_the_name_are_kept_for_ever() {
        for file in FILES.iter().filter(|file| file.path.starts_with(HASHED)) {
            let (status, headers, _) = get(&format!("/{}", file.path), &[]).await;
            assert_eq!(status, 200);
            assert!(
                headers["cache-control"].to_str().unwrap().contains("immutable"),
                "{}",
                file.path
            );
        }
    }
}
