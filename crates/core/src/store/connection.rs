//! A connection of either database, and the pool that readers come from.

use std::marker::PhantomData;

use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection};

/// A borrowed connection. The query macros of [`store`](super) match on it.
#[derive(Debug)]
pub enum Conn<'c> {
    /// SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// Whether it is one of SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Lends the connection on.
    pub fn connection(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

/// What queries run on: a [`Reader`], a [`Tx`](super::Tx) or a [`Conn`]. A function that only reads takes
/// `db: &mut impl Database` and so serves faces and actions alike.
pub trait Database: Send {
    /// Lends the connection.
    fn connection(&mut self) -> Conn<'_>;
}

impl Database for Conn<'_> {
    fn connection(&mut self) -> Conn<'_> {
        Conn::connection(self)
    }
}

/// A connection that may only read. Give it back (drop it) before calling anything outside: there are few.
#[derive(Debug)]
pub struct Reader<'s> {
    lent: Lent,
    store: PhantomData<&'s ()>,
}

#[derive(Debug)]
enum Lent {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Reader<'_> {
    /// Lends the connection.
    pub fn connection(&mut self) -> Conn<'_> {
        match &mut self.lent {
            Lent::Sqlite(connection) => Conn::Sqlite(connection),
            Lent::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

impl Database for Reader<'_> {
    fn connection(&mut self) -> Conn<'_> {
        Reader::connection(self)
    }
}

/// The pool of reading connections. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) enum ReadPool {
    /// SQLite, opened read-only.
    Sqlite(SqlitePool),
    /// PostgreSQL, with `default_transaction_read_only`.
    Postgres(PgPool),
}

impl ReadPool {
    /// Waits for a free connection.
    pub(crate) async fn get<'s>(&self) -> Result<Reader<'s>, sqlx::Error> {
        let lent = match self {
            Self::Sqlite(pool) => Lent::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Lent::Postgres(pool.acquire().await?),
        };
        Ok(Reader {
            lent,
            store: PhantomData,
        })
    }

    /// Closes all of them.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
