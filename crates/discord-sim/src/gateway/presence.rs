//! Op 3: how a bot shows itself.

use serde_json::Value;

use crate::id::Id;
use crate::world::{Scope, World, json};

/// Takes a bot's new status over; false if the frame makes no sense.
pub(super) fn update(world: &mut World, bot: Id, data: &Value) -> bool {
    let status = match data.get("status").and_then(Value::as_str) {
        Some("online") => "online",
        Some("idle") => "idle",
        Some("dnd") => "dnd",
        Some("invisible" | "offline") => "offline",
        _ => return false,
    };
    let mut shown = Vec::new();
    for guild in world.guilds.values_mut() {
        if let Some(member) = guild.members.get_mut(&bot) {
            member.status = status;
            shown.push((guild.id, json::presence(guild.id, member)));
        }
    }
    for (guild, body) in shown {
        world.emit("PRESENCE_UPDATE", Scope::Guild(guild), body);
    }
    true
}
