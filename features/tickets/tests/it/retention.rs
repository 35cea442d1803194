//! How long the records of closed tickets are kept.

use chrono::Duration;
use hazebot_core::settings::Changes;
use hazebot_tickets::settings;
use http::StatusCode;
use serde_json::json;

use crate::{files, scene::Scene, work::wait_for_history};

/// C07: copies go when their time is over, and never those of an open ticket.
#[tokio::test]
async fn copies_of_files_go_some_time_after_closing_and_never_before() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let keep = Changes::new()
        .set(&settings::KEEP_FILES_DAYS, 10)
        .set(&settings::AUTO_DELETE_DAYS, 0);
    scene.change(keep).await;
    files::sends(&scene, &ticket, "look here", "lamp.png", vec![7; 30]).await;
    scene.after(Duration::days(20)).await;
    assert_eq!(files::state(&scene, &ticket, "look here").await, "stored");
    let (status, _) = scene
        .post(&ticket.path("/close"), scene.people.admin, json!({}))
        .await;
    assert_eq!(status, StatusCode::OK);
    scene.after(Duration::days(9)).await;
    assert_eq!(files::state(&scene, &ticket, "look here").await, "stored");
    scene.after(Duration::days(2)).await;
    assert_eq!(files::state(&scene, &ticket, "look here").await, "removed");
    assert_eq!(files::copies(&scene, &ticket), Vec::<String>::new());
    let id = files::told(&scene, &ticket, "look here").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = ticket.path(&format!("/attachments/{id}"));
    let (status, body) = scene.get(&path, scene.people.finn).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        body["error"].as_str().unwrap().contains("after the time"),
        "{body}"
    );
}

#[tokio::test]
async fn messages_go_once_the_channel_is_gone_and_the_ticket_stays_counted() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene
        .change(Changes::new().set(&settings::KEEP_MESSAGES_DAYS, 1))
        .await;
    scene.finn().says(ticket.channel, "a green kettle").unwrap();
    wait_for_history(&scene, &ticket, "kettle").await;
    let (status, _) = scene
        .post(&ticket.path("/close"), scene.people.admin, json!({}))
        .await;
    assert_eq!(status, StatusCode::OK);
    scene.after(Duration::days(3)).await;
    wait_for_history(&scene, &ticket, "kettle").await;
    scene.sim.delete_channel(ticket.channel);
    let admin = scene.people.admin;
    while !scene.get(&ticket.path(""), admin).await.1["channel_id"].is_null() {
        tokio::task::yield_now().await;
    }
    scene.after(Duration::days(1)).await;
    assert_eq!(scene.history(&ticket, scene.people.finn).await.len(), 0);
    let (_, body) = scene.get(&ticket.path(""), admin).await;
    assert_eq!(
        (&body["ticket_num"], &body["initial_message"]),
        (&json!(1), &json!(""))
    );
    let (_, found) = scene.get("/api/tickets/search?q=kettle", admin).await;
    assert_eq!(found["results"], json!([]));
}
