//! Canned replies, other types, and questions whether a ticket may be closed.

use discord_sim::Seen;
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    scene::{Opened, Scene},
    work::wait_for_history,
};

/// N-T4: canned replies.
#[tokio::test]
async fn a_canned_reply_is_filled_in_and_pings_nobody() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let admin = scene.people.admin;
    let text =
        json!({ "text": "@everyone Hi {creator}, {staff} looks at {ticket} ({type}): {subject} {nope}" });
    let (status, saved) = scene
        .call("PUT", "/api/tickets/replies/On%20It", admin, Some(text))
        .await;
    assert_eq!((status, &saved["name"]), (StatusCode::OK, &json!("on-it")));
    let here = scene.moderator().in_channel(ticket.channel);
    let choices = here.types_option("ticket-reply", "name", "on").await.unwrap();
    assert!(choices.choice_names()[0].starts_with("on-it · "), "{choices:?}");
    let done = here
        .runs_slash_with("ticket-reply", [("name", "on-it")])
        .await
        .unwrap();
    assert!(done.text().contains("Sent"), "{done:?}");
    let last = scene.admin().sees(ticket.channel).pop().unwrap();
    assert!(
        last.content.contains("(Support): Dark lamp {nope}"),
        "{}",
        last.content
    );
    assert!(last.content.contains("looks at #1"), "{}", last.content);
    assert_eq!(last.json["mention_everyone"], false);
    assert!(last.json["mentions"].as_array().unwrap().is_empty());
    let history = scene.history(&ticket, scene.people.finn).await;
    assert_eq!(history.last().unwrap()["role"], "moderator");

    let (_, filled) = scene.get(&ticket.path("/replies"), admin).await;
    let filled = filled["replies"][0]["text"].as_str().unwrap().to_owned();
    assert!(
        !filled.contains("{creator}") && filled.contains("{nope}"),
        "{filled}"
    );
    let (_, raw) = scene.get("/api/tickets/replies", admin).await;
    assert!(raw["replies"][0]["text"].as_str().unwrap().contains("{creator}"));
    let sent = scene
        .post(&ticket.path("/replies"), admin, json!({ "name": "on-it" }))
        .await;
    assert_eq!(sent.0, StatusCode::OK, "{}", sent.1);

    let deleted = scene
        .call("DELETE", "/api/tickets/replies/on-it", admin, None)
        .await;
    assert_eq!(deleted.0, StatusCode::OK);
    let gone = here
        .runs_slash_with("ticket-reply", [("name", "on-it")])
        .await
        .unwrap();
    assert!(gone.text().contains("no canned reply"), "{gone:?}");
}

#[tokio::test]
async fn canned_replies_are_for_staff_and_bounded() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let (finn, admin) = (scene.people.finn, scene.people.admin);
    for (method, path, body) in [
        ("GET", "/api/tickets/replies".to_owned(), None),
        (
            "PUT",
            "/api/tickets/replies/x".to_owned(),
            Some(json!({ "text": "x" })),
        ),
        ("DELETE", "/api/tickets/replies/x".to_owned(), None),
        ("GET", ticket.path("/replies"), None),
        ("POST", ticket.path("/replies"), Some(json!({ "name": "x" }))),
    ] {
        let (status, _) = scene.call(method, &path, finn, body).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path}");
    }
    let put = async |name: &str, text: &str| {
        let body = Some(json!({ "text": text }));
        scene
            .call("PUT", &format!("/api/tickets/replies/{name}"), admin, body)
            .await
            .0
    };
    assert_eq!(put("x", "  ").await, StatusCode::BAD_REQUEST);
    assert_eq!(put("x", &"y".repeat(1901)).await, StatusCode::BAD_REQUEST);
    assert_eq!(put("%21", "y").await, StatusCode::BAD_REQUEST);
    for number in 0..100 {
        assert_eq!(put(&format!("n{number}"), "y").await, StatusCode::OK);
    }
    assert_eq!(put("one-more", "y").await, StatusCode::BAD_REQUEST);
    assert_eq!(put("n7", "changed").await, StatusCode::OK);
    let (status, _) = scene
        .post(&ticket.path("/replies"), admin, json!({ "name": "nope" }))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// N-T2: transfer.
#[tokio::test]
async fn a_transferred_ticket_has_the_other_type_and_is_free() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let moderator = scene.people.moderators[0];
    let me = json!({ "user_id": moderator.to_string() });
    scene.post(&ticket.path("/claim"), moderator, me).await;
    let here = scene.moderator().in_channel(ticket.channel);
    let choices = here.types_option("ticket-transfer", "type", "bu").await.unwrap();
    assert_eq!(choices.choice_names(), ["Bug"]);
    let done = here
        .runs_slash_with("ticket-transfer", [("type", "bug")])
        .await
        .unwrap();
    assert!(done.text().contains("type Bug"), "{done:?}");
    let (_, one) = scene.get(&ticket.path(""), scene.people.finn).await;
    assert_eq!(
        (&one["type"], &one["status"], &one["claimed_by"]),
        (&json!("Bug"), &json!("Open"), &json!(null))
    );
    let controls = scene.controls(ticket.channel).await.text();
    assert!(
        controls.contains("Bug") && controls.contains("Open"),
        "{controls}"
    );
    for (kind, sentence) in [
        ("Bug", "Ticket is of this type already"),
        (
            "Nope",
            "Invalid ticket type. Must be one of: Application, Bug, Support",
        ),
    ] {
        let (status, body) = scene
            .post(&ticket.path("/transfer"), moderator, json!({ "type": kind }))
            .await;
        assert_eq!(
            (status, &body["error"]),
            (StatusCode::BAD_REQUEST, &json!(sentence))
        );
    }
    let forbidden = scene
        .post(
            &ticket.path("/transfer"),
            scene.people.finn,
            json!({ "type": "Support" }),
        )
        .await;
    assert_eq!(forbidden.0, StatusCode::FORBIDDEN);
    let to = scene.people.moderators[1].to_string();
    let done = here
        .runs_slash_with("ticket-assign", [("person", to.clone())])
        .await
        .unwrap();
    assert!(done.text().contains("is assigned to"), "{done:?}");
    assert_eq!(scene.get(&ticket.path(""), moderator).await.1["assigned_to"], to);
}

