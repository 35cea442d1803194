//! Gateway v10: sessions, what they are sent, and their sockets.

mod compress;
mod frames;
mod identify;
mod intents;
mod members;
mod presence;
mod socket;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc;

pub use frames::GatewayFault;
pub(crate) use frames::{Body, Outgoing};
pub(crate) use socket::serve;

use crate::id::Id;
use crate::observe::Observer;
use crate::world::permissions::Permissions;
use crate::world::{Event, Scope, World};

/// Frames waiting for a socket. A bot that reads slower than this is cut off and may resume.
const QUEUE: usize = 8192;
/// Sessions kept for a resume; the oldest without a socket are forgotten.
const MOST_SESSIONS: usize = 256;

/// A bot's session, with or without a socket at the moment.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) application: Id,
    pub(crate) bot: Id,
    pub(crate) intents: u64,
    pub(crate) shard: (u64, u64),
    pub(crate) sequence: u64,
    replay: VecDeque<(u64, Arc<Body>)>,
    out: Option<mpsc::Sender<Outgoing>>,
    /// Distinguishes sockets of one session, so that an old one cannot detach a new one.
    socket: u64,
}

/// All sessions.
#[derive(Debug)]
pub(crate) struct Sessions {
    list: HashMap<String, Session>,
    replay: usize,
    sockets: u64,
    observer: Option<Arc<dyn Observer>>,
}

/// How a resume went.
#[derive(Debug, PartialEq)]
pub(crate) enum Resume {
    /// The session goes on under this socket number.
    Done(u64),
    /// No such session, or what was missed is no longer kept.
    Gone,
    /// The sequence number lies in the future.
    InvalidSequence,
}

impl Sessions {
    pub(crate) fn new(replay: usize) -> Self {
        Self {
            list: HashMap::new(),
            replay,
            sockets: 0,
            observer: None,
        }
    }

    /// The same, and somebody sees every event that is sent.
    pub(crate) fn watched_by(mut self, observer: Option<Arc<dyn Observer>>) -> Self {
        self.observer = observer;
        self
    }

    /// Adds a session with its socket's queue. Gives the socket's number.
    fn open(&mut self, mut session: Session, out: mpsc::Sender<Outgoing>) -> u64 {
        if self.list.len() >= MOST_SESSIONS {
            let idle = self.list.values().find(|s| s.out.is_none()).map(|s| s.id.clone());
            if let Some(idle) = idle {
                self.list.remove(&idle);
            }
        }
        self.sockets += 1;
        session.socket = self.sockets;
        session.out = Some(out);
        self.list.insert(session.id.clone(), session);
        self.sockets
    }

    /// Goes on with a session: sends what came after `sequence`, then RESUMED.
    fn resume(&mut self, id: &str, application: Id, sequence: u64, out: mpsc::Sender<Outgoing>) -> Resume {
        let Some(session) = self.list.get_mut(id).filter(|s| s.application == application) else {
            return Resume::Gone;
        };
        if sequence > session.sequence {
            return Resume::InvalidSequence;
        }
        let oldest_kept = session.replay.front().map_or(session.sequence + 1, |(s, _)| *s);
        if sequence + 1 < oldest_kept {
            self.list.remove(id);
            return Resume::Gone;
        }
        if let Some(old) = session.out.take() {
            // A second socket takes over; the first one ends.
            let _ = old.try_send(Outgoing::Close(4000));
        }
        let missed: Vec<_> = session
            .replay
            .iter()
            // The end of an earlier replay is no event that a bot has missed.
            .filter(|(s, body)| *s > sequence && body.kind != "RESUMED")
            .cloned()
            .collect();
        for (sequence, body) in missed {
            if out.try_send(Outgoing::Dispatch { sequence, body }).is_err() {
                return Resume::Gone;
            }
        }
        self.sockets += 1;
        session.socket = self.sockets;
        session.out = Some(out);
        let body = Arc::new(Body::new("RESUMED", &json!({ "_trace": [] })));
        send(session, body, self.replay);
        Resume::Done(self.sockets)
    }

    /// The socket of a session ended; the session waits for a resume.
    fn detach(&mut self, id: &str, socket: u64) {
        if let Some(session) = self.list.get_mut(id).filter(|s| s.socket == socket) {
            session.out = None;
        }
    }

    /// Ends a session for good.
    pub(crate) fn forget(&mut self, id: &str) {
        self.list.remove(id);
    }

    /// Sends one event to one session.
    fn send_to(&mut self, id: &str, kind: &'static str, body: &Value) {
        let replay = self.replay;
        if let Some(observer) = &self.observer {
            observer.event(kind, body);
        }
        if let Some(session) = self.list.get_mut(id) {
            send(session, Arc::new(Body::new(kind, body)), replay);
        }
    }

    /// Sends an event to every session that may know of it and wants to.
    pub(crate) fn dispatch(&mut self, world: &World, event: &Event) {
        let replay = self.replay;
        let mut full: Option<Arc<Body>> = None;
        let mut bare: Option<Arc<Body>> = None;
        for session in self.list.values_mut() {
            if !wants(session, world, event) {
                continue;
            }
            let withheld = intents::withholds_content(session.intents, session.bot, event);
            let slot = if withheld { &mut bare } else { &mut full };
            let body = slot.get_or_insert_with(|| {
                Arc::new(if withheld {
                    Body::new(event.kind, &intents::without_content(&event.body))
                } else {
                    Body::new(event.kind, &event.body)
                })
            });
            send(session, Arc::clone(body), replay);
        }
        if let (Some(observer), Some(_)) = (&self.observer, full.or(bare)) {
            observer.event(event.kind, &event.body);
        }
    }

