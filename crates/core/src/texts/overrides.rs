//! Texts that a guild says its own way.
//!
//! They belong to a guild. An override may use the placeholders of the text that it replaces, and plural forms; it can't
//! reach other texts or functions. It is checked before it is stored.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use fluent_bundle::FluentResource;
use fluent_syntax::ast;
use serde_json::json;

use super::{Locale, Texts, parity::variables};
use crate::{
    Actor, Failure, Outcome, Refusal,
    audit::Audit,
    events::NewEvent,
    ids::{GuildId, Snowflake},
    settings::Settings,
    store::{self, Store},
};

/// Characters of an override: a message of Discord holds 2,000.
const LONGEST: usize = 2_000;

/// The event of a change.
const CHANGED: &str = "text.changed";

/// What is wrong with an override.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverrideProblem {
    /// There is no text with this id.
    #[error("there is no text {0}")]
    Unknown(String),
    /// It is empty or too long.
    #[error("the text must have 1 to 2000 characters")]
    Length,
    /// Its braces don't make sense.
    #[error("the text cannot be read: {0}")]
    Syntax(String),
    /// It uses a placeholder that the text doesn't have.
    #[error("the placeholder {{ ${0} }} has no value here; known are: {1}")]
    Placeholder(String, String),
    /// It refers to another text, or calls a function.
    #[error("the text may hold placeholders and plural forms only")]
    Reference,
}

/// A checked override.
#[derive(Clone)]
struct Entry {
    source: Arc<str>,
    resource: Arc<FluentResource>,
}

/// Those of a guild.
type OfGuild = HashMap<(Locale, String), Entry>;

/// All overrides that are in use.
#[derive(Clone, Default)]
pub(super) struct Overrides(HashMap<GuildId, Arc<OfGuild>>);

impl Overrides {
    pub(super) fn get(&self, guild: GuildId, locale: Locale, id: &str) -> Option<Arc<FluentResource>> {
        let texts = self.0.get(&guild)?;
        // Most guilds override nothing: no key is built for them.
        if texts.is_empty() {
            return None;
        }
        texts
            .get(&(locale, id.to_owned()))
            .map(|entry| Arc::clone(&entry.resource))
    }
}

/// The pattern of a resource that holds one message.
pub(super) fn pattern(resource: &FluentResource) -> Option<&ast::Pattern<&str>> {
    match resource.get_entry(0)? {
        ast::Entry::Message(message) => message.value.as_ref(),
        _ => None,
    }
}

impl Texts {
    /// From now on overrides are kept in this store, and rights are checked by these settings. Set once.
    pub fn keep_in(&self, store: &Store, settings: &Settings) {
        let _ = self.0.store.set(store.clone());
        self.follow(settings);
    }

