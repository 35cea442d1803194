//! Gateway v10: sessions, what they are sent, and their sockets.

mod compress;
mod frames;
mod handshake;
mod identify;
mod intents;
mod limits;
mod members;
pub(crate) mod presence;
mod session;
mod socket;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc;

pub use frames::GatewayFault;
pub(crate) use frames::{Body, Outgoing};
pub(crate) use limits::{Allowance, GatewayLimits};
pub(crate) use session::Session;
pub(crate) use socket::{serve, serve_resume};

use crate::faults::{Chaos, ChaosDice};
use crate::id::Id;
use crate::observe::Observer;
use crate::world::{Event, World};

/// Frames waiting for a socket. A bot that reads slower than this is cut off and may resume.
const QUEUE: usize = 8192;
/// Sessions kept for a resume; the oldest without a socket are forgotten.
const MOST_SESSIONS: usize = 256;

/// All sessions.
#[derive(Debug)]
pub(crate) struct Sessions {
    list: HashMap<String, Session>,
    replay: usize,
    sockets: u64,
    chaos: Option<ChaosDice>,
    /// Nobody answers at the address for resumes.
    pub(crate) resume_url_is_dead: bool,
    pub(crate) limits: GatewayLimits,
    /// Bots of which a session has ended since this was last looked at.
    ended: Vec<Id>,
    /// Frames of bots that a fault has swallowed.
    lost: u64,
    observer: Option<Arc<dyn Observer>>,
}

/// How a resume went.
#[derive(Debug, PartialEq)]
pub(crate) enum Resume {
    /// The session goes on under this socket number, with large payloads compressed or not.
    Done(u64, bool),
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
            chaos: None,
            resume_url_is_dead: false,
            limits: GatewayLimits::default(),
            ended: Vec::new(),
            lost: 0,
            observer: None,
        }
    }

    /// The same, and somebody sees every event that is sent.
    pub(crate) fn watched_by(mut self, observer: Option<Arc<dyn Observer>>) -> Self {
        self.observer = observer;
        self
    }

    /// Forgets everything; sockets end, since nothing holds their queues any more.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.chaos = None;
        self.resume_url_is_dead = false;
        self.limits = GatewayLimits::default();
    }

    /// Adds a session with its socket's queue. Gives the socket's number.
    fn open(&mut self, mut session: Session, out: mpsc::Sender<Outgoing>) -> u64 {
        if self.list.len() >= MOST_SESSIONS {
            let idle = self.list.values().find(|s| s.out.is_none()).map(|s| s.id.clone());
            if let Some(idle) = idle {
                self.forget(&idle);
            }
        }
        self.sockets += 1;
        session.attach(self.sockets, out);
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
        let Some(missed) = session.missed(sequence) else {
            self.forget(id);
            return Resume::Gone;
        };
        if let Some(old) = session.out.take() {
            // A second socket takes over; the first one ends.
            let _ = old.try_send(Outgoing::Close(4000));
        }
        for (sequence, body) in missed {
            if out.try_send(Outgoing::Dispatch { sequence, body }).is_err() {
                return Resume::Gone;
            }
        }
        self.sockets += 1;
        session.attach(self.sockets, out);
        let body = Arc::new(Body::new("RESUMED", &json!({ "_trace": [] })));
        session.send(body, self.replay, None);
        Resume::Done(self.sockets, session.compress)
    }

    /// The socket of a session ended at `now`; the session waits for a resume.
    fn detach(&mut self, id: &str, socket: u64, now: Instant) {
        if let Some(session) = self.list.get_mut(id).filter(|s| s.socket == socket) {
            session.out = None;
            session.waits_since = Some(now);
        }
    }

    /// Ends a session for good.
    pub(crate) fn forget(&mut self, id: &str) {
        if let Some(session) = self.list.remove(id) {
            self.ended.push(session.bot);
        }
    }

    /// Ends the sessions that nobody has resumed for `window`.
    pub(crate) fn expire(&mut self, now: Instant, window: Duration) {
        let ended = &mut self.ended;
        self.list.retain(|_, session| {
            let waited = session
                .waits_since
                .map(|since| now.saturating_duration_since(since));
            let over = waited.is_some_and(|waited| waited > window);
            if over {
                ended.push(session.bot);
            }
            !over
        });
    }

    /// Bots whose last session has ended since the last call.
    pub(crate) fn gone(&mut self) -> Vec<Id> {
        let mut ended = std::mem::take(&mut self.ended);
        ended.retain(|bot| self.list.values().all(|session| session.bot != *bot));
        ended
    }

    /// Sends one event to one session.
    fn send_to(&mut self, id: &str, kind: &'static str, body: &Value) {
        if let Some(observer) = &self.observer {
            observer.event(kind, body);
        }
        if let Some(session) = self.list.get_mut(id) {
            session.send(Arc::new(Body::new(kind, body)), self.replay, self.chaos.as_mut());
        }
    }

    /// Sends an event to every session that may know of it and wants to.
    pub(crate) fn dispatch(&mut self, world: &World, event: &Event) {
        let replay = self.replay;
        let mut full: Option<Arc<Body>> = None;
        let mut bare: Option<Arc<Body>> = None;
        for session in self.list.values_mut() {
            if !session.wants(world, event) {
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
            session.send(Arc::clone(body), replay, self.chaos.as_mut());
        }
        if let (Some(observer), Some(_)) = (&self.observer, full.or(bare)) {
            observer.event(event.kind, &event.body);
        }
    }

    /// From now on events meet faults by chance, or no longer.
    pub(crate) fn set_chaos(&mut self, chaos: Option<Chaos>) {
        self.chaos = chaos.map(ChaosDice::new);
    }

    /// Ends all sessions of an application, as Discord does when it resets a token.
    fn end_all(&mut self, application: Id) {
        let ended = &mut self.ended;
        self.list.retain(|_, session| {
            if session.application == application {
                session.push(Outgoing::Close(4004));
                ended.push(session.bot);
            }
            session.application != application
        });
    }

    /// Does something to the sockets of an application's sessions; `None` for all. Gives how many.
    pub(crate) fn afflict(&mut self, application: Option<Id>, fault: &GatewayFault) -> usize {
        if let GatewayFault::DeadResumeUrl { dead } = fault {
            self.resume_url_is_dead = *dead;
        }
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
            match fault {
                GatewayFault::OutOfOrder => session.swap_next(),
                GatewayFault::UnknownValue => session.give_unknown_value(),
                GatewayFault::LoseFrame { op } => session.lose_next(*op),
                fault => {
                    if let Some(frame) = fault.frame(session.last()) {
                        session.push(frame);
                    }
                }
            }
            if matches!(fault, GatewayFault::InvalidSession { resumable: false }) {
                self.forget(id);
            }
        }
        chosen.len()
    }

    /// True if a fault swallows this frame of a session's bot.
    fn loses(&mut self, id: &str, op: u64) -> bool {
        let lost = self.list.get_mut(id).is_some_and(|session| session.loses(op));
        self.lost += u64::from(lost);
        lost
    }

    /// How many frames of bots were swallowed so far.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
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

