//! Rules about cogs: what may be done to which, in which order they are listed, and how the API says it. Pure.

use hazebot_discord::{About, Bot, CogInfo, CogState, Protection};
use serde::Serialize;
use utoipa::ToSchema;

/// The order of categories in lists.
const CATEGORIES: [&str; 13] = [
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

/// What is done to a cog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Set up.
    Load,
    /// Switched off, also after a restart.
    Unload,
    /// Set up anew.
    Reload,
    /// Its log is looked at.
    Logs,
}

impl Operation {
    /// The word in custom ids.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Unload => "unload",
            Self::Reload => "reload",
            Self::Logs => "logs",
        }
    }

    /// The reverse of [`Operation::word`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Load, Self::Unload, Self::Reload, Self::Logs]
            .into_iter()
            .find(|operation| operation.word() == word)
    }
}

/// How a cog is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It runs.
    Loaded,
    /// It does not run, and would after a restart.
    Unloaded,
    /// It was switched off and stays so after a restart.
    Disabled,
    /// It did not start.
    Error,
}

/// A cog and how it is.
#[derive(Clone, Debug)]
pub struct CogView {
    /// What it says about itself.
    pub about: &'static About,
    /// How it is.
    pub status: Status,
    /// Why it did not start.
    pub error: Option<String>,
}

impl From<CogInfo> for CogView {
    fn from(info: CogInfo) -> Self {
        let (status, error) = match info.state {
            CogState::Loaded => (Status::Loaded, None),
            CogState::Unloaded => (Status::Unloaded, None),
            CogState::Disabled => (Status::Disabled, None),
            CogState::Error(error) => (Status::Error, Some(error)),
        };
        Self {
            about: info.about,
            status,
            error,
        }
    }
}

/// All cogs of a bot.
#[must_use]
pub fn all(bot: &Bot) -> Vec<CogView> {
    bot.cogs().listing().into_iter().map(CogView::from).collect()
}

impl CogView {
    /// Whether this may be done to it now.
    #[must_use]
    pub fn allows(&self, operation: Operation) -> bool {
        let loaded = self.status == Status::Loaded;
        let protected = self.about.protection == Protection::Protected;
        match operation {
            Operation::Load => !loaded,
            Operation::Unload | Operation::Reload => loaded && !protected,
            Operation::Logs => loaded,
        }
    }
}

/// The cogs to which this may be done, by name.
#[must_use]
pub fn candidates(cogs: &[CogView], operation: Operation) -> Vec<&CogView> {
    let mut candidates: Vec<&CogView> = cogs.iter().filter(|cog| cog.allows(operation)).collect();
    candidates.sort_by_key(|cog| cog.about.name);
    candidates
}

/// Names that begin with what was typed, then those that hold it, without regard to case; at most 25.
#[must_use]
pub fn complete(cogs: &[CogView], operation: Operation, typed: &str) -> Vec<&'static str> {
    let typed = typed.trim().to_lowercase();
    let names: Vec<(&'static str, String)> = candidates(cogs, operation)
        .iter()
        .map(|cog| (cog.about.name, cog.about.name.to_lowercase()))
        .collect();
    let begins = names.iter().filter(|(_, lower)| lower.starts_with(&typed));
    let holds = names
        .iter()
        .filter(|(_, lower)| !lower.starts_with(&typed) && lower.contains(&typed));
    begins
        .chain(holds)
        .map(|(name, _)| *name)
        .take(crate::paging::OPTIONS)
        .collect()
}

/// A cog as `GET /api/cogs` tells it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CogItem {
    /// Canonical name.
    pub name: &'static str,
    /// Its other name.
    pub file_name: &'static str,
    /// How it is.
    pub status: Status,
    /// One sentence.
    pub description: &'static str,
    /// Name of its icon.
    pub icon: &'static str,
    /// What it belongs to.
    pub category: &'static str,
    /// What it offers.
    pub features: &'static [&'static str],
    /// Whether it may be loaded.
    pub can_load: bool,
    /// Whether the API may unload it.
    pub can_unload: bool,
    /// Whether it may be reloaded.
    pub can_reload: bool,
    /// Whether its log may be looked at.
    pub can_view_logs: bool,
    /// Why it did not start; only with status `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
}

/// The answer of `GET /api/cogs`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CogList {
    /// Always true.
    pub success: bool,
    /// By category, then name.
    pub cogs: Vec<CogItem>,
    /// How many there are.
    pub total: usize,
    /// How many run.
    pub loaded_count: usize,
    /// How many are switched off.
    pub disabled_count: usize,
}

