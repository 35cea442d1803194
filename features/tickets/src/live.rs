//! What is true of a ticket only while people look at it: who is there, and who writes. Nothing of it is stored.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use hazebot_core::{
    Outcome, Timestamp,
    ids::{GuildId, UserId},
};
use hazebot_discord::{Heard, Listener};
use hazebot_http::{SocketCx, Sockets};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use twilight_model::gateway::event::{Event, EventType};

use crate::{TicketId, Tickets, sockets::room, ticket::message::StaffRole};

/// Discord shows "is typing" for ten seconds; asked for again this often while somebody goes on writing in the panel.
const TYPING_IN_DISCORD: chrono::Duration = chrono::Duration::seconds(8);
/// One person's typing is told to the others this often at most.
const TYPING_TOLD: chrono::Duration = chrono::Duration::seconds(2);
/// People whose last typing is remembered; more in ten seconds are told once too often.
const MAX_REMEMBERED: usize = 1_024;
/// Joins and leaves of this time are told as one: a burst after a restart is one list, not fifty.
const TOGETHER: Duration = Duration::from_millis(100);

/// When somebody's typing was last told, and when it was last shown in Discord.
#[derive(Debug, Default)]
pub(crate) struct Typing {
    told: Mutex<HashMap<(TicketId, UserId), Timestamp>>,
    shown: Mutex<HashMap<TicketId, Timestamp>>,
}

fn due<K: std::hash::Hash + Eq>(
    times: &Mutex<HashMap<K, Timestamp>>,
    key: K,
    now: Timestamp,
    pause: chrono::Duration,
) -> bool {
    let mut times = times.lock();
    if times.get(&key).is_some_and(|last| now - *last < pause) {
        return false;
    }
    if times.len() >= MAX_REMEMBERED {
        times.retain(|_, last| now - *last < pause);
    }
    if times.len() < MAX_REMEMBERED {
        times.insert(key, now);
    }
    true
}

/// Answers `typing`, and tells rooms who is in them. Called once, with the sockets.
pub(crate) fn register(tickets: &Tickets, sockets: &Sockets) {
    let gate = tickets.bot.gates().of(crate::cog::NAME);
    let typing = tickets.clone();
    sockets.on_for_cog(crate::cog::NAME, gate, "typing", move |cx, data| {
        let tickets = typing.clone();
        async move { typed(&tickets, &cx, &data).await }
    });
    tokio::spawn(tell_presence(tickets.clone(), sockets.clone()));
}

/// Somebody writes in the app or the panel. Who is not in the ticket's room under a proven name is not heard.
async fn typed(tickets: &Tickets, cx: &SocketCx, data: &Value) {
    let id = data.get("ticket_id").and_then(Value::as_str);
    let Some(id) = id.and_then(|id| id.parse::<TicketId>().ok()) else {
        return cx.error("ticket_id required");
    };
    let Some(user) = cx.viewer_in(&room(id)) else {
        return;
    };
    let (guild, now) = (tickets.home(), tickets.now());
    if !due(&tickets.typing.told, (id, user), now, TYPING_TOLD) {
        return;
    }
    cx.emit_to_others(&room(id), "ticket_typing", &person_of(tickets, guild, id, user))
        .await;
    let Some(channel) = tickets.index.channel_of(id) else {
        return;
    };
    if due(&tickets.typing.shown, id, now, TYPING_IN_DISCORD)
        && let Err(error) = tickets.discord().type_in(channel).await
    {
        tracing::debug!(ticket = %id, %error, "Discord does not show that somebody types");
    }
}

/// Hears who types in a ticket's channel.
pub(crate) fn listener(tickets: &Tickets) -> Listener {
    let (wants, run) = (tickets.clone(), tickets.clone());
    let in_ticket = Listener::on(EventType::TypingStart).when(
        move |event| matches!(event, Event::TypingStart(typing) if wants.index.of(typing.channel_id).is_some()),
    );
    in_ticket.run(move |heard| typed_in_discord(run.clone(), heard))
}

async fn typed_in_discord(tickets: Tickets, heard: Heard) -> Outcome<()> {
    let Event::TypingStart(typing) = heard.event.as_ref() else {
        return Ok(());
    };
    let entry = tickets
        .index
        .of(typing.channel_id)
        .filter(|entry| Some(entry.guild) == heard.guild);
    let me = tickets.directory().me();
    if let (Some(entry), Some(sockets)) = (entry, tickets.sockets())
        && me != Some(typing.user_id)
    {
        let told = person_of(&tickets, entry.guild, entry.ticket, typing.user_id);
        sockets.emit(&room(entry.ticket), "ticket_typing", &told).await;
    }
    Ok(())
}

fn person_of(tickets: &Tickets, guild: GuildId, ticket: TicketId, user: UserId) -> Value {
    let mut told = person(tickets, guild, user);
    if let Value::Object(fields) = &mut told {
        fields.insert("ticket_id".to_owned(), ticket.to_string().into());
    }
    told
}

fn person(tickets: &Tickets, guild: GuildId, user: UserId) -> Value {
    let member = tickets.directory().member(guild, user);
    json!({
        "user_id": user.to_string(),
        "name": tickets.name_of(guild, user),
        "avatar": member.map(|member| member.display_avatar),
        "role": StaffRole::of(tickets.bot.rights(guild, user)),
    })
}

/// Tells each ticket's room who is there, whenever somebody comes or goes.
async fn tell_presence(tickets: Tickets, sockets: Sockets) {
    let mut moves = sockets.moves();
    let mut rooms: BTreeMap<String, ()> = BTreeMap::new();
    loop {
        let moved = match rooms.is_empty() {
            true => Some(moves.recv().await),
            false => tokio::time::timeout(TOGETHER, moves.recv()).await.ok(),
        };
        match moved {
            Some(Ok(room)) => {
                if room.starts_with("ticket_") {
                    rooms.insert(room, ());
                }
            }
            // What was missed is told at the next move in that room.
            Some(Err(RecvError::Lagged(_))) => {}
            Some(Err(RecvError::Closed)) => return,
            None => {
                for (room, ()) in std::mem::take(&mut rooms) {
                    let mut there: Vec<UserId> = sockets.viewers(&room).into_iter().collect();
                    there.sort_unstable();
                    let guild = tickets.home();
                    let people: Vec<Value> = there
                        .into_iter()
                        .map(|user| person(&tickets, guild, user))
                        .collect();
                    let id = room.trim_start_matches("ticket_");
                    let told = json!({ "ticket_id": id, "viewers": people });
                    sockets.emit(&room, "ticket_viewers", &told).await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;

    use super::*;

    #[test]
    fn typing_is_told_once_in_a_while_and_remembers_a_bounded_number() {
        let (times, pause) = (Mutex::new(HashMap::new()), chrono::Duration::seconds(2));
        assert!(due(&times, 1, from_millis(0), pause));
        assert!(!due(&times, 1, from_millis(1_999), pause));
        assert!(due(&times, 1, from_millis(2_000), pause));
        for person in 0..3_000 {
            assert!(due(&times, person + 10, from_millis(3_000), pause));
        }
        assert!(times.lock().len() <= MAX_REMEMBERED);
    }
}
