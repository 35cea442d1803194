//! How a bot shows itself: from the moment it identifies, by op 3, until its last session ends.

use serde_json::{Value, json};

use crate::clock::Millis;
use crate::id::Id;
use crate::world::World;

/// A bot has identified: it shows what it asked for, or that it is online. False if that makes no sense.
pub(super) fn begin(world: &mut World, bot: Id, data: Option<&Value>) -> bool {
    match data.filter(|shown| !shown.is_null()) {
        Some(shown) => update(world, bot, shown),
        None if world.status_of(bot) == "online" => true,
        None => world.set_presence(bot, "online", Vec::new()).is_ok(),
    }
}

/// A bot's last session has ended: it is offline.
pub(crate) fn end(world: &mut World, bot: Id) {
    if world.status_of(bot) != "offline" {
        // An account that is gone has nobody to tell.
        let _ = world.set_presence(bot, "offline", Vec::new());
    }
}

/// Takes a bot's new status and activities over; false if the frame makes no sense.
pub(super) fn update(world: &mut World, bot: Id, data: &Value) -> bool {
    let Some(status) = data.get("status").and_then(Value::as_str) else {
        return false;
    };
    let now = world.now();
    let mut activities = Vec::new();
    match data.get("activities") {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) => {
            for activity in list {
                match shown(activity, now) {
                    Some(activity) => activities.push(activity),
                    None => return false,
                }
            }
        }
        Some(_) => return false,
    }
    world.set_presence(bot, status, activities).is_ok()
}

/// What others see of an activity: bots may set name, type, state and url only.
fn shown(activity: &Value, now: Millis) -> Option<Value> {
    let name = activity.get("name")?.as_str()?;
    let kind = activity.get("type").map_or(Some(0), Value::as_u64)?;
    let mut shown = json!({ "name": name, "type": kind, "created_at": now, "id": format!("{kind:x}") });
    for key in ["state", "url"] {
        if let (Value::Object(map), Some(Value::String(text))) = (&mut shown, activity.get(key)) {
            map.insert(key.to_owned(), json!(text));
        }
    }
    Some(shown)
}
