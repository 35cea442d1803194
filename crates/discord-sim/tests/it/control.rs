//! The control API and the page: what a browser does.

use discord_sim::{Community, Scenario, Sim, SimOptions};
use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

struct Browser {
    sim: Sim,
    c: Community,
    client: reqwest::Client,
}

async fn start() -> Browser {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(discord_document::answers_checked(SimOptions::default()), world)
        .await
        .unwrap();
    Browser {
        sim,
        c,
        client: reqwest::Client::builder().build().unwrap(),
    }
}

impl Browser {
    async fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/sim{path}", self.sim.base_url());
        let request = self.client.request(method.clone(), url);
        let request = if method == Method::GET {
            request
        } else {
            request.json(&body)
        };
        let response = request.send().await.unwrap();
        (
            response.status().as_u16(),
            response.json().await.unwrap_or_default(),
        )
    }
}

#[tokio::test]
async fn a_member_sees_writes_and_reacts() {
    let browser = start().await;
    let (finn, general) = (browser.c.finn, browser.c.channels.general);
    let (_, view) = browser
        .call(Method::GET, &format!("/users/{finn}"), json!({}))
        .await;
    let names: Vec<&str> = view
        .pointer("/guilds/0/channels")
        .and_then(Value::as_array)
        .unwrap()
        .iter()
        .filter_map(|c| c.get("name")?.as_str())
        .collect();
    assert!(names.contains(&"general") && !names.contains(&"log"), "{names:?}");

    let url = format!(
        "{}/sim/events?user={finn}",
        browser.sim.base_url().replacen("http", "ws", 1)
    );
    let (mut live, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let place = format!("/users/{finn}/channels/{general}/messages");
    let (status, message) = browser
        .call(Method::POST, &place, json!({ "content": "hi" }))
        .await;
    assert_eq!(status, 200);
    let id = message.get("id").and_then(Value::as_str).unwrap().to_owned();
    let line: Value = serde_json::from_str(live.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
    assert_eq!(line.pointer("/d/id").and_then(Value::as_str), Some(id.as_str()));

    browser
        .call(
            Method::PUT,
            &format!("{place}/{id}/reactions/%F0%9F%91%8D"),
            json!({}),
        )
        .await;
    let (_, list) = browser.call(Method::GET, &place, json!({})).await;
    let last = list.as_array().unwrap().last().unwrap();
    assert_eq!(last.pointer("/reactions/0/me"), Some(&json!(true)));

    let rules = format!("/users/{finn}/channels/{}/messages", browser.c.channels.rules);
    let (status, refused) = browser
        .call(Method::POST, &rules, json!({ "content": "spam" }))
        .await;
    assert_eq!((status, refused.get("code")), (403, Some(&json!(50013))));
}

#[tokio::test]
async fn time_faults_and_quiet_are_at_hand() {
    let browser = start().await;
    let (_, before) = browser.call(Method::GET, "/clock", json!({})).await;
    let (_, after) = browser
        .call(Method::POST, "/clock", json!({ "advance_ms": 3_600_000 }))
        .await;
    assert!(after.get("now").and_then(Value::as_str) > before.get("now").and_then(Value::as_str));
    let fault =
        json!({ "method": "GET", "route": "/gateway", "times": 1, "effect": "server_error", "status": 500 });
    assert_eq!(browser.call(Method::POST, "/faults", fault).await.0, 200);
    let gateway = format!("{}/api/v10/gateway", browser.sim.base_url());
    assert_eq!(browser.client.get(&gateway).send().await.unwrap().status(), 500);
    assert_eq!(browser.client.get(&gateway).send().await.unwrap().status(), 200);
    let (_, quiet) = browser
        .call(Method::POST, "/quiet", json!({ "idle_ms": 20 }))
        .await;
    assert_eq!(quiet, json!({ "quiet": true }));
}

#[tokio::test]
async fn the_page_and_its_files_are_served() {
    let browser = start().await;
    let get = async |path: &str| {
        browser
            .client
            .get(format!("{}{path}", browser.sim.base_url()))
            .send()
            .await
            .unwrap()
    };
    let page = get("/").await;
    assert!(page.headers().contains_key("content-security-policy"));
    assert!(page.text().await.unwrap().contains("/page/app.js"));
    assert_eq!(get("/page/app.js").await.status(), 200);
    assert_eq!(get("/page/../Cargo.toml").await.status(), 404);
}
