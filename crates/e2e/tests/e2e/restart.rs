//! A restart, in order or by SIGKILL: what stands in Discord goes on working, what was missed is caught up with.

use std::time::Duration;

use discord_sim::{GatewayFault, Seen};
use hazebot_e2e::database;
use serde_json::json;

use crate::{
    spawned::Spawned,
    stage::{Stage, heard_once, status_is},
    town::with_button,
};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    InOrder,
    Killed,
}

async fn restart(spawned: &mut Spawned, end: End) {
    match end {
        End::InOrder => spawned.end().await,
        End::Killed => spawned.kill().await,
    }
    spawned.run().await;
}

/// T-15.
#[tokio::test]
async fn every_old_button_works_after_a_restart() {
    old_buttons(End::InOrder).await;
}

#[tokio::test]
async fn every_old_button_works_after_sigkill() {
    old_buttons(End::Killed).await;
}

async fn old_buttons(end: End) {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let (ticket, caller) = (spawned.ticket().await, spawned.admins().await);
    let (moderator, finn) = (spawned.moderator(), spawned.finn());
    let admin = spawned.people.admin.to_string();
    restart(&mut spawned, end).await;
    let press = async |word: &str| {
        moderator
            .presses(ticket.control, &ticket.button(word))
            .await
            .unwrap()
    };
    assert_eq!(press("claim").await.text(), "You have claimed ticket #1.");
    let chooser = press("assign").await.first().cloned().unwrap();
    assert!(press("status").await.text().contains("Claimed"));
    let form = press("close").await.modal.expect("a form");

    restart(&mut spawned, end).await;
    let select = chooser.custom_ids().remove(0);
    let chosen = moderator
        .chooses(chooser.id, &select, [admin.as_str()])
        .await
        .unwrap();
    let told = chosen.updated.as_ref().map(Seen::text).unwrap_or_default();
    assert!(told.contains("is assigned to"), "{chosen:?}");
    assert_eq!(status_is(&caller, &ticket, "Claimed").await["assigned_to"], admin);
    let closed = moderator
        .submits_modal(&form, [("message", "bye")])
        .await
        .unwrap();
    assert_eq!(closed.text(), "Ticket #1 is closed.");

    restart(&mut spawned, end).await;
    let reopened = finn
        .presses(ticket.control, &ticket.button("reopen"))
        .await
        .unwrap();
    assert_eq!(reopened.text(), "Ticket #1 is open again.");
    let confirm = press("delete").await.first().cloned().unwrap();

    restart(&mut spawned, end).await;
    let yes = confirm.custom_ids().remove(0);
    moderator.presses(confirm.id, &yes).await.unwrap();
    assert!(
        spawned.eventually(|| spawned.ticket_channels() == 0).await,
        "{}",
        spawned.console()
    );
    assert!(spawned.eventually(|| spawned.transcripts("1") >= 1).await);
}

/// T-17.
#[tokio::test]
async fn menus_and_buttons_of_older_versions_answer_after_a_restart() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let ticket = spawned.ticket().await;
    let place = spawned.people.channels.bot_commands;
    let jonas = spawned.member(spawned.people.members[1]);
    jonas.says(place, "!ticket").unwrap();
    let bot = spawned.people.bot;
    let is_door = |seen: &Seen| seen.author == Some(bot) && !seen.custom_ids().is_empty();
    let door = jonas
        .waits_for(place, is_door)
        .await
        .expect("a button that leads to the menu");
    let first = jonas.presses(door.id, &door.custom_ids()[0]).await.unwrap();
    let menu = first.first().cloned().expect("the menu of types");
    let legacy = spawned
        .bot_posts(ticket.channel, with_button("ticket:status"))
        .await;
    let gone = spawned.bot_posts(place, with_button("raffle_enter_2023")).await;
    let gone_feature = spawned.bot_posts(place, with_button("raffle:v1:enter:7")).await;

    restart(&mut spawned, End::Killed).await;
    let chosen = jonas.chooses(menu.id, "ticket:v1:type", ["Bug"]).await.unwrap();
    assert!(chosen.modal.is_some(), "{chosen:?}");
    let again = jonas.presses(door.id, &door.custom_ids()[0]).await.unwrap();
    assert_eq!(again.first().unwrap().custom_ids(), ["ticket:v1:type"]);
    let status = spawned.finn().presses(legacy, "ticket:status").await.unwrap();
    assert!(status.text().contains("Ticket #1"), "{status:?}");
    for (message, id) in [(gone, "raffle_enter_2023"), (gone_feature, "raffle:v1:enter:7")] {
        let answer = spawned.finn().presses(message, id).await.unwrap();
        let first = answer.first().expect("an answer");
        assert!(first.ephemeral && !first.text().is_empty(), "{answer:?}");
    }
}

