//! The log of the program: one record per event, masked once, then shown on the console, written to files, kept in a ring
//! for viewing and handed to feeds (the log channel, the panel).
//!
//! Events are those of `tracing`. Fields with a meaning: `cog` (registry or file name), `guild`, `correlation`, and
//! `critical = true` on an error. They may stand on the event or on a span around it.

mod cogs;
mod console;
mod files;
mod layer;
mod level;
mod line;
mod view;
mod worker;

use std::{path::PathBuf, sync::Arc};

use chrono_tz::Tz;
use tracing::{Instrument, instrument::Instrumented};
use tracing_subscriber::{layer::SubscriberExt as _, registry::LookupSpan};

pub use cogs::{CogMark, cog_mark};
pub use layer::LogLayer;
pub use level::{LogLevel, LogLevels};
pub use line::LogLine;
pub use view::{LevelCounts, LogFeed, LogQuery, LogView};
pub use worker::LogGuard;

use crate::{Clock, secrets::Masker};

/// How the log is set up.
#[derive(Clone, Debug)]
pub struct LogOptions {
    /// Level of everything of ours; libraries start at WARNING.
    pub level: LogLevel,
    /// Zone of the times on the console and in [`LogLine::clock`]; files are in UTC.
    pub zone: Tz,
    /// Folder of the files; `None` writes none.
    pub folder: Option<PathBuf>,
    /// Whether lines go to the terminal (standard error).
    pub console: bool,
    /// Whether the console is coloured; `None` asks the terminal and `NO_COLOR`.
    pub colour: Option<bool>,
    /// The clock.
    pub clock: Clock,
    /// Takes secrets out of every line.
    pub masker: Masker,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            level: LogLevel::Info,
            zone: Tz::UTC,
            folder: None,
            console: false,
            colour: None,
            clock: Clock::system(),
            masker: Masker::new(),
        }
    }
}

/// Why the log could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The folder or a file in it can't be written.
    #[error("the log folder {folder} cannot be written: {source}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The writing thread can't be started.
    #[error("the thread that writes the log cannot be started: {0}")]
    Thread(#[source] std::io::Error),
    /// Another log is installed.
    #[error("a log is already set up in this process")]
    Installed,
}

/// The running log: levels and view. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Logs {
    levels: Arc<LogLevels>,
    view: LogView,
}

impl Logs {
    /// Builds the layer without installing it: for tests and for programs with further layers.
    ///
    /// # Errors
    /// If the folder can't be written or the thread can't be started.
    pub fn build<S>(options: LogOptions) -> Result<(LogLayer<S>, Self, LogGuard), LogError>
    where
        S: tracing::Subscriber + for<'s> LookupSpan<'s>,
    {
        let levels = Arc::new(LogLevels::new(options.level));
        let view = LogView::new(options.zone);
        let (sender, guard) = worker::start(&options)?;
        let layer = LogLayer::new(
            Arc::clone(&levels),
            view.clone(),
            sender,
            options.clock,
            options.masker,
        );
        Ok((layer, Self { levels, view }, guard))
    }

    /// Builds the log and installs it for the whole process. Keep the guard until the end of `main`: dropping it writes
    /// out what is waiting.
    ///
    /// # Errors
    /// As [`Logs::build`], or if a log is installed already.
    pub fn install(options: LogOptions) -> Result<(Self, LogGuard), LogError> {
        let (layer, logs, guard) = Self::build(options)?;
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
            .map_err(|_| LogError::Installed)?;
        Ok((logs, guard))
    }

    /// The levels, to read and to change at run time.
    #[must_use]
    pub fn levels(&self) -> &LogLevels {
        &self.levels
    }

    /// The recent lines and the feeds.
    #[must_use]
    pub fn view(&self) -> &LogView {
        &self.view
    }
}

/// From now on a panic is a line of the log, masked like every other, instead of raw text on standard error. For the whole
/// process: call it after [`Logs::install`].
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current().name().unwrap_or_default().to_owned();
        tracing::error!(
            place,
            thread,
            "panic: {}",
            panic.payload_as_str().unwrap_or("without a text")
        );
    }));
}

/// Runs a sink of the log. What it logs itself reaches console and files and no feed, so that a failing sink does not
/// feed itself.
pub fn in_sink<F: Future>(sink: F) -> Instrumented<F> {
    sink.instrument(tracing::error_span!(target: layer::SINK_TARGET, "log_sink"))
}

#[cfg(test)]
mod tests;
