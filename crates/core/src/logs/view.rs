//! The recent lines, to look through, and the feeds of new ones.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono_tz::Tz;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::broadcast::{self, error::RecvError};

use super::{cogs::cog_mark, level::LogLevel, line::LogLine};
use crate::clock::Timestamp;

/// Lines that are kept for viewing: what a panel page can ask for, at about 0.5 KiB each.
const KEPT_LINES: usize = 2_000;
/// Lines that a slow feed may fall behind; then the oldest are dropped and counted.
const FEED_LINES: usize = 512;

/// How many lines there are of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub struct LevelCounts {
    /// DEBUG.
    pub debug: u64,
    /// INFO.
    pub info: u64,
    /// WARNING.
    pub warning: u64,
    /// ERROR.
    pub error: u64,
    /// CRITICAL.
    pub critical: u64,
}

impl LevelCounts {
    fn add(&mut self, level: LogLevel) {
        *match level {
            LogLevel::Debug => &mut self.debug,
            LogLevel::Info => &mut self.info,
            LogLevel::Warning => &mut self.warning,
            LogLevel::Error => &mut self.error,
            LogLevel::Critical => &mut self.critical,
        } += 1;
    }
}

/// Which lines are wanted. The default wants all.
#[derive(Clone, Debug, Default)]
pub struct LogQuery {
    /// A cog, by registry or file name, in any case; also a part of either, as the old API allowed.
    pub cog: Option<String>,
    /// Exactly this level.
    pub level: Option<LogLevel>,
    /// This level or a graver one.
    pub at_least: Option<LogLevel>,
    /// Text in the line, in any case.
    pub text: Option<String>,
    /// At this moment or later.
    pub since: Option<Timestamp>,
    /// Newer than the line with this id.
    pub after: Option<u64>,
    /// Older than the line with this id: the page before.
    pub before: Option<u64>,
    /// A guild's id.
    pub guild: Option<String>,
    /// The newest so many: 1 to 2,000. `None` is all that are kept.
    pub limit: Option<usize>,
}

impl LogQuery {
    fn matcher(&self) -> impl Fn(&LogLine) -> bool + '_ {
        let text = self
            .text
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(str::to_lowercase);
        let cog = self
            .cog
            .as_deref()
            .filter(|cog| !cog.is_empty())
            .map(str::to_lowercase);
        move |line| {
            self.level.is_none_or(|level| line.level == level)
                && self.at_least.is_none_or(|level| line.level >= level)
                && self.since.is_none_or(|since| line.at >= since)
                && self.after.is_none_or(|id| line.id > id)
                && self.before.is_none_or(|id| line.id < id)
                && self
                    .guild
                    .as_ref()
                    .is_none_or(|guild| line.guild.as_ref() == Some(guild))
                && cog
                    .as_deref()
                    .is_none_or(|cog| line.cog.as_deref().is_some_and(|of| is_named(of, cog)))
                && text
                    .as_deref()
                    .is_none_or(|text| line.text().to_lowercase().contains(text))
        }
    }
}

/// Whether a cog's registry or file name contains the words, which are in small letters.
fn is_named(cog: &str, words: &str) -> bool {
    let file = cog_mark(cog).map_or(cog, |mark| mark.file);
    cog.to_lowercase().contains(words) || file.to_lowercase().contains(words)
}

/// The recent lines. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LogView(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    zone: Tz,
    recent: Mutex<Recent>,
    feed: broadcast::Sender<Arc<LogLine>>,
}

#[derive(Debug, Default)]
struct Recent {
    last: u64,
    lines: VecDeque<Arc<LogLine>>,
    totals: LevelCounts,
}

impl LogView {
    pub(super) fn new(zone: Tz) -> Self {
        Self(Arc::new(Shared {
            zone,
            recent: Mutex::default(),
            feed: broadcast::Sender::new(FEED_LINES),
        }))
    }

    /// Numbers a line, keeps it, and hands it to the feeds unless a sink wrote it.
    pub(super) fn publish(&self, mut line: LogLine, in_sink: bool) -> Arc<LogLine> {
        let mut recent = self.0.recent.lock();
        recent.last += 1;
        line.id = recent.last;
        recent.totals.add(line.level);
        let line = Arc::new(line);
        if recent.lines.len() >= KEPT_LINES {
            recent.lines.pop_front();
        }
        recent.lines.push_back(Arc::clone(&line));
        if !in_sink {
            // Nobody listening is no fault.
            let _ = self.0.feed.send(Arc::clone(&line));
        }
        line
    }

    /// The zone in which times are shown.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.0.zone
    }

    /// The lines that match, oldest first; of more than the limit the newest.
    #[must_use]
    pub fn query(&self, query: &LogQuery) -> Vec<Arc<LogLine>> {
        let matches = query.matcher();
        let limit = query.limit.unwrap_or(KEPT_LINES).clamp(1, KEPT_LINES);
        // The clone is of pointers; matching happens outside of the lock that every event takes.
        let lines = self.0.recent.lock().lines.clone();
        let mut found: Vec<_> = lines
            .into_iter()
            .rev()
            .filter(|line| matches(line))
            .take(limit)
            .collect();
        found.reverse();
        found
    }

    /// How many of the kept lines match, by level.
    #[must_use]
    pub fn counts(&self, query: &LogQuery) -> LevelCounts {
        let mut counts = LevelCounts::default();
        self.query(query).iter().for_each(|line| counts.add(line.level));
        counts
    }

    /// All lines since the start, by level.
    #[must_use]
    pub fn totals(&self) -> LevelCounts {
        self.0.recent.lock().totals
    }

    /// New lines from now on.
    #[must_use]
    pub fn subscribe(&self) -> LogFeed {
        LogFeed {
            receiver: self.0.feed.subscribe(),
            dropped: AtomicU64::new(0),
        }
    }
}

/// Hands out new lines in order. A feed that falls more than 512 lines behind loses the oldest ones and counts them.
#[derive(Debug)]
pub struct LogFeed {
    receiver: broadcast::Receiver<Arc<LogLine>>,
    dropped: AtomicU64,
}

impl LogFeed {
    /// Waits for the next line; `None` when the log has ended.
    pub async fn next(&mut self) -> Option<Arc<LogLine>> {
        loop {
            match self.receiver.recv().await {
                Ok(line) => return Some(line),
                Err(RecvError::Lagged(lines)) => {
                    self.dropped.fetch_add(lines, Ordering::Relaxed);
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// The next line, if it is there already.
    pub fn try_next(&mut self) -> Option<Arc<LogLine>> {
        loop {
            match self.receiver.try_recv() {
                Ok(line) => return Some(line),
                Err(broadcast::error::TryRecvError::Lagged(lines)) => {
                    self.dropped.fetch_add(lines, Ordering::Relaxed);
                }
                Err(_) => return None,
            }
        }
    }

    /// Takes the number of lines that were lost since the last call.
    pub fn take_dropped(&self) -> u64 {
        self.dropped.swap(0, Ordering::Relaxed)
    }
}
