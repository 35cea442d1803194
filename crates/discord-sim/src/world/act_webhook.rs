//! Making, changing and deleting webhooks
//! (<https://discord.com/developers/docs/resources/webhook>).

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::changes::changes;
use super::draft::id_of;
use super::model::{Webhook, kind};
use super::permissions::Permissions;
use super::{AuditLine, Scope, World, json};

/// Webhooks of a channel.
const MOST_OF_CHANNEL: usize = 15;
/// Webhooks of a guild.
const MOST_OF_GUILD: usize = 1000;
/// Letters of a webhook's token.
const TOKEN_LENGTH: usize = 68;

/// The audit log's numbers.
mod action {
    pub(super) const CREATE: u16 = 50;
    pub(super) const UPDATE: u16 = 51;
    pub(super) const DELETE: u16 = 52;
}

impl World {
    /// Makes a webhook of a channel.
    ///
    /// # Errors
    /// 50024 in threads and categories, 30007 and 30058 when there are enough, 50035 for a name that Discord keeps.
    pub(crate) fn make_webhook(
        &mut self,
        user: Id,
        channel: Id,
        name: String,
        avatar: Option<String>,
        application: Option<Id>,
        reason: Option<&str>,
    ) -> ApiResult<Id> {
        self.require_in_channel(channel, user, Permissions::MANAGE_WEBHOOKS)?;
        check_name(&name, "name")?;
        let state = self.channel(channel)?;
        let guild = state.guild_id.ok_or_else(ApiError::not_in_dm)?;
        if state.is_thread() || state.kind == kind::CATEGORY {
            return Err(ApiError::wrong_channel_type());
        }
        let count = |fits: &dyn Fn(&Webhook) -> bool| self.webhooks.values().filter(|w| fits(w)).count();
        if count(&|w| w.channel_id == channel) >= MOST_OF_CHANNEL {
            return Err(ApiError::too_many_webhooks());
        }
        if count(&|w| w.guild_id == guild) >= MOST_OF_GUILD {
            return Err(ApiError::too_many_guild_webhooks());
        }
        let (id, token) = (self.new_id(), self.dice.token(TOKEN_LENGTH));
        let webhook = Webhook {
            id,
            channel_id: channel,
            guild_id: guild,
            name,
            avatar,
            token,
            user_id: user,
            application_id: application,
            source: None,
        };
        let after = shown(&webhook);
        self.webhooks.insert(id, webhook);
        self.tell_webhooks(guild, channel);
        let line = AuditLine::new(action::CREATE, user, id, reason);
        self.audit(guild, line.changing(changes(&Value::Null, &after)));
        Ok(id)
    }

    /// Changes name, avatar and channel from a checked body. Nobody in particular (`None`) holds its token.
    pub(crate) fn modify_webhook(
        &mut self,
        user: Option<Id>,
        id: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        let mut webhook = self
            .webhooks
            .get(&id)
            .cloned()
            .ok_or_else(ApiError::unknown_webhook)?;
        let before = shown(&webhook);
        if let Some(name) = body.get("name").and_then(Value::as_str) {
            check_name(name, "name")?;
            name.clone_into(&mut webhook.name);
        }
        if let (Some(user), Some(channel)) = (user, body.get("channel_id").and_then(id_of)) {
            self.require_in_channel(channel, user, Permissions::MANAGE_WEBHOOKS)?;
            if self.channel(channel)?.guild_id != Some(webhook.guild_id) {
                return Err(ApiError::unknown_channel());
            }
            webhook.channel_id = channel;
        }
        if let Some(avatar) = self.read_picture(body, "avatar")? {
            webhook.avatar = avatar;
        }
        let (guild, channel, owner) = (webhook.guild_id, webhook.channel_id, webhook.user_id);
        let after = shown(&webhook);
        self.webhooks.insert(id, webhook);
        self.tell_webhooks(guild, channel);
        let line = AuditLine::new(action::UPDATE, user.unwrap_or(owner), id, reason);
        self.audit(guild, line.changing(changes(&before, &after)));
        Ok(())
    }

    /// Deletes a webhook.
    pub(crate) fn delete_webhook(&mut self, user: Option<Id>, id: Id, reason: Option<&str>) -> ApiResult<()> {
        let gone = self.webhooks.remove(&id).ok_or_else(ApiError::unknown_webhook)?;
        self.tell_webhooks(gone.guild_id, gone.channel_id);
        let line = AuditLine::new(action::DELETE, user.unwrap_or(gone.user_id), id, reason);
        self.audit(gone.guild_id, line.changing(changes(&shown(&gone), &Value::Null)));
        Ok(())
    }

    fn tell_webhooks(&mut self, guild: Id, channel: Id) {
        let body = json!({ "guild_id": guild, "channel_id": channel });
        self.emit("WEBHOOKS_UPDATE", Scope::Guild(guild), body);
    }

    /// A webhook as Discord writes it.
    ///
    /// # Errors
    /// 10015 if there is none.
    pub(crate) fn webhook_json(&self, id: Id) -> ApiResult<Value> {
        let webhook = self.webhooks.get(&id).ok_or_else(ApiError::unknown_webhook)?;
        Ok(json::webhook(self, webhook, true))
    }
}

fn shown(of: &Webhook) -> Value {
    json!({ "name": of.name, "channel_id": of.channel_id, "avatar_hash": of.avatar, "type": 1 })
}

/// Names that would pass for Discord's own are refused
/// (<https://discord.com/developers/docs/resources/webhook#create-webhook>).
pub(crate) fn check_name(name: &str, path: &str) -> ApiResult<()> {
    let lower = name.to_lowercase();
    match ["discord", "clyde"].iter().find(|word| lower.contains(**word)) {
        Some(word) => Err(ApiError::field(
            path,
            "USERNAME_INVALID_CONTAINS",
            format!("Username cannot contain \"{word}\""),
        )),
        None => Ok(()),
    }
}
