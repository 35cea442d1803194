//! Reads the closing lines of test runners.

/// Tests that ran, by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Ended well.
    pub passed: u32,
    /// Ended badly.
    pub failed: u32,
    /// Not run, with a reason printed.
    pub skipped: u32,
}

impl Count {
    /// One check that passed or failed as a whole.
    pub fn one(ok: bool) -> Self {
        Self {
            passed: ok.into(),
            failed: (!ok).into(),
            skipped: 0,
        }
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// The sum of all closing lines of `cargo nextest`, `cargo test`, vitest and our own `N passed, N failed`; `None` if
/// the output has none.
pub fn of(output: &str) -> Option<Count> {
    output.lines().filter_map(closing_line).reduce(Count::plus)
}

fn closing_line(line: &str) -> Option<Count> {
    let line = plain(line);
    let line = line.trim();
    let is_closing = line.starts_with("Summary [")
        || line.starts_with("test result:")
        || line.starts_with("Tests ")
        || (line.chars().next().is_some_and(|first| first.is_ascii_digit()) && line.contains(" passed, "));
    let passed = number_before(line, "passed");
    if !is_closing || (passed.is_none() && number_before(line, "failed").is_none()) {
        return None;
    }
    Some(Count {
        passed: passed.unwrap_or(0),
        failed: number_before(line, "failed").unwrap_or(0) + number_before(line, "timed out").unwrap_or(0),
        skipped: number_before(line, "skipped")
            .or_else(|| number_before(line, "ignored"))
            .unwrap_or(0),
    })
}

fn number_before(line: &str, word: &str) -> Option<u32> {
    let (before, _) = line.split_once(&format!(" {word}"))?;
    before
        .rsplit(|c: char| !c.is_ascii_digit())
        .find(|part| !part.is_empty())?
        .parse()
        .ok()
}

/// Without the terminal's colour codes.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_every_runner_are_understood() {
        let table = [
            (
                "     Summary [   0.012s] 5 tests run: 4 passed (1 slow), 1 failed, 2 skipped",
                (4, 1, 2),
            ),
            (
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out",
                (3, 0, 1),
            ),
            (
                "\u{1b}[2m      Tests \u{1b}[22m 1 failed | 12 passed (13)",
                (12, 1, 0),
            ),
            ("7 passed, 0 failed", (7, 0, 0)),
        ];
        for (line, (passed, failed, skipped)) in table {
            assert_eq!(
                of(line),
                Some(Count {
                    passed,
                    failed,
                    skipped
                }),
                "{line}"
            );
        }
    }

    #[test]
    fn other_lines_do_not_count() {
        assert_eq!(of("all checks passed\n3 files were looked at"), None);
    }
}
