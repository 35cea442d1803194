//! One line of the log.

use std::fmt::Write as _;

use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::{cogs::cog_mark, level::LogLevel};
use crate::clock::{Timestamp, rfc3339};

/// An event of the log, masked and on one line.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// Ascending without gaps, from 1 at each start.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// How grave.
    pub level: LogLevel,
    /// Module that wrote it.
    pub target: &'static str,
    /// Registry name of the cog.
    pub cog: Option<String>,
    /// Guild it is about.
    pub guild: Option<String>,
    /// Id that a person was told.
    pub correlation: Option<String>,
    /// The text, without the cog's sign.
    pub message: String,
    /// Further fields.
    pub fields: Vec<(&'static str, String)>,
}

impl LogLine {
    /// `🎫 [TicketSystem] text key=value`, or the text alone where no cog wrote it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.message.len() + 32);
        if let Some(cog) = &self.cog {
            let (emoji, file) = cog_mark(cog).map_or(("🧩", cog.as_str()), |mark| (mark.emoji, mark.file));
            let _ = write!(text, "{emoji} [{file}] ");
        }
        text.push_str(&self.message);
        for (name, value) in &self.fields {
            let _ = write!(text, " {name}={value}");
        }
        text
    }

    /// `HH:MM:SS` in a zone.
    #[must_use]
    pub fn clock(&self, zone: Tz) -> String {
        self.at.with_timezone(&zone).format("%H:%M:%S").to_string()
    }

    /// The whole line as people read it: `[12:00:00] 💖  INFO    │ 🎫 [TicketSystem] text`.
    #[must_use]
    pub fn human(&self, zone: Tz) -> String {
        format!(
            "[{}] {}  {:<7} │ {}",
            self.clock(zone),
            self.level.emoji(),
            self.level,
            self.text()
        )
    }

    /// The form of the files: one JSON object.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("time".into(), rfc3339(self.at).into());
        object.insert("level".into(), self.level.name().into());
        object.insert("target".into(), self.target.into());
        for (name, value) in [
            ("cog", &self.cog),
            ("guild", &self.guild),
            ("correlation", &self.correlation),
        ] {
            if let Some(value) = value {
                object.insert(name.into(), value.as_str().into());
            }
        }
        object.insert("message".into(), self.message.as_str().into());
        if !self.fields.is_empty() {
            let fields: Map<String, Value> = self
                .fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect();
            object.insert("fields".into(), Value::Object(fields));
        }
        Value::Object(object)
    }
}
