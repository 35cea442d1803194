//! The running program: services in the order in which they need each other, and their end in reverse.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use hazebot_core::{
    Clock, Entropy, Failure, SharedDirectory,
    env::Env,
    gate::Gates,
    jobs::{JobRegistration, JobRunner},
    logs::LogView,
    settings::{DuplicateSetting, Settings, general},
    store::{self, Store, StoreError},
    texts::TextsError,
};
use hazebot_discord::{BadBase, Bot, Cog, Discord, GatewayDirectory, GatewayError, Services, gateway};
use hazebot_http::{Api, ApiOptions, BuildError, Server};
use hazebot_operations::ApiServer;
use hazebot_tickets::Tickets;
use secrecy::ExposeSecret;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::wiring::{self, Features};

/// How long the end waits for what runs for people. Service managers kill after 10 s as a rule.
const LAST_PATIENCE: Duration = Duration::from_secs(8);

/// How the program is started.
#[derive(Clone)]
pub struct Options {
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// The log's recent lines.
    pub logs: LogView,
    /// With API and panel.
    pub api: bool,
    /// Off in load tests only.
    pub rate_limits: bool,
    /// Cogs besides the program's own, such as those that a test watches.
    pub extra_cogs: Vec<Arc<dyn Cog>>,
}

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error("the database can't be opened: {0}")]
    Store(#[from] StoreError),
    /// Two features declare one setting.
    #[error(transparent)]
    Setting(#[from] DuplicateSetting),
    /// A text does not parse.
    #[error("the texts are broken: {0:?}")]
    Texts(#[from] TextsError),
    /// `DISCORD_BASE_URL`.
    #[error(transparent)]
    Base(#[from] BadBase),
    /// The API's routes.
    #[error("the API can't be put together: {0}")]
    Api(#[from] BuildError),
    /// A core part failed.
    #[error("{0}")]
    Failed(#[from] Failure),
}

/// The running program.
pub struct Program {
    bot: Bot,
    tickets: Tickets,
    api: Api,
    server: Server,
    store: Store,
    stop: CancellationToken,
    gateway: JoinHandle<Result<(), GatewayError>>,
    jobs: JobRunner,
    /// Keeps the tables bounded while it is held.
    _bounded: JobRegistration,
}

impl Program {
    /// Starts everything. Gives back before the gateway is ready; see [`Bot::gauges`].
    ///
    /// # Errors
    /// [`StartError`]; nothing runs then.
    pub async fn start(env: Env, options: Options) -> Result<Self, StartError> {
        let store = Store::open(
            env.storage.database_url.expose_secret(),
            options.clock.clone(),
            options.entropy.clone(),
        )
        .await?;
        let home = env.discord.guild;
        let (bot, directory) = make_bot(&env, store.clone())?;
        bot.settings().load(home).await?;
        bot.texts().load_overrides(home).await?;

        let features = Features::new(&bot, &options.logs, &env);
        let api = make_api(&env, &bot, directory, options.rate_limits);
        let built = api.build(features.routes(&api), Some(hazebot_panel::router()))?;
        let server = Server::new(env.api.bind, env.api.port);
        let api_cog = options
            .api
            .then(|| ApiServer::new(server.clone(), built.app, api.clone()));

        let stop = CancellationToken::new();
        let mut cogs = features.cogs(api_cog);
        cogs.extend(options.extra_cogs);
        bot.cogs().start(cogs).await?;
        // After the cogs, so that they hear of every guild that arrives.
        let gateway = tokio::spawn({
            let (bot, stop, token) = (bot.clone(), stop.clone(), env.discord.token.clone());
            async move { gateway::run(&bot, token.expose_secret(), stop).await }
        });
        let jobs = bot.jobs().clone();
        tokio::spawn(bot.settings().follow_others());
        tokio::spawn(bot.texts().follow_others());
        let bounded = store::keep_bounded(&jobs, &store).await?;
        tokio::spawn({
            let jobs = jobs.clone();
            async move { jobs.run().await }
        });
        tokio::spawn({
            let (api, stop) = (api.clone(), stop.clone());
            async move { api.keep(stop).await }
        });
        Ok(Self {
            bot,
            tickets: features.tickets,
            api,
            server,
            store,
            stop,
            gateway,
            jobs,
            _bounded: bounded,
        })
    }

    /// The bot.
    #[must_use]
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    /// Tickets.
    #[must_use]
    pub fn tickets(&self) -> &Tickets {
        &self.tickets
    }

    /// The API's services.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Where API and panel listen.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Waits until the gateway gives up, which only a person can mend.
    ///
    /// # Errors
    /// What it gave up for.
    pub async fn gateway_ended(&mut self) -> Result<(), GatewayError> {
        match (&mut self.gateway).await {
            Ok(ended) => ended,
            Err(_) => Ok(()),
        }
    }

    /// Ends in order: nothing new comes in, what runs for people is finished, everything is stored.
    pub async fn stop(self) {
        self.stop.cancel();
        if !self.gateway.is_finished() {
            // Its session stays open on Discord's side, so that the next start misses nothing.
            let _ = tokio::time::timeout(LAST_PATIENCE, self.gateway).await;
        }
        self.api.sockets().close_all().await;
        self.server.stop(LAST_PATIENCE).await;
        if !self.bot.finish(LAST_PATIENCE).await {
            tracing::warn!("something still ran for somebody and was cut off");
        }
        self.bot.cogs().stop().await;
        self.jobs.stop(LAST_PATIENCE).await;
        if let Err(error) = self.api.flush().await {
            tracing::warn!(%error, "what requests left behind was not stored");
        }
        self.store.close().await;
    }
}

/// The bot, without cogs, and the directory that its gateway fills.
pub(crate) fn make_bot(env: &Env, store: Store) -> Result<(Bot, SharedDirectory), StartError> {
    let settings = Settings::new(store.clone());
    settings.register(&wiring::settings())?;
    let texts = wiring::texts()?;
    texts.keep_in(&store, &settings);
    let directory = Arc::new(GatewayDirectory::new(&env.discord.cdn_url));
    settings.set_directory(directory.clone());
    let bot = Bot::new(Services {
        discord: Discord::new(env.discord.token.expose_secret(), &env.discord.base_url)?,
        directory: directory.clone(),
        jobs: JobRunner::new(store.clone()),
        store,
        settings,
        texts,
        gates: Gates::default(),
        home: env.discord.guild,
        allow_any_guild: false,
    });
    Ok((bot, directory))
}

/// The API's services.
pub(crate) fn make_api(env: &Env, bot: &Bot, directory: SharedDirectory, rate_limits: bool) -> Api {
    let settings = bot.settings().clone();
    Api::new(ApiOptions {
        api: env.api.clone(),
        oauth: env.oauth.clone(),
        discord: env.discord.clone(),
        directory,
        staff_roles: Arc::new(move |guild| general::staff_roles(&settings, guild)),
        store: bot.store().clone(),
        gates: bot.gates().clone(),
        rate_limits,
    })
}
