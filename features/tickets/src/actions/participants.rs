//! Adds people to a ticket and removes them. What they may do in its channel follows by [`Tickets::share`], now or by the
//! repair job.

use hazebot_core::{
    Actor, Outcome, Refusal,
    ids::{ChannelId, GuildId, UserId},
    texts::Arg,
};
use hazebot_discord::rest::{DiscordError, OverwriteTarget};
use serde_json::json;

use super::{Change, post::Trouble, settle::reason};
use crate::{
    Tickets, sockets,
    store::work::{self as rows, Shown},
    ticket::{Deed, Ticket, TicketId, access, message::sentence, work},
};

impl Tickets {
    /// From now on `user` sees the ticket and writes in it while it is open.
    ///
    /// # Errors
    /// Unknown ticket, not staff, `user` is no member or a bot, takes part already, or too many do.
    pub async fn add_participant(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        user: UserId,
    ) -> Outcome<Ticket> {
        let welcome = match self.directory().member(guild, user) {
            None => Err(Refusal::invalid(
                "ticket-person-unknown",
                "User not found in guild",
            )),
            Some(member) if member.bot => Err(Refusal::invalid(
                "ticket-person-bot",
                "Bots cannot be added to tickets",
            )),
            Some(_) => Ok(()),
        };
        let name = self.name_of(guild, user);
        let shown = self.say(
            guild,
            "ticket-line-added",
            &[
                ("user", Arg::raw(format!("<@{user}>"))),
                ("name", Arg::user(self.name_of_actor(guild, actor))),
            ],
        );
        let line = self.line(guild, sentence::added(&name), shown, Some(user));
        let ticket = self
            .change(guild, actor, id, Deed::Invite, move |ticket, _| {
                welcome?;
                work::add_participant(ticket, user)?;
                Ok(changed("ticket.add_participant", ticket, line))
            })
            .await?;
        self.index.add(&ticket);
        Ok(ticket)
    }

    /// From now on `user` sees nothing of the ticket.
    ///
    /// # Errors
    /// Unknown ticket, not staff, the creator, or somebody who was not added.
    pub async fn remove_participant(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        user: UserId,
    ) -> Outcome<Ticket> {
        let name = self.name_of(guild, user);
        let args = [
            ("user", Arg::user(name.clone())),
            ("name", Arg::user(self.name_of_actor(guild, actor))),
        ];
        let shown = self.say(guild, "ticket-line-removed", &args);
        let line = self.line(guild, sentence::removed(&name), shown, None);
        let ticket = self
            .change(guild, actor, id, Deed::Invite, move |ticket, _| {
                work::remove_participant(ticket, user)?;
                Ok(changed("ticket.remove_participant", ticket, line))
            })
            .await?;
        self.index.add(&ticket);
        sockets::recheck(self, guild, user);
        Ok(ticket)
    }

    /// Brings the overwrites of people who were added in line with the ticket. The caller holds its lock.
    pub(super) async fn share(&self, ticket: &Ticket, channel: ChannelId) -> Result<(), Trouble> {
        let wanted = if ticket.status.is_live() { "write" } else { "read" };
        let people = rows::shown(&mut self.store().read().await?, ticket.id).await?;
        for Shown { user, removed, drawn } in people {
            let id = ticket.id;
            if removed {
                let target = OverwriteTarget::Member(user);
                self.discord()
                    .remove_overwrite(channel, target, &reason(ticket))
                    .await?;
                let noted = self
                    .store()
                    .write(move |tx| Box::pin(async move { rows::unshown(tx, id, user).await }));
                noted.await?;
            } else if drawn.as_deref() != Some(wanted) {
                let overwrite = access::creator_overwrite(ticket.status, user);
                match self
                    .discord()
                    .set_overwrite(channel, overwrite, &reason(ticket))
                    .await
                {
                    Ok(()) => {}
                    Err(error @ DiscordError::Rejected { .. }) => {
                        // Somebody whose account is gone: it holds nothing else up.
                        tracing::warn!(ticket = %ticket.id, %user, %error, "somebody cannot be let into a ticket");
                    }
                    Err(error) => return Err(error.into()),
                }
                let noted = self
                    .store()
                    .write(move |tx| Box::pin(async move { rows::set_shown(tx, id, user, wanted).await }));
                noted.await?;
            }
        }
        Ok(())
    }

    /// Who acts, for people to read.
    pub(crate) fn name_of_actor(&self, guild: GuildId, actor: &Actor) -> String {
        actor
            .user()
            .map_or_else(|| actor.name().to_owned(), |user| self.name_of(guild, user))
    }
}

fn changed(action: &'static str, ticket: &Ticket, line: crate::store::outbox::Outgoing) -> Change {
    let people: Vec<String> = ticket.participants.iter().map(ToString::to_string).collect();
    Change {
        action,
        event: "ticket.updated",
        payload: json!({ "participants": people }),
        // Where the channel is gone there is nobody to tell.
        line: ticket.channel.map(|_| line),
        reward: None,
    }
}
