//! What is measured: one file per section.

pub(crate) mod http;
pub(crate) mod memory;
pub(crate) mod messages;
pub(crate) mod sim;
pub(crate) mod slash;
pub(crate) mod sockets;
pub(crate) mod start;
pub(crate) mod tickets;
