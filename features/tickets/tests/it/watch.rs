//! Quiet and unanswered tickets, ratings, figures.

use hazebot_core::{
    jobs,
    settings::{Changes, Setting},
};
use hazebot_tickets::settings;
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    handover::question,
    scene::{Opened, Scene},
    work::wait_for_history,
};

async fn with(changes: Changes) -> Scene {
    let scene = Scene::start().await;
    scene.change(changes).await;
    // The watch begins when the guild has arrived.
    while jobs::list(&mut scene.store.read().await.unwrap(), Some("ticket.watch"))
        .await
        .unwrap()
        .is_empty()
    {
        tokio::task::yield_now().await;
    }
    scene
}

fn set(setting: &'static Setting<i64>, value: i64) -> Changes {
    Changes::new().set(setting, value)
}

async fn ticket_json(scene: &Scene, ticket: &Opened) -> Value {
    scene.get(&ticket.path(""), scene.people.admin).await.1
}

/// N-T3: reminder after n hours, automatic close after m.
#[tokio::test]
async fn a_quiet_ticket_is_warned_then_closed_and_any_word_begins_anew() {
    let changes = set(&settings::AUTO_CLOSE_WARN_HOURS, 48).set(&settings::AUTO_CLOSE_GRACE_HOURS, 24);
    let scene = with(changes).await;
    let ticket = scene.ticket().await;
    scene.after(chrono::Duration::hours(100)).await;
    assert_eq!(
        ticket_json(&scene, &ticket).await["close_request"],
        Value::Null,
        "its creator waits for staff"
    );
    scene.moderator().says(ticket.channel, "try now").unwrap();
    wait_for_history(&scene, &ticket, "try now").await;
    scene.after(chrono::Duration::hours(47)).await;
    assert_eq!(ticket_json(&scene, &ticket).await["close_request"], Value::Null);
    scene.after(chrono::Duration::hours(1)).await;
    let warned = question(&scene, &ticket).await;
    assert_eq!(warned.json["mentions"][0]["id"], scene.people.finn.to_string());
    assert_eq!(
        ticket_json(&scene, &ticket).await["close_request"]["asked_by"],
        Value::Null
    );

    scene.moderator().says(ticket.channel, "one more idea").unwrap();
    wait_for_history(&scene, &ticket, "one more idea").await;
    scene.after(chrono::Duration::minutes(1)).await;
    assert_eq!(
        ticket_json(&scene, &ticket).await["close_request"],
        Value::Null,
        "any message resets"
    );
    scene.after(chrono::Duration::hours(24)).await;
    assert_eq!(scene.status(&ticket).await, "Open");
    scene.after(chrono::Duration::hours(24)).await;
    let lines = scene.texts(ticket.channel);
    assert_eq!(
        lines.iter().filter(|text| text.contains("for a while")).count(),
        2,
        "{lines:?}"
    );
    scene.after(chrono::Duration::hours(24)).await;
    assert_eq!(scene.status(&ticket).await, "Closed");
    assert!(
        scene
            .texts(ticket.channel)
            .iter()
            .any(|text| text.contains("it was inactive"))
    );
}

#[tokio::test]
async fn nothing_is_closed_or_escalated_by_default() {
    let scene = with(Changes::new()).await;
    let ticket = scene.ticket().await;
    scene.moderator().says(ticket.channel, "try now").unwrap();
    wait_for_history(&scene, &ticket, "try now").await;
    let before = scene.texts(ticket.channel).len();
    scene.after(chrono::Duration::days(300)).await;
    assert_eq!(scene.status(&ticket).await, "Open");
    assert_eq!(scene.texts(ticket.channel).len(), before);
}

/// N-T3: answer-time targets with a staff alert.
#[tokio::test]
async fn an_unanswered_ticket_is_escalated_once() {
    let scene = with(set(&settings::ESCALATE_MINUTES, 15)).await;
    let ticket = scene.ticket().await;
    scene.after(chrono::Duration::minutes(14)).await;
    assert_eq!(ticket_json(&scene, &ticket).await["priority"], "normal");
    for _ in 0..3 {
        scene.after(chrono::Duration::minutes(1)).await;
    }
    assert_eq!(ticket_json(&scene, &ticket).await["priority"], "high");
    let seen = scene.admin().sees(ticket.channel);
    let told: Vec<_> = seen
        .iter()
        .filter(|m| m.content.contains("Nobody has answered"))
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].json["mention_roles"][0],
        scene.people.roles.moderator.to_string()
    );
}

#[tokio::test]
async fn an_answered_ticket_is_not_escalated() {
    let scene = with(set(&settings::ESCALATE_MINUTES, 15)).await;
    let ticket = scene.ticket().await;
    let answer = json!({ "content": "we look" });
    scene
        .post(&ticket.path("/messages"), scene.people.moderators[0], answer)
        .await;
    scene.after(chrono::Duration::hours(5)).await;
    assert_eq!(ticket_json(&scene, &ticket).await["priority"], "normal");
}

