//! Which handler runs a kind. The newest registration counts; dropping it gives the kind back to the one before, so a
//! cog that is reloaded can set up its new self before the old one goes.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::RwLock;

use super::{JobContext, JobDone};
use crate::{failure::Outcome, store::BoxFuture};

/// Does the work of a kind.
pub(super) type Handler = Arc<dyn Fn(JobContext) -> BoxFuture<'static, Outcome<JobDone>> + Send + Sync>;

/// Handlers by kind.
#[derive(Clone, Default)]
pub(super) struct Registry(Arc<Shared>);

#[derive(Default)]
struct Shared {
    handlers: RwLock<HashMap<&'static str, Vec<(u64, Handler)>>>,
    next: AtomicU64,
}

impl Registry {
    pub(super) fn register(&self, kind: &'static str, handler: Handler) -> JobRegistration {
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        self.0
            .handlers
            .write()
            .entry(kind)
            .or_default()
            .push((id, handler));
        JobRegistration {
            registry: self.clone(),
            kind,
            id,
        }
    }

    pub(super) fn handler(&self, kind: &str) -> Option<Handler> {
        self.0
            .handlers
            .read()
            .get(kind)?
            .last()
            .map(|(_, handler)| Arc::clone(handler))
    }

    pub(super) fn kinds(&self) -> Vec<&'static str> {
        self.0.handlers.read().keys().copied().collect()
    }

    fn remove(&self, kind: &'static str, id: u64) {
        let mut handlers = self.0.handlers.write();
        if let Some(of_kind) = handlers.get_mut(kind) {
            of_kind.retain(|(other, _)| *other != id);
            if of_kind.is_empty() {
                handlers.remove(kind);
            }
        }
    }
}

/// Holds a handler; dropping it lets go. A run that is under way ends.
#[must_use = "the handler is let go when this is dropped"]
pub struct JobRegistration {
    registry: Registry,
    kind: &'static str,
    id: u64,
}

impl Drop for JobRegistration {
    fn drop(&mut self) {
        self.registry.remove(self.kind, self.id);
    }
}

impl std::fmt::Debug for JobRegistration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JobRegistration")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
