//! Changing a guild, its welcome screen, its onboarding and its widget, and taking it away in an outage
//! (<https://discord.com/developers/docs/resources/guild>).

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::changes::changes;
use super::draft::id_of;
use super::event::Scope;
use super::forum::ids_in;
use super::json::{self, extend};
use super::permissions::Permissions;
use super::{AuditLine, World};

/// The audit log's numbers.
mod action {
    pub(super) const GUILD_UPDATE: u16 = 1;
    pub(super) const ONBOARDING_UPDATE: u16 = 167;
}

impl World {
    /// Changes a guild from a checked body.
    ///
    /// # Errors
    /// 50013 without the right to manage it, 50035 for a channel that is not its own.
    pub(crate) fn modify_guild(
        &mut self,
        by: Id,
        guild: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::MANAGE_GUILD)?;
        for key in [
            "system_channel_id",
            "rules_channel_id",
            "afk_channel_id",
            "public_updates_channel_id",
            "safety_alerts_channel_id",
        ] {
            let channel = body.get(key).and_then(id_of);
            if channel.is_some_and(|id| !self.guilds.get(&guild).is_some_and(|g| g.channels.contains(&id))) {
                return Err(ApiError::field(
                    key,
                    "CHANNEL_INVALID",
                    "Channel is not of this guild",
                ));
            }
        }
        let icon = self.read_picture(body, "icon")?;
        let state = self.guild_mut(guild)?;
        let before = json::guild(state);
        if let Some(name) = body.get("name").and_then(Value::as_str) {
            name.clone_into(&mut state.name);
        }
        if let Some(text) = body.get("description") {
            state.description = text.as_str().map(str::to_owned);
        }
        if let Some(locale) = body.get("preferred_locale").and_then(Value::as_str) {
            locale.clone_into(&mut state.locale);
        }
        if let Some(channel) = body.get("system_channel_id") {
            state.system_channel = id_of(channel);
        }
        if let Some(channel) = body.get("rules_channel_id") {
            state.rules_channel = id_of(channel);
        }
        if let Some(icon) = icon {
            state.icon = icon;
        }
        state.settings.apply(body);
        let after = json::guild(state);
        self.emit("GUILD_UPDATE", Scope::Guild(guild), after.clone());
        let line = AuditLine::new(action::GUILD_UPDATE, by, guild, reason);
        self.audit(guild, line.changing(changes(&before, &after)));
        Ok(())
    }

    /// The welcome screen.
    ///
    /// # Errors
    /// 10069 if there is none or it is off and the viewer may not manage the guild.
    pub(crate) fn welcome_screen(&self, viewer: Id, guild: Id) -> ApiResult<Value> {
        self.require_in_guild(guild, viewer, Permissions::NONE)?;
        let settings = &self.guild(guild)?.settings;
        let manages = self
            .permissions_in_guild(guild, viewer)
            .has(Permissions::MANAGE_GUILD);
        let screen = settings
            .welcome_screen
            .clone()
            .filter(|_| settings.welcome_enabled || manages);
        screen.ok_or_else(ApiError::unknown_welcome_screen)
    }

    /// Changes the welcome screen from a checked body.
    pub(crate) fn set_welcome_screen(&mut self, by: Id, guild: Id, body: &Value) -> ApiResult<Value> {
        self.require_in_guild(guild, by, Permissions::MANAGE_GUILD)?;
        let state = self.guild_mut(guild)?;
        let mut screen = state
            .settings
            .welcome_screen
            .clone()
            .unwrap_or_else(|| json!({ "description": null, "welcome_channels": [] }));
        if let Some(text) = body.get("description") {
            extend(&mut screen, json!({ "description": text }));
        }
        if let Some(list) = body.get("welcome_channels") {
            let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
            let channels: Vec<Value> = list
                .iter()
                .map(|c| {
                    let id = |key: &str| c.get(key).and_then(id_of);
                    json!({ "channel_id": id("channel_id"), "description": c.get("description"),
                        "emoji_id": id("emoji_id"), "emoji_name": c.get("emoji_name") })
                })
                .collect();
            let foreign = channels
                .iter()
                .filter_map(|c| c.get("channel_id").and_then(id_of))
                .any(|id| !state.channels.contains(&id));
            if foreign {
                return Err(ApiError::unknown_channel());
            }
            extend(&mut screen, json!({ "welcome_channels": channels }));
        }
        let enabled = body.get("enabled").and_then(Value::as_bool);
        state.settings.welcome_enabled = enabled.unwrap_or(state.settings.welcome_enabled);
        state.settings.welcome_screen = Some(screen.clone());
        Ok(screen)
    }

    /// What newcomers are asked.
    pub(crate) fn onboarding(&self, guild: Id) -> ApiResult<Value> {
        let mut value = self.guild(guild)?.settings.onboarding.clone();
        extend(&mut value, json!({ "guild_id": guild }));
        Ok(value)
    }

    /// Changes what newcomers are asked, from a checked body. Prompts and options without an id get one.
    ///
    /// # Errors
    /// 50013 without the rights to manage guild and roles, 10003 and 10011 for channels and roles of elsewhere.
    pub(crate) fn set_onboarding(
        &mut self,
        by: Id,
        guild: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::MANAGE_GUILD | Permissions::MANAGE_ROLES)?;
        let before = self.onboarding(guild)?;
        let mut next = before.clone();
        if body.get("default_channel_ids").is_some_and(Value::is_array) {
            let ids = ids_in(body, "default_channel_ids");
            extend(&mut next, json!({ "default_channel_ids": ids }));
        }
        for key in ["enabled", "mode"] {
            if let Some(value) = body.get(key).filter(|v| !v.is_null()) {
                extend(&mut next, json!({ key: value }));
            }
        }
        if let Some(prompts) = body.get("prompts").and_then(Value::as_array) {
            let prompts: Vec<Value> = prompts.iter().map(|p| self.prompt(p)).collect();
            extend(&mut next, json!({ "prompts": prompts }));
        }
        let state = self.guild_mut(guild)?;
        let options = next
            .get("prompts")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let options = options.filter_map(|p| p.get("options")?.as_array()).flatten();
        let mut channels = ids_in(&next, "default_channel_ids");
        let mut roles = Vec::new();
        for option in options {
            channels.extend(ids_in(option, "channel_ids"));
            roles.extend(ids_in(option, "role_ids"));
        }
        if channels.iter().any(|id| !state.channels.contains(id)) {
            return Err(ApiError::unknown_channel());
        }
        if roles.iter().any(|id| !state.roles.contains_key(id)) {
            return Err(ApiError::unknown_role());
        }
        state.settings.onboarding = next.clone();
        let line = AuditLine::new(action::ONBOARDING_UPDATE, by, guild, reason);
        self.audit(guild, line.changing(changes(&before, &next)));
        Ok(())
    }

    fn prompt(&mut self, of: &Value) -> Value {
        let id =
            |world: &mut Self, of: &Value| of.get("id").and_then(id_of).unwrap_or_else(|| world.new_id());
        let options = of
            .get("options")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let options: Vec<Value> = options
            .iter()
            .map(|o| {
                let emoji = json!({ "id": o.get("emoji_id").and_then(id_of), "name": o.get("emoji_name"),
                    "animated": o.get("emoji_animated").and_then(Value::as_bool).unwrap_or(false) });
                json!({ "id": id(self, o), "title": o.get("title"),
                    "description": o.get("description").and_then(Value::as_str).unwrap_or_default(),
                    "emoji": emoji, "role_ids": ids_in(o, "role_ids"), "channel_ids": ids_in(o, "channel_ids") })
            })
            .collect();
        let flag = |key: &str| of.get(key).and_then(Value::as_bool).unwrap_or(false);
        json!({ "id": id(self, of), "title": of.get("title"), "options": options,
            "type": of.get("type").and_then(Value::as_u64).unwrap_or(0), "single_select": flag("single_select"),
            "required": flag("required"), "in_onboarding": flag("in_onboarding") })
    }

    /// Switches the widget, from a checked body.
    pub(crate) fn set_widget(
        &mut self,
        by: Id,
        guild: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::MANAGE_GUILD)?;
        let state = self.guild_mut(guild)?;
        let channel = body.get("channel_id").map(id_of);
        if channel.flatten().is_some_and(|id| !state.channels.contains(&id)) {
            return Err(ApiError::unknown_channel());
        }
        let before = json::guild(state);
        state.settings.widget_channel = channel.unwrap_or(state.settings.widget_channel);
        let enabled = body.get("enabled").and_then(Value::as_bool);
        state.settings.widget_enabled = enabled.unwrap_or(state.settings.widget_enabled);
        let after = json::guild(state);
        self.emit("GUILD_UPDATE", Scope::Guild(guild), after.clone());
        let line = AuditLine::new(action::GUILD_UPDATE, by, guild, reason);
        self.audit(guild, line.changing(changes(&before, &after)));
        Ok(())
    }

    /// A guild goes away in an outage, or comes back; its bots are told, its people see nothing.
    pub(crate) fn set_available(&mut self, guild: Id, available: bool) -> ApiResult<()> {
        let state = self.guild_mut(guild)?;
        if std::mem::replace(&mut state.available, available) == available {
            return Ok(());
        }
        let bots: Vec<(Id, Id)> = self
            .applications
            .values()
            .filter(|a| self.member(guild, a.bot_id).is_ok())
            .map(|a| (a.id, a.bot_id))
            .collect();
        for (id, bot) in bots {
            let scope = Scope::Application {
                id,
                guild: Some(guild),
            };
            if available {
                let body = json::guild_create(
                    self,
                    self.guild(guild)?,
                    bot,
                    false,
                    json::DEFAULT_LARGE_THRESHOLD,
                );
                self.emit("GUILD_CREATE", scope, body);
            } else {
                self.emit("GUILD_DELETE", scope, json!({ "id": guild, "unavailable": true }));
            }
        }
        Ok(())
    }
}
