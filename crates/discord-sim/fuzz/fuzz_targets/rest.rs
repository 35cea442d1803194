//! Requests of any method, path, header and body.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| discord_sim_fuzz::rest::run(data));
