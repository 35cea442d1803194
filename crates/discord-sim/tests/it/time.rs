//! Deadlines on the simulator's clock, and sessions that break and go on.

use std::time::Duration;

use discord_sim::{CommunityOptions, GatewayFault, Scenario, Sim, SimClock, SimOptions};
use serde_json::json;
use twilight_gateway::{Event, Intents};
use twilight_model::application::command::CommandType;
use twilight_model::application::interaction::Interaction;
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};
use twilight_model::id::Id as TwilightId;
use twilight_util::builder::command::CommandBuilder;

use crate::bot::Bot;

fn interaction(event: &Event) -> Option<Interaction> {
    match event {
        Event::InteractionCreate(interaction) => Some(interaction.0.clone()),
        _ => None,
    }
}

fn says(text: &str) -> InteractionResponse {
    InteractionResponse {
        kind: InteractionResponseType::ChannelMessageWithSource,
        data: Some(InteractionResponseData {
            content: Some(text.to_owned()),
            ..InteractionResponseData::default()
        }),
    }
}

#[tokio::test]
async fn three_seconds_for_an_answer_and_fifteen_minutes_for_the_token() {
    let clock = SimClock::manual(1_750_000_000_000);
    let (world, c) = Scenario::community_with(CommunityOptions {
        clock,
        ..CommunityOptions::default()
    })
    .unwrap();
    let sim = Sim::start(discord_document::checked(SimOptions::default()), world)
        .await
        .unwrap();
    let mut bot = Bot::start(&sim, &c, Intents::GUILDS).await;
    let app = TwilightId::new(c.application.get());
    let command = CommandBuilder::new("slow", "Takes its time", CommandType::ChatInput).build();
    bot.http
        .interaction(app)
        .set_global_commands(&[command])
        .await
        .unwrap();
    let ask = || {
        let finn = sim.as_user(c.finn).in_channel(c.channels.general);
        tokio::spawn(async move { finn.runs_slash("slow").await })
    };

    let asking = ask();
    let late = bot.next(interaction).await;
    sim.advance(Duration::from_millis(3_001));
    assert!(asking.await.unwrap().unwrap().failed);
    let refused = bot
        .http
        .interaction(app)
        .create_response(late.id, &late.token, &says("late"))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("404"), "{refused}");

    let asking = ask();
    let now = bot.next(interaction).await;
    bot.http
        .interaction(app)
        .create_response(now.id, &now.token, &says("here"))
        .await
        .unwrap();
    assert_eq!(asking.await.unwrap().unwrap().text(), "here");
    let twice = bot
        .http
        .interaction(app)
        .create_response(now.id, &now.token, &says("again"))
        .await
        .unwrap_err();
    assert!(format!("{twice:?}").contains("40060"), "{twice:?}");
    sim.advance(Duration::from_secs(14 * 60));
    bot.http
        .interaction(app)
        .create_followup(&now.token)
        .content("more")
        .await
        .unwrap();
    sim.advance(Duration::from_secs(61));
    let over = bot
        .http
        .interaction(app)
        .create_followup(&now.token)
        .content("too late")
        .await
        .unwrap_err();
    assert!(format!("{over:?}").contains("50027"), "{over:?}");
}

#[tokio::test]
async fn a_broken_connection_resumes_and_misses_nothing() {
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(discord_document::checked(SimOptions::default()), world)
        .await
        .unwrap();
    let mut bot = Bot::start(
        &sim,
        &c,
        Intents::GUILDS | Intents::GUILD_MESSAGES | Intents::MESSAGE_CONTENT,
    )
    .await;
    bot.next(|e| matches!(e, Event::GuildCreate(_)).then_some(()))
        .await;
    assert_eq!(sim.gateway_fails(Some(c.application), &GatewayFault::Drop), 1);
    let finn = sim.as_user(c.finn);
    finn.says(c.channels.general, "while you were away").unwrap();
    let text = bot
        .next(|e| {
            if let Event::MessageCreate(m) = e {
                Some(m.content.clone())
            } else {
                None
            }
        })
        .await;
    assert_eq!(text, "while you were away");
    bot.next(|e| matches!(e, Event::Resumed).then_some(())).await;
}

#[tokio::test]
async fn a_reconnect_that_is_asked_for_resumes() {
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(discord_document::checked(SimOptions::default()), world)
        .await
        .unwrap();
    let mut bot = Bot::start(&sim, &c, Intents::GUILDS).await;
    bot.next(|e| matches!(e, Event::GuildCreate(_)).then_some(()))
        .await;
    sim.gateway_fails(None, &GatewayFault::Reconnect);
    bot.next(|e| matches!(e, Event::Resumed).then_some(())).await;
}

#[tokio::test]
async fn members_come_in_chunks() {
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(discord_document::checked(SimOptions::default()), world)
        .await
        .unwrap();
    let mut bot = Bot::start(&sim, &c, Intents::GUILDS | Intents::GUILD_MEMBERS).await;
    bot.next(|e| matches!(e, Event::GuildCreate(_)).then_some(()))
        .await;
    let request = json!({ "op": 8, "d": { "guild_id": c.guild, "query": "", "limit": 0, "nonce": "n" } });
    bot.send(request.to_string());
    let (count, nonce) = bot
        .next(|e| {
            if let Event::MemberChunk(m) = e {
                Some((m.members.len(), m.nonce.clone()))
            } else {
                None
            }
        })
        .await;
    assert_eq!((count, nonce.as_deref()), (31, Some("n")));
}

#[tokio::test]
async fn without_the_content_intent_messages_come_empty() {
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(discord_document::checked(SimOptions::default()), world)
        .await
        .unwrap();
    let mut bot = Bot::start(&sim, &c, Intents::GUILDS | Intents::GUILD_MESSAGES).await;
    bot.next(|e| matches!(e, Event::GuildCreate(_)).then_some(()))
        .await;
    let finn = sim.as_user(c.finn);
    finn.says(c.channels.general, "secret").unwrap();
    finn.says(c.channels.general, &format!("<@{}> hello", c.bot))
        .unwrap();
    let mut next = async || {
        bot.next(|e| {
            if let Event::MessageCreate(m) = e {
                Some(m.content.clone())
            } else {
                None
            }
        })
        .await
    };
    assert_eq!(next().await, "");
    assert_eq!(next().await, format!("<@{}> hello", c.bot));
}
