//! What the checks find, and that a test fails by it.

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod checks;
