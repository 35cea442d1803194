//! What `logs` answers.

use std::sync::Arc;

use hazebot_core::{
    Outcome, Refusal,
    logs::{LogLevel, LogLine, LogQuery, LogView},
    texts::Arg,
};
use hazebot_discord::{
    Bot, Invocation, Message,
    message::{
        limits,
        text::{code_block, fit},
    },
};

use crate::log_view::{sign, summary};

/// Reads the level that somebody typed.
pub(super) fn level(typed: &str) -> Outcome<LogLevel> {
    typed.parse().map_err(|_| {
        let refusal = Refusal::invalid("logs-unknown-level", "There is no such level");
        refusal.with("level", fit(typed, 20)).into()
    })
}

/// The kept lines of one cog, oldest first.
pub(crate) fn lines_of(view: &LogView, cog: &str, at_least: Option<LogLevel>) -> Vec<Arc<LogLine>> {
    let query = LogQuery {
        cog: Some(cog.to_owned()),
        at_least,
        ..LogQuery::default()
    };
    let mut lines = view.query(&query);
    // The query takes parts of names too.
    lines.retain(|line| line.cog.as_deref() == Some(cog));
    lines
}

/// The canonical name of a cog.
pub(crate) fn canonical(bot: &Bot, typed: &str) -> Outcome<&'static str> {
    Ok(bot.cogs().resolve(typed)?.name)
}

/// The embed about a cog's log.
pub(super) fn message(
    cx: &Invocation,
    view: &LogView,
    typed: &str,
    level: Option<LogLevel>,
) -> Outcome<Message> {
    let cog = canonical(cx.bot(), typed)?;
    let summary = summary(&lines_of(view, cog, level), |line| line.clock(view.zone()));
    let title = cx.text("logs-title", &[("cog", Arg::raw(cog))]);
    let embed = cx.embed().title(fit(&title, limits::EMBED_TITLE));
    if summary.total == 0 {
        return Ok(Message::new().embed(embed.description(cx.text("logs-none", &[]))));
    }
    let counts: Vec<String> = summary
        .counts
        .iter()
        .map(|(level, count)| format!("{} {level}: {count}", sign(*level)))
        .collect();
    let total = i64::try_from(summary.total).unwrap_or(i64::MAX);
    let embed = embed
        .description(format!(
            "**{}**\n{}",
            cx.text("logs-recent", &[]),
            code_block(&summary.recent)
        ))
        .inline(cx.text("logs-statistics", &[]), counts.join("\n"))
        .inline(
            cx.text("logs-total", &[]),
            cx.text("logs-total-text", &[("count", Arg::number(total))]),
        );
    Ok(Message::new().embed(embed))
}
