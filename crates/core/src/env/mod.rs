//! The environment of the program: names of the Python version and a few new ones, read once, all faults listed at once.
//!
//! It belongs to the installation, not to a guild. Values of the process win over those of the `.env` file.

pub mod catalog;
mod dotenv;
mod groups;
mod reader;
mod services;

use std::{fmt, net::IpAddr, path::Path, path::PathBuf};

use chrono_tz::Tz;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::ids::{ApplicationId, GuildId};
use reader::Reader;

/// Which token, guild and data folder are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `DISCORD_BOT_TOKEN`, `DISCORD_GUILD_ID`, folder `Data`.
    Production,
    /// `TEST_DISCORD_BOT_TOKEN`, `DISCORD_TEST_GUILD_ID`, folder `TestData`.
    Test,
}

/// How to reach Discord.
#[derive(Clone, Debug)]
pub struct DiscordEnv {
    /// The bot's token.
    pub token: SecretString,
    /// The home guild.
    pub guild: GuildId,
    /// Its name, for display before the gateway has told it.
    pub guild_name: Option<String>,
    /// Base of REST (`/api/v10`) and of the OAuth token endpoint, without slash at the end.
    pub base_url: Url,
    /// The one that browsers are sent to.
    pub public_url: Url,
    /// Base of avatars and attachments.
    pub cdn_url: Url,
}

/// Sign-in with Discord.
#[derive(Clone, Debug)]
pub struct OAuthEnv {
    /// The application.
    pub client_id: ApplicationId,
    /// Its secret.
    pub client_secret: SecretString,
    /// Where Discord sends the browser back to.
    pub redirect_uri: Url,
    /// Where a web login ends.
    pub frontend_url: Option<Url>,
    /// Where a login of the analytics page ends.
    pub analytics_url: Option<Url>,
}

/// A panel login from the environment.
#[derive(Clone, Debug)]
pub struct LoginEnv {
    /// Its name.
    pub name: String,
    /// Plain, or an argon2 hash (`$argon2…`).
    pub password: SecretString,
}

/// The HTTP face.
#[derive(Clone, Debug)]
pub struct ApiEnv {
    /// Address to listen on.
    pub bind: IpAddr,
    /// Port to listen on; 0 takes any free one.
    pub port: u16,
    /// HS256 key of all tokens, 32 bytes at least.
    pub secret_key: SecretString,
    /// `API_ADMIN_USER` and `API_EXTRA_USERS`; empty switches password logins off.
    pub logins: Vec<LoginEnv>,
    /// Needed for monitoring tokens.
    pub monitoring_secret: Option<SecretString>,
    /// Told by `/api/health`.
    pub version: String,
    /// Told by `/api/health`.
    pub environment: String,
    /// Proxies whose forwarded headers are believed.
    pub trusted_proxies: Vec<IpNet>,
}

/// Where things are kept.
#[derive(Clone, Debug)]
pub struct StorageEnv {
    /// `Data` or `TestData`, absolute.
    pub data_dir: PathBuf,
    /// `sqlite://…` or `postgres://…`.
    pub database_url: SecretString,
    /// Joins several processes.
    pub redis_url: Option<SecretString>,
    /// Key of the secrets at rest; without it one is derived from `API_SECRET_KEY`.
    pub secret_key: Option<SecretString>,
}

/// Outgoing mail.
#[derive(Clone, Debug)]
pub struct SmtpEnv {
    /// Host name.
    pub server: String,
    /// Port.
    pub port: u16,
    /// How the connection is kept secret.
    pub security: SmtpSecurity,
    /// Account.
    pub user: String,
    /// Password.
    pub password: SecretString,
    /// Recipient of transcripts.
    pub support_email: Option<String>,
}

/// How mails are kept secret on their way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte, as on port 465.
    Tls,
    /// TLS by STARTTLS, as on port 587; without it nothing is sent.
    StartTls,
    /// None: only to this machine.
    None,
}

