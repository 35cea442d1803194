//! Notes how far somebody has read. A mark is of one person and changes with every glance, so it is neither audited nor
//! an event; who looks at the ticket is told.

use std::collections::BTreeMap;

use hazebot_core::{
    Actor, Outcome,
    ids::{GuildId, MessageId, Snowflake, UserId},
};
use serde_json::json;

use super::claim::no_account;
use crate::{
    Tickets,
    sockets::room,
    store::{messages, reads},
    ticket::TicketId,
};

impl Tickets {
    /// The actor has read up to this message, or up to the newest one.
    ///
    /// # Errors
    /// Unknown ticket, not allowed, or somebody without an account.
    pub async fn read(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        up_to: Option<MessageId>,
    ) -> Outcome<Option<MessageId>> {
        let user = actor.user().ok_or_else(no_account)?;
        self.get(guild, actor, id).await?;
        let newest = messages::newest(&mut self.store().read().await?, id).await?;
        // Ahead of what there is nobody can have read.
        let Some(up_to) = up_to.map_or(newest, |id| newest.map(|newest| newest.min(id))) else {
            return Ok(None);
        };
        let written = self
            .store()
            .write(move |tx| Box::pin(async move { reads::set(tx, id, user, up_to).await }));
        if written.await?
            && let Some(sockets) = self.sockets()
        {
            let told = json!({
                "ticket_id": id.to_string(), "user_id": user.to_string(), "message_id": up_to.to_string(),
            });
            sockets.emit(&room(id), "ticket_read", &told).await;
        }
        Ok(Some(up_to))
    }

    /// How far everybody has read.
    ///
    /// # Errors
    /// Unknown ticket, or not allowed.
    pub async fn read_marks(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
    ) -> Outcome<Vec<(UserId, MessageId)>> {
        let ticket = self.get(guild, actor, id).await?;
        reads::of(&mut self.store().read().await?, &ticket).await
    }

    /// Unread messages by ticket: for staff over all live tickets, for others over their own.
    ///
    /// # Errors
    /// Somebody without an account.
    pub async fn unread(&self, guild: GuildId, actor: &Actor) -> Outcome<BTreeMap<String, i64>> {
        let user = actor.user().ok_or_else(no_account)?;
        let own = !self.bot.rights_of(guild, actor).is_staff();
        let counts = reads::unread(&mut self.store().read().await?, guild, user, own).await?;
        tracing::trace!(
            guild = guild.to_i64(),
            tickets = counts.len(),
            "unread messages counted"
        );
        Ok(counts.into_iter().collect())
    }
}
