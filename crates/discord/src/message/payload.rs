//! What a [`Message`] looks like on the wire.

use serde::Serialize;
use twilight_model::{
    channel::message::{AllowedMentions, Component, Embed, MentionType, MessageFlags},
    id::{Id, marker::MessageMarker},
};

use super::Message;

/// What the payload is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A new message in a channel.
    Create,
    /// A new message as the answer to an interaction.
    Answer {
        /// Only the person themselves sees it.
        ephemeral: bool,
    },
    /// What an existing message becomes.
    Edit,
}

#[derive(Debug, Serialize)]
struct Reference {
    message_id: Id<MessageMarker>,
    fail_if_not_exists: bool,
}

#[derive(Debug, Serialize)]
struct Attachment<'a> {
    id: u64,
    filename: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

/// The body of Discord's "Create Message", "Edit Message" and interaction answers
/// (<https://docs.discord.com/developers/resources/message#create-message>).
#[derive(Debug, Serialize)]
pub(crate) struct Payload<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embeds: Option<Vec<&'a Embed>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<&'a [Component]>,
    allowed_mentions: AllowedMentions,
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<MessageFlags>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enforce_nonce: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<Vec<Attachment<'a>>>,
}

impl<'a> Payload<'a> {
    pub(crate) fn new(message: &'a Message, purpose: Purpose) -> Self {
        let edit = purpose == Purpose::Edit;
        let whole_edit = edit && !message.partial && !message.layout;
        let mut flags = MessageFlags::empty();
        if purpose == (Purpose::Answer { ephemeral: true }) {
            flags |= MessageFlags::EPHEMERAL;
        }
        if message.silent && !edit {
            flags |= MessageFlags::SUPPRESS_NOTIFICATIONS;
        }
        if message.no_previews {
            flags |= MessageFlags::SUPPRESS_EMBEDS;
        }
        if message.layout && !message.components.is_empty() {
            flags |= MessageFlags::IS_COMPONENTS_V2;
        }
        let creates = purpose == Purpose::Create;
        Self {
            content: message.content.as_deref().or(whole_edit.then_some("")),
            embeds: (whole_edit || !message.embeds.is_empty())
                .then(|| message.embeds.iter().map(|embed| &embed.0).collect()),
            components: (whole_edit || message.layout || !message.components.is_empty())
                .then_some(message.components.as_slice()),
            allowed_mentions: AllowedMentions {
                parse: if message.mention_everyone {
                    vec![MentionType::Everyone]
                } else {
                    Vec::new()
                },
                replied_user: false,
                roles: message.mention_roles.clone(),
                users: message.mention_users.clone(),
            },
            flags: (!flags.is_empty()).then_some(flags),
            nonce: message.nonce.as_deref().filter(|_| creates),
            enforce_nonce: (creates && message.nonce.is_some()).then_some(true),
            message_reference: message.reply_to.filter(|_| creates).map(|message_id| Reference {
                message_id,
                fail_if_not_exists: false,
            }),
            attachments: (!message.files.is_empty()).then(|| {
                (0..)
                    .zip(&message.files)
                    .map(|(id, file)| Attachment {
                        id,
                        filename: &file.name,
                        description: file.description.as_deref(),
                    })
                    .collect()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use hazebot_core::ids::UserId;
    use serde_json::{Value, json};

    use super::{super::Embed, *};

    fn wire(message: &Message, purpose: Purpose) -> Value {
        serde_json::to_value(Payload::new(message, purpose)).unwrap()
    }

    #[test]
    fn nobody_is_pinged_unless_named() {
        let plain = wire(&Message::new().text("@everyone <@1>"), Purpose::Create);
        assert_eq!(
            plain,
            json!({"content": "@everyone <@1>", "allowed_mentions": {"parse": []}})
        );
        let named = wire(
            &Message::new().text("<@1>").mention_user(UserId::new(1)),
            Purpose::Create,
        );
        assert_eq!(
            named.get("allowed_mentions"),
            Some(&json!({"parse": [], "users": ["1"]}))
        );
    }

    #[test]
    fn an_edit_replaces_the_whole_message_unless_it_is_partial() {
        let whole = wire(&Message::new().embed(Embed::new().title("a")), Purpose::Edit);
        assert_eq!(whole.get("content"), Some(&json!("")));
        assert_eq!(whole.get("components"), Some(&json!([])));
        let partial = wire(&Message::partial().text("b"), Purpose::Edit);
        assert_eq!(
            partial,
            json!({"content": "b", "allowed_mentions": {"parse": []}})
        );
    }

    #[test]
    fn a_nonce_is_enforced() {
        let wire = wire(&Message::new().text("x").nonce("t1"), Purpose::Create);
        assert_eq!(wire.get("nonce"), Some(&json!("t1")));
        assert_eq!(wire.get("enforce_nonce"), Some(&json!(true)));
    }

    #[test]
    fn an_ephemeral_answer_carries_the_flag() {
        let wire = wire(&Message::new().text("x"), Purpose::Answer { ephemeral: true });
        assert_eq!(wire.get("flags"), Some(&json!(64)));
    }
}
