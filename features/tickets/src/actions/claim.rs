//! Takes a ticket.

use hazebot_core::{
    Actor, Outcome,
    ids::{GuildId, UserId},
    texts::Arg,
};
use serde_json::json;

use super::Change;
use crate::{
    Tickets,
    ticket::{self, Deed, Status, Ticket, TicketId, message::sentence},
};

impl Tickets {
    /// The actor takes the ticket. Of two at once one succeeds; the other is told who it was.
    ///
    /// # Errors
    /// Unknown ticket, not staff, closed, or claimed already.
    pub async fn claim(&self, guild: GuildId, actor: &Actor, id: TicketId) -> Outcome<Ticket> {
        let user = actor.user().ok_or_else(no_account)?;
        let name = self.name_of(guild, user);
        let shown = self.say(
            guild,
            "ticket-line-claimed",
            &[("name", Arg::user(name.as_str()))],
        );
        let line = self.line(guild, sentence::claimed(&name), shown, None);
        self.change(guild, actor, id, Deed::Claim, move |ticket, _| {
            ticket.status = Status::Claimed;
            ticket.claimed_by = Some(user);
            Ok(Change {
                action: "ticket.claim",
                event: "ticket.claimed",
                payload: json!({ "claimed_by": user.to_string() }),
                line: Some(line),
                reward: Some(("ticket_claimed", user)),
            })
        })
        .await
    }

    /// As [`Tickets::claim`], where the caller says for whom: only for themselves.
    ///
    /// # Errors
    /// As there, and if `user` is somebody else.
    pub async fn claim_as(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        user: UserId,
    ) -> Outcome<Ticket> {
        let ticket = self.get(guild, actor, id).await?;
        // What is wrong with the ticket is said before what is wrong with the caller.
        ticket::may(
            &ticket,
            &self.asker(guild, actor),
            Deed::Claim,
            self.policy(guild),
        )
        .map_err(|refusal| self.with_names(guild, refusal))?;
        if actor.user() != Some(user) {
            let mut refusal = ticket::forbidden();
            refusal.text = "ticket-claim-for-other";
            return Err(refusal.into());
        }
        self.claim(guild, actor, id).await
    }
}

/// A login without a Discord account.
pub(crate) fn no_account() -> hazebot_core::Refusal {
    hazebot_core::Refusal::invalid("ticket-not-a-member", "Discord ID not available")
}
