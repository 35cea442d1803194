//! The parts of the ready-made community: roles, channels, names and chatter.

use crate::error::ApiResult;
use crate::id::Id;

use super::World;
use super::permissions::Permissions;
use super::scenario::{CommunityChannels, CommunityRoles};

/// Made-up names; more members get numbers behind them.
const NAMES: [&str; 28] = [
    "Finn", "Lotte", "Jonas", "Merle", "Tariq", "Yuki", "Ines", "Pavel", "Greta", "Oskar", "Noor", "Emil",
    "Saskia", "Bruno", "Talia", "Vito", "Runa", "Kjell", "Amara", "Dilan", "Elif", "Hanno", "Ilka", "Juno",
    "Levin", "Malik", "Nele", "Orla",
];

/// What people chat about.
const LINES: [&str; 14] = [
    "Good morning everyone!",
    "Anyone up for a round tonight?",
    "That last patch is **wild**.",
    "I finally reached Diamond, took me two years.",
    "Does somebody know how the tournament tree works?",
    "Look at the new screenshots, they are great.",
    "brb, coffee",
    "Welcome to everybody who joined this week!",
    "The event starts at eight, right?",
    "I wrote a small guide, feedback welcome.",
    "lol",
    "Who is in voice right now?",
    "Thanks for the help yesterday, it works now.",
    "My cat walked over the keyboard and won the match.",
];

/// Channels of a guild, as on Discord.
const MOST_CHANNELS: usize = 500;
/// Members of a further guild, the bot apart.
const SMALL_GUILD: usize = 20;

/// Messages already written in each of the talk channels.
const HISTORY: usize = 12;
pub(super) const MINUTE: i64 = 60_000;
pub(super) const DAY: i64 = 24 * 60 * MINUTE;

pub(super) fn name(number: usize) -> String {
    let base = NAMES.get(number % NAMES.len()).copied().unwrap_or("Guest");
    match number / NAMES.len() {
        0 => base.to_owned(),
        round => format!("{base} {}", round + 1),
    }
}

pub(super) fn add_roles(world: &mut World, guild: Id) -> CommunityRoles {
    let racing = world.add_role(guild, "Racing", 0, Permissions::NONE);
    let ninjas = world.add_role(guild, "Ninjas", 0, Permissions::NONE);
    let events = world.add_role(guild, "Events", 0, Permissions::NONE);
    let member = world.add_role(guild, "Member", 0x6F_A8_DC, Permissions::NONE);
    let moderator = world.add_role(
        guild,
        "Moderator",
        0x6A_A8_4F,
        Permissions::MANAGE_MESSAGES
            | Permissions::KICK_MEMBERS
            | Permissions::BAN_MEMBERS
            | Permissions::MODERATE_MEMBERS
            | Permissions::MANAGE_NICKNAMES
            | Permissions::MANAGE_THREADS
            | Permissions::VIEW_AUDIT_LOG,
    );
    CommunityRoles {
        racing,
        ninjas,
        events,
        member,
        moderator,
        admin: guild,
        bot: guild,
    }
}

/// The other bot's role goes to the bottom, so the bot under test can moderate it.
pub(super) fn order_roles(world: &mut World, guild: Id, roles: &CommunityRoles, other_bot: Id) {
    let Some(state) = world.guilds.get_mut(&guild) else {
        return;
    };
    let other = state
        .roles
        .values()
        .find(|r| r.bot_id == Some(other_bot))
        .map(|r| r.id);
    let order = [
        other,
        Some(roles.racing),
        Some(roles.ninjas),
        Some(roles.events),
        Some(roles.member),
        Some(roles.moderator),
        Some(roles.bot),
        Some(roles.admin),
    ];
    for (position, id) in (1..).zip(order.into_iter().flatten()) {
        if let Some(role) = state.roles.get_mut(&id) {
            role.position = position;
        }
    }
}

