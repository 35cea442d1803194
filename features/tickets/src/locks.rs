//! One at a time per ticket: what an action does in Discord and what the repair job does never overlap.

use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::ticket::TicketId;

/// The locks of tickets that are being worked on. Cheap to clone; holds no lock that nobody uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Locks(Arc<DashMap<TicketId, Arc<Mutex<()>>>>);

/// Held while one works on the ticket.
#[derive(Debug)]
pub(crate) struct Held {
    guard: Option<OwnedMutexGuard<()>>,
    id: TicketId,
    locks: Locks,
}

impl Locks {
    /// Waits for those before.
    pub(crate) async fn hold(&self, id: TicketId) -> Held {
        let lock = self.0.entry(id).or_default().clone();
        Held {
            guard: Some(lock.lock_owned().await),
            id,
            locks: self.clone(),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.guard.take());
        // Who waits holds a second reference, so the lock of a busy ticket stays.
        self.locks
            .0
            .remove_if(&self.id, |_, lock| Arc::strong_count(lock) == 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_second_waits_for_the_first_and_nothing_is_left_behind() {
        let locks = Locks::default();
        let id: TicketId = "11111111-1111-4111-8111-111111111111".parse().unwrap();
        let first = locks.hold(id).await;
        let second = tokio::spawn({
            let locks = locks.clone();
            async move { drop(locks.hold(id).await) }
        });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        second.await.unwrap();
        assert!(locks.0.is_empty());
    }
}
