//! Custom emojis of guilds and applications
//! (<https://discord.com/developers/docs/resources/emoji>).

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::changes::changes;
use super::event::Scope;
use super::forum::ids_in;
use super::images::{Image, LARGEST_EMOJI};
use super::json_guild::emoji as emoji_json;
use super::model::Emoji;
use super::permissions::Permissions;
use super::{AuditLine, World};

/// Emojis of each kind, still or moving, in a guild without boosts.
const MOST_OF_A_KIND: usize = 50;
/// Emojis of an application.
const MOST_OF_APPLICATION: usize = 2000;

/// The audit log's numbers.
mod action {
    pub(super) const CREATE: u16 = 60;
    pub(super) const UPDATE: u16 = 61;
    pub(super) const DELETE: u16 = 62;
}

fn name_of(body: &Value) -> Option<String> {
    body.get("name").and_then(Value::as_str).map(str::to_owned)
}

impl World {
    fn make_emoji(&mut self, body: &Value, image: Image, user: Id) -> Emoji {
        let id = self.new_id();
        let animated = image.animated;
        self.keep_emoji(id, image);
        Emoji {
            id,
            name: name_of(body).unwrap_or_default(),
            animated,
            roles: ids_in(body, "roles"),
            user: Some(user),
        }
    }

    /// Uploads an emoji to a guild from a checked body.
    pub(crate) fn create_emoji(
        &mut self,
        by: Id,
        guild: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<Id> {
        self.require_in_guild(guild, by, Permissions::MANAGE_GUILD_EXPRESSIONS)?;
        let image = Image::read(body.get("image").unwrap_or(&Value::Null), "image", LARGEST_EMOJI)?;
        let emojis = &self.guild(guild)?.emojis;
        if emojis.iter().filter(|e| e.animated == image.animated).count() >= MOST_OF_A_KIND {
            return Err(if image.animated {
                ApiError::too_many_animated()
            } else {
                ApiError::too_many_emojis()
            });
        }
        let emoji = self.make_emoji(body, image, by);
        let (id, after) = (emoji.id, emoji_json(&emoji));
        self.guild_mut(guild)?.emojis.push(emoji);
        self.emit_emojis(guild);
        let line = AuditLine::new(action::CREATE, by, id, reason);
        self.audit(
            guild,
            line.changing(changes(&Value::Null, &json!({ "name": after.get("name") }))),
        );
        Ok(id)
    }

    /// The emoji of a guild.
    ///
    /// # Errors
    /// 10014 if there is none.
    pub(crate) fn guild_emoji(&self, guild: Id, id: Id) -> ApiResult<&Emoji> {
        let found = self.guild(guild)?.emojis.iter().find(|e| e.id == id);
        found.ok_or_else(ApiError::unknown_emoji)
    }

    /// Renames a guild's emoji or changes who may use it.
    pub(crate) fn modify_emoji(
        &mut self,
        by: Id,
        guild: Id,
        id: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::MANAGE_GUILD_EXPRESSIONS)?;
        let before = emoji_json(self.guild_emoji(guild, id)?);
        let state = self.guild_mut(guild)?;
        let emoji = state.emojis.iter_mut().find(|e| e.id == id);
        let emoji = emoji.ok_or_else(ApiError::unknown_emoji)?;
        if let Some(name) = name_of(body) {
            emoji.name = name;
        }
        if body.get("roles").is_some() {
            emoji.roles = ids_in(body, "roles");
        }
        let after = emoji_json(emoji);
        self.emit_emojis(guild);
        let line = AuditLine::new(action::UPDATE, by, id, reason);
        self.audit(guild, line.changing(changes(&before, &after)));
        Ok(())
    }

    /// Deletes a guild's emoji.
    pub(crate) fn delete_emoji(&mut self, by: Id, guild: Id, id: Id, reason: Option<&str>) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::MANAGE_GUILD_EXPRESSIONS)?;
        let name = self.guild_emoji(guild, id)?.name.clone();
        self.guild_mut(guild)?.emojis.retain(|e| e.id != id);
        self.emit_emojis(guild);
        let line = AuditLine::new(action::DELETE, by, id, reason);
        self.audit(
            guild,
            line.changing(changes(&json!({ "name": name }), &Value::Null)),
        );
        Ok(())
    }

    fn emit_emojis(&mut self, guild: Id) {
        let Some(state) = self.guilds.get(&guild) else {
            return;
        };
        let list: Vec<Value> = state.emojis.iter().map(emoji_json).collect();
        let body = json!({ "guild_id": guild, "emojis": list });
        self.emit("GUILD_EMOJIS_UPDATE", Scope::Guild(guild), body);
    }

    /// Uploads an emoji of an application.
    pub(crate) fn create_application_emoji(&mut self, application: Id, body: &Value) -> ApiResult<Id> {
        let image = Image::read(body.get("image").unwrap_or(&Value::Null), "image", LARGEST_EMOJI)?;
        let state = self.application(application)?;
        let (bot, count) = (state.bot_id, state.emojis.len());
        if count >= MOST_OF_APPLICATION {
            return Err(ApiError::too_many_application_emojis());
        }
        let name = name_of(body).unwrap_or_default();
        if state.emojis.iter().any(|e| e.name == name) {
            return Err(ApiError::field(
                "name",
                "APPLICATION_EMOJI_NAME_ALREADY_TAKEN",
                "An emoji with that name already exists",
            ));
        }
        let emoji = self.make_emoji(body, image, bot);
        let id = emoji.id;
        self.application_mut(application)?.emojis.push(emoji);
        Ok(id)
    }

    /// The emoji of an application.
    ///
    /// # Errors
    /// 10014 if there is none.
    pub(crate) fn application_emoji(&mut self, application: Id, id: Id) -> ApiResult<&mut Emoji> {
        let emojis = &mut self.application_mut(application)?.emojis;
        emojis
            .iter_mut()
            .find(|e| e.id == id)
            .ok_or_else(ApiError::unknown_emoji)
    }

    /// True if `user` may react with this custom emoji in a channel of `guild`: one of the guild's, or any with
    /// the right to use others', or one of the bot's own.
    pub(super) fn knows_emoji(&self, user: Id, guild: Option<Id>, set: Permissions, id: Id) -> ApiResult<()> {
        let own = self
            .application_of_bot(user)
            .is_some_and(|a| a.emojis.iter().any(|e| e.id == id));
        let home = guild.is_some_and(|g| self.guild_emoji(g, id).is_ok());
        if own || home {
            return Ok(());
        }
        let elsewhere = self.guilds.values().any(|g| g.emojis.iter().any(|e| e.id == id))
            || self
                .applications
                .values()
                .any(|a| a.emojis.iter().any(|e| e.id == id));
        if elsewhere && set.has(Permissions::USE_EXTERNAL_EMOJIS) {
            Ok(())
        } else {
            Err(ApiError::unknown_emoji())
        }
    }
}
