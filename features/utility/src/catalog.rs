//! The help as one kind of reader sees it, made from the registry and kept until that, or what it says, changes.

use std::sync::Arc;

use chrono::Duration;
use hazebot_core::{Rights, Timestamp, ids::GuildId, settings::general, texts::Locale};
use hazebot_discord::{Bot, CommandInfo, Invocation, Message};
use parking_lot::Mutex;

use crate::help::{Page, Parameter, Topic, pages};

/// The order of the categories in every list of cogs.
pub(crate) const CATEGORIES: [&str; 13] = [
    "core",
    "community",
    "content",
    "gaming",
    "moderation",
    "support",
    "user",
    "info",
    "productivity",
    "utility",
    "notifications",
    "monitoring",
    "other",
];

/// How long a kept help may be behind a changed text, colour or footer.
const FRESH: Duration = Duration::seconds(60);

/// Kinds of readers that are kept: languages × rights × guilds; far more than one community has.
const KEPT: usize = 64;

/// What makes two readers see the same.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reader {
    locale: Option<Locale>,
    guild: Option<GuildId>,
    rights: Rights,
    administrator: bool,
}

/// What a kept help was made from, and how long it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Basis {
    version: u64,
    prefix: String,
}

/// The help of one kind of reader.
#[derive(Debug)]
pub(crate) struct Help {
    /// What they may run, in order.
    pub(crate) topics: Vec<Topic>,
    /// The same, as pages.
    pub(crate) pages: Vec<Page>,
    /// The first page as everyone of this kind gets it privately.
    pub(crate) first: Message,
}

/// The kept helps: a handful, so that looking through them costs less than a table.
#[derive(Debug, Default)]
pub(crate) struct Catalog(Kept<Help>);

impl Catalog {
    /// The help for whoever asks.
    pub(crate) fn of(&self, cx: &Invocation, render: impl FnOnce(&[Page]) -> Message) -> Arc<Help> {
        let bot = cx.bot();
        let reader = Reader {
            locale: cx.locale(),
            guild: cx.guild_opt(),
            rights: cx.rights(),
            administrator: cx.is_administrator(),
        };
        let prefix = bot.settings().get(
            reader.guild.unwrap_or_else(|| bot.home()),
            &general::COMMAND_PREFIX,
        );
        let basis = Basis {
            version: bot.registry().version(),
            prefix,
        };
        self.0.get(&reader, &basis, bot.clock().now(), || {
            let topics = topics(bot, &reader, &basis.prefix);
            let pages = pages(&topics);
            let first = render(&pages);
            Help { topics, pages, first }
        })
    }
}

#[derive(Debug)]
struct Entry<T> {
    reader: Reader,
    basis: Basis,
    until: Timestamp,
    value: Arc<T>,
}

#[derive(Debug)]
struct Kept<T>(Mutex<Vec<Entry<T>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    fn get(&self, reader: &Reader, basis: &Basis, now: Timestamp, make: impl FnOnce() -> T) -> Arc<T> {
        let fits = |entry: &&Entry<T>| entry.reader == *reader && entry.basis == *basis && now < entry.until;
        if let Some(entry) = self.0.lock().iter().find(fits) {
            return Arc::clone(&entry.value);
        }
        let value = Arc::new(make());
        let entry = Entry {
            reader: reader.clone(),
            basis: basis.clone(),
            until: now + FRESH,
            value: Arc::clone(&value),
        };
        let mut kept = self.0.lock();
        kept.retain(|other| other.reader != *reader && other.basis.version == basis.version);
        kept.truncate(KEPT - 1);
        kept.push(entry);
        value
    }
}

fn topics(bot: &Bot, reader: &Reader, prefix: &str) -> Vec<Topic> {
    let mut commands: Vec<CommandInfo> = bot.registry().commands();
    commands.retain(|command| !command.hidden && command.who.allows(reader.rights, reader.administrator));
    let place = |command: &CommandInfo| {
        CATEGORIES
            .iter()
            .position(|category| *category == command.cog.category)
            .unwrap_or(CATEGORIES.len())
    };
    commands.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.name.cmp(b.name)));
    commands
        .iter()
        .map(|command| topic(bot, reader, prefix, command))
        .collect()
}

fn topic(bot: &Bot, reader: &Reader, prefix: &str, command: &CommandInfo) -> Topic {
    let texts = bot.texts();
    let id = format!("cmd-{}", command.name);
    let word = |attr: &str| attr_for(bot, reader.locale, reader.guild, &id, attr);
    let category = if CATEGORIES.contains(&command.cog.category) {
        command.cog.category
    } else {
        "other"
    };
    Topic {
        name: command.name.to_owned(),
        aliases: command.aliases.iter().map(|&alias| alias.to_owned()).collect(),
        slash: command.by_slash,
        prefix: command.by_prefix.then(|| prefix.to_owned()),
        parameters: command
            .options
            .iter()
            .map(|option| Parameter {
                name: option.name.to_owned(),
                required: option.required,
                description: word(&format!("option-{}", option.name)).unwrap_or_default(),
            })
            .collect(),
        description: word("description").unwrap_or_else(|| command.name.to_owned()),
        heading: texts.get(
            reader.locale,
            reader.guild,
            &format!("help-category-{category}"),
            &[],
        ),
    }
}

/// An attribute of a command's text in the reader's language, else the guild's, else English.
pub(crate) fn attr_for(
    bot: &Bot,
    reader: Option<Locale>,
    guild: Option<GuildId>,
    id: &str,
    attr: &str,
) -> Option<String> {
    let of_guild = bot.texts().language(guild.unwrap_or_else(|| bot.home()));
    [reader.unwrap_or(of_guild), of_guild, Locale::EN]
        .into_iter()
        .find_map(|locale| bot.texts().attr(locale, id, attr))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use hazebot_core::clock::from_millis;

    use super::*;

    fn reader(rights: Rights) -> Reader {
        Reader {
            locale: None,
            guild: None,
            rights,
            administrator: false,
        }
    }

    fn basis(version: u64, prefix: &str) -> Basis {
        Basis {
            version,
            prefix: prefix.to_owned(),
        }
    }

    #[test]
    fn a_help_is_made_once_for_each_kind_of_reader_until_something_changes() {
        let (kept, made) = (Kept::default(), Cell::new(0));
        let get = |rights, version, prefix: &str, seconds: i64| {
            let make = || made.set(made.get() + 1);
            kept.get(
                &reader(rights),
                &basis(version, prefix),
                from_millis(seconds * 1_000),
                make,
            );
            made.get()
        };
        assert_eq!(
            (get(Rights::Member, 1, "!", 0), get(Rights::Member, 1, "!", 59)),
            (1, 1)
        );
        assert_eq!(
            (get(Rights::Admin, 1, "!", 0), get(Rights::Member, 1, "!", 0)),
            (2, 2),
            "others have their own"
        );
        assert_eq!(get(Rights::Member, 1, "!", 60), 3, "it has become old");
        assert_eq!(get(Rights::Member, 2, "!", 60), 4, "a cog came or went");
        assert_eq!(get(Rights::Member, 2, "?", 60), 5, "the prefix is another");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let kept = Kept::default();
        for guild in 1..=200 {
            let reader = Reader {
                guild: Some(GuildId::new(guild)),
                ..reader(Rights::Member)
            };
            kept.get(&reader, &basis(1, "!"), from_millis(0), || ());
        }
        assert_eq!(kept.0.lock().len(), KEPT);
    }
}
