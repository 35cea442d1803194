//! Commands: one definition answers `/slash` and `!prefix` alike.
//!
//! The words of a command are in the catalogue under `cmd-<name>`: attributes `.description` (what the slash list shows),
//! `.help` (the long text, optional), `.example` (what follows the name, optional), `.name` (the localised name,
//! optional) and `.option-<option>` for each option, `.choice-<option>-<value>` for each choice.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use hazebot_core::{Outcome, Rights};
use twilight_model::channel::ChannelType;

use crate::{answer::Answer, invocation::Invocation};

/// Runs a command or a component.
pub(crate) type Handler = Arc<dyn Fn(Invocation) -> BoxFuture<'static, Outcome<Answer>> + Send + Sync>;

/// Suggests values for an option while somebody types.
pub(crate) type Completer =
    Arc<dyn Fn(Invocation) -> BoxFuture<'static, Outcome<Vec<Suggestion>>> + Send + Sync>;

/// Who may use something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// Every member.
    #[default]
    Everyone,
    /// Moderators and admins.
    Staff,
    /// Admins.
    Admin,
    /// Who has Discord's Administrator permission in the guild.
    GuildAdministrator,
}

impl Who {
    /// Whether somebody of these rights may.
    #[must_use]
    pub fn allows(self, rights: Rights, administrator: bool) -> bool {
        match self {
            Self::Everyone => true,
            Self::Staff => rights.is_staff(),
            Self::Admin => rights.is_admin(),
            Self::GuildAdministrator => administrator,
        }
    }
}

/// How something answers, and so how it is deferred when the handler takes its time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// With a message for all.
    #[default]
    Public,
    /// With a message for the person alone. On a prefix command Discord has no such thing: it is for all there, unless
    /// the command says [`Command::by_button_on_prefix`].
    Ephemeral,
    /// By changing the message that the component is on.
    Update,
    /// With a form. It can't be deferred: the handler does one indexed read at most.
    Modal,
}

/// A suggestion for an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What the person reads; cut to 100 characters.
    pub label: String,
    /// What the handler gets.
    pub value: String,
}

impl Suggestion {
    /// A suggestion whose label is its value.
    #[must_use]
    pub fn plain(value: impl Into<String>) -> Self {
        let value = value.into();
        Self {
            label: value.clone(),
            value,
        }
    }
}

/// The kind of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptKind {
    /// A word, or several in quotes.
    Text,
    /// The rest of the line, as it stands.
    Rest,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// A person.
    User,
    /// A channel of the guild.
    Channel,
    /// A role of the guild.
    Role,
}

/// A choice of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OptChoice {
    /// What the handler gets.
    pub(crate) value: String,
    /// What the person reads, if it isn't in the catalogue.
    pub(crate) label: Option<String>,
}

/// An option of a command.
#[derive(Clone)]
pub struct Opt {
    pub(crate) name: &'static str,
    pub(crate) kind: OptKind,
    pub(crate) required: bool,
    pub(crate) choices: Vec<OptChoice>,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) channel_types: Vec<ChannelType>,
    pub(crate) completer: Option<Completer>,
}

impl Opt {
    fn new(name: &'static str, kind: OptKind) -> Self {
        Self {
            name,
            kind,
            required: false,
            choices: Vec::new(),
            min: None,
            max: None,
            channel_types: Vec::new(),
            completer: None,
        }
    }

    /// A word, or several in quotes.
    #[must_use]
    pub fn text(name: &'static str) -> Self {
        Self::new(name, OptKind::Text)
    }

    /// The rest of the line; must be the last option.
    #[must_use]
    pub fn rest(name: &'static str) -> Self {
        Self::new(name, OptKind::Rest)
    }

    /// A whole number.
    #[must_use]
    pub fn integer(name: &'static str) -> Self {
        Self::new(name, OptKind::Integer)
    }

    /// A number.
    #[must_use]
    pub fn number(name: &'static str) -> Self {
        Self::new(name, OptKind::Number)
    }

    /// Yes or no.
    #[must_use]
    pub fn boolean(name: &'static str) -> Self {
        Self::new(name, OptKind::Boolean)
    }

    /// A person: a mention, an id, or the exact name of a member.
    #[must_use]
    pub fn user(name: &'static str) -> Self {
        Self::new(name, OptKind::User)
    }

    /// A channel: a mention, an id, or its exact name.
    #[must_use]
    pub fn channel(name: &'static str) -> Self {
        Self::new(name, OptKind::Channel)
    }

