//! Canned replies, giving a ticket to others, and asking whether it may be closed: commands and buttons.

use hazebot_core::{Outcome, clock::discord_timestamp, texts::Arg};
use hazebot_discord::{Answer, Command, Component, Invocation, Mode, Opt, Suggestion};

use super::{
    commands::suggestions,
    components::{handle, id_of, number, update},
    messages::mention,
    work::{here, on},
};
use crate::{Tickets, store::replies, ticket::work::ASK_HOURS};

/// The commands of this file.
pub(super) fn commands(tickets: &Tickets) -> Vec<Command> {
    let (names, kinds) = (tickets.clone(), tickets.clone());
    let name = Opt::text("name").required().autocomplete(move |cx| {
        let tickets = names.clone();
        async move { canned_names(&tickets, &cx).await }
    });
    let kind = Opt::text("type").required().autocomplete(move |cx| {
        let tickets = kinds.clone();
        async move { suggestions(&tickets, &cx) }
    });
    let hours = Opt::integer("hours").range(ASK_HOURS);
    vec![
        on(tickets, "ticket-reply", reply).option(name),
        on(tickets, "ticket-transfer", transfer).option(kind),
        on(tickets, "ticket-assign", assign).option(Opt::user("person").required()),
        on(tickets, "ticket-askclose", ask).option(hours),
    ]
}

/// The components of this file.
pub(super) fn components(tickets: &Tickets) -> Vec<Component> {
    vec![
        handle(
            tickets,
            Component::button("ticket:v1:agree").answers(Mode::Update),
            agree,
        ),
        handle(
            tickets,
            Component::button("ticket:v1:keep").answers(Mode::Update),
            keep,
        ),
    ]
}

async fn canned_names(tickets: &Tickets, cx: &Invocation) -> Outcome<Vec<Suggestion>> {
    if !cx.rights().is_staff() {
        return Ok(Vec::new());
    }
    let typed = cx.typed().to_lowercase();
    let list = replies::list(&mut tickets.store().read().await?, cx.guild()?).await?;
    let fitting = list.into_iter().filter(|reply| reply.name.contains(&typed));
    Ok(fitting
        .map(|reply| Suggestion {
            label: format!("{} · {}", reply.name, reply.text),
            value: reply.name,
        })
        .collect())
}

async fn reply(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let (guild, id) = (cx.guild()?, here(&tickets, &cx)?);
    tickets
        .send_canned(guild, &cx.actor(), id, cx.string("name")?)
        .await?;
    Ok(Answer::text(cx.text("ticket-canned-reply", &[])))
}

async fn transfer(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = tickets
        .transfer(cx.guild()?, &cx.actor(), here(&tickets, &cx)?, cx.string("type")?)
        .await?;
    let args = [number(&ticket), ("type", Arg::user(ticket.kind.as_str()))];
    Ok(Answer::text(cx.text("ticket-transferred-reply", &args)))
}

async fn assign(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let person = cx.person("person")?;
    let ticket = tickets
        .assign(cx.guild()?, &cx.actor(), here(&tickets, &cx)?, person.id)
        .await?;
    let args = [number(&ticket), ("user", Arg::raw(mention(person.id)))];
    Ok(Answer::text(cx.text("ticket-assigned-reply", &args)))
}

async fn ask(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = tickets
        .ask_to_close(
            cx.guild()?,
            &cx.actor(),
            here(&tickets, &cx)?,
            cx.integer_opt("hours"),
        )
        .await?;
    let due = ticket
        .close_request
        .map(|request| discord_timestamp(request.due, 'R'));
    let args = [number(&ticket), ("when", Arg::raw(due.unwrap_or_default()))];
    Ok(Answer::text(cx.text("ticket-asked-reply", &args)))
}

async fn agree(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = tickets
        .close(cx.guild()?, &cx.actor(), id_of(&tickets, &cx)?, "")
        .await?;
    Ok(update(cx.text("ticket-closed-reply", &[number(&ticket)])))
}

async fn keep(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = tickets
        .keep_open(cx.guild()?, &cx.actor(), id_of(&tickets, &cx)?)
        .await?;
    Ok(update(cx.text("ticket-kept-reply", &[number(&ticket)])))
}
