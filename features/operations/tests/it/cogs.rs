//! `load`, `unload`, `reload`, `listcogs`, `logs` and `sync` as people use them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use hazebot_core::settings::{Changes, general};

use crate::bed::{OURS, bed, builder, fillers, log, settled};

#[tokio::test]
async fn an_unloaded_cog_takes_its_commands_along_and_those_who_need_it_are_named() {
    let log = log();
    let bed = bed(&log.view).await;
    let owner = bed.sim.as_user(bed.community.owner);
    let answer = owner
        .runs_slash_with("unload", [("cog_name", "trialfile")])
        .await
        .unwrap();
    let text = answer.text();
    assert!(
        text.contains("Cog Unloaded Successfully") && text.contains("TrialFile"),
        "{text}"
    );
    assert!(text.contains("Needed by") && text.contains("Other"), "{text}");
    bed.commands_sent().await.unwrap();
    let finn = bed.sim.as_user(bed.community.finn);
    assert!(
        finn.runs_slash("ping").await.is_err(),
        "Discord still shows the command"
    );
    let again = owner
        .runs_slash_with("unload", [("cog_name", "Trial")])
        .await
        .unwrap();
    assert!(again.text().contains("Trial is not loaded"), "{}", again.text());
    assert!(again.first().unwrap().ephemeral);
    let listed = owner.runs_slash("listcogs").await.unwrap().text();
    assert!(
        listed.contains("❌ 🧩 **Trial**") && listed.contains("✅ 🔧 **CogManager**"),
        "{listed}"
    );
    let loaded = owner
        .runs_slash_with("load", [("cog_name", "Trial")])
        .await
        .unwrap()
        .text();
    assert!(loaded.contains("Cog Loaded Successfully"), "{loaded}");
    bed.commands_sent().await.unwrap();
    assert_eq!(finn.runs_slash("ping").await.unwrap().text(), "pong");
}

#[tokio::test]
async fn the_prefix_form_does_the_same() {
    let log = log();
    let bed = bed(&log.view).await;
    let (owner, channel) = (
        bed.sim.as_user(bed.community.owner),
        bed.community.channels.bot_commands,
    );
    owner.says(channel, "!reload Trial").unwrap();
    let answer = owner
        .waits_for(channel, |seen| seen.text().contains("Cog Reloaded Successfully"))
        .await;
    assert!(answer.unwrap().text().contains("Reloaded by"));
}

#[tokio::test]
async fn the_manager_itself_can_be_neither_unloaded_nor_reloaded() {
    let log = log();
    let bed = bed(&log.view).await;
    let owner = bed.sim.as_user(bed.community.owner);
    let unload = owner
        .runs_slash_with("unload", [("cog_name", "cogmanager")])
        .await
        .unwrap()
        .text();
    assert!(
        unload.contains("❌ Cannot Unload") && unload.contains("stays loaded"),
        "{unload}"
    );
    let reload = owner
        .runs_slash_with("reload", [("cog_name", "CogManager")])
        .await
        .unwrap()
        .text();
    assert!(reload.contains("❌ Cannot Reload"), "{reload}");
}

#[tokio::test]
async fn who_is_no_administrator_is_refused() {
    let log = log();
    let bed = bed(&log.view).await;
    for user in [bed.community.finn, bed.community.moderators[0]] {
        for command in ["load", "unload", "reload", "listcogs", "logs", "sync"] {
            let answer = bed.sim.as_user(user).runs_slash(command).await.unwrap();
            assert!(
                answer.text().contains("Administrator permission"),
                "{command}: {}",
                answer.text()
            );
            assert!(answer.first().unwrap().ephemeral);
        }
    }
    let channel = bed.community.channels.bot_commands;
    let finn = bed.sim.as_user(bed.community.finn);
    finn.says(channel, "!unload Trial").unwrap();
    assert!(
        finn.waits_for(channel, |seen| seen.text().contains("Administrator permission"))
            .await
            .is_some()
    );
    assert!(bed.bot.cogs().is_loaded("Trial"));
}

#[tokio::test]
async fn a_cog_that_does_not_start_says_why_without_secrets_and_where_to_look() {
    let log = log();
    let fail = Arc::new(AtomicBool::new(false));
    let bed = builder(&log.view, &fail, Vec::new()).start().await.unwrap();
    fail.store(true, Ordering::SeqCst);
    let owner = bed.sim.as_user(bed.community.owner);
    let reload = owner
        .runs_slash_with("reload", [("cog_name", "Trial")])
        .await
        .unwrap()
        .text();
    assert!(
        reload.contains("❌ Reload Failed") && reload.contains("no harbour"),
        "{reload}"
    );
    assert!(!reload.contains("hunter2"), "{reload}");
    let correlation = reload
        .split("Search the logs for `")
        .nth(1)
        .unwrap()
        .split('`')
        .next()
        .unwrap();
    let query = hazebot_core::logs::LogQuery::default();
    let lines = log.view.query(&query);
    assert!(
        lines
            .iter()
            .any(|line| line.correlation.as_deref() == Some(correlation))
    );
    let finn = bed.sim.as_user(bed.community.finn);
    assert_eq!(
        finn.runs_slash("ping").await.unwrap().text(),
        "pong",
        "the former cog goes on"
    );
}

#[tokio::test]
async fn a_wrong_name_brings_the_nearest_one() {
    let log = log();
    let bed = bed(&log.view).await;
    let owner = bed.sim.as_user(bed.community.owner);
    let answer = owner
        .runs_slash_with("reload", [("cog_name", "Trail")])
        .await
        .unwrap()
        .text();
    assert!(answer.contains("Did you mean Trial"), "{answer}");
}

