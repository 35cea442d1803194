//! The channels of a world file, with their overwrites and messages.

use crate::clock::Millis;
use crate::id::Id;
use crate::world::model::{Overwrite as Exception, OverwriteKind, kind};

use super::build::{Building, Place};
use super::names::Names;
use super::shape::{Channel, ChannelKind, Guild, Message, Overwrite};

/// Channels of a guild, as on Discord.
const MOST_CHANNELS: usize = 500;
/// Between two messages that have no time of their own.
const APART: Millis = 60_000;

/// Adds a guild's channels.
pub(super) fn add(it: &mut Building, of: &Guild, path: &str, place: &Place) {
    let count: usize = of.channels.iter().map(|c| 1 + c.channels.len()).sum();
    if count > MOST_CHANNELS {
        let message = format!("a guild has at most {MOST_CHANNELS} channels");
        it.mistakes.add(format!("{path}.channels"), message);
        return;
    }
    let mut names = Names::new("channel");
    for (channel, n) in of.channels.iter().zip(0..) {
        let path = format!("{path}.channels[{n}]");
        let id = one(it, channel, &path, place, None);
        names.add(&channel.name, id, &format!("{path}.name"), &mut it.mistakes);
        for (child, n) in channel.channels.iter().zip(0..) {
            let path = format!("{path}.channels[{n}]");
            if child.kind == ChannelKind::Category || !child.channels.is_empty() {
                it.mistakes.add(&path, "a category stands in no other");
            }
            let id = one(it, child, &path, place, Some(id));
            names.add(&child.name, id, &format!("{path}.name"), &mut it.mistakes);
        }
    }
    let mut find = |name: &Option<String>, key: &str| {
        let name = name.as_ref()?;
        names.find(name, &format!("{path}.{key}"), &mut it.mistakes)
    };
    let (system, rules) = (
        find(&of.system_channel, "system_channel"),
        find(&of.rules_channel, "rules_channel"),
    );
    if let Some(state) = it.world.guilds.get_mut(&place.guild) {
        state.system_channel = system;
        state.rules_channel = rules;
    }
}

fn one(it: &mut Building, of: &Channel, path: &str, place: &Place, parent: Option<Id>) -> Id {
    let number = match of.kind {
        ChannelKind::Text => kind::TEXT,
        ChannelKind::Voice => kind::VOICE,
        ChannelKind::Category => kind::CATEGORY,
        ChannelKind::News => kind::NEWS,
        ChannelKind::Stage => kind::STAGE,
        ChannelKind::Forum => kind::FORUM,
    };
    if of.kind != ChannelKind::Category && !of.channels.is_empty() {
        it.mistakes
            .add(format!("{path}.channels"), "only a category has channels in it");
    }
    let id = it.world.add_channel_of(place.guild, number, &of.name, parent);
    if let Some(channel) = it.world.channels.get_mut(&id) {
        channel.topic.clone_from(&of.topic);
        channel.slowmode = of.slowmode;
        channel.nsfw = of.nsfw;
        channel.user_limit = of.user_limit;
    }
    for (overwrite, n) in of.overwrites.iter().zip(0..) {
        if let Some(exception) = exception(it, overwrite, &format!("{path}.overwrites[{n}]"), place) {
            it.world.overwrite(id, exception);
        }
    }
    messages(it, of, path, place, id);
    id
}

fn exception(it: &mut Building, of: &Overwrite, path: &str, place: &Place) -> Option<Exception> {
    let (kind, id) = match (&of.role, &of.member) {
        (Some(role), None) => (
            OverwriteKind::Role,
            place.roles.find(role, &format!("{path}.role"), &mut it.mistakes),
        ),
        (None, Some(member)) => (
            OverwriteKind::Member,
            place
                .members
                .find(member, &format!("{path}.member"), &mut it.mistakes),
        ),
        _ => {
            it.mistakes
                .add(path, "an overwrite is for a role or for a member");
            return None;
        }
    };
    let allow = it.mistakes.permissions(&of.allow, &format!("{path}.allow"));
    let deny = it.mistakes.permissions(&of.deny, &format!("{path}.deny"));
    Some(Exception {
        id: id?,
        kind,
        allow,
        deny,
    })
}

fn messages(it: &mut Building, of: &Channel, path: &str, place: &Place, channel: Id) {
    if matches!(of.kind, ChannelKind::Category | ChannelKind::Forum) && !of.messages.is_empty() {
        it.mistakes
            .add(format!("{path}.messages"), "nobody can write here");
        return;
    }
    let count = i64::try_from(of.messages.len()).unwrap_or(0);
    let mut last = Millis::MIN;
    for (message, n) in of.messages.iter().zip(0_i64..) {
        let path = format!("{path}.messages[{n}]");
        let at = message
            .at
            .map_or(it.now - (count - n) * APART, |at| at.from(it.now));
        if at < last {
            it.mistakes
                .add(format!("{path}.at"), "this is before the message above it");
        }
        last = at;
        write(it, message, &path, place, channel, at);
    }
}

fn write(it: &mut Building, of: &Message, path: &str, place: &Place, channel: Id, at: Millis) {
    if of.text.trim().is_empty() {
        it.mistakes.add(format!("{path}.text"), "a message needs a text");
    }
    let author = place
        .members
        .find(&of.by, &format!("{path}.by"), &mut it.mistakes);
    if let Some(author) = author {
        // The channel was made just now.
        let _ = it.world.add_message(channel, author, &of.text, at);
    }
}
