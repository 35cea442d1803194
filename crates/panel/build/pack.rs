//! Packs files for the program: text as gzip only (who can't read gzip gets it unpacked), everything else as it is.

use std::{
    fmt::Write as _,
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use crate::{files_below, hex};

/// Endings of files that are packed; pictures and fonts are packed already.
const TEXT: [&str; 8] = ["html", "js", "css", "svg", "json", "webmanifest", "txt", "mjs"];

/// Packs a folder.
pub(crate) fn folder(dist: &Path, out: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for file in files_below(dist) {
        let Ok(name) = file.strip_prefix(dist) else {
            continue;
        };
        let name = name.to_string_lossy().replace('\\', "/");
        // the build tool's own notes, and ours
        if !name.starts_with('.') {
            files.push((name, file));
        }
    }
    write_table(&files, out)
}

/// Packs one page as the index.
pub(crate) fn one_page(page: &Path, out: &Path) -> io::Result<()> {
    write_table(&[("index.html".to_owned(), page.to_owned())], out)
}

fn write_table(files: &[(String, PathBuf)], out: &Path) -> io::Result<()> {
    let folder = out.join("packed");
    // what was packed last time, if anything
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let mut table = String::from("&[\n");
    for (number, (name, path)) in files.iter().enumerate() {
        let content = fs::read(path)?;
        let ending = path
            .extension()
            .map(|ending| ending.to_string_lossy().into_owned())
            .unwrap_or_default();
        let packed = TEXT.contains(&ending.as_str());
        let stored = folder.join(number.to_string());
        if packed {
            let mut encoder = GzEncoder::new(fs::File::create(&stored)?, Compression::best());
            encoder.write_all(&content)?;
            encoder.finish()?;
        } else {
            fs::write(&stored, &content)?;
        }
        let hash = hex(&Sha256::digest(&content));
        let tag: String = hash.chars().take(16).collect();
        let kind = mime_guess::from_path(path).first_or_octet_stream();
        let kind = if packed {
            format!("{kind}; charset=utf-8")
        } else {
            kind.to_string()
        };
        let stored = stored.to_string_lossy();
        let entry = format!(
            "    File {{ path: {name:?}, kind: {kind:?}, tag: \"\\\"{tag}\\\"\", packed: {packed}, \
             content: include_bytes!({stored:?}) }},"
        );
        writeln!(table, "{entry}").map_err(io::Error::other)?;
    }
    table.push(']');
    fs::write(out.join("files.rs"), table)
}
