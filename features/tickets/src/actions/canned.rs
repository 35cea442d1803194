//! Canned replies: written once by staff, sent again and again.

use hazebot_core::{Actor, Outcome, Refusal, audit::Audit, events::NewEvent, ids::GuildId};
use serde_json::json;

use crate::{
    Tickets,
    store::replies::{self, Canned},
    ticket::{
        self, Ticket, TicketId,
        canned::{self, MAX_CANNED, Values},
        message::Message,
    },
};

impl Tickets {
    /// All canned replies of a guild, by name.
    ///
    /// # Errors
    /// Not staff.
    pub(crate) async fn canned(&self, guild: GuildId, actor: &Actor) -> Outcome<Vec<Canned>> {
        self.staff_only(guild, actor)?;
        replies::list(&mut self.store().read().await?, guild).await
    }

    /// The same as they would be sent into this ticket now.
    ///
    /// # Errors
    /// Not staff, or an unknown ticket.
    pub(crate) async fn canned_for(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
    ) -> Outcome<Vec<Canned>> {
        let list = self.canned(guild, actor).await?;
        let ticket = self.get(guild, actor, id).await?;
        let values = self.values(&ticket, actor);
        let fill = |reply: Canned| Canned {
            text: canned::fill(&reply.text, &ticket, &values),
            ..reply
        };
        Ok(list.into_iter().map(fill).collect())
    }

    /// Writes one, new or instead of the one before.
    ///
    /// # Errors
    /// Not staff, a name or text that is none, or one too many.
    pub(crate) async fn save_canned(
        &self,
        guild: GuildId,
        actor: &Actor,
        name: &str,
        text: &str,
    ) -> Outcome<Canned> {
        self.staff_only(guild, actor)?;
        let (name, text, by) = (canned::name(name)?, canned::text(text)?, actor.clone());
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let before = replies::find(tx, guild, &name).await?;
                if before.is_none() && replies::count(tx, guild).await? >= MAX_CANNED {
                    let sentence = format!("A server can have {MAX_CANNED} canned replies at most");
                    let refusal = Refusal::invalid("ticket-too-many-canned", sentence);
                    return Err(refusal.with("max", MAX_CANNED.to_string()).into());
                }
                replies::put(tx, guild, &name, &text).await?;
                let audit = Audit::new(&by, "ticket.reply_saved")
                    .guild(guild)
                    .target(name.as_str());
                let audit = match before {
                    Some(before) => audit.before(json!({ "text": before })),
                    None => audit,
                };
                tx.audit(audit.after(json!({ "text": text }))).await?;
                tx.emit(event(guild, &by, &name)).await?;
                Ok(Canned { name, text })
            })
        });
        written.await
    }

    /// Takes one away.
    ///
    /// # Errors
    /// Not staff, or there is none of this name.
    pub(crate) async fn delete_canned(&self, guild: GuildId, actor: &Actor, name: &str) -> Outcome<()> {
        self.staff_only(guild, actor)?;
        let (name, by) = (name.to_owned(), actor.clone());
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let before = replies::find(tx, guild, &name).await?.ok_or_else(unknown)?;
                replies::remove(tx, guild, &name).await?;
                let audit = Audit::new(&by, "ticket.reply_deleted")
                    .guild(guild)
                    .target(name.as_str());
                tx.audit(audit.before(json!({ "text": before }))).await?;
                tx.emit(event(guild, &by, &name)).await?;
                Ok(())
            })
        });
        written.await
    }

    /// Sends one into a ticket, filled in, as [`Tickets::reply`] does.
    ///
    /// # Errors
    /// Not staff, no reply of this name, or as there.
    pub(crate) async fn send_canned(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        name: &str,
    ) -> Outcome<Message> {
        self.staff_only(guild, actor)?;
        let found = replies::find(&mut self.store().read().await?, guild, name.trim()).await?;
        let text = found.ok_or_else(unknown)?;
        let ticket = self.get(guild, actor, id).await?;
        let text = canned::fill(&text, &ticket, &self.values(&ticket, actor));
        self.reply(guild, actor, id, &text).await
    }

    fn values(&self, ticket: &Ticket, actor: &Actor) -> Values {
        let guild = ticket.guild;
        let creator = self.directory().member(guild, ticket.creator);
        Values {
            creator: creator.map_or_else(|| ticket.creator_name.clone(), |member| member.display_name),
            staff: self.name_of_actor(guild, actor),
            server: self.directory().guild_name(guild).unwrap_or_default(),
        }
    }

    /// What only staff may, whichever ticket it is about.
    pub(crate) fn staff_only(&self, guild: GuildId, actor: &Actor) -> Outcome<()> {
        if self.asker(guild, actor).rights.is_staff() {
            Ok(())
        } else {
            Err(ticket::forbidden().into())
        }
    }
}

fn unknown() -> Refusal {
    Refusal::not_found("ticket-canned-unknown", "Canned reply not found")
}

fn event(guild: GuildId, actor: &Actor, name: &str) -> NewEvent {
    NewEvent::new("ticket.replies_changed")
        .guild(guild)
        .actor(actor)
        .payload(json!({ "name": name }))
}
