//! From a world file to a world: people, bots, guilds with their roles and members.

use crate::clock::{Millis, SimClock};
use crate::id::Id;
use crate::world::World;
use crate::world::model::PrivilegedIntents;
use crate::world::permissions::Permissions;
use crate::world::presence::status_named;

use super::WorldFileError;
use super::channels;
use super::names::{Mistakes, Names};
use super::shape::{Bot, Crowd, File, Guild, Installed, Member, Person, Role};

/// Made-up members of one guild: more than Discord's largest guilds with ease of mind, less than the memory holds.
const LARGEST_CROWD: usize = 500_000;
/// Roles of a guild, as on Discord.
const MOST_ROLES: usize = 250;
/// The shortest token: shorter ones are typing mistakes.
const SHORTEST_TOKEN: usize = 8;
/// In what time a crowd joined, one after the other.
const CROWD_DAYS: Millis = 300;
const DAY: Millis = 24 * 3600 * 1000;

/// What is known of the whole world.
pub(super) struct Building {
    pub(super) world: World,
    pub(super) now: Millis,
    pub(super) people: Names<Id>,
    pub(super) bots: Names<Id>,
    pub(super) mistakes: Mistakes,
}

/// What is known of one guild.
pub(super) struct Place {
    pub(super) guild: Id,
    pub(super) roles: Names<Id>,
    pub(super) members: Names<Id>,
}

pub(super) fn build(file: &File, clock: SimClock, seed: u64) -> Result<World, WorldFileError> {
    let now = file.founded.map_or_else(|| clock.now(), |f| f.from(clock.now()));
    let making = if file.founded.is_some() {
        SimClock::manual(now)
    } else {
        clock.clone()
    };
    let mut it = Building {
        world: World::builder().seed(seed).clock(making).build(),
        now,
        people: Names::new("person"),
        bots: Names::new("bot"),
        mistakes: Mistakes::default(),
    };
    for (person, n) in file.people.iter().zip(0..) {
        it.person(person, &format!("people[{n}]"));
    }
    for (bot, n) in file.bots.iter().zip(0..) {
        it.bot(bot, &format!("bots[{n}]"));
    }
    let mut guilds = Names::new("guild");
    for (guild, n) in file.guilds.iter().zip(0..) {
        let path = format!("guilds[{n}]");
        guilds.add(&guild.name, (), &format!("{path}.name"), &mut it.mistakes);
        it.guild(guild, &path);
    }
    // Statuses are shown in all guilds.
    for person in &file.people {
        it.presence(person);
    }
    if !it.mistakes.0.is_empty() {
        return Err(WorldFileError::Content(it.mistakes.0));
    }
    it.world.clock = clock;
    it.world.outbox.clear();
    Ok(it.world)
}

impl Building {
    fn person(&mut self, of: &Person, path: &str) {
        let since = of.since.unwrap_or(super::moment::Moment::Ago(365 * DAY));
        let id = self.world.add_user_since(&of.name, since.from(self.now));
        self.people
            .add(&of.name, id, &format!("{path}.name"), &mut self.mistakes);
        if let Some(status) = &of.status
            && status_named(status).is_none()
        {
            let message = format!("{status:?} is none of online, idle, dnd, invisible");
            self.mistakes.add(format!("{path}.status"), message);
        }
        if let Some(user) = self.world.users.get_mut(&id) {
            user.takes_dms = of.takes_dms;
            if let Some(locale) = &of.locale {
                user.locale.clone_from(locale);
            }
        }
    }

    fn presence(&mut self, of: &Person) {
        let Some(user) = self
            .world
            .users
            .values()
            .find(|u| u.global_name.as_deref() == Some(&of.name))
        else {
            return;
        };
        let playing = of.playing.as_ref();
        let activity = playing.map(|name| serde_json::json!({ "name": name, "type": 0 }));
        if of.status.is_some() || activity.is_some() {
            let status = of.status.as_deref().unwrap_or("online");
            // A status that is none was noted with its place.
            let _ = self
                .world
                .set_presence(user.id, status, activity.into_iter().collect());
        }
    }

