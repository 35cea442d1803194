//! Closes a ticket.

use hazebot_core::{
    Actor, Outcome, Refusal, Timestamp,
    clock::discord_timestamp,
    ids::{ChannelId, GuildId},
    texts::Arg,
};
use serde_json::json;

use super::Change;
use crate::{
    Tickets, settings, store,
    store::outbox::Outgoing,
    ticket::{
        Deed, MAX_CLOSE_MESSAGE, Status, Ticket, TicketId,
        message::{guard, sentence},
    },
};

impl Tickets {
    /// The creator can only read from now on; transcript and direct message follow, and after the guild's days the
    /// channel is deleted. Of two closings at once one succeeds.
    ///
    /// # Errors
    /// Unknown ticket, not allowed, closed already, or a message above [`MAX_CLOSE_MESSAGE`].
    pub async fn close(&self, guild: GuildId, actor: &Actor, id: TicketId, message: &str) -> Outcome<Ticket> {
        let asker = self.asker(guild, actor);
        let message = message.trim();
        if message.chars().count() > MAX_CLOSE_MESSAGE {
            let max = MAX_CLOSE_MESSAGE.to_string();
            let sentence = format!("Closing message too long (max {max} characters)");
            return Err(Refusal::invalid("ticket-close-message-too-long", sentence)
                .with("max", max)
                .into());
        }
        let message = if asker.rights.is_staff() {
            message.to_owned()
        } else {
            guard(message)
        };
        let message = (!message.is_empty()).then_some(message);
        let days = self.settings().get(guild, &settings::AUTO_DELETE_DAYS);
        let days = (days > 0).then_some(days);
        let delete_after = days.map(|days| self.now() + chrono::Duration::days(days));
        let line = self.closing_line(guild, actor, days, delete_after, message.as_deref());
        self.change(guild, actor, id, Deed::Close, move |ticket, now| {
            shut(ticket, now, asker.user, message.clone(), delete_after);
            Ok(Change {
                action: "ticket.close",
                event: "ticket.closed",
                payload: json!({
                    "close_message": message.unwrap_or_default(),
                    "closed_by": asker.user.map(|user| user.to_string()),
                }),
                line: Some(line),
                reward: asker
                    .user
                    .filter(|_| asker.rights_on(ticket).is_staff())
                    .map(|user| ("ticket_resolved", user)),
            })
        })
        .await
    }

    pub(super) fn closing_line(
        &self,
        guild: GuildId,
        actor: &Actor,
        days: Option<i64>,
        delete_after: Option<Timestamp>,
        message: Option<&str>,
    ) -> Outgoing {
        let name = actor
            .user()
            .map_or_else(|| actor.name().to_owned(), |user| self.name_of(guild, user));
        let first = self.say(guild, "ticket-line-closed", &[("name", Arg::user(name))]);
        self.closing_text(guild, first, days, delete_after, message)
    }

    /// The same after another first sentence.
    pub(super) fn closing_text(
        &self,
        guild: GuildId,
        first: String,
        days: Option<i64>,
        delete_after: Option<Timestamp>,
        message: Option<&str>,
    ) -> Outgoing {
        let mut shown = first;
        if let Some(at) = delete_after {
            let when = Arg::raw(discord_timestamp(at, 'R'));
            shown.push(' ');
            shown.push_str(&self.say(guild, "ticket-line-closed-deletion", &[("when", when)]));
        }
        if let Some(message) = message {
            shown.push_str("\n\n");
            shown.push_str(&self.say(
                guild,
                "ticket-line-closing-message",
                &[("message", Arg::user(message))],
            ));
        }
        self.line(guild, sentence::closed(days, message), shown, None)
    }

    /// Somebody deleted a ticket's channel by hand: a live ticket is closed, and no channel is looked for any more.
    ///
    /// # Errors
    /// The database's. A channel that is no ticket's is left alone.
    pub async fn channel_gone(&self, guild: GuildId, channel: ChannelId) -> Outcome<()> {
        self.index.remove(channel);
        self.webhooks.remove(&channel);
        let days = self.settings().get(guild, &settings::AUTO_DELETE_DAYS);
        let changed = self.store().write(move |tx| {
            Box::pin(async move {
                let Some(before) = store::by_channel(tx, guild, channel).await? else {
                    return Ok(false);
                };
                store::lose_channel(tx, before.id).await?;
                if !before.status.is_live() {
                    return Ok(false);
                }
                let mut after = before.clone();
                let delete_after = (days > 0).then(|| tx.now() + chrono::Duration::days(days));
                shut(
                    &mut after,
                    tx.now(),
                    None,
                    Some("Channel deleted".to_owned()),
                    delete_after,
                );
                let change = Change {
                    action: "ticket.channel_gone",
                    event: "ticket.closed",
                    payload: json!({ "close_message": "Channel deleted", "closed_by": null }),
                    line: None,
                    reward: None,
                };
                super::write_change(tx, &Actor::System, &before, &after, change).await?;
                Ok(true)
            })
        });
        if changed.await? {
            self.lists.changed(guild);
        }
        Ok(())
    }
}

/// The state of a closed ticket.
pub(super) fn shut(
    ticket: &mut Ticket,
    now: Timestamp,
    by: Option<hazebot_core::ids::UserId>,
    message: Option<String>,
    delete_after: Option<Timestamp>,
) {
    ticket.status = Status::Closed;
    ticket.closed_at = Some(now);
    ticket.closed_by = by;
    ticket.close_message = message;
    ticket.delete_after = delete_after;
    ticket.close_request = None;
}
