//! Removes what a guild no longer wants to keep of closed tickets: copies of files, and messages with their texts. The
//! tickets themselves stay, so that numbers and statistics stay right. Never touches a ticket that is open.

use hazebot_core::{
    Actor, Failure, Outcome,
    audit::Audit,
    clock::Timestamp,
    ids::{GuildId, Snowflake},
    jobs::{JobContext, JobDone, NewJob},
    settings::Setting,
};
use serde_json::json;

use crate::{
    Tickets, settings,
    store::retention::{self, Old},
};

/// The job; there is one for all guilds.
pub(crate) const RETENTION: &str = "ticket.retention";
/// How often it runs.
const EVERY: chrono::Duration = chrono::Duration::hours(24);

impl Tickets {
    /// Schedules the job unless it is.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn schedule_retention(&self) -> Outcome<()> {
        let due = self.now();
        let job = NewJob::new(RETENTION, "all", due);
        let scheduled = self
            .store()
            .write(move |tx| Box::pin(async move { tx.schedule_once(job).await }));
        scheduled.await.map(drop)
    }

    /// The job of [`RETENTION`].
    ///
    /// # Errors
    /// The database's or the disk's; then it is tried again.
    pub async fn retention_job(&self, _: &JobContext) -> Outcome<JobDone> {
        let guilds = retention::guilds(&mut self.store().read().await?).await?;
        for guild in guilds {
            if let Some(until) = self.kept_until(guild, &settings::KEEP_FILES_DAYS) {
                self.remove_files(guild, until).await?;
            }
            if let Some(until) = self.kept_until(guild, &settings::KEEP_MESSAGES_DAYS) {
                self.remove_messages(guild, until).await?;
            }
        }
        Ok(JobDone::Again(self.now() + EVERY))
    }

    /// What was closed before this moment goes; `None` keeps everything.
    fn kept_until(&self, guild: GuildId, setting: &Setting<i64>) -> Option<Timestamp> {
        let days = self.settings().get(guild, setting);
        (days > 0).then(|| self.now() - chrono::Duration::days(days))
    }

    async fn remove_files(&self, guild: GuildId, until: Timestamp) -> Outcome<()> {
        loop {
            let old = retention::with_files(&mut self.store().read().await?, guild, until).await?;
            if old.is_empty() {
                return Ok(());
            }
            self.delete_copies(guild, &old).await?;
            let written = self.store().write(move |tx| {
                Box::pin(async move {
                    let files = retention::forget_files(tx, &old).await?;
                    let about = json!({ "tickets": numbers(&old), "files": files });
                    tx.audit(entry(guild, "ticket.files_expired").after(about)).await
                })
            });
            written.await?;
        }
    }

    async fn remove_messages(&self, guild: GuildId, until: Timestamp) -> Outcome<()> {
        loop {
            let old = retention::with_messages(&mut self.store().read().await?, guild, until).await?;
            if old.is_empty() {
                return Ok(());
            }
            self.delete_copies(guild, &old).await?;
            for ticket in &old {
                // In small steps: each row also leaves the index of words, and others want to write too.
                let id = ticket.id;
                while self
                    .store()
                    .write(move |tx| Box::pin(async move { retention::forget_some_messages(tx, id).await }))
                    .await?
                {}
            }
            let written = self.store().write(move |tx| {
                Box::pin(async move {
                    retention::forget_texts(tx, &old).await?;
                    let about = json!({ "tickets": numbers(&old) });
                    tx.audit(entry(guild, "ticket.messages_expired").after(about))
                        .await
                })
            });
            written.await?;
            self.lists.changed(guild);
        }
    }

    async fn delete_copies(&self, guild: GuildId, old: &[Old]) -> Outcome<()> {
        for ticket in old {
            let _one = self.copying.hold(ticket.id).await;
            let deleted = self.files.delete_all(guild, ticket.id).await;
            deleted.map_err(|error| Failure::service("disk", error))?;
        }
        tracing::info!(
            guild = guild.to_i64(),
            tickets = old.len(),
            "old records of tickets are removed"
        );
        Ok(())
    }
}

fn entry(guild: GuildId, action: &'static str) -> Audit<'static> {
    Audit::new(&Actor::Timer, action).guild(guild)
}

fn numbers(old: &[Old]) -> Vec<i64> {
    old.iter().map(|ticket| ticket.number).collect()
}
