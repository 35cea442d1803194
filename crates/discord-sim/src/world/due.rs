//! What happens by itself once its time has come: polls end, silent threads are archived.
//!
//! Nothing waits for it in the background: whatever is due happens before the next request, act or look at
//! the clock's advance, in order of its time.

use crate::clock::Millis;
use crate::id::Id;

use super::World;

/// Milliseconds of a minute.
const MINUTE: Millis = 60_000;

/// Something with a time.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Due {
    /// A poll ends: channel and message.
    Poll(Id, Id),
    /// A thread may have been silent for long enough.
    Archive(Id),
}

impl World {
    /// Lets everything happen whose time has come.
    pub(crate) fn run_due(&mut self) {
        let now = self.now();
        while let Some((at, due)) = self.due.first().copied().filter(|(at, _)| *at <= now) {
            self.due.remove(&(at, due));
            match due {
                Due::Poll(channel, message) => self.end_poll(channel, message),
                Due::Archive(thread) => self.archive_if_silent(thread),
            }
        }
    }

    /// Looks at the thread again when it will have been silent for long enough.
    pub(super) fn expect_silence(&mut self, thread: Id) {
        if let Some(at) = self.silent_at(thread) {
            self.due.insert((at, Due::Archive(thread)));
        }
    }

    /// When the thread is archived if nobody writes any more; `None` if it is archived or gone.
    fn silent_at(&self, thread: Id) -> Option<Millis> {
        let channel = self.channels.get(&thread)?;
        let state = channel.thread.as_ref().filter(|t| !t.archived)?;
        let spoken = channel.last_message_id.map_or(0, Id::made_at);
        let minutes = i64::try_from(state.auto_archive).unwrap_or(0);
        Some(spoken.max(state.archived_at) + minutes * MINUTE)
    }

    fn archive_if_silent(&mut self, thread: Id) {
        let Some(at) = self.silent_at(thread) else { return };
        if at > self.now() {
            self.due.insert((at, Due::Archive(thread)));
            return;
        }
        if let Some(state) = self.channels.get_mut(&thread).and_then(|c| c.thread.as_mut()) {
            state.archived = true;
            state.archived_at = at;
        }
        self.emit_channel("THREAD_UPDATE", thread);
    }
}
