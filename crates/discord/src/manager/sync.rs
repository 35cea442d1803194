//! Keeps Discord's list of slash commands up to date: one overwrite of the guild's whole list, a moment after the last
//! change, and only when the list differs from the one sent last.

use std::{collections::HashMap, sync::Weak, time::Duration};

use hazebot_core::{
    Outcome,
    ids::GuildId,
    store,
    texts::{Locale, Texts},
};
use sha2::{Digest as _, Sha256};
use twilight_model::application::command::{
    Command as ModelCommand, CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use twilight_util::builder::command::CommandBuilder;

use crate::{
    bot::{Bot, Inner},
    command::{Command, Opt, OptKind},
    message::{limits, text::fit},
};

/// Changes within this time go out together.
const DEBOUNCE: Duration = Duration::from_millis(300);
/// Pause after Discord did not take the list; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Sends the list whenever it has changed, for as long as the bot lives.
pub(super) async fn follow(bot: Weak<Inner>) {
    // Nothing more comes at a start: all cogs are loaded when this begins.
    let mut debounce = Duration::ZERO;
    loop {
        let Some(inner) = bot.upgrade() else { return };
        let changed = async move { inner.manager.commands_changed.notified().await };
        changed.await;
        tokio::time::sleep(std::mem::replace(&mut debounce, DEBOUNCE)).await;
        let mut pause = FIRST_PAUSE;
        while let Some(bot) = bot.upgrade().map(Bot) {
            match sync(&bot, false).await {
                Ok(_) => break,
                Err(error) => tracing::error!(%error, "the slash commands could not be sent; trying again"),
            }
            drop(bot);
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// Sends the list of now if it differs from the one sent last, or if `force`. Gives how many commands there are.
pub(super) async fn sync(bot: &Bot, force: bool) -> Outcome<usize> {
    let guild = bot.home();
    let commands = list(bot);
    let hash = hash(&commands);
    if !force && last(bot, guild).await?.as_deref() == Some(hash.as_slice()) {
        tracing::debug!(commands = commands.len(), "the slash commands are as they were");
        return Ok(commands.len());
    }
    let count = bot.discord().set_commands(guild, &commands).await?;
    remember(bot, guild, hash).await?;
    tracing::info!(commands = count, "the slash commands are sent");
    Ok(count)
}

fn key(guild: GuildId) -> String {
    format!("discord.commands.{guild}")
}

async fn last(bot: &Bot, guild: GuildId) -> Outcome<Option<Vec<u8>>> {
    let mut reader = bot.store().read().await?;
    let sql = "SELECT value FROM cache_entries WHERE key = $1";
    Ok(store::fetch_scalar_optional!(reader, Vec<u8>, sql, key(guild))?)
}

async fn remember(bot: &Bot, guild: GuildId, hash: Vec<u8>) -> Outcome<()> {
    let write = bot.store().write(move |tx| {
        Box::pin(async move {
            store::execute!(
                tx,
                "INSERT INTO cache_entries (key, value, expires_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
                key(guild),
                hash,
                i64::MAX
            )?;
            Ok(())
        })
    });
    write.await
}

fn hash(commands: &[ModelCommand]) -> Vec<u8> {
    // Maps of translations have no order, so they are brought into one first.
    let mut values = serde_json::to_value(commands).unwrap_or_default();
    values.sort_all_objects();
    Sha256::digest(values.to_string().as_bytes()).to_vec()
}

/// The slash commands of the loaded cogs, as Discord wants them.
pub(crate) fn list(bot: &Bot) -> Vec<ModelCommand> {
    let tables = bot.registry().tables();
    let mut commands: Vec<ModelCommand> = tables
        .each_command()
        .into_iter()
        .filter(|bound| bound.item.by_slash)
        .map(|bound| model(bot.texts(), &bound.item))
        .collect();
    if commands.len() > limits::COMMANDS {
        tracing::error!(
            commands = commands.len(),
            "more slash commands than Discord takes; the last are left out"
        );
        commands.truncate(limits::COMMANDS);
    }
    commands
}

fn text(texts: &Texts, id: &str, attr: &str, instead: &str) -> String {
    let text = texts
        .attr(Locale::EN, id, attr)
        .unwrap_or_else(|| instead.to_owned());
    fit(&text, limits::COMMAND_DESCRIPTION)
}

/// The other languages' texts, by Discord's tags.
fn translations(texts: &Texts, id: &str, attr: &str) -> HashMap<String, String> {
    let others = texts.locales().into_iter().filter(|locale| *locale != Locale::EN);
    others
        .filter_map(|locale| Some((locale, texts.attr(locale, id, attr)?)))
        .flat_map(|(locale, text)| {
            let text = fit(&text, limits::COMMAND_DESCRIPTION);
            locale
                .discord_tags()
                .iter()
                .map(move |tag| ((*tag).to_owned(), text.clone()))
        })
        .collect()
}

fn some(map: HashMap<String, String>) -> Option<HashMap<String, String>> {
    (!map.is_empty()).then_some(map)
}

/// Discord's rule for names of commands and options
/// (<https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming>).
fn is_name(name: &str) -> bool {
    let length = name.chars().count();
    (1..=32).contains(&length)
        && name
            .chars()
            .all(|c| (c.is_alphanumeric() && !c.is_uppercase()) || c == '-' || c == '_')
}

fn names(texts: &Texts, id: &str, attr: &str) -> Option<HashMap<String, String>> {
    let mut names = translations(texts, id, attr);
    names.retain(|_, name| is_name(name));
    some(names)
}

fn model(texts: &Texts, command: &Command) -> ModelCommand {
    let id = format!("cmd-{}", command.name);
    let description = text(texts, &id, "description", command.name);
    let mut model = CommandBuilder::new(command.name, description, CommandType::ChatInput).build();
    model.description_localizations = some(translations(texts, &id, "description"));
    model.name_localizations = names(texts, &id, "name");
    model.options = command
        .options
        .iter()
        .map(|option| option_model(texts, &id, option))
        .collect();
    model
}

fn option_model(texts: &Texts, id: &str, option: &Opt) -> CommandOption {
    let attr = format!("option-{}", option.name);
    let is_text = matches!(option.kind, OptKind::Text | OptKind::Rest);
    let is_number = matches!(option.kind, OptKind::Integer | OptKind::Number);
    let length = |side: Option<i64>| side.filter(|_| is_text).and_then(|side| u16::try_from(side).ok());
    let value = |side: Option<i64>| side.filter(|_| is_number).map(CommandOptionValue::Integer);
    let choices = option.choices.iter().map(|choice| {
        let attr = format!("choice-{}-{}", option.name, identifier(&choice.value));
        let name = choice
            .label
            .clone()
            .unwrap_or_else(|| text(texts, id, &attr, &choice.value));
        let translated = if choice.label.is_none() {
            some(translations(texts, id, &attr))
        } else {
            None
        };
        CommandOptionChoice {
            name: fit(&name, limits::OPTION_TEXT),
            name_localizations: translated,
            value: CommandOptionChoiceValue::String(choice.value.clone()),
        }
    });
    CommandOption {
        autocomplete: option.completer.is_some().then_some(true),
        channel_types: (!option.channel_types.is_empty()).then(|| option.channel_types.clone()),
        choices: (!option.choices.is_empty()).then(|| choices.take(limits::CHOICES).collect()),
        description: text(texts, id, &attr, option.name),
        description_localizations: some(translations(texts, id, &attr)),
        kind: match option.kind {
            OptKind::Text | OptKind::Rest => CommandOptionType::String,
            OptKind::Integer => CommandOptionType::Integer,
            OptKind::Number => CommandOptionType::Number,
            OptKind::Boolean => CommandOptionType::Boolean,
            OptKind::User => CommandOptionType::User,
            OptKind::Channel => CommandOptionType::Channel,
            OptKind::Role => CommandOptionType::Role,
        },
        max_length: length(option.max),
        max_value: value(option.max),
        min_length: length(option.min),
        min_value: value(option.min),
        name: option.name.to_owned(),
        name_localizations: None,
        options: None,
        file_types: None,
        required: Some(option.required),
    }
}

/// A value as part of a text id: letters, digits and dashes.
fn identifier(value: &str) -> String {
    value
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect()
}
