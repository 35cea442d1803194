//! Panels: messages in a guild's channels from which members open tickets.

use std::{fmt, str::FromStr};

use hazebot_core::{
    Refusal,
    ids::{ChannelId, GuildId, MessageId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::kinds::MAX_KINDS;

/// Panels of one guild: more would not be kept up by anybody.
pub const MAX_PANELS: usize = 25;
/// Longest title and text, in code points: what an embed takes, with room for escapes.
const TITLE: std::ops::RangeInclusive<usize> = 1..=200;
const MAX_TEXT: usize = 2_000;

/// Names a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PanelId(pub Uuid);

impl PanelId {
    /// The part of it that stands in custom ids, 16 letters.
    #[must_use]
    pub fn short(self) -> String {
        self.0.as_simple().to_string().chars().take(16).collect()
    }
}

impl fmt::Display for PanelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl FromStr for PanelId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// How types are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// A button for each.
    #[default]
    Buttons,
    /// One menu.
    Menu,
}

impl Style {
    /// The form of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buttons => "buttons",
            Self::Menu => "menu",
        }
    }

    /// From the database.
    #[must_use]
    pub fn from_db(text: &str) -> Option<Self> {
        [Self::Buttons, Self::Menu]
            .into_iter()
            .find(|style| style.as_str() == text)
    }
}

/// What somebody wants a panel to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelDraft {
    /// Where it stands.
    pub channel: ChannelId,
    /// 1–200 characters.
    pub title: String,
    /// Up to 2,000 characters in Discord's markup.
    pub text: String,
    /// Buttons or menu.
    pub style: Style,
    /// The types that it offers, in order; none means all, also those to come.
    pub kinds: Vec<String>,
}

impl PanelDraft {
    /// The draft without surrounding space, each type once.
    ///
    /// # Errors
    /// A length, or a type that the guild does not have.
    pub fn checked(self, categories: &[String]) -> Result<Self, Refusal> {
        let (title, text) = (self.title.trim().to_owned(), self.text.trim().to_owned());
        if !TITLE.contains(&title.chars().count()) {
            let sentence = "A panel's title must have 1 to 200 characters";
            return Err(Refusal::invalid("ticket-panel-title", sentence));
        }
        if text.chars().count() > MAX_TEXT {
            let sentence = "A panel's text can have 2000 characters at most";
            return Err(Refusal::invalid("ticket-panel-text", sentence));
        }
        let mut kinds: Vec<String> = Vec::new();
        for kind in self.kinds {
            let kind = super::draft::known(&kind, categories)?;
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds.truncate(MAX_KINDS);
        Ok(Self {
            title,
            text,
            kinds,
            ..self
        })
    }
}

/// A panel as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// Its name towards the outside.
    pub id: PanelId,
    /// The guild that it belongs to.
    pub guild: GuildId,
    /// What it shall be.
    pub draft: PanelDraft,
    /// Where it stands now, if it does: channel and message.
    pub posted: Option<(ChannelId, MessageId)>,
    /// Why it does not stand as it should: a message id of the texts.
    pub problem: Option<String>,
    /// Its message is being deleted; then the row goes too.
    pub removed: bool,
}

impl Panel {
    /// The types that it offers of those that the guild has now.
    #[must_use]
    pub fn offered<'k>(&self, categories: &'k [String]) -> Vec<&'k str> {
        let all = self.draft.kinds.is_empty();
        if all {
            return categories.iter().map(String::as_str).collect();
        }
        let kept = |kind: &String| categories.iter().find(|category| *category == kind);
        self.draft
            .kinds
            .iter()
            .filter_map(kept)
            .map(String::as_str)
            .collect()
    }
}

/// There is none, or it belongs to another guild.
#[must_use]
pub fn unknown() -> Refusal {
    Refusal::not_found("ticket-panel-unknown", "Panel not found")
}

/// As many as a guild can have.
#[must_use]
pub fn too_many() -> Refusal {
    let sentence = format!("A server can have {MAX_PANELS} panels at most");
    Refusal::invalid("ticket-panels-full", sentence).with("max", MAX_PANELS.to_string())
}

/// No text channel of this guild.
#[must_use]
pub fn no_channel() -> Refusal {
    Refusal::invalid(
        "ticket-panel-channel",
        "A panel needs a text channel of this server",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(kinds: &[&str]) -> PanelDraft {
        PanelDraft {
            channel: ChannelId::new(5),
            title: " Help ".into(),
            text: String::new(),
            style: Style::Menu,
            kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(),
        }
    }

    #[test]
    fn a_draft_is_trimmed_and_names_each_type_once() {
        let categories = ["Bug".to_owned(), "Support".to_owned()];
        let checked = draft(&["Support", "Bug", "Support"])
            .checked(&categories)
            .unwrap();
        assert_eq!((checked.title.as_str(), checked.kinds.len()), ("Help", 2));
        let refusal = draft(&["Nope"]).checked(&categories).unwrap_err();
        assert_eq!(refusal.text, "ticket-unknown-type");
        let long = PanelDraft {
            title: "x".repeat(201),
            ..draft(&[])
        };
        assert_eq!(long.checked(&categories).unwrap_err().text, "ticket-panel-title");
        let long = PanelDraft {
            text: "x".repeat(2001),
            ..draft(&[])
        };
        assert_eq!(long.checked(&categories).unwrap_err().text, "ticket-panel-text");
    }

    #[test]
    fn a_panel_offers_what_still_exists_and_without_a_choice_everything() {
        let mut panel = Panel {
            id: PanelId(Uuid::nil()),
            guild: GuildId::new(1),
            draft: draft(&["Bug", "Gone"]),
            posted: None,
            problem: None,
            removed: false,
        };
        let categories = ["Support".to_owned(), "Bug".to_owned()];
        assert_eq!(panel.offered(&categories), ["Bug"]);
        panel.draft.kinds.clear();
        assert_eq!(panel.offered(&categories), ["Support", "Bug"]);
    }
}
