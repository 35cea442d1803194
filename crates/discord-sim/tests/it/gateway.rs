//! The gateway's sessions: compression, limits, shards, presences and members.

use std::time::Duration;

use discord_sim::world::model::PrivilegedIntents;
use discord_sim::{GatewayFault, SimOptions, World};
use serde_json::{Value, json};

use crate::socket::{Came, Socket, identify, start, start_with};

const GUILDS: u64 = 1;
const MEMBERS: u64 = 1 << 1;
const PRESENCES: u64 = 1 << 8;
const MESSAGES: u64 = 1 << 9 | 1 << 15;

fn paced() -> SimOptions {
    SimOptions {
        gateway_limits: true,
        ..SimOptions::default()
    }
}

#[tokio::test]
async fn both_streams_and_compressed_payloads_carry_the_same_events() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    for query in [
        "?v=10&compress=zlib-stream",
        "?v=10&encoding=json&compress=zstd-stream",
        "?v=10",
    ] {
        let mut socket = Socket::open(&sim, query).await;
        let mut hello = identify(&c, GUILDS | MESSAGES);
        if !query.contains("stream") {
            let data = hello.get_mut("d").and_then(Value::as_object_mut).unwrap();
            data.insert("compress".to_owned(), json!(true));
        }
        socket.send(hello).await;
        socket.until(0, Some("GUILD_CREATE")).await;
        for number in 0..3 {
            let text = format!("message {number}");
            sim.as_user(c.finn).says(c.channels.general, &text).unwrap();
            let came = socket.until(0, Some("MESSAGE_CREATE")).await;
            assert_eq!(came.pointer("/d/content"), Some(&json!(text)));
        }
        assert!(socket.compressed > 0, "{query}");
    }
}

#[tokio::test]
async fn what_is_not_spoken_is_refused() {
    let (sim, _) = start(PrivilegedIntents::ALL).await;
    for query in ["?v=10&encoding=etf", "?v=10&compress=gzip", "?v=10&encoding=xml"] {
        assert_eq!(Socket::open(&sim, query).await.end().await, 4002, "{query}");
    }
}

#[tokio::test]
async fn one_shard_of_a_bucket_identifies_in_five_seconds() {
    let (sim, c) = start_with(PrivilegedIntents::ALL, paced()).await;
    let mut first = Socket::open(&sim, "?v=10").await;
    first.send(identify(&c, GUILDS)).await;
    first.until(0, Some("READY")).await;
    let mut second = Socket::open(&sim, "?v=10").await;
    second.send(identify(&c, GUILDS)).await;
    assert_eq!(second.until(9, None).await.get("d"), Some(&json!(false)));
    sim.advance(Duration::from_secs(5));
    second.send(identify(&c, GUILDS)).await;
    second.until(0, Some("READY")).await;
    sim.limits_gateway(false);
    let mut third = Socket::open(&sim, "?v=10").await;
    third.send(identify(&c, GUILDS)).await;
    third.until(0, Some("READY")).await;
}

#[tokio::test]
async fn a_bot_that_uses_up_its_day_loses_its_sessions_and_its_token() {
    let options = SimOptions {
        identify_limit: 2,
        ..SimOptions::default()
    };
    let (sim, c) = start_with(PrivilegedIntents::ALL, options).await;
    let http = crate::bot::http(&sim, &c.bot_token);
    let left = async || {
        let info = http.gateway().authed().await.unwrap().model().await.unwrap();
        info.session_start_limit.remaining
    };
    assert_eq!(left().await, 2);
    let mut sockets = Vec::new();
    for remaining in [1, 0] {
        let mut socket = Socket::open(&sim, "?v=10").await;
        socket.send(identify(&c, GUILDS)).await;
        socket.until(0, Some("READY")).await;
        assert_eq!(left().await, remaining);
        sockets.push(socket);
    }
    let mut last = Socket::open(&sim, "?v=10").await;
    last.send(identify(&c, GUILDS)).await;
    assert_eq!(last.end().await, 4004);
    for mut socket in sockets {
        assert_eq!(socket.end().await, 4004);
    }
    assert!(http.gateway().authed().await.is_err(), "the old token");
    let token = sim.read(|w| w.applications.get(&c.application).unwrap().token.clone());
    assert_ne!(token, c.bot_token);
}

