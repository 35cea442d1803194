//! What a user does that a bot must answer: running commands, pressing, choosing, submitting.

use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::command_files::OptionFile;
use super::components::{self, LINK_STYLE, kind as component_kind};
use super::event::Scope;
use super::json::{self, extend};
use super::message::{Interaction, Progress, flags, interaction_kind};
use super::modal_fill::with_file_ids;
use super::permissions::Permissions;
use super::{World, json_message};

/// The largest file that an interaction's answer may carry, as Discord tells bots in unboosted guilds.
const ATTACHMENT_LIMIT: u64 = 10 * 1024 * 1024;

/// A command that a user runs, as the client would send it.
#[derive(Clone, Debug, Default)]
pub struct CommandCall {
    /// The name, with subcommand group and subcommand behind it: `todo add`.
    pub name: String,
    /// Option values by name: text, numbers, booleans, and ids for users, roles, channels.
    pub options: Vec<(String, Value)>,
    /// Files for options of the type ATTACHMENT.
    pub files: Vec<OptionFile>,
    /// The option that is half typed, which makes this an autocomplete.
    pub focused: Option<String>,
    /// The user or message of a context menu.
    pub target: Option<Id>,
    /// Which application, where two have a command of one name.
    pub application: Option<Id>,
}

/// A component that a user uses.
#[derive(Clone, Debug, Default)]
pub struct Press {
    /// The message.
    pub message: Id,
    /// The component.
    pub custom_id: String,
    /// What was chosen, for selects.
    pub values: Vec<String>,
}

/// A form that a bot showed to a user.
#[derive(Clone, Debug, PartialEq)]
pub struct Modal {
    /// The interaction that it answers.
    pub interaction: Id,
    /// What it is called by.
    pub custom_id: String,
    /// The title.
    pub title: String,
    /// Its components.
    pub components: Vec<Value>,
}

impl World {
    /// A user runs a command, or asks for choices if an option is focused. Gives the interaction.
    pub(crate) fn run_command(&mut self, user: Id, channel: Id, call: &CommandCall) -> ApiResult<Id> {
        let set = self.require_in_channel(channel, user, Permissions::NONE)?;
        let guild = self.channel(channel)?.guild_id;
        let mut words = call.name.split(' ').filter(|w| !w.is_empty());
        let first = words.next().unwrap_or_default();
        // Context menu names may hold spaces, so the whole name is tried before its first word.
        let (application, command) = self
            .usable_command(user, channel, set, &call.name, call)
            .or_else(|| self.usable_command(user, channel, set, first, call))
            .ok_or_else(ApiError::unknown_command)?;
        let path: Vec<&str> = if command.kind == 1 {
            words.collect()
        } else {
            Vec::new()
        };
        let mut data = json!({ "id": command.id, "name": command.name, "type": command.kind });
        if let Some(guild) = command.guild_id {
            extend(&mut data, json!({ "guild_id": guild }));
        }
        let mut resolved = Map::new();
        if command.kind == 1 {
            let definitions = command
                .body
                .get("options")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            let call = &self.with_files(call, user, channel, &mut resolved)?;
            let options = self.command_options(&definitions, &path, call, guild, channel, &mut resolved)?;
            extend(&mut data, json!({ "options": options }));
        } else {
            let target = call.target.ok_or_else(|| {
                ApiError::field("target_id", "BASE_TYPE_REQUIRED", "This field is required")
            })?;
            self.resolve_target(command.kind, target, user, channel, guild, &mut resolved)?;
            extend(&mut data, json!({ "target_id": target }));
        }
        if !resolved.is_empty() {
            extend(&mut data, json!({ "resolved": resolved }));
        }
        let kind = if call.focused.is_some() {
            interaction_kind::AUTOCOMPLETE
        } else {
            interaction_kind::COMMAND
        };
        let mut interaction = self.new_interaction(application, kind, user, channel, guild);
        interaction.name = if path.is_empty() {
            command.name.clone()
        } else {
            call.name.clone()
        };
        interaction.command_kind = command.kind;
        self.send_interaction(interaction, data, None)
    }

