//! Answers against Discord's own OpenAPI document, where `DISCORD_OPENAPI` names a copy of it.

use std::collections::BTreeSet;

use discord_sim::{Community, Id, Scenario, Sim, SimOptions};
use jsonschema::{Draft, Registry};
use serde_json::{Value, json};
use twilight_gateway::Intents;

use crate::bot::Bot;

/// Where the document is stricter than Discord itself: paths of an answer that are not looked at.
const OVERRIDES: [&str; 2] = [
    // The document wants a number; Discord and every library write text.
    "/default_member_permissions",
    // Avatars of this simulator are hashes; the document describes them as free text or null.
    "/avatar",
];

struct Book {
    registry: Registry<'static>,
}

impl Book {
    fn open() -> Option<Self> {
        let path = std::env::var("DISCORD_OPENAPI").ok()?;
        let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let resource = Draft::Draft202012.create_resource(document);
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add("urn:discord", resource)
            .unwrap();
        Some(Self {
            registry: registry.prepare().unwrap(),
        })
    }

    /// What is wrong with an answer to a route, each kind of fault once; empty if nothing is.
    fn faults(&self, template: &str, method: &str, status: &str, answer: &Value) -> BTreeSet<String> {
        let path = template
            .replace('/', "~1")
            .replace('{', "%7B")
            .replace('}', "%7D");
        let pointer =
            format!("urn:discord#/paths/{path}/{method}/responses/{status}/content/application~1json/schema");
        let schema = json!({ "$ref": pointer });
        let options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry);
        let numbers_hidden = |place: String| {
            let parts = place
                .split('/')
                .map(|p| if p.parse::<u64>().is_ok() { "*" } else { p });
            parts.collect::<Vec<_>>().join("/")
        };
        let validator = options.build(&schema).unwrap();
        validator
            .iter_errors(answer)
            .map(|e| (numbers_hidden(e.instance_path().to_string()), e))
            .filter(|(place, _)| !OVERRIDES.iter().any(|o| place.ends_with(o)))
            .map(|(place, e)| format!("{method} {template} at {place}: {}", e.masked()))
            .collect()
    }
}

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
    let Some(book) = Book::open() else { return };
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(
        SimOptions {
            rate_limits: false,
            ..SimOptions::default()
        },
        world,
    )
    .await
    .unwrap();
    let bot = Bot::start(&sim, &c, Intents::GUILDS).await;
    let (message, hook) = populate(&sim, &c, &bot).await;
    let (guild, general) = (c.guild, c.channels.general);
    let client = reqwest::Client::builder().build().unwrap();
    let mut faults = Vec::new();
    for (template, path) in [
        ("/gateway", "/gateway".to_owned()),
        ("/gateway/bot", "/gateway/bot".to_owned()),
        ("/users/@me", "/users/@me".to_owned()),
        ("/users/{user_id}", format!("/users/{}", c.finn)),
        ("/users/@me/guilds", "/users/@me/guilds".to_owned()),
        ("/applications/@me", "/applications/@me".to_owned()),
        ("/guilds/{guild_id}", format!("/guilds/{guild}?with_counts=true")),
        ("/guilds/{guild_id}/channels", format!("/guilds/{guild}/channels")),
        ("/guilds/{guild_id}/roles", format!("/guilds/{guild}/roles")),
        (
            "/guilds/{guild_id}/members",
            format!("/guilds/{guild}/members?limit=100"),
        ),
        (
            "/guilds/{guild_id}/members/{user_id}",
            format!("/guilds/{guild}/members/{}", c.finn),
        ),
        ("/guilds/{guild_id}/bans", format!("/guilds/{guild}/bans")),
        (
            "/guilds/{guild_id}/audit-logs",
            format!("/guilds/{guild}/audit-logs"),
        ),
        ("/guilds/{guild_id}/webhooks", format!("/guilds/{guild}/webhooks")),
        ("/guilds/{guild_id}/emojis", format!("/guilds/{guild}/emojis")),
        ("/channels/{channel_id}", format!("/channels/{general}")),
        (
            "/channels/{channel_id}/messages",
            format!("/channels/{general}/messages"),
        ),
        (
            "/channels/{channel_id}/messages/{message_id}",
            format!("/channels/{general}/messages/{message}"),
        ),
        (
            "/channels/{channel_id}/messages/pins",
            format!("/channels/{general}/messages/pins"),
        ),
        (
            "/channels/{channel_id}/webhooks",
            format!("/channels/{general}/webhooks"),
        ),
        ("/webhooks/{webhook_id}", format!("/webhooks/{hook}")),
        (
            "/applications/{application_id}/commands",
            format!("/applications/{}/commands", c.application),
        ),
    ] {
        let url = format!("{}/api/v10{path}", sim.base_url());
        let response = client
            .get(url)
            .header("authorization", format!("Bot {}", c.bot_token))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{path}");
        faults.extend(book.faults(template, "get", "200", &response.json().await.unwrap()));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
