//! The table of who may do what in which state.

use hazebot_core::clock::from_millis;
use twilight_model::id::Id;

use super::*;

pub(crate) const CREATOR: UserId = Id::new(303);
pub(crate) const MODERATOR: UserId = Id::new(302);

pub(crate) fn ticket(status: Status) -> Ticket {
    Ticket {
        id: "11111111-1111-4111-8111-111111111111".parse().unwrap(),
        guild: Id::new(1),
        number: 7,
        creator: CREATOR,
        creator_name: "finn_reed".into(),
        channel: Some(Id::new(261)),
        kind: "Support".into(),
        status,
        claimed_by: (status == Status::Claimed).then_some(MODERATOR),
        assigned_to: None,
        subject: "Lamp".into(),
        initial_message: draft::initial_message("Lamp", "The lamp is broken"),
        control_message: None,
        reopen_count: 0,
        created_at: from_millis(0),
        closed_at: None,
        closed_by: None,
        close_message: None,
        delete_after: None,
        priority: Priority::Normal,
        tags: Vec::new(),
        participants: Vec::new(),
        close_request: None,
        escalated_at: None,
    }
}

const OUTSIDER: Asker = Asker {
    user: Some(Id::new(9)),
    rights: Rights::Member,
    helps: Vec::new(),
};
const OWNER: Asker = Asker {
    user: Some(CREATOR),
    rights: Rights::Member,
    helps: Vec::new(),
};
const GONE: Asker = Asker {
    user: Some(CREATOR),
    rights: Rights::None,
    helps: Vec::new(),
};
const MOD: Asker = Asker {
    user: Some(MODERATOR),
    rights: Rights::Moderator,
    helps: Vec::new(),
};
const ADMIN: Asker = Asker {
    user: Some(Id::new(301)),
    rights: Rights::Admin,
    helps: Vec::new(),
};

/// N-T2: what staff put on a ticket, and who may be in it besides its creator.
#[test]
fn people_who_were_added_read_and_write_and_do_nothing_else() {
    let added = Asker {
        user: Some(Id::new(77)),
        rights: Rights::Member,
        helps: Vec::new(),
    };
    let mut shared = ticket(Status::Open);
    shared.participants.push(UserId::new(77));
    let may = |asker: &Asker, deed| super::may(&shared, asker, deed, Policy::default()).is_ok();
    for deed in [Deed::Read, Deed::Reply] {
        assert!(may(&added, deed) && !may(&OUTSIDER, deed), "{deed:?}");
    }
    for deed in [
        Deed::Close,
        Deed::Reopen,
        Deed::Annotate,
        Deed::Invite,
        Deed::KeepOpen,
    ] {
        assert!(!may(&added, deed), "{deed:?}");
    }
    let strict = Policy {
        require_claim: true,
        ..Policy::default()
    };
    assert!(
        super::may(&shared, &added, Deed::Reply, strict).is_ok(),
        "claiming is for staff"
    );
    let left = Asker {
        rights: Rights::None,
        ..added
    };
    assert!(!may(&left, Deed::Read));
    for deed in [
        Deed::Annotate,
        Deed::Invite,
        Deed::Transfer,
        Deed::AskToClose,
        Deed::Expire,
    ] {
        assert!(may(&MOD, deed) && !may(&OWNER, deed), "{deed:?}");
    }
}

fn sentence(status: Status, asker: &Asker, deed: Deed) -> String {
    may(&ticket(status), asker, deed, Policy::default())
        .map_or_else(|refusal| refusal.sentence.into_owned(), |()| "yes".into())
}

