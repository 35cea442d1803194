//! How Discord writes messages in JSON.

use serde_json::{Value, json};

use crate::clock::iso;
use crate::id::Id;

use super::World;
use super::json::{self, extend};
use super::message::{
    Attachment, Author, InteractionNote, Message, Reaction, Reference, flags, interaction_kind,
};

/// The type of the message that begins a thread which was started on a message.
pub(super) const STARTER: u8 = 21;

/// A message as `viewer` gets it by REST: without `guild_id` and `member`, which only the gateway adds.
pub(crate) fn message(world: &World, of: &Message, viewer: Id) -> Value {
    let mut value = bare(world, of, viewer);
    if !of.reactions.is_empty() {
        let list: Vec<Value> = of.reactions.iter().map(|r| reaction(r, viewer)).collect();
        extend(&mut value, json!({ "reactions": list }));
    }
    // A thread's first message refers to the one in its parent that it was started on.
    let started_on = of.reference.as_ref().filter(|_| of.kind == STARTER);
    let started_on = started_on.and_then(|r| Some((r.channel, r.message?)));
    if let Some((place, id)) = of.reply_to.map(|id| (of.channel_id, id)).or(started_on) {
        let target = world.channels.get(&place).and_then(|c| c.message(id));
        extend(
            &mut value,
            json!({ "referenced_message": target.map(|m| bare(world, m, viewer)) }),
        );
    }
    value
}

/// A message as the gateway sends it.
pub(crate) fn dispatched(world: &World, of: &Message) -> Value {
    let mut value = message(world, of, Id::default());
    if let Some(guild) = of.guild_id {
        extend(&mut value, json!({ "guild_id": guild }));
        let member = of.author_user().and_then(|user| world.member(guild, user).ok());
        if let Some(member) = member {
            extend(&mut value, json!({ "member": json::partial_member(member) }));
        }
    }
    value
}

fn bare(world: &World, of: &Message, viewer: Id) -> Value {
    let embeds: &[Value] = if of.flags & flags::SUPPRESS_EMBEDS == 0 {
        &of.embeds
    } else {
        &[]
    };
    let mentions: Vec<Value> = of
        .mentions
        .iter()
        .filter_map(|id| mention(world, of, *id))
        .collect();
    let mut value = json!({
        "id": of.id, "channel_id": of.channel_id, "author": author(world, &of.author), "type": of.kind,
        "content": of.content, "timestamp": iso(of.id.made_at()), "edited_timestamp": of.edited.map(iso),
        "tts": of.tts, "mention_everyone": of.mention_everyone, "mentions": mentions,
        "mention_roles": of.mention_roles,
        "attachments": of.attachments.iter().map(|a| attachment(world, of, a)).collect::<Vec<_>>(),
        "embeds": embeds, "pinned": of.pinned, "flags": of.flags, "components": of.components,
    });
    if let Some(nonce) = &of.nonce {
        extend(&mut value, json!({ "nonce": nonce }));
    }
    if let Some(webhook) = of.webhook_id {
        extend(&mut value, json!({ "webhook_id": webhook }));
    }
    if let Some(application) = of.application_id {
        extend(&mut value, json!({ "application_id": application }));
    }
    if let Some(reply) = of.reply_to {
        let mut reference = json!({ "type": 0, "channel_id": of.channel_id, "message_id": reply });
        if let Some(guild) = of.guild_id {
            extend(&mut reference, json!({ "guild_id": guild }));
        }
        extend(&mut value, json!({ "message_reference": reference }));
    }
    if let Some(note) = &of.interaction {
        extend(&mut value, interaction(world, of, note));
    }
    if let Some(thread) = of.thread_id.and_then(|id| world.channels.get(&id)) {
        extend(&mut value, json!({ "thread": json::channel(world, thread) }));
    }
    if let Some(poll) = &of.poll {
        extend(&mut value, json!({ "poll": poll.json(viewer) }));
    }
    if let Some(to) = &of.reference {
        extend(&mut value, reference(world, to));
    }
    if of.shows_files {
        for part in ["embeds", "components"] {
            if let Some(part) = value.get_mut(part) {
                world.sign_inside(part);
            }
        }
    }
    value
}

fn reference(world: &World, to: &Reference) -> Value {
    let mut about = json!({ "type": to.kind, "channel_id": to.channel });
    if let Some(guild) = to.guild {
        extend(&mut about, json!({ "guild_id": guild }));
    }
    if let Some(message) = to.message {
        extend(&mut about, json!({ "message_id": message }));
    }
    let mut value = json!({ "message_reference": about });
    if let Some(message) = &to.snapshot {
        extend(
            &mut value,
            json!({ "message_snapshots": [{ "message": snapshot(world, message) }] }),
        );
    }
    value
}

