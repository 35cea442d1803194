//! The routes under `/api/tickets` and `/api/config/tickets`. Paths, fields, statuses and sentences are a contract with the app.

mod annotate;
mod canned;
mod config;
mod files;
mod handover;
mod messages;
mod notes;
mod panels;
mod participants;
mod reads;
mod search;
mod stats;
mod tickets;
mod types;
mod work;

use std::sync::Arc;

use axum::extract::FromRef;
use hazebot_core::{Outcome, ids::Snowflake};
use hazebot_http::{ApiError, Grants, Policy, RouteLimit, Routes, Rule, routes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{TicketId, Tickets, cog::NAME, ticket};

/// What a person writes at most in a minute; far above what anybody types.
const WRITES: RouteLimit = RouteLimit::per_minute(30);

/// Transcripts that a person reads in a minute at most: each may be megabytes.
const TRANSCRIPTS: RouteLimit = RouteLimit::per_minute(20);

/// Files that a person reads in a minute at most: a long conversation is full of pictures.
const FILES: RouteLimit = RouteLimit::per_minute(240);

/// Searches of a person in a minute: one with each letter that they type.
const SEARCHES: RouteLimit = RouteLimit::per_minute(120);

/// The state of the handlers.
#[derive(Clone)]
struct Face {
    tickets: Tickets,
    /// Notes who has read which ticket, so that the app may join its room.
    grants: Arc<Grants>,
}

impl FromRef<Face> for Tickets {
    fn from_ref(face: &Face) -> Self {
        face.tickets.clone()
    }
}

/// All routes of this feature.
#[must_use]
pub fn routes(tickets: Tickets, grants: Grants) -> Routes {
    let written = |policy: Policy| Rule::of(policy).limit(WRITES);
    Routes::of_cog(NAME)
        .add(
            Rule::of(Policy::Permission("tickets_read")).monitors_may(),
            routes!(tickets::get_tickets),
        )
        .add(Policy::Member, routes!(tickets::get_my_tickets))
        .add(
            Rule::of(Policy::Member).limit(SEARCHES),
            routes!(search::search_tickets),
        )
        .add(written(Policy::Member), routes!(tickets::create_ticket))
        .add(Policy::SignedIn, routes!(tickets::get_ticket))
        .add(written(Policy::All), routes!(tickets::update_ticket))
        .add(written(Policy::All), routes!(tickets::delete_ticket))
        .add(written(Policy::All), routes!(work::claim_ticket))
        .add(written(Policy::All), routes!(work::unclaim_ticket))
        .add(written(Policy::All), routes!(work::assign_ticket))
        .add(written(Policy::Member), routes!(work::close_ticket))
        .add(written(Policy::Member), routes!(work::reopen_ticket))
        .add(written(Policy::All), routes!(annotate::set_priority))
        .add(written(Policy::All), routes!(annotate::set_tags))
        .add(Policy::All, routes!(participants::find_people))
        .add(written(Policy::All), routes!(participants::add_participant))
        .add(written(Policy::All), routes!(participants::remove_participant))
        .add(written(Policy::All), routes!(handover::transfer))
        .add(written(Policy::All), routes!(handover::ask_to_close))
        .add(written(Policy::SignedIn), routes!(handover::keep_open))
        .add(Policy::All, routes!(stats::get_stats))
        .add(Policy::SignedIn, routes!(stats::get_rating))
        .add(Policy::All, routes!(canned::get_canned))
        .add(written(Policy::All), routes!(canned::save_canned))
        .add(written(Policy::All), routes!(canned::delete_canned))
        .add(Policy::All, routes!(canned::get_canned_for))
        .add(written(Policy::All), routes!(canned::send_canned))
        .add(Policy::All, routes!(notes::get_notes))
        .add(written(Policy::All), routes!(notes::add_note))
        .add(written(Policy::All), routes!(notes::delete_note))
        .add(Policy::SignedIn, routes!(messages::get_messages))
        .add(Policy::Member, routes!(reads::get_unread))
        .add(Policy::SignedIn, routes!(reads::get_reads))
        .add(Policy::Member, routes!(reads::set_read))
        .add(
            Rule::of(Policy::SignedIn).limit(TRANSCRIPTS),
            routes!(messages::get_transcript),
        )
        .add(
            Rule::of(Policy::SignedIn).limit(FILES),
            routes!(files::get_attachment),
        )
        .add(written(Policy::Member), routes!(messages::send_message))
        .add(Policy::Member, routes!(types::get_open_types))
        .add(Policy::All, routes!(types::get_types))
        .add(written(Policy::All), routes!(types::set_types))
        .add(Policy::All, routes!(panels::get_panels))
        .add(written(Policy::All), routes!(panels::create_panel))
        .add(written(Policy::All), routes!(panels::update_panel))
        .add(written(Policy::All), routes!(panels::delete_panel))
        .add(Policy::SignedIn, routes!(config::get_config))
        .add(written(Policy::All), routes!(config::update_config))
        .add(written(Policy::All), routes!(config::reset_config))
        .needs_guild()
        .with_state(Face {
            tickets,
            grants: Arc::new(grants),
        })
}

/// A change that went well.
#[derive(Debug, Serialize, ToSchema)]
struct Done {
    /// Always `true`.
    success: bool,
    /// One English sentence.
    message: String,
}

fn done(message: impl Into<String>) -> axum::Json<Done> {
    axum::Json(Done {
        success: true,
        message: message.into(),
    })
}

/// The id of the path; text that is none names no ticket.
fn id(text: &str) -> Outcome<TicketId> {
    Ok(text.parse().map_err(|_| ticket::unknown())?)
}

/// A snowflake as clients send it: a string, or a number.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
enum Flake {
    /// `"1100000000000000301"`.
    Text(String),
    /// As a number; rounded by clients that count in floating point.
    Number(u64),
}

impl Flake {
    fn id<T: Snowflake>(&self) -> Option<T> {
        match self {
            Self::Text(text) => T::parse(text),
            Self::Number(number) => T::parse(&number.to_string()),
        }
    }

    /// Whether it stands for "none", as empty text and 0 do.
    fn is_nothing(&self) -> bool {
        matches!(self, Self::Number(0)) || matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// A body in which nothing is said.
fn no_data() -> ApiError {
    ApiError::bad_request("No data provided")
}