/// N-T5: rating after close, in the direct message.
#[tokio::test]
async fn the_creator_rates_a_closed_ticket_and_changes_it_within_a_week() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let moderator = scene.people.moderators[0];
    let me = json!({ "user_id": moderator.to_string() });
    scene.post(&ticket.path("/claim"), moderator, me).await;
    scene.clock.advance(chrono::Duration::minutes(10));
    scene.sim.advance(std::time::Duration::from_secs(600));
    scene
        .post(&ticket.path("/messages"), moderator, json!({ "content": "done" }))
        .await;
    scene.post(&ticket.path("/close"), moderator, json!({})).await;
    scene.jobs().await;
    let dm = scene.finn().dm_with(scene.people.bot);
    let finn = scene.finn().in_channel(dm);
    let message = finn.sees(dm).pop().unwrap();
    let stars = message.custom_ids();
    assert_eq!(stars.len(), 5, "{message:?}");
    let thanks = finn.presses(message.id, &stars[1]).await.unwrap();
    assert!(
        thanks.text().contains("⭐⭐") && !thanks.text().contains("⭐⭐⭐"),
        "{thanks:?}"
    );
    finn.presses(message.id, &stars[3]).await.unwrap();
    let add = thanks.first().unwrap().custom_ids()[0].clone();
    let form = finn.presses(thanks.first().unwrap().id, &add).await.unwrap();
    let done = finn
        .submits_modal(&form.modal.unwrap(), [("comment", "quick & kind")])
        .await
        .unwrap();
    assert!(done.text().contains("Thank you"), "{done:?}");
    let (_, rating) = scene.get(&ticket.path("/rating"), scene.people.admin).await;
    assert_eq!(
        (&rating["stars"], &rating["comment"]),
        (&json!(4), &json!("quick & kind"))
    );
    let stranger = scene.get(&ticket.path("/rating"), scene.people.members[3]).await;
    assert_eq!(stranger.0, StatusCode::FORBIDDEN);

    let (_, stats) = scene.get("/api/tickets/stats?days=7", scene.people.admin).await;
    assert_eq!(
        (
            &stats["all"]["opened"],
            &stats["all"]["closed"],
            &stats["all"]["stars"]
        ),
        (&json!(1), &json!(1), &json!(4.0))
    );
    assert_eq!(stats["all"]["first_answer_seconds"], 600);
    assert_eq!(stats["types"][0]["type"], "Support");
    assert_eq!(stats["people"][0]["user_id"], moderator.to_string());
    let (status, _) = scene.get("/api/tickets/stats", scene.people.finn).await;
    assert_eq!(status, StatusCode::FORBIDDEN);

    // The channel is gone by then; the rating is not.
    scene.after(chrono::Duration::days(8)).await;
    let late = finn.presses(message.id, &stars[0]).await.unwrap();
    assert!(late.text().contains("can't be changed any more"), "{late:?}");
    let (_, stats) = scene.get("/api/tickets/stats", scene.people.admin).await;
    assert_eq!(stats["all"]["stars"], 4.0);
}

#[tokio::test]
async fn who_takes_no_direct_messages_is_asked_in_the_channel() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene.finn().takes_dms(false);
    scene
        .post(&ticket.path("/close"), scene.people.admin, json!({}))
        .await;
    scene.jobs().await;
    scene.jobs().await;
    let asks = |m: &&discord_sim::Seen| m.custom_ids().iter().any(|id| id.starts_with("ticket:v1:rate:"));
    let seen = scene.admin().sees(ticket.channel);
    let asked: Vec<_> = seen.iter().filter(asks).collect();
    assert_eq!(asked.len(), 1);
    let star = asked[0].custom_ids()[4].clone();
    let refused = scene
        .moderator()
        .in_channel(ticket.channel)
        .presses(asked[0].id, &star)
        .await
        .unwrap();
    assert!(refused.text().contains("Only whoever opened"), "{refused:?}");
    let thanks = scene
        .finn()
        .in_channel(ticket.channel)
        .presses(asked[0].id, &star)
        .await
        .unwrap();
    assert!(thanks.text().contains("⭐⭐⭐⭐⭐"), "{thanks:?}");
    // An open ticket is not rated.
    scene
        .call("POST", &ticket.path("/reopen"), scene.people.admin, None)
        .await;
    let open = scene
        .finn()
        .in_channel(ticket.channel)
        .presses(asked[0].id, &star)
        .await
        .unwrap();
    assert!(open.text().contains("once it is closed"), "{open:?}");
}

#[tokio::test]
async fn a_guild_that_asks_for_no_rating_gets_none() {
    let scene = Scene::start().await;
    scene
        .change(Changes::new().set(&settings::ASK_RATING, false))
        .await;
    let ticket = scene.ticket().await;
    scene
        .post(&ticket.path("/close"), scene.people.admin, json!({}))
        .await;
    scene.jobs().await;
    let dm = scene
        .finn()
        .sees(scene.finn().dm_with(scene.people.bot))
        .pop()
        .unwrap();
    assert!(dm.custom_ids().is_empty(), "{dm:?}");
}
