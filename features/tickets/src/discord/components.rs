//! The buttons, menus and forms of tickets. Each carries its ticket's id; buttons of the Python version carry none and
//! are resolved by their channel.

use hazebot_core::{
    Outcome,
    ids::{Snowflake, UserId},
    texts::Arg,
};
use hazebot_discord::{
    Answer, Component, Invocation, Mode,
    message::{Button, Input, Message as Post, Modal, Select, SelectOption, limits},
};

use super::{
    commands::{field, form},
    messages::mention,
};
use crate::{
    Tickets, store,
    ticket::{self, Deed, Draft, MAX_CLOSE_MESSAGE, Origin, Status, Ticket, TicketId},
};

/// The components of this feature.
pub(crate) fn all(tickets: &Tickets) -> Vec<Component> {
    let modal = Mode::Modal;
    let mut components = vec![
        handle(
            tickets,
            Component::select("ticket:v1:type").answers(modal),
            choose_type,
        ),
        handle(
            tickets,
            Component::button("ticket:v1:open").answers(modal),
            open_from_panel,
        ),
        handle(tickets, Component::modal("ticket:v1:create"), create),
        handle(
            tickets,
            Component::button("ticket:v1:claim").legacy("ticket:claim"),
            claim,
        ),
        handle(
            tickets,
            Component::button("ticket:v1:unclaim").answers(Mode::Update),
            unclaim,
        ),
        handle(
            tickets,
            Component::button("ticket:v1:assign").legacy("ticket:assign"),
            assign,
        ),
        handle(
            tickets,
            Component::select("ticket:v1:assignto").answers(Mode::Update),
            assign_to,
        ),
        handle(
            tickets,
            Component::button("ticket:v1:status").legacy("ticket:status"),
            status,
        ),
        handle(
            tickets,
            Component::button("ticket:v1:close")
                .legacy("ticket:close")
                .answers(modal),
            close,
        ),
        handle(tickets, Component::modal("ticket:v1:closing"), closing),
        handle(
            tickets,
            Component::button("ticket:v1:reopen").legacy("ticket:reopen"),
            reopen,
        ),
        handle(
            tickets,
            Component::button("ticket:v1:delete").legacy("ticket:delete"),
            delete,
        ),
        handle(
            tickets,
            Component::button("ticket:v1:deleteyes").answers(Mode::Update),
            delete_for_good,
        ),
    ];
    components.extend(super::handover::components(tickets));
    components.extend(super::rating::all(tickets));
    components
}

pub(super) fn handle<F>(tickets: &Tickets, component: Component, handler: F) -> Component
where
    F: AsyncHandler,
{
    let tickets = tickets.clone();
    component.run(move |cx| handler.call(tickets.clone(), cx))
}

/// A handler of this file: an async function of the feature and the invocation.
pub(super) trait AsyncHandler: Send + Sync + Copy + 'static {
    fn call(self, tickets: Tickets, cx: Invocation)
    -> impl Future<Output = Outcome<Answer>> + Send + 'static;
}

impl<F, R> AsyncHandler for F
where
    F: Fn(Tickets, Invocation) -> R + Send + Sync + Copy + 'static,
    R: Future<Output = Outcome<Answer>> + Send + 'static,
{
    fn call(
        self,
        tickets: Tickets,
        cx: Invocation,
    ) -> impl Future<Output = Outcome<Answer>> + Send + 'static {
        self(tickets, cx)
    }
}

/// The ticket of a press.
pub(super) fn id_of(tickets: &Tickets, cx: &Invocation) -> Outcome<TicketId> {
    match cx.arg_opt(0) {
        Some(id) => Ok(id.parse().map_err(|_| ticket::unknown())?),
        None => Ok(tickets.index.of(cx.channel()).ok_or_else(ticket::unknown)?.ticket),
    }
}

/// The ticket of a press, if the person may do that with it now.
async fn allowed(tickets: &Tickets, cx: &Invocation, deed: Deed) -> Outcome<Ticket> {
    let (guild, id) = (cx.guild()?, id_of(tickets, cx)?);
    let found = store::find(&mut tickets.store().read().await?, guild, id)
        .await?
        .ok_or_else(ticket::unknown)?;
    ticket::may(
        &found,
        &tickets.asker(guild, &cx.actor()),
        deed,
        tickets.policy(guild),
    )
    .map_err(|refusal| tickets.with_names(guild, refusal))?;
    Ok(found)
}

pub(super) fn number(ticket: &Ticket) -> (&'static str, Arg<'static>) {
    ("number", Arg::raw(ticket.number.to_string()))
}

fn reply(cx: &Invocation, text: &str, ticket: &Ticket) -> Answer {
    Answer::text(cx.text(text, &[number(ticket)]))
}

pub(super) fn update(text: String) -> Answer {
    Answer::update(Post::new().text(text))
}

async fn choose_type(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    form(&tickets, &cx, cx.value()?).await
}

async fn open_from_panel(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    // After the panel's id comes the type, which may hold colons.
    let kind: Vec<&str> = (1..).map_while(|index| cx.arg_opt(index)).collect();
    form(&tickets, &cx, &kind.join(":")).await
}

