//! The queries on panels.

use hazebot_core::{
    Outcome, execute, fetch_all, fetch_optional, fetch_scalar, fetch_scalars,
    ids::{ChannelId, GuildId, MessageId, Snowflake},
    store::{Database, Tx},
};

use crate::ticket::panel::{Panel, PanelDraft, PanelId, Style};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, guild_id, channel_id, message_channel_id, message_id, title, text, style, kinds, problem, removed ",
            "FROM ticket_panels ",
            $rest
        )
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    guild_id: i64,
    channel_id: i64,
    message_channel_id: Option<i64>,
    message_id: Option<i64>,
    title: String,
    text: String,
    style: String,
    kinds: String,
    problem: Option<String>,
    removed: i64,
}

impl Row {
    /// A row that no version of this program can have written is left out.
    fn panel(self) -> Option<Panel> {
        let posted = match (self.message_channel_id, self.message_id) {
            (Some(channel), Some(message)) => ChannelId::from_i64(channel).zip(MessageId::from_i64(message)),
            _ => None,
        };
        Some(Panel {
            id: self.id.parse().ok()?,
            guild: GuildId::from_i64(self.guild_id)?,
            draft: PanelDraft {
                channel: ChannelId::from_i64(self.channel_id)?,
                title: self.title,
                text: self.text,
                style: Style::from_db(&self.style)?,
                kinds: serde_json::from_str(&self.kinds).ok()?,
            },
            posted,
            problem: self.problem,
            removed: self.removed != 0,
        })
    }
}

/// A panel, also one that is being removed.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn find(db: &mut impl Database, guild: GuildId, id: PanelId) -> Outcome<Option<Panel>> {
    let sql = select!("WHERE id = $1 AND guild_id = $2");
    let row = fetch_optional!(db, Row, sql, id.to_string(), guild.to_i64())?;
    Ok(row.and_then(Row::panel))
}

/// The panels of a guild, oldest first.
///
/// # Errors
/// The database's.
pub(crate) async fn listed(db: &mut impl Database, guild: GuildId) -> Outcome<Vec<Panel>> {
    let sql = select!("WHERE guild_id = $1 AND removed = 0 ORDER BY created_at, id");
    let rows = fetch_all!(db, Row, sql, guild.to_i64())?;
    Ok(rows.into_iter().filter_map(Row::panel).collect())
}

/// The ids of a guild's panels.
///
/// # Errors
/// The database's.
pub(crate) async fn ids(db: &mut impl Database, guild: GuildId) -> Outcome<Vec<String>> {
    let sql = "SELECT id FROM ticket_panels WHERE guild_id = $1 AND removed = 0";
    Ok(fetch_scalars!(db, String, sql, guild.to_i64())?)
}

/// How many panels a guild has.
///
/// # Errors
/// The database's.
pub(crate) async fn count(db: &mut impl Database, guild: GuildId) -> Outcome<i64> {
    let sql = "SELECT COUNT(*) FROM ticket_panels WHERE guild_id = $1 AND removed = 0";
    Ok(fetch_scalar!(db, i64, sql, guild.to_i64())?)
}

/// Adds a panel, or gives it a new content.
///
/// # Errors
/// The database's.
pub(crate) async fn put(tx: &mut Tx<'_>, panel: &Panel) -> Outcome<()> {
    let sql = "INSERT INTO ticket_panels (id, guild_id, channel_id, title, text, style, kinds, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
               ON CONFLICT (id) DO UPDATE SET channel_id = $3, title = $4, text = $5, style = $6, kinds = $7,
                 problem = NULL";
    let draft = &panel.draft;
    let kinds = serde_json::to_string(&draft.kinds).unwrap_or_else(|_| "[]".to_owned());
    execute!(
        tx,
        sql,
        panel.id.to_string(),
        panel.guild.to_i64(),
        draft.channel.to_i64(),
        draft.title.as_str(),
        draft.text.as_str(),
        draft.style.as_str(),
        kinds,
        tx.now_millis()
    )?;
    Ok(())
}

/// Notes where it stands now.
///
/// # Errors
/// The database's.
pub(crate) async fn note(
    tx: &mut Tx<'_>,
    id: PanelId,
    posted: Option<(ChannelId, MessageId)>,
    problem: Option<&'static str>,
) -> Outcome<()> {
    let sql = "UPDATE ticket_panels SET message_channel_id = $1, message_id = $2, problem = $3 WHERE id = $4";
    let (channel, message) = posted.unzip();
    execute!(
        tx,
        sql,
        channel.map(Snowflake::to_i64),
        message.map(Snowflake::to_i64),
        problem,
        id.to_string()
    )?;
    Ok(())
}

/// Marks it as to be removed. Gives whether there was one.
///
/// # Errors
/// The database's.
pub(crate) async fn mark_removed(tx: &mut Tx<'_>, guild: GuildId, id: PanelId) -> Outcome<bool> {
    let sql = "UPDATE ticket_panels SET removed = 1 WHERE id = $1 AND guild_id = $2 AND removed = 0";
    Ok(execute!(tx, sql, id.to_string(), guild.to_i64())? > 0)
}

/// Forgets a panel whose message is gone.
///
/// # Errors
/// The database's.
pub(crate) async fn forget(tx: &mut Tx<'_>, id: PanelId) -> Outcome<()> {
    execute!(
        tx,
        "DELETE FROM ticket_panels WHERE id = $1 AND removed = 1",
        id.to_string()
    )?;
    Ok(())
}
