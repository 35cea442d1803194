//! When a quiet ticket is warned and closed, and when staff are told that nobody has answered. Pure.

use chrono::Duration;
use hazebot_core::Timestamp;

use super::{
    TicketId,
    work::{CloseRequest, LastWord},
};

/// A live ticket as the watch sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The ticket.
    pub id: TicketId,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Whether staff have ever answered.
    pub answered: bool,
    /// Whether staff were told that nobody had.
    pub escalated: bool,
    /// Whether, and since when, it is to be closed.
    pub request: Option<CloseRequest>,
    /// The last message of any kind.
    pub last_at: Timestamp,
    /// The last message of a person after the opening.
    pub last_word: Option<LastWord>,
}

/// What a guild wants of the watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Quiet for so long, a ticket is warned; `None` never.
    pub warn_after: Option<Duration>,
    /// A ticket whose creator waits for staff is not warned.
    pub waits_for_staff: bool,
    /// Unanswered for so long, staff are told; `None` never.
    pub escalate_after: Option<Duration>,
}

/// What is to be done with a ticket now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Tell staff that nobody has answered.
    Escalate,
    /// Say that it will be closed.
    Warn,
    /// Somebody has written: it is not closed any more.
    LetGo(CloseRequest),
}

impl Rules {
    /// Whether there is anything to watch for.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.warn_after.is_none() && self.escalate_after.is_none()
    }

    /// What is due for a ticket.
    #[must_use]
    pub fn due(&self, seen: &Watched, now: Timestamp) -> Option<Due> {
        if let Some(request) = seen.request {
            return request.is_answered(seen.last_word).then_some(Due::LetGo(request));
        }
        let waited =
            |since: Timestamp, limit: Option<Duration>| limit.is_some_and(|limit| now - since >= limit);
        if !seen.answered && !seen.escalated && waited(seen.created_at, self.escalate_after) {
            return Some(Due::Escalate);
        }
        let held = self.waits_for_staff && !seen.last_word.is_some_and(|last| last.by_staff);
        (!held && waited(seen.last_at, self.warn_after)).then_some(Due::Warn)
    }
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn seen(last: Option<(i64, bool)>) -> Watched {
        Watched {
            id: "11111111-1111-4111-8111-111111111111".parse().unwrap(),
            created_at: from_millis(0),
            answered: last.is_some_and(|(_, by_staff)| by_staff),
            escalated: false,
            request: None,
            last_at: from_millis(last.map_or(0, |(hour, _)| hour * HOUR)),
            last_word: last.map(|(hour, by_staff)| LastWord {
                at: from_millis(hour * HOUR),
                by_staff,
            }),
        }
    }

    fn rules(warn: Option<i64>, escalate: Option<i64>) -> Rules {
        Rules {
            warn_after: warn.map(Duration::hours),
            waits_for_staff: true,
            escalate_after: escalate.map(Duration::hours),
        }
    }

    #[test]
    fn a_quiet_ticket_is_warned_unless_its_creator_waits_for_staff() {
        let rules = rules(Some(48), None);
        let at = |hour| from_millis(hour * HOUR);
        let staff_spoke = seen(Some((10, true)));
        assert_eq!(rules.due(&staff_spoke, at(57)), None);
        assert_eq!(rules.due(&staff_spoke, at(58)), Some(Due::Warn));
        assert_eq!(rules.due(&seen(Some((10, false))), at(500)), None);
        assert_eq!(rules.due(&seen(None), at(500)), None);
        let eager = Rules {
            waits_for_staff: false,
            ..rules
        };
        assert_eq!(eager.due(&seen(None), at(48)), Some(Due::Warn));
    }

    #[test]
    fn a_warned_ticket_is_let_go_by_the_first_word() {
        let rules = rules(Some(48), None);
        let request = CloseRequest {
            by: None,
            asked_at: from_millis(60 * HOUR),
            due: from_millis(80 * HOUR),
        };
        let quiet = Watched {
            request: Some(request),
            ..seen(Some((10, true)))
        };
        assert_eq!(rules.due(&quiet, from_millis(500 * HOUR)), None);
        let heard = Watched {
            request: Some(request),
            ..seen(Some((61, false)))
        };
        assert_eq!(
            rules.due(&heard, from_millis(61 * HOUR)),
            Some(Due::LetGo(request))
        );
    }

    #[test]
    fn nobody_is_told_twice_or_of_an_answered_ticket() {
        let rules = rules(None, Some(1));
        let now = from_millis(HOUR);
        assert_eq!(rules.due(&seen(None), from_millis(HOUR - 1)), None);
        assert_eq!(rules.due(&seen(Some((0, false))), now), Some(Due::Escalate));
        assert_eq!(rules.due(&seen(Some((0, true))), now), None);
        let told = Watched {
            escalated: true,
            ..seen(None)
        };
        assert_eq!(rules.due(&told, now), None);
    }
}
