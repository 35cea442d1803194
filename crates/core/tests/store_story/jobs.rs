//! Jobs: scheduled, run when due, tried again, taken back; each run recorded.

use std::sync::Arc;

use chrono::Duration;
use hazebot_core::{
    Failure, Outcome, Store,
    clock::from_millis,
    ids::GuildId,
    jobs::{JobContext, JobDone, JobRegistration, JobRunner, NewJob, list},
};
use parking_lot::Mutex;
use serde_json::json;

use crate::{
    bed::{Bed, Told},
    on_both,
};

on_both! {
    a_job_runs_once_when_it_is_due
    a_failed_job_is_tried_again_later_and_later
    a_panicking_job_is_tried_again
    a_cancelled_job_does_not_run
    a_kind_without_handler_waits
    a_job_survives_a_restart
    a_job_that_is_scheduled_anew_while_it_runs_runs_again
    a_recurring_job_sets_its_next_time
}

/// What ran.
pub(crate) type Ran = Arc<Mutex<Vec<String>>>;

/// A handler that notes key and attempt, and succeeds.
pub(crate) fn noting(runner: &JobRunner, kind: &'static str, ran: &Ran) -> JobRegistration {
    let ran = Arc::clone(ran);
    runner.register(kind, move |job: JobContext| {
        let ran = Arc::clone(&ran);
        Box::pin(async move {
            ran.lock().push(format!("{} {}", job.key, job.attempt));
            Ok(JobDone::Done)
        })
    })
}

pub(crate) async fn schedule(store: &Store, job: NewJob) -> Outcome<()> {
    store.write(move |tx| Box::pin(tx.schedule(job))).await
}

async fn a_job_runs_once_when_it_is_due(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let seen = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&seen);
    let _registration = runner.register("ticket.delete", move |job| {
        *noted.lock() = Some(job);
        Box::pin(async { Ok(JobDone::Done) })
    });
    let due = bed.clock.now() + Duration::days(7);
    let job = NewJob::new("ticket.delete", "t-1", due)
        .guild(GuildId::new(4))
        .payload(json!({"a": 1}));
    schedule(&store, job.clone()).await?;
    assert!(!store.write(move |tx| Box::pin(tx.schedule_once(job))).await?);
    bed.clock.advance(Duration::days(7) - Duration::milliseconds(1));
    assert_eq!(runner.run_due().await?, 0);
    bed.clock.advance(Duration::milliseconds(1));
    assert_eq!(runner.run_due().await?, 1);
    let job = seen.lock().take().ok_or("it did not run")?;
    assert_eq!(
        (job.key.as_str(), job.guild, job.attempt),
        ("t-1", Some(GuildId::new(4)), 1)
    );
    assert_eq!((job.due, job.payload), (due, json!({"a": 1})));
    assert_eq!(runner.run_due().await?, 0);
    assert!(list(&mut store.read().await?, None).await?.is_empty());
    store.close().await;
    Ok(())
}

async fn a_failed_job_is_tried_again_later_and_later(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let _registration = runner.register("mail.send", |job| {
        Box::pin(async move {
            if job.attempt < 4 {
                Err(Failure::service("smtp", "no route"))
            } else {
                Ok(JobDone::Done)
            }
        })
    });
    schedule(&store, NewJob::new("mail.send", "m-1", bed.clock.now())).await?;
    for pause in [1_000, 2_000, 4_000] {
        assert_eq!(runner.run_due().await?, 1);
        let jobs = list(&mut store.read().await?, Some("mail.send")).await?;
        let job = jobs.first().ok_or("it is gone")?;
        assert_eq!(job.last_error.as_deref(), Some("smtp: no route"));
        assert_eq!(job.leased_until, None);
        let wait = (job.due - bed.clock.now()).num_milliseconds();
        assert!((pause..=pause + pause / 4).contains(&wait), "waits {wait} ms");
        assert_eq!(runner.run_due().await?, 0);
        bed.clock.advance(Duration::milliseconds(wait));
    }
    assert_eq!(runner.run_due().await?, 1);
    assert!(list(&mut store.read().await?, None).await?.is_empty());
    store.close().await;
    Ok(())
}

