//! Where the program is measured: a simulated Discord in this process, a folder with an `.env` that leads there, and the
//! program in a process of its own.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use discord_sim::{Community, CommunityOptions, Exchange, Id, Limits, Scenario, Sim, SimOptions};
use hazebot_core::{
    Actor, Clock, Entropy, Store,
    ids::{ChannelId, GuildId, RoleId},
    settings::{Changes, Settings, general},
};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{Problem, client::Client, process};

/// How long anything may take before the benchmark says that it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at something that does not tell by itself.
const LOOK_AGAIN: Duration = Duration::from_millis(2);
/// People of an ordinary community: with the bots a guild of about thirty.
pub(crate) const ORDINARY: usize = 29;
/// Messages that the simulated Discord keeps per channel: little to hold, as nobody reads back.
const HISTORY: usize = 50;
/// Lines of the console that are shown when the program fails.
const LAST_LINES: usize = 8;
/// The login of the panel.
pub(crate) const LOGIN: (&str, &str) = ("bench", "a password of this run only");

/// Simulator and folder. The folder is deleted with it.
pub(crate) struct Stage {
    /// The simulated Discord.
    pub(crate) sim: Sim,
    /// Who and what is in it.
    pub(crate) community: Community,
    program: PathBuf,
    home: TempDir,
    port: u16,
}

impl Stage {
    /// A community of `people`, and an empty folder.
    pub(crate) async fn new(program: &Path, people: usize) -> Result<Self, Problem> {
        let limits = Limits {
            messages_per_channel: HISTORY,
            ..Limits::default()
        };
        let options = CommunityOptions {
            people,
            bot_name: "HazeBot".to_owned(),
            limits,
            ..CommunityOptions::default()
        };
        let (mut world, community) = Scenario::community_with(options)
            .map_err(|error| format!("the community can't be made: {error:?}"))?;
        // The scenario lets people join eleven days apart, which a hundred thousand would have begun before our era.
        if let Some(guild) = world.guilds.get_mut(&community.guild) {
            let founded = community.guild.made_at();
            for member in guild.members.values_mut() {
                member.joined_at = member.joined_at.max(founded);
            }
        }
        let sim_options = SimOptions {
            rate_limits: false,
            ..SimOptions::default()
        };
        let sim = Sim::start(sim_options, world).await?;
        let home = tempfile::Builder::new().prefix("hazebot-bench").tempdir()?;
        let port = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let stage = Self {
            sim,
            community,
            program: program.to_path_buf(),
            home,
            port,
        };
        tokio::fs::write(stage.home.path().join(".env"), stage.env()).await?;
        Ok(stage)
    }

    /// By the names that a real installation uses.
    fn env(&self) -> String {
        let Self {
            community, port, sim, ..
        } = self;
        let base = sim.base_url();
        let key = Entropy::system().hex(64);
        let (name, password) = LOGIN;
        let lines = [
            format!("DISCORD_BOT_TOKEN={}", community.bot_token),
            format!("DISCORD_GUILD_ID={}", community.guild),
            format!("DISCORD_CLIENT_ID={}", community.application),
            format!("DISCORD_CLIENT_SECRET={}", community.client_secret),
            format!("DISCORD_REDIRECT_URI=http://127.0.0.1:{port}/api/discord/callback"),
            format!("DISCORD_OAUTH_FRONTEND_URL=http://127.0.0.1:{port}/"),
            format!("DISCORD_BASE_URL={base}"),
            format!("DISCORD_CDN_URL={base}"),
            format!("DATABASE_URL={}", self.database()),
            format!("API_PORT={port}"),
            format!("API_SECRET_KEY={key}"),
            format!("API_ADMIN_USER={name}"),
            format!("API_ADMIN_PASS=\"{password}\""),
        ];
        lines.join("\n") + "\n"
    }

    /// Address of the database.
    pub(crate) fn database(&self) -> String {
        format!("sqlite://{}", self.database_file().display())
    }

