//! The transcript by mail: asked for once per closing, sent by a job of its own that waits for a mail server that is away.
//! A run that dies between the server's word and the job's record sends it again, with the same `Message-ID`.

use hazebot_core::{
    Failure, Outcome,
    ids::GuildId,
    jobs::{JobContext, JobDone, NewJob},
    texts::Arg,
};
use hazebot_mail::{Mail, MailError, Mailer};

use crate::{
    Tickets, settings,
    store::{
        self,
        steps::{self, Step},
    },
    ticket::{Ticket, TicketId, transcript::Format},
};

/// The job that mails one transcript; its key is ticket and round.
pub(crate) const MAIL: &str = "ticket.mail";

/// Mail as this installation can send it.
#[derive(Clone, Debug)]
pub struct MailOut {
    /// The way out.
    pub mailer: Mailer,
    /// Recipient where a guild has set none (`SUPPORT_EMAIL`).
    pub support: Option<String>,
}

impl Tickets {
    /// Whether a guild's transcripts are mailed: unless it does not want them, and to somebody.
    pub(crate) fn mails(&self, guild: GuildId) -> bool {
        self.settings().get(guild, &settings::SEND_MAIL) && self.mail_target(guild).is_some()
    }

    /// Where they go: the guild's address, or `SUPPORT_EMAIL`.
    pub(crate) fn mail_target(&self, guild: GuildId) -> Option<String> {
        let own = self.settings().get(guild, &settings::MAIL_ADDRESS);
        let support = || self.mail().and_then(|post| post.support.clone());
        (!own.is_empty()).then_some(own).or_else(support)
    }

    fn mail_address(&self, guild: GuildId) -> Option<String> {
        self.mail_target(guild).filter(|_| self.mails(guild))
    }

    /// Schedules the mail of this closing, once.
    pub(super) async fn ask_for_mail(&self, ticket: &Ticket) -> Outcome<()> {
        if self.mail().is_none()
            || self.mail_address(ticket.guild).is_none()
            || self.is_done(ticket, Step::Mailed).await?
        {
            return Ok(());
        }
        let ticket = ticket.clone();
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let key = format!("{}/{}", ticket.id, ticket.reopen_count);
                tx.schedule(NewJob::new(MAIL, key, tx.now()).guild(ticket.guild))
                    .await?;
                steps::mark(tx, &ticket, Step::Mailed, None).await
            })
        });
        written.await
    }

    /// The job of [`MAIL`].
    ///
    /// # Errors
    /// The database's, or the mail server is away; then it is tried again.
    pub async fn mail_job(&self, job: &JobContext) -> Outcome<JobDone> {
        let id = job
            .key
            .split('/')
            .next()
            .and_then(|id| id.parse::<TicketId>().ok());
        let (Some(guild), Some(id), Some(post)) = (job.guild, id, self.mail()) else {
            return Ok(JobDone::Done);
        };
        let Some(ticket) = store::find(&mut self.store().read().await?, guild, id).await? else {
            return Ok(JobDone::Done);
        };
        // Switched off meanwhile, or another address: what holds now is what is wanted.
        let Some(to) = self.mail_address(guild) else {
            return Ok(JobDone::Done);
        };
        let mail = self
            .transcript_mail(&ticket, to, job.key.replace('/', "."))
            .await?;
        match post.mailer.send(mail).await {
            Ok(()) => tracing::info!(ticket = %id, "the transcript went out by mail"),
            Err(error) => return self.not_mailed(id, error),
        }
        Ok(JobDone::Done)
    }

    /// A server that is away, or does not let us in, is tried again; an address that it refuses is not.
    fn not_mailed(&self, id: TicketId, error: MailError) -> Outcome<JobDone> {
        if error.is_login_refused() {
            tracing::error!(
                ticket = %id, %error,
                "the mail server refuses the login: check SMTP_USER and SMTP_PASS; the transcript is sent once it works"
            );
        }
        if error.is_temporary() {
            return Err(Failure::service("smtp", error));
        }
        tracing::error!(
            ticket = %id, %error, setting = "tickets.transcript_email_address",
            "the transcript cannot be mailed; it stays in the panel and in the transcript channel"
        );
        Ok(JobDone::Done)
    }

    async fn transcript_mail(&self, ticket: &Ticket, to: String, id: String) -> Outcome<Mail> {
        let guild = ticket.guild;
        let transcript = self.transcript_of(ticket).await?;
        let files = Self::render(transcript, vec![Format::Html, Format::Txt]).await?;
        let file = |wanted| {
            let found = files.iter().find(|(format, _)| *format == wanted);
            found
                .map(|(_, bytes)| String::from_utf8_lossy(bytes))
                .unwrap_or_default()
        };
        let name = self.directory().guild_name(guild).unwrap_or_default();
        // A subject has no markup that names could break.
        let args = [
            ("guild", Arg::raw(name.clone())),
            ("number", Arg::raw(ticket.number.to_string())),
            ("type", Arg::raw(ticket.kind.clone())),
            ("creator", Arg::raw(ticket.creator_name.clone())),
        ];
        Ok(Mail {
            to,
            from_name: name,
            subject: self.say(guild, "ticket-mail-subject", &args),
            text: file(Format::Txt).trim_start_matches('\u{feff}').to_owned(),
            html: file(Format::Html).into_owned(),
            id: format!("ticket-{id}"),
        })
    }
}
