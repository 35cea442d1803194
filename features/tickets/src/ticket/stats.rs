//! Figures about the tickets of a time: how many, how soon answered and closed, how rated. Pure.

use std::collections::BTreeMap;

use hazebot_core::{Timestamp, ids::UserId};

/// One ticket, as far as figures need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its type.
    pub kind: String,
    /// When it was opened.
    pub opened: Timestamp,
    /// When staff first answered.
    pub answered: Option<Timestamp>,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// Who has worked on it: who claimed it, else who answered first.
    pub handler: Option<UserId>,
    /// Its rating, 1–5.
    pub stars: Option<i64>,
}

/// Figures about some tickets. Times are in whole seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// How many were opened.
    pub opened: usize,
    /// How many of them are closed.
    pub closed: usize,
    /// Half of those that were answered were answered within this time.
    pub first_answer: Option<i64>,
    /// Half of those that are closed were closed within this time.
    pub time_to_close: Option<i64>,
    /// How many were rated.
    pub ratings: usize,
    /// Their mean, 1–5.
    pub stars: Option<f64>,
}

impl Figures {
    /// Of these tickets.
    #[must_use]
    pub fn of<'a>(facts: impl Iterator<Item = &'a Fact>) -> Self {
        let (mut figures, mut answers, mut closings, mut stars) =
            (Self::default(), Vec::new(), Vec::new(), Vec::new());
        for fact in facts {
            let since = |at: Timestamp| (at - fact.opened).num_seconds().max(0);
            figures.opened += 1;
            answers.extend(fact.answered.map(since));
            closings.extend(fact.closed.map(since));
            stars.extend(fact.stars);
        }
        figures.closed = closings.len();
        figures.ratings = stars.len();
        figures.first_answer = median(answers);
        figures.time_to_close = median(closings);
        figures.stars = mean(&stars);
        figures
    }
}

/// Figures of everything, of each type, and of each person, the busiest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// All tickets.
    pub all: Figures,
    /// By type.
    pub kinds: Vec<(String, Figures)>,
    /// By handler.
    pub people: Vec<(UserId, Figures)>,
}

impl Stats {
    /// Of these tickets.
    #[must_use]
    pub fn of(facts: &[Fact]) -> Self {
        Self {
            all: Figures::of(facts.iter()),
            kinds: grouped(facts, |fact| Some(fact.kind.clone())),
            people: grouped(facts, |fact| fact.handler),
        }
    }
}

fn grouped<K: Ord>(facts: &[Fact], key: impl Fn(&Fact) -> Option<K>) -> Vec<(K, Figures)> {
    let mut groups: BTreeMap<K, Vec<&Fact>> = BTreeMap::new();
    for fact in facts {
        if let Some(key) = key(fact) {
            groups.entry(key).or_default().push(fact);
        }
    }
    let mut list: Vec<_> = groups
        .into_iter()
        .map(|(key, facts)| (key, Figures::of(facts.into_iter())))
        .collect();
    list.sort_by_key(|(_, figures)| std::cmp::Reverse(figures.opened));
    list
}

/// The middle value, of an even number the mean of the two middle ones.
fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = values.get(middle).copied()?;
    if values.len().is_multiple_of(2) {
        let lower = values.get(middle.checked_sub(1)?).copied()?;
        return Some(lower + (upper - lower) / 2);
    }
    Some(upper)
}

fn mean(stars: &[i64]) -> Option<f64> {
    let count = u32::try_from(stars.len()).ok().filter(|count| *count > 0)?;
    let sum: i64 = stars.iter().sum();
    let sum = u32::try_from(sum).ok()?;
    Some(f64::from(sum) / f64::from(count))
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;

    use super::*;

    fn fact(
        kind: &str,
        answered: Option<i64>,
        closed: Option<i64>,
        handler: Option<u64>,
        stars: Option<i64>,
    ) -> Fact {
        let at = |second: i64| from_millis(second * 1000);
        Fact {
            kind: kind.into(),
            opened: at(0),
            answered: answered.map(at),
            closed: closed.map(at),
            handler: handler.map(UserId::new),
            stars,
        }
    }

    #[test]
    fn medians_and_means_count_only_what_is_there() {
        let facts = [
            fact("Bug", Some(10), Some(100), Some(1), Some(5)),
            fact("Bug", Some(30), None, Some(1), None),
            fact("Support", None, Some(300), Some(2), Some(2)),
            fact("Bug", Some(20), Some(200), None, None),
        ];
        let stats = Stats::of(&facts);
        assert_eq!(
            (
                stats.all.opened,
                stats.all.closed,
                stats.all.first_answer,
                stats.all.time_to_close
            ),
            (4, 3, Some(20), Some(200))
        );
        assert_eq!((stats.all.ratings, stats.all.stars), (2, Some(3.5)));
        let names: Vec<_> = stats
            .kinds
            .iter()
            .map(|(kind, f)| (kind.as_str(), f.opened))
            .collect();
        assert_eq!(names, [("Bug", 3), ("Support", 1)]);
        let people: Vec<_> = stats
            .people
            .iter()
            .map(|(user, f)| (user.get(), f.opened))
            .collect();
        assert_eq!(people, [(1, 2), (2, 1)]);
        assert_eq!(stats.people.first().unwrap().1.first_answer, Some(20));
    }

    #[test]
    fn of_nothing_there_are_no_figures() {
        assert_eq!(Stats::of(&[]), Stats::default());
        assert_eq!(median(vec![1, 2]), Some(1));
        assert_eq!(median(vec![4, 2]), Some(3));
    }
}
