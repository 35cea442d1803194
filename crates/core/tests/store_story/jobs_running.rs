//! The runner at work: several of them, dead ones, and the loop that waits for due times.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::Duration;
use hazebot_core::{
    jobs::{JobDone, JobRunner, NewJob, list},
    store,
};
use tokio::sync::Notify;

use crate::{
    bed::{Bed, Told, soon},
    jobs::{Ran, noting, schedule},
    on_both,
};

on_both! {
    two_runners_share_the_jobs
    a_job_of_a_dead_process_is_taken_over_when_its_lease_ends
    the_loop_runs_what_is_scheduled_and_stops_when_told
    a_handler_that_hangs_does_not_hold_up_the_others
    a_running_job_is_not_started_again_when_the_clock_jumps
    a_job_that_asks_for_another_run_gets_it_when_it_is_due
}

async fn two_runners_share_the_jobs(bed: &Bed) -> Told {
    let (here, there) = (bed.open().await?, bed.open().await?);
    let ran = Ran::default();
    let runners = [JobRunner::new(here.clone()), JobRunner::new(there.clone())];
    let _registrations = runners.each_ref().map(|runner| noting(runner, "job", &ran));
    here.write({
        let now = bed.clock.now();
        move |tx| {
            Box::pin(async move {
                for number in 0..60 {
                    tx.schedule(NewJob::new("job", format!("{number:02}"), now))
                        .await?;
                }
                Ok(())
            })
        }
    })
    .await?;
    let [first, second] = &runners;
    let (first, second) = tokio::join!(first.run_due(), second.run_due());
    assert_eq!(first? + second?, 60);
    let mut keys = ran.lock().clone();
    keys.sort();
    assert_eq!(
        keys,
        (0..60).map(|number| format!("{number:02} 1")).collect::<Vec<_>>()
    );
    here.close().await;
    there.close().await;
    Ok(())
}

async fn a_job_of_a_dead_process_is_taken_over_when_its_lease_ends(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let ran = Ran::default();
    schedule(&store, NewJob::new("job", "x", bed.clock.now())).await?;
    let begun = Arc::new(Notify::new());
    let dying = JobRunner::new(store.clone());
    let told = Arc::clone(&begun);
    let _registration = dying.register("job", move |_| {
        told.notify_one();
        Box::pin(std::future::pending())
    });
    // It dies in the middle of the work.
    tokio::select! {
        _ = dying.run_due() => unreachable!("it hangs"),
        () = begun.notified() => {}
    }
    let heir = JobRunner::new(store.clone());
    let _registration = noting(&heir, "job", &ran);
    assert_eq!(heir.run_due().await?, 0);
    let leased = list(&mut store.read().await?, None)
        .await?
        .first()
        .and_then(|job| job.leased_until);
    assert!(leased.is_some_and(|until| until > bed.clock.now()));
    bed.clock.advance(Duration::minutes(2));
    assert_eq!(heir.run_due().await?, 1);
    assert_eq!(*ran.lock(), ["x 2"]);
    store.close().await;
    Ok(())
}

async fn the_loop_runs_what_is_scheduled_and_stops_when_told(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let done = Arc::new(Notify::new());
    let told = Arc::clone(&done);
    let _registration = runner.register("job", move |_| {
        let told = Arc::clone(&told);
        Box::pin(async move {
            told.notify_one();
            Ok(JobDone::Done)
        })
    });
    let running = tokio::spawn({
        let runner = runner.clone();
        async move { runner.run().await }
    });
    schedule(&store, NewJob::new("job", "now", bed.clock.now())).await?;
    soon(done.notified()).await?;
    schedule(
        &store,
        NewJob::new("job", "later", bed.clock.now() + Duration::hours(3)),
    )
    .await?;
    bed.clock.advance(Duration::hours(3));
    runner.poke();
    soon(done.notified()).await?;
    assert!(runner.stop(std::time::Duration::from_secs(10)).await);
    soon(running).await??;
    let left = store::fetch_scalar!(store.read().await?, i64, "SELECT COUNT(*) FROM jobs")?;
    assert_eq!(left, 0);
    store.close().await;
    Ok(())
}

async fn a_handler_that_hangs_does_not_hold_up_the_others(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let _hanging = runner.register("hang", |_| Box::pin(std::future::pending()));
    let done = Arc::new(Notify::new());
    let told = Arc::clone(&done);
    let _registration = runner.register("job", move |_| {
        told.notify_one();
        Box::pin(async { Ok(JobDone::Done) })
    });
    let running = tokio::spawn({
        let runner = runner.clone();
        async move { runner.run().await }
    });
    schedule(&store, NewJob::new("hang", "h", bed.clock.now())).await?;
    schedule(&store, NewJob::new("job", "j", bed.clock.now())).await?;
    soon(done.notified()).await?;
    assert!(!runner.stop(std::time::Duration::from_millis(1)).await);
    soon(running).await??;
    store.close().await;
    Ok(())
}

async fn a_running_job_is_not_started_again_when_the_clock_jumps(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let (begun, go_on, ran) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Ran::default());
    let (told, held, runs) = (Arc::clone(&begun), Arc::clone(&go_on), Arc::clone(&ran));
    let _registration = runner.register("slow", move |job| {
        runs.lock().push(job.key);
        told.notify_one();
        let held = Arc::clone(&held);
        Box::pin(async move {
            held.notified().await;
            Ok(JobDone::Done)
        })
    });
    schedule(&store, NewJob::new("slow", "s", bed.clock.now())).await?;
    let first = tokio::spawn({
        let runner = runner.clone();
        async move { runner.run_due().await }
    });
    soon(begun.notified()).await?;
    bed.clock.advance(Duration::days(1));
    assert_eq!(soon(runner.run_due()).await??, 0);
    go_on.notify_one();
    assert_eq!(soon(first).await???, 1);
    assert_eq!(*ran.lock(), ["s"]);
    assert_eq!(runner.run_due().await?, 0);
    store.close().await;
    Ok(())
}

/// Not at the next look at the table, half a minute later: the loop sleeps already when the job asks.
async fn a_job_that_asks_for_another_run_gets_it_when_it_is_due(bed: &Bed) -> Told {
    const RUNS: usize = 4;
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let (ran, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let told = Arc::clone(&done);
    let _asking = runner.register("asking", move |job| {
        let run = ran.fetch_add(1, Ordering::Relaxed) + 1;
        if run == RUNS {
            told.notify_one();
            return Box::pin(async { Ok(JobDone::Done) });
        }
        Box::pin(async move { Ok(JobDone::Again(job.due)) })
    });
    let running = tokio::spawn({
        let runner = runner.clone();
        async move { runner.run().await }
    });
    schedule(&store, NewJob::new("asking", "a", bed.clock.now())).await?;
    soon(done.notified()).await?;
    assert!(runner.stop(std::time::Duration::from_secs(10)).await);
    soon(running).await??;
    store.close().await;
    Ok(())
}
