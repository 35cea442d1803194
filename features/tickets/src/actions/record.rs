//! Records what people write, edit and delete in a ticket's channel.

use hazebot_core::{
    Outcome,
    events::NewEvent,
    ids::{GuildId, MessageId, UserId},
};
use serde_json::json;
use twilight_model::channel::{Message as ModelMessage, message::MessageType};

use super::post::{message_added, sent_at};
use crate::{
    Tickets,
    index::Entry,
    store::{self, files, messages, outbox},
    ticket::{
        TicketId,
        file::{File, WireFile, without_addresses},
        message::{Kind, Message, StaffRole, guard, kind_of_unrecorded, with_attachments},
    },
};

impl Tickets {
    /// A message came. Known ones are left alone, so that a replayed event changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn record_message(&self, entry: Entry, message: &ModelMessage) -> Outcome<()> {
        let Some(stored) = self.stored_form(entry.guild, message) else {
            return Ok(());
        };
        let (guild, id, files) = (entry.guild, entry.ticket, File::of(message));
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let Some(ticket) = store::find(tx, guild, id).await? else {
                    return Ok(());
                };
                if messages::insert(tx, guild, id, &stored, None).await? {
                    let mut wire = stored.as_sent();
                    if !files.is_empty() {
                        files::insert(tx, guild, id, &files).await?;
                        super::files::schedule(tx, guild, id).await?;
                        wire.attachments = files.iter().map(|file| WireFile::of(file, id)).collect();
                    }
                    tx.emit(message_added(id, ticket.number, &wire).guild(guild))
                        .await?;
                }
                Ok(())
            })
        });
        written.await
    }

    /// A message has another text now, or fewer files. Addresses of files that were only signed anew are no change.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn record_edit(&self, entry: Entry, message: &ModelMessage) -> Outcome<()> {
        let Some(stored) = self.stored_form(entry.guild, message) else {
            return Ok(());
        };
        let (guild, id, files) = (entry.guild, entry.ticket, File::of(message));
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let Some(before) = messages::find(tx, id, stored.id).await? else {
                    return Ok(());
                };
                let said = |text: &str| without_addresses(text, &files);
                if said(&before.content) == said(&stored.content) {
                    return Ok(());
                }
                if messages::edit(tx, id, stored.id, &stored.content).await? {
                    if files::keep_only(tx, stored.id, &files).await? {
                        super::files::schedule(tx, guild, id).await?;
                    }
                    let mut wire = stored.as_sent();
                    let shown = files::of_message(tx, stored.id).await?;
                    wire.attachments = shown.iter().map(|file| WireFile::of(file, id)).collect();
                    let event = NewEvent::new("ticket.message_edited")
                        .guild(guild)
                        .subject(id.to_string());
                    tx.emit(event.payload(json!({ "message": wire }))).await?;
                }
                Ok(())
            })
        });
        written.await
    }

    /// Messages were deleted.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn record_deletion(&self, entry: Entry, deleted: Vec<MessageId>) -> Outcome<()> {
        let (guild, id) = (entry.guild, entry.ticket);
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                for message in deleted {
                    if messages::delete(tx, id, message).await? {
                        if files::keep_only(tx, message, &[]).await? {
                            super::files::schedule(tx, guild, id).await?;
                        }
                        let event = NewEvent::new("ticket.message_deleted")
                            .guild(guild)
                            .subject(id.to_string());
                        tx.emit(event.payload(json!({ "id": message.to_string() })))
                            .await?;
                    }
                }
                Ok(())
            })
        });
        written.await
    }

    /// The creator of live tickets has left; those who work on them are told in the channel.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn record_leaving(&self, guild: GuildId, user: UserId) -> Outcome<()> {
        for (_, id) in self.index.tickets_of(guild, user) {
            let shown = self.say(guild, "ticket-creator-left", &[]);
            let line = self.line(
                guild,
                "The creator of this ticket has left the server.".to_owned(),
                shown,
                None,
            );
            let ticket = self.note_leaving(guild, id, line).await?;
            if let Some(ticket) = ticket {
                let _held = self.locks.hold(id).await;
                self.post_waiting(&ticket).await?;
            }
        }
        Ok(())
    }

    async fn note_leaving(
        &self,
        guild: GuildId,
        id: TicketId,
        line: outbox::Outgoing,
    ) -> Outcome<Option<crate::ticket::Ticket>> {
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let ticket = store::find(tx, guild, id)
                    .await?
                    .filter(|ticket| ticket.status.is_live());
                if let Some(ticket) = &ticket {
                    outbox::push(tx, ticket, &line).await?;
                }
                Ok(ticket)
            })
        });
        written.await
    }

    /// As it is stored; `None` for what belongs in no history: notices of Discord, and posts of the bot that are not
    /// among those that its earlier versions left.
    pub(super) fn stored_form(&self, guild: GuildId, message: &ModelMessage) -> Option<Message> {
        if !matches!(message.kind, MessageType::Regular | MessageType::Reply) {
            return None;
        }
        let author = message.author.id;
        let mine = self.directory().me() == Some(author);
        if message.author.bot && !mine {
            return None;
        }
        let kind = if mine {
            kind_of_unrecorded(&message.content)?
        } else {
            Kind::Member
        };
        let role = if mine {
            message
                .content
                .starts_with("**[Admin Panel")
                .then_some(StaffRole::Admin)
        } else {
            StaffRole::of(self.bot.rights(guild, author))
        };
        let stickers = message
            .sticker_items
            .iter()
            .map(|sticker| format!("[Sticker: {}]", sticker.name));
        let extras: Vec<String> = message
            .attachments
            .iter()
            .map(|file| file.url.clone())
            .chain(stickers)
            .collect();
        let text = if role.is_some() || mine {
            message.content.clone()
        } else {
            guard(&message.content)
        };
        Some(Message {
            id: message.id,
            author,
            author_name: message.author.name.clone(),
            author_avatar: self
                .directory()
                .member(guild, author)
                .map(|member| member.display_avatar),
            role,
            kind,
            content: with_attachments(&text, extras.iter().map(String::as_str)),
            display_content: None,
            sent_at: sent_at(message.id),
            edited_at: None,
        })
    }
}
