//! `cargo xtask bench`: what HazeBot costs and how fast it answers, measured on the built program. The simulated Discord
//! runs in this process, the program in one of its own, so that its figures are its own.

mod bare;
mod bare_sim;
mod client;
mod figure;
mod load;
mod machine;
mod process;
mod sections;
mod stage;
mod stats;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use futures_util::future::BoxFuture;

use figure::Report;

/// Why a measurement did not come about.
pub(crate) type Problem = Box<dyn std::error::Error + Send + Sync>;

/// Measures HazeBot against its targets.
#[derive(Debug, Parser)]
#[command(name = "hazebot-bench", version)]
struct Cli {
    /// Sections to run, with commas between them; all if left out.
    #[arg(long, value_delimiter = ',', value_name = "SECTIONS")]
    only: Vec<Section>,
    /// A short run that shows that everything works; its figures are rough.
    #[arg(long)]
    quick: bool,
    /// The program to measure; left out, the one beside this program.
    #[arg(long, value_name = "FILE")]
    bin: Option<PathBuf>,
    /// Writes the figures to this file as JSON too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Serves the bare axum route that the API is compared with, on this port (0 takes a free one), until standard input
    /// ends. The benchmark starts itself this way.
    #[arg(long, value_name = "PORT", conflicts_with_all = ["only", "json"])]
    bare_axum: Option<u16>,
    /// Serves a simulated Discord of this size (people, channels, guilds) until standard input ends. The benchmark starts
    /// itself this way.
    #[arg(long, value_name = "SIZE", conflicts_with_all = ["only", "json", "bare_axum"])]
    bare_sim: Option<bare_sim::Size>,
}

/// What can be measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Section {
    /// Time from start to the first answer.
    Start,
    /// Memory of the idle program.
    Memory,
    /// Processor time per message.
    Messages,
    /// Processor time per slash command.
    Slash,
    /// Requests per second.
    Http,
    /// Memory and speed of many open connections.
    Sockets,
    /// A guild with years of tickets.
    Tickets,
    /// The simulated Discord itself.
    Sim,
}

/// What sections are given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task<'a> {
    /// The program.
    pub(crate) program: &'a Path,
    /// Few repetitions.
    pub(crate) quick: bool,
}

impl Task<'_> {
    /// The first number in a short run, the second in a whole one.
    pub(crate) fn either<T>(self, quick: T, whole: T) -> T {
        if self.quick { quick } else { whole }
    }
}

type Run = for<'a> fn(Task<'a>, &'a mut Report) -> BoxFuture<'a, Result<(), Problem>>;

/// In the order of the table.
const SECTIONS: [(Section, &str, Run); 8] = [
    (Section::Start, "start", |task, report| {
        Box::pin(sections::start::run(task, report))
    }),
    (Section::Memory, "memory", |task, report| {
        Box::pin(sections::memory::run(task, report))
    }),
    (Section::Messages, "messages", |task, report| {
        Box::pin(sections::messages::run(task, report))
    }),
    (Section::Slash, "slash", |task, report| {
        Box::pin(sections::slash::run(task, report))
    }),
    (Section::Http, "http", |task, report| {
        Box::pin(sections::http::run(task, report))
    }),
    (Section::Sockets, "sockets", |task, report| {
        Box::pin(sections::sockets::run(task, report))
    }),
    (Section::Tickets, "tickets", |task, report| {
        Box::pin(sections::tickets::run(task, report))
    }),
    (Section::Sim, "sim", |task, report| {
        Box::pin(sections::sim::run(task, report))
    }),
];

fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            note(&format!("the benchmark can't run: {problem}"));
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<bool, Problem> {
    hazebot_core::upstream::install_crypto();
    let runtime = tokio::runtime::Runtime::new()?;
    if let Some(port) = cli.bare_axum {
        runtime.block_on(bare::serve(port))?;
        // A read of standard input may still wait; nothing is lost with it.
        runtime.shutdown_background();
        return Ok(true);
    }
    if let Some(size) = cli.bare_sim {
        runtime.block_on(bare_sim::serve(size))?;
        runtime.shutdown_background();
        return Ok(true);
    }
    let complete = runtime.block_on(async {
        tokio::select! {
            complete = measure(&cli) => complete,
            // Started programs end with the values that hold them.
            _ = tokio::signal::ctrl_c() => Err("it was interrupted".into()),
        }
    });
    runtime.shutdown_background();
    complete
}

/// Runs the sections and shows the figures; `false` if one of them failed.
async fn measure(cli: &Cli) -> Result<bool, Problem> {
    let program = program(cli.bin.as_deref())?;
    let task = Task {
        program: &program,
        quick: cli.quick,
    };
    let mut report = Report::begin(machine::Machine::look(), version(&program).await?, cli.quick);
    for (section, name, run) in SECTIONS {
        if !cli.only.is_empty() && !cli.only.contains(&section) {
            continue;
        }
        note(&format!("{name} …"));
        if let Err(problem) = run(task, &mut report).await {
            report.failed(name, &problem.to_string());
        }
    }
    show(&report.table());
    if let Some(file) = &cli.json {
        tokio::fs::write(file, report.json()?)
            .await
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(report.is_complete())
}

/// The program to measure.
fn program(named: Option<&Path>) -> Result<PathBuf, Problem> {
    let path = match named {
        Some(path) => path.to_path_buf(),
        None => std::env::current_exe()?.with_file_name("hazebot"),
    };
    path.canonicalize().map_err(|error| {
        format!(
            "{}: {error}; build it with `cargo build --release`",
            path.display()
        )
        .into()
    })
}

/// What the program says of itself, such as `hazebot 0.1.0`.
async fn version(program: &Path) -> Result<String, Problem> {
    let said = tokio::process::Command::new(program)
        .arg("--version")
        .output()
        .await?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

#[expect(clippy::print_stdout, reason = "the result of the program")]
fn show(text: &str) {
    println!("{text}");
}

/// Tells the person who waits what goes on.
#[expect(clippy::print_stderr, reason = "progress goes beside the result")]
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_section_can_be_chosen_by_the_name_it_is_shown_with() {
        for (section, name, _) in SECTIONS {
            assert_eq!(Section::from_str(name, false), Ok(section));
        }
        assert_eq!(SECTIONS.len(), Section::value_variants().len());
    }

    #[test]
    fn sections_are_chosen_with_commas() {
        let cli = Cli::parse_from(["hazebot-bench", "--only", "start,http"]);
        assert_eq!(cli.only, [Section::Start, Section::Http]);
    }
}
