//! What the fuzz targets do with their input: a simulator in process, requests and frames from bytes. The crate's own
//! tests run the same code on stable Rust with bytes from a seed (`tests/it/fuzzed.rs`).

mod choice;
pub mod forms;
pub mod frames;
pub mod rest;
mod stage;
