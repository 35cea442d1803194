//! Stars under the message about a closed ticket, and the form for words to them. In direct messages there is no guild, so
//! the custom ids carry it.

use hazebot_core::{
    Actor, Outcome,
    ids::{GuildId, Snowflake},
    texts::Arg,
};
use hazebot_discord::{
    Answer, Component, Invocation, Mode,
    message::{Button, Input, Message as Post, Modal},
};

use super::components::handle;
use crate::{
    TicketId, Tickets,
    ticket::{
        self,
        rating::{self, MAX_COMMENT},
    },
};

/// The components of this file.
pub(super) fn all(tickets: &Tickets) -> Vec<Component> {
    vec![
        handle(tickets, Component::button("ticket:v1:rate").anywhere(), rate),
        handle(
            tickets,
            Component::button("ticket:v1:ratetext")
                .anywhere()
                .answers(Mode::Modal),
            ask,
        ),
        handle(tickets, Component::modal("ticket:v1:ratewords").anywhere(), words),
    ]
}

/// Whose ticket is meant, and who presses: in a direct message somebody who may have left the guild.
fn whom(cx: &Invocation) -> Outcome<(GuildId, TicketId, Actor)> {
    let guild = GuildId::parse(cx.arg(0)?).ok_or_else(ticket::unknown)?;
    let id = cx.arg(1)?.parse().map_err(|_| ticket::unknown())?;
    let actor = Actor::Member {
        guild,
        user: cx.user().id,
        name: cx.user().name.clone(),
    };
    Ok((guild, id, actor))
}

async fn rate(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let (guild, id, actor) = whom(&cx)?;
    let stars = rating::stars(cx.arg(2)?)?;
    let rated = tickets.rate(guild, &actor, id, stars).await?;
    let shown = "⭐".repeat(usize::try_from(rated.stars).unwrap_or_default());
    let text = cx.text("ticket-rated-reply", &[("stars", Arg::raw(shown))]);
    let add = Button::secondary(
        format!("ticket:v1:ratetext:{guild}:{id}"),
        cx.text("ticket-button-comment", &[]),
    );
    Ok(Answer::message(Post::new().text(text).buttons([add.emoji("💬")])))
}

async fn ask(_: Tickets, cx: Invocation) -> Outcome<Answer> {
    let (guild, id, _) = whom(&cx)?;
    let longest = u16::try_from(MAX_COMMENT).unwrap_or(u16::MAX);
    let input = Input::paragraph("comment", cx.text("ticket-rate-comment", &[]))
        .description(cx.text("ticket-rate-comment-hint", &[]))
        .length(0..=longest)
        .optional();
    let form = Modal::new(
        format!("ticket:v1:ratewords:{guild}:{id}"),
        cx.text("ticket-rate-title", &[]),
    );
    Ok(Answer::modal(form.input(input)))
}

async fn words(tickets: Tickets, cx: Invocation) -> Outcome<Answer> {
    let (guild, id, actor) = whom(&cx)?;
    tickets.comment(guild, &actor, id, cx.field("comment")).await?;
    Ok(Answer::text(cx.text("ticket-commented-reply", &[])))
}
