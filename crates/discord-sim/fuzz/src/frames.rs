//! Frames of any kind and order: each connection goes on, or ends with a close code of Discord's.

use std::time::Duration;

use arbitrary::Unstructured;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::choice::{below, object, pick, raw, text, value};
use super::stage::{Stage, block_on};

/// Connections per input: a second one can resume what the first began.
const CONNECTIONS: usize = 3;
/// Frames per connection.
const FRAMES: usize = 12;
/// What fits between client and server before one waits for the other.
const PIPE: usize = 1 << 16;
/// Real time after which a silent server counts as hung.
const PATIENCE: Duration = Duration::from_secs(20);
const QUERIES: [&str; 8] = [
    "?v=10&encoding=json",
    "?v=10&encoding=json",
    "?v=10&encoding=json",
    "?v=10&encoding=json&compress=zlib-stream",
    "?v=10&encoding=json&compress=zstd-stream",
    "?v=10&encoding=etf",
    "?v=3",
    "",
];

/// What a client remembers from one connection to the next.
#[derive(Default)]
struct Memory {
    session: String,
    sequence: u64,
}

/// Does what the bytes say.
pub fn run(data: &[u8]) {
    block_on(async {
        let mut bytes = Unstructured::new(data);
        let stage = Stage::set().await;
        let mut memory = Memory::default();
        for _ in 0..CONNECTIONS {
            if bytes.is_empty() {
                return;
            }
            connection(&mut bytes, &stage, &mut memory).await;
        }
    });
}

async fn connection(bytes: &mut Unstructured<'_>, stage: &Stage, memory: &mut Memory) {
    let query = pick(bytes, &QUERIES).copied().unwrap_or_default();
    let (ours, theirs) = tokio::io::duplex(PIPE);
    let service = TowerToHyperService::new(stage.router.clone());
    let server = tokio::spawn(
        hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(theirs), service)
            .with_upgrades(),
    );
    let opened = tokio_tungstenite::client_async(format!("ws://127.0.0.1/gateway{query}"), ours).await;
    let Ok((mut socket, _)) = opened else {
        panic!("the gateway refuses {query:?}");
    };
    for _ in 0..FRAMES {
        if bytes.is_empty() || !exchange(&mut socket, frame(bytes, stage, memory), memory).await {
            break;
        }
    }
    gone(socket.get_mut()).await;
    let _ = server.await;
}

/// Hangs up and waits until the server has noticed: the next run must not meet the end of this connection.
async fn gone(pipe: &mut DuplexStream) {
    let mut rest = Vec::new();
    let _ = pipe.shutdown().await;
    let ended = tokio::time::timeout(PATIENCE, pipe.read_to_end(&mut rest)).await;
    assert!(
        ended.is_ok(),
        "the gateway holds on to a connection that has ended"
    );
}

/// Sends a frame and reads until it has been looked at; false when the connection has ended.
async fn exchange(socket: &mut WebSocketStream<DuplexStream>, frame: Message, memory: &mut Memory) -> bool {
    let closes = frame.is_close();
    // A socket that was closed meanwhile shows so when it is read.
    let _ = socket.send(frame).await;
    if closes {
        return false;
    }
    let _ = socket.send(Message::Ping(Vec::new().into())).await;
    loop {
        let read = tokio::time::timeout(PATIENCE, socket.next()).await;
        match read.unwrap_or_else(|_| panic!("the gateway is silent")) {
            Some(Ok(Message::Pong(_))) => return true,
            Some(Ok(Message::Text(text))) => memory.remember(&text),
            Some(Ok(Message::Close(frame))) => {
                let code = frame.map_or(0, |frame| u16::from(frame.code));
                assert!(
                    (4000..=4014).contains(&code) || matches!(code, 1000 | 1001),
                    "closed with {code}"
                );
                return false;
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => panic!("the connection broke: {error}"),
            None => panic!("the connection ended without a code"),
        }
    }
}

impl Memory {
    fn remember(&mut self, text: &str) {
        let frame: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("no JSON: {text}"));
        self.sequence = frame.get("s").and_then(Value::as_u64).unwrap_or(self.sequence);
        if let Some(session) = frame.pointer("/d/session_id").and_then(Value::as_str) {
            session.clone_into(&mut self.session);
        }
    }
}

fn frame(bytes: &mut Unstructured<'_>, stage: &Stage, memory: &Memory) -> Message {
    let ids = &stage.ids;
    match below(bytes, 12) {
        0 => Message::text(String::from_utf8_lossy(&raw(bytes)).into_owned()),
        1 => Message::binary(raw(bytes)),
        2 => Message::text(value(bytes, ids).to_string()),
        3 => Message::text("x".repeat(below(bytes, 8_192))),
        4 => Message::text(json!({ "op": below(bytes, 40), "d": value(bytes, ids) }).to_string()),
        5 if below(bytes, 8) == 7 => Message::Close(None),
        kind => {
            let mut frame = right(bytes, stage, memory, kind);
            if below(bytes, 3) == 0 {
                spoil(bytes, &mut frame, ids);
            }
            if below(bytes, 4) == 0 {
                Message::binary(frame.to_string())
            } else {
                Message::text(frame.to_string())
            }
        }
    }
}

/// A frame as a library would send it.
fn right(bytes: &mut Unstructured<'_>, stage: &Stage, memory: &Memory, kind: usize) -> Value {
    let intents: u64 = if below(bytes, 4) == 3 {
        bytes.arbitrary().unwrap_or(0)
    } else {
        33_281
    };
    match kind {
        6 | 7 => {
            json!({ "op": 2, "d": { "token": stage.bot_token, "intents": intents, "compress": below(bytes, 4) == 3,
            "properties": { "os": "linux", "browser": "x", "device": "x" }, "large_threshold": below(bytes, 300),
            "shard": [below(bytes, 2), 1 + below(bytes, 2)] } })
        }
        8 => {
            json!({ "op": 6, "d": { "token": stage.bot_token, "session_id": memory.session, "seq": memory.sequence } })
        }
        9 => {
            json!({ "op": 8, "d": { "guild_id": pick(bytes, &stage.ids), "query": "", "limit": below(bytes, 200),
            "user_ids": if below(bytes, 2) == 1 { json!(stage.ids) } else { Value::Null }, "nonce": text(bytes),
            "presences": below(bytes, 2) == 1 } })
        }
        10 => json!({ "op": 3, "d": { "status": "dnd", "afk": false, "since": null,
            "activities": [{ "name": text(bytes), "type": below(bytes, 8) }] } }),
        11 => {
            json!({ "op": 4, "d": { "guild_id": pick(bytes, &stage.ids), "channel_id": pick(bytes, &stage.ids),
            "self_mute": false, "self_deaf": true } })
        }
        _ => json!({ "op": 1, "d": memory.sequence }),
    }
}

/// Something in `d` is another thing.
fn spoil(bytes: &mut Unstructured<'_>, frame: &mut Value, ids: &[String]) {
    let Some(Value::Object(data)) = frame.get_mut("d") else {
        return;
    };
    let keys: Vec<String> = data.keys().cloned().collect();
    let Some(key) = pick(bytes, &keys).cloned() else {
        return;
    };
    match below(bytes, 3) {
        0 => drop(data.remove(&key)),
        1 => drop(data.insert(key, value(bytes, ids))),
        _ => data.extend(object(bytes, ids).as_object().cloned().unwrap_or_default()),
    }
}
