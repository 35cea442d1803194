//! The HTTP face: `/api/cogs`, `/api/guild`, `/api/config` and `/api/settings`.

mod cogs;
mod config;
mod guild;
mod settings;

use hazebot_core::logs::LogView;
use hazebot_discord::Bot;
use hazebot_http::{Policy, Routes, Rule, routes};

/// What the routes need.
#[derive(Clone)]
struct State {
    bot: Bot,
    logs: LogView,
}

/// The routes about cogs and settings, and the lists that forms choose channels and roles from. They belong to
/// `CogManager`, which is always loaded.
#[must_use]
pub fn routes(bot: Bot, logs: LogView) -> Routes {
    Routes::of_cog(crate::cog_manager::NAME)
        .add(Policy::All, routes!(cogs::list))
        .add(Policy::All, routes!(cogs::load))
        .add(Policy::All, routes!(cogs::unload))
        .add(Policy::All, routes!(cogs::reload))
        .add(Policy::All, routes!(cogs::logs))
        .add(Policy::SignedIn, routes!(config::whole::get_config))
        .add(Policy::All, routes!(config::sections::get_general))
        .add(Policy::All, routes!(config::sections::put_general))
        .add(Policy::All, routes!(config::sections::reset_general))
        .add(Policy::All, routes!(config::sections::get_channels))
        .add(
            Rule::of(Policy::All).needs_guild(),
            routes!(config::sections::put_channels),
        )
        .add(Policy::All, routes!(config::sections::reset_channels))
        .add(Policy::All, routes!(config::sections::get_roles))
        .add(
            Rule::of(Policy::All).needs_guild(),
            routes!(config::sections::put_roles),
        )
        .add(Policy::All, routes!(config::sections::reset_roles))
        .add(Policy::All, routes!(settings::list))
        .add(Policy::All, routes!(settings::change))
        .add(Policy::All, routes!(settings::history))
        .add(Policy::All, routes!(settings::undo))
        .add(Rule::of(Policy::All).needs_guild(), routes!(guild::channels))
        .add(Rule::of(Policy::All).needs_guild(), routes!(guild::roles))
        .with_state(State { bot, logs })
}
