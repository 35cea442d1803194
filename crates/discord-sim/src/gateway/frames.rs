//! What goes out of a gateway socket.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::serialise;

/// Op 7: the bot should come again and resume.
pub(super) const RECONNECT: &str = r#"{"t":null,"s":null,"op":7,"d":null}"#;

/// An event's name and its `d`, written once and shared by all sessions.
#[derive(Debug, PartialEq)]
pub(crate) struct Body {
    pub(crate) kind: &'static str,
    pub(crate) data: Bytes,
}

impl Body {
    pub(crate) fn new(kind: &'static str, data: &Value) -> Self {
        Self {
            kind,
            data: serialise(data),
        }
    }

    /// The `d` as it is sent.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.data).unwrap_or("null")
    }

    /// The whole frame. Name and sequence stand first, as Discord writes them: parsers look there.
    pub(crate) fn frame(&self, sequence: u64) -> String {
        let data = self.text();
        let mut frame = String::with_capacity(data.len() + 64);
        frame.push_str("{\"t\":\"");
        frame.push_str(self.kind);
        frame.push_str("\",\"s\":");
        frame.push_str(&sequence.to_string());
        frame.push_str(",\"op\":0,\"d\":");
        frame.push_str(data);
        frame.push('}');
        frame
    }
}

/// A connection that stands still longer is given up by every bot.
const LONGEST_STALL: Duration = Duration::from_secs(600);

fn yes() -> bool {
    true
}

/// Something for a socket to do.
#[derive(Clone, Debug)]
pub(crate) enum Outgoing {
    /// An event.
    Dispatch {
        /// Its number in the session.
        sequence: u64,
        /// Its content.
        body: Arc<Body>,
    },
    /// A frame as it stands.
    Text(String),
    /// Close with this code.
    Close(u16),
    /// End without a closing frame, as a broken network does.
    Drop,
    /// Answer no heartbeat any more.
    MuteAcks,
    /// Write nothing for this long.
    Stall(Duration),
    /// Op 9.
    Invalidate {
        /// Whether a resume may be tried.
        resumable: bool,
    },
}

/// What can go wrong with a gateway connection.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum GatewayFault {
    /// The connection breaks without a word.
    Drop,
    /// The connection is closed with a code.
    Close {
        /// 4000 to 4014, or 1000 and the like.
        code: u16,
    },
    /// Op 7: the bot should reconnect and resume.
    Reconnect,
    /// Op 9.
    InvalidSession {
        /// Whether a resume may be tried.
        resumable: bool,
    },
    /// Heartbeats are no longer acknowledged.
    MuteAcks,
    /// No frame comes for a while, acknowledgements neither; then all that waited.
    Stall {
        /// Milliseconds of real time, at most ten minutes.
        ms: u64,
    },
    /// Nobody answers at the address that READY gave for resumes (503), or somebody does again. Connections go on.
    DeadResumeUrl {
        /// Whether it is dead from now on.
        #[serde(default = "yes")]
        dead: bool,
    },
    /// The last event comes a second time, with its number.
    Duplicate,
    /// The next event comes after the one that follows it.
    OutOfOrder,
    /// The next message, channel or interaction has a type that does not exist (250 or 99).
    UnknownValue,
    /// An event of a name that does not exist.
    UnknownEvent,
    /// A frame that is no JSON.
    Malformed,
    /// Op 1: the bot should send a heartbeat at once.
    AskHeartbeat,
    /// The next frame that the bot sends on this connection is lost on its way: nothing comes of it.
    LoseFrame {
        /// Only one with this op, such as 8 for a request of members; any if absent.
        #[serde(default)]
        op: Option<u64>,
    },
}

impl GatewayFault {
    /// What the socket does; `last` is the last event that was sent.
    pub(crate) fn frame(&self, last: Option<(u64, Arc<Body>)>) -> Option<Outgoing> {
        Some(match self {
            Self::Drop => Outgoing::Drop,
            Self::Close { code } => Outgoing::Close(*code),
            Self::Reconnect => Outgoing::Text(RECONNECT.to_owned()),
            Self::InvalidSession { resumable } => Outgoing::Invalidate {
                resumable: *resumable,
            },
            Self::MuteAcks => Outgoing::MuteAcks,
            Self::Stall { ms } => Outgoing::Stall(Duration::from_millis(*ms).min(LONGEST_STALL)),
            // These wait for the next event, for the next connection, or for a frame of the bot.
            Self::OutOfOrder | Self::UnknownValue | Self::DeadResumeUrl { .. } | Self::LoseFrame { .. } => {
                return None;
            }
            Self::Duplicate => {
                let (sequence, body) = last?;
                Outgoing::Dispatch { sequence, body }
            }
            Self::UnknownEvent => {
                let sequence = last.map_or(1, |(s, _)| s);
                Outgoing::Text(format!(
                    r#"{{"t":"SIMULATED_NOVELTY","s":{sequence},"op":0,"d":{{}}}}"#
                ))
            }
            Self::Malformed => Outgoing::Text("{\"t\":\"MESSAGE_CREATE\",\"s\":".to_owned()),
            Self::AskHeartbeat => Outgoing::Text(r#"{"t":null,"s":null,"op":1,"d":null}"#.to_owned()),
        })
    }
}
