//! A caller of the program's API.

use std::time::Duration;

use reqwest::{Method, redirect::Policy};
use serde_json::Value;
use url::Url;

use crate::Trouble;

/// No answer of a healthy program takes longer; above the 14 s that an operation on a cog may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Somebody with a token, or without one. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl Client {
    /// A caller without token. Each request has a connection of its own, so that a listener which has been closed is
    /// never mistaken for a request that failed.
    ///
    /// # Errors
    /// The system gives no HTTP client.
    pub fn new(base: impl Into<String>) -> Result<Self, Trouble> {
        hazebot_core::upstream::install_crypto();
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self {
            http,
            base: base.into(),
            token: None,
        })
    }

    /// The same caller with a token.
    #[must_use]
    pub fn with(&self, token: impl Into<String>) -> Self {
        Self {
            token: Some(token.into()),
            ..self.clone()
        }
    }

    /// Base of the API, without `/api`.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The token; empty without one.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// Calls, and gives the status and the JSON of the answer, or its text as a JSON string.
    ///
    /// # Errors
    /// No answer.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value), Trouble> {
        let mut request = self.http.request(
            Method::from_bytes(method.as_bytes())?,
            format!("{}{path}", self.base),
        );
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        let json = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok((status, json))
    }

    /// `GET`.
    ///
    /// # Errors
    /// No answer.
    pub async fn get(&self, path: &str) -> Result<(u16, Value), Trouble> {
        self.call("GET", path, None).await
    }

    /// `POST`.
    ///
    /// # Errors
    /// No answer.
    pub async fn post(&self, path: &str, body: Value) -> Result<(u16, Value), Trouble> {
        self.call("POST", path, Some(&body)).await
    }

    /// Signs in with Discord as a browser does: to Discord's page, where `user` approves, back to the program, on to the
    /// client with a token.
    ///
    /// # Errors
    /// A step that answers otherwise.
    pub async fn sign_in(&self, user: discord_sim::Id) -> Result<Self, Trouble> {
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
        let token = client.query_pairs().find(|(name, _)| name == "token");
        let (_, token) = token.ok_or("no token came back")?;
        Ok(self.with(token.into_owned()))
    }

    async fn sent_on(&self, from: Url) -> Result<Url, Trouble> {
        let answer = self.http.get(from).send().await?;
        let location = answer.headers().get(reqwest::header::LOCATION).cloned();
        match location {
            Some(to) => Ok(Url::parse(to.to_str()?)?),
            None => Err(format!("{}: {}", answer.status(), answer.text().await?).into()),
        }
    }
}
