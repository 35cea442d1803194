//! The store: one API over SQLite (the default, one file) and PostgreSQL.
//!
//! Reading: [`Store::read`] lends a connection, the macros ([`fetch_all!`](crate::fetch_all),
//! [`fetch_optional!`](crate::fetch_optional) …) run SQL that is written once. Changing: [`Store::write`] takes a closure
//! that does SQL only and is answered after the commit.
//!
//! ```
//! # use hazebot_core::{Clock, Entropy, Outcome, store::{self, Store}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = Store::open("sqlite::memory:", Clock::system(), Entropy::system()).await?;
//! store
//!     .write(|tx| Box::pin(async move {
//!         store::execute!(tx, "INSERT INTO app_usage (user_id, at) VALUES ($1, $2)", 7_i64, tx.now_millis())?;
//!         Ok(())
//!     }))
//!     .await?;
//! let mut reader = store.read().await?;
//! let users = store::fetch_scalar!(reader, i64, "SELECT COUNT(*) FROM app_usage")?;
//! assert_eq!(users, 1);
//! # Ok(()) }
//! ```

mod backup;
mod bind;
mod connection;
mod error;
mod health;
mod macros;
mod migrate;
mod postgres;
mod retention;
mod sqlite;
mod tx;
mod writer;

use std::{path::PathBuf, sync::Arc};

pub use futures_util::future::BoxFuture;
use sqlx::{PgPool, sqlite::SqliteConnectOptions};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

pub use self::{
    bind::{Bind, bound},
    connection::{Conn, Database, Reader},
    error::StoreError,
    health::StoreHealth,
    retention::{keep_bounded, prune},
    tx::Tx,
};
pub(crate) use self::{
    connection::ReadPool,
    postgres::{EVENT_LOCK, EVENTS_CHANNEL, JOBS_CHANNEL},
    writer::panic_text,
};
use self::{
    migrate::migrate,
    writer::{INSIDE_CHANGE, Order, QUEUE, Writer, WriterStats, erase},
};
use crate::{
    clock::Clock,
    counters::{self, Counters},
    entropy::Entropy,
    events::Events,
    failure::{Failure, Outcome},
};
pub use crate::{
    execute, execute_built, fetch_all, fetch_all_built, fetch_one, fetch_optional, fetch_scalar,
    fetch_scalar_optional, fetch_scalars, insert_rows,
};

/// Rows of one statement of [`insert_rows!`](crate::insert_rows): with up to 60 columns below SQLite's 32,766 binds.
pub const ROWS_PER_INSERT: usize = 500;

/// The database of the program. Cheap to clone; the last clone closes it, without waiting ([`Store::close`] waits).
#[derive(Clone)]
pub struct Store(Arc<Inner>);

pub(crate) struct Inner {
    backend: Backend,
    readers: ReadPool,
    clock: Clock,
    entropy: Entropy,
    events: Events,
    counters: Counters,
    jobs: Arc<Notify>,
    schema: i64,
    stop: CancellationToken,
}

enum Backend {
    Sqlite {
        orders: mpsc::Sender<Order>,
        stats: Arc<WriterStats>,
        options: Box<SqliteConnectOptions>,
        path: PathBuf,
        throw_away: bool,
    },
    Postgres(PgPool),
}

impl Store {
    /// Opens the database, creates it where it is a file that does not exist, and brings its schema up to date.
    ///
    /// `sqlite:///absolute/path.db`, `postgres://user@host/database`, or `sqlite::memory:` for a database that is gone
    /// with the store (a file in the system's temporary folder, without syncs). Needs a running tokio runtime.
    ///
    /// # Errors
    /// See [`StoreError`]. A file that can't be read is kept as it is.
    pub async fn open(url: &str, clock: Clock, entropy: Entropy) -> Result<Self, StoreError> {
        let stop = CancellationToken::new();
        let jobs = Arc::new(Notify::new());
        let inner = if url.starts_with("sqlite:") {
            let mut opened = sqlite::open(url).await?;
            let schema = migrate(Conn::Sqlite(&mut opened.writer), &clock).await?;
            let readers = ReadPool::Sqlite(opened.readers);
            let events = Events::open(readers.clone()).await?;
            let counters = Counters::open(&readers).await?;
            let (orders, waiting) = mpsc::channel(QUEUE);
            let stats = Arc::new(WriterStats::default());
            let writer = Writer {
                connection: opened.writer,
                options: opened.options.clone(),
                orders: waiting,
                events: events.clone(),
                jobs: Arc::clone(&jobs),
                clock: clock.clone(),
                stats: Arc::clone(&stats),
            };
            tokio::spawn(writer.work());
            let backend = Backend::Sqlite {
                orders,
                stats,
                options: Box::new(opened.options),
                path: opened.path,
                throw_away: opened.throw_away,
            };
            Inner {
                backend,
                readers,
                clock,
                entropy,
                events,
                counters,
                jobs,
                schema,
                stop,
            }
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let (pool, readers) = postgres::open(url).await?;
            let schema = {
                let mut connection = pool.acquire().await?;
                migrate(Conn::Postgres(&mut connection), &clock).await?
            };
            let readers = ReadPool::Postgres(readers);
            let events = Events::open(readers.clone()).await?;
            let counters = Counters::open(&readers).await?;
            tokio::spawn(postgres::pump(
                pool.clone(),
                events.clone(),
                Arc::clone(&jobs),
                stop.clone(),
            ));
            Inner {
                backend: Backend::Postgres(pool),
                readers,
                clock,
                entropy,
                events,
                counters,
                jobs,
                schema,
                stop,
            }
        } else {
            return Err(StoreError::Address);
        };
        let inner = Arc::new(inner);
        tokio::spawn(counters::flush_forever(
            Arc::downgrade(&inner),
            inner.counters.clone(),
            inner.stop.clone(),
        ));
        Ok(Self(inner))
    }