pub(super) fn add_channels(world: &mut World, guild: Id, roles: &CommunityRoles) -> CommunityChannels {
    let read_only = Permissions::SEND_MESSAGES | Permissions::ADD_REACTIONS;
    let writes = Permissions::SEND_MESSAGES | Permissions::VIEW_CHANNEL;
    let info = world.add_category(guild, "Information");
    world.overwrite_role(info, guild, Permissions::NONE, read_only);
    world.overwrite_role(info, roles.bot, writes, Permissions::NONE);
    let welcome = world.add_text_channel(guild, "welcome", Some(info));
    let rules = world.add_text_channel(guild, "rules", Some(info));
    let announcements = world.add_text_channel(guild, "announcements", Some(info));
    let community = world.add_category(guild, "Community");
    let general = world.add_text_channel(guild, "general", Some(community));
    let memes = world.add_text_channel(guild, "memes", Some(community));
    let gaming = world.add_text_channel(guild, "gaming", Some(community));
    let bot_commands = world.add_text_channel(guild, "bot-commands", Some(community));
    let lounge = world.add_voice_channel(guild, "Lounge", Some(community));
    let tickets = world.add_category(guild, "Tickets");
    let staff = world.add_category(guild, "Staff");
    for closed in [tickets, staff] {
        world.overwrite_role(closed, guild, Permissions::NONE, Permissions::VIEW_CHANNEL);
        world.overwrite_role(
            closed,
            roles.moderator,
            Permissions::VIEW_CHANNEL,
            Permissions::NONE,
        );
        world.overwrite_role(closed, roles.bot, writes, Permissions::NONE);
    }
    let log = world.add_text_channel(guild, "log", Some(staff));
    let transcripts = world.add_text_channel(guild, "transcripts", Some(staff));
    let mod_chat = world.add_text_channel(guild, "mod-chat", Some(staff));
    CommunityChannels {
        info,
        welcome,
        rules,
        announcements,
        community,
        general,
        memes,
        gaming,
        bot_commands,
        tickets,
        staff,
        log,
        transcripts,
        mod_chat,
        lounge,
    }
}

pub(super) fn add_history(world: &mut World, people: &[Id], channels: &CommunityChannels) -> ApiResult<()> {
    let now = world.now();
    for channel in [channels.general, channels.gaming, channels.memes] {
        let mut at = now - DAY;
        for _ in 0..HISTORY {
            let author = world.dice.pick(people).copied();
            let line = world.dice.pick(&LINES).copied().unwrap_or_default();
            at += MINUTE * i64::try_from(world.dice.below(100) + 1).unwrap_or(1);
            if let Some(author) = author {
                world.add_message(channel, author, line, at)?;
            }
        }
    }
    let author = people.get(3).copied().unwrap_or_default();
    world.add_message(
        channels.rules,
        author,
        "**Rules**\n1. Be kind.\n2. Stay on topic.\n3. No advertising.\n4. Listen to the moderators.",
        now - 300 * DAY,
    )?;
    Ok(())
}

/// Channels beside the usual ones, as far as a guild holds them.
pub(super) fn add_more_channels(world: &mut World, guild: Id, channels: &CommunityChannels, count: usize) {
    let there = world.guilds.get(&guild).map_or(0, |g| g.channels.len());
    for number in 1..=count.min(MOST_CHANNELS.saturating_sub(there)) {
        world.add_text_channel(guild, &format!("topic-{number}"), Some(channels.community));
    }
}

/// Small guilds with the bot in them, of people who are there already.
pub(super) fn add_more_guilds(
    world: &mut World,
    (bot, rights): (Id, Permissions),
    people: &[Id],
    count: usize,
) -> ApiResult<()> {
    let now = world.now();
    for number in 1..=count {
        let Some(owner) = people.get(number % people.len().max(1)).copied() else {
            return Ok(());
        };
        // The shard of a guild is its millisecond modulo their number: an odd step meets all of them.
        let since = now - 500 * DAY - i64::try_from(number).unwrap_or(0) * (MINUTE + 1);
        let guild = world.add_guild_since(&format!("Guild {number}"), owner, since);
        for person in people
            .iter()
            .cycle()
            .skip(number)
            .take(SMALL_GUILD.min(people.len()))
        {
            world.add_member_since(guild, *person, &[], since);
        }
        world.install(bot, guild, rights)?;
        let talk = world.add_category(guild, "Talk");
        for name in ["general", "off-topic", "bot-commands"] {
            world.add_text_channel(guild, name, Some(talk));
        }
    }
    Ok(())
}
