//! `togglediscordlogs` and `testdiscordlog`.

use hazebot_core::{
    Outcome,
    settings::{Changes, general},
    texts::Arg,
};
use hazebot_discord::{Answer, Command, Invocation, Message, Parts, Who};

use super::NAME;

/// Colour of something switched off.
const RED: u32 = 0xE7_4C3C;

/// Adds them.
pub(super) fn add(parts: &mut Parts) {
    parts.command(Command::new("togglediscordlogs").who(Who::Admin).run(toggle));
    parts.command(Command::new("testdiscordlog").who(Who::Admin).run(test));
}

async fn toggle(cx: Invocation) -> Outcome<Answer> {
    let (bot, guild) = (cx.bot(), cx.bot().home());
    let on = !bot.settings().get(guild, &general::LOG_TO_DISCORD);
    bot.settings()
        .change(
            &cx.actor(),
            guild,
            Changes::new().set(&general::LOG_TO_DISCORD, on),
        )
        .await?;
    let embed = cx.embed().title(cx.text("log-channel-title", &[]));
    let embed = match (on, bot.settings().get(guild, &general::LOG_CHANNEL)) {
        (false, _) => embed.color(RED).description(cx.text("log-channel-off", &[])),
        (true, None) => embed.description(cx.text("log-channel-on-nowhere", &[])),
        (true, Some(channel)) => embed.description(cx.text(
            "log-channel-on",
            &[("channel", Arg::raw(format!("<#{channel}>")))],
        )),
    };
    Ok(Message::new().embed(embed).into())
}

async fn test(cx: Invocation) -> Outcome<Answer> {
    let embed = cx.embed().title(cx.text("log-channel-test-title", &[]));
    let Some(channel) = super::channel(cx.bot()) else {
        return Ok(Message::new()
            .embed(embed.color(RED).description(cx.text("log-channel-test-off", &[])))
            .into());
    };
    tracing::debug!(cog = NAME, "test line: debug");
    tracing::info!(cog = NAME, "test line: info");
    tracing::warn!(cog = NAME, "test line: warning");
    tracing::error!(cog = NAME, "test line: error");
    let channel = Arg::raw(format!("<#{channel}>"));
    Ok(Message::new()
        .embed(embed.description(cx.text("log-channel-test", &[("channel", channel)])))
        .into())
}
