//! A listener's own view of the events: in order, none twice, none left out.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::sync::broadcast::{
    Receiver,
    error::{RecvError, TryRecvError},
};

use super::{Event, EventId, Events, PAGE};

/// Pause before the table is asked again after it did not answer.
const AGAIN: Duration = Duration::from_secs(1);

/// Events as they are committed. A feed that is too slow for the live channel reads the table until it is level again.
#[derive(Debug)]
pub struct EventFeed {
    events: Events,
    live: Receiver<Arc<Event>>,
    last: EventId,
    /// Read from the table and not given yet.
    page: VecDeque<Arc<Event>>,
    behind: bool,
}

impl EventFeed {
    pub(super) fn new(events: Events, live: Receiver<Arc<Event>>, last: EventId) -> Self {
        Self {
            events,
            live,
            last,
            page: VecDeque::new(),
            behind: false,
        }
    }

    pub(super) fn behind(events: Events, live: Receiver<Arc<Event>>, last: EventId) -> Self {
        Self {
            behind: true,
            ..Self::new(events, live, last)
        }
    }

    /// The id of the event that was given last.
    #[must_use]
    pub fn last(&self) -> EventId {
        self.last
    }

    /// Waits for the next event. Never ends while the feed exists; dropping the future loses nothing.
    pub async fn next(&mut self) -> Arc<Event> {
        loop {
            if let Some(event) = self.page.pop_front() {
                self.last = event.id;
                return event;
            }
            if self.behind {
                self.read_page().await;
                continue;
            }
            match self.live.recv().await {
                Ok(event) if event.id > self.last => {
                    self.last = event.id;
                    return event;
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => self.behind = true,
                // The sender lives in `events`, which this feed holds.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// The next event of those that are there already.
    pub fn try_next(&mut self) -> Option<Arc<Event>> {
        if let Some(event) = self.page.pop_front() {
            self.last = event.id;
            return Some(event);
        }
        while !self.behind {
            match self.live.try_recv() {
                Ok(event) if event.id > self.last => {
                    self.last = event.id;
                    return Some(event);
                }
                Ok(_) => {}
                Err(TryRecvError::Lagged(_)) => self.behind = true,
                Err(_) => return None,
            }
        }
        None
    }

    async fn read_page(&mut self) {
        match self.events.since(self.last, PAGE).await {
            Ok(page) => {
                // A page that is not full ends at the newest; what comes after it waits in the channel.
                self.behind = i64::try_from(page.len()).unwrap_or(PAGE) >= PAGE;
                self.page.extend(page.into_iter().map(Arc::new));
            }
            Err(error) => {
                tracing::warn!(%error, "events cannot be read");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}
