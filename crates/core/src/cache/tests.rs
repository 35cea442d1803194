//! What caches promise.

use std::sync::atomic::AtomicUsize;

use tokio::sync::Notify;

use super::*;
use crate::{
    Entropy,
    store::{self, Store},
};

const MINUTE: Duration = Duration::from_secs(60);

fn caches() -> (Clock, Caches) {
    let clock = Clock::manual(from_millis(0));
    (clock.clone(), Caches::new(clock))
}

#[tokio::test]
async fn a_value_counts_for_its_time_and_is_known_a_while_longer() {
    let (clock, caches) = caches();
    let cache = caches.build(CacheOptions::new("c", 10, MINUTE).stale(MINUTE));
    cache.insert("a", 1).await;
    assert_eq!(cache.get("a").await, Lookup::Found(1));
    clock.advance(chrono::Duration::seconds(60));
    assert_eq!(cache.get("a").await, Lookup::Miss);
    assert_eq!(cache.last_known("a").await, Some((1, from_millis(0))));
    assert_eq!(
        cache
            .get_or_try_compute("a", async { Ok::<_, ()>(Some(2)) })
            .await,
        Ok(Some(2))
    );
    let stats = cache.stats().await;
    assert_eq!((stats.hits, stats.misses, stats.size), (1, 2, 1));
}

#[tokio::test]
async fn nothing_is_an_answer_too_and_a_failure_is_none() {
    let (clock, caches) = caches();
    let cache = caches.build::<u8>(CacheOptions::new("c", 10, MINUTE).absent_ttl(Duration::from_secs(5)));
    assert_eq!(
        cache.get_or_try_compute("a", async { Err("down") }).await,
        Err(Arc::new("down"))
    );
    assert_eq!(
        cache.get_or_try_compute("a", async { Ok::<_, &str>(None) }).await,
        Ok(None)
    );
    assert_eq!(
        cache.get_or_try_compute("a", async { Err("not asked") }).await,
        Ok(None)
    );
    assert_eq!(cache.get("a").await, Lookup::Absent);
    clock.advance(chrono::Duration::seconds(5));
    assert_eq!(cache.get("a").await, Lookup::Miss);
}

#[tokio::test]
async fn many_who_ask_at_once_start_one_computation_and_share_its_failure() {
    let (_, caches) = caches();
    let cache = caches.build::<u8>(CacheOptions::new("c", 10, MINUTE));
    for fails in [true, false] {
        let (runs, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (cache, runs, gate) = (cache.clone(), Arc::clone(&runs), Arc::clone(&gate));
                tokio::spawn(async move {
                    let compute = async {
                        runs.fetch_add(1, Ordering::SeqCst);
                        gate.notified().await;
                        if fails { Err("down") } else { Ok(Some(7)) }
                    };
                    cache.get_or_try_compute("a", compute).await
                })
            })
            .collect();
        while runs.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        // Let the others reach the flight too.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        gate.notify_one();
        for task in tasks {
            let expected = if fails { Err(Arc::new("down")) } else { Ok(Some(7)) };
            assert_eq!(task.await.unwrap(), expected);
        }
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn what_was_computed_before_a_purge_is_not_kept() {
    let (_, caches) = caches();
    let cache = caches.build::<u8>(CacheOptions::new("c", 10, MINUTE));
    let purging = cache.clone();
    let compute = async move {
        purging.purge("").await;
        Ok::<_, ()>(Some(1))
    };
    assert_eq!(cache.get_or_try_compute("a", compute).await, Ok(Some(1)));
    assert_eq!(cache.get("a").await, Lookup::Miss);
}

#[tokio::test]
async fn a_guild_and_a_prefix_can_be_purged_in_all_caches() {
    let (_, caches) = caches();
    let (one, two) = (
        caches.build(CacheOptions::new("one", 10, MINUTE)),
        caches.build(CacheOptions::new("two", 10, MINUTE)),
    );
    let (here, there) = (GuildId::new(1), GuildId::new(11));
    for key in [guild_key(here, "x"), guild_key(there, "x")] {
        one.insert(&key, 1).await;
        two.insert(&key, 'x').await;
    }
    assert_eq!(caches.purge_guild(here).await, 2);
    assert_eq!(one.get(&guild_key(there, "x")).await, Lookup::Found(1));
    assert_eq!(caches.purge(Some("two"), "").await, 1);
    assert_eq!(
        caches
            .stats()
            .await
            .iter()
            .map(|stats| (stats.name, stats.size))
            .collect::<Vec<_>>(),
        [("one", 1), ("two", 0)]
    );
    drop(two);
    assert_eq!(caches.stats().await.len(), 1);
}

#[tokio::test]
async fn the_capacity_holds() {
    let (_, caches) = caches();
    let cache = caches.build(CacheOptions::new("c", 50, MINUTE));
    for number in 0..500 {
        cache.insert(&number.to_string(), number).await;
    }
    assert!(cache.stats().await.size <= 50);
}

#[tokio::test]
async fn persisted_entries_outlive_a_restart_and_end_in_time() {
    let clock = Clock::manual(from_millis(0));
    let store = Store::open("sqlite::memory:", clock.clone(), Entropy::seeded(1))
        .await
        .unwrap();
    let open = || {
        Caches::new(clock.clone())
            .build_persisted::<String>(CacheOptions::new("p", 10, MINUTE).stale(MINUTE), store.clone())
    };
    open().insert("g1/a", "one".into()).await;
    open().insert_absent("g2/b").await;
    let not_asked = || async { Err::<Option<String>, _>("asked") };
    let cache = open();
    assert_eq!(
        cache.get_or_try_compute("g1/a", not_asked()).await,
        Ok(Some("one".to_owned()))
    );
    assert_eq!(cache.get_or_try_compute("g2/b", not_asked()).await, Ok(None));
    open().purge("g1/").await;
    assert!(open().get_or_try_compute("g1/a", not_asked()).await.is_err());
    open().insert("g1/a", "one".into()).await;
    clock.advance(chrono::Duration::seconds(60));
    assert!(
        open().get_or_try_compute("g1/a", not_asked()).await.is_err(),
        "its time has passed"
    );
    assert_eq!(
        open().last_known("g1/a").await,
        Some(("one".to_owned(), from_millis(0)))
    );
    assert_eq!(sweep(&store, &clock).await.unwrap(), 0);
    clock.advance(chrono::Duration::seconds(60));
    assert_eq!(sweep(&store, &clock).await.unwrap(), 2);
    let rows = store::fetch_scalar!(
        store.read().await.unwrap(),
        i64,
        "SELECT COUNT(*) FROM cache_entries"
    )
    .unwrap();
    assert_eq!(rows, 0);
}