    /// Does something to the sockets of an application's sessions; `None` for all. Gives how many.
    pub(crate) fn afflict(&mut self, application: Option<Id>, fault: &GatewayFault) -> usize {
        let chosen: Vec<String> = self
            .list
            .values()
            .filter(|s| s.out.is_some() && application.is_none_or(|a| a == s.application))
            .map(|s| s.id.clone())
            .collect();
        for id in &chosen {
            let Some(session) = self.list.get_mut(id) else {
                continue;
            };
            let last = session.replay.back().cloned();
            if let (Some(out), Some(frame)) = (&session.out, fault.frame(last)) {
                // A full queue is a dying socket already.
                let _ = out.try_send(frame);
            }
            if matches!(fault, GatewayFault::InvalidSession { resumable: false }) {
                self.list.remove(id);
            }
        }
        chosen.len()
    }

    /// How many sessions of an application have a socket.
    pub(crate) fn connected(&self, application: Id) -> usize {
        self.list
            .values()
            .filter(|s| s.application == application && s.out.is_some())
            .count()
    }

    /// Frames that wait in queues: zero when every bot has taken what was sent.
    pub(crate) fn backlog(&self) -> usize {
        self.list
            .values()
            .filter_map(|s| s.out.as_ref())
            .map(|out| out.max_capacity() - out.capacity())
            .sum()
    }
}

fn send(session: &mut Session, body: Arc<Body>, replay: usize) {
    session.sequence += 1;
    session.replay.push_back((session.sequence, Arc::clone(&body)));
    while session.replay.len() > replay {
        session.replay.pop_front();
    }
    let Some(out) = &session.out else { return };
    if out
        .try_send(Outgoing::Dispatch {
            sequence: session.sequence,
            body,
        })
        .is_err()
    {
        // The bot does not keep up: its socket ends when the queue is dropped.
        session.out = None;
    }
}

/// True if the session is on the right shard, subscribed, and its bot may know.
fn wants(session: &Session, world: &World, event: &Event) -> bool {
    let (shard, shards) = session.shard;
    let event_shard = event
        .guild()
        .map_or(0, |guild| (guild.get() >> 22) % shards.max(1));
    if event_shard != shard || !intents::subscribed(session.intents, session.bot, event) {
        return false;
    }
    match event.scope {
        Scope::Guild(guild) => {
            let is_member = world
                .guilds
                .get(&guild)
                .is_some_and(|g| g.members.contains_key(&session.bot));
            let may = event.kind != "GUILD_AUDIT_LOG_ENTRY_CREATE"
                || world
                    .permissions_in_guild(guild, session.bot)
                    .has(Permissions::VIEW_AUDIT_LOG);
            is_member && may
        }
        Scope::Channel { channel, .. } => world
            .channels
            .get(&channel)
            .is_some_and(|c| world.sees(session.bot, c)),
        Scope::Application { id, .. } => id == session.application,
        Scope::User { .. } => false,
    }
}

/// The bytes of a frame's `d`, shared by all sessions.
pub(crate) fn serialise(value: &Value) -> Bytes {
    Bytes::from(serde_json::to_vec(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str) -> Session {
        Session {
            id: id.to_owned(),
            application: Id::new(1),
            bot: Id::new(1),
            intents: 0,
            shard: (0, 1),
            sequence: 0,
            replay: VecDeque::new(),
            out: None,
            socket: 0,
        }
    }

    #[test]
    fn a_resume_sends_what_was_missed() {
        let mut sessions = Sessions::new(10);
        let (out, _kept) = mpsc::channel(16);
        let socket = sessions.open(session("s"), out);
        sessions.send_to("s", "A", &json!({}));
        sessions.detach("s", socket);
        sessions.send_to("s", "B", &json!({}));
        let (out, mut received) = mpsc::channel(16);
        assert!(matches!(
            sessions.resume("s", Id::new(1), 1, out),
            Resume::Done(_)
        ));
        let kinds: Vec<&str> = std::iter::from_fn(|| received.try_recv().ok())
            .filter_map(|o| {
                if let Outgoing::Dispatch { body, .. } = o {
                    Some(body.kind)
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(kinds, ["B", "RESUMED"]);
    }

    #[test]
    fn a_resume_that_missed_too_much_is_refused() {
        let mut sessions = Sessions::new(2);
        let (out, _kept) = mpsc::channel(16);
        sessions.open(session("s"), out);
        for _ in 0..5 {
            sessions.send_to("s", "A", &json!({}));
        }
        let (out, _kept) = mpsc::channel(16);
        assert_eq!(sessions.resume("s", Id::new(1), 1, out), Resume::Gone);
    }

    #[test]
    fn a_sequence_from_the_future_is_invalid() {
        let mut sessions = Sessions::new(2);
        let (out, _kept) = mpsc::channel(16);
        sessions.open(session("s"), out);
        let (out, _kept) = mpsc::channel(16);
        assert_eq!(sessions.resume("s", Id::new(1), 9, out), Resume::InvalidSequence);
    }
}
