//! Transcripts by mail, through a mail server that others wrote.

use std::time::Duration;

use hazebot_core::{Actor, Clock, jobs::list, settings::Changes};
use hazebot_e2e::{PATIENCE, peer::Peer};
use serde_json::json;
use tokio::net::TcpListener;

use crate::{
    spawned::free_port,
    stage::{Setting, Stage, status_is},
};

/// A person's words with all that mail servers and readers could take for something else.
const SAID: &str = "Grüße 👋🏽\n.\nFrom me <script>alert(1)</script>";

/// Whether a guild wants mails.
const WANTED: &str = "tickets.send_transcript_email";

async fn stage(port: u16) -> Stage {
    let vars = [
        ("SMTP_SERVER", "127.0.0.1"),
        ("SMTP_SECURITY", "none"),
        ("SMTP_USER", "bot@example.org"),
        ("SMTP_PASS", "a password for mail"),
        ("SUPPORT_EMAIL", "desk@example.org"),
    ];
    let mut vars: Vec<_> = vars.map(|(name, value)| (name, value.to_owned())).into();
    vars.push(("SMTP_PORT", port.to_string()));
    Stage::with(Setting {
        clock: Clock::manual(Clock::system().now()),
        vars,
        ..Setting::default()
    })
    .await
}

/// A mail server that is ready and refuses so many logins first; `None` where it can't run.
async fn server(port: u16, refused: u32) -> Option<Peer> {
    let mut server = Peer::mail_server(port, refused).unwrap()?;
    let ready = server.hears("its start", |heard| heard.event == "ready");
    ready.await.unwrap();
    Some(server)
}

async fn runs_what_is_due(stage: &Stage) {
    stage.program.bot().jobs().run_due().await.unwrap();
}

