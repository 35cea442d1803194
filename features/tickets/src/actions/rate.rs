//! The creator says what they think of a closed ticket.

use hazebot_core::{Actor, Outcome, audit::Audit, events::NewEvent, ids::GuildId};
use serde_json::json;

use crate::{
    Tickets,
    store::{self, ratings},
    ticket::{
        self, TicketId,
        rating::{MAX_COMMENT, Rating, may_rate},
    },
};

impl Tickets {
    /// What the creator thought, for them and staff.
    ///
    /// # Errors
    /// As [`Tickets::get`].
    pub(crate) async fn rating(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
    ) -> Outcome<Option<Rating>> {
        let ticket = self.get(guild, actor, id).await?;
        if !self.asker(guild, actor).rights.is_staff() && actor.user() != Some(ticket.creator) {
            return Err(ticket::forbidden().into());
        }
        ratings::find(&mut self.store().read().await?, id).await
    }

    /// Gives 1–5 stars, or other ones within a week.
    ///
    /// # Errors
    /// Unknown ticket, not the creator, not closed, or rated for good.
    pub(crate) async fn rate(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        stars: i64,
    ) -> Outcome<Rating> {
        self.say_of(guild, actor, id, move |before, round, now| {
            Some(match before {
                Some(before) => Rating { stars, ..before },
                None => Rating {
                    round,
                    stars,
                    comment: None,
                    rated_at: now,
                },
            })
        })
        .await
    }

    /// Adds words to the stars; empty ones take them away. Longer ones than [`MAX_COMMENT`] are cut: the form takes no more.
    ///
    /// # Errors
    /// As [`Tickets::rate`], or without stars.
    pub(crate) async fn comment(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        text: &str,
    ) -> Outcome<Rating> {
        let text: String = text.trim().chars().take(MAX_COMMENT).collect();
        let comment = (!text.is_empty()).then_some(text);
        self.say_of(guild, actor, id, move |before, _, _| {
            before.map(|before| Rating { comment, ..before })
        })
        .await
    }

    /// `say` gets the rating of this round so far, the round and the time.
    async fn say_of<F>(&self, guild: GuildId, actor: &Actor, id: TicketId, say: F) -> Outcome<Rating>
    where
        F: FnOnce(Option<Rating>, i64, hazebot_core::Timestamp) -> Option<Rating> + Send + 'static,
    {
        let by = actor.clone();
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let ticket = store::find(tx, guild, id).await?.ok_or_else(ticket::unknown)?;
                let before = ratings::find(tx, id).await?;
                may_rate(&ticket, by.user(), before.as_ref(), tx.now())?;
                let round = ticket.reopen_count;
                let before = before.filter(|before| before.round == round);
                let rating = say(before.clone(), round, tx.now()).ok_or_else(ticket::unknown)?;
                ratings::put(tx, &ticket, &rating).await?;
                let mut audit = Audit::new(&by, "ticket.rate").guild(guild).target(id.to_string());
                if let Some(before) = before {
                    audit = audit.before(json!({ "stars": before.stars, "comment": before.comment }));
                }
                let after = json!({ "stars": rating.stars, "comment": rating.comment });
                tx.audit(audit.after(after)).await?;
                let event = NewEvent::new("ticket.rated")
                    .guild(guild)
                    .subject(id.to_string())
                    .actor(&by);
                let payload = json!({ "ticket_num": ticket.number, "stars": rating.stars });
                tx.emit(event.payload(payload)).await?;
                Ok(rating)
            })
        });
        written.await
    }
}
