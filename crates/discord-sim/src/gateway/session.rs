//! A bot's session: which events it gets, what is kept for a resume, and the faults that its next events meet.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::faults::ChaosDice;
use crate::id::Id;
use crate::world::permissions::Permissions;
use crate::world::{Event, Scope, World};

use super::frames::{Body, Outgoing, RECONNECT};
use super::intents;

/// Bytes of events kept per session for a resume, beside [`crate::SimOptions::replay`]: chunks of a large guild's
/// members would otherwise stay in memory.
const REPLAY_BYTES: usize = 8 * 1024 * 1024;
/// How long a connection stands still by chance: longer than anybody expects, shorter than a heartbeat.
const CHANCE_STALL: Duration = Duration::from_millis(500);
/// Numbers that no message, channel or interaction has as its type.
const UNKNOWN_MESSAGE: u8 = 250;
const UNKNOWN_CHANNEL: u8 = 99;

/// A bot's session, with or without a socket at the moment.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) application: Id,
    pub(crate) bot: Id,
    pub(crate) intents: u64,
    pub(crate) shard: (u64, u64),
    pub(crate) sequence: u64,
    /// Large payloads are compressed by themselves.
    pub(crate) compress: bool,
    /// What faults by chance are counted under: the same in each run, unlike ids.
    pub(super) chance: String,
    replay: VecDeque<(u64, Arc<Body>)>,
    replay_bytes: usize,
    pub(super) out: Option<mpsc::Sender<Outgoing>>,
    /// Distinguishes sockets of one session, so that an old one cannot detach a new one.
    pub(super) socket: u64,
    /// Since when it waits for a resume.
    pub(super) waits_since: Option<Instant>,
    twists: Twists,
}

/// Faults that wait for the next events.
#[derive(Debug, Default)]
struct Twists {
    unknown_value: bool,
    swap: bool,
    /// An event that comes after the next one.
    held: Option<(u64, Arc<Body>)>,
    /// The next frame of the bot is lost on its way: one with this op, or any if there is none.
    loses: Option<Option<u64>>,
}

impl Session {
    pub(super) fn new(
        id: String,
        (application, bot): (Id, Id),
        intents: u64,
        shard: (u64, u64),
        compress: bool,
    ) -> Self {
        Self {
            id,
            application,
            bot,
            intents,
            shard,
            sequence: 0,
            compress,
            chance: String::new(),
            replay: VecDeque::new(),
            replay_bytes: 0,
            out: None,
            socket: 0,
            waits_since: None,
            twists: Twists::default(),
        }
    }

    /// The last event that was sent.
    pub(super) fn last(&self) -> Option<(u64, Arc<Body>)> {
        self.replay.back().cloned()
    }

    /// The next event that has a type gets one that does not exist.
    pub(super) fn give_unknown_value(&mut self) {
        self.twists.unknown_value = true;
    }

    /// The next event comes after the one that follows it.
    pub(super) fn swap_next(&mut self) {
        self.twists.swap = true;
    }

    /// The next frame of the bot is lost on its way.
    pub(super) fn lose_next(&mut self, op: Option<u64>) {
        self.twists.loses = Some(op);
    }

    /// True if this frame of the bot is lost.
    pub(super) fn loses(&mut self, op: u64) -> bool {
        let lost = self
            .twists
            .loses
            .is_some_and(|wanted| wanted.is_none_or(|w| w == op));
        if lost {
            self.twists.loses = None;
        }
        lost
    }

    /// What came after `sequence`; `None` if part of it is no longer kept.
    pub(super) fn missed(&self, sequence: u64) -> Option<Vec<(u64, Arc<Body>)>> {
        let oldest_kept = self.replay.front().map_or(self.sequence + 1, |(s, _)| *s);
        if sequence + 1 < oldest_kept {
            return None;
        }
        // The end of an earlier replay is no event that a bot has missed.
        let missed = |(s, body): &&(u64, Arc<Body>)| *s > sequence && body.kind != "RESUMED";
        Some(self.replay.iter().filter(missed).cloned().collect())
    }

    /// Goes on with another socket: what was held back is part of what was missed.
    pub(super) fn attach(&mut self, socket: u64, out: mpsc::Sender<Outgoing>) {
        self.socket = socket;
        self.out = Some(out);
        self.waits_since = None;
        self.twists = Twists::default();
    }

    /// Sends an event, keeping it for a resume.
    pub(super) fn send(&mut self, body: Arc<Body>, replay: usize, chaos: Option<&mut ChaosDice>) {
        self.sequence += 1;
        let body = self.twisted(body);
        self.replay_bytes += body.data.len();
        self.replay.push_back((self.sequence, Arc::clone(&body)));
        while self.replay.len() > replay.max(1) || (self.replay_bytes > REPLAY_BYTES && self.replay.len() > 1)
        {
            if let Some((_, old)) = self.replay.pop_front() {
                self.replay_bytes -= old.data.len();
            }
        }
        if self.out.is_none() {
            return;
        }
        let event = Outgoing::Dispatch {
            sequence: self.sequence,
            body: Arc::clone(&body),
        };
        let chance = chaos
            .filter(|_| !matches!(body.kind, "READY" | "RESUMED"))
            .and_then(|c| c.roll(&self.chance));
        match chance.map(|n| n % 5) {
            Some(0) => self.push(Outgoing::Drop),
            Some(1) => {
                self.push(event.clone());
                self.push(event);
            }
            Some(2) => {
                self.push(event);
                self.push(Outgoing::Text(RECONNECT.to_owned()));
            }
            Some(3) => {
                self.push(Outgoing::Stall(CHANCE_STALL));
                self.push(event);
            }
            other => {
                self.twists.swap |= other.is_some();
                self.in_order(body);
            }
        }
    }

