//! The variables by subject: which are needed, which switch a feature off, and which belong together.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

use chrono_tz::Tz;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{ApiEnv, DiscordEnv, LoginEnv, Mode, OAuthEnv, StorageEnv, reader::Reader};
use crate::{
    ids::{ApplicationId, GuildId, Snowflake},
    logs::LogLevel,
};

/// HS256 wants a key as long as its hash (RFC 7518, 3.2).
const SHORTEST_KEY: usize = 32;
/// The Python version's port.
const DEFAULT_PORT: u16 = 5070;
/// The Python version's fallback values, known to everybody.
const OLD_KEY: &str = "dev-secret-key-change-in-production";
const OLD_PASSWORD: &str = "changeme";
const DISCORD: &str = "https://discord.com";
const DISCORD_CDN: &str = "https://cdn.discordapp.com";

/// Which token counts. A value that is neither true nor false is a fault; the rest is then checked as in production.
pub(super) fn mode(reader: &mut Reader<'_>) -> Mode {
    match reader.flag("PROD_MODE") {
        Some(true) => Mode::Production,
        Some(false) => Mode::Test,
        // Not set: the token that is there decides; production if both are.
        None if reader.text("PROD_MODE").is_none()
            && reader.text("DISCORD_BOT_TOKEN").is_none()
            && reader.text("TEST_DISCORD_BOT_TOKEN").is_some() =>
        {
            Mode::Test
        }
        None => Mode::Production,
    }
}

pub(super) fn discord(reader: &mut Reader<'_>, mode: Mode) -> Option<DiscordEnv> {
    let (token_name, guild_name, display) = match mode {
        Mode::Production => ("DISCORD_BOT_TOKEN", "DISCORD_GUILD_ID", "DISCORD_GUILD_NAME"),
        Mode::Test => (
            "TEST_DISCORD_BOT_TOKEN",
            "DISCORD_TEST_GUILD_ID",
            "DISCORD_TEST_GUILD_NAME",
        ),
    };
    let token = reader.secret(token_name).map(without_prefix);
    if token.is_none() {
        reader.problem(
            token_name,
            format!("{token_name} is not set. Copy the bot's token from https://discord.com/developers/applications (Bot → Reset Token)."),
        );
    }
    let guild = reader.text(guild_name);
    let parsed = guild.as_deref().and_then(GuildId::parse);
    match (&guild, parsed) {
        (None, _) => reader.problem(
            guild_name,
            format!("{guild_name} is not set. Right-click your server in Discord with Developer Mode on and choose Copy Server ID."),
        ),
        (Some(_), None) => reader.problem(guild_name, format!("{guild_name} must be a server's id: digits only.")),
        _ => {}
    }
    let base_url = base(reader, "DISCORD_BASE_URL", DISCORD);
    let public_url = if reader.text("DISCORD_PUBLIC_URL").is_some() {
        base(reader, "DISCORD_PUBLIC_URL", DISCORD)
    } else {
        base_url.clone()
    };
    let cdn_url = base(reader, "DISCORD_CDN_URL", DISCORD_CDN);
    Some(DiscordEnv {
        token: token?,
        guild: parsed?,
        guild_name: reader.text(display),
        base_url: base_url?,
        public_url: public_url?,
        cdn_url: cdn_url?,
    })
}

/// People paste `Bot …` in front of the token.
fn without_prefix(token: SecretString) -> SecretString {
    match token.expose_secret().strip_prefix("Bot ") {
        Some(bare) => bare.trim().to_owned().into(),
        None => token,
    }
}

fn base(reader: &mut Reader<'_>, name: &'static str, default: &str) -> Option<Url> {
    if reader.text(name).is_some() {
        reader.url(name)
    } else {
        default.parse().ok()
    }
}

