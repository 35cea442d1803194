//! What waits for the log channel: bounded, repeats merged, and what is lost is counted and told.

use std::collections::VecDeque;

use super::line::{BLOCK_CHARACTERS, Entry};

/// Entries that wait; at the usual few hundred bytes each this stays well below one megabyte.
pub const CAPACITY: usize = 1_000;

/// Blocks (one message each) of one batch: Discord lets a bot send about five messages in five seconds to a channel
/// and holds the rest up, so ten every five seconds is already more than a quiet server ever needs.
pub const BLOCKS: usize = 10;

/// The entries that wait.
#[derive(Debug)]
pub struct Queue {
    entries: VecDeque<Entry>,
    capacity: usize,
    dropped: u64,
}

/// What goes out together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The insides of the code blocks.
    pub blocks: Vec<String>,
    /// How many entries were lost before these because the queue was full.
    pub dropped: u64,
}

impl Default for Queue {
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

impl Queue {
    /// A queue for at most `capacity` entries.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            capacity: capacity.max(1),
            dropped: 0,
        }
    }

    /// Adds an entry; the oldest one goes if there is no room.
    pub fn push(&mut self, entry: Entry) {
        if let Some(last) = self.entries.back_mut()
            && last.repeats(&entry)
        {
            last.times = last.times.saturating_add(entry.times);
            return;
        }
        if self.entries.len() >= self.capacity
            && let Some(lost) = self.entries.pop_front()
        {
            self.dropped = self.dropped.saturating_add(lost.times);
        }
        self.entries.push_back(entry);
    }

    /// Counts entries that never got here.
    pub fn lost(&mut self, entries: u64) {
        self.dropped = self.dropped.saturating_add(entries);
    }

    /// Forgets all that waits, as when the channel is switched off.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.dropped = 0;
    }

    /// How many entries wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes as many entries, oldest first, as fit into [`BLOCKS`] blocks.
    pub fn take(&mut self) -> Batch {
        let mut batch = Batch {
            blocks: Vec::new(),
            dropped: std::mem::take(&mut self.dropped),
        };
        let mut room = 0;
        while let Some(entry) = self.entries.front() {
            let lines = entry.lines();
            let mut trial = room;
            let mut needed = 0;
            for line in &lines {
                let length = line.chars().count();
                if length + 1 > trial {
                    needed += 1;
                    trial = BLOCK_CHARACTERS;
                }
                trial = trial.saturating_sub(length + 1);
            }
            if batch.blocks.len() + needed > BLOCKS {
                break;
            }
            for line in lines {
                append(&mut batch.blocks, &mut room, &line);
            }
            self.entries.pop_front();
        }
        batch
    }
}

/// Adds a line to the last block, or to a new one if it does not fit.
fn append(blocks: &mut Vec<String>, room: &mut usize, line: &str) {
    let length = line.chars().count();
    match blocks.last_mut() {
        Some(block) if length < *room => {
            block.push('\n');
            block.push_str(line);
        }
        _ => {
            blocks.push(line.to_owned());
            *room = BLOCK_CHARACTERS;
        }
    }
    *room = room.saturating_sub(length + 1);
}

/// The message of a block.
#[must_use]
pub fn fenced(block: &str) -> String {
    format!("```ansi\n{block}\n```")
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use hazebot_core::logs::LogLevel;

    use super::*;

    fn entry(text: &str) -> Entry {
        Entry {
            time: "00:00:00".into(),
            level: LogLevel::Warning,
            text: text.into(),
            times: 1,
        }
    }

    #[test]
    fn repeats_become_one_line() {
        let mut queue = Queue::default();
        for _ in 0..12 {
            queue.push(entry("the same"));
        }
        let batch = queue.take();
        assert_eq!(batch.blocks.len(), 1);
        assert!(batch.blocks[0].ends_with("the same (×12)"));
        assert!(queue.is_empty());
    }

    #[test]
    fn a_full_queue_loses_the_oldest_and_says_how_many() {
        let mut queue = Queue::new(3);
        for number in 0..5 {
            queue.push(entry(&number.to_string()));
        }
        let batch = queue.take();
        assert_eq!(batch.dropped, 2);
        assert!(batch.blocks[0].contains("│ 2") && batch.blocks[0].contains("│ 4"));
        assert_eq!(queue.take(), Batch::default());
    }

    #[test]
    fn a_batch_holds_at_most_ten_blocks_and_the_rest_waits_in_order() {
        let mut queue = Queue::default();
        for number in 0..100 {
            queue.push(entry(&format!("{number} {}", "x".repeat(600))));
        }
        let mut seen = Vec::new();
        while !queue.is_empty() {
            let batch = queue.take();
            assert!((1..=BLOCKS).contains(&batch.blocks.len()));
            for block in &batch.blocks {
                assert!(
                    block.chars().count() <= BLOCK_CHARACTERS,
                    "{}",
                    block.chars().count()
                );
                assert!(fenced(block).chars().count() <= 2_000);
                for line in block.lines() {
                    let number = line.split("│ ").nth(1).unwrap().split(' ').next().unwrap();
                    seen.push(number.parse::<u32>().unwrap());
                }
            }
        }
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn an_entry_of_several_lines_is_never_cut_between_two_batches() {
        let mut queue = Queue::default();
        for number in 0..4 {
            queue.push(entry(&format!("{number}{}", "y".repeat(50_000))));
        }
        let first = queue.take();
        assert_eq!(first.blocks.len(), 8);
        assert_eq!(queue.len(), 2);
    }
}
