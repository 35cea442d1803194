//! Opening: migrations, other schemas, damaged files, what survives an end without goodbye.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use hazebot_core::{
    Clock, Entropy, Store,
    store::{self, StoreError},
};

use crate::{
    bed::{Bed, Told},
    on_both,
};

on_both! {
    the_schema_is_made_once
    a_newer_schema_is_refused_and_left_alone
    a_migration_with_another_text_is_refused
}

async fn the_schema_is_made_once(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let applied = "SELECT COUNT(*) FROM schema_migrations WHERE applied_at = $1";
    let first = bed.clock.now_millis();
    assert!(store::fetch_scalar!(store.read().await?, i64, applied, first)? >= 2);
    store.close().await;
    bed.clock.advance(chrono::Duration::days(1));
    let store = bed.open().await?;
    assert_eq!(
        store::fetch_scalar!(store.read().await?, i64, applied, bed.clock.now_millis())?,
        0
    );
    let health = store.health().await?;
    assert_eq!(
        health.backend,
        if bed.is_postgres() { "postgres" } else { "sqlite" }
    );
    assert!(health.schema >= 2 && health.size_bytes > 0);
    // A column of each kind comes back as it went in.
    let bytes = vec![0_u8, 255, 7];
    let wanted = bytes.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                store::execute!(
                    tx,
                    "INSERT INTO secrets (guild_id, name, value) VALUES ($1, $2, $3)",
                    i64::MAX,
                    "ключ",
                    bytes
                )?;
                store::execute!(
                    tx,
                    "INSERT INTO cogs (name, disabled, changed_at, changed_by) VALUES ($1, $2, $3, $4)",
                    "TicketSystem",
                    true,
                    tx.now_millis(),
                    "system"
                )?;
                Ok(())
            })
        })
        .await?;
    let mut reader = store.read().await?;
    let secret: Option<(i64, String, Vec<u8>)> = store::fetch_optional!(
        reader,
        (i64, String, Vec<u8>),
        "SELECT guild_id, name, value FROM secrets"
    )?;
    assert_eq!(secret, Some((i64::MAX, "ключ".to_owned(), wanted)));
    assert!(store::fetch_scalar!(reader, bool, "SELECT disabled FROM cogs")?);
    assert!(
        store::execute!(reader, "DELETE FROM secrets").is_err(),
        "a reader may only read"
    );
    drop(reader);
    store.close().await;
    assert!(store.write(|_| Box::pin(async { Ok(()) })).await.is_err());
    Ok(())
}

/// Runs one statement as another program would.
async fn meddle(bed: &Bed, sql: &'static str) -> Told {
    let store = bed.open().await?;
    store
        .write(move |tx| {
            Box::pin(async move {
                store::execute!(tx, sql)?;
                Ok(())
            })
        })
        .await?;
    store.close().await;
    Ok(())
}

async fn a_newer_schema_is_refused_and_left_alone(bed: &Bed) -> Told {
    meddle(
        bed,
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'later', '', 0)",
    )
    .await?;
    let refused = bed.open().await;
    assert!(
        matches!(refused, Err(StoreError::Newer { found: 9_999, known }) if known < 9_999),
        "{refused:?}"
    );
    Ok(())
}

