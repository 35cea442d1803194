//! Services outside: one client for each, with time-outs, a limit on calls at once, retries with back-off, answers that
//! are kept, and a health record. Nothing else in the program makes HTTP calls except the Discord library.
//!
//! ```no_run
//! # use std::time::Duration;
//! # use hazebot_core::{Clock, Entropy, cache::Caches, upstream::{Call, Upstreams, UpstreamError}};
//! # async fn example() -> Result<(), UpstreamError> {
//! let upstreams = Upstreams::new(Clock::system(), Entropy::system(), Caches::new(Clock::system()));
//! let market = upstreams
//!     .builder("warframe.market", "https://api.warframe.market".parse().map_err(|_| UpstreamError::Address)?)
//!     .timeout(Duration::from_secs(5))
//!     .keep(200, Duration::from_secs(300), Duration::from_secs(86_400))
//!     .build();
//! let items = market.get_json::<serde_json::Value>(Call::get("/v2/items")).await?;
//! println!("{} (old: {})", items.value, items.stale);
//! # Ok(()) }
//! ```

mod call;
mod client;
mod health;
mod retry;

use std::{
    sync::{Arc, OnceLock, Weak},
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use url::Url;

pub use call::{Call, DownloadError, Reply, UpstreamError};
pub use client::{Answer, Upstream};
pub use health::UpstreamHealth;
pub use retry::Retries;

use crate::{
    Clock, Entropy,
    cache::{Cache, CacheOptions, Caches},
};
use client::Service;
use health::Health;

/// How long an attempt may take, answer included.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Calls to one service at once.
const CALLS_AT_ONCE: usize = 4;
/// Bytes of an answer.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;
/// Connections that are kept open to one host.
const IDLE_CONNECTIONS: usize = 2;
/// How services see us.
const USER_AGENT: &str = concat!("HazeBot/", env!("CARGO_PKG_VERSION"));

/// Makes the TLS provider of the whole process known, once. Call it first thing in `main`, and in tests that use TLS.
pub fn install_crypto() {
    // An error means that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// All services outside, for the health pages. Cheap to clone.
#[derive(Clone)]
pub struct Upstreams(Arc<Shared>);

struct Shared {
    clock: Clock,
    entropy: Entropy,
    caches: Caches,
    clients: Clients,
    /// Weak: a cog that is unloaded takes its services along.
    services: Mutex<Vec<Weak<Service>>>,
}

/// Connection pools, made when they are first needed: the one with TLS holds the certificates of the system.
#[derive(Default)]
struct Clients {
    plain: OnceLock<reqwest::Client>,
    tls: OnceLock<reqwest::Client>,
}

impl std::fmt::Debug for Upstreams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upstreams")
            .field("services", &self.0.services.lock().len())
            .finish_non_exhaustive()
    }
}

impl Upstreams {
    /// None yet.
    #[must_use]
    pub fn new(clock: Clock, entropy: Entropy, caches: Caches) -> Self {
        let (clients, services) = (Clients::default(), Mutex::default());
        Self(Arc::new(Shared {
            clock,
            entropy,
            caches,
            clients,
            services,
        }))
    }

    /// Describes a service: its name on health pages and in caches, and where it is.
    #[must_use]
    pub fn builder(&self, name: &'static str, base: Url) -> UpstreamBuilder {
        UpstreamBuilder {
            upstreams: self.clone(),
            name,
            base,
            timeout: TIMEOUT,
            at_once: CALLS_AT_ONCE,
            largest: LARGEST_ANSWER,
            retries: Retries::default(),
            keep: None,
        }
    }

    /// How each service is, by name.
    #[must_use]
    pub fn health(&self) -> Vec<UpstreamHealth> {
        let services = self.0.services.lock();
        let mut all: Vec<UpstreamHealth> = services
            .iter()
            .filter_map(Weak::upgrade)
            .map(|service| service.health.tell(service.name))
            .collect();
        all.sort_by_key(|health| health.name);
        all
    }

    /// The pool for an address.
    fn client(&self, base: &Url) -> Result<reqwest::Client, UpstreamError> {
        let clients = &self.0.clients;
        let (slot, tls) = if base.scheme() == "https" {
            (&clients.tls, true)
        } else {
            (&clients.plain, false)
        };
        if let Some(client) = slot.get() {
            return Ok(client.clone());
        }
        install_crypto();
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            // A service that sends us elsewhere is not the one we trust.
            .redirect(reqwest::redirect::Policy::none());
        if !tls {
            builder = builder.tls_certs_only([]);
        }
        let client = builder
            .build()
            .map_err(|error| UpstreamError::Setup(error.to_string()))?;
        Ok(slot.get_or_init(|| client).clone())
    }
}

/// Describes a service.
#[derive(Debug)]
pub struct UpstreamBuilder {
    upstreams: Upstreams,
    name: &'static str,
    base: Url,
    timeout: Duration,
    at_once: usize,
    largest: usize,
    retries: Retries,
    keep: Option<(u64, Duration, Duration)>,
}

impl UpstreamBuilder {
    /// How long an attempt may take, and how long a call waits for its turn. 10 s if not set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Calls at once. 4 if not set.
    #[must_use]
    pub fn at_once(mut self, calls: usize) -> Self {
        self.at_once = calls.max(1);
        self
    }

    /// Bytes of an answer. 4 MiB if not set.
    #[must_use]
    pub fn largest(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }

    /// How often, and after which pauses, a call is tried again.
    #[must_use]
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// Keeps answers of [`Upstream::get_json`]: so many, for so long, and so much longer for when the service is away.
    #[must_use]
    pub fn keep(mut self, answers: u64, ttl: Duration, stale: Duration) -> Self {
        self.keep = Some((answers, ttl, stale));
        self
    }

    /// The client.
    #[must_use]
    pub fn build(self) -> Upstream {
        let shared = &self.upstreams.0;
        let (answers, ttl, stale) = self.keep.unwrap_or((1, Duration::ZERO, Duration::ZERO));
        let options = CacheOptions::new(self.name, answers, ttl).stale(stale);
        let cache: Option<Cache<Bytes>> = self.keep.map(|_| shared.caches.build(options));
        let service = Arc::new(Service {
            name: self.name,
            base: self.base,
            timeout: self.timeout,
            turns: Semaphore::new(self.at_once),
            largest: self.largest,
            retries: self.retries,
            cache,
            health: Health::new(shared.clock.clone()),
        });
        let mut services = shared.services.lock();
        services.retain(|other| other.strong_count() > 0);
        services.push(Arc::downgrade(&service));
        drop(services);
        Upstream {
            service,
            upstreams: self.upstreams,
        }
    }
}

#[cfg(test)]
mod tests;
