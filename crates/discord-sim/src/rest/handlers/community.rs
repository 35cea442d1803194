//! What a guild shows to newcomers and outsiders: preview, welcome screen, onboarding, widget; and small lists.

use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, check, nul, opt, req};
use crate::world::json;
use crate::world::json_guild;
use crate::world::permissions::Permissions;

fn inside(call: &Call<'_>) -> ApiResult<(Id, Id)> {
    let (user, guild) = (call.user()?, call.id("guild")?);
    call.world.require_in_guild(guild, user, Permissions::NONE)?;
    Ok((user, guild))
}

/// `GET /guilds/{guild}/preview`
pub(crate) fn preview(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild) = inside(call)?;
    Ok(Reply::Json(json_guild::preview(call.world.guild(guild)?)))
}

/// `GET /guilds/{guild}/roles/member-counts`: without `@everyone`.
pub(crate) fn member_counts(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild) = inside(call)?;
    let state = call.world.guild(guild)?;
    let mut counts: Map<String, Value> = Map::new();
    for id in state.roles.keys().filter(|id| **id != guild) {
        let count = state.members.values().filter(|m| m.roles.contains(id)).count();
        counts.insert(id.to_string(), json!(count));
    }
    Ok(Reply::Json(Value::Object(counts)))
}

/// `GET /guilds/{guild}/vanity-url`: guilds of this world have none.
pub(crate) fn vanity(call: &mut Call<'_>) -> HandlerResult {
    let (user, guild) = inside(call)?;
    call.world
        .require_in_guild(guild, user, Permissions::MANAGE_GUILD)?;
    Ok(Reply::Json(json!({ "code": null, "uses": 0 })))
}

/// `GET /guilds/{guild}/integrations`: the bots.
pub(crate) fn integrations(call: &mut Call<'_>) -> HandlerResult {
    let (user, guild) = inside(call)?;
    call.world
        .require_in_guild(guild, user, Permissions::MANAGE_GUILD)?;
    let members = &call.world.guild(guild)?.members;
    let bots = call.world.applications.values();
    let list: Vec<Value> = bots
        .filter(|a| members.contains_key(&a.bot_id))
        .map(|a| {
            let bot = call.world.users.get(&a.bot_id).map(json::user);
            json!({
                "id": a.id, "type": "discord", "name": a.name, "enabled": true,
                "account": { "id": a.id, "name": a.name }, "scopes": ["bot", "applications.commands"],
                "application": { "id": a.id, "name": a.name, "icon": null, "description": a.description,
                    "summary": "", "type": null, "bot": bot },
            })
        })
        .collect();
    Ok(Reply::Json(Value::Array(list)))
}

/// `GET /guilds/{guild}/welcome-screen`
pub(crate) fn welcome(call: &mut Call<'_>) -> HandlerResult {
    let (user, guild) = inside(call)?;
    Ok(Reply::Json(call.world.welcome_screen(user, guild)?))
}

/// `PATCH /guilds/{guild}/welcome-screen`
pub(crate) fn set_welcome(call: &mut Call<'_>) -> HandlerResult {
    const CHANNEL: Rule = Rule::Object(&[
        req("channel_id", Rule::Snowflake),
        req("description", Rule::Text(1, 50)),
        nul("emoji_id", Rule::Snowflake),
        nul("emoji_name", Rule::Text(0, 100)),
    ]);
    let (user, guild) = inside(call)?;
    check(
        const {
            &[
                nul("enabled", Rule::Flag),
                nul("description", Rule::Text(0, 140)),
                nul("welcome_channels", Rule::List(0, 5, &CHANNEL)),
            ]
        },
        &call.body,
    )?;
    Ok(Reply::Json(
        call.world.set_welcome_screen(user, guild, &call.body)?,
    ))
}

/// `GET /guilds/{guild}/onboarding`
pub(crate) fn onboarding(call: &mut Call<'_>) -> HandlerResult {
    let (_, guild) = inside(call)?;
    Ok(Reply::Json(call.world.onboarding(guild)?))
}

