//! Listing, reading, opening, editing and deleting tickets.

use axum::{
    Json,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hazebot_core::{Outcome, ids::UserId};
use hazebot_http::{ApiError, ApiJson, ApiPath, ApiQuery, ApiResult, Caller, ErrorBody};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Done, Face, Flake, done, id, no_data};
use crate::{
    Listing, Tickets, WireTicket,
    actions::Edit,
    store,
    ticket::{
        Draft, Origin, Status, Ticket,
        work::{self, Priority},
    },
};

/// Tickets of one page at most.
const MAX_PAGE: i64 = 200;

/// Which tickets are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// `Open`, `Claimed` or `Closed`, in any case of letters; another word finds nothing.
    status: Option<String>,
    /// Tickets of one page, 1–200; all if left out.
    limit: Option<i64>,
    /// Only numbers below this one: the last number of the page before.
    before: Option<i64>,
    /// `low`, `normal`, `high` or `urgent`; another word finds nothing.
    priority: Option<String>,
    /// A tag, whole.
    tag: Option<String>,
}

impl Filter {
    /// The state asked for; `None` if nothing can match.
    fn wanted(&self) -> Option<Option<Status>> {
        match self
            .status
            .as_deref()
            .map(str::trim)
            .filter(|status| !status.is_empty())
        {
            None => Some(None),
            Some(word) => Status::from_wire(word).map(Some),
        }
    }

    /// Whether it asks for more than a state.
    fn is_narrow(&self) -> bool {
        self.priority.is_some() || self.tag.is_some()
    }

    /// Whether a ticket has the priority and the tag that are asked for.
    fn fits(&self, ticket: &Ticket) -> bool {
        let wanted = self.priority.as_deref().map(Priority::parse);
        let tag = self.tag.as_deref().map(|tag| work::tag(tag).ok());
        wanted.is_none_or(|wanted| wanted == Some(ticket.priority))
            && tag.is_none_or(|tag| tag.is_some_and(|tag| ticket.tags.contains(&tag)))
    }
}

fn empty() -> Bytes {
    Bytes::from_static(br#"{"tickets":[],"total":0}"#)
}

fn json(body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// All tickets of the guild, newest first.
#[utoipa::path(
    get, path = "/api/tickets", operation_id = "tickets.get_tickets", tag = "tickets", params(Filter),
    responses((status = 200, body = Listing), (status = 403, body = ErrorBody)),
)]
pub(super) async fn get_tickets(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiQuery(filter): ApiQuery<Filter>,
) -> ApiResult<Response> {
    let Some(status) = filter.wanted() else {
        return Ok(json(empty()));
    };
    if filter.is_narrow() {
        let mut list = tickets.list(caller.guild(), status).await?;
        list.retain(|ticket| filter.fits(ticket));
        let total = list.len();
        if let Some(limit) = filter.limit {
            list.retain(|ticket| filter.before.is_none_or(|before| ticket.number < before));
            list.truncate(usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or_default());
        }
        let mut listing = Listing::of(list.iter(), tickets.directory());
        listing.total = total;
        return Ok(Json(listing).into_response());
    }
    if let Some(limit) = filter.limit {
        return Ok(Json(page(&tickets, &caller, status, filter.before, limit).await?).into_response());
    }
    if let Some(body) = tickets.lists.get(caller.guild(), status) {
        return Ok(json(body));
    }
    Ok(json(render(&tickets, &caller, status).await?))
}

/// One page of a listing.
async fn page(
    tickets: &Tickets,
    caller: &Caller,
    status: Option<Status>,
    before: Option<i64>,
    limit: i64,
) -> Outcome<Listing> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut db = tickets.store().read().await?;
    let (page, total) = store::page(&mut db, caller.guild(), status, before, limit).await?;
    drop(db);
    let mut listing = Listing::of(page.iter(), tickets.directory());
    listing.total = usize::try_from(total).unwrap_or_default();
    Ok(listing)
}

/// Reads and renders a listing, and keeps it until something changes.
async fn render(tickets: &Tickets, caller: &Caller, status: Option<Status>) -> Outcome<Bytes> {
    let guild = caller.guild();
    let reading = tickets.lists.reading(guild);
    let list = store::listed(&mut tickets.store().read().await?, guild, status).await?;
    let listing = Listing::of(list.iter(), tickets.directory());
    let body =
        serde_json::to_vec(&listing).map_err(|error| hazebot_core::Failure::internal(error.to_string()))?;
    let body = Bytes::from(body);
    tickets.lists.keep(&reading, status, &body);
    Ok(body)
}

/// The caller's own tickets, newest first.
#[utoipa::path(
    get, path = "/api/tickets/my", operation_id = "tickets.get_my_tickets", tag = "tickets", params(Filter),
    responses((status = 200, body = Listing), (status = 400, body = ErrorBody)),
)]
pub(super) async fn get_my_tickets(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiQuery(filter): ApiQuery<Filter>,
) -> ApiResult<Json<Listing>> {
    let user = caller.user()?;
    let Some(status) = filter.wanted() else {
        return Ok(Json(Listing {
            tickets: Vec::new(),
            total: 0,
        }));
    };
    let mut own = store::of_creator(&mut tickets.store().read().await?, caller.guild(), user).await?;
    own.retain(|ticket| status.is_none_or(|status| ticket.status == status));
    let listing = Listing::of(own.iter(), tickets.directory());
    Ok(Json(if caller.rights().is_staff() {
        listing
    } else {
        listing.for_members()
    }))
}

