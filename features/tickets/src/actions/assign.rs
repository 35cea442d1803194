//! Gives a ticket to a staff member.

use hazebot_core::{
    Actor, Outcome, Refusal,
    ids::{GuildId, UserId},
    texts::Arg,
};
use serde_json::json;

use super::Change;
use crate::{
    Tickets,
    ticket::{Deed, Ticket, TicketId, message::sentence},
};

impl Tickets {
    /// The ticket is `to`'s from now on; its state stays. Assigning again is allowed.
    ///
    /// # Errors
    /// Unknown ticket, not allowed, closed, or `to` is not in the guild or not staff.
    pub async fn assign(&self, guild: GuildId, actor: &Actor, id: TicketId, to: UserId) -> Outcome<Ticket> {
        let assignable = self.assignable(guild, to);
        let name = self.name_of(guild, to);
        let shown = self.say(
            guild,
            "ticket-line-assigned",
            &[("user", Arg::raw(format!("<@{to}>")))],
        );
        let line = self.line(guild, sentence::assigned(&name, to), shown, Some(to));
        self.change(guild, actor, id, Deed::Assign, move |ticket, _| {
            assignable?;
            ticket.assigned_to = Some(to);
            Ok(Change {
                action: "ticket.assign",
                event: "ticket.assigned",
                payload: json!({ "assigned_to": to.to_string() }),
                line: Some(line),
                reward: None,
            })
        })
        .await
    }

    /// Whether somebody can be given tickets: people with a staff role.
    pub(crate) fn assignable(&self, guild: GuildId, user: UserId) -> Result<(), Refusal> {
        let Some(member) = self.directory().member(guild, user) else {
            return Err(Refusal::invalid(
                "ticket-assignee-unknown",
                "Assigned user not found in guild",
            ));
        };
        if member.bot || !self.bot.rights(guild, user).is_staff() {
            return Err(Refusal::invalid(
                "ticket-assignee-not-staff",
                "Assigned user is not a staff member",
            ));
        }
        Ok(())
    }

    /// Everybody who can be given tickets, by name: display name and account.
    pub(crate) fn assignees(&self, guild: GuildId) -> Vec<(String, UserId)> {
        let mut list: Vec<_> = self
            .directory()
            .members(guild)
            .into_iter()
            .filter(|member| self.assignable(guild, member.user).is_ok())
            .map(|member| (member.display_name, member.user))
            .collect();
        list.sort_by_cached_key(|(name, user)| (name.to_lowercase(), *user));
        list
    }
}
