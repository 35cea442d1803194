//! Tickets from end to end: the real cog, bot and API against a simulated Discord.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]

mod api;
mod cases;
mod crashes;
mod discord;
mod faults;
mod files;
mod handover;
mod live;
mod open;
mod panels;
mod postgres;
mod retention;
mod scene;
mod search;
mod staff;
mod types;
mod watch;
mod work;