/// Waits until everything that follows a closing is done, or a job of its own.
async fn is_settled(stage: &Stage) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let store = stage.program.bot().store();
        let waiting = list(&mut store.read().await.unwrap(), Some("ticket.settle")).await;
        if waiting.unwrap().is_empty() {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// C19: one recipient, and a lone dot does not end the mail.
#[tokio::test]
async fn a_closed_ticket_is_mailed_once_to_one_address_as_page_and_text() {
    let port = free_port();
    let Some(mut server) = server(port, 0).await else {
        return;
    };
    let stage = stage(port).await;
    let (ticket, staff) = (stage.ticket().await, stage.staff().await);
    let finn = stage.caller(stage.people.finn).await;
    let (status, body) = finn
        .post(&ticket.path("/messages"), json!({ "content": SAID }))
        .await
        .unwrap();
    assert_eq!(status, 200, "{body}");
    let (status, body) = staff.post(&ticket.path("/close"), json!({})).await.unwrap();
    assert_eq!(status, 200, "{body}");
    let mail = server
        .hears("the mail", |heard| heard.event == "mail")
        .await
        .unwrap();
    assert_eq!(mail.data["to"], json!(["desk@example.org"]));
    assert_eq!(mail.data["user"], "bot@example.org");
    let subject = mail.data["headers"]["subject"].as_str().unwrap();
    assert!(subject.contains("#1") && subject.contains("Support"), "{subject}");
    let text = mail.data["text"].as_str().unwrap().replace("\r\n", "\n");
    assert!(text.contains(SAID), "{text}");
    let page = mail.data["html"].as_str().unwrap();
    assert!(page.contains("Grüße 👋🏽") && !page.contains("<script"), "{page}");
    runs_what_is_due(&stage).await;
    let (status, _) = staff.post(&ticket.path("/reopen"), json!({})).await.unwrap();
    assert_eq!(status, 200);
    staff.post(&ticket.path("/close"), json!({})).await.unwrap();
    let second = server
        .hears("the mail", |heard| heard.event == "mail")
        .await
        .unwrap();
    let id = |heard: &hazebot_e2e::peer::Heard| heard.data["headers"]["message-id"].clone();
    assert_ne!(id(&mail), id(&second));
    let mails = server.heard.iter().filter(|heard| heard.event == "mail").count();
    assert_eq!(mails, 2);
    stage.end().await;
}

/// T-12, X38.
#[tokio::test]
async fn a_mail_server_that_is_away_for_a_day_delays_the_mail_and_nothing_else() {
    // Whoever calls is hung up on, and nobody else gets the port.
    let broken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = broken.local_addr().unwrap().port();
    let broken = tokio::spawn(async move { while broken.accept().await.is_ok() {} });
    let stage = stage(port).await;
    let (ticket, staff) = (stage.ticket().await, stage.staff().await);
    let (status, body) = staff.post(&ticket.path("/close"), json!({})).await.unwrap();
    assert_eq!(status, 200, "{body}");
    assert_eq!(status_is(&staff, &ticket, "Closed").await["status"], "Closed");
    assert!(stage.eventually(|| stage.transcripts("1") == 1).await);
    runs_what_is_due(&stage).await;
    for _ in 0..24 {
        stage.clock.advance(chrono::Duration::hours(1));
        runs_what_is_due(&stage).await;
    }
    broken.abort();
    assert!(broken.await.unwrap_err().is_cancelled());
    let Some(mut server) = server(port, 0).await else {
        return;
    };
    // Longer than the longest pause between two tries.
    for _ in 0..4 {
        stage.clock.advance(chrono::Duration::hours(6));
        runs_what_is_due(&stage).await;
    }
    server
        .hears("the mail", |heard| heard.event == "mail")
        .await
        .unwrap();
    assert_eq!(stage.transcripts("1"), 1);
    stage.end().await;
}

#[tokio::test]
async fn a_login_that_the_mail_server_refuses_delays_the_mail_too() {
    let port = free_port();
    let Some(mut server) = server(port, 3).await else {
        return;
    };
    let stage = stage(port).await;
    let (ticket, staff) = (stage.ticket().await, stage.staff().await);
    let (status, body) = staff.post(&ticket.path("/close"), json!({})).await.unwrap();
    assert_eq!(status, 200, "{body}");
    is_settled(&stage).await;
    // Longer than the longest pause between two tries.
    for _ in 0..4 {
        stage.clock.advance(chrono::Duration::hours(2));
        runs_what_is_due(&stage).await;
    }
    server
        .hears("the mail", |heard| heard.event == "mail")
        .await
        .unwrap();
    let refused = server.heard.iter().filter(|heard| heard.event == "refused");
    assert_eq!(refused.count(), 3);
    stage.end().await;
}

#[tokio::test]
async fn a_guild_that_wants_no_mail_gets_none() {
    let port = free_port();
    let Some(mut server) = server(port, 0).await else {
        return;
    };
    let stage = stage(port).await;
    let staff = stage.staff().await;
    let settings = stage.program.bot().settings().clone();
    let change = async |changes| {
        settings
            .change(&Actor::System, stage.guild(), changes)
            .await
            .unwrap()
    };
    change(Changes::new().json(WANTED, json!(false))).await;
    let ticket = stage.ticket().await;
    staff.post(&ticket.path("/close"), json!({})).await.unwrap();
    is_settled(&stage).await;
    // The next one is wanted, at an address of the guild's own, and is the first that arrives.
    change(
        Changes::new()
            .json(WANTED, json!(true))
            .json("tickets.transcript_email_address", json!("team@example.org")),
    )
    .await;
    let second = stage.ticket_of(&stage.moderator()).await;
    staff.post(&second.path("/close"), json!({})).await.unwrap();
    let mail = server
        .hears("the mail", |heard| heard.event == "mail")
        .await
        .unwrap();
    assert_eq!(mail.data["to"], json!(["team@example.org"]));
    let subject = mail.data["headers"]["subject"].as_str().unwrap();
    assert!(subject.contains("#2"), "{subject}");
    stage.end().await;
}
