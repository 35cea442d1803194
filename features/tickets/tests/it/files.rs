//! Files of messages: copied in time and within the limits, read by creator and staff only, gone with their message.

use chrono::Duration;
use discord_sim::Id;
use hazebot_core::settings::Changes;
use hazebot_tickets::settings;
use http::{StatusCode, header};
use serde_json::Value;

use crate::{
    scene::{Opened, Scene},
    work::wait_for_history,
};

const MIB: usize = 1024 * 1024;

fn picture(bytes: usize) -> Vec<u8> {
    let mut content = b"\x89PNG\r\n\x1a\n".to_vec();
    content.resize(bytes, 7);
    content
}

/// Finn sends a file, and it is recorded.
pub(crate) async fn sends(scene: &Scene, ticket: &Opened, text: &str, name: &str, content: Vec<u8>) -> Id {
    let id = scene.finn().uploads(ticket.channel, text, name, content).unwrap();
    wait_for_history(scene, ticket, text).await;
    id
}

/// What the API tells of the files of the message with this text.
pub(crate) async fn told(scene: &Scene, ticket: &Opened, text: &str) -> Vec<Value> {
    let history = scene.history(ticket, scene.people.finn).await;
    let has_text = |m: &&Value| m["content"].as_str().unwrap().contains(text);
    let message = history.iter().find(has_text).unwrap();
    message["attachments"].as_array().cloned().unwrap_or_default()
}

pub(crate) async fn state(scene: &Scene, ticket: &Opened, text: &str) -> String {
    let told = told(scene, ticket, text).await;
    told[0]["state"].as_str().unwrap().to_owned()
}

/// What lies in the folder of a ticket.
pub(crate) fn copies(scene: &Scene, ticket: &Opened) -> Vec<String> {
    let folder = scene.folder.path().join("tickets").join(scene.guild.to_string());
    let Ok(entries) = std::fs::read_dir(folder.join(&ticket.id)) else {
        return Vec::new();
    };
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    entries.map(name).collect()
}

/// C05, T-13: the file outlives the channel; its name gets into no path and no header raw.
#[tokio::test]
async fn a_file_is_copied_and_is_read_by_the_creator_and_staff_alone() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let name = "la\"mp ü.png";
    sends(&scene, &ticket, "look here", name, picture(3000)).await;
    scene.jobs().await;
    let file = told(&scene, &ticket, "look here").await.remove(0);
    assert_eq!(file["state"], "stored", "{file}");
    assert_eq!(copies(&scene, &ticket), [file["id"].as_str().unwrap()]);
    let path = file["path"].as_str().unwrap();
    for who in [scene.people.finn, scene.people.moderators[0]] {
        let (head, content) = scene.answer("GET", path, Some(who), None).await;
        assert_eq!(head.status, StatusCode::OK);
        assert_eq!(content, picture(3000));
        let header = |name| head.headers.get(name).unwrap().to_str().unwrap();
        assert_eq!(header(header::CONTENT_TYPE), "image/png");
        assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert!(header(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
        let place = header(header::CONTENT_DISPOSITION);
        assert!(place.starts_with("inline; filename*=UTF-8''"), "{place}");
        assert!(!place.contains('/') && !place.contains('"'), "{place}");
    }
    let (head, _) = scene.answer("GET", path, None, None).await;
    assert_eq!(head.status, StatusCode::UNAUTHORIZED);
    let (head, _) = scene
        .answer("GET", path, Some(scene.people.members[1]), None)
        .await;
    assert_eq!(head.status, StatusCode::FORBIDDEN);
    let other = format!("/api/tickets/{}/attachments/12", ticket.id);
    let (head, _) = scene.answer("GET", &other, Some(scene.people.finn), None).await;
    assert_eq!(head.status, StatusCode::NOT_FOUND);
}

/// C02: the id of a file leads to nothing in a ticket of somebody else.
#[tokio::test]
async fn a_file_is_found_in_its_own_ticket_only() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    sends(&scene, &ticket, "look here", "lamp.png", picture(30)).await;
    scene.jobs().await;
    let file = told(&scene, &ticket, "look here").await.remove(0);
    let answer = scene.opens(&scene.moderator(), "Bug", "Another").await;
    assert!(answer.text().contains("has been opened"), "{answer:?}");
    let (_, list) = scene.get("/api/tickets", scene.people.admin).await;
    let other = list["tickets"][0]["ticket_id"].as_str().unwrap();
    assert_ne!(other, ticket.id);
    let path = format!(
        "/api/tickets/{other}/attachments/{}",
        file["id"].as_str().unwrap()
    );
    let (head, _) = scene.answer("GET", &path, Some(scene.people.admin), None).await;
    assert_eq!(head.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_could_run_in_a_browser_is_only_saved() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let page = b"<html><script>alert(1)</script>".to_vec();
    sends(&scene, &ticket, "a page", "lamp.png", page).await;
    scene.jobs().await;
    let path = told(&scene, &ticket, "a page").await[0]["path"]
        .as_str()
        .unwrap()
        .to_owned();
    let (head, _) = scene.answer("GET", &path, Some(scene.people.finn), None).await;
    assert_eq!(
        head.headers.get(header::CONTENT_TYPE).unwrap(),
        "application/octet-stream"
    );
    let place = head.headers.get(header::CONTENT_DISPOSITION).unwrap();
    assert!(place.to_str().unwrap().starts_with("attachment;"));
}

/// C08: 11 MiB is more than the bot could upload to Discord again; it is kept all the same.
#[tokio::test]
async fn a_file_of_eleven_mebibytes_is_kept_and_one_above_the_limit_is_named() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    sends(&scene, &ticket, "a film", "film.mp4", picture(11 * MIB)).await;
    scene.jobs().await;
    assert_eq!(state(&scene, &ticket, "a film").await, "stored");
    scene.change(Changes::new().set(&settings::FILE_MIB, 10)).await;
    sends(&scene, &ticket, "another one", "film.mp4", picture(11 * MIB)).await;
    scene.jobs().await;
    assert_eq!(state(&scene, &ticket, "another one").await, "too_large");
    let id = told(&scene, &ticket, "another one").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let (status, body) = scene
        .get(&ticket.path(&format!("/attachments/{id}")), scene.people.finn)
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        body["error"].as_str().unwrap().contains("larger than the limit"),
        "{body}"
    );
}

