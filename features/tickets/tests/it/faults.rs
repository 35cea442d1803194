//! Discord at its worst: what is half-done is finished or undone, nothing is doubled.

use discord_sim::RestFault;
use http::StatusCode;
use serde_json::json;

use crate::scene::{DESCRIPTION, Scene};

fn body() -> serde_json::Value {
    json!({ "type": "Bug", "subject": "Dark lamp", "description": DESCRIPTION })
}

fn ticket_channels(scene: &Scene) -> usize {
    scene.sim.read(|w| {
        w.channels
            .values()
            .filter(|c| c.name.starts_with("ticket-"))
            .count()
    })
}

/// T-05, X27.
#[tokio::test]
async fn a_server_error_half_way_leaves_nothing_behind_and_the_person_may_try_again() {
    let scene = Scene::start().await;
    scene.sim.route_fails(
        "POST",
        "/channels/{channel}/messages",
        3,
        RestFault::ServerError { status: 502 },
    );
    let (status, told) = scene.post("/api/tickets", scene.people.finn, body()).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{told}");
    assert_eq!(
        told["error"],
        "Failed to create ticket: Discord did not answer as expected"
    );
    assert_eq!(ticket_channels(&scene), 0);
    scene.sim.clear_faults();
    let (status, _) = scene.post("/api/tickets", scene.people.finn, body()).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(ticket_channels(&scene), 1);
}

#[tokio::test]
async fn what_cannot_be_undone_at_once_is_undone_by_the_repair_job() {
    let scene = Scene::start().await;
    scene.sim.route_fails(
        "POST",
        "/channels/{channel}/messages",
        100,
        RestFault::ServerError { status: 502 },
    );
    scene.sim.route_fails(
        "DELETE",
        "/channels/{channel}",
        3,
        RestFault::ServerError { status: 502 },
    );
    let (status, _) = scene.post("/api/tickets", scene.people.finn, body()).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ticket_channels(&scene), 1);
    scene.sim.clear_faults();
    scene.after(chrono::Duration::seconds(90)).await;
    assert_eq!(ticket_channels(&scene), 0);
    let (_, list) = scene.get("/api/tickets/my", scene.people.finn).await;
    assert_eq!(list["total"], 0);
}

#[tokio::test]
async fn a_lost_answer_to_the_making_of_the_channel_leaves_no_orphan() {
    let scene = Scene::start().await;
    scene
        .sim
        .route_fails("POST", "/guilds/{guild}/channels", 1, RestFault::LoseAnswer);
    let (status, _) = scene.post("/api/tickets", scene.people.finn, body()).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ticket_channels(&scene), 0);
}

#[tokio::test]
async fn a_lost_answer_to_a_message_does_not_double_it() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene
        .sim
        .route_fails("POST", "/channels/{channel}/messages", 1, RestFault::LoseAnswer);
    let (status, told) = scene
        .post(
            &ticket.path("/messages"),
            scene.people.finn,
            json!({ "content": "hello" }),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(
        scene
            .texts(ticket.channel)
            .iter()
            .filter(|text| text.contains("hello"))
            .count(),
        1
    );
}

/// C11.
#[tokio::test]
async fn a_full_server_is_named_as_the_reason() {
    let scene = Scene::start().await;
    let full = RestFault::Refuse {
        status: 400,
        code: 30_013,
        message: "Maximum number of guild channels reached (500)".into(),
    };
    scene.sim.route_fails("POST", "/guilds/{guild}/channels", 1, full);
    let told = scene.opens(&scene.finn(), "Bug", "Dark lamp").await.text();
    assert!(told.contains("limit of channels"), "{told}");
    assert_eq!(ticket_channels(&scene), 0);
}

/// C11.
#[tokio::test]
async fn a_full_category_is_stepped_around() {
    let scene = Scene::start().await;
    let category = scene.people.channels.tickets;
    scene.sim.change(|w| {
        for number in 0..50 {
            w.add_text_channel(scene.people.guild, &format!("old-{number}"), Some(category));
        }
    });
    let (status, told) = scene.post("/api/tickets", scene.people.finn, body()).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    let ticket = scene.opened("ticket-1-bug-finn").await;
    assert_eq!(scene.sim.channel(ticket.channel).unwrap().parent_id, None);
}

#[tokio::test]
async fn a_claim_stands_though_discord_is_away_and_is_shown_later() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene.sim.route_fails(
        "POST",
        "/channels/{channel}/messages",
        3,
        RestFault::ServerError { status: 500 },
    );
    let moderator = scene.people.moderators[0];
    let (status, _) = scene
        .post(
            &ticket.path("/claim"),
            moderator,
            json!({ "user_id": moderator.to_string() }),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(scene.status(&ticket).await, "Claimed");
    assert!(
        scene
            .texts(ticket.channel)
            .iter()
            .all(|text| !text.contains("Ticket claimed by"))
    );
    scene.sim.clear_faults();
    scene.after(chrono::Duration::seconds(90)).await;
    let lines = scene
        .texts(ticket.channel)
        .iter()
        .filter(|text| text.contains("Ticket claimed by"))
        .count();
    assert_eq!(lines, 1);
    assert!(scene.controls(ticket.channel).await.text().contains("Claimed"));
}

#[tokio::test]
async fn a_reply_that_discord_does_not_take_is_not_sent_later() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene.sim.route_fails(
        "POST",
        "/channels/{channel}/messages",
        3,
        RestFault::ServerError { status: 500 },
    );
    let (status, _) = scene
        .post(
            &ticket.path("/messages"),
            scene.people.finn,
            json!({ "content": "hello" }),
        )
        .await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    scene.sim.clear_faults();
    scene.after(chrono::Duration::seconds(90)).await;
    assert!(
        scene
            .texts(ticket.channel)
            .iter()
            .all(|text| !text.contains("hello"))
    );
}
