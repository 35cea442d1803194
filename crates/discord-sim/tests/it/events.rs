//! Every event that the simulator sends must be read by twilight's strict models.

use std::time::Duration;

use discord_sim::{Community, Id, Scenario, Sim, SimOptions};
use twilight_gateway::{EventType, Intents};
use twilight_http::request::AuditLogReason as _;
use twilight_http::request::channel::reaction::RequestReactionType;
use twilight_model::channel::ChannelType;

use twilight_model::guild::Permissions;
use twilight_model::http::permission_overwrite::{PermissionOverwrite, PermissionOverwriteType};
use twilight_model::id::Id as TwilightId;

use crate::bot::Bot;

fn t<T>(id: Id) -> TwilightId<T> {
    TwilightId::new(id.get())
}

async fn start() -> (Sim, Community, Bot) {
    let (world, c) = Scenario::community(7).unwrap();
    let options = SimOptions {
        rate_limits: false,
        ..SimOptions::default()
    };
    let sim = Sim::start(discord_document::checked(options), world)
        .await
        .unwrap();
    let bot = Bot::start(&sim, &c, Intents::all()).await;
    (sim, c, bot)
}

/// Waits for events of these types, in any order; a frame that cannot be read fails.
async fn expect(bot: &mut Bot, kinds: &[EventType]) {
    let mut missing: Vec<EventType> = kinds.to_vec();
    while !missing.is_empty() {
        let waited_for = format!("{missing:?}");
        let kind = bot.next_of(&waited_for, |e| Some(e.kind())).await;
        missing.retain(|k| *k != kind);
    }
}

#[tokio::test]
async fn what_people_do_is_understood() {
    let (sim, c, mut bot) = start().await;
    expect(&mut bot, &[EventType::Ready, EventType::GuildCreate]).await;
    let finn = sim.as_user(c.finn);
    let general = c.channels.general;
    let first = finn
        .says(general, &format!("Hello <@{}> and <@&{}>", c.bot, c.roles.events))
        .unwrap();
    let reply = finn.replies(general, first, "again").unwrap();
    finn.uploads(general, "look", "cat.png", b"\x89PNG\r\n\x1a\n".to_vec())
        .unwrap();
    finn.edits(general, reply, "changed").unwrap();
    finn.reacts(general, first, "👍").unwrap();
    finn.unreacts(general, first, "👍").unwrap();
    finn.types(general).unwrap();
    finn.deletes(general, reply).unwrap();
    sim.as_user(c.stranger).joins(c.guild).unwrap();
    sim.as_user(c.stranger).leaves(c.guild).unwrap();
    finn.joins_voice(c.channels.lounge).unwrap();
    bot.http
        .update_guild_member(t(c.guild), t(c.finn))
        .mute(true)
        .await
        .unwrap();
    finn.leaves_voice(c.guild).unwrap();
    let unheard = bot
        .http
        .update_guild_member(t(c.guild), t(c.finn))
        .mute(false)
        .await
        .unwrap_err();
    assert!(format!("{unheard:?}").contains("40032"), "{unheard:?}");
    let invite = bot
        .http
        .create_invite(t(general))
        .max_uses(1)
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    bot.http.delete_invite(&invite.code).await.unwrap();
    let dm = finn.dm_with(c.bot);
    finn.says(dm, "psst").unwrap();
    finn.types(dm).unwrap();
    expect(
        &mut bot,
        &[
            EventType::MessageCreate,
            EventType::MessageUpdate,
            EventType::ReactionAdd,
            EventType::ReactionRemove,
            EventType::TypingStart,
            EventType::MessageDelete,
            EventType::MemberAdd,
            EventType::MemberRemove,
            EventType::VoiceStateUpdate,
            EventType::InviteCreate,
            EventType::InviteDelete,
        ],
    )
    .await;
    let text = bot
        .next(|e| match e {
            twilight_gateway::Event::MessageCreate(m) if m.guild_id.is_none() => Some(m.content.clone()),
            _ => None,
        })
        .await;
    assert_eq!(text, "psst");
}

