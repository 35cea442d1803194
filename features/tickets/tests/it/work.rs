//! Claiming, assigning, closing, reopening, deleting: by buttons and by API, one set of rules.

use http::StatusCode;
use serde_json::json;

use crate::scene::Scene;

/// T-04, X25.
#[tokio::test]
async fn the_second_presser_is_told_who_has_claimed() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let first = scene
        .moderator()
        .presses(ticket.control, &ticket.button("claim"))
        .await
        .unwrap();
    assert!(first.text().contains("claimed ticket #1"), "{first:?}");
    // The button is greyed out by now; a second press that was on its way is played through the API's action.
    let second = scene.actor(scene.people.moderators[1]);
    let id = ticket.id.parse().unwrap();
    let refusal = scene.tickets.claim(scene.guild, &second, id).await.unwrap_err();
    let told = scene
        .bot
        .texts()
        .refusal(None, Some(scene.guild), refusal.refusal().unwrap());
    assert!(
        told.contains("already claimed by Jonas") || told.contains("already claimed by Lotte"),
        "{told}"
    );
    assert_eq!(scene.status(&ticket).await, "Claimed");
    assert!(
        scene
            .texts(ticket.channel)
            .iter()
            .any(|text| text.contains("Ticket claimed by"))
    );
    let controls = scene.controls(ticket.channel).await;
    assert!(controls.text().contains("Claimed"));
}

/// T-06.
#[tokio::test]
async fn two_claims_at_once_give_one_claimer() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let id = ticket.id.parse().unwrap();
    let (a, b) = (
        scene.actor(scene.people.moderators[0]),
        scene.actor(scene.people.moderators[1]),
    );
    let (a, b) = tokio::join!(
        scene.tickets.claim(scene.guild, &a, id),
        scene.tickets.claim(scene.guild, &b, id)
    );
    assert!(a.is_ok() != b.is_ok());
    let lines = scene
        .texts(ticket.channel)
        .iter()
        .filter(|text| text.contains("Ticket claimed by"))
        .count();
    assert_eq!(lines, 1);
}

#[tokio::test]
async fn members_may_not_claim_assign_or_delete_by_pressing() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    for word in ["claim", "assign", "delete"] {
        let answer = scene
            .finn()
            .presses(ticket.control, &ticket.button(word))
            .await
            .unwrap();
        assert!(answer.first().unwrap().ephemeral);
        assert!(answer.text().contains("not allowed"), "{word}: {}", answer.text());
    }
    assert_eq!(scene.status(&ticket).await, "Open");
}

/// T-28, X23.
#[tokio::test]
async fn assigning_offers_staff_only_and_pings_the_assignee_alone() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let admin = scene.admin();
    let menu = admin
        .presses(ticket.control, &ticket.button("assign"))
        .await
        .unwrap();
    let message = menu.first().unwrap();
    let to = scene.people.moderators[1].to_string();
    let done = admin
        .chooses(message.id, &ticket.button("assignto"), [to.clone()])
        .await
        .unwrap();
    assert!(done.updated.unwrap().text().contains("is assigned to"));
    let last = scene.admin().sees(ticket.channel).pop().unwrap();
    assert_eq!(last.json["mentions"][0]["id"], to.as_str());
    let (_, body) = scene.get(&ticket.path(""), scene.people.admin).await;
    assert_eq!(
        (&body["assigned_to"], &body["status"]),
        (&json!(to), &json!("Open"))
    );
    let member = json!({ "assigned_to": scene.people.finn.to_string() });
    let (status, body) = scene
        .post(&ticket.path("/assign"), scene.people.admin, member)
        .await;
    assert_eq!(
        (status, &body["error"]),
        (
            StatusCode::BAD_REQUEST,
            &json!("Assigned user is not a staff member")
        )
    );
}

