//! `/api/guild`: the channels and roles of the guild, for forms that choose among them. Names of hidden channels are in
//! it, so it is for staff (F41).

use std::collections::HashMap;

use axum::{Json, extract::State as Shared};
use hazebot_core::{
    directory,
    ids::{ChannelId, GuildId, RoleId},
};
use hazebot_http::{ApiError, ApiResult, Caller, ErrorBody};
use serde::Serialize;
use utoipa::ToSchema;

use super::State;

/// Discord's numbers of the kinds that are listed, see "Channel Types" in its documentation.
const TEXT: u8 = 0;
const CATEGORY: u8 = 4;

/// What can be chosen as a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ChannelType {
    /// Takes messages.
    Text,
    /// Holds channels.
    Category,
}

/// A channel or category.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct GuildChannel {
    /// Discord's id.
    id: String,
    /// Its name.
    name: String,
    /// Name of the category that it is in.
    category: Option<String>,
    /// Place among its siblings.
    position: i32,
    /// Which of the two.
    #[serde(rename = "type")]
    kind: ChannelType,
}

/// A role.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct GuildRole {
    /// Discord's id.
    id: String,
    /// Its name.
    name: String,
    /// 0xRRGGBB as a number; 0 is none.
    color: u32,
    /// Place in the hierarchy.
    position: i64,
    /// Whether everybody may mention it.
    mentionable: bool,
}

/// Categories first, then text channels, each in Discord's order.
fn listed(channels: Vec<directory::Channel>) -> Vec<GuildChannel> {
    let categories: HashMap<ChannelId, String> = channels
        .iter()
        .filter(|channel| channel.kind == CATEGORY)
        .map(|channel| (channel.id, channel.name.clone()))
        .collect();
    let of_kind = |number: u8, kind: ChannelType| {
        let categories = &categories;
        let chosen = channels.iter().filter(move |channel| channel.kind == number);
        chosen.map(move |channel| GuildChannel {
            id: channel.id.to_string(),
            name: channel.name.clone(),
            category: channel.parent.and_then(|parent| categories.get(&parent).cloned()),
            position: channel.position,
            kind,
        })
    };
    of_kind(CATEGORY, ChannelType::Category)
        .chain(of_kind(TEXT, ChannelType::Text))
        .collect()
}

/// All but @everyone, whose id is that of the guild.
fn ranked(roles: Vec<directory::Role>, guild: GuildId) -> Vec<GuildRole> {
    let everyone: RoleId = guild.cast();
    let shown = roles.into_iter().filter(|role| role.id != everyone);
    shown
        .map(|role| GuildRole {
            id: role.id.to_string(),
            name: role.name,
            color: role.color,
            position: role.position,
            mentionable: role.mentionable,
        })
        .collect()
}

fn known(state: &State, guild: GuildId) -> Result<(), ApiError> {
    match state.bot.directory().knows(guild) {
        true => Ok(()),
        false => Err(ApiError::not_found("Guild not found")),
    }
}

/// Categories, then text channels, each in Discord's order.
#[utoipa::path(get, path = "/api/guild/channels", operation_id = "admin.get_guild_channels", tag = "admin",
    responses((status = 200, body = Vec<GuildChannel>), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(super) async fn channels(
    Shared(state): Shared<State>,
    caller: Caller,
) -> ApiResult<Json<Vec<GuildChannel>>> {
    known(&state, caller.guild())?;
    Ok(Json(listed(state.bot.directory().channels(caller.guild()))))
}

/// All roles but @everyone, highest first.
#[utoipa::path(get, path = "/api/guild/roles", operation_id = "admin.get_guild_roles", tag = "admin",
    responses((status = 200, body = Vec<GuildRole>), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(super) async fn roles(Shared(state): Shared<State>, caller: Caller) -> ApiResult<Json<Vec<GuildRole>>> {
    known(&state, caller.guild())?;
    let roles = state.bot.directory().roles(caller.guild());
    Ok(Json(ranked(roles, caller.guild())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn channel(id: u64, name: &str, kind: u8, parent: Option<u64>, position: i32) -> directory::Channel {
        directory::Channel {
            id: ChannelId::new(id),
            name: name.to_owned(),
            kind,
            parent: parent.map(ChannelId::new),
            position,
        }
    }

    #[test]
    fn categories_come_before_text_channels_and_voice_channels_are_left_out() {
        let list = listed(vec![
            channel(10, "general", TEXT, Some(20), 0),
            channel(20, "Text", CATEGORY, None, 1),
            channel(30, "lounge", 2, Some(20), 2),
            channel(40, "lost", TEXT, Some(99), 3),
        ]);
        assert_eq!(
            serde_json::to_value(list).unwrap(),
            json!([
                { "id": "20", "name": "Text", "category": null, "position": 1, "type": "category" },
                { "id": "10", "name": "general", "category": "Text", "position": 0, "type": "text" },
                { "id": "40", "name": "lost", "category": null, "position": 3, "type": "text" },
            ])
        );
    }

    #[test]
    fn the_role_that_everybody_has_is_not_among_the_roles() {
        let role = |id, name: &str, position| directory::Role {
            id: RoleId::new(id),
            name: name.to_owned(),
            color: 0xff_00_00,
            position,
            mentionable: true,
        };
        let list = ranked(
            vec![role(7, "Keeper", 3), role(1, "@everyone", 0)],
            GuildId::new(1),
        );
        assert_eq!(
            serde_json::to_value(list).unwrap(),
            json!([{ "id": "7", "name": "Keeper", "color": 0xff_00_00, "position": 3, "mentionable": true }])
        );
    }
}
