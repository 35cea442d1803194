//! How Discord writes users, guilds, roles, members, channels and commands in JSON.

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::id::Id;

use super::World;
use super::model::{
    Application, AuditEntry, Channel, Command, Emoji, Guild, Member, Overwrite, OverwriteKind, Role, User,
    Webhook, kind,
};
use super::permissions::Permissions;
use super::voice::voice_json;

/// Application flags of the intents that are switched on (limited form, as for apps in under 100 guilds).
const FLAG_PRESENCE: u64 = 1 << 13;
const FLAG_MEMBERS: u64 = 1 << 15;
const FLAG_CONTENT: u64 = 1 << 19;

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
        "flags": 0, "last_message_id": of.last_message_id, "rate_limit_per_user": of.slowmode,
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
                "total_message_sent": thread.message_count, "applied_tags": thread.applied_tags,
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
                "available_tags": of.tags, "default_reaction_emoji": null, "default_sort_order": null,
                "default_forum_layout": 0,
            }),
        ),
        _ => {}
    }
    value
}

/// A thread member.
pub(crate) fn thread_member(thread: Id, user: Id, joined: i64) -> Value {
    json!({ "id": thread, "user_id": user, "join_timestamp": iso(joined), "flags": 0 })
}

/// A custom emoji.
pub(crate) fn emoji(of: &Emoji) -> Value {
    json!({ "id": of.id, "name": of.name, "roles": [], "require_colons": true, "managed": false,
        "animated": of.animated, "available": true })
}

/// A guild as REST gives it.
pub(crate) fn guild(of: &Guild) -> Value {
    json!({
        "id": of.id, "name": of.name, "icon": of.icon, "description": of.description, "splash": null,
        "discovery_splash": null, "features": ["COMMUNITY"], "banner": null, "owner_id": of.owner_id,
        "application_id": null, "region": "deprecated", "afk_channel_id": null, "afk_timeout": 300,
        "system_channel_id": of.system_channel, "system_channel_flags": 0, "widget_enabled": false,
        "widget_channel_id": null, "verification_level": 1, "default_message_notifications": 1,
        "mfa_level": 0, "explicit_content_filter": 2, "max_presences": null, "max_members": 500_000,
        "max_video_channel_users": 25, "max_stage_video_channel_users": 50, "vanity_url_code": null,
        "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": of.locale,
        "rules_channel_id": of.rules_channel, "safety_alerts_channel_id": null,
        "public_updates_channel_id": null, "premium_progress_bar_enabled": false, "nsfw": false,
        "nsfw_level": 0, "home_header": null, "incidents_data": null, "emojis": of.emojis.iter().map(emoji).collect::<Vec<_>>(),
        "stickers": [], "roles": of.roles.values().map(role).collect::<Vec<_>>(),
    })
}

/// Guilds with more members than this send only part of them in `GUILD_CREATE`, as Discord's
/// `large_threshold` default does (<https://discord.com/developers/docs/events/gateway-events#identify>).
pub(crate) const DEFAULT_LARGE_THRESHOLD: usize = 50;

/// A guild as the gateway gives it to the bot `viewer`.
pub(crate) fn guild_create(
    world: &World,
    of: &Guild,
    viewer: Id,
    all_members: bool,
    threshold: usize,
) -> Value {
    let large = of.members.len() > threshold;
    let members: Vec<Value> = of
        .members
        .values()
        .filter(|m| m.user_id == viewer || of.voice.contains_key(&m.user_id) || (all_members && !large))
        .map(|m| member(world, m))
        .collect();
    let (threads, channels): (Vec<&Channel>, Vec<&Channel>) = of
        .channels
        .iter()
        .filter_map(|id| world.channels.get(id))
        .partition(|c| c.is_thread());
    let threads = threads
        .into_iter()
        .filter(|c| world.sees(viewer, c) && c.thread.as_ref().is_some_and(|t| !t.archived));
    let voice: Vec<Value> = of
        .voice
        .iter()
        .map(|(user, state)| voice_json(of, *user, state))
        .collect();
    let mut value = guild(of);
    extend(
        &mut value,
        json!({
            "joined_at": of.members.get(&viewer).map(|m| iso(m.joined_at)), "large": large,
            "unavailable": false, "member_count": of.members.len(), "voice_states": voice, "members": members,
            "channels": channels.into_iter().map(|c| channel(world, c)).collect::<Vec<_>>(),
            "threads": threads.map(|c| channel(world, c)).collect::<Vec<_>>(),
            "presences": [], "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
            "version": 1,
        }),
    );
    value
}

/// The application's flags that tell which privileged intents are on.
pub(crate) fn application_flags(of: &Application) -> u64 {
    let intents = of.intents;
    [
        (intents.presences, FLAG_PRESENCE),
        (intents.members, FLAG_MEMBERS),
        (intents.message_content, FLAG_CONTENT),
    ]
    .into_iter()
    .filter_map(|(on, flag)| on.then_some(flag))
    .sum()
}

/// An application as its own bot sees it.
pub(crate) fn application(world: &World, of: &Application) -> Value {
    json!({
        "id": of.id, "name": of.name, "icon": null, "description": of.description, "summary": "",
        "type": null, "bot": world.users.get(&of.bot_id).map(user), "bot_public": true,
        "bot_require_code_grant": false, "verify_key": "0".repeat(64), "flags": application_flags(of),
        "owner": world.users.get(&of.owner_id).map(user), "team": null, "redirect_uris": of.redirect_uris,
        "interactions_endpoint_url": null, "approximate_guild_count":
            world.guilds.values().filter(|g| g.members.contains_key(&of.bot_id)).count(),
        "flags_new": application_flags(of).to_string(), "role_connections_verification_url": null,
            "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
        "eligible_oauth2_scopes": ["identify", "guilds", "guilds.members.read", "guilds.join", "bot", "applications.commands"], "explicit_content_filter": 0,
        "integration_types_config": { "0": {}, "1": {} }, "tags": [],
    })
}

/// A command as Discord gives it back.
pub(crate) fn command(application: Id, of: &Command, with_localizations: bool) -> Value {
    let mut value = of.body.clone();
    if !with_localizations {
        strip_localizations(&mut value);
    }
    extend(
        &mut value,
        json!({
            "id": of.id, "application_id": application, "version": of.version, "type": of.kind, "name": of.name,
        }),
    );
    if let Some(guild) = of.guild_id {
        extend(&mut value, json!({ "guild_id": guild }));
    }
    value
}

fn strip_localizations(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("name_localizations");
            map.remove("description_localizations");
            map.values_mut().for_each(strip_localizations);
        }
        Value::Array(list) => list.iter_mut().for_each(strip_localizations),
        _ => {}
    }
}

/// A webhook; `with_token` for those who may manage it.
pub(crate) fn webhook(world: &World, of: &Webhook, with_token: bool) -> Value {
    let mut value = json!({
        "id": of.id, "type": 1, "guild_id": of.guild_id, "channel_id": of.channel_id, "name": of.name,
        "avatar": of.avatar, "application_id": of.application_id,
        "user": world.users.get(&of.user_id).map(user),
    });
    if with_token {
        extend(
            &mut value,
            json!({
                "token": of.token, "url": format!("{}/api/webhooks/{}/{}", world.base_url, of.id, of.token),
            }),
        );
    }
    value
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
