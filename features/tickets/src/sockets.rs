//! Tickets on Socket.IO: joining a ticket's room, and what happens in it.

use std::{collections::HashSet, str::FromStr, sync::Arc};

use hazebot_core::{
    Actor, Outcome,
    events::{Event, EventId, PAGE},
    ids::{GuildId, UserId},
};
use hazebot_http::{STAFF_ROOM, SocketCx, Sockets};
use serde_json::{Value, json};

use crate::{TicketId, Tickets, cog::NAME, live};

/// The room of a ticket.
#[must_use]
pub fn room(ticket: TicketId) -> String {
    format!("ticket_{ticket}")
}

/// Lets apps join tickets, and tells rooms what happens from now on. Called once, by the program.
pub fn register_sockets(tickets: &Tickets, sockets: &Sockets) {
    let gate = tickets.bot.gates().of(NAME);
    let joined = tickets.clone();
    sockets.on_for_cog(NAME, gate.clone(), "join_ticket", move |cx, data| {
        let tickets = joined.clone();
        async move { join(&tickets, &cx, &data).await }
    });
    sockets.on_for_cog(
        NAME,
        gate,
        "leave_ticket",
        |cx, data| async move { leave(&cx, &data) },
    );
    live::register(tickets, sockets);
    tickets.set_sockets(sockets.clone());
    tokio::spawn(fan_out(tickets.clone(), sockets.clone()));
}

async fn join(tickets: &Tickets, cx: &SocketCx, data: &Value) {
    let Some(text) = ticket_id(data) else {
        return cx.error("ticket_id required");
    };
    let Ok(id) = TicketId::from_str(text) else {
        return cx.error("Ticket not found");
    };
    let (guild, room) = (tickets.home(), room(id));
    let actor = match who(cx, data, guild, id).await {
        Ok(Some(actor)) => actor,
        Ok(None) => return cx.error("Insufficient permissions"),
        Err(failure) => return fail(cx, &failure),
    };
    if let Err(failure) = tickets.get(guild, &actor, id).await {
        return match failure.refusal() {
            Some(refusal) => cx.error(&refusal.sentence),
            None => fail(cx, &failure),
        };
    }
    // In the room before the history is read, so that nothing falls between; the app drops what it has already.
    if let Err(refused) = cx.join(&room, actor.user()) {
        return cx.error(&refused.to_string());
    }
    match tickets.wire_history(guild, &actor, id).await {
        Ok(messages) => cx.emit(
            "message_history",
            &json!({ "ticket_id": text, "messages": messages }),
        ),
        Err(failure) => {
            cx.leave(&room);
            return fail(cx, &failure);
        }
    }
    cx.emit("joined_ticket", &json!({ "ticket_id": text, "room": room }));
    if let Some(since) = data.get("since").and_then(Value::as_i64) {
        catch_up(tickets, cx, guild, id, EventId(since)).await;
    }
}

/// What happened while the client was away, in order; it knows the number of the last event that it has seen.
async fn catch_up(tickets: &Tickets, cx: &SocketCx, guild: GuildId, id: TicketId, since: EventId) {
    match tickets
        .store()
        .events()
        .about(guild, &id.to_string(), since, PAGE)
        .await
    {
        Ok(events) => {
            let missed = events.iter().filter_map(update);
            missed.for_each(|update| cx.emit("ticket_update", &update.payload));
        }
        Err(failure) => fail(cx, &failure),
    }
}

/// Who joins, as far as it is proven.
async fn who(cx: &SocketCx, data: &Value, guild: GuildId, id: TicketId) -> Outcome<Option<Actor>> {
    if let Some(caller) = cx.caller() {
        return Ok(Some(caller.actor()));
    }
    let user = cx.proven_member(data, &id.to_string()).await?;
    // The name is only for texts that somebody writes; joining writes none.
    Ok(user.map(|user| Actor::Member {
        guild,
        user,
        name: String::new(),
    }))
}

fn fail(cx: &SocketCx, failure: &hazebot_core::Failure) {
    tracing::error!(target: "api", error = %failure, "a ticket's room could not be joined");
    cx.error("Internal server error");
}

fn leave(cx: &SocketCx, data: &Value) {
    let Some(text) = ticket_id(data) else { return };
    let room = format!("ticket_{text}");
    cx.leave(&room);
    cx.emit("left_ticket", &json!({ "ticket_id": text, "room": room }));
}

fn ticket_id(data: &Value) -> Option<&str> {
    data.get("ticket_id")
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|id| !id.is_empty() && id.len() <= 64)
}

/// Sends each event of a ticket into its room, and a short note to all staff.
async fn fan_out(tickets: Tickets, sockets: Sockets) {
    let mut feed = tickets.store().events().subscribe();
    loop {
        let event: Arc<Event> = feed.next().await;
        if event.kind == "settings.changed" && event.guild == Some(tickets.home()) {
            recheck_viewers(&tickets, &sockets);
        }
        if let Some(note) = staff_only(&event) {
            sockets.emit(STAFF_ROOM, "tickets_changed", &note).await;
        }
        let Some(update) = update(&event) else { continue };
        if let Some(guild) = event.guild {
            tickets.lists.changed(guild);
        }
        let room = format!("ticket_{}", update.ticket);
        sockets.emit(&room, "ticket_update", &update.payload).await;
        let note = json!({ "ticket_id": update.ticket, "event_type": update.kind });
        sockets.emit(STAFF_ROOM, "tickets_changed", &note).await;
    }
}

