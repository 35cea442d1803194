//! Faults on demand: what goes wrong with requests and gateway connections, and how often.

mod chaos;
mod plan;
mod words;
mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ApiError;

pub use chaos::Chaos;
pub(crate) use chaos::ChaosDice;
pub(crate) use plan::start;
pub use plan::{Fault, FaultPlan, NoSuchFault};
pub use world::WorldFault;

/// Faults waiting at a time; more are refused, so a test's mistake cannot grow without end.
const MOST_FAULTS: usize = 256;

/// Seconds that a 429 by chance asks for: enough to be noticed, not enough to stop a run.
const CHANCE_WAIT: f64 = 0.3;
/// Milliseconds that an answer is late by chance.
const CHANCE_LATENCY_MS: u64 = 400;

/// What happens to a request.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
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
    /// The token has run out: 50027 on routes with an interaction's or webhook's token, 401 elsewhere.
    ExpiredToken,
    /// 50013, as if a role had just been taken away.
    MissingPermission,
    /// 404 for what the route is about, as if it had just been deleted: 10003 for a channel, 10011 for a role …
    Gone,
}

impl RestFault {
    /// The error that Discord answers with on this route.
    pub(crate) fn refusal(&self, template: &str) -> ApiError {
        match self {
            Self::Refuse {
                status,
                code,
                message,
            } => ApiError::new(*status, *code, message.clone()),
            Self::ExpiredToken if template.contains("{token}") => ApiError::invalid_webhook_token(),
            Self::ExpiredToken => ApiError::unauthorized(),
            Self::MissingPermission => ApiError::missing_permissions(),
            _ => gone(template),
        }
    }
}

/// What is not there any more is what the last parameter of the route names.
fn gone(template: &str) -> ApiError {
    let last = template
        .rsplit('/')
        .find_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    match last {
        Some("channel" | "thread") => ApiError::unknown_channel(),
        Some("guild") => ApiError::unknown_guild(),
        Some("message") => ApiError::unknown_message(),
        Some("role") => ApiError::unknown_role(),
        Some("user" | "member") if template.contains("/members/") => ApiError::unknown_member(),
        Some("user") => ApiError::unknown_user(),
        Some("webhook" | "token") => ApiError::unknown_webhook(),
        _ => ApiError::no_route(),
    }
}

/// A fault with the requests it meets.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
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
    chaos: Mutex<Option<ChaosDice>>,
    planned: Arc<AtomicUsize>,
}

/// A place among those that wait for their time.
#[derive(Debug)]
pub(crate) struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn too_many() -> ApiError {
    ApiError::new(400, 0, "Too many faults are waiting already.")
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

    /// A place for a fault that waits for its time; `None` if too many do.
    pub(crate) fn wait(&self) -> Option<Waiting> {
        let waiting = Waiting(Arc::clone(&self.planned));
        // The guard takes the place back if it was one too many.
        (self.planned.fetch_add(1, Ordering::AcqRel) < MOST_FAULTS).then_some(waiting)
    }

    /// Removes all, and ends the chaos.
    pub(crate) fn clear(&self) {
        self.rules.lock().clear();
        self.set_chaos(None);
    }

    /// From now on requests meet faults by chance, or no longer.
    pub(crate) fn set_chaos(&self, chaos: Option<Chaos>) {
        *self.chaos.lock() = chaos.map(ChaosDice::new);
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
        drop(rules);
        if hit.is_none()
            && let Some(fault) = self.by_chance(method, route)
        {
            match fault {
                RestFault::Latency { ms } => latency += Duration::from_millis(ms),
                other => hit = Some(other),
            }
        }
        (latency, hit)
    }
}

impl Faults {
    fn by_chance(&self, method: &str, route: &str) -> Option<RestFault> {
        let number = self.chaos.lock().as_mut()?.roll(&format!("{method} {route}"))?;
        Some(match number % 6 {
            0 => RestFault::ServerError { status: 500 },
            1 => RestFault::ServerError { status: 502 },
            2 => RestFault::ServerError { status: 503 },
            3 => RestFault::RateLimited {
                retry_after: CHANCE_WAIT,
                global: false,
            },
            4 => RestFault::Latency {
                ms: CHANCE_LATENCY_MS,
            },
            _ => RestFault::LoseAnswer,
        })
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
    fn what_is_gone_is_what_the_route_names() {
        let code = |fault: RestFault, route| fault.refusal(route).code;
        assert_eq!(code(RestFault::Gone, "/channels/{channel}/messages"), 10003);
        assert_eq!(
            code(RestFault::Gone, "/guilds/{guild}/members/{user}/roles/{role}"),
            10011
        );
        assert_eq!(
            code(RestFault::ExpiredToken, "/webhooks/{webhook}/{token}"),
            50027
        );
        assert_eq!(code(RestFault::ExpiredToken, "/users/@me"), 0);
        assert_eq!(code(RestFault::MissingPermission, "/users/@me"), 50013);
    }

    #[test]
    fn chaos_with_the_same_seed_hits_the_same_requests() {
        let run = |seed| {
            let faults = Faults::default();
            faults.set_chaos(Some(Chaos::new(0.2, seed).unwrap()));
            (0..100)
                .map(|_| format!("{:?}", faults.take("GET", "/gateway", "/gateway")))
                .collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn other_routes_are_left_alone() {
        let faults = Faults::default();
        faults.add(rule(None, RestFault::Latency { ms: 5 }));
        assert_eq!(faults.take("GET", "/users/@me", "/users/@me").0, Duration::ZERO);
    }
}
