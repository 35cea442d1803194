//! One connection: who it belongs to, the rooms it is in, and the task that handles its events in order.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    panic::AssertUnwindSafe,
    sync::Arc,
};

use futures_util::FutureExt;
use hazebot_core::{gate::NoEntry, ids::UserId};
use http::StatusCode;
use parking_lot::Mutex;
use serde_json::{Value, json};
use socketioxide::{extract::SocketRef, socket::Sid};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{EVENT_TIME, EVENTS, Inner, STAFF_ROOM, SocketCx};
use crate::{caller::Caller, net::ClientIp};

/// An open connection.
pub(super) struct Connection {
    pub(super) socket: SocketRef,
    pub(super) ip: IpAddr,
    /// The token that it signed in with, for as long as that is good.
    token: Mutex<Option<String>>,
    /// Who that is; checked anew at each event.
    caller: Mutex<Option<Caller>>,
    /// Cancelled when the transport is gone. The task must end by it: it holds the socket, which holds its queue.
    pub(super) closed: CancellationToken,
    /// Rooms, and under which proven name it is there.
    pub(super) rooms: Mutex<HashMap<String, Option<UserId>>>,
}

impl Connection {
    pub(super) fn id(&self) -> Sid {
        self.socket.id
    }

    pub(super) fn caller(&self) -> Option<Caller> {
        self.caller.lock().clone()
    }

    /// Belongs to nobody from now on, and leaves every room; gives which.
    pub(super) fn sign_out(&self) -> Vec<String> {
        *self.token.lock() = None;
        *self.caller.lock() = None;
        let left: Vec<String> = self.rooms.lock().drain().map(|(room, _)| room).collect();
        left.iter().for_each(|room| self.socket.leave(room.clone()));
        left
    }

    pub(super) fn viewer_of(&self, room: &str) -> Option<UserId> {
        self.rooms.lock().get(room).copied().flatten()
    }

    /// Leaves the rooms in which it is for this member and that they may not see; gives which.
    pub(super) fn evict(&self, user: UserId, may_not_see: &dyn Fn(&str) -> bool) -> Vec<String> {
        let (mut rooms, mut left) = (self.rooms.lock(), Vec::new());
        rooms.retain(|room, viewer| {
            let stays = *viewer != Some(user) || !may_not_see(room);
            if !stays {
                self.socket.leave(room.clone());
                left.push(room.clone());
            }
            stays
        });
        left
    }
}

/// Enters the connection into the table and starts its task, which handles the events one after the other.
pub(super) fn open(
    sockets: &Arc<Inner>,
    socket: SocketRef,
    auth: Value,
    events: mpsc::Receiver<(String, Value)>,
) {
    let parts = socket.req_parts();
    let ip = parts
        .extensions
        .get::<ClientIp>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ip| ip.0);
    let token = token_of(&auth, parts.uri.query().unwrap_or_default());
    let connection = Arc::new(Connection {
        socket,
        ip,
        token: Mutex::new(token),
        caller: Mutex::default(),
        closed: CancellationToken::new(),
        rooms: Mutex::default(),
    });
    sockets
        .connections
        .lock()
        .insert(connection.id(), Arc::clone(&connection));
    tokio::spawn(run(Arc::clone(sockets), connection, events));
}

/// The token of the connect payload (`auth.token`) or of the query.
fn token_of(auth: &Value, query: &str) -> Option<String> {
    let said = auth.get("token").and_then(Value::as_str).map(str::to_owned);
    let said = said.or_else(|| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs
            .find(|(key, _)| key == "token")
            .map(|(_, value)| value.into_owned())
    });
    said.map(|token| token.strip_prefix("Bearer ").unwrap_or(&token).to_owned())
        .filter(|token| !token.is_empty())
}

async fn run(sockets: Arc<Inner>, connection: Arc<Connection>, mut events: mpsc::Receiver<(String, Value)>) {
    let cx = SocketCx::new(sockets, connection);
    cx.emit("connected", &json!({"message": "Connected to HazeBot API"}));
    if identify(&cx).await && cx.caller().is_some_and(|caller| caller.rights().is_staff()) {
        cx.join_unbounded(STAFF_ROOM);
    }
    loop {
        tokio::select! {
            biased;
            () = cx.connection().closed.cancelled() => return,
            event = events.recv() => match event {
                Some((name, data)) => handle(&cx, &name, data).await,
                None => return,
            },
        }
    }
}

/// Looks at the connection's token, if it has one: a session may have ended and roles may have changed since. Tells
/// whether the connection belongs to somebody.
async fn identify(cx: &SocketCx) -> bool {
    let connection = cx.connection();
    let token = connection.token.lock().clone();
    let Some(token) = token else { return false };
    match cx.sockets().auth.authenticate_token(&token, connection.ip).await {
        Ok(caller) => {
            *connection.caller.lock() = Some(caller);
            true
        }
        Err(error) => {
            if error.status() == StatusCode::UNAUTHORIZED {
                // it goes on without: old clients never had a token
                let left = connection.sign_out();
                left.iter().for_each(|room| cx.sockets().moved(room));
            } else {
                *connection.caller.lock() = None;
            }
            cx.error(error.sentence());
            false
        }
    }
}

async fn handle(cx: &SocketCx, name: &str, data: Value) {
    let sockets = cx.sockets();
    if sockets
        .limiter
        .take((cx.connection().id(), "event"), EVENTS)
        .is_err()
    {
        cx.error("Too many requests");
        return;
    }
    let Some(registered) = sockets.handlers.read().get(name).cloned() else {
        return;
    };
    identify(cx).await;
    let pass = match &registered.gate {
        None => None,
        Some((cog, gate)) => match gate.enter().await {
            Ok(pass) => Some(pass),
            Err(NoEntry::Shut) => return cx.error(&format!("{cog} is not loaded")),
            Err(NoEntry::Busy) => return cx.error(&format!("{cog} is busy, try again")),
        },
    };
    let work = AssertUnwindSafe((registered.handler)(cx.clone(), data)).catch_unwind();
    match tokio::time::timeout(EVENT_TIME, work).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) => {
            tracing::error!(event = name, "a socket event panicked");
            cx.error("Internal server error");
        }
        Err(_) => {
            tracing::warn!(event = name, "a socket event took too long");
            cx.error("The server took too long");
        }
    }
    drop(pass);
}
