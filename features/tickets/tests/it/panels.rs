//! Panels: posted, used, changed, moved, removed; and what happens when Discord does not do as told.

use discord_sim::{Id, Seen};
use http::StatusCode;
use serde_json::{Value, json};

use crate::scene::{DESCRIPTION, Scene};

const PANELS: &str = "/api/config/tickets/panels";

fn body(channel: Id, more: Value) -> Value {
    let mut body =
        json!({ "channel_id": channel.to_string(), "title": "Need help?", "text": "Press a button." });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

async fn made(scene: &Scene, more: Value) -> Value {
    let body = body(scene.people.channels.bot_commands, more);
    let (status, panel) = scene.post(PANELS, scene.people.admin, body).await;
    assert_eq!(status, StatusCode::CREATED, "{panel}");
    panel
}

/// The panels that stand in a channel.
fn standing(scene: &Scene, channel: Id) -> Vec<Seen> {
    let is_panel = |seen: &Seen| seen.text().contains("Need help?");
    scene.admin().sees(channel).into_iter().filter(is_panel).collect()
}

#[tokio::test]
async fn a_button_of_a_panel_opens_the_form_of_its_type_also_after_a_restart() {
    let scene = Scene::start().await;
    let panel = made(&scene, json!({ "types": ["Bug", "Support"] })).await;
    assert!(
        panel["link"]
            .as_str()
            .unwrap()
            .contains(&scene.people.channels.bot_commands.to_string()),
        "{panel}"
    );
    let scene = scene.restart().await;
    let message = standing(&scene, scene.people.channels.bot_commands).remove(0);
    let ids = message.custom_ids();
    assert_eq!(ids.len(), 2, "{ids:?}");
    let finn = scene.finn();
    let form = finn.presses(message.id, &ids[0]).await.unwrap().modal.unwrap();
    let told = finn
        .submits_modal(&form, [("subject", "Lamp"), ("description", DESCRIPTION)])
        .await
        .unwrap();
    assert!(told.text().contains("has been opened"), "{told:?}");
    scene.opened("ticket-1-bug-finn").await;
}

#[tokio::test]
async fn a_menu_offers_all_types_and_follows_them_when_they_change() {
    let scene = Scene::start().await;
    made(&scene, json!({ "style": "menu" })).await;
    let channel = scene.people.channels.bot_commands;
    let types = json!({ "types": [{ "name": "Repair", "emoji": "🔧" }, { "name": "Support" }] });
    let (status, told) = scene
        .call(
            "PUT",
            "/api/config/tickets/types",
            scene.people.admin,
            Some(types),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let shows = |seen: &Seen| seen.json["components"].to_string().contains("Repair");
    while !standing(&scene, channel).iter().any(shows) {
        scene.jobs().await;
        tokio::task::yield_now().await;
    }
    let message = standing(&scene, channel).remove(0);
    let menu = message.custom_ids().remove(0);
    let form = scene.finn().chooses(message.id, &menu, ["Repair"]).await.unwrap();
    assert!(form.modal.is_some(), "{form:?}");
}

#[tokio::test]
async fn a_changed_panel_is_edited_a_moved_one_leaves_nothing_behind_and_a_removed_one_is_gone() {
    let scene = Scene::start().await;
    let (here, there) = (scene.people.channels.bot_commands, scene.people.channels.general);
    let panel = made(&scene, json!({})).await;
    let path = format!("{PANELS}/{}", panel["id"].as_str().unwrap());
    let first = standing(&scene, here).remove(0).id;
    let change = body(here, json!({ "text": "Ask us." }));
    let (status, told) = scene.call("PUT", &path, scene.people.admin, Some(change)).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let now = standing(&scene, here).remove(0);
    assert!(now.id == first && now.text().contains("Ask us."), "{now:?}");
    let (_, told) = scene
        .call("PUT", &path, scene.people.admin, Some(body(there, json!({}))))
        .await;
    assert_eq!(told["problem"], Value::Null, "{told}");
    assert_eq!(
        (standing(&scene, here).len(), standing(&scene, there).len()),
        (0, 1)
    );
    let (status, _) = scene.call("DELETE", &path, scene.people.admin, None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(standing(&scene, there).is_empty());
    let (status, _) = scene.call("DELETE", &path, scene.people.admin, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(scene.get(PANELS, scene.people.admin).await.1["panels"], json!([]));
}

#[tokio::test]
async fn a_panel_whose_message_was_deleted_is_posted_again_when_it_is_saved() {
    let scene = Scene::start().await;
    let here = scene.people.channels.bot_commands;
    let panel = made(&scene, json!({})).await;
    let message = standing(&scene, here).remove(0).id;
    scene.admin().deletes(here, message).unwrap();
    let path = format!("{PANELS}/{}", panel["id"].as_str().unwrap());
    scene
        .call("PUT", &path, scene.people.admin, Some(body(here, json!({}))))
        .await;
    assert_eq!(standing(&scene, here).len(), 1);
}

#[tokio::test]
async fn when_discord_fails_the_panel_says_why_or_is_posted_by_the_job() {
    let scene = Scene::start().await;
    let here = scene.people.channels.bot_commands;
    scene
        .sim
        .suffers("POST /channels/{channel}/messages 500 x2".parse().unwrap())
        .unwrap();
    let panel = made(&scene, json!({})).await;
    assert_eq!(panel["link"], Value::Null, "{panel}");
    // The job's own first try meets the fault too.
    scene.after(chrono::Duration::minutes(2)).await;
    scene.after(chrono::Duration::minutes(2)).await;
    assert_eq!(standing(&scene, here).len(), 1);
    let path = format!("{PANELS}/{}", panel["id"].as_str().unwrap());
    let rules = body(scene.people.channels.rules, json!({}));
    scene
        .sim
        .suffers(
            "POST /channels/{channel}/messages missing-permission x1"
                .parse()
                .unwrap(),
        )
        .unwrap();
    let (_, told) = scene.call("PUT", &path, scene.people.admin, Some(rules)).await;
    assert!(
        told["problem"]
            .as_str()
            .unwrap_or_default()
            .contains("may not write"),
        "{told}"
    );
}

#[tokio::test]
async fn wrong_panels_are_refused_and_members_may_not_make_any() {
    let scene = Scene::start().await;
    let here = scene.people.channels.bot_commands;
    let table = [
        body(here, json!({ "title": " " })),
        body(here, json!({ "types": ["Nope"] })),
        body(here, json!({ "text": "x".repeat(2001) })),
        body(scene.people.channels.lounge, json!({})),
        body(Id::new(1), json!({})),
    ];
    for wrong in table {
        let (status, told) = scene.post(PANELS, scene.people.admin, wrong.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}: {told}");
    }
    let (status, _) = scene.post(PANELS, scene.people.finn, body(here, json!({}))).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(standing(&scene, here).is_empty());
}
