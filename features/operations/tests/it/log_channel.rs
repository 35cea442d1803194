//! Log lines in their channel.

use std::time::Duration;

use discord_sim::RestFault;
use hazebot_core::settings::{Changes, general};
use hazebot_discord::testing::{PATIENCE, TestBed};

use crate::bed::{OURS, bed, builder, log, texts};

async fn noisy(log: &crate::bed::TestLog) -> TestBed {
    builder(&log.view, &std::sync::Arc::default(), Vec::new())
        .start()
        .await
        .unwrap()
}

fn times(bed: &TestBed, what: &str) -> usize {
    texts(bed, bed.community.channels.log)
        .iter()
        .map(|text| text.matches(what).count())
        .sum()
}

#[tokio::test]
async fn lines_arrive_in_the_channel_once_and_in_order() {
    let log = log();
    let bed = noisy(&log).await;
    for number in 0..30 {
        tracing::info!(target: OURS, cog = "Trial", "line-{number}.");
    }
    tracing::info!(target: OURS, cog = "Trial", "that was all");
    let owner = bed.sim.as_user(bed.community.owner);
    let channel = bed.community.channels.log;
    let last = owner
        .waits_for(channel, |seen| seen.content.contains("that was all"))
        .await
        .unwrap();
    assert!(last.content.starts_with("```ansi\n"));
    assert_eq!(last.json.pointer("/mentions").unwrap(), &serde_json::json!([]));
    let all = texts(&bed, channel).join("\n");
    let places: Vec<usize> = (0..30)
        .map(|number| all.find(&format!("line-{number}.")).unwrap())
        .collect();
    assert!(places.is_sorted());
    for number in 0..30 {
        assert_eq!(all.matches(&format!("line-{number}.")).count(), 1);
    }
}

