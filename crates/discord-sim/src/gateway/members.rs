//! Op 8: members of a guild in chunks
//! (<https://discord.com/developers/docs/events/gateway-events#request-guild-members>).

use serde_json::{Value, json};

use crate::id::Id;
use crate::world::model::Member;
use crate::world::{World, id_of, json};

/// Members in one chunk.
const CHUNK: usize = 1000;
/// Users that one request may name, and the most that a search gives.
const MOST_NAMED: usize = 100;

/// The chunks that answer a request of the bot; none if it may not ask.
pub(super) fn chunks(world: &World, bot: Id, members_intent: bool, request: &Value) -> Vec<Value> {
    let Some(guild) = request
        .get("guild_id")
        .and_then(id_of)
        .and_then(|id| world.guilds.get(&id))
    else {
        return Vec::new();
    };
    if !guild.members.contains_key(&bot) {
        return Vec::new();
    }
    let mut not_found: Vec<String> = Vec::new();
    let wanted = match request.get("user_ids") {
        Some(Value::Array(list)) => Some(list.clone()),
        Some(Value::Null) | None => None,
        Some(one) => Some(vec![one.clone()]),
    };
    let found: Vec<&Member> = if let Some(ids) = wanted {
        let mut members = Vec::new();
        for id in ids.iter().take(MOST_NAMED) {
            match id_of(id).and_then(|id| guild.members.get(&id)) {
                Some(member) => members.push(member),
                None => not_found.push(id.as_str().map_or_else(|| id.to_string(), str::to_owned)),
            }
        }
        members
    } else {
        let query = request.get("query").and_then(Value::as_str).unwrap_or_default();
        let limit = request
            .get("limit")
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(0);
        if query.is_empty() && limit == 0 {
            if !members_intent {
                return Vec::new();
            }
            guild.members.values().collect()
        } else {
            world.members_named(guild.id, query, limit.clamp(1, MOST_NAMED))
        }
    };
    let nonce = request.get("nonce").filter(|n| !n.is_null());
    let presences = request.get("presences").and_then(Value::as_bool).unwrap_or(false);
    let count = found.len().div_ceil(CHUNK).max(1);
    let empty: [&[&Member]; 1] = [&[]];
    let parts: Vec<&[&Member]> = if found.is_empty() {
        empty.to_vec()
    } else {
        found.chunks(CHUNK).collect()
    };
    parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| {
            let mut chunk = json!({
                "guild_id": guild.id, "chunk_index": index, "chunk_count": count,
                "members": part.iter().map(|m| json::member(world, m)).collect::<Vec<_>>(), "not_found": not_found,
            });
            if presences {
                let list: Vec<Value> = part.iter().map(|m| json::presence(guild.id, m)).collect();
                json::extend(&mut chunk, json!({ "presences": list }));
            }
            if let Some(nonce) = nonce {
                json::extend(&mut chunk, json!({ "nonce": nonce }));
            }
            chunk
        })
        .collect()
}
