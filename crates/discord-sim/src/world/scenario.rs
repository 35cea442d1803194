//! A ready-made community: thirty made-up people, their roles and channels, and a bot to be tried.

use crate::clock::{Millis, SimClock};
use crate::error::ApiResult;
use crate::id::Id;

use super::model::PrivilegedIntents;
use super::permissions::Permissions;
use super::scenario_parts::{
    DAY, MINUTE, add_channels, add_history, add_more_channels, add_more_guilds, add_roles, name, order_roles,
};
use super::{Limits, World};

/// What the bot is allowed in the guild.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum BotRights {
    /// Exactly what a bot that moderates, keeps tickets and gives roles needs.
    #[default]
    LeastPrivilege,
    /// Administrator.
    Administrator,
    /// Nothing beyond `@everyone`.
    None,
}

impl BotRights {
    fn permissions(self) -> Permissions {
        match self {
            Self::Administrator => Permissions::ADMINISTRATOR,
            Self::None => Permissions::NONE,
            Self::LeastPrivilege => {
                Permissions::EVERYONE_DEFAULT
                    | Permissions::MANAGE_CHANNELS
                    | Permissions::MANAGE_ROLES
                    | Permissions::MANAGE_MESSAGES
                    | Permissions::PIN_MESSAGES
                    | Permissions::MANAGE_THREADS
                    | Permissions::CREATE_PRIVATE_THREADS
                    | Permissions::MANAGE_WEBHOOKS
                    | Permissions::MANAGE_NICKNAMES
                    | Permissions::KICK_MEMBERS
                    | Permissions::BAN_MEMBERS
                    | Permissions::MODERATE_MEMBERS
                    | Permissions::MUTE_MEMBERS
                    | Permissions::MOVE_MEMBERS
                    | Permissions::VIEW_AUDIT_LOG
                    | Permissions::MENTION_EVERYONE
            }
        }
    }
}

/// How the community is made.
#[derive(Clone, Debug)]
pub struct CommunityOptions {
    /// Decides tokens, avatars and who says what.
    pub seed: u64,
    /// The clock; the machine's by default.
    pub clock: SimClock,
    /// When everything was made: ids carry their time, so with a moment given here they are the same at each start.
    /// Otherwise now.
    pub founded: Option<Millis>,
    /// How many people, the owner included; at least 8.
    pub people: usize,
    /// Further text channels `#topic-1` and so on; with the usual ones at most 500.
    pub more_channels: usize,
    /// Further small guilds in which the bot is, beside the community.
    pub more_guilds: usize,
    /// What the bot may do.
    pub bot_rights: BotRights,
    /// Which privileged intents are on.
    pub intents: PrivilegedIntents,
    /// The bot's name.
    pub bot_name: String,
    /// What is kept at most.
    pub limits: Limits,
}

impl Default for CommunityOptions {
    fn default() -> Self {
        Self {
            seed: 7,
            clock: SimClock::real(),
            founded: None,
            people: 29,
            more_channels: 0,
            more_guilds: 0,
            bot_rights: BotRights::default(),
            intents: PrivilegedIntents::ALL,
            bot_name: "Community Bot".to_owned(),
            limits: Limits::default(),
        }
    }
}

/// The ids of everything in the community.
#[derive(Clone, Debug)]
pub struct Community {
    /// The guild.
    pub guild: Id,
    /// Its owner, with the admin role.
    pub owner: Id,
    /// A member with the admin role.
    pub admin: Id,
    /// Members with the moderator role.
    pub moderators: Vec<Id>,
    /// Members with the member role and some interests.
    pub members: Vec<Id>,
    /// The first of [`Community::members`].
    pub finn: Id,
    /// Joined a minute ago and has no role yet.
    pub newcomer: Id,
    /// Exists, but has not joined.
    pub stranger: Id,
    /// Another bot's account.
    pub other_bot: Id,
    /// Roles.
    pub roles: CommunityRoles,
    /// Channels.
    pub channels: CommunityChannels,
    /// The application under test.
    pub application: Id,
    /// Its account.
    pub bot: Id,
    /// Its token.
    pub bot_token: String,
    /// Its OAuth2 secret.
    pub client_secret: String,
}

