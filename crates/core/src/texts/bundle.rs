//! The parsed sources, one bundle for each language.

use std::fmt;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use fluent_syntax::ast;

use super::Texts;

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Locale(&'static str);

/// All languages; a further one is added here and gets a folder in `locales/`.
const LOCALES: &[Locale] = &[Locale::EN, Locale::DE];

impl Locale {
    /// English: complete, and the last resort.
    pub const EN: Self = Self("en");
    /// German.
    pub const DE: Self = Self("de");

    /// From a language tag as Discord and browsers send it (`de`, `en-GB`, `de-AT`); `None` for languages that the
    /// catalogue lacks.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        LOCALES
            .iter()
            .copied()
            .find(|locale| locale.0.eq_ignore_ascii_case(language))
    }

    /// `en`, `de`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0
    }

    /// The tags under which Discord knows this language (Discord reference, "Locales").
    #[must_use]
    pub fn discord_tags(self) -> &'static [&'static str] {
        match self.0 {
            "en" => &["en-US", "en-GB"],
            "de" => &["de"],
            _ => &[],
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Why the catalogue could not be built: every fault with its language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the texts have faults: {}", .0.join("; "))]
pub struct TextsError(pub Vec<String>);

/// Collects sources.
#[derive(Debug, Default)]
pub struct TextsBuilder(Vec<(&'static str, &'static str)>);

impl TextsBuilder {
    /// Adds a source: `.add("en", include_str!("…/tickets.ftl"))`.
    #[must_use]
    pub fn add(mut self, locale: &'static str, source: &'static str) -> Self {
        self.0.push((locale, source));
        self
    }

    /// Adds several: what a feature offers as `pub const TEXTS: &[(&str, &str)]`.
    #[must_use]
    pub fn add_all(mut self, sources: &[(&'static str, &'static str)]) -> Self {
        self.0.extend_from_slice(sources);
        self
    }

    /// Parses everything.
    ///
    /// # Errors
    /// Sources that don't parse, unknown languages, and ids that are there twice.
    pub fn build(self) -> Result<Texts, TextsError> {
        let (mut bundles, mut faults) = (Bundles::default(), Vec::new());
        let core = [("en", super::CORE_EN), ("de", super::CORE_DE)];
        for (tag, source) in core.into_iter().chain(self.0) {
            match Locale::from_tag(tag) {
                Some(locale) => bundles.add(locale, source, &mut faults),
                None => faults.push(format!("{tag}: there is no such language")),
            }
        }
        if faults.is_empty() {
            Ok(Texts::new(bundles))
        } else {
            Err(TextsError(faults))
        }
    }
}

/// The languages and their texts.
#[derive(Default)]
pub(super) struct Bundles(Vec<(Locale, FluentBundle<FluentResource>, Vec<String>)>);

impl Bundles {
    fn add(&mut self, locale: Locale, source: &'static str, faults: &mut Vec<String>) {
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) => resource,
            Err((_, errors)) => {
                return faults.extend(errors.iter().map(|error| format!("{locale}: {error}")));
            }
        };
        let ids = resource.entries().filter_map(|entry| match entry {
            ast::Entry::Message(message) if message.value.is_some() => Some(message.id.name.to_owned()),
            _ => None,
        });
        let ids: Vec<String> = ids.collect();
        if !self.has(locale) {
            let mut bundle = FluentBundle::new_concurrent(locale.0.parse().into_iter().collect());
            // Discord shows the marks that would isolate placeholders as boxes in some clients.
            bundle.set_use_isolating(false);
            if bundle.add_builtins().is_err() {
                faults.push(format!("{locale}: the built-in functions are missing"));
            }
            self.0.push((locale, bundle, Vec::new()));
        }
        let Some((_, bundle, known)) = self.0.iter_mut().find(|(of, ..)| *of == locale) else {
            return;
        };
        known.extend(ids);
        if let Err(errors) = bundle.add_resource(resource) {
            faults.extend(errors.iter().map(|error| format!("{locale}: {error}")));
        }
    }

    fn bundle(&self, locale: Locale) -> Option<&FluentBundle<FluentResource>> {
        self.0
            .iter()
            .find(|(of, ..)| *of == locale)
            .map(|(_, bundle, _)| bundle)
    }

    pub(super) fn has(&self, locale: Locale) -> bool {
        self.bundle(locale).is_some()
    }

    pub(super) fn locales(&self) -> Vec<Locale> {
        let mut locales: Vec<Locale> = self.0.iter().map(|(locale, ..)| *locale).collect();
        locales.sort_by_key(|locale| *locale != Locale::EN);
        locales
    }

    pub(super) fn ids(&self) -> Vec<String> {
        let english = self.0.iter().find(|(locale, ..)| *locale == Locale::EN);
        let mut ids = english.map(|(.., ids)| ids.clone()).unwrap_or_default();
        ids.sort_unstable();
        ids
    }

    pub(super) fn format(
        &self,
        locale: Locale,
        id: &str,
        attr: Option<&str>,
        args: Option<&FluentArgs<'_>>,
    ) -> Option<String> {
        let bundle = self.bundle(locale)?;
        let message = bundle.get_message(id)?;
        let pattern = match attr {
            Some(attr) => message.get_attribute(attr)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        for error in errors {
            tracing::warn!(text = id, %locale, %error, "a text has a fault");
        }
        Some(text)
    }

    /// Formats a message from outside of the bundle; `None` if anything in it fails, so that the caller can fall back.
    pub(super) fn format_foreign(
        &self,
        locale: Locale,
        resource: &FluentResource,
        args: Option<&FluentArgs<'_>>,
    ) -> Option<String> {
        let bundle = self.bundle(locale)?;
        let pattern = super::overrides::pattern(resource)?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }

    pub(super) fn pattern(&self, locale: Locale, id: &str) -> Option<&ast::Pattern<&str>> {
        self.bundle(locale)?.get_message(id)?.value()
    }

    pub(super) fn source(&self, locale: Locale, id: &str) -> Option<String> {
        let pattern = self.pattern(locale, id)?;
        let message = ast::Message {
            id: ast::Identifier { name: "t" },
            value: Some(pattern.clone()),
            attributes: Vec::new(),
            comment: None,
        };
        let resource = ast::Resource {
            body: vec![ast::Entry::Message(message)],
        };
        let text = fluent_syntax::serializer::serialize(&resource);
        let body = text.strip_prefix("t =")?.trim_end();
        let lines: Vec<&str> = body
            .lines()
            .map(|line| line.strip_prefix("    ").unwrap_or(line))
            .collect();
        Some(lines.join("\n").trim().to_owned())
    }
}
