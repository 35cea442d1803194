//! What is heard: messages in ticket channels, channels that go, members that go or change their name.

use hazebot_core::{
    Outcome,
    ids::{ChannelId, GuildId, MessageId},
};
use hazebot_discord::{Heard, Listener};
use twilight_model::gateway::event::{Event, EventType};

use crate::{Tickets, index::Entry, live, sockets};

/// The listeners of this feature.
pub(crate) fn all(tickets: &Tickets) -> Vec<Listener> {
    let mut list = vec![messages(tickets), live::listener(tickets)];
    for kind in [
        EventType::MessageUpdate,
        EventType::MessageDelete,
        EventType::MessageDeleteBulk,
    ] {
        let (wants, run) = (tickets.clone(), tickets.clone());
        let filter = Listener::on(kind).when(move |event| changed(&wants, event).is_some());
        list.push(filter.run(move |heard| change(run.clone(), heard)));
    }
    let (wants, run) = (tickets.clone(), tickets.clone());
    let gone = Listener::on(EventType::ChannelDelete).when(
        move |event| matches!(event, Event::ChannelDelete(channel) if wants.index.of(channel.id).is_some()),
    );
    list.push(gone.run(move |heard| channel_gone(run.clone(), heard)));
    for kind in [
        EventType::MemberRemove,
        EventType::MemberUpdate,
        EventType::GuildCreate,
    ] {
        let run = tickets.clone();
        list.push(Listener::on(kind).run(move |heard| people(run.clone(), heard)));
    }
    list
}

fn messages(tickets: &Tickets) -> Listener {
    let (wants, run) = (tickets.clone(), tickets.clone());
    Listener::messages(move |message| wants.index.of(message.channel_id).is_some()).run(move |heard| {
        let tickets = run.clone();
        async move {
            let Some(message) = heard.message() else {
                return Ok(());
            };
            match entry(&tickets, message.channel_id, heard.guild) {
                Some(entry) => tickets.record_message(entry, message).await,
                None => Ok(()),
            }
        }
    })
}

/// The ticket of a channel, if the event is of its guild.
fn entry(tickets: &Tickets, channel: ChannelId, guild: Option<GuildId>) -> Option<Entry> {
    tickets
        .index
        .of(channel)
        .filter(|entry| Some(entry.guild) == guild)
}

/// The channel of an edit or deletion that concerns tickets.
fn changed(tickets: &Tickets, event: &Event) -> Option<Entry> {
    let channel = match event {
        Event::MessageUpdate(message) => message.channel_id,
        Event::MessageDelete(message) => message.channel_id,
        Event::MessageDeleteBulk(messages) => messages.channel_id,
        _ => return None,
    };
    tickets.index.of(channel)
}

async fn change(tickets: Tickets, heard: Heard) -> Outcome<()> {
    let Some(entry) = changed(&tickets, &heard.event).filter(|entry| Some(entry.guild) == heard.guild) else {
        return Ok(());
    };
    match heard.event.as_ref() {
        Event::MessageUpdate(message) => tickets.record_edit(entry, message).await,
        Event::MessageDelete(message) => tickets.record_deletion(entry, vec![message.id]).await,
        Event::MessageDeleteBulk(messages) => {
            let ids: Vec<MessageId> = messages.ids.clone();
            tickets.record_deletion(entry, ids).await
        }
        _ => Ok(()),
    }
}

async fn channel_gone(tickets: Tickets, heard: Heard) -> Outcome<()> {
    let (Event::ChannelDelete(channel), Some(guild)) = (heard.event.as_ref(), heard.guild) else {
        return Ok(());
    };
    tickets.channel_gone(guild, channel.id).await
}

async fn people(tickets: Tickets, heard: Heard) -> Outcome<()> {
    let Some(guild) = heard.guild else { return Ok(()) };
    match heard.event.as_ref() {
        Event::MemberRemove(member) => {
            tickets.lists.changed(guild);
            sockets::recheck(&tickets, guild, member.user.id);
            tickets.record_leaving(guild, member.user.id).await
        }
        Event::MemberUpdate(member) => {
            tickets.lists.changed(guild);
            sockets::recheck(&tickets, guild, member.user.id);
            Ok(())
        }
        Event::GuildCreate(_) => tickets.reconcile(guild).await,
        _ => Ok(()),
    }
}
