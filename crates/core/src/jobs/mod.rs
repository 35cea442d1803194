//! Jobs: rows with a due time. A runner leases them, runs the handler of their kind and repeats until its success is
//! recorded. A job may run twice (a process may die between the work and the record), so a handler looks at the present
//! state first. A kind without a handler waits: its cog may be loaded later.

mod lease;
mod registry;
mod runner;
mod schedule;

use serde_json::Value;

pub use self::{
    registry::JobRegistration,
    runner::JobRunner,
    schedule::{JobState, list},
};
use crate::{clock::Timestamp, ids::GuildId, store::Store};

/// A job to be done at a time.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which handler: `ticket.delete`.
    pub kind: &'static str,
    /// What it is about; one row per kind and key, scheduling again replaces it.
    pub key: String,
    /// The guild it belongs to; `None` for the installation.
    pub guild: Option<GuildId>,
    /// When.
    pub due: Timestamp,
    /// What the handler needs, as JSON.
    pub payload: Value,
}

impl NewJob {
    /// A job without guild and payload.
    #[must_use]
    pub fn new(kind: &'static str, key: impl Into<String>, due: Timestamp) -> Self {
        Self {
            kind,
            key: key.into(),
            guild: None,
            due,
            payload: Value::Null,
        }
    }

    /// Sets the guild.
    #[must_use]
    pub fn guild(mut self, guild: GuildId) -> Self {
        self.guild = Some(guild);
        self
    }

    /// Sets what the handler needs.
    #[must_use]
    pub fn payload(mut self, payload: Value) -> Self {
        self.payload = payload;
        self
    }
}

/// What a handler gets.
#[derive(Clone, Debug)]
pub struct JobContext {
    /// The store that the job lies in.
    pub store: Store,
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// The guild it belongs to.
    pub guild: Option<GuildId>,
    /// When it was due.
    pub due: Timestamp,
    /// 1 for the first try.
    pub attempt: u32,
    /// What was given when it was scheduled.
    pub payload: Value,
}

/// How a job ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobDone {
    /// It is done; its row goes.
    Done,
    /// This time is done; it is due again then.
    Again(Timestamp),
}
