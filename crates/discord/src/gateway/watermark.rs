//! How far the effects of a session's events are stored: the point that a restart resumes from.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::Arc,
};

use hazebot_core::counters;
use parking_lot::Mutex;

#[derive(Debug, Default)]
struct State {
    /// Number of the last event that has arrived.
    last: u64,
    /// Events whose effects are under way, and how many hold each.
    open: BTreeMap<u64, usize>,
}

impl State {
    fn resume_point(&self) -> u64 {
        // An event under way is asked for again, so the point lies before the first of them.
        self.open
            .first_key_value()
            .map_or(self.last, |(first, _)| first.saturating_sub(1))
    }
}

/// The watermark of one session. A new session begins a new one.
#[derive(Clone, Debug)]
pub(crate) struct Watermark {
    state: Arc<Mutex<State>>,
    counters: counters::Gateway,
    session: Arc<str>,
}

/// Holds the watermark before an event until its effects are stored.
#[derive(Debug)]
pub(crate) struct Ticket {
    watermark: Watermark,
    sequence: u64,
}

impl Watermark {
    pub(crate) fn new(counters: counters::Gateway, session: &str, last: u64) -> Self {
        let state = Arc::new(Mutex::new(State {
            last,
            ..State::default()
        }));
        Self {
            state,
            counters,
            session: session.into(),
        }
    }

    pub(crate) fn session(&self) -> &str {
        &self.session
    }

    /// An event has been handed on; what is under way holds a ticket.
    pub(crate) fn passed(&self, sequence: u64) {
        let mut state = self.state.lock();
        state.last = state.last.max(sequence);
        self.counters.seen(state.resume_point());
    }

    fn ticket(&self, sequence: u64) -> Ticket {
        *self.state.lock().open.entry(sequence).or_insert(0) += 1;
        Ticket {
            watermark: self.clone(),
            sequence,
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.watermark.state.lock();
        if let Some(holders) = state.open.get_mut(&self.sequence) {
            *holders -= 1;
            if *holders == 0 {
                state.open.remove(&self.sequence);
            }
        }
        self.watermark.counters.seen(state.resume_point());
    }
}

/// One event on its way.
pub(crate) struct Pending<'a> {
    pub(crate) watermark: &'a Watermark,
    pub(crate) sequence: u64,
}

impl Pending<'_> {
    /// Holds the watermark before this event.
    pub(crate) fn ticket(&mut self) -> Ticket {
        self.watermark.ticket(self.sequence)
    }
}

/// Ids that are remembered to recognise an event that comes twice: some minutes of a busy guild.
const REMEMBERED: usize = 2048;

/// Recognises messages and interactions that have been seen, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    ids: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Seen {
    /// Whether this is the first time.
    pub(crate) fn first(&mut self, id: u64) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use hazebot_core::{Clock, Entropy, Store};

    use super::*;

    #[test]
    fn an_id_is_known_for_a_while() {
        let mut seen = Seen::default();
        assert!(seen.first(1));
        assert!(!seen.first(1));
        for id in 2..=2049 {
            assert!(seen.first(id));
        }
        assert!(seen.first(1));
        assert_eq!(seen.ids.len(), REMEMBERED);
    }

    #[tokio::test]
    async fn the_point_waits_for_what_is_under_way() {
        let store = Store::open("sqlite::memory:", Clock::system(), Entropy::seeded(1))
            .await
            .unwrap();
        let watermark = Watermark::new(store.counters().gateway(0), "s", 0);
        let point = || watermark.state.lock().resume_point();
        let mut pending = Pending {
            watermark: &watermark,
            sequence: 3,
        };
        let (first, twin) = (pending.ticket(), pending.ticket());
        watermark.passed(3);
        watermark.passed(5);
        assert_eq!(point(), 2);
        drop(first);
        assert_eq!(point(), 2);
        drop(twin);
        assert_eq!(point(), 5);
    }
}
