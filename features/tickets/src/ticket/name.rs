//! The name of a ticket's channel: unique by the number, never empty, within Discord's rules.

/// Longest name of a channel, see "Channel Object" in Discord's documentation.
const MAX_NAME: usize = 100;

/// The pattern of types that have none of their own.
pub const PATTERN: &str = "ticket-{number}-{type}-{user}";
/// Longest pattern, in code points; what is filled in has room beside it.
const MAX_PATTERN: usize = 60;
const PLACEHOLDERS: [&str; 3] = ["{number}", "{type}", "{user}"];

/// The pattern filled in, with only what a text channel's name may hold: letters and digits of any script in lower case,
/// `-` and `_`. What is empty leaves no double dash.
#[must_use]
pub fn channel_name(pattern: &str, number: i64, kind: &str, user: &str) -> String {
    let values = [number.to_string(), plain(kind), plain(user)];
    let filled = PLACEHOLDERS
        .iter()
        .zip(&values)
        .fold(pattern.to_owned(), |name, (placeholder, value)| {
            name.replace(placeholder, value)
        });
    plain(&filled)
        .chars()
        .take(MAX_NAME)
        .collect::<String>()
        .trim_end_matches('-')
        .to_owned()
}

/// Checks a pattern that a guild sets.
///
/// # Errors
/// The end of the sentence "… must …".
pub fn check_pattern(pattern: &str) -> Result<(), String> {
    if !(1..=MAX_PATTERN).contains(&pattern.chars().count()) {
        return Err(format!("have a name_pattern of 1 to {MAX_PATTERN} characters"));
    }
    if !pattern.contains("{number}") {
        return Err("have {number} in its name_pattern, which tells its channels apart".to_owned());
    }
    let rest = PLACEHOLDERS.iter().fold(pattern.to_owned(), |rest, placeholder| {
        rest.replace(placeholder, "")
    });
    match rest.find(['{', '}']) {
        None => Ok(()),
        Some(_) => Err(format!(
            "have only {} in its name_pattern, not {pattern}",
            PLACEHOLDERS.join(", ")
        )),
    }
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

    /// C13: the number makes each name unique, whatever is left of the person's.
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
            assert_eq!(channel_name(PATTERN, number, kind, user), expected);
        }
    }

    #[test]
    fn a_name_is_cut_to_what_fits() {
        assert!(
            channel_name(PATTERN, i64::MAX, &"k".repeat(50), &"u".repeat(90))
                .chars()
                .count()
                <= 100
        );
    }

    #[test]
    fn a_guild_may_name_channels_as_it_likes_but_with_the_number() {
        assert_eq!(channel_name("{type} {number}", 7, "Bug", "finn"), "bug-7");
        assert_eq!(channel_name("🎫┃{user}-{number}", 7, "Bug", ""), "7");
        assert_eq!(check_pattern("help-{number}"), Ok(()));
        for (wrong, why) in [
            ("help", "{number}"),
            ("{number}{who}", "{who}"),
            ("", "1 to 60"),
            ("{number}}", "only"),
        ] {
            let problem = check_pattern(wrong).unwrap_err();
            assert!(problem.contains(why), "{problem}");
        }
    }
}
