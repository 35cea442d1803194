//! The rules of tickets, pure: what a ticket is, which states follow on which, and who may do what.

pub mod access;
pub mod canned;
pub mod controls;
pub mod draft;
pub mod file;
pub mod kinds;
pub mod message;
pub mod name;
pub mod panel;
pub mod rating;
pub mod search;
pub mod stats;
mod status;
pub mod transcript;
pub mod watch;
pub mod work;

use std::{fmt, str::FromStr};

use hazebot_core::{
    Refusal, RefusalKind, Rights, Timestamp,
    ids::{ChannelId, GuildId, MessageId, UserId},
};
use uuid::Uuid;

pub use draft::Draft;
pub use status::{Origin, Status};
use work::{CloseRequest, Priority};

/// How often a ticket may be reopened.
pub const MAX_REOPENS: i64 = 3;
/// Longest closing message, in code points: what the field of the closing form takes.
pub const MAX_CLOSE_MESSAGE: usize = 500;

/// Names a ticket towards API, app and components. Says nothing about its guild: look up by both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketId(pub Uuid);

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl FromStr for TicketId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// A ticket as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its name towards the outside.
    pub id: TicketId,
    /// The guild that it belongs to.
    pub guild: GuildId,
    /// The running number that people see, from 1, per guild.
    pub number: i64,
    /// Who opened it.
    pub creator: UserId,
    /// Their account name at that time; shown when they have left.
    pub creator_name: String,
    /// Its channel, once there is one.
    pub channel: Option<ChannelId>,
    /// One of the categories of the settings, at the time of opening.
    pub kind: String,
    /// Where it is in its life.
    pub status: Status,
    /// The staff member who has taken it.
    pub claimed_by: Option<UserId>,
    /// The staff member whom it was given to.
    pub assigned_to: Option<UserId>,
    /// What it is about, 3–100 code points.
    pub subject: String,
    /// Subject and description in the form that the app takes apart.
    pub initial_message: String,
    /// The message with the buttons.
    pub control_message: Option<MessageId>,
    /// How often it was reopened, 0–[`MAX_REOPENS`].
    pub reopen_count: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was closed, until reopened.
    pub closed_at: Option<Timestamp>,
    /// Who closed it, until reopened.
    pub closed_by: Option<UserId>,
    /// What the closer wrote.
    pub close_message: Option<String>,
    /// When its channel is deleted.
    pub delete_after: Option<Timestamp>,
    /// How soon it wants an answer.
    pub priority: Priority,
    /// Words that staff have put on it, at most [`work::MAX_TAGS`], sorted.
    pub tags: Vec<String>,
    /// People besides creator and staff, at most [`work::MAX_PARTICIPANTS`].
    pub participants: Vec<UserId>,
    /// Closes it at a time unless somebody objects.
    pub close_request: Option<CloseRequest>,
    /// When staff were told that nobody had answered.
    pub escalated_at: Option<Timestamp>,
}

impl Ticket {
    /// The mark in the channel's topic by which a half-made channel is found again.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("hazebot:ticket:{}", self.id)
    }

    /// A nonce for one step of one round of this ticket, at most 25 characters as Discord wants it.
    ///
    /// `tag` is a short word; the round is the number of reopenings, so that a second closing is not taken for the first.
    #[must_use]
    pub fn nonce(&self, tag: &str) -> String {
        let id = self.id.0.as_simple().to_string();
        let short = id.get(..16).unwrap_or(&id);
        format!("{short}{tag}{}", self.reopen_count)
            .chars()
            .take(25)
            .collect()
    }
}

/// Who asks, as far as the rules care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Their account; `None` for panel logins and the program itself.
    pub user: Option<UserId>,
    /// What they may do in the guild now.
    pub rights: Rights,
    /// Types whose own roles they have.
    pub helps: Vec<String>,
}

impl Asker {
    /// What they may do with this ticket: who helps with its type is a moderator there.
    #[must_use]
    pub fn rights_on(&self, ticket: &Ticket) -> Rights {
        match self.rights.is_staff() || !self.helps.contains(&ticket.kind) {
            true => self.rights,
            false => Rights::Moderator,
        }
    }

    /// Whether they opened the ticket and are still in the guild.
    #[must_use]
    pub fn is_creator(&self, ticket: &Ticket) -> bool {
        self.rights.is_member() && self.user == Some(ticket.creator)
    }

    /// Whether they opened the ticket or were added to it, and are still in the guild.
    #[must_use]
    pub fn takes_part(&self, ticket: &Ticket) -> bool {
        let added = |user: UserId| ticket.participants.contains(&user);
        self.is_creator(ticket) || (self.rights.is_member() && self.user.is_some_and(added))
    }
}

/// What somebody wants to do with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Read it and its messages.
    Read,
    /// Write into it from the app or the panel.
    Reply,
    /// Take it.
    Claim,
    /// Give it back.
    Unclaim,
    /// Give it to a staff member.
    Assign,
    /// Close it.
    Close,
    /// Open it again.
    Reopen,
    /// Change type, status or handlers directly.
    Edit,
    /// Delete it with its channel.
    Delete,
    /// Note, prioritise or tag it.
    Annotate,
    /// Add people to it, or remove them.
    Invite,
    /// Give it another type, for others to work on.
    Transfer,
    /// Ask its creator whether it may be closed.
    AskToClose,
    /// Keep it open although it was to be closed.
    KeepOpen,
    /// Close it because its time has come, or warn of that; the program's own.
    Expire,
}

/// Choices of a guild that the rules obey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Staff claim a ticket before they answer from the app or close it.
    pub require_claim: bool,
    /// Moderators may assign; otherwise only admins.
    pub moderators_assign: bool,
    /// Moderators may delete; otherwise only admins.
    pub moderators_delete: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            require_claim: false,
            moderators_assign: true,
            moderators_delete: true,
        }
    }
}

