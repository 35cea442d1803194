//! Writes the events of a change at its end.

use std::sync::Arc;

use super::{Event, EventId, NewEvent};
use crate::{
    failure::{Failure, Outcome},
    ids::Snowflake,
    store::{Conn, EVENT_LOCK, EVENTS_CHANNEL, JOBS_CHANNEL, Tx},
};

impl Tx<'_> {
    /// Inserts what was noted, in order, and keeps it for the time after the commit.
    pub(crate) async fn write_events(&mut self) -> Outcome<()> {
        let events = std::mem::take(&mut self.new_events);
        if matches!(self.connection(), Conn::Postgres(_)) {
            if self.effects.jobs {
                crate::execute!(self, "SELECT pg_notify($1, '')", JOBS_CHANNEL)?;
            }
            if !events.is_empty() {
                crate::execute!(self, "SELECT pg_advisory_xact_lock($1)", EVENT_LOCK)?;
                crate::execute!(self, "SELECT pg_notify($1, '')", EVENTS_CHANNEL)?;
            }
        }
        for event in events {
            let stored = self.write_event(event).await?;
            self.effects.events.push(Arc::new(stored));
        }
        Ok(())
    }

    async fn write_event(&mut self, event: NewEvent) -> Outcome<Event> {
        let at = self.now();
        let json = |error: serde_json::Error| Failure::internal(format!("event: {error}"));
        let actor = serde_json::to_string(&event.actor).map_err(json)?;
        let payload = serde_json::to_string(&event.payload).map_err(json)?;
        let id = crate::fetch_scalar!(
            self,
            i64,
            "INSERT INTO events (at, guild_id, kind, subject, actor, payload) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            at.timestamp_millis(),
            event.guild.map_or(0, Snowflake::to_i64),
            &*event.kind,
            event.subject.as_deref(),
            &*actor,
            &*payload
        )?;
        let NewEvent {
            kind,
            guild,
            subject,
            actor,
            payload,
        } = event;
        // What the clock gives beyond milliseconds is not stored, so it is not told either.
        let at = crate::clock::from_millis(at.timestamp_millis());
        Ok(Event {
            id: EventId(id),
            at,
            guild,
            kind: kind.into_owned(),
            subject,
            actor,
            payload,
        })
    }
}
