//! Discord's REST API as features use it: typed errors, limits checked before the call, safe repetition.

mod channels;
mod commands;
mod error;
mod interactions;
mod members;
mod messages;
mod webhooks;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use hazebot_core::{
    Actor,
    ids::{ApplicationId, ChannelId, MessageId},
};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::sync::OnceCell;
use twilight_http::{
    Client,
    error::Error as HttpError,
    request::{Form, Method, Request, RequestBuilder, TryIntoRequest},
    routing::Route,
};
use url::Url;

pub use channels::{ChannelChange, NewChannel, Overwrite, OverwriteTarget};
pub use error::{DiscordError, code};
pub(crate) use interactions::InteractionHandle;
pub use members::BAN_DELETES_AT_MOST;
pub use messages::PAGE;
pub use webhooks::{Webhook, Writer};

use crate::message::{File, Message, Payload, Purpose, limits, text::fit};

/// Discord's own host; for it the client's built-in address is used.
const DISCORD_HOST: &str = "discord.com";
/// How long one attempt may take. Discord's own gateway gives up after about this time.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Waits before the second and the third attempt of a call that may be repeated.
const RETRY_AFTER: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(1500)];

/// The address given for Discord cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the address of Discord must be http:// or https:// with a host, but is {0}")]
pub struct BadBase(pub String);

/// A message that has been posted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Posted {
    /// Its id.
    pub id: MessageId,
    /// Where it is.
    pub channel_id: ChannelId,
    /// Files that went with it.
    #[serde(default)]
    pub attachments: Vec<PostedFile>,
}

/// A file of a posted message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PostedFile {
    /// Its name.
    pub filename: String,
    /// Where it can be loaded; Discord lets such links run out after about a day.
    pub url: String,
}

/// Calls Discord. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Discord(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    http: Client,
    /// For first answers to interactions: they don't count against the bot's limits and are due within 3 s, so nothing
    /// may hold them up (<https://docs.discord.com/developers/topics/rate-limits#global-rate-limit>).
    answers: Client,
    application: OnceCell<ApplicationId>,
}

impl Discord {
    /// With the bot's token. `base` is where Discord is, without `/api`: `https://discord.com`, or a stand-in.
    /// Needs a running tokio runtime, which keeps the rate limits.
    ///
    /// # Errors
    /// If `base` is no HTTP address.
    pub fn new(token: &str, base: &Url) -> Result<Self, BadBase> {
        let bad = || BadBase(base.to_string());
        let host = base.host_str().ok_or_else(bad)?;
        let plain = match base.scheme() {
            "http" => true,
            "https" => false,
            _ => return Err(bad()),
        };
        let builder = || {
            let builder = Client::builder().timeout(TIMEOUT);
            if !plain && host == DISCORD_HOST && base.port().is_none() {
                return builder;
            }
            let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
            builder.proxy(
                format!("{host}{port}{}", base.path().trim_end_matches('/')),
                plain,
            )
        };
        Ok(Self(Arc::new(Inner {
            http: builder().token(token.to_owned()).build(),
            answers: builder().ratelimiter(None).build(),
            application: OnceCell::new(),
        })))
    }

    /// The client underneath, for calls that have no method here. Its errors become [`DiscordError`] with `?` or `from`.
    #[must_use]
    pub fn http(&self) -> &Client {
        &self.0.http
    }

    /// The id of the bot's application, asked for once.
    ///
    /// # Errors
    /// As any call.
    pub async fn application(&self) -> Result<ApplicationId, DiscordError> {
        #[derive(Deserialize)]
        struct Application {
            id: ApplicationId,
        }
        let ask = || async {
            let application: Application = self.json(self.0.http.current_user_application()).await?;
            Ok(application.id)
        };
        self.0.application.get_or_try_init(ask).await.copied()
    }

    /// Keeps an id that the gateway has told, so that it is not asked for.
    pub(crate) fn set_application(&self, id: ApplicationId) {
        // An id that is there already is the same.
        let _ = self.0.application.set(id);
    }

    /// Sends a request; repeats it if that can't do harm.
    pub(crate) async fn call(
        &self,
        request: Result<Request, HttpError>,
        repeat: bool,
    ) -> Result<Bytes, DiscordError> {
        Self::exchange(&self.0.http, request, repeat).await
    }

    async fn exchange(
        client: &Client,
        request: Result<Request, HttpError>,
        repeat: bool,
    ) -> Result<Bytes, DiscordError> {
        let request = request?;
        let mut waits = RETRY_AFTER.iter();
        loop {
            let attempt = async {
                let response = client.request::<()>(request.clone()).await?;
                response
                    .bytes()
                    .await
                    .map(Bytes::from)
                    .map_err(|e| DiscordError::Unavailable(e.to_string()))
            };
            match attempt.await {
                Err(error) if repeat && error.is_temporary() => match waits.next() {
                    Some(&wait) => {
                        tracing::debug!(%error, path = request.path(), "call to Discord is repeated");
                        tokio::time::sleep(wait).await;
                    }
                    None => return Err(error),
                },
                result => return result,
            }
        }
    }

