//! How Discord writes users, roles, members and channels in JSON.

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::id::Id;

use super::World;
use super::forum::ForumTag;
use super::model::{AuditEntry, Channel, Member, Overwrite, OverwriteKind, Role, User, kind};
use super::permissions::Permissions;

pub(crate) use super::json_application::{application, application_flags, command, webhook};
pub(crate) use super::json_guild::{DEFAULT_LARGE_THRESHOLD, guild, guild_create, presence};

/// A user as others see it.
pub(crate) fn user(user: &User) -> Value {
    json!({
        "id": user.id, "username": user.name, "global_name": user.global_name, "avatar": user.avatar,
        "discriminator": if user.bot { "0001" } else { "0" },
        "bot": user.bot, "public_flags": 0, "flags": 0, "primary_guild": null, "avatar_decoration_data": null,
        "banner": null, "accent_color": null,
    })
}

/// The user itself, as it sees itself.
pub(crate) fn own_user(of: &User) -> Value {
    let mut value = user(of);
    extend(
        &mut value,
        json!({
            "mfa_enabled": true, "locale": of.locale, "verified": true, "email": null, "flags": 0,
            "premium_type": 0,
        }),
    );
    value
}

/// A permission set: a string, since JavaScript's numbers end at 53 bits.
pub(crate) fn permission_text(set: Permissions) -> Value {
    Value::String(set.0.to_string())
}

/// A role.
pub(crate) fn role(role: &Role) -> Value {
    let mut value = json!({
        "id": role.id, "name": role.name, "description": null, "color": role.color,
        "colors": { "primary_color": role.color, "secondary_color": null, "tertiary_color": null },
        "hoist": role.hoist, "icon": null, "unicode_emoji": null, "position": role.position,
        "permissions": permission_text(role.permissions), "managed": role.managed,
        "mentionable": role.mentionable, "flags": 0,
    });
    if let Some(bot) = role.bot_id {
        extend(&mut value, json!({ "tags": { "bot_id": bot } }));
    }
    value
}

/// A member without its user, as it stands on a message.
pub(crate) fn partial_member(member: &Member) -> Value {
    json!({
        "nick": member.nick, "avatar": null, "banner": null, "roles": member.roles,
        "joined_at": iso(member.joined_at), "premium_since": null, "deaf": member.deaf, "mute": member.mute,
        "flags": 0, "pending": member.pending,
        "communication_disabled_until": member.timed_out_until.map(iso),
    })
}

/// A member with its user.
pub(crate) fn member(world: &World, of: &Member) -> Value {
    let mut value = partial_member(of);
    if let Some(account) = world.users.get(&of.user_id) {
        extend(&mut value, json!({ "user": user(account) }));
    }
    value
}

/// An overwrite.
pub(crate) fn overwrite(of: &Overwrite) -> Value {
    json!({
        "id": of.id, "type": if of.kind == OverwriteKind::Role { 0 } else { 1 },
        "allow": permission_text(of.allow), "deny": permission_text(of.deny),
    })
}

/// A channel, thread or direct message.
pub(crate) fn channel(world: &World, of: &Channel) -> Value {
    if of.kind == kind::DM {
        return json!({ "id": of.id, "type": of.kind, "last_message_id": of.last_message_id, "flags": 0,
            "recipients": of.recipients.iter().filter_map(|id| world.users.get(id)).map(user).collect::<Vec<_>>() });
    }
    let mut value = json!({
        "id": of.id, "type": of.kind, "guild_id": of.guild_id, "name": of.name, "parent_id": of.parent_id,
        "flags": of.flags, "last_message_id": of.last_message_id, "rate_limit_per_user": of.slowmode,
        "last_pin_timestamp": of.last_pin.map(iso),
    });
    if let Some(thread) = &of.thread {
        let mut metadata = json!({
            "archived": thread.archived, "auto_archive_duration": thread.auto_archive,
            "archive_timestamp": iso(thread.archived_at), "locked": thread.locked,
            "create_timestamp": iso(of.id.made_at()),
        });
        if of.kind == kind::PRIVATE_THREAD {
            extend(&mut metadata, json!({ "invitable": thread.invitable }));
        }
        extend(
            &mut value,
            json!({
                "owner_id": of.owner_id, "thread_metadata": metadata,
                "member_count": thread.members.len().min(50), "message_count": thread.message_count,
                "total_message_sent": thread.total_sent, "applied_tags": thread.applied_tags,
            }),
        );
        return value;
    }
    extend(
        &mut value,
        json!({
            "topic": of.topic, "position": of.position, "nsfw": of.nsfw,
            "permission_overwrites": of.overwrites.iter().map(overwrite).collect::<Vec<_>>(),
        }),
    );
    match of.kind {
        kind::VOICE | kind::STAGE => extend(
            &mut value,
            json!({
                "bitrate": of.bitrate, "user_limit": of.user_limit, "rtc_region": null,
            }),
        ),
        kind::FORUM => extend(
            &mut value,
            json!({
                "available_tags": of.tags.iter().map(ForumTag::json).collect::<Vec<_>>(),
                "default_reaction_emoji": of.defaults.reaction, "default_sort_order": of.defaults.sort_order,
                "default_forum_layout": of.defaults.layout,
            }),
        ),
        _ => {}
    }
    if of.defaults.slowmode > 0 {
        extend(
            &mut value,
            json!({ "default_thread_rate_limit_per_user": of.defaults.slowmode }),
        );
    }
    if let Some(minutes) = of.defaults.auto_archive {
        extend(&mut value, json!({ "default_auto_archive_duration": minutes }));
    }
    value
}

/// A thread member.
pub(crate) fn thread_member(thread: Id, user: Id, joined: i64) -> Value {
    json!({ "id": thread, "user_id": user, "join_timestamp": iso(joined), "flags": 0 })
}

/// A line of the audit log.
pub(crate) fn audit_entry(guild: Id, of: &AuditEntry) -> Value {
    let mut value = json!({
        "id": of.id, "guild_id": guild, "action_type": of.action, "user_id": of.user,
        "target_id": of.target, "changes": of.changes,
    });
    if let Some(options) = &of.options {
        extend(&mut value, json!({ "options": options }));
    }
    if let Some(reason) = &of.reason {
        extend(&mut value, json!({ "reason": reason }));
    }
    value
}

/// Adds the keys of `more` to the object `value`.
pub(crate) fn extend(value: &mut Value, more: Value) {
    if let (Value::Object(map), Value::Object(more)) = (value, more) {
        map.extend(more);
    }
}

/// The object inside `value`, or an empty one.
pub(crate) fn into_object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
