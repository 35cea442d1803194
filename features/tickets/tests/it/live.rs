//! Live: who is there, who writes, what is read, what was missed, and answers under their writer's name.

use discord_sim::Id;
use hazebot_core::settings::Changes;
use hazebot_http::socket_client::Client;
use hazebot_tickets::settings::REPLY_AS_MEMBER;
use http::StatusCode;
use serde_json::{Value, json};

use crate::scene::{Opened, Scene};

async fn joined(scene: &Scene, ticket: &Opened, who: Id) -> Client {
    let mut client = scene.socket(who).await;
    client
        .emit("join_ticket", &json!({ "ticket_id": ticket.id }))
        .await;
    client.hears("joined_ticket").await;
    client
}

fn names(viewers: &Value) -> Vec<&str> {
    let viewers = viewers["viewers"].as_array().unwrap();
    viewers
        .iter()
        .map(|viewer| viewer["user_id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn those_in_a_tickets_room_are_told_who_comes_and_goes() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let (admin, finn) = (scene.people.admin.to_string(), scene.people.finn.to_string());
    let mut staff = joined(&scene, &ticket, scene.people.admin).await;
    let there = staff.hears("ticket_viewers").await;
    assert_eq!(names(&there), [admin.as_str()]);
    assert_eq!(
        (&there["viewers"][0]["role"], &there["ticket_id"]),
        (&json!("admin"), &json!(ticket.id))
    );
    let member = joined(&scene, &ticket, scene.people.finn).await;
    let there = staff.hears("ticket_viewers").await;
    let mut both = [admin.as_str(), finn.as_str()];
    both.sort_unstable();
    let mut told = names(&there);
    told.sort_unstable();
    assert_eq!(told, both);
    drop(member);
    assert_eq!(names(&staff.hears("ticket_viewers").await), [admin.as_str()]);
}

/// N-T6.
#[tokio::test]
async fn typing_goes_from_the_panel_to_discord_and_the_others_and_from_discord_to_the_panel() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let mut staff = joined(&scene, &ticket, scene.people.admin).await;
    let mut member = joined(&scene, &ticket, scene.people.finn).await;
    staff.emit("typing", &json!({ "ticket_id": ticket.id })).await;
    let told = member.hears("ticket_typing").await;
    assert_eq!(
        (&told["user_id"], &told["role"]),
        (&json!(scene.people.admin), &json!("admin"))
    );
    scene
        .finn()
        .in_channel(ticket.channel)
        .types(ticket.channel)
        .unwrap();
    let told = staff.hears("ticket_typing").await;
    assert_eq!(
        (&told["user_id"], &told["role"]),
        (&json!(scene.people.finn), &Value::Null)
    );
    // Somebody who is not in the room is not heard.
    let mut outsider = scene.socket(scene.people.members[3]).await;
    outsider.emit("typing", &json!({ "ticket_id": ticket.id })).await;
    outsider
        .emit("leave_ticket", &json!({ "ticket_id": ticket.id }))
        .await;
    outsider.hears("left_ticket").await;
    scene.finn().says(ticket.channel, "Hello?").unwrap();
    loop {
        let (event, data) = staff.event().await;
        assert_ne!(event, "ticket_typing", "{data}");
        if event == "ticket_update" {
            break;
        }
    }
}

/// X106.
#[tokio::test]
async fn who_comes_back_is_told_what_they_missed_once_and_in_order() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let mut staff = joined(&scene, &ticket, scene.people.admin).await;
    scene.finn().says(ticket.channel, "First").unwrap();
    let last = staff.hears("ticket_update").await["event_id"].as_i64().unwrap();
    drop(staff);
    scene.finn().says(ticket.channel, "Second").unwrap();
    crate::work::wait_for_history(&scene, &ticket, "Second").await;
    let claim = json!({ "user_id": scene.people.admin.to_string() });
    let (status, told) = scene
        .post(&ticket.path("/claim"), scene.people.admin, claim)
        .await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let mut back = scene.socket(scene.people.admin).await;
    back.emit("join_ticket", &json!({ "ticket_id": ticket.id, "since": last }))
        .await;
    let missed = [
        back.hears("ticket_update").await,
        back.hears("ticket_update").await,
    ];
    assert_eq!(missed[0]["data"]["content"], "Second");
    assert_eq!(missed[1]["event_type"], "ticket_claimed");
    assert!(missed[0]["event_id"].as_i64() < missed[1]["event_id"].as_i64());
}

