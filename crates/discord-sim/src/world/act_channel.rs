//! Making, changing and deleting channels.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::changes::changes;
use super::draft::id_of;
use super::event::Scope;
use super::forum::ids_in;
use super::json;
use super::model::{Channel, kind};
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
        if let Some(tags) = self.read_tags(body)? {
            channel.tags = tags;
        }
        let after = json::channel(self, &channel);
        self.channels.insert(id, channel);
        self.guild_mut(guild)?.channels.insert(id);
        self.emit_channel("CHANNEL_CREATE", id);
        let line = AuditLine::new(10, user, id, reason);
        self.audit(guild, line.changing(changes(&Value::Null, &after)));
        Ok(id)
    }

    pub(super) fn guild_channels(&self, guild: Id) -> impl Iterator<Item = &Channel> {
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
        let kind = self.changed_kind(id, body)?;
        let before = json::channel(self, self.channel(id)?);
        let tags = self.read_tags(body)?;
        let channel = self.channel_mut(id)?;
        channel.parent_id = new_parent;
        channel.kind = kind;
        if let Some(tags) = tags {
            channel.tags = tags;
        }
        if let Some(overwrites) = overwrites.or(inherited) {
            channel.overwrites = overwrites;
        }
        apply(channel, body);
        self.emit_channel("CHANNEL_UPDATE", id);
        let after = json::channel(self, self.channel(id)?);
        let line = AuditLine::new(11, user, id, reason);
        self.audit(guild, line.changing(changes(&before, &after)));
        Ok(())
    }

    /// Only text and news channels turn into each other.
    fn changed_kind(&self, id: Id, body: &Value) -> ApiResult<u8> {
        let now = self.channel(id)?.kind;
        let wanted = body.get("type").and_then(Value::as_u64);
        let wanted = wanted.and_then(|k| u8::try_from(k).ok()).unwrap_or(now);
        let convertible = |k| matches!(k, kind::TEXT | kind::NEWS);
        if wanted == now || (convertible(wanted) && convertible(now)) {
            return Ok(wanted);
        }
        Err(ApiError::field(
            "type",
            "CHANNEL_TYPE_INVALID",
            "Invalid channel type",
        ))
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
        let action = if state.is_thread() { 112 } else { 12 };
        self.require_in_channel(id, user, needed)?;
        let before = json::channel(self, self.channel(id)?);
        self.forget_channel(id);
        let line = AuditLine::new(action, user, id, reason);
        self.audit(guild, line.changing(changes(&before, &Value::Null)));
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
    channel.flags =
        number("flags").unwrap_or(channel.flags) & (super::forum::PINNED | super::forum::REQUIRE_TAG);
    let defaults = &mut channel.defaults;
    if let Some(emoji) = body.get("default_reaction_emoji") {
        defaults.reaction = emoji
            .is_object()
            .then(|| json!({ "emoji_id": emoji.get("emoji_id"), "emoji_name": emoji.get("emoji_name") }));
    }
    if let Some(order) = body.get("default_sort_order") {
        defaults.sort_order = order.as_u64();
    }
    defaults.layout = number("default_forum_layout").unwrap_or(defaults.layout);
    defaults.slowmode = number("default_thread_rate_limit_per_user").unwrap_or(defaults.slowmode);
    if let Some(minutes) = body.get("default_auto_archive_duration") {
        defaults.auto_archive = minutes.as_u64();
    }
    if let Some(thread) = &mut channel.thread {
        thread.archived = flag("archived").unwrap_or(thread.archived);
        thread.locked = flag("locked").unwrap_or(thread.locked);
        thread.invitable = flag("invitable").unwrap_or(thread.invitable);
        thread.auto_archive = number("auto_archive_duration").unwrap_or(thread.auto_archive);
        if body.get("applied_tags").is_some() {
            thread.applied_tags = ids_in(body, "applied_tags");
        }
    }
}
