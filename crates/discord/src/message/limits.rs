//! Discord's limits, in one place.
//!
//! Sources, as of November 2026: messages <https://docs.discord.com/developers/resources/message>, components and forms
//! <https://docs.discord.com/developers/components/reference>, commands
//! <https://docs.discord.com/developers/interactions/application-commands>. Lengths are counted in characters.

use std::collections::HashSet;

use twilight_model::channel::message::component::{Component, SelectMenuType};

use super::{Message, Modal};

/// Characters of a message's text.
pub const CONTENT: usize = 2000;
/// Embeds of a message.
pub const EMBEDS: usize = 10;
/// Characters of an embed's title.
pub const EMBED_TITLE: usize = 256;
/// Characters of an embed's text.
pub const EMBED_DESCRIPTION: usize = 4096;
/// Fields of an embed.
pub const EMBED_FIELDS: usize = 25;
/// Characters of a field's name.
pub const FIELD_NAME: usize = 256;
/// Characters of a field's value.
pub const FIELD_VALUE: usize = 1024;
/// Characters of an embed's footer.
pub const EMBED_FOOTER: usize = 2048;
/// Characters of an embed's author.
pub const EMBED_AUTHOR: usize = 256;
/// Characters of all embeds of a message together.
pub const EMBED_TOTAL: usize = 6000;
/// Rows of components.
pub const ROWS: usize = 5;
/// Buttons of a row.
pub const BUTTONS_PER_ROW: usize = 5;
/// Components of a message in layout mode, nested ones counted.
pub const LAYOUT_COMPONENTS: usize = 40;
/// Characters of a custom id.
pub const CUSTOM_ID: usize = 100;
/// Characters of a button's label.
pub const BUTTON_LABEL: usize = 80;
/// Characters of a link.
pub const BUTTON_URL: usize = 512;
/// Options of a select menu.
pub const SELECT_OPTIONS: usize = 25;
/// Characters of an option's label, value and description.
pub const OPTION_TEXT: usize = 100;
/// Characters of a menu's placeholder.
pub const SELECT_PLACEHOLDER: usize = 150;
/// Characters of a form's title.
pub const MODAL_TITLE: usize = 45;
/// Parts of a form.
pub const MODAL_PARTS: usize = 5;
/// Characters of a label in a form.
pub const LABEL: usize = 45;
/// Characters of the explanation below a label.
pub const LABEL_DESCRIPTION: usize = 100;
/// Characters that fit into a text input.
pub const TEXT_INPUT: usize = 4000;
/// Characters of a text input's placeholder.
pub const INPUT_PLACEHOLDER: usize = 100;
/// Files of a message.
pub const FILES: usize = 10;
/// Bytes of all files of a message together, in a guild without boosts.
pub const FILE_BYTES: usize = 10 * 1024 * 1024;
/// Characters of a file's description.
pub const FILE_DESCRIPTION: usize = 1024;
/// Characters of a nonce.
pub const NONCE: usize = 25;
/// Characters of a command's description and of an option's.
pub const COMMAND_DESCRIPTION: usize = 100;
/// Options of a command.
pub const COMMAND_OPTIONS: usize = 25;
/// Choices of an option, and answers of an autocompletion.
pub const CHOICES: usize = 25;
/// Slash commands of one guild.
pub const COMMANDS: usize = 100;
/// Characters of an audit-log reason.
pub const REASON: usize = 512;
/// Channels of a category.
pub const CATEGORY_CHANNELS: usize = 50;
/// Channels of a guild.
pub const GUILD_CHANNELS: usize = 500;
/// Characters of a channel's topic.
pub const TOPIC: usize = 1024;
/// Characters of a channel's name.
pub const CHANNEL_NAME: usize = 100;

/// What Discord would refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitProblem {
    /// Too much of something.
    #[error("{place}: {got} of at most {max}")]
    TooMuch {
        /// Where, as a path such as `embeds[0].title`.
        place: String,
        /// How much there is.
        got: usize,
        /// How much there may be.
        max: usize,
    },
    /// Something that must not be empty is.
    #[error("{0}: empty")]
    Empty(String),
    /// Two components with one custom id.
    #[error("custom id {0} twice")]
    Twice(String),
    /// Components that don't go together.
    #[error("{0}: not possible here")]
    Misplaced(String),
}