/// C07: when the room is used up, text goes on, and the file is marked as not kept.
#[tokio::test]
async fn a_full_quota_stops_copies_and_nothing_else() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene
        .change(Changes::new().set(&settings::FILES_GUILD_MIB, 2))
        .await;
    sends(&scene, &ticket, "first", "a.png", picture(MIB)).await;
    sends(&scene, &ticket, "second", "b.png", picture(MIB)).await;
    sends(&scene, &ticket, "third", "c.png", picture(MIB)).await;
    scene.jobs().await;
    let states = [
        state(&scene, &ticket, "first").await,
        state(&scene, &ticket, "second").await,
        state(&scene, &ticket, "third").await,
    ];
    assert_eq!(states, ["stored", "stored", "full"]);
    assert_eq!(copies(&scene, &ticket).len(), 2);
}

#[tokio::test]
async fn an_address_that_has_run_out_is_asked_for_anew() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    sends(&scene, &ticket, "look here", "lamp.png", picture(30)).await;
    scene.after(Duration::hours(25)).await;
    assert_eq!(state(&scene, &ticket, "look here").await, "stored");
}

#[tokio::test]
async fn a_file_that_discord_has_no_more_is_named_as_gone() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    sends(&scene, &ticket, "old", "lamp.png", picture(30)).await;
    // The simulated Discord keeps the newest files only.
    let flood = scene.people.channels.general;
    scene
        .finn()
        .uploads(flood, "", "a.bin", vec![0; 9 * MIB])
        .unwrap();
    scene.jobs().await;
    assert_eq!(state(&scene, &ticket, "old").await, "gone");
    assert_eq!(copies(&scene, &ticket), Vec::<String>::new());
}

#[tokio::test]
async fn a_copy_that_fails_is_tried_again() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let folder = scene.folder.path().join("tickets");
    std::fs::write(&folder, "in the way").unwrap();
    sends(&scene, &ticket, "look here", "lamp.png", picture(30)).await;
    scene.jobs().await;
    assert_eq!(state(&scene, &ticket, "look here").await, "waiting");
    std::fs::remove_file(&folder).unwrap();
    scene.after(Duration::minutes(2)).await;
    assert_eq!(state(&scene, &ticket, "look here").await, "stored");
}

#[tokio::test]
async fn the_copy_goes_with_its_message() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let message = sends(&scene, &ticket, "look here", "lamp.png", picture(30)).await;
    scene.jobs().await;
    let path = told(&scene, &ticket, "look here").await[0]["path"]
        .as_str()
        .unwrap()
        .to_owned();
    scene.finn().deletes(ticket.channel, message).unwrap();
    while scene.get(&path, scene.people.finn).await.0 != StatusCode::NOT_FOUND {
        tokio::task::yield_now().await;
    }
    scene.jobs().await;
    assert_eq!(copies(&scene, &ticket), Vec::<String>::new());
}

/// C05, X22: what was sent just before the deletion is copied first.
#[tokio::test]
async fn a_deleted_ticket_has_its_files_and_its_transcript_first() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    sends(&scene, &ticket, "look here", "lamp.png", picture(30)).await;
    let (status, _) = scene
        .call("DELETE", &ticket.path(""), scene.people.admin, None)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(scene.sim.channel(ticket.channel).is_none());
    assert_eq!(copies(&scene, &ticket).len(), 1);
    let posted = scene.admin().sees(scene.people.channels.transcripts);
    assert_eq!(posted.len(), 1);
}

#[tokio::test]
async fn the_transcript_holds_the_picture_and_is_the_same_after_the_channel_is_gone() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    sends(&scene, &ticket, "look here", "lamp.png", picture(30)).await;
    let (path, none) = (ticket.path("/close"), serde_json::json!({}));
    let (status, _) = scene.post(&path, scene.people.admin, none).await;
    assert_eq!(status, StatusCode::OK);
    scene.jobs().await;
    scene.sim.delete_channel(ticket.channel);
    let path = ticket.path("/transcript");
    let (_, page) = scene.answer("GET", &path, Some(scene.people.finn), None).await;
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.contains("<img src=\"data:image/png;base64,"), "{page}");
    assert!(
        page.contains("lamp.png, 30 B") && !page.contains("/attachments/"),
        "{page}"
    );
}

/// A file's address is signed anew each time that Discord tells of it; that is no edit.
#[tokio::test]
async fn a_fresh_signature_is_no_edit() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    sends(&scene, &ticket, "look here", "lamp.png", picture(30)).await;
    scene.jobs().await;
    let before = scene.store.events().latest();
    let scene = scene.restart_after(Duration::hours(1)).await;
    scene.tickets.reconcile(scene.guild).await.unwrap();
    let events = scene.store.events().since(before, 100).await.unwrap();
    assert!(
        events.iter().all(|event| event.kind != "ticket.message_edited"),
        "{events:?}"
    );
    assert_eq!(state(&scene, &ticket, "look here").await, "stored");
}
