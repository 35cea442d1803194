//! What the handler of a socket event works with.

use std::{net::IpAddr, sync::Arc};

use hazebot_core::{
    Outcome,
    ids::{Snowflake, UserId},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Inner, JOINS, MAX_ROOMS, connection::Connection};
use crate::caller::Caller;

/// Why a connection did not get into a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinRefused {
    /// Too many joins in a minute.
    #[error("Too many requests")]
    TooOften,
    /// In [`MAX_ROOMS`] rooms already.
    #[error("Too many rooms")]
    TooManyRooms,
}

/// One connection, for a handler. Cheap to clone.
#[derive(Clone)]
pub struct SocketCx {
    sockets: Arc<Inner>,
    connection: Arc<Connection>,
}

impl SocketCx {
    pub(super) fn new(sockets: Arc<Inner>, connection: Arc<Connection>) -> Self {
        Self { sockets, connection }
    }

    pub(super) fn sockets(&self) -> &Inner {
        &self.sockets
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The connection's id.
    #[must_use]
    pub fn id(&self) -> String {
        self.connection.id().to_string()
    }

    /// Who signed in on this connection with a token, with the rights of now.
    #[must_use]
    pub fn caller(&self) -> Option<Caller> {
        self.connection.caller()
    }

    /// Where the connection comes from.
    #[must_use]
    pub fn ip(&self) -> IpAddr {
        self.connection.ip
    }

    /// The member that an event speaks for, as far as it is proven: the owner of the connection's token, whatever the
    /// event claims; else the member that `user_id` of the event claims, if they have read this subject through an
    /// authenticated request from the same place within a token's lifetime, or from anywhere in the last two minutes.
    ///
    /// What remains possible is said in the documentation: somebody behind the same address who knows both ids.
    ///
    /// # Errors
    /// The database is away.
    pub async fn proven_member(&self, data: &Value, subject: &str) -> Outcome<Option<UserId>> {
        if let Some(caller) = self.caller() {
            return Ok(caller.discord_id());
        }
        let claimed = match data.get("user_id") {
            Some(Value::String(text)) => UserId::parse(text),
            Some(Value::Number(number)) => number.as_u64().and_then(UserId::new_checked),
            _ => None,
        };
        let Some(user) = claimed else { return Ok(None) };
        let proven = self
            .sockets
            .auth
            .ledger()
            .proves(user, subject, self.ip())
            .await?;
        Ok(proven.then_some(user))
    }

    /// Puts the connection into a room, under a proven member's name if there is one. Joining again is no error.
    ///
    /// # Errors
    /// See [`JoinRefused`].
    pub fn join(&self, room: &str, viewer: Option<UserId>) -> Result<(), JoinRefused> {
        let key = (self.connection.id(), "join");
        self.sockets
            .limiter
            .take(key, JOINS)
            .map_err(|_| JoinRefused::TooOften)?;
        let mut rooms = self.connection.rooms.lock();
        if rooms.len() >= MAX_ROOMS && !rooms.contains_key(room) {
            return Err(JoinRefused::TooManyRooms);
        }
        rooms.insert(room.to_owned(), viewer);
        self.connection.socket.join(room.to_owned());
        drop(rooms);
        self.sockets.moved(room);
        Ok(())
    }

    /// For rooms that the server itself puts a connection into.
    pub(super) fn join_unbounded(&self, room: &str) {
        let viewer = self.caller().and_then(|caller| caller.discord_id());
        self.connection.rooms.lock().insert(room.to_owned(), viewer);
        self.connection.socket.join(room.to_owned());
    }

    /// Under which proven name this connection is in a room; `None` if it is not, or without a name.
    #[must_use]
    pub fn viewer_in(&self, room: &str) -> Option<UserId> {
        self.connection.viewer_of(room)
    }

    /// Sends an event to everybody in a room but this connection.
    pub async fn emit_to_others<T: Serialize + ?Sized>(&self, room: &str, event: &str, payload: &T) {
        if let Err(error) = self
            .connection
            .socket
            .to(room.to_owned())
            .emit(event, payload)
            .await
        {
            tracing::debug!(%error, event, room, "an event did not reach everybody");
        }
    }

    /// Takes the connection out of a room; tells whether it was there.
    pub fn leave(&self, room: &str) -> bool {
        let was_there = self.connection.rooms.lock().remove(room).is_some();
        self.connection.socket.leave(room.to_owned());
        if was_there {
            self.sockets.moved(room);
        }
        was_there
    }

    /// Sends an event to this connection. If it is gone, or too slow for its queue, nothing happens.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, payload: &T) {
        if let Err(error) = self.connection.socket.emit(event, payload) {
            tracing::debug!(%error, event, "an event was not sent");
        }
    }

    /// Sends the event `error` with a sentence.
    pub fn error(&self, message: &str) {
        self.emit("error", &json!({"message": message}));
    }
}

impl std::fmt::Debug for SocketCx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SocketCx")
            .field("id", &self.connection.id())
            .finish_non_exhaustive()
    }
}
