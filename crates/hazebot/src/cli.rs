//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Port of the API and the panel, known to the Flutter client.
pub const API_PORT: u16 = 5070;
/// Port of the demo's simulated Discord and its sandbox page.
pub const SIM_PORT: u16 = 5080;

/// `hazebot …`
#[derive(Debug, Parser)]
#[command(
    name = "hazebot",
    version,
    about = "A community bot for Discord that you host yourself"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole system on a simulated Discord: no account, nothing kept.
    Demo(Demo),
    /// Runs the bot, the API and the panel against Discord, or whatever `DISCORD_BASE_URL` names.
    Serve(Serve),
    /// Prints the description of the API (OpenAPI 3.1).
    Openapi,
    /// Prints a generated document.
    Docs {
        /// Which one.
        document: Document,
    },
}

/// Documents that are generated from the program's own tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Document {
    /// `docs/settings.md`.
    Settings,
    /// `.env.example`.
    Env,
}

/// `hazebot demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Prints one line of JSON with addresses, logins and tokens, and nothing else, to standard output.
    #[arg(long)]
    pub json: bool,
    /// Port of the API and the panel; 0 takes a free one.
    #[arg(long, default_value_t = API_PORT)]
    pub port: u16,
    /// Port of the simulated Discord and the sandbox page; 0 takes a free one.
    #[arg(long, default_value_t = SIM_PORT)]
    pub sim_port: u16,
    /// Keeps the data in this folder instead of a temporary one. The simulated Discord begins anew all the same, so that
    /// tickets of an earlier start are closed: their channels are gone.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Switches rate limits off, for load tests on loopback.
    #[arg(long)]
    pub no_rate_limits: bool,
    /// Writes down what the bot and the simulated Discord say to each other, tokens included: for the tests, which hold it
    /// against Discord's own document.
    #[arg(long, value_name = "FILE", hide = true)]
    pub record: Option<PathBuf>,
}

/// `hazebot serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Runs the bot alone, without API and panel.
    #[arg(long)]
    pub no_api: bool,
    /// The file with settings that are not in the environment; variables of the environment win.
    #[arg(long, value_name = "FILE", default_value = ".env")]
    pub env_file: PathBuf,
    /// The folder that `Data/` and `Logs/` lie in.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub home: PathBuf,
    /// Switches rate limits off, for load tests on loopback.
    #[arg(long)]
    pub no_rate_limits: bool,
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
    fn the_demo_takes_the_known_ports_unless_told() {
        let Command::Demo(demo) = Cli::parse_from(["hazebot", "demo"]).command else {
            unreachable!()
        };
        assert_eq!((demo.port, demo.sim_port, demo.json), (API_PORT, SIM_PORT, false));
    }
}
