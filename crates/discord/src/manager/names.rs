//! Finds the cog that somebody means, and the order in which cogs start.

use std::collections::{BTreeMap, BTreeSet};

use super::OperationError;
use crate::cog::About;

/// How alike a name must be to be suggested.
const NEAR: f64 = 0.6;

/// A cog by its canonical name or its file name, without regard to case.
pub(super) fn resolve(
    cogs: impl Iterator<Item = &'static About> + Clone,
    typed: &str,
) -> Result<&'static About, OperationError> {
    let typed = typed.trim();
    let exact = cogs.clone().find(|about| about.name == typed);
    let alike = |about: &&'static About| {
        about.name.eq_ignore_ascii_case(typed) || about.file_name.eq_ignore_ascii_case(typed)
    };
    if let Some(about) = exact.or_else(|| cogs.clone().find(alike)) {
        return Ok(about);
    }
    let lower = typed.to_lowercase();
    let likeness = |about: &About| {
        [about.name, about.file_name]
            .into_iter()
            .map(|name| strsim::jaro_winkler(&lower, &name.to_lowercase()))
            .fold(0.0, f64::max)
    };
    let nearest = cogs
        .map(|about| (likeness(about), about.name))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name);
    Err(OperationError::Unknown {
        typed: crate::message::text::fit(typed, 100),
        nearest,
    })
}

/// Names in an order in which each comes after those that it needs; protected ones first. A circle is broken where it
/// is met, since a cog must bear the absence of what it needs.
pub(super) fn start_order(cogs: &[&'static About]) -> Vec<&'static str> {
    fn visit(
        about: &'static About,
        all: &BTreeMap<&'static str, &'static About>,
        seen: &mut BTreeSet<&'static str>,
        order: &mut Vec<&'static str>,
    ) {
        if !seen.insert(about.name) {
            return;
        }
        for need in about.needs {
            if let Some(needed) = all.get(need) {
                visit(needed, all, seen, order);
            }
        }
        order.push(about.name);
    }
    let all: BTreeMap<_, _> = cogs.iter().map(|about| (about.name, *about)).collect();
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    let first = cogs
        .iter()
        .filter(|about| about.protection == crate::cog::Protection::Protected);
    for about in first.chain(cogs) {
        visit(about, &all, &mut seen, &mut order);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cog::Protection;

    static PANEL: About = About {
        file_name: "ModPerks",
        ..About::named("ModPanel")
    };
    static PROFILE: About = About {
        needs: &["ModPanel", "Levels"],
        ..About::named("Profile")
    };
    static LEVELS: About = About {
        needs: &["Profile"],
        ..About::named("Levels")
    };
    static MANAGER: About = About {
        protection: Protection::Protected,
        ..About::named("CogManager")
    };

    fn all() -> Vec<&'static About> {
        vec![&PROFILE, &PANEL, &LEVELS, &MANAGER]
    }

    #[test]
    fn a_cog_is_found_by_either_name_in_any_case() {
        for typed in ["ModPanel", "modperks", " MODPANEL "] {
            assert_eq!(resolve(all().into_iter(), typed).unwrap().name, "ModPanel");
        }
    }

    #[test]
    fn a_wrong_name_brings_the_nearest() {
        let error = resolve(all().into_iter(), "Porfile").unwrap_err();
        assert!(
            matches!(
                error,
                OperationError::Unknown {
                    nearest: Some("Profile"),
                    ..
                }
            ),
            "{error:?}"
        );
        let error = resolve(all().into_iter(), "xyz").unwrap_err();
        assert!(
            matches!(error, OperationError::Unknown { nearest: None, .. }),
            "{error:?}"
        );
    }

    #[test]
    fn what_is_needed_starts_first_and_a_circle_does_no_harm() {
        let order = start_order(&all());
        let at = |name| order.iter().position(|other| *other == name).unwrap();
        assert_eq!(order.len(), 4);
        assert_eq!(at("CogManager"), 0);
        assert!(at("ModPanel") < at("Profile"));
    }
}
