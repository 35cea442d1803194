//! Events: facts that actions wrote, with ids that only grow. A feed gives them live and leaves none out; whoever was
//! away asks for what came since the last id it saw.

mod feed;
mod write;

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::{Mutex, broadcast};

pub use self::feed::EventFeed;
use crate::{
    actor::Actor,
    clock::{Timestamp, from_millis},
    failure::{Failure, Outcome},
    ids::{GuildId, Snowflake},
    store::ReadPool,
};

/// Longest payload as JSON, in bytes: above a Discord message with embeds (about 30 kB); what is larger is read from its
/// own table by the id in the payload.
pub const MAX_PAYLOAD: usize = 64 * 1_024;
/// Events in memory that a slow feed may lag behind (a few hundred kB as a rule); beyond it reads the table.
const LIVE: usize = 512;
/// Most events that [`Events::since`] gives at once.
pub const PAGE: i64 = 500;

/// The id of an event. Greater is later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventId(pub i64);

/// An event that an action is about to write.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// What happened, `ticket.claimed`.
    pub kind: Cow<'static, str>,
    /// The guild it belongs to; `None` for the installation.
    pub guild: Option<GuildId>,
    /// The thing it is about, for example a ticket's id.
    pub subject: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// Whatever listeners need, as a JSON object.
    pub payload: Value,
}

impl NewEvent {
    /// An event by the system, without guild, subject and payload.
    pub fn new(kind: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: kind.into(),
            guild: None,
            subject: None,
            actor: Actor::System,
            payload: Value::Null,
        }
    }

    /// Sets the guild.
    #[must_use]
    pub fn guild(mut self, guild: GuildId) -> Self {
        self.guild = Some(guild);
        self
    }

    /// Sets the thing that it is about.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Sets who did it.
    #[must_use]
    pub fn actor(mut self, actor: &Actor) -> Self {
        self.actor = actor.clone();
        self
    }

    /// Sets the payload.
    #[must_use]
    pub fn payload(mut self, payload: Value) -> Self {
        self.payload = payload;
        self
    }

    /// Whether the payload is short enough.
    pub(crate) fn check(&self) -> Outcome<()> {
        if self.payload.to_string().len() > MAX_PAYLOAD {
            return Err(Failure::internal(format!(
                "the payload of an event {} is too long",
                self.kind
            )));
        }
        Ok(())
    }
}

/// A stored event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its place in the order.
    pub id: EventId,
    /// When the change was made.
    pub at: Timestamp,
    /// The guild it belongs to; `None` for the installation.
    pub guild: Option<GuildId>,
    /// What happened.
    pub kind: String,
    /// The thing it is about.
    pub subject: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// Whatever listeners need.
    pub payload: Value,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: i64,
    guild_id: i64,
    kind: String,
    subject: Option<String>,
    actor: String,
    payload: String,
}

impl From<Row> for Event {
    fn from(row: Row) -> Self {
        Self {
            id: EventId(row.id),
            at: from_millis(row.at),
            guild: GuildId::from_i64(row.guild_id),
            kind: row.kind,
            subject: row.subject,
            // The program itself wrote both; a row of another build that can't be read is no reason to stop the feed.
            actor: serde_json::from_str(&row.actor).unwrap_or(Actor::System),
            payload: serde_json::from_str(&row.payload).unwrap_or_default(),
        }
    }
}

/// The way to events. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Events(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    live: broadcast::Sender<Arc<Event>>,
    /// Highest id that was handed on.
    latest: AtomicI64,
    /// One hands on at a time, so that the order holds.
    turn: Mutex<()>,
    pool: ReadPool,
}

impl Events {
    pub(crate) async fn open(pool: ReadPool) -> Result<Self, sqlx::Error> {
        let latest = {
            let mut reader = pool.get().await?;
            crate::fetch_scalar!(reader, Option<i64>, "SELECT MAX(id) FROM events")?.unwrap_or_default()
        };
        let (live, _) = broadcast::channel(LIVE);
        let latest = AtomicI64::new(latest);
        Ok(Self(Arc::new(Shared {
            live,
            latest,
            turn: Mutex::new(()),
            pool,
        })))
    }

    /// The newest event that was handed on; 0 before the first.
    #[must_use]
    pub fn latest(&self) -> EventId {
        EventId(self.0.latest.load(Ordering::Acquire))
    }

    /// All events from now on.
    #[must_use]
    pub fn subscribe(&self) -> EventFeed {
        // First the channel, then the id: an event between the two comes twice and is dropped by its id.
        let live = self.0.live.subscribe();
        EventFeed::new(self.clone(), live, self.latest())
    }

    /// All events after `id`, stored ones first.
    #[must_use]
    pub fn subscribe_since(&self, id: EventId) -> EventFeed {
        let live = self.0.live.subscribe();
        EventFeed::behind(self.clone(), live, id)
    }

    /// Stored events after `id`, oldest first, [`PAGE`] at most.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn since(&self, id: EventId, limit: i64) -> Outcome<Vec<Event>> {
        let mut reader = self.0.pool.get().await?;
        let rows = crate::fetch_all!(
            reader,
            Row,
            "SELECT id, at, guild_id, kind, subject, actor, payload FROM events WHERE id > $1 ORDER BY id LIMIT $2",
            id.0,
            limit.clamp(1, PAGE)
        )?;
        Ok(rows.into_iter().map(Event::from).collect())
    }

    /// Stored events about one thing after `id`, oldest first, [`PAGE`] at most. Of `guild` only: another guild's
    /// subject gives nothing.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn about(&self, guild: GuildId, subject: &str, id: EventId, limit: i64) -> Outcome<Vec<Event>> {
        let mut reader = self.0.pool.get().await?;
        let rows = crate::fetch_all!(
            reader,
            Row,
            "SELECT id, at, guild_id, kind, subject, actor, payload FROM events WHERE subject = $1 AND guild_id = $2 AND id > $3 ORDER BY id LIMIT $4",
            subject,
            guild.to_i64(),
            id.0,
            limit.clamp(1, PAGE)
        )?;
        Ok(rows.into_iter().map(Event::from).collect())
    }

    /// Hands on committed events of this process. Their ids follow one another, as they were given under a lock; if
    /// there is a gap before them (another process, another change, an id that was given back), the table is read.
    pub(crate) async fn publish(&self, events: Vec<Arc<Event>>) {
        let Some(first) = events.first() else { return };
        if first.id.0 > self.latest().0 + 1
            && let Err(error) = self.catch_up().await
        {
            tracing::warn!(%error, "events of another process were left out of the live feed");
        }
        let _turn = self.0.turn.lock().await;
        for event in events {
            self.hand_on(event);
        }
    }

    /// Hands on all that is in the table and was not handed on.
    pub(crate) async fn catch_up(&self) -> Outcome<()> {
        let _turn = self.0.turn.lock().await;
        loop {
            let page = self.since(self.latest(), PAGE).await?;
            if page.is_empty() {
                return Ok(());
            }
            for event in page {
                self.hand_on(Arc::new(event));
            }
        }
    }

    fn hand_on(&self, event: Arc<Event>) {
        if event.id > self.latest() {
            self.0.latest.store(event.id.0, Ordering::Release);
            // Without listeners there is nobody to tell.
            let _ = self.0.live.send(event);
        }
    }
}