async fn a_migration_with_another_text_is_refused(bed: &Bed) -> Told {
    meddle(
        bed,
        "UPDATE schema_migrations SET checksum = 'other' WHERE version = 2",
    )
    .await?;
    assert!(matches!(
        bed.open().await,
        Err(StoreError::Differs { version: 2 })
    ));
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_kept() -> Told {
    let bed = Bed::sqlite()?;
    let rubbish = "[{\"ticket_id\": 1}]".repeat(400);
    std::fs::create_dir_all(bed.path().parent().ok_or("no folder")?)?;
    std::fs::write(bed.path(), &rubbish)?;
    let refused = bed.open().await;
    assert!(matches!(&refused, Err(StoreError::Damaged { .. })), "{refused:?}");
    assert_eq!(std::fs::read_to_string(bed.path())?, rubbish);
    Ok(())
}

/// T-01, X06.
#[tokio::test]
async fn a_file_with_damaged_pages_is_refused_and_kept() -> Told {
    let bed = Bed::sqlite()?;
    bed.open().await?.close().await;
    let mut bytes = std::fs::read(bed.path())?;
    for byte in bytes.iter_mut().skip(4_096).take(40_000) {
        *byte = 0xa5;
    }
    std::fs::write(bed.path(), &bytes)?;
    let refused = bed.open().await;
    assert!(matches!(&refused, Err(StoreError::Damaged { .. })), "{refused:?}");
    assert_eq!(std::fs::read(bed.path())?, bytes);
    Ok(())
}

#[tokio::test]
async fn an_address_of_another_database_is_refused_without_repeating_it() {
    let refused = Store::open("mysql://root:geheim@db/x", Clock::system(), Entropy::seeded(1)).await;
    let Err(error) = refused else {
        unreachable!("it was opened")
    };
    assert!(matches!(error, StoreError::Address));
    assert!(!error.to_string().contains("geheim"));
}

#[tokio::test]
async fn a_throw_away_database_is_gone_with_its_store() -> Told {
    let store = Store::open("sqlite::memory:", Clock::system(), Entropy::seeded(1)).await?;
    let file = store::fetch_scalar!(
        store.read().await?,
        String,
        "SELECT file FROM pragma_database_list"
    )?;
    assert!(std::path::Path::new(&file).exists());
    store.close().await;
    drop(store);
    assert!(!std::path::Path::new(&file).exists());
    Ok(())
}

/// Set for the process that is killed.
const VICTIM: &str = "HAZEBOT_TEST_VICTIM";

/// Not a test by itself: writes numbers and says which were acknowledged, until it is killed.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "talks to the test that started it")]
async fn victim() -> Told {
    let Ok(url) = std::env::var(VICTIM) else {
        return Ok(());
    };
    let store = Store::open(&url, Clock::system(), Entropy::seeded(1)).await?;
    for number in 1_i64.. {
        store
            .write(move |tx| {
                Box::pin(async move {
                    store::execute!(tx, "INSERT INTO app_usage (user_id, at) VALUES ($1, 0)", number)?;
                    Ok(())
                })
            })
            .await?;
        println!("stored {number}");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_process_was_killed() -> Told {
    let bed = Bed::sqlite()?;
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--exact", "opening::victim", "--nocapture"])
        .env(VICTIM, &bed.url)
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().ok_or("no output")?;
    let mut last = 0_i64;
    for line in BufReader::new(output).lines() {
        if let Some(number) = line?
            .split_once("stored ")
            .and_then(|(_, number)| number.parse().ok())
        {
            last = number;
        }
        if last == 50 {
            // SIGKILL on Unix; what it says until then is read to the end.
            child.kill()?;
        }
    }
    child.wait()?;
    assert!(last >= 50, "the victim ended early");
    let store = bed.open().await?;
    let mut reader = store.read().await?;
    let stored = store::fetch_scalar!(
        reader,
        i64,
        "SELECT COUNT(*) FROM app_usage WHERE user_id <= $1",
        last
    )?;
    assert_eq!(stored, last);
    Ok(())
}

#[tokio::test]
async fn a_backup_is_a_whole_database_and_overwrites_nothing() -> Told {
    let bed = Bed::sqlite()?;
    let store = bed.open().await?;
    store
        .write(|tx| {
            Box::pin(async move {
                store::execute!(tx, "INSERT INTO app_usage (user_id, at) VALUES (1, 2)")?;
                Ok(())
            })
        })
        .await?;
    let copy = bed.path().with_extension("copy");
    store.backup(&copy).await?;
    assert!(store.backup(&copy).await.is_err(), "a file that exists is kept");
    let url = format!("sqlite://{}", copy.display());
    let copied = Store::open(&url, bed.clock.clone(), Entropy::seeded(1)).await?;
    assert_eq!(
        store::fetch_scalar!(copied.read().await?, i64, "SELECT at FROM app_usage")?,
        2
    );
    copied.close().await;
    store.close().await;
    Ok(())
}
