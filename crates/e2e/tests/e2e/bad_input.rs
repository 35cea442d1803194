//! What goes wrong in Discord and at the hands of people: a clear answer, nothing half-done, nothing lost.

use discord_sim::{BotRights, GatewayFault, RestFault, world::permissions::Permissions};
use hazebot_e2e::PATIENCE;
use serde_json::json;

use crate::{
    stage::{Setting, Stage, heard_once, status_is},
    town::{DESCRIPTION, with_button},
};

fn draft() -> serde_json::Value {
    json!({ "type": "Bug", "subject": "Dark lamp", "description": DESCRIPTION })
}

#[tokio::test]
async fn broken_frames_and_connections_lose_no_message_and_double_none() {
    let stage = Stage::start().await;
    let (ticket, caller) = (stage.ticket().await, stage.admins().await);
    let application = stage.people.application;
    let faults = [
        GatewayFault::Malformed,
        GatewayFault::UnknownEvent,
        GatewayFault::Duplicate,
        GatewayFault::AskHeartbeat,
        GatewayFault::Reconnect,
        GatewayFault::Drop,
        GatewayFault::Close { code: 4000 },
        GatewayFault::InvalidSession { resumable: true },
        GatewayFault::InvalidSession { resumable: false },
    ];
    let mut texts = Vec::new();
    for fault in faults {
        for moment in ["before", "after"] {
            let text = format!("{moment} {fault:?}.");
            stage.finn().says(ticket.channel, &text).unwrap();
            texts.push(text);
            if moment == "before" {
                assert_eq!(stage.sim.gateway_fails(Some(application), &fault), 1, "{fault:?}");
            }
        }
        heard_once(&caller, &ticket, &texts).await;
        assert!(stage.sim.bot_is_online(application, PATIENCE).await, "{fault:?}");
    }
    let pressed = stage
        .moderator()
        .presses(ticket.control, &ticket.button("claim"))
        .await
        .unwrap();
    assert_eq!(pressed.text(), "You have claimed ticket #1.");
    stage.end().await;
}

#[tokio::test]
async fn a_button_in_another_guild_does_nothing_to_a_ticket_of_this_one() {
    let stage = Stage::start().await;
    let (ticket, caller) = (stage.ticket().await, stage.admins().await);
    let (application, owner) = (stage.people.application, stage.people.owner);
    let channel = stage.sim.change(|world| {
        let guild = world.add_guild("Elsewhere", owner);
        world
            .install(application, guild, Permissions::ADMINISTRATOR)
            .unwrap();
        world.add_member(guild, owner, &[]);
        world.add_text_channel(guild, "talk", None)
    });
    for word in ["claim", "close", "delete", "deleteyes", "status"] {
        let id = ticket.button(word);
        let message = stage.bot_posts(channel, with_button(&id)).await;
        let person = stage.sim.as_user(owner).in_channel(channel);
        let answer = person.presses(message, &id).await.unwrap();
        assert!(answer.modal.is_none(), "{word}: {answer:?}");
        assert!(
            !answer.text().contains("Ticket #1") && !answer.text().contains("have claimed"),
            "{word}: {answer:?}"
        );
    }
    status_is(&caller, &ticket, "Open").await;
    assert!(stage.sim.channel(ticket.channel).is_some());
    stage.end().await;
}

#[tokio::test]
async fn a_double_press_claims_once() {
    let stage = Stage::start().await;
    let ticket = stage.ticket().await;
    let (moderator, button) = (stage.moderator(), ticket.button("claim"));
    let presses = (0..4).map(|_| moderator.presses(ticket.control, &button));
    let answers = futures_util::future::join_all(presses).await;
    let texts: Vec<String> = answers.into_iter().map(|answer| answer.unwrap().text()).collect();
    let claimed = texts
        .iter()
        .filter(|text| text.contains("You have claimed"))
        .count();
    let refused = texts
        .iter()
        .filter(|text| text.contains("already claimed"))
        .count();
    assert_eq!((claimed, refused), (1, 3), "{texts:?}");
    stage.stands(ticket.channel, "Ticket claimed by", 1).await;
    stage.end().await;
}

