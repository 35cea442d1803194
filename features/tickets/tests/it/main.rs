//! Tickets from end to end: the real cog, bot and API against a simulated Discord.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]

mod api;
mod crashes;
mod discord;
mod faults;
mod handover;
mod live;
mod open;
mod panels;
mod postgres;
mod scene;
mod staff;
mod types;
mod watch;
mod work;
