//! The simulator over the wire: twilight logs in and must understand everything, raw requests get Discord's errors.

#[cfg(test)]
mod again;
#[cfg(test)]
mod answers;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod bot;
#[cfg(test)]
mod community;
#[cfg(test)]
mod control;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod described;
#[cfg(test)]
mod dispatches;
#[cfg(test)]
mod document;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod events;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod forums;
#[cfg(test)]
mod frames;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod fuzzed;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod gateway;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod oauth;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod places;
#[cfg(test)]
mod posts;
#[cfg(test)]
mod raw;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod sessions;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod socket;
#[cfg(test)]
mod table;
#[cfg(test)]
mod time;
#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod twilight;
#[cfg(test)]
mod world_file;
