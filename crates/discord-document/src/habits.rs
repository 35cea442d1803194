//! What libraries of others send beside what the document asks for. Discord passes over it, so a bot that stands on such
//! a library is not to blame; what it does wrong by itself is.

use serde_json::Value;

/// The least that is taken for an id: 2^54. What was made since spring 2015 has a larger one; sets of permissions are smaller
/// (<https://discord.com/developers/docs/reference#snowflakes>).
const LEAST_ID: u64 = 1 << 54;

/// A fault that is none.
struct Habit {
    /// The operation begins so; empty for all.
    operation: &'static str,
    /// The fault begins so …
    fault: &'static str,
    /// … and ends with one of these.
    at: &'static [&'static str],
}

const UNKNOWN_KEY: &str = "body has an unknown key at ";

const HABITS: &[Habit] = &[
    // Both libraries build all message bodies alike, so keys of new messages stand in edits, callbacks, first posts of
    // threads and executions of webhooks too
    // (<https://discord.com/developers/docs/resources/message#create-message>).
    Habit {
        operation: "",
        fault: UNKNOWN_KEY,
        at: &["/tts", "/enforce_nonce"],
    },
    // discord.py and serenity send embeds as they receive them
    // (<https://discord.com/developers/docs/resources/message#embed-object>).
    Habit {
        operation: "",
        fault: UNKNOWN_KEY,
        at: &["/embeds/*/flags", "/embeds/*/image/proxy_url"],
    },
    // discord.js writes the date twice, once in its own spelling
    // (<https://discord.com/developers/docs/resources/guild#modify-guild-member>).
    Habit {
        operation: "patch /guilds/{guild_id}/members/{user_id}",
        fault: UNKNOWN_KEY,
        at: &["/communicationDisabledUntil"],
    },
    // A thread of a message has the only type that it can have
    // (<https://discord.com/developers/docs/resources/channel#start-thread-from-message>).
    Habit {
        operation: "post /channels/{channel_id}/messages/{message_id}/threads",
        fault: UNKNOWN_KEY,
        at: &["/type"],
    },
    // It once chose between two forms of the body; one is left
    // (<https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel>).
    Habit {
        operation: "post /channels/{channel_id}/threads",
        fault: "the query has an unknown ",
        at: &["\"use_nested_fields\""],
    },
    // discord.py sends what was a query once: a flag as text
    // (<https://discord.com/developers/docs/resources/guild#begin-guild-prune>).
    Habit {
        operation: "post /guilds/{guild_id}/prune",
        fault: "body at /compute_prune_count: \"",
        at: &["is not of types \"null\", \"boolean\""],
    },
    // The id stands in the path already
    // (<https://discord.com/developers/docs/resources/channel#edit-channel-permissions>).
    Habit {
        operation: "put /channels/{channel_id}/permissions/{overwrite_id}",
        fault: UNKNOWN_KEY,
        at: &["/id"],
    },
    // Documented, but absent from the document
    // (<https://discord.com/developers/docs/interactions/application-commands#bulk-overwrite-global-application-commands>).
    Habit {
        operation: "put /applications/{application_id}/commands",
        fault: UNKNOWN_KEY,
        at: &["/*/nsfw"],
    },
    // serenity has one type for all options, so each is sent with what only others have
    // (<https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-structure>).
    Habit {
        operation: "put /applications/{application_id}/commands",
        fault: "body has an unknown key at /*/options/*/",
        at: &[
            "autocomplete",
            "channel_types",
            "choices",
            "max_length",
            "max_value",
            "min_length",
            "min_value",
            "options",
        ],
    },
    // discord.py and serenity ban with a query and without a body
    // (<https://discord.com/developers/docs/resources/guild#create-guild-ban>).
    Habit {
        operation: "put /guilds/{guild_id}/bans/{user_id}",
        fault: "the query has an unknown ",
        at: &["\"delete_message_seconds\""],
    },
    Habit {
        operation: "put /guilds/{guild_id}/bans/{user_id}",
        fault: "needs a body",
        at: &[""],
    },
    Habit {
        operation: "put /guilds/{guild_id}/bans/{user_id}",
        fault: "does not take ",
        at: &["\"application/octet-stream\""],
    },
];

/// True for a fault that libraries make and Discord passes over.
pub(crate) fn passes(operation: &str, fault: &str) -> bool {
    HABITS.iter().any(|habit| {
        operation.starts_with(habit.operation)
            && fault
                .strip_prefix(habit.fault)
                .is_some_and(|rest| habit.at.iter().any(|at| rest.ends_with(at)))
    })
}

/// A body with its ids as text: discord.py sends numbers, which Discord reads alike
/// (<https://discord.com/developers/docs/reference#id-serialization>).
pub(crate) fn with_ids_as_text(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_u64().filter(|id| *id >= LEAST_ID) {
            Some(id) => Value::String(id.to_string()),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(with_ids_as_text).collect(),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, inner)| (key.clone(), with_ids_as_text(inner)));
            Value::Object(fields.collect())
        }
        _ => value.clone(),
    }
}
