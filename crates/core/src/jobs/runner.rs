//! Runs due jobs: takes a few, runs them side by side, records how they ended.

use std::{
    collections::HashSet,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt, StreamExt, stream};
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore};

use super::{
    JobContext, JobDone, JobRegistration,
    lease::{self, Ending, JobKey, LEASE, Leased, Wanted},
    registry::Registry,
};
use crate::{
    clock::{Clock, Timestamp, from_millis},
    entropy::Entropy,
    failure::{Failure, Outcome},
    ids::{GuildId, Snowflake},
    store::{BoxFuture, Store, panic_text},
};

/// Jobs that run at the same time: they mostly wait for Discord, whose limits are narrower.
const AT_ONCE: u32 = 8;
/// The clock is looked at so often while nothing is due; it may be set from outside.
const STEP: Duration = Duration::from_secs(1);
/// The table is looked at so often although nobody said that it changed: another process may have died.
const LOOK_AGAIN: i64 = 30_000;
/// Pause before the second try; doubled for each further one.
const FIRST_PAUSE: i64 = 1_000;
/// Longest pause between tries.
const LONGEST_PAUSE: i64 = 3_600_000;

/// Runs the jobs of a store. Cheap to clone.
#[derive(Clone)]
pub struct JobRunner(Arc<Shared>);

struct Shared {
    store: Store,
    registry: Registry,
    wake: Arc<Notify>,
    slots: Arc<Semaphore>,
    running: Mutex<HashSet<JobKey>>,
    stopping: AtomicBool,
}

impl JobRunner {
    /// A runner that does nothing until [`JobRunner::run`] or [`JobRunner::run_due`] is called.
    #[must_use]
    pub fn new(store: Store) -> Self {
        let wake = Arc::clone(store.jobs());
        let slots = Arc::new(Semaphore::new(AT_ONCE as usize));
        Self(Arc::new(Shared {
            store,
            registry: Registry::default(),
            wake,
            slots,
            running: Mutex::default(),
            stopping: AtomicBool::new(false),
        }))
    }

