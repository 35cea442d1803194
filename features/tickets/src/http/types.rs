//! The types of tickets with what is set for each, for the panel's forms.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use hazebot_core::settings::Changes;
use hazebot_http::{ApiError, ApiJson, ApiResult, Caller, ErrorBody};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{Done, done};
use crate::{
    Tickets, settings,
    ticket::kinds::{KindOptions, Kinds, Question},
};

/// One type.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketType {
    /// Its name, 1–50 characters, unique in the guild.
    name: String,
    /// What is set for it.
    #[serde(flatten)]
    options: KindOptions,
}

/// By hand, since a derived one would pass over misspelt fields of a flattened part.
impl<'de> Deserialize<'de> for TicketType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Map::<String, Value>::deserialize(deserializer)?;
        let name = match fields.remove("name") {
            Some(Value::String(name)) => name,
            _ => return Err(D::Error::missing_field("name")),
        };
        let options = KindOptions::deserialize(Value::Object(fields)).map_err(D::Error::custom)?;
        Ok(Self { name, options })
    }
}

/// All types of the guild, in the order of menus.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct TicketTypes {
    /// 1–25 types.
    types: Vec<TicketType>,
}

/// A type as everybody sees it who may open a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenType {
    /// Its name.
    name: String,
    /// Stands before its name.
    emoji: Option<String>,
    /// A second line.
    description: Option<String>,
    /// The questions of its form; none means subject and description.
    questions: Vec<Question>,
    /// Whether it can be opened now, by its hours.
    open: bool,
    /// When it opens next, if it is not open now.
    opens_at: Option<String>,
}

/// The types that tickets can be opened of.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenTypes {
    /// In the order of menus.
    types: Vec<OpenType>,
}

/// The types as somebody sees them who wants to open a ticket.
#[utoipa::path(
    get, path = "/api/tickets/types", operation_id = "tickets.get_open_types", tag = "tickets",
    responses((status = 200, body = OpenTypes)),
)]
pub(super) async fn get_open_types(State(tickets): State<Tickets>, caller: Caller) -> Json<OpenTypes> {
    let (guild, now) = (caller.guild(), tickets.now());
    let kinds = tickets.kinds(guild);
    let categories = tickets.settings().get(guild, &settings::CATEGORIES);
    let seen = |name: String| {
        let options = kinds.of(&name);
        let opens = options.hours.as_ref().and_then(|hours| hours.opens(now));
        OpenType {
            name,
            emoji: options.emoji,
            description: options.description,
            questions: options.questions,
            open: opens.is_none(),
            opens_at: opens.map(hazebot_core::clock::rfc3339),
        }
    };
    Json(OpenTypes {
        types: categories.into_iter().map(seen).collect(),
    })
}

/// The types with everything that is set for them.
#[utoipa::path(
    get, path = "/api/config/tickets/types", operation_id = "config.get_ticket_types", tag = "config",
    responses((status = 200, body = TicketTypes), (status = 403, body = ErrorBody)),
)]
pub(super) async fn get_types(State(tickets): State<Tickets>, caller: Caller) -> Json<TicketTypes> {
    let kinds = tickets.kinds(caller.guild());
    let categories = tickets.settings().get(caller.guild(), &settings::CATEGORIES);
    let whole = |name: String| TicketType {
        options: kinds.of(&name),
        name,
    };
    Json(TicketTypes {
        types: categories.into_iter().map(whole).collect(),
    })
}

/// Sets all types, their order and what each has; all or nothing. A type that is left out is gone for new tickets.
#[utoipa::path(
    put, path = "/api/config/tickets/types", operation_id = "config.set_ticket_types", tag = "config",
    request_body = TicketTypes,
    responses((status = 200, body = Done), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn set_types(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiJson(wanted): ApiJson<TicketTypes>,
) -> ApiResult<Json<Done>> {
    let mut names = Vec::with_capacity(wanted.types.len());
    let mut kinds = Kinds(BTreeMap::new());
    for TicketType { name, options } in wanted.types {
        let name = name.trim().to_owned();
        if kinds.0.insert(name.clone(), options).is_some() {
            return Err(ApiError::bad_request(format!("Two types are called {name}")));
        }
        names.push(name);
    }
    // What is as for all types is not stored.
    kinds.0.retain(|_, options| *options != KindOptions::default());
    let kinds =
        serde_json::to_value(&kinds).map_err(|error| hazebot_core::Failure::internal(error.to_string()))?;
    let changes = Changes::new()
        .set(&settings::CATEGORIES, names)
        .set(&settings::KINDS, kinds);
    tickets
        .settings()
        .change(&caller.actor(), caller.guild(), changes)
        .await?;
    Ok(done("Ticket types updated successfully"))
}
