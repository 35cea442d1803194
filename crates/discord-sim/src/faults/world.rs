//! Faults of the world: outages, and what administrators do behind a bot's back.

use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ApiResult};
use crate::hub::State;
use crate::id::Id;
use crate::world::World;
use crate::world::permissions::Permissions;

/// Something that happens in the world without the bot. Guilds, channels and roles are given by id or by name.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum WorldFault {
    /// A guild is taken away from its bots.
    Outage {
        /// The guild.
        guild: String,
    },
    /// A guild comes back.
    Recovery {
        /// The guild.
        guild: String,
    },
    /// A channel is deleted.
    DeleteChannel {
        /// The channel.
        channel: String,
    },
    /// A role is deleted.
    DeleteRole {
        /// The role.
        role: String,
    },
    /// A role loses a permission.
    TakePermission {
        /// The permission's name, such as `MANAGE_ROLES`.
        permission: String,
        /// The role.
        role: String,
    },
    /// All tokens that bots hold of interactions run out, and all access tokens of OAuth2.
    ExpireTokens,
}

impl WorldFault {
    /// Lets it happen.
    ///
    /// # Errors
    /// 10003, 10004, 10011 if there is no such channel, guild or role, 50035 for an unknown permission.
    pub(crate) fn happen(&self, state: &mut State) -> ApiResult<()> {
        let world = &mut state.world;
        match self {
            Self::Outage { guild } => {
                let guild = guild_named(world, guild)?;
                world.set_available(guild, false)
            }
            Self::Recovery { guild } => {
                let guild = guild_named(world, guild)?;
                world.set_available(guild, true)
            }
            Self::DeleteChannel { channel } => {
                let channel = channel_named(world, channel)?;
                world.forget_channel(channel);
                Ok(())
            }
            Self::DeleteRole { role } => {
                let (guild, role) = role_named(world, role)?;
                let owner = world.guild(guild)?.owner_id;
                world.delete_role(owner, guild, role, None)
            }
            Self::TakePermission { permission, role } => {
                let (guild, role) = role_named(world, role)?;
                let gone = Permissions::named(permission).ok_or_else(|| {
                    ApiError::field("permission", "BASE_TYPE_CHOICES", "There is no such permission.")
                })?;
                let owner = world.guild(guild)?.owner_id;
                let had = world.guild(guild)?.roles.get(&role).map(|r| r.permissions);
                let left = had.unwrap_or(Permissions::NONE).without(gone);
                let body = serde_json::json!({ "permissions": left.0.to_string() });
                world.modify_role(owner, guild, role, &body, None)
            }
            Self::ExpireTokens => {
                world.expire_interactions();
                state.grants.expire_all();
                Ok(())
            }
        }
    }
}

fn named(text: &str, id: Id, name: &str) -> bool {
    text.parse() == Ok(id) || text.trim_start_matches(['#', '@']).eq_ignore_ascii_case(name)
}

fn guild_named(world: &World, text: &str) -> ApiResult<Id> {
    let found = world.guilds.values().find(|g| named(text, g.id, &g.name));
    found.map(|g| g.id).ok_or_else(ApiError::unknown_guild)
}

fn channel_named(world: &World, text: &str) -> ApiResult<Id> {
    // The oldest of that name, so that the same one is met in each run.
    let found = world
        .channels
        .values()
        .filter(|c| c.guild_id.is_some() && named(text, c.id, &c.name))
        .map(|c| c.id)
        .min();
    found.ok_or_else(ApiError::unknown_channel)
}

fn role_named(world: &World, text: &str) -> ApiResult<(Id, Id)> {
    world
        .guilds
        .values()
        .find_map(|g| {
            let role = g
                .roles
                .values()
                .find(|r| r.id != g.id && named(text, r.id, &r.name))?;
            Some((g.id, role.id))
        })
        .ok_or_else(ApiError::unknown_role)
}
