//! One shard: reads events, keeps the directory, counts messages, and hands on what cogs want.

use std::{collections::HashMap, future::poll_fn, pin::Pin, task::Poll, time::Duration};

use futures_util::Stream as _;
use hazebot_core::{
    counters::{Counter, Gateway, GatewaySession},
    ids::GuildId,
};
use tokio_util::sync::CancellationToken;
use twilight_gateway::{
    CloseFrame, Config, EventTypeFlags, MessageSender, Shard, ShardId, ShardState, StreamExt as _,
    error::{ReceiveMessageError, ReceiveMessageErrorType},
    queue::InMemoryQueue,
};
use twilight_model::{
    channel::Message,
    gateway::{
        event::Event,
        payload::{incoming::GuildCreate, outgoing::RequestGuildMembers},
    },
};
use twilight_util::snowflake::Snowflake as _;

use super::{
    GatewayError, warm,
    watermark::{Pending, Seen, Ticket, Watermark},
};
use crate::{bot::Bot, dispatch, message::text::fit};

/// Events that are read; all others are skipped unparsed.
pub(super) const READ: EventTypeFlags = EventTypeFlags::READY
    .union(EventTypeFlags::RESUMED)
    .union(EventTypeFlags::GATEWAY_INVALIDATE_SESSION)
    .union(EventTypeFlags::GATEWAY_RECONNECT)
    .union(EventTypeFlags::GATEWAY_HEARTBEAT_ACK)
    .union(EventTypeFlags::GUILD_CREATE)
    .union(EventTypeFlags::GUILD_UPDATE)
    .union(EventTypeFlags::GUILD_DELETE)
    .union(EventTypeFlags::UNAVAILABLE_GUILD)
    .union(EventTypeFlags::CHANNEL_CREATE)
    .union(EventTypeFlags::CHANNEL_UPDATE)
    .union(EventTypeFlags::CHANNEL_DELETE)
    .union(EventTypeFlags::THREAD_CREATE)
    .union(EventTypeFlags::THREAD_UPDATE)
    .union(EventTypeFlags::THREAD_DELETE)
    .union(EventTypeFlags::THREAD_LIST_SYNC)
    .union(EventTypeFlags::ROLE_CREATE)
    .union(EventTypeFlags::ROLE_UPDATE)
    .union(EventTypeFlags::ROLE_DELETE)
    .union(EventTypeFlags::MEMBER_ADD)
    .union(EventTypeFlags::MEMBER_UPDATE)
    .union(EventTypeFlags::MEMBER_REMOVE)
    .union(EventTypeFlags::MEMBER_CHUNK)
    .union(EventTypeFlags::USER_UPDATE)
    .union(EventTypeFlags::BAN_ADD)
    .union(EventTypeFlags::BAN_REMOVE)
    .union(EventTypeFlags::GUILD_AUDIT_LOG_ENTRY_CREATE)
    .union(EventTypeFlags::MESSAGE_CREATE)
    .union(EventTypeFlags::TYPING_START)
    .union(EventTypeFlags::MESSAGE_UPDATE)
    .union(EventTypeFlags::MESSAGE_DELETE)
    .union(EventTypeFlags::MESSAGE_DELETE_BULK)
    .union(EventTypeFlags::REACTION_ADD)
    .union(EventTypeFlags::REACTION_REMOVE)
    .union(EventTypeFlags::INTERACTION_CREATE);

/// A replayed interaction older than this can't be answered any more, so it is left out.
const ANSWERABLE: i64 = 3_000;
/// How long saying goodbye may take.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);
/// How much of an unreadable event is logged, in characters.
const EXCERPT: usize = 300;

struct Served {
    bot: Bot,
    number: u32,
    sender: MessageSender,
    counters: Gateway,
    watermark: Option<Watermark>,
    seen: Seen,
    /// Guilds that have arrived without all of their members: told to cogs once these are here, so that nobody's rights
    /// are guessed meanwhile.
    awaited: HashMap<GuildId, (Event, u64, Ticket)>,
    /// Between a lost connection and the end of the replay.
    replaying: bool,
    /// When this process went on with the session of an earlier one, in Unix milliseconds; 0 if it did not.
    since: i64,
}

