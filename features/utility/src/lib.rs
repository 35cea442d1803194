//! The feature *utility*: the cog `Utility` with `help`, made from what is loaded right now, and `status`, measured now.
//!
//! No settings, routes, jobs or storage of its own.

mod catalog;
mod discord;
pub mod help;
pub mod memory;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use hazebot_core::{Outcome, Timestamp};
use hazebot_discord::{About, Cog, Parts};

/// The feature's texts by language, for the catalogue.
pub const TEXTS: &[(&str, &str)] = &[
    ("en", include_str!("../../../locales/en/utility.ftl")),
    ("de", include_str!("../../../locales/de/utility.ftl")),
];

static ABOUT: About = About {
    icon: "build",
    emoji: "🔧",
    category: "utility",
    description: "Help and state of the bot",
    features: &[
        "Help made from what is loaded",
        "One page per command",
        "Only what you may run",
        "State measured now",
    ],
    ..About::named("Utility")
};

/// The cog.
#[derive(Debug)]
pub struct Utility {
    version: &'static str,
    started: Timestamp,
}

/// The cog of this feature. `version` is the program's, `started` the moment it started.
#[must_use]
pub fn cog(version: &'static str, started: Timestamp) -> Arc<dyn Cog> {
    Arc::new(Utility { version, started })
}

impl Cog for Utility {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            discord::help::add(parts);
            discord::status::add(parts, self.version, self.started);
            Ok(())
        })
    }
}
