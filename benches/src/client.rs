//! A caller of the API for what comes before a measurement; the measurements have their own, leaner ones.

use reqwest::{Method, header, redirect::Policy};
use serde_json::{Value, json};
use url::Url;

use crate::{
    Problem,
    stage::{LOGIN, PATIENCE},
};

/// Somebody with a token, or without one.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl Client {
    /// A caller without token.
    pub(crate) fn new(base: &str) -> Result<Self, Problem> {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .build()?;
        Ok(Self {
            http,
            base: base.to_owned(),
            token: None,
        })
    }

    /// The token; empty without one.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// Status and JSON of an answer; `null` where it is none.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value), Problem> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or_default()))
    }

    /// `GET`.
    pub(crate) async fn get(&self, path: &str) -> Result<(u16, Value), Problem> {
        self.call(Method::GET, path, None).await
    }

    /// `POST` that must be answered with 200 or 201.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, Problem> {
        match self.call(Method::POST, path, Some(body)).await? {
            (200 | 201, answer) => Ok(answer),
            (status, answer) => Err(format!("POST {path}: {status} {answer}").into()),
        }
    }

    /// Signs in with name and password.
    pub(crate) async fn log_in(&self) -> Result<Self, Problem> {
        let (username, password) = LOGIN;
        let answer = self
            .post(
                "/api/auth/login",
                &json!({ "username": username, "password": password }),
            )
            .await?;
        let token = answer
            .get("token")
            .and_then(Value::as_str)
            .ok_or("no token came back")?;
        Ok(self.with(token.to_owned()))
    }

    /// Signs in through Discord as a browser does: to its page, where the person approves, and back.
    pub(crate) async fn sign_in(&self, user: discord_sim::Id) -> Result<Self, Problem> {
        let (_, answer) = self.get("/api/discord/auth?state=web").await?;
        let page = answer
            .get("auth_url")
            .and_then(Value::as_str)
            .ok_or("no address to sign in at")?;
        let mut page = Url::parse(page)?;
        page.query_pairs_mut()
            .append_pair("prompt", "none")
            .append_pair("user_id", &user.to_string());
        let callback = self.sent_on(page).await?;
        let client = self.sent_on(callback).await?;
        let token = client
            .query_pairs()
            .find(|(name, _)| name == "token")
            .map(|(_, token)| token.into_owned());
        Ok(self.with(token.ok_or("no token came back")?))
    }

    /// Opens a ticket; gives its id.
    pub(crate) async fn open_ticket(&self, number: usize) -> Result<String, Problem> {
        let body = json!({
            "type": "Support", "subject": format!("Question {number}"),
            "description": "How do I link my game account so that my rank shows up?",
        });
        let answer = self.post("/api/tickets", &body).await?;
        let id = answer
            .get("ticket_id")
            .and_then(Value::as_str)
            .ok_or("no ticket came back")?;
        Ok(id.to_owned())
    }

    fn with(&self, token: String) -> Self {
        Self {
            token: Some(token),
            ..self.clone()
        }
    }

    async fn sent_on(&self, from: Url) -> Result<Url, Problem> {
        let answer = self.http.get(from).send().await?;
        let status = answer.status();
        let to = answer
            .headers()
            .get(header::LOCATION)
            .ok_or_else(|| format!("signing in ended with {status}"))?;
        Ok(Url::parse(to.to_str()?)?)
    }
}
