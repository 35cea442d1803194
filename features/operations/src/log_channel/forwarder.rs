//! Carries the queue to the channel: in batches, each block once, later and later while the channel does not take them.

use std::{collections::VecDeque, future::Future, time::Duration};

use tokio::time::Instant;

use super::{
    line::Entry,
    queue::{Queue, fenced},
};

/// Where its own lines come from; they never go to the channel.
pub(super) const TARGET: &str = module_path!();
/// Longest wait: a permission that somebody gives back is noticed within this time.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Why a block did not arrive.
#[derive(Debug)]
pub enum NotSent {
    /// It may arrive later: Discord is away, or the channel is missing or closed to the bot.
    Later(String),
    /// It never will.
    Never(String),
}

/// Where blocks go.
pub trait Sink {
    /// Sends a message once: the mark is the same if it is tried again.
    fn send(&self, text: &str, mark: &str) -> impl Future<Output = Result<(), NotSent>> + Send;
    /// A new mark.
    fn mark(&self) -> String;
}

/// A message under way.
#[derive(Debug)]
struct Outgoing {
    text: String,
    mark: String,
}

/// What waits and how the channel does.
#[derive(Debug)]
pub struct Forwarder {
    first_wait: Duration,
    queue: Queue,
    outgoing: VecDeque<Outgoing>,
    failures: u32,
    not_before: Option<Instant>,
}

impl Forwarder {
    /// With the first wait after the channel refused a block; it doubles each time.
    #[must_use]
    pub fn new(first_wait: Duration) -> Self {
        Self {
            first_wait,
            queue: Queue::default(),
            outgoing: VecDeque::new(),
            failures: 0,
            not_before: None,
        }
    }

    /// Takes an entry.
    pub fn push(&mut self, entry: Entry) {
        self.queue.push(entry);
    }

    /// Counts entries that were lost on the way here.
    pub fn lost(&mut self, entries: u64) {
        self.queue.lost(entries);
    }

    /// Forgets everything: the channel is switched off.
    pub fn clear(&mut self) {
        self.queue.clear();
        self.outgoing.clear();
        self.failures = 0;
        self.not_before = None;
    }

    /// Sends a batch, or what is left of the one before.
    pub async fn flush(&mut self, sink: &(impl Sink + Sync), now: Instant) {
        if self.not_before.is_some_and(|moment| now < moment) {
            return;
        }
        if self.outgoing.is_empty() {
            self.fill(sink);
        }
        while let Some(next) = self.outgoing.front() {
            match sink.send(&next.text, &next.mark).await {
                Ok(()) => self.delivered(),
                Err(NotSent::Never(cause)) => {
                    tracing::warn!(cog = super::NAME, %cause, "a block of log lines was refused and is left out");
                    self.outgoing.pop_front();
                }
                Err(NotSent::Later(cause)) => return self.wait(now, &cause),
            }
        }
    }

    fn fill(&mut self, sink: &impl Sink) {
        let batch = self.queue.take();
        let mut lost = batch.dropped;
        for block in batch.blocks {
            let note = if lost > 0 {
                format!("⚠️ {lost} log lines were left out here.\n")
            } else {
                String::new()
            };
            lost = 0;
            self.outgoing.push_back(Outgoing {
                text: note + &fenced(&block),
                mark: sink.mark(),
            });
        }
        self.queue.lost(lost);
    }

    fn delivered(&mut self) {
        self.outgoing.pop_front();
        if std::mem::take(&mut self.failures) > 0 {
            tracing::info!(cog = super::NAME, "the log channel takes lines again");
        }
        self.not_before = None;
    }

