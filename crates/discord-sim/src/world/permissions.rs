//! Who may do what: Discord's permission bits and how roles, overwrites and time-outs combine
//! (<https://discord.com/developers/docs/topics/permissions>).

use crate::clock::Millis;
use crate::id::Id;

use super::model::{Channel, Guild, Member, OverwriteKind};

/// A set of permission bits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Permissions(pub u64);

macro_rules! bits {
    ($($name:ident = $bit:literal;)*) => {
        impl Permissions {
            $(#[doc = concat!("Bit ", stringify!($bit), " of Discord's permissions.")]
            pub const $name: Self = Self(1 << $bit);)*

            /// All permissions with their names, in the order of their bits.
            pub const NAMES: &'static [(&'static str, Self)] = &[$((stringify!($name), Self::$name)),*];

            /// The permission of that name, such as `MANAGE_ROLES`.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::NAMES.iter().find(|(n, _)| *n == name).map(|(_, set)| *set)
            }
        }
    };
}

bits! {
    CREATE_INSTANT_INVITE = 0; KICK_MEMBERS = 1; BAN_MEMBERS = 2; ADMINISTRATOR = 3;
    MANAGE_CHANNELS = 4; MANAGE_GUILD = 5; ADD_REACTIONS = 6; VIEW_AUDIT_LOG = 7;
    PRIORITY_SPEAKER = 8; STREAM = 9; VIEW_CHANNEL = 10; SEND_MESSAGES = 11;
    SEND_TTS_MESSAGES = 12; MANAGE_MESSAGES = 13; EMBED_LINKS = 14; ATTACH_FILES = 15;
    READ_MESSAGE_HISTORY = 16; MENTION_EVERYONE = 17; USE_EXTERNAL_EMOJIS = 18;
    CONNECT = 20; SPEAK = 21; MUTE_MEMBERS = 22; DEAFEN_MEMBERS = 23; MOVE_MEMBERS = 24;
    USE_VAD = 25; CHANGE_NICKNAME = 26; MANAGE_NICKNAMES = 27; MANAGE_ROLES = 28;
    MANAGE_WEBHOOKS = 29; MANAGE_GUILD_EXPRESSIONS = 30; USE_APPLICATION_COMMANDS = 31;
    MANAGE_EVENTS = 33; MANAGE_THREADS = 34; CREATE_PUBLIC_THREADS = 35;
    CREATE_PRIVATE_THREADS = 36; USE_EXTERNAL_STICKERS = 37; SEND_MESSAGES_IN_THREADS = 38;
    MODERATE_MEMBERS = 40; SEND_POLLS = 49; USE_EXTERNAL_APPS = 50; PIN_MESSAGES = 51;
}

impl Permissions {
    /// Nothing at all.
    pub const NONE: Self = Self(0);
    /// Every bit that Discord documents today (0 to 52 without the unused ones is close enough to "all").
    pub const ALL: Self = Self((1 << 53) - 1);
    /// What a timed-out member keeps.
    pub const TIMED_OUT: Self = Self(Self::VIEW_CHANNEL.0 | Self::READ_MESSAGE_HISTORY.0);
    /// What `@everyone` may do in a new guild.
    pub const EVERYONE_DEFAULT: Self = Self(
        Self::CREATE_INSTANT_INVITE.0
            | Self::ADD_REACTIONS.0
            | Self::STREAM.0
            | Self::VIEW_CHANNEL.0
            | Self::SEND_MESSAGES.0
            | Self::EMBED_LINKS.0
            | Self::ATTACH_FILES.0
            | Self::READ_MESSAGE_HISTORY.0
            | Self::USE_EXTERNAL_EMOJIS.0
            | Self::CONNECT.0
            | Self::SPEAK.0
            | Self::USE_VAD.0
            | Self::CHANGE_NICKNAME.0
            | Self::USE_APPLICATION_COMMANDS.0
            | Self::CREATE_PUBLIC_THREADS.0
            | Self::SEND_MESSAGES_IN_THREADS.0
            | Self::SEND_POLLS.0
            | Self::USE_EXTERNAL_APPS.0,
    );

