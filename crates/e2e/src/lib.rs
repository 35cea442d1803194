//! What the end-to-end tests stand on: a door in front of the simulated Discord that notes and holds requests, clients
//! that others wrote, an HTTP client, databases. The tests are in `tests/e2e`.

pub mod bot;
pub mod client;
pub mod database;
pub mod door;
pub mod peer;

use std::{path::PathBuf, time::Duration};

/// Whatever went wrong beside what a test looks at.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// How long a test waits for something that must happen; it ends tests that hang, nothing else depends on it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Says why a test does nothing here.
#[expect(clippy::print_stderr, reason = "the person who runs the tests is told")]
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// A file or folder of the checkout.
#[must_use]
pub fn in_checkout(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// A file or folder of the recordings that lie beside the checkout; `None` where there are none.
#[must_use]
pub fn recorded(path: &str) -> Option<PathBuf> {
    let path = in_checkout("../shared").join(path);
    path.exists().then_some(path)
}
