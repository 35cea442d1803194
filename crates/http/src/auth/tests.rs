//! Authentication through the whole API.

#![expect(clippy::indexing_slicing, reason = "tests may stop at what is wrong")]

use http::{Method, Request};
use serde_json::{Value, json};

use super::sessions::{ABSOLUTE, DAY};
use crate::testing::{ADA, ADMIN_ROLE, FINN, MOSS, SECRET, START, World};

async fn world() -> World {
    World::new(|_| Vec::new()).await
}

fn days(days: i64) -> chrono::Duration {
    chrono::Duration::milliseconds(days * DAY)
}

/// A token as the Python version signed it.
fn old_token(claims: &Value) -> String {
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), claims, &key).unwrap()
}

fn old_claims(user: &str, exp: i64) -> Value {
    json!({
        "user": "finn_reed", "discord_id": user, "exp": exp, "role": "lootling", "permissions": ["meme_generator"],
        "auth_type": "refreshed", "session_id": "1733508000000_123456",
    })
}

#[tokio::test]
async fn each_kind_of_account_is_told_who_it_is() {
    let world = world().await;
    let me = world.get("/api/auth/me", &world.token(ADA).await).await;
    assert_eq!(me.status, 200);
    assert_eq!(
        me.json,
        json!({
            "user": "ada_keeper", "discord_id": ADA.to_string(), "role": "admin", "role_name": "Inventory Master",
            "permissions": ["all"], "auth_type": "discord", "avatar_url": format!("https://cdn.example/{ADA}.png"),
        })
    );
    let me = world.get("/api/auth/me", &world.token(FINN).await).await;
    assert_eq!(
        (&me.json["role"], &me.json["role_name"]),
        (&json!("lootling"), &Value::Null)
    );
    assert_eq!(me.json["permissions"], json!(["meme_generator"]));
    let login = world
        .post(
            "/api/auth/login",
            "",
            &json!({"username": "admin", "password": "golden-pass"}),
        )
        .await;
    assert_eq!(
        (login.status.as_u16(), &login.json["role"]),
        (200, &json!("admin"))
    );
    let me = world
        .get("/api/auth/me", login.json["token"].as_str().unwrap())
        .await;
    assert_eq!(
        (&me.json["discord_id"], &me.json["auth_type"]),
        (&json!("legacy_user"), &json!("legacy"))
    );
}

#[tokio::test]
async fn a_request_without_a_good_token_gets_the_word_of_the_contract() {
    let world = world().await;
    for (header, word) in [
        (None, "Token is missing"),
        (Some("Bearer "), "token_invalid"),
        (Some("Bearer garbage"), "token_invalid"),
        (Some("Basic YTpi"), "token_invalid"),
    ] {
        let request = Request::get("/api/ping");
        let request = match header {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        let answer = world.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.error()),
            (401, word),
            "{header:?}"
        );
    }
    let bare = Request::get("/api/ping").header("authorization", world.token(FINN).await);
    assert_eq!(
        world
            .send(bare.body(axum::body::Body::empty()).unwrap())
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn wrong_passwords_are_refused_and_then_slowed_down() {
    let world = world().await;
    let wrong = json!({"username": "admin", "password": "no"});
    for _ in 0..5 {
        let answer = world.post("/api/auth/login", "", &wrong).await;
        assert_eq!(
            (answer.status.as_u16(), answer.error()),
            (401, "Invalid credentials")
        );
    }
    let answer = world.post("/api/auth/login", "", &wrong).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (429, "15")
    );
    let right = json!({"username": "admin", "password": "golden-pass"});
    assert_eq!(world.post("/api/auth/login", "", &right).await.status, 429);
    world.clock.advance(chrono::Duration::seconds(16));
    assert_eq!(world.post("/api/auth/login", "", &right).await.status, 200);
}

#[tokio::test]
async fn a_login_without_fields_is_refused_and_broken_json_is_the_callers_fault() {
    let world = world().await;
    assert_eq!(world.post("/api/auth/login", "", &json!({})).await.status, 401);
    assert_eq!(
        world.post("/api/auth/login", "", &json!([1])).await.error(),
        "Invalid JSON body"
    );
}

