//! The door of each cog. Whatever is about to run code of a cog (command, press, listener, route, job) enters first, so
//! that a reload lets what runs finish and what is new wait, and an unloaded cog refuses.

use std::{collections::HashMap, sync::Arc, time::Duration};

use parking_lot::RwLock;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock as AsyncRwLock};

/// How long somebody who wants in waits for a reload to end. Below the 15 s after which the Flutter client gives up.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Whether a cog is there. The lock around it is held for reading by everything that runs in the cog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Open,
    Shut,
}

/// The door of one cog. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate(Arc<AsyncRwLock<Door>>);

/// Proof that the cog stays loaded while it is held.
#[derive(Debug)]
pub struct Pass {
    _guard: OwnedRwLockReadGuard<Door>,
}

/// Nothing runs in the cog while this is held, and nothing new gets in.
#[derive(Debug)]
pub struct Pause(OwnedRwLockWriteGuard<Door>);

/// Why somebody did not get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoEntry {
    /// The cog is not loaded.
    #[error("the cog is switched off")]
    Shut,
    /// A reload, or what runs in the cog, took longer than the patience.
    #[error("the cog is busy")]
    Busy,
}

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(AsyncRwLock::new(Door::Shut)))
    }
}

impl Gate {
    /// Enters, after a reload that is under way.
    ///
    /// # Errors
    /// [`NoEntry::Shut`] if the cog is not loaded, [`NoEntry::Busy`] after [`PATIENCE`].
    pub async fn enter(&self) -> Result<Pass, NoEntry> {
        let guard = match self.0.clone().try_read_owned() {
            Ok(guard) => guard,
            Err(_) => tokio::time::timeout(PATIENCE, self.0.clone().read_owned())
                .await
                .map_err(|_| NoEntry::Busy)?,
        };
        match *guard {
            Door::Open => Ok(Pass { _guard: guard }),
            Door::Shut => Err(NoEntry::Shut),
        }
    }

    /// Whether somebody would get in now.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.try_read().is_ok_and(|door| *door == Door::Open)
    }

    /// Waits until all who are in have left, keeping new ones waiting.
    ///
    /// # Errors
    /// [`NoEntry::Busy`] if they have not left after `patience`; then nothing has changed.
    pub async fn pause(&self, patience: Duration) -> Result<Pause, NoEntry> {
        tokio::time::timeout(patience, self.0.clone().write_owned())
            .await
            .map(Pause)
            .map_err(|_| NoEntry::Busy)
    }
}

impl Pause {
    /// Ends the pause with the cog loaded: who waits gets in.
    pub fn open(mut self) {
        *self.0 = Door::Open;
    }

    /// Ends the pause with the cog unloaded: who waits is refused.
    pub fn shut(mut self) {
        *self.0 = Door::Shut;
    }
}

/// The doors of all cogs, by canonical name. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Gates(Arc<RwLock<HashMap<&'static str, Gate>>>);

impl Gates {
    /// The door of a cog; made shut if it is new.
    #[must_use]
    pub fn of(&self, cog: &'static str) -> Gate {
        if let Some(gate) = self.0.read().get(cog) {
            return gate.clone();
        }
        self.0.write().entry(cog).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_new_door_is_shut() {
        assert_eq!(
            Gates::default().of("Welcome").enter().await.unwrap_err(),
            NoEntry::Shut
        );
    }

    #[tokio::test]
    async fn a_pause_waits_for_those_inside_and_holds_up_the_others() {
        let gate = Gates::default().of("Welcome");
        gate.pause(PATIENCE).await.unwrap().open();
        let inside = gate.enter().await.unwrap();
        let pause = tokio::spawn({
            let gate = gate.clone();
            async move { gate.pause(PATIENCE).await.unwrap() }
        });
        tokio::task::yield_now().await;
        assert!(!pause.is_finished());
        drop(inside);
        let pause = pause.await.unwrap();
        let outside = tokio::spawn({
            let gate = gate.clone();
            async move { gate.enter().await.map(drop) }
        });
        tokio::task::yield_now().await;
        assert!(!outside.is_finished());
        pause.open();
        assert_eq!(outside.await.unwrap(), Ok(()));
    }

    #[tokio::test]
    async fn who_waited_for_an_unload_is_refused() {
        let gate = Gates::default().of("Welcome");
        let pause = gate.pause(PATIENCE).await.unwrap();
        let outside = tokio::spawn({
            let gate = gate.clone();
            async move { gate.enter().await.map(drop) }
        });
        tokio::task::yield_now().await;
        pause.shut();
        assert_eq!(outside.await.unwrap(), Err(NoEntry::Shut));
    }
}
