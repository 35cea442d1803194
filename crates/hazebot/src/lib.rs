//! The program: command line, start-up order, wiring; nothing else. A library, so that most end-to-end tests run it in
//! their own process.

pub mod cli;
mod demo;
mod describe;
mod program;
mod serve;
mod signals;
mod wiring;

use std::process::ExitCode;

pub use demo::{Demo, Login, Summary};
pub use program::{Options, Program, StartError};

use cli::{Cli, Command};

/// The program's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Does what the command line says.
#[must_use]
pub fn main(cli: Cli) -> ExitCode {
    hazebot_core::upstream::install_crypto();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers())
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime can't be started: {error}")),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => Box::pin(demo::run(args)).await,
            Command::Serve(args) => Box::pin(serve::run(args)).await,
            Command::Openapi => describe::openapi().await,
            Command::Docs { document } => describe::document(document),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem.to_string()),
    }
}

/// Half of the cores, four at most: the work is many small pieces, and workers that wake each other for them cost more
/// than they do. The database and password hashes have threads of their own.
fn workers() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores / 2).clamp(1, 4)
}

/// What stopped a command, for the person at the terminal.
type Problem = Box<dyn std::error::Error + Send + Sync>;

#[expect(
    clippy::print_stderr,
    reason = "the last words go to the terminal, whatever the log does"
)]
fn fail(problem: &str) -> ExitCode {
    eprintln!("{problem}");
    ExitCode::FAILURE
}

/// Results go to standard output; the log goes to standard error.
#[expect(clippy::print_stdout, reason = "this is the output that was asked for")]
fn say(text: &str) {
    println!("{text}");
}
