//! Types of tickets with what a guild sets for each: questions, category, helping roles, limits, hours, names.

use http::StatusCode;
use serde_json::{Value, json};

use crate::scene::{DESCRIPTION, Scene};

const TYPES: &str = "/api/config/tickets/types";

/// Sets the types as an admin does in the panel.
async fn set(scene: &Scene, types: Value) {
    let body = json!({ "types": types });
    let (status, told) = scene.call("PUT", TYPES, scene.people.admin, Some(body)).await;
    assert_eq!(status, StatusCode::OK, "{told}");
}

/// T-11, N-T4.
#[tokio::test]
async fn a_types_own_questions_are_asked_and_their_answers_are_the_ticket() {
    let scene = Scene::start().await;
    let questions = json!([
        { "label": "What is broken?" },
        { "label": "Since when?", "kind": "choice", "choices": ["Today", "Longer"] },
        { "label": "Anything else?", "kind": "paragraph", "required": false },
    ]);
    set(
        &scene,
        json!([{ "name": "Repair", "emoji": "🔧", "questions": questions }]),
    )
    .await;
    let finn = scene.finn();
    let shown = finn
        .runs_slash_with("ticket", [("type", "Repair")])
        .await
        .unwrap();
    let modal = shown.modal.unwrap();
    let answers = [("q0", "The <@1> lamp"), ("q1", "Longer"), ("q2", "")];
    let told = finn.submits_modal(&modal, answers).await.unwrap();
    assert!(told.text().contains("has been opened"), "{told:?}");
    let ticket = scene.opened("ticket-1-repair-finn").await;
    let first = scene
        .texts(ticket.channel)
        .into_iter()
        .find(|text| text.contains("Since when?"));
    let first = first.unwrap();
    assert!(
        first.contains("**What is broken?**") && first.contains("Longer"),
        "{first}"
    );
    assert!(!first.contains("Anything else?"), "{first}");
    let (_, one) = scene.get(&ticket.path(""), scene.people.admin).await;
    let initial = one["initial_message"].as_str().unwrap();
    assert!(
        initial.starts_with("**Subject:** The <@1> lamp\n\n**Description:**\n"),
        "{initial}"
    );
}

#[tokio::test]
async fn answers_from_the_api_are_checked_like_those_of_the_form() {
    let scene = Scene::start().await;
    let questions = json!([{ "label": "Since when?", "kind": "choice", "choices": ["Today", "Longer"] }]);
    set(&scene, json!([{ "name": "Repair", "questions": questions }])).await;
    let finn = scene.people.finn;
    let wrong = json!({ "type": "Repair", "answers": ["Never"] });
    let (status, told) = scene.post("/api/tickets", finn, wrong).await;
    assert_eq!(
        (status, &told["error"]),
        (
            StatusCode::BAD_REQUEST,
            &json!("Not one of the choices: Since when?")
        )
    );
    let right = json!({ "type": "Repair", "answers": ["Longer"] });
    let (status, told) = scene.post("/api/tickets", finn, right).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    // The app knows subject and description only; it goes on working.
    let old = json!({ "type": "Repair", "subject": "Lamp", "description": DESCRIPTION });
    let (status, told) = scene.post("/api/tickets", scene.people.admin, old).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
}

/// T-11.
#[tokio::test]
async fn a_helping_role_sees_and_handles_tickets_of_its_type_and_no_others() {
    let scene = Scene::start().await;
    let helper = scene.people.members[3];
    let role = scene.people.roles.ninjas;
    scene.sim.set_roles(scene.people.guild, helper, &[role]).unwrap();
    let (directory, id) = (scene.bot.directory(), crate::scene::user(helper));
    while directory.roles_of(scene.guild, id).unwrap_or_default().len() != 1 {
        tokio::task::yield_now().await;
    }
    set(
        &scene,
        json!([
            { "name": "Repair", "staff_role_ids": [role.to_string()], "ping": "roles" },
            { "name": "Other" },
        ]),
    )
    .await;
    scene.opens(&scene.finn(), "Repair", "Dark lamp").await;
    let ticket = scene.opened("ticket-1-repair-finn").await;
    let sees = scene.sim.as_user(helper).channels(scene.people.guild);
    assert!(sees.iter().any(|channel| channel.id == ticket.channel));
    let pinged = scene.finn().sees(ticket.channel)[1].json["mention_roles"].clone();
    assert_eq!(pinged, json!([role]));
    let who = scene.sim.as_user(helper).in_channel(ticket.channel);
    let told = who
        .presses(ticket.control, &ticket.button("claim"))
        .await
        .unwrap();
    assert!(told.text().contains("You have claimed"), "{told:?}");
    assert_eq!(scene.status(&ticket).await, "Claimed");
    // Another type is worked on by others: the channel closes to this one's roles, and opens again with them.
    let sees = || {
        let channels = scene.sim.as_user(helper).channels(scene.people.guild);
        channels.iter().any(|channel| channel.id == ticket.channel)
    };
    for (kind, expected) in [("Other", false), ("Repair", true)] {
        let body = json!({ "type": kind });
        let (status, told) = scene
            .post(&ticket.path("/transfer"), scene.people.admin, body)
            .await;
        assert_eq!(status, StatusCode::OK, "{told}");
        assert_eq!(sees(), expected, "{kind}");
        assert!(scene.finn().says(ticket.channel, "still here").is_ok());
    }
    let last = scene.finn().sees(ticket.channel);
    let line = last
        .iter()
        .rfind(|m| m.content.contains("the type **Repair**"))
        .unwrap();
    assert_eq!(line.json["mention_roles"], json!([role]));
}

