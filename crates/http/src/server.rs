//! The listener that the `APIServer` cog serves, pauses, reloads and stops. A reload keeps the listening socket: who
//! connects meanwhile waits in its backlog, and what runs is finished.

use std::{
    convert::Infallible,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::Body;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use parking_lot::Mutex as SyncMutex;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{Mutex, Semaphore},
    task::JoinHandle,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::edge::App;

/// Connections that wait to be accepted. A reload takes a second at most.
const BACKLOG: u32 = 1_024;
/// Open HTTP connections, WebSockets not among them; more wait in the backlog.
const MAX_CONNECTIONS: usize = 4_096;
/// How long a connection may take to send the head of a request, idle time between requests included.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// A connection that was accepted before a reload may still send its first request for so long.
const FIRST_REQUEST: Duration = Duration::from_millis(500);
/// Longest head of a request in bytes.
const MAX_HEAD: usize = 64 * 1_024;
/// After a failed accept (such as too many open files) the loop rests this long.
const ACCEPT_REST: Duration = Duration::from_millis(100);

/// Why the server does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address could not be bound.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
}

/// What the server has done and is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServerStats {
    /// Open HTTP connections.
    pub open_connections: usize,
    /// Connections since the program started.
    pub connections: u64,
    /// Requests that are being answered.
    pub running_requests: usize,
    /// Requests since the program started.
    pub requests: u64,
}

#[derive(Default)]
struct Counts {
    open: AtomicUsize,
    connections: AtomicU64,
    running: AtomicUsize,
    requests: AtomicU64,
}

/// Counts down when it is dropped, whatever the reason.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The listener. Cheap to clone; all clones are one listener.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

struct Inner {
    /// The address asked for, with the port that was given once port 0 was bound.
    address: SyncMutex<SocketAddr>,
    state: Mutex<State>,
    counts: Arc<Counts>,
}

enum State {
    Stopped,
    Paused(TcpListener),
    Serving(Serving),
}

struct Serving {
    accepting: CancellationToken,
    killing: CancellationToken,
    accept: JoinHandle<TcpListener>,
    connections: TaskTracker,
}

impl Server {
    /// A server that does not listen yet. Port 0 takes any free one and keeps it.
    #[must_use]
    pub fn new(bind: IpAddr, port: u16) -> Self {
        Self(Arc::new(Inner {
            address: SyncMutex::new(SocketAddr::new(bind, port)),
            state: Mutex::new(State::Stopped),
            counts: Arc::default(),
        }))
    }

