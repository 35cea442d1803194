//! The versions: who changed what, from what to what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Backing, Settings};
use crate::{
    Actor, Failure, Outcome,
    clock::{Timestamp, from_millis},
    ids::{GuildId, Snowflake},
    store::{self, Tx},
};

/// Versions of a guild that are kept: years of normal use.
const KEPT_VERSIONS: i64 = 500;

/// A change of one setting; `None` is the default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// Value before.
    pub before: Option<Value>,
    /// Value after.
    pub after: Option<Value>,
}

/// One change of settings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SettingVersion {
    /// Ascending.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What, by key.
    pub changes: BTreeMap<String, Delta>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: i64,
    actor: String,
    changes: String,
}

impl Row {
    fn read(self) -> Outcome<SettingVersion> {
        let broken =
            |error: serde_json::Error| Failure::internal(format!("setting version {}: {error}", self.id));
        Ok(SettingVersion {
            id: self.id,
            at: from_millis(self.at),
            actor: serde_json::from_str(&self.actor).map_err(broken)?,
            changes: serde_json::from_str(&self.changes).map_err(broken)?,
        })
    }
}

impl Settings {
    /// The newest versions of a guild, newest first; at most 500 are kept.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn history(&self, guild: GuildId, limit: u32) -> Outcome<Vec<SettingVersion>> {
        let limit = i64::from(limit).min(KEPT_VERSIONS);
        match &self.0.backing {
            Backing::Memory(versions) => {
                let versions = versions.lock().get(&guild).cloned().unwrap_or_default();
                Ok(versions
                    .into_iter()
                    .rev()
                    .take(usize::try_from(limit).unwrap_or(0))
                    .collect())
            }
            Backing::Store(store) => {
                let mut reader = store.read().await?;
                let rows: Vec<Row> = store::fetch_all!(
                    reader,
                    Row,
                    "SELECT id, at, actor, changes FROM setting_versions WHERE guild_id = $1 ORDER BY id DESC LIMIT $2",
                    guild.to_i64(),
                    limit
                )?;
                rows.into_iter().map(Row::read).collect()
            }
        }
    }

    /// One version of this guild.
    pub(super) async fn version(&self, guild: GuildId, id: i64) -> Outcome<Option<SettingVersion>> {
        match &self.0.backing {
            Backing::Memory(versions) => {
                let versions = versions.lock();
                Ok(versions
                    .get(&guild)
                    .and_then(|all| all.iter().find(|version| version.id == id))
                    .cloned())
            }
            Backing::Store(store) => {
                let mut reader = store.read().await?;
                let row: Option<Row> = store::fetch_optional!(
                    reader,
                    Row,
                    "SELECT id, at, actor, changes FROM setting_versions WHERE guild_id = $1 AND id = $2",
                    guild.to_i64(),
                    id
                )?;
                row.map(Row::read).transpose()
            }
        }
    }
}

/// Writes a version and drops the oldest beyond the limit.
pub(super) async fn write(
    tx: &mut Tx<'_>,
    guild: GuildId,
    actor: &Actor,
    changes: &BTreeMap<String, Delta>,
) -> Outcome<i64> {
    let broken = |error: serde_json::Error| Failure::internal(format!("setting version: {error}"));
    let (actor, changes) = (
        serde_json::to_string(actor).map_err(broken)?,
        serde_json::to_string(changes).map_err(broken)?,
    );
    let id = store::fetch_scalar!(
        tx,
        i64,
        "INSERT INTO setting_versions (guild_id, at, actor, changes) VALUES ($1, $2, $3, $4) RETURNING id",
        guild.to_i64(),
        tx.now_millis(),
        actor.as_str(),
        changes.as_str()
    )?;
    store::execute!(
        tx,
        "DELETE FROM setting_versions WHERE guild_id = $1 AND id <= COALESCE((SELECT id FROM setting_versions WHERE guild_id = $2 ORDER BY id DESC LIMIT 1 OFFSET $3), -1)",
        guild.to_i64(),
        guild.to_i64(),
        KEPT_VERSIONS
    )?;
    Ok(id)
}