impl From<&CogView> for CogItem {
    fn from(cog: &CogView) -> Self {
        let about = cog.about;
        Self {
            name: about.name,
            file_name: about.file_name,
            status: cog.status,
            description: about.description,
            icon: about.icon,
            category: about.category,
            features: about.features,
            can_load: cog.allows(Operation::Load),
            // The recorded contract says true for the API server too; the call itself answers 403.
            can_unload: cog.allows(Operation::Unload),
            can_reload: cog.allows(Operation::Reload),
            can_view_logs: cog.allows(Operation::Logs),
            error_message: cog.error.clone(),
        }
    }
}

/// The list in the API's order.
#[must_use]
pub fn list(cogs: &[CogView]) -> CogList {
    let mut items: Vec<CogItem> = cogs.iter().map(CogItem::from).collect();
    items.sort_by(|a, b| {
        place(a.category)
            .cmp(&place(b.category))
            .then_with(|| a.name.cmp(b.name))
    });
    let count = |status| cogs.iter().filter(|cog| cog.status == status).count();
    CogList {
        success: true,
        total: items.len(),
        loaded_count: count(Status::Loaded),
        disabled_count: count(Status::Disabled),
        cogs: items,
    }
}

fn place(category: &str) -> usize {
    CATEGORIES
        .iter()
        .position(|known| *known == category)
        .unwrap_or(CATEGORIES.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    static MANAGER: About = About {
        category: "core",
        protection: Protection::Protected,
        ..About::named("CogManager")
    };
    static TICKETS: About = About {
        category: "support",
        ..About::named("TicketSystem")
    };
    static MOD: About = About {
        file_name: "ModPerks",
        category: "moderation",
        ..About::named("ModPanel")
    };
    static ODD: About = About {
        category: "something new",
        ..About::named("Aardvark")
    };

    fn cogs() -> Vec<CogView> {
        let cog = |about, status| CogView {
            about,
            status,
            error: None,
        };
        vec![
            cog(&ODD, Status::Unloaded),
            cog(&TICKETS, Status::Loaded),
            cog(&MOD, Status::Disabled),
            cog(&MANAGER, Status::Loaded),
        ]
    }

    fn names(operation: Operation) -> Vec<&'static str> {
        candidates(&cogs(), operation)
            .iter()
            .map(|cog| cog.about.name)
            .collect()
    }

    #[test]
    fn menus_offer_only_what_is_possible() {
        assert_eq!(names(Operation::Load), ["Aardvark", "ModPanel"]);
        assert_eq!(names(Operation::Unload), ["TicketSystem"]);
        assert_eq!(names(Operation::Reload), ["TicketSystem"]);
        assert_eq!(names(Operation::Logs), ["CogManager", "TicketSystem"]);
    }

    #[test]
    fn the_list_is_sorted_by_category_with_unknown_ones_last() {
        let list = list(&cogs());
        let order: Vec<&str> = list.cogs.iter().map(|cog| cog.name).collect();
        assert_eq!(order, ["CogManager", "ModPanel", "TicketSystem", "Aardvark"]);
        assert_eq!((list.total, list.loaded_count, list.disabled_count), (4, 2, 1));
    }

    #[test]
    fn a_cog_that_failed_says_why_and_may_be_loaded_again() {
        let failed = CogView {
            about: &TICKETS,
            status: Status::Error,
            error: Some("no category".to_owned()),
        };
        let item = serde_json::to_value(CogItem::from(&failed)).unwrap();
        assert_eq!(item.get("status").unwrap(), "error");
        assert_eq!(item.get("error_message").unwrap(), "no category");
        assert_eq!(item.get("can_load").unwrap(), true);
        assert_eq!(item.get("can_view_logs").unwrap(), false);
    }

    #[test]
    fn completion_ignores_case() {
        assert_eq!(complete(&cogs(), Operation::Load, "mod"), ["ModPanel"]);
        assert_eq!(complete(&cogs(), Operation::Load, "panel"), ["ModPanel"]);
        assert_eq!(complete(&cogs(), Operation::Unload, ""), ["TicketSystem"]);
    }

    #[test]
    fn words_of_operations_are_read_back() {
        for operation in [
            Operation::Load,
            Operation::Unload,
            Operation::Reload,
            Operation::Logs,
        ] {
            assert_eq!(Operation::parse(operation.word()), Some(operation));
        }
        assert_eq!(Operation::parse("explode"), None);
    }
}
