//! Who may use which command where, as set by a guild's administrators
//! (<https://discord.com/developers/docs/interactions/application-commands#permissions>).

use serde_json::Value;

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::draft::id_of;
use super::event::Scope;
use super::json_application::command_permissions;
use super::model::{Application, CommandPermission};
use super::permissions::Permissions;
use super::{AuditLine, World};

/// Somebody or somewhere that a permission names.
mod kind {
    pub(super) const ROLE: u8 = 1;
    pub(super) const USER: u8 = 2;
    pub(super) const CHANNEL: u8 = 3;
}

/// The audit log's number for this.
const COMMAND_PERMISSION_UPDATE: u16 = 121;

impl World {
    /// An administrator allows and forbids a command, or all of an application's, with a checked body.
    ///
    /// # Errors
    /// 50013 without the rights to manage guild and roles, 10063 for an unknown command.
    pub(crate) fn set_command_permissions(
        &mut self,
        user: Id,
        application: Id,
        guild: Id,
        command: Id,
        list: &[Value],
    ) -> ApiResult<()> {
        self.require_in_guild(guild, user, Permissions::MANAGE_GUILD | Permissions::MANAGE_ROLES)?;
        let state = self.application(application)?;
        let known = command == application
            || state.global_commands.contains_key(&command)
            || state
                .guild_commands
                .get(&guild)
                .is_some_and(|c| c.contains_key(&command));
        if !known {
            return Err(ApiError::unknown_command());
        }
        let list: Vec<CommandPermission> = list
            .iter()
            .filter_map(|item| {
                let kind = item.get("type").and_then(Value::as_u64)?;
                Some(CommandPermission {
                    id: item.get("id").and_then(id_of)?,
                    kind: u8::try_from(kind).ok()?,
                    permission: item.get("permission").and_then(Value::as_bool)?,
                })
            })
            .collect();
        let body = command_permissions(application, guild, command, &list);
        let state = self.application_mut(application)?;
        if list.is_empty() {
            state.command_permissions.remove(&(guild, command));
        } else {
            state.command_permissions.insert((guild, command), list);
        }
        let scope = Scope::Application {
            id: application,
            guild: Some(guild),
        };
        self.emit("APPLICATION_COMMAND_PERMISSIONS_UPDATE", scope, body);
        let line = AuditLine::new(COMMAND_PERMISSION_UPDATE, user, command, None)
            .telling(serde_json::json!({ "application_id": application }));
        self.audit(guild, line);
        Ok(())
    }

    /// What the set permissions say about a user's use of a command; `None` leaves it to the command itself.
    pub(super) fn command_verdict(
        &self,
        application: &Application,
        guild: Id,
        command: Id,
        user: Id,
        channel: Id,
    ) -> Option<bool> {
        let of = |target: Id| {
            application
                .command_permissions
                .get(&(guild, target))
                .map(Vec::as_slice)
        };
        let (own, whole) = (of(command), of(application.id));
        // A command's own entries stand in the place of the application's.
        let place = |list: &[CommandPermission]| {
            let find = |id: Id| list.iter().find(|p| p.kind == kind::CHANNEL && p.id == id);
            let every = Id::new(guild.get().saturating_sub(1));
            find(channel).or_else(|| find(every)).map(|p| p.permission)
        };
        let allowed_here = own.and_then(place).or_else(|| whole.and_then(place));
        if allowed_here == Some(false) {
            return Some(false);
        }
        let roles = self.member(guild, user).map_or(&[][..], |m| &m.roles);
        let person = |list: &[CommandPermission]| {
            let of_user = list.iter().find(|p| p.kind == kind::USER && p.id == user);
            if let Some(found) = of_user {
                return Some(found.permission);
            }
            let of_roles: Vec<bool> = list
                .iter()
                .filter(|p| p.kind == kind::ROLE && roles.contains(&p.id))
                .map(|p| p.permission)
                .collect();
            // One role that allows is enough.
            if !of_roles.is_empty() {
                return Some(of_roles.contains(&true));
            }
            let everyone = list.iter().find(|p| p.kind == kind::ROLE && p.id == guild);
            everyone.map(|p| p.permission)
        };
        match (own.and_then(person), whole.and_then(person)) {
            // The application's gate cannot be opened by a command unless it says so itself.
            (Some(verdict), _) => Some(verdict),
            (None, Some(false)) => Some(false),
            (None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::world::model::Command;
    use crate::world::scenario::{Community, Scenario};

    use super::*;

    fn place() -> (World, Community, Id) {
        let (mut world, c) = Scenario::community(7).unwrap();
        let id = world.new_id();
        let command = Command {
            id,
            version: id,
            kind: 1,
            name: "do".to_owned(),
            guild_id: None,
            body: json!({}),
        };
        let state = world.application_mut(c.application).unwrap();
        state.global_commands.insert(id, command);
        (world, c, id)
    }

    fn sees(world: &World, c: &Community, user: Id) -> bool {
        let list = world.commands_for(user, c.channels.general);
        list.iter().any(|(_, command)| command.name == "do")
    }

    #[test]
    fn a_user_wins_over_a_role_and_a_role_over_everybody() {
        let (mut world, c, id) = place();
        let set = |world: &mut World, list: Value| {
            let list = list.as_array().cloned().unwrap();
            world
                .set_command_permissions(c.owner, c.application, c.guild, id, &list)
                .unwrap();
        };
        let everybody = json!({ "id": c.guild, "type": 1, "permission": false });
        let members = json!({ "id": c.roles.member, "type": 1, "permission": true });
        let finn = json!({ "id": c.finn, "type": 2, "permission": false });
        assert!(sees(&world, &c, c.finn));
        set(&mut world, json!([everybody]));
        assert!(!sees(&world, &c, c.finn));
        assert!(sees(&world, &c, c.owner), "administrators are not held back");
        set(&mut world, json!([everybody, members]));
        assert!(sees(&world, &c, c.finn));
        assert!(!sees(&world, &c, c.newcomer));
        set(&mut world, json!([everybody, members, finn]));
        assert!(!sees(&world, &c, c.finn));
        set(
            &mut world,
            json!([{ "id": c.channels.general, "type": 3, "permission": false }]),
        );
        assert!(!sees(&world, &c, c.finn));
    }

    #[test]
    fn only_managers_set_them_and_only_for_known_commands() {
        let (mut world, c, id) = place();
        let mut set =
            |user, command| world.set_command_permissions(user, c.application, c.guild, command, &[]);
        assert_eq!(set(c.finn, id), Err(ApiError::missing_permissions()));
        assert_eq!(set(c.owner, Id::new(1)), Err(ApiError::unknown_command()));
    }
}
