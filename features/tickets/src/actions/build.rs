//! Makes the channel and the messages of a ticket that is being opened, step by step, each noted before the next; and
//! removes them if that fails.

use hazebot_core::{
    Actor, Failure, Outcome,
    audit::Audit,
    directory::StaffRoles,
    events::NewEvent,
    ids::{ChannelId, GuildId, MessageId, RoleId},
};
use hazebot_discord::rest::{DiscordError, NewChannel, code};
use serde_json::json;

use super::{SETTLE, post::Trouble, settle::look, settle::reason, state};
use crate::{
    Tickets,
    store::{self, steps::Step},
    ticket::{Status, Ticket, access, name},
};

impl Tickets {
    /// Does what is missing. With `again` a run before this one may have died between any two steps, so that what is not
    /// noted is looked for first. The caller holds the ticket's lock.
    pub(super) async fn build(&self, reserved: &Ticket, again: bool) -> Result<Ticket, Trouble> {
        let mut ticket = reserved.clone();
        if ticket.channel.is_none() {
            let found = if again {
                self.find_channel(&ticket).await?
            } else {
                None
            };
            let channel = match found {
                Some(channel) => channel,
                None => self.make_channel(&ticket).await?,
            };
            let id = ticket.id;
            let noted = self
                .store()
                .write(move |tx| Box::pin(async move { store::set_channel(tx, id, channel).await }));
            noted.await?;
            ticket.channel = Some(channel);
        }
        self.index.add(&ticket);
        let Some(channel) = ticket.channel else {
            return Err(Failure::internal("a channel got lost").into());
        };
        let open = Ticket {
            status: Status::Open,
            ..ticket.clone()
        };
        if ticket.control_message.is_none() {
            let found = if again {
                self.find_control(channel, &ticket).await?
            } else {
                None
            };
            let message = match found {
                Some(message) => message,
                None => {
                    self.discord()
                        .send(channel, &self.control_message(&open))
                        .await?
                        .id
                }
            };
            self.note_control(&ticket, message).await?;
            ticket.control_message = Some(message);
        }
        if !self.is_done(&ticket, Step::Announced).await? {
            self.announce(channel, &ticket, again).await?;
        }
        self.post_waiting(&ticket).await?;
        self.finish_opening(&ticket).await?;
        Ok(Ticket {
            status: Status::Open,
            ..ticket
        })
    }

    async fn make_channel(&self, ticket: &Ticket) -> Result<ChannelId, Trouble> {
        let kind = self.kinds(ticket.guild).of(&ticket.kind);
        let category = self.category_of(ticket.guild, &kind).map_err(Failure::from)?;
        let bot = self.me(ticket.guild).id;
        let (staff, helpers) = (
            self.existing_staff(ticket),
            self.existing(ticket.guild, &kind.staff_role_ids),
        );
        let overwrites = access::overwrites(
            Status::Opening,
            ticket.guild,
            ticket.creator,
            bot,
            staff,
            &helpers,
        );
        let pattern = kind.name_pattern.as_deref().unwrap_or(name::PATTERN);
        let name = name::channel_name(pattern, ticket.number, &ticket.kind, &ticket.creator_name);
        let mark = ticket.mark();
        let mut channel = NewChannel {
            name: &name,
            parent: category,
            topic: Some(&mark),
            overwrites: &overwrites,
        };
        match self
            .discord()
            .create_channel(ticket.guild, &channel, &reason(ticket))
            .await
        {
            Err(DiscordError::Rejected {
                code: code::INVALID_FORM_BODY,
                message,
                ..
            }) if message.contains("CHANNEL_PARENT_MAX_CHANNELS") => {
                tracing::warn!(guild = %ticket.guild, ?category, "the category for tickets is full");
                channel.parent = None;
                Ok(self
                    .discord()
                    .create_channel(ticket.guild, &channel, &reason(ticket))
                    .await?)
            }
            result => Ok(result?),
        }
    }

    /// The staff roles that still exist; Discord refuses overwrites of others.
    pub(super) fn existing_staff(&self, ticket: &Ticket) -> StaffRoles {
        let roles = self.directory().roles(ticket.guild);
        let there = |id: &hazebot_core::ids::RoleId| roles.iter().any(|role| role.id == *id);
        let staff = self.bot.staff_roles(ticket.guild);
        StaffRoles {
            admin: staff.admin.filter(there),
            moderator: staff.moderator.filter(there),
        }
    }

    /// Those of the roles that still exist.
    pub(crate) fn existing(&self, guild: GuildId, wanted: &[RoleId]) -> Vec<RoleId> {
        let roles = self.directory().roles(guild);
        let there = |id: &&RoleId| roles.iter().any(|role| role.id == **id);
        wanted.iter().filter(there).copied().collect()
    }

