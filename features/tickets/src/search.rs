//! Searching all tickets of a guild, as far as somebody may read them.

use std::collections::HashMap;

use hazebot_core::{
    Actor, Outcome,
    ids::{GuildId, MessageId},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Tickets, WireTicket,
    service::by_message,
    store::{
        files,
        search::{self, HITS, Hit, Scope},
    },
    ticket::{
        self, Deed, Ticket, TicketId,
        file::{File, without_addresses},
        search::{Piece, Wanted},
    },
};

/// Tickets of one page.
const PAGE: usize = 25;
/// Messages that are shown of one ticket.
const PER_TICKET: usize = 3;

/// A page of what was found, the tickets with the newest hits first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Found {
    /// Each ticket once in a page.
    pub results: Vec<FoundTicket>,
    /// What is given as `before` for the next page; nothing after the last one.
    pub next: Option<String>,
}

/// A ticket with what was found in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundTicket {
    /// The ticket.
    pub ticket: WireTicket,
    /// Its newest messages in which the words occur; none if it was found by its number.
    pub messages: Vec<FoundMessage>,
}

/// A message in which all words occur.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundMessage {
    /// Discord's id.
    pub id: String,
    /// Account name of its author.
    pub author_name: String,
    /// The words around what was found.
    pub snippet: Vec<Piece>,
}

impl Tickets {
    /// The tickets in whose messages all words occur, and the one with this number. Members find their own ones and
    /// those of types that they help with.
    ///
    /// # Errors
    /// The database's.
    pub async fn search(
        &self,
        guild: GuildId,
        actor: &Actor,
        wanted: &Wanted,
        before: Option<MessageId>,
    ) -> Outcome<Found> {
        let (asker, policy) = (self.asker(guild, actor), self.policy(guild));
        let may_read = |ticket: &Ticket| ticket::may(ticket, &asker, Deed::Read, policy).is_ok();
        let scope = match asker.user {
            Some(user) if !asker.rights.is_staff() => Scope::Of(user, asker.helps.clone()),
            _ => Scope::All,
        };
        let mut db = self.store().read().await?;
        let hits = search::hits(&mut db, guild, wanted, &scope, before).await?;
        let (groups, next) = page(hits);
        let ids: Vec<TicketId> = groups.iter().map(|(id, _)| *id).collect();
        let tickets = search::tickets(&mut db, guild, &ids).await?;
        let messages: Vec<MessageId> = groups
            .iter()
            .flat_map(|(_, hits)| hits)
            .map(|hit| hit.message)
            .collect();
        let files = by_message(files::of_messages(&mut db, guild, &messages).await?);
        let numbered = match wanted.number.filter(|_| before.is_none()) {
            Some(number) => search::numbered(&mut db, guild, number).await?,
            None => None,
        };
        drop(db);
        let wire = |ticket: &Ticket| WireTicket::of(ticket, self.directory()).filter(|_| may_read(ticket));
        let first = numbered.as_ref().filter(|ticket| !ids.contains(&ticket.id));
        let first = first.and_then(wire).map(|ticket| FoundTicket {
            ticket,
            messages: Vec::new(),
        });
        let found = groups.into_iter().filter_map(|(id, hits)| {
            let ticket = tickets.iter().find(|ticket| ticket.id == id)?;
            Some(FoundTicket {
                ticket: wire(ticket)?,
                messages: hits.iter().map(|hit| shown(hit, wanted, &files)).collect(),
            })
        });
        Ok(Found {
            results: first.into_iter().chain(found).collect(),
            next,
        })
    }
}

/// Files are shown by their names: their addresses are long, and stop working.
fn shown(hit: &Hit, wanted: &Wanted, files: &HashMap<MessageId, Vec<File>>) -> FoundMessage {
    let own = files.get(&hit.message).map_or(&[][..], Vec::as_slice);
    let snippet = match own {
        [] => wanted.snippet(&hit.content),
        own => {
            let mut text = without_addresses(&hit.content, own);
            for file in own {
                text.push('\n');
                text.push_str(&file.name);
            }
            wanted.snippet(text.trim_start())
        }
    };
    FoundMessage {
        id: hit.message.to_string(),
        author_name: hit.author.clone(),
        snippet,
    }
}

/// Gathers hits, newest first, by ticket, until the page is full; also gives where the next page begins.
fn page(hits: Vec<Hit>) -> (Vec<(TicketId, Vec<Hit>)>, Option<String>) {
    let whole = i64::try_from(hits.len()).unwrap_or(i64::MAX) >= HITS;
    let mut groups: Vec<(TicketId, Vec<Hit>)> = Vec::new();
    let mut last = None;
    for hit in hits {
        let known = groups.iter().position(|(id, _)| *id == hit.ticket);
        if known.is_none() && groups.len() == PAGE {
            return (groups, last);
        }
        last = Some(hit.message.to_string());
        match known.and_then(|at| groups.get_mut(at)) {
            Some((_, own)) if own.len() < PER_TICKET => own.push(hit),
            Some(_) => {}
            None => groups.push((hit.ticket, vec![hit])),
        }
    }
    (groups, last.filter(|_| whole))
}

#[cfg(test)]
mod tests {
    use twilight_model::id::Id;

    use super::*;

    fn hit(ticket: u32, message: u64) -> Hit {
        Hit {
            ticket: format!("11111111-1111-4111-8111-{ticket:012}").parse().unwrap(),
            message: Id::new(message),
            author: String::new(),
            content: String::new(),
        }
    }

    #[test]
    fn a_full_page_says_where_the_next_one_begins() {
        let hits: Vec<Hit> = (0..40).map(|n| hit(n, u64::from(100 - n))).collect();
        let (groups, next) = page(hits);
        assert_eq!(groups.len(), PAGE);
        assert_eq!(next.as_deref(), Some("76"));
    }

    #[test]
    fn a_ticket_stands_once_with_its_newest_hits() {
        let (groups, next) = page((1..=9).rev().map(|n| hit(1, n)).collect());
        assert_eq!((groups.len(), next), (1, None));
        let ids: Vec<u64> = groups
            .iter()
            .flat_map(|(_, hits)| hits)
            .map(|hit| hit.message.get())
            .collect();
        assert_eq!(ids, [9, 8, 7]);
    }
}
