//! Changes: each whole or not at all, whoever shares its commit.

use std::sync::Arc;

use futures_util::future::join_all;
use hazebot_core::{
    Actor, Failure, Outcome, Refusal, Store,
    audit::{self, Audit},
    events::NewEvent,
    ids::GuildId,
    store::{self, Tx, is_unique_violation},
};
use serde_json::json;

use crate::{
    bed::{Bed, Told},
    on_both,
};

on_both! {
    a_failing_change_is_undone_alone
    a_row_that_exists_fails_its_own_change_only
    a_panic_fails_its_own_change_only
    a_change_inside_a_change_is_refused_instead_of_waiting_for_ever
    a_change_is_made_although_nobody_waits
    the_audit_row_belongs_to_the_change
    many_rows_go_in_with_few_statements
    changes_that_lock_the_same_thing_look_one_after_another
}

async fn insert(tx: &mut Tx<'_>, user: i64) -> Outcome<()> {
    store::execute!(
        tx,
        "INSERT INTO app_usage (user_id, at) VALUES ($1, $2)",
        user,
        tx.now_millis()
    )?;
    Ok(())
}

async fn users(store: &Store) -> Result<Vec<i64>, Failure> {
    Ok(store::fetch_scalars!(
        store.read().await?,
        i64,
        "SELECT user_id FROM app_usage ORDER BY user_id"
    )?)
}

async fn a_failing_change_is_undone_alone(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let changes = (0..60_i64).map(|user| {
        store.write(move |tx| {
            Box::pin(async move {
                insert(tx, user).await?;
                if user % 3 == 0 {
                    return Err(Refusal::invalid("no", "No.").into());
                }
                Ok(user)
            })
        })
    });
    for (user, outcome) in (0..60_i64).zip(join_all(changes).await) {
        match outcome {
            Ok(value) => assert_eq!(value, user),
            Err(failure) => assert!(user % 3 == 0 && failure.refusal().is_some(), "{failure}"),
        }
    }
    assert_eq!(
        users(&store).await?,
        (0..60).filter(|user| user % 3 != 0).collect::<Vec<_>>()
    );
    store.close().await;
    Ok(())
}

async fn a_row_that_exists_fails_its_own_change_only(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let changes = [1, 2, 2, 3, 1, 4].map(|user| store.write(move |tx| Box::pin(insert(tx, user))));
    let outcomes = join_all(changes).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 2);
    assert!(
        refused
            .iter()
            .all(|failure| matches!(failure, Failure::Store(error) if is_unique_violation(error)))
    );
    assert_eq!(users(&store).await?, [1, 2, 3, 4]);
    store.close().await;
    Ok(())
}

async fn a_panic_fails_its_own_change_only(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let changes = (0..20_i64).map(|user| {
        store.write(move |tx| {
            Box::pin(async move {
                insert(tx, user).await?;
                assert!(user % 5 != 0, "user {user} is not wanted");
                Ok(())
            })
        })
    });
    let outcomes = join_all(changes).await;
    let words: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| Some(outcome.as_ref().err()?.to_string()))
        .collect();
    assert_eq!(words.len(), 4);
    assert!(
        words.iter().all(|words| words.contains("is not wanted")),
        "{words:?}"
    );
    assert_eq!(users(&store).await?.len(), 16);
    // The writer goes on.
    store.write(|tx| Box::pin(insert(tx, 100))).await?;
    store.close().await;
    Ok(())
}

async fn a_change_inside_a_change_is_refused_instead_of_waiting_for_ever(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let twin = store.clone();
    let outcome = store
        .write(move |_| Box::pin(async move { twin.write(|tx| Box::pin(insert(tx, 1))).await }))
        .await;
    assert!(matches!(outcome, Err(Failure::Internal(_))));
    assert_eq!(users(&store).await?, [0_i64; 0]);
    store.close().await;
    Ok(())
}

async fn a_change_is_made_although_nobody_waits(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let mut feed = store.events().subscribe();
    let begun = Arc::new(tokio::sync::Notify::new());
    let go_on = Arc::new(tokio::sync::Notify::new());
    let (seen, held) = (Arc::clone(&begun), Arc::clone(&go_on));
    let change = store.write(move |tx| {
        Box::pin(async move {
            seen.notify_one();
            held.notified().await;
            insert(tx, 5).await?;
            tx.emit(NewEvent::new("usage.noted")).await
        })
    });
    tokio::select! {
        _ = change => unreachable!("it is held"),
        () = begun.notified() => {}
    }
    go_on.notify_one();
    crate::bed::soon(feed.next()).await?;
    assert_eq!(users(&store).await?, [5]);
    store.close().await;
    Ok(())
}

