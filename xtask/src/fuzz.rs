//! `cargo xtask fuzz`: rubbish for the simulator, found by coverage.

use std::process::Command;

use crate::run::{self, Problem};

/// Inputs per target: what the project promises to survive without a panic.
pub const RUNS: u64 = 1_000_000;
/// The longest input: a few requests or frames; longer ones only slow the search down.
const LONGEST: u32 = 2_048;
/// The targets in `crates/discord-sim/fuzz`.
const TARGETS: [&str; 3] = ["rest", "frames", "forms"];

/// Runs one target, or all of them.
pub fn run(target: Option<&str>, runs: u64) -> Result<(), Problem> {
    if let Some(unknown) = target.filter(|target| !TARGETS.contains(target)) {
        return Err(format!("there is no target {unknown}: {}", TARGETS.join(", ")));
    }
    if run::quiet(nightly().args(["fuzz", "--version"])).is_none() {
        println!(
            "skipped: fuzzing needs `rustup toolchain install nightly` and `cargo install cargo-fuzz --locked`"
        );
        return Ok(());
    }
    for target in TARGETS
        .into_iter()
        .filter(|one| target.is_none_or(|only| only == *one))
    {
        println!("== {target}, {runs} runs");
        let ended = run::show(
            nightly()
                // Without unsafe code there is nothing for a sanitizer to find.
                .args([
                    "fuzz",
                    "run",
                    "--sanitizer",
                    "none",
                    "--fuzz-dir",
                    "crates/discord-sim/fuzz",
                ])
                .args(["--target-dir", "target/fuzz", target, "--"])
                .args([
                    format!("-runs={runs}"),
                    format!("-max_len={LONGEST}"),
                    // Weighing inputs by how rare their paths are takes a quarter of the time.
                    "-entropic=0".into(),
                    "-print_final_stats=1".into(),
                ]),
        )?;
        if !ended.ok {
            return Err(format!(
                "{target}: the input lies in crates/discord-sim/fuzz/artifacts/{target}"
            ));
        }
    }
    Ok(())
}

/// Cargo of the nightly toolchain, in the workspace.
fn nightly() -> Command {
    let mut command = Command::new("rustup");
    command
        .args(["run", "nightly", "cargo"])
        .current_dir(run::root())
        .env_remove("CARGO")
        .env_remove("RUSTC");
    command
}
