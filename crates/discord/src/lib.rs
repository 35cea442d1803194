//! The cog framework on twilight: what a feature writes to have commands, components and listeners on Discord.
//!
//! A [`Cog`] declares its parts in [`Cog::set_up`]; the framework finds them, checks rights and cooldowns, promises
//! answers in time, tells refusals in the reader's language, and keeps the failure of one cog away from the others.
//!
//! ```
//! use futures_util::future::BoxFuture;
//! use hazebot_core::{Outcome, Refusal, texts::Arg};
//! use hazebot_discord::{About, Answer, Button, Cog, Command, Component, Message, Mode, Opt, Parts};
//!
//! static ABOUT: About = About { description: "Rolls dice.", category: "gaming", emoji: "🎲", ..About::named("Dice") };
//!
//! struct Dice;
//!
//! impl Cog for Dice {
//!     fn about(&self) -> &'static About {
//!         &ABOUT
//!     }
//!
//!     fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
//!         Box::pin(async move {
//!             // Texts: `cmd-roll` with .description, .example and .option-sides in locales/*/dice.ftl.
//!             parts.command(Command::new("roll").option(Opt::integer("sides").range(2..=100)).run(|cx| async move {
//!                 let sides = cx.integer_opt("sides").unwrap_or(6);
//!                 let again = Button::secondary(format!("dice:v1:roll:{sides}"), cx.text("dice-again", &[]));
//!                 let thrown = cx.text("dice-thrown", &[("eyes", Arg::number(roll(&cx, sides)))]);
//!                 Ok(Message::new().text(thrown).buttons([again]).into())
//!             }));
//!             // All that a press needs is in the custom id, so it works after a restart.
//!             parts.component(Component::button("dice:v1:roll").answers(Mode::Update).run(|cx| async move {
//!                 let sides = cx.arg(0)?.parse().map_err(|_| Refusal::invalid("dice-bad", "No such dice"))?;
//!                 let thrown = cx.text("dice-thrown", &[("eyes", Arg::number(roll(&cx, sides)))]);
//!                 Ok(Answer::update(Message::partial().text(thrown)))
//!             }));
//!             Ok(())
//!         })
//!     }
//! }
//!
//! fn roll(cx: &hazebot_discord::Invocation, sides: i64) -> i64 {
//!     i64::try_from(cx.bot().entropy().below(usize::try_from(sides).unwrap_or(0))).unwrap_or(0) + 1
//! }
//! ```

mod answer;
mod bot;
mod cog;
mod command;
mod command_info;
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
pub use command_info::{CommandInfo, OptionInfo};
pub use component::Component;
pub use gateway::{GatewayDirectory, GatewayError};
pub use invocation::{Invocation, Origin, Person};
pub use listener::{Heard, Listener};
pub use manager::{CogInfo, CogState, Cogs, Done, Operation, OperationError, Past, Via};
pub use message::{Button, Embed, Input, Message, Modal, Row, Select, SelectOption};
pub use parts::{Parts, TaskContext};
pub use registry::Registry;
pub use rest::{BadBase, Discord, DiscordError};

/// What cogs need of the library underneath: models of events, permissions, kinds of channels.
pub use twilight_model as model;

/// The texts of the framework.
pub const TEXTS: &[(&str, &str)] = &[
    ("en", include_str!("../../../locales/en/discord.ftl")),
    ("de", include_str!("../../../locales/de/discord.ftl")),
];

#[cfg(test)]
mod tests {
    use hazebot_core::texts::check_parity;

    use super::*;

    #[test]
    fn both_languages_say_the_same() {
        assert_eq!(check_parity(TEXTS), Vec::<String>::new());
    }

    #[test]
    fn every_text_that_the_code_asks_for_exists() {
        let sources = [
            include_str!("dispatch/guarded.rs"),
            include_str!("manager/mod.rs"),
            include_str!("prefix/mod.rs"),
            include_str!("prefix/options.rs"),
            include_str!("refusals.rs"),
        ];
        let english = TEXTS.first().map(|(_, source)| *source).unwrap_or_default();
        let asked = sources
            .into_iter()
            .flat_map(|source| source.split("\"discord-").skip(1));
        let ids: Vec<&str> = asked.filter_map(|rest| rest.split('"').next()).collect();
        assert!(ids.len() > 20);
        for id in ids {
            assert!(english.contains(&format!("\ndiscord-{id} =")), "discord-{id}");
        }
    }
}