/// The parts of a message that a forward keeps: no author, no reactions.
fn snapshot(world: &World, of: &Message) -> Value {
    const KEPT: [&str; 10] = [
        "type",
        "content",
        "mentions",
        "mention_roles",
        "attachments",
        "embeds",
        "timestamp",
        "edited_timestamp",
        "flags",
        "components",
    ];
    let mut map = json::into_object(bare(world, of, Id::default()));
    map.retain(|key, _| KEPT.contains(&key.as_str()));
    Value::Object(map)
}

fn author(world: &World, of: &Author) -> Value {
    match of {
        Author::User(id) => world.users.get(id).map_or_else(|| deleted_user(*id), json::user),
        Author::Webhook { id, name, avatar } => json!({
            "id": id, "username": name, "avatar": avatar, "discriminator": "0000", "bot": true,
            "public_flags": 0, "flags": 0, "global_name": null, "primary_guild": null,
        }),
    }
}

fn deleted_user(id: Id) -> Value {
    json!({ "id": id, "username": "Deleted User", "avatar": null, "discriminator": "0000", "global_name": null,
        "public_flags": 0, "flags": 0, "primary_guild": null })
}

fn mention(world: &World, of: &Message, id: Id) -> Option<Value> {
    let mut value = json::user(world.users.get(&id)?);
    if let Some(member) = of.guild_id.and_then(|guild| world.member(guild, id).ok()) {
        extend(&mut value, json!({ "member": json::partial_member(member) }));
    }
    Some(value)
}

fn reaction(of: &Reaction, viewer: Id) -> Value {
    let count = of.users.len();
    json!({
        "emoji": { "id": of.emoji_id, "name": of.name }, "count": count,
        "count_details": { "burst": 0, "normal": count }, "burst_colors": [], "me_burst": false,
        "burst_me": false, "me": of.users.contains(&viewer), "burst_count": 0,
    })
}

/// A file of a message.
pub(super) fn attachment(world: &World, message: &Message, of: &Attachment) -> Value {
    let place = world.attachment_place(message.channel_id, of);
    let url = world.signed(&place).unwrap_or(place);
    let mut value = json!({
        "id": of.id, "filename": of.filename, "size": of.size, "url": url, "proxy_url": url,
        "content_type": of.content_type,
    });
    if let Some(description) = &of.description {
        extend(&mut value, json!({ "description": description }));
    }
    if let Some((width, height)) = of.dimensions {
        extend(&mut value, json!({ "width": width, "height": height }));
    }
    if message.is_ephemeral() {
        extend(&mut value, json!({ "ephemeral": true }));
    }
    value
}

/// `interaction_metadata` and the older `interaction`, which Discord still sends beside it.
fn interaction(world: &World, of: &Message, note: &InteractionNote) -> Value {
    let metadata = interaction_metadata(world, of, note);
    if note.kind == interaction_kind::COMMAND {
        let user = metadata.get("user").cloned();
        return json!({ "interaction_metadata": metadata,
            "interaction": { "id": note.id, "type": note.kind, "name": note.name, "user": user } });
    }
    json!({ "interaction_metadata": metadata })
}

fn interaction_metadata(world: &World, of: &Message, note: &InteractionNote) -> Value {
    let user = world
        .users
        .get(&note.user)
        .map_or_else(|| deleted_user(note.user), json::user);
    let mut owners = json!({});
    if let Some(guild) = of.guild_id {
        extend(&mut owners, json!({ "0": guild }));
    }
    let mut metadata = json!({
        "id": note.id, "type": note.kind, "user": user, "authorizing_integration_owners": owners,
    });
    if let Some(source) = note
        .source_message
        .filter(|_| note.kind == interaction_kind::COMPONENT)
    {
        extend(&mut metadata, json!({ "interacted_message_id": source }));
    }
    if let Some(original) = note.original {
        extend(&mut metadata, json!({ "original_response_message_id": original }));
    }
    if note.kind == interaction_kind::COMMAND {
        extend(&mut metadata, json!({ "name": note.name }));
    }
    if let Some(trigger) = &note.trigger {
        let trigger = interaction_metadata(world, of, trigger);
        extend(
            &mut metadata,
            json!({ "triggering_interaction_metadata": trigger }),
        );
    }
    metadata
}
