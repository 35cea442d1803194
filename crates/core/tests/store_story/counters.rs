//! Counters: merged, stored soon, not counted twice after a restart.

use hazebot_core::{
    Failure, Store,
    counters::{Counter, GatewaySession, top, value},
    ids::{GuildId, UserId},
    store,
};

use crate::{
    bed::{Bed, Told, soon},
    on_both,
};

const GUILD: GuildId = GuildId::new(1_100);
const ANN: UserId = UserId::new(21);
const BOB: UserId = UserId::new(22);

on_both! {
    counters_are_merged_and_stored_within_a_moment
    what_was_counted_before_a_restart_is_not_counted_again
    an_end_without_goodbye_keeps_counters_and_progress_together
    a_new_session_begins_a_new_numbering
}

async fn read(store: &Store, user: UserId) -> Result<i64, Failure> {
    value(&mut store.read().await?, Counter::Messages, GUILD, user).await
}

async fn counters_are_merged_and_stored_within_a_moment(bed: &Bed) -> Told {
    let store = bed.open().await?;
    for _ in 0..500 {
        store.counters().add(Counter::Messages, GUILD, ANN, 1);
        store.counters().add(Counter::Messages, GUILD, BOB, 2);
    }
    store.counters().add(Counter::Images, GUILD, BOB, 4);
    assert!(store.counters().pending() <= 3);
    soon(async {
        while read(&store, BOB).await? != 1_000 {
            tokio::task::yield_now().await;
        }
        Ok::<_, Failure>(())
    })
    .await??;
    store.counters().add(Counter::Messages, GUILD, ANN, 7);
    store.flush().await;
    assert_eq!(store.counters().pending(), 0);
    let mut reader = store.read().await?;
    assert_eq!(
        top(&mut reader, Counter::Messages, GUILD, 5).await?,
        [(BOB, 1_000), (ANN, 507)]
    );
    assert_eq!(top(&mut reader, Counter::Messages, GuildId::new(1), 5).await?, []);
    assert_eq!(value(&mut reader, Counter::Images, GUILD, BOB).await?, 4);
    drop(reader);
    store.counters().add(Counter::Messages, GUILD, ANN, 1);
    store.close().await;
    assert_eq!(read(&bed.open().await?, ANN).await?, 508);
    Ok(())
}

async fn what_was_counted_before_a_restart_is_not_counted_again(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let gateway = store.counters().gateway(0);
    assert_eq!(gateway.saved(), None);
    gateway.session("s-1", "wss://gateway.example/1");
    for sequence in 2..=10 {
        assert!(gateway.count(sequence, GUILD, ANN, Counter::Messages));
        if sequence <= 6 {
            gateway.seen(sequence);
        }
    }
    store.close().await;

    let store = bed.open().await?;
    let gateway = store.counters().gateway(0);
    let saved = GatewaySession {
        id: "s-1".into(),
        resume_url: "wss://gateway.example/1".into(),
        sequence: 6,
    };
    assert_eq!(gateway.saved(), Some(saved));
    assert_eq!(store.counters().gateway(1).saved(), None);
    // Discord replays 7 to 10, then goes on.
    let counted: Vec<u64> = (7..=12)
        .filter(|&sequence| gateway.count(sequence, GUILD, ANN, Counter::Messages))
        .collect();
    assert_eq!(counted, [11, 12]);
    gateway.seen(12);
    store.close().await;
    let store = bed.open().await?;
    assert_eq!(read(&store, ANN).await?, 11);
    assert_eq!(
        store
            .counters()
            .gateway(0)
            .saved()
            .map(|session| session.sequence),
        Some(12)
    );
    store.close().await;
    Ok(())
}

async fn an_end_without_goodbye_keeps_counters_and_progress_together(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let gateway = store.counters().gateway(3);
    gateway.session("s-1", "wss://gateway.example");
    for sequence in 1..=40 {
        gateway.count(sequence, GUILD, ANN, Counter::Messages);
        gateway.seen(sequence);
        if sequence == 25 {
            store.flush().await;
        }
    }
    // Nobody says goodbye: what was not stored yet is replayed by Discord.
    drop(store);
    let store = bed.open().await?;
    let gateway = store.counters().gateway(3);
    let resumed = gateway.saved().ok_or("no session")?.sequence;
    assert_eq!(i64::try_from(resumed)?, read(&store, ANN).await?);
    assert!(resumed >= 25);
    for sequence in resumed + 1..=40 {
        gateway.count(sequence, GUILD, ANN, Counter::Messages);
    }
    store.flush().await;
    assert_eq!(read(&store, ANN).await?, 40);
    store.close().await;
    Ok(())
}

async fn a_new_session_begins_a_new_numbering(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let gateway = store.counters().gateway(0);
    gateway.session("s-1", "wss://gateway.example");
    gateway.count(900, GUILD, ANN, Counter::Messages);
    gateway.seen(900);
    store.close().await;
    let store = bed.open().await?;
    let gateway = store.counters().gateway(0);
    assert!(!gateway.count(5, GUILD, ANN, Counter::Messages));
    gateway.session("s-2", "wss://gateway.example");
    assert!(gateway.count(5, GUILD, ANN, Counter::Messages));
    store.flush().await;
    let stored = store::fetch_one!(
        store.read().await?,
        (String, i64, i64),
        "SELECT session_id, sequence, counted FROM gateway_sessions WHERE shard = 0"
    )?;
    assert_eq!(stored, ("s-2".to_owned(), 0, 5));
    gateway.forget();
    store.close().await;
    let store = bed.open().await?;
    assert_eq!(store.counters().gateway(0).saved(), None);
    store.close().await;
    Ok(())
}