#[tokio::test]
async fn more_guilds_than_a_shard_holds_want_shards() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    sim.change(|w: &mut World| {
        for number in 0..2500 {
            let guild = w.add_guild(&format!("Guild {number}"), c.owner);
            w.add_member(guild, c.bot, &[]);
        }
    });
    let mut alone = Socket::open(&sim, "?v=10").await;
    alone.send(identify(&c, GUILDS)).await;
    assert_eq!(alone.end().await, 4011);
    let mut seen = 0;
    for shard in 0..3 {
        let mut socket = Socket::open(&sim, "?v=10").await;
        socket
            .send(json!({ "op": 2, "d": { "token": c.bot_token, "intents": 0, "shard": [shard, 3] } }))
            .await;
        let ready = socket.until(0, Some("READY")).await;
        let guilds = ready.pointer("/d/guilds").and_then(Value::as_array).unwrap();
        for guild in guilds {
            let id: u64 = guild.get("id").and_then(Value::as_str).unwrap().parse().unwrap();
            assert_eq!((id >> 22) % 3, shard);
        }
        seen += guilds.len();
    }
    assert_eq!(seen, 2501);
}

#[tokio::test]
async fn events_of_a_guild_go_to_its_shard_alone() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let home = (c.guild.get() >> 22) % 2;
    let mut sockets = Vec::new();
    for shard in [home, 1 - home] {
        let mut socket = Socket::open(&sim, "?v=10").await;
        socket
            .send(
                json!({ "op": 2, "d": { "token": c.bot_token, "intents": GUILDS | MESSAGES | 1 << 12,
                "shard": [shard, 2] } }),
            )
            .await;
        socket.until(0, Some("READY")).await;
        sockets.push(socket);
    }
    sim.as_user(c.finn).says(c.channels.general, "hello").unwrap();
    // A frame of another kind shows that the message did not come before it.
    sim.gateway_fails(None, &GatewayFault::AskHeartbeat);
    let (mine, other) = (sockets.remove(0), sockets.remove(0));
    let (mut mine, mut other) = (mine, other);
    mine.until(0, Some("MESSAGE_CREATE")).await;
    let Came::Frame(first) = other.next().await else {
        panic!("it was closed")
    };
    assert_eq!(first.get("op"), Some(&json!(1)));
}

#[tokio::test]
async fn presences_reach_those_with_the_intent() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut knows = Socket::open(&sim, "?v=10").await;
    knows.send(identify(&c, GUILDS | PRESENCES)).await;
    knows.until(0, Some("GUILD_CREATE")).await;
    let mut blind = Socket::open(&sim, "?v=10").await;
    blind.send(identify(&c, GUILDS)).await;
    blind.until(0, Some("GUILD_CREATE")).await;
    // Nothing comes of the second session: the bot was online already.
    sim.as_user(c.finn).shows("dnd", Some("Chess")).unwrap();
    sim.gateway_fails(None, &GatewayFault::AskHeartbeat);
    let shown = knows.until(0, Some("PRESENCE_UPDATE")).await;
    assert_eq!(shown.pointer("/d/status"), Some(&json!("dnd")));
    assert_eq!(shown.pointer("/d/activities/0/name"), Some(&json!("Chess")));
    assert!(matches!(blind.next().await, Came::Frame(f) if f.get("op") == Some(&json!(1))));
    blind
        .send(
            json!({ "op": 3, "d": { "status": "idle", "since": null, "afk": false,
            "activities": [{ "name": "you", "type": 3 }] } }),
        )
        .await;
    let bot = knows.until(0, Some("PRESENCE_UPDATE")).await;
    assert_eq!(bot.pointer("/d/user/id"), Some(&json!(c.bot)));
    assert_eq!(bot.pointer("/d/activities/0/type"), Some(&json!(3)));
}

#[tokio::test]
async fn an_identify_can_bring_a_presence() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut hello = identify(&c, GUILDS | PRESENCES);
    let data = hello.get_mut("d").and_then(Value::as_object_mut).unwrap();
    data.insert(
        "presence".to_owned(),
        json!({ "status": "dnd", "activities": [] }),
    );
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket.send(hello.clone()).await;
    socket.until(0, Some("READY")).await;
    assert_eq!(sim.read(|w| w.member(c.guild, c.bot).unwrap().status), "dnd");
    let data = hello.get_mut("d").and_then(Value::as_object_mut).unwrap();
    data.insert("presence".to_owned(), json!({ "status": "sleepy" }));
    let mut nonsense = Socket::open(&sim, "?v=10").await;
    nonsense.send(hello).await;
    assert_eq!(nonsense.end().await, 4002);
}

