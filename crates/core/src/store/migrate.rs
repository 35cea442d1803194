//! Brings the schema up to date: each migration in a transaction, once, recorded with a checksum.
//!
//! The files in `migrations/` are written for PostgreSQL in the subset that SQLite reads too. Three words differ and
//! are replaced for SQLite:
//!
//! | in the file | on SQLite | why |
//! |---|---|---|
//! | `BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY` | `INTEGER PRIMARY KEY AUTOINCREMENT` | ids that only grow |
//! | `BIGINT PRIMARY KEY` | `INTEGER PRIMARY KEY` | the key is the row id itself, without an index beside it |
//! | `BYTEA` | `BLOB` | |
//!
//! What the two do in ways of their own, such as full-text search, stands between the lines `-- only SQLite`,
//! `-- only PostgreSQL` and `-- both`.

use sha2::{Digest, Sha256};
use sqlx::Connection;

use super::{Conn, error::StoreError};
use crate::clock::Clock;

/// One file of `migrations/`.
struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

/// In order. A file that was released is never edited; what changes is a new file.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "core",
        sql: include_str!("../../../../migrations/0001_core.sql"),
    },
    Migration {
        version: 2,
        name: "tickets",
        sql: include_str!("../../../../migrations/0002_tickets.sql"),
    },
    Migration {
        version: 3,
        name: "ticket_work",
        sql: include_str!("../../../../migrations/0003_ticket_work.sql"),
    },
    Migration {
        version: 4,
        name: "ticket records",
        sql: include_str!("../../../../migrations/0004_ticket_records.sql"),
    },
    Migration {
        version: 5,
        name: "ticket_panels",
        sql: include_str!("../../../../migrations/0005_ticket_panels.sql"),
    },
    Migration {
        version: 6,
        name: "ticket_reads",
        sql: include_str!("../../../../migrations/0006_ticket_reads.sql"),
    },
];

/// Holds off other processes that start at the same time on PostgreSQL. An arbitrary number of this program.
const MIGRATION_LOCK: i64 = 0x4861_7a65_0001;

/// The newest schema version of this program.
pub(crate) fn newest() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

/// Applies what is missing; gives the version after it.
pub(crate) async fn migrate(mut db: Conn<'_>, clock: &Clock) -> Result<i64, StoreError> {
    crate::execute!(
        db,
        "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)"
    )?;
    match &mut db {
        Conn::Sqlite(connection) => {
            for migration in MIGRATIONS {
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                if apply(Conn::Sqlite(&mut transaction), migration, clock).await? {
                    transaction.commit().await?;
                } else {
                    transaction.rollback().await?;
                }
            }
        }
        Conn::Postgres(connection) => {
            for migration in MIGRATIONS {
                let mut transaction = connection.begin().await?;
                let mut locked = Conn::Postgres(&mut transaction);
                crate::execute!(locked, "SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)?;
                if apply(locked, migration, clock).await? {
                    transaction.commit().await?;
                } else {
                    transaction.rollback().await?;
                }
            }
        }
    }
    let found = crate::fetch_scalar!(db, Option<i64>, "SELECT MAX(version) FROM schema_migrations")?
        .unwrap_or_default();
    let known = newest();
    if found > known {
        Err(StoreError::Newer { found, known })
    } else {
        Ok(found)
    }
}

/// Applies one migration unless it is there. Looks for a newer schema first, so that nothing of it is touched.
async fn apply(mut db: Conn<'_>, migration: &Migration, clock: &Clock) -> Result<bool, StoreError> {
    let found = crate::fetch_scalar!(db, Option<i64>, "SELECT MAX(version) FROM schema_migrations")?
        .unwrap_or_default();
    if found > newest() {
        return Err(StoreError::Newer {
            found,
            known: newest(),
        });
    }
    let checksum = checksum(migration.sql);
    let applied = crate::fetch_scalar_optional!(
        db,
        String,
        "SELECT checksum FROM schema_migrations WHERE version = $1",
        migration.version
    )?;
    match applied {
        Some(applied) if applied == checksum => return Ok(false),
        Some(_) => {
            return Err(StoreError::Differs {
                version: migration.version,
            });
        }
        None => {}
    }
    let failed = |source| StoreError::Migration {
        version: migration.version,
        name: migration.name,
        source,
    };
    match db.connection() {
        Conn::Sqlite(connection) => {
            sqlx::raw_sql(sqlx::AssertSqlSafe(for_sqlite(migration.sql)))
                .execute(connection)
                .await
                .map_err(failed)?;
        }
        Conn::Postgres(connection) => {
            sqlx::raw_sql(sqlx::AssertSqlSafe(part(migration.sql, Part::Postgres)))
                .execute(connection)
                .await
                .map_err(failed)?;
        }
    }
    crate::execute!(
        db,
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
        migration.version,
        migration.name,
        checksum,
        clock.now_millis()
    )?;
    tracing::info!(
        version = migration.version,
        name = migration.name,
        "schema migrated"
    );
    Ok(true)
}

/// What a line of a file is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Sqlite,
    Postgres,
}

/// The lines that are for this database.
fn part(sql: &str, wanted: Part) -> String {
    let mut now = Part::Both;
    let mut out = String::with_capacity(sql.len());
    for line in sql.lines() {
        match line.trim_end() {
            "-- both" => now = Part::Both,
            "-- only SQLite" => now = Part::Sqlite,
            "-- only PostgreSQL" => now = Part::Postgres,
            line if now == Part::Both || now == wanted => {
                out.push_str(line);
                out.push('\n');
            }
            _ => {}
        }
    }
    out
}

fn for_sqlite(sql: &str) -> String {
    part(sql, Part::Sqlite)
        .replace(
            "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
            "INTEGER PRIMARY KEY AUTOINCREMENT",
        )
        .replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
        .replace("BYTEA", "BLOB")
}

/// SHA-256 in hex, the same whatever line ends the checkout has.
fn checksum(sql: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(sql.replace("\r\n", "\n").as_bytes()).iter().fold(
        String::with_capacity(64),
        |mut text, byte| {
            // Writing into a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_without_gaps() {
        let versions: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        assert_eq!(versions, (1..=newest()).collect::<Vec<_>>());
    }

    #[test]
    fn each_database_gets_the_lines_that_are_for_it() {
        let sql = "a;\n-- only SQLite\nb;\n-- only PostgreSQL\nc;\n-- both\nd;";
        assert_eq!(part(sql, Part::Sqlite), "a;\nb;\nd;\n");
        assert_eq!(part(sql, Part::Postgres), "a;\nc;\nd;\n");
    }

    #[test]
    fn a_checksum_does_not_depend_on_line_ends() {
        assert_eq!(checksum("a\nb"), checksum("a\r\nb"));
        assert_ne!(checksum("a\nb"), checksum("a\nc"));
    }
}
