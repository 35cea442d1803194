//! The process dies between any two steps: after the next start everything is finished or undone, nothing is doubled.

use discord_sim::{FaultRule, RestFault, World};
use futures_util::future::BoxFuture;
use hazebot_core::{Outcome, events::EventId};
use hazebot_tickets::{
    TicketId, Tickets,
    ticket::{Draft, Origin, Ticket},
};
use serde_json::json;

use crate::scene::{DESCRIPTION, Opened, Scene, WAIT};

/// Each answer of Discord takes so long that a process can die before it.
const SLOW: RestFault = RestFault::Latency { ms: 40 };

/// By then Discord has forgotten all nonces, and the leases of the dead run have ended.
const FORGOTTEN: chrono::Duration = chrono::Duration::minutes(40);

fn slow(scene: &Scene) {
    scene.sim.fails(FaultRule {
        method: None,
        route: None,
        times: None,
        fault: SLOW,
    });
}

fn messages(world: &World, channel: &str) -> usize {
    world
        .channels
        .values()
        .find(|c| c.name == channel)
        .map_or(0, |c| c.messages.len())
}

/// Starts the work, kills it as soon as the world looks so, and starts the program anew.
fn dies_when<F>(
    scene: Scene,
    work: F,
    is_so: impl FnMut(&World) -> bool + Send + 'static,
) -> BoxFuture<'static, Scene>
where
    F: Future<Output = Outcome<Ticket>> + Send + 'static,
{
    Box::pin(async move {
        slow(&scene);
        let task = tokio::spawn(work);
        assert!(scene.sim.wait_until(is_so, WAIT).await);
        task.abort();
        assert!(task.await.is_err(), "it was killed before it had finished");
        scene.sim.clear_faults();
        let scene = scene.restart_after(FORGOTTEN).await;
        scene.jobs().await;
        scene
    })
}

async fn count(scene: &Scene, kind: &str) -> usize {
    let events = scene.store.events().since(EventId(0), 500).await.unwrap();
    events.iter().filter(|event| event.kind == kind).count()
}

fn opening(scene: &Scene) -> impl Future<Output = Outcome<Ticket>> + Send + 'static {
    let (tickets, guild, actor) = (scene.tickets.clone(), scene.guild, scene.actor(scene.people.finn));
    let draft = Draft {
        kind: "Bug".into(),
        subject: "Dark lamp".into(),
        description: DESCRIPTION.into(),
    };
    async move { tickets.open(guild, &actor, draft, Origin::Api).await }
}

#[tokio::test]
async fn an_opening_is_finished_wherever_it_was_cut_off() {
    for step in 0..=3 {
        let scene = Scene::start().await;
        let work = opening(&scene);
        let name = "ticket-1-bug-somebody";
        let scene = dies_when(scene, work, move |w| {
            w.channels.values().any(|c| c.name == name) && messages(w, name) >= step
        })
        .await;
        let ticket = scene.opened(name).await;
        let texts = scene.texts(ticket.channel);
        assert_eq!(texts.len(), 3, "cut off after {step} messages: {texts:?}");
        assert_eq!(scene.status(&ticket).await, "Open");
        assert_eq!(count(&scene, "ticket.opened").await, 1);
        let channels = scene.sim.read(|w| {
            w.channels
                .values()
                .filter(|c| c.name.starts_with("ticket-"))
                .count()
        });
        assert_eq!(channels, 1);
        let answer = scene
            .moderator()
            .presses(ticket.control, &ticket.button("claim"))
            .await
            .unwrap();
        assert!(answer.text().contains("claimed"), "{answer:?}");
        assert_eq!(scene.history(&ticket, scene.people.admin).await.len(), 2);
    }
}

fn work_on<F, R>(scene: &Scene, ticket: &Opened, work: F) -> R
where
    F: FnOnce(Tickets, hazebot_core::ids::GuildId, hazebot_core::Actor, TicketId) -> R,
{
    work(
        scene.tickets.clone(),
        scene.guild,
        scene.actor(scene.people.admin),
        ticket.id.parse().unwrap(),
    )
}

