//! Panels: messages from which members open tickets.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use hazebot_core::{Refusal, ids::GuildId};
use hazebot_http::{ApiJson, ApiPath, ApiResult, Caller, ErrorBody};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Done, Flake, done};
use crate::{
    Tickets,
    ticket::panel::{self, Panel, PanelDraft, PanelId, Style},
};

/// What a panel shall be.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewPanel {
    /// The text channel that it stands in.
    channel_id: Flake,
    /// 1–200 characters.
    title: String,
    /// Up to 2,000 characters in Discord's markup.
    #[serde(default)]
    text: String,
    /// `buttons` or `menu`.
    #[serde(default)]
    style: Style,
    /// The types that it offers, in order; none means all.
    #[serde(default)]
    types: Vec<String>,
}

impl NewPanel {
    fn draft(self) -> Result<PanelDraft, Refusal> {
        Ok(PanelDraft {
            channel: self.channel_id.id().ok_or_else(panel::no_channel)?,
            title: self.title,
            text: self.text,
            style: self.style,
            kinds: self.types,
        })
    }
}

/// A panel.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WirePanel {
    /// UUID.
    id: String,
    /// The text channel that it stands in.
    channel_id: String,
    /// Its title.
    title: String,
    /// Its text.
    text: String,
    /// Buttons or menu.
    style: Style,
    /// The types that it offers; none means all.
    types: Vec<String>,
    /// Link to its message; `null` while it does not stand in Discord.
    link: Option<String>,
    /// What keeps it from standing in Discord, and what to do; `null` if all is well.
    problem: Option<String>,
}

/// The panels of a guild.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Panels {
    /// Oldest first.
    panels: Vec<WirePanel>,
}

fn wire(tickets: &Tickets, guild: GuildId, panel: Panel) -> WirePanel {
    let link = |(channel, message)| format!("https://discord.com/channels/{guild}/{channel}/{message}");
    WirePanel {
        id: panel.id.to_string(),
        channel_id: panel.draft.channel.to_string(),
        title: panel.draft.title,
        text: panel.draft.text,
        style: panel.draft.style,
        types: panel.draft.kinds,
        link: panel.posted.map(link),
        problem: panel.problem.map(|text| tickets.say(guild, &text, &[])),
    }
}

fn id(text: &str) -> Result<PanelId, Refusal> {
    text.parse().map_err(|_| panel::unknown())
}

/// The panels of the guild.
#[utoipa::path(
    get, path = "/api/config/tickets/panels", operation_id = "config.get_ticket_panels", tag = "config",
    responses((status = 200, body = Panels), (status = 403, body = ErrorBody)),
)]
pub(super) async fn get_panels(State(tickets): State<Tickets>, caller: Caller) -> ApiResult<Json<Panels>> {
    let guild = caller.guild();
    let panels = tickets.panels(guild, &caller.actor()).await?;
    let panels = panels.into_iter().map(|panel| wire(&tickets, guild, panel));
    Ok(Json(Panels {
        panels: panels.collect(),
    }))
}

/// Makes a panel and posts it.
#[utoipa::path(
    post, path = "/api/config/tickets/panels", operation_id = "config.create_ticket_panel", tag = "config",
    request_body = NewPanel,
    responses((status = 201, body = WirePanel), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody)),
)]
pub(super) async fn create_panel(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiJson(new): ApiJson<NewPanel>,
) -> ApiResult<Response> {
    let guild = caller.guild();
    let panel = tickets
        .put_panel(guild, &caller.actor(), None, new.draft()?)
        .await?;
    Ok((StatusCode::CREATED, Json(wire(&tickets, guild, panel))).into_response())
}

/// Changes a panel; also posts it anew if its message was deleted.
#[utoipa::path(
    put, path = "/api/config/tickets/panels/{panel_id}", operation_id = "config.update_ticket_panel", tag = "config",
    params(("panel_id" = String, Path, description = "UUID of the panel")),
    request_body = NewPanel,
    responses((status = 200, body = WirePanel), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn update_panel(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(panel): ApiPath<String>,
    ApiJson(new): ApiJson<NewPanel>,
) -> ApiResult<Json<WirePanel>> {
    let (guild, id) = (caller.guild(), id(&panel)?);
    let panel = tickets
        .put_panel(guild, &caller.actor(), Some(id), new.draft()?)
        .await?;
    Ok(Json(wire(&tickets, guild, panel)))
}

/// Removes a panel with its message.
#[utoipa::path(
    delete, path = "/api/config/tickets/panels/{panel_id}", operation_id = "config.delete_ticket_panel", tag = "config",
    params(("panel_id" = String, Path, description = "UUID of the panel")),
    responses((status = 200, body = Done), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_panel(
    State(tickets): State<Tickets>,
    caller: Caller,
    ApiPath(panel): ApiPath<String>,
) -> ApiResult<Json<Done>> {
    tickets
        .remove_panel(caller.guild(), &caller.actor(), id(&panel)?)
        .await?;
    Ok(done("Panel deleted successfully"))
}
