//! Priority and tags of a ticket.

use axum::{Json, extract::State};
use hazebot_http::{ApiError, ApiJson, ApiPath, ApiResult, Caller, ErrorBody};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Done, done, id, no_data};
use crate::{Tickets, actions::TagEdit, ticket::work::Priority};

/// How soon it wants an answer.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct NewPriority {
    /// `low`, `normal`, `high` or `urgent`.
    priority: Option<String>,
}

/// Sets the priority.
#[utoipa::path(
    put, path = "/api/tickets/{ticket_id}/priority", operation_id = "tickets.set_priority", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = NewPriority,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn set_priority(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(new): ApiJson<NewPriority>,
) -> ApiResult<Json<Done>> {
    let word = new.priority.unwrap_or_default();
    let priority = Priority::parse(&word).ok_or_else(|| {
        ApiError::bad_request("Invalid priority. Must be one of: low, normal, high, urgent")
    })?;
    tickets
        .prioritise(caller.guild(), &caller.actor(), id(&ticket)?, priority)
        .await?;
    Ok(done("Priority updated successfully"))
}

/// Which tags it has from now on.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct NewTags {
    /// At most 10 of at most 32 characters; blanks become dashes.
    tags: Option<Vec<String>>,
}

/// Sets all tags.
#[utoipa::path(
    put, path = "/api/tickets/{ticket_id}/tags", operation_id = "tickets.set_tags", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = NewTags,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn set_tags(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(new): ApiJson<NewTags>,
) -> ApiResult<Json<Done>> {
    let Some(tags) = new.tags else {
        return Err(no_data());
    };
    tickets
        .tag(caller.guild(), &caller.actor(), id(&ticket)?, TagEdit::Set(tags))
        .await?;
    Ok(done("Tags updated successfully"))
}
