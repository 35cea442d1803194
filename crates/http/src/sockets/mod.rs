//! Socket.IO: rooms, events, and who is in a room. Features register events; the transport, limits, order and identity
//! are here. The protocol is that of Engine.IO 4 and Socket.IO 5, which the Flutter client speaks.

mod connection;
mod cx;
mod engine;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwap;
use axum::{
    Json,
    body::Body,
    response::{IntoResponse, Response},
};
use futures_util::future::BoxFuture;
use hazebot_core::{Clock, gate::Gate, ids::UserId};
use http::{Request, StatusCode};
use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use serde_json::Value;
use socketioxide::socket::Sid;
use tokio::sync::broadcast;

pub use self::cx::{JoinRefused, SocketCx};
use self::{connection::Connection, engine::Engine};
use crate::{
    auth::Auth,
    error::ApiError,
    limits::Limiter,
    net::{ClientIp, Place},
    policy::RouteLimit,
};

/// Moves between rooms that wait for those who want to know of them.
const MOVES: usize = 256;
/// Rooms of one connection. An app shows one ticket at a time.
pub const MAX_ROOMS: usize = 50;
/// Joins of one connection in a minute; after a restart of the server an app joins in bursts.
pub(crate) const JOINS: RouteLimit = RouteLimit::per_minute(60);
/// Events of one connection in a minute.
pub(crate) const EVENTS: RouteLimit = RouteLimit::per_minute(240);
/// Connections from one place. Several people, and behind a proxy that is not named as trusted all of them, share one.
pub(crate) const MAX_PER_PLACE: usize = 256;
/// Connections in all.
pub(crate) const MAX_CONNECTIONS: usize = 10_000;
/// Events of one connection that wait for their turn; more are dropped.
const QUEUE: usize = 64;
/// How long one event may take. The next one of the connection waits that long at most.
const EVENT_TIME: Duration = Duration::from_secs(20);
/// The room of connections that signed in with the token of a staff member.
pub const STAFF_ROOM: &str = "staff";

type Handler = Arc<dyn Fn(SocketCx, Value) -> BoxFuture<'static, ()> + Send + Sync>;

#[derive(Clone)]
struct Registered {
    gate: Option<(&'static str, Gate)>,
    handler: Handler,
}

/// All connections. Cheap to clone.
#[derive(Clone)]
pub struct Sockets(Arc<Inner>);

struct Inner {
    engine: ArcSwap<Engine>,
    auth: Auth,
    handlers: RwLock<HashMap<&'static str, Registered>>,
    connections: Mutex<HashMap<Sid, Arc<Connection>>>,
    limiter: Limiter<(Sid, &'static str)>,
    /// Rooms that somebody has entered or left.
    moved: broadcast::Sender<String>,
}

impl Inner {
    /// A connection has ended.
    fn gone(&self, id: Sid) {
        let gone = self.connections.lock().remove(&id);
        if let Some(gone) = gone {
            gone.closed.cancel();
            gone.rooms.lock().keys().for_each(|room| self.moved(room));
        }
    }

    fn moved(&self, room: &str) {
        // Nobody may listen; then nobody has to know.
        let _ = self.moved.send(room.to_owned());
    }
}

impl Sockets {
    pub(crate) fn new(auth: Auth, clock: Clock, limits: bool) -> Self {
        let inner = Arc::new_cyclic(|weak| Inner {
            engine: ArcSwap::from_pointee(Engine::new(weak.clone())),
            auth,
            handlers: RwLock::default(),
            connections: Mutex::default(),
            limiter: Limiter::new(clock, limits),
            moved: broadcast::channel(MOVES).0,
        });
        Self(inner)
    }

    /// Answers an event. Events of one connection are handled one after the other, in order; an event that is not an
    /// object or absent comes as `null`.
    pub fn on<F, Fut>(&self, event: &'static str, handler: F)
    where
        F: Fn(SocketCx, Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.register(event, None, handler);
    }

    /// As [`Sockets::on`], for a cog: events wait while it reloads and get `error` while it is switched off.
    pub fn on_for_cog<F, Fut>(&self, cog: &'static str, gate: Gate, event: &'static str, handler: F)
    where
        F: Fn(SocketCx, Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.register(event, Some((cog, gate)), handler);
    }

    fn register<F, Fut>(&self, event: &'static str, gate: Option<(&'static str, Gate)>, handler: F)
    where
        F: Fn(SocketCx, Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |cx, data| Box::pin(handler(cx, data)));
        self.0
            .handlers
            .write()
            .insert(event, Registered { gate, handler });
    }