/// T-09, T-29.
#[tokio::test]
async fn closing_silences_the_creator_and_gives_one_transcript_and_a_message() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene.finn().says(ticket.channel, "it is still dark").unwrap();
    scene
        .finn()
        .waits_for(ticket.channel, |m| m.content.contains("still dark"))
        .await
        .unwrap();
    wait_for_history(&scene, &ticket, "it is still dark").await;
    let form = scene
        .moderator()
        .presses(ticket.control, &ticket.button("close"))
        .await
        .unwrap();
    let done = scene
        .moderator()
        .submits_modal(&form.modal.unwrap(), [("message", "New bulb.")])
        .await
        .unwrap();
    assert!(done.text().contains("is closed"), "{done:?}");
    scene.jobs().await;
    assert!(scene.finn().says(ticket.channel, "thanks").is_err());
    let transcripts = scene.admin().sees(scene.people.channels.transcripts);
    assert_eq!(transcripts.len(), 1);
    let dm = scene.finn().dm_with(scene.people.bot);
    assert!(scene.finn().sees(dm).pop().unwrap().text().contains("New bulb."));
    let (_, body) = scene.get(&ticket.path(""), scene.people.finn).await;
    assert_eq!(body["status"], "Closed");
    assert!(body["closed_at"].is_string());
    scene.jobs().await;
    assert_eq!(scene.admin().sees(scene.people.channels.transcripts).len(), 1);
}

pub(crate) async fn wait_for_history(scene: &Scene, ticket: &crate::scene::Opened, text: &str) {
    let mut feed = scene.store.events().subscribe();
    loop {
        let history = scene.history(ticket, scene.people.admin).await;
        if history
            .iter()
            .any(|m| m["content"].as_str().unwrap_or_default().contains(text))
        {
            return;
        }
        tokio::time::timeout(crate::scene::WAIT, feed.next())
            .await
            .unwrap();
    }
}

/// T-07.
#[tokio::test]
async fn two_closings_at_once_give_one_transcript_and_one_line() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let id = ticket.id.parse().unwrap();
    let (a, b) = (
        scene.actor(scene.people.moderators[0]),
        scene.actor(scene.people.finn),
    );
    let (a, b) = tokio::join!(
        scene.tickets.close(scene.guild, &a, id, "one"),
        scene.tickets.close(scene.guild, &b, id, "two")
    );
    assert!(a.is_ok() != b.is_ok());
    scene.jobs().await;
    assert_eq!(scene.admin().sees(scene.people.channels.transcripts).len(), 1);
    let lines = scene
        .texts(ticket.channel)
        .iter()
        .filter(|text| text.contains("Ticket closed by"))
        .count();
    assert_eq!(lines, 1);
}

#[tokio::test]
async fn closed_direct_messages_hold_nothing_up() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene.finn().takes_dms(false);
    let (status, _) = scene
        .post(
            &ticket.path("/close"),
            scene.people.admin,
            json!({"close_message": "bye"}),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    scene.jobs().await;
    assert_eq!(scene.admin().sees(scene.people.channels.transcripts).len(), 1);
    let waiting =
        hazebot_core::jobs::list(&mut scene.store.read().await.unwrap(), Some("ticket.settle")).await;
    assert!(waiting.unwrap().is_empty());
}

/// T-02, T-09, X24.
#[tokio::test]
async fn reopening_lets_the_creator_write_again_and_takes_the_deletion_back() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    for round in 1..=3 {
        scene
            .post(&ticket.path("/close"), scene.people.finn, json!({}))
            .await;
        scene.jobs().await;
        let (status, body) = scene
            .call("POST", &ticket.path("/reopen"), scene.people.finn, None)
            .await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let (_, body) = scene.get(&ticket.path(""), scene.people.finn).await;
        assert_eq!(
            (&body["reopen_count"], &body["closed_at"]),
            (&json!(round), &json!(null))
        );
    }
    assert!(scene.finn().says(ticket.channel, "still dark").is_ok());
    scene.after(chrono::Duration::days(8)).await;
    assert!(scene.sim.channel(ticket.channel).is_some());
    scene
        .post(&ticket.path("/close"), scene.people.finn, json!({}))
        .await;
    let (status, body) = scene
        .call("POST", &ticket.path("/reopen"), scene.people.finn, None)
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["error"], "This ticket cannot be reopened more than 3 times");
    assert_eq!(scene.admin().sees(scene.people.channels.transcripts).len(), 3);
}

