//! What no user can do: move time, make faults, add people, wait for quiet.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::iso;
use crate::error::ApiError;
use crate::faults::FaultRule;
use crate::gateway::GatewayFault;
use crate::hub::Hub;
use crate::id::Id;
use crate::world::{id_of, json as write, read_overwrite};

use super::{answer, id, text};

/// `POST /sim/users` with `name`, and `guild` and `roles` to make them a member.
pub(super) async fn add_user(State(hub): State<Arc<Hub>>, Json(body): Json<Value>) -> Response {
    answer(text(&body, "name").and_then(|name| {
        hub.change(|w| {
            let user = w.add_user(name);
            if let Some(guild) = body.get("guild").and_then(id_of) {
                w.join(guild, user)?;
                let roles = body
                    .get("roles")
                    .and_then(Value::as_array)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                w.member_mut(guild, user)?.roles = roles.iter().filter_map(id_of).collect();
                w.emit_member(guild, user)?;
            }
            Ok(write::user(w.user(user)?))
        })
    }))
}

/// `DELETE /sim/channels/{channel}`: as if an administrator had clicked.
pub(super) async fn delete_channel(State(hub): State<Arc<Hub>>, Path(channel): Path<String>) -> Response {
    answer(id(&channel).and_then(|channel| {
        hub.change(|w| {
            w.channel(channel)?;
            w.forget_channel(channel);
            Ok(json!({}))
        })
    }))
}

/// `GET /sim/clock`
pub(super) async fn time(State(hub): State<Arc<Hub>>) -> Response {
    answer(Ok(
        json!({ "now": iso(hub.clock.now()), "manual": hub.clock.is_manual() }),
    ))
}

/// How far to move.
#[derive(Deserialize)]
pub(super) struct Advance {
    advance_ms: u64,
}

/// `POST /sim/clock` with `advance_ms`.
pub(super) async fn advance(State(hub): State<Arc<Hub>>, Json(by): Json<Advance>) -> Response {
    hub.clock.advance(Duration::from_millis(by.advance_ms));
    hub.change(|_| ());
    answer(Ok(json!({ "now": iso(hub.clock.now()) })))
}

/// `GET /sim/faults`
pub(super) async fn faults(State(hub): State<Arc<Hub>>) -> Response {
    answer(Ok(json!(hub.faults.list())))
}

/// `POST /sim/faults`
pub(super) async fn add_fault(State(hub): State<Arc<Hub>>, Json(rule): Json<FaultRule>) -> Response {
    if hub.faults.add(rule) {
        return answer(Ok(json!({})));
    }
    answer(Err(ApiError::new(400, 0, "Too many faults are waiting already.")))
}

/// `DELETE /sim/faults`
pub(super) async fn clear_faults(State(hub): State<Arc<Hub>>) -> Response {
    hub.faults.clear();
    answer(Ok(json!({})))
}

/// Which connections, and what.
#[derive(Deserialize)]
pub(super) struct Afflict {
    application: Option<Id>,
    #[serde(flatten)]
    fault: GatewayFault,
}

/// `POST /sim/gateway-faults`
pub(super) async fn gateway_fault(State(hub): State<Arc<Hub>>, Json(body): Json<Afflict>) -> Response {
    let hit = hub.state().sessions.afflict(body.application, &body.fault);
    hub.wake();
    answer(Ok(json!({ "connections": hit })))
}

/// How long nothing may happen, and how long to wait for that.
#[derive(Deserialize)]
pub(super) struct Quiet {
    #[serde(default = "Quiet::idle")]
    idle_ms: u64,
    #[serde(default = "Quiet::patience")]
    timeout_ms: u64,
}

impl Quiet {
    fn idle() -> u64 {
        150
    }

    fn patience() -> u64 {
        10_000
    }
}

/// `POST /sim/quiet`: waits until nothing is under way.
pub(super) async fn quiet(State(hub): State<Arc<Hub>>, Json(body): Json<Quiet>) -> Response {
    let (idle, timeout) = (
        Duration::from_millis(body.idle_ms),
        Duration::from_millis(body.timeout_ms),
    );
    let quiet = hub.wait_for_quiet(idle, timeout).await;
    answer(Ok(json!({ "quiet": quiet })))
}

/// `PUT /sim/channels/{channel}/overwrites/{of}` with `type`, `allow` and `deny`.
pub(super) async fn overwrite(
    State(hub): State<Arc<Hub>>,
    Path((channel, of)): Path<(String, String)>,
    Json(mut body): Json<Value>,
) -> Response {
    answer(id(&channel).and_then(|channel| {
        write::extend(&mut body, json!({ "id": of }));
        let overwrite = read_overwrite(&body).ok_or_else(ApiError::unknown_overwrite)?;
        hub.change(|w| {
            w.channel(channel)?;
            w.overwrite(channel, overwrite);
            w.emit_channel("CHANNEL_UPDATE", channel);
            Ok(json!({}))
        })
    }))
}

/// `PUT /sim/guilds/{guild}/members/{user}/roles` with `roles`.
pub(super) async fn set_roles(
    State(hub): State<Arc<Hub>>,
    Path((guild, user)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    answer(id(&guild).and_then(|guild| {
        let user = id(&user)?;
        let roles = body
            .get("roles")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        hub.change(|w| {
            w.member_mut(guild, user)?.roles = roles.iter().filter_map(id_of).collect();
            w.emit_member(guild, user)?;
            Ok(json!({}))
        })
    }))
}

/// Whether bots can reach a guild.
#[derive(Deserialize)]
pub(super) struct Availability {
    available: bool,
}

/// `PUT /sim/guilds/{guild}` with `available`.
pub(super) async fn availability(
    State(hub): State<Arc<Hub>>,
    Path(guild): Path<String>,
    Json(body): Json<Availability>,
) -> Response {
    answer(id(&guild).and_then(|guild| {
        hub.change(|w| w.set_available(guild, body.available))
            .map(|()| json!({}))
    }))
}