/// N-T6.
#[tokio::test]
async fn unread_messages_are_counted_until_they_are_read_and_marks_never_move_back() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let (admin, finn) = (scene.people.admin, scene.people.finn);
    let mut staff = joined(&scene, &ticket, admin).await;
    for text in ["One", "Two"] {
        scene.finn().says(ticket.channel, text).unwrap();
        staff.hears("ticket_update").await;
    }
    let unread = async |who| scene.get("/api/tickets/unread", who).await.1["total"].clone();
    assert_eq!((unread(admin).await, unread(finn).await), (json!(2), json!(0)));
    let (status, told) = scene.post(&ticket.path("/read"), admin, json!({})).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(staff.hears("ticket_read").await["message_id"], told["message_id"]);
    assert_eq!(unread(admin).await, json!(0));
    let (_, again) = scene
        .post(&ticket.path("/read"), admin, json!({ "message_id": "1" }))
        .await;
    assert_eq!(again["success"], true);
    let (_, marks) = scene.get(&ticket.path("/reads"), finn).await;
    assert_eq!(marks["reads"][0]["message_id"], told["message_id"], "{marks}");
    let outsider = scene.people.members[3];
    let (status, _) = scene.post(&ticket.path("/read"), outsider, json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

/// Turns answers under the writer's name on, and lets the bot manage webhooks.
async fn as_member(scene: &Scene) {
    scene.change(Changes::new().set(&REPLY_AS_MEMBER, true)).await;
}

async fn replies(scene: &Scene, ticket: &Opened, text: &str) -> (StatusCode, Value) {
    let body = json!({ "content": text });
    scene
        .post(&ticket.path("/messages"), scene.people.admin, body)
        .await
}

/// T-21.
#[tokio::test]
async fn an_answer_stands_under_its_writers_name_and_its_wire_form_stays_that_of_the_app() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    as_member(&scene).await;
    for text in ["On our way @everyone", "A second one"] {
        let (status, told) = replies(&scene, &ticket, text).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        assert!(
            told["data"]["content"]
                .as_str()
                .unwrap()
                .starts_with("**[Admin Panel - "),
            "{told}"
        );
        let seen = scene.finn().sees(ticket.channel);
        let seen = seen.iter().find(|seen| seen.content == text).unwrap();
        let shown = scene
            .bot
            .directory()
            .member(scene.guild, crate::scene::user(scene.people.admin))
            .unwrap();
        assert_eq!(seen.json["author"]["username"], shown.display_name);
        assert!(seen.json["webhook_id"].is_string() && seen.json["mention_everyone"] == false);
    }
    let history = scene.history(&ticket, scene.people.admin).await;
    let ours = history
        .iter()
        .filter(|m| m["content"].as_str().unwrap().contains("On our way"));
    assert_eq!(ours.count(), 1, "{history:?}");
}

#[tokio::test]
async fn without_the_permission_the_bot_quotes() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    as_member(&scene).await;
    scene
        .sim
        .suffers(
            "GET /channels/{channel}/webhooks missing-permission"
                .parse()
                .unwrap(),
        )
        .unwrap();
    let (status, told) = replies(&scene, &ticket, "On our way").await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert!(
        scene
            .texts(ticket.channel)
            .iter()
            .any(|text| text.starts_with("**[Admin Panel - "))
    );
}

#[tokio::test]
async fn an_answer_whose_receipt_got_lost_stands_once_and_is_stored() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    as_member(&scene).await;
    replies(&scene, &ticket, "First").await;
    scene
        .sim
        .suffers("POST /webhooks lose-answer x1".parse().unwrap())
        .unwrap();
    let (status, told) = replies(&scene, &ticket, "Second").await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let seen = scene.finn().sees(ticket.channel);
    assert_eq!(seen.iter().filter(|seen| seen.content == "Second").count(), 1);
    let history = scene.history(&ticket, scene.people.admin).await;
    let stored = history
        .iter()
        .filter(|m| m["content"].as_str().unwrap().ends_with("Second"));
    assert_eq!(stored.count(), 1);
}
