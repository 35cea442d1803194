//! The console: one coloured line per event, on standard error, so that standard output stays free for results.

use std::io::{IsTerminal as _, Write as _};

use chrono_tz::Tz;

use super::{level::LogLevel, line::LogLine};

const RESET: &str = "\u{1b}[0m";
const DIM: &str = "\u{1b}[2m";

/// Writes lines to the terminal.
pub(super) struct Console {
    zone: Tz,
    colour: bool,
}

impl Console {
    pub(super) fn new(zone: Tz, colour: Option<bool>) -> Self {
        let wanted = || std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self {
            zone,
            colour: colour.unwrap_or_else(|| std::io::stderr().is_terminal() && wanted()),
        }
    }

    pub(super) fn write(&self, line: &LogLine) {
        let mut text = if self.colour {
            coloured(line, self.zone)
        } else {
            line.human(self.zone)
        };
        text.push('\n');
        // A terminal that has gone away must not stop the bot.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// A line about the log itself.
    pub(super) fn notice(&self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

/// ANSI colour of a level.
fn colour(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "\u{1b}[36m",
        LogLevel::Info => "\u{1b}[32m",
        LogLevel::Warning => "\u{1b}[33m",
        LogLevel::Error => "\u{1b}[31m",
        LogLevel::Critical => "\u{1b}[1;35m",
    }
}

fn coloured(line: &LogLine, zone: Tz) -> String {
    let (clock, emoji, level) = (line.clock(zone), line.level.emoji(), line.level);
    let (colour, text) = (colour(level), line.text());
    let text = if level >= LogLevel::Error {
        format!("{colour}{text}{RESET}")
    } else {
        text
    };
    format!("{DIM}[{clock}]{RESET} {emoji}  {colour}{level:<7}{RESET} {DIM}│{RESET} {text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;

    #[test]
    fn the_coloured_line_is_the_plain_line_with_colours() {
        let line = LogLine {
            id: 1,
            at: from_millis(0),
            level: LogLevel::Error,
            target: "hazebot",
            cog: Some("ModPanel".into()),
            guild: None,
            correlation: None,
            message: "no role".into(),
            fields: vec![("count", "2".into())],
        };
        let plain = "[01:00:00] 🩷  ERROR   │ 🛡️ [ModPerks] no role count=2";
        assert_eq!(line.human(Tz::Europe__Berlin), plain);
        let mut stripped = coloured(&line, Tz::Europe__Berlin);
        for code in [RESET, DIM, colour(LogLevel::Error)] {
            stripped = stripped.replace(code, "");
        }
        assert_eq!(stripped, plain);
    }
}