    /// Checks an override without storing it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_override(&self, locale: Locale, id: &str, text: &str) -> Result<(), OverrideProblem> {
        self.compile(locale, id, text).map(|_| ())
    }

    fn compile(&self, locale: Locale, id: &str, text: &str) -> Result<Entry, OverrideProblem> {
        let original = self
            .0
            .bundles
            .pattern(locale, id)
            .or_else(|| self.0.bundles.pattern(Locale::EN, id));
        let known = variables(original.ok_or_else(|| OverrideProblem::Unknown(id.to_owned()))?);
        let text = text.trim_matches(['\n', '\r']);
        if text.trim().is_empty() || text.chars().count() > LONGEST {
            return Err(OverrideProblem::Length);
        }
        let syntax = |error: &dyn ToString| OverrideProblem::Syntax(error.to_string());
        let resource = FluentResource::try_new(message_source(text, &known)).map_err(|(_, errors)| {
            errors
                .first()
                .map_or(OverrideProblem::Length, |error| syntax(error))
        })?;
        let pattern = pattern(&resource).filter(|_| resource.get_entry(1).is_none());
        let pattern = pattern.ok_or_else(|| syntax(&"it is more than one text"))?;
        if !is_plain(pattern) {
            return Err(OverrideProblem::Reference);
        }
        if let Some(unknown) = variables(pattern).difference(&known).next() {
            let known: Vec<String> = known.iter().map(|name| format!("{{ ${name} }}")).collect();
            return Err(OverrideProblem::Placeholder(unknown.clone(), known.join(", ")));
        }
        Ok(Entry {
            source: text.into(),
            resource: Arc::new(resource),
        })
    }

    /// The guild's overrides: language, id and source.
    #[must_use]
    pub fn overrides(&self, guild: GuildId) -> Vec<(Locale, String, String)> {
        let overrides = self.0.overrides.load();
        let texts = overrides.0.get(&guild).cloned().unwrap_or_default();
        let mut list: Vec<_> = texts
            .iter()
            .map(|((locale, id), entry)| (*locale, id.clone(), entry.source.to_string()))
            .collect();
        list.sort_unstable();
        list
    }

    /// Reads a guild's overrides from the store: when the guild arrives, and when another process changed them.
    ///
    /// # Errors
    /// The store can't be read; the overrides stay as they were.
    pub async fn load_overrides(&self, guild: GuildId) -> Outcome<()> {
        let Some(store) = self.0.store.get() else {
            return Ok(());
        };
        let _changing = self.0.changing.lock().await;
        let mut reader = store.read().await?;
        let rows: Vec<(String, String, String)> = store::fetch_all!(
            reader,
            (String, String, String),
            "SELECT locale, key, value FROM text_overrides WHERE guild_id = $1",
            guild.to_i64()
        )?;
        let mut texts = OfGuild::new();
        for (locale, id, text) in rows {
            let Some(locale) = Locale::from_tag(&locale) else {
                continue;
            };
            match self.compile(locale, &id, &text) {
                Ok(entry) => {
                    texts.insert((locale, id), entry);
                }
                Err(problem) => {
                    tracing::warn!(%guild, text = id, %problem, "a stored text is not valid any more")
                }
            }
        }
        self.swap(guild, texts);
        Ok(())
    }

    /// Keeps up with what other processes on the same database change; as
    /// [`Settings::follow_others`](crate::settings::Settings::follow_others).
    pub fn follow_others(&self) -> impl Future<Output = ()> + Send + 'static {
        let store = self.0.store.get().filter(|store| store.is_shared());
        let (texts, feed) = (self.clone(), store.map(|store| store.events().subscribe()));
        async move {
            let Some(mut feed) = feed else { return };
            loop {
                let event = feed.next().await;
                let Some(guild) = event.guild.filter(|_| event.kind == CHANGED) else {
                    continue;
                };
                if let Err(error) = texts.load_overrides(guild).await {
                    tracing::error!(%guild, %error, "texts that another process changed were not read");
                }
            }
        }
    }

    fn swap(&self, guild: GuildId, texts: OfGuild) {
        let texts = Arc::new(texts);
        self.0.overrides.rcu(|overrides| {
            let mut overrides = Overrides::clone(overrides);
            overrides.0.insert(guild, Arc::clone(&texts));
            overrides
        });
    }

    /// Replaces a text in a guild, or takes the replacement back (`None`). Counts when this returns.
    ///
    /// # Errors
    /// A refusal if the actor is not staff, if the text is not valid, or without a store; or the store's failure.
    pub async fn set_override(
        &self,
        actor: &Actor,
        guild: GuildId,
        locale: Locale,
        id: &str,
        text: Option<&str>,
    ) -> Outcome<()> {
        let (Some(store), Some(settings)) = (self.0.store.get(), self.0.settings.get()) else {
            return Err(Failure::internal("texts have no store"));
        };
        if !settings.rights(guild, actor).is_staff() {
            return Err(Refusal::forbidden("settings-staff-only", "Only staff can change texts").into());
        }
        let entry = text
            .map(|text| self.compile(locale, id, text))
            .transpose()
            .map_err(|problem| {
                Failure::from(
                    Refusal::invalid("text-refused", problem.to_string())
                        .with("problem", problem.to_string()),
                )
            })?;
        let (texts, store, actor, id) = (self.clone(), store.clone(), actor.clone(), id.to_owned());
        // Runs to its end even if nobody waits any more: a stored change must count.
        let work = tokio::spawn(async move {
            let _changing = texts.0.changing.lock().await;
            let source = entry.as_ref().map(|entry| entry.source.to_string());
            write(&store, actor, guild, locale, id.clone(), source).await?;
            let now = texts
                .0
                .overrides
                .load()
                .0
                .get(&guild)
                .cloned()
                .unwrap_or_default();
            let mut now = OfGuild::clone(&now);
            match entry {
                Some(entry) => now.insert((locale, id), entry),
                None => now.remove(&(locale, id)),
            };
            texts.swap(guild, now);
            Ok(())
        });
        work.await
            .map_err(|_| Failure::internal("changing a text was interrupted"))?
    }
}

