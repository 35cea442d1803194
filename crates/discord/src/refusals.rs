//! What the framework itself refuses.

use std::time::Duration;

use hazebot_core::{Refusal, RefusalKind};

use crate::command::Who;

/// Something of a guild in direct messages.
pub(crate) fn guild_only() -> Refusal {
    Refusal::invalid("discord-guild-only", "This works in a server only")
}

/// A component whose custom id nothing is registered for.
pub(crate) fn outdated_component() -> Refusal {
    Refusal::not_found(
        "discord-outdated-component",
        "This is from an older version or is switched off",
    )
}

/// A slash command that Discord still shows.
pub(crate) fn unknown_command() -> Refusal {
    Refusal::not_found("discord-command-gone", "This command is gone or is switched off")
}

/// The cog is not loaded.
pub(crate) fn switched_off(cog: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        "discord-switched-off",
        format!("{cog} is switched off"),
    )
    .with("cog", cog)
}

/// A reload takes longer than anybody waits.
pub(crate) fn busy() -> Refusal {
    Refusal::new(RefusalKind::Unavailable, "discord-busy", "Busy, please try again")
}

/// Somebody lacks the rights.
pub(crate) fn not_allowed(who: Who) -> Refusal {
    match who {
        Who::Everyone | Who::Staff => Refusal::forbidden("discord-staff-only", "Only for the team"),
        Who::Admin => Refusal::forbidden("discord-admin-only", "Only for admins"),
        Who::GuildAdministrator => Refusal::forbidden(
            "discord-administrator-only",
            "Only with Discord's Administrator permission",
        ),
    }
}

/// A server that this installation is not for.
pub(crate) fn foreign_guild() -> Refusal {
    Refusal::forbidden("discord-foreign-guild", "This bot is not for this server")
}

/// A button that belongs to somebody else.
pub(crate) fn not_yours() -> Refusal {
    Refusal::forbidden("discord-not-yours", "This button is for somebody else")
}

/// Too soon.
pub(crate) fn too_soon(left: Duration) -> Refusal {
    let seconds = left.as_millis().div_ceil(1000).max(1);
    Refusal::new(
        RefusalKind::TooMany(left),
        "discord-cooldown",
        format!("Please wait {seconds} s"),
    )
    .with("seconds", seconds.to_string())
}
