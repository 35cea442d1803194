//! Reads `.env` files as the Python version did, so that the same file gives the same values.
//!
//! The grammar is that of python-dotenv (its README, "File format"): `export `, single and double quotes, values over
//! several lines, `#` comments after a blank, unquoted values with blanks inside, and `${NAME}` or `${NAME:-default}`.
//! The usual crates read it differently: blanks inside of unquoted values are errors there, and a bare `$` in a password
//! is taken for a variable.

use std::collections::HashMap;

/// A line that could not be read. Its text is left out: it may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadLine {
    /// Counted from 1.
    pub(super) line: usize,
}

/// Reads the whole text: values by name (the last one counts), and the lines that are none.
pub(super) fn parse(
    text: &str,
    outer: impl Fn(&str) -> Option<String>,
) -> (HashMap<String, String>, Vec<BadLine>) {
    let mut reader = Reader {
        rest: text.trim_start_matches('\u{FEFF}'),
        line: 1,
    };
    let (mut values, mut bad) = (HashMap::new(), Vec::new());
    loop {
        reader.take_while(char::is_whitespace);
        if reader.rest.is_empty() {
            return (values, bad);
        }
        let line = reader.line;
        match reader.binding() {
            Some(Some((name, raw))) => {
                let value = interpolate(&raw, |name| outer(name).or_else(|| values.get(name).cloned()));
                values.insert(name, value);
            }
            Some(None) => {}
            None => {
                bad.push(BadLine { line });
                reader.skip_line();
            }
        }
    }
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Reader<'t> {
    /// One line: `Some(None)` if it is blank, a comment or a name without value, `None` if it can't be read.
    fn binding(&mut self) -> Option<Option<(String, String)>> {
        if self.rest.starts_with('#') {
            self.skip_line();
            return Some(None);
        }
        if let Some(after) = self.rest.strip_prefix("export")
            && after.starts_with([' ', '\t'])
        {
            self.rest = after;
            self.take_while(is_blank);
        }
        let name = if self.rest.starts_with('\'') {
            self.quoted('\'')?
        } else {
            self.take_while(|letter| !letter.is_whitespace() && letter != '=' && letter != '#')
                .to_owned()
        };
        self.take_while(is_blank);
        let value = if let Some(after) = self.rest.strip_prefix('=') {
            self.rest = after;
            self.take_while(is_blank);
            Some(self.value()?)
        } else {
            None
        };
        self.take_while(is_blank);
        match self.rest.chars().next() {
            None | Some('\n' | '\r') => {}
            Some('#') => self.skip_line(),
            Some(_) => return None,
        }
        (!name.is_empty()).then_some(value.map(|value| (name, value)))
    }

    fn value(&mut self) -> Option<String> {
        match self.rest.chars().next() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => {
                let line = self.take_while(|letter| letter != '\n' && letter != '\r');
                let comment = line.char_indices().find(|&(at, letter)| {
                    letter == '#'
                        && line
                            .get(..at)
                            .is_some_and(|before| before.ends_with(char::is_whitespace) || at == 0)
                });
                let value = comment.and_then(|(at, _)| line.get(..at)).unwrap_or(line);
                Some(value.trim_end().to_owned())
            }
        }
    }

    /// A text in quotes; `None` if they are never closed.
    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut letters = self.rest.char_indices().skip(1);
        let (mut text, mut lines) = (String::new(), 0);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => match letters.next()?.1 {
                    same @ ('\\' | '\'') => text.push(same),
                    '"' if quote == '"' => text.push('"'),
                    'n' if quote == '"' => text.push('\n'),
                    'r' if quote == '"' => text.push('\r'),
                    't' if quote == '"' => text.push('\t'),
                    other => {
                        lines += usize::from(other == '\n');
                        text.push('\\');
                        text.push(other);
                    }
                },
                letter if letter == quote => {
                    self.rest = self.rest.get(at + quote.len_utf8()..)?;
                    self.line += lines;
                    return Some(text);
                }
                letter => {
                    lines += usize::from(letter == '\n');
                    text.push(letter);
                }
            }
        }
        None
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'t str {
        let end = self
            .rest
            .find(|letter| !accept(letter))
            .unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn skip_line(&mut self) {
        self.take_while(|letter| letter != '\n');
        self.take_while(|letter| letter == '\n');
    }
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() && letter != '\n' && letter != '\r'
}

/// Replaces `${NAME}` and `${NAME:-default}`; a bare `$` stays.
fn interpolate(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let (mut done, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("${") {
        done.push_str(before);
        let Some((inside, behind)) = after.split_once('}') else {
            done.push_str("${");
            rest = after;
            continue;
        };
        let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
        done.push_str(&lookup(name).unwrap_or_else(|| default.to_owned()));
        rest = behind;
    }
    done.push_str(rest);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        parse(text, |_| None).0.remove("A")
    }

    #[test]
    fn values_read_as_the_python_version_read_them() {
        for (text, expected) in [
            ("A=plain", "plain"),
            ("\u{FEFF}A = spaced out  # comment\r\n", "spaced out"),
            ("export A=1", "1"),
            ("A='lamp # and oil'", "lamp # and oil"),
            ("A=\"two\\nlines\" # why", "two\nlines"),
            ("A='raw\\n'", "raw\\n"),
            ("A=pa$$word#1", "pa$$word#1"),
            ("A=\"over\ntwo lines\"\nB=1", "over\ntwo lines"),
            ("A=", ""),
            ("A=1\nA=2", "2"),
            ("'A'=quoted name", "quoted name"),
        ] {
            assert_eq!(value(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(value("# A=1\n\nA\n"), None);
    }

    #[test]
    fn names_in_braces_are_filled_in() {
        let (values, bad) = parse("HOST=db\nA=${HOST}:${PORT:-5432}/${NONE}${OUTER}$HOST", |name| {
            (name == "OUTER").then(|| "o".into())
        });
        assert_eq!(values.get("A").map(String::as_str), Some("db:5432/o$HOST"));
        assert!(bad.is_empty());
    }

    #[test]
    fn a_bad_line_is_counted_and_the_rest_is_read() {
        let (values, bad) = parse("B=\"x\ny\"\nC='never closed\nA=1\n", |_| None);
        assert_eq!(bad, [BadLine { line: 3 }]);
        assert_eq!(values.get("A").map(String::as_str), Some("1"));
    }

    #[test]
    fn no_text_hangs_or_panics() {
        let entropy = crate::Entropy::seeded(3);
        let parts = [
            "A", "=", "'", "\"", "\\", "\n", "\r\n", " ", "#", "export ", "${", "}", "$", ":-", "🏮",
            "\u{FEFF}",
        ];
        for _ in 0..20_000 {
            let text: String = (0..entropy.below(12))
                .filter_map(|_| parts.get(entropy.below(parts.len())))
                .copied()
                .collect();
            let (_, bad) = parse(&text, |_| None);
            assert!(
                bad.iter().all(|bad| bad.line <= text.lines().count()),
                "{text:?}: {bad:?}"
            );
        }
    }
}
