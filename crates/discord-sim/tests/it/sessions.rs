//! From identify to the end of a session: what the bot shows meanwhile, resumes, and frames that get lost.

use std::time::Duration;

use discord_sim::world::model::PrivilegedIntents;
use discord_sim::{Community, GatewayFault, PATIENCE, Sim};
use serde_json::{Value, json};

use crate::socket::{Came, Socket, identify, start};

const INTENTS: u64 = 1 | 1 << 1 | 1 << 9 | 1 << 15;
/// How long a session waits for a resume by default.
const WINDOW: Duration = Duration::from_secs(600);

fn status(sim: &Sim, c: &Community) -> &'static str {
    sim.read(|w| w.member(c.guild, c.bot).unwrap().status)
}

async fn becomes(sim: &Sim, c: &Community, wanted: &str) {
    let shown = sim
        .wait_until(|w| w.member(c.guild, c.bot).unwrap().status == wanted, PATIENCE)
        .await;
    assert!(shown, "{} instead of {wanted}", status(sim, c));
}

/// Waits until so many sessions have a connection.
async fn connected(sim: &Sim, c: &Community, wanted: usize) {
    let waiting = async {
        while sim.connected(c.application) != wanted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("{} instead of {wanted}", sim.connected(c.application)));
}

async fn begin(sim: &Sim, c: &Community) -> (Socket, String) {
    let mut socket = Socket::open(sim, "?v=10").await;
    socket.send(identify(c, INTENTS)).await;
    let ready = socket.until(0, Some("READY")).await;
    socket.until(0, Some("GUILD_CREATE")).await;
    let session = ready.pointer("/d/session_id").and_then(Value::as_str).unwrap();
    (socket, session.to_owned())
}

fn resume(c: &Community, session: &str, sequence: u64) -> Value {
    json!({ "op": 6, "d": { "token": c.bot_token, "session_id": session, "seq": sequence } })
}

#[tokio::test]
async fn a_bot_is_offline_until_it_identifies_and_after_its_last_session() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    assert_eq!(status(&sim, &c), "offline");
    let (mut first, _) = begin(&sim, &c).await;
    assert_eq!(status(&sim, &c), "online");
    let (second, _) = begin(&sim, &c).await;
    first
        .send(
            json!({ "op": 3, "d": { "status": "idle", "since": null, "afk": true,
            "activities": [{ "name": "you", "type": 3 }] } }),
        )
        .await;
    becomes(&sim, &c, "idle").await;
    first.close(1000).await;
    connected(&sim, &c, 1).await;
    assert_ne!(status(&sim, &c), "offline");
    second.close(1001).await;
    becomes(&sim, &c, "offline").await;
    let (_third, _) = begin(&sim, &c).await;
    assert_eq!(status(&sim, &c), "online");
}

#[tokio::test]
async fn a_bot_that_lost_its_connection_is_offline_once_nobody_can_resume_it() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let (mut socket, session) = begin(&sim, &c).await;
    sim.gateway_fails(None, &GatewayFault::Drop);
    assert_eq!(socket.end().await, 0);
    connected(&sim, &c, 0).await;
    sim.advance(WINDOW - Duration::from_secs(30));
    assert_eq!(status(&sim, &c), "online");
    let mut again = Socket::open(&sim, "?v=10").await;
    again.send(resume(&c, &session, 2)).await;
    again.until(0, Some("RESUMED")).await;
    // The time counts from the last connection.
    sim.advance(WINDOW * 2);
    assert_eq!(status(&sim, &c), "online");
    again.close(4000).await;
    connected(&sim, &c, 0).await;
    sim.advance(WINDOW + Duration::from_secs(30));
    assert_eq!(status(&sim, &c), "offline");
    let mut late = Socket::open(&sim, "?v=10").await;
    late.send(resume(&c, &session, 2)).await;
    assert_eq!(late.until(9, None).await.get("d"), Some(&json!(false)));
}

#[tokio::test]
async fn a_dropped_connection_is_resumed_on_the_same_server() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    for query in [
        "?v=10",
        "?v=10&compress=zlib-stream",
        "?v=10&compress=zstd-stream",
    ] {
        let mut socket = Socket::open(&sim, query).await;
        socket.send(identify(&c, INTENTS)).await;
        let ready = socket.until(0, Some("READY")).await;
        let of = |key: &str| ready.pointer(key).and_then(Value::as_str).unwrap().to_owned();
        let (session, url) = (of("/d/session_id"), of("/d/resume_gateway_url"));
        let guild = socket.until(0, Some("GUILD_CREATE")).await;
        let seen = guild.get("s").and_then(Value::as_u64).unwrap();
        sim.gateway_fails(None, &GatewayFault::Drop);
        assert_eq!(socket.end().await, 0, "{query}");
        for text in ["one", "two"] {
            sim.as_user(c.finn).says(c.channels.general, text).unwrap();
        }
        let mut again = Socket::open_at(&url, query).await;
        again.send(resume(&c, &session, seen)).await;
        for text in ["one", "two"] {
            let missed = again.until(0, Some("MESSAGE_CREATE")).await;
            assert_eq!(missed.pointer("/d/content"), Some(&json!(text)), "{query}");
        }
        again.until(0, Some("RESUMED")).await;
        again.close(1000).await;
    }
}

#[tokio::test]
async fn a_frame_of_the_bot_gets_lost_once() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let (mut socket, _) = begin(&sim, &c).await;
    sim.suffers("gateway lose-frame 8".parse().unwrap()).unwrap();
    let ask = |nonce: &str| json!({ "op": 8, "d": { "guild_id": c.guild, "query": "fi", "limit": 1, "nonce": nonce } });
    // Other frames pass.
    socket.send(json!({ "op": 1, "d": null })).await;
    socket.until(11, None).await;
    socket.send(ask("lost")).await;
    socket.send(ask("found")).await;
    let answer = socket.until(0, Some("GUILD_MEMBERS_CHUNK")).await;
    assert_eq!(answer.pointer("/d/nonce"), Some(&json!("found")));
    assert_eq!(sim.frames_lost(), 1);
    sim.gateway_fails(None, &GatewayFault::LoseFrame { op: None });
    socket.send(json!({ "op": 1, "d": null })).await;
    socket.send(ask("next")).await;
    let Came::Frame(next) = socket.next().await else {
        panic!("it was closed")
    };
    assert_eq!(next.pointer("/d/nonce"), Some(&json!("next")));
}
