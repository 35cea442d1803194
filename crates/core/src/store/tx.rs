//! What a change works on: a connection inside a transaction, and what the change leaves behind when it is committed.

use std::sync::Arc;

use super::{Conn, Database};
use crate::{
    clock::{Clock, Timestamp},
    events::{Event, NewEvent},
    failure::Outcome,
};

/// A change in progress. What it writes is stored whole or not at all.
#[derive(Debug)]
pub struct Tx<'c> {
    connection: Conn<'c>,
    now: Timestamp,
    pub(crate) new_events: Vec<NewEvent>,
    pub(crate) effects: Effects,
}

/// What is told to others after the commit.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// Events, with their ids, in order.
    pub(crate) events: Vec<Arc<Event>>,
    /// Whether a job's due time changed.
    pub(crate) jobs: bool,
}

impl Effects {
    /// Adds those of a later change.
    pub(crate) fn extend(&mut self, later: Self) {
        self.events.extend(later.events);
        self.jobs |= later.jobs;
    }
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: Conn<'c>, clock: &Clock) -> Self {
        Self {
            connection,
            now: clock.now(),
            new_events: Vec::new(),
            effects: Effects::default(),
        }
    }

    /// Lends the connection.
    pub fn connection(&mut self) -> Conn<'_> {
        self.connection.connection()
    }

    /// The time at which the change began; the same for all it writes.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// [`Tx::now`] in Unix milliseconds, the form of the database.
    #[must_use]
    pub fn now_millis(&self) -> i64 {
        self.now.timestamp_millis()
    }

    /// Makes changes that name the same thing wait for each other, until they are committed.
    ///
    /// For a rule that looks at rows and then writes others, such as "three open tickets at most": SQLite has one writer
    /// anyway, on PostgreSQL two changes would both look before either writes. A row that is changed only if it is in
    /// the expected state (`UPDATE … WHERE id = $1 AND status = 'open'`, then the number of rows) needs no lock. Take it
    /// before anything is read; of several, in alphabetical order.
    ///
    /// # Errors
    /// The database refused it.
    pub async fn lock(&mut self, what: &str) -> Outcome<()> {
        if !self.connection().is_sqlite() {
            crate::execute!(
                self,
                "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
                what
            )?;
        }
        Ok(())
    }

    /// Notes a fact. It is stored with the change and published after the commit, in order of ids.
    ///
    /// The row is written at the end of the change (on PostgreSQL under a lock that is held until the commit, so that a
    /// reader who has seen an id never finds a smaller one later); it can't be read back inside of the change.
    ///
    /// # Errors
    /// The payload is longer than [`MAX_PAYLOAD`](crate::events::MAX_PAYLOAD).
    #[expect(
        clippy::unused_async,
        reason = "the form of all writing helpers; callers await it"
    )]
    pub async fn emit(&mut self, event: NewEvent) -> Outcome<()> {
        event.check()?;
        self.new_events.push(event);
        Ok(())
    }
}

impl Database for Tx<'_> {
    fn connection(&mut self) -> Conn<'_> {
        Tx::connection(self)
    }
}