    /// Sends the event, or holds it back until the next one went.
    fn in_order(&mut self, body: Arc<Body>) {
        let sequence = self.sequence;
        if std::mem::take(&mut self.twists.swap) && self.twists.held.is_none() {
            self.twists.held = Some((sequence, body));
            return;
        }
        self.push(Outgoing::Dispatch { sequence, body });
        if let Some((sequence, body)) = self.twists.held.take() {
            self.push(Outgoing::Dispatch { sequence, body });
        }
    }

    /// Puts something into the socket's queue. A bot that does not keep up loses its socket: it ends when the queue is
    /// dropped.
    pub(super) fn push(&mut self, outgoing: Outgoing) {
        if self
            .out
            .as_ref()
            .is_some_and(|out| out.try_send(outgoing).is_err())
        {
            self.out = None;
        }
    }

    fn twisted(&mut self, body: Arc<Body>) -> Arc<Body> {
        if !self.twists.unknown_value {
            return body;
        }
        let Some(other) = with_unknown_value(&body) else {
            return body;
        };
        self.twists.unknown_value = false;
        Arc::new(other)
    }

    /// True if the session is on the right shard, subscribed, and its bot may know.
    pub(super) fn wants(&self, world: &World, event: &Event) -> bool {
        let (shard, shards) = self.shard;
        let event_shard = event
            .guild()
            .map_or(0, |guild| (guild.get() >> 22) % shards.max(1));
        if event_shard != shard || !intents::subscribed(self.intents, self.bot, event) {
            return false;
        }
        match event.scope {
            Scope::Guild(guild) => {
                let is_member = world
                    .guilds
                    .get(&guild)
                    .is_some_and(|g| g.members.contains_key(&self.bot));
                let may = event.kind != "GUILD_AUDIT_LOG_ENTRY_CREATE"
                    || world
                        .permissions_in_guild(guild, self.bot)
                        .has(Permissions::VIEW_AUDIT_LOG);
                is_member && may
            }
            Scope::Channel { channel, .. } => world
                .channels
                .get(&channel)
                .is_some_and(|c| world.sees(self.bot, c)),
            Scope::Application { id, .. } => id == self.application,
            Scope::User { .. } => false,
        }
    }
}

/// The event with a type that does not exist; `None` if it has none.
fn with_unknown_value(body: &Body) -> Option<Body> {
    let mut data: Value = serde_json::from_slice(&body.data).ok()?;
    let kind = data.get_mut("type").filter(|t| t.is_u64())?;
    *kind = json!(if body.kind.starts_with("MESSAGE_") {
        UNKNOWN_MESSAGE
    } else {
        UNKNOWN_CHANNEL
    });
    Some(Body::new(body.kind, &data))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> (Session, mpsc::Receiver<Outgoing>) {
        let mut session = Session::new("s".to_owned(), (Id::new(1), Id::new(1)), 0, (0, 1), false);
        let (out, queue) = mpsc::channel(64);
        session.attach(1, out);
        (session, queue)
    }

    fn numbers(queue: &mut mpsc::Receiver<Outgoing>) -> Vec<u64> {
        std::iter::from_fn(|| queue.try_recv().ok())
            .filter_map(|o| match o {
                Outgoing::Dispatch { sequence, .. } => Some(sequence),
                _ => None,
            })
            .collect()
    }

    fn body(kind: &'static str) -> Arc<Body> {
        Arc::new(Body::new(kind, &json!({ "type": 0 })))
    }

    #[test]
    fn two_events_change_places_once() {
        let (mut session, mut queue) = session();
        session.swap_next();
        for _ in 0..4 {
            session.send(body("A"), 8, None);
        }
        assert_eq!(numbers(&mut queue), [2, 1, 3, 4]);
    }

    #[test]
    fn an_unknown_value_comes_with_the_next_event_that_has_a_type() {
        let (mut session, mut queue) = session();
        session.give_unknown_value();
        session.send(Arc::new(Body::new("TYPING_START", &json!({}))), 8, None);
        session.send(body("MESSAGE_CREATE"), 8, None);
        session.send(body("CHANNEL_UPDATE"), 8, None);
        let kinds: Vec<String> = std::iter::from_fn(|| queue.try_recv().ok())
            .filter_map(|o| match o {
                Outgoing::Dispatch { body, .. } => Some(String::from_utf8_lossy(&body.data).into_owned()),
                _ => None,
            })
            .collect();
        assert_eq!(kinds, ["{}", r#"{"type":250}"#, r#"{"type":0}"#]);
    }

    #[test]
    fn large_events_do_not_stay_for_a_resume() {
        let (mut session, _queue) = session();
        let large = Arc::new(Body::new("A", &json!("x".repeat(REPLAY_BYTES / 2))));
        for _ in 0..8 {
            session.send(Arc::clone(&large), 512, None);
        }
        assert!(session.replay_bytes <= REPLAY_BYTES);
        assert_eq!(session.missed(8), Some(Vec::new()).map(|v: Vec<_>| v));
        assert!(session.missed(1).is_none());
    }
}
