//! The feature against the simulator: a real bot, a made-up guild, the API in memory.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests may stop at what is wrong"
)]

mod api;
mod bed;
mod cogs;
mod log_channel;
