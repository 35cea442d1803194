//! The shapes of message bodies (<https://discord.com/developers/docs/resources/message>).

use serde_json::Value;

use crate::error::{ApiResult, Problems};
use crate::world::components;

use super::validate::{Rule, Shape, WEB, WEB_OR_FILE, check, nul, opt, req};

/// Embeds of one message together hold so many characters
/// (<https://discord.com/developers/docs/resources/message#embed-object-embed-limits>).
const EMBED_SUM: usize = 6000;

const EMBED_FIELD: Rule = Rule::Object(&[
    req("name", Rule::Text(1, 256)),
    req("value", Rule::Text(1, 1024)),
    opt("inline", Rule::Flag),
]);

const PICTURE: Shape = &[
    req("url", WEB_OR_FILE),
    opt("proxy_url", Rule::Any),
    opt("height", Rule::Any),
    opt("width", Rule::Any),
    opt("placeholder", Rule::Any),
    opt("placeholder_version", Rule::Any),
    opt("content_type", Rule::Any),
    opt("flags", Rule::Any),
    opt("description", Rule::Any),
];

pub(crate) const EMBED: Shape = &[
    nul("title", Rule::Text(0, 256)),
    opt("type", Rule::Text(0, 32)),
    nul("description", Rule::Text(0, 4096)),
    nul("url", WEB),
    nul("timestamp", Rule::Time),
    nul("color", Rule::Int(0, 0xFF_FF_FF)),
    nul(
        "footer",
        Rule::Object(&[
            req("text", Rule::Text(1, 2048)),
            nul("icon_url", WEB_OR_FILE),
            opt("proxy_icon_url", Rule::Any),
        ]),
    ),
    nul("image", Rule::Object(PICTURE)),
    nul("thumbnail", Rule::Object(PICTURE)),
    nul("video", Rule::Map),
    nul("provider", Rule::Map),
    nul(
        "author",
        Rule::Object(&[
            req("name", Rule::Text(1, 256)),
            nul("url", WEB),
            nul("icon_url", WEB_OR_FILE),
            opt("proxy_icon_url", Rule::Any),
        ]),
    ),
    nul("fields", Rule::List(0, 25, &EMBED_FIELD)),
    opt("flags", Rule::Any),
];

const ALLOWED_MENTIONS: Shape = &[
    nul("parse", Rule::List(0, 3, &Rule::Text(1, 32))),
    nul("users", Rule::List(0, 100, &Rule::Snowflake)),
    nul("roles", Rule::List(0, 100, &Rule::Snowflake)),
    nul("replied_user", Rule::Flag),
];

const REFERENCE: Shape = &[
    opt("type", Rule::Choice(&[0, 1])),
    req("message_id", Rule::Snowflake),
    nul("channel_id", Rule::Snowflake),
    nul("guild_id", Rule::Snowflake),
    nul("fail_if_not_exists", Rule::Flag),
    nul("forward_only", Rule::Any),
];

const ATTACHMENT: Rule = Rule::Object(&[
    req("id", Rule::Snowflake),
    nul("filename", Rule::Text(1, 1024)),
    nul("description", Rule::Text(0, 1024)),
    nul("title", Rule::Text(0, 1024)),
    nul("duration_secs", Rule::Number),
    nul("waveform", Rule::Text(0, 400)),
    nul("uploaded_filename", Rule::Text(0, 1024)),
    nul("is_spoiler", Rule::Flag),
    nul("is_remix", Rule::Flag),
    opt("url", Rule::Any),
    opt("proxy_url", Rule::Any),
    opt("size", Rule::Any),
    opt("content_type", Rule::Any),
    opt("height", Rule::Any),
    opt("width", Rule::Any),
    opt("ephemeral", Rule::Any),
    opt("flags", Rule::Any),
    opt("placeholder", Rule::Any),
    opt("placeholder_version", Rule::Any),
]);

const QUESTION: Shape = &[req("text", Rule::Text(1, 300)), nul("emoji", Rule::Any)];

const ANSWER: Shape = &[
    req("text", Rule::Text(1, 55)),
    nul(
        "emoji",
        Rule::Object(&[
            nul("id", Rule::Snowflake),
            nul("name", Rule::Text(0, 100)),
            nul("animated", Rule::Flag),
        ]),
    ),
];

const POLL: Shape = &[
    req("question", Rule::Object(QUESTION)),
    req(
        "answers",
        Rule::List(
            1,
            10,
            &Rule::Object(&[
                opt("answer_id", Rule::Any),
                req("poll_media", Rule::Object(ANSWER)),
            ]),
        ),
    ),
    nul("duration", Rule::Int(1, 768)),
    nul("allow_multiselect", Rule::Flag),
    nul("layout_type", Rule::Choice(&[1])),
    nul("expiry", Rule::Any),
    nul("results", Rule::Any),
];