    /// The channel, if a run that died has made it: by its topic.
    async fn find_channel(&self, ticket: &Ticket) -> Result<Option<ChannelId>, Trouble> {
        let mark = ticket.mark();
        let response = self
            .discord()
            .http()
            .guild_channels(ticket.guild)
            .await
            .map_err(DiscordError::from)?;
        let channels = response
            .models()
            .await
            .map_err(|error| DiscordError::Unreadable(error.to_string()))?;
        let found = channels
            .into_iter()
            .find(|channel| channel.topic.as_deref() == Some(mark.as_str()));
        Ok(found.map(|channel| channel.id))
    }

    /// The message with the buttons, if a run that died has posted it: by a button's id.
    async fn find_control(&self, channel: ChannelId, ticket: &Ticket) -> Result<Option<MessageId>, Trouble> {
        let id = ticket.id.to_string();
        let messages = self.discord().history(channel, None, 100).await?;
        let found = messages.into_iter().find(|message| {
            serde_json::to_string(&message.components).is_ok_and(|components| components.contains(&id))
        });
        Ok(found.map(|message| message.id))
    }

    async fn announce(&self, channel: ChannelId, ticket: &Ticket, again: bool) -> Result<(), Trouble> {
        let post = self.announcement(ticket);
        let mut found = None;
        if again {
            let me = self.me(ticket.guild).id;
            let mark = self.say(ticket.guild, "ticket-please-wait", &[]);
            let history = self.discord().history(channel, None, 100).await?;
            found = history
                .into_iter()
                .find(|m| m.author.id == me && m.content.ends_with(&mark))
                .map(|m| m.id);
        }
        let message = match found {
            Some(message) => message,
            None => self.discord().send(channel, &post).await?.id,
        };
        Ok(self.mark(ticket, Step::Announced, Some(message)).await?)
    }

    /// The ticket is there for everybody from now on.
    async fn finish_opening(&self, ticket: &Ticket) -> Outcome<()> {
        let before = ticket.clone();
        let actor = Actor::Member {
            guild: ticket.guild,
            user: ticket.creator,
            name: ticket.creator_name.clone(),
        };
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let after = Ticket {
                    status: Status::Open,
                    ..before.clone()
                };
                if !store::replace(tx, &before, &after).await? {
                    return Ok(());
                }
                let (guild, id) = (after.guild, after.id.to_string());
                let paid = store::pay_once(tx, after.id, "ticket_created", after.creator).await?;
                let reward =
                    paid.then(|| json!({ "kind": "ticket_created", "user_id": after.creator.to_string() }));
                let event = NewEvent::new("ticket.opened")
                    .guild(guild)
                    .subject(id.as_str())
                    .actor(&actor);
                let payload = json!({ "ticket_num": after.number, "type": after.kind, "reward": reward });
                tx.emit(event.payload(payload)).await?;
                let entry = Audit::new(&actor, "ticket.open").guild(guild).target(id.as_str());
                tx.audit(entry.after(state(&after))).await?;
                store::set_drawn(tx, after.id, &look(&after)).await?;
                tx.cancel_job(SETTLE, &id).await?;
                Ok(())
            })
        });
        written.await?;
        self.lists.changed(ticket.guild);
        Ok(())
    }

    /// The repair job's way: finishes what a dead run began; what can't be finished is undone.
    pub(super) async fn resume_opening(&self, ticket: &Ticket) -> Outcome<()> {
        match self.build(ticket, true).await {
            Ok(_) => Ok(()),
            Err(trouble) if trouble.is_temporary() && !trouble.is_channel_gone() => Err(trouble.into()),
            Err(trouble) => {
                tracing::warn!(ticket = %ticket.id, error = %trouble, "an opening cannot be finished");
                self.give_up(ticket).await;
                Ok(())
            }
        }
    }

    /// Marks the opening as failed and removes what was made of it; what can't be removed now, the job removes.
    pub(super) async fn give_up(&self, ticket: &Ticket) {
        let before = ticket.clone();
        let marked = self.store().write(move |tx| {
            Box::pin(async move {
                let after = Ticket {
                    status: Status::Undoing,
                    ..before.clone()
                };
                store::replace(tx, &before, &after).await
            })
        });
        let undone = match marked.await {
            Ok(true) => self.undo(ticket).await,
            Ok(false) => Ok(()),
            Err(failure) => Err(failure),
        };
        if let Err(failure) = undone {
            tracing::warn!(ticket = %ticket.id, error = %failure, "a failed opening is cleared away later");
        }
    }

    /// Removes channel and row of a failed opening. The channel may be known, or only marked.
    pub(super) async fn undo(&self, ticket: &Ticket) -> Outcome<()> {
        let stored = store::find(&mut self.store().read().await?, ticket.guild, ticket.id).await?;
        let channel = match stored.and_then(|ticket| ticket.channel) {
            Some(channel) => Some(channel),
            None => self.find_channel(ticket).await?,
        };
        if let Some(channel) = channel {
            self.discord().delete_channel(channel, &reason(ticket)).await?;
            self.index.remove(channel);
            self.webhooks.remove(&channel);
        }
        let id = ticket.id;
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                store::forget_undone(tx, id).await?;
                tx.cancel_job(SETTLE, &id.to_string()).await?;
                Ok(())
            })
        });
        written.await
    }
}
