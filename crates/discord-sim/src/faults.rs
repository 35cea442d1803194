//! Faults on demand: what goes wrong with requests and gateway connections, and how often.

use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

/// Faults waiting at a time; more are refused, so a test's mistake cannot grow without end.
const MOST_FAULTS: usize = 256;

/// What happens to a request.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum RestFault {
    /// The answer comes later.
    Latency {
        /// Milliseconds of real time.
        ms: u64,
    },
    /// 429.
    RateLimited {
        /// Seconds until the next try is welcome.
        retry_after: f64,
        /// The global limit rather than the route's.
        #[serde(default)]
        global: bool,
    },
    /// A 5xx with a page of HTML, as proxies in front of Discord answer.
    ServerError {
        /// The status, such as 502.
        status: u16,
    },
    /// An answer of Discord's own form.
    Refuse {
        /// The HTTP status.
        status: u16,
        /// Discord's JSON code.
        code: u32,
        /// The message.
        message: String,
    },
    /// The request takes effect, but its answer is lost.
    LoseAnswer,
}

/// A fault with the requests it meets.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FaultRule {
    /// The HTTP method; any if absent.
    #[serde(default)]
    pub method: Option<String>,
    /// A route such as `/channels/{channel}/messages`, or the start of a path; any if absent.
    #[serde(default)]
    pub route: Option<String>,
    /// How often; for ever if absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// What happens.
    #[serde(flatten)]
    pub fault: RestFault,
}

/// The faults that wait for requests.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<FaultRule>>,
}

impl Faults {
    /// Adds a fault; false if too many wait already.
    pub(crate) fn add(&self, rule: FaultRule) -> bool {
        let mut rules = self.rules.lock();
        if rules.len() >= MOST_FAULTS {
            return false;
        }
        rules.push(rule);
        true
    }

    /// Removes all.
    pub(crate) fn clear(&self) {
        self.rules.lock().clear();
    }

    /// All that wait.
    pub(crate) fn list(&self) -> Vec<FaultRule> {
        self.rules.lock().clone()
    }

    /// Takes what meets this request: any number of latencies and the first other fault.
    pub(crate) fn take(&self, method: &str, route: &str, path: &str) -> (Duration, Option<RestFault>) {
        let mut rules = self.rules.lock();
        let mut latency = Duration::ZERO;
        let mut hit = None;
        for rule in rules.iter_mut() {
            let meets = rule
                .method
                .as_deref()
                .is_none_or(|m| m.eq_ignore_ascii_case(method))
                && rule
                    .route
                    .as_deref()
                    .is_none_or(|r| r == route || path.starts_with(r));
            if !meets || rule.times == Some(0) {
                continue;
            }
            match &rule.fault {
                RestFault::Latency { ms } => latency += Duration::from_millis(*ms),
                _ if hit.is_some() => continue,
                other => hit = Some(other.clone()),
            }
            rule.times = rule.times.map(|n| n - 1);
        }
        rules.retain(|r| r.times != Some(0));
        (latency, hit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(times: Option<u32>, fault: RestFault) -> FaultRule {
        FaultRule {
            method: None,
            route: Some("/gateway".to_owned()),
            times,
            fault,
        }
    }

    #[test]
    fn a_fault_happens_as_often_as_it_was_asked_for() {
        let faults = Faults::default();
        faults.add(rule(Some(2), RestFault::ServerError { status: 502 }));
        let hit = || faults.take("GET", "/gateway", "/gateway").1;
        assert!(hit().is_some());
        assert!(hit().is_some());
        assert_eq!(hit(), None);
    }

    #[test]
    fn other_routes_are_left_alone() {
        let faults = Faults::default();
        faults.add(rule(None, RestFault::Latency { ms: 5 }));
        assert_eq!(faults.take("GET", "/users/@me", "/users/@me").0, Duration::ZERO);
    }
}
