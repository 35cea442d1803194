//! How a service has been: when it last worked, when and why it last failed, how fast it is.

use std::time::Duration;

use parking_lot::Mutex;
use serde::Serialize;

use super::UpstreamError;
use crate::{
    Clock,
    clock::{Timestamp, from_millis},
};

/// After a failure, calls that have an old answer at hand take it for so long without asking again.
const REST: Duration = Duration::from_secs(15);

/// What is told about a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpstreamHealth {
    /// Its name.
    pub name: &'static str,
    /// Whether the last call worked; `None` before the first one.
    pub up: Option<bool>,
    /// When a call last worked.
    pub last_ok: Option<Timestamp>,
    /// When a call last failed.
    pub last_failure: Option<Timestamp>,
    /// Why; holds no address and no secret.
    pub last_error: Option<String>,
    /// Milliseconds that the last successful attempt took.
    pub latency_ms: Option<u64>,
    /// Attempts since the start.
    pub calls: u64,
    /// Failed attempts since the start.
    pub failures: u64,
}

/// The record of one service.
pub(super) struct Health {
    clock: Clock,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    up: Option<bool>,
    last_ok: Option<Timestamp>,
    last_failure: Option<Timestamp>,
    last_error: Option<UpstreamError>,
    latency_ms: Option<u64>,
    calls: u64,
    failures: u64,
}

impl Health {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            record: Mutex::default(),
        }
    }

    /// Notes an attempt that took so long. Answers that are the caller's fault count as working.
    pub(super) fn note(&self, took: Duration, error: Option<&UpstreamError>) {
        let now = from_millis(self.clock.now_millis());
        let mut record = self.record.lock();
        record.calls += 1;
        match error {
            Some(error) if error.is_outage() || matches!(error.status(), Some(401 | 403)) => {
                record.failures += 1;
                record.up = Some(false);
                record.last_failure = Some(now);
                record.last_error = Some(error.clone());
            }
            _ => {
                record.up = Some(true);
                record.last_ok = Some(now);
                record.latency_ms = Some(u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
            }
        }
    }

    /// Whether the service failed so recently that it is not asked where an old answer will do.
    pub(super) fn rests(&self) -> bool {
        let record = self.record.lock();
        let since = record
            .last_failure
            .map(|at| self.clock.now_millis().saturating_sub(at.timestamp_millis()));
        record.up == Some(false)
            && since.is_some_and(|millis| u128::from(millis.unsigned_abs()) < REST.as_millis())
    }

    pub(super) fn tell(&self, name: &'static str) -> UpstreamHealth {
        let record = self.record.lock();
        UpstreamHealth {
            name,
            up: record.up,
            last_ok: record.last_ok,
            last_failure: record.last_failure,
            last_error: record.last_error.as_ref().map(ToString::to_string),
            latency_ms: record.latency_ms,
            calls: record.calls,
            failures: record.failures,
        }
    }
}
