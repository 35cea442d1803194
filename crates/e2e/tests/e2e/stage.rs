//! Simulator and program in the test's own process.

use std::{ops::Deref, path::PathBuf, sync::Arc, time::Duration};

use discord_sim::{BotRights, Id};
use hazebot::{Options, Program};
use hazebot_core::{
    Clock, Entropy,
    env::Env,
    ids::UserId,
    logs::{LogOptions, LogView, Logs},
};
use hazebot_discord::Cog;
use hazebot_e2e::{PATIENCE, client::Client, door::Door};
use serde_json::Value;
use tempfile::TempDir;
use tracing_subscriber::Registry;

use crate::town::{Opened, Town};

/// How a stage is set.
pub(crate) struct Setting {
    pub(crate) database: Option<String>,
    pub(crate) rights: BotRights,
    pub(crate) cogs: Vec<Arc<dyn Cog>>,
    pub(crate) clock: Clock,
    pub(crate) logs: Option<LogView>,
    /// Further variables of the environment.
    pub(crate) vars: Vec<(&'static str, String)>,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            database: None,
            rights: BotRights::LeastPrivilege,
            cogs: Vec::new(),
            clock: Clock::system(),
            logs: None,
            vars: Vec::new(),
        }
    }
}

/// The running program and the town that it serves.
pub(crate) struct Stage {
    pub(crate) town: Town,
    pub(crate) door: Door,
    pub(crate) program: Program,
    pub(crate) clock: Clock,
    anybody: Client,
    _folder: TempDir,
}

impl Deref for Stage {
    type Target = Town;

    fn deref(&self) -> &Town {
        &self.town
    }
}

impl Stage {
    pub(crate) async fn start() -> Self {
        Self::with(Setting::default()).await
    }

    pub(crate) async fn with(setting: Setting) -> Self {
        hazebot_core::upstream::install_crypto();
        let town = Town::start(setting.rights).await;
        let door = Door::open(town.sim.base_url()).await.unwrap();
        let folder = TempDir::new().unwrap();
        let file: PathBuf = folder.path().join("hazebot.db");
        let mut vars = town.env(door.base(), 0);
        let database = setting
            .database
            .unwrap_or_else(|| format!("sqlite://{}", file.display()));
        vars.push(("DATABASE_URL", database));
        vars.push(("API_ADMIN_USER", "desk".to_owned()));
        vars.push(("API_ADMIN_PASS", "a-password-for-tests".to_owned()));
        vars.push(("API_MONITORING_SECRET", "a-secret-of-the-monitoring".to_owned()));
        vars.extend(setting.vars);
        let value = |name: &str| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.clone())
        };
        let env = Env::load(None, value).unwrap();
        let logs = setting.logs.unwrap_or_else(|| {
            let (_, logs, _guard) = Logs::build::<Registry>(LogOptions::default()).unwrap();
            logs.view().clone()
        });
        let options = Options {
            clock: setting.clock.clone(),
            entropy: Entropy::system(),
            logs,
            api: true,
            rate_limits: false,
            extra_cogs: setting.cogs,
        };
        let program = Program::start(env, options).await.unwrap();
        town.set_up(program.bot().settings()).await;
        tokio::time::timeout(PATIENCE, program.bot().gauges().ready())
            .await
            .unwrap();
        town.commands_are(|names| names.contains(&"ticket")).await;
        let anybody = Client::new(format!("http://{}", program.address())).unwrap();
        Self {
            town,
            door,
            program,
            clock: setting.clock,
            anybody,
            _folder: folder,
        }
    }

    pub(crate) fn anybody(&self) -> &Client {
        &self.anybody
    }

    /// Somebody with a token of a session.
    pub(crate) async fn caller(&self, who: Id) -> Client {
        let token = self
            .program
            .api()
            .auth()
            .token_of_member(UserId::new(who.get()))
            .await;
        self.anybody
            .with(token.map_err(|error| format!("{error:?}")).unwrap())
    }

    pub(crate) async fn staff(&self) -> Client {
        self.caller(self.people.moderators[0]).await
    }

    pub(crate) async fn admins(&self) -> Client {
        self.caller(self.people.admin).await
    }

    pub(crate) async fn end(self) {
        self.program.stop().await;
    }
}

/// The messages of a ticket by the API.
pub(crate) async fn history(caller: &Client, ticket: &Opened) -> Vec<Value> {
    let (status, body) = caller.get(&ticket.path("/messages")).await.unwrap();
    assert_eq!(status, 200, "{body}");
    body["messages"].as_array().unwrap().clone()
}

/// How often each text is in the history, in order of `texts`.
async fn counts(caller: &Client, ticket: &Opened, texts: &[String]) -> Vec<usize> {
    // In the first moment after a start nobody's roles are known yet, and the answer is a refusal without messages.
    let (_, body) = caller.get(&ticket.path("/messages")).await.unwrap();
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let contents: Vec<&str> = messages.iter().filter_map(|m| m["content"].as_str()).collect();
    let of = |text: &String| {
        contents
            .iter()
            .filter(|content| content.ends_with(text.as_str()))
            .count()
    };
    texts.iter().map(of).collect()
}

/// Waits until each text is in the history, and says that each is there once.
pub(crate) async fn heard_once(caller: &Client, ticket: &Opened, texts: &[String]) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let found = counts(caller, ticket, texts).await;
        if found.iter().all(|count| *count == 1) {
            return;
        }
        let late = tokio::time::Instant::now() > deadline;
        assert!(
            !late && found.iter().all(|count| *count <= 1),
            "{texts:?}: {found:?}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until a ticket has this status.
pub(crate) async fn status_is(caller: &Client, ticket: &Opened, wanted: &str) -> Value {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let (status, body) = caller.get(&ticket.path("")).await.unwrap();
        if status == 200 && body["status"] == wanted {
            return body;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "{wanted}: {status} {body}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
