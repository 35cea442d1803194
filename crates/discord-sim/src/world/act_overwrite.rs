//! Overwrites of channels: reading, setting and removing them.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::validate::as_unsigned;

use super::changes::changes;
use super::draft::id_of;
use super::json;
use super::model::{Overwrite, OverwriteKind};
use super::permissions::Permissions;
use super::{AuditLine, World};

/// Overwrites of a channel.
const MOST_OVERWRITES: usize = 1000;

impl World {
    /// Reads overwrites; nobody can grant or withhold what they do not have.
    pub(super) fn read_overwrites(&self, user: Id, guild: Id, list: &[Value]) -> ApiResult<Vec<Overwrite>> {
        if list.len() > MOST_OVERWRITES {
            return Err(ApiError::too_many_overwrites());
        }
        let own = self.permissions_in_guild(guild, user);
        list.iter()
            .map(|value| {
                let overwrite = read_overwrite(value).ok_or_else(|| {
                    ApiError::field(
                        "permission_overwrites",
                        "BASE_TYPE_REQUIRED",
                        "This field is required",
                    )
                })?;
                self.check_overwrite(guild, own, &overwrite)?;
                Ok(overwrite)
            })
            .collect()
    }

    fn check_overwrite(&self, guild: Id, own: Permissions, overwrite: &Overwrite) -> ApiResult<()> {
        let state = self.guild(guild)?;
        let known = match overwrite.kind {
            OverwriteKind::Role => state.roles.contains_key(&overwrite.id),
            OverwriteKind::Member => self.users.contains_key(&overwrite.id),
        };
        if !known {
            return Err(ApiError::unknown_overwrite());
        }
        if own.has(Permissions(overwrite.allow.0 | overwrite.deny.0)) {
            Ok(())
        } else {
            Err(ApiError::missing_permissions())
        }
    }

    /// Sets one overwrite.
    pub(crate) fn put_overwrite(
        &mut self,
        user: Id,
        channel: Id,
        overwrite: Overwrite,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        let own = self.require_in_channel(channel, user, Permissions::MANAGE_ROLES)?;
        let guild = self.channel(channel)?.guild_id.ok_or_else(ApiError::not_in_dm)?;
        let own = own.with(self.permissions_in_guild(guild, user));
        self.check_overwrite(guild, own, &overwrite)?;
        let state = self.channel_mut(channel)?;
        if state.is_thread() {
            return Err(ApiError::wrong_channel_type());
        }
        let before = state.overwrites.iter().find(|o| o.id == overwrite.id).copied();
        if before.is_none() && state.overwrites.len() >= MOST_OVERWRITES {
            return Err(ApiError::too_many_overwrites());
        }
        state.overwrites.retain(|o| o.id != overwrite.id);
        state.overwrites.push(overwrite);
        self.emit_channel("CHANNEL_UPDATE", channel);
        let shown = before.map_or(Value::Null, |o| json::overwrite(&o));
        let line = AuditLine::new(if before.is_some() { 14 } else { 13 }, user, channel, reason)
            .telling(self.overwrite_options(guild, overwrite.id, overwrite.kind))
            .changing(changes(&shown, &json::overwrite(&overwrite)));
        self.audit(guild, line);
        Ok(())
    }

    /// Removes one overwrite.
    pub(crate) fn delete_overwrite(
        &mut self,
        user: Id,
        channel: Id,
        of: Id,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        self.require_in_channel(channel, user, Permissions::MANAGE_ROLES)?;
        let guild = self.channel(channel)?.guild_id.ok_or_else(ApiError::not_in_dm)?;
        let state = self.channel_mut(channel)?;
        let at = state
            .overwrites
            .iter()
            .position(|o| o.id == of)
            .ok_or_else(ApiError::unknown_overwrite)?;
        let gone = state.overwrites.remove(at);
        self.emit_channel("CHANNEL_UPDATE", channel);
        let line = AuditLine::new(15, user, channel, reason)
            .telling(self.overwrite_options(guild, of, gone.kind))
            .changing(changes(&json::overwrite(&gone), &Value::Null));
        self.audit(guild, line);
        Ok(())
    }

    /// What the audit log tells about an overwrite beside its channel.
    fn overwrite_options(&self, guild: Id, id: Id, kind: OverwriteKind) -> Value {
        let role = self.guilds.get(&guild).and_then(|g| g.roles.get(&id));
        match role.filter(|_| kind == OverwriteKind::Role) {
            Some(role) => json!({ "id": id, "type": "0", "role_name": role.name }),
            None if kind == OverwriteKind::Role => json!({ "id": id, "type": "0" }),
            None => json!({ "id": id, "type": "1" }),
        }
    }
}

/// Reads an overwrite of a body.
pub(crate) fn read_overwrite(value: &Value) -> Option<Overwrite> {
    let kind = value.get("type").and_then(as_unsigned).unwrap_or(0);
    let bits = |key: &str| Permissions(value.get(key).and_then(as_unsigned).unwrap_or(0));
    Some(Overwrite {
        id: value.get("id").and_then(id_of)?,
        kind: if kind == 0 {
            OverwriteKind::Role
        } else {
            OverwriteKind::Member
        },
        allow: bits("allow"),
        deny: bits("deny"),
    })
}
