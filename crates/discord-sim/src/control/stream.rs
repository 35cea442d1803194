//! `GET /sim/events?user=…&traffic=1`: what a user learns of, and the traffic, as it happens.

use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use crate::hub::{Hub, Live};
use crate::id::Id;
use crate::world::{Event, Scope, World};

/// Who watches and what.
#[derive(Deserialize)]
pub(super) struct Watch {
    user: Option<Id>,
    #[serde(default)]
    traffic: Option<String>,
}

pub(super) async fn serve(
    State(hub): State<Arc<Hub>>,
    Query(watch): Query<Watch>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(move |socket| run(hub, watch, socket))
}

async fn run(hub: Arc<Hub>, watch: Watch, mut socket: WebSocket) {
    let mut live = hub.observe();
    let traffic = watch.traffic.is_some();
    loop {
        let line = tokio::select! {
            line = live.recv() => line,
            frame = socket.recv() => match frame {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
        };
        let value = match line {
            Ok(Live::Event(event)) => hub.read(|w| shown(w, watch.user, &event)),
            Ok(Live::Traffic(line)) => traffic.then(|| Value::clone(&line)),
            // The page asks for everything again when it reads this.
            Err(RecvError::Lagged(missed)) => Some(json!({ "kind": "missed", "count": missed })),
            Err(RecvError::Closed) => return,
        };
        let Some(value) = value else { continue };
        if socket
            .send(Message::Text(value.to_string().into()))
            .await
            .is_err()
        {
            return;
        }
    }
}

/// The event as the user's client gets it, or nothing if it is not theirs to know.
fn shown(world: &World, user: Option<Id>, event: &Event) -> Option<Value> {
    if let Some(user) = user {
        let may = match event.scope {
            Scope::Guild(guild) => world
                .guilds
                .get(&guild)
                .is_some_and(|g| g.members.contains_key(&user)),
            Scope::Channel { channel, .. } => {
                world.channels.get(&channel).is_some_and(|c| world.sees(user, c))
            }
            Scope::User { id, .. } => id == user,
            Scope::Application { .. } => false,
        };
        let own_leave =
            event.kind == "GUILD_MEMBER_REMOVE" && event.body.pointer("/user/id") == Some(&json!(user));
        if !may && !own_leave {
            return None;
        }
    }
    Some(json!({ "kind": "event", "t": event.kind, "d": event.body }))
}
