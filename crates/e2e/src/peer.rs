//! Clients of the sockets that others wrote: `socket.io-client` in Node, `python-socketio` in Python. Each runs in a
//! process of its own and prints what arrives, one line of JSON per event.

use std::{
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    sync::mpsc,
    time::timeout,
};

use crate::{PATIENCE, Trouble, client::Client, in_checkout, skipped};

/// Lines that wait to be looked at.
const LINES: usize = 1_024;

/// Something that arrived.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The event's name.
    pub event: String,
    /// What came with it.
    pub data: Value,
    /// When it was read here.
    pub at: Instant,
}

/// A client that has joined a ticket. It ends when it is dropped.
pub struct Peer {
    /// Its library.
    pub name: &'static str,
    /// Everything that was looked at so far, in order.
    pub heard: Vec<Heard>,
    lines: mpsc::Receiver<Heard>,
    _child: Child,
}

impl Peer {
    /// `socket.io-client`; `None` where Node or the package is absent.
    ///
    /// # Errors
    /// It can't be started.
    pub fn javascript(caller: &Client, ticket: &str, user: &str) -> Result<Option<Self>, Trouble> {
        let modules = in_checkout("web/node_modules");
        if !modules.join("socket.io-client").exists() {
            skipped("socket.io-client: the panel's packages are not installed");
            return Ok(None);
        }
        let script = in_checkout("crates/e2e/peers/ticket_peer.mjs");
        let mut command = Command::new("node");
        command.arg(script).arg(modules);
        Self::start("socket.io-client", command, caller, ticket, user)
    }

    /// `python-socketio`; `None` where `HAZEBOT_PYTHON` names no Python with it.
    ///
    /// # Errors
    /// It can't be started.
    pub fn python(caller: &Client, ticket: &str, user: &str) -> Result<Option<Self>, Trouble> {
        let Some(python) = std::env::var_os("HAZEBOT_PYTHON").map(PathBuf::from) else {
            skipped("python-socketio: HAZEBOT_PYTHON is not set");
            return Ok(None);
        };
        let mut command = Command::new(python);
        command.arg(in_checkout("crates/e2e/peers/ticket_peer.py"));
        Self::start("python-socketio", command, caller, ticket, user)
    }

    /// `aiosmtpd`, a mail server on a port of this machine that refuses so many logins first; `None` where `HAZEBOT_PYTHON` names no Python with it.
    ///
    /// # Errors
    /// It can't be started.
    pub fn mail_server(port: u16, refused: u32) -> Result<Option<Self>, Trouble> {
        let Some(python) = std::env::var_os("HAZEBOT_PYTHON").map(PathBuf::from) else {
            skipped("aiosmtpd: HAZEBOT_PYTHON is not set");
            return Ok(None);
        };
        let mut command = Command::new(python);
        command
            .arg(in_checkout("crates/e2e/peers/mail_server.py"))
            .args([port.to_string(), refused.to_string()]);
        Self::listen("aiosmtpd", command)
    }

    fn start(
        name: &'static str,
        mut command: Command,
        caller: &Client,
        ticket: &str,
        user: &str,
    ) -> Result<Option<Self>, Trouble> {
        command.args([caller.base(), ticket, user, caller.token()]);
        Self::listen(name, command)
    }

    fn listen(name: &'static str, mut command: Command) -> Result<Option<Self>, Trouble> {
        let started = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = match started {
            Ok(child) => child,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                skipped(&format!("{name}: its program is not installed"));
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let out = child.stdout.take().ok_or("no output")?;
        let (sender, lines) = mpsc::channel(LINES);
        tokio::spawn(async move {
            let mut out = BufReader::new(out).lines();
            while let Ok(Some(line)) = out.next_line().await {
                let Ok(mut json) = serde_json::from_str::<Value>(&line) else {
                    continue;
                };
                let event = json
                    .get("event")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned();
                let data = json.get_mut("data").map(Value::take).unwrap_or_default();
                let at = Instant::now();
                if sender.send(Heard { event, data, at }).await.is_err() {
                    return;
                }
            }
        });
        Ok(Some(Self {
            name,
            heard: Vec::new(),
            lines,
            _child: child,
        }))
    }

    /// Waits for an event that `fits`; what comes before it is kept in [`Peer::heard`].
    ///
    /// # Errors
    /// It does not come; the text says what came instead.
    pub async fn hears(&mut self, what: &str, fits: impl Fn(&Heard) -> bool) -> Result<Heard, Trouble> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match timeout(left, self.lines.recv()).await {
                Ok(Some(heard)) => {
                    self.heard.push(heard.clone());
                    if fits(&heard) {
                        return Ok(heard);
                    }
                }
                Ok(None) | Err(_) => {
                    let came: Vec<_> = self
                        .heard
                        .iter()
                        .map(|heard| (&heard.event, &heard.data))
                        .collect();
                    return Err(format!("{} did not hear of {what}; it heard {came:?}", self.name).into());
                }
            }
        }
    }

    /// Waits for a `ticket_update` of this kind.
    ///
    /// # Errors
    /// As [`Peer::hears`].
    pub async fn hears_update(&mut self, kind: &str) -> Result<Heard, Trouble> {
        self.hears(kind, |heard| is_update(heard, kind)).await
    }

    /// Waits for a message with this text in it, and gives how long after `since` it came.
    ///
    /// # Errors
    /// As [`Peer::hears`].
    pub async fn hears_message(&mut self, text: &str, since: Instant) -> Result<Duration, Trouble> {
        let fits = |heard: &Heard| is_message(heard, text);
        let heard = self.hears(text, fits).await?;
        Ok(heard.at.saturating_duration_since(since))
    }

    /// How often a message with this text was heard.
    #[must_use]
    pub fn count(&self, text: &str) -> usize {
        self.heard.iter().filter(|heard| is_message(heard, text)).count()
    }

    /// The names of the first events, without the short notes to staff.
    #[must_use]
    pub fn order(&self) -> Vec<&str> {
        let names = self.heard.iter().map(|heard| heard.event.as_str());
        names.filter(|name| *name != "tickets_changed").collect()
    }
}

fn is_update(heard: &Heard, kind: &str) -> bool {
    heard.event == "ticket_update" && heard.data.get("event_type").and_then(Value::as_str) == Some(kind)
}

fn is_message(heard: &Heard, text: &str) -> bool {
    let content = heard.data.pointer("/data/content").and_then(Value::as_str);
    is_update(heard, "new_message") && content.is_some_and(|content| content.contains(text))
}
