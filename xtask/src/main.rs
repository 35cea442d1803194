//! The project's own tasks: `cargo xtask test`, `cargo xtask bench`, `cargo xtask openapi`, `cargo xtask docs`.

mod count;
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
