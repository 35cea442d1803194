//! Every variable with its meaning: `.env.example` and the documentation are written from this table.

use std::fmt::Write as _;

/// What must be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The program does not start without it.
    Always,
    /// Leaving it out switches something off, or takes the default.
    No,
}

/// One variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Heading that it stands under.
    pub group: &'static str,
    /// Whether it must be set.
    pub need: Need,
    /// The default, or an example where there is none.
    pub value: &'static str,
    /// What it does.
    pub text: &'static str,
}

const fn needed(group: &'static str, name: &'static str, text: &'static str) -> Variable {
    Variable {
        name,
        group,
        need: Need::Always,
        value: "",
        text,
    }
}

const fn optional(
    group: &'static str,
    name: &'static str,
    value: &'static str,
    text: &'static str,
) -> Variable {
    Variable {
        name,
        group,
        need: Need::No,
        value,
        text,
    }
}

/// All variables, in the order of the documentation.
pub const VARIABLES: &[Variable] = &[
    needed("Discord", "DISCORD_BOT_TOKEN", "Token of the bot."),
    needed("Discord", "DISCORD_GUILD_ID", "Id of your server."),
    optional(
        "Discord",
        "DISCORD_GUILD_NAME",
        "",
        "Name of your server, shown until Discord has told it.",
    ),
    optional(
        "Discord",
        "PROD_MODE",
        "true",
        "true: the values above and the folder Data; false: the TEST ones and TestData. Not set: the token that is present decides.",
    ),
    optional(
        "Discord",
        "TEST_DISCORD_BOT_TOKEN",
        "",
        "Token of the bot in test mode.",
    ),
    optional(
        "Discord",
        "DISCORD_TEST_GUILD_ID",
        "",
        "Id of the server in test mode.",
    ),
    optional(
        "Discord",
        "DISCORD_TEST_GUILD_NAME",
        "",
        "Name of the server in test mode.",
    ),
    optional(
        "Discord",
        "DISCORD_BASE_URL",
        "https://discord.com",
        "Base of Discord's REST API and OAuth token endpoint.",
    ),
    optional(
        "Discord",
        "DISCORD_PUBLIC_URL",
        "",
        "Base that browsers are sent to for sign-in. Not set: the same as DISCORD_BASE_URL.",
    ),
    optional(
        "Discord",
        "DISCORD_CDN_URL",
        "https://cdn.discordapp.com",
        "Base of pictures.",
    ),
    needed(
        "API and panel",
        "API_SECRET_KEY",
        "Key of all sign-ins, 32 bytes at least: openssl rand -hex 32",
    ),
    optional(
        "API and panel",
        "API_ADMIN_USER",
        "",
        "Name of a panel login without a Discord account.",
    ),
    optional(
        "API and panel",
        "API_ADMIN_PASS",
        "",
        "Its password, or an argon2 hash of it.",
    ),
    optional(
        "API and panel",
        "API_EXTRA_USERS",
        "",
        "More logins: name:password,name:password. A password may hold colons, no commas.",
    ),
    optional(
        "API and panel",
        "API_BIND",
        "127.0.0.1",
        "Address to listen on; 0.0.0.0 for all.",
    ),
    optional("API and panel", "API_PORT", "5070", "Port to listen on."),
    optional(
        "API and panel",
        "TRUSTED_PROXIES",
        "",
        "Addresses or networks of your proxies, with commas: only their forwarded headers are believed.",
    ),
    optional(
        "API and panel",
        "API_MONITORING_SECRET",
        "",
        "Secret that monitoring tokens are asked for with.",
    ),
    optional(
        "API and panel",
        "API_VERSION",
        "",
        "Version that /api/health tells. Not set: the program's own.",
    ),
    optional(
        "API and panel",
        "ENVIRONMENT",
        "production",
        "Word that /api/health tells.",
    ),
    optional(
        "Sign-in with Discord",
        "DISCORD_CLIENT_ID",
        "",
        "Id of the application. All three or none.",
    ),
    optional(
        "Sign-in with Discord",
        "DISCORD_CLIENT_SECRET",
        "",
        "Its OAuth secret.",
    ),
    optional(
        "Sign-in with Discord",
        "DISCORD_REDIRECT_URI",
        "",
        "https://your.host/api/discord/callback, entered at Discord too.",
    ),
    optional(
        "Sign-in with Discord",
        "DISCORD_OAUTH_FRONTEND_URL",
        "",
        "Page on which a web sign-in ends.",
    ),
    optional(
        "Sign-in with Discord",
        "DISCORD_OAUTH_ANALYTICS_URL",
        "",
        "Page on which a sign-in of the analytics dashboard ends.",
    ),
    optional(
        "Storage",
        "DATA_DIR",
        "",
        "Folder of the data. Not set: Data, in test mode TestData.",
    ),
    optional(
        "Storage",
        "DATABASE_URL",
        "",
        "sqlite:///absolute/path.db or postgres://user:password@host/database. Not set: hazebot.db in the folder of the data.",
    ),
    optional(
        "Storage",
        "REDIS_URL",
        "",
        "redis://host:6379, to join several processes.",
    ),
    optional(
        "Storage",
        "HAZEBOT_SECRET_KEY",
        "",
        "Key of the secrets at rest, 32 bytes at least. Not set: derived from API_SECRET_KEY.",
    ),
    optional(
        "General",
        "TIMEZONE",
        "Europe/Berlin",
        "Zone of schedules and displays.",
    ),
    optional(
        "General",
        "LOG_LEVEL",
        "INFO",
        "DEBUG, INFO, WARNING, ERROR or CRITICAL.",
    ),
    optional(
        "Mail",
        "SMTP_SERVER",
        "",
        "Host of the mail server, for transcripts.",
    ),
    optional("Mail", "SMTP_PORT", "465", "Its port."),
    optional(
        "Mail",
        "SMTP_SECURITY",
        "",
        "tls (as on port 465), starttls (all other ports) or none (only on this machine).",
    ),
    optional("Mail", "SMTP_USER", "", "Account."),
    optional("Mail", "SMTP_PASS", "", "Password."),
    optional("Mail", "SUPPORT_EMAIL", "", "Recipient of transcripts."),
    optional(
        "Services",
        "FIREBASE_CREDENTIALS_PATH",
        "firebase-credentials.json",
        "Service account of Firebase, for push.",
    ),
    optional(
        "Services",
        "OPENAI_API_KEY",
        "",
        "Key for generated changelog and todo texts.",
    ),
    optional(
        "Services",
        "ROCKET_API_BASE",
        "",
        "Base of the Rocket League statistics.",
    ),
    optional(
        "Services",
        "FLARESOLVERR_URL",
        "",
        "FlareSolverr, for pages behind a browser check.",
    ),
    optional(
        "Services",
        "IMGFLIP_USERNAME",
        "",
        "Account of the meme generator.",
    ),
    optional("Services", "IMGFLIP_PASSWORD", "", "Its password."),
    optional(
        "Services",
        "UPTIME_KUMA_URL",
        "",
        "Status page API of Uptime Kuma.",
    ),
];

