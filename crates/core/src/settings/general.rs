//! The settings of the core itself: names, colours, staff roles, the channels that several features use, language, log.

use std::time::Duration;

use serde_json::Value;

use super::{Setting, SettingDef, Settings, TextRule};
use crate::{
    directory::StaffRoles,
    ids::{ChannelId, GuildId, RoleId, Snowflake},
};

/// Name of the bot where it speaks of itself.
pub static BOT_NAME: Setting<String> = Setting::text(
    "general.bot_name",
    "Haze World Bot",
    1..=100,
    TextRule::Any,
    "Name that the bot uses for itself.",
);
/// What prefix commands start with.
pub static COMMAND_PREFIX: Setting<String> = Setting::text(
    "general.command_prefix",
    "!",
    1..=5,
    TextRule::NoBlanks,
    "Sign that commands in messages start with.",
);
/// Language where a reader's own is unknown.
pub static LANGUAGE: Setting<String> = Setting::choice(
    "general.language",
    "en",
    &["en", "de"],
    "Language of messages to everybody, and of readers whose own language the bot does not speak.",
);
/// How often the presence changes.
pub static PRESENCE_INTERVAL: Setting<Duration> = Setting::duration(
    "general.presence_update_interval",
    3_600,
    60..=86_400,
    "Time between two texts of the bot's presence, in seconds.",
);
/// Pause between two prefix commands of one person.
pub static MESSAGE_COOLDOWN: Setting<Duration> = Setting::duration(
    "general.message_cooldown",
    5,
    0..=3_600,
    "Pause between two message commands of one person, in seconds.",
);
/// How alike a wrong command name must be to a right one.
pub static FUZZY_THRESHOLD: Setting<f64> = Setting::float(
    "general.fuzzy_matching_threshold",
    0.6,
    0.0..=1.0,
    "How alike a mistyped command must be to a real one to be suggested: 0 anything, 1 only the same.",
);
/// Colour of embeds.
pub static PINK: Setting<u32> =
    Setting::colour("general.pink_color", 0xAD_1457, "Colour of the bot's embeds.");
/// Footer of embeds.
pub static EMBED_FOOTER: Setting<String> = Setting::text(
    "general.embed_footer_text",
    "Powered by Haze World 💖",
    1..=2_048,
    TextRule::Any,
    "Text at the foot of the bot's embeds.",
);
/// Display names of the three ranks.
pub static ROLE_NAMES: Setting<Value> = Setting::json(
    "general.role_names",
    r#"{"user":"🎒 Lootling","mod":"📦 Slot Keeper","admin":"🧊 Inventory Master"}"#,
    role_names,
    "Display names of members (user), moderators (mod) and admins (admin).",
);
/// Whether the status message is kept up to date.
pub static STATUS_DASHBOARD: Setting<bool> = Setting::flag(
    "general.status_dashboard.enabled",
    true,
    "Whether the status message is kept up to date.",
);
/// How often the status message changes.
pub static STATUS_INTERVAL: Setting<i64> = Setting::integer(
    "general.status_dashboard.update_interval_minutes",
    5,
    1..=60,
    "Time between two updates of the status message, in minutes.",
);
/// Whether the status message shows monitors.
pub static STATUS_MONITORING: Setting<bool> = Setting::flag(
    "general.status_dashboard.show_monitoring",
    true,
    "Whether the status message shows the monitors.",
);

/// Role of admins.
pub static ADMIN_ROLE: Setting<Option<RoleId>> =
    Setting::role("roles.admin_role_id", "Role whose members are admins of the bot.").admin_only();
/// Role of moderators.
pub static MODERATOR_ROLE: Setting<Option<RoleId>> = Setting::role(
    "roles.moderator_role_id",
    "Role whose members are moderators of the bot.",
)
.admin_only();

/// Role that members get once they have accepted the rules.
pub static NORMAL_ROLE: Setting<Option<RoleId>> = Setting::role(
    "roles.normal_role_id",
    "Role that members get once they have accepted the rules.",
);
/// Role of members.
pub static MEMBER_ROLE: Setting<Option<RoleId>> = Setting::role("roles.member_role_id", "Role of members.");
/// Role that is pinged for changelogs.
pub static CHANGELOG_ROLE: Setting<Option<RoleId>> =
    Setting::role("roles.changelog_role_id", "Role that is pinged for changelogs.");
/// Role that is pinged for memes.
pub static MEME_ROLE: Setting<Option<RoleId>> =
    Setting::role("roles.meme_role_id", "Role that is pinged for memes.");
/// Roles that members give themselves, by the label of their button.
pub static INTEREST_ROLES: Setting<Value> = Setting::json(
    "roles.interest_roles",
    "{}",
    interest_roles,
    "Roles that members choose for themselves: label and role.",
);

/// Channel of the log.
pub static LOG_CHANNEL: Setting<Option<ChannelId>> = Setting::channel(
    "channels.log_channel_id",
    "Channel that the bot's log is written to.",
);
/// Channel of transcripts.
pub static TRANSCRIPT_CHANNEL: Setting<Option<ChannelId>> = Setting::channel(
    "channels.transcript_channel_id",
    "Channel that transcripts of closed tickets go to.",
);
/// Channel of changelogs.
pub static CHANGELOG_CHANNEL: Setting<Option<ChannelId>> =
    Setting::channel("channels.changelog_channel_id", "Channel of changelogs.");
/// Channel of the to-do list.
pub static TODO_CHANNEL: Setting<Option<ChannelId>> =
    Setting::channel("channels.todo_channel_id", "Channel of the to-do list.");
