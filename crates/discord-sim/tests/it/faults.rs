//! Faults on demand: each kind through the Rust API, in words, and over HTTP.

use std::time::{Duration, Instant};

use discord_sim::world::model::PrivilegedIntents;
use discord_sim::world::permissions::Permissions;
use discord_sim::{Chaos, Community, GatewayFault, Sim};
use reqwest::Method;
use serde_json::{Value, json};

use crate::socket::{Socket, identify, start};

const INTENTS: u64 = 1 | 1 << 9 | 1 << 15;

struct Http<'a> {
    sim: &'a Sim,
    token: String,
    client: reqwest::Client,
}

impl<'a> Http<'a> {
    fn new(sim: &'a Sim, c: &Community) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            sim,
            token: format!("Bot {}", c.bot_token),
            client: reqwest::Client::builder().build().unwrap(),
        }
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self
            .client
            .request(method.clone(), format!("{}{path}", self.sim.base_url()))
            .header("authorization", &self.token);
        let request = if method == Method::GET {
            request
        } else {
            request.json(&body)
        };
        let response = request.send().await.unwrap();
        (
            response.status().as_u16(),
            response.json().await.unwrap_or_default(),
        )
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, &format!("/api/v10{path}"), json!({}))
            .await
    }
}

async fn online(sim: &Sim, c: &Community) -> Socket {
    let mut socket = Socket::open(sim, "?v=10").await;
    socket.send(identify(c, INTENTS)).await;
    socket.until(0, Some("GUILD_CREATE")).await;
    socket
}

fn suffers(sim: &Sim, words: &str) {
    sim.suffers(words.parse().unwrap()).unwrap();
}

#[tokio::test]
async fn requests_fail_in_every_way_that_can_be_asked_for() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let http = Http::new(&sim, &c);
    for (words, status, code) in [
        ("GET /users/@me 502 x1", 502, None),
        ("429 1s x1", 429, None),
        ("429 global 1s x1", 429, None),
        ("/users missing-permission x1", 403, Some(50013)),
        ("expired-token x1", 401, Some(0)),
        ("refuse 400 40001 Go away x1", 400, Some(40001)),
        ("lose-answer x1", 504, None),
    ] {
        suffers(&sim, words);
        let (got, body) = http.get("/users/@me").await;
        assert_eq!(got, status, "{words}");
        assert_eq!(body.get("code").and_then(Value::as_u64), code, "{words}");
        assert_eq!(http.get("/users/@me").await.0, 200, "{words} is over");
    }
    suffers(&sim, "GET gone x1");
    let path = format!("/channels/{}", c.channels.general);
    assert_eq!(http.get(&path).await.1.get("code"), Some(&json!(10003)));
    suffers(&sim, "latency 50ms x1");
    let begun = Instant::now();
    http.get("/users/@me").await;
    assert!(begun.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn the_control_api_takes_the_same_words() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let http = Http::new(&sim, &c);
    let post = async |body: Value| http.call(Method::POST, "/sim/faults", body).await;
    assert_eq!(post(json!({ "words": "/gateway 503 x1" })).await.0, 200);
    assert_eq!(http.get("/gateway").await.0, 503);
    let rule = json!({ "route": "/gateway", "times": 1, "effect": "missing_permission" });
    assert_eq!(post(rule).await.0, 200);
    assert_eq!(http.get("/gateway").await.0, 403);
    let (status, refused) = post(json!({ "words": "gateway explode" })).await;
    assert_eq!((status, refused.get("code")), (400, Some(&json!(50035))));
    assert!(refused.to_string().contains("explode"));
    let (status, refused) = post(json!({ "words": "channel nowhere delete" })).await;
    assert_eq!((status, refused.get("code")), (404, Some(&json!(10003))));
    let mut socket = online(&sim, &c).await;
    for (fault, hit) in [
        (json!({ "effect": "stall", "ms": 1 }), 1),
        (
            json!({ "effect": "unknown_value", "application": c.application }),
            1,
        ),
        (json!({ "effect": "drop", "application": c.other_bot }), 0),
    ] {
        let (status, told) = http.call(Method::POST, "/sim/gateway-faults", fault).await;
        assert_eq!((status, told), (200, json!({ "connections": hit })));
    }
    sim.as_user(c.finn).says(c.channels.general, "hello").unwrap();
    let strange = socket.until(0, Some("MESSAGE_CREATE")).await;
    assert_eq!(strange.pointer("/d/type"), Some(&json!(250)));
    assert_eq!(
        post(json!({ "words": "guild Harbour Lights outage" })).await.0,
        200
    );
    assert!(!sim.read(|w| w.guild(c.guild).unwrap().available));
}

