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
pub(crate) struct Index {
    channels: Arc<DashMap<ChannelId, Entry>>,
    /// Who was added to which ticket; tickets without anybody are not in it.
    added: Arc<DashMap<TicketId, Vec<UserId>>>,
}

impl Index {
    /// The ticket of a channel.
    #[must_use]
    pub(crate) fn of(&self, channel: ChannelId) -> Option<Entry> {
        self.channels.get(&channel).map(|entry| *entry)
    }

    /// Notes a ticket's channel.
    pub(crate) fn add(&self, ticket: &Ticket) {
        if let Some(channel) = ticket.channel {
            let entry = Entry {
                guild: ticket.guild,
                ticket: ticket.id,
                creator: ticket.creator,
            };
            self.channels.insert(channel, entry);
        }
        match ticket.channel {
            Some(_) if !ticket.participants.is_empty() => {
                self.added.insert(ticket.id, ticket.participants.clone());
            }
            _ => {
                self.added.remove(&ticket.id);
            }
        }
    }

    /// Forgets a channel.
    pub(crate) fn remove(&self, channel: ChannelId) {
        if let Some((_, entry)) = self.channels.remove(&channel) {
            self.added.remove(&entry.ticket);
        }
    }

    /// Becomes exactly these tickets, as after a start. A channel that stays is never missing meanwhile: messages that
    /// come during a reload are still known to be a ticket's.
    pub(crate) fn reset(&self, tickets: &[Ticket]) {
        tickets.iter().for_each(|ticket| self.add(ticket));
        let channels: HashSet<ChannelId> = tickets.iter().filter_map(|ticket| ticket.channel).collect();
        self.channels.retain(|channel, _| channels.contains(channel));
        let ids: HashSet<TicketId> = tickets.iter().map(|ticket| ticket.id).collect();
        self.added.retain(|id, _| ids.contains(id));
    }

    /// The channel of a ticket.
    #[must_use]
    pub(crate) fn channel_of(&self, ticket: TicketId) -> Option<ChannelId> {
        self.channels
            .iter()
            .find(|entry| entry.ticket == ticket)
            .map(|entry| *entry.key())
    }

    /// All tickets of a guild that have a channel.
    #[must_use]
    pub(crate) fn tickets(&self, guild: GuildId) -> Vec<TicketId> {
        self.channels
            .iter()
            .filter(|entry| entry.guild == guild)
            .map(|entry| entry.ticket)
            .collect()
    }

    /// Whether somebody has a ticket, for events about members.
    #[must_use]
    pub(crate) fn tickets_of(&self, guild: GuildId, user: UserId) -> Vec<(ChannelId, TicketId)> {
        self.channels
            .iter()
            .filter(|entry| entry.guild == guild && entry.creator == user)
            .map(|entry| (*entry.key(), entry.ticket))
            .collect()
    }

    /// The tickets that somebody was added to; of any guild, for ids are unique over all.
    #[must_use]
    pub(crate) fn shared_with(&self, user: UserId) -> Vec<TicketId> {
        self.added
            .iter()
            .filter(|people| people.contains(&user))
            .map(|people| *people.key())
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

    #[test]
    fn it_knows_who_was_added_until_they_are_removed() {
        let index = Index::default();
        let (mut shared, person) = (ticket(Status::Open), UserId::new(77));
        shared.participants.push(person);
        index.add(&shared);
        assert_eq!(index.shared_with(person), [shared.id]);
        shared.participants.clear();
        index.add(&shared);
        assert!(index.shared_with(person).is_empty());
    }
}