#[tokio::test]
async fn the_lines_of_the_start_arrive_and_a_reload_neither_loses_nor_doubles_any() {
    let log = log();
    let bed = noisy(&log).await;
    let write = async {
        for number in 0..200 {
            tracing::info!(target: OURS, cog = "Trial", "wave-{number}.");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let reloads = async {
        for _ in 0..4 {
            let name = hazebot_operations::log_channel::NAME;
            bed.bot
                .cogs()
                .reload(name, &hazebot_core::Actor::System, hazebot_discord::Via::Discord)
                .await
                .unwrap();
        }
    };
    tokio::join!(write, reloads);
    let owner = bed.sim.as_user(bed.community.owner);
    let channel = bed.community.channels.log;
    assert!(
        owner
            .waits_for(channel, |seen| seen.content.contains("wave-199."))
            .await
            .is_some()
    );
    let all = texts(&bed, channel).join("\n");
    for number in 0..200 {
        assert_eq!(
            all.matches(&format!("wave-{number}.")).count(),
            1,
            "wave-{number}"
        );
    }
    assert!(all.contains("[CogManager] loaded"), "{all}");
}

#[tokio::test]
async fn repeats_are_merged_and_fences_do_not_break_the_block() {
    let log = log();
    let bed = noisy(&log).await;
    for _ in 0..12 {
        tracing::warn!(target: OURS, cog = "Trial", "the same ```again``` @everyone");
    }
    let owner = bed.sim.as_user(bed.community.owner);
    let seen = owner
        .waits_for(bed.community.channels.log, |seen| {
            seen.content.contains("the same")
        })
        .await
        .unwrap();
    assert_eq!(seen.content.matches("```").count(), 2, "{}", seen.content);
    assert!(seen.content.contains("(×"), "{}", seen.content);
    assert_eq!(
        seen.json.pointer("/mention_everyone").unwrap(),
        &serde_json::json!(false)
    );
}

#[tokio::test]
async fn lines_wait_while_the_channel_fails_and_its_failure_does_not_feed_itself() {
    let log = log();
    let bed = noisy(&log).await;
    let refused = RestFault::Refuse {
        status: 403,
        code: 50013,
        message: "Missing Permissions".to_owned(),
    };
    // The waits of six failures add up to some seconds.
    assert!(
        bed.sim
            .route_fails("POST", "/channels/{channel}/messages", 6, refused)
    );
    tracing::error!(target: OURS, cog = "Trial", "kept for later");
    let query = hazebot_core::logs::LogQuery {
        text: Some("takes no lines".to_owned()),
        ..Default::default()
    };
    let told = async {
        while log.view.query(&query).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.unwrap();
    assert_eq!(times(&bed, "kept for later"), 0);
    let owner = bed.sim.as_user(bed.community.owner);
    assert!(
        owner
            .waits_for(bed.community.channels.log, |seen| seen
                .content
                .contains("kept for later"))
            .await
            .is_some()
    );
    assert_eq!(times(&bed, "kept for later"), 1);
    assert_eq!(times(&bed, "takes no lines"), 0);
}

#[tokio::test]
async fn the_level_of_the_channel_counts_at_once() {
    let log = log();
    let bed = noisy(&log).await;
    bed.change(Changes::new().set(&general::LOG_TO_DISCORD_LEVEL, "ERROR".to_owned()))
        .await
        .unwrap();
    tracing::warn!(target: OURS, cog = "Trial", "too mild");
    tracing::error!(target: OURS, cog = "Trial", "grave enough");
    let owner = bed.sim.as_user(bed.community.owner);
    let channel = bed.community.channels.log;
    assert!(
        owner
            .waits_for(channel, |seen| seen.content.contains("grave enough"))
            .await
            .is_some()
    );
    assert_eq!(times(&bed, "too mild"), 0);
}

#[tokio::test]
async fn the_switch_outlives_a_restart_and_nothing_of_the_time_off_arrives() {
    let log = log();
    let bed = noisy(&log).await;
    let admin = bed.sim.as_user(bed.community.admin);
    assert!(
        admin
            .runs_slash("togglediscordlogs")
            .await
            .unwrap()
            .text()
            .contains("no longer")
    );
    tracing::error!(target: OURS, cog = "Trial", "while it is off");
    let bed = bed.restart().await.unwrap();
    let admin = bed.sim.as_user(bed.community.admin);
    let off = admin.runs_slash("testdiscordlog").await.unwrap().text();
    assert!(off.contains("switched off"), "{off}");
    let on = admin.runs_slash("togglediscordlogs").await.unwrap().text();
    assert!(on.contains(&format!("<#{}>", bed.community.channels.log)), "{on}");
    admin.runs_slash("testdiscordlog").await.unwrap();
    assert!(
        admin
            .waits_for(bed.community.channels.log, |seen| seen
                .content
                .contains("test line: error"))
            .await
            .is_some()
    );
    assert_eq!(times(&bed, "while it is off"), 0);
}

#[tokio::test]
async fn only_admins_may_switch_it() {
    let log = log();
    let bed = bed(&log.view).await;
    let moderator = bed.sim.as_user(bed.community.moderators[0]);
    let answer = moderator.runs_slash("togglediscordlogs").await.unwrap();
    assert!(answer.text().contains("Only admins"), "{}", answer.text());
}

#[tokio::test]
async fn own_messages_of_the_log_channel_go_after_three_days_and_those_of_people_stay() {
    let log = log();
    let bed = noisy(&log).await;
    let channel = bed.community.channels.log;
    let owner = bed.sim.as_user(bed.community.owner);
    owner.says(channel, "a note by a person").unwrap();
    tracing::error!(target: OURS, cog = "Trial", "old news");
    assert!(
        owner
            .waits_for(channel, |seen| seen.content.contains("old news"))
            .await
            .is_some()
    );
    bed.change(Changes::new().set(&general::LOG_TO_DISCORD, false))
        .await
        .unwrap();
    // The job looks at its clock; four days from now the message is four days old.
    let later = chrono::Duration::days(4);
    let job = hazebot_operations::log_channel::clean_up::run_at(&bed.bot, bed.bot.clock().now() + later)
        .await
        .unwrap();
    assert!(matches!(job, hazebot_core::jobs::JobDone::Again(_)));
    assert_eq!(times(&bed, "old news"), 0);
    assert_eq!(times(&bed, "a note by a person"), 1);
}
