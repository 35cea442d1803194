//! What no user can do: move time, make faults, add people, wait for quiet.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::clock::iso;
use crate::error::ApiError;
use crate::faults::{self, Fault, FaultPlan, FaultRule};
use crate::gateway::GatewayFault;
use crate::hub::Hub;
use crate::id::Id;
use crate::world::json as write;
use crate::world::model::{Overwrite, OverwriteKind};
use crate::world::permissions::Permissions;

use super::acts::done;
use super::answers::{Done, Hit, Silence, Time, Waiting};
use super::ask::{Answer, Json, OfChannel, OfGuild, OfMember, OfOverwrite, Path};
use super::objects::User;

/// Somebody new.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewUser {
    /// The name.
    name: String,
    /// A guild to be a member of.
    guild: Option<Id>,
    /// Roles there.
    #[serde(default)]
    roles: Vec<Id>,
}

/// Makes a new user, and a member of a guild if wanted.
#[utoipa::path(post, path = "/sim/users", tag = "people", responses((status = 200, body = User)))]
pub(super) async fn add_user(State(hub): State<Arc<Hub>>, Json(new): Json<NewUser>) -> Answer<User> {
    hub.change(|w| {
        let user = w.add_user(&new.name);
        if let Some(guild) = new.guild {
            w.join(guild, user)?;
            w.member_mut(guild, user)?.roles = new.roles.into_iter().collect();
            w.emit_member(guild, user)?;
        }
        Ok(axum::Json(User(write::user(w.user(user)?))))
    })
}

/// Deletes a channel, as if an administrator had clicked.
#[utoipa::path(delete, path = "/sim/channels/{channel}", tag = "world",
    params(OfChannel), responses((status = 200, body = Done)))]
pub(super) async fn delete_channel(State(hub): State<Arc<Hub>>, Path(of): Path<OfChannel>) -> Answer<Done> {
    done(hub.change(|w| {
        w.channel(of.channel)?;
        w.forget_channel(of.channel);
        Ok(())
    }))
}

fn time_of(hub: &Hub) -> Answer<Time> {
    Ok(axum::Json(Time {
        now: iso(hub.clock.now()),
        manual: hub.clock.is_manual(),
    }))
}

/// The time of the world.
#[utoipa::path(get, path = "/sim/clock", tag = "world", responses((status = 200, body = Time)))]
pub(super) async fn time(State(hub): State<Arc<Hub>>) -> Answer<Time> {
    time_of(&hub)
}

/// How far to move.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Advance {
    /// Milliseconds.
    advance_ms: u64,
}

/// Moves time forward; what is due by then happens.
#[utoipa::path(post, path = "/sim/clock", tag = "world", responses((status = 200, body = Time)))]
pub(super) async fn advance(State(hub): State<Arc<Hub>>, Json(by): Json<Advance>) -> Answer<Time> {
    hub.clock.advance(Duration::from_millis(by.advance_ms));
    hub.change(|_| ());
    time_of(&hub)
}

/// The faults of requests that wait.
#[utoipa::path(get, path = "/sim/faults", tag = "faults", responses((status = 200, body = Waiting)))]
pub(super) async fn faults(State(hub): State<Arc<Hub>>) -> Answer<Waiting> {
    Ok(axum::Json(Waiting(hub.faults.list())))
}

/// A fault in either form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum AnyFault {
    /// Of any kind, in the words of the command line.
    Words(Words),
    /// Of requests.
    Rule(FaultRule),
}

/// A fault in words.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Words {
    /// Such as `POST /channels/{channel}/messages 502 x2` or `gateway drop after 30s`.
    words: String,
}

/// Lets something go wrong.
#[utoipa::path(post, path = "/sim/faults", tag = "faults", description = faults_in_words(),
    responses((status = 200, body = Done)))]
pub(super) async fn add_fault(State(hub): State<Arc<Hub>>, Json(fault): Json<AnyFault>) -> Answer<Done> {
    let plan = match fault {
        AnyFault::Words(Words { words }) => words
            .parse::<FaultPlan>()
            .map_err(|error| ApiError::field("words", "FAULT_INVALID", error.to_string()))?,
        AnyFault::Rule(rule) => FaultPlan {
            fault: Fault::Rest(rule),
            after: Duration::ZERO,
            every: None,
        },
    };
    done(faults::start(&hub, plan))
}

fn faults_in_words() -> String {
    format!(
        "A rule for requests with its `effect`, or a fault of any kind in `words`:\n\n```text\n{}\n```",
        FaultPlan::WORDS
    )
}

/// Takes all faults of requests back and ends the chaos.
#[utoipa::path(delete, path = "/sim/faults", tag = "faults", responses((status = 200, body = Done)))]
pub(super) async fn clear_faults(State(hub): State<Arc<Hub>>) -> Answer<Done> {
    hub.faults.clear();
    hub.state().sessions.set_chaos(None);
    Ok(axum::Json(Done {}))
}