    /// A role: a mention, an id, or its exact name.
    #[must_use]
    pub fn role(name: &'static str) -> Self {
        Self::new(name, OptKind::Role)
    }

    /// It must be given. Required options come first.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Only these values, at most 25; what people read is in the catalogue, else the value itself.
    #[must_use]
    pub fn choices<V: Into<String>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.choices.extend(values.into_iter().map(|value| OptChoice {
            value: value.into(),
            label: None,
        }));
        self
    }

    /// One more value, with what people read, for names that have no translation.
    #[must_use]
    pub fn choice(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.choices.push(OptChoice {
            value: value.into(),
            label: Some(label.into()),
        });
        self
    }

    /// Smallest and largest number, or shortest and longest text in characters.
    #[must_use]
    pub fn range(mut self, range: std::ops::RangeInclusive<i64>) -> Self {
        self.min = Some(*range.start());
        self.max = Some(*range.end());
        self
    }

    /// Only channels of these kinds, on slash.
    #[must_use]
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = ChannelType>) -> Self {
        self.channel_types.extend(kinds);
        self
    }

    /// Suggests values while somebody types; `cx.typed()` is what they have typed. It does one indexed read at most.
    #[must_use]
    pub fn autocomplete<F, R>(mut self, suggest: F) -> Self
    where
        F: Fn(Invocation) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome<Vec<Suggestion>>> + Send + 'static,
    {
        self.completer = Some(Arc::new(move |cx| Box::pin(suggest(cx))));
        self
    }
}

/// A command.
#[derive(Clone)]
pub struct Command {
    pub(crate) name: &'static str,
    pub(crate) aliases: Vec<&'static str>,
    pub(crate) options: Vec<Opt>,
    pub(crate) who: Who,
    pub(crate) guild_only: bool,
    pub(crate) cooldown: Option<Duration>,
    pub(crate) hidden: bool,
    pub(crate) mode: Mode,
    pub(crate) by_prefix: bool,
    pub(crate) by_slash: bool,
    pub(crate) by_button: bool,
    pub(crate) handler: Option<Handler>,
}

impl Command {
    /// A command that everyone may use, by slash and by prefix, also in direct messages, answered for all.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            aliases: Vec::new(),
            options: Vec::new(),
            who: Who::Everyone,
            guild_only: false,
            cooldown: None,
            hidden: false,
            mode: Mode::Public,
            by_prefix: true,
            by_slash: true,
            by_button: false,
            handler: None,
        }
    }

    /// Another name, by prefix.
    #[must_use]
    pub fn alias(mut self, name: &'static str) -> Self {
        self.aliases.push(name);
        self
    }

    /// Adds an option, in the order that the prefix form takes them.
    #[must_use]
    pub fn option(mut self, option: Opt) -> Self {
        self.options.push(option);
        self
    }

    /// Who may use it. Anything but everyone makes it [`Command::guild_only`].
    #[must_use]
    pub fn who(mut self, who: Who) -> Self {
        self.who = who;
        self.guild_only |= who != Who::Everyone;
        self
    }

    /// It makes sense in a guild only and says so elsewhere.
    #[must_use]
    pub fn guild_only(mut self) -> Self {
        self.guild_only = true;
        self
    }

    /// How long each person waits between two uses; staff don't.
    #[must_use]
    pub fn cooldown(mut self, wait: Duration) -> Self {
        self.cooldown = Some(wait);
        self
    }

    /// Left out of `/help` and of suggestions.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// How it answers.
    #[must_use]
    pub fn answers(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// No slash form.
    #[must_use]
    pub fn prefix_only(mut self) -> Self {
        self.by_slash = false;
        self
    }

    /// No prefix form.
    #[must_use]
    pub fn slash_only(mut self) -> Self {
        self.by_prefix = false;
        self
    }

    /// The prefix form answers with a button that runs the command, so that an ephemeral answer stays private. A command
    /// that answers with a form does so by itself.
    #[must_use]
    pub fn by_button_on_prefix(mut self) -> Self {
        self.by_button = true;
        self
    }

    /// What it does.
    #[must_use]
    pub fn run<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(Invocation) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome<Answer>> + Send + 'static,
    {
        self.handler = Some(Arc::new(move |cx| Box::pin(handler(cx))));
        self
    }

    pub(crate) fn option_named(&self, name: &str) -> Option<&Opt> {
        self.options.iter().find(|option| option.name == name)
    }
}
