//! The control API and the page: what a browser does.

use discord_sim::{Community, Scenario, Sim, SimOptions};
use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::described::Described;

pub(crate) type Live = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

pub(crate) struct Browser {
    pub(crate) sim: Sim,
    pub(crate) c: Community,
    pub(crate) client: reqwest::Client,
    pub(crate) described: Described,
}

pub(crate) async fn start() -> Browser {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(discord_document::answers_checked(SimOptions::default()), world)
        .await
        .unwrap();
    let client = reqwest::Client::builder().build().unwrap();
    Browser {
        described: Described::fetch(&sim, &client).await,
        sim,
        c,
        client,
    }
}

impl Browser {
    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let (status, answer, _) = self.exchange(method, path, body).await;
        (status, answer)
    }

    /// As [`Browser::call`], with the operation's id if it succeeded. Every exchange has to fit the description.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Value,
    ) -> (u16, Value, Option<String>) {
        let path = format!("/sim{path}");
        let request = self
            .client
            .request(method.clone(), format!("{}{path}", self.sim.base_url()));
        let sent = (method != Method::GET).then_some(body);
        let request = match &sent {
            Some(body) => request.json(body),
            None => request,
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let answer: Value = response.json().await.unwrap();
        let id = self
            .described
            .check(&method, &path, sent.as_ref(), status, &answer);
        (status, answer, id)
    }

    /// A request of the bot that has to succeed.
    pub(crate) async fn as_bot(&self, method: Method, path: &str, body: Value) -> Value {
        let request = self
            .client
            .request(method, format!("{}/api/v10{path}", self.sim.base_url()))
            .header("authorization", format!("Bot {}", self.c.bot_token));
        let response = request.json(&body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{path} {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Everything that happens from now on.
    pub(crate) async fn live(&self) -> Live {
        let url = format!("{}/sim/events", self.sim.base_url().replacen("http", "ws", 1));
        tokio_tungstenite::connect_async(url).await.unwrap().0
    }

    /// The bot answers the next interaction with this.
    pub(crate) async fn answers_next(&self, mut live: Live, callback: Value) {
        loop {
            let text = live.next().await.unwrap().unwrap().into_text().unwrap();
            let line: Value = serde_json::from_str(&text).unwrap();
            if line.get("t") == Some(&json!("INTERACTION_CREATE")) {
                let of = |key: &str| line.pointer(key).and_then(Value::as_str).unwrap().to_owned();
                let path = format!("/interactions/{}/{}/callback", of("/d/id"), of("/d/token"));
                self.as_bot(Method::POST, &path, callback).await;
                return;
            }
        }
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

#[tokio::test]
async fn people_are_found_by_name_standing_and_role() {
    let browser = start().await;
    let found = async |query: &str| -> Vec<Value> {
        let (_, list) = browser
            .call(Method::GET, &format!("/users?query={query}"), json!({}))
            .await;
        list.as_array().unwrap().clone()
    };
    let finn = found("FINN").await;
    assert_eq!(finn.len(), 1, "{finn:?}");
    assert_eq!(
        finn.first().and_then(|p| p.get("id")),
        Some(&json!(browser.c.finn))
    );
    let staff = found("moderator").await;
    assert!(!staff.is_empty());
    for person in staff {
        let by_standing = person.get("standing") == Some(&json!("moderator"));
        assert!(
            by_standing
                || person
                    .get("role_names")
                    .unwrap()
                    .to_string()
                    .contains("Moderator"),
            "{person}"
        );
    }
    assert!(found("nobody-is-called-so").await.is_empty());
}

#[tokio::test]
async fn an_answer_carries_several_files() {
    let browser = start().await;
    let place = format!(
        "/users/{}/channels/{}/messages",
        browser.c.finn, browser.c.channels.general
    );
    let (_, first) = browser
        .call(Method::POST, &place, json!({ "content": "look" }))
        .await;
    let files = json!([{ "name": "a.txt", "base64": "YQ==" }, { "name": "b.txt", "base64": "Yg==" }]);
    let (status, answer) = browser
        .call(
            Method::POST,
            &place,
            json!({ "content": "", "reply_to": first.get("id"), "files": files }),
        )
        .await;
    assert_eq!((status, answer.get("type")), (200, Some(&json!(19))), "{answer}");
    assert_eq!(
        answer.pointer("/attachments/1/filename"),
        Some(&json!("b.txt")),
        "{answer}"
    );
    let broken = json!({ "content": "", "files": [{ "name": "a.txt", "base64": "?" }] });
    assert_eq!(browser.call(Method::POST, &place, broken).await.0, 400);
}

#[tokio::test]
async fn watchers_see_bodies_but_not_the_token() {
    let browser = start().await;
    let ws = |path: &str| format!("{}{path}", browser.sim.base_url().replacen("http", "ws", 1));
    let (mut live, _) = tokio_tungstenite::connect_async(ws("/sim/events?traffic=1"))
        .await
        .unwrap();
    let mut next_of = async |kind: &str, name: &str, wanted: Value| loop {
        let text = live.next().await.unwrap().unwrap().into_text().unwrap();
        assert!(!text.contains(&browser.c.bot_token), "{text}");
        let line: Value = serde_json::from_str(&text).unwrap();
        browser.described.check_line(&line);
        if line.get("kind") == Some(&json!(kind)) && line.get(name) == Some(&wanted) {
            return line;
        }
    };
    let url = format!(
        "{}/api/v10/channels/{}/messages",
        browser.sim.base_url(),
        browser.c.channels.general
    );
    let request = browser
        .client
        .post(url)
        .header("authorization", format!("Bot {}", browser.c.bot_token));
    request.json(&json!({ "content": "hello" })).send().await.unwrap();
    let line = next_of("rest", "method", json!("POST")).await;
    assert_eq!(line.get("request"), Some(&json!("{\"content\":\"hello\"}")));
    assert!(
        line.get("answer")
            .unwrap()
            .as_str()
            .unwrap()
            .contains("\"hello\""),
        "{line}"
    );

    let (mut bot, _) = tokio_tungstenite::connect_async(ws("/gateway?v=10&encoding=json"))
        .await
        .unwrap();
    let identify = json!({ "op": 2, "d": { "token": browser.c.bot_token, "intents": 1,
        "properties": { "os": "linux", "browser": "test", "device": "test" } } });
    futures_util::SinkExt::send(
        &mut bot,
        tokio_tungstenite::tungstenite::Message::text(identify.to_string()),
    )
    .await
    .unwrap();
    assert_eq!(
        next_of("gateway", "op", json!(2)).await.get("body"),
        Some(&json!(""))
    );
    let ready = next_of("gateway", "t", json!("READY")).await;
    assert!(
        ready
            .get("body")
            .unwrap()
            .as_str()
            .unwrap()
            .contains("session_id"),
        "{ready}"
    );
}

#[tokio::test]
async fn a_command_takes_a_file() {
    let browser = start().await;
    let c = &browser.c;
    let (_, info) = browser.call(Method::GET, "/info", json!({})).await;
    let application = info
        .pointer("/applications/0/id")
        .and_then(Value::as_str)
        .unwrap()
        .to_owned();
    let url = format!(
        "{}/api/v10/applications/{application}/commands",
        browser.sim.base_url()
    );
    let command = json!({ "name": "show", "description": "Shows", "options": [
        { "type": 11, "name": "picture", "description": "What to show", "required": true }] });
    let registered = browser
        .client
        .post(url)
        .header("authorization", format!("Bot {}", c.bot_token))
        .json(&command)
        .send()
        .await
        .unwrap();
    assert_eq!(registered.status(), 201);
    let url = format!("{}/sim/events", browser.sim.base_url().replacen("http", "ws", 1));
    let (mut live, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let place = format!("/users/{}/channels/{}/commands", c.finn, c.channels.general);
    let wrong = json!({ "name": "show", "options": { "picture": "123" } });
    let (status, refused) = browser.call(Method::POST, &place, wrong).await;
    assert_eq!((status, refused.get("code")), (400, Some(&json!(50035))));

    let run =
        json!({ "name": "show", "options": { "picture": { "name": "a cat.txt", "base64": "bWlhdQ==" } } });
    let run = browser.call(Method::POST, &place, run);
    let seen = async {
        loop {
            let text = live.next().await.unwrap().unwrap().into_text().unwrap();
            let line: Value = serde_json::from_str(&text).unwrap();
            if line.get("t") == Some(&json!("INTERACTION_CREATE")) {
                browser.sim.advance(std::time::Duration::from_secs(4));
                return line;
            }
        }
    };
    let ((status, exchange), line) = tokio::join!(run, seen);
    assert_eq!(
        (status, exchange.get("failed")),
        (200, Some(&json!(true))),
        "{exchange}"
    );
    let id = line
        .pointer("/d/data/options/0/value")
        .and_then(Value::as_str)
        .unwrap();
    let file = line
        .pointer(&format!("/d/data/resolved/attachments/{id}"))
        .unwrap();
    assert_eq!(file.get("size"), Some(&json!(4)), "{file}");
    let content = browser
        .client
        .get(file.get("url").and_then(Value::as_str).unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(content.text().await.unwrap(), "miau");
}
