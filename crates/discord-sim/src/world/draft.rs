//! A message before it is posted: read from a checked body and the files beside it.

use bytes::Bytes;
use serde_json::Value;

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::World;
use super::message::Attachment;

/// The type of a reference that forwards.
const FORWARD: u64 = 1;

/// A file that came with a request.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// The form field, such as `files[0]`.
    pub(crate) field: String,
    /// The file name.
    pub(crate) filename: String,
    /// The MIME type.
    pub(crate) content_type: String,
    /// The content.
    pub(crate) content: Bytes,
}

/// Which mentions may notify (<https://discord.com/developers/docs/resources/message#allowed-mentions-object>).
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedMentions {
    pub(crate) everyone: bool,
    pub(crate) all_users: bool,
    pub(crate) all_roles: bool,
    pub(crate) users: Vec<Id>,
    pub(crate) roles: Vec<Id>,
    pub(crate) replied_user: bool,
}

/// A message to be posted, or the changes to one: `None` leaves a part as it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) content: Option<String>,
    pub(crate) embeds: Option<Vec<Value>>,
    pub(crate) components: Option<Vec<Value>>,
    pub(crate) flags: Option<u64>,
    pub(crate) tts: bool,
    pub(crate) nonce: Option<Value>,
    pub(crate) enforce_nonce: bool,
    pub(crate) reply_to: Option<Id>,
    pub(crate) reply_must_exist: bool,
    pub(crate) allowed: Option<AllowedMentions>,
    pub(crate) uploads: Vec<Upload>,
    /// Metadata of new files and ids of kept ones; `None` keeps all.
    pub(crate) attachments: Option<Vec<Value>>,
    pub(crate) poll: Option<Value>,
    /// The channel and message to be forwarded.
    pub(crate) forward: Option<(Id, Id)>,
    /// The channel and guild that a reply names, if it does.
    pub(crate) reply_place: (Option<Id>, Option<Id>),
    /// Stickers that were asked for.
    pub(crate) stickers: usize,
}

impl Draft {
    /// Plain text.
    pub(crate) fn text(content: impl Into<String>) -> Self {
        Self {
            content: Some(content.into()),
            ..Self::default()
        }
    }

    /// Reads a body that has passed its shape.
    pub(crate) fn from_body(body: &Value, uploads: Vec<Upload>) -> Self {
        let list = |key: &str| match body.get(key) {
            Some(Value::Array(items)) => Some(items.clone()),
            Some(Value::Null) => Some(Vec::new()),
            _ => None,
        };
        let reference = body.get("message_reference").filter(|r| r.is_object());
        let in_reference = |key: &str| reference.and_then(|r| r.get(key)).and_then(id_of);
        let forwards = reference.and_then(|r| r.get("type")).and_then(Value::as_u64) == Some(FORWARD);
        Self {
            content: match body.get("content") {
                Some(Value::String(text)) => Some(text.clone()),
                Some(Value::Null) => Some(String::new()),
                _ => None,
            },
            embeds: list("embeds"),
            components: list("components"),
            flags: body.get("flags").and_then(Value::as_u64),
            tts: body.get("tts").and_then(Value::as_bool).unwrap_or(false),
            nonce: body.get("nonce").filter(|n| !n.is_null()).cloned(),
            enforce_nonce: body
                .get("enforce_nonce")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            reply_to: in_reference("message_id").filter(|_| !forwards),
            reply_place: (in_reference("channel_id"), in_reference("guild_id")),
            forward: in_reference("message_id")
                .filter(|_| forwards)
                .map(|message| (in_reference("channel_id").unwrap_or_default(), message)),
            stickers: body
                .get("sticker_ids")
                .and_then(Value::as_array)
                .map_or(0, Vec::len),
            reply_must_exist: reference
                .and_then(|r| r.get("fail_if_not_exists"))
                .and_then(Value::as_bool)
                .unwrap_or(true),
            allowed: body
                .get("allowed_mentions")
                .filter(|a| a.is_object())
                .map(allowed_mentions),
            uploads,
            attachments: match body.get("attachments") {
                Some(Value::Array(items)) => Some(items.clone()),
                _ => None,
            },
            poll: body.get("poll").filter(|p| p.is_object()).cloned(),
        }
    }

