//! Loading, unloading and reloading cogs.

use std::sync::atomic::Ordering;

use hazebot_core::{Actor, jobs::NewJob};
use hazebot_discord::{CogState, OperationError, Via};

use crate::cogs::{Probe, bed, builder, trial_is_open};

#[tokio::test]
async fn an_unloaded_cog_takes_its_commands_along_and_its_buttons_say_so() {
    let probe = Probe::default();
    let mut bed = bed(&probe).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let message = finn.runs_slash("things").await.unwrap().responses[0].id;
    let admin = bed.actor(bed.community.admin);
    let done = bed
        .bot
        .cogs()
        .unload("trialfile", &admin, Via::Discord)
        .await
        .unwrap();
    assert_eq!(
        (done.cog.name, done.dependants.as_slice()),
        ("Trial", ["Other"].as_slice())
    );
    assert!(!trial_is_open(bed.bot.gates()));
    bed.commands_sent().await.unwrap();
    assert!(
        finn.runs_slash("ping").await.is_err(),
        "Discord still shows the command"
    );
    let exchange = finn.presses(message, "trial:v1:claim:7").await.unwrap();
    assert_eq!(exchange.text(), "Trial is switched off right now.");
    // It stays off over a restart, and can be loaded again.
    bed = bed.restart().await.unwrap();
    let state = |bed: &hazebot_discord::testing::TestBed| {
        let listing = bed.bot.cogs().listing();
        listing
            .into_iter()
            .find(|info| info.about.name == "Trial")
            .unwrap()
            .state
    };
    assert_eq!(state(&bed), CogState::Disabled);
    bed.bot.cogs().load("Trial", &admin, Via::Api).await.unwrap();
    assert_eq!(state(&bed), CogState::Loaded);
    bed.commands_sent().await.unwrap();
    let finn = bed.sim.as_user(bed.community.finn);
    assert_eq!(finn.runs_slash("ping").await.unwrap().text(), "pong 2");
    assert!(
        finn.presses(message, "trial:v1:claim:7")
            .await
            .unwrap()
            .updated
            .is_some()
    );
}

#[tokio::test]
async fn a_reload_under_traffic_loses_nothing() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let (finn, general) = (bed.community.finn, bed.community.channels.general);
    let traffic = async {
        for i in 0..200 {
            bed.sim.as_user(finn).says(general, &format!("n {i}")).unwrap();
            tokio::task::yield_now().await;
        }
    };
    let reloads = async {
        for _ in 0..5 {
            bed.bot
                .cogs()
                .reload("Trial", &Actor::System, Via::Discord)
                .await
                .unwrap();
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(traffic, reloads);
    assert_eq!(
        bed.sim.as_user(finn).runs_slash("ping").await.unwrap().text(),
        "pong 6"
    );
    let expected: Vec<String> = (0..200).map(|i| format!("n {i}")).collect();
    for _ in 0..2000 {
        if probe.heard.lock().unwrap().len() >= expected.len() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(*probe.heard.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_press_during_a_reload_waits_and_is_answered_by_the_new_cog() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let pause = bed
        .bot
        .gates()
        .of("Trial")
        .pause(std::time::Duration::from_secs(1))
        .await
        .unwrap();
    let (exchange, ()) = tokio::join!(finn.runs_slash("slow"), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        probe.slow.add_permits(1);
        pause.open();
    });
    assert_eq!(exchange.unwrap().text(), "at last");
}

#[tokio::test]
async fn a_failed_reload_leaves_the_former_cog_running() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    probe.fail.store(true, Ordering::SeqCst);
    let error = bed
        .bot
        .cogs()
        .reload("Trial", &Actor::System, Via::Discord)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, OperationError::Failed { error, .. } if error.contains("told to fail")),
        "{error:?}"
    );
    let finn = bed.sim.as_user(bed.community.finn);
    assert_eq!(finn.runs_slash("ping").await.unwrap().text(), "pong 1");
    let listing = bed.bot.cogs().listing();
    let trial = listing.iter().find(|info| info.about.name == "Trial").unwrap();
    assert_eq!(trial.state, CogState::Loaded);
    assert!(trial.history[0].error.is_some());
}

