//! Builds the panel where that is possible and needed, and packs `web/dist` into a table that the crate includes.

#![expect(clippy::print_stdout, reason = "cargo listens on standard output")]

mod npm;
mod pack;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// What the panel is made of, relative to `web/`.
const SOURCES: [&str; 9] = [
    "src",
    "public",
    "build",
    "scripts",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
];

fn main() {
    println!("cargo::rerun-if-env-changed=HAZEBOT_SKIP_PANEL");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/missing.html");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let (web, out) = (
        root.join("../../web"),
        PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()),
    );
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", web.join(source).display());
    }
    let skip = env::var_os("HAZEBOT_SKIP_PANEL").is_some_and(|value| value == "1");
    if !skip && let Err(problem) = npm::build(&web, &sources_hash(&web)) {
        println!("cargo::warning=The panel was not built: {problem}");
    }
    let dist = web.join("dist");
    let written = if dist.join("index.html").is_file() {
        pack::folder(&dist, &out)
    } else {
        println!("cargo::warning=There is no built panel; the program will say how to build it.");
        pack::one_page(&root.join("src/missing.html"), &out)
    };
    if let Err(error) = written {
        println!("cargo::error=The panel could not be packed: {error}");
    }
}

/// Of names and contents, so that a checkout with new times is not built anew.
fn sources_hash(web: &Path) -> String {
    let mut hash = Sha256::new();
    for source in SOURCES {
        for file in files_below(&web.join(source)) {
            hash.update(file.to_string_lossy().as_bytes());
            hash.update(fs::read(&file).unwrap_or_default());
        }
    }
    hex(&hash.finalize())
}

/// The files of a folder and of the folders in it, sorted; a file alone is itself.
fn files_below(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else {
        return if path.is_file() {
            vec![path.to_owned()]
        } else {
            Vec::new()
        };
    };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    paths.sort();
    paths.iter().flat_map(|path| files_below(path)).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
