//! The running simulator and its in-process handle, whose calls read like sentences.

mod exchange;
mod server;
mod user;
mod user_acts;
mod user_places;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

pub(crate) use exchange::modal_of;
pub use exchange::{Exchange, Seen};
pub use user::AsUser;
pub(crate) use user::visible;

use crate::clock::SimClock;
use crate::error::ApiResult;
use crate::faults::{self, Chaos, FaultPlan, FaultRule, RestFault};
use crate::gateway::GatewayFault;
use crate::hub::{Hub, SimOptions};
use crate::id::Id;
use crate::observe::Observer;
use crate::world::World;
use crate::world::model::{Channel, Overwrite};

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not allowed.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
}

/// How long waits last before they give up. Real time: it only ends tests that hang.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A running simulator. Dropping the last clone stops it.
#[derive(Clone, Debug)]
pub struct Sim {
    pub(crate) hub: Arc<Hub>,
    address: SocketAddr,
    _stop: Arc<StopOnDrop>,
}

#[derive(Debug)]
struct StopOnDrop {
    stop: CancellationToken,
    observer: Option<Arc<dyn Observer>>,
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(observer) = &self.observer {
            observer.ended();
        }
    }
}

impl Sim {
    /// Starts Discord with this world on a loopback port.
    ///
    /// # Errors
    /// If the port cannot be listened on.
    pub async fn start(options: SimOptions, world: World) -> Result<Self, StartError> {
        let stop = CancellationToken::new();
        let observer = options.observer.clone();
        let (hub, address) = server::start(options, world, stop.clone()).await?;
        Ok(Self {
            hub,
            address,
            _stop: Arc::new(StopOnDrop { stop, observer }),
        })
    }

    /// The same without a network: a service that requests are handed to, and whose answers it gives. Nothing
    /// listens at [`Sim::base_url`]. For fuzzing, and for measuring without a socket in between.
    pub fn in_process(options: SimOptions, world: World) -> (Self, axum::Router) {
        let (stop, observer) = (CancellationToken::new(), options.observer.clone());
        let (hub, address, router) = server::in_process(options, world);
        let sim = Self {
            hub,
            address,
            _stop: Arc::new(StopOnDrop { stop, observer }),
        };
        (sim, router)
    }

