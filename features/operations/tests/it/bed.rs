//! A bot with the cogs of this feature, one that can be switched off, and as many more as a test wants.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use discord_sim::{AsUser, Exchange, Id};
use futures_util::future::BoxFuture;
use hazebot_core::{
    Failure, Outcome,
    logs::{LogLevel, LogOptions, LogView, Logs},
    secrets::Masker,
};
use hazebot_discord::{
    About, Answer, Cog, Command, Parts,
    testing::{PATIENCE, TestBed, TestBedBuilder},
};
use hazebot_operations::{CogManager, DiscordLogging};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt as _;

/// Time between two batches in tests.
pub(crate) const EVERY: Duration = Duration::from_millis(40);

/// A target of the program's own, so that lines below WARNING pass.
pub(crate) const OURS: &str = "hazebot_tests";

static TRIAL: About = About {
    file_name: "TrialFile",
    category: "gaming",
    ..About::named("Trial")
};
static OTHER: About = About {
    needs: &["Trial"],
    ..About::named("Other")
};

/// A cog with the command `ping`, which can be told not to start.
pub(crate) struct Trial(pub(crate) Arc<AtomicBool>);

impl Cog for Trial {
    fn about(&self) -> &'static About {
        &TRIAL
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if self.0.load(Ordering::SeqCst) {
                return Err(Failure::internal("no harbour; password=hunter2hunter2"));
            }
            parts.command(Command::new("ping").run(|_| async { Ok(Answer::text("pong")) }));
            Ok(())
        })
    }
}

/// A cog that does nothing.
pub(crate) struct Plain(&'static About);

impl Cog for Plain {
    fn about(&self) -> &'static About {
        self.0
    }

    fn set_up<'a>(&'a self, _: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async { Ok(()) })
    }
}

/// Many cogs, `Filler00` and on.
pub(crate) fn fillers(count: usize) -> Vec<&'static About> {
    let about = |number: usize| {
        let name: &'static str = Box::leak(format!("Filler{number:02}").into_boxed_str());
        &*Box::leak(Box::new(About::named(name)))
    };
    (0..count).map(about).collect()
}

/// A log of the current thread, which is all there is in a test.
pub(crate) struct TestLog {
    pub(crate) view: LogView,
    _kept: (DefaultGuard, hazebot_core::logs::LogGuard),
}

pub(crate) fn log() -> TestLog {
    let options = LogOptions {
        level: LogLevel::Debug,
        masker: Masker::new(),
        ..LogOptions::default()
    };
    let (layer, logs, guard) = Logs::build(options).unwrap();
    let default = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    TestLog {
        view: logs.view().clone(),
        _kept: (default, guard),
    }
}

/// A bed with more cogs; `fail` keeps the trial cog from starting.
pub(crate) fn builder(view: &LogView, fail: &Arc<AtomicBool>, more: Vec<&'static About>) -> TestBedBuilder {
    let (view, fail) = (view.clone(), Arc::clone(fail));
    TestBed::builder()
        .texts(hazebot_operations::TEXTS)
        .cogs(move |_| {
            let mut cogs: Vec<Arc<dyn Cog>> = vec![
                Arc::new(CogManager::new(view.clone())),
                Arc::new(DiscordLogging::new(view.clone(), EVERY)),
                Arc::new(Trial(Arc::clone(&fail))),
                Arc::new(Plain(&OTHER)),
            ];
            cogs.extend(more.iter().map(|about| Arc::new(Plain(about)) as Arc<dyn Cog>));
            cogs
        })
}

/// The usual bed, with the log channel switched off so that it does not write on its own.
pub(crate) async fn bed(view: &LogView) -> TestBed {
    let quiet = |changes: hazebot_core::settings::Changes, _: &discord_sim::Community| {
        changes.set(&hazebot_core::settings::general::LOG_TO_DISCORD, false)
    };
    builder(view, &Arc::default(), Vec::new())
        .set(quiet)
        .start()
        .await
        .unwrap()
}

/// Waits until an exchange has become what `fits` wants.
pub(crate) async fn settled(
    user: &AsUser,
    exchange: &Exchange,
    fits: impl Fn(&Exchange) -> bool,
) -> Exchange {
    let look = async {
        loop {
            let now = user.looks_again(exchange).unwrap();
            if fits(&now) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap()
}

/// What stands in a channel as its owner sees it.
pub(crate) fn texts(bed: &TestBed, channel: Id) -> Vec<String> {
    let owner = bed.sim.as_user(bed.community.owner);
    owner.sees(channel).iter().map(discord_sim::Seen::text).collect()
}
