//! The framework end to end: a bot on the simulator.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

mod cogs;
mod gateway;
mod interactions;
mod lifecycle;
mod messages;
