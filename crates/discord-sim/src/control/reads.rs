//! What there is and what a user sees.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::hub::Hub;
use crate::id::Id;
use crate::sim::{Exchange, visible};
use crate::world::model::{Channel, Guild, Member, kind};
use crate::world::permissions::{self, Permissions};
use crate::world::{World, json as write};

use super::{answer, exchange_json, id, seen_json};

/// Members shown of a guild.
const MOST_MEMBERS: usize = 200;
/// Messages given at a time.
const MOST_MESSAGES: usize = 100;

/// `GET /sim/info`: addresses, guilds and applications with their secrets.
pub(super) async fn info(State(hub): State<Arc<Hub>>) -> Response {
    let gateway = hub.gateway_url();
    answer(Ok(hub.read(|w| {
        let guilds: Vec<Value> = w
            .guilds
            .values()
            .map(|g| json!({ "id": g.id, "name": g.name, "owner_id": g.owner_id, "members": g.members.len() }))
            .collect();
        let applications: Vec<Value> = w
            .applications
            .values()
            .map(|a| {
                json!({ "id": a.id, "name": a.name, "bot_id": a.bot_id, "token": a.token,
                    "client_secret": a.client_secret, "commands": a.global_commands.len()
                        + a.guild_commands.values().map(std::collections::BTreeMap::len).sum::<usize>() })
            })
            .collect();
        json!({ "base_url": w.base_url, "gateway_url": gateway, "now": crate::clock::iso(w.now()), "guilds": guilds,
            "applications": applications })
    })))
}

/// What a member is called on the page beside the name: by standing, not by role names.
fn standing(world: &World, guild: &Guild, member: &Member) -> &'static str {
    let set = permissions::in_guild(guild, member, world.now());
    if guild.owner_id == member.user_id {
        "owner"
    } else if set.has(Permissions::ADMINISTRATOR) {
        "admin"
    } else if set.has(Permissions::KICK_MEMBERS) || set.has(Permissions::MANAGE_MESSAGES) {
        "moderator"
    } else if member.roles.is_empty() {
        "newcomer"
    } else {
        "member"
    }
}

/// Names of the member's roles, highest first.
fn role_names<'a>(guild: &'a Guild, member: &Member) -> Vec<&'a str> {
    let mut roles: Vec<_> = member.roles.iter().filter_map(|r| guild.roles.get(r)).collect();
    roles.sort_by_key(|r| std::cmp::Reverse(r.position));
    roles.into_iter().map(|r| r.name.as_str()).collect()
}

fn person(world: &World, guild: Option<&Guild>, user: Id) -> Option<Value> {
    let mut value = write::user(world.users.get(&user)?);
    if let Some((guild, member)) = guild.and_then(|g| Some((g, g.members.get(&user)?))) {
        write::extend(
            &mut value,
            json!({
                "nick": member.nick, "roles": member.roles, "standing": standing(world, guild, member),
                "color": member.roles.iter().filter_map(|r| guild.roles.get(r)).filter(|r| r.color != 0)
                    .max_by_key(|r| r.position).map_or(0, |r| r.color),
                "status": member.status, "role_names": role_names(guild, member),
            }),
        );
    }
    Some(value)
}

/// What somebody is looked for by.
#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    query: String,
}

/// `GET /sim/users?query=…`: everybody, or those whose name, nickname, standing or role contains the text, with
/// their standing in the first guild.
pub(super) async fn users(State(hub): State<Arc<Hub>>, Query(search): Query<Search>) -> Response {
    let wanted = search.query.to_lowercase();
    answer(Ok(hub.read(|w| {
        let guild = w.guilds.values().next();
        let mut ids: Vec<Id> = w
            .users
            .keys()
            .copied()
            .filter(|id| wanted.is_empty() || is_found(w, guild, *id, &wanted))
            .collect();
        ids.sort();
        ids.into_iter()
            .take(MOST_MEMBERS)
            .filter_map(|id| person(w, guild, id))
            .collect()
    })))
}

fn is_found(world: &World, guild: Option<&Guild>, user: Id, wanted: &str) -> bool {
    let fits = |text: &str| text.to_lowercase().contains(wanted);
    let named = world
        .users
        .get(&user)
        .is_some_and(|u| fits(&u.name) || u.global_name.as_deref().is_some_and(fits));
    let known = guild.and_then(|g| Some((g, g.members.get(&user)?)));
    named
        || known.is_some_and(|(g, m)| {
            m.nick.as_deref().is_some_and(fits)
                || fits(standing(world, g, m))
                || role_names(g, m).into_iter().any(fits)
        })
}

