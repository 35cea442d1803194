//! What staff do with a ticket besides answering: notes, priority, tags, people.

use hazebot_core::events::EventId;
use http::StatusCode;
use serde_json::json;

use crate::scene::{Opened, Scene};

/// Everything that a ticket's creator can get to read of it.
async fn readable_by_creator(scene: &Scene, ticket: &Opened) -> String {
    let finn = scene.people.finn;
    let mut all = format!("{:?}", scene.history(ticket, finn).await);
    all.push_str(&scene.get(&ticket.path(""), finn).await.1.to_string());
    all.push_str(&scene.get("/api/tickets/my", finn).await.1.to_string());
    for format in ["html", "txt", "json"] {
        let path = ticket.path(&format!("/transcript?format={format}"));
        let (_, bytes) = scene.answer("GET", &path, Some(finn), None).await;
        all.push_str(&String::from_utf8_lossy(&bytes));
    }
    let seen = scene.finn().sees(ticket.channel);
    all.push_str(&format!("{:?}", seen.iter().map(|m| &m.json).collect::<Vec<_>>()));
    all
}

/// N-T4: internal notes invisible to the creator.
#[tokio::test]
async fn a_note_is_for_staff_and_its_creator_never_reads_it() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let moderator = scene.moderator().in_channel(ticket.channel);
    let answer = moderator
        .runs_slash_with("ticket-note", [("text", "owes us 20 lamps @everyone")])
        .await
        .unwrap();
    assert!(answer.first().unwrap().ephemeral, "{answer:?}");
    let admin = scene.people.admin;
    let (status, note) = scene
        .post(&ticket.path("/notes"), admin, json!({ "text": "  call him " }))
        .await;
    assert_eq!((status, &note["text"]), (StatusCode::CREATED, &json!("call him")));
    let (_, list) = scene.get(&ticket.path("/notes"), admin).await;
    let texts: Vec<_> = list["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["text"].clone())
        .collect();
    assert_eq!(texts, ["owes us 20 lamps @everyone", "call him"]);
    assert_eq!(
        list["notes"][0]["author_id"],
        scene.people.moderators[0].to_string()
    );

    let (status, _) = scene.get(&ticket.path("/notes"), scene.people.finn).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let all = readable_by_creator(&scene, &ticket).await;
    assert!(!all.contains("lamps @") && !all.contains("call him"));
    scene.post(&ticket.path("/close"), admin, json!({})).await;
    scene.jobs().await;
    let all = readable_by_creator(&scene, &ticket).await;
    assert!(!all.contains("lamps @") && !all.contains("call him"));
    let events = scene.store.events().since(EventId(0), 500).await.unwrap();
    let told = events.iter().filter(|event| event.kind == "ticket.note_added");
    let told: Vec<_> = told.map(|event| event.payload.to_string()).collect();
    assert!(
        told.len() == 2 && told.iter().all(|payload| !payload.contains("call")),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_note_is_deleted_by_its_writer_or_an_admin() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let (first, second) = (scene.people.moderators[0], scene.people.moderators[1]);
    let notes = ticket.path("/notes");
    for text in ["one", "two"] {
        scene.post(&notes, first, json!({ "text": text })).await;
    }
    let (_, list) = scene.get(&notes, second).await;
    assert_eq!(list["notes"][0]["deletable"], false);
    let path = |index: usize| format!("{notes}/{}", list["notes"][index]["id"]);
    let (status, _) = scene.call("DELETE", &path(0), second, None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    for (index, who) in [(0, first), (1, scene.people.admin)] {
        let (status, body) = scene.call("DELETE", &path(index), who, None).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    let (status, body) = scene.call("DELETE", &path(0), first, None).await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::NOT_FOUND, &json!("Note not found"))
    );
    for text in ["", "   ", &"x".repeat(2001)] {
        let (status, _) = scene.post(&notes, first, json!({ "text": text })).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
    let mut db = scene.store.read().await.unwrap();
    let deleted = hazebot_core::audit::list(&mut db, Some(scene.guild), None, 100)
        .await
        .unwrap();
    assert_eq!(
        deleted
            .iter()
            .filter(|entry| entry.action == "ticket.note_deleted")
            .count(),
        2
    );
}

/// N-T2: priorities and tags.
#[tokio::test]
async fn priority_and_tags_are_set_both_ways_and_found_by_both() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let moderator = scene.moderator().in_channel(ticket.channel);
    let done = moderator
        .runs_slash_with("ticket-priority", [("level", "urgent")])
        .await
        .unwrap();
    assert!(done.text().contains("Urgent"), "{done:?}");
    assert!(scene.controls(ticket.channel).await.text().contains("Urgent"));
    let done = moderator
        .runs_slash_with("ticket-tag", [("tag", "Needs Info")])
        .await
        .unwrap();
    assert!(done.text().contains("`needs-info`"), "{done:?}");
    let admin = scene.people.admin;
    let tags = json!({ "tags": ["billing", "Needs info"] });
    assert_eq!(
        scene
            .call("PUT", &ticket.path("/tags"), admin, Some(tags))
            .await
            .0,
        StatusCode::OK
    );

    let total =
        async |query: &str| scene.get(&format!("/api/tickets?{query}"), admin).await.1["total"].clone();
    for (query, expected) in [
        ("priority=urgent", 1),
        ("priority=low", 0),
        ("priority=nope", 0),
        ("tag=billing", 1),
        ("tag=bill", 0),
        ("tag=BILLING&status=open&priority=Urgent", 1),
        ("tag=billing&status=closed", 0),
    ] {
        assert_eq!(total(query).await, expected, "{query}");
    }
    let (_, one) = scene.get(&ticket.path(""), admin).await;
    assert_eq!(
        (&one["priority"], &one["tags"]),
        (&json!("urgent"), &json!(["billing", "needs-info"]))
    );
    let all = readable_by_creator(&scene, &ticket).await;
    assert!(!all.contains("billing"), "tags are for staff");

    let choices = moderator
        .types_option("ticket-untag", "tag", "bil")
        .await
        .unwrap();
    assert_eq!(choices.choice_names(), ["billing"]);
    let done = moderator
        .runs_slash_with("ticket-untag", [("tag", "billing")])
        .await
        .unwrap();
    assert!(!done.text().contains("billing"), "{done:?}");
    let many: Vec<String> = (0..11).map(|n| n.to_string()).collect();
    let (status, body) = scene
        .call("PUT", &ticket.path("/tags"), admin, Some(json!({ "tags": many })))
        .await;
    assert_eq!(
        (status, &body["error"]),
        (
            StatusCode::BAD_REQUEST,
            &json!("A ticket can have 10 tags at most")
        )
    );
}

#[tokio::test]
async fn members_neither_note_nor_tag_nor_invite() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let finn = scene.people.finn;
    let friend = json!({ "user_id": scene.people.members[3].to_string() });
    for (method, path, body) in [
        ("POST", "/notes", json!({ "text": "x" })),
        ("PUT", "/priority", json!({ "priority": "urgent" })),
        ("PUT", "/tags", json!({ "tags": ["x"] })),
        ("POST", "/participants", friend),
    ] {
        let (status, _) = scene.call(method, &ticket.path(path), finn, Some(body)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path}");
    }
    let here = scene.finn().in_channel(ticket.channel);
    let refused = here
        .runs_slash_with("ticket-priority", [("level", "urgent")])
        .await
        .unwrap();
    assert!(!refused.text().contains("has the priority"), "{refused:?}");
    // The rule itself, whoever stands before it.
    let id = ticket.id.parse().unwrap();
    let (actor, user) = (
        scene.actor(finn),
        hazebot_core::ids::UserId::new(scene.people.members[3].get()),
    );
    assert!(
        scene
            .tickets
            .add_participant(scene.guild, &actor, id, user)
            .await
            .is_err()
    );
    let elsewhere = scene.moderator();
    let told = elsewhere
        .runs_slash_with("ticket-priority", [("level", "low")])
        .await
        .unwrap();
    assert!(told.text().contains("works in a ticket's channel"), "{told:?}");
}

