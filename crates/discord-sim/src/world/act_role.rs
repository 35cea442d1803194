//! Making, changing and deleting roles.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::validate::as_unsigned;

use super::changes::changes;
use super::draft::id_of;
use super::event::Scope;
use super::json;
use super::model::Role;
use super::permissions::{self, Permissions};
use super::{AuditLine, World};

/// Roles of a guild, `@everyone` included.
const MOST_ROLES: usize = 250;

impl World {
    /// Makes a role just above `@everyone`.
    pub(crate) fn create_role(
        &mut self,
        by: Id,
        guild: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<Id> {
        self.require_in_guild(guild, by, Permissions::MANAGE_ROLES)?;
        self.check_grant(guild, by, body)?;
        let id = self.new_id();
        let state = self.guild_mut(guild)?;
        if state.roles.len() >= MOST_ROLES {
            return Err(ApiError::too_many_roles());
        }
        for role in state.roles.values_mut().filter(|r| r.position >= 1) {
            role.position += 1;
        }
        let everyone = state
            .roles
            .get(&guild)
            .map_or(Permissions::NONE, |r| r.permissions);
        let mut role = Role {
            id,
            name: "new role".to_owned(),
            color: 0,
            hoist: false,
            position: 1,
            permissions: everyone,
            managed: false,
            mentionable: false,
            bot_id: None,
        };
        apply(&mut role, body);
        let after = json::role(&role);
        state.roles.insert(id, role);
        self.emit_role("GUILD_ROLE_CREATE", guild, id);
        let line = AuditLine::new(30, by, id, reason);
        self.audit(guild, line.changing(changes(&Value::Null, &after)));
        Ok(id)
    }

    /// Changes a role below one's own.
    pub(crate) fn modify_role(
        &mut self,
        by: Id,
        guild: Id,
        id: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        self.check_below(guild, by, id)?;
        self.check_grant(guild, by, body)?;
        let role = self
            .guild_mut(guild)?
            .roles
            .get_mut(&id)
            .ok_or_else(ApiError::unknown_role)?;
        let before = json::role(role);
        apply(role, body);
        let after = json::role(role);
        self.emit_role("GUILD_ROLE_UPDATE", guild, id);
        let line = AuditLine::new(31, by, id, reason);
        self.audit(guild, line.changing(changes(&before, &after)));
        Ok(())
    }

    /// Moves roles in the order.
    pub(crate) fn move_roles(&mut self, by: Id, guild: Id, list: &[Value]) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::MANAGE_ROLES)?;
        let own = permissions::rank(self.guild(guild)?, self.member(guild, by)?);
        let mut changed = Vec::new();
        for item in list {
            let Some(id) = item.get("id").and_then(id_of) else {
                continue;
            };
            let Some(position) = item.get("position").and_then(Value::as_i64) else {
                continue;
            };
            self.check_below(guild, by, id)?;
            if position >= own {
                return Err(ApiError::missing_permissions());
            }
            changed.push((id, position));
        }
        for (id, position) in changed {
            if let Some(role) = self.guild_mut(guild)?.roles.get_mut(&id) {
                role.position = position;
            }
            self.emit_role("GUILD_ROLE_UPDATE", guild, id);
        }
        Ok(())
    }

    /// Deletes a role below one's own.
    pub(crate) fn delete_role(&mut self, by: Id, guild: Id, id: Id, reason: Option<&str>) -> ApiResult<()> {
        self.check_below(guild, by, id)?;
        if id == guild || self.guild(guild)?.roles.get(&id).is_some_and(|r| r.managed) {
            return Err(ApiError::invalid_role());
        }
        let state = self.guild_mut(guild)?;
        let before = state.roles.remove(&id).map_or(Value::Null, |r| json::role(&r));
        for member in state.members.values_mut() {
            member.roles.retain(|r| *r != id);
        }
        self.emit(
            "GUILD_ROLE_DELETE",
            Scope::Guild(guild),
            json!({ "guild_id": guild, "role_id": id }),
        );
        let line = AuditLine::new(32, by, id, reason);
        self.audit(guild, line.changing(changes(&before, &Value::Null)));
        Ok(())
    }

    fn check_below(&self, guild: Id, by: Id, id: Id) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::MANAGE_ROLES)?;
        let state = self.guild(guild)?;
        if !state.roles.contains_key(&id) {
            return Err(ApiError::unknown_role());
        }
        if permissions::above_role(state, self.member(guild, by)?, id) {
            Ok(())
        } else {
            Err(ApiError::missing_permissions())
        }
    }

    /// Nobody can give a role what they do not have.
    fn check_grant(&self, guild: Id, by: Id, body: &Value) -> ApiResult<()> {
        let wanted = Permissions(body.get("permissions").and_then(as_unsigned).unwrap_or(0));
        if self.permissions_in_guild(guild, by).has(wanted) {
            Ok(())
        } else {
            Err(ApiError::missing_permissions())
        }
    }

    fn emit_role(&mut self, event: &'static str, guild: Id, id: Id) {
        let Some(role) = self.guilds.get(&guild).and_then(|g| g.roles.get(&id)) else {
            return;
        };
        let body = json!({ "guild_id": guild, "role": json::role(role) });
        self.emit(event, Scope::Guild(guild), body);
    }
}

fn apply(role: &mut Role, body: &Value) {
    if let Some(name) = body.get("name").and_then(Value::as_str) {
        name.clone_into(&mut role.name);
    }
    if let Some(bits) = body.get("permissions").and_then(as_unsigned) {
        role.permissions = Permissions(bits);
    }
    let color = body
        .pointer("/colors/primary_color")
        .or_else(|| body.get("color"))
        .and_then(Value::as_u64);
    if let Some(color) = color.and_then(|c| u32::try_from(c).ok()) {
        role.color = color;
    }
    role.hoist = body.get("hoist").and_then(Value::as_bool).unwrap_or(role.hoist);
    role.mentionable = body
        .get("mentionable")
        .and_then(Value::as_bool)
        .unwrap_or(role.mentionable);
}