#[tokio::test]
async fn logging_out_ends_the_token_at_once() {
    let world = world().await;
    let (token, other) = (world.token(FINN).await, world.token(FINN).await);
    assert_eq!(world.get("/api/ping", &token).await.status, 200);
    let answer = world.post("/api/auth/logout", &token, &json!({})).await;
    assert_eq!(answer.json, json!({"message": "Logged out successfully"}));
    assert_eq!(world.get("/api/ping", &token).await.error(), "token_invalid");
    assert_eq!(
        world.call(Method::POST, "/api/auth/refresh", &token).await.status,
        401
    );
    assert_eq!(world.get("/api/ping", &other).await.status, 200);
}

#[tokio::test]
async fn a_token_expires_and_can_be_refreshed_for_thirty_days() {
    let world = world().await;
    let token = world.token(FINN).await;
    world.clock.advance(days(8));
    assert_eq!(world.get("/api/ping", &token).await.error(), "token_expired");
    let fresh = world.call(Method::POST, "/api/auth/refresh", &token).await;
    assert_eq!(fresh.status, 200);
    assert_eq!(
        (&fresh.json["user"], &fresh.json["discord_id"]),
        (&json!("finn_reed"), &json!(FINN.to_string()))
    );
    assert_eq!(
        world
            .get("/api/ping", fresh.json["token"].as_str().unwrap())
            .await
            .status,
        200
    );
    world.clock.advance(days(40));
    assert_eq!(
        world
            .call(Method::POST, "/api/auth/refresh", &token)
            .await
            .error(),
        "token_expired"
    );
}

#[tokio::test]
async fn ninety_days_after_the_sign_in_refreshing_ends() {
    let world = world().await;
    let mut token = world.token(FINN).await;
    for _ in 0..17 {
        world.clock.advance(days(5));
        let fresh = world.call(Method::POST, "/api/auth/refresh", &token).await;
        token = fresh.json["token"].as_str().unwrap().to_owned();
    }
    assert_eq!(world.get("/api/ping", &token).await.status, 200);
    world.clock.advance(chrono::Duration::milliseconds(
        START + ABSOLUTE - world.clock.now_millis(),
    ));
    assert_eq!(world.get("/api/ping", &token).await.status, 401);
    assert_eq!(
        world.call(Method::POST, "/api/auth/refresh", &token).await.status,
        401
    );
}

#[tokio::test]
async fn a_refresh_keeps_the_kind_of_account_and_names_no_user_for_a_password_login() {
    let world = world().await;
    let fresh = world
        .call(Method::POST, "/api/auth/refresh", &world.login_token().await)
        .await;
    assert_eq!(
        (fresh.json.get("user"), &fresh.json["discord_id"]),
        (None, &json!("legacy_user"))
    );
    let me = world
        .get("/api/auth/me", fresh.json["token"].as_str().unwrap())
        .await;
    assert_eq!(me.json["auth_type"], json!("legacy"));
}

#[tokio::test]
async fn a_token_of_the_python_version_works_and_can_be_revoked() {
    let world = world().await;
    let exp = START / 1_000 + 3_600;
    let token = old_token(&old_claims(&FINN.to_string(), exp));
    let twin = old_token(&old_claims(&FINN.to_string(), exp + 1));
    let me = world.get("/api/auth/me", &token).await;
    assert_eq!(
        (me.status.as_u16(), &me.json["auth_type"]),
        (200, &json!("discord")),
        "refreshed means discord"
    );
    assert_eq!(
        world.post("/api/auth/logout", &token, &json!({})).await.status,
        200
    );
    assert_eq!(world.get("/api/auth/me", &token).await.status, 401);
    assert_eq!(
        world.get("/api/auth/me", &twin).await.status,
        200,
        "the shared session id was not the key"
    );
}

#[tokio::test]
async fn a_token_of_the_python_version_does_not_outlive_ninety_days() {
    let world = world().await;
    let token = old_token(&old_claims(&FINN.to_string(), START / 1_000 + 6 * 86_400));
    let fresh = world.call(Method::POST, "/api/auth/refresh", &token).await;
    let mut token = fresh.json["token"].as_str().unwrap().to_owned();
    for _ in 0..17 {
        world.clock.advance(days(5));
        let fresh = world.call(Method::POST, "/api/auth/refresh", &token).await;
        token = fresh.json["token"].as_str().unwrap().to_owned();
    }
    // signed in a day before the start
    world.clock.advance(days(4) + chrono::Duration::hours(1));
    assert_eq!(
        world.call(Method::POST, "/api/auth/refresh", &token).await.status,
        401
    );
}

