//! The gateway by hand: close codes, compression, heartbeats and frames that make no sense.

use std::time::Duration;

use discord_sim::world::model::PrivilegedIntents;
use discord_sim::{Community, CommunityOptions, GatewayFault, Scenario, Sim, SimOptions};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What came: a frame, or the code of a closing one (0 if the connection broke).
#[derive(Debug, PartialEq)]
enum Came {
    Frame(Value),
    Closed(u16),
}

impl Socket {
    async fn open(sim: &Sim, query: &str) -> Self {
        let url = format!("{}{query}", sim.gateway_url());
        Self(tokio_tungstenite::connect_async(url).await.unwrap().0)
    }

    async fn send(&mut self, frame: Value) {
        self.text(frame.to_string()).await;
    }

    async fn text(&mut self, text: String) {
        // A socket that was closed meanwhile shows so when it is read.
        let _ = self.0.send(Message::text(text)).await;
    }

    async fn next(&mut self) -> Came {
        let read = tokio::time::timeout(discord_sim::PATIENCE, self.0.next())
            .await
            .unwrap();
        match read {
            Some(Ok(Message::Close(frame))) => Came::Closed(frame.map_or(0, |f| f.code.into())),
            Some(Ok(message)) => Came::Frame(serde_json::from_slice(&message.into_data()).unwrap()),
            Some(Err(_)) | None => Came::Closed(0),
        }
    }

    /// The code that the connection ends with, whatever comes before.
    async fn end(&mut self) -> u16 {
        loop {
            if let Came::Closed(code) = self.next().await {
                return code;
            }
        }
    }

    /// The next frame whose op or name fits.
    async fn until(&mut self, op: u64, name: Option<&str>) -> Value {
        loop {
            match self.next().await {
                Came::Frame(frame)
                    if frame.get("op") == Some(&json!(op))
                        && frame.get("t").and_then(Value::as_str) == name =>
                {
                    return frame;
                }
                Came::Frame(_) => {}
                Came::Closed(code) => panic!("closed with {code}"),
            }
        }
    }
}

async fn start(intents: PrivilegedIntents) -> (Sim, Community) {
    let (world, c) = Scenario::community_with(CommunityOptions {
        intents,
        ..CommunityOptions::default()
    })
    .unwrap();
    let options = SimOptions {
        heartbeat_interval: Duration::from_millis(400),
        ..SimOptions::default()
    };
    (
        Sim::start(discord_document::checked(options), world)
            .await
            .unwrap(),
        c,
    )
}

fn identify(c: &Community, intents: u64) -> Value {
    json!({ "op": 2, "d": { "token": c.bot_token, "intents": intents, "properties": {} } })
}

#[tokio::test]
async fn each_mistake_has_its_close_code() {
    let (sim, c) = start(PrivilegedIntents::NONE).await;
    let token = &c.bot_token;
    for (frames, code) in [
        (vec![json!({ "op": 99, "d": null })], 4001),
        (vec![json!("nonsense")], 4002),
        (vec![json!({ "op": 8, "d": { "guild_id": c.guild } })], 4003),
        (
            vec![json!({ "op": 2, "d": { "token": "wrong", "intents": 0 } })],
            4004,
        ),
        (vec![identify(&c, 1), identify(&c, 1)], 4005),
        (
            vec![json!({ "op": 2, "d": { "token": token, "intents": 1, "shard": [2, 2] } })],
            4010,
        ),
        (vec![identify(&c, 1 << 60)], 4013),
        (vec![json!({ "op": 2, "d": { "token": token } })], 4013),
        (vec![identify(&c, 1 << 15)], 4014),
        (
            vec![identify(&c, 1), json!({ "op": 3, "d": { "status": "sleepy" } })],
            4002,
        ),
    ] {
        let mut socket = Socket::open(&sim, "?v=10&encoding=json").await;
        for frame in &frames {
            socket.send(frame.clone()).await;
        }
        assert_eq!(socket.end().await, code, "{frames:?}");
    }
    assert_eq!(Socket::open(&sim, "?v=6").await.end().await, 4012);
    let mut long = Socket::open(&sim, "?v=10").await;
    long.text(json!({ "op": 1, "d": "x".repeat(5000) }).to_string())
        .await;
    assert_eq!(long.end().await, 4002);
    let mut talkative = Socket::open(&sim, "?v=10").await;
    for _ in 0..121 {
        talkative.send(json!({ "op": 1, "d": null })).await;
    }
    assert_eq!(talkative.end().await, 4008);
    assert_eq!(
        Socket::open(&sim, "?v=10").await.end().await,
        4009,
        "no heartbeat"
    );
}

