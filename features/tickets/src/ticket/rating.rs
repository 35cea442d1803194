//! What creators think of a closed ticket: who may say it, and until when. Pure.

use chrono::Duration;
use hazebot_core::{Refusal, Timestamp, ids::UserId};

use super::{Status, Ticket};

/// Longest comment, in code points: what the field of an embed holds.
pub const MAX_COMMENT: usize = 1000;
/// So long after the first choice a rating may be changed.
pub const CHANGE_WINDOW: Duration = Duration::days(7);

/// A rating as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The number of reopenings that it was given after.
    pub round: i64,
    /// 1–5.
    pub stars: i64,
    /// What else was said.
    pub comment: Option<String>,
    /// When the stars of this round were first chosen.
    pub rated_at: Timestamp,
}

/// Whether this person may rate the ticket, or change their rating, now.
///
/// # Errors
/// Not their ticket, not closed, or rated for good.
pub fn may_rate(
    ticket: &Ticket,
    user: Option<UserId>,
    before: Option<&Rating>,
    now: Timestamp,
) -> Result<(), Refusal> {
    if user != Some(ticket.creator) {
        return Err(Refusal::forbidden(
            "ticket-rate-not-yours",
            "Only the creator of a ticket can rate it",
        ));
    }
    let closed = matches!(ticket.status, Status::Closed | Status::Deleting | Status::Deleted);
    if !closed {
        return Err(Refusal::invalid(
            "ticket-rate-open",
            "Only closed tickets can be rated",
        ));
    }
    let same_round = before.filter(|before| before.round == ticket.reopen_count);
    if same_round.is_some_and(|before| now - before.rated_at > CHANGE_WINDOW) {
        return Err(Refusal::invalid(
            "ticket-rate-final",
            "This rating cannot be changed any more",
        ));
    }
    Ok(())
}

/// The stars of a button.
///
/// # Errors
/// Not 1–5.
pub fn stars(word: &str) -> Result<i64, Refusal> {
    word.parse()
        .ok()
        .filter(|stars| (1..=5).contains(stars))
        .ok_or_else(super::unknown)
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;

    use super::*;
    use crate::ticket::tests::{CREATOR, MODERATOR, ticket};

    const DAY: i64 = 24 * 3_600_000;

    #[test]
    fn the_creator_alone_rates_a_closed_ticket_and_changes_it_within_a_week() {
        let closed = ticket(Status::Closed);
        let rated = Rating {
            round: 0,
            stars: 3,
            comment: None,
            rated_at: from_millis(0),
        };
        let on = |day: i64| from_millis(day * DAY);
        assert!(may_rate(&closed, Some(CREATOR), None, on(100)).is_ok());
        assert!(may_rate(&closed, Some(CREATOR), Some(&rated), on(7)).is_ok());
        assert!(may_rate(&closed, Some(CREATOR), Some(&rated), on(8)).is_err());
        let mut again = closed.clone();
        again.reopen_count = 1;
        assert!(may_rate(&again, Some(CREATOR), Some(&rated), on(8)).is_ok());
        for who in [Some(MODERATOR), None] {
            assert!(may_rate(&closed, who, None, on(1)).is_err());
        }
        for status in [Status::Open, Status::Claimed, Status::Opening] {
            assert!(may_rate(&ticket(status), Some(CREATOR), None, on(1)).is_err());
        }
        assert!(may_rate(&ticket(Status::Deleted), Some(CREATOR), None, on(1)).is_ok());
    }

    #[test]
    fn stars_are_one_to_five() {
        assert!(["1", "5"].iter().all(|word| stars(word).is_ok()));
        assert!(["0", "6", "-1", "x", ""].iter().all(|word| stars(word).is_err()));
    }
}
