//! Who and what is in a guild right now, as the gateway last told. Read by every face; filled by the gateway cache.

use std::sync::Arc;

use crate::{
    actor::{Actor, Rights},
    ids::{ChannelId, GuildId, RoleId, UserId},
};

/// A member as other parts need them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub user: UserId,
    /// Account name, unique on Discord.
    pub username: String,
    /// What others see: nickname, else global name, else account name.
    pub display_name: String,
    /// Picture of the member, of the account, or Discord's default one.
    pub display_avatar: String,
    /// Picture that the account has set itself.
    pub avatar: Option<String>,
    /// Whether it is a bot.
    pub bot: bool,
    /// Roles, without @everyone.
    pub roles: Vec<RoleId>,
    /// Unix milliseconds; `None` if Discord did not say.
    pub joined_at: Option<i64>,
}

/// A role as other parts need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// Colour as 0xRRGGBB; 0 is none.
    pub color: u32,
    /// Place in the hierarchy.
    pub position: i64,
    /// Whether everybody may mention it.
    pub mentionable: bool,
}

/// A channel as other parts need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// Discord's number of the kind of channel (0 text, 2 voice, 4 category …).
    pub kind: u8,
    /// The category it is in.
    pub parent: Option<ChannelId>,
    /// Place among its siblings.
    pub position: i32,
}

/// Looks things up in the gateway's cache. No method waits or calls Discord.
pub trait Directory: Send + Sync + 'static {
    /// Whether the guild has arrived over the gateway.
    fn knows(&self, guild: GuildId) -> bool;
    /// The guild's name.
    fn guild_name(&self, guild: GuildId) -> Option<String>;
    /// The bot's own account, once the gateway has told it.
    fn me(&self) -> Option<UserId>;
    /// A member of the guild.
    fn member(&self, guild: GuildId, user: UserId) -> Option<Member>;
    /// Roles of a member, without @everyone: less work than the whole [`Member`], for what is asked at each press.
    fn roles_of(&self, guild: GuildId, user: UserId) -> Option<Vec<RoleId>> {
        self.member(guild, user).map(|member| member.roles)
    }
    /// All members, in no order.
    fn members(&self, guild: GuildId) -> Vec<Member>;
    /// All roles, highest first.
    fn roles(&self, guild: GuildId) -> Vec<Role>;
    /// All channels, in Discord's order.
    fn channels(&self, guild: GuildId) -> Vec<Channel>;
    /// One channel of the guild.
    fn channel(&self, guild: GuildId, channel: ChannelId) -> Option<Channel>;
    /// Whether a member owns the guild or has Discord's Administrator permission.
    fn is_administrator(&self, guild: GuildId, user: UserId) -> bool;
    /// Whether a member has Discord's Manage Server permission (administrators do).
    fn can_manage_guild(&self, guild: GuildId, user: UserId) -> bool;
}

/// The two roles that make somebody staff, from the settings of a guild.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StaffRoles {
    /// `admin_role_id`.
    pub admin: Option<RoleId>,
    /// `moderator_role_id`.
    pub moderator: Option<RoleId>,
}

/// What a member may do now. Without any staff role set, Discord's own permissions decide, so that an installation
/// whose ids are not yet known can be set up by its administrators.
#[must_use]
pub fn rights_of(directory: &dyn Directory, roles: StaffRoles, guild: GuildId, user: UserId) -> Rights {
    let Some(held) = directory.roles_of(guild, user) else {
        return Rights::None;
    };
    let has = |role: Option<RoleId>| role.is_some_and(|role| held.contains(&role));
    if has(roles.admin) {
        Rights::Admin
    } else if has(roles.moderator) {
        Rights::Moderator
    } else if roles == StaffRoles::default() && directory.is_administrator(guild, user) {
        Rights::Admin
    } else if roles == StaffRoles::default() && directory.can_manage_guild(guild, user) {
        Rights::Moderator
    } else {
        Rights::Member
    }
}

/// What an actor may do now: members by their roles, panel logins and the program itself everything.
#[must_use]
pub fn rights_of_actor(
    directory: &dyn Directory,
    roles: StaffRoles,
    guild: GuildId,
    actor: &Actor,
) -> Rights {
    match actor {
        Actor::Member { guild: of, user, .. } if *of == guild => rights_of(directory, roles, guild, *user),
        Actor::Member { .. } => Rights::None,
        Actor::Login { .. } | Actor::Timer | Actor::System => Rights::Admin,
        Actor::Script { .. } => Rights::Moderator,
    }
}

/// A directory shared by all parts.
pub type SharedDirectory = Arc<dyn Directory>;
