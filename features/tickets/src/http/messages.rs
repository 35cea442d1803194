//! Reading and sending messages of a ticket.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use hazebot_http::{ApiError, ApiJson, ApiPath, ApiQuery, ApiResult, Caller, ErrorBody};
use http::header;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Face, id};
use crate::{
    Tickets,
    ticket::{
        message::{Message, WireMessage},
        transcript::{Format, PAGE_POLICY},
    },
};

/// The newest hundred messages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct History {
    /// Oldest first.
    messages: Vec<WireMessage>,
    /// Always `false`: what is stored is always level with Discord.
    from_cache: bool,
}

/// The messages of a ticket, for its creator and staff.
#[utoipa::path(
    get, path = "/api/tickets/{ticket_id}/messages", operation_id = "tickets.get_ticket_messages_endpoint",
    tag = "tickets", params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = History), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_messages(
    State(face): State<Face>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<History>> {
    let ticket = id(&ticket)?;
    let messages = face
        .tickets
        .wire_history(caller.guild(), &caller.actor(), ticket)
        .await?;
    face.grants.record(&caller, &ticket.to_string());
    Ok(Json(History {
        messages,
        from_cache: false,
    }))
}

/// Which form is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `html` (the default), `txt` or `json`.
    #[serde(default)]
    format: Format,
}

/// The transcript as a file, for its creator and staff.
#[utoipa::path(
    get, path = "/api/tickets/{ticket_id}/transcript", operation_id = "tickets.get_transcript", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket"), Wanted),
    responses(
        (status = 200, body = String, content_type = "text/html"), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn get_transcript(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiQuery(wanted): ApiQuery<Wanted>,
) -> ApiResult<Response> {
    let format = wanted.format;
    let (name, bytes) = tickets
        .transcript(caller.guild(), &caller.actor(), id(&ticket)?, format)
        .await?;
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        // The name is made of a number: nothing in it has to be escaped.
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            format!("{PAGE_POLICY}; frame-ancestors 'none'; sandbox"),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// A message to be sent.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewMessage {
    /// 1–1900 characters.
    content: Option<String>,
}

/// A message that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Sent {
    /// Always `true`.
    success: bool,
    /// One English sentence.
    message: &'static str,
    /// The message, as the event shows it.
    data: WireMessage,
}

impl Sent {
    /// Of this message.
    pub(super) fn of(message: &Message) -> Self {
        Self {
            success: true,
            message: "Message sent successfully",
            data: message.as_sent(),
        }
    }
}

/// Writes into a ticket; for its creator and staff.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/messages", operation_id = "tickets.send_ticket_message_endpoint",
    tag = "tickets", params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    request_body = NewMessage,
    responses((status = 200, body = Sent), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn send_message(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(new): ApiJson<NewMessage>,
) -> ApiResult<Json<Sent>> {
    let content = new.content.unwrap_or_default();
    if content.trim().is_empty() {
        return Err(ApiError::bad_request("Message content required"));
    }
    let message = tickets
        .reply(caller.guild(), &caller.actor(), id(&ticket)?, &content)
        .await?;
    Ok(Json(Sent::of(&message)))
}
