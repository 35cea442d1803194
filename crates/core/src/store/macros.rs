//! The query macros: one SQL text, run on whichever database is open.
//!
//! Each takes something with a connection ([`Tx`](super::Tx), [`Reader`](super::Reader), [`Conn`](super::Conn) or
//! `impl` [`Database`](super::Database)), awaits by itself and gives `Result<_, sqlx::Error>`, which `?` turns into a
//! [`Failure`](crate::Failure). SQL is written in what both databases understand:
//!
//! - binds are `$1`, `$2` …, of the types that [`Bind`](super::Bind) names; a number may stand more than once. Snowflakes
//!   go in by [`Snowflake::to_i64`](crate::ids::Snowflake::to_i64). Text holds no NUL (PostgreSQL has no such text): the
//!   faces take it out of what people send;
//! - `ON CONFLICT (…) DO UPDATE SET x = excluded.x`, with the old row under its table's name; `RETURNING`;
//! - `COUNT(*)` is an `i64`, a sum is `CAST(SUM(x) AS BIGINT)`; no date functions, no `INSERT OR …`;
//! - a statement that fails inside a change ends the change: on PostgreSQL nothing more runs in that transaction. Where
//!   a row may exist already, say so by `ON CONFLICT DO NOTHING`.

/// Runs a statement; gives the number of rows that it touched.
#[macro_export]
macro_rules! execute {
    ($on:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        // Binds are evaluated before the connection is lent, so that they may ask the same `tx`.
        if $on.connection().is_sqlite() {
            let query = $crate::sqlx::query::<$crate::sqlx::Sqlite>($sql)$(.bind($crate::store::bound($bind)))*;
            match $on.connection() {
                $crate::store::Conn::Sqlite(connection) => {
                    query.execute(connection).await.map(|done| done.rows_affected())
                }
                $crate::store::Conn::Postgres(_) => Err($crate::store::other_database()),
            }
        } else {
            let query = $crate::sqlx::query::<$crate::sqlx::Postgres>($sql)$(.bind($crate::store::bound($bind)))*;
            match $on.connection() {
                $crate::store::Conn::Postgres(connection) => {
                    query.execute(connection).await.map(|done| done.rows_affected())
                }
                $crate::store::Conn::Sqlite(_) => Err($crate::store::other_database()),
            }
        }
    };
}

/// All rows, as a type that derives `sqlx::FromRow` (or a tuple).
#[macro_export]
macro_rules! fetch_all {
    ($on:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store_query!(query_as, fetch_all, $on, $row, $sql $(, $bind)*)
    };
}

/// The first row; no row is an error.
#[macro_export]
macro_rules! fetch_one {
    ($on:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store_query!(query_as, fetch_one, $on, $row, $sql $(, $bind)*)
    };
}

/// The first row, if there is one.
#[macro_export]
macro_rules! fetch_optional {
    ($on:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store_query!(query_as, fetch_optional, $on, $row, $sql $(, $bind)*)
    };
}

/// The first column of the first row; no row is an error.
#[macro_export]
macro_rules! fetch_scalar {
    ($on:expr, $value:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store_query!(query_scalar, fetch_one, $on, $value, $sql $(, $bind)*)
    };
}

/// The first column of the first row, if there is one.
#[macro_export]
macro_rules! fetch_scalar_optional {
    ($on:expr, $value:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store_query!(query_scalar, fetch_optional, $on, $value, $sql $(, $bind)*)
    };
}

/// The first column of all rows.
#[macro_export]
macro_rules! fetch_scalars {
    ($on:expr, $value:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store_query!(query_scalar, fetch_all, $on, $value, $sql $(, $bind)*)
    };
}

/// Expands one query into both typed arms.
#[doc(hidden)]
#[macro_export]
macro_rules! store_query {
    ($query:ident, $fetch:ident, $on:expr, $out:ty, $sql:expr $(, $bind:expr)*) => {
        if $on.connection().is_sqlite() {
            let query = $crate::sqlx::$query::<$crate::sqlx::Sqlite, $out>($sql)$(.bind($crate::store::bound($bind)))*;
            match $on.connection() {
                $crate::store::Conn::Sqlite(connection) => query.$fetch(connection).await,
                $crate::store::Conn::Postgres(_) => Err($crate::store::other_database()),
            }
        } else {
            let query = $crate::sqlx::$query::<$crate::sqlx::Postgres, $out>($sql)$(.bind($crate::store::bound($bind)))*;
            match $on.connection() {
                $crate::store::Conn::Postgres(connection) => query.$fetch(connection).await,
                $crate::store::Conn::Sqlite(_) => Err($crate::store::other_database()),
            }
        }
    };
}

/// Runs a statement that is put together at run time: `execute_built!(tx, |query| { query.push("…").push_bind(x); })`.
///
/// The body gets a `sqlx::QueryBuilder` and is expanded once per database.
#[macro_export]
macro_rules! execute_built {
    ($on:expr, |$query:ident| $body:block) => {
        match $on.connection() {
            $crate::store::Conn::Sqlite(connection) => {
                let mut $query = $crate::sqlx::QueryBuilder::<$crate::sqlx::Sqlite>::new("");
                $body
                $query.build().persistent(false).execute(connection).await.map(|done| done.rows_affected())
            }
            $crate::store::Conn::Postgres(connection) => {
                let mut $query = $crate::sqlx::QueryBuilder::<$crate::sqlx::Postgres>::new("");
                $body
                $query.build().persistent(false).execute(connection).await.map(|done| done.rows_affected())
            }
        }
    };
}

/// All rows of a query that is put together at run time: `fetch_all_built!(db, Row, |query| { query.push("…"); })`.
#[macro_export]
macro_rules! fetch_all_built {
    ($on:expr, $row:ty, |$query:ident| $body:block) => {
        match $on.connection() {
            $crate::store::Conn::Sqlite(connection) => {
                let mut $query = $crate::sqlx::QueryBuilder::<$crate::sqlx::Sqlite>::new("");
                $body
                $query.build_query_as::<$row>().persistent(false).fetch_all(connection).await
            }
            $crate::store::Conn::Postgres(connection) => {
                let mut $query = $crate::sqlx::QueryBuilder::<$crate::sqlx::Postgres>::new("");
                $body
                $query.build_query_as::<$row>().persistent(false).fetch_all(connection).await
            }
        }
    };
}

/// Inserts many rows with few statements:
/// `insert_rows!(tx, "INSERT INTO t (a, b) ", &rows, |tuple, row| { tuple.push_bind(row.a).push_bind(row.b); }, " ON CONFLICT …")`.
///
/// `rows` is a slice. [`ROWS_PER_INSERT`](crate::store::ROWS_PER_INSERT) rows go into a statement. A key may stand in
/// the slice only once: PostgreSQL refuses to update a row twice in one statement.
#[macro_export]
macro_rules! insert_rows {
    ($on:expr, $head:expr, $rows:expr, |$tuple:ident, $row:pat_param| $body:block) => {
        $crate::insert_rows!($on, $head, $rows, |$tuple, $row| $body, "")
    };
    ($on:expr, $head:expr, $rows:expr, |$tuple:ident, $row:pat_param| $body:block, $tail:expr $(,)?) => {
        async {
            let mut written = 0_u64;
            for chunk in $rows.chunks($crate::store::ROWS_PER_INSERT) {
                written += $crate::execute_built!($on, |query| {
                    query.push($head);
                    query.push_values(chunk, |mut $tuple, $row| $body);
                    query.push($tail);
                })?;
            }
            Ok::<u64, $crate::sqlx::Error>(written)
        }
        .await
    };
}