async fn a_panicking_job_is_tried_again(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let _registration = runner.register("bad", |job| {
        Box::pin(async move {
            assert!(job.attempt > 1, "the first time goes wrong");
            Ok(JobDone::Done)
        })
    });
    schedule(&store, NewJob::new("bad", "b", bed.clock.now())).await?;
    assert_eq!(runner.run_due().await?, 1);
    let error = list(&mut store.read().await?, None)
        .await?
        .first()
        .and_then(|job| job.last_error.clone());
    assert!(error.is_some_and(|error| error.contains("the first time goes wrong")));
    bed.clock.advance(Duration::seconds(2));
    assert_eq!(runner.run_due().await?, 1);
    assert_eq!(runner.run_due().await?, 0);
    store.close().await;
    Ok(())
}

async fn a_cancelled_job_does_not_run(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let ran = Ran::default();
    let _registration = noting(&runner, "ban.end", &ran);
    schedule(&store, NewJob::new("ban.end", "u-1", bed.clock.now())).await?;
    schedule(&store, NewJob::new("ban.end", "u-2", bed.clock.now())).await?;
    let cancel = |key: &'static str| store.write(move |tx| Box::pin(tx.cancel_job("ban.end", key)));
    assert!(cancel("u-1").await?);
    assert!(!cancel("u-1").await?);
    assert_eq!(runner.run_due().await?, 1);
    assert_eq!(*ran.lock(), ["u-2 1"]);
    store.close().await;
    Ok(())
}

async fn a_kind_without_handler_waits(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let ran = Ran::default();
    let other = noting(&runner, "other", &ran);
    schedule(&store, NewJob::new("meme.daily", "g-1", bed.clock.now())).await?;
    assert_eq!(runner.run_due().await?, 0);
    bed.clock.advance(Duration::days(30));
    // A reload sets the new handler up before the old one goes.
    let old = noting(&runner, "meme.daily", &Ran::default());
    let new = noting(&runner, "meme.daily", &ran);
    drop(old);
    assert_eq!(runner.run_due().await?, 1);
    assert_eq!(*ran.lock(), ["g-1 1"]);
    drop(new);
    schedule(&store, NewJob::new("meme.daily", "g-2", bed.clock.now())).await?;
    assert_eq!(runner.run_due().await?, 0);
    drop(other);
    assert_eq!(list(&mut store.read().await?, None).await?.len(), 1);
    store.close().await;
    Ok(())
}

async fn a_job_survives_a_restart(bed: &Bed) -> Told {
    let store = bed.open().await?;
    schedule(
        &store,
        NewJob::new("ticket.delete", "t-1", bed.clock.now() + Duration::hours(1)),
    )
    .await?;
    drop(store);
    bed.clock.advance(Duration::hours(5));
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let ran = Ran::default();
    let _registration = noting(&runner, "ticket.delete", &ran);
    assert_eq!(runner.run_due().await?, 1);
    assert_eq!(*ran.lock(), ["t-1 1"]);
    store.close().await;
    Ok(())
}

async fn a_job_that_is_scheduled_anew_while_it_runs_runs_again(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let payloads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&payloads);
    let _registration = runner.register("sync", move |job| {
        let again = seen.lock().is_empty();
        seen.lock().push(job.payload.clone());
        Box::pin(async move {
            if again {
                schedule(
                    &job.store,
                    NewJob::new("sync", "g", job.due).payload(json!("second")),
                )
                .await?;
            }
            Ok(JobDone::Done)
        })
    });
    schedule(
        &store,
        NewJob::new("sync", "g", bed.clock.now()).payload(json!("first")),
    )
    .await?;
    assert_eq!(runner.run_due().await?, 2);
    assert_eq!(*payloads.lock(), [json!("first"), json!("second")]);
    store.close().await;
    Ok(())
}

async fn a_recurring_job_sets_its_next_time(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let _registration = runner.register("daily", |job| {
        Box::pin(async move { Ok(JobDone::Again(job.due + Duration::days(1))) })
    });
    let start = bed.clock.now_millis();
    schedule(&store, NewJob::new("daily", "g", from_millis(start))).await?;
    for day in 1..=3 {
        assert_eq!(runner.run_due().await?, 1);
        let jobs = list(&mut store.read().await?, None).await?;
        let due = jobs.first().map(|job| (job.due.timestamp_millis(), job.attempts));
        assert_eq!(due, Some((start + day * 86_400_000, 0)));
        bed.clock.advance(Duration::days(1));
    }
    store.close().await;
    Ok(())
}
