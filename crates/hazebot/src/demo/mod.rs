//! `hazebot demo`: simulated Discord, bot, API and panel in one process, with a made-up community and nothing kept.

mod story;
mod world;

use std::path::PathBuf;

use discord_sim::{Community, Sim};
use hazebot_core::{
    Clock, Entropy,
    ids::UserId,
    logs::{LogOptions, LogView, Logs, log_panics},
    secrets::Masker,
};
use serde::Serialize;
use tempfile::TempDir;

use crate::{Options, Problem, Program, cli, say, signals::asked_to_end};

/// A login of the panel.
#[derive(Clone, Debug, Serialize)]
pub struct Login {
    /// Its name.
    pub name: String,
    /// Its password, made anew at each start.
    pub password: String,
    /// `admin`: logins by password may do everything.
    pub role: &'static str,
}

/// Tokens of three members.
#[derive(Clone, Debug, Serialize)]
pub struct Tokens {
    /// Has the admin role.
    pub admin: String,
    /// Has the moderator role.
    #[serde(rename = "mod")]
    pub moderator: String,
    /// Has neither, and no ticket.
    pub user: String,
}

/// Where everything is: what `--json` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Base of the API, without `/api`.
    pub api: String,
    /// The panel.
    pub panel: String,
    /// The sandbox page.
    pub sandbox: String,
    /// What a bot takes as `DISCORD_BASE_URL`.
    pub sim: String,
    /// The guild.
    pub guild_id: String,
    /// Logins of the panel.
    pub logins: Vec<Login>,
    /// Tokens of members.
    pub tokens: Tokens,
    /// Names of the slash commands.
    pub commands: Vec<&'static str>,
}

/// A running demo.
pub struct Demo {
    /// The simulated Discord.
    pub sim: Sim,
    /// Who and what is in it.
    pub community: Community,
    /// The program.
    pub program: Program,
    /// Where everything is.
    pub summary: Summary,
    _folder: Option<TempDir>,
}

impl Demo {
    /// Starts everything and tells the community's story so far.
    ///
    /// # Errors
    /// A port is taken, or a folder can't be written.
    pub async fn start(args: &cli::Demo, logs: LogView, masker: &Masker) -> Result<Self, Problem> {
        let (folder, data) = folder(args.data.clone())?;
        let port = chosen(args.port)?;
        let entropy = Entropy::system();
        let (sim, community) = world::start(args.sim_port, args.record.as_deref()).await?;
        let logins = world::logins(&entropy);
        let env = world::env(&sim, &community, &data, port, &logins, &entropy)?;
        masker.learn(env.secrets());
        let home = env.discord.guild;
        let options = Options {
            clock: Clock::system(),
            entropy,
            logs,
            api: true,
            rate_limits: !args.no_rate_limits,
            extra_cogs: Vec::new(),
        };
        let program = Box::pin(Program::start(env, options)).await?;
        let bot = program.bot();
        world::set_up(bot, home, &community).await?;
        bot.gauges().ready().await;
        Box::pin(story::tell(&program, &sim, &community, home)).await?;
        bot.cogs().sync_commands().await?;
        sim.limits_rates(!args.no_rate_limits);

        let auth = program.api().auth();
        let token = async |user: discord_sim::Id| {
            let token = auth.token_of_member(UserId::new(user.get())).await;
            token.map_err(|error| format!("no token for {user}: {error:?}"))
        };
        let moderator = community.moderators.first().copied().unwrap_or(community.owner);
        let tokens = Tokens {
            admin: token(community.admin).await?,
            moderator: token(moderator).await?,
            user: token(community.finn).await?,
        };
        let mut commands: Vec<&'static str> = bot
            .registry()
            .commands()
            .iter()
            .filter(|command| command.by_slash)
            .map(|command| command.name)
            .collect();
        commands.sort_unstable();
        let api = format!("http://{}", program.address());
        let summary = Summary {
            panel: format!("{api}/"),
            api,
            sandbox: format!("{}/", sim.base_url()),
            sim: sim.base_url().to_owned(),
            guild_id: home.to_string(),
            logins,
            tokens,
            commands,
        };
        Ok(Self {
            sim,
            community,
            program,
            summary,
            _folder: folder,
        })
    }
}

/// Runs until it is told to end.
pub(crate) async fn run(args: cli::Demo) -> Result<(), Problem> {
    let masker = Masker::new();
    let (logs, _written_out) = Logs::install(LogOptions {
        console: true,
        masker: masker.clone(),
        ..LogOptions::default()
    })?;
    log_panics();
    let demo = Box::pin(Demo::start(&args, logs.view().clone(), &masker)).await?;
    if args.json {
        say(&serde_json::to_string(&demo.summary)?);
    } else {
        say(&welcome(&demo.summary));
    }
    asked_to_end().await?;
    demo.program.stop().await;
    Ok(())
}

/// The port, chosen now where any would do: the address that a sign-in comes back to has to name it.
fn chosen(port: u16) -> std::io::Result<u16> {
    match port {
        0 => Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
            .local_addr()?
            .port()),
        port => Ok(port),
    }
}

/// The folder for the data; the first is deleted with the demo.
fn folder(kept: Option<PathBuf>) -> Result<(Option<TempDir>, PathBuf), Problem> {
    match kept {
        Some(folder) => {
            std::fs::create_dir_all(&folder)?;
            Ok((None, folder.canonicalize()?))
        }
        None => {
            let folder = tempfile::Builder::new().prefix("hazebot-demo").tempdir()?;
            let path = folder.path().to_path_buf();
            Ok((Some(folder), path))
        }
    }
}

fn welcome(summary: &Summary) -> String {
    let Summary {
        sandbox, panel, api, ..
    } = summary;
    let mut text = format!(
        "\n  HazeBot's demo is running. Everything is made up, and gone when you press Ctrl-C.\n\n  \
         Sandbox  {sandbox}   be any member: write, press buttons, run /ticket\n  \
         Panel    {panel}   \"Continue with Discord\" signs you in as whom you choose\n  \
         API      {api}/api/docs/\n\n  \
         The panel as a moderator, who answers tickets:\n  {panel}#token={}\n\n",
        summary.tokens.moderator
    );
    for Login { name, password, .. } in &summary.logins {
        text +=
            &format!("  Sign in by password: {name}  {password}   or open {panel}#demo={name}:{password}\n");
    }
    text
}
