//! Writes into a ticket from the app or the panel: the bot posts it, marked with the writer's name.

use hazebot_core::{
    Actor, Failure, Outcome, Refusal,
    ids::{GuildId, MessageId},
    jobs::NewJob,
};

use super::{REPAIR_AFTER, SETTLE, claim::no_account, post::Tried};
use crate::{
    Tickets,
    store::{
        self,
        outbox::{self, Outgoing},
    },
    ticket::{
        self, Deed, TicketId,
        message::{Kind, MAX_TEXT, Message, StaffRole, guard, relay_prefix},
    },
};

impl Tickets {
    /// Posts the text; answers when it stands in Discord and is stored.
    ///
    /// # Errors
    /// Empty, longer than [`MAX_TEXT`], unknown ticket, not allowed, closed for its creator, no channel, or Discord, in
    /// which case nothing stays behind.
    pub async fn reply(&self, guild: GuildId, actor: &Actor, id: TicketId, text: &str) -> Outcome<Message> {
        let outgoing = self.relayed(guild, actor, text)?;
        let (asker, policy) = (self.asker(guild, actor), self.policy(guild));
        let _held = self.locks.hold(id).await;
        let copy = outgoing.clone();
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let ticket = store::find(tx, guild, id).await?.ok_or_else(ticket::unknown)?;
                ticket::may(&ticket, &asker, Deed::Reply, policy)?;
                if ticket.channel.is_none() {
                    return Err(ticket::channel_gone().into());
                }
                outbox::push(tx, &ticket, &copy).await?;
                tx.schedule_once(NewJob::new(SETTLE, id.to_string(), tx.now() + REPAIR_AFTER).guild(guild))
                    .await?;
                Ok(ticket)
            })
        });
        let ticket = written.await?;
        let nonce = outgoing.nonce.clone();
        let sent = match self.post_before(&ticket, &nonce).await {
            Ok(()) => self.post(&ticket, outgoing, Tried::Never).await,
            Err(trouble) => Err(trouble),
        };
        match sent {
            Ok(message) => Ok(message),
            Err(trouble) => {
                // The writer is told and will send it again, so this one must not come later.
                self.store()
                    .write(move |tx| Box::pin(async move { outbox::remove(tx, &nonce).await }))
                    .await?;
                match (trouble.is_channel_gone(), ticket.channel) {
                    (true, Some(channel)) => {
                        self.channel_gone(guild, channel).await?;
                        Err(ticket::channel_gone().into())
                    }
                    _ => Err(Failure::from(trouble)),
                }
            }
        }
    }

    /// Posts what waited before this one, so that the order stays.
    async fn post_before(
        &self,
        ticket: &crate::ticket::Ticket,
        nonce: &str,
    ) -> Result<(), super::post::Trouble> {
        let waiting = outbox::waiting(&mut self.store().read().await?, ticket.id).await?;
        for outgoing in waiting.into_iter().take_while(|outgoing| outgoing.nonce != nonce) {
            self.post(ticket, outgoing, Tried::Perhaps).await?;
        }
        Ok(())
    }

    fn relayed(&self, guild: GuildId, actor: &Actor, text: &str) -> Outcome<Outgoing> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::invalid("ticket-message-empty", "Message content required").into());
        }
        if text.chars().count() > MAX_TEXT {
            let refusal = Refusal::invalid(
                "ticket-message-too-long",
                "Message too long (max 1900 characters)",
            );
            return Err(refusal.with("max", MAX_TEXT.to_string()).into());
        }
        let user = actor.user().ok_or_else(no_account)?;
        let Some(member) = self.directory().member(guild, user) else {
            return Err(Refusal::not_found("ticket-not-a-member", "User not found in guild").into());
        };
        let role = StaffRole::of(self.asker(guild, actor).rights);
        let text = if role.is_some() {
            text.to_owned()
        } else {
            guard(text)
        };
        let content = format!("{}{text}", relay_prefix(&member.username, role.is_some()));
        let message = Message {
            id: MessageId::new(1),
            author: user,
            author_name: member.username,
            author_avatar: Some(member.display_avatar),
            role,
            kind: Kind::Relay,
            content: content.clone(),
            display_content: Some(text),
            sent_at: self.now(),
            edited_at: None,
        };
        Ok(Outgoing {
            nonce: self.nonce(),
            message,
            shown: content,
            pings: None,
            role: None,
            buttons: None,
        })
    }
}