/// Roles of the community, lowest first.
#[derive(Clone, Debug)]
pub struct CommunityRoles {
    /// People who like racing with cars and balls.
    pub racing: Id,
    /// People who like space ninjas.
    pub ninjas: Id,
    /// People who want to hear of events.
    pub events: Id,
    /// Ordinary members.
    pub member: Id,
    /// Moderators.
    pub moderator: Id,
    /// Administrators.
    pub admin: Id,
    /// The bot's own role, above the moderators.
    pub bot: Id,
}

/// Channels of the community.
#[derive(Clone, Debug)]
pub struct CommunityChannels {
    /// Category of the first three.
    pub info: Id,
    /// `#welcome`, where joins are announced.
    pub welcome: Id,
    /// `#rules`, read only.
    pub rules: Id,
    /// `#announcements`, read only.
    pub announcements: Id,
    /// Category of the talk channels.
    pub community: Id,
    /// `#general`
    pub general: Id,
    /// `#memes`
    pub memes: Id,
    /// `#gaming`
    pub gaming: Id,
    /// `#bot-commands`
    pub bot_commands: Id,
    /// Category "Tickets", closed to everybody but staff.
    pub tickets: Id,
    /// Category of the staff.
    pub staff: Id,
    /// `#log`, staff only.
    pub log: Id,
    /// `#transcripts`, staff only.
    pub transcripts: Id,
    /// `#mod-chat`, staff only.
    pub mod_chat: Id,
    /// A voice channel.
    pub lounge: Id,
}

/// Makes worlds that are ready to be used.
#[derive(Clone, Copy, Debug)]
pub struct Scenario;

impl Scenario {
    /// The community with everything as usual.
    ///
    /// # Errors
    /// None in practice: every id was just made.
    pub fn community(seed: u64) -> ApiResult<(World, Community)> {
        Self::community_with(CommunityOptions {
            seed,
            ..CommunityOptions::default()
        })
    }

