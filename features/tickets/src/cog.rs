//! The cog `TicketSystem`.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use hazebot_core::Outcome;
use hazebot_discord::{About, Cog, Parts};
use serde_json::Value;

use crate::{
    TicketId, Tickets,
    actions::{CLOSE_DUE, EXPIRE, PANEL, SETTLE, WATCH, files::FILES, mail::MAIL, retention::RETENTION},
    discord::{commands, components, listeners},
    store,
};

/// Its canonical name, under which routes and sockets find its door.
pub(crate) const NAME: &str = "TicketSystem";

static ABOUT: About = About {
    icon: "confirmation_number",
    emoji: "🎫",
    category: "support",
    description: "Private support channels with controls, transcripts and app integration.",
    features: &["Tickets", "Claim and assign", "Transcripts", "App and panel chat"],
    ..About::named(NAME)
};

/// The cog over a service that the routes share.
#[must_use]
pub fn cog(tickets: Tickets) -> Arc<dyn Cog> {
    Arc::new(TicketSystem(tickets))
}

struct TicketSystem(Tickets);

impl Cog for TicketSystem {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn set_up<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let tickets = &self.0;
            tickets.load().await?;
            for command in commands::all(tickets) {
                parts.command(command);
            }
            for component in components::all(tickets) {
                parts.component(component);
            }
            for listener in listeners::all(tickets) {
                parts.listen(listener);
            }
            let (settle, expire) = (tickets.clone(), tickets.clone());
            parts.job(SETTLE, move |job| {
                let tickets = settle.clone();
                async move { tickets.settle_job(&job).await }
            });
            parts.job(EXPIRE, move |job| {
                let tickets = expire.clone();
                async move { tickets.expire(&job).await }
            });
            let files = tickets.clone();
            parts.job(FILES, move |job| {
                let tickets = files.clone();
                async move { tickets.files_job(&job).await }
            });
            let retention = tickets.clone();
            parts.job(RETENTION, move |job| {
                let tickets = retention.clone();
                async move { tickets.retention_job(&job).await }
            });
            tickets.schedule_retention().await?;
            let (close_due, watch) = (tickets.clone(), tickets.clone());
            parts.job(CLOSE_DUE, move |job| {
                let tickets = close_due.clone();
                async move { tickets.close_due(&job).await }
            });
            parts.job(WATCH, move |job| {
                let tickets = watch.clone();
                async move { tickets.watch(&job).await }
            });
            let mail = tickets.clone();
            parts.job(MAIL, move |job| {
                let tickets = mail.clone();
                async move { tickets.mail_job(&job).await }
            });
            let panel = tickets.clone();
            parts.job(PANEL, move |job| {
                let tickets = panel.clone();
                async move { tickets.panel_job(&job).await }
            });
            let catch_up = tickets.clone();
            parts.task("catch-up", move |_| {
                let tickets = catch_up.clone();
                // At a start the guild and its members have not arrived yet; their arrival is heard as an event.
                async move {
                    match tickets.bot.gauges().is_ready() {
                        true => tickets.reconcile(tickets.home()).await,
                        false => Ok(()),
                    }
                }
            });
            let follow = tickets.clone();
            parts.task("follow", move |cx| {
                let tickets = follow.clone();
                async move {
                    tokio::select! {
                        () = cx.stop.cancelled() => Ok(()),
                        ended = follow_events(tickets) => ended,
                    }
                }
            });
            Ok(())
        })
    }
}

/// Settings that panels show.
const SHOWN_BY_PANELS: [&str; 5] = [
    "tickets.categories",
    "tickets.types",
    "general.language",
    "general.pink_color",
    "general.embed_footer_text",
];

fn changes_types(payload: &Value) -> bool {
    let keys = payload.get("keys").and_then(Value::as_array);
    let shown = |key: &Value| key.as_str().is_some_and(|key| SHOWN_BY_PANELS.contains(&key));
    keys.is_some_and(|keys| keys.iter().any(shown))
}

/// Tickets that another process has opened get into the index of this one, which hears their channels; listings that it
/// keeps are made anew.
async fn follow_events(tickets: Tickets) -> Outcome<()> {
    let mut feed = tickets.store().events().subscribe();
    loop {
        let event = feed.next().await;
        if let (Some(guild), "settings.changed") = (event.guild, event.kind.as_str())
            && changes_types(&event.payload)
        {
            tickets.redraw_panels(guild).await?;
        }
        let (Some(guild), true) = (event.guild, event.kind.starts_with("ticket.")) else {
            continue;
        };
        tickets.lists.changed(guild);
        let id = event
            .subject
            .as_deref()
            .and_then(|id| id.parse::<TicketId>().ok());
        if let (Some(id), "ticket.opened" | "ticket.updated") = (id, event.kind.as_str())
            && let Some(ticket) = store::find(&mut tickets.store().read().await?, guild, id).await?
        {
            tickets.index.add(&ticket);
        }
    }
}
