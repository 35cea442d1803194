//! Bodies with files, in and out of shape.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| discord_sim_fuzz::forms::run(data));