#[tokio::test]
async fn what_was_written_while_the_bot_was_away_is_in_the_history_once() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let (ticket, caller) = (spawned.ticket().await, spawned.admins().await);
    let finn = spawned.finn();
    let mut texts = Vec::new();
    let mut say = |text: String| {
        finn.says(ticket.channel, &text).unwrap();
        texts.push(text);
    };
    for (round, end) in [End::InOrder, End::Killed, End::Killed].into_iter().enumerate() {
        (0..5).for_each(|n| say(format!("before {round} {n}.")));
        match end {
            End::InOrder => spawned.end().await,
            End::Killed => spawned.kill().await,
        }
        (0..5).for_each(|n| say(format!("meanwhile {round} {n}.")));
        spawned.run().await;
        (0..5).for_each(|n| say(format!("after {round} {n}.")));
    }
    heard_once(&caller, &ticket, &texts).await;
    let (_, body) = caller.get(&ticket.path("/messages")).await.unwrap();
    let contents = body["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|m| m["content"].as_str());
    let order: Vec<String> = contents
        .filter(|text| texts.iter().any(|t| t == text))
        .map(str::to_owned)
        .collect();
    assert_eq!(order, texts);
}

#[tokio::test]
async fn a_session_that_discord_has_forgotten_loses_no_message_of_a_ticket() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let (ticket, caller) = (spawned.ticket().await, spawned.admins().await);
    spawned.kill().await;
    spawned.finn().says(ticket.channel, "nobody listens.").unwrap();
    spawned.moderator().says(ticket.channel, "staff do.").unwrap();
    // More than is replayed.
    for n in 0..700 {
        spawned
            .finn()
            .says(spawned.people.channels.general, &format!("chat {n}"))
            .unwrap();
    }
    spawned.run().await;
    heard_once(
        &caller,
        &ticket,
        &["nobody listens.".to_owned(), "staff do.".to_owned()],
    )
    .await;
    let (_, body) = caller.get(&ticket.path("/messages")).await.unwrap();
    let by_staff = |text: &str| {
        let message = body["messages"]
            .as_array()
            .unwrap()
            .iter()
            .find(|m| m["content"] == text);
        message.unwrap()["is_admin"].clone()
    };
    assert_eq!(
        (by_staff("nobody listens."), by_staff("staff do.")),
        (json!(false), json!(true))
    );
}

#[tokio::test]
async fn what_was_missed_is_found_though_the_panel_has_answered_since() {
    let stage = Stage::start().await;
    let (ticket, caller) = (stage.ticket().await, stage.admins().await);
    let forgotten = GatewayFault::InvalidSession { resumable: false };
    assert_eq!(
        stage
            .sim
            .gateway_fails(Some(stage.people.application), &forgotten),
        1
    );
    stage.finn().says(ticket.channel, "nobody hears this.").unwrap();
    // Discord takes calls while the gateway is away, so the answer is known before what it answers.
    let answer = json!({ "content": "an answer from the panel." });
    let (status, body) = caller.post(&ticket.path("/messages"), answer).await.unwrap();
    assert_eq!(status, 200, "{body}");
    let texts = [
        "nobody hears this.".to_owned(),
        "an answer from the panel.".to_owned(),
    ];
    heard_once(&caller, &ticket, &texts).await;
    stage.end().await;
}

#[tokio::test]
async fn messages_are_counted_once_over_kills_and_resumes() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let (general, application) = (spawned.people.channels.general, spawned.people.application);
    let finn = spawned.finn();
    session_is_stored(&spawned).await;
    let say = |count: i64| (0..count).for_each(|n| assert!(finn.says(general, &format!("line {n}")).is_ok()));
    say(20);
    spawned.kill().await;
    say(7);
    spawned.run().await;
    say(11);
    for fault in [
        GatewayFault::Drop,
        GatewayFault::Reconnect,
        GatewayFault::Duplicate,
    ] {
        spawned.sim.gateway_fails(Some(application), &fault);
        say(5);
        assert!(
            spawned
                .sim
                .bot_is_online(application, hazebot_e2e::PATIENCE)
                .await
        );
    }
    // Once the bot has answered, it has read everything that came before.
    let answer = finn.runs_slash("help").await.unwrap();
    assert!(!answer.text().is_empty());
    spawned.end().await;
    let query =
        "SELECT COALESCE(SUM(value), 0) FROM member_counters WHERE kind = 'messages' AND user_id = $1";
    let key = i64::try_from(spawned.people.finn.get()).unwrap();
    assert_eq!(
        database::number(&spawned.file(), query, key).await.unwrap(),
        20 + 7 + 11 + 3 * 5
    );
}

/// Waits for the moment from which on a kill misses nothing: before it there is no session to go on with.
async fn session_is_stored(spawned: &Spawned) {
    let sql = "SELECT COUNT(*) FROM gateway_sessions WHERE session_id <> '' AND shard = $1";
    let deadline = tokio::time::Instant::now() + hazebot_e2e::PATIENCE;
    while database::number(&spawned.file(), sql, 0).await.unwrap() == 0 {
        assert!(tokio::time::Instant::now() < deadline, "{}", spawned.console());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_session_of_the_api_outlives_the_program() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let caller = spawned.admins().await;
    restart(&mut spawned, End::Killed).await;
    let (status, me) = caller.get("/api/auth/me").await.unwrap();
    assert_eq!(status, 200, "{me}");
    let (status, _) = caller.post("/api/auth/logout", json!({})).await.unwrap();
    assert_eq!(status, 200);
    restart(&mut spawned, End::Killed).await;
    assert_eq!(caller.get("/api/auth/me").await.unwrap().0, 401);
}