    /// Gives a kind its handler, for as long as the registration lives.
    pub fn register<F>(&self, kind: &'static str, handler: F) -> JobRegistration
    where
        F: Fn(JobContext) -> BoxFuture<'static, Outcome<JobDone>> + Send + Sync + 'static,
    {
        let registration = self.0.registry.register(kind, Arc::new(handler));
        self.poke();
        registration
    }

    /// Looks at the table at once.
    pub fn poke(&self) {
        self.0.wake.notify_one();
    }

    /// Runs what is due now, and what becomes due by that, and waits for it. Gives how many runs there were.
    ///
    /// # Errors
    /// The database does not answer. A handler's failure is no error: it is recorded and tried again.
    pub async fn run_due(&self) -> Outcome<usize> {
        let mut ran = 0;
        loop {
            let jobs = self.take(i64::from(AT_ONCE)).await?;
            if jobs.is_empty() {
                return Ok(ran);
            }
            ran += jobs.len();
            stream::iter(jobs)
                .for_each_concurrent(None, |job| self.run_one(job))
                .await;
        }
    }

    /// Runs jobs as they become due, until [`JobRunner::stop`].
    pub async fn run(&self) {
        let shared = &self.0;
        if !shared.store.is_shared()
            && let Err(error) = lease::free_all(&shared.store).await
        {
            tracing::warn!(%error, "leases of the last run stay until they end");
        }
        while !shared.stopping.load(Ordering::Acquire) {
            match self.start_due().await {
                Ok(0) => self.sleep().await,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "jobs cannot be taken");
                    tokio::time::sleep(STEP).await;
                }
            }
        }
    }

    /// Takes no further jobs and waits until those that run have ended, `patience` at most. What is left is taken up by
    /// the next start. Gives whether all ended.
    pub async fn stop(&self, patience: Duration) -> bool {
        self.0.stopping.store(true, Ordering::Release);
        self.poke();
        tokio::time::timeout(patience, self.0.slots.acquire_many(AT_ONCE))
            .await
            .is_ok()
    }

    /// Starts due jobs as far as slots are free; waits for one if none is. Gives how many were started.
    async fn start_due(&self) -> Outcome<usize> {
        let first = Arc::clone(&self.0.slots).acquire_owned().await;
        let Ok(first) = first else { return Ok(0) };
        let mut slots = vec![first];
        while let Ok(slot) = Arc::clone(&self.0.slots).try_acquire_owned() {
            slots.push(slot);
        }
        if self.0.stopping.load(Ordering::Acquire) {
            return Ok(0);
        }
        let jobs = self.take(i64::try_from(slots.len()).unwrap_or(1)).await?;
        let started = jobs.len();
        for (job, slot) in jobs.into_iter().zip(slots) {
            let runner = self.clone();
            tokio::spawn(async move {
                runner.run_one(job).await;
                drop(slot);
            });
        }
        Ok(started)
    }

    async fn take(&self, limit: i64) -> Outcome<Vec<Leased>> {
        let wanted = self.wanted();
        let now = self.0.store.clock().now_millis();
        // Taking is a write; it is spared while nothing is due.
        if self.next_due(&wanted).await?.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let jobs = lease::take(&self.0.store, wanted, limit).await?;
        let mut running = self.0.running.lock();
        running.extend(jobs.iter().map(|job| (job.kind.clone(), job.key.clone())));
        Ok(jobs)
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            kinds: self.0.registry.kinds(),
            running: self.0.running.lock().iter().cloned().collect(),
        }
    }

    async fn next_due(&self, wanted: &Wanted) -> Outcome<Option<i64>> {
        let mut reader = self.0.store.read().await?;
        lease::next_due(&mut reader, wanted).await
    }

    /// Sleeps until something is due by the clock of the store, or somebody wakes the runner.
    async fn sleep(&self) {
        let shared = &self.0;
        let clock = shared.store.clock();
        let now = clock.now_millis();
        let look_again = now.saturating_add(LOOK_AGAIN);
        let until = match self.next_due(&self.wanted()).await {
            Ok(due) => due.unwrap_or(look_again).min(look_again),
            Err(_) => now.saturating_add(FIRST_PAUSE),
        };
        loop {
            let left = u64::try_from(until.saturating_sub(clock.now_millis())).unwrap_or_default();
            let nap = STEP.min(Duration::from_millis(left.max(1)));
            if tokio::time::timeout(nap, shared.wake.notified()).await.is_ok() || clock.now_millis() >= until
            {
                return;
            }
        }
    }

    /// Runs a leased job and records the ending.
    async fn run_one(&self, job: Leased) {
        let store = &self.0.store;
        let running_mark = Running {
            runner: self,
            key: (job.kind.clone(), job.key.clone()),
        };
        let Some(handler) = self.0.registry.handler(&job.kind) else {
            // Its cog was unloaded in between: the job stays due.
            self.end(job.clone(), Ending::Again(from_millis(job.due_at)))
                .await;
            return;
        };
        let attempt = u32::try_from(job.attempts).unwrap_or(u32::MAX);
        let context = JobContext {
            store: store.clone(),
            kind: job.kind.clone(),
            key: job.key.clone(),
            guild: GuildId::from_i64(job.guild_id),
            due: from_millis(job.due_at),
            attempt,
            payload: serde_json::from_str(&job.payload).unwrap_or_default(),
        };
        let mut running = Box::pin(AssertUnwindSafe(async move { handler(context).await }).catch_unwind());
        let outcome = loop {
            match tokio::time::timeout(LEASE / 3, &mut running).await {
                Ok(Ok(outcome)) => break outcome,
                Ok(Err(panic)) => {
                    break Err(Failure::internal(format!(
                        "a job panicked: {}",
                        panic_text(&*panic)
                    )));
                }
                Err(_) => {
                    if let Err(error) = lease::renew(store, job.clone()).await {
                        tracing::warn!(%error, kind = %job.kind, "the lease of a job was not renewed");
                    }
                }
            }
        };
        let ending = match outcome {
            Ok(JobDone::Done) => Ending::Done,
            Ok(JobDone::Again(due)) => Ending::Again(due),
            Err(failure) => {
                tracing::warn!(%failure, kind = %job.kind, key = %job.key, attempt, "a job failed and is tried again");
                Ending::Failed(
                    next_try(store.clock(), store.entropy(), attempt),
                    failure.to_string(),
                )
            }
        };
        self.end(job, ending).await;
        // The sleep was reckoned without the jobs that ran; this one may be due again sooner.
        drop(running_mark);
        self.poke();
    }

    async fn end(&self, job: Leased, ending: Ending) {
        let kind = job.kind.clone();
        if let Err(error) = lease::end(&self.0.store, job, ending).await {
            // The lease ends by itself; then the job is run again.
            tracing::error!(%error, kind, "the end of a job was not recorded");
        }
    }
}

/// Takes a job off the list of running ones, however its run ends.
struct Running<'a> {
    runner: &'a JobRunner,
    key: JobKey,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.runner.0.running.lock().remove(&self.key);
    }
}

impl std::fmt::Debug for JobRunner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JobRunner")
            .field("kinds", &self.0.registry.kinds())
            .finish_non_exhaustive()
    }
}

/// When to try again after `attempt` tries: the pause doubles up to an hour, and up to a quarter is added by chance, so
/// that what failed together is not tried together.
fn next_try(clock: &Clock, entropy: &Entropy, attempt: u32) -> Timestamp {
    let pause = pause_after(attempt);
    let chance = entropy.below(usize::try_from(pause / 4).unwrap_or_default());
    from_millis(
        clock
            .now_millis()
            .saturating_add(pause)
            .saturating_add(i64::try_from(chance).unwrap_or_default()),
    )
}

/// Milliseconds.
fn pause_after(attempt: u32) -> i64 {
    let doublings = attempt.saturating_sub(1).min(20);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_from_a_second_up_to_an_hour() {
        assert_eq!([1, 2, 3, 4].map(pause_after), [1_000, 2_000, 4_000, 8_000]);
        assert_eq!(pause_after(13), LONGEST_PAUSE);
        assert_eq!(pause_after(u32::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn chance_adds_a_quarter_at_most() {
        let clock = Clock::manual(from_millis(0));
        let entropy = Entropy::seeded(1);
        for _ in 0..100 {
            let due = next_try(&clock, &entropy, 3).timestamp_millis();
            assert!((4_000..5_000).contains(&due), "{due}");
        }
    }
}
