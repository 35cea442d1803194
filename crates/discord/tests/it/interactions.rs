//! Slash commands, presses and forms.

use std::{sync::atomic::Ordering, time::Duration};

use discord_sim::RestFault;

use hazebot_discord::{CogInfo, testing::TestBed};

use crate::cogs::{Probe, bed};

fn trial(bed: &TestBed) -> CogInfo {
    bed.bot
        .cogs()
        .listing()
        .into_iter()
        .find(|info| info.about.name == "Trial")
        .unwrap()
}

#[tokio::test]
async fn a_slash_command_is_answered_and_its_words_are_translated() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let exchange = finn.runs_slash("ping").await.unwrap();
    assert_eq!(exchange.text(), "pong 1");
    assert!(!exchange.deferred && !exchange.responses[0].ephemeral);
    let german = bed.sim.read(|world| {
        let commands = &world
            .application(bed.community.application)
            .unwrap()
            .guild_commands[&bed.community.guild];
        let ping = commands.values().find(|command| command.name == "ping").unwrap();
        ping.body["description_localizations"]["de"]
            .as_str()
            .map(str::to_owned)
    });
    assert_eq!(german.as_deref(), Some("Antwortet"));
}

#[tokio::test]
async fn an_answer_that_takes_its_time_is_promised_and_then_given() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let exchange = finn.runs_slash("slow").await.unwrap();
    assert!(exchange.deferred, "{exchange:?}");
    probe.slow.add_permits(1);
    let channel = exchange.responses[0].channel;
    let seen = finn
        .waits_for(channel, |seen| seen.text() == "at last")
        .await
        .unwrap();
    assert!(seen.ephemeral);
}

#[tokio::test]
async fn a_panic_is_told_by_an_id_and_the_others_go_on() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.sim.as_user(bed.community.finn);
    // The cog's task panics once by itself; wait for that, so that it is not counted here.
    while probe.tasks.load(Ordering::SeqCst) < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let before = trial(&bed);
    let exchange = finn.runs_slash("panics").await.unwrap();
    assert!(exchange.responses[0].ephemeral);
    let text = exchange.text();
    assert!(
        text.starts_with("Something went wrong here. It has been logged as `"),
        "{text}"
    );
    assert!(!text.contains("on purpose"), "{text}");
    assert_eq!(finn.runs_slash("ping").await.unwrap().text(), "pong 1");
    let trial = trial(&bed);
    assert_eq!(
        (trial.panics, trial.faults),
        (before.panics + 1, before.faults + 1)
    );
    assert!(trial.last_error.as_ref().unwrap().1.contains("on purpose"));
}

#[tokio::test]
async fn a_refusal_is_told_in_the_readers_language_and_to_them_alone() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.community.finn;
    bed.sim
        .change(|world| world.users.get_mut(&finn).unwrap().locale = "de".to_owned());
    let exchange = bed.sim.as_user(finn).runs_slash("refuses").await.unwrap();
    assert_eq!(exchange.text(), "Das geht nicht.");
    assert!(exchange.responses[0].ephemeral);
    let exchange = bed
        .sim
        .as_user(bed.community.admin)
        .runs_slash("refuses")
        .await
        .unwrap();
    assert_eq!(exchange.text(), "That is not possible.");
}

#[tokio::test]
async fn rights_are_those_of_this_moment() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.community.finn;
    let run = async || {
        bed.sim
            .as_user(finn)
            .runs_slash("staffonly")
            .await
            .unwrap()
            .text()
    };
    assert_eq!(run().await, "Only the team can do that.");
    // The roles are changed by hand, as an admin would; the next interaction carries them.
    let (guild, moderator) = (bed.community.guild, bed.community.roles.moderator);
    let set_roles = async |roles: &[discord_sim::Id]| {
        bed.sim.change(|world| {
            let guild = world.guilds.get_mut(&guild).unwrap();
            guild.members.get_mut(&finn).unwrap().roles = roles.to_vec();
        });
    };
    set_roles(&[moderator]).await;
    assert_eq!(run().await, "hello, team");
    set_roles(&[]).await;
    assert_eq!(run().await, "Only the team can do that.");
}

