//! From an event of the gateway to the code of a cog.

mod answering;
mod guarded;
mod input;
mod interactions;
mod queue;

use std::sync::Arc;

use hazebot_core::ids::GuildId;
use tokio::time::Instant;
use twilight_model::gateway::event::Event;

pub(crate) use answering::Answering;
pub(crate) use guarded::{Ending, fault, guarded, no_entry, panic_text, told};
pub(crate) use input::rights;
pub(crate) use interactions::Target;
pub(crate) use queue::QueueHandle;

use crate::{
    answer::Answer,
    bot::Bot,
    gateway::Pending,
    invocation::Invocation,
    prefix,
    rest::{DiscordError, code},
};

/// Hands an event to whom it concerns. Returns at once, but for a full queue.
pub(crate) async fn dispatch(bot: &Bot, event: Event, pending: &mut Pending<'_>) {
    let arrived = Instant::now();
    let event = match event {
        Event::InteractionCreate(interaction) => {
            let bot_of_task = bot.clone();
            bot.0
                .running
                .spawn(async move { interactions::handle(&bot_of_task, &interaction.0, arrived).await });
            return;
        }
        event => event,
    };
    let guild = event.guild_id();
    if guild.is_some_and(|guild| !bot.serves(guild)) {
        return;
    }
    let is_command = match &event {
        Event::MessageCreate(message) => prefix::might_be_command(bot, guild, message),
        _ => false,
    };
    let event = listeners(bot, event, guild, pending, is_command).await;
    if is_command && let Some(event) = event {
        let ticket = pending.ticket();
        let bot_of_task = bot.clone();
        bot.0.running.spawn(async move {
            let _ticket = ticket;
            if let Event::MessageCreate(message) = event.as_ref() {
                prefix::run(bot_of_task, message, arrived).await;
            }
        });
    }
}

/// Queues the event for the cogs that want it. Gives it back, shared, if `keep`.
async fn listeners(
    bot: &Bot,
    event: Event,
    guild: Option<GuildId>,
    pending: &mut Pending<'_>,
    keep: bool,
) -> Option<Arc<Event>> {
    let kind = event.kind();
    let queues: Vec<QueueHandle> = {
        let tables = bot.registry().tables();
        tables
            .listening(kind)
            .iter()
            .filter(|listening| {
                listening
                    .listeners
                    .iter()
                    .any(|listener| (listener.wants)(&event))
            })
            .map(|listening| listening.queue.clone())
            .collect()
    };
    if queues.is_empty() && !keep {
        return None;
    }
    let event = Arc::new(event);
    for queue in queues {
        queue.push(&event, guild, pending.ticket()).await;
    }
    Some(event)
}

/// Gives an answer; if Discord does not take it, the person is told by a correlation id.
pub(crate) async fn deliver(bot: &Bot, target: &Target, cx: &Invocation, answer: Answer) {
    let answering = &cx.0.answering;
    let Err(error) = answering.deliver(&answer).await else {
        return;
    };
    let (cog, what) = (target.cog, target.name);
    match &error {
        DiscordError::NotFound {
            code: code::UNKNOWN_INTERACTION | code::INVALID_WEBHOOK_TOKEN,
        } => {
            tracing::warn!(cog, what, "the answer came too late for Discord");
            return;
        }
        // The channel or message is gone, or the bot may not write there: nobody can be told, and no code is at fault.
        DiscordError::NotFound { .. } | DiscordError::Forbidden { .. } | DiscordError::ClosedDms => {
            tracing::warn!(cog, what, %error, "the answer could not be given");
            return;
        }
        _ => {}
    }
    let id = fault(
        bot,
        cog,
        what,
        cx.guild_opt(),
        &format!("the answer was not taken: {error}"),
    );
    let told = told::<()>(bot, cx.locale(), cx.guild_opt(), Ending::Fault(id));
    if let Err(answer) = told
        && let Err(error) = answering.deliver(&answer).await
    {
        tracing::warn!(cog, what, %error, "the fault could not be told either");
    }
}
