//! Who is using the API right now, and what was asked lately: the tables behind the admin's live view. In memory only.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use hazebot_core::Clock;
use parking_lot::Mutex;

use crate::{
    caller::{Caller, Role},
    client::ClientDescription,
};

/// A session that was not seen for this long is no longer shown, in milliseconds.
const IDLE: i64 = 30 * 60_000;
/// Most sessions in the table; the one that was not seen for longest makes room.
const MAX_SESSIONS: usize = 2_000;
/// Sessions of one account in the table.
const MAX_PER_ACCOUNT: usize = 10;
/// Entries of the activity list.
const MAX_ACTIVITY: usize = 100;
/// Among so many of the newest entries …
const REPEAT_WINDOW: usize = 20;
/// … and within this time, in milliseconds, the same activity is noted once.
const REPEAT_TIME: i64 = 5 * 60_000;
/// Endpoints that are polled and would fill the list.
const NOISE: [&str; 7] = [
    "admin.get_active_sessions_endpoint",
    "user.get_gaming_members",
    "hazehub_cogs.get_latest_memes",
    "auth_routes.health",
    "auth_routes.ping",
    "auth_routes.refresh_token",
    "auth_routes.verify_token",
];

/// A session as the live view shows it.
#[derive(Clone, Debug)]
pub struct LiveSession {
    /// Who it is.
    pub caller: Caller,
    /// Unix milliseconds.
    pub last_seen: i64,
    /// Endpoint id of the last request.
    pub endpoint: Arc<str>,
    /// What the client says of itself.
    pub client: ClientDescription,
}

/// One thing that was asked.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Unix milliseconds.
    pub at: i64,
    /// Who asked.
    pub caller: Caller,
    /// HTTP method.
    pub method: http::Method,
    /// Endpoint id.
    pub endpoint: Arc<str>,
    /// Path without query.
    pub path: String,
}

/// The two tables.
#[derive(Debug)]
pub struct LiveTable {
    clock: Clock,
    sessions: Mutex<HashMap<(Arc<str>, String), LiveSession>>,
    activity: Mutex<VecDeque<Activity>>,
}

impl LiveTable {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            sessions: Mutex::default(),
            activity: Mutex::default(),
        }
    }

    /// Notes an authenticated request.
    pub(crate) fn note(
        &self,
        caller: &Caller,
        method: &http::Method,
        path: &str,
        endpoint: &Arc<str>,
        client: impl FnOnce() -> ClientDescription,
    ) {
        let now = self.clock.now_millis();
        let account = caller.account();
        let key = (Arc::clone(&account), caller.client_session().to_owned());
        {
            let mut sessions = self.sessions.lock();
            let mut key = key;
            if caller.client_session() == caller.session() {
                // the client left its own name for the session out this once: it is the session that is there already
                let known = sessions
                    .iter()
                    .find(|(_, session)| session.caller.session() == caller.session());
                if let Some((known, _)) = known {
                    key = known.clone();
                }
            }
            if let Some(session) = sessions.get_mut(&key) {
                session.last_seen = now;
                session.endpoint = Arc::clone(endpoint);
                session.caller = caller.clone();
            } else {
                sessions.retain(|_, session| now - session.last_seen < IDLE);
                let own = sessions.keys().filter(|(of, _)| *of == account).count();
                while sessions.len() >= MAX_SESSIONS || (own >= MAX_PER_ACCOUNT && sessions.len() > 1) {
                    let of_account = own >= MAX_PER_ACCOUNT;
                    let oldest = sessions
                        .iter()
                        .filter(|((of, _), _)| !of_account || *of == account)
                        .min_by_key(|(_, session)| session.last_seen)
                        .map(|(key, _)| key.clone());
                    let Some(oldest) = oldest else { break };
                    sessions.remove(&oldest);
                    if of_account {
                        break;
                    }
                }
                let session = LiveSession {
                    caller: caller.clone(),
                    last_seen: now,
                    endpoint: Arc::clone(endpoint),
                    client: client(),
                };
                sessions.insert(key, session);
            }
        }
        if NOISE.contains(&&**endpoint) || caller.role() == Role::Monitoring {
            return;
        }
        let mut activity = self.activity.lock();
        let repeated = activity.iter().rev().take(REPEAT_WINDOW).any(|entry| {
            now - entry.at < REPEAT_TIME
                && entry.endpoint == *endpoint
                && entry.method == *method
                && entry.caller.identity() == caller.identity()
        });
        if !repeated {
            if activity.len() >= MAX_ACTIVITY {
                activity.pop_front();
            }
            let (method, path) = (method.clone(), path.to_owned());
            activity.push_back(Activity {
                at: now,
                caller: caller.clone(),
                method,
                endpoint: Arc::clone(endpoint),
                path,
            });
        }
    }

    /// Sessions seen in the last half hour, newest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<LiveSession> {
        let now = self.clock.now_millis();
        let mut sessions: Vec<_> = self
            .sessions
            .lock()
            .values()
            .filter(|session| now - session.last_seen < IDLE)
            .cloned()
            .collect();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.last_seen));
        sessions
    }

    /// How many sessions there are.
    #[must_use]
    pub fn count(&self) -> usize {
        let now = self.clock.now_millis();
        self.sessions
            .lock()
            .values()
            .filter(|session| now - session.last_seen < IDLE)
            .count()
    }

    /// What was asked lately, newest first.
    #[must_use]
    pub fn activity(&self) -> Vec<Activity> {
        self.activity.lock().iter().rev().cloned().collect()
    }

    /// Forgets a session that has ended.
    pub(crate) fn forget(&self, session: &str) {
        self.sessions
            .lock()
            .retain(|_, live| live.caller.session() != session);
    }
}
