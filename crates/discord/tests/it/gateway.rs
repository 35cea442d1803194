//! Sessions that outlive lost connections and restarts.

use discord_sim::{GatewayFault, Id};
use hazebot_core::{counters, counters::Counter};
use hazebot_discord::testing::{PATIENCE, TestBed, id};

use crate::cogs::{Probe, bed};

async fn heard(probe: &Probe, count: usize) -> Vec<String> {
    let waiting = async {
        while probe.heard.lock().unwrap().len() < count {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, waiting).await;
    probe.heard.lock().unwrap().clone()
}

fn say(bed: &TestBed, user: Id, text: &str) {
    bed.sim
        .as_user(user)
        .says(bed.community.channels.general, text)
        .unwrap();
}

async fn messages_of(bed: &TestBed, user: Id) -> i64 {
    bed.bot.store().flush().await;
    let mut reader = bed.bot.store().read().await.unwrap();
    counters::value(&mut reader, Counter::Messages, bed.home(), id(user))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_lost_connection_is_resumed_and_nothing_is_missed() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.community.finn;
    say(&bed, finn, "n 1");
    heard(&probe, 1).await;
    for fault in [
        GatewayFault::Drop,
        GatewayFault::Reconnect,
        GatewayFault::Close { code: 4000 },
    ] {
        let before = bed.bot.gauges().resumes();
        bed.sim.gateway_fails(None, &fault);
        say(&bed, finn, "n more");
        let resumed = async {
            while bed.bot.gauges().resumes() == before {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, resumed)
            .await
            .unwrap_or_else(|_| panic!("not resumed after {fault:?}"));
    }
    assert_eq!(heard(&probe, 4).await, ["n 1", "n more", "n more", "n more"]);
    assert_eq!(bed.bot.gauges().sessions(), 1);
    assert_eq!(messages_of(&bed, finn).await, 4);
}

#[tokio::test]
async fn members_that_were_asked_for_before_a_lost_connection_are_asked_for_again() {
    let bed = bed(&Probe::default()).await;
    let guild = bed.community.guild;
    let everybody = bed.bot.directory().members(bed.home()).len();
    let until = async |what: &str, is_so: &dyn Fn() -> bool| {
        let waiting = async {
            while !is_so() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .unwrap_or_else(|_| panic!("{what}"));
    };
    // The guild comes back, its members are asked for, and the request is lost together with the connection.
    bed.sim
        .gateway_fails(None, &GatewayFault::LoseFrame { op: Some(8) });
    bed.sim.guild_is_available(guild, false).unwrap();
    bed.sim.guild_is_available(guild, true).unwrap();
    until("the members were not asked for", &|| bed.sim.frames_lost() == 1).await;
    assert!(bed.bot.directory().members(bed.home()).len() < everybody);
    bed.sim.gateway_fails(None, &GatewayFault::Drop);
    until("the members never came", &|| {
        bed.bot.directory().members(bed.home()).len() == everybody
    })
    .await;
    let gauges = bed.bot.gauges();
    assert_eq!((gauges.sessions(), gauges.resumes()), (1, 1));
}

#[tokio::test]
async fn a_restart_resumes_the_session_and_counts_nothing_twice() {
    let probe = Probe::default();
    let mut bed = bed(&probe).await;
    let finn = bed.community.finn;
    say(&bed, finn, "n 1");
    heard(&probe, 1).await;
    bed.stop().await;
    say(&bed, finn, "n 2");
    let bed = bed.restart().await.unwrap();
    assert_eq!(heard(&probe, 2).await, ["n 1", "n 2"]);
    assert_eq!((bed.bot.gauges().sessions(), bed.bot.gauges().resumes()), (0, 1));
    // The guild is known although a resumed session does not send it again.
    let bot = bed.sim.as_user(finn);
    assert_eq!(bot.runs_slash("ping").await.unwrap().text(), "pong 2");
    assert!(bed.bot.directory().members(bed.home()).len() > 20);
    assert_eq!(
        bed.bot.directory().me().map(|me| me.get()),
        Some(bed.community.bot.get())
    );
    assert_eq!(messages_of(&bed, finn).await, 2);
}

#[tokio::test]
async fn a_killed_program_takes_up_what_it_missed() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.community.finn;
    say(&bed, finn, "n 1");
    heard(&probe, 1).await;
    bed.bot.store().flush().await;
    let bed = {
        let sim = bed.sim.clone();
        let general = bed.community.channels.general;
        let killed = bed.killed();
        sim.as_user(finn).says(general, "n 2").unwrap();
        killed.await.unwrap()
    };
    let heard = heard(&probe, 2).await;
    assert!(heard.contains(&"n 2".to_owned()), "{heard:?}");
    assert_eq!(messages_of(&bed, finn).await, 2);
}

#[tokio::test]
async fn a_double_an_unknown_and_a_broken_event_do_no_harm() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let finn = bed.community.finn;
    say(&bed, finn, "n 1");
    heard(&probe, 1).await;
    bed.sim.gateway_fails(None, &GatewayFault::Duplicate);
    bed.sim.gateway_fails(None, &GatewayFault::UnknownEvent);
    bed.sim.gateway_fails(None, &GatewayFault::Malformed);
    say(&bed, finn, "n 2");
    assert_eq!(heard(&probe, 2).await, ["n 1", "n 2"]);
    assert_eq!(bed.bot.gauges().doubles(), 1);
    assert_eq!(
        bed.sim.as_user(finn).runs_slash("ping").await.unwrap().text(),
        "pong 1"
    );
}

#[tokio::test]
async fn a_session_that_discord_has_forgotten_is_begun_anew() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    bed.sim
        .gateway_fails(None, &GatewayFault::InvalidSession { resumable: false });
    let begun = async {
        while bed.bot.gauges().sessions() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, begun).await.unwrap();
    let finn = bed.sim.as_user(bed.community.finn);
    assert_eq!(finn.runs_slash("ping").await.unwrap().text(), "pong 1");
}

