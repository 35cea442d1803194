//! How one log entry looks in the log channel: Discord's `ansi` code blocks, safe whatever the text holds.

use hazebot_core::logs::LogLevel;

/// Characters of one block's inside; with the fences and a note it stays below Discord's 2000 per message.
pub const BLOCK_CHARACTERS: usize = 1_900;

/// Longest part of an entry that stands in one block; longer entries are continued in further lines.
const PART_CHARACTERS: usize = 1_700;

/// Parts of one entry that are shown; a longer one (a dump, a page of HTML) ends with a note.
const PARTS: usize = 4;

/// A log entry, as much of it as the channel shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was written first: `HH:MM:SS` in the zone of the log.
    pub time: String,
    /// Its level.
    pub level: LogLevel,
    /// What it says, already masked, with the cog's sign in front.
    pub text: String,
    /// How often it came in a row.
    pub times: u64,
}

impl Entry {
    /// Whether another entry says the same, so that one line can stand for both.
    #[must_use]
    pub fn repeats(&self, other: &Self) -> bool {
        self.level == other.level && self.text == other.text
    }

    /// The lines that show it, each of at most [`BLOCK_CHARACTERS`].
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let text = harmless(&self.text);
        let times = if self.times > 1 {
            format!(" (×{})", self.times)
        } else {
            String::new()
        };
        let head = format!(
            "[{}] {}{:<8}{RESET} │ ",
            self.time,
            colour(self.level),
            self.level
        );
        let mut parts = split(&text, PART_CHARACTERS);
        let cut = parts.len() > PARTS;
        parts.truncate(PARTS);
        let last = parts.len().saturating_sub(1);
        parts
            .into_iter()
            .enumerate()
            .map(|(index, part)| {
                let start = if index == 0 { head.as_str() } else { "  ↳ " };
                let end = match (index == last, cut) {
                    (true, true) => format!(" …{times}"),
                    (true, false) => times.clone(),
                    (false, _) => String::new(),
                };
                format!("{start}{part}{end}")
            })
            .collect()
    }
}

/// Ends a colour.
const RESET: &str = "\u{1b}[0m";

/// The colour of a level; Discord draws the eight standard foreground colours.
fn colour(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "\u{1b}[36m",
        LogLevel::Info => "\u{1b}[32m",
        LogLevel::Warning => "\u{1b}[33m",
        LogLevel::Error => "\u{1b}[31m",
        LogLevel::Critical => "\u{1b}[1;35m",
    }
}

/// Keeps the text inside of its block: no fence, no escape sequence, no control character but the line's end.
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_tick = false;
    for character in text.trim_end().chars() {
        let tick = character == '`';
        if tick && after_tick {
            out.push('\u{200b}');
        }
        after_tick = tick;
        match character {
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// Cuts text into pieces of at most `limit` characters, at a line's end or a space where one is near.
#[must_use]
pub fn split(text: &str, limit: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((end, _)) = rest.char_indices().nth(limit) {
        let (piece, _) = rest.split_at(end);
        let near = piece.len() / 2;
        let cut = piece
            .rfind('\n')
            .or_else(|| piece.rfind(' '))
            .filter(|&at| at >= near)
            .unwrap_or(end);
        let (piece, tail) = rest.split_at(cut);
        pieces.push(piece);
        rest = if cut == end {
            tail
        } else {
            tail.get(1..).unwrap_or_default()
        };
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry {
            time: "00:00:00".into(),
            level: LogLevel::Info,
            text: text.into(),
            times: 1,
        }
    }

    #[test]
    fn a_line_tells_time_level_cog_and_text() {
        assert_eq!(
            entry("hello").lines(),
            ["[00:00:00] \u{1b}[32mINFO    \u{1b}[0m │ hello"]
        );
    }

    #[test]
    fn a_repeated_entry_tells_how_often() {
        let mut twelve = entry("again");
        twelve.times = 12;
        assert!(twelve.lines().concat().ends_with("again (×12)"));
    }

    #[test]
    fn a_fence_in_the_text_never_ends_the_block() {
        for ticks in 3..12 {
            let text = format!("a{}b", "`".repeat(ticks));
            assert!(!entry(&text).lines().concat().contains("```"), "{ticks} ticks");
        }
    }

    #[test]
    fn escape_sequences_of_the_text_are_gone() {
        assert_eq!(harmless("a\u{1b}[31mred\r\u{7}b"), "a[31mredb");
    }

    #[test]
    fn a_long_entry_is_continued_and_a_huge_one_ends_with_a_note() {
        let long = "word ".repeat(700);
        let lines = entry(&long).lines();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.chars().count() <= BLOCK_CHARACTERS));
        let huge = entry(&"x".repeat(50_000)).lines();
        assert_eq!(huge.len(), PARTS);
        assert!(huge.concat().ends_with('…'));
    }

    #[test]
    fn splitting_loses_no_word_and_respects_the_limit_of_characters() {
        let text = "zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich";
        for limit in 5..70 {
            let pieces = split(text, limit);
            assert!(pieces.iter().all(|piece| piece.chars().count() <= limit));
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(letters(&pieces.concat()), letters(text));
        }
    }
}
