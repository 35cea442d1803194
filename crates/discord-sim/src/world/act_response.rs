//! How a bot answers an interaction: at once, later, by a message, an update, a modal or choices
//! (<https://discord.com/developers/docs/interactions/receiving-and-responding>).

use serde_json::{Value, json};

use crate::clock::Millis;
use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::validate::{Rule, Shape, check, nul, opt, req};

use super::draft::Draft;
use super::json::extend;
use super::message::{Author, Interaction, Progress, flags, interaction_kind};
use super::post::Post;
use super::{World, components, json_message};

/// An interaction must be answered within this time.
pub(crate) const ANSWER_WITHIN: Millis = 3_000;
/// Its token works for this long.
pub(crate) const TOKEN_LIFE: Millis = 15 * 60 * 1000;

/// Answer types.
mod callback {
    pub(super) const MESSAGE: i64 = 4;
    pub(super) const DEFERRED_MESSAGE: i64 = 5;
    pub(super) const DEFERRED_UPDATE: i64 = 6;
    pub(super) const UPDATE: i64 = 7;
    pub(super) const CHOICES: i64 = 8;
    pub(super) const MODAL: i64 = 9;
}

/// An answer, its message read already.
#[derive(Debug)]
pub(crate) struct ResponseDraft {
    pub(crate) kind: i64,
    pub(crate) data: Value,
    pub(crate) draft: Draft,
}

const MODAL: Shape = &[
    req("custom_id", Rule::Text(1, 100)),
    req("title", Rule::Text(1, 45)),
    req("components", Rule::Custom(components::check_modal)),
    opt("flags", Rule::Any),
];

const CHOICES: Shape = &[nul(
    "choices",
    Rule::List(
        0,
        25,
        &Rule::Object(&[
            req("name", Rule::Text(1, 100)),
            nul("name_localizations", Rule::Map),
            req("value", Rule::Any),
        ]),
    ),
)];

impl World {
    /// The first answer to an interaction.
    pub(crate) fn answer(&mut self, id: Id, token: &str, response: ResponseDraft) -> ApiResult<()> {
        let interaction = self
            .interaction(id)
            .filter(|i| i.token == token)
            .ok_or_else(ApiError::unknown_interaction)?;
        if interaction.progress != Progress::Waiting {
            return Err(ApiError::already_acknowledged());
        }
        if self.now() - interaction.at > ANSWER_WITHIN {
            return Err(ApiError::unknown_interaction());
        }
        let interaction = interaction.clone();
        check_kind(&interaction, response.kind)?;
        let ephemeral = response.draft.flags.unwrap_or(0) & flags::EPHEMERAL != 0;
        let mut next = interaction.clone();
        next.callback = u8::try_from(response.kind).ok();
        next.progress = Progress::Answered;
        match response.kind {
            callback::MESSAGE => {
                if response.draft.is_empty() {
                    return Err(ApiError::empty_message());
                }
                next.ephemeral = ephemeral;
                next.original = Some(self.post_answer(&interaction, response.draft, ephemeral, 0)?);
            }
            callback::DEFERRED_MESSAGE => {
                next.progress = Progress::Deferred;
                next.ephemeral = ephemeral;
                next.original =
                    Some(self.post_answer(&interaction, Draft::default(), ephemeral, flags::LOADING)?);
            }
            callback::DEFERRED_UPDATE => {
                next.progress = Progress::Deferred;
                next.original = interaction.source_message;
            }
            callback::UPDATE => {
                let source = interaction.source_message.ok_or_else(ApiError::unknown_message)?;
                self.change(interaction.channel_id, source, response.draft)?;
                next.original = Some(source);
                next.updated_source = true;
            }
            callback::CHOICES => {
                check(CHOICES, &response.data).map_err(|e| under(e, "data"))?;
                let list = response.data.get("choices").and_then(Value::as_array).cloned();
                next.choices = Some(list.unwrap_or_default());
            }
            _ => {
                check(MODAL, &response.data).map_err(|e| under(e, "data"))?;
                let mut modal = response.data;
                if let Some(list) = modal.get_mut("components").and_then(Value::as_array_mut) {
                    components::give_ids(list);
                }
                next.modal = Some(modal);
            }
        }
        *self.interaction_mut(id)? = next;
        Ok(())
    }

    /// What the answer's sender is told if it asked for it (`with_response`,
    /// <https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback-interaction-callback-response-object>).
    pub(crate) fn answer_body(&self, id: Id) -> ApiResult<Value> {
        let interaction = self.interaction(id).ok_or_else(ApiError::unknown_interaction)?;
        let message = interaction
            .original
            .and_then(|m| self.message(interaction.channel_id, m).ok());
        let mut about = json!({ "id": id, "type": interaction.kind });
        let mut body = json!({});
        if let Some(message) = message {
            extend(
                &mut about,
                json!({
                    "response_message_id": message.id,
                    "response_message_loading": message.flags & flags::LOADING != 0,
                    "response_message_ephemeral": message.is_ephemeral(),
                }),
            );
            // A deferral has made nothing to be shown yet.
            let kind = interaction.callback.map(i64::from);
            if matches!(kind, Some(callback::MESSAGE | callback::UPDATE)) {
                let message = json_message::message(self, message, Id::default());
                extend(
                    &mut body,
                    json!({ "resource": { "type": kind, "message": message } }),
                );
            }
        }
        extend(&mut body, json!({ "interaction": about }));
        Ok(body)
    }

