//! Canned replies: managed by staff, sent into tickets.

use axum::{Json, extract::State};
use hazebot_http::{ApiError, ApiJson, ApiPath, ApiResult, Caller, ErrorBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Done, done, id, messages::Sent};
use crate::{Tickets, store::replies::Canned, ticket::canned::VARIABLES};

/// A canned reply.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WireCanned {
    /// Unique in the guild.
    name: String,
    /// The text; in a ticket's list with its words filled in.
    text: String,
}

impl From<Canned> for WireCanned {
    fn from(reply: Canned) -> Self {
        Self {
            name: reply.name,
            text: reply.text,
        }
    }
}

/// Canned replies.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CannedList {
    /// By name.
    replies: Vec<WireCanned>,
    /// The words in braces that are filled in.
    #[schema(value_type = Vec<String>)]
    variables: [&'static str; 6],
}

fn listed(list: Vec<Canned>) -> Json<CannedList> {
    Json(CannedList {
        replies: list.into_iter().map(WireCanned::from).collect(),
        variables: VARIABLES,
    })
}

/// The canned replies of the guild.
#[utoipa::path(
    get, path = "/api/tickets/replies", operation_id = "tickets.get_canned", tag = "tickets",
    responses((status = 200, body = CannedList), (status = 403, body = ErrorBody)),
)]
pub(super) async fn get_canned(
    State(tickets): State<Tickets>,
    caller: Caller,
) -> ApiResult<Json<CannedList>> {
    Ok(listed(tickets.canned(caller.guild(), &caller.actor()).await?))
}

/// What a canned reply says.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct NewCanned {
    /// 1–1900 characters.
    text: Option<String>,
}

/// Writes a canned reply, new or instead of the one before.
#[utoipa::path(
    put, path = "/api/tickets/replies/{name}", operation_id = "tickets.save_canned", tag = "tickets",
    params(("name" = String, Path, description = "At most 32 letters and digits; blanks become dashes")),
    request_body = NewCanned,
    responses((status = 200, body = WireCanned), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn save_canned(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(name): ApiPath<String>,
    ApiJson(new): ApiJson<NewCanned>,
) -> ApiResult<Json<WireCanned>> {
    let text = new.text.unwrap_or_default();
    let saved = tickets
        .save_canned(caller.guild(), &caller.actor(), &name, &text)
        .await?;
    Ok(Json(saved.into()))
}

/// Takes a canned reply away.
#[utoipa::path(
    delete, path = "/api/tickets/replies/{name}", operation_id = "tickets.delete_canned", tag = "tickets",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 200, body = Done), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_canned(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(name): ApiPath<String>,
) -> ApiResult<Json<Done>> {
    tickets
        .delete_canned(caller.guild(), &caller.actor(), &name)
        .await?;
    Ok(done("Canned reply deleted successfully"))
}

/// The canned replies as they would be sent into this ticket now.
#[utoipa::path(
    get, path = "/api/tickets/{ticket_id}/replies", operation_id = "tickets.get_canned_for", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = CannedList), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_canned_for(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<CannedList>> {
    let list = tickets
        .canned_for(caller.guild(), &caller.actor(), id(&ticket)?)
        .await?;
    Ok(listed(list))
}

/// Which one.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct ChosenCanned {
    /// Its name.
    name: Option<String>,
}

/// Sends a canned reply into a ticket.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/replies", operation_id = "tickets.send_canned", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = ChosenCanned,
    responses((status = 200, body = Sent), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn send_canned(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(chosen): ApiJson<ChosenCanned>,
) -> ApiResult<Json<Sent>> {
    let name = chosen
        .name
        .ok_or_else(|| ApiError::bad_request("name required"))?;
    let message = tickets
        .send_canned(caller.guild(), &caller.actor(), id(&ticket)?, &name)
        .await?;
    Ok(Json(Sent::of(&message)))
}