#[tokio::test]
async fn roles_are_those_of_now_not_of_the_token() {
    let world = world().await;
    let token = world.token(ADA).await;
    world.directory.set(ADA, "ada_keeper", &[]);
    let me = world.get("/api/auth/me", &token).await;
    assert_eq!(
        (&me.json["role"], &me.json["permissions"]),
        (&json!("lootling"), &json!(["meme_generator"]))
    );
    world.directory.set(ADA, "ada_keeper", &[ADMIN_ROLE]);
    assert_eq!(
        world.get("/api/auth/me", &token).await.json["role"],
        json!("admin")
    );
}

#[tokio::test]
async fn claims_count_only_while_the_guild_has_not_arrived() {
    let world = world().await;
    let token = world.token(MOSS).await;
    world.directory.arrived(false);
    assert_eq!(world.get("/api/auth/me", &token).await.json["role"], json!("mod"));
}

#[tokio::test]
async fn who_has_left_is_out() {
    let world = world().await;
    let token = world.token(ADA).await;
    world.directory.remove(ADA);
    let me = world.get("/api/auth/me", &token).await;
    assert_eq!(
        (me.status.as_u16(), &me.json["role"]),
        (200, &json!("lootling")),
        "members may still be arriving"
    );
    world.clock.advance(chrono::Duration::minutes(3));
    assert_eq!(world.get("/api/ping", &token).await.status, 401);
    world.directory.set(ADA, "ada_keeper", &[ADMIN_ROLE]);
    assert_eq!(
        world.get("/api/ping", &token).await.status,
        200,
        "nothing was revoked on a guess"
    );
    world.api.member_left(ADA).await.unwrap();
    assert_eq!(
        world.get("/api/ping", &token).await.status,
        401,
        "the gateway's word is final"
    );
}

#[tokio::test]
async fn a_password_login_that_is_configured_no_more_is_out() {
    let world = world().await;
    let claims = json!({
        "user": "gone", "discord_id": "legacy_user", "exp": START / 1_000 + 60, "role": "admin",
        "permissions": ["all"], "auth_type": "legacy", "session_id": "00112233445566778899aabbccddeeff",
    });
    assert_eq!(world.get("/api/ping", &old_token(&claims)).await.status, 401);
}

#[tokio::test]
async fn a_monitoring_token_reaches_only_what_it_is_for() {
    let world = world().await;
    let refused = world
        .post("/api/auth/monitoring-token", "", &json!({"secret": "x"}))
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.error()),
        (401, "Invalid monitoring secret")
    );
    let body = json!({"secret": "golden-monitoring-secret"});
    let answer = world.post("/api/auth/monitoring-token", "", &body).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json["expires_in_days"]),
        (200, &json!(90))
    );
    let token = answer.json["token"].as_str().unwrap();
    let pong = world.get("/api/ping", token).await;
    assert_eq!(
        (pong.status.as_u16(), &pong.json["your_role"]),
        (200, &json!("monitoring"))
    );
    assert_eq!(world.get("/api/auth/sessions", token).await.status, 403);
    assert_eq!(
        world.call(Method::POST, "/api/auth/refresh", token).await.status,
        403
    );
    assert_eq!(
        world.get("/api/health?detailed=true", token).await.json["checks"]["cache"]["type"],
        json!("simple")
    );
}

#[tokio::test]
async fn the_proxys_question_is_answered_by_status_alone() {
    let world = world().await;
    for (token, status) in [
        (world.token(MOSS).await, 200),
        (world.login_token().await, 200),
        (world.token(FINN).await, 403),
        ("garbage".to_owned(), 401),
        (String::new(), 401),
    ] {
        let answer = world.get("/api/auth/verify-token", &token).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (status, 0));
    }
}

#[tokio::test]
async fn ping_tells_the_clients_own_session() {
    let world = world().await;
    let token = world.token(FINN).await;
    let plain = world.get("/api/ping", &token).await;
    assert_eq!(plain.json["your_session_id"].as_str().unwrap().len(), 32);
    let request = Request::get("/api/ping")
        .header("authorization", format!("Bearer {token}"))
        .header("x-session-id", "1733508000000_123456");
    let named = world.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(named.json["your_session_id"], json!("1733508000000_123456"));
}
