//! The connection to Discord: shards, sessions that outlive a restart, and what the gateway tells about guilds.

mod directory;
mod gauges;
mod shard;
mod warm;
mod watermark;

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use twilight_gateway::{
    Config, ConfigBuilder, EventType, EventTypeFlags, Intents, Session, ShardId, queue::InMemoryQueue,
};

pub use directory::GatewayDirectory;
pub use gauges::Gauges;
pub(crate) use watermark::{Pending, Ticket};

use crate::{bot::Bot, rest::DiscordError};

/// What the bot wants to hear of. Members and message content are privileged and must be switched on in Discord's
/// developer portal (<https://docs.discord.com/developers/events/gateway#privileged-intents>).
pub const INTENTS: Intents = Intents::GUILDS
    .union(Intents::GUILD_MEMBERS)
    .union(Intents::GUILD_MODERATION)
    .union(Intents::GUILD_MESSAGES)
    .union(Intents::GUILD_MESSAGE_REACTIONS)
    .union(Intents::GUILD_MESSAGE_TYPING)
    .union(Intents::MESSAGE_CONTENT)
    .union(Intents::DIRECT_MESSAGES);

/// Whether events of this kind are read at all; a listener for any other would never be called.
pub(crate) fn reads(kind: EventType) -> bool {
    shard::READ.contains(EventTypeFlags::from(kind))
}

/// Pause before the gateway's address is asked for again.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// Why the gateway will not work until somebody changes something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// The token is wrong.
    #[error(
        "Discord does not accept the bot's token: copy it again from the developer portal (Bot → Reset Token)"
    )]
    Token,
    /// A privileged intent is not switched on.
    #[error(
        "Discord refuses the intents: switch on \"Server Members Intent\" and \"Message Content Intent\" in the developer portal (Bot → Privileged Gateway Intents)"
    )]
    Intents,
    /// Discord wants another number of shards.
    #[error("the bot is in too many servers for its number of shards (close code {0})")]
    Shards(u16),
    /// Anything else that does not mend itself.
    #[error("Discord closed the connection for good (close code {0})")]
    Closed(u16),
}

impl GatewayError {
    /// Close codes after which a reconnect is pointless
    /// (<https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes>).
    fn from_close(code: u16) -> Option<Self> {
        match code {
            4004 => Some(Self::Token),
            4010 | 4011 => Some(Self::Shards(code)),
            4013 | 4014 => Some(Self::Intents),
            4012 => Some(Self::Closed(code)),
            _ => None,
        }
    }
}

/// Connects and serves until `stop` is cancelled. The sessions are left open on Discord's side, so that the next start
/// resumes them.
///
/// # Errors
/// [`GatewayError`] when only a person can mend it.
pub async fn run(bot: &Bot, token: &str, stop: CancellationToken) -> Result<(), GatewayError> {
    let info = loop {
        match bot.discord().gateway().await {
            Ok(info) => break info,
            Err(DiscordError::Unauthorized) => return Err(GatewayError::Token),
            Err(error) => {
                tracing::warn!(%error, "Discord does not tell where its gateway is; asking again");
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(ASK_AGAIN) => {}
                }
            }
        }
    };
    warm::account(bot).await?;
    let limit = &info.session_start_limit;
    let queue = InMemoryQueue::new(
        limit.max_concurrency,
        limit.remaining,
        Duration::from_millis(limit.reset_after),
        limit.total,
    );
    let url = info.url.trim_end_matches('/').to_owned();
    let config = ConfigBuilder::new(token.to_owned(), INTENTS)
        .proxy_url(url)
        .queue(queue)
        .build();
    let total = info.shards.max(1);
    let mut shards = tokio::task::JoinSet::new();
    for number in 0..total {
        let (config, saved) = with_session(bot, number, &config);
        let id = ShardId::new(number, total);
        shards.spawn(shard::serve(bot.clone(), id, config, saved, stop.child_token()));
    }
    while let Some(ended) = shards.join_next().await {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                stop.cancel();
                return Err(error);
            }
            // A shard's own code does not panic; if it does, the program must not go on half-deaf.
            Err(error) => {
                tracing::error!(%error, "a shard broke");
                stop.cancel();
                return Err(GatewayError::Closed(0));
            }
        }
    }
    Ok(())
}

fn with_session(
    bot: &Bot,
    number: u32,
    config: &Config<InMemoryQueue>,
) -> (
    Config<InMemoryQueue>,
    Option<hazebot_core::counters::GatewaySession>,
) {
    let builder = ConfigBuilder::from(config.clone());
    match bot.store().counters().gateway(number).saved() {
        Some(saved) => {
            let session = Session::new(saved.sequence, saved.id.clone());
            let builder = builder
                .session(session)
                .resume_url(saved.resume_url.trim_end_matches('/').to_owned());
            (builder.build(), Some(saved))
        }
        None => (builder.build(), None),
    }
}