#[tokio::test]
async fn of_two_presses_one_wins_and_the_other_is_told() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let (finn, admin) = (
        bed.sim.as_user(bed.community.finn),
        bed.sim.as_user(bed.community.admin),
    );
    let message = finn.runs_slash("things").await.unwrap().responses[0].id;
    let (first, second) = tokio::join!(
        finn.presses(message, "trial:v1:claim:7"),
        admin.presses(message, "trial:v1:claim:7")
    );
    let (first, second) = (first.unwrap(), second.unwrap());
    let updated = [&first, &second]
        .iter()
        .filter(|exchange| exchange.updated.is_some())
        .count();
    assert_eq!(updated, 1);
    let told = [&first, &second]
        .iter()
        .filter(|exchange| exchange.text() == "Already claimed")
        .count();
    assert_eq!(told, 1);
    assert_eq!(probe.claims.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_late_update_is_promised_silently() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let posted = finn.runs_slash("things").await.unwrap();
    let (message, channel) = (posted.responses[0].id, posted.responses[0].channel);
    let exchange = finn.presses(message, "trial:v1:later").await.unwrap();
    assert!(exchange.deferred && exchange.responses.is_empty());
    assert!(
        finn.waits_for(channel, |seen| seen.id == message
            && seen.text() == "changed late")
            .await
            .is_some()
    );
}

#[tokio::test]
async fn a_component_that_nobody_knows_gets_a_clear_answer() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let message = finn.runs_slash("things").await.unwrap().responses[0].id;
    let exchange = finn.presses(message, "trial:v1:gone").await.unwrap();
    assert!(
        exchange.text().starts_with("This is from an older version"),
        "{}",
        exchange.text()
    );
    assert!(exchange.responses[0].ephemeral);
}

#[tokio::test]
async fn a_form_opens_and_its_fields_arrive() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let modal = finn.runs_slash("form").await.unwrap().modal.unwrap();
    let exchange = finn
        .submits_modal(&modal, [("subject", "a lost hat")])
        .await
        .unwrap();
    assert_eq!(exchange.text(), "got a lost hat");
}

#[tokio::test]
async fn values_are_suggested_while_somebody_types() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.sim.as_user(bed.community.finn);
    let exchange = finn.types_option("pick", "fruit", "ap").await.unwrap();
    assert_eq!(exchange.choice_names(), ["apple", "apricot"]);
}

#[tokio::test]
async fn a_cooldown_holds_members_back_but_not_the_team() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let pick = async |user| {
        bed.sim
            .as_user(user)
            .runs_slash_with("pick", [("fruit", "pear")])
            .await
            .unwrap()
            .text()
    };
    assert_eq!(pick(bed.community.finn).await, "pear");
    assert_eq!(pick(bed.community.finn).await, "Not so fast: please wait 60 s.");
    assert_eq!(pick(bed.community.admin).await, "pear");
    assert_eq!(pick(bed.community.admin).await, "pear");
}

#[tokio::test]
async fn an_answer_survives_a_stumble_of_discord() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    bed.sim.route_fails(
        "POST",
        "/interactions/{id}/{token}/callback",
        1,
        RestFault::ServerError { status: 502 },
    );
    let finn = bed
        .sim
        .as_user(bed.community.finn)
        .waiting(Duration::from_secs(5));
    assert_eq!(finn.runs_slash("ping").await.unwrap().text(), "pong 1");
}

#[tokio::test]
async fn a_form_of_a_cog_that_is_busy_is_refused_in_time() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let _pause = bed
        .bot
        .gates()
        .of("Trial")
        .pause(Duration::from_secs(1))
        .await
        .unwrap();
    let exchange = bed
        .sim
        .as_user(bed.community.finn)
        .runs_slash("form")
        .await
        .unwrap();
    assert_eq!(exchange.text(), "Busy right now. Please try again in a moment.");
    assert!(!exchange.failed);
}