#[tokio::test]
async fn members_are_found_by_id_and_by_name() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket.send(identify(&c, GUILDS | PRESENCES)).await;
    socket.until(0, Some("GUILD_CREATE")).await;
    socket
        .send(
            json!({ "op": 8, "d": { "guild_id": c.guild, "user_ids": [c.finn, "42"], "presences": true,
            "nonce": "n".repeat(32) } }),
        )
        .await;
    let named = socket.until(0, Some("GUILD_MEMBERS_CHUNK")).await;
    assert_eq!(named.pointer("/d/members/0/user/id"), Some(&json!(c.finn)));
    assert_eq!(named.pointer("/d/presences/0/user/id"), Some(&json!(c.finn)));
    assert_eq!(named.pointer("/d/not_found"), Some(&json!(["42"])));
    assert_eq!(named.pointer("/d/nonce"), Some(&json!("n".repeat(32))));
    socket
        .send(json!({ "op": 8, "d": { "guild_id": c.guild, "query": "FI", "limit": 0, "nonce": "n".repeat(33) } }))
        .await;
    let found = socket.until(0, Some("GUILD_MEMBERS_CHUNK")).await;
    assert_eq!(
        found
            .pointer("/d/members")
            .and_then(Value::as_array)
            .map(Vec::len),
        Some(1)
    );
    assert_eq!(found.pointer("/d/nonce"), None);
    assert_eq!(found.pointer("/d/presences"), None);
    // Without the intent nobody gets the whole list.
    socket
        .send(json!({ "op": 8, "d": { "guild_id": c.guild, "query": "", "limit": 0 } }))
        .await;
    socket
        .send(json!({ "op": 8, "d": { "guild_id": c.guild, "query": "fi", "limit": 1, "nonce": "next" } }))
        .await;
    let next = socket.until(0, Some("GUILD_MEMBERS_CHUNK")).await;
    assert_eq!(next.pointer("/d/nonce"), Some(&json!("next")));
}

#[tokio::test]
async fn all_members_come_in_numbered_chunks_once_in_thirty_seconds() {
    let (sim, c) = start_with(PrivilegedIntents::ALL, paced()).await;
    sim.change(|w| {
        for number in 0..2000 {
            let user = w.add_user(&format!("Guest {number}"));
            w.add_member(c.guild, user, &[]);
        }
    });
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket.send(identify(&c, GUILDS | MEMBERS)).await;
    socket.until(0, Some("GUILD_CREATE")).await;
    let request = json!({ "op": 8, "d": { "guild_id": c.guild, "query": "", "limit": 0, "nonce": "all" } });
    let mut count = 0;
    socket.send(request.clone()).await;
    for index in 0..3 {
        let chunk = socket.until(0, Some("GUILD_MEMBERS_CHUNK")).await;
        assert_eq!(chunk.pointer("/d/chunk_index"), Some(&json!(index)));
        assert_eq!(chunk.pointer("/d/chunk_count"), Some(&json!(3)));
        count += chunk
            .pointer("/d/members")
            .and_then(Value::as_array)
            .unwrap()
            .len();
    }
    assert_eq!(count, 2031);
    socket.send(request.clone()).await;
    let limited = socket.until(0, Some("RATE_LIMITED")).await;
    assert_eq!(limited.pointer("/d/opcode"), Some(&json!(8)));
    assert_eq!(limited.pointer("/d/meta/nonce"), Some(&json!("all")));
    assert!(limited.pointer("/d/retry_after").and_then(Value::as_f64).unwrap() > 25.0);
    sim.advance(Duration::from_secs(30));
    socket.send(request).await;
    socket.until(0, Some("GUILD_MEMBERS_CHUNK")).await;
}

#[tokio::test]
async fn the_window_of_frames_follows_the_clock() {
    let (sim, _) = start(PrivilegedIntents::ALL).await;
    let mut socket = Socket::open(&sim, "?v=10").await;
    for _ in 0..2 {
        for _ in 0..120 {
            socket.send(json!({ "op": 1, "d": null })).await;
            socket.until(11, None).await;
        }
        sim.advance(Duration::from_secs(61));
    }
    for _ in 0..121 {
        socket.send(json!({ "op": 1, "d": null })).await;
    }
    assert_eq!(socket.end().await, 4008);
}