    /// The community as `options` want it.
    ///
    /// # Errors
    /// None in practice: every id was just made.
    pub fn community_with(options: CommunityOptions) -> ApiResult<(World, Community)> {
        let mut world = World::builder()
            .seed(options.seed)
            .clock(
                options
                    .founded
                    .map_or_else(|| options.clock.clone(), SimClock::manual),
            )
            .limits(options.limits)
            .build();
        let now = world.now();
        let owner = world.add_user_since("Robin", now - 1500 * DAY);
        let guild = world.add_guild_since("Harbour Lights", owner, now - 900 * DAY);
        let mut roles = add_roles(&mut world, guild);
        let application = world.add_application(&options.bot_name, owner);
        roles.bot = world.install(application, guild, options.bot_rights.permissions())?;
        // Admins stand above the bot; the bot stands above the moderators.
        roles.admin = world.add_role(guild, "Admin", 0xE0_5A_5A, Permissions::ADMINISTRATOR);
        let channels = add_channels(&mut world, guild, &roles);
        if let Some(state) = world.guilds.get_mut(&guild) {
            state.description = Some("A made-up community by the sea.".to_owned());
            state.system_channel = Some(channels.welcome);
            state.rules_channel = Some(channels.rules);
        }
        world.add_member_since(guild, owner, &[roles.admin, roles.member], now - 900 * DAY);
        let mut people = Vec::new();
        let count = options.people.saturating_sub(1).max(7);
        for number in 0..count {
            // Accounts are some years old, the newcomer's was made yesterday.
            let age = if number + 1 == count {
                DAY
            } else {
                // In a crowd each at a millisecond of their own: an id that is free need not be looked for.
                let number = i64::try_from(number).unwrap_or(0);
                (number % 90 * 17 + 400) * DAY - number / 90
            };
            people.push(world.add_user_since(&name(number), now - age));
        }
        let interests = [roles.racing, roles.ninjas, roles.events];
        let (mut moderators, mut members) = (Vec::new(), Vec::new());
        let (admin, newcomer) = (
            people.get(3).copied().unwrap_or(owner),
            people.pop().unwrap_or(owner),
        );
        for (number, person) in people.iter().copied().enumerate() {
            let mut has = vec![roles.member];
            has.extend(world.dice.pick(&interests).copied());
            match number {
                3 => has.push(roles.admin),
                1 | 2 => {
                    has.push(roles.moderator);
                    moderators.push(person);
                }
                _ => members.push(person),
            }
            // In a large guild many join on one day: nobody joins before there was Discord.
            let days = i64::try_from(number % 300).unwrap_or(0) * 11 + 20;
            world.add_member_since(guild, person, &has, now - days * DAY);
        }
        world.add_member_since(guild, newcomer, &[], options.clock.now() - MINUTE);
        let stranger = world.add_user_since("Quill", now - 365 * DAY);
        let other = world.add_application("Jukebox", owner);
        world.install(other, guild, Permissions::EVERYONE_DEFAULT)?;
        order_roles(&mut world, guild, &roles, other);
        world.clock = options.clock;
        add_history(&mut world, &people, &channels)?;
        add_more_channels(&mut world, guild, &channels, options.more_channels);
        let rights = options.bot_rights.permissions();
        add_more_guilds(&mut world, (application, rights), &people, options.more_guilds)?;
        let (bot, bot_token, client_secret) = {
            let app = world.application_mut(application)?;
            app.intents = options.intents;
            (app.bot_id, app.token.clone(), app.client_secret.clone())
        };
        world.outbox.clear();
        let finn = members.first().copied().unwrap_or(owner);
        let community = Community {
            guild,
            owner,
            admin,
            moderators,
            members,
            finn,
            newcomer,
            stranger,
            other_bot: other,
            roles,
            channels,
            application,
            bot,
            bot_token,
            client_secret,
        };
        Ok((world, community))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bot_stands_above_moderators_and_below_admins() {
        let (world, c) = Scenario::community(7).unwrap();
        let guild = world.guild(c.guild).unwrap();
        let position = |id| guild.roles.get(&id).unwrap().position;
        assert!(position(c.roles.bot) > position(c.roles.moderator));
        assert!(position(c.roles.bot) < position(c.roles.admin));
        assert_eq!(guild.members.len(), 31);
    }

    #[test]
    fn a_community_with_a_founding_day_has_the_same_ids_at_each_start() {
        let at = |now| {
            let options = CommunityOptions {
                founded: Some(1_740_787_200_000),
                clock: SimClock::manual(now),
                ..CommunityOptions::default()
            };
            let (world, community) = Scenario::community_with(options).unwrap();
            assert_eq!(world.now(), now);
            format!("{community:?}")
        };
        assert_eq!(at(1_800_000_000_000), at(1_800_000_777_000));
    }

    #[test]
    fn a_community_can_be_as_large_as_discord_allows() {
        let options = CommunityOptions {
            people: 3_000,
            more_channels: 1_000,
            more_guilds: 40,
            ..CommunityOptions::default()
        };
        let (world, c) = Scenario::community_with(options).unwrap();
        let guild = world.guild(c.guild).unwrap();
        assert_eq!((guild.members.len(), guild.channels.len()), (3_002, 500));
        let with_bot = world.guilds.values().filter(|g| g.members.contains_key(&c.bot));
        assert_eq!(with_bot.count(), 41);
        let shards: std::collections::BTreeSet<u64> =
            world.guilds.keys().map(|id| (id.get() >> 22) % 4).collect();
        assert_eq!(shards.len(), 4, "guilds spread over shards");
    }

    #[test]
    fn members_do_not_see_the_staff_channels() {
        let (world, c) = Scenario::community(7).unwrap();
        let log = world.channel(c.channels.log).unwrap();
        assert!(!world.sees(c.finn, log));
        assert!(world.sees(*c.moderators.first().unwrap(), log));
        assert!(world.sees(c.bot, log));
    }

    #[test]
    fn the_same_seed_makes_the_same_tokens() {
        let make = |seed| {
            let clock = SimClock::manual(1_700_000_000_000);
            Scenario::community_with(CommunityOptions {
                seed,
                clock,
                ..CommunityOptions::default()
            })
            .unwrap()
            .1
        };
        assert_eq!(make(3).bot_token, make(3).bot_token);
        assert_ne!(make(3).bot_token, make(4).bot_token);
    }
}
