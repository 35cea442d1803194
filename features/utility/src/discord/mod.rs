//! The Discord face: commands and components.

pub(crate) mod help;
pub(crate) mod status;
