//! A bot with given cogs against the simulator, for the tests of features.
//!
//! ```no_run
//! # use hazebot_discord::testing::{TestBed, TestError};
//! # async fn test() -> Result<(), TestError> {
//! let bed = TestBed::builder().start().await?;
//! let finn = bed.sim.as_user(bed.community.finn);
//! let exchange = finn.runs_slash("ticket").await?;
//! # Ok(()) }
//! ```

use std::{path::PathBuf, sync::Arc, time::Duration};

use discord_sim::{BotRights, Community, CommunityOptions, Scenario, Sim, SimOptions};
use hazebot_core::{
    Actor, Clock, Entropy,
    gate::Gates,
    ids::{ChannelId, GuildId, RoleId, UserId},
    jobs::JobRunner,
    settings::{Changes, SettingDef, Settings, general},
    store::Store,
    texts::Texts,
    upstream::install_crypto,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    Bot, Cog, Discord, GatewayDirectory, GatewayError, Services, gateway,
    model::id::{Id, marker::GuildMarker},
};

/// How long a test waits for something that must happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Whatever went wrong while a test bed was set up.
pub type TestError = Box<dyn std::error::Error + Send + Sync>;

type MakeCogs = Arc<dyn Fn(&Bot) -> Vec<Arc<dyn Cog>> + Send + Sync>;
type Adjust = Arc<dyn Fn(Changes, &Community) -> Changes + Send + Sync>;

/// An id of the simulator as one of the bot's.
///
/// # Panics
/// For 0, which the simulator does not make.
#[must_use]
pub fn id<T>(id: discord_sim::Id) -> Id<T> {
    Id::new(id.get())
}

/// What a test bed is made of.
#[derive(Clone)]
pub struct TestBedBuilder {
    texts: Vec<(&'static str, &'static str)>,
    settings: Vec<&'static SettingDef>,
    cogs: MakeCogs,
    adjust: Adjust,
    clock: Clock,
    rights: BotRights,
    options: SimOptions,
    database: Option<String>,
}

impl TestBedBuilder {
    /// Adds texts.
    #[must_use]
    pub fn texts(mut self, sources: &[(&'static str, &'static str)]) -> Self {
        self.texts.extend_from_slice(sources);
        self
    }

    /// Registers settings.
    #[must_use]
    pub fn settings(mut self, defs: &[&'static SettingDef]) -> Self {
        self.settings.extend_from_slice(defs);
        self
    }

    /// Which cogs are loaded; called again at a restart.
    #[must_use]
    pub fn cogs(mut self, make: impl Fn(&Bot) -> Vec<Arc<dyn Cog>> + Send + Sync + 'static) -> Self {
        self.cogs = Arc::new(make);
        self
    }

    /// Changes settings before the cogs are loaded. The staff roles and channels of the community are set already.
    #[must_use]
    pub fn set(mut self, adjust: impl Fn(Changes, &Community) -> Changes + Send + Sync + 'static) -> Self {
        self.adjust = Arc::new(adjust);
        self
    }

    /// The bot's clock; the simulator keeps its own, the real one.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// What the bot may do in the guild.
    #[must_use]
    pub fn bot_rights(mut self, rights: BotRights) -> Self {
        self.rights = rights;
        self
    }

    /// How the simulator runs.
    #[must_use]
    pub fn sim(mut self, options: SimOptions) -> Self {
        self.options = options;
        self
    }

    /// Another database than a file of its own.
    #[must_use]
    pub fn database(mut self, url: impl Into<String>) -> Self {
        self.database = Some(url.into());
        self
    }

    /// Starts the simulator and the bot, and waits until it knows the guild.
    ///
    /// # Errors
    /// Whatever went wrong.
    pub async fn start(self) -> Result<TestBed, TestError> {
        install_crypto();
        let options = CommunityOptions {
            bot_rights: self.rights,
            ..CommunityOptions::default()
        };
        let (world, community) = Scenario::community_with(options)?;
        let sim = Sim::start(discord_document::checked(self.options.clone()), world).await?;
        let folder = Arc::new(TempDir::new()?);
        TestBed::start(self, sim, community, folder).await
    }
}

/// A running bot and the simulator that it talks to.
pub struct TestBed {
    /// Discord.
    pub sim: Sim,
    /// Who and what is there.
    pub community: Community,
    /// The bot.
    pub bot: Bot,
    /// Its settings.
    pub settings: Settings,
    stop: CancellationToken,
    gateway: Option<JoinHandle<Result<(), GatewayError>>>,
    jobs: JoinHandle<()>,
    builder: TestBedBuilder,
    folder: Arc<TempDir>,
}

impl TestBed {
    /// A bed with the core's texts and settings and no cogs.
    #[must_use]
    pub fn builder() -> TestBedBuilder {
        TestBedBuilder {
            texts: crate::TEXTS.to_vec(),
            settings: general::ALL.to_vec(),
            cogs: Arc::new(|_| Vec::new()),
            adjust: Arc::new(|changes, _| changes),
            clock: Clock::system(),
            rights: BotRights::LeastPrivilege,
            options: SimOptions {
                rate_limits: false,
                ..SimOptions::default()
            },
            database: None,
        }
    }

