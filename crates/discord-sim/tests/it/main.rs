//! The simulator over the wire: twilight logs in and must understand everything, raw requests get Discord's errors.

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod bot;
#[cfg(test)]
mod community;
#[cfg(test)]
mod control;
#[cfg(test)]
mod document;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod events;
#[cfg(test)]
mod forums;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod frames;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod fuzzed;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod posts;
#[cfg(test)]
mod raw;
#[cfg(test)]
mod table;
#[cfg(test)]
mod time;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod twilight;