#[tokio::test]
async fn a_stalled_connection_gives_everything_afterwards() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = online(&sim, &c).await;
    let begun = Instant::now();
    sim.gateway_fails(None, &GatewayFault::Stall { ms: 150 });
    sim.as_user(c.finn).says(c.channels.general, "late").unwrap();
    socket.send(json!({ "op": 1, "d": 1 })).await;
    socket.until(0, Some("MESSAGE_CREATE")).await;
    assert!(begun.elapsed() >= Duration::from_millis(150));
    socket.until(11, None).await;
}

#[tokio::test]
async fn a_dead_resume_url_leaves_the_other_way_in() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket.send(identify(&c, INTENTS)).await;
    let ready = socket.until(0, Some("READY")).await;
    let text = |pointer: &str| ready.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
    let (url, session) = (text("/d/resume_gateway_url"), text("/d/session_id"));
    assert_ne!(url, sim.gateway_url());
    suffers(&sim, "gateway dead-resume-url");
    suffers(&sim, "gateway drop");
    assert_eq!(socket.end().await, 0);
    assert!(
        tokio_tungstenite::connect_async(format!("{url}?v=10"))
            .await
            .is_err()
    );
    let resume = json!({ "op": 6, "d": { "token": c.bot_token, "session_id": session, "seq": 1 } });
    let mut again = Socket::open(&sim, "?v=10").await;
    again.send(resume.clone()).await;
    again.until(0, Some("RESUMED")).await;
    suffers(&sim, "gateway live-resume-url");
    let mut at_last = Socket::open_at(&url, "/?v=10").await;
    at_last.send(resume).await;
    at_last.until(0, Some("RESUMED")).await;
}

#[tokio::test]
async fn events_come_out_of_order_and_with_types_that_do_not_exist() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = online(&sim, &c).await;
    suffers(&sim, "gateway out-of-order");
    let finn = sim.as_user(c.finn);
    for text in ["one", "two", "three"] {
        finn.says(c.channels.general, text).unwrap();
    }
    let mut order = Vec::new();
    for _ in 0..3 {
        let frame = socket.until(0, Some("MESSAGE_CREATE")).await;
        order.push(
            frame
                .pointer("/d/content")
                .and_then(Value::as_str)
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(order, ["two", "one", "three"]);
    suffers(&sim, "gateway unknown-value");
    finn.says(c.channels.general, "strange").unwrap();
    let strange = socket.until(0, Some("MESSAGE_CREATE")).await;
    assert_eq!(strange.pointer("/d/type"), Some(&json!(250)));
}

#[tokio::test]
async fn a_planned_fault_waits_for_its_time_and_for_a_bot() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    suffers(&sim, "gateway close 4000");
    let mut early = Socket::open(&sim, "?v=10").await;
    early.send(identify(&c, INTENTS)).await;
    assert_eq!(early.end().await, 4000, "it waited for the first bot");
    let mut socket = online(&sim, &c).await;
    suffers(&sim, "gateway reconnect after 10m every 1h");
    sim.gateway_fails(None, &GatewayFault::AskHeartbeat);
    socket.until(1, None).await;
    sim.advance(Duration::from_secs(600));
    socket.until(7, None).await;
    sim.advance(Duration::from_secs(3600));
    socket.until(7, None).await;
}

