//! Reads what an interaction brings: who, where, options, chosen values, fields.

use hazebot_core::{
    Rights,
    ids::{ChannelId, GuildId, UserId},
};
use twilight_model::application::interaction::{
    Interaction, InteractionDataResolved,
    application_command::{CommandData, CommandOptionValue},
    message_component::MessageComponentInteractionData,
    modal::{ModalInteractionComponent, ModalInteractionData},
};

use crate::{
    bot::Bot,
    invocation::{Input, Person, Value},
};

/// Who asks.
pub(super) fn asker(bot: &Bot, interaction: &Interaction) -> Option<Person> {
    let user = interaction.author()?;
    let member = interaction
        .guild_id
        .and_then(|guild| bot.directory().member(guild, user.id));
    Some(member.map_or_else(|| bot.0.services.directory.person(user), Person::from))
}

/// What they may do now, and whether they are an administrator of the guild.
pub(crate) fn rights(bot: &Bot, guild: Option<GuildId>, user: UserId) -> (Rights, bool) {
    // In direct messages somebody is what they are at home.
    let guild = guild.unwrap_or_else(|| bot.home());
    (
        bot.rights(guild, user),
        bot.directory().is_administrator(guild, user),
    )
}

/// Where.
#[expect(deprecated, reason = "older interactions carry the channel's id only")]
pub(super) fn channel(interaction: &Interaction) -> ChannelId {
    let channel = interaction
        .channel
        .as_ref()
        .map(|channel| channel.id)
        .or(interaction.channel_id);
    // An interaction outside of any channel has no such thing; its own id names nothing and is refused by Discord.
    channel.unwrap_or_else(|| interaction.id.cast())
}

fn people(bot: &Bot, input: &mut Input, resolved: Option<&InteractionDataResolved>) {
    for user in resolved.into_iter().flat_map(|resolved| resolved.users.values()) {
        input
            .people
            .insert(user.id, bot.0.services.directory.person(user));
    }
}

pub(super) fn of_command(bot: &Bot, data: &CommandData) -> Input {
    let mut input = Input::default();
    for option in &data.options {
        let value = match &option.value {
            CommandOptionValue::String(text) => Value::Text(text.clone()),
            CommandOptionValue::Integer(number) => Value::Integer(*number),
            CommandOptionValue::Number(number) => Value::Number(*number),
            CommandOptionValue::Boolean(yes) => Value::Boolean(*yes),
            CommandOptionValue::User(user) => Value::User(*user),
            CommandOptionValue::Channel(channel) => Value::Channel(*channel),
            CommandOptionValue::Role(role) => Value::Role(*role),
            CommandOptionValue::Focused(typed, _) => {
                input.typed.clone_from(typed);
                continue;
            }
            _ => continue,
        };
        input.options.insert(option.name.clone(), value);
    }
    people(bot, &mut input, data.resolved.as_ref());
    input
}

/// The option that is being completed.
pub(super) fn focused(data: &CommandData) -> Option<&str> {
    data.options
        .iter()
        .find(|option| matches!(option.value, CommandOptionValue::Focused(..)))
        .map(|option| option.name.as_str())
}

pub(super) fn of_component(
    bot: &Bot,
    data: &MessageComponentInteractionData,
    args: Vec<String>,
    interaction: &Interaction,
) -> Input {
    let mut input = Input {
        args,
        values: data.values.clone(),
        message: interaction.message.clone().map(Box::new),
        ..Input::default()
    };
    people(bot, &mut input, data.resolved.as_ref());
    input
}

pub(super) fn of_form(
    bot: &Bot,
    data: &ModalInteractionData,
    args: Vec<String>,
    interaction: &Interaction,
) -> Input {
    let mut input = Input {
        args,
        message: interaction.message.clone().map(Box::new),
        ..Input::default()
    };
    for component in &data.components {
        field(&mut input, component);
    }
    people(bot, &mut input, data.resolved.as_ref());
    input
}

fn field(input: &mut Input, component: &ModalInteractionComponent) {
    fn joined<T: ToString>(values: &[T]) -> String {
        values
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(",")
    }
    let (id, value) = match component {
        ModalInteractionComponent::Label(label) => return field(input, &label.component),
        ModalInteractionComponent::ActionRow(row) => {
            return row
                .components
                .iter()
                .for_each(|component| field(input, component));
        }
        ModalInteractionComponent::TextInput(text) => (&text.custom_id, text.value.clone()),
        ModalInteractionComponent::StringSelect(menu) => (&menu.custom_id, joined(&menu.values)),
        ModalInteractionComponent::UserSelect(menu) => (&menu.custom_id, joined(&menu.values)),
        ModalInteractionComponent::RoleSelect(menu) => (&menu.custom_id, joined(&menu.values)),
        ModalInteractionComponent::ChannelSelect(menu) => (&menu.custom_id, joined(&menu.values)),
        ModalInteractionComponent::MentionableSelect(menu) => (&menu.custom_id, joined(&menu.values)),
        _ => return,
    };
    input.fields.insert(id.clone(), value);
}
