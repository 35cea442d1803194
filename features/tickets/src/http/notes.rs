//! Notes of staff on a ticket.

use axum::{Json, extract::State};
use hazebot_core::clock::rfc3339;
use hazebot_http::{ApiError, ApiJson, ApiPath, ApiResult, Caller, ErrorBody};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Done, done, id};
use crate::{Tickets, store::notes::Note};

/// A note.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WireNote {
    /// Its number, which only grows.
    id: i64,
    /// Who wrote it; nobody for a login without a Discord account.
    author_id: Option<String>,
    /// Their name at the time.
    author_name: String,
    /// What it says.
    text: String,
    /// RFC 3339 with offset.
    created_at: String,
    /// Whether the caller may delete it.
    deletable: bool,
}

impl WireNote {
    fn of(note: Note, caller: &Caller) -> Self {
        let own = note.author.is_some() && note.author == caller.discord_id();
        Self {
            id: note.id,
            author_id: note.author.map(|user| user.to_string()),
            author_name: note.author_name,
            text: note.text,
            created_at: rfc3339(note.created_at),
            deletable: own || caller.rights().is_admin(),
        }
    }
}

/// The notes on a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Notes {
    /// Oldest first.
    notes: Vec<WireNote>,
}

/// The notes on a ticket, for staff.
#[utoipa::path(
    get, path = "/api/tickets/{ticket_id}/notes", operation_id = "tickets.get_notes", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = Notes), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_notes(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<Notes>> {
    let notes = tickets
        .notes(caller.guild(), &caller.actor(), id(&ticket)?)
        .await?;
    Ok(Json(Notes {
        notes: notes
            .into_iter()
            .map(|note| WireNote::of(note, &caller))
            .collect(),
    }))
}

/// What a note says.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct NewNote {
    /// 1–2000 characters.
    text: Option<String>,
}

/// Writes a note that only staff see.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/notes", operation_id = "tickets.add_note", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = NewNote,
    responses((status = 201, body = WireNote), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn add_note(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(new): ApiJson<NewNote>,
) -> ApiResult<(StatusCode, Json<WireNote>)> {
    let text = new.text.unwrap_or_default();
    let note = tickets
        .add_note(caller.guild(), &caller.actor(), id(&ticket)?, &text)
        .await?;
    Ok((StatusCode::CREATED, Json(WireNote::of(note, &caller))))
}

/// Takes a note away; for its writer and admins.
#[utoipa::path(
    delete, path = "/api/tickets/{ticket_id}/notes/{note_id}", operation_id = "tickets.delete_note", tag = "tickets",
    params(
        ("ticket_id" = String, Path, description = "UUID of the ticket"),
        ("note_id" = i64, Path, description = "Number of the note"),
    ),
    responses((status = 200, body = Done), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_note(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath((ticket, note)): ApiPath<(String, String)>,
) -> ApiResult<Json<Done>> {
    let note = note.parse().map_err(|_| ApiError::not_found("Note not found"))?;
    tickets
        .delete_note(caller.guild(), &caller.actor(), id(&ticket)?, note)
        .await?;
    Ok(done("Note deleted successfully"))
}