    fn bot(&mut self, of: &Bot, path: &str) {
        let owner = self
            .people
            .find(&of.owner, &format!("{path}.owner"), &mut self.mistakes);
        let id = self.world.add_application(&of.name, owner.unwrap_or_default());
        self.bots
            .add(&of.name, id, &format!("{path}.name"), &mut self.mistakes);
        let taken = |token: &str| self.world.application_by_token(token).is_some();
        if let Some(token) = &of.token {
            let path = format!("{path}.token");
            if token.len() < SHORTEST_TOKEN || token.contains(char::is_whitespace) {
                let message = format!("a token has at least {SHORTEST_TOKEN} characters and no spaces");
                self.mistakes.add(path, message);
            } else if taken(token) {
                self.mistakes.add(path, "another bot has this token");
            }
        }
        let intents = of.intents.as_deref().map_or(PrivilegedIntents::ALL, |names| {
            let mut on = PrivilegedIntents::NONE;
            for (name, n) in names.iter().zip(0..) {
                match name.as_str() {
                    "GUILD_MEMBERS" => on.members = true,
                    "GUILD_PRESENCES" => on.presences = true,
                    "MESSAGE_CONTENT" => on.message_content = true,
                    other => {
                        let message =
                            format!("{other:?} is none of GUILD_MEMBERS, GUILD_PRESENCES, MESSAGE_CONTENT");
                        self.mistakes.add(format!("{path}.intents[{n}]"), message);
                    }
                }
            }
            on
        });
        if let Some(app) = self.world.applications.get_mut(&id) {
            app.intents = intents;
            app.description.clone_from(&of.description);
            app.redirect_uris.clone_from(&of.redirect_uris);
            if let Some(token) = &of.token {
                app.token.clone_from(token);
            }
            if let Some(secret) = &of.client_secret {
                app.client_secret.clone_from(secret);
            }
        }
    }

    fn guild(&mut self, of: &Guild, path: &str) {
        let owner = self
            .people
            .find(&of.owner, &format!("{path}.owner"), &mut self.mistakes)
            .unwrap_or_default();
        let since = of.since.map_or(self.now, |s| s.from(self.now));
        let guild = self.world.add_guild_since(&of.name, owner, since);
        let mut place = Place {
            guild,
            roles: Names::new("role"),
            members: Names::new("member"),
        };
        let everyone = of.everyone.as_deref();
        let everyone = everyone.map(|names| self.mistakes.permissions(names, &format!("{path}.everyone")));
        if let Some(state) = self.world.guilds.get_mut(&guild) {
            state.description.clone_from(&of.description);
            if let Some(locale) = &of.locale {
                state.locale.clone_from(locale);
            }
            if let Some((role, set)) = state.roles.get_mut(&guild).zip(everyone) {
                role.permissions = set;
            }
        }
        self.roles(of, path, &mut place);
        for (member, n) in of.members.iter().zip(0..) {
            self.member(member, &format!("{path}.members[{n}]"), &mut place);
        }
        if let Some(crowd) = &of.crowd {
            self.crowd(crowd, &format!("{path}.crowd"), &place, since);
        }
        channels::add(self, of, path, &place);
    }

