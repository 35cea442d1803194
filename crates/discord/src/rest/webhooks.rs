//! Webhooks of the bot's own, by which a message stands under somebody's name and picture.

use hazebot_core::ids::ChannelId;
use serde::{Deserialize, Serialize};
use twilight_http::{request::AuditLogReason, routing::Route};
use twilight_model::id::{Id, marker::WebhookMarker};

use super::{Discord, DiscordError, Posted, read};
use crate::message::{Message, Payload, Purpose, limits, text::fit};

/// Longest name of a webhook's message, see "Execute Webhook" in Discord's documentation.
const MAX_NAME: usize = 80;
/// Words that Discord refuses in the name of a webhook, see "Webhook Resource", "Create Webhook".
const REFUSED: [&str; 2] = ["clyde", "discord"];

/// A webhook that this bot has made. Its token lets anybody write into the channel: it is never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id, which is the author of its messages.
    pub id: Id<WebhookMarker>,
    token: String,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Under whose name a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer<'a> {
    /// Their name, see [`Writer::may_be_shown`].
    pub name: &'a str,
    /// Address of their picture.
    pub avatar: Option<&'a str>,
}

impl Writer<'_> {
    /// Whether Discord takes the name: not empty, and without words that it keeps for itself.
    #[must_use]
    pub fn may_be_shown(&self) -> bool {
        let name = self.name.to_lowercase();
        !name.trim().is_empty() && !REFUSED.iter().any(|word| name.contains(word))
    }
}

#[derive(Deserialize)]
struct Found {
    id: Id<WebhookMarker>,
    token: Option<String>,
    application_id: Option<hazebot_core::ids::ApplicationId>,
}

#[derive(Serialize)]
struct As<'a> {
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_url: Option<&'a str>,
    #[serde(flatten)]
    message: Payload<'a>,
}

impl Discord {
    /// The bot's webhook of a channel; made, with this name, if there is none yet.
    ///
    /// # Errors
    /// As any call; [`DiscordError::Forbidden`] without the permission to manage webhooks.
    pub async fn webhook(
        &self,
        channel: ChannelId,
        name: &str,
        reason: &str,
    ) -> Result<Webhook, DiscordError> {
        let application = self.application().await?;
        let all: Vec<Found> = self.json(self.http().channel_webhooks(channel)).await?;
        let mine = all
            .into_iter()
            .filter(|webhook| webhook.application_id == Some(application))
            .find_map(|webhook| {
                Some(Webhook {
                    id: webhook.id,
                    token: webhook.token?,
                })
            });
        if let Some(webhook) = mine {
            return Ok(webhook);
        }
        let reason = fit(reason, limits::REASON);
        let request = self.http().create_webhook(channel, name).reason(&reason);
        let made: Found = self.json(request).await?;
        let token = made
            .token
            .ok_or_else(|| DiscordError::Unreadable("a webhook without a token".to_owned()))?;
        Ok(Webhook { id: made.id, token })
    }

    /// Posts a message under somebody's name. Never repeated by itself: Discord knows no nonce here.
    ///
    /// # Errors
    /// [`DiscordError::Limit`] before the call; [`DiscordError::NotFound`] if somebody has deleted the webhook; else as
    /// any call.
    pub async fn send_as(
        &self,
        webhook: &Webhook,
        writer: Writer<'_>,
        message: &Message,
    ) -> Result<Posted, DiscordError> {
        message.check()?;
        let route = Route::ExecuteWebhook {
            thread_id: None,
            token: &webhook.token,
            wait: Some(true),
            webhook_id: webhook.id.get(),
            with_components: None,
        };
        let body = As {
            username: &fit(writer.name, MAX_NAME),
            avatar_url: writer.avatar,
            message: Payload::new(message, Purpose::Answer { ephemeral: false }),
        };
        read(
            &self
                .with_body(&route, &body, &message.files, false, false)
                .await?,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_discord_keeps_for_itself_are_not_shown() {
        let shown = |name| Writer { name, avatar: None }.may_be_shown();
        assert!(shown("Finn Reed"));
        for refused in ["", "  ", "Discord Staff", "xCLYDEx"] {
            assert!(!shown(refused), "{refused}");
        }
    }
}
