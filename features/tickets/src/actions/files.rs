//! Copies files of messages into the data folder before Discord's addresses run out, within the guild's limits, and
//! deletes copies that their messages have lost.

use hazebot_core::{
    Actor, Failure, Outcome, Refusal,
    events::NewEvent,
    ids::{GuildId, Snowflake},
    jobs::{JobContext, JobDone, NewJob},
    settings::Setting,
    store::Tx,
    upstream::{DownloadError, UpstreamError},
};
use serde_json::json;

use crate::{
    Tickets,
    files::Copied,
    settings,
    store::{self, files},
    ticket::{
        Ticket, TicketId,
        file::{File, FileId, FileState, WireFile},
    },
};

/// The job that copies a ticket's files; its key is the ticket.
pub(crate) const FILES: &str = "ticket.files";
/// Tries of one file: with the pauses of jobs, which double up to an hour, half a day.
const TRIES: i64 = 20;
/// Tries of one file where a deletion waits for it.
const LAST_TRIES: i64 = 5;
const MIB: i64 = 1024 * 1024;

/// Why a file is not copied.
enum NotCopied {
    /// For good.
    Ended(FileState),
    /// Perhaps later.
    Later(Failure),
    /// It was withdrawn meanwhile.
    Unwanted,
}

impl Tickets {
    /// The job of [`FILES`].
    ///
    /// # Errors
    /// The database's, the CDN's or the disk's; then it is tried again.
    pub async fn files_job(&self, job: &JobContext) -> Outcome<JobDone> {
        let (Some(guild), Ok(id)) = (job.guild, job.key.parse::<TicketId>()) else {
            return Ok(JobDone::Done);
        };
        self.delete_withdrawn(guild, id).await?;
        if let Some(ticket) = store::find(&mut self.store().read().await?, guild, id).await? {
            self.copy_files(&ticket, TRIES).await?;
        }
        Ok(JobDone::Done)
    }

    /// Copies what is still to come before the channel goes.
    pub(super) async fn copy_last_files(&self, ticket: &Ticket) -> Outcome<()> {
        self.copy_files(ticket, LAST_TRIES).await
    }

    async fn copy_files(&self, ticket: &Ticket, tries: i64) -> Outcome<()> {
        // The job and a deletion may come at once.
        let _one = self.copying.hold(ticket.id).await;
        let waiting = files::to_copy(&mut self.store().read().await?, ticket.id).await?;
        let mut trouble = None;
        for file in waiting {
            let ended = match self.copy(ticket, &file).await {
                Ok(copied) => {
                    self.note_copy(ticket, file, copied).await?;
                    continue;
                }
                Err(NotCopied::Unwanted) => continue,
                Err(NotCopied::Ended(state)) => state,
                Err(NotCopied::Later(failure)) if file.tries + 1 < tries => {
                    let id = file.id;
                    let counted = self
                        .store()
                        .write(move |tx| Box::pin(async move { files::count_try(tx, id).await }));
                    counted.await?;
                    trouble = Some(failure);
                    continue;
                }
                Err(NotCopied::Later(failure)) => {
                    tracing::warn!(ticket = %ticket.id, file = %file.id, error = %failure, "a file could not be copied");
                    FileState::Failed
                }
            };
            self.note_end(ticket, file, ended).await?;
        }
        trouble.map_or(Ok(()), Err)
    }

    async fn copy(&self, ticket: &Ticket, file: &File) -> Result<Copied, NotCopied> {
        self.reserve_room(ticket, file).await?;
        match self.fetch(ticket, file, &file.url).await {
            Err(NotCopied::Ended(FileState::Gone)) => {
                // The address may have run out: the message has a fresh one, if it is still there.
                let fresh = self.fresh_address(ticket, file).await?;
                self.fetch(ticket, file, &fresh).await
            }
            other => other,
        }
    }

    /// Reserves room, so that files that are copied at once don't share it.
    async fn reserve_room(&self, ticket: &Ticket, file: &File) -> Result<(), NotCopied> {
        let limit = |setting: &Setting<i64>| self.settings().get(ticket.guild, setting).saturating_mul(MIB);
        let largest = limit(&settings::FILE_MIB);
        let (of_ticket, of_guild) = (
            limit(&settings::FILES_TICKET_MIB),
            limit(&settings::FILES_GUILD_MIB),
        );
        let (guild, id, file_id, size) = (ticket.guild, ticket.id, file.id, file.size);
        if size > largest {
            return Err(NotCopied::Ended(FileState::TooLarge));
        }
        let reserved = self.store().write(move |tx| {
            Box::pin(async move {
                tx.lock(&format!("ticket-files/{guild}")).await?;
                let (ticket, all) = files::used(tx, guild, id, file_id).await?;
                if ticket.saturating_add(size) > of_ticket || all.saturating_add(size) > of_guild {
                    return Ok(Err(FileState::Full));
                }
                Ok(Ok(files::set_state(tx, file_id, FileState::Copying).await?))
            })
        });
        match reserved.await.map_err(NotCopied::Later)? {
            Ok(true) => Ok(()),
            Ok(false) => Err(NotCopied::Unwanted),
            Err(state) => {
                tracing::warn!(
                    guild = guild.to_i64(), ticket = %id, file = %file_id, setting = "tickets.files_guild_mib",
                    "a file of a ticket is not kept: the room for copies is used up"
                );
                Err(NotCopied::Ended(state))
            }
        }
    }

