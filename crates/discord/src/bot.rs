//! The services that every cog shares, and the bot as a whole.

use std::sync::Arc;

use hazebot_core::{
    Actor, Clock, Directory, Entropy, Rights,
    directory::{StaffRoles, rights_of, rights_of_actor},
    gate::Gates,
    ids::{GuildId, UserId},
    jobs::JobRunner,
    settings::{self, Settings},
    store::Store,
    texts::{Args, Locale, Texts},
};
use tokio_util::task::TaskTracker;

use crate::{
    cooldown::Cooldowns,
    gateway::{GatewayDirectory, Gauges},
    manager::Manager,
    message::Embed,
    registry::Registry,
    rest::Discord,
};

/// What the program brings along.
#[derive(Clone)]
pub struct Services {
    /// Discord's REST API.
    pub discord: Discord,
    /// Who and what is in the guilds.
    pub directory: Arc<GatewayDirectory>,
    /// The database.
    pub store: Store,
    /// The settings.
    pub settings: Settings,
    /// The texts, those of the framework ([`crate::TEXTS`]) among them.
    pub texts: Texts,
    /// Runs jobs.
    pub jobs: JobRunner,
    /// The doors of all cogs, shared with the HTTP face.
    pub gates: Gates,
    /// The guild that this installation is for.
    pub home: GuildId,
    /// Whether other guilds are served too. Otherwise what comes from them is ignored.
    pub allow_any_guild: bool,
}

/// The bot. Cheap to clone.
#[derive(Clone)]
pub struct Bot(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) services: Services,
    pub(crate) registry: Registry,
    pub(crate) manager: Manager,
    pub(crate) cooldowns: Cooldowns,
    pub(crate) gauges: Gauges,
    /// What runs for a person right now, so that the program can wait for it before it ends.
    pub(crate) running: TaskTracker,
}

impl std::fmt::Debug for Bot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bot")
            .field("home", &self.home())
            .finish_non_exhaustive()
    }
}

impl Bot {
    /// A bot without cogs; see [`Bot::cogs`] for the way they come in.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self(Arc::new(Inner {
            registry: Registry::default(),
            manager: Manager::default(),
            cooldowns: Cooldowns::default(),
            gauges: Gauges::default(),
            running: TaskTracker::new(),
            services,
        }))
    }

    /// Discord's REST API.
    #[must_use]
    pub fn discord(&self) -> &Discord {
        &self.0.services.discord
    }

    /// Who and what is in the guilds right now.
    #[must_use]
    pub fn directory(&self) -> &dyn Directory {
        self.0.services.directory.as_ref()
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.services.store
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.services.settings
    }

    /// The texts.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.0.services.texts
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.store().clock()
    }

    /// Randomness.
    #[must_use]
    pub fn entropy(&self) -> &Entropy {
        self.store().entropy()
    }

    /// Runs jobs.
    #[must_use]
    pub fn jobs(&self) -> &JobRunner {
        &self.0.services.jobs
    }

    /// The doors of all cogs.
    #[must_use]
    pub fn gates(&self) -> &Gates {
        &self.0.services.gates
    }

    /// The guild that this installation is for.
    #[must_use]
    pub fn home(&self) -> GuildId {
        self.0.services.home
    }

    /// Whether this guild is served.
    #[must_use]
    pub fn serves(&self, guild: GuildId) -> bool {
        guild == self.home() || self.0.services.allow_any_guild
    }

    /// All commands of the loaded cogs.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// How the connection to Discord does.
    #[must_use]
    pub fn gauges(&self) -> &Gauges {
        &self.0.gauges
    }

    /// The roles that make somebody staff.
    #[must_use]
    pub fn staff_roles(&self, guild: GuildId) -> StaffRoles {
        settings::general::staff_roles(self.settings(), guild)
    }

    /// What somebody may do now.
    #[must_use]
    pub fn rights(&self, guild: GuildId, user: UserId) -> Rights {
        rights_of(self.directory(), self.staff_roles(guild), guild, user)
    }

    /// What an actor may do now.
    #[must_use]
    pub fn rights_of(&self, guild: GuildId, actor: &Actor) -> Rights {
        rights_of_actor(self.directory(), self.staff_roles(guild), guild, actor)
    }

    /// A text in the guild's language, for messages to everybody.
    #[must_use]
    pub fn text(&self, guild: GuildId, id: &str, args: Args<'_>) -> String {
        self.texts().get(None::<Locale>, Some(guild), id, args)
    }

    /// An embed with the guild's colour and footer.
    #[must_use]
    pub fn embed(&self, guild: Option<GuildId>) -> Embed {
        let guild = guild.unwrap_or_else(|| self.home());
        let footer = self.settings().get(guild, &settings::general::EMBED_FOOTER);
        let embed = Embed::new().color(self.settings().get(guild, &settings::general::PINK));
        if footer.is_empty() {
            embed
        } else {
            embed.footer(footer)
        }
    }

    /// Waits for what runs for people, `patience` at most; `false` if something still runs.
    pub async fn finish(&self, patience: std::time::Duration) -> bool {
        self.0.running.close();
        tokio::time::timeout(patience, self.0.running.wait())
            .await
            .is_ok()
    }
}