    /// `http://127.0.0.1:port`, the base of REST, OAuth2, CDN, control API and sandbox page.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.hub.base_url()
    }

    /// `127.0.0.1:port`, the form that some libraries want for their proxy.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `ws://127.0.0.1:port/gateway`
    #[must_use]
    pub fn gateway_url(&self) -> String {
        self.hub.gateway_url()
    }

    /// The world's clock.
    #[must_use]
    pub fn clock(&self) -> &SimClock {
        &self.hub.clock
    }

    /// Moves time forward.
    pub fn advance(&self, by: Duration) {
        self.hub.clock.advance(by);
        // What is due by now happens; waiters look again.
        self.hub.change(|_| ());
    }

    /// Refuses with 429 from now on, as Discord does, or no longer.
    pub fn limits_rates(&self, on: bool) {
        self.hub.limits_rates.store(on, Ordering::Relaxed);
    }

    /// Starts over with another world, without a new port: sessions, grants, counted limits and faults are forgotten,
    /// the clock goes back to where it began. For runs that begin from the same state many times, see [`World::copy`].
    pub fn starts_over(&self, world: World) {
        self.hub.starts_over(world);
    }

    /// Looks at the world.
    pub fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        self.hub.read(look)
    }

    /// Changes the world by hand; what it emits reaches the bots.
    pub fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        self.hub.change(act)
    }

    /// Acts as this user, by the same rules a real client has.
    #[must_use]
    pub fn as_user(&self, user: Id) -> AsUser {
        AsUser::new(Arc::clone(&self.hub), user)
    }

    /// A copy of the channel as it is now.
    #[must_use]
    pub fn channel(&self, id: Id) -> Option<Channel> {
        self.read(|w| w.channels.get(&id).cloned())
    }

    /// Waits until `found` gives something, looking again whenever the world changes.
    /// `None` after `timeout` of real time.
    pub async fn wait_for<T>(&self, timeout: Duration, found: impl FnMut(&World) -> Option<T>) -> Option<T> {
        self.hub.wait_for(timeout, found).await
    }

    /// Waits until `is_so` holds; false after `timeout` of real time.
    pub async fn wait_until(&self, mut is_so: impl FnMut(&World) -> bool, timeout: Duration) -> bool {
        self.wait_for(timeout, |w| is_so(w).then_some(())).await.is_some()
    }

    /// Waits until a bot of the application has a session; false after `timeout` of real time.
    pub async fn bot_is_online(&self, application: Id, timeout: Duration) -> bool {
        let mut changed = self.hub.watch();
        let deadline = tokio::time::Instant::now() + timeout;
        loop {
            changed.mark_unchanged();
            if self.hub.state().sessions.connected(application) > 0 {
                return true;
            }
            if !matches!(
                tokio::time::timeout_at(deadline, changed.changed()).await,
                Ok(Ok(()))
            ) {
                return self.hub.state().sessions.connected(application) > 0;
            }
        }
    }

    /// Sockets of the application's sessions.
    #[must_use]
    pub fn connected(&self, application: Id) -> usize {
        self.hub.state().sessions.connected(application)
    }

    /// Events that bots have not taken yet.
    #[must_use]
    pub fn backlog(&self) -> usize {
        self.hub.state().sessions.backlog()
    }

    /// Waits until nothing is under way: no event untaken, no interaction unanswered, no change for `idle`.
    /// False after `timeout`. Both in real time.
    pub async fn is_quiet(&self, idle: Duration, timeout: Duration) -> bool {
        self.hub.wait_for_quiet(idle, timeout).await
    }

    /// Makes REST requests go wrong. False if too many faults wait already.
    pub fn fails(&self, rule: FaultRule) -> bool {
        self.hub.faults.add(rule)
    }

    /// The next `times` requests on a route (such as `/channels/{channel}/messages`) go wrong.
    pub fn route_fails(&self, method: &str, route: &str, times: u32, fault: RestFault) -> bool {
        self.fails(FaultRule {
            method: Some(method.to_owned()),
            route: Some(route.to_owned()),
            times: Some(times),
            fault,
        })
    }

    /// Takes all waiting faults of requests back and ends the chaos.
    pub fn clear_faults(&self) {
        self.hub.faults.clear();
        self.hub.state().sessions.set_chaos(None);
    }

    /// Lets something go wrong, now or at its time: any fault, also one that was read from words
    /// (`sim.suffers("gateway drop after 5s".parse()?)`, see [`FaultPlan::WORDS`]). Faults of the gateway wait for a bot
    /// if there is none.
    ///
    /// # Errors
    /// 10003, 10004, 10011 if there is no such channel, guild or role; 400 if too many faults wait already.
    pub fn suffers(&self, plan: FaultPlan) -> ApiResult<()> {
        faults::start(&self.hub, plan)
    }

    /// From now on requests and events fail by chance, the same in each run with the same seed and order.
    pub fn is_in_chaos(&self, chaos: Chaos) {
        self.hub.faults.set_chaos(Some(chaos));
        self.hub.state().sessions.set_chaos(Some(chaos));
    }

    /// Keeps the gateway's slower limits from now on (see [`SimOptions::gateway_limits`]), or no longer.
    pub fn limits_gateway(&self, on: bool) {
        self.hub.limits_gateway.store(on, Ordering::Relaxed);
    }

    /// Does something to the gateway connections of an application, or of all. Gives how many were hit.
    pub fn gateway_fails(&self, application: Option<Id>, fault: &GatewayFault) -> usize {
        self.hub
            .change_state(|state| state.sessions.afflict(application, fault))
    }

    /// How many frames of bots were lost so far, by [`GatewayFault::LoseFrame`].
    #[must_use]
    pub fn frames_lost(&self) -> u64 {
        self.hub.state().sessions.lost()
    }

    /// Takes a guild away from its bots, as an outage does, or brings it back.
    ///
    /// # Errors
    /// 10004 if there is none.
    pub fn guild_is_available(&self, guild: Id, available: bool) -> ApiResult<()> {
        self.change(|w| w.set_available(guild, available))
    }

    /// Gives a member exactly these roles, as if an administrator had clicked; the bots are told.
    ///
    /// # Errors
    /// 10004 or 10007 if there is no such guild or member.
    pub fn set_roles(&self, guild: Id, user: Id, roles: &[Id]) -> ApiResult<()> {
        self.change(|w| {
            w.member_mut(guild, user)?.roles = roles.to_vec();
            w.emit_member(guild, user)
        })
    }

    /// Sets an overwrite of a channel by hand; the bots are told.
    pub fn set_overwrite(&self, channel: Id, overwrite: Overwrite) {
        self.change(|w| {
            w.overwrite(channel, overwrite);
            w.emit_channel("CHANNEL_UPDATE", channel);
        });
    }

    /// Deletes a channel as if an administrator had clicked; the bots are told.
    pub fn delete_channel(&self, id: Id) {
        self.change(|w| w.forget_channel(id));
    }
}
