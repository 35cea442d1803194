//! How Discord writes guilds, their emojis and presences in JSON.

use serde_json::{Value, json};

use crate::clock::iso;
use crate::id::Id;

use super::World;
use super::json::{channel, extend, member, role, user};
use super::model::{Channel, Emoji, Guild, Member};
use super::voice::voice_json;

/// A custom emoji.
pub(crate) fn emoji(of: &Emoji) -> Value {
    json!({ "id": of.id, "name": of.name, "roles": of.roles, "require_colons": true, "managed": false,
        "animated": of.animated, "available": true })
}

/// A guild as REST gives it.
pub(crate) fn guild(of: &Guild) -> Value {
    let mut value = json!({
        "id": of.id, "name": of.name, "icon": of.icon, "description": of.description, "splash": null,
        "discovery_splash": null, "features": ["COMMUNITY"], "banner": null, "owner_id": of.owner_id,
        "application_id": null, "region": "deprecated", "system_channel_id": of.system_channel,
        "mfa_level": 0, "max_presences": null, "max_members": 500_000,
        "max_video_channel_users": 25, "max_stage_video_channel_users": 50, "vanity_url_code": null,
        "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": of.locale,
        "rules_channel_id": of.rules_channel, "nsfw": false, "nsfw_level": 0, "home_header": null,
        "incidents_data": null, "emojis": of.emojis.iter().map(emoji).collect::<Vec<_>>(),
        "stickers": [], "roles": of.roles.values().map(role).collect::<Vec<_>>(),
    });
    extend(&mut value, of.settings.json());
    value
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

/// A presence.
pub(crate) fn presence(guild: Id, of: &Member) -> Value {
    let client = if of.status == "offline" {
        json!({})
    } else {
        json!({ "desktop": of.status })
    };
    json!({ "user": { "id": of.user_id }, "guild_id": guild, "status": of.status, "activities": [],
        "client_status": client })
}

/// An emoji with who uploaded it, for those who manage them.
pub(crate) fn managed_emoji(world: &World, of: &Emoji) -> Value {
    let mut value = emoji(of);
    if let Some(account) = of.user.and_then(|id| world.users.get(&id)) {
        extend(&mut value, json!({ "user": user(account) }));
    }
    value
}

/// A guild as those see it who look before joining.
pub(crate) fn preview(of: &Guild) -> Value {
    json!({
        "id": of.id, "name": of.name, "icon": of.icon, "description": of.description, "home_header": null,
        "splash": null, "discovery_splash": null, "features": ["COMMUNITY"],
        "approximate_member_count": of.members.len(), "approximate_presence_count": online(of).count(),
        "emojis": of.emojis.iter().map(emoji).collect::<Vec<_>>(), "stickers": [],
    })
}

/// Members that are not offline.
pub(crate) fn online(of: &Guild) -> impl Iterator<Item = &Member> {
    of.members.values().filter(|m| m.status != "offline")
}

/// What the widget of a guild tells anybody: the channels that everybody sees and who is there
/// (<https://discord.com/developers/docs/resources/guild#guild-widget-object>).
pub(crate) fn widget(world: &World, of: &Guild, invite: Option<String>) -> Value {
    /// Members that a widget names.
    const MOST_SHOWN: usize = 100;
    let everyone = Member {
        user_id: Id::default(),
        nick: None,
        roles: Vec::new(),
        joined_at: 0,
        timed_out_until: None,
        pending: false,
        status: "offline",
        mute: false,
        deaf: false,
    };
    let sees = |c: &&Channel| {
        use super::permissions::{Permissions, in_channel};
        in_channel(of, c, &everyone, world.now()).has(Permissions::VIEW_CHANNEL | Permissions::CONNECT)
    };
    let mut channels: Vec<&Channel> = of
        .channels
        .iter()
        .filter_map(|id| world.channels.get(id))
        .filter(|c| c.kind == super::model::kind::VOICE)
        .filter(sees)
        .collect();
    channels.sort_by_key(|c| (c.position, c.id));
    let members: Vec<Value> = online(of)
        .take(MOST_SHOWN)
        .enumerate()
        .filter_map(|(number, m)| {
            let account = world.users.get(&m.user_id)?;
            // Widgets tell places in a list, not ids.
            Some(json!({
                "id": number.to_string(), "discriminator": "0000", "avatar": null, "status": m.status,
                "username": m.nick.as_deref().unwrap_or_else(|| account.display_name()),
                "avatar_url": format!("{}/widget-avatars/{}/{number}.png", world.base_url, of.id),
            }))
        })
        .collect();
    json!({
        "id": of.id, "name": of.name, "instant_invite": invite, "members": members,
        "presence_count": online(of).count(),
        "channels": channels.iter().map(|c| json!({ "id": c.id, "name": c.name, "position": c.position })).collect::<Vec<_>>(),
    })
}
