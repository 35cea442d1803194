//! The cog `CogManager`: loads, unloads, reloads and lists cogs, shows their logs, sends the slash commands.

mod commands;
mod components;
pub(crate) mod logs;
mod messages;

use futures_util::future::BoxFuture;
use hazebot_core::{Outcome, logs::LogView};
use hazebot_discord::{About, Cog, Parts, Protection};

/// Its canonical name.
pub const NAME: &str = "CogManager";

static ABOUT: About = About {
    icon: "settings",
    emoji: "🔧",
    category: "core",
    description: "Loads, unloads and reloads the parts of the bot while it runs",
    features: &[
        "Load, unload and reload",
        "Menus and autocomplete",
        "State of every cog",
        "Logs per cog without secrets",
        "Slash commands kept in step",
        "Switched-off cogs stay off",
    ],
    protection: Protection::Protected,
    ..About::named(NAME)
};

/// The cog.
#[derive(Debug)]
pub struct CogManager {
    logs: LogView,
}

impl CogManager {
    /// With the log that `logs` shows.
    #[must_use]
    pub fn new(logs: LogView) -> Self {
        Self { logs }
    }
}

impl Cog for CogManager {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            commands::add(parts, &self.logs);
            components::add(parts, &self.logs);
            Ok(())
        })
    }
}
