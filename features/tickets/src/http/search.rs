//! The full-text search over all tickets.

use axum::{Json, extract::State};
use hazebot_core::ids::{MessageId, Snowflake};
use hazebot_http::{ApiError, ApiQuery, ApiResult, Caller, ErrorBody};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Found, Tickets, ticket::search::Wanted};

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// Words that have to occur, the last one may be the beginning of a word; `#12` finds a number too.
    q: Option<String>,
    /// `next` of the page before.
    before: Option<String>,
}

/// Tickets by the words in their messages and by their number: all for staff, their own for others.
#[utoipa::path(
    get, path = "/api/tickets/search", operation_id = "tickets.search", tag = "tickets", params(Search),
    responses((status = 200, body = Found), (status = 400, body = ErrorBody)),
)]
pub(super) async fn search_tickets(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiQuery(search): ApiQuery<Search>,
) -> ApiResult<Json<Found>> {
    let wanted = Wanted::read(search.q.as_deref().unwrap_or_default())
        .ok_or_else(|| ApiError::bad_request("Search text required"))?;
    let before = match search.before.as_deref() {
        Some(text) => Some(MessageId::parse(text).ok_or_else(|| ApiError::bad_request("Invalid page"))?),
        None => None,
    };
    let found = tickets
        .search(caller.guild(), &caller.actor(), &wanted, before)
        .await?;
    Ok(Json(found))
}