/// The question in a ticket's channel.
pub(crate) async fn question(scene: &Scene, ticket: &Opened) -> Seen {
    let asks = |m: &Seen| m.custom_ids().iter().any(|id| id.starts_with("ticket:v1:keep"));
    scene.admin().waits_for(ticket.channel, asks).await.unwrap()
}

async fn request(scene: &Scene, ticket: &Opened) -> Value {
    scene.get(&ticket.path(""), scene.people.admin).await.1["close_request"].clone()
}

async fn asks(scene: &Scene, ticket: &Opened, hours: i64) {
    let here = scene.moderator().in_channel(ticket.channel);
    let done = here
        .runs_slash_with("ticket-askclose", [("hours", json!(hours))])
        .await
        .unwrap();
    assert!(done.text().contains("is asked"), "{done:?}");
}

#[tokio::test]
async fn a_ticket_that_nobody_objects_to_closes_in_time() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    asks(&scene, &ticket, 5).await;
    let asked = question(&scene, &ticket).await;
    assert_eq!(asked.json["mentions"][0]["id"], scene.people.finn.to_string());
    let pending = request(&scene, &ticket).await;
    assert_eq!(pending["asked_by"], scene.people.moderators[0].to_string());
    assert!(scene.controls(ticket.channel).await.text().contains("Closes"));
    scene.after(chrono::Duration::hours(4)).await;
    assert_eq!(scene.status(&ticket).await, "Open");
    // What staff add does not stand in the way of their own question.
    scene.moderator().says(ticket.channel, "anything else?").unwrap();
    wait_for_history(&scene, &ticket, "anything else?").await;
    scene.after(chrono::Duration::hours(1)).await;
    assert_eq!(scene.status(&ticket).await, "Closed");
    scene.jobs().await;
    let lines = scene.texts(ticket.channel);
    assert_eq!(
        lines
            .iter()
            .filter(|text| text.contains("nobody objected"))
            .count(),
        1,
        "{lines:?}"
    );
    assert!(scene.finn().says(ticket.channel, "late").is_err());
    assert_eq!(request(&scene, &ticket).await, Value::Null);
    assert_eq!(scene.admin().sees(scene.people.channels.transcripts).len(), 1);
}

#[tokio::test]
async fn a_word_of_its_creator_keeps_a_ticket_open() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    asks(&scene, &ticket, 5).await;
    scene.finn().says(ticket.channel, "it is still dark").unwrap();
    wait_for_history(&scene, &ticket, "it is still dark").await;
    scene.after(chrono::Duration::hours(6)).await;
    assert_eq!(scene.status(&ticket).await, "Open");
    assert_eq!(request(&scene, &ticket).await, Value::Null);
}

#[tokio::test]
async fn the_buttons_of_the_question_work_after_a_restart_for_those_who_may() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    asks(&scene, &ticket, 5).await;
    let friend = scene.people.members[3];
    let added = json!({ "user_id": friend.to_string() });
    scene
        .post(&ticket.path("/participants"), scene.people.admin, added)
        .await;
    let scene = scene.restart().await;
    let asked = question(&scene, &ticket).await;
    let her = scene.sim.as_user(friend).in_channel(ticket.channel);
    for word in ["agree", "keep"] {
        let refused = her.presses(asked.id, &ticket.button(word)).await.unwrap();
        assert!(refused.text().contains("not allowed"), "{refused:?}");
    }
    let finn = scene.finn().in_channel(ticket.channel);
    let kept = finn.presses(asked.id, &ticket.button("keep")).await.unwrap();
    let kept = kept.updated.unwrap();
    assert!(
        kept.text().contains("stays open") && kept.custom_ids().is_empty(),
        "{kept:?}"
    );
    assert_eq!(request(&scene, &ticket).await, Value::Null);
    let (status, body) = scene
        .call("DELETE", &ticket.path("/close-request"), scene.people.finn, None)
        .await;
    assert_eq!(
        (status, &body["error"]),
        (
            StatusCode::BAD_REQUEST,
            &json!("Nobody has asked to close this ticket")
        )
    );
    scene.after(chrono::Duration::hours(6)).await;
    assert_eq!(scene.status(&ticket).await, "Open");

    let (status, _) = scene
        .post(
            &ticket.path("/close-request"),
            scene.people.admin,
            json!({ "hours": 721 }),
        )
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    scene
        .call("POST", &ticket.path("/close-request"), scene.people.admin, None)
        .await;
    let asked = question(&scene, &ticket).await;
    finn.presses(asked.id, &ticket.button("agree")).await.unwrap();
    assert_eq!(scene.status(&ticket).await, "Closed");
    let late = scene
        .call("POST", &ticket.path("/close-request"), scene.people.admin, None)
        .await;
    assert_eq!(late.0, StatusCode::BAD_REQUEST);
}
