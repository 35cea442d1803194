//! `apistatus` and `apirestart`.

use hazebot_core::{Outcome, clock::discord_timestamp, texts::Arg};
use hazebot_discord::{
    Answer, Command, Embed, Invocation, Message, Parts, Who,
    message::text::{code_block, fit},
};

use super::ApiServer;

/// Colour of what runs.
const GREEN: u32 = 0x2E_CC71;
/// Colour of what does not.
const RED: u32 = 0xE7_4C3C;
/// Characters of an error that are shown.
const ERROR_CHARACTERS: usize = 200;

/// Adds them.
pub(super) fn add(parts: &mut Parts, server: &ApiServer) {
    let (shown, restarted) = (server.clone(), server.clone());
    parts.command(
        Command::new("apistatus")
            .who(Who::GuildAdministrator)
            .run(move |cx| status(shown.clone(), cx)),
    );
    parts.command(
        Command::new("apirestart")
            .who(Who::GuildAdministrator)
            .run(move |cx| restart(restarted.clone(), cx)),
    );
}

async fn status(server: ApiServer, cx: Invocation) -> Outcome<Answer> {
    let embed = cx.embed().title(cx.text("api-status-title", &[]));
    let embed = if server.0.server.is_serving().await {
        running(&server, &cx, embed)
    } else {
        embed.color(RED).description(cx.text("api-stopped", &[]))
    };
    Ok(Message::new().embed(embed).into())
}

async fn restart(server: ApiServer, cx: Invocation) -> Outcome<Answer> {
    cx.defer().await?;
    let now = cx.bot().clock().now();
    let embed = match server.restart(now).await {
        Ok(()) => running(
            &server,
            &cx,
            cx.embed().title(cx.text("api-restarted-title", &[])),
        ),
        Err(error) => {
            tracing::error!(cog = super::NAME, %error, "the API could not be restarted");
            let why = code_block(&fit(&error.to_string(), ERROR_CHARACTERS));
            cx.embed()
                .color(RED)
                .title(cx.text("api-restart-failed-title", &[]))
                .description(why)
        }
    };
    Ok(Message::new().embed(embed).into())
}

fn running(server: &ApiServer, cx: &Invocation, embed: Embed) -> Embed {
    let (listener, since) = (&server.0.server, *server.0.since.lock());
    let stats = listener.stats();
    let embed = embed
        .color(GREEN)
        .description(cx.text(
            "api-running",
            &[("address", Arg::raw(listener.address().to_string()))],
        ))
        .inline(
            cx.text("api-connections", &[]),
            stats.open_connections.to_string(),
        )
        .inline(cx.text("api-requests", &[]), stats.requests.to_string());
    match since {
        Some(since) => embed.inline(cx.text("api-since", &[]), discord_timestamp(since, 'R')),
        None => embed,
    }
}