async fn create(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    // A type may hold colons.
    let kind: Vec<&str> = (0..).map_while(|index| cx.arg_opt(index)).collect();
    let (guild, actor, kind) = (cx.guild()?, cx.actor(), kind.join(":"));
    // The form that was open may be older than the questions: what it brings decides.
    let asked = tickets.kinds(guild).of(&kind).questions.len();
    let ticket = if cx.field("subject").is_empty() && asked > 0 {
        let answers: Vec<String> = (0..asked)
            .map(|index| cx.field(&field(index)).to_owned())
            .collect();
        tickets
            .open_with_answers(guild, &actor, &kind, &answers, Origin::Discord)
            .await?
    } else {
        let draft = Draft {
            kind,
            subject: cx.field("subject").to_owned(),
            description: cx.field("description").to_owned(),
        };
        tickets.open(guild, &actor, draft, Origin::Discord).await?
    };
    let channel = ticket
        .channel
        .map_or_else(String::new, |channel| format!("<#{channel}>"));
    Ok(Answer::text(cx.text(
        "ticket-opened-reply",
        &[number(&ticket), ("channel", Arg::raw(channel))],
    )))
}

async fn claim(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = tickets
        .claim(cx.guild()?, &cx.actor(), id_of(&tickets, &cx)?)
        .await?;
    Ok(reply(&cx, "ticket-claimed-reply", &ticket))
}

async fn unclaim(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = tickets
        .unclaim(cx.guild()?, &cx.actor(), id_of(&tickets, &cx)?)
        .await?;
    Ok(update(cx.text("ticket-unclaimed-reply", &[number(&ticket)])))
}

async fn assign(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = allowed(&tickets, &cx, Deed::Assign).await?;
    let staff = tickets.assignees(ticket.guild);
    if staff.is_empty() {
        return Ok(Answer::text(cx.text("ticket-no-staff", &[])));
    }
    let id = format!("ticket:v1:assignto:{}", ticket.id);
    // More than a menu holds: then Discord's own search over all members; who is not staff is refused at the choice.
    let select = if staff.len() > limits::SELECT_OPTIONS {
        Select::users(id)
    } else {
        let option = |(name, user): (String, UserId)| {
            SelectOption::new(name, user.to_string()).description(format!("ID: {user}"))
        };
        Select::text(id).options(staff.into_iter().map(option))
    };
    let text = cx.text("ticket-assign-choose", &[number(&ticket)]);
    let select = select.placeholder(cx.text("ticket-assign-placeholder", &[]));
    Ok(Answer::message(Post::new().text(text).select(select)))
}

async fn assign_to(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let to = UserId::parse(cx.value()?).ok_or_else(ticket::unknown)?;
    let ticket = tickets
        .assign(cx.guild()?, &cx.actor(), id_of(&tickets, &cx)?, to)
        .await?;
    Ok(update(cx.text(
        "ticket-assigned-reply",
        &[number(&ticket), ("user", Arg::raw(mention(to)))],
    )))
}

async fn status(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = allowed(&tickets, &cx, Deed::Read).await?;
    let post = Post::new().embed(tickets.card(&ticket));
    if ticket.status != Status::Claimed || !cx.rights().is_staff() {
        return Ok(Answer::message(post));
    }
    let label = cx.text("ticket-button-unclaim", &[]);
    Ok(Answer::message(post.buttons([Button::secondary(
        format!("ticket:v1:unclaim:{}", ticket.id),
        label,
    )])))
}

async fn close(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = allowed(&tickets, &cx, Deed::Close).await?;
    let longest = u16::try_from(MAX_CLOSE_MESSAGE).unwrap_or(u16::MAX);
    let input = Input::paragraph("message", cx.text("ticket-close-message", &[]))
        .description(cx.text("ticket-close-message-hint", &[]))
        .length(0..=longest)
        .optional();
    let title = cx.text("ticket-close-title", &[number(&ticket)]);
    Ok(Answer::modal(
        Modal::new(format!("ticket:v1:closing:{}", ticket.id), title).input(input),
    ))
}

async fn closing(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let (guild, id) = (cx.guild()?, id_of(&tickets, &cx)?);
    let ticket = tickets.close(guild, &cx.actor(), id, cx.field("message")).await?;
    Ok(reply(&cx, "ticket-closed-reply", &ticket))
}

async fn reopen(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = tickets
        .reopen(cx.guild()?, &cx.actor(), id_of(&tickets, &cx)?)
        .await?;
    Ok(reply(&cx, "ticket-reopened-reply", &ticket))
}

async fn delete(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = allowed(&tickets, &cx, Deed::Delete).await?;
    let text = cx.text("ticket-delete-confirm", &[number(&ticket)]);
    let yes = Button::danger(
        format!("ticket:v1:deleteyes:{}", ticket.id),
        cx.text("ticket-delete-yes", &[]),
    );
    Ok(Answer::message(Post::new().text(text).buttons([yes])))
}

async fn delete_for_good(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let ticket = tickets
        .delete(cx.guild()?, &cx.actor(), id_of(&tickets, &cx)?)
        .await?;
    Ok(update(cx.text("ticket-deleted-reply", &[number(&ticket)])))
}