async fn write(
    store: &Store,
    actor: Actor,
    guild: GuildId,
    locale: Locale,
    id: String,
    text: Option<String>,
) -> Outcome<()> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let before: Option<String> = store::fetch_scalar_optional!(
                    tx,
                    String,
                    "SELECT value FROM text_overrides WHERE guild_id = $1 AND locale = $2 AND key = $3",
                    guild.to_i64(),
                    locale.code(),
                    id.as_str()
                )?;
                match &text {
                    Some(text) => store::execute!(
                        tx,
                        "INSERT INTO text_overrides (guild_id, locale, key, value) VALUES ($1, $2, $3, $4) ON CONFLICT (guild_id, locale, key) DO UPDATE SET value = excluded.value",
                        guild.to_i64(),
                        locale.code(),
                        id.as_str(),
                        text.as_str()
                    )?,
                    None => store::execute!(
                        tx,
                        "DELETE FROM text_overrides WHERE guild_id = $1 AND locale = $2 AND key = $3",
                        guild.to_i64(),
                        locale.code(),
                        id.as_str()
                    )?,
                };
                let entry = Audit::new(&actor, "text.change").guild(guild).target(format!("{locale}/{id}"));
                tx.audit(entry.before(json!(before)).after(json!(text))).await?;
                let payload = json!({"locale": locale.code(), "id": id});
                tx.emit(NewEvent::new(CHANGED).guild(guild).actor(&actor).payload(payload)).await
            })
        })
        .await
}

/// The text as the source of one message. `{name}` of a known placeholder is understood as `{ $name }`; characters that
/// mean something at the start of a line are quoted.
fn message_source(text: &str, known: &BTreeSet<String>) -> String {
    let mut text = text.to_owned();
    for name in known {
        text = text.replace(&format!("{{{name}}}"), &format!("{{ ${name} }}"));
    }
    let mut source = String::from("t =");
    let mut depth = 0_usize;
    for line in text.lines() {
        source.push_str("\n    ");
        let body = line.trim_start();
        let blanks = line.get(..line.len() - body.len()).unwrap_or_default();
        match body.chars().next() {
            // Inside of a plural form such lines are Fluent's own.
            Some(first @ ('.' | '[' | '*')) if depth == 0 => {
                source.push_str("{ \"");
                source.push_str(blanks);
                source.push(first);
                source.push_str("\" }");
                source.push_str(body.get(first.len_utf8()..).unwrap_or_default());
            }
            _ => source.push_str(line),
        }
        depth = (depth + line.matches('{').count()).saturating_sub(line.matches('}').count());
    }
    source.push('\n');
    source
}

fn is_plain(pattern: &ast::Pattern<&str>) -> bool {
    pattern.elements.iter().all(|element| match element {
        ast::PatternElement::TextElement { .. } => true,
        ast::PatternElement::Placeable { expression } => is_plain_expression(expression),
    })
}

fn is_plain_expression(expression: &ast::Expression<&str>) -> bool {
    match expression {
        ast::Expression::Inline(inline) => is_plain_inline(inline),
        ast::Expression::Select { selector, variants } => {
            is_plain_inline(selector) && variants.iter().all(|variant| is_plain(&variant.value))
        }
    }
}

fn is_plain_inline(inline: &ast::InlineExpression<&str>) -> bool {
    use ast::InlineExpression::{NumberLiteral, Placeable, StringLiteral, VariableReference};
    match inline {
        StringLiteral { .. } | NumberLiteral { .. } | VariableReference { .. } => true,
        Placeable { expression } => is_plain_expression(expression),
        _ => false,
    }
}
