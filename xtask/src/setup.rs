//! Installs what the tests need and the machine lacks: Debian packages, the panel's npm packages, peers in Node and Python.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::run;

/// Debian packages by the place that shows that they are there.
const PACKAGES: [(&str, &str); 3] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/redis-server", "redis-server"),
    ("/usr/lib/postgresql", "postgresql"),
];

/// Installs the Debian packages that are absent. Returns what is missing afterwards.
pub fn debian_packages() -> Vec<String> {
    let mut wanted: Vec<&str> = PACKAGES
        .iter()
        .filter(|(place, _)| !Path::new(place).exists())
        .map(|(_, package)| *package)
        .collect();
    if run::which("python3").is_none() {
        wanted.extend(["python3", "python3-venv"]);
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    if !run::can_install() {
        return wanted
            .iter()
            .map(|package| format!("{package} (needs root and apt-get)"))
            .collect();
    }
    println!("installing {}", wanted.join(", "));
    let _ = run::quiet(Command::new("apt-get").args(["update", "-q"]));
    let installed = run::quiet(
        Command::new("apt-get")
            .args(["install", "-y", "-q", "--no-install-recommends"])
            .args(&wanted)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    );
    if installed.is_some() {
        Vec::new()
    } else {
        wanted.iter().map(ToString::to_string).collect()
    }
}

/// Installs the panel's packages. `Err` says why there are none.
pub fn npm_packages() -> Result<(), String> {
    npm_install("web")
}

/// Installs the libraries in Node that the end-to-end tests speak with. `Err` says why there are none.
pub fn node_peers() -> Result<(), String> {
    npm_install("crates/e2e/peers")
}

/// Installs what a folder's lock file names, once per lock file.
fn npm_install(folder: &str) -> Result<(), String> {
    if run::which("npm").is_none() {
        return Err("Node is not installed".into());
    }
    let inside = run::root().join(folder);
    let lock = std::fs::read(inside.join("package-lock.json"))
        .map_err(|_| format!("{folder}/package-lock.json is absent"))?;
    let mark = inside.join("node_modules/.installed-lock");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let ended = run::show(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&inside),
    )?;
    if !ended.ok {
        return Err(format!("npm ci failed in {folder}"));
    }
    std::fs::write(mark, lock).map_err(|cause| cause.to_string())
}

/// A Python with the peer libraries that the end-to-end tests speak with, in a folder of its own under `target/`.
pub fn python_peers() -> Result<PathBuf, String> {
    let python = run::which("python3").ok_or("Python is not installed")?;
    let requirements = run::root().join("crates/e2e/peers/requirements.txt");
    let wanted = std::fs::read(&requirements).map_err(|_| "crates/e2e/peers/requirements.txt is absent")?;
    let folder = run::root().join("target/python-peers");
    let mark = folder.join(".installed");
    let inside = folder.join("bin/python");
    if std::fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(inside);
    }
    let made = run::quiet(Command::new(python).args(["-m", "venv"]).arg(&folder));
    made.ok_or("python3 -m venv failed (on Debian: python3-venv)")?;
    run::quiet(
        Command::new(&inside)
            .args(["-m", "pip", "install", "-q", "-r"])
            .arg(&requirements),
    )
    .ok_or("pip could not install the peer libraries")?;
    std::fs::write(mark, wanted).map_err(|cause| cause.to_string())?;
    Ok(inside)
}
