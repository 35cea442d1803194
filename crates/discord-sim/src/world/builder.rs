//! Building a world by hand: users, guilds, roles, channels and bots, without any permission checks.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::clock::{Millis, SimClock};
use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::forum::ForumTag;
use super::model::{
    Application, Channel, Guild, Member, Overwrite, OverwriteKind, PrivilegedIntents, Role, User, kind,
};
use super::permissions::Permissions;
use super::{Limits, World};

/// What a world starts with.
#[derive(Debug, Default)]
pub struct WorldBuilder {
    seed: u64,
    clock: Option<SimClock>,
    limits: Limits,
}

impl WorldBuilder {
    /// The seed of tokens and everything made up.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The clock; the machine's by default.
    #[must_use]
    pub fn clock(mut self, clock: SimClock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// What is kept at most.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The world, still empty.
    #[must_use]
    pub fn build(self) -> World {
        let mut world = World::new(self.seed, self.clock.unwrap_or_else(SimClock::real));
        world.limits = self.limits;
        world
    }
}

impl World {
    /// A person. The user name is `name` in lower case without spaces.
    pub fn add_user(&mut self, name: &str) -> Id {
        let now = self.now();
        self.add_user_since(name, now)
    }

    /// A person whose account was made at `since`, which its id tells.
    pub fn add_user_since(&mut self, name: &str, since: Millis) -> Id {
        let id = self.free_id_at(since);
        self.add_account(id, name, false)
    }

    /// An id made at `at` that no user and no guild has.
    fn free_id_at(&mut self, at: Millis) -> Id {
        let mut id = Id::at(at);
        while self.users.contains_key(&id) || self.guilds.contains_key(&id) {
            id = Id::new(id.get() + 1);
        }
        id
    }

    fn add_account(&mut self, id: Id, name: &str, bot: bool) -> Id {
        let avatar = Some(self.dice.image_hash());
        let username: String = if bot {
            name.to_owned()
        } else {
            let kept = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.');
            name.to_lowercase().chars().filter(kept).collect()
        };
        self.users.insert(
            id,
            User {
                id,
                name: if username.is_empty() {
                    format!("user{id}")
                } else {
                    username
                },
                global_name: (!bot).then(|| name.to_owned()),
                avatar,
                bot,
                takes_dms: true,
                locale: "en-US".to_owned(),
            },
        );
        id
    }

    /// A guild with `@everyone`, owned by `owner`, who is its first member.
    pub fn add_guild(&mut self, name: &str, owner: Id) -> Id {
        let now = self.now();
        self.add_guild_since(name, owner, now)
    }

    /// A guild that was founded at `since`.
    pub fn add_guild_since(&mut self, name: &str, owner: Id, since: Millis) -> Id {
        let id = self.free_id_at(since);
        let everyone = Role {
            id,
            name: "@everyone".to_owned(),
            color: 0,
            hoist: false,
            position: 0,
            permissions: Permissions::EVERYONE_DEFAULT,
            managed: false,
            mentionable: false,
            bot_id: None,
        };
        self.guilds.insert(
            id,
            Guild {
                id,
                name: name.to_owned(),
                owner_id: owner,
                icon: None,
                locale: "en-US".to_owned(),
                description: None,
                roles: BTreeMap::from([(id, everyone)]),
                members: BTreeMap::new(),
                bans: BTreeMap::new(),
                channels: BTreeSet::new(),
                system_channel: None,
                rules_channel: None,
                available: true,
                audit: VecDeque::new(),
                voice: BTreeMap::new(),
                emojis: Vec::new(),
                settings: Box::default(),
            },
        );
        self.add_member_since(id, owner, &[], since);
        id
    }

    /// A role above all others of the guild.
    pub fn add_role(&mut self, guild: Id, name: &str, color: u32, permissions: Permissions) -> Id {
        let id = self.new_id();
        if let Some(state) = self.guilds.get_mut(&guild) {
            let position = state.roles.values().map(|r| r.position).max().unwrap_or(0) + 1;
            state.roles.insert(
                id,
                Role {
                    id,
                    name: name.to_owned(),
                    color,
                    hoist: color != 0,
                    position,
                    permissions,
                    managed: false,
                    mentionable: false,
                    bot_id: None,
                },
            );
        }
        id
    }

    /// Makes a user a member with these roles.
    pub fn add_member(&mut self, guild: Id, user: Id, roles: &[Id]) {
        let now = self.now();
        self.add_member_since(guild, user, roles, now);
    }

    /// Makes a user a member who joined at `since`.
    pub fn add_member_since(&mut self, guild: Id, user: Id, roles: &[Id], since: Millis) {
        let status = self.status_on_joining(user);
        if let Some(state) = self.guilds.get_mut(&guild) {
            state.members.insert(
                user,
                Member {
                    user_id: user,
                    nick: None,
                    roles: roles.to_vec(),
                    joined_at: since,
                    timed_out_until: None,
                    pending: false,
                    status,
                    mute: false,
                    deaf: false,
                },
            );
        }
    }

    /// A category.
    pub fn add_category(&mut self, guild: Id, name: &str) -> Id {
        self.add_channel_of(guild, kind::CATEGORY, name, None)
    }

    /// A text channel in a category; it takes over the category's overwrites.
    pub fn add_text_channel(&mut self, guild: Id, name: &str, parent: Option<Id>) -> Id {
        self.add_channel_of(guild, kind::TEXT, name, parent)
    }