/// Channel of Rocket League.
pub static RL_CHANNEL: Setting<Option<ChannelId>> =
    Setting::channel("channels.rl_channel_id", "Channel of Rocket League.");
/// Channel of memes.
pub static MEME_CHANNEL: Setting<Option<ChannelId>> =
    Setting::channel("channels.meme_channel_id", "Channel of memes.");
/// Channel of the server guide.
pub static SERVER_GUIDE_CHANNEL: Setting<Option<ChannelId>> =
    Setting::channel("channels.server_guide_channel_id", "Channel of the server guide.");
/// Channel of the status message.
pub static STATUS_CHANNEL: Setting<Option<ChannelId>> =
    Setting::channel("channels.status_channel_id", "Channel of the status message.");
/// Channel in which newcomers accept the rules.
pub static WELCOME_RULES_CHANNEL: Setting<Option<ChannelId>> = Setting::channel(
    "channels.welcome_rules_channel_id",
    "Channel in which newcomers accept the rules.",
);
/// Channel in which newcomers are greeted.
pub static WELCOME_PUBLIC_CHANNEL: Setting<Option<ChannelId>> = Setting::channel(
    "channels.welcome_public_channel_id",
    "Channel in which newcomers are greeted.",
);
/// Channel of game requests.
pub static GAMING_CHANNEL: Setting<Option<ChannelId>> =
    Setting::channel("channels.gaming_channel_id", "Channel of game requests.");
/// Category of tickets.
pub static TICKETS_CATEGORY: Setting<Option<ChannelId>> = Setting::category(
    "channels.tickets_category_id",
    "Category that ticket channels are made in.",
);

/// Whether the log goes to its channel.
pub static LOG_TO_DISCORD: Setting<bool> = Setting::flag(
    "logging.discord_enabled",
    true,
    "Whether the log is written to its channel.",
);
/// From which level on.
pub static LOG_TO_DISCORD_LEVEL: Setting<String> = Setting::choice(
    "logging.discord_level",
    "INFO",
    &["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
    "Mildest level of log lines that are written to the channel.",
);

/// All of them, in the order of forms and documentation.
pub const ALL: &[&SettingDef] = &[
    BOT_NAME.def(),
    COMMAND_PREFIX.def(),
    LANGUAGE.def(),
    PRESENCE_INTERVAL.def(),
    MESSAGE_COOLDOWN.def(),
    FUZZY_THRESHOLD.def(),
    PINK.def(),
    EMBED_FOOTER.def(),
    ROLE_NAMES.def(),
    STATUS_DASHBOARD.def(),
    STATUS_INTERVAL.def(),
    STATUS_MONITORING.def(),
    ADMIN_ROLE.def(),
    MODERATOR_ROLE.def(),
    NORMAL_ROLE.def(),
    MEMBER_ROLE.def(),
    CHANGELOG_ROLE.def(),
    MEME_ROLE.def(),
    INTEREST_ROLES.def(),
    LOG_CHANNEL.def(),
    TRANSCRIPT_CHANNEL.def(),
    CHANGELOG_CHANNEL.def(),
    TODO_CHANNEL.def(),
    RL_CHANNEL.def(),
    MEME_CHANNEL.def(),
    SERVER_GUIDE_CHANNEL.def(),
    STATUS_CHANNEL.def(),
    WELCOME_RULES_CHANNEL.def(),
    WELCOME_PUBLIC_CHANNEL.def(),
    GAMING_CHANNEL.def(),
    TICKETS_CATEGORY.def(),
    LOG_TO_DISCORD.def(),
    LOG_TO_DISCORD_LEVEL.def(),
];

/// The roles that make somebody staff in a guild.
#[must_use]
pub fn staff_roles(settings: &Settings, guild: GuildId) -> StaffRoles {
    StaffRoles {
        admin: settings.get(guild, &ADMIN_ROLE),
        moderator: settings.get(guild, &MODERATOR_ROLE),
    }
}

/// Roles that members can choose among: what five rows of buttons hold.
const MOST_INTERESTS: usize = 25;
/// Longest label of a button of Discord's.
const LONGEST_LABEL: usize = 80;

fn interest_roles(value: &Value) -> Result<(), String> {
    let roles = value.as_object().ok_or("be an object of labels and roles")?;
    if roles.len() > MOST_INTERESTS {
        return Err(format!("have at most {MOST_INTERESTS} roles"));
    }
    for (label, role) in roles {
        if !(1..=LONGEST_LABEL).contains(&label.trim().chars().count()) {
            return Err(format!("have labels of 1 to {LONGEST_LABEL} characters"));
        }
        if role.as_str().and_then(RoleId::parse).is_none() {
            return Err(format!("have the id of a role as text for {label}"));
        }
    }
    Ok(())
}

/// Longest display name: Discord's limit for role names.
const LONGEST_ROLE_NAME: usize = 100;

fn role_names(value: &Value) -> Result<(), String> {
    let names = value.as_object().ok_or("be an object with user, mod and admin")?;
    for rank in ["user", "mod", "admin"] {
        let length = names
            .get(rank)
            .and_then(Value::as_str)
            .map_or(0, |name| name.chars().count());
        if !(1..=LONGEST_ROLE_NAME).contains(&length) {
            return Err(format!(
                "have a text of 1 to {LONGEST_ROLE_NAME} characters for {rank}"
            ));
        }
    }
    if names.len() > 3 {
        Err("have only user, mod and admin".to_owned())
    } else {
        Ok(())
    }
}