    /// True if every bit of `other` is in this set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl std::ops::BitOr for Permissions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

/// Permissions of a member in the guild as a whole, before any channel's overwrites.
#[must_use]
pub fn in_guild(guild: &Guild, member: &Member, now: Millis) -> Permissions {
    let base = untimed_in_guild(guild, member);
    if base == Permissions::ALL {
        base
    } else {
        apply_timeout(base, member, now)
    }
}

fn untimed_in_guild(guild: &Guild, member: &Member) -> Permissions {
    if guild.owner_id == member.user_id {
        return Permissions::ALL;
    }
    let everyone = guild
        .roles
        .get(&guild.id)
        .map_or(Permissions::NONE, |r| r.permissions);
    let all = member
        .roles
        .iter()
        .filter_map(|id| guild.roles.get(id))
        .fold(everyone, |sum, role| sum.with(role.permissions));
    if all.has(Permissions::ADMINISTRATOR) {
        Permissions::ALL
    } else {
        all
    }
}

/// Permissions of a member in a channel. For a thread, pass its parent as `channel`.
#[must_use]
pub fn in_channel(guild: &Guild, channel: &Channel, member: &Member, now: Millis) -> Permissions {
    let base = untimed_in_guild(guild, member);
    if base == Permissions::ALL {
        return base;
    }
    let mut set = base;
    let mut roles = (Permissions::NONE, Permissions::NONE);
    let mut own = (Permissions::NONE, Permissions::NONE);
    for overwrite in &channel.overwrites {
        match overwrite.kind {
            OverwriteKind::Role if overwrite.id == guild.id => {
                set = set.without(overwrite.deny).with(overwrite.allow);
            }
            OverwriteKind::Role if member.roles.contains(&overwrite.id) => {
                roles = (roles.0.with(overwrite.deny), roles.1.with(overwrite.allow));
            }
            OverwriteKind::Member if overwrite.id == member.user_id => {
                own = (overwrite.deny, overwrite.allow)
            }
            _ => {}
        }
    }
    set = set.without(roles.0).with(roles.1).without(own.0).with(own.1);
    implicit(apply_timeout(set, member, now))
}

/// Removes what other missing permissions make impossible.
fn implicit(set: Permissions) -> Permissions {
    if !set.has(Permissions::VIEW_CHANNEL) {
        return Permissions::NONE;
    }
    if set.has(Permissions::SEND_MESSAGES) {
        return set;
    }
    set.without(
        Permissions::MENTION_EVERYONE
            | Permissions::SEND_TTS_MESSAGES
            | Permissions::ATTACH_FILES
            | Permissions::EMBED_LINKS,
    )
}

fn apply_timeout(set: Permissions, member: &Member, now: Millis) -> Permissions {
    if member.timed_out_until.is_some_and(|until| until > now) {
        Permissions(set.0 & Permissions::TIMED_OUT.0)
    } else {
        set
    }
}

/// The position of a member's highest role; the owner stands above all.
#[must_use]
pub fn rank(guild: &Guild, member: &Member) -> i64 {
    if guild.owner_id == member.user_id {
        return i64::MAX;
    }
    member
        .roles
        .iter()
        .filter_map(|id| guild.roles.get(id))
        .map(|r| r.position)
        .max()
        .unwrap_or(0)
}

/// True if `actor` stands above `target` in the role order, so may moderate them.
#[must_use]
pub fn outranks(guild: &Guild, actor: &Member, target: &Member) -> bool {
    target.user_id != guild.owner_id && rank(guild, actor) > rank(guild, target)
}

/// True if `actor` may give, take, edit or delete the role `id`.
#[must_use]
pub fn above_role(guild: &Guild, actor: &Member, id: Id) -> bool {
    guild
        .roles
        .get(&id)
        .is_some_and(|role| rank(guild, actor) > role.position)
}

#[cfg(test)]
mod tests {
    use crate::clock::SimClock;
    use crate::world::World;
    use crate::world::model::kind;

    use super::*;

    const NOW: Millis = 1_750_000_000_000;

    struct Place {
        world: World,
        guild: Id,
        channel: Id,
        member: Id,
        role: Id,
    }

    fn place() -> Place {
        let mut world = World::builder().clock(SimClock::manual(NOW)).build();
        let owner = world.add_user("Owner");
        let guild = world.add_guild("Guild", owner);
        let role = world.add_role(guild, "Role", 0, Permissions::NONE);
        let member = world.add_user("Member");
        world.add_member(guild, member, &[role]);
        let channel = world.add_text_channel(guild, "room", None);
        Place {
            world,
            guild,
            channel,
            member,
            role,
        }
    }

    impl Place {
        fn set(&self, user: Id) -> Permissions {
            self.world
                .permissions_in(self.world.channel(self.channel).unwrap(), user)
        }
    }