#[tokio::test]
async fn more_cogs_than_a_menu_holds_are_paged_and_only_for_who_asked() {
    let log = log();
    let bed = builder(&log.view, &Arc::default(), fillers(60))
        .start()
        .await
        .unwrap();
    let owner = bed
        .sim
        .as_user(bed.community.owner)
        .in_channel(bed.community.channels.bot_commands);
    let menu = owner.runs_slash("unload").await.unwrap();
    let message = menu.first().unwrap().clone();
    assert!(message.text().contains("Page 1 of 3"), "{}", message.text());
    let second = owner
        .presses_labelled(message.id, "Next")
        .await
        .unwrap()
        .updated
        .unwrap();
    assert!(
        second.text().contains("Filler24") && !second.text().contains("Filler02"),
        "{}",
        second.text()
    );
    let third = owner
        .presses_labelled(message.id, "Next")
        .await
        .unwrap()
        .updated
        .unwrap();
    let select = third.custom_ids()[0].clone();
    let admin = bed.sim.as_user(bed.community.admin);
    let refused = admin.chooses(message.id, &select, ["Filler59"]).await.unwrap();
    assert!(
        refused.text().contains("Only the person who called"),
        "{}",
        refused.text()
    );
    assert!(bed.bot.cogs().is_loaded("Filler59"));
    let done = owner.chooses(message.id, &select, ["Filler59"]).await.unwrap();
    let done = settled(&owner, &done, |now| now.updated.is_some()).await;
    assert!(
        done.responses
            .iter()
            .any(|seen| seen.text().contains("Cog Unloaded Successfully"))
    );
    assert!(!bed.bot.cogs().is_loaded("Filler59"));
    assert!(
        !done.updated.unwrap().text().contains("Filler59"),
        "the menu shows the new state"
    );
}

#[tokio::test]
async fn names_are_completed_by_what_is_possible() {
    let log = log();
    let bed = bed(&log.view).await;
    let owner = bed.sim.as_user(bed.community.owner);
    let choices = owner.types_option("unload", "cog_name", "t").await.unwrap();
    assert!(choices.choice_names().contains(&"Trial") && !choices.choice_names().contains(&"CogManager"));
    let choices = owner.types_option("load", "cog_name", "").await.unwrap();
    assert!(choices.choice_names().is_empty(), "everything is loaded");
    let nothing = owner.runs_slash("load").await.unwrap().text();
    assert!(nothing.contains("Every cog is loaded"), "{nothing}");
}

#[tokio::test]
async fn logs_are_of_one_cog_counted_by_level_and_masked() {
    let log = log();
    let bed = bed(&log.view).await;
    tracing::info!(target: OURS, cog = "Trial", "sails set");
    tracing::warn!(target: OURS, cog = "Trial", "wind from https://example.org/?token=abcdef0123456789abcdef");
    tracing::warn!(target: OURS, cog = "Other", "speaks of Trial only");
    tracing::error!(target: OURS, cog = "Trial", "mast broke, password=hunter2hunter2");
    let owner = bed.sim.as_user(bed.community.owner);
    let text = owner
        .runs_slash_with("logs", [("cog_name", "trial")])
        .await
        .unwrap()
        .text();
    assert!(
        text.contains("sails set") && text.contains("mast broke"),
        "{text}"
    );
    assert!(
        !text.contains("hunter2") && !text.contains("abcdef0123456789"),
        "{text}"
    );
    assert!(!text.contains("speaks of"), "{text}");
    assert!(text.contains("❌ ERROR: 1"), "{text}");
    let options = [("cog_name", "Trial"), ("level", "ERROR")];
    let text = owner.runs_slash_with("logs", options).await.unwrap().text();
    assert!(
        text.contains("mast broke") && !text.contains("sails set"),
        "{text}"
    );
    let channel = bed.community.channels.bot_commands;
    owner.says(channel, "!viewlogs Trial").unwrap();
    assert!(
        owner
            .waits_for(channel, |seen| seen.text().contains("mast broke"))
            .await
            .is_some()
    );
}

#[tokio::test]
async fn sync_tells_how_many_commands_went_out() {
    let log = log();
    let bed = bed(&log.view).await;
    let owner = bed.sim.as_user(bed.community.owner);
    let text = owner.runs_slash("sync").await.unwrap().text();
    let count = bed
        .bot
        .registry()
        .commands()
        .iter()
        .filter(|command| command.by_slash)
        .count();
    assert!(text.contains(&format!("{count} slash commands")), "{text}");
}

#[tokio::test]
async fn answers_come_in_the_readers_language() {
    let log = log();
    let bed = bed(&log.view).await;
    let owner = bed.sim.as_user(bed.community.owner);
    owner.speaks("de");
    assert!(
        owner
            .runs_slash("listcogs")
            .await
            .unwrap()
            .text()
            .contains("Zustand der Cogs")
    );
    bed.change(Changes::new().set(&general::LANGUAGE, "de".to_owned()))
        .await
        .unwrap();
    let channel = bed.community.channels.bot_commands;
    owner.says(channel, "!listcogs").unwrap();
    assert!(
        owner
            .waits_for(channel, |seen| seen.text().contains("Zustand der Cogs"))
            .await
            .is_some()
    );
}

#[test]
fn english_and_german_have_the_same_texts() {
    assert_eq!(
        hazebot_core::texts::check_parity(hazebot_operations::TEXTS),
        Vec::<String>::new()
    );
}
