//! Which events a session is subscribed to, and when message content is withheld
//! (<https://discord.com/developers/docs/events/gateway#gateway-intents>).

use serde_json::{Value, json};

use crate::id::Id;
use crate::world::{Event, Scope};

pub(super) const GUILDS: u64 = 1;
pub(super) const GUILD_MEMBERS: u64 = 1 << 1;
const GUILD_MODERATION: u64 = 1 << 2;
const GUILD_EXPRESSIONS: u64 = 1 << 3;
const GUILD_INTEGRATIONS: u64 = 1 << 4;
const GUILD_WEBHOOKS: u64 = 1 << 5;
const GUILD_INVITES: u64 = 1 << 6;
const GUILD_VOICE_STATES: u64 = 1 << 7;
pub(super) const GUILD_PRESENCES: u64 = 1 << 8;
const GUILD_MESSAGES: u64 = 1 << 9;
const GUILD_REACTIONS: u64 = 1 << 10;
const GUILD_TYPING: u64 = 1 << 11;
const DIRECT_MESSAGES: u64 = 1 << 12;
const DIRECT_REACTIONS: u64 = 1 << 13;
const DIRECT_TYPING: u64 = 1 << 14;
const GUILD_POLLS: u64 = 1 << 24;
const DIRECT_POLLS: u64 = 1 << 25;
pub(super) const MESSAGE_CONTENT: u64 = 1 << 15;
/// The highest intent bit that Discord knows (direct message polls), and those in between that it does not.
pub(super) const KNOWN: u64 = 0x1FF_FFFF | 1 << 25;

/// True if an event of this kind reaches a session with these intents.
pub(super) fn subscribed(intents: u64, bot: Id, event: &Event) -> bool {
    let direct = matches!(event.scope, Scope::Channel { guild: None, .. });
    let either = |guild, dm| if direct { dm } else { guild };
    let needed = match event.kind {
        "GUILD_CREATE" | "GUILD_UPDATE" | "GUILD_DELETE" => GUILDS,
        kind if kind.starts_with("GUILD_ROLE_") => GUILDS,
        "CHANNEL_PINS_UPDATE" => either(GUILDS, DIRECT_MESSAGES),
        kind if kind.starts_with("CHANNEL_") => GUILDS,
        "THREAD_MEMBERS_UPDATE" => GUILDS,
        kind if kind.starts_with("THREAD_") => GUILDS,
        "GUILD_MEMBER_UPDATE" if event.body.pointer("/user/id") == Some(&json!(bot)) => 0,
        kind if kind.starts_with("GUILD_MEMBER_") => GUILD_MEMBERS,
        "GUILD_AUDIT_LOG_ENTRY_CREATE" | "GUILD_BAN_ADD" | "GUILD_BAN_REMOVE" => GUILD_MODERATION,
        "GUILD_EMOJIS_UPDATE" | "GUILD_STICKERS_UPDATE" => GUILD_EXPRESSIONS,
        kind if kind.starts_with("INTEGRATION_") => GUILD_INTEGRATIONS,
        "WEBHOOKS_UPDATE" => GUILD_WEBHOOKS,
        kind if kind.starts_with("INVITE_") => GUILD_INVITES,
        "VOICE_STATE_UPDATE" => GUILD_VOICE_STATES,
        "PRESENCE_UPDATE" => GUILD_PRESENCES,
        kind if kind.starts_with("MESSAGE_REACTION_") => either(GUILD_REACTIONS, DIRECT_REACTIONS),
        kind if kind.starts_with("MESSAGE_POLL_VOTE_") => either(GUILD_POLLS, DIRECT_POLLS),
        kind if kind.starts_with("MESSAGE_") => either(GUILD_MESSAGES, DIRECT_MESSAGES),
        "TYPING_START" => either(GUILD_TYPING, DIRECT_TYPING),
        _ => 0,
    };
    intents & needed == needed
}

/// True if the event is a message whose content the session may not read: without the intent, only direct
/// messages, own messages and mentions of the bot show it.
pub(super) fn withholds_content(intents: u64, bot: Id, event: &Event) -> bool {
    if intents & MESSAGE_CONTENT != 0 || !matches!(event.kind, "MESSAGE_CREATE" | "MESSAGE_UPDATE") {
        return false;
    }
    let direct = matches!(event.scope, Scope::Channel { guild: None, .. });
    let bot = json!(bot);
    let own = event.body.pointer("/author/id") == Some(&bot);
    let mentioned = event
        .body
        .get("mentions")
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(|m| m.get("id") == Some(&bot)));
    !(direct || own || mentioned)
}

/// The message with its content taken out.
pub(super) fn without_content(body: &Value) -> Value {
    let mut body = body.clone();
    if let Value::Object(map) = &mut body {
        map.insert("content".to_owned(), json!(""));
        for list in ["embeds", "attachments", "components"] {
            map.insert(list.to_owned(), json!([]));
        }
        map.remove("poll");
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(guild: Option<Id>, author: u64, mentions: Value) -> Event {
        Event {
            kind: "MESSAGE_CREATE",
            scope: Scope::Channel {
                guild,
                channel: Id::new(3),
            },
            body: json!({ "content": "x", "author": { "id": author.to_string() }, "mentions": mentions }),
        }
    }

    #[test]
    fn guild_and_direct_messages_have_intents_of_their_own() {
        let (bot, guild) = (Id::new(1), Some(Id::new(2)));
        assert!(subscribed(GUILD_MESSAGES, bot, &message(guild, 5, json!([]))));
        assert!(!subscribed(GUILD_MESSAGES, bot, &message(None, 5, json!([]))));
        assert!(subscribed(DIRECT_MESSAGES, bot, &message(None, 5, json!([]))));
    }

    #[test]
    fn content_is_withheld_unless_it_is_meant_for_the_bot() {
        let (bot, guild) = (Id::new(1), Some(Id::new(2)));
        assert!(withholds_content(
            GUILD_MESSAGES,
            bot,
            &message(guild, 5, json!([]))
        ));
        assert!(!withholds_content(
            GUILD_MESSAGES,
            bot,
            &message(guild, 1, json!([]))
        ));
        assert!(!withholds_content(
            GUILD_MESSAGES,
            bot,
            &message(guild, 5, json!([{ "id": "1" }]))
        ));
        assert!(!withholds_content(
            GUILD_MESSAGES,
            bot,
            &message(None, 5, json!([]))
        ));
        assert!(!withholds_content(
            MESSAGE_CONTENT,
            bot,
            &message(guild, 5, json!([]))
        ));
    }
}
