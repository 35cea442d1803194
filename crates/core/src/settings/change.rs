//! Changes settings: checks everything, then applies everything in one transaction, or nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    Backing, CHANGED, Problem, Reason, Setting, SettingValue, Settings, Stored,
    history::{self, Delta, SettingVersion},
    problem::refusal,
};
use crate::{
    Actor, Failure, Outcome, Refusal, RefusalKind, Rights,
    audit::Audit,
    clock::Timestamp,
    events::NewEvent,
    ids::{GuildId, Snowflake},
    store::{self, Tx},
};

/// Settings that one change may name: more than there are.
const MOST_CHANGES: usize = 1_000;

/// What is to be changed.
#[derive(Clone, Debug, Default)]
pub struct Changes(BTreeMap<String, Value>);

impl Changes {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value.
    #[must_use]
    pub fn set<T: SettingValue>(self, setting: &Setting<T>, value: T) -> Self {
        self.json(setting.key(), value.to_json())
    }

    /// Sets a value by key; `null` takes the setting back to its default.
    #[must_use]
    pub fn json(mut self, key: impl Into<String>, value: Value) -> Self {
        self.0.insert(key.into(), value);
        self
    }

    /// Takes a setting back to its default.
    #[must_use]
    pub fn unset(self, key: impl Into<String>) -> Self {
        self.json(key, Value::Null)
    }
}

impl From<Map<String, Value>> for Changes {
    fn from(map: Map<String, Value>) -> Self {
        Self(map.into_iter().collect())
    }
}

/// What a change did.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The version that it made; `None` if everything was as wanted already.
    pub version: Option<i64>,
    /// The settings that are different now.
    pub keys: Vec<String>,
}

/// A change that passed all checks: the value to store, or `None` for the default.
type Plan = BTreeMap<String, Option<Value>>;

impl Settings {
    /// Everything that is wrong with a change, whoever makes it.
    #[must_use]
    pub fn check(&self, changes: &Changes) -> Vec<Problem> {
        self.plan(changes, Rights::Admin).err().unwrap_or_default()
    }

    /// Changes settings of a guild: all or none. They count when this returns.
    ///
    /// # Errors
    /// A refusal that names each setting that is not valid, or that this actor may not change; or the store's failure.
    pub async fn change(
        &self,
        actor: &Actor,
        guild: GuildId,
        changes: impl Into<Changes>,
    ) -> Outcome<Changed> {
        let changes: Changes = changes.into();
        let rights = self.staff(guild, actor)?;
        let plan = self
            .plan(&changes, rights)
            .map_err(|problems| refusal(&problems))?;
        self.apply(actor, guild, "settings.change", plan).await
    }

    /// Takes all settings of a section back to their defaults.
    ///
    /// # Errors
    /// As [`Settings::change`], or if there is no such section.
    pub async fn reset(&self, actor: &Actor, guild: GuildId, section: &str) -> Outcome<Changed> {
        let defs = self.defs();
        let changes = defs
            .iter()
            .filter(|def| def.section() == section)
            .fold(Changes::new(), |all, def| all.unset(def.key));
        if changes.0.is_empty() {
            return Err(Refusal::not_found(
                "setting-section-unknown",
                format!("There is no section {section}"),
            )
            .into());
        }
        let rights = self.staff(guild, actor)?;
        let plan = self
            .plan(&changes, rights)
            .map_err(|problems| refusal(&problems))?;
        self.apply(actor, guild, "settings.reset", plan).await
    }

    /// Takes a version back: its settings get the values they had before. This is a change like any other and makes a
    /// version of its own.
    ///
    /// # Errors
    /// As [`Settings::change`]; not found; or a conflict that names the settings which were changed again since.
    pub async fn undo(&self, actor: &Actor, guild: GuildId, version: i64) -> Outcome<Changed> {
        let rights = self.staff(guild, actor)?;
        let Some(done) = self.version(guild, version).await? else {
            return Err(Refusal::not_found(
                "setting-version-unknown",
                format!("There is no version {version}"),
            )
            .into());
        };
        let stored = self.stored(guild);
        let again: Vec<&str> = done
            .changes
            .iter()
            .filter(|(key, delta)| stored.get(*key) != delta.after.as_ref())
            .map(|(key, _)| key.as_str())
            .collect();
        if !again.is_empty() {
            let keys = again.join(", ");
            let sentence = format!("Changed again since: {keys}");
            return Err(
                Refusal::new(RefusalKind::Conflict, "setting-changed-since", sentence)
                    .with("keys", keys)
                    .into(),
            );
        }
        let changes = done
            .changes
            .into_iter()
            .map(|(key, delta)| (key, delta.before.unwrap_or(Value::Null)))
            .collect();
        let plan = self
            .plan(&Changes(changes), rights)
            .map_err(|problems| refusal(&problems))?;
        self.apply(actor, guild, "settings.undo", plan).await
    }

    fn staff(&self, guild: GuildId, actor: &Actor) -> Outcome<Rights> {
        let rights = self.rights(guild, actor);
        if rights.is_staff() {
            return Ok(rights);
        }
        Err(Refusal::forbidden("settings-staff-only", "Only staff can change settings").into())
    }