    async fn start(
        builder: TestBedBuilder,
        sim: Sim,
        community: Community,
        folder: Arc<TempDir>,
    ) -> Result<Self, TestError> {
        let file: PathBuf = folder.path().join("bot.db");
        let url = builder
            .database
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", file.display()));
        let store = Store::open(&url, builder.clock.clone(), Entropy::seeded(7)).await?;
        let guild: GuildId = id(community.guild);
        let base = Url::parse(sim.base_url())?;
        let directory = Arc::new(GatewayDirectory::new(&base));
        let settings = Settings::new(store.clone());
        settings.register(&builder.settings)?;
        settings.set_directory(directory.clone());
        settings.load(guild).await?;
        let role = |role| Some(id::<_>(role) as RoleId);
        let channel = |channel| Some(id::<_>(channel) as ChannelId);
        let changes = Changes::new()
            .set(&general::ADMIN_ROLE, role(community.roles.admin))
            .set(&general::MODERATOR_ROLE, role(community.roles.moderator))
            .set(&general::LOG_CHANNEL, channel(community.channels.log))
            .set(
                &general::TRANSCRIPT_CHANNEL,
                channel(community.channels.transcripts),
            )
            .set(&general::TICKETS_CATEGORY, channel(community.channels.tickets));
        settings
            .change(&Actor::System, guild, (builder.adjust)(changes, &community))
            .await?;
        let texts = Texts::builder().add_all(&builder.texts).build()?;
        texts.follow(&settings);
        let jobs = JobRunner::new(store.clone());
        let bot = Bot::new(Services {
            discord: Discord::new(&community.bot_token, &base)?,
            directory,
            store,
            settings: settings.clone(),
            texts,
            jobs: jobs.clone(),
            gates: Gates::default(),
            home: guild,
            allow_any_guild: false,
        });
        let cogs = (builder.cogs)(&bot);
        bot.cogs().start(cogs).await?;
        let stop = CancellationToken::new();
        let gateway = tokio::spawn({
            let (bot, token, stop) = (bot.clone(), community.bot_token.clone(), stop.clone());
            async move { gateway::run(&bot, &token, stop).await }
        });
        let jobs = tokio::spawn(async move { jobs.run().await });
        let bed = Self {
            sim,
            community,
            bot,
            settings,
            stop,
            gateway: Some(gateway),
            jobs,
            builder,
            folder,
        };
        tokio::time::timeout(PATIENCE, bed.bot.gauges().ready()).await?;
        bed.commands_sent().await?;
        Ok(bed)
    }

    /// Waits until Discord has the slash commands of the loaded cogs, no more and no less.
    ///
    /// # Errors
    /// If that does not happen.
    pub async fn commands_sent(&self) -> Result<(), TestError> {
        let names = || {
            let commands = self
                .bot
                .registry()
                .commands()
                .into_iter()
                .filter(|command| command.by_slash);
            commands
                .map(|command| command.name.to_owned())
                .collect::<std::collections::BTreeSet<_>>()
        };
        let application = self.community.application;
        let there = |world: &discord_sim::World| {
            let guild = world
                .application(application)
                .ok()
                .and_then(|app| app.guild_commands.get(&self.community.guild));
            let there: std::collections::BTreeSet<String> = guild
                .into_iter()
                .flat_map(|commands| commands.values())
                .map(|command| command.name.clone())
                .collect();
            there == names()
        };
        if self.sim.wait_until(there, PATIENCE).await {
            Ok(())
        } else {
            Err("the commands were not sent".into())
        }
    }

    /// The guild.
    #[must_use]
    pub fn home(&self) -> GuildId {
        self.bot.home()
    }

    /// Somebody as the bot's actor.
    #[must_use]
    pub fn actor(&self, user: discord_sim::Id) -> Actor {
        let user: UserId = id(user);
        let guild: Id<GuildMarker> = self.home();
        let name = self
            .bot
            .directory()
            .member(guild, user)
            .map(|member| member.username)
            .unwrap_or_default();
        Actor::Member { guild, user, name }
    }

    /// Changes settings.
    ///
    /// # Errors
    /// A value that is not allowed.
    pub async fn change(&self, changes: Changes) -> Result<(), TestError> {
        self.settings.change(&Actor::System, self.home(), changes).await?;
        Ok(())
    }

    /// Ends the program in order: what runs is finished, the sessions stay open for the next start.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        let Some(gateway) = self.gateway.take() else {
            return;
        };
        let _ = gateway.await;
        self.bot.finish(PATIENCE).await;
        self.bot.cogs().stop().await;
        self.jobs.abort();
        self.bot.store().close().await;
    }

    /// Waits until the connection to Discord ends by itself.
    ///
    /// # Errors
    /// Why it ended.
    pub async fn ended(&mut self) -> Result<(), TestError> {
        let Some(gateway) = self.gateway.take() else {
            return Ok(());
        };
        Ok(tokio::time::timeout(PATIENCE, gateway).await???)
    }

    /// Ends it in order and starts it anew on the same database.
    ///
    /// # Errors
    /// Whatever went wrong.
    pub async fn restart(mut self) -> Result<Self, TestError> {
        self.stop().await;
        self.again().await
    }

    /// Ends it without a word, as when the process is killed, and starts it anew on the same database.
    ///
    /// # Errors
    /// Whatever went wrong.
    pub async fn killed(self) -> Result<Self, TestError> {
        if let Some(gateway) = &self.gateway {
            gateway.abort();
        }
        self.jobs.abort();
        self.again().await
    }

    async fn again(self) -> Result<Self, TestError> {
        Self::start(self.builder, self.sim, self.community, self.folder).await
    }
}