#[tokio::test]
async fn of_two_moderators_at_once_one_claims_and_the_other_is_told_who() {
    let stage = Stage::start().await;
    let (ticket, caller) = (stage.ticket().await, stage.admins().await);
    let button = ticket.button("claim");
    let (one, other) = (stage.moderator(), stage.member(stage.people.moderators[1]));
    let (first, second) = tokio::join!(
        one.presses(ticket.control, &button),
        other.presses(ticket.control, &button)
    );
    let texts = [first.unwrap().text(), second.unwrap().text()];
    let winner = texts
        .iter()
        .position(|text| text.contains("You have claimed"))
        .expect("one has it");
    assert!(texts[1 - winner].contains("already claimed by"), "{texts:?}");
    let holder = status_is(&caller, &ticket, "Claimed").await["claimed_by"].clone();
    assert_eq!(holder, stage.people.moderators[winner].to_string());
    stage.stands(ticket.channel, "Ticket claimed by", 1).await;
    stage.end().await;
}

#[tokio::test]
async fn a_form_submitted_twice_opens_one_ticket() {
    let stage = Stage::start().await;
    let finn = stage.finn();
    let modal = finn
        .runs_slash_with("ticket", [("type", "Bug")])
        .await
        .unwrap()
        .modal
        .unwrap();
    let fields = [("subject", "Dark lamp"), ("description", DESCRIPTION)];
    let (one, other) = tokio::join!(
        finn.submits_modal(&modal, fields),
        finn.submits_modal(&modal, fields)
    );
    let texts = [one.unwrap().text(), other.unwrap().text()];
    assert_eq!(
        texts
            .iter()
            .filter(|text| text.contains("has been opened"))
            .count(),
        1,
        "{texts:?}"
    );
    assert_eq!(
        texts
            .iter()
            .filter(|text| text.contains("one ticket per hour"))
            .count(),
        1,
        "{texts:?}"
    );
    assert_eq!(stage.ticket_channels(), 1);
    stage.end().await;
}

#[tokio::test]
async fn a_channel_deleted_by_hand_closes_its_ticket_and_answers_plainly() {
    let stage = Stage::start().await;
    let (ticket, caller) = (stage.ticket().await, stage.admins().await);
    stage.sim.delete_channel(ticket.channel);
    status_is(&caller, &ticket, "Closed").await;
    for (path, body) in [("/messages", json!({ "content": "x" })), ("/reopen", json!({}))] {
        let (status, told) = caller.post(&ticket.path(path), body).await.unwrap();
        assert!((400..500).contains(&status), "{path}: {status} {told}");
        assert!(
            told["error"].as_str().is_some_and(|error| !error.is_empty()),
            "{path}: {told}"
        );
    }
    let (status, body) = caller.get(&ticket.path("/messages")).await.unwrap();
    assert_eq!(
        (status, body["messages"].as_array().map(Vec::len)),
        (200, Some(1)),
        "{body}"
    );
    stage.end().await;
}

#[tokio::test]
async fn a_deleted_category_is_stepped_around() {
    let stage = Stage::start().await;
    let category = stage.people.channels.tickets;
    stage.sim.delete_channel(category);
    let (bot, id) = (
        stage.program.bot(),
        hazebot_core::ids::ChannelId::new(category.get()),
    );
    assert!(
        stage
            .eventually(|| bot.directory().channel(stage.guild(), id).is_none())
            .await
    );
    let ticket = stage.ticket().await;
    assert_eq!(stage.sim.channel(ticket.channel).unwrap().parent_id, None);
    let finn = stage.finn();
    assert!(finn.says(ticket.channel, "still private").is_ok());
    let outsider = stage.member(stage.people.members[1]);
    assert!(outsider.says(ticket.channel, "may I?").is_err());
    stage.end().await;
}

#[tokio::test]
async fn without_permissions_nothing_is_left_behind_and_the_person_may_try_again() {
    let stage = Stage::with(Setting {
        rights: BotRights::None,
        ..Setting::default()
    })
    .await;
    let (finn, staff) = (stage.caller(stage.people.finn).await, stage.staff().await);
    let told = stage.opens(&stage.finn(), "Bug", "Dark lamp").await.text();
    assert!(told.contains("lacks a permission"), "{told}");
    for _ in 0..2 {
        let (status, body) = finn.post("/api/tickets", draft()).await.unwrap();
        assert_eq!(status, 503, "{body}");
    }
    assert_eq!(staff.get("/api/tickets").await.unwrap().1["total"], 0);
    assert_eq!(stage.ticket_channels(), 0);
    stage.end().await;
}

