//! Events: in order, none twice, none left out.

use futures_util::future::join_all;
use hazebot_core::{
    Actor, Failure, Outcome, Store,
    events::{Event, EventFeed, EventId, MAX_PAYLOAD, NewEvent},
    ids::{GuildId, UserId},
    jobs::JobRunner,
    store::keep_bounded,
};
use serde_json::json;

use crate::{
    bed::{Bed, Told, soon},
    on_both,
};

on_both! {
    an_event_comes_as_it_was_written
    events_of_parallel_changes_come_in_order_without_gaps
    a_slow_feed_leaves_nothing_out
    an_event_of_a_failed_change_is_never_told
    a_feed_can_begin_in_the_past
    another_process_hears_the_events_too
    old_events_are_deleted_and_new_ones_stay
}

async fn emit(store: &Store, kind: &'static str) -> Outcome<()> {
    store
        .write(move |tx| Box::pin(async move { tx.emit(NewEvent::new(kind)).await }))
        .await
}

async fn take(feed: &mut EventFeed, count: usize) -> Result<Vec<EventId>, Box<dyn std::error::Error>> {
    let mut ids = Vec::with_capacity(count);
    for _ in 0..count {
        ids.push(soon(feed.next()).await?.id);
    }
    Ok(ids)
}

async fn stored(store: &Store) -> Outcome<Vec<Event>> {
    let mut all = Vec::new();
    loop {
        let last = all.last().map_or(EventId(0), |event: &Event| event.id);
        let page = store.events().since(last, 500).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

async fn an_event_comes_as_it_was_written(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let mut feed = store.events().subscribe();
    let guild = GuildId::new(9);
    let actor = Actor::Member {
        guild,
        user: UserId::new(3),
        name: "ann".into(),
    };
    let by = actor.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                let event = NewEvent::new("ticket.claimed")
                    .guild(guild)
                    .subject("t-7")
                    .actor(&by);
                tx.emit(event.payload(json!({"text": "a\u{0}b \u{1f3ab}"}))).await
            })
        })
        .await?;
    let live = soon(feed.next()).await?;
    assert_eq!(
        (live.kind.as_str(), live.guild, live.subject.as_deref()),
        ("ticket.claimed", Some(guild), Some("t-7"))
    );
    assert_eq!((live.actor.clone(), live.at), (actor, bed.clock.now()));
    assert_eq!(stored(&store).await?, [(*live).clone()]);
    assert_eq!(store.events().about(guild, "t-7", EventId(0), 10).await?.len(), 1);
    assert!(
        store
            .events()
            .about(GuildId::new(10), "t-7", EventId(0), 10)
            .await?
            .is_empty()
    );
    let long = json!("x".repeat(MAX_PAYLOAD));
    let refused = store
        .write(move |tx| Box::pin(async move { tx.emit(NewEvent::new("long").payload(long)).await }))
        .await;
    assert!(refused.is_err());
    store.close().await;
    Ok(())
}

async fn events_of_parallel_changes_come_in_order_without_gaps(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let mut feed = store.events().subscribe();
    let writers = (0..32).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..12 {
                store
                    .write(|tx| {
                        Box::pin(async move {
                            tx.emit(NewEvent::new("one")).await?;
                            tx.emit(NewEvent::new("two")).await
                        })
                    })
                    .await?;
            }
            Outcome::Ok(())
        })
    });
    let writing = tokio::spawn(join_all(writers));
    let live = take(&mut feed, 32 * 12 * 2).await?;
    for writer in writing.await? {
        writer??;
    }
    assert!(
        live.windows(2).all(|pair| pair.first() < pair.last()),
        "out of order"
    );
    assert_eq!(
        live,
        stored(&store)
            .await?
            .into_iter()
            .map(|event| event.id)
            .collect::<Vec<_>>()
    );
    assert!(feed.try_next().is_none());
    assert_eq!(store.events().latest(), feed.last());
    store.close().await;
    Ok(())
}

async fn a_slow_feed_leaves_nothing_out(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let mut feed = store.events().subscribe();
    for _ in 0..30 {
        store
            .write(|tx| {
                Box::pin(async move {
                    for _ in 0..100 {
                        tx.emit(NewEvent::new("flood")).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    // More than the live channel holds, with some more behind them.
    let first = take(&mut feed, 2_000).await?;
    emit(&store, "last").await?;
    let rest = take(&mut feed, 1_001).await?;
    let all: Vec<_> = first.into_iter().chain(rest).collect();
    assert_eq!(
        all,
        stored(&store)
            .await?
            .into_iter()
            .map(|event| event.id)
            .collect::<Vec<_>>()
    );
    store.close().await;
    Ok(())
}

async fn an_event_of_a_failed_change_is_never_told(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let mut feed = store.events().subscribe();
    let failed: Outcome<()> = store
        .write(|tx| {
            Box::pin(async move {
                tx.emit(NewEvent::new("undone")).await?;
                Err(Failure::internal("no"))
            })
        })
        .await;
    assert!(failed.is_err());
    emit(&store, "done").await?;
    // What was acknowledged is in the feed already.
    assert_eq!(
        feed.try_next().map(|event| event.kind.clone()).as_deref(),
        Some("done")
    );
    assert_eq!(stored(&store).await?.len(), 1);
    store.close().await;
    Ok(())
}

async fn a_feed_can_begin_in_the_past(bed: &Bed) -> Told {
    let store = bed.open().await?;
    for kind in ["a", "b", "c"] {
        emit(&store, kind).await?;
    }
    let seen = stored(&store)
        .await?
        .first()
        .map(|event| event.id)
        .ok_or("nothing")?;
    store.close().await;
    // After a restart.
    let store = bed.open().await?;
    let mut feed = store.events().subscribe_since(seen);
    let mut fresh = store.events().subscribe();
    emit(&store, "d").await?;
    let mut kinds = String::new();
    for _ in 0..3 {
        kinds.push_str(&soon(feed.next()).await?.kind);
    }
    assert_eq!(kinds, "bcd");
    assert_eq!(soon(fresh.next()).await?.kind, "d");
    store.close().await;
    Ok(())
}

async fn another_process_hears_the_events_too(bed: &Bed) -> Told {
    let (here, there) = (bed.open().await?, bed.open().await?);
    let mut feed = here.events().subscribe();
    emit(&there, "there").await?;
    if !bed.is_postgres() {
        // One file has one serving process; what the command line wrote comes with the next event.
        emit(&here, "here").await?;
    }
    assert_eq!(soon(feed.next()).await?.kind, "there");
    here.close().await;
    there.close().await;
    Ok(())
}

async fn old_events_are_deleted_and_new_ones_stay(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let runner = JobRunner::new(store.clone());
    let _registration = keep_bounded(&runner, &store).await?;
    store
        .write(|tx| {
            Box::pin(async move {
                for _ in 0..1_500 {
                    tx.emit(NewEvent::new("old")).await?;
                }
                Ok(())
            })
        })
        .await?;
    bed.clock.advance(chrono::Duration::days(29));
    assert_eq!(runner.run_due().await?, 1);
    assert_eq!(stored(&store).await?.len(), 1_500);
    emit(&store, "new").await?;
    bed.clock.advance(chrono::Duration::days(2));
    assert_eq!(runner.run_due().await?, 1);
    let kinds: Vec<_> = stored(&store)
        .await?
        .into_iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(kinds, ["new"]);
    // Ids go on where they were.
    let last = store.events().latest();
    emit(&store, "newer").await?;
    assert!(store.events().latest() > last);
    store.close().await;
    Ok(())
}
