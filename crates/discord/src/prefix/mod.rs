//! Commands in messages: `!name options`.

mod options;
mod resolve;
mod suggest;
mod words;

use std::sync::Arc;

use hazebot_core::{
    Outcome, Refusal,
    ids::GuildId,
    settings::general::{COMMAND_PREFIX, MESSAGE_COOLDOWN},
    texts::Arg,
};
use tokio::time::Instant;
use twilight_model::channel::Message as ModelMessage;

pub(crate) use options::parse_options;

use crate::{
    answer::Answer,
    bot::Bot,
    command::{Command, Mode},
    cooldown::Verdict,
    dispatch::{self, Answering, Target, guarded, no_entry, told},
    invocation::{Inner, Input, Invocation, Origin, Person},
    message::{Button, Message, limits},
    refusals,
    registry::Bound,
};

/// Custom id of the button that runs a command line: `…<user>:<line>`.
pub(crate) const RUN: &str = "hazebot:v1:run:";
/// After this "is typing" is shown.
const TYPING_AFTER: std::time::Duration = std::time::Duration::from_millis(1500);

/// Splits a command line into the name and the rest.
pub(crate) fn split_name(line: &str) -> (&str, &str) {
    line.split_once(char::is_whitespace)
        .map_or((line, ""), |(name, rest)| (name, rest.trim()))
}

/// Whether a message is looked at as a command: from a person, with the prefix and a letter right behind it. Runs for
/// every message.
pub(crate) fn might_be_command(bot: &Bot, guild: Option<GuildId>, message: &ModelMessage) -> bool {
    if message.author.bot || message.webhook_id.is_some() || message.content.is_empty() {
        return false;
    }
    let prefix = bot
        .settings()
        .get(guild.unwrap_or_else(|| bot.home()), &COMMAND_PREFIX);
    message
        .content
        .strip_prefix(prefix.as_str())
        .and_then(|rest| rest.chars().next())
        .is_some_and(char::is_alphabetic)
}

/// The custom id of a button that runs this line for this person, if it is short enough.
fn run_button(message: &ModelMessage, line: &str) -> Option<String> {
    let id = format!("{RUN}{}:{line}", message.author.id);
    (id.chars().count() <= limits::CUSTOM_ID).then_some(id)
}

pub(crate) async fn run(bot: Bot, message: &ModelMessage, arrived: Instant) {
    let guild = message.guild_id;
    let prefix = bot
        .settings()
        .get(guild.unwrap_or_else(|| bot.home()), &COMMAND_PREFIX);
    let Some(line) = message.content.strip_prefix(prefix.as_str()) else {
        return;
    };
    let (name, rest) = split_name(line);
    let bound = bot
        .registry()
        .tables()
        .command(&name.to_lowercase())
        .cloned()
        .filter(|bound| bound.item.by_prefix);
    match bound {
        Some(bound) => run_command(&bot, &bound, message, &prefix, rest, arrived).await,
        None => unknown(&bot, message, &prefix, name, rest).await,
    }
}

/// What was asked for in a message.
fn invocation(bot: &Bot, cog: &'static str, message: &ModelMessage, mode: Mode, input: Input) -> Invocation {
    let guild = message.guild_id;
    let user = guild
        .and_then(|guild| bot.directory().member(guild, message.author.id))
        .map_or_else(|| bot.0.services.directory.person(&message.author), Person::from);
    let (rights, administrator) = dispatch::rights(bot, guild, user.id);
    Invocation(Arc::new(Inner {
        bot: bot.clone(),
        cog,
        origin: Origin::Prefix,
        guild,
        channel: message.channel_id,
        user,
        rights,
        administrator,
        locale: None,
        input: Input {
            message: Some(Box::new(message.clone())),
            ..input
        },
        answering: Answering::message(bot.discord().clone(), message.channel_id, message.id, mode),
    }))
}