#[tokio::test]
async fn what_the_bot_does_is_understood() {
    let (sim, c, mut bot) = start().await;
    let http = bot.http.clone();
    let (guild, general) = (t(c.guild), t(c.channels.general));

    let overwrite = PermissionOverwrite {
        id: t(c.finn),
        allow: Some(Permissions::VIEW_CHANNEL),
        deny: None,
        kind: PermissionOverwriteType::Member,
    };
    let made = http
        .create_guild_channel(guild, "ticket-1")
        .kind(ChannelType::GuildText)
        .parent_id(t(c.channels.tickets))
        .topic("opened")
        .reason("a ticket")
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    http.update_channel_permission(made.id, &overwrite).await.unwrap();
    http.update_channel(made.id)
        .name("ticket-1-claimed")
        .await
        .unwrap();
    let message = http
        .create_message(made.id)
        .content("Welcome")
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    http.create_pin(made.id, message.id).await.unwrap();
    http.create_typing_trigger(made.id).await.unwrap();
    let thumb = RequestReactionType::Unicode { name: "👍" };
    http.create_reaction(made.id, message.id, &thumb).await.unwrap();
    http.delete_all_reaction(made.id, message.id, &thumb)
        .await
        .unwrap();
    http.delete_all_reactions(made.id, message.id).await.unwrap();
    let more = http
        .create_message(made.id)
        .content("More")
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    http.delete_messages(made.id, &[message.id, more.id])
        .await
        .unwrap();
    http.delete_channel(made.id).await.unwrap();

    let role = http
        .create_role(guild)
        .name("Fresh")
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    http.update_role(guild, role.id)
        .name(Some("Fresher"))
        .await
        .unwrap();
    http.add_guild_member_role(guild, t(c.finn), role.id)
        .await
        .unwrap();
    http.delete_role(guild, role.id).await.unwrap();
    http.update_guild_member(guild, t(c.finn))
        .nick(Some("Finnegan"))
        .await
        .unwrap();
    http.create_ban(guild, t(c.newcomer))
        .delete_message_seconds(60)
        .reason("spam")
        .await
        .unwrap();
    http.delete_ban(guild, t(c.newcomer)).await.unwrap();
    let hook = http
        .create_webhook(general, "Herald")
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    http.execute_webhook(hook.id, &hook.token.unwrap())
        .content("Hear!")
        .wait()
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    let source = sim
        .as_user(c.finn)
        .says(c.channels.general, "Let us talk")
        .unwrap();
    let thread = http
        .create_thread_from_message(general, t(source), "Talk")
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    http.add_thread_member(thread.id, t(c.finn)).await.unwrap();
    http.create_message(thread.id)
        .content("in the thread")
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    http.update_thread(thread.id)
        .archived(true)
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    http.delete_channel(thread.id).await.unwrap();

    expect(
        &mut bot,
        &[
            EventType::ChannelCreate,
            EventType::ChannelUpdate,
            EventType::ChannelPinsUpdate,
            EventType::TypingStart,
            EventType::ReactionAdd,
            EventType::ReactionRemoveEmoji,
            EventType::ReactionRemoveAll,
            EventType::MessageDeleteBulk,
            EventType::ChannelDelete,
            EventType::RoleCreate,
            EventType::RoleUpdate,
            EventType::MemberUpdate,
            EventType::RoleDelete,
            EventType::BanAdd,
            EventType::BanRemove,
            EventType::WebhooksUpdate,
            EventType::ThreadCreate,
            EventType::ThreadMembersUpdate,
            EventType::ThreadUpdate,
            EventType::ThreadDelete,
            EventType::GuildAuditLogEntryCreate,
        ],
    )
    .await;
}

#[tokio::test]
async fn what_is_asked_for_is_understood() {
    let (sim, c, bot) = start().await;
    let http = bot.http.clone();
    let (guild, general) = (t(c.guild), t(c.channels.general));
    macro_rules! model {
        ($call:expr) => {
            $call.await.unwrap().model().await.unwrap()
        };
    }
    assert_eq!(model!(http.current_user()).id, t(c.bot));
    assert_eq!(
        model!(http.user(t(c.finn))).name,
        sim.read(|w| w.user(c.finn).unwrap().name.clone())
    );
    assert_eq!(model!(http.current_user_application()).id, t(c.application));
    assert_eq!(
        http.current_user_guilds()
            .await
            .unwrap()
            .models()
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(model!(http.guild(guild).with_counts(true)).name, "Harbour Lights");
    assert_eq!(
        http.guild_channels(guild)
            .await
            .unwrap()
            .models()
            .await
            .unwrap()
            .len(),
        15
    );
    assert_eq!(http.roles(guild).await.unwrap().models().await.unwrap().len(), 9);
    assert_eq!(
        http.guild_members(guild)
            .limit(1000)
            .await
            .unwrap()
            .models()
            .await
            .unwrap()
            .len(),
        31
    );
    assert!(
        !http
            .search_guild_members(guild, "fi")
            .limit(5)
            .await
            .unwrap()
            .models()
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(model!(http.guild_member(guild, t(c.finn))).user.id, t(c.finn));
    assert!(http.bans(guild).await.unwrap().models().await.unwrap().is_empty());
    assert_eq!(model!(http.channel(general)).name.as_deref(), Some("general"));
    assert_eq!(
        http.channel_messages(general)
            .limit(5)
            .await
            .unwrap()
            .models()
            .await
            .unwrap()
            .len(),
        5
    );
    let dm = model!(http.create_private_channel(t(c.finn)));
    assert_eq!(model!(http.create_message(dm.id).content("hi")).content, "hi");
    let _ = model!(http.audit_log(guild));
    assert!(model!(http.gateway().authed()).session_start_limit.remaining > 0);
    assert!(
        http.guild_webhooks(guild)
            .await
            .unwrap()
            .models()
            .await
            .unwrap()
            .is_empty()
    );
    assert!(model!(http.active_threads(guild)).threads.is_empty());
    assert!(
        sim.wait_until(|w| w.channels.len() > 15, Duration::from_secs(1))
            .await
    );
}
