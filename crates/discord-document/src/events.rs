//! Gateway events: the document does not describe them, but most of the objects in them.

use serde_json::Value;

use crate::document::Document;

/// Where an object stands in an event and which schema of the document it fits; `*` stands for each item of a list.
struct Part {
    event: &'static str,
    place: &'static [&'static str],
    /// A channel is one of several, told by its type; see [`schema_of`].
    schema: &'static str,
}

const fn part(event: &'static str, place: &'static [&'static str], schema: &'static str) -> Part {
    Part { event, place, schema }
}

/// Any kind of channel.
const CHANNEL: &str = "channel";

const PARTS: &[Part] = &[
    part("READY", &["user"], "UserResponse"),
    part("GUILD_CREATE", &["channels", "*"], CHANNEL),
    part("GUILD_CREATE", &["threads", "*"], CHANNEL),
    part("GUILD_CREATE", &["members", "*"], "GuildMemberResponse"),
    part("GUILD_CREATE", &["roles", "*"], "GuildRoleResponse"),
    part("GUILD_CREATE", &["emojis", "*"], "EmojiResponse"),
    part("GUILD_CREATE", &[], "GuildResponse"),
    part("GUILD_UPDATE", &[], "GuildResponse"),
    part("GUILD_MEMBERS_CHUNK", &["members", "*"], "GuildMemberResponse"),
    part("GUILD_MEMBER_ADD", &[], "GuildMemberResponse"),
    part("GUILD_MEMBER_REMOVE", &["user"], "UserResponse"),
    part("GUILD_MEMBER_UPDATE", &["user"], "UserResponse"),
    part("GUILD_BAN_ADD", &["user"], "UserResponse"),
    part("GUILD_BAN_REMOVE", &["user"], "UserResponse"),
    part("GUILD_ROLE_CREATE", &["role"], "GuildRoleResponse"),
    part("GUILD_ROLE_UPDATE", &["role"], "GuildRoleResponse"),
    part("GUILD_EMOJIS_UPDATE", &["emojis", "*"], "EmojiResponse"),
    part("CHANNEL_CREATE", &[], CHANNEL),
    part("CHANNEL_UPDATE", &[], CHANNEL),
    part("CHANNEL_DELETE", &[], CHANNEL),
    part("THREAD_CREATE", &[], CHANNEL),
    part("THREAD_UPDATE", &[], CHANNEL),
    part("MESSAGE_CREATE", &[], "MessageResponse"),
    part("MESSAGE_UPDATE", &[], "MessageResponse"),
    part("INTERACTION_CREATE", &["message"], "MessageResponse"),
    part("INTERACTION_CREATE", &["member", "user"], "UserResponse"),
    part("INTERACTION_CREATE", &["member"], "GuildMemberResponse"),
    part("INTERACTION_CREATE", &["user"], "UserResponse"),
    part(
        "INTERACTION_CREATE",
        &["data", "resolved", "users", "*"],
        "UserResponse",
    ),
    part(
        "INTERACTION_CREATE",
        &["data", "resolved", "roles", "*"],
        "GuildRoleResponse",
    ),
    part(
        "INTERACTION_CREATE",
        &["data", "resolved", "messages", "*"],
        "MessageResponse",
    ),
    part(
        "INTERACTION_CREATE",
        &["data", "resolved", "attachments", "*"],
        "MessageAttachmentResponse",
    ),
    part("VOICE_STATE_UPDATE", &["member"], "GuildMemberResponse"),
];

/// What is wrong with an event.
pub(crate) fn faults(document: &Document, name: &str, data: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for part in PARTS.iter().filter(|part| part.event == name) {
        let mut found = Vec::new();
        collect(data, part.place, &mut found);
        for value in found {
            let pointer = format!("/components/schemas/{}", schema_of(part.schema, value));
            let place = part.place.join("/");
            faults.extend(
                document
                    .faults(&pointer, value)
                    .into_iter()
                    .map(|fault| format!("/{place} {fault}")),
            );
        }
    }
    faults
}

fn collect<'v>(value: &'v Value, place: &[&str], into: &mut Vec<&'v Value>) {
    match (place.split_first(), value) {
        (None, _) => into.push(value),
        (Some((&"*", rest)), Value::Array(items)) => items.iter().for_each(|item| collect(item, rest, into)),
        (Some((&"*", rest)), Value::Object(fields)) => {
            fields.values().for_each(|item| collect(item, rest, into))
        }
        (Some((key, rest)), _) => {
            if let Some(inner) = value.get(key) {
                collect(inner, rest, into);
            }
        }
    }
}

fn schema_of(schema: &'static str, value: &Value) -> &'static str {
    if schema != CHANNEL {
        return schema;
    }
    // <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>
    match value.get("type").and_then(Value::as_u64) {
        Some(1) => "PrivateChannelResponse",
        Some(10..=12) => "ThreadResponse",
        _ => "GuildChannelResponse",
    }
}
