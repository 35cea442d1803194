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

/// The help of one kind of reader.
#[derive(Debug)]
pub(crate) struct Help {
    /// What they may run, in order.
    pub topics: Vec<Topic>,
    /// The same, as pages.
    pub pages: Vec<Page>,
    /// The first page as everyone of this kind gets it privately.
    pub first: Message,
    version: u64,
    prefix: String,
    until: Timestamp,
}

/// The kept helps: a handful, so that looking through them costs less than a table.
#[derive(Debug, Default)]
pub(crate) struct Catalog(Mutex<Vec<(Reader, Arc<Help>)>>);

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
        let (version, now) = (bot.registry().version(), bot.clock().now());
        let prefix = bot.settings().get(
            reader.guild.unwrap_or_else(|| bot.home()),
            &general::COMMAND_PREFIX,
        );
        if let Some((_, help)) = self.0.lock().iter().find(|(kept, _)| *kept == reader)
            && help.version == version
            && help.prefix == prefix
            && now < help.until
        {
            return Arc::clone(help);
        }
        let topics = topics(bot, &reader, &prefix);
        let pages = pages(&topics);
        let first = render(&pages);
        let help = Arc::new(Help {
            topics,
            pages,
            first,
            version,
            prefix,
            until: now + FRESH,
        });
        let mut kept = self.0.lock();
        kept.retain(|(other, help)| *other != reader && help.version == version);
        kept.truncate(KEPT - 1);
        kept.push((reader, Arc::clone(&help)));
        help
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
