//! What follows a closing: the transcript and the direct message to the creator, each once, also over a crash.

use hazebot_core::{
    Outcome,
    ids::{ChannelId, GuildId, MessageId, UserId},
    settings::general::TRANSCRIPT_CHANNEL,
    texts::Arg,
};
use hazebot_discord::rest::DiscordError;
use twilight_model::channel::Message as ModelMessage;

use super::post::{NONCE_HOLDS, sent_at};
use crate::{
    Tickets, settings,
    store::{
        self,
        outbox::{self, Buttons},
        steps::{self, Step},
    },
    ticket::{
        Status, Ticket, TicketId,
        message::sentence,
        transcript::{Format, Transcript},
    },
};

/// How far back a message of a run that died is looked for.
const LOOK_BACK: u16 = 100;

impl Tickets {
    /// Does what is missing for a closed ticket.
    pub(super) async fn finish_closing(&self, guild: GuildId, id: TicketId) -> Outcome<()> {
        // Before the lock is taken: copying may last, and nobody who acts on the ticket shall wait for it.
        let found = store::find(&mut self.store().read().await?, guild, id).await?;
        if let Some(ticket) = found.filter(|ticket| ticket.status == Status::Closed)
            && let Err(error) = self.copy_last_files(&ticket).await
        {
            tracing::warn!(ticket = %id, %error, "the transcript goes out before all files are copied");
        }
        let _held = self.locks.hold(id).await;
        let Some(ticket) = store::find(&mut self.store().read().await?, guild, id).await? else {
            return Ok(());
        };
        if ticket.status == Status::Closed {
            self.post_transcript(&ticket).await?;
            self.say_farewell(&ticket).await?;
            self.ask_for_mail(&ticket).await?;
        }
        Ok(())
    }

    /// Posts the transcript, once per closing. Without a channel for it there is nothing to do.
    pub(super) async fn post_transcript(&self, ticket: &Ticket) -> Outcome<()> {
        if self.is_done(ticket, Step::Transcript).await? {
            return Ok(());
        }
        let Some(channel) = self.settings().get(ticket.guild, &TRANSCRIPT_CHANNEL) else {
            return self.mark(ticket, Step::Transcript, None).await;
        };
        let posted = match self.find_transcript(channel, ticket).await {
            Ok(None) => {
                let message = self.transcript_message(ticket).await?;
                self.discord()
                    .send(channel, &message)
                    .await
                    .map(|posted| posted.id)
            }
            Ok(Some(found)) => Ok(found),
            Err(error) => Err(error),
        };
        match posted {
            Ok(message) => self.mark(ticket, Step::Transcript, Some(message)).await,
            Err(error) if error.is_temporary() => Err(error.into()),
            // The messages stay stored; a channel that is gone or closed to the bot does not come back by waiting.
            Err(error) => {
                tracing::error!(ticket = %ticket.id, %channel, %error, "the transcript cannot be posted");
                self.mark(ticket, Step::Transcript, None).await
            }
        }
    }

    /// Tells the creator by direct message, once per closing.
    async fn say_farewell(&self, ticket: &Ticket) -> Outcome<()> {
        if self.is_done(ticket, Step::Told).await? {
            return Ok(());
        }
        if self.settings().get(ticket.guild, &settings::DM_ON_CLOSE) {
            match self.tell(ticket).await {
                Ok(()) => return self.mark(ticket, Step::Told, None).await,
                Err(error) if error.is_temporary() => return Err(error.into()),
                Err(error) => {
                    tracing::debug!(ticket = %ticket.id, %error, "the creator takes no direct message");
                }
            }
        }
        self.ask_for_stars(ticket).await
    }

    /// Asks in the channel, where no direct message does.
    async fn ask_for_stars(&self, ticket: &Ticket) -> Outcome<()> {
        if ticket.channel.is_none() || !self.settings().get(ticket.guild, &settings::ASK_RATING) {
            return self.mark(ticket, Step::Told, None).await;
        }
        let args = [("creator", Arg::raw(format!("<@{}>", ticket.creator)))];
        let shown = self.say(ticket.guild, "ticket-line-rate", &args);
        let mut line = self.line(
            ticket.guild,
            sentence::HOW_WAS_IT.to_owned(),
            shown,
            Some(ticket.creator),
        );
        line.buttons = Some(Buttons::Rating);
        let copy = ticket.clone();
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                outbox::push(tx, &copy, &line).await?;
                steps::mark(tx, &copy, Step::Told, None).await
            })
        });
        written.await?;
        match self.post_waiting(ticket).await {
            // The channel's own event closes the matter.
            Err(trouble) if trouble.is_channel_gone() => Ok(()),
            posted => Ok(posted?),
        }
    }

    async fn tell(&self, ticket: &Ticket) -> Result<(), DiscordError> {
        if self.is_told(ticket).await? {
            return Ok(());
        }
        self.discord()
            .dm(ticket.creator, &self.farewell(ticket))
            .await
            .map(drop)
    }

    /// The transcript of this round, if a run that died has posted it: by the name of its file.
    async fn find_transcript(
        &self,
        channel: ChannelId,
        ticket: &Ticket,
    ) -> Result<Option<MessageId>, DiscordError> {
        if self.is_fresh(ticket) {
            return Ok(None);
        }
        let (me, file) = (self.me(ticket.guild).id, Transcript::file(ticket, Format::Txt));
        let history = self.discord().history(channel, None, LOOK_BACK).await?;
        let is_it = |m: &&ModelMessage| is_by(m, me) && m.attachments.iter().any(|a| a.filename == file);
        Ok(history.iter().find(is_it).map(|message| message.id))
    }

    /// Whether a run that died has sent the direct message of this closing.
    async fn is_told(&self, ticket: &Ticket) -> Result<bool, DiscordError> {
        let Some(closed_at) = ticket.closed_at.filter(|_| !self.is_fresh(ticket)) else {
            return Ok(false);
        };
        let response = self
            .discord()
            .http()
            .create_private_channel(ticket.creator)
            .await?;
        let dm = response
            .model()
            .await
            .map_err(|error| DiscordError::Unreadable(error.to_string()))?;
        let (me, title) = (self.me(ticket.guild).id, self.farewell_title(ticket));
        let history = self.discord().history(dm.id, None, LOOK_BACK).await?;
        let same = |m: &ModelMessage| {
            m.embeds
                .iter()
                .any(|embed| embed.title.as_deref() == Some(&title))
        };
        Ok(history
            .iter()
            .any(|m| is_by(m, me) && same(m) && sent_at(m.id) >= closed_at - NONCE_HOLDS))
    }

    /// Whether the closing is so recent that Discord still knows the nonces of whoever died over it.
    fn is_fresh(&self, ticket: &Ticket) -> bool {
        ticket.closed_at.is_some_and(|at| self.now() - at <= NONCE_HOLDS)
    }
}

fn is_by(message: &ModelMessage, user: UserId) -> bool {
    message.author.id == user
}