    #[test]
    fn a_members_overwrite_wins_over_a_roles_and_that_over_everyones() {
        let mut p = place();
        let send = Permissions::SEND_MESSAGES;
        p.world
            .overwrite_role(p.channel, p.guild, Permissions::NONE, send);
        assert!(!p.set(p.member).has(send));
        p.world.overwrite_role(p.channel, p.role, send, Permissions::NONE);
        assert!(p.set(p.member).has(send));
        p.world
            .overwrite_member(p.channel, p.member, Permissions::NONE, send);
        assert!(!p.set(p.member).has(send));
    }

    #[test]
    fn among_roles_what_is_allowed_wins_over_what_is_denied() {
        let mut p = place();
        let other = p.world.add_role(p.guild, "Other", 0, Permissions::NONE);
        p.world.add_member(p.guild, p.member, &[p.role, other]);
        p.world
            .overwrite_role(p.channel, p.role, Permissions::NONE, Permissions::SEND_MESSAGES);
        p.world
            .overwrite_role(p.channel, other, Permissions::SEND_MESSAGES, Permissions::NONE);
        assert!(p.set(p.member).has(Permissions::SEND_MESSAGES));
    }

    #[test]
    fn who_cannot_see_a_channel_can_do_nothing_in_it() {
        let mut p = place();
        p.world.overwrite_role(
            p.channel,
            p.guild,
            Permissions::SEND_MESSAGES,
            Permissions::VIEW_CHANNEL,
        );
        assert_eq!(p.set(p.member), Permissions::NONE);
    }

    #[test]
    fn who_cannot_write_can_neither_attach_nor_embed() {
        let mut p = place();
        p.world
            .overwrite_role(p.channel, p.guild, Permissions::NONE, Permissions::SEND_MESSAGES);
        assert!(!p.set(p.member).has(Permissions::ATTACH_FILES));
        assert!(!p.set(p.member).has(Permissions::EMBED_LINKS));
        assert!(p.set(p.member).has(Permissions::READ_MESSAGE_HISTORY));
    }

    #[test]
    fn owner_and_administrators_are_above_overwrites_and_time_outs() {
        let mut p = place();
        p.world
            .overwrite_role(p.channel, p.guild, Permissions::NONE, Permissions::VIEW_CHANNEL);
        let admin = p.world.add_role(p.guild, "Admin", 0, Permissions::ADMINISTRATOR);
        p.world.add_member(p.guild, p.member, &[admin]);
        p.world.member_mut(p.guild, p.member).unwrap().timed_out_until = Some(NOW + 1);
        assert_eq!(p.set(p.member), Permissions::ALL);
        let owner = p.world.guild(p.guild).unwrap().owner_id;
        assert_eq!(p.set(owner), Permissions::ALL);
    }

    #[test]
    fn a_time_out_leaves_reading_until_it_ends() {
        let mut p = place();
        p.world.member_mut(p.guild, p.member).unwrap().timed_out_until = Some(NOW + 60_000);
        assert_eq!(p.set(p.member), Permissions::TIMED_OUT);
        p.world.clock.advance(std::time::Duration::from_secs(61));
        assert!(p.set(p.member).has(Permissions::SEND_MESSAGES));
    }

    #[test]
    fn a_thread_takes_its_rights_from_its_channel() {
        let mut p = place();
        p.world
            .overwrite_role(p.channel, p.guild, Permissions::NONE, Permissions::VIEW_CHANNEL);
        let thread = p
            .world
            .add_channel_of(p.guild, kind::PUBLIC_THREAD, "talk", Some(p.channel));
        let set = p.world.permissions_in(p.world.channel(thread).unwrap(), p.member);
        assert_eq!(set, Permissions::NONE);
    }

    #[test]
    fn strangers_may_nothing_and_nobody_stands_above_the_owner() {
        let mut p = place();
        let stranger = p.world.add_user("Stranger");
        assert_eq!(p.set(stranger), Permissions::NONE);
        let top = p.world.add_role(p.guild, "Top", 0, Permissions::ADMINISTRATOR);
        p.world.add_member(p.guild, p.member, &[top]);
        let guild = p.world.guild(p.guild).unwrap();
        let (owner, member) = (
            guild.members.get(&guild.owner_id).unwrap(),
            guild.members.get(&p.member).unwrap(),
        );
        assert!(!outranks(guild, member, owner));
        assert!(outranks(guild, owner, member));
        assert!(!above_role(guild, member, top));
    }
}
