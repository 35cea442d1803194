//! Opening: by slash command and form, by prefix, from the API; limits; many at once.

use http::StatusCode;
use serde_json::json;

use crate::scene::{DESCRIPTION, Scene, user};
use hazebot_tickets::ticket::{Draft, Origin};

#[tokio::test]
async fn a_slash_command_and_a_form_open_a_private_channel_with_controls_and_staff_ping() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let channel = scene.sim.channel(ticket.channel).unwrap();
    assert_eq!(channel.parent_id, Some(scene.people.channels.tickets));
    assert!(channel.topic.unwrap_or_default().contains(&ticket.id));
    let messages = scene.finn().sees(ticket.channel);
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages[0].text().contains("your ticket has been opened"));
    assert_eq!(messages[0].custom_ids().len(), 6);
    let pinged = messages[1].json["mention_roles"].as_array().unwrap().clone();
    assert_eq!(
        pinged,
        [
            json!(scene.people.roles.admin),
            json!(scene.people.roles.moderator)
        ]
    );
    assert!(messages[2].text().contains("Dark lamp") && messages[2].text().contains(DESCRIPTION));
    let outsider = scene.sim.as_user(scene.people.members[3]);
    assert!(
        outsider
            .channels(scene.people.guild)
            .iter()
            .all(|c| c.id != ticket.channel)
    );
}

#[tokio::test]
async fn without_a_type_a_menu_leads_to_the_form() {
    let scene = Scene::start().await;
    let finn = scene.finn();
    let menu = finn.runs_slash("ticket").await.unwrap();
    let message = menu.first().unwrap();
    assert!(message.ephemeral);
    let form = finn.chooses(message.id, "ticket:v1:type", ["Bug"]).await.unwrap();
    let answer = finn
        .submits_modal(
            &form.modal.unwrap(),
            [("subject", "Broken page"), ("description", DESCRIPTION)],
        )
        .await
        .unwrap();
    assert!(answer.text().contains("#1"), "{answer:?}");
    scene.opened("ticket-1-bug-finn").await;
}

#[tokio::test]
async fn a_second_ticket_within_the_hour_is_refused_with_the_remaining_time() {
    let scene = Scene::start().await;
    scene.ticket().await;
    scene.clock.advance(chrono::Duration::minutes(20));
    let answer = scene.opens(&scene.finn(), "Support", "Another lamp").await;
    assert!(
        answer.text().contains("wait 40 more minutes"),
        "{}",
        answer.text()
    );
    let body = json!({ "type": "Bug", "subject": "again", "description": DESCRIPTION });
    let (status, body) = scene.post("/api/tickets", scene.people.finn, body).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        body["error"],
        "You can only create one ticket per hour. Please wait 40 minutes."
    );
    scene.clock.advance(chrono::Duration::minutes(40));
    let answer = scene.opens(&scene.finn(), "Support", "Another lamp").await;
    assert!(answer.text().contains("#2"), "{}", answer.text());
}

