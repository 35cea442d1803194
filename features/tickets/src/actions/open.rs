//! Opens a ticket: reserved in the store first, then made in Discord; whole or not at all.

use hazebot_core::{
    Actor, Failure, Outcome, Refusal, RefusalKind,
    ids::{ChannelId, GuildId, UserId},
    jobs::NewJob,
    settings::general::TICKETS_CATEGORY,
    store::Tx,
};
use hazebot_discord::rest::{DiscordError, code};

use super::{REPAIR_AFTER, SETTLE, post::Trouble};
use crate::{
    Tickets, settings,
    store::{
        self,
        outbox::{self, Outgoing},
    },
    ticket::{
        Draft, Origin, Status, Ticket, TicketId, draft,
        kinds::{Answered, KindOptions},
        message::{Kind, Message},
        work::Priority,
    },
};

/// Discord's kind of a category.
const CATEGORY: u8 = 4;

impl Tickets {
    /// Opens a ticket for the actor. When Discord fails half-way, what was made is removed at once, or by the repair job
    /// if that fails too; the person is told and may try again.
    ///
    /// # Errors
    /// A limit of the draft, one ticket per hour (staff are exempt), too many open ones, no category, a full server, or
    /// Discord.
    pub async fn open(&self, guild: GuildId, actor: &Actor, draft: Draft, origin: Origin) -> Outcome<Ticket> {
        let draft = draft.checked(&self.settings().get(guild, &settings::CATEGORIES))?;
        self.open_checked(guild, actor, draft, origin).await
    }

    /// Opens a ticket from the answers to its type's own questions, in their order.
    ///
    /// # Errors
    /// As [`Tickets::open`]; an answer that is missing, too long or none of the choices.
    pub async fn open_with_answers(
        &self,
        guild: GuildId,
        actor: &Actor,
        kind: &str,
        answers: &[String],
        origin: Origin,
    ) -> Outcome<Ticket> {
        let kind = draft::known(kind, &self.settings().get(guild, &settings::CATEGORIES))?;
        let options = self.kinds(guild).of(&kind);
        let draft = Answered::new(&options.questions, answers)?.draft(&kind);
        self.open_checked(guild, actor, draft, origin).await
    }

    async fn open_checked(
        &self,
        guild: GuildId,
        actor: &Actor,
        draft: Draft,
        origin: Origin,
    ) -> Outcome<Ticket> {
        let asker = self.asker(guild, actor);
        let creator = actor.user().ok_or_else(super::claim::no_account)?;
        if !asker.rights.is_member() {
            return Err(Refusal::not_found("ticket-not-a-member", "User not found in guild").into());
        }
        let staff = asker.rights.is_staff();
        let draft = if staff { draft } else { draft.guarded() };
        let kind = self.kinds(guild).of(&draft.kind);
        if !staff {
            kind.open_at(self.now())?;
        }
        self.category_of(guild, &kind)
            .map_err(|refusal| self.for_reader(refusal, staff))?;
        let limits = (!staff).then(|| Limits {
            max_open: self.settings().get(guild, &settings::MAX_OPEN),
            max_of_kind: kind.max_open,
            cooldown_minutes: kind.cooldown_minutes,
        });
        let reserved = self
            .reserve(guild, creator, actor.name(), limits, draft, origin)
            .await?;
        let _held = self.locks.hold(reserved.id).await;
        match self.build(&reserved, false).await {
            Ok(ticket) => Ok(ticket),
            Err(trouble) => {
                tracing::warn!(ticket = %reserved.id, error = %trouble, "a ticket could not be opened");
                self.give_up(&reserved).await;
                Err(told(trouble))
            }
        }
    }

