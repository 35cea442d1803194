//! The name of a ticket's channel: unique by the number, never empty, within Discord's rules.

/// Longest name of a channel, see "Channel Object" in Discord's documentation.
const MAX_NAME: usize = 100;

/// `ticket-<number>-<type>-<user>` with only what a text channel's name may hold: letters and digits of any script in
/// lower case, `-` and `_`.
#[must_use]
pub fn channel_name(number: i64, kind: &str, user: &str) -> String {
    let mut name = format!("ticket-{number}");
    for part in [kind, user] {
        let part = plain(part);
        if !part.is_empty() {
            name.push('-');
            name.push_str(&part);
        }
    }
    name.chars()
        .take(MAX_NAME)
        .collect::<String>()
        .trim_end_matches('-')
        .to_owned()
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() || letter == '_' {
            out.push(letter);
        } else if (letter.is_whitespace() || letter == '-') && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_only_what_discord_takes() {
        let table = [
            (1, "Support", "finn_reed", "ticket-1-support-finn_reed"),
            (2, "Bug Report", "a.b.c", "ticket-2-bug-report-abc"),
            (3, "Bug", r"/\ngel", "ticket-3-bug-ngel"),
            (4, "Bug", "^ngel", "ticket-4-bug-ngel"),
            (5, "Bug", "⠀🎫", "ticket-5-bug"),
            (6, "💬", "", "ticket-6"),
            (7, "Bewerbung", "Jürgen Groß", "ticket-7-bewerbung-jürgen-groß"),
        ];
        for (number, kind, user, expected) in table {
            assert_eq!(channel_name(number, kind, user), expected);
        }
    }

    #[test]
    fn a_name_is_cut_to_what_fits() {
        assert!(
            channel_name(i64::MAX, &"k".repeat(50), &"u".repeat(90))
                .chars()
                .count()
                <= 100
        );
    }
}
