//! SQLite's one writer: many changes share a commit, each in a savepoint of its own.
//!
//! What arrives while a commit is on its way to the disk waits in the queue and shares the next one, so the number of
//! fsyncs does not grow with the number of changes, and a lonely change waits for nobody.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::BoxFuture};
use sqlx::{Connection, Sqlite, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{Notify, mpsc, oneshot};

use super::{Conn, Tx, tx::Effects};
use crate::{
    clock::Clock,
    events::Events,
    failure::{Failure, Outcome},
};

/// Changes that share one commit at most: bounds what a failing commit takes with it.
const CHANGES_PER_COMMIT: usize = 512;
/// No further change joins a transaction that has been open for so long: bounds how long the first one waits.
const OPEN_AT_MOST: Duration = Duration::from_millis(25);
/// Changes that wait for the writer; whoever comes later waits to be let in.
pub(crate) const QUEUE: usize = 1_024;
/// A change does SQL only, so one that takes longer hangs, and would hold up all others.
const CHANGE_LIMIT: Duration = Duration::from_secs(30);

tokio::task_local! {
    /// Set while a change runs: a change that waits for another change would wait for ever.
    pub(crate) static INSIDE_CHANGE: ();
}

/// Answers the one who asked for a change; called with the result of the commit.
type Acknowledge = Box<dyn FnOnce(Result<(), &sqlx::Error>) + Send>;
/// A change without its type.
pub(crate) type Change = Box<dyn for<'t, 'c> FnOnce(&'t mut Tx<'c>) -> BoxFuture<'t, Ran> + Send>;

/// A change that ran to its end.
pub(crate) struct Ran {
    /// Whether it succeeded and is to be committed.
    pub(crate) keep: bool,
    /// Tells the result.
    pub(crate) acknowledge: Acknowledge,
}

/// What the writer is told.
pub(crate) enum Order {
    /// Run this.
    Change(Change),
    /// Finish, checkpoint, close.
    Close(oneshot::Sender<()>),
}

/// Takes the type off a change. The receiver gets its result.
pub(crate) fn erase<T, F>(change: F) -> (Change, oneshot::Receiver<Outcome<T>>)
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Outcome<T>> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let erased: Change = Box::new(move |tx| {
        Box::pin(async move {
            // Nobody may be waiting any more; the change is made all the same.
            match run(change, tx).await {
                Ok(value) => Ran {
                    keep: true,
                    acknowledge: Box::new(move |committed| {
                        let _ = answer.send(committed.map(|()| value).map_err(not_stored));
                    }),
                },
                Err(failure) => Ran {
                    keep: false,
                    acknowledge: Box::new(move |_| {
                        let _ = answer.send(Err(failure));
                    }),
                },
            }
        })
    });
    (erased, answered)
}

fn not_stored(error: &sqlx::Error) -> Failure {
    Failure::Store(sqlx::Error::Protocol(format!("not stored: {error}")))
}

/// Runs a change and writes its events. A panic or a hang is its failure alone.
async fn run<T, F>(change: F, tx: &mut Tx<'_>) -> Outcome<T>
where
    F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Outcome<T>> + Send,
{
    let running = AssertUnwindSafe(async { change(tx).await }).catch_unwind();
    let value = match tokio::time::timeout(CHANGE_LIMIT, running).await {
        Ok(Ok(outcome)) => outcome?,
        Ok(Err(panic)) => {
            return Err(Failure::internal(format!(
                "a change panicked: {}",
                panic_text(&*panic)
            )));
        }
        Err(_) => return Err(Failure::internal("a change took too long and was undone")),
    };
    tx.write_events().await?;
    Ok(value)
}

/// The words of a panic.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without words".to_owned())
}

/// Numbers for health and tests.
#[derive(Debug, Default)]
pub(crate) struct WriterStats {
    /// Commits made.
    pub(crate) commits: AtomicU64,
    /// Changes committed.
    pub(crate) changes: AtomicU64,
}

/// The task that owns the writing connection.
pub(crate) struct Writer {
    pub(crate) connection: SqliteConnection,
    pub(crate) options: SqliteConnectOptions,
    pub(crate) orders: mpsc::Receiver<Order>,
    pub(crate) events: Events,
    pub(crate) jobs: Arc<Notify>,
    pub(crate) clock: Clock,
    pub(crate) stats: Arc<WriterStats>,
}

