//! The files: `bot.log`, `api.log` and `error.log` as JSON lines, a new one each day (UTC), old ones removed.

use std::{io::Write as _, path::Path};

use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};

use super::{LogError, cogs::cog_mark, level::LogLevel, line::LogLine};
use crate::clock::{Timestamp, rfc3339};

/// Days that are kept.
const KEPT_DAYS: usize = 14;
/// Bytes that one file may take in a day: 14 days of three files then fit into 3 GiB at the very worst.
const LARGEST_DAY: u64 = 64 * 1024 * 1024;

/// The three files.
pub(super) struct Files {
    bot: DayFile,
    api: DayFile,
    error: DayFile,
}

/// A file of the day with a limit.
struct DayFile {
    appender: RollingFileAppender,
    /// Days since the epoch, to see that a new file began.
    day: i64,
    bytes: u64,
}

impl Files {
    pub(super) fn open(folder: &Path) -> Result<Self, LogError> {
        std::fs::create_dir_all(folder).map_err(|source| LogError::Folder {
            folder: folder.to_owned(),
            source,
        })?;
        let open = |name: &str| {
            DayFile::open(folder, name).map_err(|error| LogError::Folder {
                folder: folder.to_owned(),
                source: std::io::Error::other(error),
            })
        };
        Ok(Self {
            bot: open("bot")?,
            api: open("api")?,
            error: open("error")?,
        })
    }

    pub(super) fn write(&mut self, line: &LogLine) {
        let mut text = line.json().to_string();
        text.push('\n');
        let file = if is_api(line) {
            &mut self.api
        } else {
            &mut self.bot
        };
        file.write(line.at, &text);
        if line.level >= LogLevel::Error {
            self.error.write(line.at, &text);
        }
    }

    /// A line about the log itself.
    pub(super) fn notice(&mut self, at: Timestamp, text: &str) {
        self.bot.write(at, &notice(at, text));
    }

    pub(super) fn flush(&mut self) {
        for file in [&mut self.bot, &mut self.api, &mut self.error] {
            // A full disk must not stop the bot.
            let _ = file.appender.flush();
        }
    }
}

fn notice(at: Timestamp, text: &str) -> String {
    let line = serde_json::json!({"time": rfc3339(at), "level": "WARNING", "target": "hazebot_core::logs", "message": text});
    format!("{line}\n")
}

/// What the HTTP face logs goes to its own file.
fn is_api(line: &LogLine) -> bool {
    ["hazebot_http", "hazebot::access", "hazebot::api"]
        .iter()
        .any(|target| line.target.starts_with(target))
        || line
            .cog
            .as_deref()
            .and_then(cog_mark)
            .is_some_and(|mark| mark.name == "APIServer")
}

impl DayFile {
    fn open(folder: &Path, name: &str) -> Result<Self, InitError> {
        let appender = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix(name)
            .filename_suffix("log")
            .latest_symlink(format!("{name}.log"))
            .max_log_files(KEPT_DAYS)
            .build(folder)?;
        Ok(Self {
            appender,
            day: 0,
            bytes: 0,
        })
    }

    fn write(&mut self, at: Timestamp, text: &str) {
        let day = at.timestamp().div_euclid(86_400);
        if day != self.day {
            (self.day, self.bytes) = (day, 0);
        }
        let before = self.bytes;
        self.bytes = self.bytes.saturating_add(text.len() as u64);
        if self.bytes <= LARGEST_DAY {
            let _ = self.appender.write_all(text.as_bytes());
        } else if before <= LARGEST_DAY {
            let full = notice(at, "this file is full for today; further lines are left out");
            let _ = self.appender.write_all(full.as_bytes());
        }
    }
}