/// Whether somebody may do this to the ticket as it is now: one answer for Discord, API and sockets.
///
/// # Errors
/// A refusal with the text for Discord and the sentence of the API. A ticket that nobody sees is unknown to everybody.
pub fn may(ticket: &Ticket, asker: &Asker, deed: Deed, policy: Policy) -> Result<(), Refusal> {
    if !ticket.status.is_visible() {
        return Err(unknown());
    }
    let rights = asker.rights_on(ticket);
    let staff = rights.is_staff();
    let involved = staff || asker.is_creator(ticket);
    let closed = ticket.status == Status::Closed;
    match deed {
        Deed::Read if !staff && !asker.takes_part(ticket) => Err(forbidden()),
        Deed::Reply if !staff && !asker.takes_part(ticket) => Err(Refusal::forbidden(
            "ticket-not-yours",
            "You can only message your own tickets",
        )),
        Deed::Reply if closed && !staff => Err(Refusal::invalid("ticket-is-closed", "Ticket is closed")),
        Deed::Reply if unclaimed_by(ticket, asker, policy) => Err(claim_first()),
        Deed::Claim | Deed::Unclaim | Deed::Edit | Deed::Annotate | Deed::Invite if !staff => {
            Err(forbidden())
        }
        Deed::Transfer | Deed::AskToClose | Deed::Expire if !staff => Err(forbidden()),
        Deed::Transfer | Deed::AskToClose | Deed::KeepOpen | Deed::Expire if closed => Err(already_closed()),
        Deed::AskToClose if unclaimed_by(ticket, asker, policy) => Err(claim_first()),
        Deed::KeepOpen if !involved => Err(forbidden()),
        Deed::KeepOpen if ticket.close_request.is_none() => Err(not_asked()),
        Deed::Assign if !staff || !(policy.moderators_assign || rights.is_admin()) => Err(forbidden()),
        Deed::Delete if !staff || !(policy.moderators_delete || rights.is_admin()) => Err(forbidden()),
        Deed::Claim if closed => Err(Refusal::invalid(
            "ticket-is-closed",
            "Cannot claim a closed ticket",
        )),
        Deed::Claim if ticket.claimed_by.is_some() => Err(already_claimed(ticket)),
        Deed::Unclaim if closed => Err(Refusal::invalid("ticket-is-closed", "Ticket is closed")),
        Deed::Unclaim if ticket.claimed_by.is_none() => {
            Err(Refusal::invalid("ticket-not-claimed", "Ticket is not claimed"))
        }
        Deed::Assign if closed => Err(Refusal::invalid(
            "ticket-is-closed",
            "Cannot assign a closed ticket",
        )),
        Deed::Close if closed => Err(already_closed()),
        Deed::Close if !involved => Err(Refusal::forbidden(
            "ticket-not-allowed",
            "Insufficient permissions to close this ticket",
        )),
        Deed::Close if unclaimed_by(ticket, asker, policy) => Err(claim_first()),
        Deed::Reopen if !closed => Err(not_closed()),
        Deed::Reopen if ticket.reopen_count >= MAX_REOPENS => Err(Refusal::invalid(
            "ticket-reopened-too-often",
            "This ticket cannot be reopened more than 3 times",
        )
        .with("max", MAX_REOPENS.to_string())),
        Deed::Reopen if !involved => Err(Refusal::forbidden(
            "ticket-not-allowed",
            "Insufficient permissions to reopen this ticket",
        )),
        _ => Ok(()),
    }
}

/// Staff who work on a ticket of somebody else that nobody has claimed, where the guild wants it claimed first.
fn unclaimed_by(ticket: &Ticket, asker: &Asker, policy: Policy) -> bool {
    let staff = asker.rights_on(ticket).is_staff() && !asker.is_creator(ticket);
    policy.require_claim && ticket.status == Status::Open && staff
}

/// There is no such ticket, or it belongs to another guild.
#[must_use]
pub fn unknown() -> Refusal {
    Refusal::not_found("ticket-unknown", "Ticket not found")
}

/// This person may not.
#[must_use]
pub fn forbidden() -> Refusal {
    Refusal::forbidden("ticket-not-allowed", "Insufficient permissions")
}

/// Somebody closed it before.
#[must_use]
pub fn already_closed() -> Refusal {
    Refusal::invalid("ticket-already-closed", "Ticket is already closed")
}

/// It is open.
#[must_use]
pub fn not_closed() -> Refusal {
    Refusal::invalid("ticket-not-closed", "Ticket is not closed")
}

/// Somebody claimed it before; the text names them once their id is replaced by their name.
#[must_use]
pub fn already_claimed(ticket: &Ticket) -> Refusal {
    let claimer = ticket
        .claimed_by
        .map_or_else(|| "?".to_owned(), |user| user.to_string());
    Refusal::invalid("ticket-already-claimed", "Ticket already claimed").with("claimer", claimer)
}

/// Somebody was faster.
#[must_use]
pub fn changed() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "ticket-changed",
        "Ticket was changed by somebody else, please try again",
    )
}

/// Its channel was deleted by hand.
#[must_use]
pub fn channel_gone() -> Refusal {
    Refusal::not_found("ticket-channel-gone", "Ticket channel not found")
}

/// Nobody has asked to close it.
#[must_use]
pub fn not_asked() -> Refusal {
    Refusal::invalid("ticket-not-asked", "Nobody has asked to close this ticket")
}

fn claim_first() -> Refusal {
    Refusal::invalid("ticket-claim-first", "Ticket must be claimed first")
}

#[cfg(test)]
pub(crate) mod tests;
