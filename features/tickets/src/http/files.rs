//! Copies of files, for those who may read the ticket.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use hazebot_core::ids::Snowflake;
use hazebot_http::{ApiError, ApiPath, ApiResult, Caller, ErrorBody};
use http::header;
use tokio_util::io::ReaderStream;

use super::id;
use crate::{Tickets, ticket::file::FileId};

/// Bytes that are read and sent at a time.
const CHUNK: usize = 64 * 1024;
/// Whatever a file holds, it runs nothing and loads nothing.
const FILE_POLICY: &str = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/// The copy of a file, for the ticket's creator and staff.
#[utoipa::path(
    get, path = "/api/tickets/{ticket_id}/attachments/{attachment_id}", operation_id = "tickets.get_attachment",
    tag = "tickets",
    params(
        ("ticket_id" = String, Path, description = "UUID of the ticket"),
        ("attachment_id" = String, Path, description = "Discord's id of the file"),
    ),
    responses(
        (status = 200, body = String, content_type = "application/octet-stream"), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
    ),
)]
pub(super) async fn get_attachment(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath((ticket, file)): ApiPath<(String, String)>,
) -> ApiResult<Response> {
    let ticket = id(&ticket)?;
    let file = FileId::parse(&file).ok_or_else(|| ApiError::not_found("File not found"))?;
    let (file, content) = tickets
        .file(caller.guild(), &caller.actor(), ticket, file)
        .await?;
    // Documents are saved: in a sandbox browsers show none.
    let place = match file.media_type().split_once('/') {
        Some(("image" | "video" | "audio", _)) => "inline",
        _ => "attachment",
    };
    let headers = [
        (header::CONTENT_TYPE, file.media_type().to_owned()),
        (header::CONTENT_LENGTH, file.size.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("{place}; filename*=UTF-8''{}", encoded(&file.name)),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, FILE_POLICY.to_owned()),
        // Asked again each time: who may read it may change.
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    let body = Body::from_stream(ReaderStream::with_capacity(content, CHUNK));
    Ok((headers, body).into_response())
}

/// A name as RFC 8187 writes it: nothing in it ends the header or the parameter.
fn encoded(name: &str) -> String {
    use std::fmt::Write as _;
    name.bytes()
        .fold(String::with_capacity(name.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                out.push(char::from(byte));
            } else {
                // Writing into a String does not fail.
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            encoded("a\"; b\r\nX: ü.png"),
            "a%22%3B%20b%0D%0AX%3A%20%C3%BC.png"
        );
    }
}
