//! Op 8: members of a guild in chunks
//! (<https://discord.com/developers/docs/events/gateway-events#request-guild-members>).

use serde_json::{Value, json};

use crate::id::Id;
use crate::world::model::{Guild, Member};
use crate::world::{World, id_of, json};

use super::intents;

/// Members in one chunk.
const CHUNK: usize = 1000;
/// Users that one request may name, and the most that a search gives.
const MOST_NAMED: usize = 100;

/// The longest nonce, in bytes; a longer one is ignored.
const LONGEST_NONCE: usize = 32;

/// Who asks, and what the session may know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asker {
    pub(super) bot: Id,
    pub(super) intents: u64,
}

/// A request that was understood.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) guild: &'a Guild,
    found: Vec<&'a Member>,
    /// Named users who are no members; `None` unless users were named.
    not_found: Option<Vec<String>>,
    presences: bool,
    pub(super) nonce: Option<String>,
    /// The whole list was asked for, which is limited.
    pub(super) everybody: bool,
}

/// What is asked for; `None` if it is nonsense or the bot may not ask, which Discord answers with silence.
pub(super) fn read<'a>(world: &'a World, asker: Asker, request: &Value) -> Option<Request<'a>> {
    let guild = world.guilds.get(&request.get("guild_id").and_then(id_of)?)?;
    if !guild.members.contains_key(&asker.bot) || !guild.available {
        return None;
    }
    let named = match request.get("user_ids") {
        Some(Value::Array(list)) => Some(list.clone()),
        Some(Value::Null) | None => None,
        Some(one) => Some(vec![one.clone()]),
    };
    let mut wanted = Request {
        guild,
        found: Vec::new(),
        not_found: None,
        presences: asker.intents & intents::GUILD_PRESENCES != 0
            && request.get("presences").and_then(Value::as_bool).unwrap_or(false),
        nonce: request
            .get("nonce")
            .and_then(Value::as_str)
            .filter(|n| n.len() <= LONGEST_NONCE)
            .map(str::to_owned),
        everybody: false,
    };
    if let Some(ids) = named {
        let mut not_found = Vec::new();
        for id in ids.iter().take(MOST_NAMED) {
            match id_of(id).and_then(|id| guild.members.get(&id)) {
                Some(member) => wanted.found.push(member),
                None => not_found.push(id.as_str().map_or_else(|| id.to_string(), str::to_owned)),
            }
        }
        wanted.not_found = Some(not_found);
        return Some(wanted);
    }
    let query = request.get("query").and_then(Value::as_str).unwrap_or_default();
    let limit = request
        .get("limit")
        .and_then(Value::as_u64)
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(0);
    if query.is_empty() && limit == 0 {
        if asker.intents & intents::GUILD_MEMBERS == 0 {
            return None;
        }
        wanted.everybody = true;
        wanted.found = guild.members.values().collect();
    } else {
        let limit = if limit == 0 {
            MOST_NAMED
        } else {
            limit.min(MOST_NAMED)
        };
        wanted.found = world.members_named(guild.id, query, limit);
    }
    Some(wanted)
}

impl Request<'_> {
    /// The chunks that answer it, each made when it is taken: those of a large guild would fill the memory.
    pub(super) fn chunks<'a>(&'a self, world: &'a World) -> impl Iterator<Item = Value> + 'a {
        let count = self.found.len().div_ceil(CHUNK).max(1);
        (0..count).map(move |index| {
            let part = self.found.iter().skip(index * CHUNK).take(CHUNK);
            let mut chunk = json!({
                "guild_id": self.guild.id, "chunk_index": index, "chunk_count": count,
                "members": part.clone().map(|m| json::member(world, m)).collect::<Vec<_>>(),
            });
            if let Some(not_found) = &self.not_found {
                json::extend(&mut chunk, json!({ "not_found": not_found }));
            }
            if self.presences {
                let list: Vec<Value> = part.map(|m| world.presence(self.guild.id, m)).collect();
                json::extend(&mut chunk, json!({ "presences": list }));
            }
            if let Some(nonce) = &self.nonce {
                json::extend(&mut chunk, json!({ "nonce": nonce }));
            }
            chunk
        })
    }
}