async fn the_audit_row_belongs_to_the_change(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let (guild, other) = (GuildId::new(11), GuildId::new(12));
    for (guild, fails) in [(guild, false), (guild, true), (other, false)] {
        let _ = store
            .write(move |tx| {
                Box::pin(async move {
                    let actor = Actor::Login { name: "root".into() };
                    let entry = Audit::new(&actor, "ticket.claim").guild(guild).target("t-1");
                    tx.audit(
                        entry
                            .before(json!({"status": "open"}))
                            .after(json!({"status": "claimed"})),
                    )
                    .await?;
                    if fails {
                        Err(Failure::internal("no"))
                    } else {
                        Ok(())
                    }
                })
            })
            .await;
    }
    let mut reader = store.read().await?;
    let rows = audit::list(&mut reader, Some(guild), None, 10).await?;
    let row = rows.first().ok_or("no row")?;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (row.action.as_str(), row.target.as_str(), row.actor.name()),
        ("ticket.claim", "t-1", "root")
    );
    assert_eq!(row.before, Some(json!({"status": "open"})));
    assert_eq!(row.at, bed.clock.now());
    assert!(
        audit::list(&mut reader, Some(guild), Some(row.id), 10)
            .await?
            .is_empty()
    );
    drop(reader);
    store.close().await;
    Ok(())
}

async fn many_rows_go_in_with_few_statements(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let rows: Vec<(i64, i64)> = (0..1_234).map(|user| (user, user * 2)).collect();
    let written = store
        .write(move |tx| {
            Box::pin(async move {
                Ok(store::insert_rows!(
                    tx,
                    "INSERT INTO app_usage (user_id, at) ",
                    rows,
                    |tuple, (user, at)| {
                        tuple.push_bind(*user).push_bind(*at);
                    },
                    " ON CONFLICT (user_id) DO NOTHING"
                )?)
            })
        })
        .await?;
    assert_eq!(written, 1_234);
    let sum = store::fetch_scalar!(
        store.read().await?,
        i64,
        "SELECT CAST(SUM(at) AS BIGINT) FROM app_usage"
    )?;
    assert_eq!(sum, 1_233 * 1_234);
    store.close().await;
    Ok(())
}

async fn changes_that_lock_the_same_thing_look_one_after_another(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let changes = (0..40_i64).map(|user| {
        store.write(move |tx| {
            Box::pin(async move {
                tx.lock("usage").await?;
                if store::fetch_scalar!(tx, i64, "SELECT COUNT(*) FROM app_usage")? < 3 {
                    insert(tx, user).await?;
                }
                Ok(())
            })
        })
    });
    for outcome in join_all(changes).await {
        outcome?;
    }
    assert_eq!(users(&store).await?.len(), 3);
    store.close().await;
    Ok(())
}

/// What a person was told is on the disk: the default of SQLite with a log would be less.
#[tokio::test]
async fn each_commit_is_synced() -> Told {
    let bed = Bed::sqlite()?;
    let store = bed.open().await?;
    let (synchronous, journal) = store
        .write(|tx| {
            Box::pin(async move {
                let synchronous = store::fetch_scalar!(tx, i64, "PRAGMA synchronous")?;
                Ok((
                    synchronous,
                    store::fetch_scalar!(tx, String, "PRAGMA journal_mode")?,
                ))
            })
        })
        .await?;
    // 2 is FULL, see <https://sqlite.org/pragma.html#pragma_synchronous>.
    assert_eq!((synchronous, journal.as_str()), (2, "wal"));
    store.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_that_was_acknowledged() -> Told {
    let bed = Bed::sqlite()?;
    let store = bed.open().await?;
    let pages = async |sql: &'static str| {
        store
            .write(move |tx| Box::pin(async move { Ok(store::fetch_scalar!(tx, i64, sql)?) }))
            .await
    };
    // The database may not grow: what a full disk is to SQLite.
    pages("PRAGMA max_page_count = 1").await?;
    let changes = (0..60_i64).map(|user| {
        store.write(move |tx| {
            Box::pin(async move {
                insert(tx, user).await?;
                if user % 2 == 0 {
                    let sql = "INSERT INTO text_overrides (guild_id, locale, key, value) VALUES ($1, 'en', 'k', $2)";
                    store::execute!(tx, sql, user, "x".repeat(200_000))?;
                }
                Ok(user)
            })
        })
    });
    let outcomes = join_all(changes).await;
    assert!(
        outcomes.iter().step_by(2).all(Result::is_err),
        "the large ones do not fit"
    );
    let acknowledged: Vec<i64> = outcomes.into_iter().filter_map(Result::ok).collect();
    assert_eq!(users(&store).await?, acknowledged);
    pages("PRAGMA max_page_count = 1000000").await?;
    store.write(|tx| Box::pin(insert(tx, 1_000))).await?;
    store.close().await;
    assert_eq!(users(&bed.open().await?).await?.len(), acknowledged.len() + 1);
    Ok(())
}

/// The point of the writer: the number of fsyncs does not grow with the number of changes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_of_many_tasks_share_commits() -> Told {
    let bed = Bed::sqlite()?;
    let store = bed.open().await?;
    let tasks = (0..64_i64).map(|task| {
        let store = store.clone();
        tokio::spawn(async move {
            for round in 0..20 {
                store
                    .write(move |tx| Box::pin(insert(tx, task * 1_000 + round)))
                    .await?;
            }
            Outcome::Ok(())
        })
    });
    for task in join_all(tasks).await {
        task??;
    }
    let health = store.health().await?;
    assert_eq!(health.changes, 64 * 20);
    assert!(
        health.commits * 8 < health.changes,
        "{} commits for {} changes",
        health.commits,
        health.changes
    );
    store.close().await;
    Ok(())
}
