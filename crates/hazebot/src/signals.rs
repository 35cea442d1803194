//! Waiting for the end: Ctrl-C, or the word of a service manager.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Returns at SIGINT or SIGTERM.
///
/// # Errors
/// The system takes no handler.
pub(crate) async fn asked_to_end() -> io::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
