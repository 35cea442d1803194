//! Discord on loopback: gateway v10, REST v10, OAuth2 and CDN for any bot, and people who can be acted as.
//!
//! ```no_run
//! use discord_sim::{Scenario, Sim, SimOptions};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let (world, community) = Scenario::community(7)?;
//! let sim = Sim::start(SimOptions::default(), world).await?;
//! // Start a bot with `community.bot_token` against `sim.base_url()`, then:
//! let exchange = sim.as_user(community.finn).runs_slash("ping").await?;
//! assert_eq!(exchange.text(), "Pong!");
//! # Ok(())
//! # }
//! ```
//!
//! Known to be missing: a voice server, stickers, scheduled events, auto moderation,
//! user-installed applications, stage channels. The README tells which routes are served and what differs.

mod authorize;
mod cdn;
mod clock;
mod control;
mod error;
mod faults;
mod gateway;
mod hub;
mod id;
mod oauth;
mod observe;
mod page;
mod picture;
mod rest;
mod seed;
mod sim;
pub mod world;
mod world_file;

pub use clock::{Millis, SimClock, iso, parse_iso};
pub use error::{ApiError, ApiResult, Problems};
pub use faults::{Chaos, Fault, FaultPlan, FaultRule, NoSuchFault, RestFault, WorldFault};
pub use gateway::GatewayFault;
pub use hub::SimOptions;
pub use id::{DISCORD_EPOCH, Id};
pub use observe::{HttpExchange, Observer, Recorded, Recorder};
pub use rest::routes;
pub use sim::{AsUser, Exchange, PATIENCE, Seen, Sim, StartError};
pub use world::scenario::{
    BotRights, Community, CommunityChannels, CommunityOptions, CommunityRoles, Scenario,
};
pub use world::{CommandCall, Limits, Modal, Press, World, WorldBuilder};
pub use world_file::{EXAMPLE_WORLD, Mistake, WorldFile, WorldFileError};
