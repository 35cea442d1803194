//! Sign-in through Discord, against a stand-in on loopback.

#![expect(clippy::indexing_slicing, reason = "tests may stop at what is wrong")]

use std::{
    collections::HashMap,
    sync::{Arc, Once},
};

use axum::{
    Form, Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, Request, StatusCode};
use parking_lot::Mutex;
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use crate::testing::{Answer, FINN, MODERATOR_ROLE, World};

/// What the stand-in answers, and what it was asked.
#[derive(Clone, Default)]
struct FakeDiscord {
    member: Arc<Mutex<Option<u16>>>,
    form: Arc<Mutex<HashMap<String, String>>>,
}

async fn token(State(fake): State<FakeDiscord>, Form(form): Form<HashMap<String, String>>) -> Response {
    let code = form.get("code").cloned().unwrap_or_default();
    *fake.form.lock() = form;
    match code.as_str() {
        "good" => Json(json!({"access_token": "an access token", "token_type": "Bearer"})).into_response(),
        "busy" => StatusCode::TOO_MANY_REQUESTS.into_response(),
        _ => (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response(),
    }
}

async fn user(headers: HeaderMap) -> Response {
    assert_eq!(headers["authorization"], "Bearer an access token");
    Json(json!({"id": FINN.to_string(), "username": "finn_reed"})).into_response()
}

async fn member(State(fake): State<FakeDiscord>, Path(_guild): Path<String>) -> Response {
    match *fake.member.lock() {
        Some(status) => StatusCode::from_u16(status).unwrap().into_response(),
        None => Json(json!({"roles": [MODERATOR_ROLE.to_string()]})).into_response(),
    }
}

fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // another test may have been first
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

async fn world() -> (World, FakeDiscord) {
    install_crypto();
    let fake = FakeDiscord::default();
    let router = Router::new()
        .route("/api/v10/oauth2/token", post(token))
        .route("/api/v10/users/@me", get(user))
        .route("/api/v10/users/@me/guilds/{guild}/member", get(member))
        .with_state(fake.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let base: Url = format!("http://{address}").parse().unwrap();
    let world = World::with(|_| Vec::new(), |options| options.discord.base_url = base).await;
    (world, fake)
}

async fn ask(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.body(axum::body::Body::empty()).unwrap()).await
}

async fn auth_url(world: &World, path: &str, headers: &[(&str, &str)]) -> (Url, HashMap<String, String>) {
    let answer = ask(world, path, headers).await;
    let url: Url = answer.json["auth_url"].as_str().unwrap().parse().unwrap();
    let query = url.query_pairs().into_owned().collect();
    (url, query)
}

#[tokio::test]
async fn the_app_gets_the_plain_address_of_the_contract() {
    let (world, _) = world().await;
    let answer = world.get("/api/discord/auth", "").await;
    assert_eq!(
        answer.json["auth_url"],
        json!(
            "https://discord.com/api/v10/oauth2/authorize?client_id=1100000000000000900\
             &redirect_uri=https%3A%2F%2Fapi.example.org%2Fapi%2Fdiscord%2Fcallback\
             &response_type=code&scope=identify+guilds.members.read"
        )
    );
}

#[tokio::test]
async fn pages_get_a_signed_state_and_a_proof_key() {
    let (world, fake) = world().await;
    let (_, query) = auth_url(&world, "/api/discord/auth?state=web", &[]).await;
    assert!(query["state"].starts_with("web."));
    let callback = format!("/api/discord/callback?code=good&state={}", query["state"]);
    let answer = world.get(&callback, "").await;
    assert_eq!(answer.status, 302);
    let verifier = fake.form.lock()["code_verifier"].clone();
    assert_eq!(
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
        query["code_challenge"]
    );
    assert!(
        answer
            .header("location")
            .starts_with("https://admin.example.org?token=")
    );
    assert_eq!(
        (answer.header("cache-control"), answer.header("referrer-policy")),
        ("no-store", "no-referrer")
    );
}

#[tokio::test]
async fn the_page_that_asks_decides_where_the_token_goes() {
    let (world, _) = world().await;
    for (referer, source) in [
        ("https://admin.example.org/", "web"),
        ("https://api.example.org/analytics/login.html", "analytics"),
        ("https://api.example.org/login", "panel"),
        ("http://localhost:8080/", "web"),
    ] {
        let headers = [("referer", referer), ("host", "api.example.org")];
        let (_, query) = auth_url(&world, "/api/discord/auth", &headers).await;
        assert!(query["state"].starts_with(&format!("{source}.")), "{referer}");
    }
}

#[tokio::test]
async fn each_source_gets_its_token_where_it_expects_it() {
    let (world, _) = world().await;
    for (state, start) in [
        ("mobile", "hazebot://oauth?token="),
        ("web", "https://admin.example.org?token="),
        (
            "analytics",
            "https://api.example.org/analytics/analytics_dashboard.html?token=",
        ),
        ("", "https://admin.example.org?token="),
        ("panel", "https://api.example.org/?token="),
    ] {
        let answer = world
            .get(&format!("/api/discord/callback?code=good&state={state}"), "")
            .await;
        assert_eq!(answer.status, 302, "{state}");
        let token = answer.header("location").strip_prefix(start).unwrap();
        assert_eq!(
            world.get("/api/auth/me", token).await.json["user"],
            json!("finn_reed")
        );
    }
}

#[tokio::test]
async fn a_forged_or_old_state_is_refused() {
    let (world, _) = world().await;
    let (_, query) = auth_url(&world, "/api/discord/auth?state=web", &[]).await;
    let state = &query["state"];
    for forged in [
        state.replacen("web", "panel", 1),
        format!("{state}x"),
        "web.1.2.3".to_owned(),
        "web.1".to_owned(),
    ] {
        let answer = world
            .get(&format!("/api/discord/callback?code=good&state={forged}"), "")
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.error()),
            (400, "Invalid or expired state"),
            "{forged}"
        );
    }
    world.clock.advance(chrono::Duration::minutes(11));
    let answer = world
        .get(&format!("/api/discord/callback?code=good&state={state}"), "")
        .await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn what_goes_wrong_is_told_apart() {
    let (world, fake) = world().await;
    for (query, status, sentence) in [
        ("", 400, "No authorization code provided"),
        ("?error=access_denied", 400, "No authorization code provided"),
        ("?code=nope", 400, "Failed to obtain access token"),
        ("?code=busy", 502, "Discord did not answer as expected"),
    ] {
        let answer = world.get(&format!("/api/discord/callback{query}"), "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.error()),
            (status, sentence),
            "{query}"
        );
    }
    world.directory.remove(FINN);
    *fake.member.lock() = Some(404);
    let answer = world.get("/api/discord/callback?code=good", "").await;
    assert_eq!(
        (answer.status.as_u16(), answer.error()),
        (403, "User is not a member of the guild")
    );
    *fake.member.lock() = Some(500);
    assert_eq!(world.get("/api/discord/callback?code=good", "").await.status, 502);
}

#[tokio::test]
async fn the_directory_helps_out_and_knows_better() {
    let (world, fake) = world().await;
    *fake.member.lock() = Some(500);
    let answer = world.get("/api/discord/callback?code=good", "").await;
    assert_eq!(answer.status, 302, "the directory knows the member");
    *fake.member.lock() = None;
    world.directory.arrived(false);
    let answer = world
        .get("/api/discord/callback?code=good&state=mobile", "")
        .await;
    let token = answer
        .header("location")
        .strip_prefix("hazebot://oauth?token=")
        .unwrap();
    assert_eq!(
        world.get("/api/auth/me", token).await.json["role"],
        json!("mod"),
        "by the roles that Discord told"
    );
}

#[tokio::test]
async fn without_settings_the_sign_in_is_unavailable() {
    let world = World::with(|_| Vec::new(), |options| options.oauth = None).await;
    assert_eq!(world.get("/api/discord/auth", "").await.status, 503);
    assert_eq!(world.get("/api/discord/callback?code=x", "").await.status, 503);
}
