//! Names of a world file, and the mistakes that were found.

use std::collections::BTreeMap;

use crate::world::permissions::Permissions;

use super::Mistake;

/// Names that are this much alike may be meant (Jaro-Winkler similarity, 0 to 1).
const ALIKE: f64 = 0.75;

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Mistakes(pub(super) Vec<Mistake>);

impl Mistakes {
    /// Remembers a mistake.
    pub(super) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Mistake {
            path: path.into(),
            message: message.into(),
        });
    }

    /// The permissions of these names.
    pub(super) fn permissions(&mut self, names: &[String], path: &str) -> Permissions {
        let mut set = Permissions::NONE;
        for (name, number) in names.iter().zip(0..) {
            match Permissions::named(name) {
                Some(one) => set = set.with(one),
                None => {
                    let known = Permissions::NAMES.iter().map(|(n, _)| *n);
                    let message = unknown("permission", name, known);
                    self.add(format!("{path}[{number}]"), message);
                }
            }
        }
        set
    }
}

/// Things by their names.
#[derive(Debug)]
pub(super) struct Names<T> {
    what: &'static str,
    known: BTreeMap<String, T>,
}

impl<T: Copy> Names<T> {
    /// None yet; `what` they are is said in mistakes.
    pub(super) fn new(what: &'static str) -> Self {
        Self {
            what,
            known: BTreeMap::new(),
        }
    }

    /// Adds a thing.
    pub(super) fn add(&mut self, name: &str, thing: T, path: &str, mistakes: &mut Mistakes) {
        if name.trim().is_empty() {
            mistakes.add(path, format!("a {} needs a name", self.what));
        } else if self.known.insert(name.to_owned(), thing).is_some() {
            mistakes.add(path, format!("there is a {} {name:?} already", self.what));
        }
    }

    /// The thing of that name; a mistake if there is none.
    pub(super) fn find(&self, name: &str, path: &str, mistakes: &mut Mistakes) -> Option<T> {
        let found = self.known.get(name).copied();
        if found.is_none() {
            mistakes.add(
                path,
                unknown(self.what, name, self.known.keys().map(String::as_str)),
            );
        }
        found
    }

    /// As [`Names::find`] for many.
    pub(super) fn find_all(&self, names: &[String], path: &str, mistakes: &mut Mistakes) -> Vec<T> {
        let numbered = names.iter().zip(0..);
        numbered
            .filter_map(|(name, n)| self.find(name, &format!("{path}[{n}]"), mistakes))
            .collect()
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = known
        .map(|k| (strsim::jaro_winkler(&k.to_lowercase(), &name.to_lowercase()), k))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    match near {
        Some((_, near)) => format!("there is no {what} {name:?}; did you mean {near:?}?"),
        None => format!("there is no {what} {name:?}"),
    }
}