#[tokio::test]
async fn what_an_administrator_takes_away_is_gone() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = online(&sim, &c).await;
    let http = Http::new(&sim, &c);
    suffers(&sim, "channel #memes delete");
    socket.until(0, Some("CHANNEL_DELETE")).await;
    let path = format!("/channels/{}", c.channels.memes);
    assert_eq!(http.get(&path).await.1.get("code"), Some(&json!(10003)));
    suffers(&sim, "role Racing delete");
    socket.until(0, Some("GUILD_ROLE_DELETE")).await;
    suffers(&sim, "role Community Bot without VIEW_AUDIT_LOG");
    socket.until(0, Some("GUILD_ROLE_UPDATE")).await;
    let rights = sim.read(|w| w.permissions_in_guild(c.guild, c.bot));
    assert!(!rights.has(Permissions::VIEW_AUDIT_LOG) && rights.has(Permissions::MANAGE_ROLES));
    let path = format!("/guilds/{}/audit-logs", c.guild);
    assert_eq!(http.get(&path).await.1.get("code"), Some(&json!(50013)));
    suffers(&sim, "guild Harbour Lights outage");
    socket.until(0, Some("GUILD_DELETE")).await;
    suffers(&sim, "guild Harbour Lights back");
    socket.until(0, Some("GUILD_CREATE")).await;
    let nowhere = "channel nowhere delete".parse().unwrap();
    assert_eq!(sim.suffers(nowhere).unwrap_err().code, 10003);
}

#[tokio::test]
async fn chaos_loses_nothing_that_a_resume_can_bring_back() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    sim.is_in_chaos(Chaos::new(0.2, 7).unwrap());
    let http = Http::new(&sim, &c);
    let mut statuses = Vec::new();
    for _ in 0..40 {
        statuses.push(http.get("/users/@me").await.0);
    }
    assert!(
        statuses.contains(&200) && statuses.iter().any(|s| *s != 200),
        "{statuses:?}"
    );

    let mut socket = Socket::open(&sim, "?v=10").await;
    socket.send(identify(&c, INTENTS)).await;
    let ready = socket.until(0, Some("READY")).await;
    let session = ready.pointer("/d/session_id").cloned().unwrap();
    let finn = sim.as_user(c.finn);
    for number in 0..30 {
        finn.says(c.channels.general, &format!("message {number}"))
            .unwrap();
    }
    sim.clear_faults();
    finn.says(c.channels.general, "the end").unwrap();
    drop(socket);
    let mut again = Socket::open(&sim, "?v=10").await;
    again
        .send(json!({ "op": 6, "d": { "token": c.bot_token, "session_id": session, "seq": 1 } }))
        .await;
    let mut seen = Vec::new();
    loop {
        let frame = again.until(0, Some("MESSAGE_CREATE")).await;
        let text = frame
            .pointer("/d/content")
            .and_then(Value::as_str)
            .unwrap()
            .to_owned();
        if text == "the end" {
            break;
        }
        seen.push(text);
    }
    let expected: Vec<String> = (0..30).map(|n| format!("message {n}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn tokens_of_interactions_run_out_early() {
    let (sim, c) = start(PrivilegedIntents::ALL).await;
    let mut socket = online(&sim, &c).await;
    let http = Http::new(&sim, &c);
    let commands = format!("/api/v10/applications/{}/commands", c.application);
    let command = json!([{ "name": "slow", "description": "Takes its time", "type": 1 }]);
    assert_eq!(http.call(Method::PUT, &commands, command).await.0, 200);
    let finn = sim.as_user(c.finn).in_channel(c.channels.general);
    let asking = tokio::spawn(async move { finn.runs_slash("slow").await });
    let asked = socket.until(0, Some("INTERACTION_CREATE")).await;
    let text = |key: &str| asked.pointer(key).and_then(Value::as_str).unwrap().to_owned();
    let (id, token) = (text("/d/id"), text("/d/token"));
    let callback = format!("/api/v10/interactions/{id}/{token}/callback");
    let answer = json!({ "type": 4, "data": { "content": "here" } });
    assert_eq!(http.call(Method::POST, &callback, answer).await.0, 204);
    asking.await.unwrap().unwrap();
    suffers(&sim, "tokens expire");
    let follow_up = format!("/api/v10/webhooks/{}/{token}", c.application);
    let (status, refused) = http
        .call(Method::POST, &follow_up, json!({ "content": "late" }))
        .await;
    assert_eq!((status, refused.get("code")), (401, Some(&json!(50027))));
}
