//! What a feature stands on: ids, clock, actor, settings, store, cache, jobs, events, audit, texts, secrets, upstream
//! client, errors, logs.
//!
//! Nothing in here knows Discord's wire, HTTP or any feature. See `docs/architecture.md` for the map.

pub mod actor;
pub mod clock;
pub mod directory;
pub mod entropy;
pub mod failure;
pub mod gate;
pub mod ids;

pub use actor::{Actor, Rights};
pub use clock::{Clock, Timestamp};
pub use directory::{Directory, SharedDirectory};
pub use entropy::Entropy;
pub use failure::{Failure, Outcome, Refusal, RefusalKind};
