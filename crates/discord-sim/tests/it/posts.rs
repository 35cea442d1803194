//! Messages beyond plain text: polls, forwards, published news, files whose addresses run out, pins.

use std::time::Duration;

use discord_sim::BotRights;
use reqwest::Method;
use serde_json::{Value, json};
use twilight_gateway::{Event, Intents};

use crate::bot::Bot;
use crate::raw::{Raw, text};

fn tea() -> Value {
    json!({ "poll": { "question": { "text": "Tea?" }, "duration": 1, "allow_multiselect": false, "answers": [
        { "poll_media": { "text": "Yes", "emoji": { "name": "🍵" } } }, { "poll_media": { "text": "No" } } ] } })
}

#[tokio::test]
async fn people_vote_in_a_poll_and_its_author_ends_it() {
    let raw = Raw::start(BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let messages = format!("/channels/{general}/messages");
    let mut bot = Bot::start(&raw.sim, &raw.c, Intents::GUILDS | Intents::GUILD_MESSAGE_POLLS).await;
    let asked = raw.ok(Method::POST, &messages, tea()).await;
    assert_eq!(text(&asked, "/poll/answers/0/poll_media/emoji/name"), "🍵");
    let id: discord_sim::Id = text(&asked, "/id").parse().unwrap();
    let finn = raw.sim.as_user(raw.c.finn);
    finn.votes(general, id, &[1]).unwrap();
    let voted = bot
        .next(|event| match event {
            Event::MessagePollVoteAdd(vote) => Some(vote.answer_id),
            _ => None,
        })
        .await;
    assert_eq!(voted, 1);
    let poll = format!("/channels/{general}/polls/{id}");
    let voters = raw.get(&format!("{poll}/answers/1")).await;
    assert_eq!(text(&voters, "/users/0/id"), raw.c.finn.to_string());
    assert_eq!(
        raw.get(&format!("{poll}/answers/2")).await,
        json!({ "users": [] })
    );
    assert_eq!(
        raw.fails(Method::GET, &format!("{poll}/answers/9"), json!({}))
            .await
            .0,
        404
    );
    let edit = json!({ "content": "x" });
    assert_eq!(
        raw.fails(Method::PATCH, &format!("{messages}/{id}"), edit).await,
        (400, 520_003)
    );
    let ended = raw.ok(Method::POST, &format!("{poll}/expire"), json!({})).await;
    assert_eq!(ended.pointer("/poll/results/is_finalized"), Some(&json!(true)));
    assert_eq!(
        ended.pointer("/poll/results/answer_counts/0/count"),
        Some(&json!(1))
    );
    assert!(finn.votes(general, id, &[]).is_err());
    assert_eq!(
        raw.fails(Method::POST, &format!("{poll}/expire"), json!({}))
            .await,
        (400, 520_001)
    );
    let result = raw.get(&format!("{messages}?limit=1")).await;
    assert_eq!(result.pointer("/0/type"), Some(&json!(46)));
    let plain = raw.ok(Method::POST, &messages, json!({ "content": "x" })).await;
    let other = format!("/channels/{general}/polls/{}/expire", text(&plain, "/id"));
    assert_eq!(raw.fails(Method::POST, &other, json!({})).await, (400, 520_006));
}

#[tokio::test]
async fn a_vote_of_the_page_is_counted_told_to_those_who_asked_and_can_be_withdrawn() {
    let raw = Raw::start(BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let mut bot = Bot::start(&raw.sim, &raw.c, Intents::GUILDS | Intents::GUILD_MESSAGE_POLLS).await;
    let mut deaf = Bot::start(&raw.sim, &raw.c, Intents::GUILDS | Intents::GUILD_MESSAGE_TYPING).await;
    let asked = raw
        .ok(Method::POST, &format!("/channels/{general}/messages"), tea())
        .await;
    let votes = format!(
        "{}/sim/users/{}/channels/{general}/messages/{}/votes",
        raw.sim.base_url(),
        raw.c.finn,
        text(&asked, "/id")
    );
    let client = &raw.client;
    let vote = async |answers: Value| {
        let sent = client.post(&votes).json(&json!({ "answers": answers }));
        let answer = sent.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let counts = |message: &Value| message.pointer("/poll/results/answer_counts").cloned();
    let (status, message) = vote(json!([2])).await;
    let one = json!([{ "id": 2, "count": 1, "me_voted": true }]);
    assert_eq!((status, counts(&message)), (200, Some(one)), "{message}");
    // Another choice replaces the first; none is a withdrawal.
    let (_, message) = vote(json!([1])).await;
    let other = json!([{ "id": 1, "count": 1, "me_voted": true }]);
    assert_eq!(counts(&message), Some(other));
    assert_eq!(counts(&vote(json!([])).await.1), Some(json!([])));
    let mut told = Vec::new();
    while told.len() < 4 {
        let next = bot.next(|event| match event {
            Event::MessagePollVoteAdd(vote) => Some(("add", vote.answer_id, vote.user_id)),
            Event::MessagePollVoteRemove(vote) => Some(("remove", vote.answer_id, vote.user_id)),
            _ => None,
        });
        told.push(next.await);
    }
    assert!(told.iter().all(|(_, _, user)| user.get() == raw.c.finn.get()));
    let mut told: Vec<_> = told.into_iter().map(|(kind, answer, _)| (kind, answer)).collect();
    assert_eq!(told.pop(), Some(("remove", 1)));
    told.sort_unstable();
    assert_eq!(told, [("add", 1), ("add", 2), ("remove", 2)]);
    // Who did not ask for votes hears the next thing instead.
    raw.sim.as_user(raw.c.finn).types(general).unwrap();
    let heard = deaf.next(|event| match event {
        Event::TypingStart(_) => Some("typing"),
        Event::MessagePollVoteAdd(_) | Event::MessagePollVoteRemove(_) => Some("a vote"),
        _ => None,
    });
    assert_eq!(heard.await, "typing");

    assert_eq!(vote(json!([1, 2])).await.1.get("code"), Some(&json!(50035)));
    raw.wait(3600);
    let (status, refused) = vote(json!([1])).await;
    assert_eq!((status, refused.get("code")), (400, Some(&json!(520_001))));
}

#[tokio::test]
async fn a_poll_ends_when_its_hours_are_over() {
    let raw = Raw::start(BotRights::Administrator).await;
    let messages = format!("/channels/{}/messages", raw.c.channels.general);
    let asked = raw.ok(Method::POST, &messages, tea()).await;
    let shown = format!("{messages}/{}", text(&asked, "/id"));
    raw.wait(3599);
    let over = |message: &Value| message.pointer("/poll/results/is_finalized").cloned();
    assert_eq!(over(&raw.get(&shown).await), Some(json!(false)));
    raw.wait(1);
    assert_eq!(over(&raw.get(&shown).await), Some(json!(true)));
    let long = json!({ "poll": { "question": { "text": "x" }, "duration": 769, "answers": [{ "poll_media": { "text": "x".repeat(56) } }] } });
    let (_, answer) = raw.send(Method::POST, &messages, long).await;
    for pointer in ["/errors/poll/duration", "/errors/poll/answers/0/poll_media/text"] {
        assert!(answer.pointer(pointer).is_some(), "{pointer} {answer}");
    }
}

#[tokio::test]
async fn a_forward_keeps_the_message_as_it_was() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let (general, memes) = (raw.c.channels.general, raw.c.channels.memes);
    let finn = raw.sim.as_user(raw.c.finn);
    let said = finn.says(general, "remember this").unwrap();
    let path = format!("/channels/{memes}/messages");
    let forward = |channel, message| json!({ "message_reference": { "type": 1, "channel_id": channel, "message_id": message } });
    let made = raw.ok(Method::POST, &path, forward(general, said)).await;
    finn.edits(general, said, "forget it").unwrap();
    let shown = raw.get(&format!("{path}/{}", text(&made, "/id"))).await;
    assert_eq!(
        text(&shown, "/message_snapshots/0/message/content"),
        "remember this"
    );
    assert_eq!(shown.pointer("/message_reference/type"), Some(&json!(1)));
    assert_eq!(shown.get("flags"), Some(&json!(1 << 14)));
    assert_eq!(
        raw.fails(Method::POST, &path, forward(general, raw.c.guild))
            .await,
        (400, 50035)
    );
    raw.sim.change(|w| {
        use discord_sim::world::permissions::Permissions;
        w.overwrite_member(general, raw.c.bot, Permissions::NONE, Permissions::VIEW_CHANNEL);
    });
    assert_eq!(
        raw.fails(Method::POST, &path, forward(general, said)).await,
        (400, 160_014)
    );
}

#[tokio::test]
async fn replies_name_a_message_of_their_own_channel() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let (general, memes) = (raw.c.channels.general, raw.c.channels.memes);
    let said = raw.sim.as_user(raw.c.finn).says(general, "hello").unwrap();
    let reply = |reference: Value| json!({ "content": "hi", "message_reference": reference });
    let path = format!("/channels/{general}/messages");
    let answer = raw
        .ok(
            Method::POST,
            &path,
            reply(json!({ "message_id": said, "channel_id": general })),
        )
        .await;
    assert_eq!(answer.get("type"), Some(&json!(19)));
    assert_eq!(text(&answer, "/referenced_message/content"), "hello");
    let fails = async |path: &str, reference| raw.fails(Method::POST, path, reply(reference)).await;
    assert_eq!(fails(&path, json!({ "message_id": "1" })).await, (400, 50035));
    assert_eq!(
        fails(
            &format!("/channels/{memes}/messages"),
            json!({ "message_id": said, "channel_id": general })
        )
        .await,
        (400, 50035)
    );
    let gone = reply(json!({ "message_id": "1", "fail_if_not_exists": false }));
    raw.ok(Method::POST, &path, gone).await;
}

#[tokio::test]
async fn news_is_published_to_the_channels_that_follow() {
    let raw = Raw::start(BotRights::Administrator).await;
    let guild = format!("/guilds/{}/channels", raw.c.guild);
    let news = raw
        .ok(Method::POST, &guild, json!({ "name": "news", "type": 5 }))
        .await;
    let news = text(&news, "/id").to_owned();
    let general = raw.c.channels.general;
    let follow = json!({ "webhook_channel_id": general });
    let followed = raw
        .ok(
            Method::POST,
            &format!("/channels/{news}/followers"),
            follow.clone(),
        )
        .await;
    let hooks = raw.get(&format!("/channels/{general}/webhooks")).await;
    assert_eq!(text(&hooks, "/0/id"), text(&followed, "/webhook_id"));
    assert_eq!(text(&hooks, "/0/source_channel/id"), news);
    assert_eq!(
        raw.fails(Method::POST, &format!("/channels/{general}/followers"), follow)
            .await,
        (400, 50024)
    );
    let post = raw
        .ok(
            Method::POST,
            &format!("/channels/{news}/messages"),
            json!({ "content": "hear" }),
        )
        .await;
    let cross = format!("/channels/{news}/messages/{}/crosspost", text(&post, "/id"));
    assert_eq!(
        raw.ok(Method::POST, &cross, json!({})).await.get("flags"),
        Some(&json!(1))
    );
    assert_eq!(raw.fails(Method::POST, &cross, json!({})).await, (400, 40033));
    let copy = raw.get(&format!("/channels/{general}/messages?limit=1")).await;
    assert_eq!(
        (text(&copy, "/0/content"), copy.pointer("/0/flags")),
        ("hear", Some(&json!(2)))
    );
    let said = raw.sim.as_user(raw.c.finn).says(general, "x").unwrap();
    let wrong = format!("/channels/{general}/messages/{said}/crosspost");
    assert_eq!(raw.fails(Method::POST, &wrong, json!({})).await, (400, 50024));
}

#[tokio::test]
async fn the_address_of_a_file_works_for_a_day_and_is_refreshed() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let path = format!("/channels/{}/messages", raw.c.channels.general);
    let body =
        json!({ "content": "see", "embeds": [{ "title": "t", "image": { "url": "attachment://b.png" } }] });
    let (_, sent) = raw
        .upload(&path, &body, &[("a.txt", b"hello"), ("b.png", b"png")])
        .await;
    let fetch = async |address: &str| {
        let answer = raw.client.get(address).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (file, image) = (
        text(&sent, "/attachments/0/url"),
        text(&sent, "/embeds/0/image/url"),
    );
    assert!(
        file.contains("?ex=") && file.contains("&is=") && file.contains("&hm="),
        "{file}"
    );
    assert_eq!(fetch(file).await, (200, "hello".to_owned()));
    assert_eq!(fetch(image).await.0, 200);
    assert_eq!(fetch(file.split('?').next().unwrap()).await.0, 404);
    raw.wait(24 * 3600);
    let gone = (404, "This content is no longer available.".to_owned());
    assert_eq!(fetch(file).await, gone);
    let again = raw.get(&format!("{path}/{}", text(&sent, "/id"))).await;
    assert_eq!(fetch(text(&again, "/attachments/0/url")).await.0, 200);
    assert_eq!(fetch(text(&again, "/embeds/0/image/url")).await.0, 200);
    let ask = json!({ "attachment_urls": [file, "https://example.org/x"] });
    let fresh = raw.ok(Method::POST, "/attachments/refresh-urls", ask).await;
    assert_eq!(text(&fresh, "/refreshed_urls/0/original"), file);
    assert_eq!(fetch(text(&fresh, "/refreshed_urls/0/refreshed")).await.0, 200);
    assert_eq!(fresh.pointer("/refreshed_urls/1/refreshed"), Some(&Value::Null));
    let many = json!({ "attachment_urls": vec![file; 51] });
    assert_eq!(
        raw.fails(Method::POST, "/attachments/refresh-urls", many).await,
        (400, 50035)
    );
}

#[tokio::test]
async fn flags_hold_back_embeds_and_notifications_and_stickers_do_not_exist() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let path = format!("/channels/{}/messages", raw.c.channels.general);
    let body = json!({ "content": "x", "embeds": [{ "title": "t" }], "flags": 1 << 12 });
    let sent = raw.ok(Method::POST, &path, body).await;
    assert_eq!(
        (sent.get("flags"), text(&sent, "/embeds/0/title")),
        (Some(&json!(1 << 12)), "t")
    );
    let one = format!("{path}/{}", text(&sent, "/id"));
    let hidden = raw.ok(Method::PATCH, &one, json!({ "flags": 4 })).await;
    assert_eq!(hidden.get("embeds"), Some(&json!([])));
    let shown = raw.ok(Method::PATCH, &one, json!({ "flags": 0 })).await;
    assert_eq!(text(&shown, "/embeds/0/title"), "t");
    let sticker = json!({ "content": "x", "sticker_ids": ["5"] });
    assert_eq!(raw.fails(Method::POST, &path, sticker).await, (400, 50081));
    assert_eq!(
        raw.fails(Method::GET, "/stickers/5", json!({})).await,
        (404, 10060)
    );
}