    /// A user presses a button or chooses in a select. Gives the interaction.
    pub(crate) fn press(&mut self, user: Id, channel: Id, press: &Press) -> ApiResult<Id> {
        self.require_in_channel(channel, user, Permissions::NONE)?;
        let message = self.message(channel, press.message)?;
        if !message.visible_to(user) {
            return Err(ApiError::unknown_message());
        }
        let application = message
            .application_id
            .or_else(|| {
                message
                    .author_user()
                    .and_then(|a| self.application_of_bot(a))
                    .map(|a| a.id)
            })
            .ok_or_else(ApiError::unknown_application)?;
        let component = components::find(&message.components, &press.custom_id)
            .cloned()
            .ok_or_else(|| {
                ApiError::field(
                    "data.custom_id",
                    "COMPONENT_VALIDATION_FAILED",
                    "Component validation failed",
                )
            })?;
        let refused = || {
            ApiError::field(
                "data",
                "COMPONENT_VALIDATION_FAILED",
                "Component validation failed",
            )
        };
        if component.get("disabled").and_then(Value::as_bool) == Some(true) {
            return Err(refused());
        }
        let guild = message.guild_id;
        let kind = components::kind_of(&component);
        let mut data =
            json!({ "custom_id": press.custom_id, "component_type": kind, "id": component.get("id") });
        if kind == component_kind::BUTTON {
            if component.get("style").and_then(Value::as_i64) == Some(LINK_STYLE) || !press.values.is_empty()
            {
                return Err(refused());
            }
        } else {
            self.check_choice(&component, &press.values)?;
            let mut resolved = Map::new();
            self.resolve_choice(kind, &press.values, guild, user, channel, &mut resolved)?;
            extend(&mut data, json!({ "values": press.values }));
            if !resolved.is_empty() {
                extend(&mut data, json!({ "resolved": resolved }));
            }
        }
        let ephemeral = message.flags & flags::EPHEMERAL != 0;
        let mut body = json_message::message(self, message, Id::default());
        // Message objects inside interactions carry no guild of their own.
        if ephemeral && let Value::Object(map) = &mut body {
            map.insert("flags".to_owned(), json!(message.flags | flags::EPHEMERAL));
        }
        let mut interaction =
            self.new_interaction(application, interaction_kind::COMPONENT, user, channel, guild);
        interaction.source_message = Some(press.message);
        self.send_interaction(interaction, data, Some(body))
    }

    /// A user submits the modal that an interaction was answered with. Values and files are by custom id.
    pub(crate) fn submit_modal(
        &mut self,
        user: Id,
        modal: &Modal,
        values: &[(String, Value)],
        files: Vec<OptionFile>,
    ) -> ApiResult<Id> {
        let origin = self
            .interaction(modal.interaction)
            .ok_or_else(ApiError::unknown_interaction)?
            .clone();
        if origin.user != user || origin.modal.is_none() {
            return Err(ApiError::unknown_interaction());
        }
        self.require_in_channel(origin.channel_id, user, Permissions::NONE)?;
        let mut resolved = Map::new();
        let kept = self.keep_files(files, user, origin.channel_id, &mut resolved)?;
        let values = &with_file_ids(values, kept);
        let filled = self.fill_modal(&modal.components, values, &origin, &mut resolved)?;
        let mut data = json!({ "custom_id": modal.custom_id, "components": filled });
        if !resolved.is_empty() {
            extend(&mut data, json!({ "resolved": resolved }));
        }
        let source = origin
            .source_message
            .and_then(|id| self.message(origin.channel_id, id).ok());
        let body = source.map(|m| json_message::message(self, m, Id::default()));
        let mut interaction = self.new_interaction(
            origin.application_id,
            interaction_kind::MODAL,
            user,
            origin.channel_id,
            origin.guild_id,
        );
        interaction.source_message = origin.source_message;
        interaction.trigger = Some(Box::new(origin.note()));
        interaction.name = origin.name;
        self.send_interaction(interaction, data, body)
    }

    fn new_interaction(
        &mut self,
        application: Id,
        kind: u8,
        user: Id,
        channel: Id,
        guild: Option<Id>,
    ) -> Interaction {
        let id = self.new_id();
        let token = self.dice.token(64);
        Interaction {
            id,
            token,
            application_id: application,
            kind,
            name: String::new(),
            command_kind: 1,
            user,
            channel_id: channel,
            guild_id: guild,
            source_message: None,
            at: self.now(),
            progress: Progress::Waiting,
            ephemeral: false,
            original: None,
            followups: Vec::new(),
            modal: None,
            choices: None,
            callback: None,
            updated_source: false,
            trigger: None,
        }
    }

