//! `help`: the list with pages and a menu, one command in detail, both also by its components.

use std::sync::Arc;

use hazebot_core::{Outcome, Refusal, settings::general, texts::Arg};
use hazebot_discord::{
    Answer, Button, Command, Component, DiscordError, Invocation, Message, Mode, Opt, Origin, Parts, Select,
    SelectOption, Suggestion, Who,
    message::{limits, text::fit},
};

use crate::{
    catalog::{Catalog, Help, attr_for},
    help::{Page, Topic, complete, find, similar},
};

const PAGE: &str = "utility:v1:help";
const COMMAND: &str = "utility:v1:help-command";

/// In place of an account in a custom id: the message is private, whoever sees it may use it.
const PRIVATE: &str = "0";

/// Adds command and components.
pub(crate) fn add(parts: &mut Parts) {
    let catalog = Arc::new(Catalog::default());
    let with = |run: fn(Arc<Catalog>, Invocation) -> Outcome<Answer>| {
        let catalog = Arc::clone(&catalog);
        move |cx: Invocation| std::future::ready(run(Arc::clone(&catalog), cx))
    };
    let (asking, typing) = (Arc::clone(&catalog), Arc::clone(&catalog));
    let name = Opt::text("command").autocomplete(move |cx| std::future::ready(suggest(&typing, &cx)));
    parts.command(
        Command::new("help")
            .option(name)
            .answers(Mode::Ephemeral)
            .run(move |cx| ask(Arc::clone(&asking), cx)),
    );
    parts.component(
        Component::button(PAGE)
            .anywhere()
            .answers(Mode::Update)
            .run(with(turn)),
    );
    parts.component(
        Component::select(COMMAND)
            .anywhere()
            .answers(Mode::Update)
            .run(with(choose)),
    );
}

async fn ask(catalog: Arc<Catalog>, cx: Invocation) -> Outcome<Answer> {
    let help = help_of(&catalog, &cx);
    let private = cx.origin() == Origin::Slash;
    let asker = if private {
        PRIVATE.to_owned()
    } else {
        cx.user().id.to_string()
    };
    if let Some(asked) = cx.string_opt("command") {
        return Ok(detail(&cx, topic_of(&help, asked)?, &asker, None).into());
    }
    match (private, cx.rights().is_staff() && cx.guild_opt().is_some()) {
        (true, _) => Ok(help.first.clone().into()),
        (false, false) => Ok(page(&cx, &help.pages, 0, &asker).into()),
        (false, true) => by_direct_message(&cx, &help).await,
    }
}

/// What staff may do is not for everyone's eyes: `!help` sends it to them.
async fn by_direct_message(cx: &Invocation, help: &Help) -> Outcome<Answer> {
    for number in 0..help.pages.len() {
        let message = bare_page(cx, &help.pages, number);
        match cx.bot().discord().dm(cx.user().id, &message).await {
            Ok(_) => {}
            Err(DiscordError::ClosedDms) => return Ok(Answer::text(cx.text("help-dm-closed", &[]))),
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(message) = cx.message_id()
        && cx
            .bot()
            .discord()
            .react(cx.channel(), message, "📬")
            .await
            .is_ok()
    {
        return Ok(Answer::nothing());
    }
    Ok(Answer::text(cx.text("help-sent", &[])))
}

fn turn(catalog: Arc<Catalog>, cx: Invocation) -> Outcome<Answer> {
    let asker = for_asker(&cx)?;
    let number = cx.arg(1)?.parse().unwrap_or(0);
    let help = help_of(&catalog, &cx);
    Ok(Answer::update(page(&cx, &help.pages, number, &asker)))
}

fn choose(catalog: Arc<Catalog>, cx: Invocation) -> Outcome<Answer> {
    let asker = for_asker(&cx)?;
    let help = help_of(&catalog, &cx);
    let topic = topic_of(&help, cx.value()?)?;
    let back = cx.arg_opt(1).unwrap_or("0");
    Ok(Answer::update(detail(&cx, topic, &asker, Some(back))))
}

fn suggest(catalog: &Catalog, cx: &Invocation) -> Outcome<Vec<Suggestion>> {
    let help = help_of(catalog, cx);
    Ok(complete(&help.topics, cx.typed())
        .into_iter()
        .map(Suggestion::plain)
        .collect())
}

fn help_of(catalog: &Catalog, cx: &Invocation) -> Arc<Help> {
    catalog.of(cx, |pages| page(cx, pages, 0, PRIVATE))
}

/// The account in the custom id, if it is the one that presses.
fn for_asker(cx: &Invocation) -> Outcome<String> {
    let asker = cx.arg(0)?;
    if asker == PRIVATE || asker == cx.user().id.to_string() {
        return Ok(asker.to_owned());
    }
    Err(Refusal::forbidden("help-not-yours", "Only the person who asked may turn these pages").into())
}

fn topic_of<'a>(help: &'a Help, asked: &str) -> Outcome<&'a Topic> {
    if let Some(topic) = find(&help.topics, asked) {
        return Ok(topic);
    }
    let command = fit(asked, 50);
    Err(match similar(&help.topics, asked) {
        Some(near) => Refusal::not_found("help-unknown-suggestion", "There is no such command")
            .with("command", command)
            .with("suggestion", near.name.clone()),
        None => Refusal::not_found("help-unknown", "There is no such command").with("command", command),
    }
    .into())
}

