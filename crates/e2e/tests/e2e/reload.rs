//! Cogs are loaded, unloaded and reloaded under traffic: nothing is lost, nothing is doubled.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use discord_sim::{AsUser, Id};
use hazebot_e2e::{PATIENCE, client::Client};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::{
    stage::{Stage, heard_once},
    town::Opened,
};

/// Messages per side; with the opening they fit into the newest hundred that the API shows.
const MESSAGES: usize = 40;

/// Callers and writers that go on until they are told to end.
struct Traffic {
    stop: Arc<AtomicBool>,
    readers: Vec<JoinHandle<usize>>,
    writers: Vec<JoinHandle<Vec<String>>>,
}

impl Traffic {
    fn begin(staff: &Client, finn: &AsUser, ticket: &Opened) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let readers = (0..2)
            .map(|_| tokio::spawn(read(staff.clone(), stop.clone())))
            .collect();
        let writers = vec![
            tokio::spawn(reply(staff.clone(), ticket.clone(), stop.clone())),
            tokio::spawn(chat(finn.clone(), ticket.channel, stop.clone())),
        ];
        Self {
            stop,
            readers,
            writers,
        }
    }

    /// Ends it; gives how many requests were answered, and what was written.
    async fn end(self) -> (usize, Vec<String>) {
        self.stop.store(true, Ordering::Release);
        let mut count = 0;
        for reader in self.readers {
            count += reader.await.unwrap();
        }
        let mut texts = Vec::new();
        for writer in self.writers {
            texts.extend(writer.await.unwrap());
        }
        (count, texts)
    }
}

async fn read(caller: Client, stop: Arc<AtomicBool>) -> usize {
    let mut count = 0;
    while !stop.load(Ordering::Acquire) {
        let (status, body) = caller
            .get("/api/tickets")
            .await
            .unwrap_or_else(|e| panic!("request {count}: {e:?}"));
        assert_eq!((status, &body["total"]), (200, &json!(1)), "{body}");
        count += 1;
    }
    count
}

async fn reply(caller: Client, ticket: Opened, stop: Arc<AtomicBool>) -> Vec<String> {
    let mut texts = Vec::new();
    while !stop.load(Ordering::Acquire) && texts.len() < MESSAGES {
        let text = format!("from the panel {}.", texts.len());
        let sent = caller
            .post(&ticket.path("/messages"), json!({ "content": text }))
            .await;
        let (status, body) = sent.unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(status, 200, "{body}");
        texts.push(text);
    }
    texts
}

async fn chat(member: AsUser, channel: Id, stop: Arc<AtomicBool>) -> Vec<String> {
    let mut texts = Vec::new();
    while !stop.load(Ordering::Acquire) && texts.len() < MESSAGES {
        let text = format!("from Discord {}.", texts.len());
        member.says(channel, &text).unwrap();
        texts.push(text);
        tokio::time::sleep(std::time::Duration::from_millis(15)).await;
    }
    texts
}

/// How often the slash commands were sent to Discord.
fn registrations(stage: &Stage) -> usize {
    let notes = stage.door.notes();
    notes
        .iter()
        .filter(|note| note.method == "PUT" && note.path.ends_with("/commands"))
        .count()
}

async fn operate(caller: &Client, operation: &str, cog: &str) {
    let path = format!("/api/cogs/{cog}/{operation}");
    let (status, body) = caller
        .post(&path, json!({}))
        .await
        .unwrap_or_else(|e| panic!("{path}: {e:?}"));
    assert_eq!(status, 200, "{path}: {body}");
}

async fn reload_under_traffic(cogs: &[&str]) {
    let stage = Stage::start().await;
    let (ticket, staff) = (stage.ticket().await, stage.staff().await);
    let admins = stage.admins().await;
    let before = registrations(&stage);
    let traffic = Traffic::begin(&staff, &stage.finn(), &ticket);
    for cog in cogs {
        operate(&admins, "reload", cog).await;
        // Something gets through in between.
        let (status, _) = admins.get("/api/tickets").await.unwrap();
        assert_eq!(status, 200);
    }
    let (answered, texts) = traffic.end().await;
    assert!(answered > 0 && texts.len() > 1, "{answered} {texts:?}");
    heard_once(&staff, &ticket, &texts).await;
    for text in texts.iter().filter(|text| text.contains("panel")) {
        assert_eq!(stage.count(ticket.channel, text), 1, "{text}");
    }
    assert_eq!(registrations(&stage), before, "a reload sends no commands");
    stage.end().await;
}

