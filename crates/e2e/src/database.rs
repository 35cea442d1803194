//! Databases for tests: a fresh one on PostgreSQL, and the look into the file of a program that does not run.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use url::Url;

use crate::Trouble;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// An empty database on the server that `HAZEBOT_TEST_POSTGRES` names; `None` where it names none.
///
/// # Errors
/// The server does not answer.
pub async fn on_postgres() -> Result<Option<String>, Trouble> {
    let Ok(server) = std::env::var("HAZEBOT_TEST_POSTGRES") else {
        return Ok(None);
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("hazebot_e2e_{}_{number}", std::process::id());
    let mut connection = PgConnection::connect(&server).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}")))
        .execute(&mut connection)
        .await?;
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    let mut url = Url::parse(&server)?;
    url.set_path(&name);
    Ok(Some(url.into()))
}

/// Lets `seconds` pass for what waits in the file of a program that does not run: its jobs, and with `messages` also what
/// it still has to post.
///
/// # Errors
/// The file can't be written.
pub async fn time_passes(file: &str, seconds: i64, messages: bool) -> Result<(), Trouble> {
    let mut connection = SqliteConnection::connect(file).await?;
    let millis = seconds * 1_000;
    sqlx::query("UPDATE jobs SET due_at = due_at - $1, leased_until = leased_until - $1")
        .bind(millis)
        .execute(&mut connection)
        .await?;
    if messages {
        sqlx::query("UPDATE ticket_outbox SET created_at = created_at - $1")
            .bind(millis)
            .execute(&mut connection)
            .await?;
    }
    connection.close().await?;
    Ok(())
}

/// A number that a query of a stopped program's file gives.
///
/// # Errors
/// The file can't be read.
pub async fn number(file: &str, query: &'static str, key: i64) -> Result<i64, Trouble> {
    let mut connection = SqliteConnection::connect(file).await?;
    let (value,): (i64,) = sqlx::query_as(query).bind(key).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(value)
}