    /// A voice channel.
    pub fn add_voice_channel(&mut self, guild: Id, name: &str, parent: Option<Id>) -> Id {
        self.add_channel_of(guild, kind::VOICE, name, parent)
    }

    /// A forum whose posts may carry these tags, each a name and the emoji before it.
    pub fn add_forum(&mut self, guild: Id, name: &str, parent: Option<Id>, tags: &[(&str, &str)]) -> Id {
        let forum = self.add_channel_of(guild, kind::FORUM, name, parent);
        let tags: Vec<ForumTag> = tags
            .iter()
            .map(|(name, emoji)| ForumTag {
                id: self.new_id(),
                name: (*name).to_owned(),
                moderated: false,
                emoji_id: None,
                emoji_name: Some((*emoji).to_owned()),
            })
            .collect();
        if let Some(channel) = self.channels.get_mut(&forum) {
            channel.tags = tags;
        }
        forum
    }

    /// A channel of any kind (see [`kind`]).
    pub fn add_channel_of(&mut self, guild: Id, kind: u8, name: &str, parent: Option<Id>) -> Id {
        let id = self.new_id();
        let mut channel = Channel::new(id, kind, Some(guild), name);
        channel.parent_id = parent;
        channel.overwrites = parent
            .and_then(|p| self.channels.get(&p))
            .map(|p| p.overwrites.clone())
            .unwrap_or_default();
        if let Some(state) = self.guilds.get_mut(&guild) {
            channel.position = i64::try_from(state.channels.len()).unwrap_or(0);
            state.channels.insert(id);
        }
        self.channels.insert(id, channel);
        id
    }

    /// Sets a role's overwrite in a channel.
    pub fn overwrite_role(&mut self, channel: Id, role: Id, allow: Permissions, deny: Permissions) {
        self.overwrite(
            channel,
            Overwrite {
                id: role,
                kind: OverwriteKind::Role,
                allow,
                deny,
            },
        );
    }

    /// Sets a member's overwrite in a channel.
    pub fn overwrite_member(&mut self, channel: Id, user: Id, allow: Permissions, deny: Permissions) {
        self.overwrite(
            channel,
            Overwrite {
                id: user,
                kind: OverwriteKind::Member,
                allow,
                deny,
            },
        );
    }

    pub(crate) fn overwrite(&mut self, channel: Id, overwrite: Overwrite) {
        if let Some(state) = self.channels.get_mut(&channel) {
            state.overwrites.retain(|o| o.id != overwrite.id);
            state.overwrites.push(overwrite);
        }
    }

    /// An application with its bot account, all privileged intents on. Gives the application's id.
    pub fn add_application(&mut self, name: &str, owner: Id) -> Id {
        let id = self.new_id();
        let bot = self.add_account(id, name, true);
        let (token, client_secret) = (self.bot_token(bot), self.dice.token(32));
        self.applications.insert(
            bot,
            Application {
                // An application made today shares its id with its bot.
                id: bot,
                name: name.to_owned(),
                description: String::new(),
                bot_id: bot,
                owner_id: owner,
                token,
                client_secret,
                redirect_uris: Vec::new(),
                intents: PrivilegedIntents::ALL,
                global_commands: BTreeMap::new(),
                guild_commands: BTreeMap::new(),
                command_permissions: BTreeMap::new(),
                emojis: Vec::new(),
                role_metadata: Vec::new(),
                role_connections: BTreeMap::new(),
                about: serde_json::Map::new(),
            },
        );
        bot
    }

    /// A token of the form that libraries expect: the bot's id in base64, then two random parts.
    fn bot_token(&mut self, bot: Id) -> String {
        use base64::Engine as _;
        let head = base64::engine::general_purpose::STANDARD_NO_PAD.encode(bot.to_string());
        format!("{head}.{}.{}", self.dice.token(6), self.dice.token(38))
    }

    /// Gives an application's bot another token; the old one works no more.
    pub fn reset_token(&mut self, application: Id) {
        let Some(bot) = self.applications.get(&application).map(|a| a.bot_id) else {
            return;
        };
        let token = self.bot_token(bot);
        if let Some(app) = self.applications.get_mut(&application) {
            app.token = token;
        }
    }

    /// Puts an application's bot into a guild with a role of its own. Gives the role.
    pub fn install(&mut self, application: Id, guild: Id, permissions: Permissions) -> ApiResult<Id> {
        let app = self.application(application)?;
        let (bot, name) = (app.bot_id, app.name.clone());
        let role = self.add_role(guild, &name, 0, permissions);
        let state = self
            .guild_mut(guild)?
            .roles
            .get_mut(&role)
            .ok_or_else(ApiError::unknown_role)?;
        state.managed = true;
        state.bot_id = Some(bot);
        self.add_member(guild, bot, &[role]);
        Ok(role)
    }

    /// A message that was written at `at`; the gateway does not hear of it.
    pub fn add_message(&mut self, channel: Id, author: Id, content: &str, at: Millis) -> ApiResult<Id> {
        use super::message::{Author, Message};
        let guild = self.channel(channel)?.guild_id;
        let last = self.channel(channel)?.messages.back().map_or(0, |m| m.id.get());
        let id = Id::new(Id::at(at).get().max(last + 1));
        let keep = self.limits.messages_per_channel;
        let mut message = Message::new(id, channel, guild, Author::User(author));
        content.clone_into(&mut message.content);
        let state = self.channel_mut(channel)?;
        state.messages.push_back(message);
        state.last_message_id = Some(id);
        while state.messages.len() > keep {
            state.messages.pop_front();
        }
        Ok(id)
    }
}
