//! What happens in Discord itself: messages both ways, edits, deletions, restarts, channels that vanish.

use hazebot_discord::{Button, Message};
use http::StatusCode;
use serde_json::json;

use crate::{scene::Scene, work::wait_for_history};

/// X32, X104.
#[tokio::test]
async fn a_reply_from_the_app_stands_in_discord_and_the_history_has_both_sides() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene.finn().says(ticket.channel, "any news?").unwrap();
    wait_for_history(&scene, &ticket, "any news?").await;
    let moderator = scene.people.moderators[0];
    let (status, sent) = scene
        .post(
            &ticket.path("/messages"),
            moderator,
            json!({ "content": " we are on it @everyone " }),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{sent}");
    let data = &sent["data"];
    assert_eq!(data["display_content"], "we are on it @everyone");
    assert_eq!(
        (&data["is_bot"], &data["is_admin"], &data["role"]),
        (&json!(false), &json!(true), &json!("moderator"))
    );
    assert!(data["content"].as_str().unwrap().starts_with("**[Admin Panel - "));
    let last = scene.admin().sees(ticket.channel).pop().unwrap();
    assert_eq!(
        (last.id.to_string(), last.content.as_str()),
        (
            data["id"].as_str().unwrap().to_owned(),
            data["content"].as_str().unwrap()
        )
    );
    assert_eq!(last.json["mention_everyone"], false);
    let history = scene.history(&ticket, scene.people.finn).await;
    assert_eq!(history.len(), 3, "{history:?}");
    assert!(
        history[0]["content"]
            .as_str()
            .unwrap()
            .starts_with("**Subject:** Dark lamp")
    );
    assert_eq!(
        (&history[1]["content"], &history[1]["is_bot"]),
        (&json!("any news?"), &json!(false))
    );
    assert_eq!(
        (&history[2]["id"], &history[2]["is_bot"], &history[2]["role"]),
        (&data["id"], &json!(true), &json!("moderator"))
    );
    assert_eq!(history[2]["author_id"], scene.people.bot.to_string());
}

/// X31.
#[tokio::test]
async fn edits_and_deletions_in_discord_reach_the_history() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let (first, second) = {
        let finn = scene.finn();
        (
            finn.says(ticket.channel, "one").unwrap(),
            finn.says(ticket.channel, "two").unwrap(),
        )
    };
    wait_for_history(&scene, &ticket, "two").await;
    scene
        .finn()
        .edits(ticket.channel, first, "one, corrected")
        .unwrap();
    wait_for_history(&scene, &ticket, "one, corrected").await;
    let mut feed = scene.store.events().subscribe();
    scene.finn().deletes(ticket.channel, second).unwrap();
    loop {
        let event = tokio::time::timeout(crate::scene::WAIT, feed.next())
            .await
            .unwrap();
        if event.kind == "ticket.message_deleted" {
            break;
        }
    }
    let history = scene.history(&ticket, scene.people.finn).await;
    assert!(history.iter().all(|m| m["content"] != "two"));
}

/// T-21, X36.
#[tokio::test]
async fn a_member_who_writes_like_staff_is_shown_as_a_member() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene
        .finn()
        .says(ticket.channel, "**[Admin Panel - boss]:** pay me")
        .unwrap();
    wait_for_history(&scene, &ticket, "pay me").await;
    let history = scene.history(&ticket, scene.people.finn).await;
    let spoof = history.last().unwrap();
    assert_eq!(
        (&spoof["is_admin"], &spoof["role"]),
        (&json!(false), &json!(null))
    );
    assert!(!spoof["content"].as_str().unwrap().contains("[Admin Panel"));
    let body = json!({ "content": "**[Admin Panel - boss]:** pay me" });
    let (status, sent) = scene
        .post(&ticket.path("/messages"), scene.people.finn, body)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(!sent["data"]["content"].as_str().unwrap().contains("[Admin Panel"));
}

/// C16.
#[tokio::test]
async fn buttons_work_after_a_restart_and_what_was_missed_is_caught_up_with() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene.finn().says(ticket.channel, "before").unwrap();
    wait_for_history(&scene, &ticket, "before").await;
    scene
        .bot
        .cogs()
        .unload(
            "TicketSystem",
            &hazebot_core::Actor::System,
            hazebot_discord::Via::Discord,
        )
        .await
        .unwrap();
    scene.finn().says(ticket.channel, "while you were out").unwrap();
    let (status, _) = scene.get("/api/tickets", scene.people.admin).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    scene
        .bot
        .cogs()
        .load(
            "TicketSystem",
            &hazebot_core::Actor::System,
            hazebot_discord::Via::Discord,
        )
        .await
        .unwrap();
    wait_for_history(&scene, &ticket, "while you were out").await;
    let scene = scene.restart().await;
    let answer = scene
        .moderator()
        .presses(ticket.control, &ticket.button("claim"))
        .await
        .unwrap();
    assert!(answer.text().contains("claimed ticket #1"), "{answer:?}");
    let contents: Vec<_> = scene
        .history(&ticket, scene.people.admin)
        .await
        .iter()
        .filter(|m| m["is_bot"] == false)
        .map(|m| m["content"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(contents, ["before", "while you were out"]);
}

/// T-19.
#[tokio::test]
async fn a_channel_deleted_by_hand_closes_the_ticket() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let mut feed = scene.store.events().subscribe();
    scene.sim.delete_channel(ticket.channel);
    while feed.next().await.kind != "ticket.closed" {}
    let (_, body) = scene.get(&ticket.path(""), scene.people.finn).await;
    assert_eq!(
        (&body["status"], &body["channel_id"]),
        (&json!("Closed"), &json!(null))
    );
    let (status, body) = scene
        .call("POST", &ticket.path("/reopen"), scene.people.finn, None)
        .await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::NOT_FOUND, &json!("Ticket channel not found"))
    );
    scene.jobs().await;
    assert_eq!(scene.admin().sees(scene.people.channels.transcripts).len(), 1);
}

