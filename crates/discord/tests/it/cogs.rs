//! Cogs that the tests use.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use hazebot_core::{Failure, Outcome, Refusal, gate::Gates, jobs::JobDone};
use hazebot_discord::{
    About, Answer, Bot, Button, Cog, Command, Component, Input, Listener, Message, Modal, Mode, Opt, Parts,
    Protection, Suggestion, Who,
    testing::{TestBed, TestBedBuilder},
};
use tokio::sync::Semaphore;

/// Texts of the test cogs.
pub(crate) const TEXTS: &[(&str, &str)] = &[
    (
        "en",
        "cmd-ping =\n    .description = Answers\ncmd-greet =\n    .description = Greets somebody\n    .example = greet @finn hello\n    .option-member = Whom\n    .option-words = With which words\ntest-no = That is not possible.\n",
    ),
    (
        "de",
        "cmd-ping =\n    .description = Antwortet\ncmd-greet =\n    .description = Grüßt jemanden\n    .example = greet @finn hallo\n    .option-member = Wen\n    .option-words = Mit welchen Worten\ntest-no = Das geht nicht.\n",
    ),
];

/// What the tests see and steer.
#[derive(Clone)]
pub(crate) struct Probe {
    /// Messages that the listener heard, in order.
    pub(crate) heard: Arc<Mutex<Vec<String>>>,
    /// Times that the cog was set up.
    pub(crate) set_ups: Arc<AtomicUsize>,
    /// Makes the next set-up fail.
    pub(crate) fail: Arc<AtomicBool>,
    /// Handlers of `/slow` wait for a permit.
    pub(crate) slow: Arc<Semaphore>,
    /// Runs of the job `trial.job`.
    pub(crate) jobs: Arc<AtomicUsize>,
    /// Starts of the task, which panics at its first.
    pub(crate) tasks: Arc<AtomicUsize>,
    /// What the cog did when it went.
    pub(crate) farewells: Arc<Mutex<Vec<&'static str>>>,
    /// Claims of the one thing that can be claimed.
    pub(crate) claims: Arc<AtomicUsize>,
}

impl Default for Probe {
    fn default() -> Self {
        Self {
            heard: Arc::default(),
            set_ups: Arc::default(),
            fail: Arc::default(),
            slow: Arc::new(Semaphore::new(0)),
            jobs: Arc::default(),
            tasks: Arc::default(),
            farewells: Arc::default(),
            claims: Arc::default(),
        }
    }
}

static TRIAL: About = About {
    file_name: "TrialFile",
    ..About::named("Trial")
};
static OTHER: About = About {
    needs: &["Trial"],
    ..About::named("Other")
};
static CORE: About = About {
    protection: Protection::Protected,
    ..About::named("CogManager")
};
static API: About = About {
    protection: Protection::ReloadOnly,
    ..About::named("APIServer")
};

struct Trial(Probe);

impl Cog for Trial {
    fn about(&self) -> &'static About {
        &TRIAL
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if self.0.fail.load(Ordering::SeqCst) {
                return Err(Failure::internal("told to fail"));
            }
            let generation = self.0.set_ups.fetch_add(1, Ordering::SeqCst) + 1;
            commands(parts, &self.0, generation);
            components(parts, &self.0);
            background(parts, &self.0);
            let heard = Arc::clone(&self.0.heard);
            parts.listen(
                Listener::messages(|message| message.content.starts_with("n ")).run(move |event| {
                    let heard = Arc::clone(&heard);
                    async move {
                        if let Some(message) = event.message() {
                            heard.lock().unwrap().push(message.content.clone());
                        }
                        Ok(())
                    }
                }),
            );
            Ok(())
        })
    }
}

fn background(parts: &mut Parts, probe: &Probe) {
    let jobs = Arc::clone(&probe.jobs);
    parts.job("trial.job", move |_| {
        jobs.fetch_add(1, Ordering::SeqCst);
        async { Ok(JobDone::Done) }
    });
    let (tasks, farewells) = (Arc::clone(&probe.tasks), Arc::clone(&probe.farewells));
    parts.task("watch", move |cx| {
        let (tasks, farewells) = (Arc::clone(&tasks), Arc::clone(&farewells));
        async move {
            if tasks.fetch_add(1, Ordering::SeqCst) == 0 {
                panic!("at the first start");
            }
            cx.stop.cancelled().await;
            farewells.lock().unwrap().push("task");
            Ok(())
        }
    });
    let farewells = Arc::clone(&probe.farewells);
    parts.on_unload(move || async move { farewells.lock().unwrap().push("hook") });
}

