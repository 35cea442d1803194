//! Looks at cogs: who is meant, how they do, who works with whom.

use super::{CogInfo, CogState, Cogs, OperationError, names};
use crate::cog::About;

impl Cogs<'_> {
    /// The cog that somebody means by a name: canonical or file name, in any case.
    ///
    /// # Errors
    /// [`OperationError::Unknown`] with the nearest name.
    pub fn resolve(&self, typed: &str) -> Result<&'static About, OperationError> {
        let abouts: Vec<&'static About> = self
            .manager()
            .entries
            .lock()
            .values()
            .map(|entry| entry.about)
            .collect();
        names::resolve(abouts.into_iter(), typed)
    }

    /// All cogs and how they do, by name.
    #[must_use]
    pub fn listing(&self) -> Vec<CogInfo> {
        let mut infos: Vec<CogInfo> = self
            .manager()
            .entries
            .lock()
            .values()
            .map(|entry| CogInfo {
                about: entry.about,
                state: entry.state.clone(),
                loaded_at: entry.loaded_at,
                panics: entry.panics,
                faults: entry.faults,
                last_error: entry.last_error_at.zip(entry.last_error.clone()),
                commands: 0,
                components: 0,
                listeners: 0,
                history: entry.history.iter().cloned().collect(),
            })
            .collect();
        for info in &mut infos {
            (info.commands, info.components, info.listeners) = self.0.registry().counts(info.about.name);
        }
        infos
    }

    /// Whether a cog runs.
    #[must_use]
    pub fn is_loaded(&self, cog: &str) -> bool {
        self.manager().state(cog) == Some(CogState::Loaded)
    }

    /// Loaded cogs that work with this one.
    #[must_use]
    pub fn dependants(&self, cog: &str) -> Vec<&'static str> {
        let entries = self.manager().entries.lock();
        entries
            .values()
            .filter(|entry| entry.state == CogState::Loaded && entry.about.needs.contains(&cog))
            .map(|entry| entry.about.name)
            .collect()
    }
}