async fn run_command(
    bot: &Bot,
    bound: &Bound<Command>,
    message: &ModelMessage,
    prefix: &str,
    rest: &str,
    arrived: Instant,
) {
    let command = &bound.item;
    let guild = message.guild_id;
    let mut target = Target::command(bound);
    // Rights first: who may not use a command learns nothing of its options.
    let bare = invocation(bot, target.cog, message, target.mode, Input::default());
    let staff = bare.rights().is_staff();
    target.cooldown = target.cooldown.max(
        bot.settings()
            .get(guild.unwrap_or_else(|| bot.home()), &MESSAGE_COOLDOWN),
    );
    let cooldown = std::mem::take(&mut target.cooldown);
    let checked = target.check(bot, guild, bare.user().id, bare.rights(), bare.is_administrator());
    if let Err(refusal) = checked {
        return answer_refusal(bot, &target, &bare, &refusal).await;
    }
    if !staff && !cooldown.is_zero() {
        let now = bot.clock().now_millis();
        match bot.0.cooldowns.enter(bare.user().id, target.name, cooldown, now) {
            Verdict::Go => {}
            Verdict::Wait { left, tell: true } => {
                return answer_refusal(bot, &target, &bare, &refusals::too_soon(left)).await;
            }
            Verdict::Wait { tell: false, .. } => return,
        }
    }
    tracing::debug!(
        cog = target.cog,
        what = target.name,
        user = bare.user().id.get(),
        "used by prefix"
    );
    let options = match parse_options(bot, command, rest, guild) {
        Ok(options) => options,
        Err(problem) => {
            let usage = options::usage(bot, &bare, command, prefix, &problem);
            return dispatch::deliver(bot, &target, &bare, Answer::message(usage)).await;
        }
    };
    if command.mode == Mode::Modal || command.by_button {
        let line = if rest.is_empty() {
            command.name.to_owned()
        } else {
            format!("{} {rest}", command.name)
        };
        let answer = by_button(&bare, command, run_button(message, &line));
        return dispatch::deliver(bot, &target, &bare, answer).await;
    }
    let cx = invocation(
        bot,
        target.cog,
        message,
        target.mode,
        Input {
            options,
            ..Input::default()
        },
    );
    let work = guarded(bot, target.cog, target.name, guild, async {
        let _pass = target
            .gate
            .enter()
            .await
            .map_err(|why| no_entry(why, target.cog))?;
        let current = bot
            .registry()
            .tables()
            .command(target.name)
            .and_then(|bound| bound.item.handler.clone());
        match current {
            Some(handler) => handler(cx.clone()).await,
            None => Err(refusals::switched_off(target.cog).into()) as Outcome<Answer>,
        }
    });
    tokio::pin!(work);
    let ending = match tokio::time::timeout_at(arrived + TYPING_AFTER, &mut work).await {
        Ok(ending) => ending,
        Err(_) => {
            if let Err(error) = cx.0.answering.defer().await {
                tracing::debug!(%error, "typing could not be shown");
            }
            work.await
        }
    };
    let answer = told(bot, cx.locale(), guild, ending).unwrap_or_else(|refused| refused);
    dispatch::deliver(bot, &target, &cx, answer).await;
}

async fn answer_refusal(bot: &Bot, target: &Target, cx: &Invocation, refusal: &Refusal) {
    let text = bot.texts().refusal(cx.locale(), cx.guild_opt(), refusal);
    dispatch::deliver(bot, target, cx, Answer::text(text)).await;
}

/// The answer of a command that works through a button: its form, or what only one person may see.
fn by_button(cx: &Invocation, command: &Command, custom_id: Option<String>) -> Answer {
    let slash = format!("/{}", command.name);
    let Some(custom_id) = custom_id else {
        return Answer::text(cx.text("discord-use-slash", &[("command", Arg::raw(slash))]));
    };
    let (text, label) = if command.mode == Mode::Modal {
        ("discord-open-form", "discord-open-form-button")
    } else {
        ("discord-open-private", "discord-open-private-button")
    };
    let button = Button::primary(custom_id, cx.text(label, &[]));
    Answer::message(
        Message::new()
            .text(cx.text(text, &[("command", Arg::raw(slash))]))
            .buttons([button]),
    )
}

/// A command that is not there: suggests the one that was meant.
async fn unknown(bot: &Bot, message: &ModelMessage, prefix: &str, name: &str, rest: &str) {
    let cx = invocation(bot, "", message, Mode::Public, Input::default());
    let guild = message.guild_id.unwrap_or_else(|| bot.home());
    if !cx.rights().is_staff() {
        let wait = bot.settings().get(guild, &MESSAGE_COOLDOWN);
        if bot
            .0
            .cooldowns
            .enter(cx.user().id, "", wait, bot.clock().now_millis())
            != Verdict::Go
        {
            return;
        }
    }
    let known = suggest::nearest(bot, &cx, guild, name);
    let answer = match known {
        Some(found) => {
            let line = if rest.is_empty() {
                found.to_owned()
            } else {
                format!("{found} {rest}")
            };
            let text = cx.text(
                "discord-did-you-mean",
                &[
                    ("typed", Arg::user(name)),
                    ("command", Arg::raw(format!("`{prefix}{found}`"))),
                ],
            );
            let reply = Message::new().text(text);
            match run_button(message, &line) {
                Some(id) => reply.buttons([Button::primary(id, cx.text("discord-run-it", &[]))]),
                None => reply,
            }
        }
        None => Message::new().text(cx.text(
            "discord-unknown-command",
            &[
                ("typed", Arg::user(name)),
                ("help", Arg::raw(format!("`{prefix}help`"))),
            ],
        )),
    };
    if let Err(error) = cx.0.answering.deliver(&Answer::message(answer)).await {
        tracing::warn!(%error, "a suggestion could not be given");
    }
}
