//! Reads the options of a prefix command, and says how they should have been.

use std::collections::BTreeMap;

use hazebot_core::{Refusal, ids::GuildId, texts::Arg};

use super::{resolve, words::next_word};
use crate::{
    bot::Bot,
    command::{Command, Opt, OptKind},
    command_info::signature,
    invocation::{Invocation, Value},
    message::Message,
};

/// Why the options could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A required option is missing.
    Missing(&'static str),
    /// An option is not what it should be.
    Bad {
        /// Which.
        name: &'static str,
        /// What was typed.
        typed: String,
        /// Text id of what it should be.
        expected: &'static str,
        /// The possible values or the range, for the text.
        allowed: String,
    },
    /// There is more than the command takes.
    TooMuch(String),
}

impl Problem {
    fn text(&self) -> &'static str {
        match self {
            Self::Missing(_) => "discord-option-missing",
            Self::Bad { expected, .. } => expected,
            Self::TooMuch(_) => "discord-option-too-much",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Missing(name) => vec![("option", (*name).to_owned())],
            Self::Bad {
                name, typed, allowed, ..
            } => {
                vec![
                    ("option", (*name).to_owned()),
                    ("typed", typed.clone()),
                    ("allowed", allowed.clone()),
                ]
            }
            Self::TooMuch(typed) => vec![("typed", typed.clone())],
        }
    }

    /// For the button that runs a command line.
    pub(crate) fn refusal(&self, command: &Command) -> Refusal {
        let sentence = format!("The options of {} are not right", command.name);
        let refusal = Refusal::invalid(self.text(), sentence);
        self.args()
            .into_iter()
            .fold(refusal, |refusal, (name, value)| refusal.with(name, value))
    }
}

/// Reads the options that follow the name.
pub(crate) fn parse_options(
    bot: &Bot,
    command: &Command,
    rest: &str,
    guild: Option<GuildId>,
) -> Result<BTreeMap<String, Value>, Problem> {
    let mut values = BTreeMap::new();
    let mut rest = rest.trim();
    for option in &command.options {
        let word = if option.kind == OptKind::Rest {
            let whole = rest;
            rest = "";
            (!whole.is_empty()).then(|| whole.to_owned())
        } else {
            next_word(rest).map(|(word, after)| {
                rest = after.trim_start();
                word
            })
        };
        match word {
            Some(word) => {
                values.insert(option.name.to_owned(), value(bot, option, word, guild)?);
            }
            None if option.required => return Err(Problem::Missing(option.name)),
            None => {}
        }
    }
    if rest.is_empty() || command.options.is_empty() {
        // People add words to commands without options ("!help please"); those do no harm.
        Ok(values)
    } else {
        Err(Problem::TooMuch(rest.to_owned()))
    }
}

fn value(bot: &Bot, option: &Opt, word: String, guild: Option<GuildId>) -> Result<Value, Problem> {
    let bad = |expected, typed: &str, allowed: String| Problem::Bad {
        name: option.name,
        typed: crate::message::text::fit(typed, 100),
        expected,
        allowed,
    };
    let range = || {
        let side = |side: Option<i64>| side.map(|n| n.to_string()).unwrap_or_default();
        format!("{}–{}", side(option.min), side(option.max))
    };
    let outside = |n: i64| option.min.is_some_and(|min| n < min) || option.max.is_some_and(|max| n > max);
    match option.kind {
        OptKind::Text | OptKind::Rest => {
            if !option.choices.is_empty() {
                let choice = option.choices.iter().find(|choice| {
                    choice.value.eq_ignore_ascii_case(&word)
                        || choice
                            .label
                            .as_deref()
                            .is_some_and(|label| label.eq_ignore_ascii_case(&word))
                });
                let allowed = || {
                    option
                        .choices
                        .iter()
                        .map(|c| c.value.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                return choice
                    .map(|choice| Value::Text(choice.value.clone()))
                    .ok_or_else(|| bad("discord-option-choice", &word, allowed()));
            }
            if outside(i64::try_from(word.chars().count()).unwrap_or(i64::MAX)) {
                return Err(bad("discord-option-length", &word, range()));
            }
            Ok(Value::Text(word))
        }
        OptKind::Integer => match word.parse::<i64>() {
            Ok(number) if !outside(number) => Ok(Value::Integer(number)),
            _ => Err(bad("discord-option-integer", &word, range())),
        },
        OptKind::Number => match word.replace(',', ".").parse::<f64>() {
            #[expect(clippy::cast_precision_loss, reason = "ranges of options are small numbers")]
            Ok(number)
                if number.is_finite()
                    && option.min.is_none_or(|min| number >= min as f64)
                    && option.max.is_none_or(|max| number <= max as f64) =>
            {
                Ok(Value::Number(number))
            }
            _ => Err(bad("discord-option-number", &word, range())),
        },
        OptKind::Boolean => match word.to_lowercase().as_str() {
            "yes" | "y" | "true" | "on" | "1" | "ja" | "j" | "an" => Ok(Value::Boolean(true)),
            "no" | "n" | "false" | "off" | "0" | "nein" | "aus" => Ok(Value::Boolean(false)),
            _ => Err(bad("discord-option-boolean", &word, String::new())),
        },
        OptKind::User => resolve::user(bot.directory(), guild, &word)
            .map(Value::User)
            .ok_or_else(|| bad("discord-option-user", &word, String::new())),
        OptKind::Channel => resolve::channel(bot.directory(), guild, &word)
            .map(Value::Channel)
            .ok_or_else(|| bad("discord-option-channel", &word, String::new())),
        OptKind::Role => resolve::role(bot.directory(), guild, &word)
            .map(Value::Role)
            .ok_or_else(|| bad("discord-option-role", &word, String::new())),
    }
}

/// The reply that shows how a command is used.
pub(super) fn usage(
    bot: &Bot,
    cx: &Invocation,
    command: &Command,
    prefix: &str,
    problem: &Problem,
) -> Message {
    let args = problem.args();
    let args: Vec<(&str, Arg<'_>)> = args
        .iter()
        .map(|(name, value)| (*name, Arg::user(value.as_str())))
        .collect();
    let mut text = cx.text(problem.text(), &args);
    let signature = signature(command);
    let line = format!("`{}`", format!("{prefix}{} {signature}", command.name).trim_end());
    text.push('\n');
    text.push_str(&cx.text("discord-usage", &[("usage", Arg::raw(line))]));
    let id = format!("cmd-{}", command.name);
    let language = cx
        .locale()
        .unwrap_or_else(|| bot.texts().language(cx.guild_opt().unwrap_or_else(|| bot.home())));
    let example = bot.texts().attr(language, &id, "example");
    if let Some(example) =
        example.or_else(|| bot.texts().attr(hazebot_core::texts::Locale::EN, &id, "example"))
    {
        // Examples may be written for either form.
        let example = if example.starts_with(['/', '!']) {
            example
        } else {
            format!("{prefix}{example}")
        };
        text.push('\n');
        text.push_str(&cx.text(
            "discord-example",
            &[("example", Arg::raw(format!("`{example}`")))],
        ));
    }
    Message::new().embed(cx.embed().description(text))
}
