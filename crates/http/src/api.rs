//! The API put together: services that features use, routes with their guards, description, and the edge around all.

use std::{collections::HashSet, fmt, sync::Arc};

use axum::{Router, extract::DefaultBodyLimit};
use hazebot_core::{
    Outcome, SharedDirectory,
    env::{ApiEnv, DiscordEnv, OAuthEnv},
    gate::Gates,
    ids::UserId,
    store::Store,
};
use tokio_util::sync::CancellationToken;
use utoipa::openapi::OpenApi;

use crate::{
    auth::{Auth, StaffSource, oauth::OAuth, routes::Door},
    docs,
    edge::App,
    grants::Grants,
    guard::{GuardLayer, Observer, Post, Watch},
    health::{self, Health},
    limits::{BackOff, Limiter},
    live::LiveTable,
    net::TrustedProxies,
    routes::{RouteInfo, Routes},
    sockets::{STAFF_ROOM, Sockets},
};

/// What the API is made of.
pub struct ApiOptions {
    /// `API_*`, `TRUSTED_PROXIES` …
    pub api: ApiEnv,
    /// Sign-in through Discord, if it is set up.
    pub oauth: Option<OAuthEnv>,
    /// Addresses of Discord, and the home guild.
    pub discord: DiscordEnv,
    /// Who is in the guild.
    pub directory: SharedDirectory,
    /// The staff roles of a guild, from its settings.
    pub staff_roles: StaffSource,
    /// The database; its clock and randomness are those of the API.
    pub store: Store,
    /// The doors of the cogs.
    pub gates: Gates,
    /// Off in load tests only.
    pub rate_limits: bool,
}

/// Why the API was not put together. All of them are mistakes in the program.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Two handlers for one route.
    #[error("{method} {path} is there twice")]
    Twice {
        /// Its method.
        method: http::Method,
        /// Its path.
        path: String,
    },
    /// A handler without `operation_id`.
    #[error("{method} {path} has no endpoint id")]
    NoEndpoint {
        /// Its method.
        method: http::Method,
        /// Its path.
        path: String,
    },
    /// The description could not be written.
    #[error("the API's description: {0}")]
    Description(#[from] std::io::Error),
}

/// The services of the API, which features use, before and after it is put together. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    options: ApiOptions,
    auth: Auth,
    grants: Grants,
    sockets: Sockets,
    watch: Arc<Watch>,
    health: Health,
}

impl Api {
    /// Makes the services.
    #[must_use]
    pub fn new(options: ApiOptions) -> Self {
        let clock = options.store.clock().clone();
        let auth = Auth::new(
            options.discord.guild,
            Arc::clone(&options.directory),
            Arc::clone(&options.staff_roles),
            &options.api,
            options.store.clone(),
        );
        let grants = Grants::new(auth.ledger().clone());
        let sockets = Sockets::new(auth.clone(), clock.clone(), options.rate_limits);
        let watch = Arc::new(Watch {
            auth: auth.clone(),
            callers: Limiter::new(clock.clone(), options.rate_limits),
            routes: Limiter::new(clock.clone(), options.rate_limits),
            live: LiveTable::new(clock),
            observers: parking_lot::RwLock::default(),
        });
        let (version, environment) = (options.api.version.as_str(), options.api.environment.as_str());
        let health = Health::new(
            version,
            environment,
            auth.clone(),
            Arc::clone(&watch),
            options.store.clone(),
        );
        Self(Arc::new(Inner {
            options,
            auth,
            grants,
            sockets,
            watch,
            health,
        }))
    }

    /// Authentication and sessions.
    #[must_use]
    pub fn auth(&self) -> &Auth {
        &self.0.auth
    }

