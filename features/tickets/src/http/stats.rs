//! Figures about tickets, and the rating of one.

use axum::{Json, extract::State};
use hazebot_core::clock::rfc3339;
use hazebot_http::{ApiPath, ApiQuery, ApiResult, Caller, ErrorBody};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::id;
use crate::{
    Tickets, store,
    ticket::{
        rating::Rating,
        stats::{Figures, Stats},
    },
};

/// Days that figures can reach back: a year and a day.
const DAYS: std::ops::RangeInclusive<i64> = 1..=366;
/// Days where none are given.
const DEFAULT_DAYS: i64 = 30;

/// Since when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
    /// So many days back, 1–366; 30 if it is left out.
    days: Option<i64>,
}

/// Figures about some tickets.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WireFigures {
    /// How many were opened.
    opened: usize,
    /// How many of them are closed.
    closed: usize,
    /// Median time until staff first answered, in seconds.
    first_answer_seconds: Option<i64>,
    /// Median time until they were closed, in seconds.
    close_seconds: Option<i64>,
    /// How many were rated.
    ratings: usize,
    /// Mean of the stars, 1–5.
    stars: Option<f64>,
}

impl From<Figures> for WireFigures {
    fn from(figures: Figures) -> Self {
        Self {
            opened: figures.opened,
            closed: figures.closed,
            first_answer_seconds: figures.first_answer,
            close_seconds: figures.time_to_close,
            ratings: figures.ratings,
            stars: figures.stars,
        }
    }
}

/// Figures of one type.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KindFigures {
    /// The type.
    #[serde(rename = "type")]
    kind: String,
    /// Its figures.
    #[serde(flatten)]
    figures: WireFigures,
}

/// Figures of one person: of tickets that they claimed, or answered first where nobody claimed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonFigures {
    /// Their account.
    user_id: String,
    /// Their display name.
    name: Option<String>,
    /// Their picture.
    avatar: Option<String>,
    /// Their figures.
    #[serde(flatten)]
    figures: WireFigures,
}

/// Figures about the tickets that were opened in a time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketStats {
    /// How many days it reaches back.
    days: i64,
    /// All tickets.
    all: WireFigures,
    /// By type, the busiest first.
    types: Vec<KindFigures>,
    /// By person, the busiest first.
    people: Vec<PersonFigures>,
}

/// Figures about tickets, for staff.
#[utoipa::path(
    get, path = "/api/tickets/stats", operation_id = "tickets.get_stats", tag = "tickets", params(Since),
    responses((status = 200, body = TicketStats), (status = 403, body = ErrorBody)),
)]
pub(super) async fn get_stats(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiQuery(since): ApiQuery<Since>,
) -> ApiResult<Json<TicketStats>> {
    let days = since
        .days
        .unwrap_or(DEFAULT_DAYS)
        .clamp(*DAYS.start(), *DAYS.end());
    let guild = caller.guild();
    let from = tickets.now() - chrono::Duration::days(days);
    let facts = store::stats::facts(&mut tickets.store().read().await?, guild, from).await?;
    let stats = Stats::of(&facts);
    let person = |user| tickets.directory().member(guild, user);
    Ok(Json(TicketStats {
        days,
        all: stats.all.into(),
        types: stats
            .kinds
            .into_iter()
            .map(|(kind, figures)| KindFigures {
                kind,
                figures: figures.into(),
            })
            .collect(),
        people: stats
            .people
            .into_iter()
            .map(|(user, figures)| {
                let member = person(user);
                PersonFigures {
                    user_id: user.to_string(),
                    name: member.as_ref().map(|member| member.display_name.clone()),
                    avatar: member.map(|member| member.display_avatar),
                    figures: figures.into(),
                }
            })
            .collect(),
    }))
}

/// What the creator of a ticket thought of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WireRating {
    /// 1–5; `null` if it was not rated.
    stars: Option<i64>,
    /// What else they said.
    comment: Option<String>,
    /// RFC 3339 with offset.
    rated_at: Option<String>,
}

impl From<Option<Rating>> for WireRating {
    fn from(rating: Option<Rating>) -> Self {
        Self {
            stars: rating.as_ref().map(|rating| rating.stars),
            rated_at: rating.as_ref().map(|rating| rfc3339(rating.rated_at)),
            comment: rating.and_then(|rating| rating.comment),
        }
    }
}

/// The rating of a ticket, for its creator and staff.
#[utoipa::path(
    get, path = "/api/tickets/{ticket_id}/rating", operation_id = "tickets.get_rating", tag = "tickets",
    params(("ticket_id" = String, Path, description = "UUID of the ticket")),
    responses((status = 200, body = WireRating), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_rating(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(ticket): ApiPath<String>,
) -> ApiResult<Json<WireRating>> {
    let rating = tickets
        .rating(caller.guild(), &caller.actor(), id(&ticket)?)
        .await?;
    Ok(Json(rating.into()))
}