#[test]
fn each_deed_is_open_to_those_whom_the_table_names() {
    use Deed::*;
    use Status::*;
    let no = "Insufficient permissions";
    let table = [
        (Open, OUTSIDER, Read, no),
        (Open, OWNER, Read, "yes"),
        (Open, MOD, Read, "yes"),
        (Open, GONE, Read, no),
        (Open, OUTSIDER, Reply, "You can only message your own tickets"),
        (Open, OWNER, Reply, "yes"),
        (Closed, OWNER, Reply, "Ticket is closed"),
        (Closed, MOD, Reply, "yes"),
        (Open, OWNER, Claim, no),
        (Open, MOD, Claim, "yes"),
        (Claimed, ADMIN, Claim, "Ticket already claimed"),
        (Closed, MOD, Claim, "Cannot claim a closed ticket"),
        (Claimed, MOD, Unclaim, "yes"),
        (Open, MOD, Unclaim, "Ticket is not claimed"),
        (Open, OWNER, Assign, no),
        (Claimed, ADMIN, Assign, "yes"),
        (Open, MOD, Assign, "yes"),
        (Closed, ADMIN, Assign, "Cannot assign a closed ticket"),
        (
            Open,
            OUTSIDER,
            Close,
            "Insufficient permissions to close this ticket",
        ),
        (Claimed, OWNER, Close, "yes"),
        (Closed, OWNER, Close, "Ticket is already closed"),
        (Open, OUTSIDER, Reopen, "Ticket is not closed"),
        (
            Closed,
            OUTSIDER,
            Reopen,
            "Insufficient permissions to reopen this ticket",
        ),
        (Closed, OWNER, Reopen, "yes"),
        (Open, OWNER, Edit, no),
        (Closed, MOD, Edit, "yes"),
        (Open, OWNER, Delete, no),
        (Closed, MOD, Delete, "yes"),
    ];
    for (status, asker, deed, expected) in table {
        assert_eq!(
            sentence(status, &asker, deed),
            expected,
            "{status:?} {asker:?} {deed:?}"
        );
    }
}

#[test]
fn a_ticket_that_is_being_made_or_gone_is_unknown_even_to_admins() {
    for status in [
        Status::Opening,
        Status::Undoing,
        Status::Deleting,
        Status::Deleted,
    ] {
        let refusal = may(&ticket(status), &ADMIN, Deed::Read, Policy::default()).unwrap_err();
        assert_eq!(
            (refusal.kind, refusal.sentence.as_ref()),
            (RefusalKind::NotFound, "Ticket not found")
        );
    }
}

#[test]
fn the_fourth_reopening_is_refused() {
    let mut closed = ticket(Status::Closed);
    closed.reopen_count = MAX_REOPENS;
    let refusal = may(&closed, &ADMIN, Deed::Reopen, Policy::default()).unwrap_err();
    assert_eq!(
        refusal.sentence,
        "This ticket cannot be reopened more than 3 times"
    );
}

#[test]
fn a_guild_can_keep_assigning_and_deleting_to_admins_and_ask_for_a_claim_first() {
    let strict = Policy {
        require_claim: true,
        moderators_assign: false,
        moderators_delete: false,
    };
    let open = ticket(Status::Open);
    assert!(
        may(&open, &MOD, Deed::Assign, strict).is_err() && may(&open, &ADMIN, Deed::Assign, strict).is_ok()
    );
    assert!(
        may(&open, &MOD, Deed::Delete, strict).is_err() && may(&open, &ADMIN, Deed::Delete, strict).is_ok()
    );
    assert!(
        may(&open, &MOD, Deed::Close, strict).is_err() && may(&open, &OWNER, Deed::Close, strict).is_ok()
    );
    assert!(may(&ticket(Status::Claimed), &MOD, Deed::Close, strict).is_ok());
}

#[test]
fn the_second_claimer_is_told_the_id_of_the_first() {
    let refusal = may(&ticket(Status::Claimed), &ADMIN, Deed::Claim, Policy::default()).unwrap_err();
    assert_eq!(refusal.args, [("claimer", "302".to_owned())]);
}

#[test]
fn states_survive_the_database_and_only_three_have_a_word_outside() {
    for status in [
        "opening", "undoing", "open", "claimed", "closed", "deleting", "deleted",
    ] {
        assert_eq!(Status::from_db(status).unwrap().as_str(), status);
    }
    assert_eq!(Status::from_wire("CLOSED"), Some(Status::Closed));
    assert_eq!(Status::from_wire("deleted"), None);
}

#[test]
fn nonces_differ_by_step_and_round_and_fit() {
    let mut ticket = ticket(Status::Closed);
    let first = ticket.nonce("shut");
    assert!(first.len() <= 25);
    assert_ne!(first, ticket.nonce("dm"));
    ticket.reopen_count = 1;
    assert_ne!(first, ticket.nonce("shut"));
}

#[test]
fn who_helps_with_a_type_is_staff_for_its_tickets_only() {
    let open = ticket(Status::Open);
    let helper = |kind: &str| Asker {
        helps: vec![kind.to_owned()],
        ..OUTSIDER
    };
    let policy = Policy {
        moderators_delete: false,
        ..Policy::default()
    };
    for deed in [Deed::Read, Deed::Claim, Deed::Close, Deed::Assign] {
        assert!(may(&open, &helper(&open.kind), deed, policy).is_ok(), "{deed:?}");
        assert!(may(&open, &helper("Other"), deed, policy).is_err(), "{deed:?}");
    }
    assert!(may(&open, &helper(&open.kind), Deed::Delete, policy).is_err());
}