    /// Sends one of the client's requests and drops the answer.
    pub(crate) async fn done(&self, request: impl TryIntoRequest) -> Result<(), DiscordError> {
        let request = request.try_into_request();
        let repeat = repeatable(&request);
        self.call(request, repeat).await.map(drop)
    }

    /// Sends one of the client's requests and reads the answer.
    pub(crate) async fn json<T: DeserializeOwned>(
        &self,
        request: impl TryIntoRequest,
    ) -> Result<T, DiscordError> {
        let request = request.try_into_request();
        let repeat = repeatable(&request);
        read(&self.call(request, repeat).await?)
    }

    /// Sends a message body over a route.
    pub(crate) async fn with_body(
        &self,
        route: &Route<'_>,
        body: &impl serde::Serialize,
        files: &[File],
        repeat: bool,
        with_token: bool,
    ) -> Result<Bytes, DiscordError> {
        self.call(Self::request(route, body, files, with_token)?, repeat)
            .await
    }

    /// Sends the first answer to an interaction. Repeating it is safe: Discord takes one and says so of any other.
    pub(crate) async fn answer(
        &self,
        route: &Route<'_>,
        body: &impl serde::Serialize,
        files: &[File],
    ) -> Result<Bytes, DiscordError> {
        Self::exchange(&self.0.answers, Self::request(route, body, files, false)?, true).await
    }

    fn request(
        route: &Route<'_>,
        body: &impl serde::Serialize,
        files: &[File],
        with_token: bool,
    ) -> Result<Result<Request, HttpError>, DiscordError> {
        let json = serde_json::to_vec(body).map_err(|e| DiscordError::Unreadable(e.to_string()))?;
        let mut builder = RequestBuilder::new(route).use_authorization_token(with_token);
        if files.is_empty() {
            builder = builder.body(json);
        } else {
            let mut form = Form::new().json_part(b"payload_json", &json);
            for (i, file) in files.iter().enumerate() {
                form = form.file_part(
                    format!("files[{i}]").as_bytes(),
                    file.name.as_bytes(),
                    &file.bytes,
                );
            }
            builder = builder.form(form);
        }
        Ok(builder.build())
    }

    /// Sends a message over a route.
    pub(crate) async fn with_message(
        &self,
        route: &Route<'_>,
        message: &Message,
        purpose: Purpose,
        with_token: bool,
    ) -> Result<Posted, DiscordError> {
        message.check()?;
        // An edit made twice is one edit; a message with a nonce is posted once.
        let repeat = purpose == Purpose::Edit || (purpose == Purpose::Create && message.nonce.is_some());
        let payload = Payload::new(message, purpose);
        read(
            &self
                .with_body(route, &payload, &message.files, repeat, with_token)
                .await?,
        )
    }
}

/// What Discord's audit log says of something that was done for somebody: who asked, and why.
#[must_use]
pub fn reason(actor: &Actor, why: &str) -> String {
    let who = match actor.user() {
        Some(user) => format!("{} ({user})", actor.name()),
        None => actor.name().to_owned(),
    };
    fit(
        &if why.is_empty() {
            who
        } else {
            format!("{who}: {why}")
        },
        limits::REASON,
    )
}

fn repeatable(request: &Result<Request, HttpError>) -> bool {
    request
        .as_ref()
        .is_ok_and(|request| request.method() != Method::Post)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DiscordError> {
    serde_json::from_slice(bytes).map_err(|e| DiscordError::Unreadable(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_who_asked() {
        let (guild, user) = (
            hazebot_core::ids::GuildId::new(1),
            hazebot_core::ids::UserId::new(2),
        );
        let actor = Actor::Member {
            guild,
            user,
            name: "robin".to_owned(),
        };
        assert_eq!(reason(&actor, "spam"), "robin (2): spam");
        assert_eq!(reason(&Actor::Timer, ""), "timer");
        assert_eq!(reason(&actor, &"x".repeat(600)).chars().count(), limits::REASON);
    }

    #[tokio::test]
    async fn an_address_without_host_or_of_another_scheme_is_refused() {
        for bad in ["ftp://discord.com", "data:text/plain,x"] {
            let base = Url::parse(bad).unwrap();
            assert!(Discord::new("t", &base).is_err(), "{bad}");
        }
        for good in [
            "https://discord.com",
            "http://127.0.0.1:4000",
            "https://proxy.example/discord/",
        ] {
            let base = Url::parse(good).unwrap();
            assert!(Discord::new("t", &base).is_ok(), "{good}");
        }
    }
}
