//! The HTTP server: REST, gateway, OAuth2, CDN, control API and sandbox page on one loopback port.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Query, State};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use axum::serve::ListenerExt as _;
use http::StatusCode;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::hub::{Hub, SimOptions};
use crate::world::World;
use crate::{authorize, cdn, control, gateway, observe, page, rest};

use super::StartError;

/// Listens and serves until `stop` is cancelled.
pub(super) async fn start(
    options: SimOptions,
    world: World,
    stop: CancellationToken,
) -> Result<(Arc<Hub>, SocketAddr), StartError> {
    let fail = |source| StartError::Listen {
        port: options.port,
        source,
    };
    let listener = TcpListener::bind((options.bind, options.port))
        .await
        .map_err(fail)?;
    let port = listener.local_addr().map_err(fail)?.port();
    // Bots reach it here, wherever else it listens.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let hub = Hub::new(world, options, format!("http://{address}"));
    let app = router(Arc::clone(&hub));
    tokio::spawn(async move {
        // Answers are small and awaited: they must not wait for a full packet.
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection has no TCP_NODELAY");
            }
        });
        let served = axum::serve(listener, app)
            .with_graceful_shutdown(async move { stop.cancelled().await })
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "the simulator's server ended");
        }
    });
    Ok((hub, address))
}

/// The same without listening: whoever holds the router hands requests to it.
pub(super) fn in_process(options: SimOptions, world: World) -> (Arc<Hub>, SocketAddr, Router) {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let hub = Hub::new(world, options, format!("http://{address}"));
    let app = router(Arc::clone(&hub));
    (hub, address, app)
}

fn router(hub: Arc<Hub>) -> Router {
    let mut app = Router::new()
        .route("/", get(root))
        .route("/invite/{code}", get(invited))
        .route("/api/{*path}", any(rest::serve))
        .route("/oauth2/authorize", get(authorize::page).post(authorize::decide))
        .route(
            "/api/oauth2/authorize",
            get(authorize::page).post(authorize::decide),
        )
        .route(
            "/api/v10/oauth2/authorize",
            get(authorize::page).post(authorize::decide),
        )
        .route("/gateway", get(gateway::serve))
        .route("/gateway/", get(gateway::serve))
        .route("/gateway/resume", get(gateway::serve_resume))
        .route("/gateway/resume/", get(gateway::serve_resume))
        .route("/attachments/{channel}/{id}/{name}", get(cdn::attachment));
    for kind in [
        "avatars",
        "icons",
        "banners",
        "widget-avatars",
        "emojis",
        "embed",
        "role-icons",
        "app-icons",
        "splashes",
        "guilds",
    ] {
        app = app.route(&format!("/{kind}/{{*rest}}"), get(cdn::picture));
    }
    app = app.merge(page::router());
    if hub.options.control {
        app = app.merge(control::router());
    }
    if hub.options.observer.is_some() {
        app = app.layer(middleware::from_fn_with_state(Arc::clone(&hub), observe::layer));
    }
    app.with_state(hub)
}

/// Libraries connect to the root of the gateway's host, browsers look at it.
async fn root(
    state: State<Arc<Hub>>,
    query: Query<HashMap<String, String>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    match upgrade {
        Ok(upgrade) => gateway::serve(state, query, upgrade).await,
        Err(_) => invited(state).await,
    }
}

/// Invitations lead to the page, which asks whether to follow them.
async fn invited(state: State<Arc<Hub>>) -> Response {
    if state.options.control {
        page::index()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}