fn commands(parts: &mut Parts, probe: &Probe, generation: usize) {
    parts.command(
        Command::new("ping").run(move |_| async move { Ok(Answer::text(format!("pong {generation}"))) }),
    );
    let slow = Arc::clone(&probe.slow);
    parts.command(Command::new("slow").answers(Mode::Ephemeral).run(move |_| {
        let slow = Arc::clone(&slow);
        async move {
            let _permit = slow.acquire().await;
            Ok(Answer::text("at last"))
        }
    }));
    parts.command(Command::new("panics").run(|_| async move { panic!("on purpose") }));
    parts.command(
        Command::new("refuses")
            .run(|_| async move { Err(Refusal::invalid("test-no", "Not possible").into()) }),
    );
    parts.command(
        Command::new("staffonly")
            .alias("so")
            .who(Who::Staff)
            .run(|_| async move { Ok(Answer::text("hello, team")) }),
    );
    parts.command(
        Command::new("form")
            .guild_only()
            .answers(Mode::Modal)
            .run(|_| async move {
                Ok(Answer::modal(
                    Modal::new("trial:v1:form", "A form").input(Input::short("subject", "Subject")),
                ))
            }),
    );
    parts.command(
        Command::new("greet")
            .guild_only()
            .option(Opt::user("member").required())
            .option(Opt::rest("words"))
            .run(|cx| async move {
                let (whom, words) = (
                    cx.person("member")?,
                    cx.string_opt("words").unwrap_or("hi").to_owned(),
                );
                Ok(Answer::text(format!("{words}, {}", whom.name)))
            }),
    );
    parts.command(
        Command::new("pick")
            .option(Opt::text("fruit").required().autocomplete(|cx| async move {
                let all = ["apple", "apricot", "pear"];
                Ok(all
                    .into_iter()
                    .filter(|fruit| fruit.starts_with(cx.typed()))
                    .map(Suggestion::plain)
                    .collect())
            }))
            .cooldown(Duration::from_secs(60))
            .run(|cx| async move { Ok(Answer::text(cx.string("fruit")?.to_owned())) }),
    );
    parts.command(
        Command::new("panel")
            .answers(Mode::Ephemeral)
            .by_button_on_prefix()
            .run(|_| async move { Ok(Answer::text("only for you")) }),
    );
    parts.command(Command::new("things").run(|_| async move {
        Ok(Answer::message(Message::new().text("one thing").buttons([
            Button::primary("trial:v1:claim:7", "Claim"),
            Button::secondary("trial:v1:later", "Later"),
            Button::secondary("trial:v1:gone", "Gone"),
        ])))
    }));
}

fn components(parts: &mut Parts, probe: &Probe) {
    let claims = Arc::clone(&probe.claims);
    parts.component(
        Component::button("trial:v1:claim")
            .legacy("trial:claim")
            .run(move |cx| {
                let claims = Arc::clone(&claims);
                async move {
                    let key = cx.arg(0)?.to_owned();
                    if claims.fetch_add(1, Ordering::SeqCst) > 0 {
                        return Err(Refusal::invalid("trial-claimed", "Already claimed").into());
                    }
                    Ok(Answer::update(
                        Message::new().text(format!("{key} is claimed by {}", cx.user().name)),
                    ))
                }
            }),
    );
    parts.component(
        Component::button("trial:v1:later")
            .answers(Mode::Update)
            .run(|_| async move {
                tokio::time::sleep(Duration::from_millis(1700)).await;
                Ok(Answer::update(Message::new().text("changed late")))
            }),
    );
    parts.component(
        Component::modal("trial:v1:form")
            .run(|cx| async move { Ok(Answer::text(format!("got {}", cx.field("subject")))) }),
    );
}

struct Plain(&'static About);

impl Cog for Plain {
    fn about(&self) -> &'static About {
        self.0
    }

    fn set_up<'a>(&'a self, _parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async { Ok(()) })
    }
}

pub(crate) fn builder(probe: &Probe) -> TestBedBuilder {
    let probe = probe.clone();
    TestBed::builder().texts(TEXTS).cogs(move |_: &Bot| {
        let trial: Arc<dyn Cog> = Arc::new(Trial(probe.clone()));
        vec![
            Arc::new(Plain(&OTHER)) as Arc<dyn Cog>,
            trial,
            Arc::new(Plain(&CORE)),
            Arc::new(Plain(&API)),
        ]
    })
}

pub(crate) async fn bed(probe: &Probe) -> TestBed {
    builder(probe).start().await.unwrap()
}

/// The door of the trial cog, to check that it is used.
pub(crate) fn trial_is_open(gates: &Gates) -> bool {
    gates.of("Trial").is_open()
}
