//! PostgreSQL: each change in a transaction of its own, events read back in order and handed on.
//!
//! Parallel transactions get ids before they commit, so a reader could see 8 and only later 7. Therefore events are
//! inserted last, under an advisory lock of the transaction, which is released after the commit is visible: who sees an
//! id has seen all smaller ones. The lock is held for one insert and the commit.

use std::{str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    Conn, StoreError, Tx,
    writer::{Change, INSIDE_CHANGE},
};
use crate::{clock::Clock, events::Events, failure::Failure};

/// Connections for changes of one process.
const WRITERS: u32 = 8;
/// Connections for reading of one process.
const READERS: u32 = 8;
/// How long to wait for a free connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// Events are looked for at least this often, should a notification get lost.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// The lock under which events get their ids. An arbitrary number of this program.
pub(crate) const EVENT_LOCK: i64 = 0x4861_7a65_0002;
/// Channel of `NOTIFY` that tells of new events.
pub(crate) const EVENTS_CHANNEL: &str = "hazebot_events";
/// Channel of `NOTIFY` that tells of jobs whose due time changed.
pub(crate) const JOBS_CHANNEL: &str = "hazebot_jobs";

/// Opens the pools, for changes and for reading.
pub(crate) async fn open(url: &str) -> Result<(PgPool, PgPool), StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::Address)?
        .application_name("hazebot")
        .disable_statement_logging();
    let pool = |most| {
        PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(ACQUIRE)
    };
    let writers = pool(WRITERS).connect_with(options.clone()).await?;
    let readers = pool(READERS).connect_lazy_with(options.options([("default_transaction_read_only", "on")]));
    Ok((writers, readers))
}

/// Runs a change in its own transaction and answers it.
pub(crate) async fn commit(pool: PgPool, change: Change, clock: Clock, events: Events, jobs: Arc<Notify>) {
    let changing = async {
        let mut transaction = match pool.begin().await {
            Ok(transaction) => transaction,
            Err(error) => {
                // Dropping the change tells the one who waits that it was not made.
                tracing::error!(%error, "the database does not take a transaction");
                return;
            }
        };
        let mut tx = Tx::new(Conn::Postgres(&mut transaction), &clock);
        let ran = change(&mut tx).await;
        let effects = std::mem::take(&mut tx.effects);
        if !ran.keep {
            // Dropping the transaction undoes it as well.
            let _ = transaction.rollback().await;
            (ran.acknowledge)(Ok(()));
            return;
        }
        let committed = transaction.commit().await;
        if committed.is_ok() {
            // Before the answer: who has been told that a change is stored finds its events in the feed.
            events.publish(effects.events).await;
            if effects.jobs {
                jobs.notify_one();
            }
        }
        (ran.acknowledge)(committed.as_ref().copied());
    };
    INSIDE_CHANGE.scope((), changing).await;
}

/// Hands on events of other processes in order of id, and wakes the jobs, until told to stop.
pub(crate) async fn pump(pool: PgPool, events: Events, jobs: Arc<Notify>, stop: CancellationToken) {
    let mut listener = None;
    loop {
        if listener.is_none() {
            listener = listen(&pool)
                .await
                .map_err(|error| tracing::warn!(%error, "cannot listen for events"))
                .ok();
        }
        if let Err(error) = events.catch_up().await {
            tracing::warn!(%error, "events cannot be read");
        }
        let notified = async {
            match listener.as_mut() {
                Some(listener) => listener.recv().await.map(|heard| heard.channel() == JOBS_CHANNEL),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            heard = notified => match heard {
                Ok(true) => jobs.notify_one(),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "no longer listening for events");
                    listener = None;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            },
        }
    }
}

async fn listen(pool: &PgPool) -> Result<PgListener, Failure> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen_all([EVENTS_CHANNEL, JOBS_CHANNEL]).await?;
    Ok(listener)
}
