//! Which channels are tickets: asked for every message of a guild, so it is in memory and never waits.

use std::sync::Arc;

use dashmap::DashMap;
use hazebot_core::ids::{ChannelId, GuildId, UserId};

use crate::ticket::{Ticket, TicketId};

/// A channel's ticket, as far as listeners need it at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The guild.
    pub(crate) guild: GuildId,
    /// The ticket.
    pub(crate) ticket: TicketId,
    /// Who opened it.
    pub(crate) creator: UserId,
}

/// Channels of tickets. Cheap to clone. Its size is bounded by Discord's 500 channels per guild.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index(Arc<DashMap<ChannelId, Entry>>);

impl Index {
    /// The ticket of a channel.
    #[must_use]
    pub(crate) fn of(&self, channel: ChannelId) -> Option<Entry> {
        self.0.get(&channel).map(|entry| *entry)
    }

    /// Notes a ticket's channel.
    pub(crate) fn add(&self, ticket: &Ticket) {
        if let Some(channel) = ticket.channel {
            let entry = Entry {
                guild: ticket.guild,
                ticket: ticket.id,
                creator: ticket.creator,
            };
            self.0.insert(channel, entry);
        }
    }

    /// Forgets a channel.
    pub(crate) fn remove(&self, channel: ChannelId) {
        self.0.remove(&channel);
    }

    /// Replaces everything, as after a start.
    pub(crate) fn reset<'a>(&self, tickets: impl Iterator<Item = &'a Ticket>) {
        self.0.clear();
        tickets.for_each(|ticket| self.add(ticket));
    }

    /// All tickets of a guild that have a channel.
    #[must_use]
    pub(crate) fn tickets(&self, guild: GuildId) -> Vec<TicketId> {
        self.0
            .iter()
            .filter(|entry| entry.guild == guild)
            .map(|entry| entry.ticket)
            .collect()
    }

    /// Whether somebody has a ticket, for events about members.
    #[must_use]
    pub(crate) fn tickets_of(&self, guild: GuildId, user: UserId) -> Vec<(ChannelId, TicketId)> {
        self.0
            .iter()
            .filter(|entry| entry.guild == guild && entry.creator == user)
            .map(|entry| (*entry.key(), entry.ticket))
            .collect()
    }
}
