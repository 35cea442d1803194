//! The edge and the guards through the whole API.

#![expect(clippy::indexing_slicing, reason = "tests may stop at what is wrong")]

use axum::{Json, body::Body};
use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::{
    ApiError, ApiJson, ApiResult, Caller, OptionalJson, Policy, RouteLimit, Routes, Rule, routes,
    testing::{ADA, FINN, MOSS, World},
};

#[utoipa::path(get, path = "/api/things", operation_id = "things.list")]
async fn list(caller: Caller) -> Json<Value> {
    Json(json!({"for": caller.username()}))
}

#[utoipa::path(post, path = "/api/things", operation_id = "things.create")]
async fn create(ApiJson(body): ApiJson<serde_json::Map<String, Value>>) -> Json<Value> {
    Json(Value::Object(body))
}

#[utoipa::path(get, path = "/api/own", operation_id = "things.own")]
async fn own(caller: Caller) -> ApiResult<Json<String>> {
    Ok(Json(caller.user()?.to_string()))
}

#[utoipa::path(get, path = "/api/tickets", operation_id = "tickets.get_tickets")]
async fn tickets() -> Json<Value> {
    Json(json!([]))
}

#[utoipa::path(get, path = "/api/admins", operation_id = "things.admins")]
async fn admins() -> &'static str {
    "ok"
}

#[utoipa::path(post, path = "/api/close", operation_id = "things.close")]
async fn close(OptionalJson(body): OptionalJson<serde_json::Map<String, Value>>) -> Json<usize> {
    Json(body.len())
}

#[utoipa::path(get, path = "/api/panics", operation_id = "things.panics")]
async fn panics() -> &'static str {
    std::hint::black_box(None).unwrap()
}

#[utoipa::path(get, path = "/api/breaks", operation_id = "things.breaks")]
async fn breaks() -> ApiResult<&'static str> {
    Err(ApiError::internal("the password is hunter2"))
}

#[utoipa::path(get, path = "/api/long", operation_id = "things.long")]
async fn long() -> String {
    "a long text ".repeat(1_000)
}

async fn world() -> World {
    World::new(|_| {
        let all = Routes::always()
            .add(Policy::All, routes!(list, create))
            .add(Policy::Member, routes!(own))
            .add(Policy::Permission("tickets_read"), routes!(tickets))
            .add(Policy::Admin, routes!(admins))
            .add(
                Rule::of(Policy::SignedIn).limit(RouteLimit::per_minute(2)),
                routes!(close),
            )
            .add(Policy::Public, routes!(panics))
            .add(Policy::Public, routes!(breaks))
            .with_state(());
        vec![
            all,
            Routes::of_cog("Long")
                .add(Policy::Public, routes!(long))
                .with_state(()),
        ]
    })
    .await
}

#[tokio::test]
async fn each_policy_lets_in_whom_it_names() {
    let world = world().await;
    let body = json!({"secret": "golden-monitoring-secret"});
    let monitor = world.post("/api/auth/monitoring-token", "", &body).await;
    let tokens = [
        String::new(),
        monitor.json["token"].as_str().unwrap().to_owned(),
        world.token(FINN).await,
        world.token(MOSS).await,
        world.token(ADA).await,
        world.login_token().await,
    ];
    //                              nobody, monitor, member, mod, admin, login
    for (path, statuses) in [
        ("/api/things", [401, 403, 403, 200, 200, 200]),
        ("/api/own", [401, 403, 200, 200, 200, 400]),
        ("/api/tickets", [401, 200, 403, 200, 200, 200]),
        ("/api/admins", [401, 403, 403, 403, 200, 200]),
        ("/api/ping", [401, 200, 200, 200, 200, 200]),
    ] {
        for (token, status) in tokens.iter().zip(statuses) {
            assert_eq!(world.get(path, token).await.status, status, "{path}");
        }
    }
    assert_eq!(
        world.get("/api/own", &tokens[5]).await.error(),
        "Discord ID not available"
    );
    assert_eq!(
        world.get("/api/admins", &tokens[2]).await.error(),
        "Insufficient permissions"
    );
}