/// T-28, N-T4.
#[tokio::test]
async fn limits_hours_and_the_pause_of_a_type_hold_for_members_and_not_for_staff() {
    let scene = Scene::start().await;
    set(
        &scene,
        json!([
            { "name": "Quick", "cooldown_minutes": 0, "max_open": 1 },
            { "name": "Slow", "cooldown_minutes": 120 },
        ]),
    )
    .await;
    let finn = scene.finn();
    let told = scene.opens(&finn, "Quick", "Dark lamp").await;
    assert!(told.text().contains("#1"), "{told:?}");
    let told = scene.opens(&finn, "Quick", "Dark lamp").await;
    assert!(
        told.text().contains("already have 1 open tickets of type Quick"),
        "{told:?}"
    );
    let told = scene.opens(&finn, "Slow", "Dark lamp").await;
    assert!(
        told.text().contains("#3") || told.text().contains("#2"),
        "{told:?}"
    );
    scene.clock.advance(chrono::Duration::minutes(61));
    let told = scene.opens(&finn, "Slow", "Dark lamp").await;
    assert!(told.text().contains("Please wait 59 more minutes"), "{told:?}");
    for _ in 0..2 {
        let told = scene.opens(&scene.admin(), "Quick", "Dark lamp").await;
        assert!(told.text().contains("has been opened"), "{told:?}");
    }
}

#[tokio::test]
async fn outside_its_hours_a_type_says_when_it_opens() {
    let scene = Scene::start().await;
    // A minute that began a minute ago and ends now is never now.
    let now = scene.clock.now();
    let (from, until) = (
        now - chrono::Duration::minutes(2),
        now - chrono::Duration::minutes(1),
    );
    let hours = json!({
        "from": from.format("%H:%M").to_string(), "until": until.format("%H:%M").to_string(),
        "days": [1, 2, 3, 4, 5, 6, 7], "zone": "UTC",
    });
    set(&scene, json!([{ "name": "Office", "hours": hours }])).await;
    let told = scene.opens(&scene.finn(), "Office", "Dark lamp").await;
    assert!(told.text().contains("can be opened again <t:"), "{told:?}");
    let (_, types) = scene.get("/api/tickets/types", scene.people.finn).await;
    assert_eq!(types["types"][0]["open"], false);
    assert!(types["types"][0]["opens_at"].is_string(), "{types}");
    let told = scene.opens(&scene.admin(), "Office", "Dark lamp").await;
    assert!(told.text().contains("has been opened"), "{told:?}");
}

/// C10.
#[tokio::test]
async fn a_type_has_its_category_name_and_greeting_and_a_deleted_category_falls_back() {
    let scene = Scene::start().await;
    let general = scene.sim.channel(scene.people.channels.general).unwrap();
    let category = general.parent_id.unwrap();
    let one = json!({
        "name": "Repair", "category_id": category.to_string(), "name_pattern": "fix-{number}",
        "greeting": "Have your **serial number** ready. @everyone",
    });
    set(&scene, json!([one])).await;
    scene.opens(&scene.finn(), "Repair", "Dark lamp").await;
    let ticket = scene.opened("fix-1").await;
    assert_eq!(
        scene.sim.channel(ticket.channel).unwrap().parent_id,
        Some(category)
    );
    let greeting = scene.finn().sees(ticket.channel)[1].clone();
    assert!(greeting.text().contains("**serial number**"), "{greeting:?}");
    assert_eq!(greeting.json["mention_everyone"], false);
}

#[tokio::test]
async fn wrong_types_are_refused_whole_and_nothing_changes() {
    let scene = Scene::start().await;
    let before = scene.get(TYPES, scene.people.admin).await.1;
    let table = [
        (json!([]), "types"),
        (
            json!([{ "name": "A" }, { "name": "A" }]),
            "Two types are called A",
        ),
        (json!([{ "name": "A", "max_open": 99 }]), "max_open"),
        (json!([{ "name": "", "emoji": "🔧" }]), "categor"),
        (json!([{ "name": "A", "colour": "red" }]), "colour"),
    ];
    for (types, _) in table {
        let body = json!({ "types": types });
        let (status, told) = scene.call("PUT", TYPES, scene.people.admin, Some(body)).await;
        assert!(status.is_client_error(), "{types}: {status} {told}");
        assert!(told["error"].is_string(), "{types}: {told}");
    }
    assert_eq!(scene.get(TYPES, scene.people.admin).await.1, before);
    let (status, _) = scene.get(TYPES, scene.people.finn).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}