pub(super) fn oauth(reader: &mut Reader<'_>) -> Option<OAuthEnv> {
    const NEEDED: [&str; 3] = [
        "DISCORD_CLIENT_ID",
        "DISCORD_CLIENT_SECRET",
        "DISCORD_REDIRECT_URI",
    ];
    let missing: Vec<&'static str> = NEEDED
        .into_iter()
        .filter(|name| reader.text(name).is_none())
        .collect();
    let frontend_url = reader.url("DISCORD_OAUTH_FRONTEND_URL");
    let analytics_url = reader.url("DISCORD_OAUTH_ANALYTICS_URL");
    if missing.len() == NEEDED.len() {
        reader.note(
            "sign-in with Discord",
            "Off: DISCORD_CLIENT_ID, DISCORD_CLIENT_SECRET and DISCORD_REDIRECT_URI are not set.",
        );
        return None;
    }
    if let Some(first) = missing.first() {
        reader.problem(
            first,
            format!(
                "Sign-in with Discord is set up by halves: {} is not set. Set all of {}, or none.",
                missing.join(" and "),
                NEEDED.join(", ")
            ),
        );
        return None;
    }
    let id = reader
        .text("DISCORD_CLIENT_ID")
        .as_deref()
        .and_then(ApplicationId::parse);
    if id.is_none() {
        reader.problem(
            "DISCORD_CLIENT_ID",
            "DISCORD_CLIENT_ID must be the application's id: digits only.",
        );
    }
    let redirect_uri = reader.url("DISCORD_REDIRECT_URI");
    Some(OAuthEnv {
        client_id: id?,
        client_secret: reader.secret("DISCORD_CLIENT_SECRET")?,
        redirect_uri: redirect_uri?,
        frontend_url,
        analytics_url,
    })
}

pub(super) fn api(reader: &mut Reader<'_>) -> Option<ApiEnv> {
    let secret_key = api_key(reader);
    let logins = logins(reader);
    let bind = reader.parse_or(
        "API_BIND",
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        "an IP address, such as 127.0.0.1 or 0.0.0.0",
    );
    let port = reader.parse_or("API_PORT", DEFAULT_PORT, "a port: a number from 0 to 65535");
    let monitoring_secret = reader.secret("API_MONITORING_SECRET");
    if monitoring_secret.is_none() {
        reader.note("monitoring tokens", "Off: API_MONITORING_SECRET is not set.");
    }
    let trusted_proxies = trusted_proxies(reader);
    Some(ApiEnv {
        bind: bind?,
        port: port?,
        secret_key: secret_key?,
        logins: logins?,
        monitoring_secret,
        version: reader
            .text("API_VERSION")
            .unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned()),
        environment: reader
            .text("ENVIRONMENT")
            .unwrap_or_else(|| "production".to_owned()),
        trusted_proxies: trusted_proxies?,
    })
}

fn api_key(reader: &mut Reader<'_>) -> Option<SecretString> {
    const NAME: &str = "API_SECRET_KEY";
    if reader.text(NAME).is_none() {
        reader.problem(NAME, "API_SECRET_KEY is not set. Make one: openssl rand -hex 32");
        return None;
    }
    let key = reader.long_secret(NAME, SHORTEST_KEY)?;
    if key.expose_secret() == OLD_KEY {
        reader.problem(
            NAME,
            "API_SECRET_KEY is the example value that everybody knows. Make one: openssl rand -hex 32",
        );
        return None;
    }
    Some(key)
}