/// A page without anything to press.
fn bare_page(cx: &Invocation, pages: &[Page], number: usize) -> Message {
    let guild = cx.guild_opt().unwrap_or_else(|| cx.bot().home());
    let bot = cx.bot().settings().get(guild, &general::BOT_NAME);
    let prefix = cx
        .bot()
        .settings()
        .get(guild, &general::COMMAND_PREFIX)
        .replace('`', "'");
    let mut text = cx.text("help-intro", &[("prefix", Arg::raw(prefix))]);
    if pages.len() > 1 {
        let of = [
            ("page", Arg::raw((number + 1).to_string())),
            ("pages", Arg::raw(pages.len().to_string())),
        ];
        text.push('\n');
        text.push_str(&cx.text("help-page", &of));
    }
    text.push('\n');
    text.push_str(pages.get(number).map_or("", |page| &page.text));
    let title = cx.text("help-title", &[("bot", Arg::user(bot))]);
    Message::new().embed(
        cx.embed()
            .title(fit(&title, limits::EMBED_TITLE))
            .description(text),
    )
}

/// A page with its menu and, if there are others, buttons to them.
fn page(cx: &Invocation, pages: &[Page], number: usize, asker: &str) -> Message {
    let number = number.min(pages.len().saturating_sub(1));
    let mut message = bare_page(cx, pages, number);
    let commands = pages.get(number).map_or(&[][..], |page| &page.commands);
    if !commands.is_empty() {
        let options = commands.iter().map(|(name, description)| {
            SelectOption::new(name, name).description(fit(description, limits::OPTION_TEXT))
        });
        let menu = Select::text(format!("{COMMAND}:{asker}:{number}"));
        message = message.select(menu.placeholder(cx.text("help-choose", &[])).options(options));
    }
    if pages.len() > 1 {
        let to = |target: Option<usize>, text: &str, edge: &str| {
            let id = format!(
                "{PAGE}:{asker}:{}",
                target.map_or_else(|| edge.to_owned(), |target| target.to_string())
            );
            Button::secondary(id, cx.text(text, &[])).disabled(target.is_none())
        };
        let next = Some(number + 1).filter(|&next| next < pages.len());
        message = message.buttons([
            to(number.checked_sub(1), "help-previous", "first"),
            to(next, "help-next", "last"),
        ]);
    }
    message
}

/// One command with everything about it, and the way back to the page `back`.
fn detail(cx: &Invocation, topic: &Topic, asker: &str, back: Option<&str>) -> Message {
    let id = format!("cmd-{}", topic.name);
    let attr = |name: &str| attr_for(cx.bot(), cx.locale(), cx.guild_opt(), &id, name);
    let long = attr("help").unwrap_or_else(|| topic.description.clone());
    let forms: Vec<String> = topic.forms().iter().map(|form| format!("`{form}`")).collect();
    let sign = topic.prefix.as_deref().unwrap_or("/");
    let example = attr("example").map(|example| format!("`{sign}{} {example}`", topic.name));
    let aliases: Vec<String> = topic.aliases.iter().map(|alias| format!("`{alias}`")).collect();
    let who = cx
        .bot()
        .registry()
        .command(&topic.name)
        .map_or(Who::Everyone, |command| command.who);
    let fields = [
        ("help-usage", forms.join("\n")),
        ("help-options", options(cx, topic)),
        ("help-example", example.unwrap_or_default()),
        ("help-aliases", aliases.join(", ")),
        ("help-who", cx.text(who_text(who), &[])),
    ];
    let embed = cx
        .embed()
        .title(fit(&topic.name, limits::EMBED_TITLE))
        .description(long);
    let embed = fields
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .fold(embed, |embed, (name, value)| {
            embed.field(cx.text(name, &[]), fit(&value, limits::FIELD_VALUE))
        });
    let message = Message::new().embed(embed);
    match back {
        Some(page) => message.buttons([Button::secondary(
            format!("{PAGE}:{asker}:{page}"),
            cx.text("help-back", &[]),
        )]),
        None => message,
    }
}

fn options(cx: &Invocation, topic: &Topic) -> String {
    let needed = cx.text("help-option-needed", &[]);
    let lines: Vec<String> = topic
        .parameters
        .iter()
        .map(|parameter| {
            let needed = if parameter.required {
                format!(" ({needed})")
            } else {
                String::new()
            };
            format!("`{}`{needed}: {}", parameter.name, parameter.description)
        })
        .collect();
    lines.join("\n")
}

fn who_text(who: Who) -> &'static str {
    match who {
        Who::Everyone => "help-who-everyone",
        Who::Staff => "help-who-staff",
        Who::Admin => "help-who-admin",
        Who::GuildAdministrator => "help-who-guild-administrator",
    }
}
