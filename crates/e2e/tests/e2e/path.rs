//! One ticket, from the first command to the reopening, seen from Discord, the API and the sockets at once.

use std::time::{Duration, Instant};

use discord_sim::Seen;
use hazebot_e2e::{client::Client, database, peer::Peer, skipped};
use serde_json::json;

use crate::{
    stage::{Setting, Stage, history, status_is},
    town::Opened,
};

/// What a person feels as "at once".
const AT_ONCE: Duration = Duration::from_secs(1);

/// T-22, X39, X103, X106, X107.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_goes_its_way_through_discord_api_and_sockets() {
    walk(Stage::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_goes_the_same_way_on_postgresql() {
    let Some(url) = database::on_postgres().await.unwrap() else {
        return skipped("HAZEBOT_TEST_POSTGRES is not set");
    };
    let setting = Setting {
        database: Some(url),
        ..Setting::default()
    };
    walk(Stage::with(setting).await).await;
}

async fn walk(stage: Stage) {
    let ticket = stage.ticket().await;
    let (staff, finn) = (stage.staff().await, stage.caller(stage.people.finn).await);
    let (status, list) = staff.get("/api/tickets").await.unwrap();
    assert_eq!(status, 200, "{list}");
    assert_eq!(list["tickets"][0]["ticket_id"], ticket.id);
    assert_eq!(list["tickets"][0]["channel_id"], ticket.channel.to_string());
    assert_eq!(list["tickets"][0]["status"], "Open");

    let mut peers = join(&stage, &staff, &finn, &ticket).await;
    talk(&stage, &staff, &ticket, &mut peers).await;
    claim(&stage, &staff, &ticket, &mut peers).await;
    close(&stage, &staff, &ticket, &mut peers).await;
    reopen(&stage, &finn, &ticket, &mut peers).await;
    for peer in &peers {
        assert_eq!(peer.count("On our way"), 1, "{}", peer.name);
    }
    stage.end().await;
}

/// Staff with one library, the creator with the other.
async fn join(stage: &Stage, staff: &Client, finn: &Client, ticket: &Opened) -> Vec<Peer> {
    let moderator = stage.people.moderators[0].to_string();
    let one = Peer::javascript(staff, &ticket.id, &moderator).unwrap();
    let two = Peer::python(finn, &ticket.id, &stage.people.finn.to_string()).unwrap();
    let mut peers: Vec<Peer> = one.into_iter().chain(two).collect();
    for peer in &mut peers {
        let fits = |heard: &hazebot_e2e::peer::Heard| heard.event == "joined_ticket";
        let joined = peer.hears("joined_ticket", fits).await.unwrap();
        assert_eq!(joined.data["ticket_id"], ticket.id);
        assert_eq!(
            peer.order(),
            ["connect", "connected", "message_history", "joined_ticket"],
            "{}",
            peer.name
        );
        let told = peer
            .heard
            .iter()
            .find(|heard| heard.event == "message_history")
            .unwrap();
        let messages = told.data["messages"].as_array().unwrap();
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert!(
            messages[0]["content"]
                .as_str()
                .unwrap()
                .contains("**Subject:** Dark lamp")
        );
    }
    peers
}

async fn talk(stage: &Stage, staff: &Client, ticket: &Opened, peers: &mut [Peer]) {
    // The quickest of three, so that a busy machine does not decide.
    let mut quickest = vec![Duration::MAX; peers.len()];
    for text in ["Any news?", "Still dark.", "Hello?"] {
        let since = Instant::now();
        stage.finn().says(ticket.channel, text).unwrap();
        for (peer, quickest) in peers.iter_mut().zip(&mut quickest) {
            *quickest = (*quickest).min(peer.hears_message(text, since).await.unwrap());
        }
    }
    assert!(quickest.iter().all(|took| *took < AT_ONCE), "{quickest:?}");

    let body = json!({ "content": "On our way @everyone" });
    let (status, sent) = staff.post(&ticket.path("/messages"), body).await.unwrap();
    assert_eq!(status, 200, "{sent}");
    let seen: Vec<Seen> = stage.finn().sees(ticket.channel);
    let seen: Vec<&Seen> = seen
        .iter()
        .filter(|seen| seen.content.contains("On our way"))
        .collect();
    assert_eq!(seen.len(), 1);
    assert!(
        seen[0].content.starts_with("**[Admin Panel - "),
        "{}",
        seen[0].content
    );
    assert_eq!(seen[0].json["mention_everyone"], false);
    for peer in peers.iter_mut() {
        peer.hears_message("On our way", Instant::now()).await.unwrap();
    }
}

async fn claim(stage: &Stage, staff: &Client, ticket: &Opened, peers: &mut [Peer]) {
    let moderator = stage.moderator();
    let answer = moderator
        .presses(ticket.control, &ticket.button("claim"))
        .await
        .unwrap();
    assert_eq!(answer.text(), "You have claimed ticket #1.");
    for peer in peers.iter_mut() {
        let heard = peer.hears_update("ticket_claimed").await.unwrap();
        assert_eq!(
            heard.data["data"]["claimed_by"],
            stage.people.moderators[0].to_string()
        );
    }
    let one = status_is(staff, ticket, "Claimed").await;
    assert_eq!(one["claimed_by"], stage.people.moderators[0].to_string());
    stage.controls_show(ticket.channel, "Claimed").await;
}

async fn close(stage: &Stage, staff: &Client, ticket: &Opened, peers: &mut [Peer]) {
    let moderator = stage.moderator();
    let shown = moderator
        .presses(ticket.control, &ticket.button("close"))
        .await
        .unwrap();
    let modal = shown.modal.expect("a form for the closing message");
    let answer = moderator
        .submits_modal(&modal, [("message", "It shines again")])
        .await
        .unwrap();
    assert_eq!(answer.text(), "Ticket #1 is closed.");
    for peer in peers.iter_mut() {
        let heard = peer.hears_update("ticket_closed").await.unwrap();
        assert_eq!(heard.data["data"]["close_message"], "It shines again");
    }
    status_is(staff, ticket, "Closed").await;
    let finn = stage.people.finn;
    assert!(
        stage
            .eventually(|| stage.transcripts("1") == 1 && stage.told(finn).len() == 1)
            .await
    );
    assert!(
        stage.told(finn)[0].contains("It shines again"),
        "{:?}",
        stage.told(finn)
    );
    assert!(transcript(stage).contains("Any news?"));
    stage.controls_show(ticket.channel, "Closed").await;
    let control = stage.controls(ticket.channel).await;
    assert_eq!(enabled(&control, "claim"), Some(false));
    assert_eq!(enabled(&control, "reopen"), Some(true));
    assert!(
        stage.finn().says(ticket.channel, "too late").is_err(),
        "a closed ticket is read-only for its creator"
    );
}

async fn reopen(stage: &Stage, finn: &Client, ticket: &Opened, peers: &mut [Peer]) {
    let answer = stage
        .finn()
        .presses(ticket.control, &ticket.button("reopen"))
        .await
        .unwrap();
    assert_eq!(answer.text(), "Ticket #1 is open again.");
    for peer in peers.iter_mut() {
        peer.hears_update("ticket_reopened").await.unwrap();
    }
    let one = status_is(finn, ticket, "Open").await;
    assert_eq!(one["reopen_count"], 1);
    let since = Instant::now();
    stage.finn().says(ticket.channel, "Thank you all").unwrap();
    for peer in peers.iter_mut() {
        peer.hears_message("Thank you all", since).await.unwrap();
    }
    let history = history(finn, ticket).await;
    let times = |text: &str| {
        history
            .iter()
            .filter(|m| m["content"].as_str().unwrap().contains(text))
            .count()
    };
    for text in [
        "Any news?",
        "Still dark.",
        "Hello?",
        "On our way",
        "Thank you all",
    ] {
        assert_eq!(times(text), 1, "{text}: {history:?}");
    }
}

/// The file in the transcript channel.
fn transcript(stage: &Stage) -> String {
    let posted = stage
        .admin()
        .sees(stage.people.channels.transcripts)
        .pop()
        .unwrap();
    let file: discord_sim::Id = posted.json["attachments"][0]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let bytes = stage.sim.read(|w| w.file(file)).expect("the transcript's file");
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Whether the button of this word can be pressed.
pub(crate) fn enabled(seen: &Seen, word: &str) -> Option<bool> {
    let rows = seen.json["components"].as_array()?.iter();
    let mut buttons = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let button = buttons.find(|b| {
        b["custom_id"]
            .as_str()
            .is_some_and(|id| id.contains(&format!(":{word}:")))
    })?;
    Some(button["disabled"] != true)
}
