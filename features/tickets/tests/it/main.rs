//! Tickets from end to end: the real cog, bot and API against a simulated Discord.
#![expect(clippy::indexing_slicing, reason = "tests")]

mod api;
mod discord;
mod faults;
mod open;
mod scene;
mod work;