/// T-02, T-25, X25.
#[tokio::test]
async fn seven_days_after_closing_the_channel_goes_and_the_row_stays_hidden() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene.clock.advance(chrono::Duration::days(30));
    scene
        .post(&ticket.path("/close"), scene.people.admin, json!({}))
        .await;
    scene.after(chrono::Duration::days(6)).await;
    assert!(scene.sim.channel(ticket.channel).is_some());
    scene.after(chrono::Duration::days(1)).await;
    assert!(scene.sim.channel(ticket.channel).is_none());
    let (status, body) = scene.get(&ticket.path(""), scene.people.admin).await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::NOT_FOUND, &json!("Ticket not found"))
    );
    let (_, list) = scene.get("/api/tickets", scene.people.admin).await;
    assert_eq!(list["total"], 0);
}

/// T-20, X22.
#[tokio::test]
async fn deleting_asks_first_keeps_the_transcript_and_takes_the_channel() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let admin = scene.admin();
    let question = admin
        .presses(ticket.control, &ticket.button("delete"))
        .await
        .unwrap();
    assert!(scene.sim.channel(ticket.channel).is_some());
    admin
        .presses(question.first().unwrap().id, &ticket.button("deleteyes"))
        .await
        .unwrap();
    assert!(
        scene
            .sim
            .wait_until(|w| !w.channels.contains_key(&ticket.channel), crate::scene::WAIT)
            .await
    );
    assert_eq!(scene.admin().sees(scene.people.channels.transcripts).len(), 1);
    let (status, _) = scene
        .call("DELETE", &ticket.path(""), scene.people.admin, None)
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// What the events since the last look say is earned: kind and person.
fn rewards(feed: &mut hazebot_core::events::EventFeed) -> Vec<(String, String)> {
    let events = std::iter::from_fn(|| feed.try_next());
    let earned = events.filter_map(|event| event.payload.get("reward").cloned());
    let pair = |reward: serde_json::Value| {
        Some((
            reward["kind"].as_str()?.to_owned(),
            reward["user_id"].as_str()?.to_owned(),
        ))
    };
    earned.filter_map(pair).collect()
}

/// T-26, X28.
#[tokio::test]
async fn each_deed_is_rewarded_once_per_ticket_and_nobody_earns_by_their_own() {
    let scene = Scene::start().await;
    let mut feed = scene.store.events().subscribe();
    let ticket = scene.ticket().await;
    let (finn, moderator) = (
        scene.people.finn.to_string(),
        scene.people.moderators[0].to_string(),
    );
    assert_eq!(rewards(&mut feed), [("ticket_created".to_owned(), finn)]);
    let press = async |word: &str| {
        scene
            .moderator()
            .presses(ticket.control, &ticket.button(word))
            .await
            .unwrap()
    };
    let close = async || {
        let form = press("close").await.modal.unwrap();
        scene
            .moderator()
            .submits_modal(&form, [("message", "")])
            .await
            .unwrap();
    };
    press("claim").await;
    close().await;
    let both = [
        ("ticket_claimed".to_owned(), moderator.clone()),
        ("ticket_resolved".to_owned(), moderator),
    ];
    assert_eq!(rewards(&mut feed), both);
    press("reopen").await;
    press("claim").await;
    close().await;
    assert_eq!(rewards(&mut feed), []);
    // A ticket of one's own earns its opening only.
    scene.opens(&scene.moderator(), "Bug", "My own").await;
    let who = crate::scene::user(scene.people.moderators[0]);
    let name = scene.bot.directory().member(scene.guild, who).unwrap().username;
    let own = scene.opened(&format!("ticket-2-bug-{name}")).await;
    rewards(&mut feed);
    scene
        .moderator()
        .presses(own.control, &own.button("claim"))
        .await
        .unwrap();
    assert_eq!(rewards(&mut feed), []);
}
