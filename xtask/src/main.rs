//! The project's own tasks: `cargo xtask test`, `cargo xtask bench`, `cargo xtask peers`, `cargo xtask fuzz`,
//! `cargo xtask openapi`, `cargo xtask docs`.

mod count;
mod fuzz;
mod peers;
mod run;
mod services;
mod setup;
mod steps;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tasks of the HazeBot project")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Installs what the tests need, starts their services and runs every check; closes with `N passed, N failed`.
    Test {
        /// Runs only the steps whose name contains this text.
        #[arg(long)]
        only: Option<String>,
        /// Lists the steps and ends.
        #[arg(long)]
        list: bool,
    },
    /// Builds in release mode and prints the benchmark's table and JSON.
    Bench {
        /// Handed on to the benchmark program.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Runs bots on discord.js, discord.py and serenity against the simulator; serenity's takes minutes to build.
    Peers,
    /// Fuzzes the simulator (needs a nightly toolchain and cargo-fuzz; says so where they are absent).
    Fuzz {
        /// `rest`, `frames` or `forms`; all of them if absent.
        target: Option<String>,
        /// How many inputs each target is given.
        #[arg(long, default_value_t = fuzz::RUNS)]
        runs: u64,
    },
    /// Writes `web/openapi.json` from the program's own description of its API.
    Openapi,
    /// Writes `docs/settings.md` and `.env.example` from the tables of settings.
    Docs,
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Test { list: true, .. } => {
            steps::names().iter().for_each(|name| println!("{name}"));
            Ok(())
        }
        Task::Test { only, .. } => steps::test(only.as_deref()),
        Task::Bench { args } => steps::bench(&args),
        Task::Peers => peers::run(),
        Task::Fuzz { target, runs } => fuzz::run(target.as_deref(), runs),
        Task::Openapi => steps::write_openapi(),
        Task::Docs => steps::write_docs(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
