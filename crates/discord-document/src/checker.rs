//! Looks on while a simulator runs, collects what does not fit the document, and makes the test fail.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering},
};

use discord_sim::{HttpExchange, Observer, Recorded};
use parking_lot::Mutex;
use serde_json::Value;

use crate::{check, document::Document, events, habits};

/// Violations that are kept; each kind counts once, and one alone fails a test.
const MOST_VIOLATIONS: usize = 200;
/// Statuses of a request that met no route.
const NO_ROUTE: [u16; 2] = [404, 405];
/// A body is shown with a violation up to so many characters.
const LONGEST_SHOWN: usize = 2_000;

/// What is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Looks {
    /// Requests, answers, events.
    AtAll,
    /// The same, of a bot on a library of others: what such libraries send beside the document is let pass.
    AtOthers,
    /// Answers and events: the requests are wrong on purpose.
    AtAnswers,
}

/// Checks every exchange. When the simulator ends, the test that holds it panics if anything did not fit.
#[derive(Debug)]
pub struct Checker {
    document: &'static Document,
    looks: Looks,
    /// What was wrong, and the first exchange that showed it.
    violations: Mutex<BTreeMap<String, String>>,
    seen: Mutex<BTreeSet<String>>,
    exchanges: AtomicUsize,
}

impl Checker {
    /// A checker that has seen nothing.
    #[must_use]
    pub fn new(document: &'static Document, looks: Looks) -> Self {
        Self {
            document,
            looks,
            violations: Mutex::default(),
            seen: Mutex::default(),
            exchanges: AtomicUsize::new(0),
        }
    }

    /// What was wrong so far, each kind once.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        let shown = |(what, example): (&String, &String)| format!("{what}\n    {example}");
        self.violations.lock().iter().map(shown).collect()
    }

    /// Operations and events that were looked at, such as `post /channels/{channel_id}/messages` and `READY`.
    #[must_use]
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().iter().cloned().collect()
    }

    /// Requests that were looked at.
    #[must_use]
    pub fn exchanges(&self) -> usize {
        self.exchanges.load(Ordering::Relaxed)
    }

    /// Looks at a line of a recording.
    pub fn look(&self, line: &Recorded) {
        match line {
            Recorded::Exchange(exchange) => self.exchange(exchange),
            Recorded::Event { name, data } => self.event(name, data),
        }
    }

    fn note(&self, name: &str, faults: Vec<String>, example: impl FnOnce() -> String) {
        if faults.is_empty() {
            return;
        }
        let mut violations = self.violations.lock();
        let example: String = example().chars().take(LONGEST_SHOWN).collect();
        for fault in faults {
            if violations.len() < MOST_VIOLATIONS {
                let what = format!("{name}: {fault}");
                violations.entry(what).or_insert_with(|| example.clone());
            }
        }
    }
}

impl Observer for Checker {
    fn exchange(&self, exchange: &HttpExchange) {
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        let nonsense = self.looks == Looks::AtAnswers;
        let operation = match self
            .document
            .operation(exchange.api, &exchange.method, &exchange.path)
        {
            Ok(operation) => operation,
            Err(_) if nonsense && NO_ROUTE.contains(&exchange.status) => return,
            Err(fault) => {
                let name = format!("{} {}", exchange.method, exchange.path);
                return self.note(&name, vec![fault], String::new);
            }
        };
        let mut faults = Vec::new();
        match self.looks {
            Looks::AtAll => faults.extend(check::request(self.document, &operation, exchange)),
            Looks::AtOthers => {
                let exchange = HttpExchange {
                    body: habits::with_ids_as_text(&exchange.body),
                    ..exchange.clone()
                };
                let found = check::request(self.document, &operation, &exchange);
                faults.extend(
                    found
                        .into_iter()
                        .filter(|fault| !habits::passes(&operation.name, fault)),
                );
            }
            Looks::AtAnswers => {}
        }
        if !exchange.injected {
            faults.extend(check::answer(self.document, &operation, exchange));
        }
        self.note(&operation.name, faults, || {
            format!(
                "{} {}?{} {} -> {} {}",
                exchange.method,
                exchange.path,
                exchange.query,
                exchange.body,
                exchange.status,
                exchange.answer
            )
        });
        self.seen.lock().insert(operation.name);
    }

    fn event(&self, name: &str, data: &Value) {
        self.note(name, events::faults(self.document, name, data), || {
            data.to_string()
        });
        self.seen.lock().insert(name.to_owned());
    }

    #[expect(clippy::panic, reason = "a violation fails the test")]
    #[expect(
        clippy::print_stderr,
        reason = "the person who runs the tests is told, whatever else fails"
    )]
    fn ended(&self) {
        let violations = self.violations();
        if violations.is_empty() {
            return;
        }
        let text = format!("does not fit Discord's document:\n  {}", violations.join("\n  "));
        if std::thread::panicking() {
            // The test fails already; a second panic would end the whole run.
            eprintln!("{text}");
        } else if tokio::task::try_id().is_some() {
            // A panic of a task reaches no test, so all of them end.
            eprintln!("{text}");
            std::process::abort();
        } else {
            panic!("{text}");
        }
    }
}
