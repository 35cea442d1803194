//! A ticket as the API shows it, with the names and pictures that people have now; the same in all listings.

use hazebot_core::{Directory, clock::rfc3339, directory::Member, ids::UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ticket::{Ticket, work::Priority};

const UNKNOWN_USER: &str = "Unknown User";

/// Somebody who was added to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WirePerson {
    /// Their account.
    pub user_id: String,
    /// Their display name.
    pub name: Option<String>,
    /// Their picture.
    pub avatar: Option<String>,
}

/// A ticket that closes by itself unless somebody objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WireCloseRequest {
    /// The staff member who asked; nobody if the ticket is inactive.
    pub asked_by: Option<String>,
    /// Their display name.
    pub asked_by_name: Option<String>,
    /// RFC 3339 with offset.
    pub asked_at: String,
    /// When it closes, RFC 3339 with offset.
    pub closes_at: String,
}

/// A ticket of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WireTicket {
    /// UUID v4.
    pub ticket_id: String,
    /// Running number from 1.
    pub ticket_num: i64,
    /// Its channel in Discord.
    pub channel_id: Option<String>,
    /// Who opened it.
    pub user_id: Option<String>,
    /// Their account name.
    pub username: String,
    /// The name that others see.
    pub display_name: String,
    /// Their picture.
    pub avatar_url: Option<String>,
    /// One of the guild's categories.
    #[serde(rename = "type")]
    pub kind: String,
    /// `Open`, `Claimed` or `Closed`.
    #[schema(value_type = String, example = "Open")]
    pub status: &'static str,
    /// RFC 3339 with offset.
    pub created_at: String,
    /// RFC 3339 with offset, while it is closed.
    pub closed_at: Option<String>,
    /// The staff member who has taken it.
    pub claimed_by: Option<String>,
    /// Their display name.
    pub claimed_by_name: Option<String>,
    /// Their picture.
    pub claimed_by_avatar: Option<String>,
    /// The staff member whom it was given to.
    pub assigned_to: Option<String>,
    /// Their display name.
    pub assigned_to_name: Option<String>,
    /// Their picture.
    pub assigned_to_avatar: Option<String>,
    /// Subject and description.
    pub initial_message: Option<String>,
    /// How often it was reopened, 0–3.
    pub reopen_count: i64,
    /// `low`, `normal`, `high` or `urgent`.
    pub priority: Priority,
    /// Words that staff have put on it; empty for everybody else.
    pub tags: Vec<String>,
    /// People who were added.
    pub participants: Vec<WirePerson>,
    /// Closes it at a time unless somebody objects.
    pub close_request: Option<WireCloseRequest>,
}

impl WireTicket {
    /// The ticket with what the directory knows now; `None` for one that nobody outside sees.
    #[must_use]
    pub fn of(ticket: &Ticket, directory: &dyn Directory) -> Option<Self> {
        let status = ticket.status.wire()?;
        let member = |user: UserId| directory.member(ticket.guild, user);
        let creator = member(ticket.creator);
        let claimer = ticket.claimed_by.and_then(member);
        let assignee = ticket.assigned_to.and_then(member);
        let name = |of: &Option<Member>| of.as_ref().map(|m| m.display_name.clone());
        let avatar = |of: &Option<Member>| of.as_ref().map(|m| m.display_avatar.clone());
        Some(Self {
            ticket_id: ticket.id.to_string(),
            ticket_num: ticket.number,
            channel_id: ticket.channel.map(|id| id.to_string()),
            user_id: Some(ticket.creator.to_string()),
            username: creator
                .as_ref()
                .map_or_else(|| UNKNOWN_USER.to_owned(), |m| m.username.clone()),
            display_name: name(&creator).unwrap_or_else(|| UNKNOWN_USER.to_owned()),
            avatar_url: avatar(&creator),
            kind: ticket.kind.clone(),
            status,
            created_at: rfc3339(ticket.created_at),
            closed_at: ticket.closed_at.map(rfc3339),
            claimed_by: ticket.claimed_by.map(|id| id.to_string()),
            claimed_by_name: name(&claimer),
            claimed_by_avatar: avatar(&claimer),
            assigned_to: ticket.assigned_to.map(|id| id.to_string()),
            assigned_to_name: name(&assignee),
            assigned_to_avatar: avatar(&assignee),
            initial_message: Some(ticket.initial_message.clone()),
            reopen_count: ticket.reopen_count,
            priority: ticket.priority,
            tags: ticket.tags.clone(),
            participants: ticket
                .participants
                .iter()
                .map(|user| {
                    let person = member(*user);
                    WirePerson {
                        user_id: user.to_string(),
                        name: name(&person),
                        avatar: avatar(&person),
                    }
                })
                .collect(),
            close_request: ticket.close_request.map(|request| WireCloseRequest {
                asked_by: request.by.map(|user| user.to_string()),
                asked_by_name: name(&request.by.and_then(member)),
                asked_at: rfc3339(request.asked_at),
                closes_at: rfc3339(request.due),
            }),
        })
    }

    /// The same without what only staff see.
    #[must_use]
    pub fn for_members(mut self) -> Self {
        self.tags.clear();
        self
    }
}

/// A listing of tickets, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Listing {
    /// The tickets.
    pub tickets: Vec<WireTicket>,
    /// How many there are, also on other pages.
    pub total: usize,
}

impl Listing {
    /// Those of the tickets that people see.
    #[must_use]
    pub fn of<'a>(tickets: impl Iterator<Item = &'a Ticket>, directory: &dyn Directory) -> Self {
        let tickets: Vec<_> = tickets
            .filter_map(|ticket| WireTicket::of(ticket, directory))
            .collect();
        Self {
            total: tickets.len(),
            tickets,
        }
    }

    /// The same without what only staff see.
    #[must_use]
    pub fn for_members(mut self) -> Self {
        self.tickets = self.tickets.into_iter().map(WireTicket::for_members).collect();
        self
    }
}
