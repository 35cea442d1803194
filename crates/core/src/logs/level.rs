//! Levels by their names in the contract, and which of them pass, for everything and for single cogs.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use arc_swap::ArcSwap;
use serde::{Deserialize, Serialize};
use tracing::{Metadata, level_filters::LevelFilter};

use super::cogs::cog_mark;

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// For finding faults.
    Debug,
    /// What happens.
    Info,
    /// Something is odd and was handled.
    Warning,
    /// Something failed.
    Error,
    /// The program, or a whole cog, cannot go on.
    Critical,
}

impl LogLevel {
    /// All, from the mildest.
    pub const ALL: [Self; 5] = [
        Self::Debug,
        Self::Info,
        Self::Warning,
        Self::Error,
        Self::Critical,
    ];

    /// DEBUG, INFO, WARNING, ERROR or CRITICAL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }

    /// The number that Python and the API use: 10, 20, 30, 40, 50.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Debug => 10,
            Self::Info => 20,
            Self::Warning => 30,
            Self::Error => 40,
            Self::Critical => 50,
        }
    }

    /// The sign in front of a line.
    #[must_use]
    pub const fn emoji(self) -> &'static str {
        match self {
            Self::Info => "💖",
            Self::Warning => "🌸",
            Self::Error => "🩷",
            Self::Debug | Self::Critical => "🚨",
        }
    }

    pub(super) fn of(level: tracing::Level) -> Self {
        match level {
            tracing::Level::ERROR => Self::Error,
            tracing::Level::WARN => Self::Warning,
            tracing::Level::INFO => Self::Info,
            _ => Self::Debug,
        }
    }

    fn filter(self) -> LevelFilter {
        match self {
            Self::Debug => LevelFilter::DEBUG,
            Self::Info => LevelFilter::INFO,
            Self::Warning => LevelFilter::WARN,
            Self::Error | Self::Critical => LevelFilter::ERROR,
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text names no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a log level: DEBUG, INFO, WARNING, ERROR or CRITICAL")]
pub struct NoLogLevel;

impl FromStr for LogLevel {
    type Err = NoLogLevel;

    fn from_str(text: &str) -> Result<Self, NoLogLevel> {
        match text.trim().to_ascii_uppercase().as_str() {
            "DEBUG" | "TRACE" | "10" => Ok(Self::Debug),
            "INFO" | "20" => Ok(Self::Info),
            "WARNING" | "WARN" | "30" => Ok(Self::Warning),
            "ERROR" | "40" => Ok(Self::Error),
            "CRITICAL" | "50" => Ok(Self::Critical),
            _ => Err(NoLogLevel),
        }
    }
}

/// What passes now.
#[derive(Clone, Debug)]
struct Passing {
    general: LogLevel,
    cogs: BTreeMap<String, LogLevel>,
}

/// Which lines pass. Changes count at once.
#[derive(Debug)]
pub struct LogLevels(ArcSwap<Passing>);

/// Cogs with a level of their own; there are about thirty cogs.
const MOST_COGS: usize = 128;

impl LogLevels {
    pub(super) fn new(general: LogLevel) -> Self {
        Self(ArcSwap::from_pointee(Passing {
            general,
            cogs: BTreeMap::new(),
        }))
    }

    /// The level of all that has none of its own.
    #[must_use]
    pub fn general(&self) -> LogLevel {
        self.0.load().general
    }

    /// The cogs that have a level of their own, by registry name.
    #[must_use]
    pub fn cogs(&self) -> BTreeMap<String, LogLevel> {
        self.0.load().cogs.clone()
    }

    /// Sets the general level.
    pub fn set_general(&self, level: LogLevel) {
        self.change(|passing| passing.general = level);
    }

    /// Sets the level of a cog, by either of its names; `None` takes it back. At most 128 cogs have one.
    pub fn set_cog(&self, cog: &str, level: Option<LogLevel>) {
        let name = cog_mark(cog).map_or(cog, |mark| mark.name).to_owned();
        self.change(|passing| match level {
            Some(level) if passing.cogs.len() < MOST_COGS || passing.cogs.contains_key(&name) => {
                passing.cogs.insert(name.clone(), level);
            }
            Some(_) => {}
            None => {
                passing.cogs.remove(&name);
            }
        });
    }

    fn change(&self, change: impl Fn(&mut Passing)) {
        self.0.rcu(|passing| {
            let mut passing = Passing::clone(passing);
            change(&mut passing);
            Arc::new(passing)
        });
        tracing::callsite::rebuild_interest_cache();
    }

    /// The most talkative level that anything has: below it nothing is even looked at.
    fn most_talkative(&self) -> LevelFilter {
        let passing = self.0.load();
        passing
            .cogs
            .values()
            .copied()
            .fold(passing.general, LogLevel::min)
            .filter()
    }

    /// The level below which `tracing` may skip everything. Spans of ours carry the cog of the errors inside of them, so
    /// those at INFO always pass.
    pub(super) fn hint(&self) -> LevelFilter {
        self.most_talkative().max(LevelFilter::INFO)
    }

    /// Whether an event or span with this description can pass for any cog.
    pub(super) fn may_pass(&self, metadata: &Metadata<'_>) -> bool {
        let limit = match (is_ours(metadata.target()), metadata.is_span()) {
            (true, true) => self.hint(),
            (true, false) => self.most_talkative(),
            (false, _) => LevelFilter::WARN,
        };
        *metadata.level() <= limit
    }

    /// Whether a line of this cog passes.
    pub(super) fn passes(&self, level: LogLevel, cog: Option<&str>, ours: bool) -> bool {
        let passing = self.0.load();
        let own = cog.and_then(|cog| passing.cogs.get(cog));
        match own {
            Some(&limit) => level >= limit,
            None if ours => level >= passing.general,
            None => level >= LogLevel::Warning.max(passing.general),
        }
    }
}

/// Whether a target is a module of this program.
pub(super) fn is_ours(target: &str) -> bool {
    target.starts_with("hazebot")
}
