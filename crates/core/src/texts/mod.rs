//! Every text that the bot says, in each language, from Fluent sources in `locales/`; a guild can override any of them.
//!
//! Texts belong to the program, overrides to a guild. Values that come from people are escaped unless said otherwise.

mod bundle;
mod escape;
mod overrides;
mod parity;

use std::{
    borrow::Cow,
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use arc_swap::ArcSwap;
use fluent_bundle::{FluentArgs, FluentValue};
use parking_lot::Mutex;

pub use bundle::{Locale, TextsBuilder, TextsError};
pub use escape::escape;
pub use overrides::OverrideProblem;
pub use parity::check_parity;

use crate::{Refusal, ids::GuildId, settings::Settings, store::Store};
use bundle::Bundles;
use overrides::Overrides;

/// Texts of the core itself.
const CORE_EN: &str = include_str!("../../../../locales/en/core.ftl");
const CORE_DE: &str = include_str!("../../../../locales/de/core.ftl");

/// Missing ids that are remembered so as to be logged once; a program that lacks more has other troubles.
const MOST_MISSING: usize = 256;

/// A value for a placeholder.
#[derive(Clone, Debug)]
pub enum Arg<'a> {
    /// Text that somebody wrote: marks and mentions in it show as they are and do nothing.
    User(Cow<'a, str>),
    /// Text of ours that may hold marks, mentions and timestamps.
    Raw(Cow<'a, str>),
    /// A number, which can choose a plural form.
    Number(f64),
}

impl<'a> Arg<'a> {
    /// Text that somebody wrote.
    pub fn user(text: impl Into<Cow<'a, str>>) -> Self {
        Self::User(text.into())
    }

    /// Text of ours. Never for anything that a person chose.
    pub fn raw(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Raw(text.into())
    }

    /// A whole number, exact up to 2^53. Snowflakes are texts: use [`Arg::raw`].
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "said in the documentation")]
    pub fn number(number: i64) -> Self {
        Self::Number(number as f64)
    }

    fn value(&self) -> FluentValue<'_> {
        match self {
            Self::User(text) => FluentValue::String(Cow::Owned(escape(text))),
            Self::Raw(text) => FluentValue::String(Cow::Borrowed(text)),
            Self::Number(number) => FluentValue::from(*number),
        }
    }
}

/// Placeholders of a text and their values.
pub type Args<'a> = &'a [(&'a str, Arg<'a>)];

/// The catalogue of texts. Cheap to clone.
#[derive(Clone)]
pub struct Texts(Arc<Catalogue>);

struct Catalogue {
    bundles: Bundles,
    overrides: ArcSwap<Overrides>,
    settings: OnceLock<Settings>,
    store: OnceLock<Store>,
    changing: tokio::sync::Mutex<()>,
    missing: Mutex<HashSet<String>>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts")
            .field("locales", &self.locales())
            .finish_non_exhaustive()
    }
}

impl Texts {
    /// Collects the sources of all features.
    #[must_use]
    pub fn builder() -> TextsBuilder {
        TextsBuilder::default()
    }

    fn new(bundles: Bundles) -> Self {
        Self(Arc::new(Catalogue {
            bundles,
            overrides: ArcSwap::default(),
            settings: OnceLock::new(),
            store: OnceLock::new(),
            changing: tokio::sync::Mutex::new(()),
            missing: Mutex::default(),
        }))
    }

    /// From now on a guild's language (`general.language`) decides where the reader's is unknown. Set once.
    pub fn follow(&self, settings: &Settings) {
        let _ = self.0.settings.set(settings.clone());
    }

    /// The languages that there are, English first.
    #[must_use]
    pub fn locales(&self) -> Vec<Locale> {
        self.0.bundles.locales()
    }

    /// The text with this id. Order: the guild's override, the reader's language, the guild's language, English. An
    /// unknown id gives the id itself, and one line in the log.
    pub fn get(
        &self,
        reader: impl Into<Option<Locale>>,
        guild: Option<GuildId>,
        id: &str,
        args: Args<'_>,
    ) -> String {
        self.find(reader.into(), guild, id, args).unwrap_or_else(|| {
            self.report_missing(id);
            id.to_owned()
        })
    }

    /// Like [`Texts::get`], and `None` for an unknown id.
    #[must_use]
    pub fn find(
        &self,
        reader: Option<Locale>,
        guild: Option<GuildId>,
        id: &str,
        args: Args<'_>,
    ) -> Option<String> {
        let of_guild = || guild.map_or(Locale::EN, |guild| self.language(guild));
        let locale = reader
            .filter(|locale| self.0.bundles.has(*locale))
            .unwrap_or_else(of_guild);
        let values: Option<FluentArgs<'_>> =
            (!args.is_empty()).then(|| args.iter().map(|(name, arg)| (*name, arg.value())).collect());
        if let Some(guild) = guild
            && let Some(resource) = self.0.overrides.load().get(guild, locale, id)
            && let Some(text) = self.0.bundles.format_foreign(locale, &resource, values.as_ref())
        {
            return Some(text);
        }
        let others = [locale, of_guild(), Locale::EN];
        others
            .into_iter()
            .find_map(|locale| self.0.bundles.format(locale, id, None, values.as_ref()))
    }

    /// The attribute `.attr` of an id in exactly this language, for example the name or description of a command.
    #[must_use]
    pub fn attr(&self, locale: Locale, id: &str, attr: &str) -> Option<String> {
        self.0.bundles.format(locale, id, Some(attr), None)
    }

    /// What a refusal says to a reader. Its values are shown as they are; without text, its English sentence.
    #[must_use]
    pub fn refusal(&self, reader: Option<Locale>, guild: Option<GuildId>, refusal: &Refusal) -> String {
        let args: Vec<(&str, Arg<'_>)> = refusal
            .args
            .iter()
            .map(|(name, value)| (*name, Arg::user(value.as_str())))
            .collect();
        self.find(reader, guild, refusal.text, &args).unwrap_or_else(|| {
            self.report_missing(refusal.text);
            refusal.sentence.clone().into_owned()
        })
    }

    /// All ids of texts that have a value, sorted: what a guild can override.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.0.bundles.ids()
    }

    /// The source of a text as a translator sees it, `Hello { $user }`; `None` if the language lacks it.
    #[must_use]
    pub fn source(&self, locale: Locale, id: &str) -> Option<String> {
        self.0.bundles.source(locale, id)
    }

    /// The language of a guild.
    #[must_use]
    pub fn language(&self, guild: GuildId) -> Locale {
        let settings = self.0.settings.get();
        settings
            .and_then(|settings| Locale::from_tag(&settings.get(guild, &crate::settings::general::LANGUAGE)))
            .unwrap_or(Locale::EN)
    }

    fn report_missing(&self, id: &str) {
        let mut missing = self.0.missing.lock();
        if missing.len() < MOST_MISSING && missing.insert(id.to_owned()) {
            tracing::error!(text = id, "there is no text with this id");
        }
    }
}

#[cfg(test)]
mod tests;