    fn post_answer(&mut self, to: &Interaction, draft: Draft, ephemeral: bool, extra: u64) -> ApiResult<Id> {
        let bot = self.application(to.application_id)?.bot_id;
        let mut draft = draft;
        // A component's first answer stands as a reply to its message.
        let first = to.original.is_none();
        let reply = first && to.kind == interaction_kind::COMPONENT && draft.reply_to.is_none();
        draft.reply_to = to.source_message.filter(|_| reply);
        let mut post = Post::by(Author::User(bot), to.channel_id, draft);
        post.kind = match to.kind {
            interaction_kind::COMMAND if to.command_kind == 1 => 20,
            interaction_kind::COMMAND => 23,
            _ => 0,
        };
        post.webhook_id = Some(to.application_id);
        post.application_id = Some(to.application_id);
        post.only_for = ephemeral.then_some(to.user);
        post.extra_flags = extra | if ephemeral { flags::EPHEMERAL } else { 0 };
        post.interaction = Some(to.note());
        self.post(post)
    }

    /// The interaction behind a follow-up's token.
    ///
    /// # Errors
    /// 50027 for an unknown or outlived token, 10015 if the interaction was never answered.
    pub(crate) fn answered(&self, application: Id, token: &str) -> ApiResult<&Interaction> {
        let interaction = self
            .interaction_by_token(token)
            .filter(|i| i.application_id == application && self.now() - i.at <= TOKEN_LIFE)
            .ok_or_else(ApiError::invalid_webhook_token)?;
        if interaction.progress == Progress::Waiting {
            return Err(ApiError::unknown_webhook());
        }
        Ok(interaction)
    }

    /// A later message. After a deferral the first one takes the place of "thinking".
    pub(crate) fn follow_up(&mut self, application: Id, token: &str, draft: Draft) -> ApiResult<Id> {
        let interaction = self.answered(application, token)?.clone();
        if draft.is_empty() {
            return Err(ApiError::empty_message());
        }
        let original = interaction
            .original
            .and_then(|m| self.message(interaction.channel_id, m).ok());
        if let Some(thinking) = original.filter(|m| m.flags & flags::LOADING != 0).map(|m| m.id) {
            self.change(interaction.channel_id, thinking, draft)?;
            self.interaction_mut(interaction.id)?.progress = Progress::Answered;
            return Ok(thinking);
        }
        let ephemeral = draft.flags.unwrap_or(0) & flags::EPHEMERAL != 0;
        let id = self.post_answer(&interaction, draft, ephemeral, 0)?;
        let state = self.interaction_mut(interaction.id)?;
        state.followups.push(id);
        state.progress = Progress::Answered;
        Ok(id)
    }

    /// Which message a follow-up route names: `@original` or an id of this interaction's.
    pub(crate) fn answer_message(&self, application: Id, token: &str, which: &str) -> ApiResult<(Id, Id)> {
        let interaction = self.answered(application, token)?;
        let id = match which {
            "@original" => interaction.original.ok_or_else(ApiError::unknown_message)?,
            other => other.parse().map_err(|_| ApiError::unknown_message())?,
        };
        if interaction.original != Some(id) && !interaction.followups.contains(&id) {
            return Err(ApiError::unknown_message());
        }
        self.message(interaction.channel_id, id)?;
        Ok((interaction.channel_id, id))
    }

    /// Changes an answer.
    pub(crate) fn edit_answer(
        &mut self,
        application: Id,
        token: &str,
        which: &str,
        draft: Draft,
    ) -> ApiResult<Id> {
        let (channel, id) = self.answer_message(application, token, which)?;
        self.change(channel, id, draft)?;
        let interaction = self.answered(application, token)?.id;
        let state = self.interaction_mut(interaction)?;
        if state.original == Some(id) {
            state.progress = Progress::Answered;
            state.updated_source |= state.source_message == Some(id);
        }
        Ok(id)
    }

    /// Removes an answer.
    pub(crate) fn delete_answer(&mut self, application: Id, token: &str, which: &str) -> ApiResult<()> {
        let (channel, id) = self.answer_message(application, token, which)?;
        self.remove_message(channel, id)?;
        let interaction = self.answered(application, token)?.id;
        self.interaction_mut(interaction)?.progress = Progress::Answered;
        Ok(())
    }
}

/// Which answers go with which interaction.
fn check_kind(to: &Interaction, kind: i64) -> ApiResult<()> {
    let fits = match kind {
        callback::MESSAGE | callback::DEFERRED_MESSAGE => to.kind != interaction_kind::AUTOCOMPLETE,
        callback::DEFERRED_UPDATE | callback::UPDATE => {
            to.source_message.is_some()
                && matches!(to.kind, interaction_kind::COMPONENT | interaction_kind::MODAL)
        }
        callback::CHOICES => to.kind == interaction_kind::AUTOCOMPLETE,
        callback::MODAL => matches!(to.kind, interaction_kind::COMMAND | interaction_kind::COMPONENT),
        _ => false,
    };
    if fits {
        return Ok(());
    }
    Err(ApiError::field(
        "type",
        "INTERACTION_RESPONSE_TYPE_INVALID",
        "This answer does not go with this type of interaction",
    ))
}

/// Moves an error's paths below `key`.
pub(crate) fn under(error: ApiError, key: &str) -> ApiError {
    match error.errors {
        Some(tree) => ApiError {
            errors: Some(json!({ key: tree })),
            ..error
        },
        None => error,
    }
}
