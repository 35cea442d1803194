//! Listeners: what a cog does when something happens in a guild.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use hazebot_core::{Outcome, ids::GuildId};
use twilight_model::gateway::{
    event::{Event, EventType},
    payload::incoming::{MessageCreate, MessageDelete, MessageUpdate},
};

use crate::bot::Bot;

type Filter = Arc<dyn Fn(&Event) -> bool + Send + Sync>;
type Run = Arc<dyn Fn(Heard) -> BoxFuture<'static, Outcome<()>> + Send + Sync>;

/// What was heard.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The shared services.
    pub bot: Bot,
    /// The guild that it happened in; `None` in direct messages.
    pub guild: Option<GuildId>,
    /// What happened. A replayed event looks like any other: recognise it by the ids in it.
    pub event: Arc<Event>,
}

impl Heard {
    /// The new message, if it is one.
    #[must_use]
    pub fn message(&self) -> Option<&MessageCreate> {
        match self.event.as_ref() {
            Event::MessageCreate(message) => Some(message),
            _ => None,
        }
    }

    /// The edited message, if it is one.
    #[must_use]
    pub fn edited(&self) -> Option<&MessageUpdate> {
        match self.event.as_ref() {
            Event::MessageUpdate(message) => Some(message),
            _ => None,
        }
    }

    /// The deleted message, if it is one.
    #[must_use]
    pub fn deleted(&self) -> Option<&MessageDelete> {
        match self.event.as_ref() {
            Event::MessageDelete(message) => Some(message),
            _ => None,
        }
    }
}

/// Reacts to a kind of event. Each cog gets its events one after the other, in the order in which they happened.
#[derive(Clone)]
pub struct Listener {
    pub(crate) kind: EventType,
    pub(crate) wants: Filter,
    pub(crate) run: Run,
}

impl Listener {
    /// Reacts to all events of a kind. [`ListenerFilter::when`] narrows it.
    pub fn on(kind: EventType) -> ListenerFilter {
        ListenerFilter {
            kind,
            wants: Arc::new(|_| true),
        }
    }

    /// Reacts to new messages of people (not of bots) that the filter wants. The filter runs for each message of the
    /// guild, on the gateway's task: a comparison or a look into a small set, nothing else.
    pub fn messages(wants: impl Fn(&MessageCreate) -> bool + Send + Sync + 'static) -> ListenerFilter {
        let wants: Filter = Arc::new(move |event| match event {
            Event::MessageCreate(message) => {
                !message.author.bot && message.webhook_id.is_none() && wants(message)
            }
            _ => false,
        });
        ListenerFilter {
            kind: EventType::MessageCreate,
            wants,
        }
    }
}

/// A listener that is not told yet what to do.
#[must_use = "a listener does nothing until it is told what to do with `run`"]
pub struct ListenerFilter {
    kind: EventType,
    wants: Filter,
}

impl ListenerFilter {
    /// Only what the filter wants; it runs on the gateway's task, so it only compares.
    pub fn when(self, wants: impl Fn(&Event) -> bool + Send + Sync + 'static) -> Self {
        let before = self.wants;
        Self {
            kind: self.kind,
            wants: Arc::new(move |event| before(event) && wants(event)),
        }
    }

    /// What it does.
    pub fn run<F, R>(self, run: F) -> Listener
    where
        F: Fn(Heard) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome<()>> + Send + 'static,
    {
        Listener {
            kind: self.kind,
            wants: self.wants,
            run: Arc::new(move |heard| Box::pin(run(heard))),
        }
    }
}
