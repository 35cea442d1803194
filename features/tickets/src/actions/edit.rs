//! Changes type, status and handlers directly, as the panel's table does.

use hazebot_core::{
    Actor, Outcome, Refusal,
    ids::{GuildId, UserId},
};
use serde_json::json;

use super::{Change, close::shut, reopen::unshut};
use crate::{
    Tickets, settings,
    ticket::{Asker, Deed, Status, Ticket, TicketId},
};

/// What shall be different; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// `Open`, `Claimed` or `Closed`.
    pub status: Option<Status>,
    /// One of the guild's categories.
    pub kind: Option<String>,
    /// Whom it is given to; `Some(None)` for nobody.
    pub assigned_to: Option<Option<UserId>>,
    /// Who has taken it; `Some(None)` for nobody.
    pub claimed_by: Option<Option<UserId>>,
}

impl Tickets {
    /// Changes a ticket; what contradicts itself is put right: a claimer makes it claimed, none makes it open.
    ///
    /// # Errors
    /// Unknown ticket, not staff, unknown type, handlers who are not staff, `Claimed` without a claimer.
    pub async fn edit(&self, guild: GuildId, actor: &Actor, id: TicketId, edit: Edit) -> Outcome<Ticket> {
        let asker = self.asker(guild, actor);
        let categories = self.settings().get(guild, &settings::CATEGORIES);
        let checked = self.check_edit(guild, &edit, &categories);
        let days = self.settings().get(guild, &settings::AUTO_DELETE_DAYS);
        self.change(guild, actor, id, Deed::Edit, move |ticket, now| {
            checked?;
            let was_closed = ticket.status == Status::Closed;
            apply(ticket, edit, &asker)?;
            let is_closed = ticket.status == Status::Closed;
            if is_closed && !was_closed {
                let delete_after = (days > 0).then(|| now + chrono::Duration::days(days));
                shut(ticket, now, asker.user, None, delete_after);
            }
            Ok(Change {
                action: "ticket.update",
                event: "ticket.updated",
                payload: json!({
                    "status": ticket.status.wire(),
                    "type": ticket.kind,
                    "claimed_by": ticket.claimed_by.map(|user| user.to_string()),
                    "assigned_to": ticket.assigned_to.map(|user| user.to_string()),
                }),
                line: None,
                reward: None,
            })
        })
        .await
    }

    fn check_edit(&self, guild: GuildId, edit: &Edit, categories: &[String]) -> Result<(), Refusal> {
        if let Some(kind) = &edit.kind
            && !categories.contains(kind)
        {
            let list = categories.join(", ");
            let sentence = format!("Invalid ticket type. Must be one of: {list}");
            return Err(Refusal::invalid("ticket-unknown-type", sentence).with("types", list));
        }
        let handlers = [edit.assigned_to.flatten(), edit.claimed_by.flatten()];
        handlers
            .into_iter()
            .flatten()
            .try_for_each(|user| self.assignable(guild, user))
    }
}

fn apply(ticket: &mut Ticket, edit: Edit, asker: &Asker) -> Result<(), Refusal> {
    if edit.status.is_some_and(Status::is_live) && ticket.status == Status::Closed {
        unshut(ticket);
    }
    if let Some(kind) = edit.kind {
        ticket.kind = kind;
    }
    if let Some(user) = edit.assigned_to {
        ticket.assigned_to = user;
    }
    if let Some(user) = edit.claimed_by {
        ticket.claimed_by = user;
    }
    match edit.status {
        Some(Status::Claimed) => {
            ticket.claimed_by = ticket.claimed_by.or(asker.user);
            if ticket.claimed_by.is_none() {
                return Err(Refusal::invalid(
                    "ticket-not-claimed",
                    "A claimed ticket needs claimed_by",
                ));
            }
            ticket.status = Status::Claimed;
        }
        Some(Status::Open) => {
            ticket.claimed_by = None;
            ticket.status = Status::Open;
        }
        Some(status) => ticket.status = status,
        None if ticket.status.is_live() => {
            ticket.status = if ticket.claimed_by.is_some() {
                Status::Claimed
            } else {
                Status::Open
            };
        }
        None => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use hazebot_core::Rights;

    use super::*;
    use crate::ticket::tests::{MODERATOR, ticket};

    const ASKER: Asker = Asker {
        user: Some(MODERATOR),
        rights: Rights::Moderator,
        helps: Vec::new(),
    };

    /// T-04.
    #[test]
    fn status_and_claimer_never_contradict_each_other() {
        let mut open = ticket(Status::Open);
        apply(
            &mut open,
            Edit {
                claimed_by: Some(Some(MODERATOR)),
                ..Edit::default()
            },
            &ASKER,
        )
        .unwrap();
        assert_eq!(open.status, Status::Claimed);
        apply(
            &mut open,
            Edit {
                status: Some(Status::Open),
                ..Edit::default()
            },
            &ASKER,
        )
        .unwrap();
        assert_eq!((open.status, open.claimed_by), (Status::Open, None));
        apply(
            &mut open,
            Edit {
                status: Some(Status::Claimed),
                ..Edit::default()
            },
            &ASKER,
        )
        .unwrap();
        assert_eq!(open.claimed_by, Some(MODERATOR));
        apply(
            &mut open,
            Edit {
                claimed_by: Some(None),
                ..Edit::default()
            },
            &ASKER,
        )
        .unwrap();
        assert_eq!(open.status, Status::Open);
    }

    #[test]
    fn a_claimed_ticket_needs_a_claimer() {
        let nobody = Asker {
            user: None,
            rights: Rights::Admin,
            helps: Vec::new(),
        };
        let mut open = ticket(Status::Open);
        assert!(
            apply(
                &mut open,
                Edit {
                    status: Some(Status::Claimed),
                    ..Edit::default()
                },
                &nobody
            )
            .is_err()
        );
    }
}