    async fn fetch(&self, ticket: &Ticket, file: &File, url: &str) -> Result<Copied, NotCopied> {
        match self.files.fetch(ticket.guild, ticket.id, file, url).await {
            Ok(copied) => Ok(copied),
            Err(DownloadError::Service(UpstreamError::Status {
                status: 403 | 404 | 410,
                ..
            })) => Err(NotCopied::Ended(FileState::Gone)),
            // Not the file that its message told of.
            Err(DownloadError::Service(UpstreamError::TooLarge(_) | UpstreamError::Address)) => {
                Err(NotCopied::Ended(FileState::Failed))
            }
            Err(error) => Err(NotCopied::Later(Failure::service("discord-cdn", error))),
        }
    }

    async fn fresh_address(&self, ticket: &Ticket, file: &File) -> Result<String, NotCopied> {
        let gone = || NotCopied::Ended(FileState::Gone);
        let channel = ticket.channel.ok_or_else(gone)?;
        let message = match self.discord().message(channel, file.message).await {
            Ok(message) => message,
            Err(error) if error.is_temporary() => return Err(NotCopied::Later(error.into())),
            Err(_) => return Err(gone()),
        };
        let fresh = message.attachments.into_iter().find(|fresh| fresh.id == file.id);
        fresh.map(|fresh| fresh.url).ok_or_else(gone)
    }

    async fn note_copy(&self, ticket: &Ticket, mut file: File, copied: Copied) -> Outcome<()> {
        file.state = FileState::Stored;
        file.size = copied.size;
        file.found_type = copied.kind.map(str::to_owned);
        let (guild, id, file_id) = (ticket.guild, ticket.id, file.id);
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                if files::set_stored(tx, file.id, file.size, file.found_type.as_deref()).await? {
                    tell(tx, guild, id, &file).await?;
                    return Ok(true);
                }
                Ok(false)
            })
        });
        if written.await? {
            return Ok(());
        }
        // Its message was deleted while it was copied.
        let deleted = self.files.delete(guild, id, file_id).await;
        deleted.map_err(|error| Failure::service("disk", error))
    }

    async fn note_end(&self, ticket: &Ticket, mut file: File, state: FileState) -> Outcome<()> {
        file.state = state;
        let (guild, id) = (ticket.guild, ticket.id);
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                if files::set_state(tx, file.id, state).await? {
                    tell(tx, guild, id, &file).await?;
                }
                Ok(())
            })
        });
        written.await
    }

    async fn delete_withdrawn(&self, guild: GuildId, id: TicketId) -> Outcome<()> {
        let withdrawn = files::to_delete(&mut self.store().read().await?, id).await?;
        for file in &withdrawn {
            let deleted = self.files.delete(guild, id, *file).await;
            deleted.map_err(|error| Failure::service("disk", error))?;
        }
        self.store()
            .write(move |tx| Box::pin(async move { files::set_removed(tx, &withdrawn).await }))
            .await
    }

    /// A copy for its reader: the ticket's creator and staff.
    ///
    /// # Errors
    /// As [`Tickets::get`]; a file that the ticket does not have, or of which there is no copy, with the reason.
    pub(crate) async fn file(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        file: FileId,
    ) -> Outcome<(File, tokio::fs::File)> {
        self.get(guild, actor, id).await?;
        let file = files::find(&mut self.store().read().await?, guild, id, file)
            .await?
            .ok_or_else(unknown)?;
        if file.state != FileState::Stored {
            return Err(missing(file.state).into());
        }
        match self.files.open(guild, id, file.id).await {
            Ok(content) => Ok((file, content)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                tracing::warn!(ticket = %id, file = %file.id, "the copy of a file is not in the data folder");
                Err(missing(FileState::Removed).into())
            }
            Err(error) => Err(Failure::service("disk", error)),
        }
    }
}

/// Schedules the copying and deleting of a ticket's files; also for a run that is under way.
pub(super) async fn schedule(tx: &mut Tx<'_>, guild: GuildId, id: TicketId) -> Outcome<()> {
    let job = NewJob::new(FILES, id.to_string(), tx.now()).guild(guild);
    tx.schedule(job).await
}

async fn tell(tx: &mut Tx<'_>, guild: GuildId, id: TicketId, file: &File) -> Outcome<()> {
    let payload = json!({ "message_id": file.message.to_string(), "file": WireFile::of(file, id) });
    let event = NewEvent::new("ticket.file_changed")
        .guild(guild)
        .subject(id.to_string());
    tx.emit(event.payload(payload)).await
}

fn unknown() -> Refusal {
    Refusal::not_found("ticket-file-unknown", "File not found")
}

/// Why there is no copy, in words.
fn missing(state: FileState) -> Refusal {
    match state {
        FileState::Waiting | FileState::Copying => Refusal::new(
            hazebot_core::failure::RefusalKind::Conflict,
            "ticket-file-coming",
            "The file is still being copied; try again in a moment",
        ),
        FileState::TooLarge => Refusal::not_found(
            "ticket-file-too-large",
            "The file was not kept: it is larger than the limit of this server",
        ),
        FileState::Full => Refusal::not_found(
            "ticket-file-full",
            "The file was not kept: the room for files of tickets was used up",
        ),
        FileState::Gone => Refusal::not_found(
            "ticket-file-gone",
            "The file was not kept: Discord no longer had it",
        ),
        FileState::Failed => Refusal::not_found("ticket-file-failed", "The file could not be copied"),
        FileState::Removed => Refusal::not_found(
            "ticket-file-removed",
            "The file was removed after the time for which files are kept",
        ),
        FileState::Stored | FileState::Withdrawn => unknown(),
    }
}