/// What only staff hear of, without its content: a ticket's room has its creator in it.
fn staff_only(event: &Event) -> Option<Value> {
    let kind = match event.kind.as_str() {
        "ticket.note_added" => "note_added",
        "ticket.note_deleted" => "note_deleted",
        "ticket.rated" => "ticket_rated",
        _ => return None,
    };
    Some(json!({ "ticket_id": event.subject.as_deref()?, "event_type": kind }))
}

struct Update<'a> {
    ticket: &'a str,
    kind: &'static str,
    payload: Value,
}

/// An event as the sockets see it; `None` for one that is not about a ticket.
fn update(event: &Event) -> Option<Update<'_>> {
    let field = |name: &str| event.payload.get(name).cloned().unwrap_or(Value::Null);
    let (kind, data) = match event.kind.as_str() {
        "ticket.opened" => ("ticket_created", json!({ "ticket_num": field("ticket_num") })),
        "ticket.claimed" => ("ticket_claimed", json!({ "claimed_by": field("claimed_by") })),
        "ticket.assigned" => ("ticket_assigned", json!({ "assigned_to": field("assigned_to") })),
        "ticket.closed" => (
            "ticket_closed",
            json!({ "close_message": field("close_message") }),
        ),
        "ticket.reopened" => ("ticket_reopened", json!({})),
        "ticket.updated" => ("ticket_updated", event.payload.clone()),
        "ticket.deleted" => ("ticket_deleted", json!({ "ticket_num": field("ticket_num") })),
        "ticket.message_added" => ("new_message", field("message")),
        "ticket.message_edited" => ("message_edited", field("message")),
        "ticket.file_changed" => ("file_changed", event.payload.clone()),
        "ticket.message_deleted" => ("message_deleted", json!({ "id": field("id") })),
        _ => return None,
    };
    let ticket = event.subject.as_deref()?;
    let timestamp = hazebot_core::clock::rfc3339(event.at);
    let payload = json!({
        "ticket_id": ticket, "event_type": kind, "data": data, "timestamp": timestamp, "event_id": event.id.0,
    });
    Some(Update {
        ticket,
        kind,
        payload,
    })
}

/// The staff roles may be others now: looks at everybody who is in a room.
fn recheck_viewers(tickets: &Tickets, sockets: &Sockets) {
    let rooms = tickets
        .index
        .tickets(tickets.home())
        .into_iter()
        .map(room)
        .chain([STAFF_ROOM.to_owned()]);
    let viewers: HashSet<UserId> = rooms.flat_map(|room| sockets.viewers(&room)).collect();
    viewers
        .into_iter()
        .for_each(|user| recheck(tickets, tickets.home(), user));
}

/// Takes a member whose roles have changed, or who has left, out of the rooms that they may not see any more.
pub(crate) fn recheck(tickets: &Tickets, guild: GuildId, user: UserId) {
    let Some(sockets) = tickets.sockets().filter(|_| guild == tickets.home()) else {
        return;
    };
    let rights = tickets.bot.rights(guild, user);
    if rights.is_staff() {
        return;
    }
    let own: Vec<String> = match rights.is_member() {
        true => {
            let opened = tickets.index.tickets_of(guild, user).into_iter();
            let shared = tickets.index.shared_with(user).into_iter();
            opened.map(|(_, id)| id).chain(shared).map(room).collect()
        }
        false => Vec::new(),
    };
    sockets.evict(user, |room| {
        room == STAFF_ROOM || (room.starts_with("ticket_") && own.iter().all(|own| own != room))
    });
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;

    use super::*;

    fn event(kind: &str, payload: Value) -> Event {
        Event {
            id: EventId(1),
            at: from_millis(0),
            guild: Some(GuildId::new(1)),
            kind: kind.to_owned(),
            subject: Some("11111111-1111-4111-8111-111111111111".to_owned()),
            actor: Actor::System,
            payload,
        }
    }

    #[test]
    fn a_claim_reaches_the_room_with_the_id_as_a_string() {
        let event = event("ticket.claimed", json!({ "claimed_by": "302", "reward": {} }));
        let expected = json!({
            "ticket_id": "11111111-1111-4111-8111-111111111111", "event_type": "ticket_claimed",
            "data": { "claimed_by": "302" }, "timestamp": "1970-01-01T00:00:00.000+00:00", "event_id": 1
        });
        assert_eq!(update(&event).unwrap().payload, expected);
    }

    #[test]
    fn the_data_of_each_event_is_an_object() {
        for kind in [
            "opened",
            "claimed",
            "assigned",
            "closed",
            "reopened",
            "deleted",
            "message_deleted",
        ] {
            let event = event(&format!("ticket.{kind}"), json!({}));
            assert!(
                update(&event).unwrap().payload.get("data").unwrap().is_object(),
                "{kind}"
            );
        }
        assert!(update(&event("settings.changed", json!({}))).is_none());
    }

    #[test]
    fn a_note_never_goes_into_a_tickets_room() {
        for kind in ["ticket.note_added", "ticket.note_deleted"] {
            let event = event(kind, json!({ "note_id": 1, "text": "secret" }));
            assert!(update(&event).is_none());
            let told = staff_only(&event).unwrap();
            assert!(!told.to_string().contains("secret"), "{told}");
        }
    }
}
