//! Makes a [`LogLine`] of each event: collects fields from event and spans, masks, then hands it on.

use std::{fmt, marker::PhantomData, sync::Arc};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::Interest,
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use super::{
    cogs::cog_mark,
    level::{LogLevel, LogLevels, is_ours},
    line::LogLine,
    view::LogView,
    worker::LineSender,
};
use crate::{
    Clock,
    secrets::{MASK, Masker, clean, is_telling},
};

/// Target of the span around a sink.
pub(super) const SINK_TARGET: &str = "hazebot::log_sink";
/// Bytes of a message, or of a field: a page of text, so that a line never fills a screen of the panel.
const LONGEST_TEXT: usize = 4_000;
/// Fields of a line.
const MOST_FIELDS: usize = 24;

/// The layer that makes lines. Install it once.
pub struct LogLayer<S> {
    levels: Arc<LogLevels>,
    view: LogView,
    sender: LineSender,
    clock: Clock,
    masker: Masker,
    subscriber: PhantomData<fn(S)>,
}

impl<S> fmt::Debug for LogLayer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogLayer")
            .field("levels", &self.levels)
            .finish_non_exhaustive()
    }
}

impl<S> LogLayer<S> {
    pub(super) fn new(
        levels: Arc<LogLevels>,
        view: LogView,
        sender: LineSender,
        clock: Clock,
        masker: Masker,
    ) -> Self {
        Self {
            levels,
            view,
            sender,
            clock,
            masker,
            subscriber: PhantomData,
        }
    }

    fn tidy(&self, text: &str) -> String {
        let masked = self.masker.mask(text);
        let mut cleaned = clean(&masked).into_owned();
        if cleaned.len() > LONGEST_TEXT {
            cleaned.truncate(cleaned.floor_char_boundary(LONGEST_TEXT));
            cleaned.push('…');
        }
        cleaned
    }

    fn tidy_field(&self, name: &str, value: &str) -> String {
        if is_telling(name) {
            MASK.to_owned()
        } else {
            self.tidy(value)
        }
    }
}

/// What a span says about the events inside of it.
#[derive(Default)]
struct About {
    cog: Option<String>,
    guild: Option<String>,
    correlation: Option<String>,
}

/// Fields of an event or a span.
#[derive(Default)]
struct Fields {
    about: About,
    message: String,
    critical: bool,
    others: Vec<(&'static str, String)>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: String) {
        match field.name() {
            "cog" => self.about.cog = Some(cog_mark(&value).map_or(value, |mark| mark.name.to_owned())),
            "guild" => self.about.guild = Some(value),
            "correlation" => self.about.correlation = Some(value),
            "message" => self.message = value,
            "critical" => self.critical = value == "true",
            name if self.others.len() < MOST_FIELDS && !name.starts_with("log.") => {
                self.others.push((name, value))
            }
            _ => {}
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.to_owned());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut cause = value.source();
        while let Some(inner) = cause {
            text.push_str(": ");
            text.push_str(&inner.to_string());
            cause = inner.source();
        }
        self.put(field, text);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }
}

impl<S> Layer<S> for LogLayer<S>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
{
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        // Levels change at run time: each change rebuilds this cache.
        if self.levels.may_pass(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.levels.may_pass(metadata)
    }

    fn max_level_hint(&self) -> Option<tracing::level_filters::LevelFilter> {
        Some(self.levels.hint())
    }

    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields.about);
        }
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(about) = span.extensions_mut().get_mut::<About>() {
            about.cog = fields.about.cog.or(about.cog.take());
            about.guild = fields.about.guild.or(about.guild.take());
            about.correlation = fields.about.correlation.or(about.correlation.take());
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut in_sink = false;
        for span in context.event_scope(event).into_iter().flatten() {
            in_sink |= span.metadata().target() == SINK_TARGET;
            if let Some(about) = span.extensions().get::<About>() {
                let ours = &mut fields.about;
                ours.cog = ours.cog.take().or_else(|| about.cog.clone());
                ours.guild = ours.guild.take().or_else(|| about.guild.clone());
                ours.correlation = ours.correlation.take().or_else(|| about.correlation.clone());
            }
        }
        let level = match LogLevel::of(*metadata.level()) {
            LogLevel::Error if fields.critical => LogLevel::Critical,
            level => level,
        };
        let Fields {
            about,
            message,
            others,
            ..
        } = fields;
        let cog = about.cog.map(|cog| self.tidy(&cog));
        if !self
            .levels
            .passes(level, cog.as_deref(), is_ours(metadata.target()))
        {
            return;
        }
        let line = LogLine {
            id: 0,
            at: self.clock.now(),
            level,
            target: metadata.target(),
            cog,
            guild: about.guild.map(|guild| self.tidy(&guild)),
            correlation: about.correlation.map(|correlation| self.tidy(&correlation)),
            message: self.tidy(&message),
            fields: others
                .iter()
                .map(|(name, value)| (*name, self.tidy_field(name, value)))
                .collect(),
        };
        let line = self.view.publish(line, in_sink);
        self.sender.send(line);
    }
}