#[tokio::test]
async fn the_token_is_looked_at_before_the_body() {
    let world = world().await;
    assert_eq!(world.post("/api/things", "", &json!(1)).await.status, 401);
    assert_eq!(
        world
            .post("/api/things", &world.token(FINN).await, &json!(1))
            .await
            .status,
        403
    );
    assert_eq!(
        world
            .post("/api/things", &world.token(ADA).await, &json!(1))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn an_empty_body_is_fine_where_it_is_optional() {
    let world = world().await;
    let answer = world
        .call(Method::POST, "/api/close", &world.token(FINN).await)
        .await;
    assert_eq!((answer.status.as_u16(), answer.json), (200, json!(0)));
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let world = world().await;
    let token = world.token(ADA).await;
    let body = json!({"text": "x".repeat(300_000)});
    assert_eq!(world.post("/api/things", &token, &body).await.status, 413);
    let chunks = futures_util::stream::iter((0..400).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1_000])));
    let request = Request::post("/api/things")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from_stream(chunks));
    assert_eq!(world.send(request.unwrap()).await.status, 413);
}

#[tokio::test]
async fn what_is_not_there_is_told_in_json() {
    let world = world().await;
    let answer = world.get("/api/nope", "").await;
    assert_eq!(
        (answer.status.as_u16(), answer.error()),
        (404, "Endpoint not found")
    );
    assert_eq!(world.get("/api/health/", "").await.status, 404);
    let answer = world.call(Method::DELETE, "/api/health", "").await;
    assert_eq!(
        (answer.status.as_u16(), answer.error()),
        (405, "Method not allowed")
    );
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
}

#[tokio::test]
async fn options_and_head_are_answered_for_every_route() {
    let world = world().await;
    let answer = world.call(Method::OPTIONS, "/api/things", "").await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS, POST");
    let answer = world.call(Method::HEAD, "/api/health", "").await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_eq!(world.call(Method::HEAD, "/api/things", "").await.status, 401);
}

#[tokio::test]
async fn any_origin_may_ask_and_a_preflight_gets_its_headers_back() {
    let world = world().await;
    assert_eq!(
        world
            .get("/api/nope", "")
            .await
            .header("access-control-allow-origin"),
        "*"
    );
    let request = Request::options("/api/things")
        .header(header::ORIGIN, "https://admin.example.org")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            "x-session-id,authorization, bad name",
        );
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://admin.example.org"
    );
    assert_eq!(answer.header("vary"), "Origin");
    assert_eq!(
        answer.header("access-control-allow-methods"),
        "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
    );
    assert_eq!(
        answer.header("access-control-allow-headers"),
        "authorization, x-session-id"
    );
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn a_panic_and_a_fault_tell_a_correlation_id_and_nothing_else() {
    let world = world().await;
    for path in ["/api/panics", "/api/breaks"] {
        let answer = world.get(path, "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.error()),
            (500, "Internal server error")
        );
        assert_eq!(
            answer.json["correlation_id"].as_str().unwrap(),
            answer.header("x-request-id")
        );
        assert_eq!(answer.json.as_object().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_route_of_a_cog_that_is_not_loaded_is_unavailable() {
    let world = world().await;
    let answer = world.get("/api/long", "").await;
    assert_eq!(
        (answer.status.as_u16(), answer.error()),
        (503, "Long is not loaded")
    );
    world.load("Long").await;
    assert_eq!(world.get("/api/long", "").await.status, 200);
}

#[tokio::test]
async fn a_route_waits_while_its_cog_reloads() {
    let world = world().await;
    world.load("Long").await;
    let pause = world
        .gates
        .of("Long")
        .pause(std::time::Duration::from_secs(5))
        .await
        .unwrap();
    let waiting = world.get("/api/long", "");
    tokio::pin!(waiting);
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    pause.open();
    assert_eq!(waiting.await.status, 200);
}

#[tokio::test]
async fn long_text_is_compressed_for_those_who_take_it() {
    let world = world().await;
    world.load("Long").await;
    let request = |encoding| {
        let request = Request::get("/api/long").header(header::ACCEPT_ENCODING, encoding);
        request.body(Body::empty()).unwrap()
    };
    let packed = world.send(request("gzip, br")).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() < 1_000);
    assert_eq!(world.send(request("br")).await.body.len(), 12_000);
    assert_eq!(world.send(request("gzip;q=0")).await.body.len(), 12_000);
}

#[tokio::test]
async fn limits_answer_429_and_when_to_come_back() {
    let world = world().await;
    let token = world.token(FINN).await;
    for _ in 0..2 {
        assert_eq!(world.call(Method::POST, "/api/close", &token).await.status, 200);
    }
    let answer = world.call(Method::POST, "/api/close", &token).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (429, "30")
    );
    assert!(!answer.error().is_empty());
    assert_eq!(
        world
            .call(Method::POST, "/api/close", &world.token(MOSS).await)
            .await
            .status,
        200
    );
    for _ in 0..297 {
        world.get("/api/own", &token).await;
    }
    assert_eq!(world.get("/api/own", &token).await.status, 200);
    assert_eq!(world.get("/api/own", &token).await.status, 429);
}

#[tokio::test]
async fn details_of_the_health_are_for_those_who_may_know() {
    let world = world().await;
    let plain = world.get("/api/health", "").await;
    assert_eq!(
        (plain.status.as_u16(), &plain.json["status"]),
        (200, &json!("ok"))
    );
    assert_eq!(
        (&plain.json["service"], plain.json.get("checks")),
        (&json!("HazeBot API"), None)
    );
    let anonymous = world.get("/api/health?detailed=true", "").await;
    assert_eq!(anonymous.json["checks"]["disk"].as_object().unwrap().len(), 1);
    let known = world
        .get("/api/health?detailed=true", &world.token(ADA).await)
        .await;
    assert_eq!(known.json["checks"]["database"]["backend"], json!("sqlite"));
    assert!(known.json["checks"]["sessions"]["active_count"].is_number());
}

#[tokio::test]
async fn every_route_has_a_policy_and_is_described() {
    let world = world().await;
    assert!(
        world
            .inventory
            .iter()
            .any(|route| route.endpoint == "auth_routes.ping" && route.method == Method::GET)
    );
    let document = world.get("/api/openapi.json", "").await.json;
    assert_eq!(document["openapi"], json!("3.1.0"));
    for route in &world.inventory {
        let method = route.method.as_str().to_lowercase();
        let operation = &document["paths"][&route.path][&method];
        assert!(operation.is_object(), "{} is not described", route.path);
        let secured = operation.get("security").is_some();
        assert_eq!(secured, route.policy != Policy::Public, "{}", route.path);
    }
    let page = world.get("/api/docs/", "").await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'self'")
    );
}

