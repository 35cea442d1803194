//! People who are added to a ticket.

use axum::{Json, extract::State};
use hazebot_core::{
    Refusal,
    directory::Member,
    ids::{Snowflake, UserId},
};
use hazebot_http::{ApiError, ApiJson, ApiPath, ApiQuery, ApiResult, Caller, ErrorBody};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Done, Flake, done, id};
use crate::{Tickets, WirePerson};

/// People of one answer at most: as many as a person looks through.
const MAX_FOUND: usize = 20;

/// Whom somebody looks for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Part of a name, in any case of letters, or a whole id.
    #[serde(default)]
    q: String,
    /// Only those who can be given tickets.
    #[serde(default)]
    staff: bool,
}

/// People of the guild.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Found {
    /// By name, at most 20.
    people: Vec<WirePerson>,
}

/// Finds members, to add them to a ticket or to give it to them; bots are left out.
#[utoipa::path(
    get, path = "/api/tickets/people", operation_id = "tickets.find_people", tag = "tickets", params(Wanted),
    responses((status = 200, body = Found), (status = 403, body = ErrorBody)),
)]
pub(super) async fn find_people(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiQuery(wanted): ApiQuery<Wanted>,
) -> Json<Found> {
    let (guild, words) = (caller.guild(), wanted.q.trim().to_lowercase());
    let fits = |member: &Member| {
        let names = [&member.display_name, &member.username];
        names.iter().any(|name| name.to_lowercase().contains(&words)) || member.user.to_string() == words
    };
    let mut found: Vec<Member> = tickets
        .directory()
        .members(guild)
        .into_iter()
        .filter(|member| !member.bot && fits(member))
        .filter(|member| !wanted.staff || tickets.assignable(guild, member.user).is_ok())
        .collect();
    found.sort_by_cached_key(|member| (member.display_name.to_lowercase(), member.user));
    let person = |member: Member| WirePerson {
        user_id: member.user.to_string(),
        name: Some(member.display_name),
        avatar: Some(member.display_avatar),
    };
    Json(Found {
        people: found.into_iter().take(MAX_FOUND).map(person).collect(),
    })
}

/// Who.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct NewParticipant {
    /// A member of the guild.
    user_id: Option<Flake>,
}

/// Adds somebody to a ticket.
#[utoipa::path(
    post, path = "/api/tickets/{ticket_id}/participants", operation_id = "tickets.add_participant", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")), request_body = NewParticipant,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn add_participant(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
    ApiJson(new): ApiJson<NewParticipant>,
) -> ApiResult<Json<Done>> {
    let Some(user) = new.user_id.filter(|id| !id.is_nothing()) else {
        return Err(ApiError::bad_request("user_id required"));
    };
    let unknown = || Refusal::invalid("ticket-person-unknown", "User not found in guild");
    let user: UserId = user.id().ok_or_else(unknown)?;
    tickets
        .add_participant(caller.guild(), &caller.actor(), id(&ticket)?, user)
        .await?;
    Ok(done("Participant added successfully"))
}

/// Removes somebody from a ticket.
#[utoipa::path(
    delete, path = "/api/tickets/{ticket_id}/participants/{user_id}", operation_id = "tickets.remove_participant",
    tag = "tickets",
    params(
        ("ticket_id" = String, Path, description = "UUID of the ticket"),
        ("user_id" = String, Path, description = "Discord account"),
    ),
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn remove_participant(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath((ticket, user)): ApiPath<(String, String)>,
) -> ApiResult<Json<Done>> {
    let unknown = || Refusal::not_found("ticket-takes-no-part", "User was not added to this ticket");
    let user = UserId::parse(&user).ok_or_else(unknown)?;
    tickets
        .remove_participant(caller.guild(), &caller.actor(), id(&ticket)?, user)
        .await?;
    Ok(done("Participant removed successfully"))
}
