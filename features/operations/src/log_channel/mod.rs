//! The cog `DiscordLogging`: copies log lines to a channel of the home guild.

pub mod clean_up;
mod commands;
pub mod forwarder;
pub mod line;
pub mod queue;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use hazebot_core::{
    Outcome, Timestamp,
    ids::ChannelId,
    logs::{LogLevel, LogLine, LogQuery, LogView, in_sink},
    settings::general,
};
use hazebot_discord::{About, Bot, Cog, DiscordError, Message, Parts, TaskContext};
use tokio::time::{Instant, MissedTickBehavior};

use self::{
    forwarder::{Forwarder, NotSent, Sink},
    line::Entry,
};

/// Its canonical name.
pub const NAME: &str = "DiscordLogging";

/// Time between two batches.
pub const EVERY: Duration = Duration::from_secs(5);

static ABOUT: About = About {
    icon: "analytics",
    emoji: "📡",
    category: "monitoring",
    description: "Copies log lines to a channel, in colour and in batches",
    features: &[
        "A batch every 5 s",
        "Colours by level",
        "Repeats merged",
        "Level of its own",
        "Long lines continued",
        "Pauses while the channel fails",
        "Clean-up after 3 days",
    ],
    ..About::named(NAME)
};

/// Lines of so long before the cog was set up are copied too: those of the program's start.
const START: chrono::Duration = chrono::Duration::seconds(5);

/// The cog.
#[derive(Clone, Debug)]
pub struct DiscordLogging {
    logs: LogView,
    every: Duration,
    /// The last line that was taken, so that a reload takes none twice.
    seen: Arc<AtomicU64>,
}

impl DiscordLogging {
    /// With the log that it copies, and the time between two batches ([`EVERY`] but in tests).
    #[must_use]
    pub fn new(logs: LogView, every: Duration) -> Self {
        Self {
            logs,
            every,
            seen: Arc::default(),
        }
    }
}

impl Cog for DiscordLogging {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let bot = parts.cx().clone();
            commands::add(parts);
            parts.job(clean_up::JOB, {
                let bot = bot.clone();
                move |job| clean_up::run(bot.clone(), job)
            });
            let (copy, since) = (self.clone(), bot.clock().now() - START);
            parts.task("log_channel", move |cx| in_sink(forward(cx, copy.clone(), since)));
            let first = clean_up::job(bot.home(), bot.clock().now());
            bot.store()
                .write(move |tx| Box::pin(async move { tx.schedule(first).await }))
                .await
        })
    }
}

/// The channel, while lines go there.
#[must_use]
pub fn channel(bot: &Bot) -> Option<ChannelId> {
    let settings = bot.settings();
    let on = settings.get(bot.home(), &general::LOG_TO_DISCORD);
    settings.get(bot.home(), &general::LOG_CHANNEL).filter(|_| on)
}

/// The mildest level that goes there.
#[must_use]
pub fn level(bot: &Bot) -> LogLevel {
    bot.settings()
        .get(bot.home(), &general::LOG_TO_DISCORD_LEVEL)
        .parse()
        .unwrap_or(LogLevel::Info)
}

/// Copies until the cog goes.
async fn forward(cx: TaskContext, copy: DiscordLogging, since: Timestamp) -> Outcome<()> {
    let mut forwarder = Forwarder::new(copy.every);
    let mut feed = copy.logs.subscribe();
    copy.catch_up(&cx.bot, &mut forwarder, since);
    let mut tick = tokio::time::interval(copy.every);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = cx.stop.cancelled() => break,
            line = feed.next() => match line {
                Some(line) => copy.accept(&cx.bot, &mut forwarder, &line),
                None => break,
            },
            _ = tick.tick() => {
                forwarder.lost(feed.take_dropped());
                flush(&cx.bot, &mut forwarder).await;
            }
        }
    }
    while let Some(line) = feed.try_next() {
        copy.accept(&cx.bot, &mut forwarder, &line);
    }
    flush(&cx.bot, &mut forwarder).await;
    Ok(())
}

impl DiscordLogging {
    /// Takes the lines of the start, and those that came between two instances of a reload.
    fn catch_up(&self, bot: &Bot, forwarder: &mut Forwarder, since: Timestamp) {
        let after = Some(self.seen.load(Ordering::Acquire));
        let query = LogQuery {
            after,
            since: Some(since),
            ..LogQuery::default()
        };
        // Feeds leave out what a sink writes; here it has to be done by hand.
        let own = |line: &LogLine| line.target.starts_with(forwarder::TARGET);
        for line in self.logs.query(&query).iter().filter(|line| !own(line)) {
            self.accept(bot, forwarder, line);
        }
    }

    /// Takes a line once, if the channel wants it.
    fn accept(&self, bot: &Bot, forwarder: &mut Forwarder, line: &LogLine) {
        if self.seen.fetch_max(line.id, Ordering::AcqRel) >= line.id {
            return;
        }
        if channel(bot).is_some() && line.level >= level(bot) {
            let time = line.clock(self.logs.zone());
            forwarder.push(Entry {
                time,
                level: line.level,
                text: line.text(),
                times: 1,
            });
        }
    }
}

async fn flush(bot: &Bot, forwarder: &mut Forwarder) {
    match channel(bot) {
        Some(channel) => {
            forwarder
                .flush(&LogChannel { bot, channel }, Instant::now())
                .await
        }
        None => forwarder.clear(),
    }
}

/// The channel as a sink.
struct LogChannel<'a> {
    bot: &'a Bot,
    channel: ChannelId,
}

impl Sink for LogChannel<'_> {
    async fn send(&self, text: &str, mark: &str) -> Result<(), NotSent> {
        let message = Message::new().text(text).nonce(mark).silent();
        match self.bot.discord().send(self.channel, &message).await {
            Ok(_) => Ok(()),
            Err(error @ (DiscordError::Limit(_) | DiscordError::Rejected { .. })) => {
                Err(NotSent::Never(error.to_string()))
            }
            Err(error) => Err(NotSent::Later(error.to_string())),
        }
    }

    fn mark(&self) -> String {
        // The time keeps marks apart across restarts of a seeded source; with it they stay below the 25 characters that
        // Discord takes.
        format!(
            "l{:x}{}",
            self.bot.clock().now_millis(),
            self.bot.entropy().hex(8)
        )
    }
}