#[tokio::test]
async fn a_route_that_is_there_twice_is_refused() {
    let world = world().await;
    let twice = || Routes::always().add(Policy::All, routes!(list)).with_state(());
    assert!(world.api.build(vec![twice(), twice()], None).is_err());
}

#[tokio::test]
async fn the_live_table_shows_one_line_per_session_of_a_client() {
    let world = world().await;
    let token = world.token(FINN).await;
    let request = |path: &str| {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        request
            .header("x-session-id", "17_1")
            .header("x-device-info", "Invented Phone 9")
            .body(Body::empty())
            .unwrap()
    };
    world.send(request("/api/own")).await;
    // `auth/me` comes without the client's own name for the session
    world.get("/api/auth/me", &token).await;
    world.get("/api/ping", &token).await;
    let sessions = world.api.live().sessions();
    assert_eq!(sessions.len(), 1);
    assert_eq!(
        (sessions[0].client.device.as_str(), &*sessions[0].endpoint),
        ("Invented Phone 9", "auth_routes.ping")
    );
    let activity = world.api.live().activity();
    let endpoints: Vec<&str> = activity.iter().map(|entry| &*entry.endpoint).collect();
    assert_eq!(
        endpoints,
        ["auth_routes.get_current_user", "things.own"],
        "pings are not news"
    );
    world.clock.advance(chrono::Duration::minutes(31));
    assert_eq!(world.api.live().count(), 0);
}

#[tokio::test]
async fn what_is_no_route_of_the_api_belongs_to_the_panel() {
    let mut world = world().await;
    let panel = axum::Router::new().route("/", axum::routing::get(|| async { "the panel" }));
    world.app = world.api.build(Vec::new(), Some(panel)).unwrap().app;
    assert_eq!(world.get("/", "").await.body, b"the panel");
    for (method, path) in [
        (Method::GET, "/api/nope"),
        (Method::GET, "/gone.js"),
        (Method::DELETE, "/"),
    ] {
        let answer = world.call(method, path, "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.error()),
            (404, "Endpoint not found"),
            "{path}"
        );
    }
    assert_eq!(world.get("/api/health", "").await.json["status"], json!("ok"));
}
