//! The queue of events of one cog: in order, one at a time, nothing lost while the cog is reloaded.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use hazebot_core::{
    gate::{Gate, NoEntry},
    ids::GuildId,
};
use tokio::sync::mpsc;
use twilight_model::gateway::event::Event;

use super::guarded::{fault, guarded};
use crate::{
    bot::{Bot, Inner},
    gateway::Ticket,
    listener::Heard,
};

/// Events that wait for one cog. At ten messages a second that is nearly seven minutes; an event is a shared pointer.
const QUEUE: usize = 4096;
/// How long a listener may take for one event before it is given up: longer than any call to Discord with its
/// repetitions.
const LISTENER_LIMIT: Duration = Duration::from_secs(60);
/// A wait for room in a queue is logged when it takes longer.
const SLOW: Duration = Duration::from_secs(1);

struct Queued {
    event: Arc<Event>,
    guild: Option<GuildId>,
    /// Held until the event's effects are stored, so that a restart resumes before it.
    _ticket: Ticket,
}

/// Puts events into the queue of a cog. Cheap to clone; the queue ends with the last handle.
#[derive(Clone)]
pub(crate) struct QueueHandle {
    cog: &'static str,
    sender: mpsc::Sender<Queued>,
}

impl QueueHandle {
    /// Begins a queue with its worker.
    pub(crate) fn begin(bot: &Bot, cog: &'static str, gate: Gate) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(work(Arc::downgrade(&bot.0), cog, gate, receiver));
        Self { cog, sender }
    }

    /// A queue that nobody works through.
    #[cfg(test)]
    pub(crate) fn unheard(cog: &'static str) -> Self {
        Self {
            cog,
            sender: mpsc::channel(1).0,
        }
    }

    pub(crate) fn cog(&self) -> &'static str {
        self.cog
    }

    /// Queues an event. When the queue is full this waits, which slows the gateway down: Discord keeps what is unread,
    /// and a resume brings it, so nothing is lost.
    pub(crate) async fn push(&self, event: &Arc<Event>, guild: Option<GuildId>, ticket: Ticket) {
        let queued = Queued {
            event: Arc::clone(event),
            guild,
            _ticket: ticket,
        };
        let queued = match self.sender.try_send(queued) {
            Ok(()) => return,
            Err(mpsc::error::TrySendError::Full(queued)) => queued,
            // The worker ends only with the program.
            Err(mpsc::error::TrySendError::Closed(_)) => return,
        };
        let send = self.sender.send(queued);
        tokio::pin!(send);
        if tokio::time::timeout(SLOW, &mut send).await.is_err() {
            tracing::warn!(
                cog = self.cog,
                "the cog is behind with its events; the gateway waits for it"
            );
            let _ = send.await;
        }
    }
}

async fn work(bot: Weak<Inner>, cog: &'static str, gate: Gate, mut queue: mpsc::Receiver<Queued>) {
    while let Some(queued) = queue.recv().await {
        let pass = loop {
            match gate.enter().await {
                Ok(pass) => break Some(pass),
                Err(NoEntry::Shut) => break None,
                // A reload that takes its time: the event waits, as do those behind it.
                Err(NoEntry::Busy) => {}
            }
        };
        let Some(bot) = bot.upgrade().map(Bot) else { return };
        let Some(_pass) = pass else {
            if bot.0.running.is_closed() {
                // The program ends, nobody heard of it: the ticket stays, so that the next start asks for it again.
                std::mem::forget(queued);
            }
            continue;
        };
        // The tables of now: a reload may have changed the listeners since the event was queued.
        let listeners = bot.registry().tables().wanting(cog, &queued.event);
        for listener in listeners {
            let heard = Heard {
                bot: bot.clone(),
                guild: queued.guild,
                event: Arc::clone(&queued.event),
            };
            let kind = queued.event.kind().name().unwrap_or("event");
            let run = guarded(&bot, cog, kind, queued.guild, (listener.run)(heard));
            match tokio::time::timeout(LISTENER_LIMIT, run).await {
                // A refusal has nobody to be told to.
                Ok(super::guarded::Ending::Refused(refusal)) => {
                    tracing::debug!(cog, kind, %refusal, "a listener refused an event");
                }
                Ok(_) => {}
                Err(_) => {
                    fault(
                        &bot,
                        cog,
                        kind,
                        queued.guild,
                        "a listener took too long and was given up",
                    );
                }
            }
        }
    }
}
