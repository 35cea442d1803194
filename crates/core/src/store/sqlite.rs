//! How SQLite is opened: one writer that syncs each commit, few readers, little memory.

use std::{
    path::{Path, PathBuf},
    process,
    str::FromStr,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::StoreError;

/// Reads rarely wait for the disk, so two connections keep two cores busy; each costs a thread and a page cache.
const READERS: u32 = 2;
/// Page cache per connection in KiB; the operating system caches the file anyway.
const CACHE_KIB: u32 = 1_024;
/// The log of the database is cut to this size after a checkpoint.
const LOG_BYTES: u32 = 16 * 1_024 * 1_024;
/// How long to wait for another process (a backup, the command line) that writes.
const BUSY: Duration = Duration::from_secs(5);
/// Statements kept prepared per connection.
const STATEMENTS: usize = 128;
/// Files looked at until a name for a throw-away database is free.
const NAMES: u32 = 1_000;

/// The address of a database that is deleted when the store is dropped.
pub(crate) const THROW_AWAY: &str = "sqlite::memory:";

/// An opened file.
pub(crate) struct Opened {
    pub(crate) writer: SqliteConnection,
    pub(crate) options: SqliteConnectOptions,
    pub(crate) readers: SqlitePool,
    pub(crate) path: PathBuf,
    /// Whether the file goes when the store goes.
    pub(crate) throw_away: bool,
}

/// Opens the file and looks whether it is whole.
pub(crate) async fn open(url: &str) -> Result<Opened, StoreError> {
    let throw_away = url == THROW_AWAY;
    let options = if throw_away {
        SqliteConnectOptions::new().filename(temporary_file()?)
    } else {
        SqliteConnectOptions::from_str(url).map_err(|_| StoreError::Address)?
    };
    let path = options.get_filename().to_owned();
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|source| StoreError::Folder {
            path: path.clone(),
            source,
        })?;
    }
    // What nobody keeps need not reach the disk.
    let synchronous = if throw_away {
        SqliteSynchronous::Off
    } else {
        SqliteSynchronous::Full
    };
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(STATEMENTS)
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        .pragma("mmap_size", "0")
        .pragma("journal_size_limit", LOG_BYTES.to_string())
        .disable_statement_logging();
    let mut writer = SqliteConnection::connect_with(&options)
        .await
        .map_err(|error| explain(&path, error))?;
    let state: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut writer)
        .await
        .map_err(|error| explain(&path, error))?;
    if state != "ok" {
        return Err(StoreError::Damaged { path, detail: state });
    }
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .test_before_acquire(false)
        .connect_lazy_with(options.clone().create_if_missing(false).read_only(true));
    Ok(Opened {
        writer,
        options,
        readers,
        path,
        throw_away,
    })
}

/// Tells damage from other trouble. 11 is `SQLITE_CORRUPT`, 26 `SQLITE_NOTADB` (<https://sqlite.org/rescode.html>).
fn explain(path: &Path, error: sqlx::Error) -> StoreError {
    let code = error
        .as_database_error()
        .and_then(|error| error.code())
        .and_then(|code| code.parse::<i32>().ok());
    match code.map(|code| code & 0xff) {
        Some(11 | 26) => StoreError::Damaged {
            path: path.to_owned(),
            detail: error.to_string(),
        },
        _ => StoreError::Database(error),
    }
}

/// A new empty file in the system's folder for temporary files.
fn temporary_file() -> Result<PathBuf, StoreError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let folder = std::env::temp_dir();
    let mut last = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
    for _ in 0..NAMES {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("hazebot-{}-{number}.db", process::id()));
        match std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
        {
            Ok(_) => return Ok(path),
            Err(error) => last = error,
        }
    }
    Err(StoreError::Folder {
        path: folder,
        source: last,
    })
}

/// Deletes a throw-away database with its side files.
pub(crate) fn delete(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        // A side file may be gone already.
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
}
