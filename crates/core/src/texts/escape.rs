//! Makes text of people harmless in a Discord message: it shows as it was written.

/// Marks of Discord's Markdown, wherever they stand (Discord, "Message Formatting" and its Markdown guide).
const MARKS: &[char] = &['\\', '*', '_', '~', '`', '|', '[', ']', '<', '>'];
/// Breaks `@everyone` and `@here` and shows as nothing.
const JOINER: char = '\u{200B}';

/// Escapes Markdown and breaks mentions. Addresses stay clickable. The result can be up to twice as long.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8 + 8);
    let mut rest = text;
    let mut line_start = true;
    while let Some(letter) = rest.chars().next() {
        if let Some(address) = address_at(rest).filter(|_| !escaped.ends_with(char::is_alphanumeric)) {
            push_address(&mut escaped, address);
            rest = rest.get(address.len()..).unwrap_or_default();
            line_start = false;
            continue;
        }
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        match letter {
            // Headings, lists and small print count at the start of a line only.
            '#' | '-' | '+' if line_start => escaped.push('\\'),
            // "1. " starts a numbered list.
            '.' if rest.starts_with(' ') && ends_with_number_of_line(&escaped) => escaped.push('\\'),
            letter if MARKS.contains(&letter) => escaped.push('\\'),
            _ => {}
        }
        escaped.push(letter);
        if letter == '@' && ["everyone", "here"].iter().any(|name| rest.starts_with(name)) {
            escaped.push(JOINER);
        }
        line_start = letter == '\n' || (line_start && letter.is_whitespace());
    }
    escaped
}

/// The address that the text starts with.
fn address_at(text: &str) -> Option<&str> {
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
        .then(|| {
            let end = text.find(|letter: char| letter.is_whitespace() || "<>\"`|".contains(letter));
            text.get(..end.unwrap_or(text.len())).unwrap_or_default()
        })
}

/// A backslash would become part of an address, so its marks are percent-encoded instead.
fn push_address(escaped: &mut String, address: &str) {
    for letter in address.chars() {
        match letter {
            '*' => escaped.push_str("%2A"),
            '~' => escaped.push_str("%7E"),
            '\\' => escaped.push_str("%5C"),
            '@' => escaped.push_str("%40"),
            letter => escaped.push(letter),
        }
    }
}

fn ends_with_number_of_line(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default().trim_start();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_show_as_they_were_written() {
        for (text, expected) in [
            (
                "**bold** _x_ ~~y~~ `z` ||s||",
                r"\*\*bold\*\* \_x\_ \~\~y\~\~ \`z\` \|\|s\|\|",
            ),
            ("[a](https://b.example)", r"\[a\](https://b.example)"),
            ("# head\n  - item\nc# - d", "\\# head\n  \\- item\nc# - d"),
            ("1. one\nv1. two", "1\\. one\nv1. two"),
            ("> quote", "\\> quote"),
            ("plain, text (ok)!", "plain, text (ok)!"),
        ] {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn nothing_pings() {
        for text in [
            "@everyone",
            "@here",
            "<@1>",
            "<@&1>",
            "<#1>",
            "a@everyone",
            "<@everyone>",
        ] {
            let escaped = escape(text);
            assert!(
                !escaped.contains("@everyone") && !escaped.contains("@here"),
                "{escaped}"
            );
            assert!(!escaped.contains("<@") || escaped.contains("\\<@"), "{escaped}");
        }
        assert!(!escape("https://x.example/@everyone").contains("@everyone"));
    }

    #[test]
    fn addresses_stay_clickable() {
        assert_eq!(
            escape("see https://a.example/b_c_d?e=f_g now_"),
            r"see https://a.example/b_c_d?e=f_g now\_"
        );
        assert_eq!(
            escape("https://a.example/**x**"),
            "https://a.example/%2A%2Ax%2A%2A"
        );
    }

    #[test]
    fn no_text_pings_or_opens_a_mark_whatever_it_is_made_of() {
        let entropy = crate::Entropy::seeded(4);
        let parts = [
            "@everyone",
            "@",
            "here",
            "<",
            "@1>",
            "*",
            "`",
            "||",
            "\\",
            "https://a.example/",
            "\n",
            "# ",
            "1. ",
            "a",
            " ",
            "🏮",
        ];
        for _ in 0..20_000 {
            let text: String = (0..entropy.below(10))
                .filter_map(|_| parts.get(entropy.below(parts.len())))
                .copied()
                .collect();
            let escaped = escape(&text);
            assert!(
                !escaped.contains("@everyone") && !escaped.contains("@here"),
                "{text:?} gave {escaped:?}"
            );
            // Behind an even number of backslashes a mark would count.
            for mark in ['*', '`', '<'] {
                for (at, _) in escaped.match_indices(mark) {
                    let before = escaped.get(..at).unwrap_or_default();
                    let slashes = before.len() - before.trim_end_matches('\\').len();
                    assert!(slashes % 2 == 1, "{text:?} gave {escaped:?}");
                }
            }
        }
    }
}