    /// Proofs for socket joins.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.0.grants
    }

    /// Socket.IO.
    #[must_use]
    pub fn sockets(&self) -> &Sockets {
        &self.0.sockets
    }

    /// A member has left the home guild, or was banned: every session ends, every room is left, no old proof counts.
    ///
    /// # Errors
    /// The database did not store it; the rooms are left all the same.
    pub async fn member_left(&self, user: UserId) -> Outcome<()> {
        self.0.sockets.evict(user, |_| true);
        self.0.auth.member_left(user).await?;
        Ok(())
    }

    /// A member's roles have changed: who is staff no more leaves the staff room. Features look after their own rooms.
    pub fn member_updated(&self, user: UserId) {
        if self
            .0
            .auth
            .role_of_member(user)
            .is_some_and(|role| !role.rights().is_staff())
        {
            self.0.sockets.evict(user, |room| room == STAFF_ROOM);
        }
    }

    /// Who uses the API now, and what was asked lately.
    #[must_use]
    pub fn live(&self) -> &LiveTable {
        &self.0.watch.live
    }

    /// `/api/health`, for parts to add themselves.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.0.health
    }

    /// Tells somebody of each authenticated request from now on.
    pub fn observe(&self, observer: Observer) {
        self.0.watch.observers.write().push(observer);
    }

    /// The API's own routes: signing in and out, health.
    fn own_routes(&self) -> Vec<Routes> {
        let inner = &*self.0;
        let options = &inner.options;
        let (clock, entropy) = (options.store.clock(), options.store.entropy());
        let oauth = options.oauth.clone().map(|settings| {
            Arc::new(OAuth::new(
                settings,
                &options.discord,
                &options.api,
                clock.clone(),
                entropy.clone(),
            ))
        });
        let door = Door {
            auth: inner.auth.clone(),
            oauth,
            watch: Arc::clone(&inner.watch),
            sockets: inner.sockets.clone(),
            back_off: Arc::new(BackOff::new(clock.clone(), options.rate_limits)),
            monitoring_secret: options.api.monitoring_secret.clone(),
        };
        vec![
            crate::auth::routes::routes(door),
            health::routes(inner.health.clone()),
        ]
    }

    /// Puts routes, description and panel together.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub fn build(&self, features: Vec<Routes>, panel: Option<Router>) -> Result<Built, BuildError> {
        let options = &self.0.options;
        let mut all = self.own_routes();
        all.extend(features);
        let inventory = checked(&all)?;
        let openapi = docs::describe(&options.api.version, &all);
        let mut router = Router::new();
        let mut number = 0;
        for routes in all {
            let gate = routes.cog.map(|cog| (cog, options.gates.of(cog)));
            for entry in routes.entries {
                let endpoints = entry.endpoints();
                let post = Post {
                    rule: entry.rule,
                    number,
                    endpoints: endpoints
                        .into_iter()
                        .map(|(_, method, id)| (method, id.into()))
                        .collect(),
                    gate: gate.clone(),
                    watch: Arc::clone(&self.0.watch),
                };
                number += 1;
                let guarded = entry.router.route_layer(GuardLayer(Arc::new(post)));
                for path in entry.paths.paths.keys() {
                    router = router.route(path, guarded.clone());
                }
            }
        }
        router = router.merge(docs::router(&openapi)?);
        // the guards bound the bodies
        let router = router.layer(DefaultBodyLimit::disable());
        let proxies = TrustedProxies::from(options.api.trusted_proxies.clone());
        let app = App::new(
            router,
            panel,
            self.0.sockets.clone(),
            proxies,
            options.store.entropy().hex(8),
        );
        Ok(Built {
            app,
            inventory,
            openapi,
        })
    }

    /// Writes down what requests leave behind, until told to stop. Runs for as long as the API does.
    pub async fn keep(&self, stop: CancellationToken) {
        self.0.auth.ledger().clone().keep(stop).await;
    }

    /// Writes down what is pending, now.
    ///
    /// # Errors
    /// The database is away.
    pub async fn flush(&self) -> Outcome<()> {
        self.0.auth.ledger().flush().await
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

/// The result of [`Api::build`].
pub struct Built {
    /// What answers requests.
    pub app: App,
    /// Every guarded route.
    pub inventory: Vec<RouteInfo>,
    /// The description.
    pub openapi: OpenApi,
}

fn checked(all: &[Routes]) -> Result<Vec<RouteInfo>, BuildError> {
    let inventory: Vec<RouteInfo> = all.iter().flat_map(Routes::inventory).collect();
    let mut seen = HashSet::new();
    for route in &inventory {
        let (method, path) = (route.method.clone(), route.path.clone());
        if route.endpoint.is_empty() {
            return Err(BuildError::NoEndpoint { method, path });
        }
        if !seen.insert((method.clone(), path.clone())) {
            return Err(BuildError::Twice { method, path });
        }
    }
    Ok(inventory)
}