macro_rules! message_shape {
    ($($more:expr),* $(,)?) => {
        &[
            nul("content", Rule::Text(0, 2000)),
            nul("tts", Rule::Flag),
            nul("embeds", Rule::List(0, 10, &Rule::Object(EMBED))),
            nul("allowed_mentions", Rule::Object(ALLOWED_MENTIONS)),
            nul("components", Rule::Custom(components::check_message)),
            nul("attachments", Rule::List(0, 10, &ATTACHMENT)),
            nul("flags", Rule::Int(0, 1 << 40)),
            nul("poll", Rule::Object(POLL)),
            // Libraries send these two with every message, wherever it goes.
            nul("nonce", Rule::Custom(check_nonce)),
            nul("enforce_nonce", Rule::Flag),
            $($more),*
        ]
    };
}

/// `POST /channels/{channel.id}/messages`.
pub(crate) const MESSAGE_CREATE: Shape = message_shape![
    nul("message_reference", Rule::Object(REFERENCE)),
    nul("sticker_ids", Rule::List(0, 3, &Rule::Snowflake)),
];

/// The first message of a forum post.
pub(crate) const FORUM_MESSAGE: Shape =
    message_shape![nul("sticker_ids", Rule::List(0, 3, &Rule::Snowflake))];

/// `PATCH` of a message, also of `@original` and of follow-ups.
pub(crate) const MESSAGE_EDIT: Shape = message_shape![nul("sticker_ids", Rule::List(0, 3, &Rule::Snowflake))];

/// The `data` of an interaction answer.
pub(crate) const CALLBACK_MESSAGE: Shape = message_shape![];

/// `POST /webhooks/{webhook.id}/{webhook.token}`.
pub(crate) const WEBHOOK_EXECUTE: Shape = message_shape![
    nul("username", Rule::Text(1, 80)),
    nul("avatar_url", WEB),
    nul("thread_name", Rule::Text(1, 100)),
    nul("applied_tags", Rule::List(0, 5, &Rule::Snowflake)),
];

/// The longest nonce.
const LONGEST_NONCE: usize = 25;

fn check_nonce(value: &Value, path: &str, problems: &mut Problems) {
    let length = match value {
        Value::String(text) => text.chars().count(),
        Value::Number(_) => 0,
        _ => usize::MAX,
    };
    if length > LONGEST_NONCE {
        problems.at(
            path,
            "BASE_TYPE_MAX_LENGTH",
            format!("Must be {LONGEST_NONCE} or fewer in length."),
        );
    }
}

/// Checks a message body: its shape, the embeds' sum and that V2 stands alone.
///
/// # Errors
/// 50035 with every fault.
pub(crate) fn check_message(shape: Shape, body: &Value) -> ApiResult<()> {
    check(shape, body)?;
    let mut problems = Problems::default();
    let embeds = body
        .get("embeds")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    if embeds.iter().map(embed_length).sum::<usize>() > EMBED_SUM {
        problems.at(
            "embeds",
            "MAX_EMBED_SIZE_EXCEEDED",
            format!("Embed size exceeds maximum size of {EMBED_SUM}"),
        );
    }
    let flags = body.get("flags").and_then(Value::as_u64).unwrap_or_default();
    components::check_layout(body, flags, &mut problems);
    problems.into_result()
}

/// What counts towards the sum: title, description, field names and values, footer, author.
fn embed_length(embed: &Value) -> usize {
    let text = |pointer: &str| {
        embed
            .pointer(pointer)
            .and_then(Value::as_str)
            .map_or(0, |t| t.chars().count())
    };
    let fields = embed
        .get("fields")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let in_fields: usize = fields
        .iter()
        .flat_map(|f| [f.get("name"), f.get("value")])
        .flatten()
        .filter_map(Value::as_str)
        .map(|t| t.chars().count())
        .sum();
    text("/title") + text("/description") + text("/footer/text") + text("/author/name") + in_fields
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_of_2001_characters_is_too_long() {
        let error = check_message(MESSAGE_CREATE, &json!({ "content": "x".repeat(2001) })).unwrap_err();
        assert_eq!(
            error.errors.unwrap().pointer("/content/_errors/0/message"),
            Some(&json!("Must be 2000 or fewer in length."))
        );
    }

    #[test]
    fn embeds_together_hold_6000_characters() {
        let embed = json!({ "description": "x".repeat(3001) });
        let error = check_message(MESSAGE_CREATE, &json!({ "embeds": [embed, embed] })).unwrap_err();
        assert_eq!(
            error.errors.unwrap().pointer("/embeds/_errors/0/code"),
            Some(&json!("MAX_EMBED_SIZE_EXCEEDED"))
        );
    }

    #[test]
    fn an_embed_holds_25_fields() {
        let fields = vec![json!({ "name": "n", "value": "v" }); 26];
        let error = check_message(MESSAGE_CREATE, &json!({ "embeds": [{ "fields": fields }] })).unwrap_err();
        assert!(
            error
                .errors
                .unwrap()
                .pointer("/embeds/0/fields/_errors/0")
                .is_some()
        );
    }
}