    /// Sends an event to everybody in a room. The payload is written out once.
    pub async fn emit<T: Serialize + ?Sized>(&self, room: &str, event: &str, payload: &T) {
        let engine = self.0.engine.load_full();
        if let Err(error) = engine.io.to(room.to_owned()).emit(event, payload).await {
            // a connection that is too slow for its queue misses the event; it asks again when it rejoins
            tracing::debug!(%error, event, room, "an event did not reach everybody");
        }
    }

    /// Who has a connection in a room under a proven name.
    #[must_use]
    pub fn viewers(&self, room: &str) -> HashSet<UserId> {
        self.0
            .connections
            .lock()
            .values()
            .filter_map(|connection| connection.viewer_of(room))
            .collect()
    }

    /// Tells the name of each room that a connection enters or leaves from now on. A receiver that lags misses the
    /// oldest; who is there now is told by [`Sockets::viewers`].
    #[must_use]
    pub fn moves(&self) -> broadcast::Receiver<String> {
        self.0.moved.subscribe()
    }

    /// Whether a member has a connection in a room.
    #[must_use]
    pub fn is_viewing(&self, room: &str, user: UserId) -> bool {
        self.0
            .connections
            .lock()
            .values()
            .any(|connection| connection.viewer_of(room) == Some(user))
    }

    /// Takes a member's connections out of the rooms that they may not see any more; tells how many rooms were left.
    /// The connections stay open.
    pub fn evict(&self, user: UserId, may_not_see: impl Fn(&str) -> bool) -> usize {
        let connections: Vec<_> = self.0.connections.lock().values().cloned().collect();
        let left: Vec<String> = connections
            .iter()
            .flat_map(|connection| connection.evict(user, &may_not_see))
            .collect();
        left.iter().for_each(|room| self.0.moved(room));
        left.len()
    }

    /// A session has ended: its connections belong to nobody any more and leave every room. They stay open.
    pub(crate) fn end_session(&self, session: &str) {
        let is_of = |connection: &&Arc<Connection>| {
            connection
                .caller()
                .is_some_and(|caller| caller.session() == session)
        };
        let connections: Vec<_> = self
            .0
            .connections
            .lock()
            .values()
            .filter(is_of)
            .cloned()
            .collect();
        for connection in connections {
            connection.sign_out().iter().for_each(|room| self.0.moved(room));
        }
    }

    /// How many connections there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.connections.lock().len()
    }

    /// Closes every transport, for a stop of the API, without the packet that would tell clients not to come back.
    pub async fn close_all(&self) {
        let fresh = Arc::new(Engine::new(Arc::downgrade(&self.0)));
        let old = self.0.engine.swap(fresh);
        old.io.close().await;
        for (_, connection) in self.0.connections.lock().drain() {
            connection.closed.cancel();
        }
    }

    /// Answers a request to `/socket.io/`.
    pub(crate) async fn serve(&self, request: Request<Body>) -> Response {
        let query = request.uri().query().unwrap_or_default();
        let value = |name: &str| url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        if value("EIO").is_none_or(|(_, version)| version != "4") {
            let text = "The client is using an unsupported version of the Socket.IO or Engine.IO protocols";
            return (StatusCode::BAD_REQUEST, Json(text)).into_response();
        }
        if value("sid").is_none() && self.is_full(request.extensions().get::<ClientIp>()) {
            return ApiError::too_many(Duration::from_secs(10)).into_response();
        }
        let engine = self.0.engine.load_full();
        engine.serve(request).await
    }

    fn is_full(&self, ip: Option<&ClientIp>) -> bool {
        let connections = self.0.connections.lock();
        let here = ip.map(|ip| Place::from(ip.0));
        let same = || {
            connections
                .values()
                .filter(|connection| Some(Place::from(connection.ip)) == here)
                .count()
        };
        connections.len() >= MAX_CONNECTIONS || same() >= MAX_PER_PLACE
    }
}

impl std::fmt::Debug for Sockets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sockets")
            .field("connections", &self.count())
            .finish_non_exhaustive()
    }
}
