//! Wrong requests get the status, code and path that Discord answers.

use discord_sim::{BotRights, Community, CommunityOptions, FaultRule, RestFault, Scenario, Sim, SimOptions};
use reqwest::{Method, Response};
use serde_json::{Value, json};

struct Raw {
    sim: Sim,
    c: Community,
    client: reqwest::Client,
}

async fn start(rights: BotRights, rate_limits: bool) -> Raw {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = CommunityOptions {
        bot_rights: rights,
        ..CommunityOptions::default()
    };
    let (world, c) = Scenario::community_with(options).unwrap();
    let sim = Sim::start(
        discord_document::answers_checked(SimOptions {
            rate_limits,
            ..SimOptions::default()
        }),
        world,
    )
    .await
    .unwrap();
    Raw {
        sim,
        c,
        client: reqwest::Client::builder().build().unwrap(),
    }
}

impl Raw {
    async fn send(&self, method: Method, path: &str, body: Value) -> Response {
        let token = format!("Bot {}", self.c.bot_token);
        let url = format!("{}/api/v10{path}", self.sim.base_url());
        self.client
            .request(method, url)
            .header("authorization", token)
            .json(&body)
            .send()
            .await
            .unwrap()
    }

    /// Status, code and body of an answer.
    async fn code(&self, method: Method, path: &str, body: Value) -> (u16, u64, Value) {
        let response = self.send(method, path, body).await;
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap_or_default();
        (
            status,
            body.get("code").and_then(Value::as_u64).unwrap_or(0),
            body,
        )
    }
}

#[tokio::test]
async fn unknown_things_have_their_codes() {
    let raw = start(BotRights::LeastPrivilege, false).await;
    let (guild, general) = (raw.c.guild, raw.c.channels.general);
    for (path, code) in [
        ("/channels/1".to_owned(), 10003),
        (format!("/channels/{general}/messages/1"), 10008),
        ("/guilds/1".to_owned(), 10004),
        (format!("/guilds/{guild}/members/{}", raw.c.stranger), 10007),
        (format!("/guilds/{guild}/members/1"), 10013),
        (format!("/guilds/{guild}/roles/1"), 10011),
        (format!("/guilds/{guild}/bans/{}", raw.c.finn), 10026),
        ("/users/1".to_owned(), 10013),
        (format!("/applications/{}/commands/1", raw.c.application), 10063),
        ("/webhooks/1".to_owned(), 10015),
    ] {
        let (status, got, _) = raw.code(Method::GET, &path, json!({})).await;
        assert_eq!((status, got), (404, code), "{path}");
    }
    let (status, _, _) = raw.code(Method::GET, "/nonsense", json!({})).await;
    assert_eq!(status, 404);
    let (status, _, _) = raw.code(Method::PUT, "/users/@me", json!({})).await;
    assert_eq!(status, 405);
    let bare = raw
        .client
        .get(format!("{}/api/v10/users/@me", raw.sim.base_url()))
        .send()
        .await
        .unwrap();
    assert_eq!(bare.status(), 401);
}

#[tokio::test]
async fn wrong_bodies_name_every_field() {
    let raw = start(BotRights::LeastPrivilege, false).await;
    let path = format!("/channels/{}/messages", raw.c.channels.general);
    for (body, pointer, code) in [
        (
            json!({ "content": "x".repeat(2001) }),
            "/errors/content/_errors/0/code",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            json!({ "contnt": "hi" }),
            "/errors/contnt/_errors/0/code",
            "UNKNOWN_FIELD",
        ),
        (
            json!({ "embeds": [{ "title": "x".repeat(257) }] }),
            "/errors/embeds/0/title/_errors/0/code",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            json!({ "embeds": vec![json!({ "title": "x" }); 11] }),
            "/errors/embeds/_errors/0/code",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            json!({ "components": [{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "x", "custom_id": "x".repeat(101) }] }] }),
            "/errors/components/0/components/0/custom_id/_errors/0/code",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!({ "embeds": [{ "url": "ftp://x" }] }),
            "/errors/embeds/0/url/_errors/0/code",
            "URL_TYPE_INVALID_SCHEME",
        ),
        (
            json!({ "content": 5 }),
            "/errors/content/_errors/0/code",
            "STRING_TYPE_CONVERT",
        ),
    ] {
        let (status, got, answer) = raw.code(Method::POST, &path, body).await;
        assert_eq!((status, got), (400, 50035), "{answer}");
        assert_eq!(answer.pointer(pointer), Some(&json!(code)), "{answer}");
    }
    assert_eq!(
        raw.code(Method::POST, &path, json!({ "content": "  " })).await.1,
        50006
    );
}