/// X38.
#[tokio::test]
async fn a_closing_is_finished_wherever_it_was_cut_off() {
    for line_is_posted in [false, true] {
        let scene = Scene::start().await;
        let ticket = scene.ticket().await;
        let work = work_on(&scene, &ticket, |tickets, guild, actor, id| async move {
            tickets.close(guild, &actor, id, "bye").await
        });
        let channel = ticket.channel;
        let mut feed = scene.store.events().subscribe();
        let scene = if line_is_posted {
            dies_when(scene, work, move |w| w.channels[&channel].messages.len() >= 4).await
        } else {
            let away = RestFault::ServerError { status: 502 };
            scene
                .sim
                .route_fails("POST", "/channels/{channel}/messages", 100, away);
            let task = tokio::spawn(work);
            while feed.next().await.kind != "ticket.closed" {}
            task.abort();
            scene.sim.clear_faults();
            let scene = scene.restart_after(FORGOTTEN).await;
            scene.jobs().await;
            scene
        };
        assert_eq!(scene.status(&ticket).await, "Closed");
        let lines = scene
            .texts(channel)
            .iter()
            .filter(|text| text.contains("Ticket closed by"))
            .count();
        assert_eq!(lines, 1, "line posted before: {line_is_posted}");
        assert_eq!(scene.admin().sees(scene.people.channels.transcripts).len(), 1);
        assert_eq!(scene.finn().sees(scene.finn().dm_with(scene.people.bot)).len(), 1);
        assert!(scene.finn().says(channel, "x").is_err());
        let history = scene.history(&ticket, scene.people.admin).await;
        assert_eq!(
            history
                .iter()
                .filter(|m| m["content"].as_str().unwrap().contains("successfully closed"))
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn a_closing_cut_off_between_transcript_and_message_does_each_once() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    scene
        .post(
            &ticket.path("/close"),
            scene.people.admin,
            json!({ "close_message": "bye" }),
        )
        .await;
    slow(&scene);
    let (jobs, transcripts) = (scene.bot.jobs().clone(), scene.people.channels.transcripts);
    let task = tokio::spawn(async move { jobs.run_due().await });
    assert!(
        scene
            .sim
            .wait_until(|w| !w.channels[&transcripts].messages.is_empty(), WAIT)
            .await
    );
    task.abort();
    scene.sim.clear_faults();
    let scene = scene.restart_after(FORGOTTEN).await;
    scene.jobs().await;
    assert_eq!(scene.admin().sees(transcripts).len(), 1);
    assert_eq!(scene.finn().sees(scene.finn().dm_with(scene.people.bot)).len(), 1);
}

#[tokio::test]
async fn a_deletion_is_finished_wherever_it_was_cut_off() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let transcripts = scene.people.channels.transcripts;
    let work = work_on(&scene, &ticket, |tickets, guild, actor, id| async move {
        tickets.delete(guild, &actor, id).await
    });
    let scene = dies_when(scene, work, move |w| {
        !w.channels[&transcripts].messages.is_empty()
    })
    .await;
    assert!(scene.sim.channel(ticket.channel).is_none());
    assert_eq!(scene.admin().sees(transcripts).len(), 1);
    assert_eq!(count(&scene, "ticket.deleted").await, 1);
}

#[tokio::test]
async fn a_claim_and_a_reply_are_posted_once_wherever_they_were_cut_off() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let channel = ticket.channel;
    let work = work_on(&scene, &ticket, |tickets, guild, actor, id| async move {
        tickets.claim(guild, &actor, id).await
    });
    let scene = dies_when(scene, work, move |w| w.channels[&channel].messages.len() >= 4).await;
    let work = work_on(&scene, &ticket, |tickets, guild, actor, id| async move {
        let sent = tickets.reply(guild, &actor, id, "hello").await;
        tickets
            .get(guild, &actor, id)
            .await
            .and_then(|ticket| sent.map(|_| ticket))
    });
    let scene = dies_when(scene, work, move |w| w.channels[&channel].messages.len() >= 5).await;
    let texts = scene.texts(channel);
    assert_eq!(
        texts
            .iter()
            .filter(|text| text.contains("Ticket claimed by"))
            .count(),
        1,
        "{texts:?}"
    );
    assert_eq!(
        texts.iter().filter(|text| text.contains("hello")).count(),
        1,
        "{texts:?}"
    );
    let history = scene.history(&ticket, scene.people.admin).await;
    assert_eq!(history.len(), 3, "{history:?}");
    assert_eq!(history[2]["role"], "admin");
}

#[tokio::test]
async fn a_question_whether_to_close_stands_once_wherever_it_was_cut_off() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let channel = ticket.channel;
    let work = work_on(&scene, &ticket, |tickets, guild, actor, id| async move {
        tickets.ask_to_close(guild, &actor, id, Some(5)).await
    });
    let scene = dies_when(scene, work, move |w| w.channels[&channel].messages.len() >= 4).await;
    let seen = scene.admin().sees(channel);
    let questions: Vec<_> = seen
        .iter()
        .filter(|m| m.custom_ids().iter().any(|id| id.starts_with("ticket:v1:keep")))
        .collect();
    assert_eq!(questions.len(), 1, "{:?}", scene.texts(channel));
    let finn = scene.finn().in_channel(channel);
    let kept = finn
        .presses(questions[0].id, &ticket.button("keep"))
        .await
        .unwrap();
    assert!(kept.updated.unwrap().text().contains("stays open"));
}

#[tokio::test]
async fn somebody_is_let_in_and_out_wherever_it_was_cut_off() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let (channel, friend) = (ticket.channel, scene.people.members[3]);
    let user = crate::scene::user(friend);
    let work = work_on(&scene, &ticket, |tickets, guild, actor, id| async move {
        tickets.add_participant(guild, &actor, id, user).await
    });
    let scene = dies_when(scene, work, move |w| w.channels[&channel].messages.len() >= 4).await;
    let her = scene.sim.as_user(friend);
    assert!(her.says(channel, "hi").is_ok());
    let work = work_on(&scene, &ticket, |tickets, guild, actor, id| async move {
        tickets.remove_participant(guild, &actor, id, user).await
    });
    let before = scene.texts(channel).len();
    let scene = dies_when(scene, work, move |w| w.channels[&channel].messages.len() > before).await;
    let her = scene.sim.as_user(friend);
    assert!(her.says(channel, "hi").is_err());
    let texts = scene.texts(channel);
    for line in ["has added", "has removed"] {
        assert_eq!(
            texts.iter().filter(|text| text.contains(line)).count(),
            1,
            "{texts:?}"
        );
    }
}

#[tokio::test]
async fn a_transfer_is_told_once_wherever_it_was_cut_off() {
    let scene = Scene::start().await;
    let ticket = scene.ticket().await;
    let channel = ticket.channel;
    let work = work_on(&scene, &ticket, |tickets, guild, actor, id| async move {
        tickets.transfer(guild, &actor, id, "Bug").await
    });
    let scene = dies_when(scene, work, move |w| w.channels[&channel].messages.len() >= 4).await;
    let texts = scene.texts(channel);
    assert_eq!(
        texts
            .iter()
            .filter(|text| text.contains("the type **Bug**"))
            .count(),
        1,
        "{texts:?}"
    );
    assert!(scene.controls(channel).await.text().contains("Bug"));
}
