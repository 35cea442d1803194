//! Why a store could not be opened, in sentences for the person who runs the program.

use std::path::PathBuf;

/// Why [`Store::open`](super::Store::open) failed. The database is left as it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is neither of SQLite nor of PostgreSQL. The address itself is not repeated: it may hold a password.
    #[error(
        "DATABASE_URL is not understood: give `sqlite:///absolute/path.db` or `postgres://user@host/database`"
    )]
    Address,
    /// The folder of the file can't be made.
    #[error("the folder of the database {} cannot be made: {source}", path.display())]
    Folder {
        /// The database file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The file is no SQLite database, or a damaged one.
    #[error(
        "the database {} is damaged or not a database ({detail}); it was kept as it is. Restore a backup with `hazebot restore`, or move the file away to begin anew",
        path.display()
    )]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        detail: String,
    },
    /// The database was written by a newer program.
    #[error(
        "the database has schema {found}, this program knows schemas up to {known}: it was written by a newer HazeBot. Start that version, or restore a backup"
    )]
    Newer {
        /// The version in the database.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A migration that was applied has another text now.
    #[error(
        "migration {version} was applied with another text than this program holds; the database belongs to another build"
    )]
    Differs {
        /// Its number.
        version: i64,
    },
    /// A migration failed; its transaction was rolled back.
    #[error("migration {version} ({name}) failed and was rolled back: {source}")]
    Migration {
        /// Its number.
        version: i64,
        /// Its name.
        name: &'static str,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// The database could not be reached or refused a statement.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
}