/// `PUT /guilds/{guild}/onboarding`
pub(crate) fn set_onboarding(call: &mut Call<'_>) -> HandlerResult {
    const OPTION: Rule = Rule::Object(&[
        nul("id", Rule::Snowflake),
        req("title", Rule::Text(1, 50)),
        nul("description", Rule::Text(0, 100)),
        nul("emoji_id", Rule::Snowflake),
        nul("emoji_name", Rule::Text(0, 100)),
        nul("emoji_animated", Rule::Flag),
        nul("role_ids", Rule::List(0, 50, &Rule::Snowflake)),
        nul("channel_ids", Rule::List(0, 50, &Rule::Snowflake)),
        nul("emoji", Rule::Map),
    ]);
    const PROMPT: Rule = Rule::Object(&[
        opt("id", Rule::Snowflake),
        req("title", Rule::Text(1, 100)),
        req("options", Rule::List(1, 50, &OPTION)),
        nul("single_select", Rule::Flag),
        nul("required", Rule::Flag),
        nul("in_onboarding", Rule::Flag),
        nul("type", Rule::Choice(&[0, 1])),
    ]);
    let ((user, guild), reason) = (inside(call)?, call.reason());
    check(
        const {
            &[
                nul("prompts", Rule::List(0, 15, &PROMPT)),
                nul("default_channel_ids", Rule::List(0, 500, &Rule::Snowflake)),
                nul("enabled", Rule::Flag),
                nul("mode", Rule::Choice(&[0, 1])),
            ]
        },
        &call.body,
    )?;
    call.world
        .set_onboarding(user, guild, &call.body, reason.as_deref())?;
    onboarding(call)
}

fn settings(call: &Call<'_>, guild: Id) -> HandlerResult {
    let settings = &call.world.guild(guild)?.settings;
    Ok(Reply::Json(
        json!({ "enabled": settings.widget_enabled, "channel_id": settings.widget_channel }),
    ))
}

/// `GET /guilds/{guild}/widget`
pub(crate) fn widget_settings(call: &mut Call<'_>) -> HandlerResult {
    let (user, guild) = inside(call)?;
    call.world
        .require_in_guild(guild, user, Permissions::MANAGE_GUILD)?;
    settings(call, guild)
}

/// `PATCH /guilds/{guild}/widget`
pub(crate) fn set_widget(call: &mut Call<'_>) -> HandlerResult {
    let ((user, guild), reason) = (inside(call)?, call.reason());
    check(
        const { &[nul("enabled", Rule::Flag), nul("channel_id", Rule::Snowflake)] },
        &call.body,
    )?;
    call.world
        .set_widget(user, guild, &call.body, reason.as_deref())?;
    settings(call, guild)
}

/// `GET /guilds/{guild}/widget.json`: for anybody, while it is on.
pub(crate) fn widget(call: &mut Call<'_>) -> HandlerResult {
    let state = call.world.guild(call.id("guild")?)?;
    if !state.settings.widget_enabled {
        return Err(ApiError::new(403, 50004, "Widget Disabled"));
    }
    let leads_there = |i: &&crate::world::invite::Invite| Some(i.channel) == state.settings.widget_channel;
    let invite = call.world.invites.values().find(leads_there);
    let address = invite.map(|i| format!("https://discord.com/invite/{}", i.code));
    Ok(Reply::Json(json_guild::widget(call.world, state, address)))
}

/// `GET /guilds/{guild}/new-member-welcome`: no guild of this world has a home page.
pub(crate) fn home(call: &mut Call<'_>) -> HandlerResult {
    inside(call)?;
    Ok(Reply::Empty)
}

/// `GET …/scheduled-events/{event}`: there are none.
pub(crate) fn scheduled_event(call: &mut Call<'_>) -> HandlerResult {
    inside(call)?;
    Err(ApiError::unknown_scheduled_event())
}

/// `GET …/stickers/{sticker}`: there are none.
pub(crate) fn sticker(_: &mut Call<'_>) -> HandlerResult {
    Err(ApiError::unknown_sticker())
}

/// `GET /sticker-packs`: there are none.
pub(crate) fn sticker_packs(_: &mut Call<'_>) -> HandlerResult {
    Ok(Reply::Json(json!({ "sticker_packs": [] })))
}
