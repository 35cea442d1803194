//! How people and bots show themselves: status and activities
//! (<https://discord.com/developers/docs/events/gateway-events#presence>).

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::model::Member;
use super::{Scope, World};

/// Activities of one user that are shown; Discord's clients show a handful.
const MOST_ACTIVITIES: usize = 8;

/// The status of that name, as others see it: `invisible` is `offline` to them.
pub(crate) fn status_named(name: &str) -> Option<&'static str> {
    Some(match name {
        "online" => "online",
        "idle" => "idle",
        "dnd" => "dnd",
        "invisible" | "offline" => "offline",
        _ => return None,
    })
}

impl World {
    /// A user shows a new status (`online`, `idle`, `dnd`, `invisible`) in all their guilds, with these activities
    /// (objects with `name` and `type`); those who may know are told.
    ///
    /// # Errors
    /// 10013 if there is no such user, 50035 for another status.
    pub fn set_presence(&mut self, user: Id, status: &str, activities: Vec<Value>) -> ApiResult<()> {
        self.user(user)?;
        let status = status_named(status).ok_or_else(|| {
            ApiError::field(
                "status",
                "BASE_TYPE_CHOICES",
                "Value must be one of ('online', 'dnd', 'idle', 'invisible', 'offline').",
            )
        })?;
        let mut activities = activities;
        activities.truncate(MOST_ACTIVITIES);
        if activities.is_empty() || status == "offline" {
            self.activities.remove(&user);
        } else {
            self.activities.insert(user, activities);
        }
        let mut shown = Vec::new();
        for guild in self.guilds.values_mut() {
            if let Some(member) = guild.members.get_mut(&user) {
                member.status = status;
                shown.push(guild.id);
            }
        }
        for guild in shown {
            let body = self.member(guild, user).map(|m| self.presence(guild, m))?;
            self.emit("PRESENCE_UPDATE", Scope::Guild(guild), body);
        }
        Ok(())
    }

    /// What somebody shows in a guild that they join: what they show elsewhere. People are online if nothing else is
    /// known; bots are once they have identified.
    pub(super) fn status_on_joining(&self, user: Id) -> &'static str {
        let elsewhere = self.guilds.values().find_map(|g| g.members.get(&user));
        let usual = if self.users.get(&user).is_some_and(|u| u.bot) {
            "offline"
        } else {
            "online"
        };
        elsewhere.map_or(usual, |member| member.status)
    }

    /// The status that a user shows; `offline` for somebody who is in no guild.
    pub(crate) fn status_of(&self, user: Id) -> &'static str {
        let shown = self.guilds.values().find_map(|g| g.members.get(&user));
        shown.map_or("offline", |member| member.status)
    }

    /// A member's presence in JSON.
    pub(crate) fn presence(&self, guild: Id, of: &Member) -> Value {
        let client = if of.status == "offline" {
            json!({})
        } else {
            json!({ "desktop": of.status })
        };
        let activities = self
            .activities
            .get(&of.user_id)
            .filter(|_| of.status != "offline");
        json!({ "user": { "id": of.user_id }, "guild_id": guild, "status": of.status,
            "activities": activities.map_or(&[][..], Vec::as_slice), "client_status": client })
    }
}

#[cfg(test)]
mod tests {
    use crate::Scenario;

    use super::*;

    #[test]
    fn a_presence_reaches_every_guild_of_the_user_and_hides_what_the_invisible_do() {
        let (mut world, c) = Scenario::community(7).unwrap();
        let second = world.add_guild("Second", c.owner);
        world.add_member(second, c.finn, &[]);
        let activity = json!({ "name": "Chess", "type": 0 });
        world.set_presence(c.finn, "dnd", vec![activity.clone()]).unwrap();
        let told: Vec<_> = world.outbox.iter().map(|e| (e.kind, e.guild())).collect();
        assert_eq!(
            told,
            [
                ("PRESENCE_UPDATE", Some(c.guild)),
                ("PRESENCE_UPDATE", Some(second))
            ]
        );
        let body = world.outbox.last().unwrap().body.clone();
        assert_eq!(body.get("activities"), Some(&json!([activity])));
        world.set_presence(c.finn, "invisible", vec![activity]).unwrap();
        let body = &world.outbox.last().unwrap().body;
        assert_eq!(body.get("status"), Some(&json!("offline")));
        assert_eq!(body.get("activities"), Some(&json!([])));
        assert!(world.set_presence(c.finn, "sleepy", Vec::new()).is_err());
    }
}
