//! Claiming, assigning, closing and reopening.

use axum::{Json, extract::State};
use hazebot_core::Refusal;
use hazebot_http::{ApiError, ApiJson, ApiPath, ApiResult, Caller, ErrorBody, OptionalJson};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Done, Flake, done, id};
use crate::{Tickets, ticket};

/// Who claims.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct Claim {
    /// The caller's own id; nobody claims for somebody else.
    user_id: Option<Flake>,
}

/// Takes the ticket.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/claim", operation_id = "tickets.claim_ticket_endpoint", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = Claim,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn claim_ticket(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    OptionalJson(claim): OptionalJson<Claim>,
) -> ApiResult<Json<Done>> {
    caller.user()?;
    let Some(user) = claim.user_id.filter(|id| !id.is_nothing()) else {
        return Err(ApiError::bad_request("user_id required"));
    };
    let user = user.id().ok_or_else(ticket::forbidden)?;
    tickets
        .claim_as(caller.guild(), &caller.actor(), id(&ticket)?, user)
        .await?;
    Ok(done("Ticket claimed successfully"))
}

/// Gives the ticket back to whoever takes it.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/unclaim", operation_id = "tickets.unclaim_ticket_endpoint",
    tag = "tickets", params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = Done), (status = 400, body = ErrorBody)),
)]
pub(super) async fn unclaim_ticket(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<Done>> {
    tickets
        .unclaim(caller.guild(), &caller.actor(), id(&ticket)?)
        .await?;
    Ok(done("Ticket released successfully"))
}

/// To whom.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct Assign {
    /// A staff member.
    assigned_to: Option<Flake>,
}

/// Gives the ticket to a staff member.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/assign", operation_id = "tickets.assign_ticket_endpoint", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = Assign,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody)),
)]
pub(super) async fn assign_ticket(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(assign): ApiJson<Assign>,
) -> ApiResult<Json<Done>> {
    let Some(to) = assign.assigned_to.filter(|id| !id.is_nothing()) else {
        return Err(ApiError::bad_request("assigned_to user_id required"));
    };
    let ticket = id(&ticket)?;
    let Some(to) = to.id() else {
        // Whether there is such a ticket is said first.
        tickets.get(caller.guild(), &caller.actor(), ticket).await?;
        let refusal = Refusal::invalid("ticket-assignee-unknown", "Assigned user not found in guild");
        return Err(refusal.into());
    };
    tickets
        .assign(caller.guild(), &caller.actor(), ticket, to)
        .await?;
    Ok(done("Ticket assigned successfully"))
}

/// With which words.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct Close {
    /// At most 500 characters; the creator gets it by direct message.
    close_message: Option<String>,
}

/// Closes the ticket; for its creator and staff.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/close", operation_id = "tickets.close_ticket_endpoint", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = Option<Close>,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn close_ticket(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    OptionalJson(close): OptionalJson<Close>,
) -> ApiResult<Json<Done>> {
    let message = close.close_message.unwrap_or_default();
    tickets
        .close(caller.guild(), &caller.actor(), id(&ticket)?, &message)
        .await?;
    Ok(done("Ticket closed successfully"))
}

/// Opens the ticket again; for its creator and staff, three times at most.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/reopen", operation_id = "tickets.reopen_ticket_endpoint", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn reopen_ticket(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<Done>> {
    tickets
        .reopen(caller.guild(), &caller.actor(), id(&ticket)?)
        .await?;
    Ok(done("Ticket reopened successfully"))
}
