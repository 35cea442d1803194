//! The HTTP face: `/api/cogs` and `/api/guild`.

mod cogs;
mod guild;

use hazebot_core::logs::LogView;
use hazebot_discord::Bot;
use hazebot_http::{Policy, Routes, Rule, routes};

/// What the routes need.
#[derive(Clone)]
struct State {
    bot: Bot,
    logs: LogView,
}

/// The routes about cogs, and the lists that forms choose channels and roles from. They belong to `CogManager`, which is always loaded.
#[must_use]
pub fn routes(bot: Bot, logs: LogView) -> Routes {
    Routes::of_cog(crate::cog_manager::NAME)
        .add(Policy::All, routes!(cogs::list))
        .add(Policy::All, routes!(cogs::load))
        .add(Policy::All, routes!(cogs::unload))
        .add(Policy::All, routes!(cogs::reload))
        .add(Policy::All, routes!(cogs::logs))
        .add(Rule::of(Policy::All).needs_guild(), routes!(guild::channels))
        .add(Rule::of(Policy::All).needs_guild(), routes!(guild::roles))
        .with_state(State { bot, logs })
}
