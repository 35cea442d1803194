//! What help and listings tell of a command.

use std::time::Duration;

use crate::{
    cog::About,
    command::{Command, Mode, OptKind, Who},
    registry::Bound,
};

/// An option of a command, for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// Its name; the text is attribute `option-<name>` of the command's text.
    pub name: &'static str,
    /// Of which kind.
    pub kind: OptKind,
    /// Whether it must be given.
    pub required: bool,
    /// Possible values, if only some are.
    pub choices: Vec<String>,
}

/// A command, for help and listings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandInfo {
    /// Its name; its text is `cmd-<name>`.
    pub name: &'static str,
    /// Other names, by prefix.
    pub aliases: Vec<&'static str>,
    /// Its cog.
    pub cog: &'static About,
    /// Who may use it.
    pub who: Who,
    /// How it answers.
    pub mode: Mode,
    /// Its options, in order.
    pub options: Vec<OptionInfo>,
    /// Whether it has a prefix form.
    pub by_prefix: bool,
    /// Whether it has a slash form.
    pub by_slash: bool,
    /// Left out of help.
    pub hidden: bool,
    /// How long one waits between two uses.
    pub cooldown: Option<Duration>,
}

impl PartialEq for About {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for About {}

impl CommandInfo {
    pub(crate) fn of(bound: &Bound<Command>) -> Self {
        let command = &bound.item;
        Self {
            name: command.name,
            aliases: command.aliases.clone(),
            cog: bound.about,
            who: command.who,
            mode: command.mode,
            options: command
                .options
                .iter()
                .map(|option| OptionInfo {
                    name: option.name,
                    kind: option.kind,
                    required: option.required,
                    choices: option.choices.iter().map(|choice| choice.value.clone()).collect(),
                })
                .collect(),
            by_prefix: command.by_prefix,
            by_slash: command.by_slash,
            hidden: command.hidden,
            cooldown: command.cooldown,
        }
    }

    /// `<user> [reason…]`: what follows the name in the prefix form.
    #[must_use]
    pub fn signature(&self) -> String {
        words(
            self.options
                .iter()
                .map(|option| (option.name, option.kind, option.required)),
        )
    }
}

/// What follows the name of a command in the prefix form.
pub(crate) fn signature(command: &Command) -> String {
    words(
        command
            .options
            .iter()
            .map(|option| (option.name, option.kind, option.required)),
    )
}

fn words(options: impl Iterator<Item = (&'static str, OptKind, bool)>) -> String {
    let word = |(name, kind, required)| {
        let rest = if kind == OptKind::Rest { "…" } else { "" };
        if required {
            format!("<{name}{rest}>")
        } else {
            format!("[{name}{rest}]")
        }
    };
    options.map(word).collect::<Vec<_>>().join(" ")
}
