//! Checks what a bot and the simulated Discord say to each other against Discord's own OpenAPI document, where a copy
//! lies beside the checkout (`../shared/data/discord-openapi.json`). For tests only: nothing of it is in the program.
//!
//! ```no_run
//! # use discord_sim::{Scenario, Sim, SimOptions};
//! # async fn test() -> Result<(), Box<dyn std::error::Error>> {
//! let (world, community) = Scenario::community(7)?;
//! let sim = Sim::start(discord_document::checked(SimOptions::default()), world).await?;
//! // Whatever a bot sends now is checked, and every answer; the test fails when the simulator ends.
//! # Ok(()) }
//! ```
//!
//! It is a crate of its own because the simulator knows nothing of the document (it only shows its exchanges to an
//! observer), and because what needs it (tests of the simulator, of the cog framework, of features, of the whole program)
//! must not carry a JSON Schema validator into what is shipped.
//!
//! Checking everything that is said in the end-to-end tests takes 8 % more processor time than without the document (2.85
//! rather than 2.65 s for twenty tests of the whole program in a debug build, machine as in `docs/performance.md`), and no
//! longer on the clock.
//!
//! - `document` reads the document and finds the operation of a request; `check` compares an exchange with it;
//!   `keys` finds keys that the document does not know, which its schemas would let pass.
//! - `overrides` lists where the document and Discord differ, `lacking.json` describes what Discord has beside the
//!   document (OAuth2, CDN) with the page that says so; a route in neither is a violation.
//! - `habits` lists what libraries of others send beside the document.
//! - `events` checks the objects inside gateway events as far as the document describes them.
//! - `checker` collects violations and makes the test fail. The program `discord-document` checks a recording.

mod check;
mod checker;
mod document;
mod events;
mod habits;
mod keys;
mod overrides;

use std::sync::Arc;

use discord_sim::SimOptions;

pub use checker::{Checker, Looks};
pub use document::{Document, DocumentError};

/// These options, with every request, answer and event checked. Without the document nothing is, which is said once.
#[must_use]
pub fn checked(options: SimOptions) -> SimOptions {
    observed(options, Looks::AtAll)
}

/// These options, with everything checked that a bot on a library of others does: what such libraries send beside the
/// document, and Discord passes over, is no violation.
#[must_use]
pub fn others_checked(options: SimOptions) -> SimOptions {
    observed(options, Looks::AtOthers)
}

/// These options, with answers and events checked, but not requests: for tests that send nonsense on purpose.
#[must_use]
pub fn answers_checked(options: SimOptions) -> SimOptions {
    observed(options, Looks::AtAnswers)
}

fn observed(options: SimOptions, looks: Looks) -> SimOptions {
    match checker(looks) {
        Some(checker) => SimOptions {
            observer: Some(checker),
            ..options
        },
        None => options,
    }
}

/// A checker with the document, for tests that ask it what it has [seen](Checker::seen); `None` without the document.
#[must_use]
pub fn checker(looks: Looks) -> Option<Arc<Checker>> {
    let document = Document::beside_checkout()?;
    Some(Arc::new(Checker::new(document, looks)))
}
