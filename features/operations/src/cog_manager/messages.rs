//! What the commands and menus about cogs show.

use hazebot_core::{clock::discord_timestamp, texts::Arg};
use hazebot_discord::{
    Button, Done, Embed, Invocation, Message, OperationError, Select, SelectOption,
    message::{
        limits,
        text::{code_block, fit},
    },
};

use super::components::{PAGE, PICK};
use crate::{
    actions::Failed,
    cogs::{CogView, Operation, Status, all, candidates},
    paging,
};

/// Colour of a success.
const GREEN: u32 = 0x2E_CC71;
/// Colour of a failure.
const RED: u32 = 0xE7_4C3C;
/// Characters of an error that are shown.
const ERROR_CHARACTERS: usize = 200;

/// Texts and sign of an operation.
struct Words {
    title: &'static str,
    placeholder: &'static str,
    candidates: &'static str,
    nothing: &'static str,
    sign: &'static str,
    done: &'static str,
    by: &'static str,
    failed: &'static str,
}

fn words(operation: Operation) -> Words {
    match operation {
        Operation::Load => Words {
            title: "cogs-load-title",
            placeholder: "cogs-load-placeholder",
            candidates: "cogs-available",
            nothing: "cogs-nothing-to-load",
            sign: "📥",
            done: "cogs-loaded",
            by: "cogs-loaded-by",
            failed: "cogs-load-failed",
        },
        Operation::Unload => Words {
            title: "cogs-unload-title",
            placeholder: "cogs-unload-placeholder",
            candidates: "cogs-loaded-list",
            nothing: "cogs-nothing-to-unload",
            sign: "📤",
            done: "cogs-unloaded",
            by: "cogs-unloaded-by",
            failed: "cogs-unload-failed",
        },
        Operation::Reload => Words {
            title: "cogs-reload-title",
            placeholder: "cogs-reload-placeholder",
            candidates: "cogs-available",
            nothing: "cogs-nothing-to-reload",
            sign: "🔄",
            done: "cogs-reloaded",
            by: "cogs-reloaded-by",
            failed: "cogs-reload-failed",
        },
        Operation::Logs => Words {
            title: "cogs-logs-title",
            placeholder: "cogs-logs-placeholder",
            candidates: "cogs-available",
            nothing: "cogs-nothing-to-view",
            sign: "📋",
            done: "cogs-loaded",
            by: "cogs-loaded-by",
            failed: "cogs-load-failed",
        },
    }
}

/// The menu of an operation, or the note that there is nothing to choose.
pub(super) fn menu(cx: &Invocation, operation: Operation, asker: &str, index: usize) -> Message {
    let words = words(operation);
    let cogs = all(cx.bot());
    let candidates = candidates(&cogs, operation);
    if candidates.is_empty() {
        return Message::new().text(cx.text(words.nothing, &[]));
    }
    let page = paging::page(&candidates, index, paging::OPTIONS);
    let names: Vec<String> = page
        .items
        .iter()
        .map(|cog| format!("• {}", titled(cog)))
        .collect();
    let mut embed = cx.embed().title(cx.text(words.title, &[]));
    embed = embed.description(format!(
        "**{}**\n{}",
        cx.text(words.candidates, &[]),
        names.join("\n")
    ));
    if matches!(operation, Operation::Unload | Operation::Reload) {
        embed = embed.field("ℹ️", cx.text("cogs-protected-note", &[]));
    }
    let id = |kind: &str, page: usize| format!("{kind}:{}:{asker}:{page}", operation.word());
    let select = Select::text(id(PICK, page.index))
        .placeholder(cx.text(words.placeholder, &[]))
        .options(page.items.iter().map(|cog| {
            SelectOption::new(cog.about.name, cog.about.name)
                .description(fit(cog.about.description, limits::OPTION_TEXT))
                .emoji(words.sign)
        }));
    let message = Message::new();
    if page.count == 1 {
        return message.embed(embed).select(select);
    }
    let of = [
        ("page", Arg::raw((page.index + 1).to_string())),
        ("pages", Arg::raw(page.count.to_string())),
    ];
    let to = |target: Option<usize>, edge: usize, text: &str| {
        // An id of its own for the greyed-out one too: Discord wants them all different.
        Button::secondary(id(PAGE, target.unwrap_or(edge)), cx.text(text, &[])).disabled(target.is_none())
    };
    message
        .embed(embed.footer(cx.text("cogs-page", &of)))
        .select(select)
        .buttons([
            to(page.previous(), page.count, "cogs-previous"),
            to(page.next(), page.count + 1, "cogs-next"),
        ])
}

