//! A copy of the SQLite file while the program runs.

use std::path::Path;

use sqlx::{Connection, SqliteConnection};

use super::{Backend, Store};
use crate::failure::{Failure, Outcome, Refusal, RefusalKind};

impl Store {
    /// Writes a compact copy of the database into a new file. Changes go on meanwhile; the copy is of one moment.
    ///
    /// # Errors
    /// The file exists or can't be written; on PostgreSQL, whose own tool `pg_dump` does this, always.
    pub async fn backup(&self, to: &Path) -> Outcome<()> {
        let Backend::Sqlite { options, .. } = &self.0.backend else {
            return Err(Refusal::new(
                RefusalKind::Unavailable,
                "backup-postgres",
                "The database is PostgreSQL: use pg_dump.",
            )
            .into());
        };
        let to = to
            .to_str()
            .ok_or_else(|| Failure::internal("the name of the backup is not UTF-8"))?;
        // A connection of its own, so that the writer does not wait for the copy.
        let mut connection = SqliteConnection::connect_with(options).await?;
        let written = sqlx::query("VACUUM INTO $1")
            .bind(to)
            .execute(&mut connection)
            .await;
        connection.close().await?;
        written?;
        Ok(())
    }
}