#[tokio::test]
async fn protection_belongs_to_the_cog() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let cogs = bed.bot.cogs();
    for via in [Via::Discord, Via::Api] {
        let error = cogs.unload("cogmanager", &Actor::System, via).await.unwrap_err();
        assert!(
            matches!(error, OperationError::Protected("CogManager")),
            "{error:?}"
        );
    }
    let error = cogs
        .unload("APIServer", &Actor::System, Via::Api)
        .await
        .unwrap_err();
    assert!(
        matches!(error, OperationError::DiscordOnly("APIServer")),
        "{error:?}"
    );
    cogs.reload("APIServer", &Actor::System, Via::Api).await.unwrap();
    cogs.unload("APIServer", &Actor::System, Via::Discord)
        .await
        .unwrap();
    let error = cogs
        .load("Trial", &Actor::System, Via::Discord)
        .await
        .unwrap_err();
    assert!(
        matches!(error, OperationError::AlreadyLoaded("Trial")),
        "{error:?}"
    );
    let error = cogs
        .unload("Trail", &Actor::System, Via::Discord)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            OperationError::Unknown {
                nearest: Some("Trial"),
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_cog_that_does_not_start_leaves_the_others_alone() {
    let probe = Probe::default();
    probe.fail.store(true, Ordering::SeqCst);
    let bed = builder(&probe).start().await.unwrap();
    let listing = bed.bot.cogs().listing();
    let state = |name| {
        listing
            .iter()
            .find(|info| info.about.name == name)
            .unwrap()
            .state
            .clone()
    };
    assert!(matches!(state("Trial"), CogState::Error(text) if text.contains("told to fail")));
    assert_eq!(state("Other"), CogState::Loaded);
    probe.fail.store(false, Ordering::SeqCst);
    bed.bot
        .cogs()
        .load("Trial", &Actor::System, Via::Discord)
        .await
        .unwrap();
    bed.commands_sent().await.unwrap();
    let finn = bed.sim.as_user(bed.community.finn);
    assert_eq!(finn.runs_slash("ping").await.unwrap().text(), "pong 1");
}

#[tokio::test]
async fn commands_are_sent_only_when_they_changed() {
    let probe = Probe::default();
    let mut bed = bed(&probe).await;
    let sent = |bed: &hazebot_discord::testing::TestBed| {
        bed.sim.read(|world| {
            let commands = &world
                .application(bed.community.application)
                .unwrap()
                .guild_commands[&bed.community.guild];
            commands.keys().copied().collect::<Vec<_>>()
        })
    };
    // Discord gives new ids when a list is overwritten after a deletion, so a mark by hand shows whether it was.
    let before = sent(&bed);
    bed.sim.change(|world| {
        let app = world.applications.get_mut(&bed.community.application).unwrap();
        let commands = app.guild_commands.get_mut(&bed.community.guild).unwrap();
        let ping = commands
            .values_mut()
            .find(|command| command.name == "ping")
            .unwrap();
        ping.body["description"] = "marked".into();
    });
    bed.bot
        .cogs()
        .reload("Trial", &Actor::System, Via::Discord)
        .await
        .unwrap();
    bed = bed.restart().await.unwrap();
    assert_eq!(sent(&bed), before);
    let marked = |bed: &hazebot_discord::testing::TestBed| {
        bed.sim.read(|world| {
            let commands = &world
                .application(bed.community.application)
                .unwrap()
                .guild_commands[&bed.community.guild];
            commands
                .values()
                .any(|command| command.body["description"] == "marked")
        })
    };
    assert!(marked(&bed));
    assert!(bed.bot.cogs().sync_commands().await.unwrap() > 5);
    assert!(!marked(&bed));
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    assert!(
        tokio::time::timeout(hazebot_discord::testing::PATIENCE, waiting)
            .await
            .is_ok(),
        "{what}"
    );
}

#[tokio::test]
async fn a_task_that_panics_is_started_again_and_ends_with_its_cog() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    until("started again", || probe.tasks.load(Ordering::SeqCst) == 2).await;
    bed.bot
        .cogs()
        .unload("Trial", &Actor::System, Via::Discord)
        .await
        .unwrap();
    let mut farewells = probe.farewells.lock().unwrap().clone();
    farewells.sort_unstable();
    assert_eq!(farewells, ["hook", "task"]);
}

#[tokio::test]
async fn jobs_wait_while_their_cog_is_unloaded() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let schedule = async || {
        let write = bed
            .bot
            .store()
            .write(|tx| Box::pin(async move { tx.schedule(NewJob::new("trial.job", "k", tx.now())).await }));
        write.await.unwrap();
        bed.bot.jobs().run_due().await.unwrap();
    };
    schedule().await;
    until("the job ran", || probe.jobs.load(Ordering::SeqCst) == 1).await;
    bed.bot
        .cogs()
        .unload("Trial", &Actor::System, Via::Discord)
        .await
        .unwrap();
    schedule().await;
    assert_eq!(probe.jobs.load(Ordering::SeqCst), 1);
    bed.bot
        .cogs()
        .load("Trial", &Actor::System, Via::Discord)
        .await
        .unwrap();
    until("the job ran after the load", || {
        probe.jobs.load(Ordering::SeqCst) == 2
    })
    .await;
}