/// `GET /sim/users/{user}`: the user with guilds, visible channels, members and direct messages.
pub(super) async fn user(State(hub): State<Arc<Hub>>, Path(user): Path<String>) -> Response {
    answer(id(&user).and_then(|user| {
        hub.read(|w| {
            let own = write::user(w.user(user)?);
            let guilds: Vec<Value> = w
                .guilds
                .values()
                .filter(|g| g.members.contains_key(&user))
                .map(|g| guild_view(w, g, user))
                .collect();
            let mut dms: Vec<&Channel> = w
                .channels
                .values()
                .filter(|c| c.kind == kind::DM && c.recipients.contains(&user))
                .collect();
            dms.sort_by_key(|c| c.id);
            Ok(json!({
                "user": own, "guilds": guilds, "takes_dms": w.user(user)?.takes_dms, "locale": w.user(user)?.locale,
                "joinable": w.guilds.values().filter(|g| !g.members.contains_key(&user))
                    .map(|g| json!({ "id": g.id, "name": g.name })).collect::<Vec<_>>(),
                "dms": dms.into_iter().map(|c| write::channel(w, c)).collect::<Vec<_>>(),
            }))
        })
    }))
}

/// As many members as are shown, the viewer among them.
fn some_members(guild: &Guild, viewer: Id) -> impl Iterator<Item = Id> {
    let others = guild.members.keys().copied().filter(move |id| *id != viewer);
    std::iter::once(viewer).chain(others.take(MOST_MEMBERS - 1))
}

fn guild_view(world: &World, guild: &Guild, viewer: Id) -> Value {
    let mut channels: Vec<&Channel> = guild
        .channels
        .iter()
        .filter_map(|id| world.channels.get(id))
        .filter(|c| world.sees(viewer, c))
        .collect();
    channels.sort_by_key(|c| (c.position, c.id));
    let list: Vec<Value> = channels
        .into_iter()
        .map(|c| {
            let set = world.permissions_in(c, viewer);
            let mut value = write::channel(world, c);
            write::extend(&mut value, json!({ "permissions": write::permission_text(set) }));
            value
        })
        .collect();
    json!({
        "id": guild.id, "name": guild.name, "owner_id": guild.owner_id, "channels": list,
        "roles": guild.roles.values().map(write::role).collect::<Vec<_>>(),
        "members": some_members(guild, viewer).filter_map(|id| person(world, Some(guild), id)).collect::<Vec<_>>(),
        "emojis": guild.emojis.iter().map(|e| json!({ "id": e.id, "name": e.name })).collect::<Vec<_>>(),
        "voice": guild.voice.iter().map(|(user, v)| json!({ "user": user, "channel": v.channel })).collect::<Vec<_>>(),
        "permissions": write::permission_text(world.permissions_in_guild(guild.id, viewer)),
    })
}

/// How many messages and from where.
#[derive(Deserialize)]
pub(super) struct Page {
    limit: Option<usize>,
    before: Option<String>,
}

/// `GET …/messages`: oldest first, as the user sees them, ephemeral ones included.
pub(super) async fn messages(
    State(hub): State<Arc<Hub>>,
    Path((user, channel)): Path<(String, String)>,
    Query(page): Query<Page>,
) -> Response {
    answer(id(&user).and_then(|user| {
        let channel = id(&channel)?;
        let before = page.before.as_deref().map(id).transpose()?;
        hub.read(|w| {
            w.require_in_channel(channel, user, Permissions::NONE)?;
            let mut list = visible(w, user, channel);
            list.retain(|m| before.is_none_or(|b| m.id < b));
            let skip = list
                .len()
                .saturating_sub(page.limit.unwrap_or(50).min(MOST_MESSAGES));
            Ok(list.iter().skip(skip).map(seen_json).collect())
        })
    }))
}

/// `GET …/commands`: what the user may run there.
pub(super) async fn commands(
    State(hub): State<Arc<Hub>>,
    Path((user, channel)): Path<(String, String)>,
) -> Response {
    answer(id(&user).and_then(|user| {
        let channel = id(&channel)?;
        Ok(hub.read(|w| {
            w.commands_for(user, channel)
                .into_iter()
                .map(|(app, c)| write::command(app, c, true))
                .collect()
        }))
    }))
}

/// `GET …/interactions/{interaction}`: what came of it so far.
pub(super) async fn interaction(
    State(hub): State<Arc<Hub>>,
    Path((user, of)): Path<(String, String)>,
) -> Response {
    answer(id(&user).and_then(|user| {
        let exchange = hub.read(|w| Exchange::look(w, id(&of)?))?;
        if exchange.user == user {
            Ok(exchange_json(&exchange))
        } else {
            Err(crate::ApiError::unknown_interaction())
        }
    }))
}
