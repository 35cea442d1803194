//! What came of something a user did: the bot's answers as the user sees them.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::clock::Millis;
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::Id;
use crate::world::message::{Interaction, Message, Progress, flags};
use crate::world::{Modal, World, components, json_message};

/// An interaction must be answered within this time of the world's clock.
const ANSWER_WITHIN: Millis = 3_000;

/// A message as a user sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The message's id.
    pub id: Id,
    /// Where it stands.
    pub channel: Id,
    /// Who wrote it; `None` for a webhook.
    pub author: Option<Id>,
    /// The text.
    pub content: String,
    /// Embeds.
    pub embeds: Vec<Value>,
    /// Components.
    pub components: Vec<Value>,
    /// Only the user sees it.
    pub ephemeral: bool,
    /// The bot is still thinking.
    pub loading: bool,
    /// The whole message as Discord writes it.
    pub json: Value,
}

impl Seen {
    pub(crate) fn new(world: &World, message: &Message, viewer: Id) -> Self {
        Self {
            id: message.id,
            channel: message.channel_id,
            author: message.author_user(),
            content: message.content.clone(),
            embeds: message.embeds.clone(),
            components: message.components.clone(),
            ephemeral: message.is_ephemeral(),
            loading: message.flags & flags::LOADING != 0,
            json: json_message::message(world, message, viewer),
        }
    }

    /// Everything that can be read: text, embeds and text displays, one below the other.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines = vec![self.content.clone()];
        for embed in &self.embeds {
            collect_embed(embed, &mut lines);
        }
        for component in &self.components {
            components::walk(component, &mut |c| {
                lines.extend(
                    ["content", "label", "placeholder"]
                        .iter()
                        .filter_map(|k| c.get(k)?.as_str())
                        .map(str::to_owned),
                );
            });
        }
        lines.retain(|l| !l.is_empty());
        lines.join("\n")
    }

    /// Custom ids of all its components, in order.
    #[must_use]
    pub fn custom_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for component in &self.components {
            components::walk(component, &mut |c| {
                ids.extend(c.get("custom_id").and_then(Value::as_str).map(str::to_owned));
            });
        }
        ids
    }

    /// The custom id of the button or select whose label or placeholder is `label`.
    #[must_use]
    pub fn component_labelled(&self, label: &str) -> Option<String> {
        let mut found = None;
        for component in &self.components {
            components::walk(component, &mut |c| {
                let named = ["label", "placeholder"]
                    .iter()
                    .any(|k| c.get(k).and_then(Value::as_str) == Some(label));
                if found.is_none() && named {
                    found = c.get("custom_id").and_then(Value::as_str).map(str::to_owned);
                }
            });
        }
        found
    }
}

fn collect_embed(embed: &Value, lines: &mut Vec<String>) {
    let text = |pointer: &str| embed.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    lines.extend(
        ["/author/name", "/title", "/description"]
            .into_iter()
            .filter_map(text),
    );
    for field in embed
        .get("fields")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        lines.extend(
            ["name", "value"]
                .iter()
                .filter_map(|k| field.get(k)?.as_str())
                .map(str::to_owned),
        );
    }
    lines.extend(text("/footer/text"));
}

/// An interaction and what came of it so far.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The interaction.
    pub interaction: Id,
    /// The user who acted.
    pub user: Id,
    /// The first answer and all follow-ups that still exist, in order.
    pub responses: Vec<Seen>,
    /// The modal that was shown.
    pub modal: Option<Modal>,
    /// Choices for a half-typed option.
    pub choices: Vec<Value>,
    /// The message whose component was used, if the answer changed it.
    pub updated: Option<Seen>,
    /// The bot asked for more time before it answered.
    pub deferred: bool,
    /// The answer is here: a message, a modal, choices, an update, or a silent acknowledgement.
    pub answered: bool,
    /// Nothing came within three seconds: the user reads "The application did not respond".
    pub failed: bool,
}

impl Exchange {
    /// How it stands now.
    pub(crate) fn look(world: &World, id: Id) -> Result<Self, ApiError> {
        let of = world.interaction(id).ok_or_else(ApiError::unknown_interaction)?;
        let message = |id: Id| {
            world
                .message(of.channel_id, id)
                .ok()
                .map(|m| Seen::new(world, m, of.user))
        };
        let is_source = of.original.is_some() && of.original == of.source_message;
        let original = of.original.filter(|_| !is_source);
        Ok(Self {
            interaction: id,
            user: of.user,
            responses: original
                .into_iter()
                .chain(of.followups.iter().copied())
                .filter_map(message)
                .collect(),
            modal: of.modal.as_ref().map(|m| modal_of(id, m)),
            choices: of.choices.clone().unwrap_or_default(),
            updated: of.source_message.filter(|_| of.updated_source).and_then(message),
            deferred: matches!(of.callback, Some(5 | 6)),
            answered: of.progress != Progress::Waiting,
            failed: of.progress == Progress::Waiting && world.now() - of.at > ANSWER_WITHIN,
        })
    }

    /// The first answer's text, embeds included; empty if there is none.
    #[must_use]
    pub fn text(&self) -> String {
        self.responses.first().map(Seen::text).unwrap_or_default()
    }

    /// The first answer.
    #[must_use]
    pub fn first(&self) -> Option<&Seen> {
        self.responses.first()
    }

    /// The names of the choices offered.
    #[must_use]
    pub fn choice_names(&self) -> Vec<&str> {
        self.choices
            .iter()
            .filter_map(|c| c.get("name")?.as_str())
            .collect()
    }
}

pub(crate) fn modal_of(interaction: Id, body: &Value) -> Modal {
    let text = |key: &str| {
        body.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Modal {
        interaction,
        custom_id: text("custom_id"),
        title: text("title"),
        components: body
            .get("components")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default(),
    }
}

/// True if the user has something to look at: an answer that is not just a promise of one.
fn settled(of: &Interaction, world: &World) -> bool {
    match of.progress {
        Progress::Waiting => world.now() - of.at > ANSWER_WITHIN,
        // A silent acknowledgement of a press may be all that comes.
        Progress::Deferred => of.callback == Some(6),
        Progress::Answered => true,
    }
}

/// Waits for the bot: until it answered, three seconds of the world's clock passed, or `patience` ran out.
pub(crate) async fn wait(hub: &Arc<Hub>, id: Id, patience: Duration) -> Result<Exchange, ApiError> {
    let deadline = hub
        .read(|w| w.interaction(id).map(|i| i.at + ANSWER_WITHIN + 1))
        .unwrap_or_default();
    let found = hub.wait_for(patience, |w| {
        w.interaction(id).filter(|i| settled(i, w)).map(|_| ())
    });
    tokio::select! {
        _ = found => {}
        () = overdue(hub, id, deadline) => {}
    }
    hub.read(|w| Exchange::look(w, id))
}

/// Resolves when three seconds have passed without any answer; never if an answer came in time.
async fn overdue(hub: &Arc<Hub>, id: Id, deadline: Millis) {
    hub.clock.wait_for(deadline).await;
    if hub.read(|w| w.interaction(id).is_some_and(|i| i.progress != Progress::Waiting)) {
        std::future::pending::<()>().await;
    }
}
