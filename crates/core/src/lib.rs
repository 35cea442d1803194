//! What a feature stands on: ids, clock, actor, settings, store, cache, jobs, events, audit, texts, secrets, upstream
//! client, errors, logs.
//!
//! Nothing in here knows Discord's wire, HTTP or any feature. See `docs/architecture.md` for the map.

pub mod actor;
pub mod audit;
pub mod cache;
pub mod clock;
pub mod counters;
pub mod directory;
pub mod entropy;
pub mod env;
pub mod events;
pub mod failure;
pub mod gate;
pub mod ids;
pub mod jobs;
pub mod logs;
pub mod secrets;
pub mod settings;
pub mod store;
pub mod texts;
pub mod upstream;

pub use actor::{Actor, Rights};
pub use clock::{Clock, Timestamp};
pub use directory::{Directory, SharedDirectory};
pub use entropy::Entropy;
pub use failure::{Failure, Outcome, Refusal, RefusalKind};
pub use store::Store;

/// The query macros name it; features derive `sqlx::FromRow` through their own dependency.
#[doc(hidden)]
pub use sqlx;
