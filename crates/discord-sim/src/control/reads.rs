//! What there is and what a user sees.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::hub::Hub;
use crate::id::Id;
use crate::sim::visible;
use crate::world::model::{self, Guild, Member, kind};
use crate::world::permissions::{self, Permissions};
use crate::world::{World, json as write};

use super::answers::{
    ApplicationLine, GuildLine, GuildView, Info, Membership, Named, Person, SeenChannel, View, Voice,
};
use super::ask::{Answer, InChannel, OfUser, Path, Query};
use super::objects::{Channel, Message, Role, User};

/// Members shown of a guild.
const MOST_MEMBERS: usize = 200;
/// Messages given at a time.
const MOST_MESSAGES: usize = 100;
/// Messages given if no number is asked for.
const USUAL_MESSAGES: usize = 50;

/// Addresses, guilds and applications with their secrets.
#[utoipa::path(get, path = "/sim/info", tag = "world", responses((status = 200, body = Info)))]
pub(super) async fn info(State(hub): State<Arc<Hub>>) -> Answer<Info> {
    let gateway_url = hub.gateway_url();
    let state = hub.state();
    let world = &state.world;
    let guilds = world.guilds.values().map(|g| GuildLine {
        id: g.id,
        name: g.name.clone(),
        owner_id: g.owner_id,
        members: g.members.len(),
    });
    let applications = world.applications.values().map(|a| ApplicationLine {
        id: a.id,
        name: a.name.clone(),
        bot_id: a.bot_id,
        token: a.token.clone(),
        client_secret: a.client_secret.clone(),
        commands: a.global_commands.len() + a.guild_commands.values().map(BTreeMap::len).sum::<usize>(),
        connected: state.sessions.connected(a.id),
    });
    Ok(axum::Json(Info {
        base_url: world.base_url.clone(),
        gateway_url,
        now: crate::clock::iso(world.now()),
        guilds: guilds.collect(),
        applications: applications.collect(),
    }))
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

fn person(world: &World, guild: Option<&Guild>, user: Id) -> Option<Person> {
    let member = guild.and_then(|g| Some((g, g.members.get(&user)?)));
    Some(Person {
        user: User(write::user(world.users.get(&user)?)),
        member: member.map(|(guild, member)| Membership {
            nick: member.nick.clone(),
            roles: member.roles.clone(),
            standing: standing(world, guild, member),
            color: color(guild, member),
            status: member.status,
            role_names: role_names(guild, member).into_iter().map(str::to_owned).collect(),
        }),
    })
}

/// The colour of the highest role that has one; 0 for none.
fn color(guild: &Guild, member: &Member) -> u32 {
    let roles = member.roles.iter().filter_map(|r| guild.roles.get(r));
    roles
        .filter(|r| r.color != 0)
        .max_by_key(|r| r.position)
        .map_or(0, |r| r.color)
}

/// What somebody is looked for by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// A part of a name, nickname, standing or role, in capitals or not. Nothing finds everybody.
    #[serde(default)]
    query: String,
}

/// Everybody, or those whom the text fits, 200 at most, with what they are in the first guild.
#[utoipa::path(get, path = "/sim/users", tag = "people", params(Search), responses((status = 200, body = [Person])))]
pub(super) async fn users(State(hub): State<Arc<Hub>>, Query(search): Query<Search>) -> Answer<Vec<Person>> {
    let wanted = search.query.to_lowercase();
    Ok(axum::Json(hub.read(|w| {
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

/// A user with guilds, visible channels, members and direct messages.
#[utoipa::path(get, path = "/sim/users/{user}", tag = "people", params(OfUser), responses((status = 200, body = View)))]
pub(super) async fn user(State(hub): State<Arc<Hub>>, Path(of): Path<OfUser>) -> Answer<View> {
    hub.read(|w| {
        let user = of.user;
        let own = w.user(user)?;
        let (inside, outside): (Vec<&Guild>, Vec<&Guild>) =
            w.guilds.values().partition(|g| g.members.contains_key(&user));
        let mut dms: Vec<&model::Channel> = w
            .channels
            .values()
            .filter(|c| c.kind == kind::DM && c.recipients.contains(&user))
            .collect();
        dms.sort_by_key(|c| c.id);
        Ok(axum::Json(View {
            user: User(write::user(own)),
            guilds: inside.into_iter().map(|g| guild_view(w, g, user)).collect(),
            takes_dms: own.takes_dms,
            locale: own.locale.clone(),
            joinable: outside.into_iter().map(|g| named(g.id, &g.name)).collect(),
            dms: dms.into_iter().map(|c| Channel(write::channel(w, c))).collect(),
        }))
    })
}

fn named(id: Id, name: &str) -> Named {
    Named {
        id,
        name: name.to_owned(),
    }
}

/// As many members as are shown, the viewer among them.
fn some_members(guild: &Guild, viewer: Id) -> impl Iterator<Item = Id> {
    let others = guild.members.keys().copied().filter(move |id| *id != viewer);
    std::iter::once(viewer).chain(others.take(MOST_MEMBERS - 1))
}

fn guild_view(world: &World, guild: &Guild, viewer: Id) -> GuildView {
    let mut channels: Vec<&model::Channel> = guild
        .channels
        .iter()
        .filter_map(|id| world.channels.get(id))
        .filter(|c| world.sees(viewer, c))
        .collect();
    channels.sort_by_key(|c| (c.position, c.id));
    let channels = channels.into_iter().map(|c| SeenChannel {
        channel: Channel(write::channel(world, c)),
        permissions: world.permissions_in(c, viewer).0.to_string(),
    });
    let voice = guild.voice.iter().map(|(user, state)| Voice {
        user: *user,
        channel: state.channel,
    });
    GuildView {
        id: guild.id,
        name: guild.name.clone(),
        owner_id: guild.owner_id,
        channels: channels.collect(),
        roles: guild.roles.values().map(|role| Role(write::role(role))).collect(),
        members: some_members(guild, viewer)
            .filter_map(|id| person(world, Some(guild), id))
            .collect(),
        emojis: guild.emojis.iter().map(|e| named(e.id, &e.name)).collect(),
        voice: voice.collect(),
        permissions: world.permissions_in_guild(guild.id, viewer).0.to_string(),
    }
}

/// How many messages and from where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// At most this many, 50 if not given, 100 if more are wanted.
    limit: Option<usize>,
    /// Only those before this message.
    #[param(value_type = Option<String>, pattern = "^[0-9]{1,20}$")]
    before: Option<Id>,
}

/// Messages of a channel, oldest first, as the user sees them, with those that only they see.
#[utoipa::path(get, path = "/sim/users/{user}/channels/{channel}/messages", tag = "messages",
    params(InChannel, Page), responses((status = 200, body = [Message])))]
pub(super) async fn messages(
    State(hub): State<Arc<Hub>>,
    Path(at): Path<InChannel>,
    Query(page): Query<Page>,
) -> Answer<Vec<Message>> {
    hub.read(|w| {
        w.require_in_channel(at.channel, at.user, Permissions::NONE)?;
        let mut list = visible(w, at.user, at.channel);
        list.retain(|m| page.before.is_none_or(|b| m.id < b));
        let skip = list
            .len()
            .saturating_sub(page.limit.unwrap_or(USUAL_MESSAGES).min(MOST_MESSAGES));
        Ok(axum::Json(list.iter().skip(skip).map(Message::from).collect()))
    })
}