/// One ticket, for its creator and staff.
#[utoipa::path(
    get, path = "/api/tickets/{ticket_id}", operation_id = "tickets.get_ticket", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = WireTicket), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_ticket(
    State(face): State<Face>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<WireTicket>> {
    let ticket = face
        .tickets
        .get(caller.guild(), &caller.actor(), id(&ticket)?)
        .await?;
    face.grants.record(&caller, &ticket.id.to_string());
    let wire = WireTicket::of(&ticket, face.tickets.directory())
        .ok_or_else(|| ApiError::not_found("Ticket not found"))?;
    Ok(Json(if caller.rights().is_staff() {
        wire
    } else {
        wire.for_members()
    }))
}

/// A new ticket.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewTicket {
    /// One of the guild's categories.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// 3–100 characters.
    subject: Option<String>,
    /// 10–2000 characters.
    description: Option<String>,
    /// The answers to the type's own questions, in their order, instead of subject and description.
    answers: Option<Vec<String>>,
}

/// A ticket that has been opened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Opened {
    /// Always `true`.
    success: bool,
    /// UUID.
    ticket_id: String,
    /// Running number.
    ticket_num: i64,
    /// Its channel.
    channel_id: Option<String>,
    /// One English sentence.
    message: String,
}

/// Opens a ticket for the caller.
#[utoipa::path(
    post, path = "/api/tickets", operation_id = "tickets.create_ticket_endpoint", tag = "tickets",
    request_body = NewTicket,
    responses((status = 201, body = Opened), (status = 400, body = ErrorBody), (status = 429, body = ErrorBody)),
)]
pub(super) async fn create_ticket(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiJson(new): ApiJson<NewTicket>,
) -> ApiResult<Response> {
    let said = new.subject.is_some() || new.description.is_some() || new.answers.is_some();
    if new.kind.is_none() && !said {
        return Err(no_data());
    }
    let (guild, actor, kind) = (caller.guild(), caller.actor(), new.kind.unwrap_or_default());
    let ticket = match new.answers {
        Some(answers) if !answers.is_empty() => {
            tickets
                .open_with_answers(guild, &actor, &kind, &answers, Origin::Api)
                .await?
        }
        _ => {
            let draft = Draft {
                kind,
                subject: new.subject.unwrap_or_default(),
                description: new.description.unwrap_or_default(),
            };
            tickets.open(guild, &actor, draft, Origin::Api).await?
        }
    };
    let opened = Opened {
        success: true,
        ticket_id: ticket.id.to_string(),
        ticket_num: ticket.number,
        channel_id: ticket.channel.map(|channel| channel.to_string()),
        message: format!("Ticket #{} created successfully!", ticket.number),
    };
    Ok((StatusCode::CREATED, Json(opened)).into_response())
}

/// What shall be different. A field that is left out stays; `null`, `""` and `0` take a handler away.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct TicketUpdate {
    /// `Open`, `Claimed` or `Closed`.
    status: Option<String>,
    /// One of the guild's categories.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// A staff member, or nobody.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    assigned_to: Option<Option<Flake>>,
    /// A staff member, or nobody.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    claimed_by: Option<Option<Flake>>,
}

/// Tells `null` from a field that is not there.
fn present<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Option<Flake>>, D::Error> {
    Option::deserialize(input).map(Some)
}

impl TicketUpdate {
    fn edit(self) -> ApiResult<Edit> {
        if self.status.is_none()
            && self.kind.is_none()
            && self.assigned_to.is_none()
            && self.claimed_by.is_none()
        {
            return Err(no_data());
        }
        let status = match self.status {
            Some(word) => Some(Status::from_wire(&word).ok_or_else(|| {
                ApiError::bad_request("Invalid status. Must be one of: Open, Claimed, Closed")
            })?),
            None => None,
        };
        let (assigned_to, claimed_by) = (handler(self.assigned_to)?, handler(self.claimed_by)?);
        Ok(Edit {
            status,
            kind: self.kind,
            assigned_to,
            claimed_by,
        })
    }
}

fn handler(value: Option<Option<Flake>>) -> ApiResult<Option<Option<UserId>>> {
    match value {
        None => Ok(None),
        Some(None) => Ok(Some(None)),
        Some(Some(flake)) if flake.is_nothing() => Ok(Some(None)),
        Some(Some(flake)) => {
            let user = flake
                .id()
                .ok_or_else(|| ApiError::bad_request("Assigned user not found in guild"))?;
            Ok(Some(Some(user)))
        }
    }
}

/// Changes status, type or handlers of a ticket.
#[utoipa::path(
    put, path = "/api/tickets/{ticket_id}", operation_id = "tickets.update_ticket_endpoint", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = TicketUpdate,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn update_ticket(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(update): ApiJson<TicketUpdate>,
) -> ApiResult<Json<Done>> {
    let edit = update.edit()?;
    tickets
        .edit(caller.guild(), &caller.actor(), id(&ticket)?, edit)
        .await?;
    Ok(done("Ticket updated successfully"))
}

/// Deletes a ticket with its channel.
#[utoipa::path(
    delete, path = "/api/tickets/{ticket_id}", operation_id = "tickets.delete_ticket_endpoint", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = Done), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_ticket(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<Done>> {
    let ticket = tickets
        .delete(caller.guild(), &caller.actor(), id(&ticket)?)
        .await?;
    Ok(done(format!("Ticket #{} deleted successfully", ticket.number)))
}
