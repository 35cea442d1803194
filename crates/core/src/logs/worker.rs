//! The thread that writes lines to console and files, so that no task waits for a terminal or a disk.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
};

use super::{LogError, LogOptions, console::Console, files::Files, line::LogLine};

/// Lines that wait for the disk; beyond that they are dropped from console and files (the view still has them).
const WAITING_LINES: usize = 2_048;

enum Message {
    Line(Arc<LogLine>),
    Flush(SyncSender<()>),
    Stop,
}

/// Hands lines to the thread. Never waits.
#[derive(Clone, Debug)]
pub(super) struct LineSender {
    sender: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Message")
    }
}

impl LineSender {
    pub(super) fn send(&self, line: Arc<LogLine>) {
        if let Err(TrySendError::Full(_)) = self.sender.try_send(Message::Line(line)) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Ends the writing thread when dropped, after what is waiting is written.
#[derive(Debug)]
pub struct LogGuard {
    sender: SyncSender<Message>,
    thread: Option<JoinHandle<()>>,
}

impl LogGuard {
    /// Waits until everything logged so far is written. Blocks the thread: for the end of the program and for tests.
    pub fn flush(&self) {
        let (done, wait) = sync_channel(1);
        if self.sender.send(Message::Flush(done)).is_ok() {
            // An error means that the thread has ended, and with it all writing.
            let _ = wait.recv();
        }
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        let _ = self.sender.send(Message::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Opens console and files and starts the thread.
pub(super) fn start(options: &LogOptions) -> Result<(LineSender, LogGuard), LogError> {
    let console = options
        .console
        .then(|| Console::new(options.zone, options.colour));
    let files = options.folder.as_deref().map(Files::open).transpose()?;
    let (sender, receiver) = sync_channel(WAITING_LINES);
    let dropped = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&dropped);
    let thread = std::thread::Builder::new()
        .name("log".into())
        .spawn(move || run(&receiver, console, files, &count))
        .map_err(LogError::Thread)?;
    Ok((
        LineSender {
            sender: sender.clone(),
            dropped,
        },
        LogGuard {
            sender,
            thread: Some(thread),
        },
    ))
}

fn run(
    receiver: &Receiver<Message>,
    mut console: Option<Console>,
    mut files: Option<Files>,
    dropped: &AtomicU64,
) {
    while let Ok(message) = receiver.recv() {
        match message {
            Message::Line(line) => {
                if let Some(console) = &mut console {
                    console.write(&line);
                }
                if let Some(files) = &mut files {
                    files.write(&line);
                }
                let lost = dropped.swap(0, Ordering::Relaxed);
                if lost > 0 {
                    let notice =
                        format!("{lost} log lines were dropped: they came faster than they could be written");
                    if let Some(console) = &mut console {
                        console.notice(&notice);
                    }
                    if let Some(files) = &mut files {
                        files.notice(line.at, &notice);
                    }
                }
            }
            Message::Flush(done) => {
                if let Some(files) = &mut files {
                    files.flush();
                }
                let _ = done.send(());
            }
            Message::Stop => break,
        }
    }
    if let Some(files) = &mut files {
        files.flush();
    }
}