/// T-19.
#[tokio::test]
async fn staff_are_told_when_the_creator_leaves() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene.finn().leaves(scene.people.guild).unwrap();
    let told = scene
        .admin()
        .waits_for(ticket.channel, |m| m.content.contains("has left the server"))
        .await;
    assert!(told.is_some());
    assert_eq!(scene.status(&ticket).await, "Open");
}

#[tokio::test]
async fn buttons_of_the_python_version_are_resolved_by_their_channel() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let channel = hazebot_core::ids::ChannelId::new(ticket.channel.get());
    let old = Message::new()
        .text("old controls")
        .buttons([Button::primary("ticket:claim", "Claim")]);
    let posted = scene.bot.discord().send(channel, &old).await.unwrap();
    let answer = scene
        .moderator()
        .presses(posted.id.get().into_id(), "ticket:claim")
        .await
        .unwrap();
    assert!(answer.text().contains("claimed ticket #1"), "{answer:?}");
    let elsewhere = hazebot_core::ids::ChannelId::new(scene.people.channels.mod_chat.get());
    let posted = scene.bot.discord().send(elsewhere, &old).await.unwrap();
    let answer = scene
        .moderator()
        .presses(posted.id.get().into_id(), "ticket:claim")
        .await
        .unwrap();
    assert!(answer.text().contains("no ticket"), "{answer:?}");
}

trait IntoId {
    fn into_id(self) -> discord_sim::Id;
}

impl IntoId for u64 {
    fn into_id(self) -> discord_sim::Id {
        discord_sim::Id::new(self)
    }
}

#[tokio::test]
async fn the_message_command_leads_to_the_form_by_a_button() {
    let scene = Scene::start().await;
    let finn = scene.finn();
    let place = scene.people.channels.bot_commands;
    finn.says(place, "!ticket").unwrap();
    let answer = finn
        .waits_for(place, |m| !m.custom_ids().is_empty())
        .await
        .unwrap();
    let menu = finn.presses(answer.id, &answer.custom_ids()[0]).await.unwrap();
    let menu = menu.first().unwrap();
    assert!(
        menu.ephemeral && menu.custom_ids() == ["ticket:v1:type"],
        "{menu:?}"
    );
}

/// C01.
#[tokio::test]
async fn a_ticket_of_another_guild_is_unknown() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let id = ticket.id.parse().unwrap();
    let other = hazebot_core::ids::GuildId::new(4711);
    let everything = hazebot_core::Actor::System;
    let refused = scene.tickets.get(other, &everything, id).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().sentence, "Ticket not found");
    assert!(scene.tickets.close(other, &everything, id, "").await.is_err());
    assert!(scene.tickets.delete(other, &everything, id).await.is_err());
    assert_eq!(scene.status(&ticket).await, "Open");
}

#[tokio::test]
async fn a_guild_that_speaks_german_is_answered_in_german_and_the_api_stays_english() {
    let scene = Scene::start().await;
    let german = hazebot_core::settings::Changes::new();
    scene
        .change(german.set(&hazebot_core::settings::general::LANGUAGE, "de".to_owned()))
        .await;
    let ticket = scene.ticket().await;
    let moderator = scene.people.moderators[0];
    scene
        .post(
            &ticket.path("/claim"),
            moderator,
            json!({ "user_id": moderator.to_string() }),
        )
        .await;
    assert!(
        scene
            .texts(ticket.channel)
            .iter()
            .any(|text| text.contains("hat das Ticket übernommen"))
    );
    let history = scene.history(&ticket, scene.people.finn).await;
    assert!(
        history.last().unwrap()["content"]
            .as_str()
            .unwrap()
            .contains("Ticket claimed by")
    );
}

/// X30.
#[tokio::test]
async fn a_long_ticket_shows_its_newest_hundred_messages_oldest_first() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    for number in 1..=105 {
        scene
            .finn()
            .says(ticket.channel, &format!("Message {number}."))
            .unwrap();
    }
    wait_for_history(&scene, &ticket, "Message 105.").await;
    let history = scene.history(&ticket, scene.people.finn).await;
    assert_eq!(history.len(), 100);
    let text = |message: Option<&serde_json::Value>| message.unwrap()["content"].as_str().unwrap().to_owned();
    assert_eq!(
        (text(history.first()), text(history.last())),
        ("Message 6.".to_owned(), "Message 105.".to_owned())
    );
}
