//! The settings of tickets in the form of the app's settings page.

use axum::{Json, extract::State};
use hazebot_core::settings::Changes;
use hazebot_http::{ApiJson, ApiResult, Caller, ErrorBody};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{Done, done, no_data};
use crate::{Tickets, settings};

/// The section of the settings, and the keys of it that the page knows.
const SECTION: &str = "tickets";
const KEYS: [&str; 5] = [
    "categories",
    "auto_delete_after_close_days",
    "require_claim",
    "send_transcript_email",
    "transcript_email_address",
];

/// The settings that the page shows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketConfig {
    /// Types that members choose from.
    categories: Vec<String>,
    /// Days until the channel of a closed ticket is deleted; 0 keeps it.
    auto_delete_after_close_days: i64,
    /// Staff claim before they answer or close.
    require_claim: bool,
    /// Transcripts go out by mail.
    send_transcript_email: bool,
    /// Where to.
    transcript_email_address: String,
}

/// The settings of tickets.
#[utoipa::path(
    get, path = "/api/config/tickets", operation_id = "config.get_ticket_config", tag = "config",
    responses((status = 200, body = TicketConfig)),
)]
pub(super) async fn get_config(State(tickets): State<Tickets>, caller: Caller) -> Json<TicketConfig> {
    let (settings, guild) = (tickets.settings(), caller.guild());
    Json(TicketConfig {
        categories: settings.get(guild, &settings::CATEGORIES),
        auto_delete_after_close_days: settings.get(guild, &settings::AUTO_DELETE_DAYS),
        require_claim: settings.get(guild, &settings::REQUIRE_CLAIM),
        send_transcript_email: tickets.mails(guild),
        transcript_email_address: tickets.mail_target(guild).unwrap_or_default(),
    })
}

/// Changes any of the five; all or none.
#[utoipa::path(
    put, path = "/api/config/tickets", operation_id = "config.update_ticket_config", tag = "config",
    request_body = Object,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn update_config(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiJson(body): ApiJson<Map<String, Value>>,
) -> ApiResult<Json<Done>> {
    let wanted = changes(&body);
    let Some(wanted) = wanted else {
        return Err(no_data());
    };
    tickets
        .settings()
        .change(&caller.actor(), caller.guild(), wanted)
        .await?;
    Ok(done("Ticket configuration updated successfully"))
}

/// What the body says about keys of the page; `None` if nothing. No days, as the empty field of the page sends, is never.
fn changes(body: &Map<String, Value>) -> Option<Changes> {
    let mut found = false;
    let changes = KEYS.iter().filter_map(|key| Some((*key, body.get(*key)?))).fold(
        Changes::new(),
        |changes, (key, value)| {
            found = true;
            let never = value.is_null() && key == "auto_delete_after_close_days";
            let value = if never { Value::from(0) } else { value.clone() };
            changes.json(format!("{SECTION}.{key}"), value)
        },
    );
    found.then_some(changes)
}

/// Takes the five back to their defaults.
#[utoipa::path(
    post, path = "/api/config/tickets/reset", operation_id = "config.reset_ticket_config", tag = "config",
    responses((status = 200, body = Done), (status = 403, body = ErrorBody)),
)]
pub(super) async fn reset_config(State(tickets): State<Tickets>, caller: Caller) -> ApiResult<Json<Done>> {
    let defaults = KEYS
        .iter()
        .fold(Changes::new(), |all, key| all.unset(format!("{SECTION}.{key}")));
    tickets
        .settings()
        .change(&caller.actor(), caller.guild(), defaults)
        .await?;
    Ok(done("Ticket configuration reset to defaults"))
}