/// Services outside. What is `None` switches its feature off.
#[derive(Clone, Debug, Default)]
pub struct ServicesEnv {
    /// Transcript mails.
    pub smtp: Option<SmtpEnv>,
    /// Service account of Firebase, for push.
    pub firebase_credentials: Option<PathBuf>,
    /// Changelog and todo texts.
    pub openai_key: Option<SecretString>,
    /// Rocket League statistics.
    pub rocket_api_base: Option<Url>,
    /// Fetches pages that are behind a browser check.
    pub flaresolverr_url: Option<Url>,
    /// User and password of the meme generator.
    pub imgflip: Option<(String, SecretString)>,
    /// Status page API.
    pub uptime_kuma_url: Option<Url>,
}

/// A feature that is off because its variables are not set, or a variable that no longer has a meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// `mail`, `push` …
    pub subject: &'static str,
    /// A sentence that names the variables.
    pub text: String,
}

/// Everything that came in from the environment, checked.
#[derive(Clone, Debug)]
pub struct Env {
    /// Production or test.
    pub mode: Mode,
    /// Discord.
    pub discord: DiscordEnv,
    /// `None`: no sign-in with Discord.
    pub oauth: Option<OAuthEnv>,
    /// HTTP.
    pub api: ApiEnv,
    /// Storage.
    pub storage: StorageEnv,
    /// Services outside.
    pub services: ServicesEnv,
    /// Local time of schedules and displays.
    pub zone: Tz,
    /// `LOG_LEVEL`.
    pub log_level: crate::logs::LogLevel,
    /// What is off, for the log and `/status`.
    pub notes: Vec<Note>,
}

/// A fault of the environment that stops the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvProblem {
    /// The variable; empty for the file as a whole.
    pub variable: &'static str,
    /// What is wrong and what to do, as a sentence. Never holds a value of a secret.
    pub text: String,
}

/// All faults at once.
#[derive(Clone, Debug, thiserror::Error)]
pub struct EnvProblems(pub Vec<EnvProblem>);

impl fmt::Display for EnvProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The environment has {} fault(s):", self.0.len())?;
        for problem in &self.0 {
            write!(f, "\n  • {}", problem.text)?;
        }
        Ok(())
    }
}

impl Env {
    /// Reads the process's variables through `vars`, and the `.env` file for those that are not set there. A file that
    /// does not exist is no fault.
    ///
    /// # Errors
    /// All faults that would keep the program from working, each with the variable's name.
    pub fn load(
        dotenv_path: Option<&Path>,
        vars: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, EnvProblems> {
        let mut reader = Reader::open(dotenv_path, &vars);
        let mode = groups::mode(&mut reader);
        let groups = (
            groups::discord(&mut reader, mode),
            groups::oauth(&mut reader),
            groups::api(&mut reader),
            groups::storage(&mut reader, mode),
            services::services(&mut reader),
            groups::general(&mut reader),
        );
        let (problems, notes) = reader.finish();
        match groups {
            (Some(discord), oauth, Some(api), Some(storage), services, Some((zone, log_level)))
                if problems.is_empty() =>
            {
                Ok(Self {
                    mode,
                    discord,
                    oauth,
                    api,
                    storage,
                    services,
                    zone,
                    log_level,
                    notes,
                })
            }
            _ => Err(EnvProblems(problems)),
        }
    }

    /// All secrets, for [`crate::secrets::Masker::learn`].
    #[must_use]
    pub fn secrets(&self) -> Vec<SecretString> {
        let services = &self.services;
        let mut secrets = vec![self.discord.token.clone(), self.api.secret_key.clone()];
        secrets.extend(self.oauth.iter().map(|oauth| oauth.client_secret.clone()));
        secrets.extend(self.api.logins.iter().map(|login| login.password.clone()));
        secrets.extend(self.api.monitoring_secret.clone());
        secrets.extend(self.storage.secret_key.clone());
        secrets.extend(self.storage.redis_url.clone());
        if !self.storage.database_url.expose_secret().starts_with("sqlite:") {
            secrets.push(self.storage.database_url.clone());
        }
        secrets.extend(services.smtp.iter().map(|smtp| smtp.password.clone()));
        secrets.extend(services.openai_key.clone());
        secrets.extend(services.imgflip.iter().map(|(_, password)| password.clone()));
        secrets
    }
}

#[cfg(test)]
mod tests;
