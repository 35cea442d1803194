//! Handlers by resource: each reads its request, lets the world act, and writes the answer.

pub(super) mod channels;
pub(super) mod command_permissions;
mod command_shapes;
pub(super) mod commands;
pub(super) mod community;
pub(super) mod connections;
pub(super) mod emojis;
pub(super) mod files;
pub(super) mod gateway;
pub(super) mod guilds;
pub(super) mod interactions;
pub(super) mod invites;
pub(super) mod members;
pub(super) mod messages;
pub(super) mod oauth;
pub(super) mod polls;
pub(super) mod reactions;
pub(super) mod roles;
pub(super) mod thread_lists;
pub(super) mod threads;
pub(super) mod users;
pub(super) mod webhooks;
