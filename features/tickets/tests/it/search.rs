//! Searching all tickets: by words and number, within the guild and within what somebody may read.

use http::StatusCode;
use serde_json::Value;

use crate::{
    scene::{Opened, Scene},
    work::wait_for_history,
};

async fn finds(scene: &Scene, who: discord_sim::Id, query: &str) -> Vec<Value> {
    let (status, body) = scene.get(&format!("/api/tickets/search?q={query}"), who).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["results"].as_array().unwrap().clone()
}

async fn numbers(scene: &Scene, who: discord_sim::Id, query: &str) -> Vec<i64> {
    let found = finds(scene, who, query).await;
    found
        .iter()
        .map(|found| found["ticket"]["ticket_num"].as_i64().unwrap())
        .collect()
}

async fn second(scene: &Scene) -> Opened {
    let answer = scene.opens(&scene.moderator(), "Bug", "Broken bell").await;
    assert!(answer.text().contains("has been opened"), "{answer:?}");
    let (_, list) = scene.get("/api/tickets", scene.people.admin).await;
    let channel = list["tickets"][0]["channel_id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let control = scene.controls(channel).await;
    Opened {
        channel,
        control: control.id,
        id: list["tickets"][0]["ticket_id"].as_str().unwrap().to_owned(),
    }
}

#[tokio::test]
async fn tickets_are_found_by_words_subject_creator_and_number() {
    let scene = Scene::start().await;
    let first = scene.ticket().await;
    second(&scene).await;
    scene
        .finn()
        .says(first.channel, "Der Schlüssel hängt am Haken <b>&")
        .unwrap();
    wait_for_history(&scene, &first, "Schlüssel").await;
    let staff = scene.people.moderators[1];
    for (query, expected) in [
        ("schl%C3%BCss", &[1][..]),
        ("haken+schl%C3%BCssel", &[1]),
        ("haken+nowhere", &[]),
        ("bell", &[2]),
        ("dark+lamp", &[2, 1]),
        ("%232", &[2]),
        ("finn", &[1]),
    ] {
        assert_eq!(numbers(&scene, staff, query).await, expected, "{query}");
    }
    let found = finds(&scene, staff, "haken").await;
    let snippet = found[0]["messages"][0]["snippet"].as_array().unwrap();
    let hits: Vec<&Value> = snippet.iter().filter(|piece| piece["hit"] == true).collect();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0]["text"], "Haken");
    let text: String = snippet
        .iter()
        .map(|piece| piece["text"].as_str().unwrap())
        .collect();
    assert_eq!(text, "Der Schlüssel hängt am Haken <b>&");
}

#[tokio::test]
async fn a_file_is_found_by_its_name_and_its_address_is_not_shown() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene
        .finn()
        .uploads(ticket.channel, "look", "kettle.txt", "content")
        .unwrap();
    wait_for_history(&scene, &ticket, "kettle").await;
    let found = finds(&scene, scene.people.admin, "kettle").await;
    let snippet = found[0]["messages"][0]["snippet"].as_array().unwrap();
    let text: String = snippet
        .iter()
        .map(|piece| piece["text"].as_str().unwrap())
        .collect();
    assert_eq!(text, "look\nkettle.txt");
}

/// C01, C02: what somebody may not read they do not find either.
#[tokio::test]
async fn members_find_their_own_tickets_only() {
    let scene = Scene::start().await;
    scene.ticket().await;
    second(&scene).await;
    assert_eq!(numbers(&scene, scene.people.admin, "pier").await, [2, 1]);
    assert_eq!(numbers(&scene, scene.people.finn, "pier").await, [1]);
    assert_eq!(
        numbers(&scene, scene.people.finn, "%232").await,
        Vec::<i64>::new()
    );
    assert_eq!(
        numbers(&scene, scene.people.members[1], "pier").await,
        Vec::<i64>::new()
    );
    let (head, _) = scene
        .answer("GET", "/api/tickets/search?q=pier", None, None)
        .await;
    assert_eq!(head.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_was_edited_or_deleted_is_found_as_it_is_now() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let admin = scene.people.admin;
    let message = scene.finn().says(ticket.channel, "a green kettle").unwrap();
    wait_for_history(&scene, &ticket, "kettle").await;
    assert_eq!(numbers(&scene, admin, "kettle").await, [1]);
    scene
        .finn()
        .edits(ticket.channel, message, "a green teapot")
        .unwrap();
    wait_for_history(&scene, &ticket, "teapot").await;
    assert_eq!(numbers(&scene, admin, "kettle").await, Vec::<i64>::new());
    assert_eq!(numbers(&scene, admin, "teapot").await, [1]);
    scene.finn().deletes(ticket.channel, message).unwrap();
    while !numbers(&scene, admin, "teapot").await.is_empty() {
        tokio::task::yield_now().await;
    }
    let (status, _) = scene.call("DELETE", &ticket.path(""), admin, None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(numbers(&scene, admin, "lamp").await, Vec::<i64>::new());
}

#[tokio::test]
async fn a_search_without_a_word_is_refused_and_signs_are_no_query() {
    let scene = Scene::start().await;
    scene.ticket().await;
    for query in ["", "%22%27--", "+", "%00"] {
        let (status, body) = scene
            .get(&format!("/api/tickets/search?q={query}"), scene.people.admin)
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {body}");
        assert_eq!(body["error"], "Search text required");
    }
    for query in ["lamp%22+OR+%22x", "lamp*", "guild_id:lamp", "(lamp", "lamp%27)"] {
        let (status, body) = scene
            .get(&format!("/api/tickets/search?q={query}"), scene.people.admin)
            .await;
        assert_eq!(status, StatusCode::OK, "{query}: {body}");
    }
    let (status, _) = scene
        .get("/api/tickets/search?q=lamp&before=x", scene.people.admin)
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_list_comes_in_pages_by_number() {
    let scene = Scene::start().await;
    for _ in 0..3 {
        second(&scene).await;
    }
    let admin = scene.people.admin;
    let page = async |query: &str| {
        let (status, body) = scene.get(&format!("/api/tickets?{query}"), admin).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let tickets = body["tickets"].as_array().unwrap();
        let numbers: Vec<i64> = tickets
            .iter()
            .map(|t| t["ticket_num"].as_i64().unwrap())
            .collect();
        (numbers, body["total"].as_i64().unwrap())
    };
    assert_eq!(page("limit=2").await, (vec![3, 2], 3));
    assert_eq!(page("limit=2&before=2").await, (vec![1], 3));
    assert_eq!(page("limit=0&status=open").await, (vec![3], 3));
    assert_eq!(page("limit=2&status=closed").await, (vec![], 0));
}