/// The bytes of a frame's `d`, shared by all sessions.
pub(crate) fn serialise(value: &Value) -> Bytes {
    Bytes::from(serde_json::to_vec(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str) -> Session {
        Session::new(id.to_owned(), (Id::new(1), Id::new(1)), 0, (0, 1), false)
    }

    #[test]
    fn a_resume_sends_what_was_missed() {
        let mut sessions = Sessions::new(10);
        let (out, _kept) = mpsc::channel(16);
        let socket = sessions.open(session("s"), out);
        sessions.send_to("s", "A", &json!({}));
        sessions.detach("s", socket, Instant::now());
        sessions.send_to("s", "B", &json!({}));
        let (out, mut received) = mpsc::channel(16);
        assert!(matches!(
            sessions.resume("s", Id::new(1), 1, out),
            Resume::Done(..)
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
    fn a_session_that_nobody_resumes_ends_and_its_bot_is_gone() {
        let window = Duration::from_secs(60);
        let mut sessions = Sessions::new(10);
        let (out, _kept) = mpsc::channel(16);
        let first = sessions.open(session("a"), out.clone());
        sessions.open(session("b"), out);
        let now = Instant::now();
        sessions.detach("a", first, now);
        sessions.expire(now + window, window);
        assert_eq!(sessions.list.len(), 2);
        sessions.expire(now + window * 2, window);
        assert_eq!((sessions.list.len(), sessions.gone()), (1, Vec::new()));
        sessions.forget("b");
        assert_eq!(sessions.gone(), [Id::new(1)]);
        assert_eq!(sessions.gone(), []);
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
