//! The one place that holds the world: every request, session and test goes through it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use crate::clock::SimClock;
use crate::faults::Faults;
use crate::gateway::{Allowance, Sessions, presence};
use crate::id::Id;
use crate::oauth::Grants;
use crate::observe::Observer;
use crate::rest::limits::RateLimits;
use crate::world::World;

/// Live observers that fall behind lose the oldest lines beyond this many.
const LIVE_BACKLOG: usize = 1024;

/// Observers are shown this much of a body, in bytes; a whole guild is longer than anybody reads.
const SHOWN_BODY: usize = 16 * 1024;

/// The beginning of a body, for observers.
pub(crate) fn shortened(text: &str) -> &str {
    text.get(..text.floor_char_boundary(SHOWN_BODY)).unwrap_or(text)
}

/// What the simulator does beside being Discord.
#[derive(Clone, Debug)]
pub struct SimOptions {
    /// The port; 0 picks a free one.
    pub port: u16,
    /// Where to listen. Another address than loopback is for containers, whose published port is not seen from outside.
    pub bind: IpAddr,
    /// Refuse with 429 as Discord does. Off for load measurements; can be switched while it runs.
    pub rate_limits: bool,
    /// Serve the `/sim` control API and the sandbox page.
    pub control: bool,
    /// What bots are told to send heartbeats at.
    pub heartbeat_interval: Duration,
    /// Events kept per session for a resume.
    pub replay: usize,
    /// How long a session without a connection waits for a resume, on the machine's time and what is advanced; then it has
    /// ended, and the bot is offline. Discord does not tell its own time.
    pub resume_window: Duration,
    /// Keep the gateway's slower limits too, as Discord does: one identify in five seconds per bucket of shards, all
    /// members of a guild once in thirty. Off by default, since tests start bots one after the other; can be switched
    /// while it runs.
    pub gateway_limits: bool,
    /// Identifies per day; a bot that uses them up loses its sessions and its token.
    pub identify_limit: u32,
    /// Shards that may identify at once (`max_concurrency`).
    pub identify_concurrency: u32,
    /// Shards that `GET /gateway/bot` recommends.
    pub shards: u32,
    /// Sees every exchange and event; costs nothing when absent.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Default for SimOptions {
    fn default() -> Self {
        Self {
            port: 0,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            rate_limits: true,
            control: true,
            heartbeat_interval: Duration::from_millis(41_250),
            replay: 512,
            resume_window: Duration::from_secs(600),
            gateway_limits: false,
            identify_limit: 1000,
            identify_concurrency: 1,
            shards: 1,
            observer: None,
        }
    }
}

/// Shared by all tasks of a simulator.
#[derive(Debug)]
pub(crate) struct Hub {
    state: Mutex<State>,
    pub(crate) clock: SimClock,
    pub(crate) options: SimOptions,
    pub(crate) limits_rates: AtomicBool,
    pub(crate) limits_gateway: AtomicBool,
    pub(crate) faults: Faults,
    changed: watch::Sender<u64>,
    live: broadcast::Sender<Live>,
    base_url: String,
}

/// What changes together.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) sessions: Sessions,
    pub(crate) grants: Grants,
    pub(crate) limits: RateLimits,
}

impl State {
    /// How many identifies an application has left.
    pub(crate) fn allowance(&self, hub: &Hub, application: Id) -> Allowance {
        let options = &hub.options;
        self.sessions.limits.allowance(
            application,
            options.identify_limit,
            options.identify_concurrency,
            hub.clock.instant(),
        )
    }
}

/// A line for live observers.
#[derive(Clone, Debug)]
pub(crate) enum Live {
    /// An event of the world.
    Event(Arc<crate::world::Event>),
    /// A request or a gateway frame.
    Traffic(Arc<Value>),
}

impl Hub {
    pub(crate) fn new(mut world: World, options: SimOptions, base_url: String) -> Arc<Self> {
        world.base_url.clone_from(&base_url);
        world.outbox.clear();
        let (changed, _) = watch::channel(0);
        let (live, _) = broadcast::channel(LIVE_BACKLOG);
        Arc::new(Self {
            clock: world.clock.clone(),
            state: Mutex::new(State {
                world,
                sessions: Sessions::new(options.replay).watched_by(options.observer.clone()),
                grants: Grants::default(),
                limits: RateLimits::default(),
            }),
            limits_rates: AtomicBool::new(options.rate_limits),
            limits_gateway: AtomicBool::new(options.gateway_limits),
            options,
            faults: Faults::default(),
            changed,
            live,
            base_url,
        })
    }

