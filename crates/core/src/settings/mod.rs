//! Settings: typed values of one guild, live at once, versioned, and undone if need be.
//!
//! They belong to a guild. A feature declares statics and registers them; whoever needs a value asks for it when it is
//! needed and never keeps it. Stored is only what differs from the default.
//!
//! ```
//! # use hazebot_core::{Actor, settings::{Changes, Setting, Settings, general}, ids::GuildId};
//! static GREETING: Setting<bool> = Setting::flag("welcome.greeting", true, "Whether newcomers are greeted.");
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let guild = GuildId::new(1);
//! let settings = Settings::in_memory();
//! settings.register(&[GREETING.def()])?;
//! assert!(settings.get(guild, &GREETING));
//! settings.change(&Actor::System, guild, Changes::new().set(&GREETING, false)).await?;
//! assert!(!settings.get(guild, &GREETING));
//! # Ok(()) }
//! ```

mod change;
mod define;
mod document;
pub mod general;
mod history;
mod kind;
mod problem;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
};

use arc_swap::ArcSwap;
use parking_lot::{Mutex, RwLock};
use serde_json::{Map, Value};
use tokio::sync::broadcast;

pub use change::{Changed, Changes};
pub use define::{Setting, SettingDef, SettingValue};
pub use document::settings_markdown;
pub use general::staff_roles;
pub use history::{Delta, SettingVersion};
pub use kind::{IdKind, JsonCheck, Kind, TextRule};
pub use problem::{Problem, Reason};

use crate::{
    Actor, Outcome, Rights, SharedDirectory,
    directory::rights_of_actor,
    ids::{GuildId, Snowflake},
    store::{self, Store},
};

/// Changes that a watcher may fall behind; it is told that it did and reads what it needs anew.
const WATCHED_CHANGES: usize = 64;

/// The event of a change.
pub(crate) const CHANGED: &str = "settings.changed";

/// Values of a guild that differ from their default.
pub(crate) type Stored = HashMap<String, Value>;

/// Two settings have the same key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the setting {0} is declared twice")]
pub struct DuplicateSetting(pub &'static str);

/// What a watcher is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsChanged {
    /// Where.
    pub guild: GuildId,
    /// Which; empty if everything was read anew.
    pub keys: Vec<String>,
}

/// All settings of all guilds. Cheap to clone; reading takes no lock and no I/O.
#[derive(Clone)]
pub struct Settings(Arc<Inner>);

struct Inner {
    defs: RwLock<BTreeMap<&'static str, &'static SettingDef>>,
    /// Declaration order, for forms and documentation.
    order: RwLock<Vec<&'static SettingDef>>,
    guilds: ArcSwap<HashMap<GuildId, Arc<Stored>>>,
    backing: Backing,
    directory: OnceLock<SharedDirectory>,
    changing: tokio::sync::Mutex<()>,
    watchers: broadcast::Sender<Arc<SettingsChanged>>,
}