fn at_most(place: impl FnOnce() -> String, got: usize, max: usize) -> Result<(), LimitProblem> {
    if got > max {
        Err(LimitProblem::TooMuch {
            place: place(),
            got,
            max,
        })
    } else {
        Ok(())
    }
}

fn length(place: impl FnOnce() -> String, text: &str, max: usize) -> Result<(), LimitProblem> {
    // A text has at most as many characters as bytes, so most are never counted.
    if text.len() <= max {
        Ok(())
    } else {
        at_most(place, text.chars().count(), max)
    }
}

fn between(place: &dyn Fn() -> String, text: &str, max: usize) -> Result<(), LimitProblem> {
    if text.is_empty() {
        Err(LimitProblem::Empty(place()))
    } else {
        length(place, text, max)
    }
}

/// Checks a message.
pub(super) fn check_message(message: &Message) -> Result<(), LimitProblem> {
    let empty = message.content.as_deref().is_none_or(str::is_empty)
        && message.embeds.is_empty()
        && message.components.is_empty()
        && message.files.is_empty();
    if empty && !message.partial && !message.layout {
        return Err(LimitProblem::Empty("message".to_owned()));
    }
    length(
        || "content".to_owned(),
        message.content.as_deref().unwrap_or_default(),
        CONTENT,
    )?;
    check_embeds(message)?;
    at_most(|| "files".to_owned(), message.files.len(), FILES)?;
    at_most(
        || "files".to_owned(),
        message.files.iter().map(|file| file.bytes.len()).sum(),
        FILE_BYTES,
    )?;
    for file in &message.files {
        length(
            || format!("file {}", file.name),
            file.description.as_deref().unwrap_or_default(),
            FILE_DESCRIPTION,
        )?;
    }
    length(
        || "nonce".to_owned(),
        message.nonce.as_deref().unwrap_or_default(),
        NONCE,
    )?;
    let mut ids = HashSet::new();
    if message.layout {
        if message.content.is_some() || !message.embeds.is_empty() {
            return Err(LimitProblem::Misplaced(
                "text or embeds in layout mode".to_owned(),
            ));
        }
        let count = message.components.iter().map(Component::component_count).sum();
        at_most(|| "components".to_owned(), count, LAYOUT_COMPONENTS)?;
    } else {
        at_most(|| "components".to_owned(), message.components.len(), ROWS)?;
    }
    for (row, component) in message.components.iter().enumerate() {
        check_component(&format!("components[{row}]"), component, &mut ids)?;
    }
    Ok(())
}

fn check_embeds(message: &Message) -> Result<(), LimitProblem> {
    at_most(|| "embeds".to_owned(), message.embeds.len(), EMBEDS)?;
    let mut total = 0;
    for (i, embed) in message.embeds.iter().enumerate() {
        let embed = &embed.0;
        let mut count = |part: &str, text: &str, max: usize| {
            total += text.chars().count();
            length(|| format!("embeds[{i}].{part}"), text, max)
        };
        count("title", embed.title.as_deref().unwrap_or_default(), EMBED_TITLE)?;
        count(
            "description",
            embed.description.as_deref().unwrap_or_default(),
            EMBED_DESCRIPTION,
        )?;
        count(
            "footer",
            embed.footer.as_ref().map_or("", |footer| &footer.text),
            EMBED_FOOTER,
        )?;
        count(
            "author",
            embed.author.as_ref().map_or("", |author| &author.name),
            EMBED_AUTHOR,
        )?;
        for (f, field) in embed.fields.iter().enumerate() {
            count(&format!("fields[{f}].name"), &field.name, FIELD_NAME)?;
            count(&format!("fields[{f}].value"), &field.value, FIELD_VALUE)?;
            if field.name.trim().is_empty() || field.value.trim().is_empty() {
                return Err(LimitProblem::Empty(format!("embeds[{i}].fields[{f}]")));
            }
        }
        at_most(|| format!("embeds[{i}].fields"), embed.fields.len(), EMBED_FIELDS)?;
    }
    at_most(|| "embeds".to_owned(), total, EMBED_TOTAL)
}

fn check_custom_id<'a>(place: &str, id: &'a str, ids: &mut HashSet<&'a str>) -> Result<(), LimitProblem> {
    between(&|| format!("{place}.custom_id"), id, CUSTOM_ID)?;
    if ids.insert(id) {
        Ok(())
    } else {
        Err(LimitProblem::Twice(id.to_owned()))
    }
}

