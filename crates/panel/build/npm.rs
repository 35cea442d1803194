//! `npm ci` and `npm run build`, each only when it is needed.

use std::{fs, path::Path, process::Command, time::SystemTime};

/// Holds the hash of the sources that `dist` was made of.
const STAMP: &str = "dist/.sources";

/// Brings `web/dist` up to date.
pub(crate) fn build(web: &Path, sources: &str) -> Result<(), String> {
    if !web.join("package.json").is_file() {
        return Err("there is no folder web/".to_owned());
    }
    if fs::read_to_string(web.join(STAMP)).is_ok_and(|stamp| stamp == sources) {
        return Ok(());
    }
    if Command::new("node").arg("--version").output().is_err() {
        return Err(
            "Node.js is not there. Install Node.js 20 or newer, or set HAZEBOT_SKIP_PANEL=1.".to_owned(),
        );
    }
    if !has_modules(web) {
        run(web, &["ci", "--no-audit", "--no-fund"])?;
    }
    run(web, &["run", "build"])?;
    fs::write(web.join(STAMP), sources).map_err(|error| error.to_string())
}

/// npm notes what it has installed; newer than the lock file means up to date.
fn has_modules(web: &Path) -> bool {
    let time = |path: &str| -> Option<SystemTime> { fs::metadata(web.join(path)).ok()?.modified().ok() };
    match (time("node_modules/.package-lock.json"), time("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

fn run(web: &Path, arguments: &[&str]) -> Result<(), String> {
    let command = || format!("npm {}", arguments.join(" "));
    // on Windows npm is a script, which only the shell finds
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(npm).args(arguments).current_dir(web).output();
    let output = output.map_err(|error| format!("{}: {error}", command()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stderr, output.stdout].concat();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(12)
        .collect();
    Err(format!("`{}` in web/ failed: {}", command(), lines.join(" / ")))
}