impl Writer {
    /// Works until the store is closed or dropped.
    pub(crate) async fn work(mut self) {
        INSIDE_CHANGE
            .scope((), async move {
                let mut closing = None;
                while closing.is_none() {
                    match self.orders.recv().await {
                        Some(Order::Change(change)) => closing = self.commit_together(change).await,
                        Some(Order::Close(done)) => closing = Some(done),
                        None => break,
                    }
                }
                self.orders.close();
                // Failing here loses nothing: the log of the database is replayed at the next start.
                let _ = self.statement("PRAGMA wal_checkpoint(TRUNCATE)").await;
                let _ = self.connection.close().await;
                if let Some(done) = closing {
                    let _ = done.send(());
                }
            })
            .await;
    }

    /// Runs the change and whatever else is waiting, commits, answers. Gives the sender of an order to close.
    async fn commit_together(&mut self, first: Change) -> Option<oneshot::Sender<()>> {
        if let Err(error) = self.begin().await {
            // Dropping the change tells the one who waits that it was not made.
            tracing::error!(%error, "the database does not take a transaction");
            return None;
        }
        let opened = Instant::now();
        let mut waiting: Vec<Acknowledge> = Vec::new();
        let mut effects = Effects::default();
        let mut closing = None;
        let mut next = Some(first);
        let mut broken = None;
        while let Some(change) = next.take() {
            match self.in_savepoint(change).await {
                Ok(Some((acknowledge, left))) => {
                    waiting.push(acknowledge);
                    effects.extend(left);
                }
                Ok(None) => {}
                Err((acknowledge, error)) => {
                    waiting.extend(acknowledge);
                    broken = Some(error);
                    break;
                }
            }
            if waiting.len() < CHANGES_PER_COMMIT && opened.elapsed() < OPEN_AT_MOST {
                match self.next_order().await {
                    Some(Order::Change(change)) => next = Some(change),
                    Some(Order::Close(done)) => closing = Some(done),
                    None => {}
                }
            }
        }
        let committed = match broken {
            Some(error) => Err(error),
            None => self.statement("COMMIT").await,
        };
        if let Err(error) = &committed {
            tracing::error!(%error, changes = waiting.len(), "changes were not stored");
            // SQLite may have rolled back by itself already.
            let _ = self.statement("ROLLBACK").await;
        } else {
            self.stats.commits.fetch_add(1, Ordering::Relaxed);
            self.stats
                .changes
                .fetch_add(waiting.len() as u64, Ordering::Relaxed);
        }
        if committed.is_ok() {
            // Before the answers: who has been told that a change is stored finds its events in the feed.
            self.events.publish(effects.events).await;
            if effects.jobs {
                self.jobs.notify_one();
            }
        }
        for acknowledge in waiting {
            acknowledge(committed.as_ref().copied());
        }
        closing
    }

    /// What is in the queue now, after those who are about to ask have had their turn.
    async fn next_order(&mut self) -> Option<Order> {
        if let Ok(order) = self.orders.try_recv() {
            return Some(order);
        }
        tokio::task::yield_now().await;
        self.orders.try_recv().ok()
    }

    /// Runs a change in a savepoint. `Ok(None)`: it failed, was undone and answered. `Err`: the transaction is lost.
    async fn in_savepoint(
        &mut self,
        change: Change,
    ) -> Result<Option<(Acknowledge, Effects)>, (Option<Acknowledge>, sqlx::Error)> {
        self.statement("SAVEPOINT change")
            .await
            .map_err(|error| (None, error))?;
        let mut tx = Tx::new(Conn::Sqlite(&mut self.connection), &self.clock);
        let ran = change(&mut tx).await;
        let effects = std::mem::take(&mut tx.effects);
        if ran.keep {
            return match self.statement("RELEASE change").await {
                Ok(()) => Ok(Some((ran.acknowledge, effects))),
                Err(error) => Err((Some(ran.acknowledge), error)),
            };
        }
        let undone = match self.statement("ROLLBACK TO change").await {
            Ok(()) => self.statement("RELEASE change").await,
            Err(error) => Err(error),
        };
        (ran.acknowledge)(Ok(()));
        match undone {
            Ok(()) => Ok(None),
            Err(error) => Err((None, error)),
        }
    }

    /// Opens a transaction; a connection that does not is replaced once.
    async fn begin(&mut self) -> Result<(), sqlx::Error> {
        let Err(error) = self.statement("BEGIN IMMEDIATE").await else {
            return Ok(());
        };
        tracing::warn!(%error, "the writing connection is opened anew");
        self.connection = SqliteConnection::connect_with(&self.options).await?;
        self.statement("BEGIN IMMEDIATE").await
    }

    async fn statement(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::query::<Sqlite>(sql)
            .execute(&mut self.connection)
            .await
            .map(|_| ())
    }
}
