//! Commands of staff in a ticket's channel: notes, priority, tags, people.

use hazebot_core::{Outcome, Refusal, texts::Arg};
use hazebot_discord::{Answer, Command, Invocation, Mode, Opt, Suggestion, Who};

use super::{components::number, messages::mention};
use crate::{
    Tickets,
    actions::TagEdit,
    ticket::{
        TicketId,
        work::{MAX_NOTE, MAX_TAG, Priority},
    },
};

/// The commands of this file.
pub(super) fn all(tickets: &Tickets) -> Vec<Command> {
    let suggest = tickets.clone();
    let known = Opt::text("tag").required().autocomplete(move |cx| {
        let tickets = suggest.clone();
        async move { present_tags(&tickets, &cx).await }
    });
    vec![
        // By prefix the note would stand in the channel, where its creator reads it.
        on(tickets, "ticket-note", note)
            .option(Opt::rest("text").required().range(1..=length(MAX_NOTE)))
            .slash_only(),
        on(tickets, "ticket-priority", priority).option(
            Opt::text("level")
                .required()
                .choices(Priority::ALL.map(Priority::as_str)),
        ),
        on(tickets, "ticket-tag", tag).option(Opt::rest("tag").required().range(1..=length(MAX_TAG))),
        on(tickets, "ticket-untag", untag).option(known),
        on(tickets, "ticket-add", add).option(Opt::user("person").required()),
        on(tickets, "ticket-remove", remove).option(Opt::user("person").required()),
    ]
}

pub(super) fn length(characters: usize) -> i64 {
    i64::try_from(characters).unwrap_or(i64::MAX)
}

/// A command of staff that answers to the person alone.
pub(super) fn on<F, R>(tickets: &Tickets, name: &'static str, handler: F) -> Command
where
    F: Fn(Tickets, Invocation) -> R + Send + Sync + Copy + 'static,
    R: Future<Output = Outcome<Answer>> + Send + 'static,
{
    let tickets = tickets.clone();
    Command::new(name)
        .who(Who::Staff)
        .answers(Mode::Ephemeral)
        .run(move |cx| handler(tickets.clone(), cx))
}

/// The ticket of the channel that the command stands in.
pub(super) fn here(tickets: &Tickets, cx: &Invocation) -> Outcome<TicketId> {
    let entry = tickets.index.of(cx.channel()).ok_or_else(not_here)?;
    if entry.guild != cx.guild()? {
        return Err(not_here().into());
    }
    Ok(entry.ticket)
}

fn not_here() -> Refusal {
    Refusal::invalid("ticket-not-here", "This command works in a ticket's channel")
}

async fn note(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let (guild, id) = (cx.guild()?, here(&tickets, &cx)?);
    tickets
        .add_note(guild, &cx.actor(), id, cx.string("text")?)
        .await?;
    Ok(Answer::text(cx.text("ticket-noted-reply", &[])))
}

async fn priority(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let level = Priority::parse(cx.string("level")?).unwrap_or_default();
    let ticket = tickets
        .prioritise(cx.guild()?, &cx.actor(), here(&tickets, &cx)?, level)
        .await?;
    let word = cx.text(&format!("ticket-priority-{}", level.as_str()), &[]);
    let args = [number(&ticket), ("priority", Arg::raw(word))];
    Ok(Answer::text(cx.text("ticket-priority-reply", &args)))
}

async fn tag(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let tag = cx.string("tag")?.to_owned();
    edit_tags(&tickets, &cx, TagEdit::Add(tag)).await
}

async fn untag(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let tag = cx.string("tag")?.to_owned();
    edit_tags(&tickets, &cx, TagEdit::Remove(tag)).await
}

async fn edit_tags(tickets: &Tickets, cx: &Invocation, edit: TagEdit) -> Outcome<Answer> {
    let ticket = tickets
        .tag(cx.guild()?, &cx.actor(), here(tickets, cx)?, edit)
        .await?;
    if ticket.tags.is_empty() {
        return Ok(Answer::text(cx.text("ticket-untagged-reply", &[number(&ticket)])));
    }
    let tags = ticket.tags.iter().map(|tag| format!("`{tag}`"));
    let tags = Arg::raw(tags.collect::<Vec<_>>().join(" "));
    Ok(Answer::text(
        cx.text("ticket-tagged-reply", &[number(&ticket), ("tags", tags)]),
    ))
}

async fn present_tags(tickets: &Tickets, cx: &Invocation) -> Outcome<Vec<Suggestion>> {
    let Ok(id) = here(tickets, cx) else {
        return Ok(Vec::new());
    };
    let ticket = tickets.get(cx.guild()?, &cx.actor(), id).await?;
    let typed = cx.typed().to_lowercase();
    let fitting = ticket.tags.into_iter().filter(|tag| tag.contains(&typed));
    Ok(fitting.map(Suggestion::plain).collect())
}

async fn add(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let person = cx.person("person")?;
    let ticket = tickets
        .add_participant(cx.guild()?, &cx.actor(), here(&tickets, &cx)?, person.id)
        .await?;
    let user = ("user", Arg::raw(mention(person.id)));
    Ok(Answer::text(
        cx.text("ticket-added-reply", &[number(&ticket), user]),
    ))
}

async fn remove(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let person = cx.person("person")?;
    let ticket = tickets
        .remove_participant(cx.guild()?, &cx.actor(), here(&tickets, &cx)?, person.id)
        .await?;
    let user = ("user", Arg::raw(mention(person.id)));
    Ok(Answer::text(
        cx.text("ticket-removed-reply", &[number(&ticket), user]),
    ))
}
