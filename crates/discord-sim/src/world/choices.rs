//! What a client checks before it sends options, choices and filled-in forms, and the objects it resolves.

use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::act_interaction::CommandCall;
use super::components::kind as component_kind;
use super::draft::id_of;
use super::json::{self, extend};
use super::{World, json_message};

/// Option types (<https://discord.com/developers/docs/interactions/application-commands>).
mod option {
    pub(super) const SUBCOMMAND: i64 = 1;
    pub(super) const GROUP: i64 = 2;
    pub(super) const STRING: i64 = 3;
    pub(super) const INTEGER: i64 = 4;
    pub(super) const BOOLEAN: i64 = 5;
    pub(super) const USER: i64 = 6;
    pub(super) const CHANNEL: i64 = 7;
    pub(super) const ROLE: i64 = 8;
    pub(super) const MENTIONABLE: i64 = 9;
    pub(super) const NUMBER: i64 = 10;
    pub(super) const ATTACHMENT: i64 = 11;
}

pub(super) fn required(path: &str) -> ApiError {
    ApiError::field(path, "BASE_TYPE_REQUIRED", "This field is required")
}

impl World {
    /// The `options` of a command's data.
    pub(super) fn command_options(
        &self,
        definitions: &[Value],
        path: &[&str],
        call: &CommandCall,
        guild: Option<Id>,
        channel: Id,
        resolved: &mut Map<String, Value>,
    ) -> ApiResult<Vec<Value>> {
        let kind_of = |d: &Value| d.get("type").and_then(Value::as_i64).unwrap_or(0);
        let name_of = |d: &Value| {
            d.get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let has_children = definitions
            .iter()
            .any(|d| matches!(kind_of(d), option::SUBCOMMAND | option::GROUP));
        if let Some((first, rest)) = path.split_first() {
            let definition = definitions
                .iter()
                .find(|d| name_of(d) == *first)
                .ok_or_else(ApiError::unknown_command)?;
            let inner = definition
                .get("options")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let options = self.command_options(inner, rest, call, guild, channel, resolved)?;
            return Ok(vec![
                json!({ "name": first, "type": kind_of(definition), "options": options }),
            ]);
        }
        if has_children {
            return Err(required("options"));
        }
        if let Some((unknown, _)) = call
            .options
            .iter()
            .find(|(n, _)| !definitions.iter().any(|d| name_of(d) == *n))
        {
            return Err(ApiError::field(
                &format!("options.{unknown}"),
                "UNKNOWN_FIELD",
                "The command has no such option",
            ));
        }
        let mut options = Vec::new();
        for definition in definitions {
            let name = name_of(definition);
            let Some((_, value)) = call.options.iter().find(|(n, _)| *n == name) else {
                let must = definition
                    .get("required")
                    .and_then(Value::as_bool)
                    .unwrap_or(false);
                if must && call.focused.is_none() {
                    return Err(required(&format!("options.{name}")));
                }
                continue;
            };
            let focused = call.focused.as_deref() == Some(name.as_str());
            let value = if focused {
                value.clone()
            } else {
                self.option_value(definition, value, guild, channel, resolved)?
            };
            let mut option = json!({ "name": name, "type": kind_of(definition), "value": value });
            if focused {
                extend(&mut option, json!({ "focused": true }));
            }
            options.push(option);
        }
        Ok(options)
    }

    fn option_value(
        &self,
        definition: &Value,
        value: &Value,
        guild: Option<Id>,
        channel: Id,
        resolved: &mut Map<String, Value>,
    ) -> ApiResult<Value> {
        let kind = definition.get("type").and_then(Value::as_i64).unwrap_or(0);
        let name = definition.get("name").and_then(Value::as_str).unwrap_or_default();
        let wrong = |why: &str| {
            ApiError::field(
                &format!("options.{name}"),
                "APPLICATION_COMMAND_OPTION_INVALID",
                why,
            )
        };
        let bound = |key: &str| definition.get(key).and_then(Value::as_f64);
        let choices = definition
            .get("choices")
            .and_then(Value::as_array)
            .filter(|c| !c.is_empty());
        if let Some(choices) = choices
            && !choices.iter().any(|c| c.get("value") == Some(value))
        {
            return Err(wrong("not one of the choices"));
        }
        match kind {
            option::STRING => {
                let length = value.as_str().ok_or_else(|| wrong("not a text"))?.chars().count() as f64;
                let most = bound("max_length").unwrap_or(6000.0);
                if length < bound("min_length").unwrap_or(0.0) || length > most {
                    return Err(wrong("too short or too long"));
                }
            }
            option::INTEGER | option::NUMBER => {
                let number = value.as_f64().ok_or_else(|| wrong("not a number"))?;
                if kind == option::INTEGER && value.as_i64().is_none() {
                    return Err(wrong("not a whole number"));
                }
                if bound("min_value").is_some_and(|m| number < m)
                    || bound("max_value").is_some_and(|m| number > m)
                {
                    return Err(wrong("out of range"));
                }
            }
            option::BOOLEAN if !value.is_boolean() => return Err(wrong("not a boolean")),
            option::USER => self.resolve_user(
                id_of(value).ok_or_else(|| wrong("not an id"))?,
                guild,
                channel,
                resolved,
            )?,
            option::CHANNEL => {
                let id = id_of(value).ok_or_else(|| wrong("not an id"))?;
                self.resolve_channel(id, guild, resolved)?;
                let types = definition
                    .get("channel_types")
                    .and_then(Value::as_array)
                    .filter(|t| !t.is_empty());
                let kind = i64::from(self.channel(id)?.kind);
                if types.is_some_and(|t| !t.iter().any(|n| n.as_i64() == Some(kind))) {
                    return Err(wrong("a channel of another type"));
                }
            }
            option::ROLE => {
                self.resolve_role(id_of(value).ok_or_else(|| wrong("not an id"))?, guild, resolved)?
            }
            option::MENTIONABLE => {
                let id = id_of(value).ok_or_else(|| wrong("not an id"))?;
                self.resolve_role(id, guild, resolved)
                    .or_else(|_| self.resolve_user(id, guild, channel, resolved))?;
            }
            option::ATTACHMENT => {
                let id = id_of(value).ok_or_else(|| wrong("not an id"))?;
                let files = resolved.get("attachments").and_then(Value::as_object);
                if !files.is_some_and(|f| f.contains_key(&id.to_string())) {
                    return Err(wrong("not one of the call's files"));
                }
            }
            _ => {}
        }
        if matches!(kind, option::USER..=option::MENTIONABLE) {
            // Ids travel as text, however they were given.
            return Ok(json!(id_of(value)));
        }
        Ok(value.clone())
    }

    pub(super) fn resolve_target(
        &self,
        kind: u8,
        target: Id,
        user: Id,
        channel: Id,
        guild: Option<Id>,
        resolved: &mut Map<String, Value>,
    ) -> ApiResult<()> {
        if kind == 2 {
            return self.resolve_user(target, guild, channel, resolved);
        }
        let message = self.message(channel, target)?;
        if !message.visible_to(user) {
            return Err(ApiError::unknown_message());
        }
        put(
            resolved,
            "messages",
            target,
            json_message::message(self, message, Id::default()),
        );
        Ok(())
    }

    fn resolve_user(
        &self,
        id: Id,
        guild: Option<Id>,
        channel: Id,
        resolved: &mut Map<String, Value>,
    ) -> ApiResult<()> {
        put(resolved, "users", id, json::user(self.user(id)?));
        if let Some(member) = guild.and_then(|g| self.member(g, id).ok()) {
            let mut value = json::partial_member(member);
            let set = self
                .channels
                .get(&channel)
                .map(|c| self.permissions_in(c, id))
                .unwrap_or_default();
            extend(&mut value, json!({ "permissions": json::permission_text(set) }));
            put(resolved, "members", id, value);
        }
        Ok(())
    }

    fn resolve_role(&self, id: Id, guild: Option<Id>, resolved: &mut Map<String, Value>) -> ApiResult<()> {
        let role = guild
            .and_then(|g| self.guilds.get(&g)?.roles.get(&id))
            .ok_or_else(ApiError::unknown_role)?;
        put(resolved, "roles", id, json::role(role));
        Ok(())
    }

    fn resolve_channel(&self, id: Id, guild: Option<Id>, resolved: &mut Map<String, Value>) -> ApiResult<()> {
        let channel = self.channel(id)?;
        if channel.guild_id != guild {
            return Err(ApiError::unknown_channel());
        }
        let mut value = json::channel(self, channel);
        extend(&mut value, json!({ "permissions": "0" }));
        put(resolved, "channels", id, value);
        Ok(())
    }

    /// Checks what was chosen in a select against its options and counts.
    pub(super) fn check_choice(&self, component: &Value, values: &[String]) -> ApiResult<()> {
        let number = |key: &str, or: u64| component.get(key).and_then(Value::as_u64).unwrap_or(or);
        let optional = component.get("required").and_then(Value::as_bool) == Some(false) && values.is_empty();
        let count = values.len() as u64;
        if !optional && !(number("min_values", 1)..=number("max_values", 1)).contains(&count) {
            return Err(ApiError::field(
                "data.values",
                "BASE_TYPE_BAD_LENGTH",
                "Too few or too many values",
            ));
        }
        let Some(options) = component.get("options").and_then(Value::as_array) else {
            return Ok(());
        };
        let known = |v: &String| {
            options
                .iter()
                .any(|o| o.get("value").and_then(Value::as_str) == Some(v))
        };
        if values.iter().all(known) {
            Ok(())
        } else {
            Err(ApiError::field(
                "data.values",
                "SELECT_COMPONENT_INVALID_VALUE",
                "Not one of the options",
            ))
        }
    }

    pub(super) fn resolve_choice(
        &self,
        kind: i64,
        values: &[String],
        guild: Option<Id>,
        _user: Id,
        channel: Id,
        resolved: &mut Map<String, Value>,
    ) -> ApiResult<()> {
        if !(5..=component_kind::CHANNEL_SELECT).contains(&kind) {
            return Ok(());
        }
        for value in values {
            let id: Id = value.parse().map_err(|_| ApiError::unknown_user())?;
            match kind {
                5 => self.resolve_user(id, guild, channel, resolved)?,
                6 => self.resolve_role(id, guild, resolved)?,
                7 => self
                    .resolve_role(id, guild, resolved)
                    .or_else(|_| self.resolve_user(id, guild, channel, resolved))?,
                _ => self.resolve_channel(id, guild, resolved)?,
            }
        }
        Ok(())
    }
}

fn put(resolved: &mut Map<String, Value>, group: &str, id: Id, value: Value) {
    let entry = resolved.entry(group).or_insert_with(|| json!({}));
    if let Value::Object(map) = entry {
        map.insert(id.to_string(), value);
    }
}
