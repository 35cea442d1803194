//! The whole program against the simulated Discord, with clients that others wrote.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod bad_input;
mod codes;
mod config;
mod contract;
mod golden;
mod killed;
mod mail;
mod openapi;
mod panics;
mod path;
mod peers;
mod people;
mod reload;
mod restart;
mod spawned;
mod stage;
mod start;
mod town;
