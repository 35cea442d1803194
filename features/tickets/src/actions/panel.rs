//! Sets up, changes and removes panels; a job keeps their messages as they should be.

use hazebot_core::{
    Actor, Outcome,
    audit::Audit,
    events::NewEvent,
    ids::{ChannelId, GuildId, MessageId},
    jobs::{JobContext, JobDone, NewJob},
};
use hazebot_discord::rest::{DiscordError, code};
use serde_json::{Value, json};
use twilight_model::channel::Message as ModelMessage;

use super::post::Trouble;
use crate::{
    Tickets, settings,
    store::panels,
    ticket::{
        self,
        panel::{self, MAX_PANELS, Panel, PanelDraft, PanelId},
    },
};

/// The job that brings a panel's message in line with what is stored; its key is the panel.
pub const PANEL: &str = "ticket.panel";
/// Discord's kinds of channels that a panel can stand in: text and announcements.
const CHANNELS: [u8; 2] = [0, 5];

impl Tickets {
    /// The guild's panels, oldest first.
    ///
    /// # Errors
    /// Not staff.
    pub async fn panels(&self, guild: GuildId, actor: &Actor) -> Outcome<Vec<Panel>> {
        self.staff_only(guild, actor)?;
        panels::listed(&mut self.store().read().await?, guild).await
    }

