//! `discord-sim`: Discord on loopback with a made-up community or a world of one's own, for any bot and for a browser.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use discord_sim::{
    BotRights, Chaos, CommunityOptions, EXAMPLE_WORLD, FaultPlan, Scenario, Sim, SimClock, SimOptions, World,
    WorldFile,
};

/// Discord on loopback, with a made-up community in it or the world of a file.
#[derive(Debug, Parser)]
#[command(version, after_help = format!("Faults:\n{}", FaultPlan::WORDS))]
struct Arguments {
    /// The port on 127.0.0.1; 0 picks a free one.
    #[arg(long, default_value_t = 5090)]
    port: u16,
    /// The world of this file instead of the made-up community.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["guild_members", "channels", "guilds", "bot_name", "administrator"])]
    world: Option<PathBuf>,
    /// Print a world file to begin with, and end.
    #[arg(long)]
    print_world: bool,
    /// How many people the community has.
    #[arg(long, default_value_t = 29)]
    guild_members: usize,
    /// Text channels beside the usual ones.
    #[arg(long, default_value_t = 0)]
    channels: usize,
    /// Small guilds with the bot in them, beside the community.
    #[arg(long, default_value_t = 0)]
    guilds: usize,
    /// Decides names, tokens and chatter, and what fails by chance.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The bot's name.
    #[arg(long, default_value = "Community Bot")]
    bot_name: String,
    /// Give the bot Administrator rather than the least it needs.
    #[arg(long)]
    administrator: bool,
    /// Never answer 429, and let bots identify as often as they like.
    #[arg(long)]
    no_rate_limits: bool,
    /// Milliseconds between heartbeats that bots are told.
    #[arg(long, default_value_t = 41_250)]
    heartbeat_ms: u64,
    /// Something goes wrong, such as "POST /channels/{channel}/messages 502 x2" or "gateway drop after 30s"; may be
    /// given many times.
    #[arg(long, value_name = "WORDS")]
    fault: Vec<FaultPlan>,
    /// Each request and each event fails with this probability, the same in each run with the same seed.
    #[arg(long, value_name = "PROBABILITY", value_parser = probability)]
    chaos: Option<f64>,
}

fn probability(text: &str) -> Result<f64, String> {
    let number = text.parse().map_err(|_| "this is no number".to_owned())?;
    Chaos::new(number, 0)
        .map(|_| number)
        .ok_or_else(|| "a probability lies between 0 and 1".to_owned())
}

fn world(arguments: &Arguments) -> Result<World, Box<dyn std::error::Error>> {
    if let Some(file) = &arguments.world {
        let named = |error: &dyn std::fmt::Display| format!("{}:\n{error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| named(&error))?;
        let file = WorldFile::parse(&text).map_err(|error| named(&error))?;
        return Ok(file
            .build(SimClock::real(), arguments.seed)
            .map_err(|error| named(&error))?);
    }
    let options = CommunityOptions {
        seed: arguments.seed,
        people: arguments.guild_members,
        more_channels: arguments.channels,
        more_guilds: arguments.guilds,
        bot_name: arguments.bot_name.clone(),
        bot_rights: if arguments.administrator {
            BotRights::Administrator
        } else {
            BotRights::LeastPrivilege
        },
        ..CommunityOptions::default()
    };
    Ok(Scenario::community_with(options)?.0)
}

/// Guilds that are listed at the start; the others can be asked for.
const MOST_LISTED: usize = 10;

fn tell(sim: &Sim) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "sandbox page   {}/", sim.base_url())?;
    writeln!(out, "REST           {}/api/v10", sim.base_url())?;
    writeln!(out, "gateway        {}", sim.gateway_url())?;
    let (guilds, bots) = sim.read(|w| {
        let guilds: Vec<_> = w.guilds.values().map(|g| (g.id, g.name.clone())).collect();
        (guilds, w.applications.values().cloned().collect::<Vec<_>>())
    });
    for (id, name) in guilds.iter().take(MOST_LISTED) {
        writeln!(out, "guild          {id}  {name}")?;
    }
    if let Some(more) = guilds.len().checked_sub(MOST_LISTED).filter(|n| *n > 0) {
        writeln!(out, "               and {more} more")?;
    }
    for bot in bots {
        writeln!(out, "bot            {}  {}", bot.id, bot.name)?;
        writeln!(out, "  token        {}", bot.token)?;
        writeln!(out, "  secret       {}", bot.client_secret)?;
    }
    out.flush()
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    if arguments.print_world {
        return Ok(std::io::stdout().write_all(EXAMPLE_WORLD.as_bytes())?);
    }
    let world = world(&arguments)?;
    let options = SimOptions {
        port: arguments.port,
        rate_limits: !arguments.no_rate_limits,
        gateway_limits: !arguments.no_rate_limits,
        heartbeat_interval: Duration::from_millis(arguments.heartbeat_ms),
        ..SimOptions::default()
    };
    let sim = Sim::start(options, world).await?;
    for fault in arguments.fault {
        sim.suffers(fault)?;
    }
    if let Some(chaos) = arguments.chaos.and_then(|p| Chaos::new(p, arguments.seed)) {
        sim.is_in_chaos(chaos);
    }
    tell(&sim)?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    match run(arguments).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do if nobody reads it.
            let _ = writeln!(std::io::stderr(), "{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn faults_are_given_as_often_as_one_likes() {
        let given = [
            "discord-sim",
            "--fault",
            "gateway drop after 30s",
            "--fault",
            "502 x2",
            "--chaos",
            "0.05",
        ];
        let arguments = Arguments::try_parse_from(given).unwrap();
        assert_eq!(arguments.fault.len(), 2);
        for wrong in [["--fault", "explode"], ["--chaos", "2"]] {
            assert!(Arguments::try_parse_from([&["discord-sim"][..], &wrong].concat()).is_err());
        }
    }
}
