//! Making, changing and deleting channels, overwrites and threads.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::validate::as_unsigned;

use super::draft::id_of;
use super::event::Scope;
use super::json;
use super::model::{Channel, Overwrite, OverwriteKind, kind};
use super::permissions::Permissions;
use super::{AuditLine, World};

/// Channels of a guild, categories included.
const MOST_CHANNELS: usize = 500;
/// Channels of a category.
const MOST_IN_CATEGORY: usize = 50;

impl World {
    /// Makes a channel from a checked body.
    pub(crate) fn create_channel(
        &mut self,
        user: Id,
        guild: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<Id> {
        self.require_in_guild(guild, user, Permissions::MANAGE_CHANNELS)?;
        if self.guild_channels(guild).filter(|c| !c.is_thread()).count() >= MOST_CHANNELS {
            return Err(ApiError::too_many_channels());
        }
        let parent = body.get("parent_id").and_then(id_of);
        self.check_parent(guild, parent)?;
        let kind = body
            .get("type")
            .and_then(Value::as_u64)
            .and_then(|k| u8::try_from(k).ok())
            .unwrap_or(kind::TEXT);
        let overwrites = match body.get("permission_overwrites") {
            Some(Value::Array(list)) => self.read_overwrites(user, guild, list)?,
            _ => parent
                .and_then(|p| self.channels.get(&p))
                .map(|p| p.overwrites.clone())
                .unwrap_or_default(),
        };
        let id = self.new_id();
        let mut channel = Channel::new(id, kind, Some(guild), "");
        channel.parent_id = parent;
        channel.overwrites = overwrites;
        let position = self
            .guild_channels(guild)
            .filter(|c| c.parent_id == parent)
            .map(|c| c.position)
            .max();
        channel.position = position.map_or(0, |p| p + 1);
        apply(&mut channel, body);
        self.channels.insert(id, channel);
        self.guild_mut(guild)?.channels.insert(id);
        self.emit_channel("CHANNEL_CREATE", id);
        self.audit(guild, AuditLine::new(10, user, id, reason));
        Ok(id)
    }

    fn guild_channels(&self, guild: Id) -> impl Iterator<Item = &Channel> {
        self.guilds
            .get(&guild)
            .into_iter()
            .flat_map(|g| g.channels.iter())
            .filter_map(|id| self.channels.get(id))
    }

    fn check_parent(&self, guild: Id, parent: Option<Id>) -> ApiResult<()> {
        let Some(parent) = parent else { return Ok(()) };
        let wrong = |code: &str, text: &str| ApiError::field("parent_id", code, text);
        let category = self.channels.get(&parent).filter(|c| c.guild_id == Some(guild));
        if category.is_none() {
            return Err(wrong("CHANNEL_PARENT_INVALID", "Category does not exist"));
        }
        if category.is_some_and(|c| c.kind != kind::CATEGORY) {
            return Err(wrong("CHANNEL_PARENT_INVALID_TYPE", "Not a category"));
        }
        if self
            .guild_channels(guild)
            .filter(|c| c.parent_id == Some(parent))
            .count()
            >= MOST_IN_CATEGORY
        {
            return Err(wrong(
                "CHANNEL_PARENT_MAX_CHANNELS",
                "Maximum number of channels in category reached (50)",
            ));
        }
        Ok(())
    }

    /// Reads overwrites; nobody can grant or withhold what they do not have.
    fn read_overwrites(&self, user: Id, guild: Id, list: &[Value]) -> ApiResult<Vec<Overwrite>> {
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

    /// Changes a channel from a checked body.
    pub(crate) fn modify_channel(
        &mut self,
        user: Id,
        id: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        let state = self.channel(id)?;
        let guild = state.guild_id.ok_or_else(ApiError::not_in_dm)?;
        let old_parent = state.parent_id;
        if state.is_thread() {
            return self.modify_thread(user, guild, id, body, reason);
        }
        self.require_in_channel(id, user, Permissions::MANAGE_CHANNELS)?;
        let new_parent = match body.get("parent_id") {
            None => old_parent,
            Some(value) => id_of(value),
        };
        if new_parent != old_parent {
            self.check_parent(guild, new_parent)?;
        }
        let overwrites = match body.get("permission_overwrites") {
            Some(Value::Array(list)) => {
                self.require_in_channel(id, user, Permissions::MANAGE_ROLES)?;
                Some(self.read_overwrites(user, guild, list)?)
            }
            _ => None,
        };
        let lock = body
            .get("lock_permissions")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let inherited = new_parent
            .filter(|_| lock)
            .and_then(|p| self.channels.get(&p))
            .map(|p| p.overwrites.clone());
        let channel = self.channel_mut(id)?;
        channel.parent_id = new_parent;
        if let Some(overwrites) = overwrites.or(inherited) {
            channel.overwrites = overwrites;
        }
        apply(channel, body);
        self.emit_channel("CHANNEL_UPDATE", id);
        self.audit(guild, AuditLine::new(11, user, id, reason));
        Ok(())
    }

    /// Changes places of several channels at once.
    pub(crate) fn move_channels(&mut self, user: Id, guild: Id, list: &[Value]) -> ApiResult<()> {
        self.require_in_guild(guild, user, Permissions::MANAGE_CHANNELS)?;
        for item in list {
            let Some(id) = item.get("id").and_then(id_of) else {
                continue;
            };
            if self.channel(id)?.guild_id != Some(guild) {
                return Err(ApiError::unknown_channel());
            }
            let channel = self.channel_mut(id)?;
            if let Some(position) = item.get("position").and_then(Value::as_i64) {
                channel.position = position;
            }
            if let Some(parent) = item.get("parent_id") {
                channel.parent_id = id_of(parent);
            }
            self.emit_channel("CHANNEL_UPDATE", id);
        }
        Ok(())
    }

    /// Deletes a channel or thread; a category's channels stay without a parent.
    pub(crate) fn delete_channel(&mut self, user: Id, id: Id, reason: Option<&str>) -> ApiResult<()> {
        let state = self.channel(id)?;
        let Some(guild) = state.guild_id else {
            // Closing a direct message hides it only.
            return self.require_in_channel(id, user, Permissions::NONE).map(drop);
        };
        let needed = if state.is_thread() {
            Permissions::MANAGE_THREADS
        } else {
            Permissions::MANAGE_CHANNELS
        };
        self.require_in_channel(id, user, needed)?;
        self.forget_channel(id);
        self.audit(guild, AuditLine::new(12, user, id, reason));
        Ok(())
    }

    /// Removes a channel without asking anyone, with its threads and webhooks.
    pub(crate) fn forget_channel(&mut self, id: Id) {
        let Some(channel) = self.channels.get(&id) else {
            return;
        };
        let (guild, is_thread) = (channel.guild_id, channel.is_thread());
        let threads: Vec<Id> = self
            .channels
            .values()
            .filter(|c| c.is_thread() && c.parent_id == Some(id))
            .map(|c| c.id)
            .collect();
        threads.into_iter().for_each(|thread| self.forget_channel(thread));
        self.emit_channel(
            if is_thread {
                "THREAD_DELETE"
            } else {
                "CHANNEL_DELETE"
            },
            id,
        );
        self.channels.remove(&id);
        self.webhooks.retain(|_, w| w.channel_id != id);
        let Some(guild) = guild else { return };
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.channels.remove(&id);
        }
        let orphans: Vec<Id> = self
            .guild_channels(guild)
            .filter(|c| c.parent_id == Some(id))
            .map(|c| c.id)
            .collect();
        for orphan in orphans {
            if let Some(channel) = self.channels.get_mut(&orphan) {
                channel.parent_id = None;
            }
            self.emit_channel("CHANNEL_UPDATE", orphan);
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
        state.overwrites.retain(|o| o.id != overwrite.id);
        state.overwrites.push(overwrite);
        self.emit_channel("CHANNEL_UPDATE", channel);
        let options = overwrite_options(overwrite.id, overwrite.kind);
        self.audit(guild, AuditLine::new(14, user, channel, reason).telling(options));
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
        let kind = state.overwrites.remove(at).kind;
        self.emit_channel("CHANNEL_UPDATE", channel);
        let options = overwrite_options(of, kind);
        self.audit(guild, AuditLine::new(15, user, channel, reason).telling(options));
        Ok(())
    }

    /// Tells the gateway about a channel; who may see it learns of it.
    pub(crate) fn emit_channel(&mut self, event: &'static str, id: Id) {
        let Some(channel) = self.channels.get(&id) else {
            return;
        };
        let body = if event == "THREAD_DELETE" {
            json!({ "id": id, "guild_id": channel.guild_id, "parent_id": channel.parent_id, "type": channel.kind })
        } else {
            json::channel(self, channel)
        };
        let scope = match channel.guild_id {
            // Bots keep whole channel lists: channels reach them even where they cannot read.
            Some(guild) if !channel.is_thread() || event == "THREAD_DELETE" => Scope::Guild(guild),
            guild => Scope::Channel { guild, channel: id },
        };
        self.emit(event, scope, body);
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

/// Text channels are named in lower case without spaces.
fn channel_name(kind: u8, name: &str) -> String {
    if matches!(kind, kind::TEXT | kind::NEWS | kind::FORUM) {
        name.to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join("-")
    } else {
        name.trim().to_owned()
    }
}

/// Takes over the plain fields of a body.
pub(super) fn apply(channel: &mut Channel, body: &Value) {
    if let Some(name) = body.get("name").and_then(Value::as_str) {
        channel.name = channel_name(channel.kind, name);
    }
    if let Some(topic) = body.get("topic") {
        channel.topic = topic.as_str().filter(|t| !t.is_empty()).map(str::to_owned);
    }
    let number = |key: &str| body.get(key).and_then(Value::as_u64);
    let flag = |key: &str| body.get(key).and_then(Value::as_bool);
    if let Some(position) = body.get("position").and_then(Value::as_i64) {
        channel.position = position;
    }
    channel.nsfw = flag("nsfw").unwrap_or(channel.nsfw);
    channel.slowmode = number("rate_limit_per_user").unwrap_or(channel.slowmode);
    channel.bitrate = number("bitrate").unwrap_or(channel.bitrate);
    channel.user_limit = number("user_limit").unwrap_or(channel.user_limit);
    if let Some(Value::Array(tags)) = body.get("available_tags") {
        channel.tags.clone_from(tags);
    }
    if let Some(thread) = &mut channel.thread {
        thread.archived = flag("archived").unwrap_or(thread.archived);
        thread.locked = flag("locked").unwrap_or(thread.locked);
        thread.invitable = flag("invitable").unwrap_or(thread.invitable);
        thread.auto_archive = number("auto_archive_duration").unwrap_or(thread.auto_archive);
        if let Some(Value::Array(tags)) = body.get("applied_tags") {
            thread.applied_tags = tags.iter().filter_map(id_of).collect();
        }
    }
}

/// What the audit log tells about an overwrite beside its channel.
fn overwrite_options(id: Id, kind: OverwriteKind) -> Value {
    json!({ "id": id, "type": if kind == OverwriteKind::Role { "0" } else { "1" }, "role_name": "" })
}
