//! `discord-document FILE`: checks what a `discord_sim::Recorder` wrote against Discord's document.

use std::{
    error::Error,
    fs::File,
    io::{BufRead as _, BufReader, Write as _},
    process::ExitCode,
};

use discord_document::{Checker, Document, Looks};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: discord-document FILE")?;
    let Some(document) = Document::beside_checkout() else {
        return Ok(ExitCode::SUCCESS);
    };
    let checker = Checker::new(document, Looks::AtAll);
    let mut recording = BufReader::new(File::open(path)?);
    let mut line = Vec::new();
    // A simulator that was killed leaves half a line at the end.
    while recording.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
        checker.look(&serde_json::from_slice(&line)?);
        line.clear();
    }
    let violations = checker.violations();
    let mut out = std::io::stdout().lock();
    for violation in &violations {
        writeln!(out, "{violation}")?;
    }
    let (exchanges, seen) = (checker.exchanges(), checker.seen().len());
    writeln!(
        out,
        "{exchanges} requests, {seen} kinds of requests and events, {} violations",
        violations.len()
    )?;
    // An empty recording proves nothing.
    Ok(if violations.is_empty() && exchanges > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
