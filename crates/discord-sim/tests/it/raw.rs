//! A bot that sends requests by hand: any body to any route, and every answer held against Discord's document.

use std::time::Duration;

use discord_sim::{BotRights, Community, CommunityOptions, Scenario, Sim, SimClock, SimOptions};
use reqwest::{Method, Response};
use serde_json::Value;

pub(crate) struct Raw {
    pub(crate) sim: Sim,
    pub(crate) c: Community,
    pub(crate) client: reqwest::Client,
}

impl Raw {
    /// A community in which the bot has these rights, on a clock that stands still.
    pub(crate) async fn start(rights: BotRights) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let options = CommunityOptions {
            bot_rights: rights,
            clock: SimClock::manual(1_750_000_000_000),
            ..CommunityOptions::default()
        };
        let (world, c) = Scenario::community_with(options).unwrap();
        let options = SimOptions {
            rate_limits: false,
            ..SimOptions::default()
        };
        Self {
            sim: Sim::start(discord_document::answers_checked(options), world)
                .await
                .unwrap(),
            c,
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
        }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("{}/api/v10{path}", self.sim.base_url()))
    }

    async fn finish(&self, response: Response) -> (u16, Value) {
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body: Value = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap()
        };
        (status, body)
    }

    /// Status and body of the answer to the bot.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        self.send_with(method, path, body, None).await
    }

    /// As [`Raw::send`], with an audit log reason.
    pub(crate) async fn send_with(
        &self,
        method: Method,
        path: &str,
        body: Value,
        reason: Option<&str>,
    ) -> (u16, Value) {
        let mut request = self
            .request(method.clone(), path)
            .header("authorization", format!("Bot {}", self.c.bot_token));
        if let Some(reason) = reason {
            request = request.header("x-audit-log-reason", reason);
        }
        if method != Method::GET {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        self.finish(response).await
    }

    /// A request without a login: with a token in its path, or for anybody.
    pub(crate) async fn openly(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let response = self
            .request(method.clone(), path)
            .json(&body)
            .send()
            .await
            .unwrap();
        self.finish(response).await
    }

    /// A request in the name of a user.
    pub(crate) async fn bearing(&self, token: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self.request(method.clone(), path).bearer_auth(token).json(&body);
        let response = request.send().await.unwrap();
        self.finish(response).await
    }

    /// A message with files.
    pub(crate) async fn upload(&self, path: &str, body: &Value, files: &[(&str, &[u8])]) -> (u16, Value) {
        let mut form = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: application/json\r\n\r\n{body}\r\n"
        )
        .into_bytes();
        for (at, (name, content)) in files.iter().enumerate() {
            form.extend_from_slice(
                format!("--XX\r\nContent-Disposition: form-data; name=\"files[{at}]\"; filename=\"{name}\"\r\n\r\n")
                    .as_bytes(),
            );
            form.extend_from_slice(content);
            form.extend_from_slice(b"\r\n");
        }
        form.extend_from_slice(b"--XX--\r\n");
        let request = self
            .request(Method::POST, path)
            .header("authorization", format!("Bot {}", self.c.bot_token))
            .header("content-type", "multipart/form-data; boundary=XX")
            .body(form);
        let response = request.send().await.unwrap();
        self.finish(response).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send(Method::GET, path, Value::Null).await;
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    /// The body of a right request.
    pub(crate) async fn ok(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, answer) = self.send(method.clone(), path, body).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    /// Status and Discord's code of a wrong request.
    pub(crate) async fn fails(&self, method: Method, path: &str, body: Value) -> (u16, u64) {
        let (status, answer) = self.send(method, path, body).await;
        (status, code(&answer))
    }

    /// The access token of a user who approved these scopes.
    pub(crate) async fn token_of(&self, user: discord_sim::Id, scopes: &str) -> String {
        let back = "http%3A%2F%2Flocalhost%3A5070%2Fcb";
        let ask = format!(
            "{}/oauth2/authorize?client_id={}&response_type=code&redirect_uri={back}&scope={scopes}",
            self.sim.base_url(),
            self.c.application
        );
        let form = [("user_id", user.to_string()), ("action", "approve".to_owned())];
        let answer = self.client.post(&ask).form(&form).send().await.unwrap();
        let location = answer.headers().get("location").unwrap().to_str().unwrap();
        let code = location.split("code=").nth(1).unwrap().split('&').next().unwrap();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", "http://localhost:5070/cb"),
            ("client_id", &self.c.application.to_string()),
            ("client_secret", &self.c.client_secret),
        ];
        let request = self.request(Method::POST, "/oauth2/token").form(&form);
        let token: Value = request.send().await.unwrap().json().await.unwrap();
        text(&token, "/access_token").to_owned()
    }

    /// Lets so many seconds pass.
    pub(crate) fn wait(&self, seconds: u64) {
        self.sim.advance(Duration::from_secs(seconds));
    }
}

pub(crate) fn code(answer: &Value) -> u64 {
    answer.get("code").and_then(Value::as_u64).unwrap_or(0)
}

/// Text somewhere in an answer.
pub(crate) fn text<'a>(answer: &'a Value, pointer: &str) -> &'a str {
    answer
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
