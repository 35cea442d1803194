//! Frames of any kind and order on gateway connections.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| discord_sim_fuzz::frames::run(data));
