//! The CDN: attachments, and pictures drawn from a hash, so every avatar looks different and needs no asset.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::hub::Hub;
use crate::id::Id;

/// Addresses of files run out after a day.
const FOR_A_DAY: &str = "private, max-age=86400, immutable";
/// Pictures never change under their address.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Escapes what may not stand in a path part.
pub(crate) fn encode_path_part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Undoes percent-encoding; broken escapes stay as they are.
pub(crate) fn decode_percent(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes().iter();
    while let Some(byte) = bytes.next().copied() {
        let escape = bytes.as_slice().get(..2).filter(|_| byte == b'%');
        let value = escape
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match value {
            Some(value) => {
                out.push(value);
                bytes.nth(1);
            }
            None => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// `/attachments/{channel}/{attachment}/{name}`
pub(crate) async fn attachment(
    State(hub): State<Arc<Hub>>,
    Path((_, id, name)): Path<(String, String, String)>,
    uri: http::Uri,
) -> Response {
    let content = hub.read(|w| {
        let id = id.parse::<Id>().ok()?;
        w.file(id)
            .filter(|_| w.is_signed(uri.path(), uri.query().unwrap_or_default()))
    });
    let Some(content) = content else {
        return (StatusCode::NOT_FOUND, "This content is no longer available.").into_response();
    };
    let kind = mime_guess::from_path(&name)
        .first_raw()
        .unwrap_or("application/octet-stream");
    // A file must never run as a page of this origin.
    let kind = if kind.contains("html") || kind.contains("svg") || kind.contains("xml") {
        "text/plain"
    } else {
        kind
    };
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, FOR_A_DAY),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        content,
    )
        .into_response()
}

/// Avatars, icons, emojis: what was uploaded, or else a picture made of the address, without its ending and size.
pub(crate) async fn picture(State(hub): State<Arc<Hub>>, uri: http::Uri) -> Response {
    let name = uri.path().rsplit_once('.').map_or(uri.path(), |(name, _)| name);
    let last = name.rsplit('/').next().unwrap_or_default();
    if let Some(content) = hub.read(|w| w.image(last)) {
        return uploaded(content);
    }
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let content = crate::picture::png(hasher.finish());
    (
        [
            (header::CONTENT_TYPE, "image/png"),
            (header::CACHE_CONTROL, FOR_EVER),
        ],
        content,
    )
        .into_response()
}

fn uploaded(content: bytes::Bytes) -> Response {
    let kind = match content.get(..4) {
        Some(b"GIF8") => "image/gif",
        Some(b"RIFF") => "image/webp",
        Some([0xFF, 0xD8, ..]) => "image/jpeg",
        _ => "image/png",
    };
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, FOR_EVER),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        content,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_goes_there_and_back() {
        assert_eq!(encode_path_part("a b/ü.png"), "a%20b%2F%C3%BC.png");
        assert_eq!(decode_percent("a%20b%2F%C3%BC.png"), "a b/ü.png");
        assert_eq!(decode_percent("100%"), "100%");
        assert_eq!(decode_percent("%zz%4"), "%zz%4");
    }
}