    /// True if there would be nothing to see.
    pub(crate) fn is_empty(&self) -> bool {
        self.content.as_ref().is_none_or(|c| c.trim().is_empty())
            && self.embeds.as_ref().is_none_or(|e| e.iter().all(embed_is_empty))
            && self.components.as_ref().is_none_or(Vec::is_empty)
            && self.uploads.is_empty()
            && self.poll.is_none()
            && self.forward.is_none()
    }
}

fn embed_is_empty(embed: &Value) -> bool {
    let Value::Object(map) = embed else { return true };
    !map.iter().any(|(key, value)| {
        !matches!(key.as_str(), "type" | "color" | "flags")
            && match value {
                Value::Null => false,
                Value::String(text) => !text.is_empty(),
                Value::Array(list) => !list.is_empty(),
                _ => true,
            }
    })
}

/// An id from JSON text or number.
pub(crate) fn id_of(value: &Value) -> Option<Id> {
    crate::rest::validate::as_unsigned(value).map(Id::new)
}

fn allowed_mentions(value: &Value) -> AllowedMentions {
    let parse = value
        .get("parse")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let parses = |what: &str| parse.iter().any(|p| p.as_str() == Some(what));
    let ids = |key: &str| -> Vec<Id> {
        value
            .get(key)
            .and_then(Value::as_array)
            .map(|l| l.iter().filter_map(id_of).collect())
            .unwrap_or_default()
    };
    AllowedMentions {
        everyone: parses("everyone"),
        all_users: parses("users"),
        all_roles: parses("roles"),
        users: ids("users"),
        roles: ids("roles"),
        replied_user: value
            .get("replied_user")
            .and_then(Value::as_bool)
            .unwrap_or(false),
    }
}

impl World {
    /// Keeps the draft's files and gives their attachments; checks that metadata and files belong together.
    pub(crate) fn store_uploads(&mut self, draft: &mut Draft) -> ApiResult<Vec<Attachment>> {
        let uploads = std::mem::take(&mut draft.uploads);
        let mut stored = Vec::with_capacity(uploads.len());
        for (at, upload) in uploads.into_iter().enumerate() {
            let number = upload
                .field
                .strip_prefix("files[")
                .and_then(|rest| rest.strip_suffix(']'))
                .and_then(|n| n.parse::<u64>().ok())
                .unwrap_or(at as u64);
            let about = draft.attachments.as_ref().and_then(|list| {
                list.iter()
                    .find(|a| a.get("id").and_then(id_of) == Some(Id::new(number)))
            });
            if draft.attachments.is_some() && about.is_none() && upload.field.starts_with("files[") {
                return Err(ApiError::field(
                    "attachments",
                    "ATTACHMENT_NOT_FOUND",
                    format!("No attachment metadata for files[{number}]"),
                ));
            }
            let text = |key: &str| {
                about
                    .and_then(|a| a.get(key))
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            };
            let id = self.new_id();
            stored.push(Attachment {
                id,
                filename: clean_filename(&text("filename").unwrap_or(upload.filename)),
                content_type: upload.content_type,
                description: text("description"),
                size: upload.content.len(),
                dimensions: png_dimensions(&upload.content),
            });
            self.keep_file(id, upload.content);
        }
        Ok(stored)
    }
}

/// Discord replaces spaces and drops what does not belong in a file name.
fn clean_filename(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| if c.is_whitespace() { '_' } else { c })
        .filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
        .take(260)
        .collect();
    if clean.trim_matches('.').is_empty() {
        "unknown".to_owned()
    } else {
        clean
    }
}

/// Width and height from a PNG's header.
fn png_dimensions(content: &[u8]) -> Option<(u32, u32)> {
    let header = content.get(..24)?;
    if !header.starts_with(b"\x89PNG\r\n\x1a\n") {
        return None;
    }
    let number = |at: usize| {
        header
            .get(at..at + 4)
            .and_then(|b| b.try_into().ok())
            .map(u32::from_be_bytes)
    };
    Some((number(16)?, number(20)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_embed_with_only_a_colour_is_nothing_to_see() {
        let draft = Draft::from_body(&json!({ "embeds": [{ "color": 1 }] }), Vec::new());
        assert!(draft.is_empty());
    }

    #[test]
    fn a_file_name_cannot_leave_its_folder() {
        assert_eq!(clean_filename("../../etc/pass wd"), "....etcpass_wd");
    }
}
