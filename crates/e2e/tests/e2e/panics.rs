//! A cog whose code panics: the person is told an id, the log has it, all others go on.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use hazebot_core::{
    Outcome,
    logs::{LogLine, LogOptions, LogQuery, LogView, Logs},
};
use hazebot_discord::{About, Answer, Button, Cog, Command, Component, Listener, Message, Parts};
use hazebot_e2e::PATIENCE;
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use crate::stage::{Setting, Stage, heard_once};

static ABOUT: About = About::named("Shaky");

/// Everything that it does goes wrong.
struct Shaky;

impl Cog for Shaky {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            parts
                .command(Command::new("shake").run(|_| async move { panic!("the command's private words") }));
            parts.command(Command::new("button").run(|_| async move {
                let button = Button::primary("shaky:v1:boom", "Boom");
                Ok(Answer::message(Message::new().text("press").buttons([button])))
            }));
            parts.component(
                Component::button("shaky:v1:boom")
                    .run(|_| async move { panic!("the button's private words") }),
            );
            let listener = Listener::messages(|message| message.content == "boom");
            parts.listen(listener.run(|_| async move { panic!("the listener's private words") }));
            Ok(())
        })
    }
}

/// The id in a sentence such as "It has been logged as `1a2b3c4d`".
fn id_in(text: &str) -> String {
    text.split('`')
        .nth(1)
        .unwrap_or_else(|| panic!("no id in {text:?}"))
        .to_owned()
}

async fn logged(view: &LogView, fits: impl Fn(&LogLine) -> bool) -> Arc<LogLine> {
    let found = async {
        loop {
            let lines = view.query(&LogQuery::default());
            if let Some(line) = lines.into_iter().find(|line| fits(line)) {
                return line;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, found)
        .await
        .expect("a line of the log")
}

// One thread: so the log of this test is its own.
#[tokio::test]
async fn a_panic_is_told_by_an_id_that_the_log_has_and_the_others_go_on() {
    let (layer, logs, _guard) = Logs::build::<Registry>(LogOptions::default()).unwrap();
    let _log = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let view = logs.view().clone();
    let setting = Setting {
        cogs: vec![Arc::new(Shaky)],
        logs: Some(view.clone()),
        ..Setting::default()
    };
    let stage = Stage::with(setting).await;
    stage
        .commands_are(|names| names.contains(&"shake") && names.contains(&"ticket"))
        .await;
    let finn = stage.finn();

    let shaken = finn.runs_slash("shake").await.unwrap();
    let message = finn.runs_slash("button").await.unwrap().first().unwrap().id;
    let pressed = finn.presses(message, "shaky:v1:boom").await.unwrap();
    for (answer, what) in [(shaken, "command"), (pressed, "button")] {
        let first = answer.first().expect("an answer");
        assert!(first.ephemeral && !first.text().contains("private"), "{answer:?}");
        let id = id_in(&first.text());
        let line = logged(&view, |line| line.correlation.as_deref() == Some(id.as_str())).await;
        assert!(
            line.text().contains(&format!("the {what}'s private words")),
            "{}",
            line.text()
        );
        assert_eq!(line.cog.as_deref(), Some("Shaky"));
    }
    finn.says(stage.people.channels.bot_commands, "boom").unwrap();
    let line = logged(&view, |line| line.text().contains("the listener's private words")).await;
    assert!(line.correlation.is_some(), "{}", line.text());

    let listing = stage.program.bot().cogs().listing();
    let shaky = listing.iter().find(|info| info.about.name == "Shaky").unwrap();
    assert_eq!(shaky.panics, 3);
    let ticket = stage.ticket().await;
    let caller = stage.admins().await;
    finn.says(ticket.channel, "all is well here.").unwrap();
    heard_once(&caller, &ticket, &["all is well here.".to_owned()]).await;
    let again = finn.runs_slash("button").await.unwrap();
    assert_eq!(
        again.first().unwrap().content,
        "press",
        "the shaky cog goes on too"
    );
    stage.end().await;
}
