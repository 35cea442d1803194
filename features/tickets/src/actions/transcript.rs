//! Reading a ticket's transcript: gathers what it is made of, and writes it off the executor.

use std::collections::HashMap;

use hazebot_core::{Actor, Failure, Outcome, ids::GuildId, texts::Arg};

use crate::{
    Tickets,
    service::by_message,
    store::{files, messages},
    ticket::{
        Ticket, TicketId,
        file::FileState,
        transcript::{Enclosed, Format, Labels, Names, Transcript},
    },
};

/// Largest picture that a page holds, in bytes: most screenshots.
const PICTURE: i64 = 2 * 1024 * 1024;
/// Bytes of all pictures of a page: with what encoding adds, it fits into one message of Discord (10 MiB).
const PICTURES: i64 = 5 * 1024 * 1024;

impl Tickets {
    /// The transcript of a ticket as a file: its name and its content. For its creator and staff.
    ///
    /// # Errors
    /// As [`Tickets::get`].
    pub async fn transcript(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        format: Format,
    ) -> Outcome<(String, Vec<u8>)> {
        let ticket = self.get(guild, actor, id).await?;
        let name = Transcript::file(&ticket, format);
        let mut transcript = self.transcript_of(&ticket).await?;
        if format == Format::Html {
            self.enclose_pictures(&mut transcript).await;
        }
        let files = Self::render(transcript, vec![format]).await?;
        let bytes = files.into_iter().next().map(|(_, bytes)| bytes);
        Ok((name, bytes.unwrap_or_default()))
    }

    /// What the transcript of this ticket is made of, without asking who wants it.
    pub(crate) async fn transcript_of(&self, ticket: &Ticket) -> Outcome<Transcript> {
        let (messages, files) = {
            let mut reader = self.store().read().await?;
            let messages = messages::transcript(&mut reader, ticket.id).await?;
            (
                messages,
                files::shown(&mut reader, ticket.guild, ticket.id, None).await?,
            )
        };
        let enclosed = |file| Enclosed { file, picture: None };
        let files = by_message(files).into_iter();
        Ok(Transcript {
            files: files
                .map(|(message, own)| (message, own.into_iter().map(enclosed).collect()))
                .collect(),
            names: self.names(ticket.guild),
            labels: self.labels(ticket),
            ticket: ticket.clone(),
            messages,
        })
    }

    /// Puts pictures into a transcript, oldest first, as far as there is room.
    pub(crate) async fn enclose_pictures(&self, transcript: &mut Transcript) {
        let (guild, id) = (transcript.ticket.guild, transcript.ticket.id);
        let mut room = PICTURES;
        let mut all: Vec<&mut Enclosed> = transcript.files.values_mut().flatten().collect();
        all.sort_by_key(|enclosed| enclosed.file.id);
        for enclosed in all {
            let file = &enclosed.file;
            let shown = file.state == FileState::Stored && file.is_picture();
            if shown && file.size <= PICTURE.min(room) {
                enclosed.picture = self.files.read(guild, id, file.id).await;
                room -= file.size;
            }
        }
    }

    /// Writes it in these forms, off the executor: it may be tens of megabytes.
    pub(crate) async fn render(
        transcript: Transcript,
        formats: Vec<Format>,
    ) -> Outcome<Vec<(Format, Vec<u8>)>> {
        let written = tokio::task::spawn_blocking(move || {
            let each = formats
                .iter()
                .map(|format| Ok((*format, transcript.render(*format)?)));
            each.collect::<Result<Vec<_>, crate::ticket::transcript::RenderError>>()
        });
        let files = written
            .await
            .map_err(|error| Failure::internal(error.to_string()))?;
        files.map_err(|error| Failure::internal(error.to_string()))
    }

    fn names(&self, guild: GuildId) -> Names {
        let directory = self.directory();
        let members = directory.members(guild).into_iter();
        let roles = directory.roles(guild).into_iter();
        let channels = directory.channels(guild).into_iter();
        Names {
            users: members
                .map(|member| (member.user.to_string(), member.display_name))
                .collect::<HashMap<_, _>>(),
            roles: roles.map(|role| (role.id.to_string(), role.name)).collect(),
            channels: channels
                .map(|channel| (channel.id.to_string(), channel.name))
                .collect(),
        }
    }

    fn labels(&self, ticket: &Ticket) -> Labels {
        let say = |id| self.say(ticket.guild, id, &[]);
        let number = Arg::raw(ticket.number.to_string());
        Labels {
            language: self.bot.texts().language(ticket.guild).code().to_owned(),
            title: self.say(ticket.guild, "ticket-transcript-title", &[("number", number)]),
            kind: say("ticket-transcript-type"),
            subject: say("ticket-embed-subject"),
            creator: say("ticket-transcript-creator"),
            handler: say("ticket-embed-handler"),
            assigned: say("ticket-embed-assigned"),
            opened: say("ticket-transcript-opened"),
            closed: say("ticket-transcript-closed"),
            closing: say("ticket-transcript-closing"),
            messages: say("ticket-transcript-messages"),
            edited: say("ticket-transcript-edited"),
            staff: say("ticket-transcript-staff"),
            no_text: say("ticket-transcript-no-text"),
            file: say("ticket-transcript-file"),
            file_missing: say("ticket-transcript-file-missing"),
        }
    }
}
