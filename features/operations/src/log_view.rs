//! What a person sees of a cog's log: counts by level and the latest lines, short enough for one embed.

use std::sync::Arc;

use hazebot_core::logs::{LogLevel, LogLine};

/// Lines that are shown.
pub const SHOWN: usize = 10;

/// Characters of one line's text.
const LINE_CHARACTERS: usize = 160;

/// Characters of all lines together: an embed's description holds 4096 with the code block's fences.
const ALL_CHARACTERS: usize = 3_600;

/// Counts and lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many lines of each level there are, gravest first, without those that have none.
    pub counts: Vec<(LogLevel, usize)>,
    /// How many lines there are.
    pub total: usize,
    /// The latest lines, oldest first, for a code block.
    pub recent: String,
}

/// The sign of a level in the summary.
#[must_use]
pub fn sign(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "🔍",
        LogLevel::Info => "ℹ️",
        LogLevel::Warning => "⚠️",
        LogLevel::Error => "❌",
        LogLevel::Critical => "🚨",
    }
}

/// Sums up lines, which come oldest first and already masked. `clock` gives the time of a line.
#[must_use]
pub fn summary(lines: &[Arc<LogLine>], clock: impl Fn(&LogLine) -> String) -> Summary {
    let counts = LogLevel::ALL
        .into_iter()
        .rev()
        .map(|level| (level, lines.iter().filter(|line| line.level == level).count()))
        .filter(|(_, count)| *count > 0)
        .collect();
    let mut recent: Vec<String> = Vec::with_capacity(SHOWN);
    let mut room = ALL_CHARACTERS;
    for line in lines.iter().rev().take(SHOWN) {
        let text = shown(line, &clock(line));
        let length = text.chars().count() + 1;
        if length > room {
            break;
        }
        room -= length;
        recent.push(text);
    }
    recent.reverse();
    Summary {
        counts,
        total: lines.len(),
        recent: recent.join("\n"),
    }
}

fn shown(line: &LogLine, time: &str) -> String {
    let flat: String = line
        .text()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let text = hazebot_discord::message::text::fit(&flat, LINE_CHARACTERS);
    format!("{} {time} {text}", sign(line.level))
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;

    use super::*;

    fn line(id: u64, level: LogLevel, message: &str) -> Arc<LogLine> {
        Arc::new(LogLine {
            id,
            at: from_millis(0),
            level,
            target: "hazebot",
            cog: Some("TicketSystem".to_owned()),
            guild: None,
            correlation: None,
            message: message.to_owned(),
            fields: Vec::new(),
        })
    }

    fn noon(_: &LogLine) -> String {
        "12:00:00".to_owned()
    }

    #[test]
    fn warnings_are_counted_as_warnings() {
        let lines = [
            line(1, LogLevel::Info, "a"),
            line(2, LogLevel::Warning, "b"),
            line(3, LogLevel::Warning, "an ERROR in words only"),
        ];
        let summary = summary(&lines, noon);
        assert_eq!(summary.counts, [(LogLevel::Warning, 2), (LogLevel::Info, 1)]);
        assert_eq!(summary.total, 3);
    }

    #[test]
    fn the_last_ten_are_shown_oldest_first() {
        let lines: Vec<Arc<LogLine>> = (0..30)
            .map(|n| line(n, LogLevel::Info, &format!("line {n}.")))
            .collect();
        let recent = summary(&lines, noon).recent;
        let shown: Vec<&str> = recent.lines().collect();
        assert_eq!(shown.len(), SHOWN);
        assert!(
            recent.starts_with("ℹ️ 12:00:00 ") && recent.contains("line 20.") && !recent.contains("line 19.")
        );
        assert!(recent.ends_with("line 29."));
    }

    #[test]
    fn long_lines_are_cut_and_line_ends_in_them_gone() {
        let long = format!("first\nsecond {}", "x".repeat(5_000));
        let lines: Vec<Arc<LogLine>> = (0..10).map(|n| line(n, LogLevel::Error, &long)).collect();
        let recent = summary(&lines, noon).recent;
        assert_eq!(recent.lines().count(), SHOWN);
        assert!(recent.chars().count() <= ALL_CHARACTERS);
    }
}
