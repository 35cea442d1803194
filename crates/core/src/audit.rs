//! The audit log: who changed what, with the state before and after. Written in the transaction of the change.

use serde::Serialize;
use serde_json::Value;

use crate::{
    actor::Actor,
    clock::{Timestamp, from_millis},
    failure::{Failure, Outcome},
    ids::{GuildId, Snowflake},
    store::{Database, Tx},
};

/// Most rows that [`list`] gives at once.
pub const PAGE: i64 = 200;

/// A row that a change writes.
#[derive(Clone, Debug)]
pub struct Audit<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The guild it belongs to; `None` for the installation.
    pub guild: Option<GuildId>,
    /// What was done, `ticket.claim`.
    pub action: &'a str,
    /// To what, for example a ticket's id.
    pub target: String,
    /// The parts that changed, before.
    pub before: Option<Value>,
    /// The parts that changed, after.
    pub after: Option<Value>,
}

impl<'a> Audit<'a> {
    /// A row without guild, target and states.
    #[must_use]
    pub fn new(actor: &'a Actor, action: &'a str) -> Self {
        Self {
            actor,
            guild: None,
            action,
            target: String::new(),
            before: None,
            after: None,
        }
    }

    /// Sets the guild.
    #[must_use]
    pub fn guild(mut self, guild: GuildId) -> Self {
        self.guild = Some(guild);
        self
    }

    /// Sets what it was done to.
    #[must_use]
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = target.into();
        self
    }

    /// Sets the state before.
    #[must_use]
    pub fn before(mut self, state: Value) -> Self {
        self.before = Some(state);
        self
    }

    /// Sets the state after.
    #[must_use]
    pub fn after(mut self, state: Value) -> Self {
        self.after = Some(state);
        self
    }
}

impl Tx<'_> {
    /// Writes a row of the audit log.
    ///
    /// # Errors
    /// The database refused it.
    pub async fn audit(&mut self, entry: Audit<'_>) -> Outcome<()> {
        let actor = serde_json::to_string(entry.actor)
            .map_err(|error| Failure::internal(format!("audit: {error}")))?;
        crate::execute!(
            self,
            "INSERT INTO audit (at, guild_id, actor, actor_user_id, action, target, state_before, state_after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            self.now_millis(),
            entry.guild.map_or(0, Snowflake::to_i64),
            actor,
            entry.actor.user().map(Snowflake::to_i64),
            entry.action,
            entry.target,
            entry.before.as_ref().map(Value::to_string),
            entry.after.as_ref().map(Value::to_string)
        )?;
        Ok(())
    }
}

/// A stored row.
#[derive(Clone, Debug, Serialize)]
pub struct AuditEntry {
    /// Its place in the order.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: String,
    /// To what.
    pub target: String,
    /// The state before.
    pub before: Option<Value>,
    /// The state after.
    pub after: Option<Value>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: i64,
    actor: String,
    action: String,
    target: String,
    state_before: Option<String>,
    state_after: Option<String>,
}

/// Rows of a guild (`None`: of the installation), newest first, those before `before` if given, [`PAGE`] at most.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &mut impl Database,
    guild: Option<GuildId>,
    before: Option<i64>,
    limit: i64,
) -> Outcome<Vec<AuditEntry>> {
    let rows = crate::fetch_all!(
        db,
        Row,
        "SELECT id, at, actor, action, target, state_before, state_after FROM audit WHERE guild_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        guild.map_or(0, Snowflake::to_i64),
        before.unwrap_or(i64::MAX),
        limit.clamp(1, PAGE)
    )?;
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(rows
        .into_iter()
        .map(|row| AuditEntry {
            id: row.id,
            at: from_millis(row.at),
            actor: serde_json::from_str(&row.actor).unwrap_or(Actor::System),
            action: row.action,
            target: row.target,
            before: json(row.state_before),
            after: json(row.state_after),
        })
        .collect())
}