#[tokio::test]
async fn permissions_and_order_are_computed() {
    let raw = start(BotRights::None, false).await;
    let guild = raw.c.guild;
    let code = async |method, path: String, body| raw.code(method, &path, body).await.1;
    assert_eq!(
        code(
            Method::DELETE,
            format!("/guilds/{guild}/members/{}", raw.c.finn),
            json!({})
        )
        .await,
        50013
    );
    assert_eq!(
        code(
            Method::POST,
            format!("/guilds/{guild}/channels"),
            json!({ "name": "x" })
        )
        .await,
        50013
    );
    assert_eq!(
        code(
            Method::POST,
            format!("/channels/{}/messages", raw.c.channels.rules),
            json!({ "content": "x" })
        )
        .await,
        0
    );

    let raw = start(BotRights::LeastPrivilege, false).await;
    let code = async |method, path: String, body| raw.code(method, &path, body).await.1;
    let guild = raw.c.guild;
    // The owner and the administrators stand above the bot, moderators and members below.
    assert_eq!(
        code(
            Method::DELETE,
            format!("/guilds/{guild}/members/{}", raw.c.owner),
            json!({})
        )
        .await,
        50013
    );
    assert_eq!(
        code(
            Method::DELETE,
            format!("/guilds/{guild}/members/{}", raw.c.admin),
            json!({})
        )
        .await,
        50013
    );
    let role = |role| format!("/guilds/{guild}/members/{}/roles/{role}", raw.c.finn);
    assert_eq!(code(Method::PUT, role(raw.c.roles.admin), json!({})).await, 50013);
    assert_eq!(code(Method::PUT, role(raw.c.roles.moderator), json!({})).await, 0);
    assert_eq!(
        code(
            Method::DELETE,
            format!("/guilds/{guild}/members/{}", raw.c.newcomer),
            json!({})
        )
        .await,
        0
    );
    raw.sim.change(|w| {
        w.overwrite_member(
            raw.c.channels.general,
            raw.c.bot,
            discord_sim::world::permissions::Permissions::NONE,
            discord_sim::world::permissions::Permissions::VIEW_CHANNEL,
        )
    });
    assert_eq!(
        code(
            Method::POST,
            format!("/channels/{}/messages", raw.c.channels.general),
            json!({ "content": "x" })
        )
        .await,
        50001
    );
}

#[tokio::test]
async fn a_user_with_closed_dms_gets_none() {
    let raw = start(BotRights::LeastPrivilege, false).await;
    raw.sim.as_user(raw.c.finn).takes_dms(false);
    let (_, _, dm) = raw
        .code(
            Method::POST,
            "/users/@me/channels",
            json!({ "recipient_id": raw.c.finn }),
        )
        .await;
    let id = dm.get("id").and_then(Value::as_str).unwrap().to_owned();
    assert_eq!(
        raw.code(
            Method::POST,
            &format!("/channels/{id}/messages"),
            json!({ "content": "hi" })
        )
        .await
        .1,
        50007
    );
}

#[tokio::test]
async fn the_sixth_message_is_told_to_wait() {
    let raw = start(BotRights::LeastPrivilege, true).await;
    let path = format!("/channels/{}/messages", raw.c.channels.general);
    for left in (0..5).rev() {
        let response = raw.send(Method::POST, &path, json!({ "content": "x" })).await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.headers().get("x-ratelimit-remaining").unwrap(),
            &left.to_string()
        );
    }
    let response = raw.send(Method::POST, &path, json!({ "content": "x" })).await;
    assert_eq!(response.status(), 429);
    assert!(response.headers().contains_key("retry-after"));
    let body: Value = response.json().await.unwrap();
    assert!(body.get("retry_after").and_then(Value::as_f64).unwrap() > 0.0);
}

#[tokio::test]
async fn faults_happen_on_demand() {
    let raw = start(BotRights::LeastPrivilege, false).await;
    raw.sim
        .route_fails("GET", "/users/@me", 1, RestFault::ServerError { status: 502 });
    let response = raw.send(Method::GET, "/users/@me", json!({})).await;
    assert_eq!(response.status(), 502);
    assert!(response.text().await.unwrap().starts_with("<html>"));
    let rule = FaultRule {
        method: None,
        route: None,
        times: Some(1),
        fault: RestFault::Refuse {
            status: 403,
            code: 50013,
            message: "Missing Permissions".to_owned(),
        },
    };
    raw.sim.fails(rule);
    assert_eq!(raw.code(Method::GET, "/users/@me", json!({})).await.1, 50013);
    assert_eq!(raw.code(Method::GET, "/users/@me", json!({})).await.0, 200);
}

#[tokio::test]
async fn a_file_is_stored_and_served() {
    let raw = start(BotRights::LeastPrivilege, false).await;
    let form = reqwest_form("{\"content\":\"here\",\"attachments\":[{\"id\":0,\"description\":\"notes\"}]}");
    let url = format!(
        "{}/api/v10/channels/{}/messages",
        raw.sim.base_url(),
        raw.c.channels.general
    );
    let response = raw
        .client
        .post(url)
        .header("authorization", format!("Bot {}", raw.c.bot_token))
        .header("content-type", "multipart/form-data; boundary=XX")
        .body(form)
        .send()
        .await
        .unwrap();
    let body: Value = response.json().await.unwrap();
    assert_eq!(
        body.pointer("/attachments/0/description"),
        Some(&json!("notes")),
        "{body}"
    );
    let url = body
        .pointer("/attachments/0/url")
        .and_then(Value::as_str)
        .unwrap()
        .to_owned();
    assert_eq!(
        raw.client.get(url).send().await.unwrap().text().await.unwrap(),
        "hello"
    );
}

fn reqwest_form(json: &str) -> String {
    format!(
        "--XX\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{json}\r\n\
         --XX\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"notes.txt\"\r\n\r\nhello\r\n--XX--\r\n"
    )
}
