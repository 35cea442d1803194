//! Giving a ticket another type, and asking whether it may be closed.

use axum::{Json, extract::State};
use hazebot_http::{ApiError, ApiJson, ApiPath, ApiResult, Caller, ErrorBody, OptionalJson};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Done, done, id};
use crate::Tickets;

/// Which type.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct Transfer {
    /// One of the guild's categories.
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Gives the ticket another type; it is free for others to claim then.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/transfer", operation_id = "tickets.transfer", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = Transfer,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn transfer(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(to): ApiJson<Transfer>,
) -> ApiResult<Json<Done>> {
    let kind = to.kind.ok_or_else(|| ApiError::bad_request("type required"))?;
    tickets
        .transfer(caller.guild(), &caller.actor(), id(&ticket)?, &kind)
        .await?;
    Ok(done("Ticket transferred successfully"))
}

/// Until when.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct CloseQuestion {
    /// 1–720; the guild's setting if it is left out.
    hours: Option<i64>,
}

/// Asks the creator whether the ticket may be closed; it closes by itself unless somebody objects.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/close-request", operation_id = "tickets.ask_to_close", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = Option<CloseQuestion>,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn ask_to_close(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    OptionalJson(question): OptionalJson<CloseQuestion>,
) -> ApiResult<Json<Done>> {
    tickets
        .ask_to_close(caller.guild(), &caller.actor(), id(&ticket)?, question.hours)
        .await?;
    Ok(done("Close request sent successfully"))
}

/// Keeps the ticket open; for its creator and staff.
#[utoipa::path(
    delete, path = "/api/tickets/{ticket_id}/close-request", operation_id = "tickets.keep_open", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn keep_open(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<Done>> {
    tickets
        .keep_open(caller.guild(), &caller.actor(), id(&ticket)?)
        .await?;
    Ok(done("Ticket stays open"))
}