/// Where values outlive the process.
enum Backing {
    /// Nowhere: for tests.
    Memory(Mutex<HashMap<GuildId, Vec<SettingVersion>>>),
    Store(Store),
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("settings", &self.0.defs.read().len())
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Settings that are kept in the store. Those of [`general`] are registered.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self::with(Backing::Store(store))
    }

    /// Settings that end with the process, for tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::with(Backing::Memory(Mutex::default()))
    }

    fn with(backing: Backing) -> Self {
        Self(Arc::new(Inner {
            defs: RwLock::new(general::ALL.iter().map(|def| (def.key, *def)).collect()),
            order: RwLock::new(general::ALL.to_vec()),
            guilds: ArcSwap::default(),
            backing,
            directory: OnceLock::new(),
            changing: tokio::sync::Mutex::new(()),
            watchers: broadcast::Sender::new(WATCHED_CHANGES),
        }))
    }

    /// Where the roles of members are looked up. Without it no member has any rights. Set once.
    pub fn set_directory(&self, directory: SharedDirectory) {
        let _ = self.0.directory.set(directory);
    }

    /// Declares settings. Declaring the same static again, as a cog that is reloaded does, changes nothing.
    ///
    /// # Errors
    /// Two different settings have the same key; none of the list is declared then.
    pub fn register(&self, defs: &[&'static SettingDef]) -> Result<(), DuplicateSetting> {
        let mut known = self.0.defs.write();
        let is_other = |def: &&SettingDef| known.get(def.key).is_some_and(|old| !std::ptr::eq(*old, *def));
        if let Some(duplicate) = defs.iter().find(|def| is_other(def)) {
            return Err(DuplicateSetting(duplicate.key));
        }
        let mut order = self.0.order.write();
        for def in defs {
            if known.insert(def.key, def).is_none() {
                order.push(def);
            }
        }
        Ok(())
    }

    /// The value now.
    #[must_use]
    pub fn get<T: SettingValue>(&self, guild: GuildId, setting: &Setting<T>) -> T {
        let guilds = self.0.guilds.load();
        setting.read(guilds.get(&guild).and_then(|stored| stored.get(setting.key())))
    }

    /// The value in JSON, default included; `None` for an unknown key.
    #[must_use]
    pub fn get_json(&self, guild: GuildId, key: &str) -> Option<Value> {
        let def = self.def(key)?;
        let stored = self.stored(guild);
        Some(
            stored
                .get(key)
                .cloned()
                .unwrap_or_else(|| def.kind.default_value()),
        )
    }

    /// All values of a section (all sections for `None`) in JSON, by key, defaults included.
    #[must_use]
    pub fn values(&self, guild: GuildId, section: Option<&str>) -> Map<String, Value> {
        let stored = self.stored(guild);
        let defs = self.defs();
        let wanted = defs
            .iter()
            .filter(|def| section.is_none_or(|section| def.section() == section));
        let value = |def: &SettingDef| {
            stored
                .get(def.key)
                .cloned()
                .unwrap_or_else(|| def.kind.default_value())
        };
        wanted.map(|def| (def.key.to_owned(), value(def))).collect()
    }

    /// The declarations, in the order in which they came.
    #[must_use]
    pub fn defs(&self) -> Vec<&'static SettingDef> {
        self.0.order.read().clone()
    }

    fn def(&self, key: &str) -> Option<&'static SettingDef> {
        self.0.defs.read().get(key).copied()
    }

    fn stored(&self, guild: GuildId) -> Arc<Stored> {
        self.0.guilds.load().get(&guild).cloned().unwrap_or_default()
    }

    /// Reads a guild's values from the store: when the guild arrives, and when another process changed them.
    ///
    /// # Errors
    /// The store can't be read; the values stay as they were.
    pub async fn load(&self, guild: GuildId) -> Outcome<()> {
        let Backing::Store(store) = &self.0.backing else {
            return Ok(());
        };
        let _changing = self.0.changing.lock().await;
        let mut reader = store.read().await?;
        let rows: Vec<(String, String)> = store::fetch_all!(
            reader,
            (String, String),
            "SELECT key, value FROM settings WHERE guild_id = $1",
            guild.to_i64()
        )?;
        self.swap(guild, self.readable(guild, rows));
        self.tell(guild, Vec::new());
        Ok(())
    }

    /// Keeps up with what other processes on the same database change. Listens from the moment of the call; the future
    /// never ends where the database is shared, and at once where it is not.
    pub fn follow_others(&self) -> impl Future<Output = ()> + Send + 'static {
        let store = match &self.0.backing {
            Backing::Store(store) if store.is_shared() => Some(store.clone()),
            _ => None,
        };
        let (settings, feed) = (self.clone(), store.map(|store| store.events().subscribe()));
        async move {
            let Some(mut feed) = feed else { return };
            loop {
                let event = feed.next().await;
                let Some(guild) = event.guild.filter(|_| event.kind == CHANGED) else {
                    continue;
                };
                if let Err(error) = settings.load(guild).await {
                    tracing::error!(%guild, %error, "settings that another process changed were not read");
                }
            }
        }
    }

    /// Rows as values. What is no longer valid is left out with a warning: the default counts, the row stays.
    fn readable(&self, guild: GuildId, rows: Vec<(String, String)>) -> Stored {
        let mut stored = Stored::with_capacity(rows.len());
        for (key, text) in rows {
            let value: Option<Value> = serde_json::from_str(&text).ok();
            let checked = match (value, self.def(&key)) {
                (Some(value), Some(def)) => def.kind.normalise(&value).unwrap_or_else(|reason| {
                    let problem = Problem { key: key.clone(), reason };
                    tracing::warn!(%guild, problem = problem.sentence(), "a stored setting is not valid any more");
                    None
                }),
                // Not declared (yet): its cog may come later.
                (value, _) => value,
            };
            if let Some(value) = checked {
                stored.insert(key, value);
            }
        }
        stored
    }

    fn swap(&self, guild: GuildId, stored: Stored) {
        let stored = Arc::new(stored);
        self.0.guilds.rcu(|guilds| {
            let mut guilds = HashMap::clone(guilds);
            guilds.insert(guild, Arc::clone(&stored));
            guilds
        });
    }

    fn tell(&self, guild: GuildId, keys: Vec<String>) {
        // Nobody watching is no fault.
        let _ = self.0.watchers.send(Arc::new(SettingsChanged { guild, keys }));
    }

    /// Told of each change from now on, after it counts.
    #[must_use]
    pub fn watch(&self) -> broadcast::Receiver<Arc<SettingsChanged>> {
        self.0.watchers.subscribe()
    }

    /// What an actor may do in a guild now.
    #[must_use]
    pub fn rights(&self, guild: GuildId, actor: &Actor) -> Rights {
        match (self.0.directory.get(), actor) {
            (Some(directory), actor) => {
                rights_of_actor(directory.as_ref(), staff_roles(self, guild), guild, actor)
            }
            (None, Actor::Member { .. }) => Rights::None,
            (None, Actor::Script { .. }) => Rights::Moderator,
            (None, _) => Rights::Admin,
        }
    }

    /// Every setting for the panel: key, section, type, limits, default, description, whether it is a secret (none is:
    /// secrets are kept apart) and whether it counts at once (all do).
    #[must_use]
    pub fn schema(&self) -> Vec<Map<String, Value>> {
        let describe = |def: &&SettingDef| {
            let mut entry = def.kind.schema();
            entry.insert("key".into(), def.key.into());
            entry.insert("section".into(), def.section().into());
            entry.insert("default".into(), def.kind.default_value());
            entry.insert("description".into(), def.description.into());
            entry.insert("admin_only".into(), def.admin_only.into());
            entry.insert("secret".into(), false.into());
            entry.insert("live".into(), true.into());
            entry
        };
        self.defs().iter().map(describe).collect()
    }
}

#[cfg(test)]
mod tests;