#[tokio::test]
async fn resumes_of_strangers_and_of_the_future_are_refused() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket
        .send(json!({ "op": 6, "d": { "token": c.bot_token, "session_id": "gone", "seq": 1 } }))
        .await;
    assert_eq!(socket.until(9, None).await.get("d"), Some(&json!(false)));
    socket.send(identify(&c, 1)).await;
    let ready = socket.until(0, Some("READY")).await;
    let session = ready
        .pointer("/d/session_id")
        .and_then(Value::as_str)
        .unwrap()
        .to_owned();
    drop(socket);
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket
        .send(json!({ "op": 6, "d": { "token": c.bot_token, "session_id": session, "seq": 999 } }))
        .await;
    assert_eq!(socket.end().await, 4007);
}

#[tokio::test]
async fn an_invalid_session_can_begin_anew_on_the_same_socket() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket.send(identify(&c, 1)).await;
    socket.until(0, Some("GUILD_CREATE")).await;
    sim.gateway_fails(None, &GatewayFault::InvalidSession { resumable: false });
    assert_eq!(socket.until(9, None).await.get("d"), Some(&json!(false)));
    socket.send(identify(&c, 1)).await;
    socket.until(0, Some("READY")).await;
}

#[tokio::test]
async fn strange_frames_come_on_demand() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket.send(identify(&c, 1)).await;
    let guild = socket.until(0, Some("GUILD_CREATE")).await;
    sim.gateway_fails(None, &GatewayFault::Duplicate);
    assert_eq!(
        socket.until(0, Some("GUILD_CREATE")).await.get("s"),
        guild.get("s")
    );
    sim.gateway_fails(None, &GatewayFault::UnknownEvent);
    socket.until(0, Some("SIMULATED_NOVELTY")).await;
    sim.gateway_fails(None, &GatewayFault::AskHeartbeat);
    socket.until(1, None).await;
    socket.send(json!({ "op": 1, "d": 2 })).await;
    socket.until(11, None).await;
    sim.gateway_fails(None, &GatewayFault::MuteAcks);
    sim.gateway_fails(None, &GatewayFault::Close { code: 4000 });
    assert_eq!(socket.end().await, 4000);
}

#[tokio::test]
async fn an_outage_takes_a_guild_away_and_gives_it_back() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket.send(identify(&c, 1)).await;
    socket.until(0, Some("GUILD_CREATE")).await;
    sim.guild_is_available(c.guild, false).unwrap();
    let gone = socket.until(0, Some("GUILD_DELETE")).await;
    assert_eq!(gone.pointer("/d/unavailable"), Some(&json!(true)));
    let mut late = Socket::open(&sim, "?v=10").await;
    late.send(identify(&c, 1)).await;
    late.until(0, Some("GUILD_DELETE")).await;
    sim.guild_is_available(c.guild, true).unwrap();
    socket.until(0, Some("GUILD_CREATE")).await;
    late.until(0, Some("GUILD_CREATE")).await;
}

#[tokio::test]
async fn guilds_stand_on_one_shard_only() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let home = (c.guild.get() >> 22) % 2;
    for shard in 0..2 {
        let mut socket = Socket::open(&sim, "?v=10").await;
        socket
            .send(json!({ "op": 2, "d": { "token": c.bot_token, "intents": 1, "shard": [shard, 2] } }))
            .await;
        let ready = socket.until(0, Some("READY")).await;
        let guilds = ready
            .pointer("/d/guilds")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        assert_eq!(guilds, usize::from(shard == home));
    }
}

#[tokio::test]
async fn frames_of_rubbish_end_with_a_close_code_at_worst() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let rubbish = [
        json!({}),
        json!([]),
        json!({ "op": -1 }),
        json!({ "op": 2 }),
        json!({ "op": 2, "d": [] }),
        json!({ "op": 6, "d": { "token": c.bot_token, "seq": "x" } }),
        json!({ "op": 8, "d": { "guild_id": {} } }),
        json!({ "op": 8, "d": { "guild_id": c.guild, "user_ids": [null, "x", 1e300], "limit": -5 } }),
        json!({ "op": 8, "d": { "guild_id": c.guild, "query": "\u{0}", "limit": u64::MAX } }),
        json!({ "op": 3, "d": null }),
        json!({ "op": 4, "d": 1 }),
        json!({ "op": 1, "d": {} }),
        json!({ "op": 31 }),
    ];
    for first in &rubbish {
        for second in &rubbish {
            let mut socket = Socket::open(&sim, "?v=10").await;
            socket.send(identify(&c, 1 | 1 << 1)).await;
            socket.send(first.clone()).await;
            socket.send(second.clone()).await;
            socket.send(json!({ "op": 99 })).await;
            let code = socket.end().await;
            assert!((4000..=4014).contains(&code), "{first} {second}: {code}");
        }
    }
}
