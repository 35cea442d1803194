//! Finds the command that somebody meant.

use hazebot_core::{ids::GuildId, settings::general::FUZZY_THRESHOLD};

use crate::{bot::Bot, invocation::Invocation};

/// A typed name longer than this is no mistyped command, and not worth comparing.
const LONGEST: usize = 40;

/// The nearest name or alias of a command that the person may use, if it is near enough.
pub(super) fn nearest(bot: &Bot, cx: &Invocation, guild: GuildId, typed: &str) -> Option<&'static str> {
    let typed = typed.to_lowercase();
    if typed.chars().count() > LONGEST {
        return None;
    }
    let threshold = bot.settings().get(guild, &FUZZY_THRESHOLD);
    let tables = bot.registry().tables();
    let mut best: Option<(f64, &'static str)> = None;
    for bound in tables.each_command() {
        let command = &bound.item;
        if command.hidden || !command.by_prefix || !command.who.allows(cx.rights(), cx.is_administrator()) {
            continue;
        }
        for name in std::iter::once(command.name).chain(command.aliases.iter().copied()) {
            let likeness = likeness(&typed, name);
            if likeness >= threshold && best.is_none_or(|(before, _)| likeness > before) {
                best = Some((likeness, name));
            }
        }
    }
    best.map(|(_, name)| name)
}

/// How alike two names are: 1 the same, 0 nothing in common. Twice the letters that both have in the same order, of all
/// letters: the scale that the threshold of the setting is meant on. Two swapped letters count as one mistake.
fn likeness(typed: &str, name: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (typed.chars().collect(), name.chars().collect());
    // Row by row, `row[j]` is the number of common letters of what has been read of `a` and the first `j` of `b`.
    let mut row = vec![0_u32; b.len() + 1];
    for letter in &a {
        let (mut diagonal, mut left) = (0, 0);
        for (cell, other) in row.iter_mut().skip(1).zip(&b) {
            let above = *cell;
            *cell = if letter == other {
                diagonal + 1
            } else {
                above.max(left)
            };
            (diagonal, left) = (above, *cell);
        }
    }
    let letters = u32::try_from(a.len() + b.len()).unwrap_or(u32::MAX);
    let common = f64::from(row.last().copied().unwrap_or(0)) * 2.0 / f64::from(letters.max(1));
    common.max(strsim::normalized_damerau_levenshtein(typed, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_mistypes_are_near_and_other_words_are_not() {
        for (typed, name) in [
            ("hepl", "help"),
            ("tikcet", "ticket"),
            ("prefs", "preferences"),
            ("tcket", "ticket"),
        ] {
            assert!(
                likeness(typed, name) >= 0.6,
                "{typed} {name} {}",
                likeness(typed, name)
            );
        }
        for (typed, name) in [("hello", "ticket"), ("pizza", "help"), ("good", "load")] {
            assert!(
                likeness(typed, name) < 0.6,
                "{typed} {name} {}",
                likeness(typed, name)
            );
        }
    }
}
