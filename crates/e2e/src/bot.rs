//! Bots on libraries that others wrote: discord.js, discord.py and serenity. Each runs in a process of its own, with
//! nothing changed but its addresses, and ends with 1 as soon as anything goes other than on Discord.

use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

use tokio::process::{Child, Command};

use crate::{Trouble, in_checkout, skipped};

/// Where a bot finds Discord, and who it is.
#[derive(Clone, Debug)]
pub struct Login<'a> {
    /// `http://127.0.0.1:port`
    pub base: &'a str,
    /// The bot's token.
    pub token: &'a str,
    /// The channel in which it says `ready` and `resumed`.
    pub channel: &'a str,
}

/// A bot that runs. It ends when it is dropped.
pub struct Bot {
    /// Its library.
    pub name: &'static str,
    child: Child,
}

impl Bot {
    /// `discord.js`; `None` where Node or the package is absent.
    ///
    /// # Errors
    /// It can't be started.
    pub fn discord_js(login: &Login<'_>) -> Result<Option<Self>, Trouble> {
        Self::on_discord_js("discord_js.mjs", login)
    }

    /// `discord.js`, and the bot does what staff does; `None` where Node or the package is absent.
    ///
    /// # Errors
    /// It can't be started.
    pub fn community_js(login: &Login<'_>) -> Result<Option<Self>, Trouble> {
        Self::on_discord_js("community_js.mjs", login)
    }

    /// `discord.py`; `None` where `HAZEBOT_PYTHON` names no Python with it.
    ///
    /// # Errors
    /// It can't be started.
    pub fn discord_py(login: &Login<'_>) -> Result<Option<Self>, Trouble> {
        Self::on_discord_py("discord_py.py", login)
    }

    /// `discord.py`, and the bot does what staff does; `None` where `HAZEBOT_PYTHON` names no Python with it.
    ///
    /// # Errors
    /// It can't be started.
    pub fn community_py(login: &Login<'_>) -> Result<Option<Self>, Trouble> {
        Self::on_discord_py("community_py.py", login)
    }

    fn on_discord_js(script: &str, login: &Login<'_>) -> Result<Option<Self>, Trouble> {
        if !in_checkout("crates/e2e/peers/node_modules/discord.js").exists() {
            skipped("discord.js: its packages are not installed (cargo xtask test installs them)");
            return Ok(None);
        }
        let mut command = Command::new("node");
        command.arg(in_checkout("crates/e2e/peers").join(script));
        Self::start("discord.js", command, login)
    }

    fn on_discord_py(script: &str, login: &Login<'_>) -> Result<Option<Self>, Trouble> {
        let Some(python) = std::env::var_os("HAZEBOT_PYTHON").map(PathBuf::from) else {
            skipped("discord.py: HAZEBOT_PYTHON is not set");
            return Ok(None);
        };
        let mut command = Command::new(python);
        command.arg(in_checkout("crates/e2e/peers").join(script));
        Self::start("discord.py", command, login)
    }

    /// `serenity`; `None` where `HAZEBOT_SERENITY` names no program.
    ///
    /// # Errors
    /// It can't be started.
    pub fn serenity(login: &Login<'_>) -> Result<Option<Self>, Trouble> {
        match std::env::var_os("HAZEBOT_SERENITY") {
            Some(program) => Self::start("serenity", Command::new(Path::new(&program)), login),
            None => {
                skipped("serenity: HAZEBOT_SERENITY is not set (cargo xtask peers builds it)");
                Ok(None)
            }
        }
    }

    fn start(name: &'static str, mut command: Command, login: &Login<'_>) -> Result<Option<Self>, Trouble> {
        let started = command
            .args([login.base, login.token, login.channel])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        match started {
            Ok(child) => Ok(Some(Self { name, child })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                skipped(&format!("{name}: its program is not installed"));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// The system can't tell.
    pub async fn ends(&mut self) -> Result<ExitStatus, Trouble> {
        Ok(self.child.wait().await?)
    }
}
