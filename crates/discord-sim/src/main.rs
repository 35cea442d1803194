//! `discord-sim`: one made-up community on loopback, for any bot and for a browser.

use std::io::Write as _;
use std::time::Duration;

use clap::Parser;
use discord_sim::{BotRights, CommunityOptions, Scenario, Sim, SimOptions};

/// Discord on loopback, with a made-up community in it.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The port on 127.0.0.1; 0 picks a free one.
    #[arg(long, default_value_t = 5090)]
    port: u16,
    /// How many people the community has.
    #[arg(long, default_value_t = 29)]
    guild_members: usize,
    /// Decides names, tokens and chatter.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The bot's name.
    #[arg(long, default_value = "Community Bot")]
    bot_name: String,
    /// Give the bot Administrator rather than the least it needs.
    #[arg(long)]
    administrator: bool,
    /// Never answer 429.
    #[arg(long)]
    no_rate_limits: bool,
    /// Milliseconds between heartbeats that bots are told.
    #[arg(long, default_value_t = 41_250)]
    heartbeat_ms: u64,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let (world, community) = Scenario::community_with(CommunityOptions {
        seed: arguments.seed,
        people: arguments.guild_members,
        bot_name: arguments.bot_name,
        bot_rights: if arguments.administrator {
            BotRights::Administrator
        } else {
            BotRights::LeastPrivilege
        },
        ..CommunityOptions::default()
    })?;
    let options = SimOptions {
        port: arguments.port,
        rate_limits: !arguments.no_rate_limits,
        heartbeat_interval: Duration::from_millis(arguments.heartbeat_ms),
        ..SimOptions::default()
    };
    let sim = Sim::start(options, world).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "sandbox page   {}/", sim.base_url())?;
    writeln!(out, "REST           {}/api/v10", sim.base_url())?;
    writeln!(out, "gateway        {}", sim.gateway_url())?;
    writeln!(out, "guild          {}", community.guild)?;
    writeln!(out, "application    {}", community.application)?;
    writeln!(out, "bot token      {}", community.bot_token)?;
    writeln!(out, "client secret  {}", community.client_secret)?;
    out.flush()?;
    drop(out);
    tokio::signal::ctrl_c().await?;
    Ok(())
}