/// Serves one shard until `stop`.
pub(super) async fn serve(
    bot: Bot,
    id: ShardId,
    config: Config<InMemoryQueue>,
    saved: Option<GatewaySession>,
    stop: CancellationToken,
) -> Result<(), GatewayError> {
    let counters = bot.store().counters().gateway(id.number());
    let watermark = saved
        .as_ref()
        .map(|saved| Watermark::new(counters.clone(), &saved.id, saved.sequence));
    if saved.is_some() {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = warm::guilds(&bot) => {}
        }
    }
    let mut shard = Shard::with_config(id, config);
    let since = saved.as_ref().map_or(0, |_| bot.clock().now_millis());
    let mut served = Served {
        bot,
        since,
        number: id.number(),
        sender: shard.sender(),
        counters,
        watermark,
        seen: Seen::default(),
        awaited: HashMap::new(),
        replaying: saved.is_some(),
    };
    loop {
        let next = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            next = shard.next_event(READ) => next,
        };
        match next {
            Some(Ok(event)) => {
                let sequence = shard.session().map_or(0, twilight_gateway::Session::sequence);
                if matches!(event, Event::GatewayHeartbeatAck) {
                    served
                        .bot
                        .gauges()
                        .set_latency(shard.latency().recent().first().copied());
                } else {
                    served.event(event, sequence).await?;
                }
            }
            Some(Err(error)) => served.trouble(&error),
            None => {
                // The stream ends only after a close that forbids reconnecting; its code has been seen before.
                return Err(GatewayError::Closed(0));
            }
        }
    }
    served.bot.gauges().set_connected(false);
    // This code leaves the session resumable; 1000 would end it.
    shard.close(CloseFrame::RESUME);
    // Only until the frame is out: read on, and the shard would connect again by itself.
    let goodbye = poll_fn(|cx| {
        loop {
            return match Pin::new(&mut shard).poll_next(cx) {
                Poll::Ready(Some(Ok(twilight_gateway::Message::Text(_)))) => continue,
                Poll::Pending if !matches!(shard.state(), ShardState::Disconnected { .. }) => Poll::Pending,
                _ => Poll::Ready(()),
            };
        }
    });
    let _ = tokio::time::timeout(CLOSE_WITHIN, goodbye).await;
    Ok(())
}

impl Served {
    fn trouble(&mut self, error: &ReceiveMessageError) {
        if let ReceiveMessageErrorType::Deserializing { event } = error.kind() {
            self.bot.gauges().count_unreadable();
            let cause = std::error::Error::source(error).map(ToString::to_string);
            tracing::error!(
                shard = self.number,
                cause,
                event = fit(event, EXCERPT),
                "an event could not be read"
            );
        } else {
            self.bot.gauges().set_connected(false);
            self.replaying = true;
            tracing::warn!(shard = self.number, %error, "the connection to the gateway is disturbed");
        }
    }

    async fn event(&mut self, event: Event, sequence: u64) -> Result<(), GatewayError> {
        match &event {
            Event::GatewayClose(frame) => return self.closed(frame.as_ref().map(|frame| frame.code)),
            Event::GatewayReconnect => {
                self.replaying = true;
                return Ok(());
            }
            Event::GatewayInvalidateSession(resumable) => {
                tracing::warn!(shard = self.number, resumable, "Discord ended the session");
                if !resumable {
                    self.counters.forget();
                    self.watermark = None;
                }
                return Ok(());
            }
            Event::Ready(ready) => {
                self.ready(ready, sequence);
                // A kill in the next moment must find the session, or what came meanwhile could not be asked for.
                self.bot.store().flush().await;
            }
            Event::Resumed => {
                self.bot.gauges().count_resume();
                self.bot.gauges().set_connected(true);
                self.replaying = false;
                tracing::info!(shard = self.number, "the session is resumed");
                // The request may have been lost with the connection; answers that come twice do no harm.
                for guild in self.awaited.keys() {
                    self.ask_for_members(*guild);
                }
                self.check_home();
            }
            _ => {}
        }
        self.bot.gauges().count_event();
        self.bot.0.services.directory.update(&event);
        let mut arrived = None;
        match &event {
            Event::GuildCreate(guild) if self.bot.serves(guild.id()) => {
                if self.asks_for_members(guild) {
                    self.wait_for_members(guild.id(), event, sequence);
                    return Ok(());
                }
                self.check_home();
            }
            Event::GuildDelete(guild) => {
                // Nobody will tell its members; a restart need not begin before it.
                self.awaited.remove(&guild.id);
            }
            Event::MemberChunk(chunk) if chunk.chunk_index.saturating_add(1) >= chunk.chunk_count => {
                if chunk.guild_id == self.bot.home() {
                    self.check_home();
                }
                arrived = self.awaited.remove(&chunk.guild_id);
            }
            _ => {}
        }
        if self.is_new(&event) {
            self.hand_on(event, sequence).await;
        }
        if let Some((guild, sequence, _held)) = arrived {
            self.hand_on(guild, sequence).await;
        }
        if let Some(watermark) = &self.watermark {
            watermark.passed(sequence);
        }
        Ok(())
    }

    fn closed(&mut self, code: Option<u16>) -> Result<(), GatewayError> {
        self.bot.gauges().set_connected(false);
        self.replaying = true;
        match code.and_then(GatewayError::from_close) {
            Some(error) => Err(error),
            None => {
                tracing::info!(
                    shard = self.number,
                    code,
                    "the gateway closed the connection; connecting again"
                );
                Ok(())
            }
        }
    }

