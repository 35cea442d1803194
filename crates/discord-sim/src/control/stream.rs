//! What a user learns of, and the traffic, as it happens.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use utoipa::IntoParams;

use crate::hub::{Hub, Live};
use crate::id::Id;
use crate::world::{Event, Scope, World};

use super::ask::Query;
use super::objects::Line;

/// Who watches and what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Watch {
    /// Only what this user's client learns; everything if absent.
    #[param(value_type = Option<String>, pattern = "^[0-9]{1,20}$")]
    user: Option<Id>,
    /// With any value the bots' requests and frames too, the first 16 KiB of each body.
    traffic: Option<String>,
}

/// A WebSocket with a `Line` of JSON for each thing that happens.
#[utoipa::path(get, path = "/sim/events", tag = "world",
    params(Watch), responses((status = 101, description = "The WebSocket; what it sends.", body = Line)))]
pub(super) async fn events(
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
