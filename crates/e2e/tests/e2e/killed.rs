//! SIGKILL between any two requests to Discord: after the next start everything is finished or undone, nothing is doubled.

use std::time::Duration;

use discord_sim::{AsUser, Id};
use hazebot_e2e::{PATIENCE, client::Client, database, door::Point};
use serde_json::{Value, json};

use crate::{
    spawned::Spawned,
    stage::{heard_once, status_is},
    town::{DESCRIPTION, Opened, Town},
};

/// More requests than any action makes; a loop that gets there goes nowhere.
const MOST_STEPS: usize = 20;
/// The repair job is due after a minute.
const LATER: i64 = 120;

/// Does the work and kills the program at its `nth` request. False if the work was done before it got there.
async fn dies_at<F>(
    spawned: &mut Spawned,
    (nth, point): (usize, Point),
    work: F,
    done: impl Fn(&Town) -> bool,
) -> bool
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    spawned.door.hold(nth, point);
    let mut task = tokio::spawn(work);
    let died = {
        let town = &spawned.town;
        let finished = async {
            let _ = (&mut task).await;
            town.eventually(|| done(town)).await
        };
        tokio::select! {
            biased;
            () = spawned.door.held() => true,
            finished = finished => {
                assert!(finished, "neither done nor held at step {nth}");
                false
            }
        }
    };
    if died {
        spawned.kill().await;
        task.abort();
        // Every other time so late that Discord has forgotten the nonces of what was sent.
        spawned.later(LATER, nth.is_multiple_of(2)).await;
        spawned.run().await;
    } else {
        spawned.door.let_through();
    }
    died
}

/// All places to die at, until `scene` says that there are no more.
async fn everywhere<S>(mut scene: S)
where
    S: AsyncFnMut((usize, Point)) -> bool,
{
    for nth in 1..MOST_STEPS {
        for point in [Point::Before, Point::After] {
            if !scene((nth, point)).await {
                assert!(nth > 1, "the work makes no request at all");
                return;
            }
        }
    }
    panic!("the work has no end");
}

async fn form(who: &AsUser) -> discord_sim::Modal {
    let shown = who
        .runs_slash_with("ticket", [("type", "Support")])
        .await
        .unwrap();
    let text = shown.text();
    shown.modal.unwrap_or_else(|| panic!("no form: {text}"))
}

/// Fills the form in, and gives what the person is told.
async fn submit(who: AsUser, modal: discord_sim::Modal, subject: String) -> String {
    let fields = [("subject", subject.as_str()), ("description", DESCRIPTION)];
    who.submits_modal(&modal, fields)
        .await
        .map(|answer| answer.text())
        .unwrap_or_default()
}

/// Opens by the form and is killed; there is one whole ticket afterwards, or nothing, and the person may try again.
async fn opening(spawned: &mut Spawned, admins: &Client, who: Id, at: (usize, Point)) -> bool {
    let subject = format!("Lamp {} {:?}", at.0, at.1);
    let member = spawned.member(who);
    let modal = form(&member).await;
    let work = submit(member.clone(), modal, subject.clone());
    let before = spawned.ticket_channels();
    let died = dies_at(spawned, at, work, |town| town.ticket_channels() == before + 1).await;
    settled(spawned).await;
    if listed(spawned, admins, &subject).await.is_none() {
        assert_eq!(
            spawned.ticket_channels(),
            before,
            "{subject}: a channel without a ticket"
        );
        let told = submit(member.clone(), form(&member).await, subject.clone()).await;
        assert!(told.contains("has been opened"), "{subject}: {told}");
    }
    let one = listed(spawned, admins, &subject)
        .await
        .unwrap_or_else(|| panic!("{subject} {}", spawned.console()));
    assert_eq!(one["status"], "Open", "{subject}: {one}");
    let channel: Id = one["channel_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(spawned.ticket_channels(), before + 1, "{subject}");
    assert_eq!(
        spawned.control_messages(channel),
        1,
        "{subject}: {:?}",
        spawned.texts(channel)
    );
    for text in [DESCRIPTION, "will handle your request soon"] {
        assert_eq!(
            spawned.count(channel, text),
            1,
            "{subject}: {:?}",
            spawned.texts(channel)
        );
    }
    died
}

/// Waits until no ticket is half-made any more.
async fn settled(spawned: &Spawned) {
    const HALF_MADE: &str =
        "SELECT COUNT(*) FROM tickets WHERE guild_id = $1 AND status IN ('opening', 'undoing')";
    let guild = i64::try_from(spawned.people.guild.get()).unwrap();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while database::number(&spawned.file(), HALF_MADE, guild).await.unwrap() > 0 {
        assert!(tokio::time::Instant::now() < deadline, "{}", spawned.console());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The ticket with this subject; there is never a second one.
async fn listed(spawned: &Spawned, admins: &Client, subject: &str) -> Option<Value> {
    let (_, list) = admins.get("/api/tickets").await.unwrap();
    let line = format!("**Subject:** {subject}\n");
    let is_it = |t: &&Value| {
        t["initial_message"]
            .as_str()
            .is_some_and(|text| text.contains(&line))
    };
    let found: Vec<&Value> = list["tickets"].as_array().unwrap().iter().filter(is_it).collect();
    assert!(found.len() <= 1, "{subject}: {found:?} {}", spawned.console());
    found.first().map(|one| (*one).clone())
}

#[tokio::test]
async fn an_opening_killed_anywhere_is_finished_once() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let admins = spawned.admins().await;
    let mut people = spawned.people.members.clone().into_iter();
    everywhere(async |at| opening(&mut spawned, &admins, people.next().unwrap(), at).await).await;
}

#[tokio::test]
async fn staff_whose_opening_is_killed_anywhere_get_one_ticket_not_two() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let admins = spawned.admins().await;
    let moderator = spawned.people.moderators[0];
    everywhere(async |at| opening(&mut spawned, &admins, moderator, at).await).await;
}

/// A ticket that an admin has opened, and its number.
async fn prepared(spawned: &Spawned, admins: &Client) -> (Opened, String) {
    let body = json!({ "type": "Bug", "subject": "Dark lamp", "description": DESCRIPTION });
    let (status, told) = admins.post("/api/tickets", body).await.unwrap();
    assert_eq!(status, 201, "{told}");
    let channel = told["channel_id"].as_str().unwrap().parse().unwrap();
    (spawned.opened(channel).await, told["ticket_num"].to_string())
}

#[tokio::test]
async fn a_claim_killed_anywhere_is_told_once() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let admins = spawned.admins().await;
    let mut channels = Vec::new();
    everywhere(async |at| {
        let (ticket, _) = prepared(&spawned, &admins).await;
        channels.push(ticket.channel);
        let (moderator, button) = (spawned.moderator(), ticket.button("claim"));
        let work = async move { moderator.presses(ticket.control, &button).await };
        let (channel, line) = (ticket.channel, "Ticket claimed by");
        let died = dies_at(&mut spawned, at, work, |town| town.count(channel, line) == 1).await;
        status_is(&admins, &ticket, "Claimed").await;
        spawned.stands(channel, line, 1).await;
        spawned.controls_show(channel, "Claimed").await;
        died
    })
    .await;
    for channel in channels {
        spawned.stands(channel, "Ticket claimed by", 1).await;
    }
}

