//! Faults that people reported of other bots, which this one shall not have.

use hazebot_core::execute;
use http::StatusCode;
use serde_json::json;

use crate::scene::Scene;

/// C01: staff of one guild reach nothing of a ticket of another, by whichever route; it is like one that never was.
#[tokio::test]
async fn every_route_answers_a_ticket_of_another_guild_like_an_unknown_one() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let id = ticket.id.clone();
    let moved = scene.store.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "UPDATE tickets SET guild_id = $1 WHERE id = $2",
                4_711_i64,
                id
            )?;
            Ok(())
        })
    });
    moved.await.unwrap();
    let unknown = "99999999-9999-4999-8999-999999999999";
    let me = json!({ "user_id": scene.people.admin.to_string() });
    for (method, rest, body) in [
        ("GET", "", None),
        ("GET", "/messages", None),
        ("GET", "/transcript", None),
        ("GET", "/attachments/1", None),
        ("PUT", "", Some(json!({ "status": "Closed" }))),
        ("DELETE", "", None),
        ("POST", "/claim", Some(me)),
        ("POST", "/unclaim", None),
        (
            "POST",
            "/assign",
            Some(json!({ "assigned_to": scene.people.admin.to_string() })),
        ),
        ("POST", "/close", Some(json!({}))),
        ("POST", "/reopen", None),
        ("POST", "/messages", Some(json!({ "content": "hello" }))),
    ] {
        let (path, admin) = (ticket.path(rest), scene.people.admin);
        let foreign = scene.call(method, &path, admin, body.clone()).await;
        let path = format!("/api/tickets/{unknown}{rest}");
        let never = scene.call(method, &path, admin, body).await;
        assert_eq!(foreign, never, "{method} {rest}");
        assert_eq!(foreign.0, StatusCode::NOT_FOUND, "{method} {rest}: {}", foreign.1);
    }
    assert!(scene.sim.channel(ticket.channel).is_some());
}

/// C17: Discord takes 100 characters; whatever the buttons of a ticket need is its id.
#[tokio::test]
async fn the_ids_of_buttons_are_versioned_and_far_from_discords_limit() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let ids = scene.controls(ticket.channel).await.custom_ids();
    assert!(ids.len() >= 6, "{ids:?}");
    for id in ids {
        assert!(id.starts_with("ticket:v1:") && id.len() <= 60, "{id}");
    }
}

/// C22: a closing message is text, whatever times stand in it.
#[tokio::test]
async fn words_like_times_in_a_closing_message_close_at_once_and_stay_as_they_are() {
    for message in ["good evening, closing this", "2h thanks", "in 5 cars"] {
        let scene = Scene::start().await;
        let ticket = scene.ticket().await;
        let body = json!({ "close_message": message });
        let (status, told) = scene.post(&ticket.path("/close"), scene.people.admin, body).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        assert_eq!(scene.status(&ticket).await, "Closed");
        let history = scene.history(&ticket, scene.people.finn).await;
        let last = history.last().unwrap()["content"].as_str().unwrap();
        assert!(
            last.ends_with(&format!("**Closing Message:** {message}")),
            "{last}"
        );
    }
}

/// C14: what Discord is slow to make is made once; later presses meet the limit, not a second channel.
#[tokio::test]
async fn presses_while_the_channel_is_being_made_make_no_second_one() {
    let scene = Scene::start().await;
    let slow = discord_sim::RestFault::Latency { ms: 300 };
    scene.sim.route_fails("POST", "/guilds/{guild}/channels", 1, slow);
    let body = json!({ "type": "Bug", "subject": "Dark lamp", "description": crate::scene::DESCRIPTION });
    let path = "/api/tickets";
    let finn = scene.people.finn;
    let openings = futures_util::future::join_all((0..5).map(|_| scene.post(path, finn, body.clone())));
    let statuses: Vec<StatusCode> = openings.await.into_iter().map(|(status, _)| status).collect();
    let opened = statuses.iter().filter(|status| **status == StatusCode::CREATED);
    assert_eq!(opened.count(), 1, "{statuses:?}");
    let names = scene
        .sim
        .read(|w| w.channels.values().map(|c| c.name.clone()).collect::<Vec<_>>());
    let channels = names.iter().filter(|name| name.starts_with("ticket-")).count();
    assert_eq!(channels, 1);
}