    fn ready(&mut self, ready: &twilight_model::gateway::payload::incoming::Ready, sequence: u64) {
        let bot = &self.bot;
        bot.gauges().count_session();
        bot.gauges().set_connected(true);
        bot.discord().set_application(ready.application.id);
        bot.0.services.directory.set_me(ready.user.id);
        self.replaying = false;
        self.awaited.clear();
        for guild in &ready.guilds {
            bot.0.services.directory.forget(guild.id);
        }
        self.counters
            .session(&ready.session_id, &ready.resume_gateway_url);
        let same = self
            .watermark
            .as_ref()
            .is_some_and(|watermark| watermark.session() == ready.session_id);
        if !same {
            self.watermark = Some(Watermark::new(self.counters.clone(), &ready.session_id, sequence));
        }
        if self.number == 0 && ready.guilds.iter().all(|guild| guild.id != bot.home()) {
            let home = bot.home().get();
            tracing::error!(
                home,
                "the bot is not in its home server (DISCORD_GUILD_ID); invite it there"
            );
        }
        tracing::info!(shard = self.number, bot = %ready.user.name, guilds = ready.guilds.len(), "connected to Discord");
    }

    /// Asks for the members of a guild that came without all of them; `false` if they are here, or can't be asked for.
    fn asks_for_members(&self, guild: &GuildCreate) -> bool {
        let GuildCreate::Available(guild) = guild else {
            return false;
        };
        if (guild.members.len() as u64) >= guild.member_count.unwrap_or_default() {
            return false;
        }
        self.ask_for_members(guild.id)
    }

    /// `false` if they can't be asked for.
    fn ask_for_members(&self, guild: GuildId) -> bool {
        let request = RequestGuildMembers::builder(guild).query("", None);
        match self.sender.command(&request) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(shard = self.number, %error, "the members could not be asked for");
                false
            }
        }
    }

    fn wait_for_members(&mut self, guild: GuildId, event: Event, sequence: u64) {
        if let Some(watermark) = &self.watermark {
            let ticket = Pending { watermark, sequence }.ticket();
            watermark.passed(sequence);
            self.awaited.insert(guild, (event, sequence, ticket));
        }
    }

    fn check_home(&self) {
        if self.bot.directory().knows(self.bot.home()) {
            self.bot.gauges().set_ready();
        }
    }

    /// Whether the event is to be handed on: not a double, not an interaction that nobody waits for any more.
    fn is_new(&mut self, event: &Event) -> bool {
        let id = match event {
            Event::MessageCreate(message) => message.id.get(),
            Event::InteractionCreate(interaction) => {
                let made = interaction.id.timestamp();
                let age = self.bot.clock().now_millis() - made;
                // The process before this one may have been killed after it had carried this out: twice would be worse
                // than not at all, and nobody waits any more. A wrong clock costs no more than these seconds.
                let earlier = (self.since.saturating_sub(ANSWERABLE)..self.since).contains(&made);
                if earlier || (self.replaying && age > ANSWERABLE) {
                    tracing::info!(interaction = %interaction.id, age, "a replayed interaction is left out");
                    return false;
                }
                interaction.id.get()
            }
            _ => return true,
        };
        let first = self.seen.first(id);
        if !first {
            self.bot.gauges().count_double();
        }
        first
    }

    async fn hand_on(&mut self, event: Event, sequence: u64) {
        if let Event::MessageCreate(message) = &event
            && let Some(guild) = message.guild_id
            && self.bot.serves(guild)
        {
            count(&self.counters, sequence, guild, message);
        }
        let Some(watermark) = &self.watermark else {
            // Before READY nothing arrives that anybody wants.
            return;
        };
        let mut pending = Pending { watermark, sequence };
        dispatch::dispatch(&self.bot, event, &mut pending).await;
    }
}

/// Counts a message of a person, and the pictures in it.
fn count(counters: &Gateway, sequence: u64, guild: GuildId, message: &Message) {
    if message.author.bot || message.webhook_id.is_some() {
        return;
    }
    let is_picture = |kind: &Option<String>| kind.as_deref().is_some_and(|kind| kind.starts_with("image/"));
    let pictures = message
        .attachments
        .iter()
        .filter(|attachment| is_picture(&attachment.content_type))
        .count();
    let pictures = i64::try_from(pictures).unwrap_or(0);
    let counts = [(Counter::Messages, 1), (Counter::Images, pictures)];
    let kinds = if pictures > 0 { 2 } else { 1 };
    counters.count_many(
        sequence,
        guild,
        message.author.id,
        counts.get(..kinds).unwrap_or_default(),
    );
}