    fn wait(&mut self, now: Instant, cause: &str) {
        let wait = self
            .first_wait
            .saturating_mul(1 << self.failures.min(10))
            .min(LONGEST_WAIT);
        if self.failures == 0 {
            tracing::warn!(cog = super::NAME, %cause, "the log channel takes no lines; trying again later");
        }
        self.failures = self.failures.saturating_add(1);
        self.not_before = Some(now + wait);
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use hazebot_core::logs::LogLevel;
    use parking_lot::Mutex;

    use super::*;

    #[derive(Default)]
    struct Channel {
        took: Mutex<Vec<(String, String)>>,
        tries: AtomicU32,
        closed_after: Mutex<Option<usize>>,
        refuses: bool,
        marks: AtomicU32,
    }

    impl Sink for Channel {
        async fn send(&self, text: &str, mark: &str) -> Result<(), NotSent> {
            self.tries.fetch_add(1, Ordering::Relaxed);
            if self.refuses {
                return Err(NotSent::Never("refused".to_owned()));
            }
            if self
                .closed_after
                .lock()
                .is_some_and(|limit| self.took.lock().len() >= limit)
            {
                return Err(NotSent::Later("closed".to_owned()));
            }
            self.took.lock().push((text.to_owned(), mark.to_owned()));
            Ok(())
        }

        fn mark(&self) -> String {
            self.marks.fetch_add(1, Ordering::Relaxed).to_string()
        }
    }

    fn entry(text: &str) -> Entry {
        Entry {
            time: "00:00:00".into(),
            level: LogLevel::Info,
            text: text.into(),
            times: 1,
        }
    }

    #[tokio::test]
    async fn a_batch_arrives_once() {
        let (channel, mut forwarder) = (Channel::default(), Forwarder::new(Duration::from_secs(5)));
        forwarder.push(entry("one"));
        forwarder.push(entry("two"));
        let now = Instant::now();
        forwarder.flush(&channel, now).await;
        forwarder.flush(&channel, now).await;
        let took = channel.took.lock();
        assert_eq!(took.len(), 1);
        assert!(took[0].0.starts_with("```ansi\n") && took[0].0.contains("one") && took[0].0.contains("two"));
    }

    #[tokio::test]
    async fn a_channel_that_fails_is_left_alone_longer_each_time_and_gets_each_block_once() {
        let (channel, mut forwarder) = (Channel::default(), Forwarder::new(Duration::from_secs(5)));
        *channel.closed_after.lock() = Some(2);
        for number in 0..5 {
            forwarder.push(entry(&format!("{number} {}", "x".repeat(1_600))));
        }
        let start = Instant::now();
        forwarder.flush(&channel, start).await;
        assert_eq!(channel.took.lock().len(), 2);
        let tries = channel.tries.load(Ordering::Relaxed);
        forwarder.flush(&channel, start + Duration::from_secs(4)).await;
        assert_eq!(channel.tries.load(Ordering::Relaxed), tries, "still waiting");
        forwarder.flush(&channel, start + Duration::from_secs(5)).await;
        forwarder.flush(&channel, start + Duration::from_secs(14)).await;
        assert_eq!(
            channel.tries.load(Ordering::Relaxed),
            tries + 1,
            "the second wait is twice as long"
        );
        *channel.closed_after.lock() = None;
        forwarder.flush(&channel, start + Duration::from_secs(15)).await;
        let took = channel.took.lock();
        let numbers: Vec<&str> = took
            .iter()
            .map(|(text, _)| text.split("│ ").nth(1).unwrap().split(' ').next().unwrap())
            .collect();
        assert_eq!(numbers, ["0", "1", "2", "3", "4"]);
        let marks: std::collections::HashSet<&String> = took.iter().map(|(_, mark)| mark).collect();
        assert_eq!(marks.len(), 5);
    }

    #[tokio::test]
    async fn a_block_that_is_never_taken_holds_nothing_up() {
        let (channel, mut forwarder) = (
            Channel {
                refuses: true,
                ..Channel::default()
            },
            Forwarder::new(Duration::from_secs(5)),
        );
        forwarder.push(entry("bad"));
        forwarder.flush(&channel, Instant::now()).await;
        forwarder.flush(&channel, Instant::now()).await;
        assert_eq!(channel.tries.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_was_lost_is_told_in_the_next_block() {
        let (channel, mut forwarder) = (Channel::default(), Forwarder::new(Duration::from_secs(5)));
        forwarder.lost(7);
        forwarder.flush(&channel, Instant::now()).await;
        assert!(channel.took.lock().is_empty(), "nothing but a loss sends nothing");
        forwarder.push(entry("next"));
        forwarder.flush(&channel, Instant::now()).await;
        assert!(
            channel.took.lock()[0]
                .0
                .starts_with("⚠️ 7 log lines were left out")
        );
    }
}
