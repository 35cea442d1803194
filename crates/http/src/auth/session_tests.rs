//! Sessions and what requests leave behind.

#![expect(clippy::indexing_slicing, reason = "tests may stop at what is wrong")]

use hazebot_core::ids::Snowflake;
use http::Method;
use serde_json::json;

use super::{ledger::Ledger, sessions::DAY};
use crate::testing::{ADA, FINN, MOSS, START, World};

async fn world() -> World {
    World::new(|_| Vec::new()).await
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let world = world().await;
    let (finn, phone, ada) = (
        world.token(FINN).await,
        world.token(FINN).await,
        world.token(ADA).await,
    );
    let own = world.get("/api/auth/sessions", &finn).await;
    let list = own.json["sessions"].as_array().unwrap();
    assert_eq!(list.len(), 2);
    let other = list
        .iter()
        .find(|session| session["current"] == json!(false))
        .unwrap()["id"]
        .as_str()
        .unwrap();
    assert_eq!(world.get("/api/auth/sessions?all=true", &finn).await.status, 403);
    let all = world.get("/api/auth/sessions?all=true", &ada).await;
    assert_eq!(all.json["sessions"].as_array().unwrap().len(), 3);
    let stranger = world.token(MOSS).await;
    let path = format!("/api/auth/sessions/{other}");
    assert_eq!(world.call(Method::DELETE, &path, &stranger).await.status, 404);
    assert_eq!(world.call(Method::DELETE, &path, &finn).await.status, 200);
    assert_eq!(world.get("/api/ping", &phone).await.status, 401);
    assert_eq!(world.get("/api/ping", &finn).await.status, 200);
}

#[tokio::test]
async fn what_requests_leave_behind_is_written_merged() {
    let world = world().await;
    let token = world.token(FINN).await;
    world.clock.advance(chrono::Duration::seconds(5));
    for _ in 0..3 {
        world.get("/api/ping", &token).await;
    }
    world.api.flush().await.unwrap();
    let mut reader = world.store.read().await.unwrap();
    let used = hazebot_core::fetch_scalar!(
        reader,
        i64,
        "SELECT at FROM app_usage WHERE user_id = $1",
        FINN.to_i64()
    )
    .unwrap();
    assert_eq!(used, START + 5_000);
    let seen = hazebot_core::fetch_scalar!(reader, i64, "SELECT last_seen_at FROM sessions").unwrap();
    assert_eq!(seen, START + 5_000);
}

#[tokio::test]
async fn a_proof_holds_at_its_place_for_a_week_and_elsewhere_for_two_minutes() {
    let world = world().await;
    let ledger = world.api.auth().ledger();
    let (here, there) = ("203.0.113.7".parse().unwrap(), "198.51.100.1".parse().unwrap());
    ledger.prove(FINN, "ticket", here);
    for flushed in [false, true] {
        if flushed {
            ledger.flush().await.unwrap();
        }
        assert!(ledger.proves(FINN, "ticket", here).await.unwrap());
        assert!(ledger.proves(FINN, "ticket", there).await.unwrap());
        assert!(!ledger.proves(FINN, "another", here).await.unwrap());
        assert!(!ledger.proves(MOSS, "ticket", here).await.unwrap());
    }
    world.clock.advance(chrono::Duration::minutes(3));
    assert!(!ledger.proves(FINN, "ticket", there).await.unwrap());
    assert!(ledger.proves(FINN, "ticket", here).await.unwrap());
    // as after a restart
    let reborn = Ledger::new(world.store.clone());
    assert!(reborn.proves(FINN, "ticket", here).await.unwrap());
    world.clock.advance(chrono::Duration::milliseconds(8 * DAY));
    assert!(!reborn.proves(FINN, "ticket", here).await.unwrap());
    ledger.prune().await.unwrap();
    ledger.prove(FINN, "ticket", here);
    ledger.flush().await.unwrap();
    ledger.forget(FINN).await.unwrap();
    assert!(!ledger.proves(FINN, "ticket", here).await.unwrap());
}
