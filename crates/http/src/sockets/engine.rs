//! The transport under the sockets, and the way from its callbacks into one queue per connection. The library runs each
//! event as a task of its own; the queue puts them back into order.

use std::{
    future::ready,
    sync::{Arc, Weak},
    time::Duration,
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use futures_util::future::BoxFuture;
use http::{Request, StatusCode};
use parking_lot::Mutex;
use serde_json::Value;
use socketioxide::{
    SocketIo,
    extract::{AckSender, Event, SocketRef, TryData},
    handler::ConnectHandler as _,
};
use tokio::sync::mpsc;
use tower::Service;

use super::{Inner, QUEUE, connection};

/// Longest event in bytes; both events of the app are far below.
const MAX_PAYLOAD: usize = 64 * 1_024;
/// Packets that wait for one slow connection before more are dropped.
const OUTGOING: usize = 128;
/// The server asks for a sign of life this often …
const PING_INTERVAL: Duration = Duration::from_secs(25);
/// … and waits this long for it.
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// How long an opened transport may take to say what it wants.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// The transport's reading buffer; small, because idle connections keep theirs.
const READ_BUFFER: usize = 4 * 1_024;

/// An array without elements is an acknowledgement without arguments.
const NOTHING: [(); 0] = [];

type Serve = Box<dyn Fn(Request<Body>) -> BoxFuture<'static, Response> + Send + Sync>;

pub(super) struct Engine {
    pub(super) io: SocketIo,
    serve: Serve,
}

impl Engine {
    pub(super) fn new(sockets: Weak<Inner>) -> Self {
        let (service, io) = SocketIo::builder()
            .req_path("/socket.io")
            .ping_interval(PING_INTERVAL)
            .ping_timeout(PING_TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .max_payload(MAX_PAYLOAD as u64)
            .ws_max_message_size(MAX_PAYLOAD)
            .ws_max_frame_size(MAX_PAYLOAD)
            .ws_read_buffer_size(READ_BUFFER)
            .max_buffer_size(OUTGOING)
            .build_svc();
        let serve: Serve = Box::new(move |request| {
            let answer = service.clone().call(request);
            Box::pin(async move {
                match answer.await {
                    Ok(response) => response.map(Body::new),
                    Err(error) => {
                        tracing::debug!(%error, "a socket request failed");
                        StatusCode::BAD_REQUEST.into_response()
                    }
                }
            })
        });
        let connect = move |socket: SocketRef, auth: TryData<Value>| {
            if let Some(sockets) = sockets.upgrade() {
                connected(&sockets, &socket, auth.0.unwrap_or_default());
            }
            ready(())
        };
        let listen = |socket: SocketRef| {
            listen(&socket);
            ready(Ok::<(), std::convert::Infallible>(()))
        };
        io.ns("/", connect.with(listen));
        Self { io, serve }
    }

    pub(super) fn serve(&self, request: Request<Body>) -> BoxFuture<'static, Response> {
        (self.serve)(request)
    }
}

/// An event's name and its argument.
type Received = (String, Value);

/// The events of a connection that is about to be told that it is connected.
#[derive(Clone)]
struct Waiting(Arc<Mutex<Option<mpsc::Receiver<Received>>>>);

/// Runs before the client is told that it is connected: from then on it may send, and none of it is missed.
fn listen(socket: &SocketRef) {
    let (queue, events) = mpsc::channel(QUEUE);
    socket
        .extensions
        .insert(Waiting(Arc::new(Mutex::new(Some(events)))));
    socket.on_fallback(move |Event(name): Event, data: TryData<Value>, ack: AckSender| {
        // an acknowledgement is answered empty, as soon as the event has arrived
        if let Err(error) = ack.send(&NOTHING) {
            tracing::debug!(%error, "an acknowledgement was not sent");
        }
        let data = data.0.ok().filter(Value::is_object).unwrap_or_default();
        if queue.try_send((name, data)).is_err() {
            tracing::debug!("an event was dropped: its connection sends faster than it is served");
        }
        ready(())
    });
}

/// Begins to handle the events of a connection.
fn connected(sockets: &Arc<Inner>, socket: &SocketRef, auth: Value) {
    let id = socket.id;
    let waiting = socket.extensions.remove::<Waiting>();
    let Some(events) = waiting.and_then(|waiting| waiting.0.lock().take()) else {
        return;
    };
    connection::open(sockets, socket.clone(), auth, events);
    let weak = Arc::downgrade(sockets);
    socket.on_disconnect(move || {
        if let Some(sockets) = weak.upgrade() {
            sockets.gone(id);
        }
        ready(())
    });
    if !socket.connected() {
        // it was gone before anybody listened for that
        sockets.gone(id);
    }
}
