//! The cog framework on twilight: what a feature writes to have commands, components and listeners on Discord.
//!
//! A [`Cog`] declares its parts in [`Cog::set_up`]; the framework finds them, checks rights and cooldowns, promises
//! answers in time, tells refusals in the reader's language, and keeps the failure of one cog away from the others.

mod answer;
mod bot;
mod cog;
mod command;
mod component;
mod cooldown;
mod dispatch;
pub mod gateway;
mod invocation;
mod listener;
mod manager;
pub mod message;
mod parts;
mod prefix;
mod refusals;
mod registry;
pub mod rest;
#[cfg(feature = "testing")]
pub mod testing;

pub use answer::Answer;
pub use bot::{Bot, Services};
pub use cog::{About, Cog, Protection};
pub use command::{Command, Mode, Opt, OptKind, Suggestion, Who};
pub use component::Component;
pub use gateway::{GatewayDirectory, GatewayError};
pub use invocation::{Invocation, Origin, Person};
pub use listener::{Heard, Listener};
pub use manager::{CogInfo, CogState, Cogs, Done, Operation, OperationError, Past, Via};
pub use message::{Button, Embed, Input, Message, Modal, Row, Select, SelectOption};
pub use parts::{Parts, TaskContext};
pub use registry::{CommandInfo, OptionInfo, Registry};
pub use rest::{BadBase, Discord, DiscordError};

/// What cogs need of the library underneath: models of events, permissions, kinds of channels.
pub use twilight_model as model;

/// The texts of the framework.
pub const TEXTS: &[(&str, &str)] = &[
    ("en", include_str!("../../../locales/en/discord.ftl")),
    ("de", include_str!("../../../locales/de/discord.ftl")),
];
