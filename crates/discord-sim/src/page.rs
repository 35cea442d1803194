//! Serves the sandbox page: a small chat client in the browser, embedded in the program.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{StatusCode, header};
use rust_embed::RustEmbed;

use crate::hub::Hub;

#[derive(RustEmbed)]
#[folder = "page/"]
struct Files;

/// The page loads its own files only, and nothing that a message holds can run.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http: https:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `/page/…`
pub(crate) fn router() -> Router<Arc<Hub>> {
    Router::new().route("/page/{*file}", get(file))
}

/// The page itself.
pub(crate) fn index() -> Response {
    give("index.html")
}

async fn file(Path(name): Path<String>) -> Response {
    give(&name)
}

fn give(name: &str) -> Response {
    let Some(found) = Files::get(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, found.metadata.mimetype().to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, found.data.into_owned()).into_response()
}
