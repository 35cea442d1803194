//! A simulator that starts over, as fuzz runs do, and a world that is copied for it.

use discord_sim::BotRights;
use reqwest::Method;
use serde_json::json;

use crate::raw::Raw;

#[tokio::test]
async fn a_simulator_starts_over_as_if_nothing_had_happened() {
    let raw = Raw::start(BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let first = raw.sim.read(|world| world.copy(7));
    let (then, said) = (first.now(), first.channels.get(&general).unwrap().messages.len());
    let bearer = raw.token_of(raw.c.finn, "identify").await;
    let me = "/users/@me";
    let (status, _) = raw.bearing(&bearer, Method::GET, me, json!({})).await;
    assert_eq!(status, 200);
    let path = format!("/channels/{general}/messages");
    raw.ok(Method::POST, &path, json!({ "content": "gone" })).await;
    raw.sim.delete_channel(raw.c.channels.memes);
    raw.wait(60);

    raw.sim.starts_over(first.copy(7));
    let (now, kept, memes) = raw.sim.read(|world| {
        let general = world.channels.get(&general).unwrap();
        let memes = world.channels.contains_key(&raw.c.channels.memes);
        (world.now(), general.messages.len(), memes)
    });
    assert_eq!((now, kept, memes), (then, said, true));
    let (status, _) = raw.bearing(&bearer, Method::GET, me, json!({})).await;
    assert_eq!(status, 401);
    let answer = raw.ok(Method::POST, &path, json!({ "content": "anew" })).await;
    assert_eq!(
        answer.pointer("/channel_id"),
        Some(&json!(general.to_string())),
        "the bot's token is as it was"
    );
}
