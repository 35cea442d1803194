//! Which commands a user sees where
//! (<https://discord.com/developers/docs/interactions/application-commands#permissions>).

use serde_json::Value;

use crate::id::Id;

use super::World;
use super::act_interaction::CommandCall;
use super::model::Command;
use super::permissions::Permissions;

impl World {
    /// Commands that `user` can see and run in `channel`, each with its application.
    #[must_use]
    pub fn commands_for(&self, user: Id, channel: Id) -> Vec<(Id, &Command)> {
        let Some(state) = self.channels.get(&channel) else {
            return Vec::new();
        };
        let set = self.permissions_in(state, user);
        let mut found: Vec<(Id, &Command)> = Vec::new();
        for application in self.applications.values() {
            let of_guild = state.guild_id.and_then(|g| {
                self.guilds.get(&g)?.members.get(&application.bot_id)?;
                application.guild_commands.get(&g)
            });
            let verdict = |c: &Command| {
                let guild = state.guild_id?;
                // A thread counts as its channel.
                let place = self.permission_channel(state).id;
                self.command_verdict(application, guild, c.id, user, place)
            };
            let local = of_guild.into_iter().flat_map(|c| c.values());
            let shadowed = |c: &Command| {
                of_guild.is_some_and(|l| l.values().any(|o| o.name == c.name && o.kind == c.kind))
            };
            let installed = state
                .guild_id
                .is_none_or(|g| self.member(g, application.bot_id).is_ok());
            let global = application
                .global_commands
                .values()
                .filter(|c| installed && !shadowed(c));
            found.extend(
                local
                    .chain(global)
                    .filter(|c| may_use(c, set, state.guild_id.is_some(), verdict(c)))
                    .map(|c| (application.id, c)),
            );
        }
        found
    }

    pub(super) fn usable_command(
        &self,
        user: Id,
        channel: Id,
        set: Permissions,
        name: &str,
        call: &CommandCall,
    ) -> Option<(Id, Command)> {
        if !set.has(Permissions::USE_APPLICATION_COMMANDS) {
            return None;
        }
        self.commands_for(user, channel)
            .into_iter()
            .find(|(application, c)| c.name == name && call.application.is_none_or(|a| a == *application))
            .map(|(application, c)| (application, c.clone()))
    }
}

/// True if someone with these permissions may use the command here.
fn may_use(command: &Command, set: Permissions, in_guild: bool, verdict: Option<bool>) -> bool {
    let body = &command.body;
    if !in_guild {
        let contexts = body.get("contexts").and_then(Value::as_array);
        let by_context = contexts.is_none_or(|c| c.iter().any(|n| n.as_i64() == Some(1)));
        let by_flag = body.get("dm_permission").and_then(Value::as_bool).unwrap_or(true);
        return command.guild_id.is_none() && by_context && by_flag;
    }
    let contexts = body.get("contexts").and_then(Value::as_array);
    if contexts.is_some_and(|c| !c.iter().any(|n| n.as_i64() == Some(0))) {
        return false;
    }
    // Administrators are never held back; what a guild has set stands above what the command asks for.
    if set.has(Permissions::ADMINISTRATOR) {
        return true;
    }
    if let Some(verdict) = verdict {
        return verdict;
    }
    let needed = body
        .get("default_member_permissions")
        .and_then(crate::rest::validate::as_unsigned);
    match needed {
        None => true,
        // "0" hides a command from everybody but administrators.
        Some(0) => set.has(Permissions::ADMINISTRATOR),
        Some(bits) => set.has(Permissions(bits)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::error::ApiError;
    use crate::world::scenario::{Community, Scenario};

    use super::*;

    fn place(body: Value) -> (World, Community) {
        let (mut world, c) = Scenario::community(7).unwrap();
        let id = world.new_id();
        let command = Command {
            id,
            version: id,
            kind: 1,
            name: "do".to_owned(),
            guild_id: None,
            body,
        };
        world
            .application_mut(c.application)
            .unwrap()
            .global_commands
            .insert(id, command);
        (world, c)
    }

    fn call(options: &[(&str, Value)]) -> CommandCall {
        CommandCall {
            name: "do".to_owned(),
            options: options
                .iter()
                .map(|(n, v)| ((*n).to_owned(), v.clone()))
                .collect(),
            ..CommandCall::default()
        }
    }

    #[test]
    fn a_command_for_staff_is_hidden_from_members() {
        let (mut world, c) =
            place(json!({ "default_member_permissions": Permissions::KICK_MEMBERS.0.to_string() }));
        assert_eq!(
            world.run_command(c.finn, c.channels.general, &call(&[])),
            Err(ApiError::unknown_command())
        );
        let moderator = *c.moderators.first().unwrap();
        assert!(
            world
                .run_command(moderator, c.channels.general, &call(&[]))
                .is_ok()
        );
    }

    #[test]
    fn a_guilds_own_command_hides_the_global_one_of_its_name() {
        let (mut world, c) = place(json!({}));
        let id = world.new_id();
        let own = Command {
            id,
            version: id,
            kind: 1,
            name: "do".to_owned(),
            guild_id: Some(c.guild),
            body: json!({}),
        };
        let application = world.application_mut(c.application).unwrap();
        application
            .guild_commands
            .entry(c.guild)
            .or_default()
            .insert(id, own);
        let found = world.commands_for(c.finn, c.channels.general);
        assert_eq!(found.iter().map(|(_, c)| c.id).collect::<Vec<_>>(), [id]);
    }
}