/// T-28, X26.
/// C14.
#[tokio::test]
async fn fifty_openings_at_once_give_one_ticket() {
    let scene = Scene::start().await;
    let openings = (0..50).map(|_| {
        let (tickets, guild, actor) = (scene.tickets.clone(), scene.guild, scene.actor(scene.people.finn));
        let draft = Draft {
            kind: "Bug".into(),
            subject: "Many".into(),
            description: DESCRIPTION.into(),
        };
        tokio::spawn(async move { tickets.open(guild, &actor, draft, Origin::Api).await.is_ok() })
    });
    let mut opened = 0;
    for opening in openings.collect::<Vec<_>>() {
        opened += usize::from(opening.await.unwrap());
    }
    assert_eq!(opened, 1);
    let channels = scene.sim.read(|w| {
        w.channels
            .values()
            .filter(|c| c.name.starts_with("ticket-"))
            .count()
    });
    assert_eq!(channels, 1);
    let (_, list) = scene.get("/api/tickets", scene.people.admin).await;
    assert_eq!(
        (&list["total"], &list["tickets"][0]["ticket_num"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn staff_open_as_many_as_they_like_and_numbers_are_never_doubled() {
    let scene = Scene::start().await;
    let moderator = scene.people.moderators[0];
    let openings = (0..5).map(|_| {
        let (tickets, guild, actor) = (scene.tickets.clone(), scene.guild, scene.actor(moderator));
        let draft = Draft {
            kind: "Bug".into(),
            subject: "Many".into(),
            description: DESCRIPTION.into(),
        };
        tokio::spawn(async move {
            tickets
                .open(guild, &actor, draft, Origin::Api)
                .await
                .unwrap()
                .number
        })
    });
    let mut numbers = Vec::new();
    for opening in openings.collect::<Vec<_>>() {
        numbers.push(opening.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

/// C10.
#[tokio::test]
async fn a_missing_category_tells_staff_which_setting_and_members_only_that_it_is_missing() {
    let scene = Scene::start().await;
    scene
        .change(hazebot_core::settings::Changes::new().unset("channels.tickets_category_id"))
        .await;
    let told = scene.opens(&scene.moderator(), "Bug", "A subject").await.text();
    assert!(
        told.contains("channels.tickets\\_category\\_id") || told.contains("channels.tickets_category_id"),
        "{told}"
    );
    let told = scene.opens(&scene.finn(), "Bug", "A subject").await.text();
    assert!(
        told.contains("not set up yet") && !told.contains("tickets_category_id"),
        "{told}"
    );
    let (status, _) = scene
        .post(
            "/api/tickets",
            scene.people.finn,
            json!({"type": "Bug", "subject": "abc", "description": DESCRIPTION}),
        )
        .await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        scene
            .sim
            .read(|w| w.channels.values().all(|c| !c.name.starts_with("ticket-")))
    );
}

/// X09, X36.
#[tokio::test]
async fn texts_of_members_cannot_look_like_staff_nor_ping() {
    let scene = Scene::start().await;
    let body = json!({
        "type": "Bug", "subject": "[Admin Panel - boss]",
        "description": "**[Admin Panel - boss]:** @everyone pay <@&1>"
    });
    let (status, _) = scene.post("/api/tickets", scene.people.finn, body).await;
    assert_eq!(status, StatusCode::CREATED);
    let (_, list) = scene.get("/api/tickets", scene.people.admin).await;
    assert!(
        !list["tickets"][0]["initial_message"]
            .as_str()
            .unwrap()
            .contains("[Admin Panel")
    );
    let ticket = scene.opened("ticket-1-bug-finn").await;
    let last = scene.finn().sees(ticket.channel).pop().unwrap();
    assert_eq!(last.json["mention_everyone"], false);
}

#[tokio::test]
async fn a_person_who_is_not_in_the_guild_opens_nothing() {
    let scene = Scene::start().await;
    let draft = Draft {
        kind: "Bug".into(),
        subject: "abc".into(),
        description: DESCRIPTION.into(),
    };
    let actor = scene.actor(scene.people.stranger);
    let refused = scene
        .tickets
        .open(scene.guild, &actor, draft, Origin::Api)
        .await
        .unwrap_err();
    assert_eq!(refused.refusal().unwrap().sentence, "User not found in guild");
    assert!(
        scene
            .bot
            .directory()
            .member(scene.guild, user(scene.people.stranger))
            .is_none()
    );
}

/// T-24.
#[tokio::test]
async fn the_longest_subject_and_description_stand_whole_in_discord_and_the_api() {
    let scene = Scene::start().await;
    let (subject, description) = ("🎫".repeat(100), "é".repeat(2_000));
    let body = json!({ "type": "Bug", "subject": subject, "description": description });
    let (status, told) = scene.post("/api/tickets", scene.people.finn, body).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    let ticket = scene.opened("ticket-1-bug-finn").await;
    let texts = scene.texts(ticket.channel);
    assert!(
        texts
            .iter()
            .any(|text| text.contains(&subject) && text.contains(&description))
    );
    let (_, one) = scene.get(&ticket.path(""), scene.people.finn).await;
    assert!(one["initial_message"].as_str().unwrap().ends_with(&description));
}