    /// The database's file.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.home.path().join("hazebot.db")
    }

    /// Tells the bot the ids of roles and channels, as an owner would in the panel. Before the program runs.
    pub(crate) async fn set_up(&self) -> Result<(), Problem> {
        let store = Store::open(&self.database(), Clock::system(), Entropy::system()).await?;
        let settings = Settings::new(store.clone());
        let Community {
            guild,
            roles,
            channels,
            ..
        } = &self.community;
        let guild = GuildId::new(guild.get());
        settings.load(guild).await?;
        let role = |id: Id| Some(RoleId::new(id.get()));
        let channel = |id: Id| Some(ChannelId::new(id.get()));
        let changes = Changes::new()
            .set(&general::ADMIN_ROLE, role(roles.admin))
            .set(&general::MODERATOR_ROLE, role(roles.moderator))
            .set(&general::TICKETS_CATEGORY, channel(channels.tickets))
            .set(&general::TRANSCRIPT_CHANNEL, channel(channels.transcripts))
            .set(&general::LOG_CHANNEL, channel(channels.log));
        settings.change(&Actor::System, guild, changes).await?;
        store.close().await;
        Ok(())
    }

    /// Starts the program; gives back at once.
    pub(crate) fn spawn(&self) -> Result<Bot, Problem> {
        let console = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.console())?;
        let child = Command::new(&self.program)
            .args(["serve", "--no-rate-limits", "--home"])
            .arg(self.home.path())
            // Nothing of the person's own settings gets in.
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(console)
            .kill_on_drop(true)
            .spawn()?;
        Bot::new(child)
    }

    /// Starts the program and waits until it is connected, knows everybody and answers.
    pub(crate) async fn run(&self) -> Result<Bot, Problem> {
        let mut bot = self.spawn()?;
        self.helps(&mut bot, self.community.finn).await?;
        let client = self.client()?;
        let begun = Instant::now();
        while !client
            .get("/api/health")
            .await
            .is_ok_and(|(status, _)| status == 200)
        {
            if begun.elapsed() > PATIENCE {
                return Err(self.complaint("the API does not answer"));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(bot)
    }

    /// Waits until the bot is connected and its commands are there, and runs `/help` at once.
    pub(crate) async fn helps(&self, bot: &mut Bot, user: Id) -> Result<(), Problem> {
        let Community {
            application,
            channels,
            ..
        } = &self.community;
        let begun = Instant::now();
        // Nothing tells of both at once; looking costs microseconds.
        loop {
            let is_there = self.sim.connected(*application) > 0
                && self.sim.read(|world| {
                    let commands = world.commands_for(user, channels.bot_commands);
                    commands
                        .iter()
                        .any(|(of, command)| of == application && command.name == "help")
                });
            if is_there {
                break;
            }
            if let Some(ended) = bot.child.try_wait()? {
                return Err(self.complaint(&format!("the program ended: {ended}")));
            }
            if begun.elapsed() > PATIENCE {
                return Err(self.complaint("the bot does not come"));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        self.help(user).await
    }

    /// Runs `/help` once and checks that the answer is one.
    pub(crate) async fn help(&self, user: Id) -> Result<(), Problem> {
        let person = self
            .sim
            .as_user(user)
            .in_channel(self.community.channels.bot_commands);
        let exchange = person
            .runs_slash("help")
            .await
            .map_err(|error| format!("/help can't be run: {error:?}"))?;
        if is_help(&exchange) {
            Ok(())
        } else {
            Err(self.complaint(&format!("/help was answered with {exchange:?}")))
        }
    }

    /// Waits until Discord has seen that the bot is gone.
    pub(crate) async fn is_empty(&self) -> Result<(), Problem> {
        let begun = Instant::now();
        while self.sim.connected(self.community.application) > 0 {
            if begun.elapsed() > PATIENCE {
                return Err("the bot stays connected".into());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// Where the API listens.
    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// A caller of the API without token.
    pub(crate) fn client(&self) -> Result<Client, Problem> {
        Client::new(&format!("http://127.0.0.1:{}", self.port))
    }

    fn console(&self) -> PathBuf {
        self.home.path().join("console")
    }

    /// What went wrong, with what the program said last.
    pub(crate) fn complaint(&self, what: &str) -> Problem {
        let said = std::fs::read_to_string(self.console()).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        let last = lines.iter().skip(lines.len().saturating_sub(LAST_LINES));
        let last: Vec<&str> = last.copied().collect();
        format!("{what}; it said last:\n{}", last.join("\n")).into()
    }
}

/// Whether somebody was really helped: a message that names a command, in time.
fn is_help(exchange: &Exchange) -> bool {
    exchange.answered && !exchange.failed && exchange.text().contains("help")
}

/// The program in its own process. It ends when this is dropped.
pub(crate) struct Bot {
    child: Child,
    pid: u32,
}

impl Bot {
    pub(crate) fn new(child: Child) -> Result<Self, Problem> {
        let pid = child.id().ok_or("the program ended at once")?;
        Ok(Self { child, pid })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Its processor time so far, in seconds.
    pub(crate) fn cpu(&self) -> Result<f64, Problem> {
        process::cpu(self.pid)
    }

    /// SIGTERM, as service managers end a program, and its end.
    pub(crate) async fn end(mut self) -> Result<(), Problem> {
        // The shell's own `kill`: a container may have no other.
        let asked = Command::new("sh")
            .args(["-c", "kill -TERM \"$0\"", &self.pid.to_string()])
            .status()
            .await?;
        if !asked.success() {
            return Err("the program can't be told to end".into());
        }
        let ended = tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .map_err(|_| "the program does not end")??;
        if ended.success() {
            Ok(())
        } else {
            Err(format!("the program ended badly: {ended}").into())
        }
    }
}
