//! Cogs: the parts of the program that can be loaded, unloaded and reloaded while it runs.

use futures_util::future::BoxFuture;
use hazebot_core::Outcome;

use crate::parts::Parts;

/// What may be done to a cog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protection {
    /// Everything, by everyone who may manage cogs.
    #[default]
    None,
    /// The API may reload it but not unload it, since it would saw off the branch that it sits on; Discord may do both.
    ReloadOnly,
    /// Nothing: the program needs it.
    Protected,
}

/// What a cog says about itself.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its canonical name, the one in `/api/cogs`: `ModPanel`.
    pub name: &'static str,
    /// Another name that it is known by: `ModPerks`. Mostly the same as `name`.
    pub file_name: &'static str,
    /// Name of its icon in the panel and the app.
    pub icon: &'static str,
    /// Its emoji in Discord and in the log.
    pub emoji: &'static str,
    /// `core`, `community`, `content`, `gaming`, `moderation`, `support`, `user`, `info`, `productivity`, `utility`,
    /// `notifications`, `monitoring` or `other`.
    pub category: &'static str,
    /// One sentence.
    pub description: &'static str,
    /// What it offers, a few words each.
    pub features: &'static [&'static str],
    /// Canonical names of cogs that it works with. They are loaded first; it must bear their absence.
    pub needs: &'static [&'static str],
    /// What may be done to it.
    pub protection: Protection,
}

impl About {
    /// A cog of this name, without anything else. For the parts that are left out in a literal:
    /// `About { description: "…", ..About::named("Welcome") }`.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            file_name: name,
            icon: "extension",
            emoji: "🧩",
            category: "other",
            description: "",
            features: &[],
            needs: &[],
            protection: Protection::None,
        }
    }
}

/// A part of a feature that can be switched on and off.
///
/// The value itself keeps no state of what it does: [`Cog::set_up`] builds all of it, at load and again at every reload,
/// from what is stored.
pub trait Cog: Send + Sync + 'static {
    /// What it is.
    fn about(&self) -> &'static About;

    /// Declares its commands, components, listeners, jobs and tasks. At a reload this runs while the previous ones stand
    /// still; if it fails, they go on.
    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>>;
}