fn check_component<'a>(
    place: &str,
    component: &'a Component,
    ids: &mut HashSet<&'a str>,
) -> Result<(), LimitProblem> {
    match component {
        Component::ActionRow(row) => {
            if row.components.is_empty() {
                return Err(LimitProblem::Empty(place.to_owned()));
            }
            let menu = row
                .components
                .iter()
                .any(|part| matches!(part, Component::SelectMenu(_)));
            at_most(
                || place.to_owned(),
                row.components.len(),
                if menu { 1 } else { BUTTONS_PER_ROW },
            )?;
            for (i, part) in row.components.iter().enumerate() {
                check_component(&format!("{place}[{i}]"), part, ids)?;
            }
            Ok(())
        }
        Component::Button(button) => {
            if button.label.is_none() && button.emoji.is_none() {
                return Err(LimitProblem::Empty(format!("{place}.label")));
            }
            length(
                || format!("{place}.label"),
                button.label.as_deref().unwrap_or_default(),
                BUTTON_LABEL,
            )?;
            if let Some(url) = &button.url {
                between(&|| format!("{place}.url"), url, BUTTON_URL)?;
            }
            button
                .custom_id
                .as_deref()
                .map_or(Ok(()), |id| check_custom_id(place, id, ids))
        }
        Component::SelectMenu(menu) => {
            check_custom_id(place, &menu.custom_id, ids)?;
            let placeholder = menu.placeholder.as_deref().unwrap_or_default();
            length(|| format!("{place}.placeholder"), placeholder, SELECT_PLACEHOLDER)?;
            let options = menu.options.as_deref().unwrap_or_default();
            if menu.kind == SelectMenuType::Text && options.is_empty() {
                return Err(LimitProblem::Empty(format!("{place}.options")));
            }
            at_most(|| format!("{place}.options"), options.len(), SELECT_OPTIONS)?;
            let mut values = HashSet::new();
            for (i, option) in options.iter().enumerate() {
                between(
                    &|| format!("{place}.options[{i}].label"),
                    &option.label,
                    OPTION_TEXT,
                )?;
                between(
                    &|| format!("{place}.options[{i}].value"),
                    &option.value,
                    OPTION_TEXT,
                )?;
                let description = option.description.as_deref().unwrap_or_default();
                length(
                    || format!("{place}.options[{i}].description"),
                    description,
                    OPTION_TEXT,
                )?;
                if !values.insert(option.value.as_str()) {
                    return Err(LimitProblem::Twice(option.value.clone()));
                }
            }
            Ok(())
        }
        Component::Container(container) => container
            .components
            .iter()
            .try_for_each(|part| check_component(place, part, ids)),
        Component::Section(section) => check_component(place, &section.accessory, ids),
        _ => Ok(()),
    }
}

/// Checks a form.
pub(super) fn check_modal(modal: &Modal) -> Result<(), LimitProblem> {
    between(&|| "title".to_owned(), &modal.title, MODAL_TITLE)?;
    between(&|| "custom_id".to_owned(), &modal.custom_id, CUSTOM_ID)?;
    if modal.components.is_empty() {
        return Err(LimitProblem::Empty("components".to_owned()));
    }
    at_most(|| "components".to_owned(), modal.components.len(), MODAL_PARTS)?;
    let mut ids = HashSet::new();
    for (i, part) in modal.components.iter().enumerate() {
        let place = format!("components[{i}]");
        let Component::Label(label) = part else {
            return Err(LimitProblem::Misplaced(place));
        };
        between(&|| format!("{place}.label"), &label.label, LABEL)?;
        let description = label.description.as_deref().unwrap_or_default();
        length(|| format!("{place}.description"), description, LABEL_DESCRIPTION)?;
        match label.component.as_ref() {
            Component::TextInput(input) => {
                check_custom_id(&place, &input.custom_id, &mut ids)?;
                let max = input.max_length.map_or(TEXT_INPUT, usize::from);
                at_most(|| format!("{place}.max_length"), max, TEXT_INPUT)?;
                length(
                    || format!("{place}.value"),
                    input.value.as_deref().unwrap_or_default(),
                    max,
                )?;
                let placeholder = input.placeholder.as_deref().unwrap_or_default();
                length(|| format!("{place}.placeholder"), placeholder, INPUT_PLACEHOLDER)?;
            }
            other => check_component(&place, other, &mut ids)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