/// Which connections, and what.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Afflict {
    /// Of this application only; of all if absent.
    application: Option<Id>,
    /// What happens to them.
    #[serde(flatten)]
    fault: GatewayFault,
}

/// Lets something go wrong with the connections that there are now.
#[utoipa::path(post, path = "/sim/gateway-faults", tag = "faults", responses((status = 200, body = Hit)))]
pub(super) async fn gateway_fault(State(hub): State<Arc<Hub>>, Json(body): Json<Afflict>) -> Answer<Hit> {
    let connections = hub.change_state(|state| state.sessions.afflict(body.application, &body.fault));
    Ok(axum::Json(Hit { connections }))
}

/// How long nothing may happen, and how long to wait for that.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Quiet {
    /// Milliseconds of real time without a change.
    #[serde(default = "Quiet::idle")]
    idle_ms: u64,
    /// Milliseconds of real time after which it gives up.
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

/// Waits until every bot has taken its events, every interaction is answered and nothing changes.
#[utoipa::path(post, path = "/sim/quiet", tag = "world", responses((status = 200, body = Silence)))]
pub(super) async fn quiet(State(hub): State<Arc<Hub>>, Json(body): Json<Quiet>) -> Answer<Silence> {
    let (idle, timeout) = (
        Duration::from_millis(body.idle_ms),
        Duration::from_millis(body.timeout_ms),
    );
    let quiet = hub.wait_for_quiet(idle, timeout).await;
    Ok(axum::Json(Silence { quiet }))
}

/// What a role or member may do in a channel beside what roles give.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewOverwrite {
    /// 0 for a role, 1 for a member.
    #[serde(default, rename = "type")]
    #[schema(maximum = 1)]
    kind: u8,
    /// What is allowed.
    #[serde(default)]
    allow: Bits,
    /// What is forbidden.
    #[serde(default)]
    deny: Bits,
}

/// A set of permissions as a number, or as a text with a decimal number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
enum Bits {
    /// A number.
    Number(u64),
    /// A decimal number.
    Text(String),
}

impl Default for Bits {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl Bits {
    fn read(&self, field: &str) -> Result<Permissions, ApiError> {
        match self {
            Self::Number(bits) => Ok(Permissions(*bits)),
            Self::Text(text) => text
                .parse()
                .map(Permissions)
                .map_err(|_| ApiError::field(field, "NUMBER_TYPE_COERCE", "Must be a permission number.")),
        }
    }
}

/// Sets an overwrite of a channel, as if an administrator had clicked.
#[utoipa::path(put, path = "/sim/channels/{channel}/overwrites/{of}", tag = "world",
    params(OfOverwrite), responses((status = 200, body = Done)))]
pub(super) async fn overwrite(
    State(hub): State<Arc<Hub>>,
    Path(at): Path<OfOverwrite>,
    Json(new): Json<NewOverwrite>,
) -> Answer<Done> {
    let overwrite = Overwrite {
        id: at.of,
        kind: match new.kind {
            0 => OverwriteKind::Role,
            _ => OverwriteKind::Member,
        },
        allow: new.allow.read("allow")?,
        deny: new.deny.read("deny")?,
    };
    done(hub.change(|w| {
        w.channel(at.channel)?;
        w.overwrite(at.channel, overwrite);
        w.emit_channel("CHANNEL_UPDATE", at.channel);
        Ok(())
    }))
}

/// The roles that a member is to have.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewRoles {
    /// Their ids; all others are taken away.
    roles: Vec<Id>,
}

/// Sets a member's roles, as if an administrator had clicked.
#[utoipa::path(put, path = "/sim/guilds/{guild}/members/{user}/roles", tag = "world",
    params(OfMember), responses((status = 200, body = Done)))]
pub(super) async fn set_roles(
    State(hub): State<Arc<Hub>>,
    Path(of): Path<OfMember>,
    Json(new): Json<NewRoles>,
) -> Answer<Done> {
    done(hub.change(|w| {
        w.member_mut(of.guild, of.user)?.roles = new.roles.into_iter().collect();
        w.emit_member(of.guild, of.user)
    }))
}

/// Whether bots can reach a guild.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Availability {
    /// False begins an outage, true ends it.
    available: bool,
}

/// Begins or ends an outage of a guild.
#[utoipa::path(put, path = "/sim/guilds/{guild}", tag = "faults",
    params(OfGuild), responses((status = 200, body = Done)))]
pub(super) async fn availability(
    State(hub): State<Arc<Hub>>,
    Path(of): Path<OfGuild>,
    Json(body): Json<Availability>,
) -> Answer<Done> {
    done(hub.change(|w| w.set_available(of.guild, body.available)))
}
