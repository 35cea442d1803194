//! Notes of staff on a ticket: never in Discord, never in a transcript, never told to its creator.

use hazebot_core::{Actor, Outcome, Refusal, audit::Audit, events::NewEvent, ids::GuildId, store::Tx};
use serde_json::{Value, json};

use crate::{
    Tickets,
    store::{
        self,
        notes::{self, Note},
    },
    ticket::{
        self, Asker, Deed, Policy, Ticket, TicketId,
        work::{self, MAX_NOTES},
    },
};

impl Tickets {
    /// The notes on a ticket, oldest first.
    ///
    /// # Errors
    /// Unknown ticket, or not staff.
    pub(crate) async fn notes(&self, guild: GuildId, actor: &Actor, id: TicketId) -> Outcome<Vec<Note>> {
        let mut db = self.store().read().await?;
        let found = store::find(&mut db, guild, id)
            .await?
            .ok_or_else(ticket::unknown)?;
        let (asker, policy) = (self.asker(guild, actor), self.policy(guild));
        ticket::may(&found, &asker, Deed::Annotate, policy)?;
        notes::list(&mut db, guild, id).await
    }

    /// Writes a note.
    ///
    /// # Errors
    /// Unknown ticket, not staff, empty, too long, or one too many.
    pub(crate) async fn add_note(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        text: &str,
    ) -> Outcome<Note> {
        let (asker, policy, by) = (self.asker(guild, actor), self.policy(guild), actor.clone());
        let (text, name) = (work::note(text), self.name_of_actor(guild, actor));
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let ticket = annotated(tx, guild, id, &asker, policy).await?;
                let text = text?;
                if notes::count(tx, id).await? >= MAX_NOTES {
                    let sentence = format!("A ticket can have {MAX_NOTES} notes at most");
                    let refusal = Refusal::invalid("ticket-too-many-notes", sentence);
                    return Err(refusal.with("max", MAX_NOTES.to_string()).into());
                }
                let note = Note {
                    id: notes::insert(tx, guild, id, by.user(), &name, &text).await?,
                    author: by.user(),
                    author_name: name,
                    text,
                    created_at: tx.now(),
                };
                let audit = Audit::new(&by, "ticket.note").guild(guild).target(id.to_string());
                tx.audit(audit.after(json!({ "note_id": note.id }))).await?;
                tx.emit(event("ticket.note_added", &ticket, &by, note.id)).await?;
                Ok(note)
            })
        });
        written.await
    }

    /// Takes a note away: its writer or an admin.
    ///
    /// # Errors
    /// Unknown ticket or note, or not allowed.
    pub(crate) async fn delete_note(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        note: i64,
    ) -> Outcome<()> {
        let (asker, policy, by) = (self.asker(guild, actor), self.policy(guild), actor.clone());
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let ticket = annotated(tx, guild, id, &asker, policy).await?;
                let unknown = || Refusal::not_found("ticket-note-unknown", "Note not found");
                let found = notes::list(tx, guild, id).await?;
                let found = found.into_iter().find(|one| one.id == note).ok_or_else(unknown)?;
                let own = found.author.is_some() && found.author == asker.user;
                if !own && !asker.rights.is_admin() {
                    return Err(ticket::forbidden().into());
                }
                if !notes::remove(tx, guild, id, note).await? {
                    return Err(unknown().into());
                }
                let audit = Audit::new(&by, "ticket.note_deleted")
                    .guild(guild)
                    .target(id.to_string());
                let before = json!({ "note_id": note, "author": found.author_name, "text": found.text });
                tx.audit(audit.before(before)).await?;
                tx.emit(event("ticket.note_deleted", &ticket, &by, note)).await
            })
        });
        written.await.map(drop)
    }
}

/// The ticket, if this person may write notes on it.
async fn annotated(
    tx: &mut Tx<'_>,
    guild: GuildId,
    id: TicketId,
    asker: &Asker,
    policy: Policy,
) -> Outcome<Ticket> {
    let found = store::find(tx, guild, id).await?.ok_or_else(ticket::unknown)?;
    ticket::may(&found, asker, Deed::Annotate, policy)?;
    Ok(found)
}

/// Says that there is something to read, not what.
fn event(kind: &'static str, ticket: &Ticket, actor: &Actor, note: i64) -> NewEvent {
    let payload: Value = json!({ "ticket_num": ticket.number, "note_id": note });
    NewEvent::new(kind)
        .guild(ticket.guild)
        .subject(ticket.id.to_string())
        .actor(actor)
        .payload(payload)
}
