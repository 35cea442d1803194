//! `cargo xtask peers`: bots on libraries that others wrote, against the simulator; serenity's among them.

use crate::{
    run::{self, Problem},
    setup,
    steps::cargo,
};

/// A workspace of its own: its dependencies take minutes and nothing else needs them.
const SERENITY: &str = "crates/e2e/peers/serenity/Cargo.toml";

/// Installs the libraries, builds serenity's bot and runs all of them.
pub fn run() -> Result<(), Problem> {
    let python = setup::python_peers();
    for (what, missing) in [
        ("discord.py", python.as_ref().err()),
        ("discord.js", setup::node_peers().as_ref().err()),
    ] {
        if let Some(why) = missing {
            println!("skipped: {what}: {why}");
        }
    }
    let target = run::root().join("target/peers");
    let built = run::show(
        cargo()
            .args(["build", "--locked", "--manifest-path", SERENITY, "--target-dir"])
            .arg(&target),
    )?;
    if !built.ok {
        return Err("serenity's bot could not be built".into());
    }
    let mut tests = cargo();
    tests
        .args([
            "test",
            "--locked",
            "-p",
            "hazebot-e2e",
            "--test",
            "e2e",
            "--",
            "peers::",
            "--nocapture",
        ])
        .env("HAZEBOT_SERENITY", target.join("debug/serenity-peer"));
    if let Ok(python) = python {
        tests.env("HAZEBOT_PYTHON", python);
    }
    if run::show(&mut tests)?.ok {
        Ok(())
    } else {
        Err("a bot did not live as it does on Discord".into())
    }
}