/// N-T2 and T-08: added participants read and write; nobody else does, and the removed no longer.
#[tokio::test]
async fn somebody_who_is_added_sees_the_ticket_until_removed() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let friend = scene.people.members[3];
    let her = scene.sim.as_user(friend);
    assert!(her.says(ticket.channel, "hi").is_err());
    let moderator = scene.moderator().in_channel(ticket.channel);
    let done = moderator
        .runs_slash_with("ticket-add", [("person", friend.to_string())])
        .await
        .unwrap();
    assert!(done.text().contains("is in ticket #1"), "{done:?}");
    let line = scene.admin().sees(ticket.channel).pop().unwrap();
    assert_eq!(line.json["mentions"][0]["id"], friend.to_string());
    her.says(ticket.channel, "I saw it too").unwrap();
    let (_, my) = scene.get("/api/tickets/my", friend).await;
    assert_eq!(my["tickets"][0]["participants"][0]["user_id"], friend.to_string());
    assert_eq!(
        scene
            .post(&ticket.path("/messages"), friend, json!({ "content": "hi" }))
            .await
            .0,
        StatusCode::OK
    );
    // She takes part, but it is not hers to close.
    assert_eq!(
        scene.post(&ticket.path("/close"), friend, json!({})).await.0,
        StatusCode::FORBIDDEN
    );
    let again = json!({ "user_id": friend.to_string() });
    let (status, _) = scene
        .post(&ticket.path("/participants"), scene.people.admin, again)
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);

    scene
        .post(&ticket.path("/close"), scene.people.admin, json!({}))
        .await;
    scene.jobs().await;
    assert!(her.says(ticket.channel, "late").is_err());
    assert!(!her.sees(ticket.channel).is_empty(), "she still reads");
    scene
        .call("POST", &ticket.path("/reopen"), scene.people.admin, None)
        .await;
    her.says(ticket.channel, "again").unwrap();

    let path = ticket.path(&format!("/participants/{friend}"));
    let (status, body) = scene.call("DELETE", &path, scene.people.admin, None).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(her.says(ticket.channel, "still here?").is_err());
    assert_eq!(scene.get(&ticket.path(""), friend).await.0, StatusCode::FORBIDDEN);
    assert_eq!(
        scene.get(&ticket.path("/messages"), friend).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(scene.get("/api/tickets/my", friend).await.1["total"], 0);
    let (status, _) = scene.call("DELETE", &path, scene.people.admin, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let path = ticket.path(&format!("/participants/{}", scene.people.finn));
    let (status, body) = scene.call("DELETE", &path, scene.people.admin, None).await;
    assert_eq!(
        (status, &body["error"]),
        (
            StatusCode::BAD_REQUEST,
            &json!("The creator of a ticket cannot be removed")
        )
    );
}

#[tokio::test]
async fn people_are_found_by_part_of_their_name() {
    let scene = Scene::start().await;
    let admin = scene.people.admin;
    let find = async |query: &str| {
        scene.get(&format!("/api/tickets/people?{query}"), admin).await.1["people"].clone()
    };
    let found = find("q=FINN").await;
    assert_eq!(found[0]["user_id"], scene.people.finn.to_string());
    assert_eq!(
        find(&format!("q={}", scene.people.finn))
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(find("q=finn&staff=true").await, json!([]));
    let staff = find("staff=true").await;
    let ids: Vec<_> = staff
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["user_id"].clone())
        .collect();
    assert!(ids.contains(&json!(admin.to_string())) && !ids.contains(&json!(scene.people.bot.to_string())));
    let (status, _) = scene.get("/api/tickets/people?q=a", scene.people.finn).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_is_no_member_or_a_bot_is_not_added() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    for who in [
        scene.people.bot.to_string(),
        "4711".to_owned(),
        "x".to_owned(),
        String::new(),
    ] {
        let (status, _) = scene
            .post(
                &ticket.path("/participants"),
                scene.people.admin,
                json!({ "user_id": who }),
            )
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{who}");
    }
}

#[tokio::test]
async fn what_discord_does_not_take_at_once_the_repair_job_does() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let friend = scene.people.members[3];
    let away = discord_sim::RestFault::ServerError { status: 502 };
    scene
        .sim
        .route_fails("PUT", "/channels/{channel}/permissions/{overwrite}", 100, away);
    let user = hazebot_core::ids::UserId::new(friend.get());
    let id = ticket.id.parse().unwrap();
    let actor = scene.actor(scene.people.admin);
    scene
        .tickets
        .add_participant(scene.guild, &actor, id, user)
        .await
        .unwrap();
    let her = scene.sim.as_user(friend);
    assert!(her.says(ticket.channel, "hi").is_err());
    scene.sim.clear_faults();
    // The program dies here; its next life does what is missing.
    let scene = scene.restart_after(chrono::Duration::minutes(5)).await;
    scene.jobs().await;
    let her = scene.sim.as_user(friend);
    her.says(ticket.channel, "hi").unwrap();
    let lines = scene.texts(ticket.channel);
    let added = lines.iter().filter(|text| text.contains("has added")).count();
    assert_eq!(added, 1, "{lines:?}");
}