    fn plan(&self, changes: &Changes, rights: Rights) -> Result<Plan, Vec<Problem>> {
        let (mut plan, mut problems) = (Plan::new(), Vec::new());
        for (key, value) in changes.0.iter().take(MOST_CHANGES) {
            let checked = match self.def(key) {
                None => Err(Reason::Unknown),
                Some(def) if def.admin_only && !rights.is_admin() => Err(Reason::AdminOnly),
                Some(def) => def.kind.normalise(value),
            };
            match checked {
                Ok(value) => {
                    plan.insert(key.clone(), value);
                }
                Err(reason) => problems.push(Problem {
                    key: key.clone(),
                    reason,
                }),
            }
        }
        if problems.is_empty() {
            Ok(plan)
        } else {
            Err(problems)
        }
    }

    /// Runs to its end even if nobody waits any more: a stored change must count.
    async fn apply(
        &self,
        actor: &Actor,
        guild: GuildId,
        action: &'static str,
        plan: Plan,
    ) -> Outcome<Changed> {
        let (settings, actor) = (self.clone(), actor.clone());
        let work = tokio::spawn(async move { settings.apply_now(actor, guild, action, plan).await });
        work.await
            .map_err(|_| Failure::internal("changing settings was interrupted"))?
    }

    async fn apply_now(
        &self,
        actor: Actor,
        guild: GuildId,
        action: &'static str,
        plan: Plan,
    ) -> Outcome<Changed> {
        let _changing = self.0.changing.lock().await;
        let (stored, changed) = match &self.0.backing {
            Backing::Memory(versions) => {
                let mut stored = Stored::clone(&self.stored(guild));
                let deltas = deltas(&stored, plan);
                put(&mut stored, &deltas);
                let keys: Vec<String> = deltas.keys().cloned().collect();
                let mut versions = versions.lock();
                let versions = versions.entry(guild).or_default();
                let version = (!keys.is_empty()).then_some(versions.len() as i64 + 1);
                if let Some(id) = version {
                    versions.push(SettingVersion {
                        id,
                        at: Timestamp::UNIX_EPOCH,
                        actor,
                        changes: deltas,
                    });
                }
                (stored, Changed { version, keys })
            }
            Backing::Store(store) => {
                let write = store.write(move |tx| Box::pin(write(tx, actor, guild, action, plan)));
                let (rows, changed) = write.await?;
                (self.readable(guild, rows), changed)
            }
        };
        self.swap(guild, stored);
        if !changed.keys.is_empty() {
            self.tell(guild, changed.keys.clone());
        }
        Ok(changed)
    }
}

/// All rows of the guild after the change, and what it did.
type Written = (Vec<(String, String)>, Changed);

async fn write(
    tx: &mut Tx<'_>,
    actor: Actor,
    guild: GuildId,
    action: &'static str,
    plan: Plan,
) -> Outcome<Written> {
    let rows: Vec<(String, String)> = store::fetch_all!(
        tx,
        (String, String),
        "SELECT key, value FROM settings WHERE guild_id = $1",
        guild.to_i64()
    )?;
    let now: Stored = rows
        .iter()
        .filter_map(|(key, text)| Some((key.clone(), serde_json::from_str(text).ok()?)))
        .collect();
    let deltas = deltas(&now, plan);
    if deltas.is_empty() {
        return Ok((
            rows,
            Changed {
                version: None,
                keys: Vec::new(),
            },
        ));
    }
    let mut rows: BTreeMap<String, String> = rows.into_iter().collect();
    for (key, delta) in &deltas {
        if let Some(value) = &delta.after {
            let text = value.to_string();
            store::execute!(
                tx,
                "INSERT INTO settings (guild_id, key, value) VALUES ($1, $2, $3) ON CONFLICT (guild_id, key) DO UPDATE SET value = excluded.value",
                guild.to_i64(),
                key.as_str(),
                text.as_str()
            )?;
            rows.insert(key.clone(), text);
        } else {
            store::execute!(
                tx,
                "DELETE FROM settings WHERE guild_id = $1 AND key = $2",
                guild.to_i64(),
                key.as_str()
            )?;
            rows.remove(key);
        }
    }
    let version = history::write(tx, guild, &actor, &deltas).await?;
    let side = |pick: fn(&Delta) -> &Option<Value>| -> Value {
        deltas
            .iter()
            .map(|(key, delta)| (key.clone(), json!(pick(delta))))
            .collect::<Map<_, _>>()
            .into()
    };
    let (before, after) = (side(|delta| &delta.before), side(|delta| &delta.after));
    let keys: Vec<String> = deltas.keys().cloned().collect();
    tx.audit(
        Audit::new(&actor, action)
            .guild(guild)
            .target(version.to_string())
            .before(before)
            .after(after),
    )
    .await?;
    let payload = json!({"version": version, "keys": keys});
    tx.emit(NewEvent::new(CHANGED).guild(guild).actor(&actor).payload(payload))
        .await?;
    Ok((
        rows.into_iter().collect(),
        Changed {
            version: Some(version),
            keys,
        },
    ))
}

/// What of a plan is different from what is stored.
fn deltas(now: &Stored, plan: Plan) -> BTreeMap<String, Delta> {
    plan.into_iter()
        .filter(|(key, after)| now.get(key) != after.as_ref())
        .map(|(key, after)| {
            let before = now.get(&key).cloned();
            (key, Delta { before, after })
        })
        .collect()
}

fn put(stored: &mut Stored, deltas: &BTreeMap<String, Delta>) {
    for (key, delta) in deltas {
        match &delta.after {
            Some(value) => stored.insert(key.clone(), value.clone()),
            None => stored.remove(key),
        };
    }
}