    /// A connection for reading, out of a small pool. What was acknowledged before is seen.
    ///
    /// # Errors
    /// The database is away, or no connection came free in time.
    pub async fn read(&self) -> Outcome<Reader<'_>> {
        Ok(self.0.readers.get().await?)
    }

    /// Makes a change and answers when it is stored. It is made even if nobody waits any more.
    ///
    /// On SQLite the closure runs in a savepoint of the transaction that is open (many changes share a commit), on
    /// PostgreSQL in a transaction of its own. An error, a panic or a hang of the closure undoes this change alone.
    /// The closure does SQL only: it calls nothing outside and no other change.
    ///
    /// # Errors
    /// What the closure gives, or that it could not be stored.
    pub async fn write<T, F>(&self, change: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Outcome<T>> + Send + 'static,
    {
        if INSIDE_CHANGE.try_with(|()| ()).is_ok() {
            return Err(Failure::internal("a change waits for another change"));
        }
        let (change, answered) = erase(change);
        let inner = &self.0;
        match &inner.backend {
            Backend::Sqlite { orders, .. } => {
                orders
                    .send(Order::Change(change))
                    .await
                    .map_err(|_| Failure::internal("the store is closed"))?;
            }
            Backend::Postgres(pool) => {
                tokio::spawn(postgres::commit(
                    pool.clone(),
                    change,
                    inner.clock.clone(),
                    inner.events.clone(),
                    Arc::clone(&inner.jobs),
                ));
            }
        }
        answered
            .await
            .map_err(|_| Failure::internal("the change was not made: the database took no transaction"))?
    }

    /// The events: live and replayed.
    #[must_use]
    pub fn events(&self) -> &Events {
        &self.0.events
    }

    /// The merged counters and the sessions of the gateway.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// The clock that the store was opened with.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The randomness that the store was opened with.
    #[must_use]
    pub fn entropy(&self) -> &Entropy {
        &self.0.entropy
    }

    /// Woken when a job's due time changed.
    pub(crate) fn jobs(&self) -> &Arc<Notify> {
        &self.0.jobs
    }

    /// Whether other processes may share this database.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.0.backend, Backend::Postgres(_))
    }

    pub(crate) fn from_inner(inner: Arc<Inner>) -> Self {
        Self(inner)
    }

    /// Stores the counters that are in memory.
    pub async fn flush(&self) {
        if let Err(error) = self.0.counters.flush(self).await {
            tracing::error!(%error, "counters were not stored");
        }
    }

    /// Stores the counters, finishes what was asked for, and closes. Clones of the store fail from then on.
    pub async fn close(&self) {
        self.flush().await;
        self.0.stop.cancel();
        self.0.readers.close().await;
        match &self.0.backend {
            Backend::Sqlite { orders, .. } => {
                let (done, closed) = oneshot::channel();
                if orders.send(Order::Close(done)).await.is_ok() {
                    // An error means that the writer is gone, so closed.
                    let _ = closed.await;
                }
            }
            Backend::Postgres(pool) => pool.close().await,
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("schema", &self.0.schema)
            .field("shared", &self.is_shared())
            .finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Backend::Sqlite {
            path,
            throw_away: true,
            ..
        } = &self.backend
        {
            sqlite::delete(path);
        }
    }
}

/// Whether a row was refused because another one has its key.
#[must_use]
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// For the query macros, which look twice at which database it is.
#[doc(hidden)]
#[must_use]
pub fn other_database() -> sqlx::Error {
    sqlx::Error::Protocol("the connection changed its database".to_owned())
}