fn titled(cog: &CogView) -> String {
    let about = cog.about;
    let file = if about.file_name == about.name {
        String::new()
    } else {
        format!(" (`{}`)", about.file_name)
    };
    format!("{} **{}**{file}", about.emoji, about.name)
}

/// What a successful operation shows.
pub(super) fn done(cx: &Invocation, operation: Operation, done: &Done) -> Message {
    let words = words(operation);
    let now = cx.bot().clock().now();
    let mut embed = cx
        .embed()
        .color(GREEN)
        .title(cx.text(words.done, &[]))
        .inline(cx.text("cogs-class", &[]), done.cog.name)
        .inline(cx.text("cogs-file", &[]), done.cog.file_name)
        .inline(cx.text(words.by, &[]), format!("<@{}>", cx.user().id))
        .inline(cx.text("cogs-time", &[]), discord_timestamp(now, 'R'));
    if operation == Operation::Unload && !done.dependants.is_empty() {
        let names = Arg::raw(done.dependants.join(", "));
        embed = embed.field(
            cx.text("cogs-dependants", &[]),
            cx.text("cogs-dependants-text", &[("cogs", names)]),
        );
    }
    if operation == Operation::Unload && done.cog.name == crate::api_server::NAME {
        embed = embed.field(cx.text("cogs-api-note", &[]), cx.text("cogs-api-note-text", &[]));
    }
    Message::new().embed(embed)
}

/// What a failed operation shows.
pub(super) fn failed(cx: &Invocation, operation: Operation, failed: &Failed) -> Message {
    let embed = cx.embed().color(RED);
    let told = |embed: Embed| {
        let refusal = failed.error.refusal();
        embed.description(cx.bot().texts().refusal(cx.locale(), cx.guild_opt(), &refusal))
    };
    let embed = match &failed.error {
        OperationError::Protected(_) if operation == Operation::Reload => {
            told(embed.title(cx.text("cogs-cannot-reload", &[])))
        }
        OperationError::Protected(_) => told(embed.title(cx.text("cogs-cannot-unload", &[]))),
        error => {
            let embed = embed.title(cx.text(words(operation).failed, &[]));
            match (&failed.correlation, error) {
                (Some(correlation), OperationError::Failed { error, .. }) => {
                    let tip = cx.text(
                        "cogs-tip-text",
                        &[("correlation", Arg::raw(correlation.as_str()))],
                    );
                    embed
                        .field(
                            cx.text("cogs-error", &[]),
                            code_block(&fit(error, ERROR_CHARACTERS)),
                        )
                        .field(cx.text("cogs-tip", &[]), tip)
                }
                _ => told(embed),
            }
        }
    };
    Message::new().embed(embed)
}

/// What `listcogs` shows.
pub(super) fn list(cx: &Invocation, cogs: &[CogView]) -> Message {
    let lines = |sign: &str, wanted: &dyn Fn(&CogView) -> bool| -> Vec<String> {
        cogs.iter()
            .filter(|cog| wanted(cog))
            .map(|cog| format!("{sign} {}", titled(cog)))
            .collect()
    };
    let failed: Vec<String> = cogs
        .iter()
        .filter(|cog| cog.status == Status::Error)
        .map(|cog| {
            format!(
                "💥 {}: {}",
                titled(cog),
                fit(cog.error.as_deref().unwrap_or("?"), ERROR_CHARACTERS)
            )
        })
        .collect();
    let none = [cx.text("cogs-list-none", &[])];
    let mut embed = cx.embed().title(cx.text("cogs-list-title", &[]));
    let loaded = lines("✅", &|cog| cog.status == Status::Loaded);
    let off = lines("❌", &|cog| {
        matches!(cog.status, Status::Disabled | Status::Unloaded)
    });
    for (name, lines) in [("cogs-list-loaded", &loaded), ("cogs-list-off", &off)] {
        let lines: &[String] = if lines.is_empty() { &none } else { lines };
        embed = fields(embed, &cx.text(name, &[]), lines);
    }
    if !failed.is_empty() {
        embed = fields(embed, &cx.text("cogs-list-failed", &[]), &failed);
    }
    Message::new().embed(embed)
}

/// A list as fields, each within Discord's limit, with their number in the name where there are several.
fn fields(embed: Embed, name: &str, lines: &[String]) -> Embed {
    let chunks = paging::chunks(lines, limits::FIELD_VALUE);
    let count = chunks.len();
    chunks
        .into_iter()
        .enumerate()
        .fold(embed, |embed, (index, chunk)| {
            let name = if count == 1 {
                name.to_owned()
            } else {
                format!("{name} ({}/{count})", index + 1)
            };
            embed.field(name, chunk)
        })
}