#[tokio::test]
async fn a_creator_who_takes_no_direct_messages_does_not_stop_the_closing() {
    let stage = Stage::start().await;
    let (ticket, caller) = (stage.ticket().await, stage.admins().await);
    let finn = stage.people.finn;
    stage
        .sim
        .change(|world| world.users.get_mut(&finn).unwrap().takes_dms = false);
    let (status, body) = caller
        .post(&ticket.path("/close"), json!({ "close_message": "bye" }))
        .await
        .unwrap();
    assert_eq!(status, 200, "{body}");
    assert!(stage.eventually(|| stage.transcripts("1") == 1).await);
    stage.controls_show(ticket.channel, "Closed").await;
    assert!(stage.told(finn).is_empty());
    stage.end().await;
}

fn slowed(stage: &Stage, method: &str, route: &str) {
    let fault = RestFault::RateLimited {
        retry_after: 0.2,
        global: false,
    };
    stage.sim.route_fails(method, route, 1, fault);
}

/// A rate limit and then a server error on this route.
fn stumbles(stage: &Stage, method: &str, route: &str) {
    slowed(stage, method, route);
    stage
        .sim
        .route_fails(method, route, 1, RestFault::ServerError { status: 500 });
}

#[tokio::test]
async fn rate_limits_and_server_errors_on_the_way_are_waited_out() {
    let stage = Stage::start().await;
    let caller = stage.admins().await;
    // A channel has no nonce: after a server error it is not made a second time, but cleared away.
    slowed(&stage, "POST", "/guilds/{guild}/channels");
    stumbles(&stage, "POST", "/channels/{channel}/messages");
    let ticket = stage.ticket().await;
    status_is(&caller, &ticket, "Open").await;
    assert_eq!(
        (stage.ticket_channels(), stage.control_messages(ticket.channel)),
        (1, 1)
    );
    assert_eq!(stage.count(ticket.channel, DESCRIPTION), 1);

    stumbles(&stage, "POST", "/channels/{channel}/messages");
    stumbles(&stage, "PATCH", "/channels/{channel}/messages/{message}");
    let (status, body) = caller
        .post(&ticket.path("/close"), json!({ "close_message": "bye" }))
        .await
        .unwrap();
    assert_eq!(status, 200, "{body}");
    let finn = stage.people.finn;
    assert!(
        stage
            .eventually(|| stage.transcripts("1") == 1 && stage.told(finn).len() == 1)
            .await
    );
    stage.controls_show(ticket.channel, "Closed").await;
    stage.stands(ticket.channel, "Ticket closed by", 1).await;
    stage.end().await;
}

#[tokio::test]
async fn a_discord_that_is_down_during_an_opening_leaves_nothing_and_the_person_may_try_again() {
    let stage = Stage::start().await;
    let finn = stage.caller(stage.people.finn).await;
    let down = RestFault::ServerError { status: 503 };
    stage
        .sim
        .route_fails("POST", "/channels/{channel}/messages", 50, down);
    let (status, body) = finn.post("/api/tickets", draft()).await.unwrap();
    assert_eq!(status, 503, "{body}");
    assert_eq!(stage.ticket_channels(), 0);
    stage.sim.clear_faults();
    let (status, body) = finn.post("/api/tickets", draft()).await.unwrap();
    assert_eq!(status, 201, "{body}");
    assert_eq!(stage.ticket_channels(), 1);
    stage.end().await;
}

#[tokio::test]
async fn words_that_are_markup_mentions_or_queries_stay_words() {
    let stage = Stage::start().await;
    let (ticket, caller) = (stage.ticket().await, stage.admins().await);
    let people = [
        "@everyone <@&1> <script>alert(1)</script>",
        "'; DROP TABLE tickets; --",
        "```\n**[Admin Panel - boss]:** pay me\n```",
        "\u{202e}reversed\u{0000}",
        "[link](javascript:alert(1)) ||hidden||",
    ];
    for words in people {
        let (status, sent) = caller
            .post(&ticket.path("/messages"), json!({ "content": words }))
            .await
            .unwrap();
        assert_eq!(status, 200, "{words:?}: {sent}");
        assert_eq!(
            sent["data"]["display_content"].as_str().map(str::trim),
            Some(words.trim()),
            "{words:?}"
        );
    }
    let seen = stage.admin().sees(ticket.channel);
    assert!(
        seen.iter().all(|seen| seen.json["mention_everyone"] == false),
        "{seen:?}"
    );
    let (status, list) = caller.get("/api/tickets").await.unwrap();
    assert_eq!((status, &list["total"]), (200, &json!(1)));
    let unknown = "/api/tickets/1'%20OR%20'1'='1";
    assert_eq!(caller.get(unknown).await.unwrap().0, 404);
    stage.end().await;
}
