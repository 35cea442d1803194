//! Gives a ticket another type.

use hazebot_core::{
    Actor, Outcome, Refusal,
    ids::{ChannelId, GuildId},
    texts::Arg,
};
use hazebot_discord::rest::{ChannelChange, DiscordError, code};
use serde_json::json;

use super::{Change, post::Trouble, settle::reason};
use crate::{
    Tickets, settings,
    ticket::{Deed, Status, Ticket, TicketId, access, draft, kinds::Ping, message::sentence},
};

impl Tickets {
    /// Lets the new type's roles in and the others out, and moves the channel to the type's category. The caller holds
    /// the ticket's lock; a repeated run changes nothing.
    pub(super) async fn move_to_kind(
        &self,
        ticket: &Ticket,
        channel: ChannelId,
        before: &str,
    ) -> Result<(), Trouble> {
        let kinds = self.kinds(ticket.guild);
        let (old, new) = (kinds.of(before), kinds.of(&ticket.kind));
        if (&old.staff_role_ids, old.category_id) == (&new.staff_role_ids, new.category_id) {
            return Ok(());
        }
        let helpers = self.existing(ticket.guild, &new.staff_role_ids);
        let mut overwrites = access::overwrites(
            ticket.status,
            ticket.guild,
            ticket.creator,
            self.me(ticket.guild).id,
            self.existing_staff(ticket),
            &helpers,
        );
        let added = ticket.participants.iter();
        overwrites.extend(added.map(|user| access::creator_overwrite(ticket.status, *user)));
        let mut change = ChannelChange {
            parent: self.category_of(ticket.guild, &new).ok().flatten(),
            overwrites: Some(&overwrites),
            ..ChannelChange::default()
        };
        match self
            .discord()
            .edit_channel(channel, &change, &reason(ticket))
            .await
        {
            // A full category: the roles change all the same, and the channel stays where it is.
            Err(DiscordError::Rejected {
                code: code::INVALID_FORM_BODY,
                ..
            }) if change.parent.is_some() => {
                change.parent = None;
                Ok(self
                    .discord()
                    .edit_channel(channel, &change, &reason(ticket))
                    .await?)
            }
            result => Ok(result?),
        }
    }

    /// The ticket is of this type from now on, and free for whoever works on those.
    ///
    /// # Errors
    /// Unknown ticket, not staff, closed, an unknown type, or the one that it has.
    pub async fn transfer(&self, guild: GuildId, actor: &Actor, id: TicketId, kind: &str) -> Outcome<Ticket> {
        let categories = self.settings().get(guild, &settings::CATEGORIES);
        let found = categories
            .iter()
            .find(|category| category.eq_ignore_ascii_case(kind.trim()))
            .map_or(kind, String::as_str);
        let found = draft::known(found, &categories);
        let word = found.as_ref().map(String::as_str).unwrap_or_default().to_owned();
        let args = [
            ("name", Arg::user(self.name_of_actor(guild, actor))),
            ("type", Arg::user(word.as_str())),
        ];
        let mut shown = self.say(guild, "ticket-line-transferred", &args);
        let options = self.kinds(guild).of(&word);
        let helpers = self.existing(guild, &options.staff_role_ids);
        let role = helpers.first().copied().filter(|_| options.ping != Ping::Nobody);
        if let Some(role) = role {
            shown = format!("<@&{role}> {shown}");
        }
        let mut line = self.line(guild, sentence::transferred(&word), shown, None);
        line.role = role;
        self.change(guild, actor, id, Deed::Transfer, move |ticket, _| {
            let kind = found?;
            if ticket.kind == kind {
                let refusal = Refusal::invalid("ticket-same-type", "Ticket is of this type already");
                return Err(refusal.with("type", kind).into());
            }
            ticket.kind = kind;
            ticket.status = Status::Open;
            ticket.claimed_by = None;
            ticket.assigned_to = None;
            Ok(Change {
                action: "ticket.transfer",
                event: "ticket.updated",
                payload: json!({
                    "type": ticket.kind, "status": "Open", "claimed_by": null, "assigned_to": null,
                }),
                line: Some(line),
                reward: None,
            })
        })
        .await
    }
}
