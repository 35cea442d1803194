//! Takes the options of a command line apart.

/// Pairs of quotes that people type: straight, English, German, French, and those that phones put in by themselves.
const QUOTES: &[(char, char)] = &[
    ('"', '"'),
    ('“', '”'),
    ('„', '“'),
    ('„', '”'),
    ('«', '»'),
    ('»', '«'),
    ('‚', '‘'),
    ('‘', '’'),
];

/// The first word, or the first text in quotes, and what is left. `None` when nothing is left.
pub(super) fn next_word(line: &str) -> Option<(String, &str)> {
    let line = line.trim_start();
    let first = line.chars().next()?;
    let closers: Vec<char> = QUOTES
        .iter()
        .filter(|(open, _)| *open == first)
        .map(|(_, close)| *close)
        .collect();
    if !closers.is_empty() {
        let inner = line.get(first.len_utf8()..).unwrap_or_default();
        let end = inner.char_indices().find(|(_, c)| closers.contains(c));
        if let Some((end, close)) = end {
            let after = inner.get(end + close.len_utf8()..).unwrap_or_default();
            // A quote in the middle of a word is a letter: `"a"b` is no quoted text.
            if after.is_empty() || after.starts_with(char::is_whitespace) {
                return Some((inner.get(..end).unwrap_or_default().to_owned(), after));
            }
        }
    }
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let (word, rest) = line.split_at_checked(end)?;
    Some((word.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut line: &str) -> Vec<String> {
        let mut words = Vec::new();
        while let Some((word, rest)) = next_word(line) {
            words.push(word);
            line = rest;
        }
        words
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(all(r#" a "b c" d "#), ["a", "b c", "d"]);
        assert_eq!(
            all("„eins zwei“ «trois quatre» “five six”"),
            ["eins zwei", "trois quatre", "five six"]
        );
        assert_eq!(all(r#""""#), [""]);
    }

    #[test]
    fn a_quote_without_its_partner_is_a_letter() {
        assert_eq!(all(r#""a b"#), [r#""a"#, "b"]);
        assert_eq!(all(r#"5"6 "a"b"#), [r#"5"6"#, r#""a"b"#]);
    }
}