    /// The roles of the file and of the bots, in one order: the file's highest first, a bot's above the one it names.
    fn roles(&mut self, of: &Guild, path: &str, place: &mut Place) {
        if of.roles.len() + of.bots.len() >= MOST_ROLES {
            let message = format!("a guild has at most {MOST_ROLES} roles");
            self.mistakes.add(format!("{path}.roles"), message);
            return;
        }
        let mut order: Vec<Id> = Vec::new();
        for (n, role) in of.roles.iter().enumerate().rev() {
            let path = format!("{path}.roles[{n}]");
            let id = self.role(role, &path, place.guild);
            place
                .roles
                .add(&role.name, id, &format!("{path}.name"), &mut self.mistakes);
            order.push(id);
        }
        for (bot, n) in of.bots.iter().zip(0..) {
            let path = format!("{path}.bots[{n}]");
            let Some(own) = self.install(bot, &path, place) else {
                continue;
            };
            let above = bot.above.as_ref().and_then(|name| {
                place
                    .roles
                    .find(name, &format!("{path}.above"), &mut self.mistakes)
            });
            let at = above.and_then(|role| order.iter().position(|r| *r == role));
            order.insert(at.map_or(0, |at| at + 1), own);
        }
        place.roles.add(
            "@everyone",
            place.guild,
            &format!("{path}.roles"),
            &mut self.mistakes,
        );
        if let Some(state) = self.world.guilds.get_mut(&place.guild) {
            for (id, position) in order.iter().zip(1..) {
                if let Some(role) = state.roles.get_mut(id) {
                    role.position = position;
                }
            }
        }
    }

    fn role(&mut self, of: &Role, path: &str, guild: Id) -> Id {
        let permissions = self
            .mistakes
            .permissions(&of.permissions, &format!("{path}.permissions"));
        let color = of.color.as_deref().map_or(Some(0), |text| {
            let digits = text.strip_prefix('#').filter(|d| d.len() == 6)?;
            u32::from_str_radix(digits, 16).ok()
        });
        if color.is_none() {
            self.mistakes
                .add(format!("{path}.color"), "a colour is written #rrggbb");
        }
        let id = self
            .world
            .add_role(guild, &of.name, color.unwrap_or(0), permissions);
        if let Some(role) = self
            .world
            .guilds
            .get_mut(&guild)
            .and_then(|g| g.roles.get_mut(&id))
        {
            role.mentionable = of.mentionable;
            role.hoist = of.hoist.unwrap_or(role.hoist);
        }
        id
    }

    fn install(&mut self, of: &Installed, path: &str, place: &mut Place) -> Option<Id> {
        let at = format!("{path}.name");
        let application = self.bots.find(&of.name, &at, &mut self.mistakes)?;
        place.members.add(&of.name, application, &at, &mut self.mistakes);
        let permissions: Permissions = self
            .mistakes
            .permissions(&of.permissions, &format!("{path}.permissions"));
        self.world.install(application, place.guild, permissions).ok()
    }

    fn member(&mut self, of: &Member, path: &str, place: &mut Place) {
        let at = format!("{path}.name");
        let Some(user) = self.people.find(&of.name, &at, &mut self.mistakes) else {
            return;
        };
        place.members.add(&of.name, user, &at, &mut self.mistakes);
        let roles = place
            .roles
            .find_all(&of.roles, &format!("{path}.roles"), &mut self.mistakes);
        let founded = place.guild.made_at();
        let joined = of.joined.map_or(founded, |j| j.from(self.now));
        self.world
            .add_member_since(place.guild, user, &roles, joined.max(founded));
        let guild = self.world.guilds.get_mut(&place.guild);
        if let Some(member) = guild.and_then(|g| g.members.get_mut(&user)) {
            member.nick.clone_from(&of.nick);
        }
    }

    fn crowd(&mut self, of: &Crowd, path: &str, place: &Place, since: Millis) {
        if of.count > LARGEST_CROWD {
            let message = format!("at most {LARGEST_CROWD} made-up members");
            self.mistakes.add(format!("{path}.count"), message);
            return;
        }
        let roles = place
            .roles
            .find_all(&of.roles, &format!("{path}.roles"), &mut self.mistakes);
        for number in 1..=i64::try_from(of.count).unwrap_or(0) {
            let day = number % CROWD_DAYS;
            // Each at a millisecond of their own: an id that is free need not be looked for.
            let joined = self.now - day * DAY - number;
            let user = self
                .world
                .add_user_since(&format!("Guest {number}"), joined - DAY);
            self.world
                .add_member_since(place.guild, user, &roles, joined.max(since));
        }
    }
}