    /// Makes a panel, or changes one. Gives it as it stands after the first try to post it.
    ///
    /// # Errors
    /// Not staff, a wrong draft, no text channel of the guild, too many panels, an unknown panel.
    pub async fn put_panel(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: Option<PanelId>,
        draft: PanelDraft,
    ) -> Outcome<Panel> {
        self.staff_only(guild, actor)?;
        let draft = draft.checked(&self.settings().get(guild, &settings::CATEGORIES))?;
        let channel = self.directory().channel(guild, draft.channel);
        if channel.is_none_or(|channel| !CHANNELS.contains(&channel.kind)) {
            return Err(panel::no_channel().into());
        }
        let (new, by) = (PanelId(self.entropy().uuid()), actor.clone());
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                tx.lock(&format!("ticket.panels {guild}")).await?;
                let before = match id {
                    Some(id) => {
                        let found = panels::find(tx, guild, id).await?.filter(|panel| !panel.removed);
                        Some(found.ok_or_else(panel::unknown)?)
                    }
                    None => None,
                };
                let full = i64::try_from(MAX_PANELS).unwrap_or(i64::MAX);
                if before.is_none() && panels::count(tx, guild).await? >= full {
                    return Err(panel::too_many().into());
                }
                let after = Panel {
                    id: id.unwrap_or(new),
                    guild,
                    draft,
                    posted: before.as_ref().and_then(|panel| panel.posted),
                    problem: None,
                    removed: false,
                };
                panels::put(tx, &after).await?;
                let entry = Audit::new(&by, "ticket.panel")
                    .guild(guild)
                    .target(after.id.to_string());
                let before = before.as_ref().map_or(Value::Null, state);
                tx.audit(entry.before(before).after(state(&after))).await?;
                let event = NewEvent::new("ticket.panel_changed")
                    .guild(guild)
                    .subject(after.id.to_string());
                tx.emit(event.actor(&by)).await?;
                tx.schedule(
                    NewJob::new(PANEL, after.id.to_string(), tx.now() + super::REPAIR_AFTER).guild(guild),
                )
                .await?;
                Ok(after.id)
            })
        });
        let id = written.await?;
        self.draw_now(guild, id).await;
        let found = panels::find(&mut self.store().read().await?, guild, id).await?;
        Ok(found.ok_or_else(panel::unknown)?)
    }

    /// Removes a panel with its message.
    ///
    /// # Errors
    /// Not staff, or an unknown panel.
    pub async fn remove_panel(&self, guild: GuildId, actor: &Actor, id: PanelId) -> Outcome<()> {
        self.staff_only(guild, actor)?;
        let by = actor.clone();
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                if !panels::mark_removed(tx, guild, id).await? {
                    return Err(panel::unknown().into());
                }
                let entry = Audit::new(&by, "ticket.panel_remove")
                    .guild(guild)
                    .target(id.to_string());
                tx.audit(entry).await?;
                let event = NewEvent::new("ticket.panel_removed")
                    .guild(guild)
                    .subject(id.to_string());
                tx.emit(event.actor(&by)).await?;
                tx.schedule(NewJob::new(PANEL, id.to_string(), tx.now() + super::REPAIR_AFTER).guild(guild))
                    .await?;
                Ok(())
            })
        });
        written.await?;
        self.draw_now(guild, id).await;
        Ok(())
    }

    /// Lets every panel of a guild be drawn anew, since its types have changed.
    pub(crate) async fn redraw_panels(&self, guild: GuildId) -> Outcome<()> {
        let ids = panels::ids(&mut self.store().read().await?, guild).await?;
        if ids.is_empty() {
            return Ok(());
        }
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                for id in ids {
                    tx.schedule(NewJob::new(PANEL, id, tx.now()).guild(guild)).await?;
                }
                Ok(())
            })
        });
        written.await
    }

    /// The job of [`PANEL`].
    ///
    /// # Errors
    /// The database's, or one of Discord's that may pass; then it is tried again.
    pub async fn panel_job(&self, job: &JobContext) -> Outcome<JobDone> {
        let (Some(guild), Ok(id)) = (job.guild, job.key.parse::<PanelId>()) else {
            return Ok(JobDone::Done);
        };
        self.draw(guild, id).await?;
        Ok(JobDone::Done)
    }

    async fn draw_now(&self, guild: GuildId, id: PanelId) {
        match self.draw(guild, id).await {
            Ok(()) => {
                let key = id.to_string();
                let done = self
                    .store()
                    .write(move |tx| Box::pin(async move { tx.cancel_job(PANEL, &key).await.map(drop) }));
                if let Err(failure) = done.await {
                    tracing::warn!(panel = %id, error = %failure, "a panel is looked at once more");
                }
            }
            Err(failure) => tracing::warn!(panel = %id, error = %failure, "a panel is posted later"),
        }
    }

    /// Makes Discord show what is stored, and notes why it can't.
    async fn draw(&self, guild: GuildId, id: PanelId) -> Outcome<()> {
        let _held = self.locks.hold(ticket::TicketId(id.0)).await;
        let Some(panel) = panels::find(&mut self.store().read().await?, guild, id).await? else {
            return Ok(());
        };
        let moved = |(channel, _): &(ChannelId, MessageId)| panel.removed || *channel != panel.draft.channel;
        if let Some((channel, message)) = panel.posted.filter(moved) {
            match self.discord().delete(channel, message).await {
                Err(error) if error.is_temporary() => return Err(error.into()),
                // Gone already, or out of reach: nothing that could be done about it.
                _ => {}
            }
        }
        if panel.removed {
            let forgotten = self
                .store()
                .write(move |tx| Box::pin(async move { panels::forget(tx, id).await }));
            return forgotten.await;
        }
        let stays = panel.posted.filter(|at| !moved(at));
        let (posted, problem) = match self.show(&panel, stays).await {
            Ok(message) => (Some((panel.draft.channel, message)), None),
            Err(Trouble::Discord(error)) if !error.is_temporary() => (None, Some(problem(&error))),
            Err(trouble) => return Err(trouble.into()),
        };
        let noted = self
            .store()
            .write(move |tx| Box::pin(async move { panels::note(tx, id, posted, problem).await }));
        noted.await
    }

    /// Edits the message, or posts it where there is none, or where somebody deleted it.
    async fn show(&self, panel: &Panel, stays: Option<(ChannelId, MessageId)>) -> Result<MessageId, Trouble> {
        let channel = panel.draft.channel;
        if let Some((_, message)) = stays {
            match self
                .discord()
                .edit(channel, message, &self.panel_message(panel))
                .await
            {
                Err(DiscordError::NotFound { code }) if code != code::UNKNOWN_CHANNEL => {}
                result => return Ok(result.map(|_| message)?),
            }
        } else if let Some(message) = self.find_panel(panel).await? {
            return Ok(self
                .discord()
                .edit(channel, message, &self.panel_message(panel))
                .await?
                .id);
        }
        Ok(self.discord().send(channel, &self.panel_message(panel)).await?.id)
    }

    /// The message, if a run that died has posted it: by the id in its components.
    async fn find_panel(&self, panel: &Panel) -> Result<Option<MessageId>, Trouble> {
        let (id, me) = (panel.id.short(), self.me(panel.guild).id);
        let history = self.discord().history(panel.draft.channel, None, 100).await?;
        let is_it = |message: &ModelMessage| {
            message.author.id == me
                && serde_json::to_string(&message.components).is_ok_and(|components| components.contains(&id))
        };
        Ok(history
            .iter()
            .find(|message| is_it(message))
            .map(|message| message.id))
    }
}

/// What staff read about a panel that can't be shown.
fn problem(error: &DiscordError) -> &'static str {
    match error {
        DiscordError::NotFound { .. } => "ticket-panel-channel-gone",
        DiscordError::Forbidden { .. } => "ticket-panel-forbidden",
        _ => "ticket-panel-refused",
    }
}

fn state(panel: &Panel) -> Value {
    json!({
        "channel_id": panel.draft.channel.to_string(),
        "title": panel.draft.title,
        "text": panel.draft.text,
        "style": panel.draft.style,
        "types": panel.draft.kinds,
    })
}