#[tokio::test]
async fn bots_are_not_counted() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let (finn, other) = (bed.community.finn, bed.community.other_bot);
    say(&bed, other, "n from a bot");
    say(&bed, finn, "n 1");
    assert_eq!(heard(&probe, 1).await, ["n 1"]);
    assert_eq!(messages_of(&bed, other).await, 0);
    assert_eq!(messages_of(&bed, finn).await, 1);
}

#[tokio::test]
async fn a_close_that_only_a_person_can_mend_ends_the_bot_with_a_sentence() {
    for (code, sentence) in [
        (4014, "Server Members Intent"),
        (4004, "does not accept the bot's token"),
    ] {
        let mut bed = bed(&Probe::default()).await;
        bed.sim.gateway_fails(None, &GatewayFault::Close { code });
        let error = bed.ended().await.unwrap_err();
        assert!(error.to_string().contains(sentence), "{error}");
    }
}

#[tokio::test]
async fn another_server_is_left_alone() {
    let probe = Probe::default();
    let bed = bed(&probe).await;
    let (finn, bot) = (bed.community.finn, bed.community.bot);
    let channel = bed.sim.change(|world| {
        let guild = world.add_guild("Elsewhere", finn);
        world.add_member(guild, bot, &[]);
        world.add_text_channel(guild, "talk", None)
    });
    bed.sim.as_user(finn).says(channel, "!ping").unwrap();
    bed.sim.as_user(finn).says(channel, "n elsewhere").unwrap();
    // What was said at home afterwards has been answered, so the other would have been too.
    say(&bed, finn, "n home");
    assert_eq!(heard(&probe, 1).await, ["n home"]);
    assert!(
        bed.sim
            .as_user(finn)
            .sees(channel)
            .iter()
            .all(|seen| seen.author != Some(bot))
    );
}

#[tokio::test]
async fn who_left_unseen_is_gone_after_a_new_session() {
    let bed = bed(&Probe::default()).await;
    let (finn, guild) = (bed.community.finn, bed.community.guild);
    let is_member = || bed.bot.directory().member(bed.home(), id(finn)).is_some();
    assert!(is_member());
    bed.sim
        .change(|world| world.guilds.get_mut(&guild).unwrap().members.remove(&finn));
    bed.sim
        .gateway_fails(None, &GatewayFault::InvalidSession { resumable: false });
    let gone = async {
        while bed.bot.gauges().sessions() < 2 || is_member() || !bed.bot.directory().knows(bed.home()) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
}
