//! Whatever REST changes, twilight understands the events that tell of it.

use std::collections::BTreeSet;

use discord_sim::BotRights;
use reqwest::Method;
use serde_json::{Value, json};
use twilight_gateway::{Event, Intents};

use crate::bot::Bot;
use crate::raw::{Raw, text};

const DOT: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";

/// Does a bit of everything.
async fn act(raw: &Raw) {
    let (guild, general) = (raw.c.guild, raw.c.channels.general);
    let channels = format!("/guilds/{guild}/channels");
    let forum =
        json!({ "name": "help", "type": 15, "available_tags": [{ "name": "open", "emoji_name": "❓" }] });
    let forum = raw.ok(Method::POST, &channels, forum).await;
    let tag = text(&forum, "/available_tags/0/id");
    let post = json!({ "name": "x", "applied_tags": [tag], "message": { "content": "y" } });
    let path = format!("/channels/{}/threads", text(&forum, "/id"));
    let post = raw.ok(Method::POST, &path, post).await;
    let post = format!("/channels/{}", text(&post, "/id"));
    raw.ok(
        Method::PUT,
        &format!("{post}/thread-members/{}", raw.c.finn),
        json!({}),
    )
    .await;
    raw.ok(Method::PATCH, &post, json!({ "archived": true })).await;
    raw.ok(
        Method::POST,
        &format!("{post}/messages"),
        json!({ "content": "awake" }),
    )
    .await;
    raw.ok(Method::DELETE, &post, json!({})).await;

    let news = raw
        .ok(Method::POST, &channels, json!({ "name": "news", "type": 5 }))
        .await;
    let news = format!("/channels/{}", text(&news, "/id"));
    raw.ok(
        Method::POST,
        &format!("{news}/followers"),
        json!({ "webhook_channel_id": general }),
    )
    .await;
    let told = raw
        .ok(
            Method::POST,
            &format!("{news}/messages"),
            json!({ "content": "z" }),
        )
        .await;
    let told_id = text(&told, "/id");
    raw.ok(
        Method::POST,
        &format!("{news}/messages/{told_id}/crosspost"),
        json!({}),
    )
    .await;

    let messages = format!("/channels/{general}/messages");
    let forward = json!({ "message_reference": { "type": 1, "channel_id": text(&told, "/channel_id"), "message_id": told_id } });
    let forward = raw.ok(Method::POST, &messages, forward).await;
    raw.ok(
        Method::PUT,
        &format!("{messages}/pins/{}", text(&forward, "/id")),
        json!({}),
    )
    .await;
    let poll =
        json!({ "poll": { "question": { "text": "?" }, "answers": [{ "poll_media": { "text": "!" } }] } });
    let poll = raw.ok(Method::POST, &messages, poll).await;
    let id = text(&poll, "/id");
    let finn = raw.sim.as_user(raw.c.finn);
    finn.votes(general, id.parse().unwrap(), &[1]).unwrap();
    finn.votes(general, id.parse().unwrap(), &[]).unwrap();
    raw.ok(
        Method::POST,
        &format!("/channels/{general}/polls/{id}/expire"),
        json!({}),
    )
    .await;
    let threads = format!("/channels/{general}/threads");
    raw.ok(Method::POST, &threads, json!({ "name": "aside", "type": 11 }))
        .await;

    raw.ok(
        Method::POST,
        &format!("/guilds/{guild}/emojis"),
        json!({ "name": "dot", "image": DOT }),
    )
    .await;
    raw.ok(
        Method::PATCH,
        &format!("/guilds/{guild}"),
        json!({ "name": "Renamed", "icon": DOT }),
    )
    .await;
    raw.ok(
        Method::PATCH,
        &format!("/guilds/{guild}/members/{}", raw.c.finn),
        json!({ "roles": [] }),
    )
    .await;
    raw.ok(
        Method::POST,
        &format!("/guilds/{guild}/prune"),
        json!({ "days": 1, "include_roles": [] }),
    )
    .await;
    let command = json!({ "name": "do", "description": "Does" });
    let commands = format!("/applications/{}/commands", raw.c.application);
    let command = raw.ok(Method::POST, &commands, command).await;
    let owner = raw
        .token_of(raw.c.owner, "applications.commands.permissions.update")
        .await;
    let path = format!(
        "/applications/{}/guilds/{guild}/commands/{}/permissions",
        raw.c.application,
        text(&command, "/id")
    );
    let body = json!({ "permissions": [{ "id": guild, "type": 1, "permission": true }] });
    let (status, _): (u16, Value) = raw.bearing(&owner, Method::PUT, &path, body).await;
    assert_eq!(status, 200);
    // The prune took Finn, who had lost all roles.
    raw.sim.as_user(raw.c.owner).says(general, "the end").unwrap();
}

#[tokio::test]
async fn twilight_reads_every_event_of_it() {
    let raw = Raw::start(BotRights::Administrator).await;
    let mut bot = Bot::start(&raw.sim, &raw.c, Intents::all()).await;
    act(&raw).await;
    let mut seen = BTreeSet::new();
    bot.next_of("the last message", |event| {
        seen.extend(event.kind().name());
        match event {
            Event::MessageCreate(message) if message.content == "the end" => Some(()),
            _ => None,
        }
    })
    .await;
    for name in [
        "THREAD_CREATE",
        "THREAD_UPDATE",
        "THREAD_DELETE",
        "THREAD_MEMBERS_UPDATE",
        "CHANNEL_CREATE",
        "CHANNEL_PINS_UPDATE",
        "WEBHOOKS_UPDATE",
        "MESSAGE_UPDATE",
        "MESSAGE_POLL_VOTE_ADD",
        "MESSAGE_POLL_VOTE_REMOVE",
        "GUILD_EMOJIS_UPDATE",
        "GUILD_UPDATE",
        "GUILD_MEMBER_UPDATE",
        "GUILD_MEMBER_REMOVE",
        "GUILD_AUDIT_LOG_ENTRY_CREATE",
        "APPLICATION_COMMAND_PERMISSIONS_UPDATE",
    ] {
        assert!(seen.contains(name), "{name} is missing in {seen:?}");
    }
}
