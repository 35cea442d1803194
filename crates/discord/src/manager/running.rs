//! What runs of a loaded cog besides its face: handlers of jobs, tasks, and what is to be done when it goes.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use hazebot_core::{
    Failure, Outcome,
    gate::Gate,
    jobs::{JobContext, JobDone, JobRegistration},
};
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    bot::Bot,
    dispatch::{fault, no_entry, panic_text},
    parts::{JobHandler, Parts, TaskContext, TaskFactory, UnloadHook},
};

/// How long a task has to end after it was told to.
const GRACE: Duration = Duration::from_secs(3);
/// How long each hook of an unload may take.
const HOOK_LIMIT: Duration = Duration::from_secs(10);
/// Pause before a failed task is started again; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// After so long a run the pause begins at the first again.
const HEALTHY: Duration = Duration::from_secs(300);

/// What runs of a loaded cog.
pub(super) struct Running {
    cog: &'static str,
    jobs: Vec<JobRegistration>,
    tasks: TaskTracker,
    stop: CancellationToken,
    unload: Vec<UnloadHook>,
}

impl Running {
    /// Starts what the parts declare, apart from their face.
    pub(super) fn begin(parts: Parts, gate: &Gate) -> Self {
        let Parts {
            cog,
            bot,
            jobs,
            tasks,
            unload,
            ..
        } = parts;
        let stop = CancellationToken::new();
        let tracker = TaskTracker::new();
        for (name, factory) in tasks {
            tracker.spawn(supervise(bot.clone(), cog, name, factory, stop.clone()));
        }
        let jobs = jobs
            .into_iter()
            .map(|(kind, handler)| {
                let gate = gate.clone();
                bot.jobs().register(kind, move |cx| {
                    Box::pin(job(gate.clone(), cog, handler.clone(), cx))
                })
            })
            .collect();
        Self {
            cog,
            jobs,
            tasks: tracker,
            stop,
            unload,
        }
    }

    /// Ends it all.
    pub(super) async fn end(self, bot: &Bot) {
        self.stop.cancel();
        drop(self.jobs);
        for hook in self.unload {
            let run = AssertUnwindSafe(async move { hook().await }).catch_unwind();
            match tokio::time::timeout(HOOK_LIMIT, run).await {
                Ok(Ok(())) => {}
                Ok(Err(panic)) => {
                    fault(bot, self.cog, "unload", None, &panic_text(panic.as_ref()));
                }
                Err(_) => {
                    fault(bot, self.cog, "unload", None, "took too long");
                }
            }
        }
        self.tasks.close();
        // Each task is given up by its supervisor after the grace.
        self.tasks.wait().await;
    }
}

async fn job(gate: Gate, cog: &'static str, handler: JobHandler, cx: JobContext) -> Outcome<JobDone> {
    let _pass = gate
        .enter()
        .await
        .map_err(|why| Failure::from(no_entry(why, cog)))?;
    handler(cx).await
}

async fn supervise(
    bot: Bot,
    cog: &'static str,
    name: &'static str,
    factory: TaskFactory,
    stop: CancellationToken,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        let cx = TaskContext {
            bot: bot.clone(),
            stop: stop.clone(),
        };
        let began = Instant::now();
        let run = AssertUnwindSafe(async { factory(cx).await }).catch_unwind();
        let given_up = async {
            stop.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        let ended = tokio::select! {
            ended = run => ended,
            () = given_up => {
                tracing::warn!(cog, task = name, "the task did not end in time and was given up");
                return;
            }
        };
        match ended {
            Ok(Ok(())) => return,
            Ok(Err(_)) if stop.is_cancelled() => return,
            Ok(Err(failure)) => {
                fault(&bot, cog, name, None, &failure.to_string());
            }
            Err(panic) => {
                let text = panic_text(panic.as_ref());
                bot.0.manager.count_panic(cog, &text);
                fault(&bot, cog, name, None, &format!("panic: {text}"));
            }
        }
        if began.elapsed() > HEALTHY {
            pause = FIRST_PAUSE;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
