//! `/ticket` and `!ticket`: the way into a form.

use hazebot_core::{Outcome, Refusal};
use hazebot_discord::{
    Answer, Command, Invocation, Mode, Opt, Suggestion,
    message::{Input, Message as Post, Modal, Select, SelectOption},
};

use crate::{
    Tickets, settings, store,
    ticket::draft::{self, DESCRIPTION, SUBJECT},
};

/// The commands of this feature.
pub(crate) fn all(tickets: &Tickets) -> Vec<Command> {
    let (run, suggest) = (tickets.clone(), tickets.clone());
    let kind = Opt::text("type").autocomplete(move |cx| {
        let tickets = suggest.clone();
        async move { suggestions(&tickets, &cx) }
    });
    let ticket = Command::new("ticket")
        .option(kind)
        .guild_only()
        .answers(Mode::Modal)
        .run(move |cx| {
            let tickets = run.clone();
            async move { ticket(&tickets, &cx).await }
        });
    let mut commands = vec![ticket];
    commands.extend(super::work::all(tickets));
    commands.extend(super::handover::commands(tickets));
    commands
}

/// With a type the form, without one the menu of types.
async fn ticket(tickets: &Tickets, cx: &Invocation) -> Outcome<Answer> {
    match cx.string_opt("type") {
        Some(kind) => form(tickets, cx, kind).await,
        None => Ok(Answer::message(menu(tickets, cx)?).ephemeral()),
    }
}

pub(super) fn suggestions(tickets: &Tickets, cx: &Invocation) -> Outcome<Vec<Suggestion>> {
    let typed = cx.typed().to_lowercase();
    let categories = tickets.settings().get(cx.guild()?, &settings::CATEGORIES);
    Ok(categories
        .into_iter()
        .filter(|kind| kind.to_lowercase().contains(&typed))
        .map(Suggestion::plain)
        .collect())
}

/// The menu of types, which leads to the form.
fn menu(tickets: &Tickets, cx: &Invocation) -> Outcome<Post> {
    let categories = tickets.settings().get(cx.guild()?, &settings::CATEGORIES);
    let options = categories.into_iter().map(|kind| {
        let option = SelectOption::new(kind.as_str(), kind.as_str());
        match emoji(&kind) {
            Some(emoji) => option.emoji(emoji),
            None => option,
        }
    });
    let embed = cx
        .embed()
        .title(cx.text("ticket-menu-title", &[]))
        .description(cx.text("ticket-menu-text", &[]))
        .field(cx.text("ticket-menu-commands", &[]), "`/ticket` · `!ticket`");
    let select = Select::text("ticket:v1:type")
        .placeholder(cx.text("ticket-menu-placeholder", &[]))
        .options(options);
    Ok(Post::new().embed(embed).select(select))
}

/// The form for one type; who would be refused anyway is told before filling it in.
pub(super) async fn form(tickets: &Tickets, cx: &Invocation, kind: &str) -> Outcome<Answer> {
    let guild = cx.guild()?;
    let categories = tickets.settings().get(guild, &settings::CATEGORIES);
    let Some(kind) = categories
        .iter()
        .find(|category| category.eq_ignore_ascii_case(kind.trim()))
    else {
        let list = categories.join(", ");
        let sentence = format!("Invalid ticket type. Must be one of: {list}");
        return Err(Refusal::invalid("ticket-unknown-type", sentence)
            .with("types", list)
            .into());
    };
    if !cx.rights().is_staff() {
        let last = store::last_opened(&mut tickets.store().read().await?, guild, cx.user().id).await?;
        let last = last.map(hazebot_core::clock::from_millis);
        if let Some(left) = last.and_then(|last| draft::remaining(last, tickets.now())) {
            return Err(draft::too_soon(left).into());
        }
    }
    let subject = Input::short("subject", cx.text("ticket-form-subject", &[]))
        .description(cx.text("ticket-form-subject-hint", &[]))
        .placeholder(cx.text("ticket-form-subject-example", &[]))
        .length(short(*SUBJECT.start())..=short(*SUBJECT.end()));
    let description = Input::paragraph("description", cx.text("ticket-form-description", &[]))
        .description(cx.text("ticket-form-description-hint", &[]))
        .placeholder(cx.text("ticket-form-description-example", &[]))
        .length(short(*DESCRIPTION.start())..=short(*DESCRIPTION.end()));
    let modal = Modal::new(
        format!("ticket:v1:create:{kind}"),
        cx.text("ticket-form-title", &[]),
    );
    Ok(Answer::modal(modal.input(subject).input(description)))
}

fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// The emoji of the types that every guild begins with.
fn emoji(kind: &str) -> Option<&'static str> {
    match kind {
        "Application" => Some("📝"),
        "Bug" => Some("🐛"),
        "Support" => Some("🛠️"),
        _ => None,
    }
}
