//! Asks a ticket's creator whether it may be closed; it closes by itself unless somebody objects in time.

use hazebot_core::{
    Actor, Outcome, Refusal,
    clock::discord_timestamp,
    ids::GuildId,
    jobs::{JobContext, JobDone},
    texts::Arg,
};
use serde_json::{Value, json};

use super::{Change, close::shut};
use crate::{
    Tickets, settings,
    store::{self, outbox::Buttons, watch},
    ticket::{
        self, Deed, Ticket, TicketId,
        message::sentence,
        work::{ASK_HOURS, CloseRequest},
    },
};

impl Tickets {
    /// Asks, and closes the ticket after so many hours (the guild's setting without any) unless somebody objects. Asking
    /// again begins anew.
    ///
    /// # Errors
    /// Unknown ticket, not staff, closed, unclaimed where the guild wants it claimed, or a time outside [`ASK_HOURS`].
    pub async fn ask_to_close(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        hours: Option<i64>,
    ) -> Outcome<Ticket> {
        let hours = hours.unwrap_or_else(|| self.settings().get(guild, &settings::CLOSE_REQUEST_HOURS));
        if !ASK_HOURS.contains(&hours) {
            let sentence = "Hours must be between 1 and 720";
            return Err(Refusal::invalid("ticket-ask-hours", sentence).into());
        }
        let creator = store::find(&mut self.store().read().await?, guild, id)
            .await?
            .ok_or_else(ticket::unknown)?
            .creator;
        let request = CloseRequest {
            by: actor.user(),
            asked_at: self.now(),
            due: self.now() + chrono::Duration::hours(hours),
        };
        let name = self.name_of_actor(guild, actor);
        let args = [
            ("creator", Arg::raw(format!("<@{creator}>"))),
            ("name", Arg::user(name.as_str())),
            ("when", Arg::raw(discord_timestamp(request.due, 'R'))),
        ];
        let shown = self.say(guild, "ticket-line-asked", &args);
        let mut line = self.line(
            guild,
            sentence::asked_to_close(&name, hours),
            shown,
            Some(creator),
        );
        line.buttons = Some(Buttons::CloseRequest);
        self.change(guild, actor, id, Deed::AskToClose, move |ticket, _| {
            if ticket.channel.is_none() {
                return Err(ticket::channel_gone().into());
            }
            ticket.close_request = Some(request);
            Ok(Change {
                line: Some(line),
                ..of_request("ticket.ask_to_close", Some(request))
            })
        })
        .await
    }

    /// The ticket stays open: its creator or staff object.
    ///
    /// # Errors
    /// Unknown ticket, not allowed, closed, or nobody has asked.
    pub async fn keep_open(&self, guild: GuildId, actor: &Actor, id: TicketId) -> Outcome<Ticket> {
        let name = self.name_of_actor(guild, actor);
        let shown = self.say(guild, "ticket-line-kept", &[("name", Arg::user(name.as_str()))]);
        let line = self.line(guild, sentence::kept_open(&name), shown, None);
        self.change(guild, actor, id, Deed::KeepOpen, move |ticket, _| {
            ticket.close_request = None;
            Ok(Change {
                line: Some(line),
                ..of_request("ticket.keep_open", None)
            })
        })
        .await
    }

    /// The job of [`CLOSE_DUE`](super::CLOSE_DUE): closes a ticket whose time has come, or lets the request go if
    /// somebody has written meanwhile.
    ///
    /// # Errors
    /// The database's; then it is tried again.
    pub async fn close_due(&self, job: &JobContext) -> Outcome<JobDone> {
        let (Some(guild), Ok(id)) = (job.guild, job.key.parse::<TicketId>()) else {
            return Ok(JobDone::Done);
        };
        if !self.directory().knows(guild) {
            return Ok(JobDone::Again(self.now() + super::settle::GUILD_ARRIVES));
        }
        let mut db = self.store().read().await?;
        let found = store::find(&mut db, guild, id).await?;
        let Some(request) = found
            .filter(|ticket| ticket.status.is_live())
            .and_then(|ticket| ticket.close_request)
        else {
            return Ok(JobDone::Done);
        };
        if request.due > self.now() {
            return Ok(JobDone::Again(request.due));
        }
        let last = watch::last_word(&mut db, id).await?;
        drop(db);
        let done = if request.is_answered(last) {
            self.let_go(guild, id, request).await
        } else {
            self.close_unanswered(guild, id, request).await
        };
        match done {
            // Somebody was faster: what they did holds.
            Err(failure) if failure.refusal().is_some() => Ok(JobDone::Done),
            done => done.map(|_| JobDone::Done),
        }
    }

    /// Nobody asks any more.
    pub(super) async fn let_go(
        &self,
        guild: GuildId,
        id: TicketId,
        request: CloseRequest,
    ) -> Outcome<Ticket> {
        self.change(guild, &Actor::Timer, id, Deed::Expire, move |ticket, _| {
            still(ticket, request)?;
            ticket.close_request = None;
            Ok(of_request("ticket.request_ended", None))
        })
        .await
    }

    async fn close_unanswered(&self, guild: GuildId, id: TicketId, request: CloseRequest) -> Outcome<Ticket> {
        let days = self.settings().get(guild, &settings::AUTO_DELETE_DAYS);
        let days = (days > 0).then_some(days);
        let delete_after = days.map(|days| self.now() + chrono::Duration::days(days));
        let first = match request.by {
            Some(_) => "ticket-line-closed-unanswered",
            None => "ticket-line-closed-inactive",
        };
        let line = self.closing_text(guild, self.say(guild, first, &[]), days, delete_after, None);
        self.change(guild, &Actor::Timer, id, Deed::Expire, move |ticket, now| {
            still(ticket, request)?;
            shut(ticket, now, request.by, None, delete_after);
            Ok(Change {
                action: "ticket.close",
                event: "ticket.closed",
                payload: json!({
                    "close_message": "", "closed_by": request.by.map(|user| user.to_string()),
                }),
                line: Some(line),
                reward: request.by.map(|user| ("ticket_resolved", user)),
            })
        })
        .await
    }
}

fn still(ticket: &Ticket, request: CloseRequest) -> Result<(), Refusal> {
    if ticket.close_request == Some(request) {
        Ok(())
    } else {
        Err(ticket::changed())
    }
}

/// A change of the request alone.
pub(super) fn of_request(action: &'static str, request: Option<CloseRequest>) -> Change {
    let due = request.map(|request| hazebot_core::clock::rfc3339(request.due));
    Change {
        action,
        event: "ticket.updated",
        payload: json!({ "closes_at": due.map_or(Value::Null, Value::from) }),
        line: None,
        reward: None,
    }
}
