//! Which channels are tickets: asked for every message of a guild, so it is in memory and never waits.

use std::{collections::HashSet, sync::Arc};

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

    /// Becomes exactly these tickets, as after a start. A channel that stays is never missing meanwhile: messages that
    /// come during a reload are still known to be a ticket's.
    pub(crate) fn reset(&self, tickets: &[Ticket]) {
        tickets.iter().for_each(|ticket| self.add(ticket));
        let channels: HashSet<ChannelId> = tickets.iter().filter_map(|ticket| ticket.channel).collect();
        self.0.retain(|channel, _| channels.contains(channel));
    }

    /// The channel of a ticket.
    #[must_use]
    pub(crate) fn channel_of(&self, ticket: TicketId) -> Option<ChannelId> {
        self.0
            .iter()
            .find(|entry| entry.ticket == ticket)
            .map(|entry| *entry.key())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::{Status, tests::ticket};

    /// T-18.
    #[test]
    fn a_reset_forgets_what_is_gone_and_keeps_the_rest() {
        let index = Index::default();
        let (mut gone, stays) = (ticket(Status::Open), ticket(Status::Open));
        gone.channel = Some(ChannelId::new(999));
        index.add(&gone);
        index.add(&stays);
        index.reset(std::slice::from_ref(&stays));
        assert_eq!(index.of(ChannelId::new(999)), None);
        assert_eq!(
            index.of(ChannelId::new(261)).map(|entry| entry.ticket),
            Some(stays.id)
        );
        assert_eq!(index.tickets_of(stays.guild, stays.creator).len(), 1);
    }
}
