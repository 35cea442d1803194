//! A gateway socket: hello, heartbeats, identify or resume, then events until one side ends
//! (<https://discord.com/developers/docs/events/gateway>).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::hub::Hub;

use super::compress::Encoding;
use super::frames::Outgoing;
use super::handshake::{check_query, reason};
use super::identify::{self, Outcome};
use super::members::{self, Asker};
use super::{QUEUE, presence};

/// The largest frame that a bot may send.
const LARGEST_FRAME: usize = 4096;
/// Frames that a bot may send in a window.
const MOST_FRAMES: u32 = 120;
/// The window of frames.
const FRAME_WINDOW: Duration = Duration::from_secs(60);
/// Frames written before the socket is flushed.
const BATCH: usize = 256;

mod op {
    pub(super) const HEARTBEAT: u64 = 1;
    pub(super) const IDENTIFY: u64 = 2;
    pub(super) const PRESENCE: u64 = 3;
    pub(super) const VOICE_STATE: u64 = 4;
    pub(super) const RESUME: u64 = 6;
    pub(super) const REQUEST_MEMBERS: u64 = 8;
    pub(super) const REQUEST_SOUNDS: u64 = 31;
}

/// `GET /gateway/resume`: where READY sends those who come again.
pub(crate) async fn serve_resume(
    state: State<Arc<Hub>>,
    query: Query<HashMap<String, String>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    if state.state().sessions.resume_url_is_dead {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    serve(state, query, upgrade).await
}

/// `GET /gateway?v=10&encoding=json[&compress=zlib-stream|zstd-stream]`
pub(crate) async fn serve(
    State(hub): State<Arc<Hub>>,
    Query(query): Query<HashMap<String, String>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    // A bot's frame may be a little over the limit: it is told so with 4002 rather than cut off.
    upgrade
        .max_message_size(1 << 20)
        .on_upgrade(move |socket| async move {
            let mut connection = Connection::new(hub, &query, socket);
            let session = connection.run().await;
            if let Some((id, socket)) = session {
                let now = connection.hub.clock.instant();
                connection
                    .hub
                    .change_state(|state| state.sessions.detach(&id, socket, now));
            }
        })
}

struct Connection {
    hub: Arc<Hub>,
    socket: WebSocket,
    encoding: Encoding,
    /// Refused at once with this code.
    refused: Option<u16>,
    /// Ours until a session takes it: when the session drops it, the queue ends and so does the socket.
    out: Option<mpsc::Sender<Outgoing>>,
    queue: mpsc::Receiver<Outgoing>,
    session: Option<(String, u64)>,
    acks: bool,
    /// Since when frames are counted, and how many came.
    frames: (std::time::Instant, u32),
}

/// Why a connection ends.
enum End {
    /// With a closing frame.
    Code(u16),
    /// Without one.
    Silent,
}

impl Connection {
    fn new(hub: Arc<Hub>, query: &HashMap<String, String>, socket: WebSocket) -> Self {
        let checked = check_query(query);
        let refused = checked.as_ref().err().copied();
        let (out, queue) = mpsc::channel(QUEUE);
        let started = hub.clock.instant();
        Self {
            hub,
            socket,
            encoding: checked.unwrap_or(Encoding::Plain),
            refused,
            out: Some(out),
            queue,
            session: None,
            acks: true,
            frames: (started, 0),
        }
    }

    async fn run(&mut self) -> Option<(String, u64)> {
        let end = match self.refused {
            None => self.talk().await,
            Some(code) => End::Code(code),
        };
        if let End::Code(code) = end {
            self.traffic("out", u64::from(code), Some("CLOSE"), "");
            let frame = CloseFrame {
                code,
                reason: reason(code).into(),
            };
            // The other side may be gone already.
            let _ = self.socket.send(Message::Close(Some(frame))).await;
        }
        self.session.take()
    }

    async fn talk(&mut self) -> End {
        let interval = self.hub.options.heartbeat_interval;
        let hello = json!({ "t": null, "s": null, "op": 10,
            "d": { "heartbeat_interval": u64::try_from(interval.as_millis()).unwrap_or(41_250), "_trace": ["discord-sim"] } });
        if self.send_text(hello.to_string()).await.is_err() {
            return End::Silent;
        }
        // A heartbeat may be late by half an interval before the connection is given up.
        let patience = interval + interval / 2;
        let mut deadline = Instant::now() + patience;
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                biased;
                count = self.queue.recv_many(&mut batch, BATCH) => {
                    if count == 0 {
                        return End::Silent;
                    }
                    if let Err(end) = self.send_batch(&mut batch).await {
                        return end;
                    }
                }
                frame = self.socket.next() => match frame {
                    Some(Ok(Message::Text(text))) => {
                        if let Err(end) = self.receive(text.as_str(), &mut deadline, patience).await {
                            return end;
                        }
                    }
                    Some(Ok(Message::Binary(bytes))) => {
                        let text = String::from_utf8_lossy(&bytes).into_owned();
                        if let Err(end) = self.receive(&text, &mut deadline, patience).await {
                            return end;
                        }
                    }
                    Some(Ok(Message::Close(frame))) => {
                        self.closed_by_bot(frame.as_ref().map(|f| f.code));
                        return End::Silent;
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return End::Silent,
                },
                () = tokio::time::sleep_until(deadline) => return End::Code(4009),
            }
        }
    }

    /// A bot that closes with 1000 or 1001 gives its session up.
    fn closed_by_bot(&mut self, code: Option<u16>) {
        if let (Some(1000 | 1001), Some((id, _))) = (code, &self.session) {
            self.hub.change_state(|state| state.sessions.forget(id));
        }
    }

    async fn send_batch(&mut self, batch: &mut Vec<Outgoing>) -> Result<(), End> {
        for outgoing in batch.drain(..) {
            let invalidated = matches!(outgoing, Outgoing::Invalidate { .. });
            let text = match outgoing {
                Outgoing::Dispatch { sequence, body } => {
                    self.traffic("out", 0, Some(body.kind), body.text());
                    body.frame(sequence)
                }
                Outgoing::Text(text) => text,
                Outgoing::Close(code) => return Err(End::Code(code)),
                Outgoing::Drop => {
                    // What came before the break has arrived.
                    let _ = self.socket.flush().await;
                    return Err(End::Silent);
                }
                Outgoing::MuteAcks => {
                    self.acks = false;
                    continue;
                }
                Outgoing::Stall(time) => {
                    // What was written before goes out first.
                    self.socket.flush().await.map_err(|_| End::Silent)?;
                    tokio::time::sleep(time).await;
                    continue;
                }
                Outgoing::Invalidate { resumable } => {
                    // The session waits, if it may go on; libraries resume on this socket or on another one.
                    if let Some((id, socket)) = self.session.take().filter(|_| resumable) {
                        let now = self.hub.clock.instant();
                        self.hub.state().sessions.detach(&id, socket, now);
                    }
                    self.start_over();
                    format!(r#"{{"t":null,"s":null,"op":9,"d":{resumable}}}"#)
                }
            };
            let message = self.encoding.frame(text).ok_or(End::Code(4000))?;
            self.socket.feed(message).await.map_err(|_| End::Silent)?;
            if invalidated {
                // What waits behind it comes with the resume.
                break;
            }
        }
        self.socket.flush().await.map_err(|_| End::Silent)
    }

    async fn send_text(&mut self, text: String) -> Result<(), End> {
        let message = self.encoding.frame(text).ok_or(End::Code(4000))?;
        self.socket.send(message).await.map_err(|_| End::Silent)
    }

    async fn receive(&mut self, text: &str, deadline: &mut Instant, patience: Duration) -> Result<(), End> {
        if text.len() > LARGEST_FRAME {
            return Err(End::Code(4002));
        }
        self.count_frame()?;
        let frame: Value = serde_json::from_str(text).map_err(|_| End::Code(4002))?;
        let op = frame.get("op").and_then(Value::as_u64).ok_or(End::Code(4002))?;
        let data = frame.get("d").unwrap_or(&Value::Null);
        self.traffic("in", op, None, text);
        if self.is_lost(op) {
            return Ok(());
        }
        match op {
            op::HEARTBEAT => {
                *deadline = Instant::now() + patience;
                if self.acks {
                    self.send_text(r#"{"t":null,"s":null,"op":11,"d":null}"#.to_owned())
                        .await?;
                }
                Ok(())
            }
            op::IDENTIFY | op::RESUME if self.session.is_some() => Err(End::Code(4005)),
            op::IDENTIFY => {
                let outcome = self
                    .out
                    .as_ref()
                    .map(|out| identify::identify(&self.hub, data, out));
                self.begin(outcome).await
            }
            op::RESUME => {
                let outcome = self
                    .out
                    .as_ref()
                    .map(|out| identify::resume(&self.hub, data, out));
                self.begin(outcome).await
            }
            op::PRESENCE | op::VOICE_STATE | op::REQUEST_MEMBERS | op::REQUEST_SOUNDS
                if self.session.is_none() =>
            {
                Err(End::Code(4003))
            }
            op::REQUEST_MEMBERS => {
                self.request_members(data);
                Ok(())
            }
            op::PRESENCE => self.update_presence(data),
            op::VOICE_STATE if !data.is_object() => Err(End::Code(4002)),
            op::VOICE_STATE => Ok(()),
            op::REQUEST_SOUNDS => Ok(()),
            _ => Err(End::Code(4001)),
        }
    }

    /// True if a fault swallows this frame of the bot.
    fn is_lost(&self, op: u64) -> bool {
        let Some((id, _)) = &self.session else {
            return false;
        };
        let lost = self.hub.state().sessions.loses(id, op);
        if lost {
            self.hub.wake();
        }
        lost
    }

    fn count_frame(&mut self) -> Result<(), End> {
        let (since, count) = self.frames;
        let now = self.hub.clock.instant();
        if now.saturating_duration_since(since) > FRAME_WINDOW {
            self.frames = (now, 1);
        } else {
            self.frames.1 = count + 1;
        }
        if self.frames.1 > MOST_FRAMES {
            Err(End::Code(4008))
        } else {
            Ok(())
        }
    }

    /// The session is gone, the socket stays: a new identify may follow.
    fn start_over(&mut self) {
        let (out, queue) = mpsc::channel(QUEUE);
        self.out = Some(out);
        self.queue = queue;
        self.session = None;
    }

    async fn begin(&mut self, outcome: Option<Outcome>) -> Result<(), End> {
        match outcome {
            Some(Outcome::Running { id, socket, compress }) => {
                if compress {
                    self.encoding.compress_payloads();
                }
                self.session = Some((id, socket));
                self.out = None;
                Ok(())
            }
            None => Err(End::Code(4005)),
            Some(Outcome::Refused(code)) => Err(End::Code(code)),
            Some(Outcome::Invalid) => {
                self.send_text(r#"{"t":null,"s":null,"op":9,"d":false}"#.to_owned())
                    .await
            }
        }
    }

    fn update_presence(&self, data: &Value) -> Result<(), End> {
        let Some((id, _)) = &self.session else {
            return Err(End::Code(4003));
        };
        let taken = self.hub.change_state(|state| {
            let bot = state.sessions.list.get(id).map(|s| s.bot);
            bot.is_some_and(|bot| presence::update(&mut state.world, bot, data))
        });
        if taken { Ok(()) } else { Err(End::Code(4002)) }
    }

    fn request_members(&self, data: &Value) {
        let Some((id, _)) = &self.session else { return };
        let limited = self.hub.limits_gateway.load(Ordering::Relaxed);
        let now = self.hub.clock.instant();
        self.hub.change_state(|state| {
            let crate::hub::State { world, sessions, .. } = state;
            let Some(session) = sessions.list.get(id) else {
                return;
            };
            let asker = Asker {
                bot: session.bot,
                intents: session.intents,
            };
            let application = session.application;
            let Some(request) = members::read(world, asker, data) else {
                return;
            };
            let guild = request.guild.id;
            let wait = (limited && request.everybody)
                .then(|| sessions.limits.ask_members(application, guild, now))
                .flatten();
            if let Some(wait) = wait {
                let body = json!({ "opcode": op::REQUEST_MEMBERS, "retry_after": wait.as_secs_f64(),
                    "meta": { "guild_id": guild, "nonce": request.nonce } });
                sessions.send_to(id, "RATE_LIMITED", &body);
                return;
            }
            for chunk in request.chunks(world) {
                sessions.send_to(id, "GUILD_MEMBERS_CHUNK", &chunk);
            }
        });
    }

    fn traffic(&self, direction: &str, op: u64, kind: Option<&str>, text: &str) {
        let session = self.session.as_ref().map_or("", |(id, _)| id.as_str());
        self.hub.gateway_traffic(direction, session, op, kind, text);
    }
}
