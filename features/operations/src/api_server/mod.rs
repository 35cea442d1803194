//! The cog `APIServer`: while it is loaded, the HTTP API, Socket.IO and the panel are served.

mod commands;
mod members;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use hazebot_core::{Failure, Outcome, Timestamp};
use hazebot_discord::{About, Cog, Parts, Protection};
use hazebot_http::{Api, App, Server, ServerError};
use parking_lot::Mutex;

/// Its canonical name.
pub const NAME: &str = "APIServer";

/// How long running requests may take to finish when the server restarts or stops. The framework gives the setting up
/// of a reload 8 s in all, and the Flutter client gives up after 15 s.
pub const PATIENCE: Duration = Duration::from_secs(5);

static ABOUT: About = About {
    icon: "api",
    emoji: "🌐",
    category: "core",
    description: "Serves the HTTP API, Socket.IO and the panel",
    features: &[
        "REST API",
        "Socket.IO",
        "Panel",
        "OpenAPI description",
        "Restart that finishes running requests",
        "Commands apistatus and apirestart",
    ],
    protection: Protection::ReloadOnly,
    ..About::named(NAME)
};

/// The cog.
#[derive(Debug, Clone)]
pub struct ApiServer(Arc<Inner>);

struct Inner {
    server: Server,
    app: App,
    api: Api,
    since: Mutex<Option<Timestamp>>,
    /// Which setting-up is the newest: only its end closes the socket.
    newest: AtomicU64,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiServer")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl ApiServer {
    /// With the listener, what it serves, and the services behind that.
    #[must_use]
    pub fn new(server: Server, app: App, api: Api) -> Self {
        Self(Arc::new(Inner {
            server,
            app,
            api,
            since: Mutex::new(None),
            newest: AtomicU64::new(0),
        }))
    }

    /// Lets running requests finish, then serves anew on the same socket; starts the server if it does not run.
    ///
    /// # Errors
    /// The address can't be listened on.
    pub async fn restart(&self, now: Timestamp) -> Result<(), ServerError> {
        let address = self.0.server.reload(self.0.app.clone(), PATIENCE).await?;
        *self.0.since.lock() = Some(now);
        tracing::info!(cog = NAME, %address, "the API is served");
        Ok(())
    }

    async fn stop(&self) {
        self.0.server.stop(PATIENCE).await;
        *self.0.since.lock() = None;
        tracing::info!(cog = NAME, "the API is no longer served");
    }
}

impl Cog for ApiServer {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            commands::add(parts, self);
            for listener in members::listeners(&self.0.api) {
                parts.listen(listener);
            }
            let now = parts.cx().clock().now();
            self.restart(now)
                .await
                .map_err(|error| Failure::internal(error.to_string()))?;
            let generation = self.0.newest.fetch_add(1, Ordering::AcqRel) + 1;
            let server = self.clone();
            // After a reload the hook of the one before comes too; the socket is no longer its own then.
            parts.on_unload(move || async move {
                if server.0.newest.load(Ordering::Acquire) == generation {
                    server.stop().await;
                }
            });
            Ok(())
        })
    }
}