#[tokio::test]
async fn a_closing_killed_anywhere_leaves_one_transcript_and_one_direct_message() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let admins = spawned.admins().await;
    let admin = spawned.people.admin;
    let mut closed = Vec::new();
    everywhere(async |at| {
        let (ticket, number) = prepared(&spawned, &admins).await;
        let words = format!("Bye {} {:?}.", at.0, at.1);
        closed.push((ticket.channel, number.clone(), words.clone()));
        let moderator = spawned.moderator();
        let shown = moderator
            .presses(ticket.control, &ticket.button("close"))
            .await
            .unwrap();
        let (modal, message) = (shown.modal.unwrap(), words.clone());
        let work = async move { moderator.submits_modal(&modal, [("message", message)]).await };
        let channel = ticket.channel;
        let done = |town: &Town| {
            let told = town.told(admin).iter().any(|text| text.contains(&words));
            told && town.transcripts(&number) == 1 && town.count(channel, "Ticket closed by") == 1
        };
        let died = dies_at(&mut spawned, at, work, done).await;
        status_is(&admins, &ticket, "Closed").await;
        let so = spawned.eventually(|| done(&spawned)).await;
        assert!(so, "{at:?}: {:?} {}", spawned.texts(channel), spawned.console());
        spawned.controls_show(channel, "Closed").await;
        died
    })
    .await;
    for (channel, number, words) in closed {
        let told = spawned
            .told(admin)
            .iter()
            .filter(|text| text.contains(&words))
            .count();
        let once = (
            told,
            spawned.transcripts(&number),
            spawned.count(channel, "Ticket closed by"),
        );
        assert_eq!(once, (1, 1, 1), "{words}");
    }
}

#[tokio::test]
async fn a_reopening_killed_anywhere_counts_once() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let admins = spawned.admins().await;
    let admin = spawned.people.admin;
    let mut channels = Vec::new();
    everywhere(async |at| {
        let (ticket, number) = prepared(&spawned, &admins).await;
        channels.push(ticket.channel);
        let words = format!("Closed {number}.");
        admins
            .post(&ticket.path("/close"), json!({ "close_message": words }))
            .await
            .unwrap();
        let told = || spawned.told(admin).iter().any(|text| text.contains(&words));
        assert!(
            spawned
                .eventually(|| spawned.transcripts(&number) == 1 && told())
                .await
        );
        spawned.controls_show(ticket.channel, "Closed").await;
        let (person, button) = (spawned.admin(), ticket.button("reopen"));
        let work = async move { person.presses(ticket.control, &button).await };
        let (channel, line) = (ticket.channel, "has been reopened");
        let died = dies_at(&mut spawned, at, work, |town| town.count(channel, line) == 1).await;
        let one = status_is(&admins, &ticket, "Open").await;
        assert_eq!(one["reopen_count"], 1);
        spawned.stands(channel, line, 1).await;
        spawned.controls_show(channel, "Open").await;
        died
    })
    .await;
    for channel in channels {
        spawned.stands(channel, "has been reopened", 1).await;
    }
}

#[tokio::test]
async fn a_reply_killed_anywhere_stands_in_discord_and_history_once() {
    let Some(mut spawned) = Spawned::start().await else {
        return;
    };
    let admins = spawned.admins().await;
    let (ticket, _) = prepared(&spawned, &admins).await;
    let mut sent = Vec::new();
    everywhere(async |at| {
        let words = format!("Word {} {:?}.", at.0, at.1);
        sent.push(words.clone());
        let (caller, path, body) = (
            admins.clone(),
            ticket.path("/messages"),
            json!({ "content": words }),
        );
        let work = async move { caller.post(&path, body).await };
        let channel = ticket.channel;
        let died = dies_at(&mut spawned, at, work, |town| town.count(channel, &words) == 1).await;
        spawned.stands(channel, &words, 1).await;
        heard_once(&admins, &ticket, &sent).await;
        died
    })
    .await;
    for words in &sent {
        assert_eq!(spawned.count(ticket.channel, words), 1, "{words}");
    }
}
