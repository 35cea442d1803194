//! The cogs' two names and the sign in front of their lines.

/// How a cog is shown in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CogMark {
    /// Registry name, as in `/api/cogs`.
    pub name: &'static str,
    /// File name of the Python version: an alias, and what stands in brackets before the text, because the Flutter
    /// client looks for it there.
    pub file: &'static str,
    /// Its sign.
    pub emoji: &'static str,
}

const fn same(name: &'static str, emoji: &'static str) -> CogMark {
    CogMark {
        name,
        file: name,
        emoji,
    }
}

const MARKS: &[CogMark] = &[
    same("AnalyticsManager", "📊"),
    same("APIServer", "🌐"),
    CogMark {
        name: "ChangelogCog",
        file: "Changelog",
        emoji: "📝",
    },
    same("CogManager", "🔧"),
    same("CommunityPosts", "📰"),
    same("DailyMeme", "🎭"),
    same("DiscordLogging", "📡"),
    same("GamingHub", "🎮"),
    same("Leaderboard", "🏆"),
    same("LevelSystem", "⭐"),
    same("MemeGenerator", "🎨"),
    CogMark {
        name: "ModPanel",
        file: "ModPerks",
        emoji: "🛡️",
    },
    CogMark {
        name: "PreferencesSystem",
        file: "Preferences",
        emoji: "⚙️",
    },
    same("Presence", "👤"),
    same("Profile", "👤"),
    same("RocketLeague", "🚀"),
    same("RoleInfo", "📋"),
    same("ServerGuide", "🌟"),
    same("StatusDashboard", "📊"),
    same("SupportButtons", "🎫"),
    same("TicketSystem", "🎫"),
    same("TodoList", "✅"),
    same("Utility", "🔧"),
    same("Warframe", "🎮"),
    same("Welcome", "👋"),
];

/// The mark of a cog, by either name, in any case.
#[must_use]
pub fn cog_mark(name: &str) -> Option<&'static CogMark> {
    MARKS
        .iter()
        .find(|mark| mark.name.eq_ignore_ascii_case(name) || mark.file.eq_ignore_ascii_case(name))
}
