//! The simulator against a real library: twilight logs in and must understand everything.
#![expect(clippy::panic, reason = "tests")]

mod bot;
mod twilight;
