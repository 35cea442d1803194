//! `/ticket` and `!ticket`: the way into a form.

use hazebot_core::{Outcome, Refusal, ids::GuildId};
use hazebot_discord::{
    Answer, Command, Invocation, Mode, Opt, Suggestion,
    message::{Input, Message as Post, Modal, Select, SelectOption},
};

use crate::{
    Tickets, settings, store,
    ticket::{
        draft::{self, DESCRIPTION, SUBJECT},
        kinds::{Question, QuestionKind},
    },
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
    let guild = cx.guild()?;
    let categories = tickets.settings().get(guild, &settings::CATEGORIES);
    let categories: Vec<&str> = categories.iter().map(String::as_str).collect();
    let options = kind_options(tickets, guild, &categories);
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

/// Types as choices of a menu, with emoji and second line.
pub(super) fn kind_options(tickets: &Tickets, guild: GuildId, offered: &[&str]) -> Vec<SelectOption> {
    let kinds = tickets.kinds(guild);
    let option = |kind: &&str| {
        let (chosen, mut option) = (kinds.of(kind), SelectOption::new(*kind, *kind));
        if let Some(emoji) = chosen.emoji.as_deref().or_else(|| emoji(kind)) {
            option = option.emoji(emoji);
        }
        match chosen.description {
            Some(description) => option.description(description),
            None => option,
        }
    };
    offered.iter().map(option).collect()
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
    let options = tickets.kinds(guild).of(kind);
    if !cx.rights().is_staff() {
        options.open_at(tickets.now())?;
        let minutes = options.cooldown_minutes;
        let of_kind = minutes.map(|_| kind.as_str());
        let last =
            store::last_opened(&mut tickets.store().read().await?, guild, cx.user().id, of_kind).await?;
        let last = last.map(hazebot_core::clock::from_millis);
        if let Some(left) = last.and_then(|last| draft::remaining(last, tickets.now(), draft::wait(minutes)))
        {
            return Err(draft::too_soon(left, of_kind.is_some()).into());
        }
    }
    let modal = Modal::new(
        format!("ticket:v1:create:{kind}"),
        cx.text("ticket-form-title", &[]),
    );
    if !options.questions.is_empty() {
        let ask = |modal, (index, question)| ask(modal, &field(index), question);
        return Ok(Answer::modal(
            options.questions.iter().enumerate().fold(modal, ask),
        ));
    }
    let subject = Input::short("subject", cx.text("ticket-form-subject", &[]))
        .description(cx.text("ticket-form-subject-hint", &[]))
        .placeholder(cx.text("ticket-form-subject-example", &[]))
        .length(short(*SUBJECT.start())..=short(*SUBJECT.end()));
    let description = Input::paragraph("description", cx.text("ticket-form-description", &[]))
        .description(cx.text("ticket-form-description-hint", &[]))
        .placeholder(cx.text("ticket-form-description-example", &[]))
        .length(short(*DESCRIPTION.start())..=short(*DESCRIPTION.end()));
    Ok(Answer::modal(modal.input(subject).input(description)))
}

/// The id of a question's field.
pub(super) fn field(index: usize) -> String {
    format!("q{index}")
}

/// One question of a type's own form.
fn ask(modal: Modal, id: &str, question: &Question) -> Modal {
    let input = match question.kind {
        QuestionKind::Short => Input::short(id, &question.label),
        QuestionKind::Paragraph => Input::paragraph(id, &question.label),
        QuestionKind::Choice => {
            let least = u8::from(question.required);
            let choices = question
                .choices
                .iter()
                .map(|c| SelectOption::new(c.as_str(), c.as_str()));
            let select = Select::text(id).options(choices).values(least..=1);
            return modal.select_with(&question.label, question.hint.as_deref(), select);
        }
    };
    let mut input = input.length(u16::from(question.required)..=question.longest());
    if let Some(hint) = &question.hint {
        input = input.description(hint);
    }
    modal.input(if question.required {
        input
    } else {
        input.optional()
    })
}

fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// The emoji of the types that every guild begins with.
pub(super) fn emoji(kind: &str) -> Option<&'static str> {
    match kind {
        "Application" => Some("📝"),
        "Bug" => Some("🐛"),
        "Support" => Some("🛠️"),
        _ => None,
    }
}
