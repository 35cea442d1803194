//! The folder with copies of files: `<data>/tickets/<guild>/<ticket>/<file>`, all of them ids. What people named their
//! files never gets into a path.

use std::path::{Path, PathBuf};

use hazebot_core::{
    ids::GuildId,
    upstream::{Call, DownloadError, Upstream, UpstreamError, Upstreams},
};
use tokio::{
    fs,
    io::{AsyncReadExt as _, BufWriter},
};
use url::Url;

use crate::ticket::{
    TicketId,
    file::{File, FileId, HEAD, sniff},
};

/// Downloads at once: pictures of a busy evening, without taking the line from everything else.
const AT_ONCE: usize = 2;
/// Bytes that are gathered for one write to the disk.
const BUFFER: usize = 64 * 1024;

/// Copies of files: where they lie, and where they come from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
    cdn: Upstream,
    origin: Url,
}

/// A copy that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Copied {
    /// Bytes.
    pub(crate) size: i64,
    /// What it is by its first bytes.
    pub(crate) kind: Option<&'static str>,
}

impl Files {
    /// Copies in `tickets` below the data folder, of what lies on Discord's CDN at this address.
    #[must_use]
    pub fn new(data: &Path, upstreams: &Upstreams, cdn: Url) -> Self {
        Self {
            folder: data.join("tickets"),
            cdn: upstreams
                .builder("discord-cdn", cdn.clone())
                .at_once(AT_ONCE)
                .build(),
            origin: cdn,
        }
    }

    fn of_ticket(&self, guild: GuildId, ticket: TicketId) -> PathBuf {
        self.folder.join(guild.to_string()).join(ticket.to_string())
    }

    fn of_file(&self, guild: GuildId, ticket: TicketId, file: FileId) -> PathBuf {
        self.of_ticket(guild, ticket).join(file.to_string())
    }

    /// Fetches a file from `url` and keeps it. A copy that breaks off leaves nothing behind.
    ///
    /// # Errors
    /// The CDN's, or the disk's.
    pub(crate) async fn fetch(
        &self,
        guild: GuildId,
        ticket: TicketId,
        file: &File,
        url: &str,
    ) -> Result<Copied, DownloadError> {
        let call = self.call(url)?;
        fs::create_dir_all(self.of_ticket(guild, ticket)).await?;
        let place = self.of_file(guild, ticket, file.id);
        let part = place.with_extension("part");
        let fetched = self.write(call, file, &part).await;
        match fetched {
            Ok(copied) => {
                fs::rename(&part, &place).await?;
                Ok(copied)
            }
            Err(error) => {
                // There may be none yet.
                let _ = fs::remove_file(&part).await;
                Err(error)
            }
        }
    }

    async fn write(&self, call: Call, file: &File, part: &Path) -> Result<Copied, DownloadError> {
        let mut sink = BufWriter::with_capacity(BUFFER, fs::File::create(part).await?);
        let largest = u64::try_from(file.size).unwrap_or_default();
        let size = self.cdn.download(call, largest, &mut sink).await?;
        sink.into_inner().sync_all().await?;
        let mut head = Vec::with_capacity(HEAD);
        let read = fs::File::open(part).await?;
        read.take(HEAD as u64).read_to_end(&mut head).await?;
        Ok(Copied {
            size: i64::try_from(size).unwrap_or(i64::MAX),
            kind: sniff(&head),
        })
    }

    /// Only Discord's CDN is asked, whatever a message says.
    fn call(&self, url: &str) -> Result<Call, UpstreamError> {
        let url = Url::parse(url).map_err(|_| UpstreamError::Address)?;
        if url.origin() != self.origin.origin() {
            return Err(UpstreamError::Address);
        }
        let call = Call::get(url.path());
        Ok(url
            .query_pairs()
            .fold(call, |call, (name, value)| call.query(name, value)))
    }

    /// Opens a copy for reading.
    ///
    /// # Errors
    /// The disk's, also that it is not there.
    pub(crate) async fn open(
        &self,
        guild: GuildId,
        ticket: TicketId,
        file: FileId,
    ) -> std::io::Result<fs::File> {
        fs::File::open(self.of_file(guild, ticket, file)).await
    }

    /// Reads a copy whole, if it is there.
    pub(crate) async fn read(&self, guild: GuildId, ticket: TicketId, file: FileId) -> Option<Vec<u8>> {
        fs::read(self.of_file(guild, ticket, file)).await.ok()
    }

    /// Deletes a copy; one that is not there is deleted already.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) async fn delete(&self, guild: GuildId, ticket: TicketId, file: FileId) -> std::io::Result<()> {
        there(fs::remove_file(self.of_file(guild, ticket, file)).await)
    }

    /// Deletes all copies of a ticket.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) async fn delete_all(&self, guild: GuildId, ticket: TicketId) -> std::io::Result<()> {
        there(fs::remove_dir_all(self.of_ticket(guild, ticket)).await)
    }
}

fn there(deleted: std::io::Result<()>) -> std::io::Result<()> {
    match deleted {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
