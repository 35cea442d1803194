//! Simulator in the test's process, the built program in another one that can be killed.

use std::{
    net::{Ipv4Addr, TcpListener},
    ops::Deref,
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use discord_sim::{BotRights, Id};
use hazebot_core::{
    Clock, Entropy, Store,
    settings::{Settings, general},
};
use hazebot_e2e::{PATIENCE, client::Client, database, door::Door, skipped};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::town::Town;

/// The built program; `None`, said, where none is given.
pub(crate) fn program() -> Option<PathBuf> {
    let path = std::env::var_os("HAZEBOT_BIN").map(PathBuf::from);
    if path.is_none() {
        skipped("HAZEBOT_BIN is not set: there is no program that could be killed");
    }
    path
}

/// A program in its own process and the town that it serves.
pub(crate) struct Spawned {
    pub(crate) town: Town,
    pub(crate) door: Door,
    program: PathBuf,
    home: TempDir,
    client: Client,
    child: Option<Child>,
}

impl Deref for Spawned {
    type Target = Town;

    fn deref(&self) -> &Town {
        &self.town
    }
}

impl Spawned {
    /// Started for the first time, set up and ready; `None` where there is no program.
    pub(crate) async fn start() -> Option<Self> {
        let program = program()?;
        hazebot_core::upstream::install_crypto();
        let town = Town::start(BotRights::LeastPrivilege).await;
        let door = Door::open(town.sim.base_url()).await.unwrap();
        let home = TempDir::new().unwrap();
        let port = free_port();
        let mut text = String::new();
        for (name, value) in town.env(door.base(), port) {
            text += &format!("{name}={value}\n");
        }
        text += &format!("DATABASE_URL={}\n", file(&home));
        std::fs::write(home.path().join(".env"), text).unwrap();
        let client = Client::new(format!("http://127.0.0.1:{port}")).unwrap();
        let mut spawned = Self {
            town,
            door,
            program,
            home,
            client,
            child: None,
        };
        spawned.set_up_guild().await;
        spawned.run().await;
        spawned.commands_are(|names| names.contains(&"ticket")).await;
        Some(spawned)
    }

    async fn set_up_guild(&self) {
        let store = Store::open(&self.file(), Clock::system(), Entropy::system())
            .await
            .unwrap();
        let settings = Settings::new(store.clone());
        settings.register(general::ALL).unwrap();
        settings.load(self.guild()).await.unwrap();
        self.town.set_up(&settings).await;
        store.close().await;
    }

    /// The database.
    pub(crate) fn file(&self) -> String {
        file(&self.home)
    }

    /// What the program wrote to its console.
    pub(crate) fn console(&self) -> String {
        std::fs::read_to_string(self.home.path().join("console")).unwrap_or_default()
    }

    /// Starts it, and waits until it is connected and answers.
    pub(crate) async fn run(&mut self) {
        let console = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.home.path().join("console"))
            .unwrap();
        let child = Command::new(&self.program)
            .args(["serve", "--no-rate-limits", "--home"])
            .arg(self.home.path())
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(console)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let online = self.sim.bot_is_online(self.people.application, PATIENCE).await;
        assert!(online, "{}", self.console());
        while !self
            .client
            .get("/api/health")
            .await
            .is_ok_and(|(status, _)| status == 200)
        {
            assert!(tokio::time::Instant::now() < deadline, "{}", self.console());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// SIGKILL: not one instruction more.
    pub(crate) async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.unwrap();
        }
        self.gone().await;
        self.door.let_through();
    }

    /// SIGTERM, as service managers end a program.
    pub(crate) async fn end(&mut self) {
        if let Some(mut child) = self.child.take() {
            let id = child.id().unwrap().to_string();
            let asked = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
            assert!(asked.success());
            let ended = tokio::time::timeout(PATIENCE, child.wait())
                .await
                .expect("it ends")
                .unwrap();
            assert!(ended.success(), "{ended} {}", self.console());
        }
        self.gone().await;
    }

    async fn gone(&self) {
        let application = self.people.application;
        let gone = self.eventually(|| self.sim.connected(application) == 0).await;
        assert!(gone, "Discord has seen the connection end");
    }

    /// Lets time pass for what the stopped program has still to do.
    pub(crate) async fn later(&self, seconds: i64, messages: bool) {
        database::time_passes(&self.file(), seconds, messages)
            .await
            .unwrap();
    }

    /// Somebody who signs in.
    pub(crate) async fn caller(&self, who: Id) -> Client {
        self.client.sign_in(who).await.unwrap()
    }

    pub(crate) async fn admins(&self) -> Client {
        self.caller(self.people.admin).await
    }
}

fn file(home: &TempDir) -> String {
    format!("sqlite://{}", home.path().join("hazebot.db").display())
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