    /// The address that is or was listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        *self.0.address.lock()
    }

    /// Listens, without accepting yet.
    ///
    /// # Errors
    /// The address can't be bound.
    pub async fn bind(&self) -> Result<SocketAddr, ServerError> {
        let mut state = self.0.state.lock().await;
        if matches!(*state, State::Stopped) {
            *state = State::Paused(self.listen()?);
        }
        Ok(self.address())
    }

    fn listen(&self) -> Result<TcpListener, ServerError> {
        let address = self.address();
        let listen = || {
            let socket = if address.is_ipv4() {
                TcpSocket::new_v4()
            } else {
                TcpSocket::new_v6()
            }?;
            // connections of the last listener that linger must not keep the port
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            let listener = socket.listen(BACKLOG)?;
            *self.0.address.lock() = listener.local_addr()?;
            Ok(listener)
        };
        listen().map_err(|source| ServerError::Bind { address, source })
    }

    /// Serves the app, listening if it does not yet. While it serves already, the new app takes over as in
    /// [`Server::reload`].
    ///
    /// # Errors
    /// The address can't be bound.
    pub async fn serve(&self, app: App) -> Result<SocketAddr, ServerError> {
        let mut state = self.0.state.lock().await;
        let listener = match std::mem::replace(&mut *state, State::Stopped) {
            State::Stopped => self.listen()?,
            State::Paused(listener) => listener,
            State::Serving(serving) => match serving.end(Duration::ZERO).await {
                Some(listener) => listener,
                None => self.listen()?,
            },
        };
        let (accepting, killing) = (CancellationToken::new(), CancellationToken::new());
        let connections = TaskTracker::new();
        let accept = tokio::spawn(accept(
            listener,
            app,
            accepting.clone(),
            killing.clone(),
            connections.clone(),
            Arc::clone(&self.0.counts),
        ));
        *state = State::Serving(Serving {
            accepting,
            killing,
            accept,
            connections,
        });
        Ok(self.address())
    }

    /// Accepts nobody any more and lets what runs finish; after the patience what is left is cut off. The socket goes
    /// on listening: new connections wait.
    pub async fn pause(&self, patience: Duration) {
        let mut state = self.0.state.lock().await;
        if let State::Serving(serving) = std::mem::replace(&mut *state, State::Stopped) {
            *state = serving.end(patience).await.map_or(State::Stopped, State::Paused);
        }
    }

    /// As [`Server::pause`], and closes the socket: new connections are refused.
    pub async fn stop(&self, patience: Duration) {
        self.pause(patience).await;
        *self.0.state.lock().await = State::Stopped;
    }

    /// Lets what runs finish, then goes on with another app on the same socket.
    ///
    /// # Errors
    /// It was stopped, and the address can't be bound.
    pub async fn reload(&self, app: App, patience: Duration) -> Result<SocketAddr, ServerError> {
        self.pause(patience).await;
        self.serve(app).await
    }

    /// Whether it accepts connections.
    pub async fn is_serving(&self) -> bool {
        matches!(*self.0.state.lock().await, State::Serving(_))
    }

    /// Counts of now.
    #[must_use]
    pub fn stats(&self) -> ServerStats {
        let counts = &self.0.counts;
        ServerStats {
            open_connections: counts.open.load(Ordering::Relaxed),
            connections: counts.connections.load(Ordering::Relaxed),
            running_requests: counts.running.load(Ordering::Relaxed),
            requests: counts.requests.load(Ordering::Relaxed),
        }
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl Serving {
    /// Ends accepting and, within the patience, what runs; gives the listener back.
    async fn end(self, patience: Duration) -> Option<TcpListener> {
        self.accepting.cancel();
        let listener = self.accept.await.ok();
        self.connections.close();
        if tokio::time::timeout(patience, self.connections.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                left = self.connections.len(),
                "requests were cut off: they took too long"
            );
            self.killing.cancel();
            self.connections.wait().await;
        }
        listener
    }
}

async fn accept(
    listener: TcpListener,
    app: App,
    accepting: CancellationToken,
    killing: CancellationToken,
    connections: TaskTracker,
    counts: Arc<Counts>,
) -> TcpListener {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let next = async {
            // never closed
            let permit = Arc::clone(&room).acquire_owned().await.ok();
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            biased;
            () = accepting.cancelled() => return listener,
            accepted = next => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                counts.connections.fetch_add(1, Ordering::Relaxed);
                let (app, counts) = (app.clone(), Arc::clone(&counts));
                let (accepting, killing) = (accepting.clone(), killing.clone());
                connections.spawn(async move {
                    let _permit = permit;
                    let _open = Counted::new(&counts.open);
                    let ended = connection(stream, peer, app, &accepting, &counts);
                    tokio::select! {
                        () = killing.cancelled() => {}
                        () = ended => {}
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::select! {
                    () = accepting.cancelled() => return listener,
                    () = tokio::time::sleep(ACCEPT_REST) => {}
                }
            }
        }
    }
}

fn connection<'a>(
    stream: TcpStream,
    peer: SocketAddr,
    app: App,
    ending: &'a CancellationToken,
    counts: &'a Arc<Counts>,
) -> impl Future<Output = ()> + Send + 'a {
    let counts = Arc::clone(counts);
    async move {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection has no TCP_NODELAY");
        }
        let asked = CancellationToken::new();
        let first = asked.clone();
        let service = service_fn(move |request: http::Request<Incoming>| {
            first.cancel();
            let (app, counts) = (app.clone(), Arc::clone(&counts));
            async move {
                counts.requests.fetch_add(1, Ordering::Relaxed);
                let _running = Counted::new(&counts.running);
                Ok::<_, Infallible>(app.respond(request.map(Body::new), peer.ip()).await)
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = ending.cancelled() => {
                // Closed now, a connection whose request is still on its way would lose it.
                let waited = tokio::select! {
                    ended = connection.as_mut() => Some(ended),
                    () = asked.cancelled() => None,
                    () = tokio::time::sleep(FIRST_REQUEST) => None,
                };
                match waited {
                    Some(ended) => ended,
                    None => {
                        connection.as_mut().graceful_shutdown();
                        connection.await
                    }
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke");
        }
    }
}
