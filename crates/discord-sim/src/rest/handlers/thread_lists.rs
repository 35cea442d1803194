//! Lists of threads: active, archived, joined, and found by name or tag
//! (<https://discord.com/developers/docs/resources/channel>).

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::world::model::{Channel, Thread, kind};
use crate::world::permissions::Permissions;
use crate::world::{json, json_message};

/// Threads that `user` sees, with what only threads have.
fn threads<'a>(
    call: &'a Call<'_>,
    user: Id,
    guild: Option<Id>,
    fits: impl Fn(&Channel, &Thread) -> bool + 'a,
) -> impl Iterator<Item = (&'a Channel, &'a Thread)> {
    let guild = guild.and_then(|id| call.world.guilds.get(&id));
    guild
        .into_iter()
        .flat_map(|g| &g.channels)
        .filter_map(|id| call.world.channels.get(id))
        .filter_map(|c| c.thread.as_ref().map(|t| (c, t)))
        .filter(move |(c, t)| fits(c, t) && call.world.sees(user, c))
}

/// Threads with the viewer's memberships among them.
fn shown(call: &Call<'_>, user: Id, list: &[(&Channel, &Thread)]) -> Value {
    let members = list.iter().filter_map(|(c, t)| {
        let at = t.members.get(&user)?;
        Some(json::thread_member(c.id, user, *at))
    });
    json!({
        "threads": list.iter().map(|(c, _)| json::channel(call.world, c)).collect::<Vec<_>>(),
        "members": members.collect::<Vec<_>>(),
    })
}

/// `GET /guilds/{guild}/threads/active`: newest first.
pub(crate) fn active(call: &mut Call<'_>) -> HandlerResult {
    let (user, guild) = (call.user()?, call.id("guild")?);
    call.world.require_in_guild(guild, user, Permissions::NONE)?;
    let mut list: Vec<_> = threads(call, user, Some(guild), |_, t| !t.archived).collect();
    list.sort_by_key(|(c, _)| Reverse(c.id));
    let all = list.len();
    page(call, user, list, all)
}

/// The archived threads of a channel of some kinds, the one archived last first.
fn archived(call: &Call<'_>, needed: Permissions, kinds: &'static [u8]) -> HandlerResult {
    let (user, channel) = (call.user()?, call.id("channel")?);
    call.world
        .require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY | needed)?;
    let limit = call.query_number("limit", 50, 2, 100)?;
    let before = call.query_time("before")?;
    let guild = call.world.channel(channel)?.guild_id;
    let mut list: Vec<_> = threads(call, user, guild, move |c, t| {
        c.parent_id == Some(channel)
            && t.archived
            && kinds.contains(&c.kind)
            && before.is_none_or(|b| t.archived_at < b)
    })
    .collect();
    list.sort_by_key(|(c, t)| Reverse((t.archived_at, c.id)));
    page(call, user, list, limit)
}

fn page(call: &Call<'_>, user: Id, mut list: Vec<(&Channel, &Thread)>, limit: usize) -> HandlerResult {
    let more = list.len() > limit;
    list.truncate(limit);
    let mut value = shown(call, user, &list);
    json::extend(&mut value, json!({ "has_more": more }));
    Ok(Reply::Json(value))
}

/// `GET /channels/{channel}/threads/archived/public`
pub(crate) fn archived_public(call: &mut Call<'_>) -> HandlerResult {
    archived(call, Permissions::NONE, &[kind::PUBLIC_THREAD, kind::NEWS_THREAD])
}

/// `GET /channels/{channel}/threads/archived/private`
pub(crate) fn archived_private(call: &mut Call<'_>) -> HandlerResult {
    archived(call, Permissions::MANAGE_THREADS, &[kind::PRIVATE_THREAD])
}

/// `GET /channels/{channel}/users/@me/threads/archived/private`: by id, newest first.
pub(crate) fn joined_private(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel) = (call.user()?, call.id("channel")?);
    call.world
        .require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
    let limit = call.query_number("limit", 50, 2, 100)?;
    let before = call.query_id("before");
    let guild = call.world.channel(channel)?.guild_id;
    let mut list: Vec<_> = threads(call, user, guild, move |c, t| {
        c.parent_id == Some(channel)
            && t.archived
            && c.kind == kind::PRIVATE_THREAD
            && t.members.contains_key(&user)
            && before.is_none_or(|b| c.id < b)
    })
    .collect();
    list.sort_by_key(|(c, _)| Reverse(c.id));
    page(call, user, list, limit)
}

/// `GET /channels/{channel}/threads/search`
pub(crate) fn search(call: &mut Call<'_>) -> HandlerResult {
    let (user, channel) = (call.user()?, call.id("channel")?);
    call.world
        .require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
    let limit = call.query_number("limit", 25, 1, 25)?;
    let offset = call.query_number("offset", 0, 0, 9975)?;
    let guild = call.world.channel(channel)?.guild_id;
    let name = call.query("name").unwrap_or_default().to_lowercase();
    let tags: Vec<Id> = call
        .query
        .iter()
        .filter(|(key, _)| key == "tag")
        .flat_map(|(_, value)| value.split(','))
        .filter_map(|id| id.parse().ok())
        .collect();
    let every = call.query("tag_setting") == Some("match_all");
    let archived = call.query("archived").map(|_| call.query_flag("archived"));
    let (least, most) = (call.query_id("min_id"), call.query_id("max_id"));
    let mut list: Vec<_> = threads(call, user, guild, move |c, t| {
        let has = |tag: &Id| t.applied_tags.contains(tag);
        let tagged = if every {
            tags.iter().all(has)
        } else {
            tags.iter().any(has)
        };
        c.parent_id == Some(channel)
            && c.name.to_lowercase().contains(&name)
            && (tags.is_empty() || tagged)
            && archived.is_none_or(|a| t.archived == a)
            && least.is_none_or(|id| c.id >= id)
            && most.is_none_or(|id| c.id <= id)
    })
    .collect();
    let sort = call.query("sort_by").unwrap_or("last_message_time").to_owned();
    list.sort_by_key(|(c, t)| match sort.as_str() {
        "creation_time" => (c.id.made_at(), c.id),
        "archive_time" => (t.archived_at, c.id),
        _ => (c.last_message_id.unwrap_or(c.id).made_at(), c.id),
    });
    if call.query("sort_order") != Some("asc") {
        list.reverse();
    }
    let total = list.len();
    let list: Vec<_> = list.into_iter().skip(offset).take(limit).collect();
    let first = list.iter().filter_map(|(c, _)| c.message(c.id));
    let first: Vec<Value> = first
        .map(|m| json_message::message(call.world, m, user))
        .collect();
    let mut value = shown(call, user, &list);
    json::extend(
        &mut value,
        json!({ "has_more": total > offset + list.len(), "total_results": total, "first_messages": first }),
    );
    Ok(Reply::Json(value))
}
