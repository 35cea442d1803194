//! Gzip for answers that are worth it: text of known length, not already encoded, big enough to save a packet.

use std::io::Write;

use axum::{
    body::{Body, HttpBody, to_bytes},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use http::{HeaderValue, header};

/// Smaller answers fit into one packet anyway.
const WORTH_IT: u64 = 1_024;
/// Up to this size compressing takes less than about a millisecond; larger ones go to a thread for blocking work.
const INLINE: usize = 64 * 1_024;
/// Larger answers are streamed as they are.
const TOO_LARGE: u64 = 8 * 1_024 * 1_024;

fn is_text(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    kind.starts_with("text/")
        || kind.starts_with("application/json")
        || kind.starts_with("application/javascript")
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Compresses the body where it pays. The caller has said that it takes gzip.
pub(crate) async fn compress(response: Response) -> Response {
    let exact = response.body().size_hint().exact();
    let pays = exact.is_some_and(|size| (WORTH_IT..=TOO_LARGE).contains(&size));
    if !pays || response.headers().contains_key(header::CONTENT_ENCODING) || !is_text(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let packed = if bytes.len() <= INLINE {
        gzip(&bytes).ok()
    } else {
        let bytes = bytes.clone();
        tokio::task::spawn_blocking(move || gzip(&bytes).ok())
            .await
            .ok()
            .flatten()
    };
    let Some(packed) = packed else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts
        .headers
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts
        .headers
        .append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Response::from_parts(parts, Body::from(packed))
}