    /// Puts the row, the first message and the repair job in one transaction.
    async fn reserve(
        &self,
        guild: GuildId,
        creator: UserId,
        name: &str,
        limits: Option<Limits>,
        draft: Draft,
        origin: Origin,
    ) -> Outcome<Ticket> {
        let (id, nonce, bot) = (TicketId(self.entropy().uuid()), self.nonce(), self.me(guild));
        let name = name.to_owned();
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let number = store::next_number(tx, guild).await?;
                if let Some(limits) = limits {
                    keep_limits(tx, guild, creator, &draft.kind, limits).await?;
                }
                let initial_message = draft::initial_message(&draft.subject, &draft.description);
                let ticket = reserved(tx, id, guild, number, creator, name, &draft, &initial_message);
                store::insert(tx, &ticket, origin).await?;
                let message = Message {
                    id: hazebot_core::ids::MessageId::new(1),
                    author: bot.id,
                    author_name: bot.name,
                    author_avatar: bot.avatar,
                    role: None,
                    kind: Kind::Initial,
                    content: initial_message,
                    display_content: None,
                    sent_at: tx.now(),
                    edited_at: None,
                };
                let shown = draft.description;
                outbox::push(
                    tx,
                    &ticket,
                    &Outgoing {
                        nonce,
                        message,
                        shown,
                        pings: None,
                        role: None,
                        buttons: None,
                    },
                )
                .await?;
                let job = NewJob::new(SETTLE, id.to_string(), tx.now() + REPAIR_AFTER).guild(guild);
                tx.schedule(job).await?;
                Ok(ticket)
            })
        });
        written.await
    }

    /// The category of a type, else the one of all tickets. Without any set, the guild has not been set up. `None` if
    /// those that are set have been deleted: then tickets stand at the top of the server, which is better than none at
    /// all.
    pub(super) fn category_of(
        &self,
        guild: GuildId,
        kind: &KindOptions,
    ) -> Result<Option<ChannelId>, Refusal> {
        let for_all = self.settings().get(guild, &TICKETS_CATEGORY);
        if kind.category_id.is_none() && for_all.is_none() {
            let sentence = "Failed to create ticket: Tickets category not available";
            tracing::warn!(%guild, setting = "channels.tickets_category_id", "tickets need a category");
            return Err(Refusal::new(
                RefusalKind::Unavailable,
                "ticket-no-category",
                sentence,
            ));
        }
        for set in [kind.category_id, for_all].into_iter().flatten() {
            let there = self.directory().channel(guild, set);
            if there.is_some_and(|channel| channel.kind == CATEGORY) {
                return Ok(Some(set));
            }
            tracing::warn!(
                %guild, category = %set, setting = "channels.tickets_category_id or tickets.types",
                "a category for tickets is gone; they are opened elsewhere until another one is set"
            );
        }
        Ok(None)
    }

    /// Staff are told which setting to make.
    fn for_reader(&self, mut refusal: Refusal, staff: bool) -> Refusal {
        if staff && refusal.text == "ticket-no-category" {
            refusal.text = "ticket-no-category-staff";
        }
        refusal
    }
}

/// What a member who is not staff keeps to.
#[derive(Clone, Copy)]
struct Limits {
    /// Live tickets over all types; 0 is no limit.
    max_open: i64,
    /// Live tickets of this type.
    max_of_kind: Option<u32>,
    /// Between two tickets of this type, instead of the hour between any two.
    cooldown_minutes: Option<u32>,
}

async fn keep_limits(
    tx: &mut Tx<'_>,
    guild: GuildId,
    creator: UserId,
    kind: &str,
    limits: Limits,
) -> Outcome<()> {
    let wait = draft::wait(limits.cooldown_minutes);
    let of_kind = limits.cooldown_minutes.map(|_| kind);
    if let Some(last) = store::last_opened(tx, guild, creator, of_kind).await?
        && let Some(left) = draft::remaining(hazebot_core::clock::from_millis(last), tx.now(), wait)
    {
        return Err(draft::too_soon(left, limits.cooldown_minutes.is_some()).into());
    }
    if limits.max_open > 0 && store::open_count(tx, guild, creator, None).await? >= limits.max_open {
        return Err(draft::too_many_open(limits.max_open).into());
    }
    if let Some(max) = limits.max_of_kind.map(i64::from)
        && store::open_count(tx, guild, creator, Some(kind)).await? >= max
    {
        return Err(draft::too_many_of_kind(max, kind).into());
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the fields of a new row")]
fn reserved(
    tx: &Tx<'_>,
    id: TicketId,
    guild: GuildId,
    number: i64,
    creator: UserId,
    creator_name: String,
    draft: &Draft,
    initial_message: &str,
) -> Ticket {
    Ticket {
        id,
        guild,
        number,
        creator,
        creator_name,
        channel: None,
        kind: draft.kind.clone(),
        status: Status::Opening,
        claimed_by: None,
        assigned_to: None,
        subject: draft.subject.clone(),
        initial_message: initial_message.to_owned(),
        control_message: None,
        reopen_count: 0,
        created_at: tx.now(),
        closed_at: None,
        closed_by: None,
        close_message: None,
        delete_after: None,
        priority: Priority::default(),
        tags: Vec::new(),
        participants: Vec::new(),
        close_request: None,
        escalated_at: None,
    }
}

/// What the person is told.
fn told(trouble: Trouble) -> Failure {
    let unavailable =
        |text, sentence: &'static str| Refusal::new(RefusalKind::Unavailable, text, sentence).into();
    match trouble {
        Trouble::Discord(error) if error.code() == Some(code::TOO_MANY_CHANNELS) => unavailable(
            "ticket-guild-full",
            "Failed to create ticket: the server has too many channels",
        ),
        Trouble::Discord(DiscordError::Forbidden { .. }) => unavailable(
            "ticket-no-permission",
            "Failed to create ticket: the bot lacks a permission",
        ),
        Trouble::Discord(_) => unavailable(
            "ticket-not-opened",
            "Failed to create ticket: Discord did not answer as expected",
        ),
        Trouble::Other(failure) => failure,
    }
}
