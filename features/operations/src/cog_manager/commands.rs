//! `load`, `unload`, `reload`, `listcogs`, `logs` and `sync`.

use hazebot_core::{
    Outcome,
    logs::{LogLevel, LogView},
    texts::Arg,
};
use hazebot_discord::{Answer, Command, Invocation, Message, Opt, Parts, Suggestion, Who};

use super::{logs, messages};
use crate::{
    actions,
    cogs::{self, Operation},
};

/// Adds them.
pub(super) fn add(parts: &mut Parts, view: &LogView) {
    for (name, operation) in [
        ("load", Operation::Load),
        ("unload", Operation::Unload),
        ("reload", Operation::Reload),
    ] {
        let command = Command::new(name)
            .who(Who::GuildAdministrator)
            .option(cog_name(operation));
        parts.command(command.run(move |cx| change(operation, cx)));
    }
    parts.command(Command::new("listcogs").who(Who::GuildAdministrator).run(list));
    let view = view.clone();
    let level = Opt::text("level").choices(LogLevel::ALL.map(LogLevel::name));
    parts.command(
        Command::new("logs")
            .alias("viewlogs")
            .alias("coglogs")
            .who(Who::GuildAdministrator)
            .option(cog_name(Operation::Logs))
            .option(level)
            .run(move |cx| show_logs(view.clone(), cx)),
    );
    parts.command(Command::new("sync").who(Who::GuildAdministrator).run(sync));
}

fn cog_name(operation: Operation) -> Opt {
    Opt::text("cog_name").autocomplete(move |cx: Invocation| async move {
        let names = cogs::complete(&cogs::all(cx.bot()), operation, cx.typed());
        Ok(names.into_iter().map(Suggestion::plain).collect())
    })
}

async fn change(operation: Operation, cx: Invocation) -> Outcome<Answer> {
    let Some(name) = cx.string_opt("cog_name") else {
        return Ok(messages::menu(&cx, operation, &cx.user().id.to_string(), 0).into());
    };
    Ok(
        match actions::change(cx.bot(), operation, name, &cx.actor()).await {
            Ok(done) => messages::done(&cx, operation, &done).into(),
            Err(failed) => Answer::message(messages::failed(&cx, operation, &failed)).ephemeral(),
        },
    )
}

async fn list(cx: Invocation) -> Outcome<Answer> {
    Ok(messages::list(&cx, &cogs::all(cx.bot())).into())
}

async fn show_logs(view: LogView, cx: Invocation) -> Outcome<Answer> {
    let Some(name) = cx.string_opt("cog_name") else {
        return Ok(messages::menu(&cx, Operation::Logs, &cx.user().id.to_string(), 0).into());
    };
    let level = cx.string_opt("level").map(logs::level).transpose()?;
    Ok(logs::message(&cx, &view, name, level)?.into())
}

async fn sync(cx: Invocation) -> Outcome<Answer> {
    let count = cx.bot().cogs().sync_commands().await?;
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Ok(Message::new()
        .text(cx.text("sync-done", &[("count", Arg::number(count))]))
        .into())
}