/// T-16.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reloads_of_tickets_under_traffic_lose_no_request_and_no_message() {
    reload_under_traffic(&["TicketSystem"; 5]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reloads_of_the_api_under_traffic_lose_no_request_and_no_message() {
    reload_under_traffic(&["APIServer"; 3]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unloaded_cog_refuses_and_catches_up_once_it_is_loaded() {
    let stage = Stage::start().await;
    let (ticket, admins) = (stage.ticket().await, stage.admins().await);
    let finn = stage.finn();
    finn.says(ticket.channel, "before.").unwrap();
    heard_once(&admins, &ticket, &["before.".to_owned()]).await;
    operate(&admins, "unload", "TicketSystem").await;

    for path in [
        "/api/tickets".to_owned(),
        "/api/tickets/my".to_owned(),
        ticket.path("/messages"),
    ] {
        let (status, body) = admins.get(&path).await.unwrap();
        assert_eq!(status, 503, "{path}: {body}");
        assert!(
            body["error"].as_str().is_some_and(|error| !error.is_empty()),
            "{path}: {body}"
        );
    }
    stage
        .commands_are(|names| !names.contains(&"ticket") && names.contains(&"help"))
        .await;
    assert!(finn.runs_slash("ticket").await.is_err());
    let pressed = stage
        .moderator()
        .presses(ticket.control, &ticket.button("claim"))
        .await
        .unwrap();
    assert!(pressed.text().contains("switched off"), "{pressed:?}");
    assert!(pressed.first().unwrap().ephemeral);
    let missed = finn.says(ticket.channel, "while you were out.").unwrap();
    finn.says(ticket.channel, "still here.").unwrap();
    finn.edits(ticket.channel, missed, "while you were out, corrected.")
        .unwrap();

    operate(&admins, "load", "TicketSystem").await;
    let texts = ["before.", "while you were out, corrected.", "still here."].map(str::to_owned);
    heard_once(&admins, &ticket, &texts).await;
    stage.commands_are(|names| names.contains(&"ticket")).await;
    let pressed = stage
        .moderator()
        .presses(ticket.control, &ticket.button("claim"))
        .await
        .unwrap();
    assert_eq!(pressed.text(), "You have claimed ticket #1.");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_deleted_while_the_cog_was_unloaded_closes_its_ticket() {
    let stage = Stage::start().await;
    let (ticket, admins) = (stage.ticket().await, stage.admins().await);
    operate(&admins, "unload", "TicketSystem").await;
    stage.sim.delete_channel(ticket.channel);
    operate(&admins, "load", "TicketSystem").await;
    crate::stage::status_is(&admins, &ticket, "Closed").await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_stops_from_discord_only_and_the_bot_goes_on() {
    let stage = Stage::start().await;
    let admins = stage.admins().await;
    let (status, body) = admins
        .post("/api/cogs/APIServer/unload", json!({}))
        .await
        .unwrap();
    assert_eq!(status, 403, "{body}");
    let admin = stage.admin();
    let place = stage.people.channels.mod_chat;
    admin.says(place, "!unload APIServer").unwrap();
    let gone = async {
        while admins.get("/api/health").await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone)
        .await
        .expect("connections are refused");
    let ticket = stage.ticket().await;
    admin.says(place, "!load APIServer").unwrap();
    let back = async {
        while !admins
            .get("/api/tickets")
            .await
            .is_ok_and(|(status, list)| status == 200 && list["total"] == 1)
        {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, back)
        .await
        .expect("the API is back");
    assert_eq!(admins.get(&ticket.path("")).await.unwrap().0, 200);
    stage.end().await;
}