fn logins(reader: &mut Reader<'_>) -> Option<Vec<LoginEnv>> {
    let user = reader.text("API_ADMIN_USER");
    let password = reader.text("API_ADMIN_PASS");
    let mut logins = Vec::new();
    match (user, password) {
        (_, Some(password)) if password == OLD_PASSWORD => {
            reader.problem(
                "API_ADMIN_PASS",
                "API_ADMIN_PASS is the old default that everybody knows. Choose another password.",
            );
            return None;
        }
        (Some(user), Some(password)) => {
            logins.push(LoginEnv {
                name: user.trim().to_owned(),
                password: password.into(),
            });
        }
        (None, None) => {}
        (Some(_), None) => {
            reader.problem(
                "API_ADMIN_PASS",
                "API_ADMIN_USER is set and API_ADMIN_PASS is not. Set both, or none.",
            );
            return None;
        }
        (None, Some(_)) => {
            reader.problem(
                "API_ADMIN_USER",
                "API_ADMIN_PASS is set and API_ADMIN_USER is not. Set both, or none.",
            );
            return None;
        }
    }
    for pair in reader
        .text("API_EXTRA_USERS")
        .unwrap_or_default()
        .split(',')
        .filter(|pair| !pair.trim().is_empty())
    {
        match pair
            .split_once(':')
            .map(|(name, password)| (name.trim(), password.trim()))
        {
            Some((name, password))
                if !name.is_empty() && !password.is_empty() && password != OLD_PASSWORD =>
            {
                logins.push(LoginEnv {
                    name: name.to_owned(),
                    password: password.to_owned().into(),
                });
            }
            _ => {
                reader.problem(
                    "API_EXTRA_USERS",
                    "API_EXTRA_USERS must be name:password pairs with commas between them, none of them with the password \"changeme\".",
                );
                return None;
            }
        }
    }
    if logins.is_empty() {
        reader.note(
            "password logins",
            "Off: API_ADMIN_USER and API_ADMIN_PASS are not set.",
        );
    }
    Some(logins)
}

fn trusted_proxies(reader: &mut Reader<'_>) -> Option<Vec<IpNet>> {
    let text = reader.text("TRUSTED_PROXIES").unwrap_or_default();
    let proxies: Option<Vec<IpNet>> = text
        .split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse()
                .ok()
                .or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from))
        })
        .collect();
    if proxies.is_none() {
        reader.problem("TRUSTED_PROXIES", "TRUSTED_PROXIES must be addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8.");
    }
    proxies
}

pub(super) fn storage(reader: &mut Reader<'_>, mode: Mode) -> Option<StorageEnv> {
    let folder = match mode {
        Mode::Production => "Data",
        Mode::Test => "TestData",
    };
    let data_dir = PathBuf::from(reader.text("DATA_DIR").unwrap_or_else(|| folder.to_owned()));
    let data_dir = std::path::absolute(&data_dir).unwrap_or(data_dir);
    let database_url = match reader.text("DATABASE_URL") {
        None => format!("sqlite://{}", data_dir.join("hazebot.db").display()),
        Some(url)
            if ["sqlite:", "postgres:", "postgresql:"]
                .iter()
                .any(|scheme| url.starts_with(scheme)) =>
        {
            url
        }
        Some(_) => {
            reader.problem(
                "DATABASE_URL",
                "DATABASE_URL must start with sqlite:// or postgres://.",
            );
            return None;
        }
    };
    let redis_url = reader.secret("REDIS_URL");
    if redis_url.as_ref().is_some_and(|url| {
        !["redis://", "rediss://"]
            .iter()
            .any(|scheme| url.expose_secret().starts_with(scheme))
    }) {
        reader.problem("REDIS_URL", "REDIS_URL must start with redis:// or rediss://.");
    }
    if redis_url.is_none() && reader.text("REDIS_HOST").is_some() {
        reader.note(
            "Redis",
            "REDIS_HOST has no meaning. To join several processes set REDIS_URL=redis://host:6379.",
        );
    }
    let secret_key = reader.long_secret("HAZEBOT_SECRET_KEY", SHORTEST_KEY);
    if reader.text("HAZEBOT_SECRET_KEY").is_none() {
        reader.note(
            "secrets at rest",
            "Their key is derived from API_SECRET_KEY: whoever changes that one enters stored secrets anew. Set HAZEBOT_SECRET_KEY to keep them apart.",
        );
    }
    Some(StorageEnv {
        data_dir,
        database_url: database_url.into(),
        redis_url,
        secret_key,
    })
}

pub(super) fn general(reader: &mut Reader<'_>) -> Option<(Tz, LogLevel)> {
    let zone = reader.parse_or(
        "TIMEZONE",
        Tz::Europe__Berlin,
        "a zone of the IANA list, such as Europe/Berlin",
    );
    let level = reader.parse_or(
        "LOG_LEVEL",
        LogLevel::Info,
        "DEBUG, INFO, WARNING, ERROR or CRITICAL",
    );
    Some((zone?, level?))
}
