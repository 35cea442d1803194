//! What a handler gets: who asks for what, where, with which rights and in which language.

use std::{collections::BTreeMap, sync::Arc};

use hazebot_core::{
    Actor, Failure, Outcome, Rights,
    ids::{ChannelId, GuildId, MessageId, RoleId, UserId},
    texts::{Args, Locale},
};
use twilight_model::channel::Message as ModelMessage;

use crate::{
    bot::Bot,
    dispatch::Answering,
    message::{Embed, Message},
    rest::Posted,
};

/// By which way somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A slash command.
    Slash,
    /// A message that starts with the prefix.
    Prefix,
    /// A button or a select menu.
    Component,
    /// A submitted form.
    Modal,
    /// Somebody types in an option.
    Autocomplete,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their account.
    pub id: UserId,
    /// Account name, unique on Discord.
    pub name: String,
    /// What others see.
    pub display_name: String,
    /// Their picture.
    pub avatar: String,
    /// Whether it is a bot.
    pub bot: bool,
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    User(UserId),
    Channel(ChannelId),
    Role(RoleId),
}

/// The parts of an invocation that its origin fills in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Input {
    pub(crate) options: BTreeMap<String, Value>,
    pub(crate) people: BTreeMap<UserId, Person>,
    /// Arguments of the custom id.
    pub(crate) args: Vec<String>,
    /// Chosen values of a select menu.
    pub(crate) values: Vec<String>,
    /// Fields of a form; menus in it give their values joined by commas.
    pub(crate) fields: BTreeMap<String, String>,
    /// What somebody has typed in the option that is being completed.
    pub(crate) typed: String,
    /// The message that the component is on, or that the command is.
    pub(crate) message: Option<Box<ModelMessage>>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) bot: Bot,
    pub(crate) cog: &'static str,
    pub(crate) origin: Origin,
    pub(crate) guild: Option<GuildId>,
    pub(crate) channel: ChannelId,
    pub(crate) user: Person,
    pub(crate) rights: Rights,
    pub(crate) administrator: bool,
    pub(crate) locale: Option<Locale>,
    pub(crate) input: Input,
    pub(crate) answering: Answering,
}

/// What a handler gets. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Invocation(pub(crate) Arc<Inner>);

impl Invocation {
    /// The shared services.
    #[must_use]
    pub fn bot(&self) -> &Bot {
        &self.0.bot
    }

