//! The feature *operations*: running HazeBot from Discord and through the API.
//!
//! Cogs: `CogManager` (load, unload, reload, listcogs, logs, sync), `APIServer` (serves API and panel while it is
//! loaded), `DiscordLogging` (copies log lines to a channel). Routes: `/api/cogs`, `/api/guild`. Job: `log_channel.clean_up`. Its
//! settings (`channels.log_channel_id`, `logging.*`) are of the core.

mod actions;
pub mod api_server;
pub mod cog_manager;
pub mod cogs;
mod http;
pub mod log_channel;
pub mod log_view;
pub mod paging;

use std::sync::Arc;

use hazebot_core::logs::LogView;
use hazebot_discord::Cog;

pub use api_server::ApiServer;
pub use cog_manager::CogManager;
pub use http::routes;
pub use log_channel::DiscordLogging;

/// The feature's texts by language, for the catalogue.
pub const TEXTS: &[(&str, &str)] = &[
    ("en", include_str!("../../../locales/en/operations.ftl")),
    ("de", include_str!("../../../locales/de/operations.ftl")),
];

/// The cogs of this feature. Without an API in this process there is no cog `APIServer`.
#[must_use]
pub fn cogs(logs: &LogView, api: Option<ApiServer>) -> Vec<Arc<dyn Cog>> {
    let mut cogs: Vec<Arc<dyn Cog>> = vec![
        Arc::new(CogManager::new(logs.clone())),
        Arc::new(DiscordLogging::new(logs.clone(), log_channel::EVERY)),
    ];
    if let Some(api) = api {
        cogs.push(Arc::new(api));
    }
    cogs
}
