//! Where the story plays: a fresh database of either kind.

use std::{
    error::Error,
    process,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use hazebot_core::{
    Clock, Entropy, Store,
    clock::from_millis,
    sqlx::{self, AssertSqlSafe, Connection, PgConnection},
    store::StoreError,
};

/// What a part of the story gives.
pub(crate) type Told = Result<(), Box<dyn Error>>;

/// Longest wait for something that must happen; reached only by a failing test.
const PATIENCE: Duration = Duration::from_secs(20);

/// A database, and the clock of whoever opens it.
pub(crate) struct Bed {
    pub(crate) clock: Clock,
    pub(crate) url: String,
    folder: tempfile::TempDir,
    server: Option<(String, String)>,
}

impl Bed {
    /// A file in a folder of its own.
    pub(crate) fn sqlite() -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("deep/hazebot.db").display());
        Ok(Self {
            clock: Clock::manual(from_millis(1_700_000_000_000)),
            url,
            folder,
            server: None,
        })
    }

    /// A new database on the server of `HAZEBOT_TEST_POSTGRES`.
    #[expect(clippy::print_stdout, reason = "a skipped test says so")]
    pub(crate) async fn postgres() -> Result<Option<Self>, Box<dyn Error>> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("HAZEBOT_TEST_POSTGRES") else {
            println!("skipped: HAZEBOT_TEST_POSTGRES is not set");
            return Ok(None);
        };
        let name = format!(
            "hazebot_test_{}_{}",
            process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let mut admin = PgConnection::connect(&server).await?;
        // The names are made above, of letters and digits.
        let make = format!("CREATE DATABASE {name}");
        sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}")))
            .execute(&mut admin)
            .await?;
        sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut admin).await?;
        let mut url = url::Url::parse(&server)?;
        url.set_path(&name);
        let bed = Self {
            url: url.into(),
            server: Some((server, name)),
            ..Self::sqlite()?
        };
        Ok(Some(bed))
    }

    /// Opens the database, as a start of the program does.
    pub(crate) async fn open(&self) -> Result<Store, StoreError> {
        Store::open(&self.url, self.clock.clone(), Entropy::seeded(7)).await
    }

    /// The database file.
    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("deep/hazebot.db")
    }

    /// Whether it is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        self.server.is_some()
    }

    /// Deletes the database.
    pub(crate) async fn clear(self) -> Told {
        if let Some((server, name)) = self.server {
            let mut admin = PgConnection::connect(&server).await?;
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut admin).await?;
        }
        Ok(())
    }
}

/// Waits for something that must happen.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> Result<T, tokio::time::error::Elapsed> {
    tokio::time::timeout(PATIENCE, what).await
}

/// Makes two tests of one part of the story.
#[macro_export]
macro_rules! on_both {
    ($($name:ident)*) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() -> $crate::bed::Told {
                    let bed = $crate::bed::Bed::sqlite()?;
                    super::$name(&bed).await?;
                    bed.clear().await
                }
            )*
        }
        mod on_postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() -> $crate::bed::Told {
                    let Some(bed) = $crate::bed::Bed::postgres().await? else { return Ok(()) };
                    let told = super::$name(&bed).await;
                    bed.clear().await?;
                    told
                }
            )*
        }
    };
}
