//! Loads, unloads and reloads cogs, and knows how each of them does.

mod look;
mod names;
mod operations;
mod persist;
mod running;
mod sync;

use std::{collections::BTreeMap, collections::VecDeque, sync::Arc, time::Duration};

use hazebot_core::{Failure, Refusal, RefusalKind, Timestamp};
use parking_lot::Mutex;
use tokio::sync::Notify;

pub use operations::Cogs;

use crate::{
    cog::{About, Cog, Protection},
    dispatch::QueueHandle,
};
use running::Running;

/// Operations that are remembered for each cog.
const HISTORY: usize = 20;
/// How much of an error is kept, in characters.
const ERROR_TEXT: usize = 500;

/// How a cog is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CogState {
    /// It runs.
    Loaded,
    /// It does not run, but will at the next start.
    Unloaded,
    /// It was switched off and stays off.
    Disabled,
    /// It should run but did not start; what went wrong.
    Error(String),
}

/// What can be done to a cog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Start it, now and at every start.
    Load,
    /// Stop it, now and at every start.
    Unload,
    /// Set it up anew.
    Reload,
}

/// From where an operation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A command or a press in Discord, or the program itself.
    Discord,
    /// The HTTP API.
    Api,
}

/// An operation that was tried.
#[derive(Clone, Debug)]
pub struct Past {
    /// What.
    pub operation: Operation,
    /// When it ended.
    pub at: Timestamp,
    /// Who asked.
    pub by: String,
    /// How long it took.
    pub took: Duration,
    /// What went wrong, if something did.
    pub error: Option<String>,
}

/// What an operation did.
#[derive(Clone, Debug)]
pub struct Done {
    /// The cog.
    pub cog: &'static About,
    /// Loaded cogs that work with this one and now do without; for a warning after an unload.
    pub dependants: Vec<&'static str>,
    /// How long it took.
    pub took: Duration,
}

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// No cog is called so.
    #[error("there is no cog called {typed}")]
    Unknown {
        /// What was asked for.
        typed: String,
        /// The nearest name, if one is near.
        nearest: Option<&'static str>,
    },
    /// The program needs it.
    #[error("{0} is protected")]
    Protected(&'static str),
    /// Only Discord may do that.
    #[error("{0} can be unloaded from Discord only")]
    DiscordOnly(&'static str),
    /// It runs already.
    #[error("{0} is loaded already")]
    AlreadyLoaded(&'static str),
    /// It does not run.
    #[error("{0} is not loaded")]
    NotLoaded(&'static str),
    /// What runs in it does not end.
    #[error("{0} is busy; try again")]
    Busy(&'static str),
    /// It did not start. After a failed reload the former one goes on.
    #[error("{cog} did not start: {error}")]
    Failed {
        /// The cog.
        cog: &'static str,
        /// What went wrong.
        error: String,
    },
    /// It is done, but could not be stored, so the next start will not know.
    #[error("done, but not stored: {0}")]
    NotStored(#[source] Failure),
}

impl OperationError {
    /// As a refusal, for people.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        let sentence = self.to_string();
        match self {
            Self::Unknown { typed, nearest } => {
                let text = if nearest.is_some() {
                    "discord-cog-unknown-near"
                } else {
                    "discord-cog-unknown"
                };
                Refusal::not_found(text, sentence)
                    .with("typed", typed)
                    .with("nearest", nearest.unwrap_or_default())
            }
            Self::Protected(cog) => Refusal::forbidden("discord-cog-protected", sentence).with("cog", *cog),
            Self::DiscordOnly(cog) => {
                Refusal::forbidden("discord-cog-discord-only", sentence).with("cog", *cog)
            }
            Self::AlreadyLoaded(cog) => Refusal::invalid("discord-cog-loaded", sentence).with("cog", *cog),
            Self::NotLoaded(cog) => Refusal::invalid("discord-cog-not-loaded", sentence).with("cog", *cog),
            Self::Busy(cog) => {
                Refusal::new(RefusalKind::Unavailable, "discord-cog-busy", sentence).with("cog", *cog)
            }
            Self::Failed { cog, error } => {
                Refusal::new(RefusalKind::Unavailable, "discord-cog-failed", sentence)
                    .with("cog", *cog)
                    .with("error", error)
            }
            Self::NotStored(_) => Refusal::new(RefusalKind::Unavailable, "discord-cog-not-stored", sentence),
        }
    }
}

impl From<OperationError> for Failure {
    fn from(error: OperationError) -> Self {
        error.refusal().into()
    }
}

/// A cog and how it does.
#[derive(Clone, Debug)]
pub struct CogInfo {
    /// What it is.
    pub about: &'static About,
    /// How it is.
    pub state: CogState,
    /// Since when it runs.
    pub loaded_at: Option<Timestamp>,
    /// Panics since the start of the program.
    pub panics: u64,
    /// Faults since the start of the program, panics included.
    pub faults: u64,
    /// The last of them, with its time.
    pub last_error: Option<(Timestamp, String)>,
    /// Commands that it has right now.
    pub commands: usize,
    /// Components.
    pub components: usize,
    /// Listeners.
    pub listeners: usize,
    /// What was done to it, newest first.
    pub history: Vec<Past>,
}

struct Entry {
    cog: Arc<dyn Cog>,
    about: &'static About,
    state: CogState,
    loaded_at: Option<Timestamp>,
    running: Option<Running>,
    queue: Option<QueueHandle>,
    panics: u64,
    faults: u64,
    last_error: Option<String>,
    last_error_at: Option<Timestamp>,
    history: VecDeque<Past>,
}

/// All cogs. Used through [`crate::Bot::cogs`].
#[derive(Default)]
pub(crate) struct Manager {
    entries: Mutex<BTreeMap<&'static str, Entry>>,
    /// One operation at a time.
    turn: tokio::sync::Mutex<()>,
    /// The set of commands may have changed.
    commands_changed: Notify,
}

impl Manager {
    pub(crate) fn count_panic(&self, cog: &str, _text: &str) {
        if let Some(entry) = self.entries.lock().get_mut(cog) {
            entry.panics += 1;
        }
    }

    pub(crate) fn count_fault(&self, cog: &str, why: &str, at: Timestamp) {
        if let Some(entry) = self.entries.lock().get_mut(cog) {
            entry.faults += 1;
            entry.last_error = Some(crate::message::text::fit(why, ERROR_TEXT));
            entry.last_error_at = Some(at);
        }
    }

    fn remember(&self, cog: &str, past: Past) {
        if let Some(entry) = self.entries.lock().get_mut(cog) {
            entry.history.push_front(past);
            entry.history.truncate(HISTORY);
        }
    }

    fn set_state(&self, cog: &str, state: CogState) {
        if let Some(entry) = self.entries.lock().get_mut(cog) {
            entry.state = state;
        }
    }

    fn state(&self, cog: &str) -> Option<CogState> {
        self.entries.lock().get(cog).map(|entry| entry.state.clone())
    }

    /// What the rules forbid, whatever state the cog is in.
    fn forbidden(about: &'static About, operation: Operation, via: Via) -> Option<OperationError> {
        match (about.protection, operation, via) {
            (Protection::Protected, Operation::Unload | Operation::Reload, _) => {
                Some(OperationError::Protected(about.name))
            }
            (Protection::ReloadOnly, Operation::Unload, Via::Api) => {
                Some(OperationError::DiscordOnly(about.name))
            }
            _ => None,
        }
    }
}
