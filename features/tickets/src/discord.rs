//! Tickets in Discord: the command, the buttons and forms, what is heard in ticket channels, and how it all looks.

pub(crate) mod commands;
pub(crate) mod components;
pub(crate) mod handover;
pub(crate) mod listeners;
pub(crate) mod messages;
mod panels;
pub(crate) mod questions;
pub(crate) mod rating;
pub(crate) mod work;