    fn send_interaction(
        &mut self,
        interaction: Interaction,
        data: Value,
        message: Option<Value>,
    ) -> ApiResult<Id> {
        let id = interaction.id;
        let body = self.interaction_body(&interaction, data, message)?;
        let scope = Scope::Application {
            id: interaction.application_id,
            guild: interaction.guild_id,
        };
        self.keep_interaction(interaction);
        self.emit("INTERACTION_CREATE", scope, body);
        Ok(id)
    }

    fn interaction_body(&self, of: &Interaction, data: Value, message: Option<Value>) -> ApiResult<Value> {
        let user = self.user(of.user)?;
        let channel = self.channel(of.channel_id)?;
        let bot = self.application(of.application_id)?.bot_id;
        let mut channel_body = json::channel(self, channel);
        extend(
            &mut channel_body,
            json!({ "permissions": json::permission_text(self.permissions_in(channel, of.user)) }),
        );
        let mut body = json!({
            "id": of.id, "application_id": of.application_id, "type": of.kind, "token": of.token, "version": 1,
            "data": data, "channel_id": of.channel_id, "channel": channel_body, "locale": user.locale,
            "entitlements": [], "attachment_size_limit": ATTACHMENT_LIMIT,
            "app_permissions": json::permission_text(self.permissions_in(channel, bot)),
        });
        match of.guild_id {
            Some(id) => {
                let guild = self.guild(id)?;
                let mut member = json::member(self, self.member(id, of.user)?);
                extend(
                    &mut member,
                    json!({ "permissions": json::permission_text(self.permissions_in(channel, of.user)) }),
                );
                extend(
                    &mut body,
                    json!({
                        "guild_id": id, "guild_locale": guild.locale, "member": member, "context": 0,
                        "guild": { "id": id, "locale": guild.locale, "features": ["COMMUNITY"] },
                        "authorizing_integration_owners": { "0": id },
                    }),
                );
            }
            None => extend(
                &mut body,
                json!({
                    "user": json::user(user), "context": 1, "authorizing_integration_owners": { "0": "0" },
                }),
            ),
        }
        if let Some(message) = message {
            extend(&mut body, json!({ "message": message }));
        }
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use crate::world::model::Command;
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
    fn a_client_sends_no_wrong_options() {
        let (mut world, c) = place(json!({ "options": [
            { "type": 4, "name": "n", "required": true, "min_value": 1, "max_value": 5 },
            { "type": 3, "name": "s", "choices": [{ "name": "A", "value": "a" }] },
        ] }));
        let mut run =
            |options: &[(&str, Value)]| world.run_command(c.finn, c.channels.general, &call(options));
        assert!(run(&[("n", json!(3)), ("s", json!("a"))]).is_ok());
        for wrong in [
            vec![],
            vec![("n", json!(6))],
            vec![("n", json!("three"))],
            vec![("n", json!(3)), ("s", json!("b"))],
            vec![("n", json!(3)), ("x", json!(1))],
        ] {
            assert_eq!(run(&wrong).unwrap_err().code, 50035, "{wrong:?}");
        }
    }

    #[test]
    fn a_disabled_button_cannot_be_pressed() {
        let (mut world, c) = place(json!({}));
        let button = |id: &str, off: bool| json!({ "type": 2, "style": 1, "label": "x", "custom_id": id, "disabled": off });
        let row = json!({ "type": 1, "components": [button("on", false), button("off", true)] });
        let draft = crate::world::Draft {
            components: Some(vec![row]),
            ..crate::world::Draft::text("x")
        };
        let message = world.write(c.bot, c.channels.general, draft).unwrap();
        let mut press = |id: &str| {
            let press = Press {
                message,
                custom_id: id.to_owned(),
                values: Vec::new(),
            };
            world.press(c.finn, c.channels.general, &press)
        };
        assert!(press("on").is_ok());
        assert!(press("off").is_err());
        assert!(press("gone").is_err());
    }
}
