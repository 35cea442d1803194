//! A tour of what a bot reads: each answer fits Discord's own OpenAPI document, which the simulator's end tells.

use discord_sim::{Community, Id, Scenario, Sim, SimOptions};
use reqwest::Method;
use serde_json::json;
use twilight_gateway::Intents;

use crate::bot::Bot;
use crate::raw::Raw;

async fn populate(sim: &Sim, c: &Community, bot: &Bot) -> (Id, String) {
    let finn = sim.as_user(c.finn);
    let general = c.channels.general;
    let first = finn.uploads(general, "look", "a.txt", b"x".to_vec()).unwrap();
    finn.replies(general, first, &format!("<@{}>", c.owner)).unwrap();
    finn.reacts(general, first, "👍").unwrap();
    let twilight = twilight_model::id::Id::new(general.get());
    let hook = bot
        .http
        .create_webhook(twilight, "Herald")
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    bot.http
        .create_ban(
            twilight_model::id::Id::new(c.guild.get()),
            twilight_model::id::Id::new(c.newcomer.get()),
        )
        .await
        .unwrap();
    (first, hook.id.to_string())
}

#[tokio::test]
async fn answers_fit_the_official_document() {
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(
        discord_document::checked(SimOptions {
            rate_limits: false,
            ..SimOptions::default()
        }),
        world,
    )
    .await
    .unwrap();
    let bot = Bot::start(&sim, &c, Intents::GUILDS).await;
    let (message, hook) = populate(&sim, &c, &bot).await;
    let (guild, general) = (c.guild, c.channels.general);
    let client = reqwest::Client::builder().build().unwrap();
    for path in [
        "/gateway".to_owned(),
        "/gateway/bot".to_owned(),
        "/users/@me".to_owned(),
        format!("/users/{}", c.finn),
        "/users/@me/guilds".to_owned(),
        "/applications/@me".to_owned(),
        format!("/guilds/{guild}?with_counts=true"),
        format!("/guilds/{guild}/channels"),
        format!("/guilds/{guild}/roles"),
        format!("/guilds/{guild}/members?limit=100"),
        format!("/guilds/{guild}/members/{}", c.finn),
        format!("/guilds/{guild}/bans"),
        format!("/guilds/{guild}/audit-logs"),
        format!("/guilds/{guild}/webhooks"),
        format!("/guilds/{guild}/emojis"),
        format!("/channels/{general}"),
        format!("/channels/{general}/messages"),
        format!("/channels/{general}/messages/{message}"),
        format!("/channels/{general}/messages/pins"),
        format!("/channels/{general}/webhooks"),
        format!("/webhooks/{hook}"),
        format!("/applications/{}/commands", c.application),
    ] {
        let url = format!("{}/api/v10{path}", sim.base_url());
        let response = client
            .get(url)
            .header("authorization", format!("Bot {}", c.bot_token))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{path}");
    }
}

/// discord.py sends ids as numbers.
#[tokio::test]
async fn ids_that_are_sent_as_numbers_come_back_as_text() {
    let raw = Raw::start(discord_sim::BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let number = general.get();
    let shown = json!([{ "channel_id": number, "description": "talk", "emoji_id": null, "emoji_name": "x" }]);
    let screen = json!({ "enabled": true, "welcome_channels": shown });
    let path = format!("/guilds/{}/welcome-screen", raw.c.guild);
    raw.ok(Method::PATCH, &path, screen).await;
    let answer = raw.get(&path).await;
    assert_eq!(
        answer.pointer("/welcome_channels/0/channel_id"),
        Some(&json!(general))
    );
    let option = json!({ "title": "Tea", "channel_ids": [number], "role_ids": [], "emoji_id": number });
    let prompt = json!({ "title": "What do you like?", "options": [option], "type": 0 });
    let onboarding = json!({ "default_channel_ids": [number], "prompts": [prompt] });
    let path = format!("/guilds/{}/onboarding", raw.c.guild);
    let answer = raw.ok(Method::PUT, &path, onboarding).await;
    for place in [
        "/default_channel_ids/0",
        "/prompts/0/options/0/channel_ids/0",
        "/prompts/0/options/0/emoji/id",
    ] {
        assert_eq!(answer.pointer(place), Some(&json!(general)), "{place}");
    }
}
