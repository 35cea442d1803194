//! `hazebot`, the program.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    hazebot::main(hazebot::cli::Cli::parse())
}
