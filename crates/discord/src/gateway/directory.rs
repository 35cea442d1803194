//! The directory, filled by the gateway: guilds, channels, roles, members and people. Messages, presences and voice are
//! not kept.

use std::sync::atomic::{AtomicU64, Ordering};

use hazebot_core::{
    Directory,
    directory::{Channel, Member, Role},
    ids::{ChannelId, GuildId, RoleId, UserId},
};
use twilight_cache_inmemory::{DefaultInMemoryCache, ResourceType, UpdateCache};
use twilight_model::{
    gateway::{
        event::Event,
        payload::incoming::{GuildCreate, GuildDelete, MessageCreate},
    },
    guild::Permissions,
    user::User,
    util::ImageHash,
};
use url::Url;

use crate::invocation::Person;

/// Side of pictures in pixels, the one that the app asks for.
const PICTURE_SIZE: u32 = 1024;
/// Default pictures that Discord has.
const DEFAULT_PICTURES: u64 = 6;

/// Who and what is in the guilds, as the gateway last told.
#[derive(Debug)]
pub struct GatewayDirectory {
    cache: DefaultInMemoryCache,
    /// Where pictures are, without a slash at the end.
    cdn: String,
    /// The bot's own account; 0 before it is known. A resumed session does not tell it again.
    me: AtomicU64,
}

impl GatewayDirectory {
    /// An empty directory. `cdn` is the address of Discord's pictures, `https://cdn.discordapp.com` or a stand-in.
    #[must_use]
    pub fn new(cdn: &Url) -> Self {
        let kept = ResourceType::GUILD
            | ResourceType::CHANNEL
            | ResourceType::ROLE
            | ResourceType::MEMBER
            | ResourceType::USER
            | ResourceType::USER_CURRENT;
        Self {
            cache: DefaultInMemoryCache::builder()
                .resource_types(kept)
                .message_cache_size(0)
                .build(),
            cdn: cdn.as_str().trim_end_matches('/').to_owned(),
            me: AtomicU64::new(0),
        }
    }

    pub(super) fn set_me(&self, me: UserId) {
        self.me.store(me.get(), Ordering::Release);
    }

    pub(super) fn put(&self, guild: &GuildCreate) {
        self.cache.update(guild);
    }

    /// Forgets a guild, before a new session tells it anew: who has left meanwhile must not keep their rights.
    pub(super) fn forget(&self, guild: GuildId) {
        self.cache.update(&GuildDelete {
            id: guild,
            unavailable: None,
        });
    }

    /// Takes in what an event tells.
    pub(super) fn update(&self, event: &Event) {
        match event {
            // A message tells of its author what is known already, except after a restart; that costs more to take in
            // than to compare.
            Event::MessageCreate(message) if self.knows_author(message) => {}
            Event::MessageUpdate(_)
            | Event::MessageDelete(_)
            | Event::ReactionAdd(_)
            | Event::ReactionRemove(_) => {}
            event => event.update(&self.cache),
        }
    }

    fn knows_author(&self, message: &MessageCreate) -> bool {
        let (Some(guild), Some(partial)) = (message.guild_id, &message.member) else {
            return true;
        };
        self.cache
            .member(guild, message.author.id)
            .is_some_and(|known| known.roles() == partial.roles && known.nick() == partial.nick.as_deref())
    }

    /// How many members of the guild are known.
    #[must_use]
    pub fn known_members(&self, guild: GuildId) -> usize {
        self.cache.guild_members(guild).map_or(0, |members| members.len())
    }

    /// How many guilds are known.
    #[must_use]
    pub fn guilds(&self) -> usize {
        self.cache.stats().guilds()
    }

    /// Somebody as an event tells of them.
    pub(crate) fn person(&self, user: &User) -> Person {
        let avatar = user.avatar.map(|hash| self.user_picture(user.id, hash));
        Person {
            id: user.id,
            name: user.name.clone(),
            display_name: user.global_name.clone().unwrap_or_else(|| user.name.clone()),
            avatar: avatar.unwrap_or_else(|| self.default_picture(user.id)),
            bot: user.bot,
        }
    }

    fn user_picture(&self, user: UserId, hash: ImageHash) -> String {
        format!("{}/avatars/{user}/{}", self.cdn, picture(hash))
    }

    /// <https://docs.discord.com/developers/reference#image-formatting-cdn-endpoints>
    fn default_picture(&self, user: UserId) -> String {
        format!(
            "{}/embed/avatars/{}.png",
            self.cdn,
            (user.get() >> 22) % DEFAULT_PICTURES
        )
    }

    fn build(&self, guild: GuildId, user: UserId) -> Option<Member> {
        let member = self.cache.member(guild, user)?;
        let account = self.cache.user(user)?;
        let own = account.avatar.map(|hash| self.user_picture(user, hash));
        let here = member.avatar().map(|hash| {
            format!(
                "{}/guilds/{guild}/users/{user}/avatars/{}",
                self.cdn,
                picture(hash)
            )
        });
        let display_name = member
            .nick()
            .map(str::to_owned)
            .or_else(|| account.global_name.clone())
            .unwrap_or_else(|| account.name.clone());
        Some(Member {
            user,
            username: account.name.clone(),
            display_name,
            display_avatar: here
                .or_else(|| own.clone())
                .unwrap_or_else(|| self.default_picture(user)),
            avatar: own,
            bot: account.bot,
            roles: member.roles().to_vec(),
            joined_at: member.joined_at().map(|moment| moment.as_micros() / 1000),
        })
    }

