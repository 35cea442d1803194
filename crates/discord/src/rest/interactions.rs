//! Answers to interactions. They need no bot token, only that of the interaction, which is good for 15 minutes; the
//! first answer must come within 3 seconds
//! (<https://docs.discord.com/developers/interactions/receiving-and-responding>).

use hazebot_core::ids::{ApplicationId, InteractionId, MessageId};
use serde::Serialize;
use twilight_http::routing::Route;
use twilight_model::{
    application::command::CommandOptionChoice,
    channel::message::{Component, MessageFlags},
    http::interaction::InteractionResponseType as Kind,
};

use super::{Discord, DiscordError, Posted, read};
use crate::message::{Message, Modal, Payload, Purpose};

#[derive(Serialize)]
struct Callback<T> {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

#[derive(Serialize)]
struct Flags {
    flags: MessageFlags,
}

#[derive(Serialize)]
struct Form<'a> {
    custom_id: &'a str,
    title: &'a str,
    components: &'a [Component],
}

#[derive(Serialize)]
struct Choices {
    choices: Vec<CommandOptionChoice>,
}

/// One interaction, to be answered.
#[derive(Clone, Debug)]
pub(crate) struct InteractionHandle {
    pub(crate) discord: Discord,
    pub(crate) application: ApplicationId,
    pub(crate) id: InteractionId,
    pub(crate) token: String,
}

impl InteractionHandle {
    async fn callback<T: Serialize>(
        &self,
        kind: Kind,
        data: Option<T>,
        files: &[crate::message::File],
    ) -> Result<(), DiscordError> {
        let route = Route::InteractionCallback {
            interaction_id: self.id.get(),
            interaction_token: &self.token,
            with_response: false,
        };
        match self.discord.answer(&route, &Callback { kind, data }, files).await {
            Err(error) if error.code() == Some(super::code::ALREADY_ACKNOWLEDGED) => Ok(()),
            result => result.map(drop),
        }
    }

    /// Answers with a message.
    pub(crate) async fn reply(&self, message: &Message, ephemeral: bool) -> Result<(), DiscordError> {
        message.check()?;
        let payload = Payload::new(message, Purpose::Answer { ephemeral });
        self.callback(Kind::ChannelMessageWithSource, Some(payload), &message.files)
            .await
    }

    /// Changes the message that the component is on.
    pub(crate) async fn update(&self, message: &Message) -> Result<(), DiscordError> {
        message.check()?;
        let payload = Payload::new(message, Purpose::Edit);
        self.callback(Kind::UpdateMessage, Some(payload), &message.files)
            .await
    }

    /// Opens a form.
    pub(crate) async fn open(&self, modal: &Modal) -> Result<(), DiscordError> {
        modal.check()?;
        let form = Form {
            custom_id: &modal.custom_id,
            title: &modal.title,
            components: &modal.components,
        };
        self.callback(Kind::Modal, Some(form), &[]).await
    }

    /// Promises an answer: "… is thinking".
    pub(crate) async fn defer(&self, ephemeral: bool) -> Result<(), DiscordError> {
        let flags = ephemeral.then_some(Flags {
            flags: MessageFlags::EPHEMERAL,
        });
        self.callback(Kind::DeferredChannelMessageWithSource, flags, &[])
            .await
    }

    /// Takes note of a press without showing anything.
    pub(crate) async fn acknowledge(&self) -> Result<(), DiscordError> {
        self.callback(Kind::DeferredUpdateMessage, None::<()>, &[]).await
    }

    /// Suggests values while somebody types.
    pub(crate) async fn suggest(&self, choices: Vec<CommandOptionChoice>) -> Result<(), DiscordError> {
        self.callback(
            Kind::ApplicationCommandAutocompleteResult,
            Some(Choices { choices }),
            &[],
        )
        .await
    }

    /// Makes the promised answer, or the message of the component, this one.
    pub(crate) async fn edit_original(&self, message: &Message) -> Result<Posted, DiscordError> {
        let route = Route::UpdateInteractionOriginal {
            application_id: self.application.get(),
            interaction_token: &self.token,
        };
        self.discord
            .with_message(&route, message, Purpose::Edit, false)
            .await
    }

    /// Takes the answer back.
    pub(crate) async fn delete_original(&self) -> Result<(), DiscordError> {
        let request = self.discord.http().interaction(self.application);
        self.discord.done(request.delete_response(&self.token)).await
    }

    /// The answer as Discord has it, for its id.
    pub(crate) async fn original(&self) -> Result<Posted, DiscordError> {
        let route = Route::GetInteractionOriginal {
            application_id: self.application.get(),
            interaction_token: &self.token,
        };
        let request = twilight_http::request::RequestBuilder::new(&route)
            .use_authorization_token(false)
            .build();
        read(&self.discord.call(request, true).await?)
    }

    /// Adds a message after the first answer.
    pub(crate) async fn follow_up(&self, message: &Message, ephemeral: bool) -> Result<Posted, DiscordError> {
        let route = Route::ExecuteWebhook {
            thread_id: None,
            token: &self.token,
            wait: None,
            with_components: None,
            webhook_id: self.application.get(),
        };
        self.discord
            .with_message(&route, message, Purpose::Answer { ephemeral }, false)
            .await
    }

    /// Changes a message that was added.
    pub(crate) async fn edit_follow_up(
        &self,
        id: MessageId,
        message: &Message,
    ) -> Result<Posted, DiscordError> {
        let route = Route::UpdateWebhookMessage {
            message_id: id.get(),
            thread_id: None,
            token: &self.token,
            webhook_id: self.application.get(),
        };
        self.discord
            .with_message(&route, message, Purpose::Edit, false)
            .await
    }
}
