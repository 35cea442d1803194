//! One story about the store, told on SQLite and on PostgreSQL.
//!
//! `HAZEBOT_TEST_POSTGRES` is the address of a server on which the test may make databases, for example
//! `postgres://postgres@127.0.0.1:5432/postgres`; without it that half is skipped, and says so.

mod bed;
mod changes;
mod counters;
mod events;
mod jobs;
mod jobs_running;
mod kept;
mod opening;
