//! Looks after live tickets: tells staff of those that nobody has answered, warns those that are quiet, and lets go of
//! warnings that somebody has answered by writing.

use hazebot_core::{
    Actor, Outcome,
    clock::discord_timestamp,
    ids::GuildId,
    jobs::{JobContext, JobDone, NewJob},
    settings::general::MODERATOR_ROLE,
    texts::Arg,
};
use serde_json::json;

use super::{Change, WATCH, request_close::of_request};
use crate::{
    Tickets, settings,
    store::{self, outbox::Buttons, watch},
    ticket::{
        self, Deed, Ticket, TicketId,
        message::sentence,
        watch::{Due, Rules},
        work::{CloseRequest, Priority},
    },
};

/// How often it looks: settings count in minutes and hours, so a minute is fine enough.
const ROUND: chrono::Duration = chrono::Duration::minutes(1);

impl Tickets {
    /// Makes sure that the guild's tickets are looked after.
    pub(super) async fn begin_watch(&self, guild: GuildId) -> Outcome<()> {
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let job = NewJob::new(WATCH, guild.to_string(), tx.now() + ROUND).guild(guild);
                tx.schedule_once(job).await
            })
        });
        written.await.map(drop)
    }

    /// The job of [`WATCH`](super::WATCH), for one guild. A ticket that can't be done now is done in the next round.
    ///
    /// # Errors
    /// The database's; then it is tried again.
    pub async fn watch(&self, job: &JobContext) -> Outcome<JobDone> {
        let Some(guild) = job.guild else {
            return Ok(JobDone::Done);
        };
        let next = JobDone::Again(self.now() + ROUND);
        let rules = self.watch_rules(guild);
        if rules.is_off() || !self.directory().knows(guild) {
            return Ok(next);
        }
        for seen in watch::live(&mut self.store().read().await?, guild).await? {
            let done = match rules.due(&seen, self.now()) {
                None => continue,
                Some(Due::Escalate) => self.escalate(guild, seen.id).await,
                Some(Due::Warn) => self.warn(guild, seen.id).await,
                Some(Due::LetGo(request)) => self.let_go(guild, seen.id, request).await,
            };
            if let Err(failure) = done
                && failure.refusal().is_none()
            {
                tracing::warn!(ticket = %seen.id, error = %failure, "a ticket is looked after later");
            }
        }
        Ok(JobDone::Again(self.now() + ROUND))
    }

    fn watch_rules(&self, guild: GuildId) -> Rules {
        let (hours, minutes) = (
            self.settings().get(guild, &settings::AUTO_CLOSE_WARN_HOURS),
            self.settings().get(guild, &settings::ESCALATE_MINUTES),
        );
        Rules {
            warn_after: (hours > 0).then(|| chrono::Duration::hours(hours)),
            waits_for_staff: self.settings().get(guild, &settings::AUTO_CLOSE_WAITS),
            escalate_after: (minutes > 0).then(|| chrono::Duration::minutes(minutes)),
        }
    }

    async fn escalate(&self, guild: GuildId, id: TicketId) -> Outcome<Ticket> {
        let minutes = self.settings().get(guild, &settings::ESCALATE_MINUTES);
        let raise = self.settings().get(guild, &settings::ESCALATE_RAISES);
        let role = self.settings().get(guild, &settings::ESCALATE_ROLE);
        let role = role.or_else(|| self.settings().get(guild, &MODERATOR_ROLE));
        let whom = role.map_or_else(String::new, |role| format!("<@&{role}>"));
        let args = [("role", Arg::raw(whom)), ("minutes", Arg::number(minutes))];
        let shown = self.say(guild, "ticket-line-escalated", &args).trim().to_owned();
        let mut line = self.line(guild, sentence::escalated(minutes), shown, None);
        line.role = role;
        self.change(guild, &Actor::Timer, id, Deed::Expire, move |ticket, now| {
            if ticket.escalated_at.is_some() {
                return Err(ticket::changed().into());
            }
            ticket.escalated_at = Some(now);
            if raise {
                ticket.priority = ticket.priority.max(Priority::High);
            }
            Ok(Change {
                action: "ticket.escalate",
                event: "ticket.updated",
                payload: json!({ "priority": ticket.priority }),
                line: Some(line),
                reward: None,
            })
        })
        .await
    }

    async fn warn(&self, guild: GuildId, id: TicketId) -> Outcome<Ticket> {
        let found = store::find(&mut self.store().read().await?, guild, id).await?;
        let creator = found.ok_or_else(ticket::unknown)?.creator;
        let grace = self.settings().get(guild, &settings::AUTO_CLOSE_GRACE_HOURS);
        let request = CloseRequest {
            by: None,
            asked_at: self.now(),
            due: self.now() + chrono::Duration::hours(grace),
        };
        let args = [
            ("creator", Arg::raw(format!("<@{creator}>"))),
            ("when", Arg::raw(discord_timestamp(request.due, 'R'))),
        ];
        let shown = self.say(guild, "ticket-line-inactive", &args);
        let mut line = self.line(guild, sentence::inactive(grace), shown, Some(creator));
        line.buttons = Some(Buttons::CloseRequest);
        self.change(guild, &Actor::Timer, id, Deed::Expire, move |ticket, _| {
            if ticket.close_request.is_some() {
                return Err(ticket::changed().into());
            }
            ticket.close_request = Some(request);
            Ok(Change {
                line: Some(line),
                ..of_request("ticket.warn_inactive", Some(request))
            })
        })
        .await
    }
}