/// The text of `.env.example`: what is needed stands bare, the rest behind `#`.
#[must_use]
pub fn env_example() -> String {
    let mut text = String::from(
        "# Settings of the installation. Copy to .env and fill in; `hazebot setup` does it for you.\n# Everything else is a setting of the server, changed in the panel or from Discord, and live at once.\n",
    );
    let mut group = "";
    for variable in VARIABLES {
        if variable.group != group {
            group = variable.group;
            let _ = write!(text, "\n# {group}\n");
        }
        let mark = if variable.need == Need::Always { "" } else { "#" };
        let _ = write!(
            text,
            "# {}\n{mark}{}={}\n",
            variable.text, variable.name, variable.value
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Env;

    #[test]
    fn every_variable_that_is_read_is_in_the_table_and_the_other_way_round() {
        let source = concat!(include_str!("groups.rs"), include_str!("services.rs"));
        let read: std::collections::BTreeSet<&str> = source
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|word| {
                word.len() > 6
                    && word
                        .chars()
                        .all(|letter| letter.is_ascii_uppercase() || letter == '_')
            })
            .filter(|word| !matches!(*word, "REDIS_HOST" | "CARGO_PKG_VERSION"))
            .collect();
        let listed: std::collections::BTreeSet<&str> =
            VARIABLES.iter().map(|variable| variable.name).collect();
        assert_eq!(read, listed);
    }

    #[test]
    fn the_example_lists_exactly_what_a_start_needs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        std::fs::write(&path, env_example()).unwrap();
        let missing: Vec<&str> = Env::load(Some(&path), |_| None)
            .unwrap_err()
            .0
            .iter()
            .map(|p| p.variable)
            .collect();
        assert_eq!(
            missing,
            ["DISCORD_BOT_TOKEN", "DISCORD_GUILD_ID", "API_SECRET_KEY"]
        );
    }
}
