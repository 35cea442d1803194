//! What changes tickets: one action per file. Each checks the rights of now, writes state, audit, event, messages to
//! post and the repair job in one transaction, and then brings Discord in line.

mod annotate;
mod as_member;
mod assign;
mod build;
mod canned;
mod claim;
mod close;
mod delete;
mod edit;
mod farewell;
pub(crate) mod files;
pub(crate) mod mail;
mod notes;
mod open;
mod panel;
mod participants;
mod post;
mod rate;
mod read;
mod reconcile;
mod record;
mod reopen;
mod reply;
mod request_close;
pub(crate) mod retention;
mod settle;
mod transcript;
mod transfer;
mod unclaim;
mod watch;

pub use annotate::TagEdit;
pub use edit::Edit;
pub use panel::PANEL;

use hazebot_core::{
    Actor, Failure, Outcome, Timestamp,
    audit::Audit,
    events::NewEvent,
    ids::{GuildId, UserId},
    jobs::NewJob,
    store::Tx,
};
use serde_json::{Value, json};

use crate::{
    Tickets,
    store::{
        self,
        outbox::{self, Outgoing},
    },
    ticket::{
        self, Deed, Status, Ticket, TicketId,
        message::{Kind, Message},
    },
};

/// The job that brings Discord in line with what is stored; its key is the ticket.
pub const SETTLE: &str = "ticket.settle";
/// The job that deletes a ticket some days after it was closed; its key is the ticket.
pub const EXPIRE: &str = "ticket.expire";
/// The job that closes a ticket unless somebody has objected; its key is the ticket.
pub const CLOSE_DUE: &str = "ticket.close_due";
/// The job that looks after quiet and unanswered tickets; its key is the guild.
pub const WATCH: &str = "ticket.watch";
/// The job takes over if the action has not finished by then: longer than any wait for Discord inside an action.
const REPAIR_AFTER: chrono::Duration = chrono::Duration::seconds(60);

/// What an action does to a ticket besides the new state.
pub(crate) struct Change {
    /// For the audit log, `ticket.claim`.
    pub(crate) action: &'static str,
    /// The event, `ticket.claimed`.
    pub(crate) event: &'static str,
    /// What listeners need.
    pub(crate) payload: Value,
    /// A sentence to post in the channel.
    pub(crate) line: Option<Outgoing>,
    /// Something that is rewarded once per ticket: kind and to whom.
    pub(crate) reward: Option<(&'static str, UserId)>,
}

impl Tickets {
    /// Reads, checks, changes and writes a ticket in one transaction, then brings Discord in line as far as people wait
    /// for. What Discord does not do now is left to the repair job; the change stands.
    pub(crate) async fn change<F>(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        deed: Deed,
        change: F,
    ) -> Outcome<Ticket>
    where
        F: FnOnce(&mut Ticket, Timestamp) -> Outcome<Change> + Send + 'static,
    {
        let (asker, policy, by) = (self.asker(guild, actor), self.policy(guild), actor.clone());
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let before = store::find(tx, guild, id).await?.ok_or_else(ticket::unknown)?;
                ticket::may(&before, &asker, deed, policy)?;
                let mut after = before.clone();
                let change = change(&mut after, tx.now())?;
                write_change(tx, &by, &before, &after, change).await?;
                Ok(after)
            })
        });
        let after = written.await.map_err(|failure| match failure {
            Failure::Refused(refusal) => self.with_names(guild, refusal).into(),
            other => other,
        })?;
        self.lists.changed(guild);
        self.settle_front(&after).await;
        Ok(after)
    }

    /// A fixed sentence of the bot: what the API says, and what stands in Discord.
    pub(crate) fn line(
        &self,
        guild: GuildId,
        content: String,
        shown: String,
        pings: Option<UserId>,
    ) -> Outgoing {
        let bot = self.me(guild);
        let message = Message {
            id: twilight_model::id::Id::new(1),
            author: bot.id,
            author_name: bot.name,
            author_avatar: bot.avatar,
            role: None,
            kind: Kind::System,
            content,
            display_content: None,
            sent_at: self.now(),
            edited_at: None,
        };
        Outgoing {
            nonce: self.nonce(),
            message,
            shown,
            pings,
            role: None,
            buttons: None,
        }
    }

    /// A nonce for one message.
    pub(crate) fn nonce(&self) -> String {
        self.entropy().hex(24)
    }
}

async fn write_change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: &Ticket,
    after: &Ticket,
    change: Change,
) -> Outcome<()> {
    if !store::replace(tx, before, after).await? {
        return Err(ticket::changed().into());
    }
    store::work::save(tx, before, after).await?;
    let (guild, id) = (after.guild, after.id);
    let mut payload = change.payload;
    if let Some((kind, user)) = change.reward
        && user != after.creator
        && store::pay_once(tx, id, kind, user).await?
        && let Value::Object(fields) = &mut payload
    {
        fields.insert(
            "reward".to_owned(),
            json!({ "kind": kind, "user_id": user.to_string() }),
        );
    }
    let entry = Audit::new(actor, change.action)
        .guild(guild)
        .target(id.to_string());
    tx.audit(entry.before(state(before)).after(state(after))).await?;
    let event = NewEvent::new(change.event)
        .guild(guild)
        .subject(id.to_string())
        .actor(actor);
    tx.emit(event.payload(payload)).await?;
    if let Some(line) = &change.line {
        outbox::push(tx, after, line).await?;
    }
    schedule(tx, before, after).await
}

/// The jobs that the new state needs.
async fn schedule(tx: &mut Tx<'_>, before: &Ticket, after: &Ticket) -> Outcome<()> {
    let key = after.id.to_string();
    // After a closing there is more to do than people wait for; the job begins with it at once.
    let wait = if after.status == Status::Closed {
        chrono::Duration::zero()
    } else {
        REPAIR_AFTER
    };
    tx.schedule(NewJob::new(SETTLE, key.clone(), tx.now() + wait).guild(after.guild))
        .await?;
    if before.delete_after != after.delete_after {
        match after.delete_after {
            Some(due) => {
                tx.schedule(NewJob::new(EXPIRE, key.clone(), due).guild(after.guild))
                    .await?
            }
            None => {
                tx.cancel_job(EXPIRE, &key).await?;
            }
        }
    }
    schedule_closing(tx, before, after).await
}

/// The job that closes the ticket, if it is to be closed.
async fn schedule_closing(tx: &mut Tx<'_>, before: &Ticket, after: &Ticket) -> Outcome<()> {
    let due = |ticket: &Ticket| ticket.close_request.map(|request| request.due);
    if due(before) == due(after) {
        return Ok(());
    }
    let key = after.id.to_string();
    match due(after) {
        Some(due) => {
            tx.schedule(NewJob::new(CLOSE_DUE, key, due).guild(after.guild))
                .await?;
        }
        None => {
            tx.cancel_job(CLOSE_DUE, &key).await?;
        }
    }
    Ok(())
}

/// What the audit log keeps of a state.
pub(crate) fn state(ticket: &Ticket) -> Value {
    json!({
        "number": ticket.number,
        "status": ticket.status.as_str(),
        "type": ticket.kind,
        "claimed_by": ticket.claimed_by.map(|id| id.to_string()),
        "assigned_to": ticket.assigned_to.map(|id| id.to_string()),
        "reopen_count": ticket.reopen_count,
        "priority": ticket.priority.as_str(),
        "tags": ticket.tags,
        "participants": ticket.participants.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