#[tokio::test]
async fn pins_are_listed_by_the_time_of_pinning() {
    let raw = Raw::start(BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let finn = raw.sim.as_user(raw.c.finn);
    let (first, second) = (
        finn.says(general, "one").unwrap(),
        finn.says(general, "two").unwrap(),
    );
    let pins = format!("/channels/{general}/messages/pins");
    for id in [second, first] {
        raw.ok(Method::PUT, &format!("{pins}/{id}"), json!({})).await;
        raw.sim.advance(Duration::from_secs(1));
    }
    let page = raw.get(&format!("{pins}?limit=1")).await;
    assert_eq!(
        (text(&page, "/items/0/message/content"), page.get("has_more")),
        ("one", Some(&json!(true)))
    );
    let before = text(&page, "/items/0/pinned_at").replace('+', "%2B");
    let rest = raw.get(&format!("{pins}?before={before}")).await;
    assert_eq!(text(&rest, "/items/0/message/content"), "two");
    let told = raw.get(&format!("/channels/{general}/messages?limit=1")).await;
    assert_eq!(
        (
            told.pointer("/0/type"),
            text(&told, "/0/message_reference/message_id")
        ),
        (Some(&json!(6)), first.to_string().as_str())
    );
    raw.ok(
        Method::DELETE,
        &format!("/channels/{general}/pins/{first}"),
        json!({}),
    )
    .await;
    assert_eq!(
        raw.get(&format!("/channels/{general}/pins"))
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
