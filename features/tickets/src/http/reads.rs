//! How far people have read.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use hazebot_http::{ApiJson, ApiPath, ApiResult, Caller, ErrorBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Flake, id};
use crate::Tickets;

/// Unread messages of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Unread {
    /// By ticket, only those with any.
    unread: BTreeMap<String, i64>,
    /// In all.
    total: i64,
}

/// How far one person has read.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReadMark {
    /// Their account.
    user_id: String,
    /// What others see.
    name: String,
    /// The last message that they have seen.
    message_id: String,
}

/// Everybody's marks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReadMarks {
    /// One for each who has read anything.
    reads: Vec<ReadMark>,
}

/// Up to where.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewMark {
    /// A message; the newest if it is left out.
    message_id: Option<Flake>,
}

/// The mark as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Marked {
    /// Always `true`.
    success: bool,
    /// The last message that counts as read; `null` in a ticket without messages.
    message_id: Option<String>,
}

/// How many messages the caller has not read yet: staff over all live tickets, others over their own.
#[utoipa::path(
    get, path = "/api/tickets/unread", operation_id = "tickets.get_unread", tag = "tickets",
    responses((status = 200, body = Unread), (status = 400, body = ErrorBody)),
)]
pub(super) async fn get_unread(State(tickets): State<Tickets>, caller: Caller) -> ApiResult<Json<Unread>> {
    let unread = tickets.unread(caller.guild(), &caller.actor()).await?;
    let total = unread.values().sum();
    Ok(Json(Unread { unread, total }))
}

/// How far everybody has read a ticket.
#[utoipa::path(
    get, path = "/api/tickets/{ticket_id}/reads", operation_id = "tickets.get_reads", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = ReadMarks), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_reads(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<ReadMarks>> {
    let guild = caller.guild();
    let marks = tickets.read_marks(guild, &caller.actor(), id(&ticket)?).await?;
    let mark = |(user, message): (hazebot_core::ids::UserId, hazebot_core::ids::MessageId)| ReadMark {
        user_id: user.to_string(),
        name: tickets.name_of(guild, user),
        message_id: message.to_string(),
    };
    Ok(Json(ReadMarks {
        reads: marks.into_iter().map(mark).collect(),
    }))
}

/// The caller has read up to a message. A mark never moves back.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/read", operation_id = "tickets.set_read", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    request_body = NewMark,
    responses((status = 200, body = Marked), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn set_read(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(mark): ApiJson<NewMark>,
) -> ApiResult<Json<Marked>> {
    let up_to = mark.message_id.and_then(|flake| flake.id());
    let read = tickets
        .read(caller.guild(), &caller.actor(), id(&ticket)?, up_to)
        .await?;
    Ok(Json(Marked {
        success: true,
        message_id: read.map(|id| id.to_string()),
    }))
}