    /// Another world stands in place of this one, as if the simulator had just been started with it.
    pub(crate) fn starts_over(&self, mut world: World) {
        world.clock = self.clock.clone();
        world.base_url.clone_from(&self.base_url);
        world.outbox.clear();
        self.clock.rewind();
        self.faults.clear();
        self.limits_rates
            .store(self.options.rate_limits, Ordering::Relaxed);
        self.limits_gateway
            .store(self.options.gateway_limits, Ordering::Relaxed);
        let mut state = self.state.lock();
        state.world = world;
        state.sessions.clear();
        state.grants = Grants::default();
        state.limits = RateLimits::default();
        drop(state);
        self.wake();
    }

    /// `http://127.0.0.1:port`.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// `ws://127.0.0.1:port/gateway`.
    pub(crate) fn gateway_url(&self) -> String {
        format!("{}/gateway", self.base_url.replacen("http", "ws", 1))
    }

    /// `ws://127.0.0.1:port/gateway/resume`, an address of its own as on Discord.
    pub(crate) fn resume_url(&self) -> String {
        format!("{}/resume", self.gateway_url())
    }

    /// Looks at the world.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.state.lock().world)
    }

    /// The whole state, for its few users that need more than the world. Nothing is sent.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Changes the world, sends what happened to sessions and observers, and wakes waiters.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        self.change_state(|state| act(&mut state.world))
    }

    /// As [`Hub::change`], with sessions and grants at hand.
    pub(crate) fn change_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let result = {
            let mut state = self.state.lock();
            state.world.run_due();
            let (now, window) = (self.clock.instant(), self.options.resume_window);
            state.sessions.expire(now, window);
            let result = act(&mut state);
            for bot in state.sessions.gone() {
                presence::end(&mut state.world, bot);
            }
            self.tell(&mut state);
            result
        };
        self.wake();
        result
    }

    /// Sends what happened so far to sessions and observers.
    pub(crate) fn tell(&self, state: &mut State) {
        let State { world, sessions, .. } = state;
        let observed = self.is_observed();
        for event in std::mem::take(&mut world.outbox) {
            sessions.dispatch(world, &event);
            if observed {
                // Nobody listening any more is no fault.
                let _ = self.live.send(Live::Event(Arc::new(event)));
            }
        }
    }

    /// Wakes everybody who waits for the world to change.
    pub(crate) fn wake(&self) {
        self.changed.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Tells of every change.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Live events and traffic.
    pub(crate) fn observe(&self) -> broadcast::Receiver<Live> {
        self.live.subscribe()
    }

    /// Whether somebody looks.
    pub(crate) fn is_observed(&self) -> bool {
        self.live.receiver_count() > 0
    }

    /// Shows observers a request or frame; built only if somebody looks.
    pub(crate) fn traffic(&self, line: impl FnOnce() -> Value) {
        if self.is_observed() {
            let _ = self.live.send(Live::Traffic(Arc::new(line())));
        }
    }

    /// Shows observers a gateway frame.
    pub(crate) fn gateway_traffic(
        &self,
        direction: &str,
        session: &str,
        op: u64,
        kind: Option<&str>,
        text: &str,
    ) {
        self.traffic(|| {
            // These two carry the bot's token.
            let shown = if matches!(op, 2 | 6) && direction == "in" {
                ""
            } else {
                shortened(text)
            };
            json!({ "kind": "gateway", "direction": direction, "session": session, "op": op, "t": kind,
                "bytes": text.len(), "body": shown })
        });
    }

    /// Waits until `found` gives something, looking again after each change; `None` after `timeout`
    /// of real time.
    pub(crate) async fn wait_for<T>(
        &self,
        timeout: Duration,
        mut found: impl FnMut(&World) -> Option<T>,
    ) -> Option<T> {
        let mut changed = self.watch();
        let deadline = tokio::time::Instant::now() + timeout;
        loop {
            changed.mark_unchanged();
            if let Some(value) = self.read(&mut found) {
                return Some(value);
            }
            match tokio::time::timeout_at(deadline, changed.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return self.read(&mut found),
            }
        }
    }

    /// Waits until no event is untaken, no interaction unanswered and nothing changed for `idle`.
    pub(crate) async fn wait_for_quiet(&self, idle: Duration, timeout: Duration) -> bool {
        let mut changed = self.watch();
        let deadline = tokio::time::Instant::now() + timeout;
        loop {
            changed.mark_unchanged();
            let until = deadline.min(tokio::time::Instant::now() + idle);
            if matches!(
                tokio::time::timeout_at(until, changed.changed()).await,
                Ok(Ok(()))
            ) {
                continue;
            }
            let quiet = {
                let state = self.state.lock();
                state.sessions.backlog() == 0 && !state.world.is_waiting()
            };
            if quiet || tokio::time::Instant::now() >= deadline {
                return quiet;
            }
        }
    }
}
