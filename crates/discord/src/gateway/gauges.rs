//! How the connection does, for `/status`, health and metrics.

use std::{
    sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    time::Duration,
};

use tokio::sync::watch;

/// Counts and states of the gateway since the start.
#[derive(Debug)]
pub struct Gauges {
    latency_micros: AtomicI64,
    connected: AtomicBool,
    events: AtomicU64,
    unreadable: AtomicU64,
    doubles: AtomicU64,
    resumes: AtomicU64,
    sessions: AtomicU64,
    ready: watch::Sender<bool>,
}

impl Default for Gauges {
    fn default() -> Self {
        Self {
            latency_micros: AtomicI64::new(-1),
            connected: AtomicBool::new(false),
            events: AtomicU64::new(0),
            unreadable: AtomicU64::new(0),
            doubles: AtomicU64::new(0),
            resumes: AtomicU64::new(0),
            sessions: AtomicU64::new(0),
            ready: watch::channel(false).0,
        }
    }
}

impl Gauges {
    /// Time of the last heartbeat there and back; `None` before the first.
    #[must_use]
    pub fn latency(&self) -> Option<Duration> {
        u64::try_from(self.latency_micros.load(Ordering::Relaxed))
            .ok()
            .map(Duration::from_micros)
    }

    /// Whether the gateway is connected right now.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Relaxed)
    }

    /// Events that arrived.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }

    /// Events that could not be read: each is a bug, here or at Discord.
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        self.unreadable.load(Ordering::Relaxed)
    }

    /// Messages and interactions that came twice and were left out.
    #[must_use]
    pub fn doubles(&self) -> u64 {
        self.doubles.load(Ordering::Relaxed)
    }

    /// Resumed sessions, across the program's own restart too.
    #[must_use]
    pub fn resumes(&self) -> u64 {
        self.resumes.load(Ordering::Relaxed)
    }

    /// Sessions that were begun anew.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        self.sessions.load(Ordering::Relaxed)
    }

    /// Whether the home guild is known: from then on rights can be told and people served.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        *self.ready.borrow()
    }

    /// Waits for that.
    pub async fn ready(&self) {
        let mut ready = self.ready.subscribe();
        // The sender lives as long as `self`.
        let _ = ready.wait_for(|ready| *ready).await;
    }

    pub(super) fn set_ready(&self) {
        self.ready.send_replace(true);
    }

    pub(super) fn set_connected(&self, connected: bool) {
        self.connected.store(connected, Ordering::Relaxed);
    }

    pub(super) fn set_latency(&self, latency: Option<Duration>) {
        if let Some(micros) = latency.and_then(|latency| i64::try_from(latency.as_micros()).ok()) {
            self.latency_micros.store(micros, Ordering::Relaxed);
        }
    }

    pub(super) fn count_event(&self) {
        self.events.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_unreadable(&self) {
        self.unreadable.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_double(&self) {
        self.doubles.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_resume(&self) {
        self.resumes.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_session(&self) {
        self.sessions.fetch_add(1, Ordering::Relaxed);
    }
}