    /// The cog that the command or component belongs to.
    #[must_use]
    pub fn cog(&self) -> &'static str {
        self.0.cog
    }

    /// By which way.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.0.origin
    }

    /// The guild; `None` in direct messages.
    #[must_use]
    pub fn guild_opt(&self) -> Option<GuildId> {
        self.0.guild
    }

    /// The guild, of something that works in guilds only.
    ///
    /// # Errors
    /// In direct messages.
    pub fn guild(&self) -> Outcome<GuildId> {
        self.0.guild.ok_or_else(|| crate::refusals::guild_only().into())
    }

    /// The channel.
    #[must_use]
    pub fn channel(&self) -> ChannelId {
        self.0.channel
    }

    /// Who asks.
    #[must_use]
    pub fn user(&self) -> &Person {
        &self.0.user
    }

    /// What they may do, as of the moment they asked.
    #[must_use]
    pub fn rights(&self) -> Rights {
        self.0.rights
    }

    /// Whether they have Discord's Administrator permission in the guild, or own it.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.0.administrator
    }

    /// Who asks, for actions and the audit log. In direct messages they act in the home guild.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Member {
            guild: self.0.guild.unwrap_or_else(|| self.0.bot.home()),
            user: self.0.user.id,
            name: self.0.user.name.clone(),
        }
    }

    /// Their language, as their client tells it; `None` on prefix commands, where it is unknown.
    #[must_use]
    pub fn locale(&self) -> Option<Locale> {
        self.0.locale
    }

    /// A text in their language.
    #[must_use]
    pub fn text(&self, id: &str, args: Args<'_>) -> String {
        self.0.bot.texts().get(self.0.locale, self.0.guild, id, args)
    }

    /// An embed with the guild's colour and footer.
    #[must_use]
    pub fn embed(&self) -> Embed {
        self.0.bot.embed(self.0.guild)
    }

    /// A text option that may be missing.
    #[must_use]
    pub fn string_opt(&self, name: &str) -> Option<&str> {
        match self.0.input.options.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A required text option.
    ///
    /// # Errors
    /// If the command does not declare it as a required text.
    pub fn string(&self, name: &str) -> Outcome<&str> {
        self.string_opt(name).ok_or_else(|| missing(name))
    }

    /// A whole number that may be missing.
    #[must_use]
    pub fn integer_opt(&self, name: &str) -> Option<i64> {
        match self.0.input.options.get(name) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// A required whole number.
    ///
    /// # Errors
    /// If the command does not declare it so.
    pub fn integer(&self, name: &str) -> Outcome<i64> {
        self.integer_opt(name).ok_or_else(|| missing(name))
    }

    /// A number that may be missing.
    #[must_use]
    pub fn number_opt(&self, name: &str) -> Option<f64> {
        match self.0.input.options.get(name) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Yes or no, that may be missing.
    #[must_use]
    pub fn boolean_opt(&self, name: &str) -> Option<bool> {
        match self.0.input.options.get(name) {
            Some(Value::Boolean(yes)) => Some(*yes),
            _ => None,
        }
    }

    /// A person that may be missing.
    #[must_use]
    pub fn person_opt(&self, name: &str) -> Option<Person> {
        match self.0.input.options.get(name) {
            Some(Value::User(user)) => self.person_of(*user),
            _ => None,
        }
    }

    /// A required person.
    ///
    /// # Errors
    /// If the command does not declare it so.
    pub fn person(&self, name: &str) -> Outcome<Person> {
        self.person_opt(name).ok_or_else(|| missing(name))
    }

    /// Somebody by their account, if they are in the guild or Discord sent them along.
    #[must_use]
    pub fn person_of(&self, user: UserId) -> Option<Person> {
        let member = self
            .0
            .guild
            .and_then(|guild| self.0.bot.directory().member(guild, user));
        member
            .map(Person::from)
            .or_else(|| self.0.input.people.get(&user).cloned())
    }

    /// A channel that may be missing.
    #[must_use]
    pub fn channel_opt(&self, name: &str) -> Option<ChannelId> {
        match self.0.input.options.get(name) {
            Some(Value::Channel(channel)) => Some(*channel),
            _ => None,
        }
    }

    /// A role that may be missing.
    #[must_use]
    pub fn role_opt(&self, name: &str) -> Option<RoleId> {
        match self.0.input.options.get(name) {
            Some(Value::Role(role)) => Some(*role),
            _ => None,
        }
    }

    /// An argument of the custom id, counted from 0.
    ///
    /// # Errors
    /// If it is not there: the component is of another version.
    pub fn arg(&self, index: usize) -> Outcome<&str> {
        self.arg_opt(index)
            .ok_or_else(|| crate::refusals::outdated_component().into())
    }

    /// An argument of the custom id that may be missing, as with legacy ids.
    #[must_use]
    pub fn arg_opt(&self, index: usize) -> Option<&str> {
        self.0.input.args.get(index).map(String::as_str)
    }

    /// What was chosen in a select menu: values, or ids of people, roles or channels.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.0.input.values
    }

    /// The first that was chosen in a select menu.
    ///
    /// # Errors
    /// If nothing was.
    pub fn value(&self) -> Outcome<&str> {
        self.values()
            .first()
            .map(String::as_str)
            .ok_or_else(|| missing("value"))
    }

    /// A field of a submitted form, as typed; empty if it was left empty.
    #[must_use]
    pub fn field(&self, id: &str) -> &str {
        self.0.input.fields.get(id).map_or("", String::as_str)
    }

    /// What has been typed in the option that is being completed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.0.input.typed
    }

    /// The message that the component is on, or that the prefix command is.
    #[must_use]
    pub fn message(&self) -> Option<&ModelMessage> {
        self.0.input.message.as_deref()
    }

    /// Its id.
    #[must_use]
    pub fn message_id(&self) -> Option<MessageId> {
        self.message().map(|message| message.id)
    }

    /// Promises an answer now, where the work ahead is known to be long. Otherwise it happens by itself.
    ///
    /// # Errors
    /// As any call to Discord.
    pub async fn defer(&self) -> Outcome<()> {
        Ok(self.0.answering.defer().await?)
    }

    /// Says something more, besides the answer; to the person alone if `ephemeral`, where Discord allows that.
    ///
    /// # Errors
    /// As any call to Discord.
    pub async fn follow_up(&self, message: Message, ephemeral: bool) -> Outcome<Posted> {
        Ok(self.0.answering.follow_up(&message, ephemeral).await?)
    }

    /// Changes what was said by [`Invocation::follow_up`], to show how far some work is.
    ///
    /// # Errors
    /// As any call to Discord; after 15 minutes an interaction can't be reached any more.
    pub async fn edit_follow_up(&self, posted: &Posted, message: Message) -> Outcome<Posted> {
        Ok(self.0.answering.edit(posted, &message).await?)
    }
}

impl From<hazebot_core::directory::Member> for Person {
    fn from(member: hazebot_core::directory::Member) -> Self {
        Self {
            id: member.user,
            name: member.username,
            display_name: member.display_name,
            avatar: member.display_avatar,
            bot: member.bot,
        }
    }
}

fn missing(name: &str) -> Failure {
    Failure::internal(format!("the option or value {name} is not there"))
}
