//! Runs code of a cog so that nothing of it gets out: panics are caught, faults are logged under a correlation id, and
//! the person is told what they may know.

use std::{any::Any, panic::AssertUnwindSafe};

use futures_util::FutureExt as _;
use hazebot_core::{
    Failure, Outcome, Refusal,
    gate::NoEntry,
    ids::GuildId,
    texts::{Arg, Locale},
};

use crate::{answer::Answer, bot::Bot};

/// Digits of a correlation id: four billion values, short enough to be read out.
const CORRELATION_DIGITS: usize = 8;

/// How guarded code ended.
pub(crate) enum Ending<T> {
    /// Well.
    Well(T),
    /// With something that the person is told.
    Refused(Refusal),
    /// With a fault that has been logged; the person is told the id.
    Fault(String),
}

/// What a panic carried.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without text".to_owned())
}

/// Why the door of a cog stayed shut, as a refusal.
pub(crate) fn no_entry(why: NoEntry, cog: &str) -> Refusal {
    match why {
        NoEntry::Shut => crate::refusals::switched_off(cog),
        NoEntry::Busy => crate::refusals::busy(),
    }
}

/// Runs it.
pub(crate) async fn guarded<T>(
    bot: &Bot,
    cog: &'static str,
    what: &str,
    guild: Option<GuildId>,
    work: impl Future<Output = Outcome<T>>,
) -> Ending<T> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(done)) => Ending::Well(done),
        Ok(Err(Failure::Refused(refusal))) => Ending::Refused(refusal),
        Ok(Err(failure)) => Ending::Fault(fault(bot, cog, what, guild, &failure.to_string())),
        Err(panic) => {
            let text = panic_text(panic.as_ref());
            bot.0.manager.count_panic(cog, &text);
            Ending::Fault(fault(bot, cog, what, guild, &format!("panic: {text}")))
        }
    }
}

/// Logs a fault and gives its correlation id.
pub(crate) fn fault(bot: &Bot, cog: &'static str, what: &str, guild: Option<GuildId>, why: &str) -> String {
    let correlation = bot.entropy().hex(CORRELATION_DIGITS);
    bot.0.manager.count_fault(cog, why, bot.clock().now());
    let guild = guild.map(GuildId::get);
    tracing::error!(cog, correlation, guild, what, "{why}");
    correlation
}

/// What the person is told.
pub(crate) fn told<T>(
    bot: &Bot,
    locale: Option<Locale>,
    guild: Option<GuildId>,
    ending: Ending<T>,
) -> Result<T, Answer> {
    let text = match ending {
        Ending::Well(done) => return Ok(done),
        Ending::Refused(refusal) => bot.texts().refusal(locale, guild, &refusal),
        Ending::Fault(id) => bot
            .texts()
            .get(locale, guild, "discord-fault", &[("id", Arg::raw(id))]),
    };
    Err(Answer::text(text).ephemeral())
}
