//! `status`: what is measured at the moment of asking.

use std::time::{Duration, Instant};

use hazebot_core::{
    Outcome, Timestamp, clock::discord_timestamp, ids::GuildId, settings::general, texts::Arg,
};
use hazebot_discord::{
    Answer, CogInfo, CogState, Command, Embed, Invocation, Message, Parts,
    message::{limits, text::fit},
};

use crate::memory::{readable, resident_bytes};

/// How long one member waits between two looks: it asks the database.
const PAUSE: Duration = Duration::from_secs(5);
/// How long the database may take before it counts as away.
const STORE_PATIENCE: Duration = Duration::from_millis(1_000);
/// Colour when something does not work.
const RED: u32 = 0xE7_4C3C;

/// Adds it.
pub(crate) fn add(parts: &mut Parts, version: &'static str, started: Timestamp) {
    parts.command(
        Command::new("status")
            .cooldown(PAUSE)
            .run(move |cx| status(cx, version, started)),
    );
}

/// How the database does.
struct Store {
    /// Milliseconds of a small read; `None` if it does not answer.
    millis: Option<u128>,
    /// Changes, counters and jobs that wait.
    waiting: u64,
}

async fn status(cx: Invocation, version: &'static str, started: Timestamp) -> Outcome<Answer> {
    let bot = cx.bot();
    let (store, memory) = tokio::join!(store(&cx), resident_bytes());
    let guild = cx.guild_opt().unwrap_or_else(|| bot.home());
    let name = Arg::user(bot.settings().get(guild, &general::BOT_NAME));
    let title = fit(&cx.text("status-title", &[("bot", name)]), limits::EMBED_TITLE);
    let latency = bot.gauges().latency().map_or_else(
        || cx.text("status-latency-unknown", &[]),
        |latency| format!("{} ms", latency.as_millis()),
    );
    let cogs = bot.cogs().listing();
    let broken = store.millis.is_none() || cogs.iter().any(|cog| matches!(cog.state, CogState::Error(_)));
    let embed = cx
        .embed()
        .title(title)
        .description(cx.text("status-line", &[]))
        .inline(cx.text("status-version", &[]), version)
        .inline(cx.text("status-uptime", &[]), discord_timestamp(started, 'R'))
        .inline(cx.text("status-latency", &[]), latency)
        .inline(cx.text("status-guild", &[]), guild_line(&cx, guild))
        .inline(cx.text("status-store", &[]), store_line(&cx, &store))
        .inline(cx.text("status-queue", &[]), store.waiting.to_string());
    let embed = match memory {
        Some(bytes) => embed.inline(cx.text("status-memory", &[]), readable(bytes)),
        None => embed,
    };
    let embed = cogs_field(&cx, embed, &cogs);
    Ok(Message::new()
        .embed(if broken { embed.color(RED) } else { embed })
        .into())
}

async fn store(cx: &Invocation) -> Store {
    let began = Instant::now();
    match tokio::time::timeout(STORE_PATIENCE, cx.bot().store().health()).await {
        Ok(Ok(health)) => Store {
            millis: Some(began.elapsed().as_millis()),
            waiting: [health.queued, health.pending_counters]
                .iter()
                .map(|&n| n as u64)
                .sum::<u64>()
                + u64::try_from(health.due_jobs).unwrap_or_default(),
        },
        Ok(Err(error)) => {
            tracing::error!(cog = "Utility", %error, "the database does not answer");
            Store {
                millis: None,
                waiting: 0,
            }
        }
        Err(_) => Store {
            millis: None,
            waiting: 0,
        },
    }
}

fn store_line(cx: &Invocation, store: &Store) -> String {
    match store.millis {
        Some(millis) => cx.text("status-store-ok", &[("millis", Arg::raw(millis.to_string()))]),
        None => cx.text("status-store-bad", &[]),
    }
}

fn guild_line(cx: &Invocation, guild: GuildId) -> String {
    let directory = cx.bot().directory();
    let members = i64::try_from(directory.members(guild).len()).unwrap_or(i64::MAX);
    let name = directory.guild_name(guild).unwrap_or_else(|| guild.to_string());
    let args = [
        ("name", Arg::user(fit(&name, limits::EMBED_TITLE))),
        ("members", Arg::number(members)),
    ];
    cx.text("status-guild-members", &args)
}

fn cogs_field(cx: &Invocation, embed: Embed, cogs: &[CogInfo]) -> Embed {
    let named = |wanted: fn(&CogState) -> bool| -> String {
        let names: Vec<&str> = cogs
            .iter()
            .filter(|cog| wanted(&cog.state))
            .map(|cog| cog.about.name)
            .collect();
        names.join(", ")
    };
    let loaded = cogs.iter().filter(|cog| cog.state == CogState::Loaded).count();
    let counts = [
        ("loaded", Arg::raw(loaded.to_string())),
        ("total", Arg::raw(cogs.len().to_string())),
    ];
    let mut lines = vec![cx.text("status-cogs-loaded", &counts)];
    let failed = named(|state| matches!(state, CogState::Error(_)));
    let off = named(|state| matches!(state, CogState::Disabled | CogState::Unloaded));
    for (text, names) in [("status-cogs-failed", failed), ("status-cogs-off", off)] {
        if !names.is_empty() {
            lines.push(cx.text(text, &[("cogs", Arg::raw(names))]));
        }
    }
    embed.field(
        cx.text("status-cogs", &[]),
        fit(&lines.join("\n"), limits::FIELD_VALUE),
    )
}
