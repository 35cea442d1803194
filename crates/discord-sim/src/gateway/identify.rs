//! Op 2 and op 6: how a session begins or goes on.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::hub::{Hub, State};
use crate::id::Id;
use crate::world::json;
use crate::world::model::{Application, Guild};

use super::frames::Outgoing;
use super::limits::Start;
use super::{Resume, Session, intents, presence};

/// Guilds that one shard may have.
const GUILDS_PER_SHARD: usize = 2500;

/// How an attempt ended.
pub(super) enum Outcome {
    /// The session runs on this socket.
    Running {
        /// The session.
        id: String,
        /// The socket's number.
        socket: u64,
        /// Large payloads are to be compressed.
        compress: bool,
    },
    /// Close with this code.
    Refused(u16),
    /// Op 9, not resumable.
    Invalid,
}

fn application<'a>(state: &'a State, data: &Value) -> Option<&'a Application> {
    let token = data.get("token").and_then(Value::as_str)?;
    state
        .world
        .application_by_token(token.strip_prefix("Bot ").unwrap_or(token))
}

/// Op 2.
pub(super) fn identify(hub: &Hub, data: &Value, out: &mpsc::Sender<Outgoing>) -> Outcome {
    hub.change_state(|state| {
        let Some(app) = application(state, data) else {
            return Outcome::Refused(4004);
        };
        let (application, bot) = (app.id, app.bot_id);
        let Some(wanted) = data
            .get("intents")
            .and_then(Value::as_u64)
            .filter(|i| i & !intents::KNOWN == 0)
        else {
            return Outcome::Refused(4013);
        };
        if !allowed(app, wanted) {
            return Outcome::Refused(4014);
        }
        let shard = match data.get("shard") {
            None | Some(Value::Null) => (0, 1),
            Some(pair) => match (
                pair.get(0).and_then(Value::as_u64),
                pair.get(1).and_then(Value::as_u64),
            ) {
                (Some(shard), Some(shards)) if shard < shards => (shard, shards),
                _ => return Outcome::Refused(4010),
            },
        };
        let large = match data.get("large_threshold") {
            None | Some(Value::Null) => json::DEFAULT_LARGE_THRESHOLD,
            Some(n) => match n.as_u64().and_then(|n| usize::try_from(n).ok()) {
                Some(n) => n.clamp(50, 250),
                None => return Outcome::Refused(4002),
            },
        };
        let mine: Vec<Id> = state
            .world
            .guilds
            .values()
            .filter(|g| g.members.contains_key(&bot) && (g.id.get() >> 22) % shard.1 == shard.0)
            .map(|g| g.id)
            .collect();
        if mine.len() > GUILDS_PER_SHARD {
            return Outcome::Refused(4011);
        }
        match start(state, hub, application, shard.0) {
            Start::Fine => {}
            Start::TooSoon => return Outcome::Invalid,
            Start::Exhausted => return Outcome::Refused(4004),
        }
        let id = state.world.dice.token(32).to_lowercase();
        let compress = data.get("compress").and_then(Value::as_bool).unwrap_or(false);
        let mut session = Session::new(id.clone(), (application, bot), wanted, shard, compress);
        session.chance = state
            .world
            .users
            .get(&bot)
            .map_or_else(String::new, |user| format!("{} {}", user.name, shard.0));
        if !presence::begin(&mut state.world, bot, data.get("presence")) {
            return Outcome::Refused(4002);
        }
        // Others hear of it; this session reads it in its guilds.
        hub.tell(state);
        let socket = state.sessions.open(session, out.clone());
        let ready = ready(state, hub, &id, application, shard, &mine);
        state.sessions.send_to(&id, "READY", &ready);
        if wanted & intents::GUILDS != 0 {
            send_guilds(state, &id, bot, &mine, wanted, large);
        }
        Outcome::Running { id, socket, compress }
    })
}

/// Counts the identify. A bot that used up its day loses its sessions and its token, as on Discord.
fn start(state: &mut State, hub: &Hub, application: Id, shard: u64) -> Start {
    let allowance = state.allowance(hub, application);
    let paced = hub.limits_gateway.load(Ordering::Relaxed);
    let now = hub.clock.instant();
    let start = state
        .sessions
        .limits
        .start(application, shard, allowance, paced, now);
    if start == Start::Exhausted {
        state.sessions.end_all(application);
        state.world.reset_token(application);
    }
    start
}

fn allowed(app: &Application, wanted: u64) -> bool {
    let has = |bit, on| wanted & bit == 0 || on;
    has(intents::GUILD_MEMBERS, app.intents.members)
        && has(intents::GUILD_PRESENCES, app.intents.presences)
        && has(intents::MESSAGE_CONTENT, app.intents.message_content)
}

fn ready(state: &State, hub: &Hub, id: &str, application: Id, shard: (u64, u64), guilds: &[Id]) -> Value {
    let app = state.world.applications.get(&application);
    let user = app
        .and_then(|a| state.world.users.get(&a.bot_id))
        .map(json::own_user);
    json!({
        "v": 10, "user": user, "session_id": id, "session_type": "normal",
        "resume_gateway_url": hub.resume_url(), "shard": [shard.0, shard.1],
        "guilds": guilds.iter().map(|g| json!({ "id": g, "unavailable": true })).collect::<Vec<_>>(),
        "application": { "id": application, "flags": app.map_or(0, json::application_flags) },
        "private_channels": [], "presences": [], "relationships": [], "user_settings": {},
        "geo_ordered_rtc_regions": [], "guild_join_requests": [], "_trace": ["discord-sim"],
    })
}

fn send_guilds(state: &mut State, session: &str, bot: Id, guilds: &[Id], wanted: u64, threshold: usize) {
    // Without presences a guild comes with the bot and those in voice alone; the rest is asked for (op 8).
    let members = wanted & intents::GUILD_PRESENCES != 0;
    for id in guilds {
        let Some(guild) = state.world.guilds.get(id) else {
            continue;
        };
        let (kind, body) = if guild.available {
            (
                "GUILD_CREATE",
                guild_body(state, guild, bot, members, wanted, threshold),
            )
        } else {
            ("GUILD_DELETE", json!({ "id": id, "unavailable": true }))
        };
        state.sessions.send_to(session, kind, &body);
    }
}

fn guild_body(state: &State, guild: &Guild, bot: Id, members: bool, wanted: u64, threshold: usize) -> Value {
    let mut body = json::guild_create(&state.world, guild, bot, members, threshold);
    if wanted & intents::GUILD_PRESENCES != 0 && guild.members.len() <= threshold {
        let online = guild.members.values().filter(|m| m.status != "offline");
        let list: Vec<Value> = online.map(|m| state.world.presence(guild.id, m)).collect();
        json::extend(&mut body, json!({ "presences": list }));
    }
    body
}

/// Op 6.
pub(super) fn resume(hub: &Hub, data: &Value, out: &mpsc::Sender<Outgoing>) -> Outcome {
    hub.change_state(|state| {
        let Some(application) = application(state, data).map(|a| a.id) else {
            return Outcome::Refused(4004);
        };
        let id = data
            .get("session_id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let Some(sequence) = data.get("seq").and_then(Value::as_u64) else {
            return Outcome::Invalid;
        };
        match state.sessions.resume(&id, application, sequence, out.clone()) {
            Resume::Done(socket, compress) => Outcome::Running { id, socket, compress },
            Resume::Gone => Outcome::Invalid,
            Resume::InvalidSequence => Outcome::Refused(4007),
        }
    })
}
