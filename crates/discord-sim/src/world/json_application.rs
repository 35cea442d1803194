//! How Discord writes applications, their commands and webhooks in JSON.

use serde_json::{Value, json};

use crate::id::Id;

use super::World;
use super::json::{extend, user};
use super::model::{Application, Command, CommandPermission, Webhook};

/// Application flags of the intents that are switched on (limited form, as for apps in under 100 guilds).
const FLAG_PRESENCE: u64 = 1 << 13;
const FLAG_MEMBERS: u64 = 1 << 15;
const FLAG_CONTENT: u64 = 1 << 19;

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
    let mut value = json!({
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
    });
    extend(&mut value, Value::Object(of.about.clone()));
    value
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
        "id": of.id, "type": if of.source.is_some() { 2 } else { 1 }, "guild_id": of.guild_id, "channel_id": of.channel_id, "name": of.name,
        "avatar": of.avatar, "application_id": of.application_id,
        "user": world.users.get(&of.user_id).map(user),
    });
    if let Some((guild, channel)) = of.source {
        let name = world
            .guilds
            .get(&guild)
            .map(|g| (g.name.as_str(), g.icon.as_deref()));
        let (name, icon) = name.unwrap_or_default();
        let channel_name = world.channels.get(&channel).map_or("", |c| c.name.as_str());
        extend(
            &mut value,
            json!({
                "source_guild": { "id": guild, "name": name, "icon": icon },
                "source_channel": { "id": channel, "name": channel_name },
            }),
        );
    } else if with_token {
        extend(
            &mut value,
            json!({
                "token": of.token, "url": format!("{}/api/webhooks/{}/{}", world.base_url, of.id, of.token),
            }),
        );
    }
    value
}

/// Who may use a command (or all commands of the application) in a guild.
pub(crate) fn command_permissions(
    application: Id,
    guild: Id,
    command: Id,
    list: &[CommandPermission],
) -> Value {
    let list: Vec<Value> = list
        .iter()
        .map(|p| json!({ "id": p.id, "type": p.kind, "permission": p.permission }))
        .collect();
    json!({ "id": command, "application_id": application, "guild_id": guild, "permissions": list })
}
