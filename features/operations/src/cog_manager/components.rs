//! The menus: who opened one, what it does and which page it shows stand in the custom id.

use hazebot_core::{Outcome, Refusal, logs::LogView};
use hazebot_discord::{Answer, Component, Invocation, Mode, Parts, Who};

use super::{logs, messages};
use crate::{actions, cogs::Operation};

/// A choice from the menu: `…:<operation>:<asker>:<page>`.
pub(super) const PICK: &str = "operations:v1:pick";
/// Another page of it, with the same arguments.
pub(super) const PAGE: &str = "operations:v1:page";

/// Adds them.
pub(super) fn add(parts: &mut Parts, view: &LogView) {
    let view = view.clone();
    parts.component(
        Component::select(PICK)
            .who(Who::GuildAdministrator)
            .answers(Mode::Update)
            .run(move |cx| pick(view.clone(), cx)),
    );
    parts.component(
        Component::button(PAGE)
            .who(Who::GuildAdministrator)
            .answers(Mode::Update)
            .run(turn),
    );
}

/// What the custom id says.
struct Menu {
    operation: Operation,
    asker: String,
    page: usize,
}

fn menu(cx: &Invocation) -> Outcome<Menu> {
    let operation = Operation::parse(cx.arg(0)?)
        .ok_or_else(|| Refusal::invalid("discord-outdated-component", "This is from an older version"))?;
    let asker = cx.arg(1)?;
    if asker != cx.user().id.to_string() {
        return Err(Refusal::forbidden(
            "cogs-not-your-menu",
            "Only who called the command may use this menu",
        )
        .into());
    }
    Ok(Menu {
        operation,
        asker: asker.to_owned(),
        page: cx.arg(2)?.parse().unwrap_or(0),
    })
}

async fn turn(cx: Invocation) -> Outcome<Answer> {
    let Menu {
        operation,
        asker,
        page,
    } = menu(&cx)?;
    Ok(Answer::update(messages::menu(&cx, operation, &asker, page)))
}

async fn pick(view: LogView, cx: Invocation) -> Outcome<Answer> {
    let Menu {
        operation,
        asker,
        page,
    } = menu(&cx)?;
    let name = cx.value()?;
    if operation == Operation::Logs {
        return Ok(Answer::message(logs::message(&cx, &view, name, None)?).ephemeral());
    }
    cx.defer().await?;
    match actions::change(cx.bot(), operation, name, &cx.actor()).await {
        Ok(done) => cx.follow_up(messages::done(&cx, operation, &done), false).await?,
        Err(failed) => {
            cx.follow_up(messages::failed(&cx, operation, &failed), true)
                .await?
        }
    };
    Ok(Answer::update(messages::menu(&cx, operation, &asker, page)))
}