    fn permissions(&self, guild: GuildId, user: UserId) -> Permissions {
        self.cache
            .permissions()
            .root(user, guild)
            .unwrap_or(Permissions::empty())
    }

    /// What a member may do in a channel, roles and overwrites considered; nothing if either is unknown.
    #[must_use]
    pub fn permissions_in(&self, user: UserId, channel: ChannelId) -> Permissions {
        self.cache
            .permissions()
            .in_channel(user, channel)
            .unwrap_or(Permissions::empty())
    }
}

fn picture(hash: ImageHash) -> String {
    let format = if hash.is_animated() { "gif" } else { "png" };
    format!("{hash}.{format}?size={PICTURE_SIZE}")
}

impl Directory for GatewayDirectory {
    fn knows(&self, guild: GuildId) -> bool {
        self.cache
            .guild(guild)
            .is_some_and(|guild| guild.unavailable() != Some(true))
    }

    fn guild_name(&self, guild: GuildId) -> Option<String> {
        self.cache.guild(guild).map(|guild| guild.name().to_owned())
    }

    fn me(&self) -> Option<UserId> {
        UserId::new_checked(self.me.load(Ordering::Acquire))
    }

    fn member(&self, guild: GuildId, user: UserId) -> Option<Member> {
        self.build(guild, user)
    }

    fn roles_of(&self, guild: GuildId, user: UserId) -> Option<Vec<RoleId>> {
        self.cache
            .member(guild, user)
            .map(|member| member.roles().to_vec())
    }

    fn members(&self, guild: GuildId) -> Vec<Member> {
        // The ids are taken out first: building a member looks into the same cache.
        let ids: Vec<UserId> = self
            .cache
            .guild_members(guild)
            .map(|members| members.iter().copied().collect())
            .unwrap_or_default();
        ids.into_iter()
            .filter_map(|user| self.build(guild, user))
            .collect()
    }

    fn roles(&self, guild: GuildId) -> Vec<Role> {
        let ids: Vec<_> = self
            .cache
            .guild_roles(guild)
            .map(|roles| roles.iter().copied().collect())
            .unwrap_or_default();
        let mut roles: Vec<Role> = ids
            .into_iter()
            .filter_map(|id| {
                let role = self.cache.role(id)?;
                #[expect(
                    deprecated,
                    reason = "the plain colour is what people see where gradients are not drawn"
                )]
                let color = role.color;
                Some(Role {
                    id,
                    name: role.name.clone(),
                    color,
                    position: role.position,
                    mentionable: role.mentionable,
                })
            })
            .collect();
        // Of two roles in one place the older one stands higher.
        roles.sort_unstable_by_key(|role| (std::cmp::Reverse(role.position), role.id));
        roles
    }

    fn channels(&self, guild: GuildId) -> Vec<Channel> {
        let ids: Vec<ChannelId> = self
            .cache
            .guild_channels(guild)
            .map(|channels| channels.iter().copied().collect())
            .unwrap_or_default();
        let mut channels: Vec<Channel> = ids.into_iter().filter_map(|id| self.channel(guild, id)).collect();
        channels.sort_unstable_by_key(|channel| (channel.position, channel.id));
        channels
    }

    fn channel(&self, guild: GuildId, channel: ChannelId) -> Option<Channel> {
        let known = self
            .cache
            .channel(channel)
            .filter(|known| known.guild_id == Some(guild))?;
        Some(Channel {
            id: channel,
            name: known.name.clone().unwrap_or_default(),
            kind: known.kind.into(),
            parent: known.parent_id,
            position: known.position.unwrap_or_default(),
        })
    }

    fn is_administrator(&self, guild: GuildId, user: UserId) -> bool {
        self.permissions(guild, user).contains(Permissions::ADMINISTRATOR)
    }

    fn can_manage_guild(&self, guild: GuildId, user: UserId) -> bool {
        self.permissions(guild, user)
            .intersects(Permissions::ADMINISTRATOR | Permissions::MANAGE_GUILD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> GatewayDirectory {
        GatewayDirectory::new(&Url::parse("https://cdn.example/").unwrap())
    }

    #[test]
    fn an_unknown_guild_has_nobody_and_grants_nothing() {
        let directory = directory();
        let (guild, user) = (GuildId::new(1), UserId::new(2));
        assert!(!directory.knows(guild));
        assert!(directory.members(guild).is_empty());
        assert!(!directory.is_administrator(guild, user));
        assert_eq!(directory.me(), None);
    }

    #[test]
    fn a_default_picture_depends_on_the_account() {
        let directory = directory();
        let user = UserId::new(1_100_000_000_000_000_301);
        let index = (1_100_000_000_000_000_301_u64 >> 22) % 6;
        assert_eq!(
            directory.default_picture(user),
            format!("https://cdn.example/embed/avatars/{index}.png")
        );
    }
}
