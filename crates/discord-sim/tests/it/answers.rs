//! First answers to interactions over the wire: what comes back, what is refused, and when.

use discord_sim::{AsUser, BotRights, Exchange};
use reqwest::Method;
use serde_json::{Value, json};
use twilight_gateway::{Event, Intents};
use twilight_model::application::interaction::Interaction;

use crate::bot::Bot;
use crate::raw::{Raw, code, text};

type Asking = tokio::task::JoinHandle<discord_sim::ApiResult<Exchange>>;

struct Desk {
    raw: Raw,
    bot: Bot,
    finn: AsUser,
}

impl Desk {
    async fn open() -> Self {
        let raw = Raw::start(BotRights::LeastPrivilege).await;
        let bot = Bot::start(&raw.sim, &raw.c, Intents::GUILDS).await;
        let path = format!("/applications/{}/commands", raw.c.application);
        raw.ok(
            Method::POST,
            &path,
            json!({ "name": "ask", "description": "Asks" }),
        )
        .await;
        let finn = raw.sim.as_user(raw.c.finn).in_channel(raw.c.channels.general);
        Self { raw, bot, finn }
    }

    /// Finn runs the command; the interaction that the bot gets.
    async fn asked(&mut self) -> (Asking, Interaction) {
        let finn = self.finn.clone();
        let asking = tokio::spawn(async move { finn.runs_slash("ask").await });
        (asking, self.interaction().await)
    }

    async fn interaction(&mut self) -> Interaction {
        self.bot
            .next(|event| match event {
                Event::InteractionCreate(interaction) => Some(interaction.0.clone()),
                _ => None,
            })
            .await
    }

    async fn answers(&self, to: &Interaction, query: &str, body: Value) -> (u16, Value) {
        let path = format!("/interactions/{}/{}/callback{query}", to.id, to.token);
        self.raw.openly(Method::POST, &path, body).await
    }

    fn follow_up(&self, to: &Interaction, more: &str) -> String {
        format!("/webhooks/{}/{}{more}", self.raw.c.application, to.token)
    }
}

fn says(text: &str) -> Value {
    json!({ "type": 4, "data": { "content": text } })
}

#[tokio::test]
async fn an_answer_comes_back_whole_if_it_is_asked_for() {
    let mut desk = Desk::open().await;
    let (asking, to) = desk.asked().await;
    let (status, answer) = desk.answers(&to, "?with_response=true", says("here")).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(text(&answer, "/resource/message/content"), "here");
    assert_eq!(text(&answer, "/interaction/id"), to.id.to_string());
    assert_eq!(asking.await.unwrap().unwrap().text(), "here");
    let (status, answer) = desk.answers(&to, "", says("again")).await;
    assert_eq!((status, code(&answer)), (400, 40060));
    let (_, later) = desk.asked().await;
    assert_eq!(desk.answers(&later, "", says("quiet")).await, (204, Value::Null));
}

#[tokio::test]
async fn a_deferral_has_a_message_that_loads_but_nothing_to_give_back_yet() {
    let mut desk = Desk::open().await;
    let (_, to) = desk.asked().await;
    let (status, answer) = desk
        .answers(&to, "?with_response=true", json!({ "type": 5 }))
        .await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer.pointer("/interaction/response_message_loading"),
        Some(&json!(true))
    );
    assert_eq!(answer.get("resource"), None);
}

#[tokio::test]
async fn answers_run_out_and_strangers_have_none() {
    let mut desk = Desk::open().await;
    let (_, late) = desk.asked().await;
    desk.raw.sim.advance(std::time::Duration::from_millis(3001));
    let (status, answer) = desk.answers(&late, "", says("late")).await;
    assert_eq!((status, code(&answer)), (404, 10062));
    let (_, to) = desk.asked().await;
    let path = format!("/interactions/{}/nonsense/callback", to.id);
    let (status, answer) = desk.raw.openly(Method::POST, &path, says("x")).await;
    assert_eq!((status, code(&answer)), (404, 10062));
    // Nothing follows an answer that never came.
    let (status, answer) = desk
        .raw
        .openly(Method::POST, &desk.follow_up(&to, ""), json!({ "content": "x" }))
        .await;
    assert_eq!((status, code(&answer)), (404, 10015));
    assert_eq!(desk.answers(&to, "", json!({ "type": 5 })).await.0, 204);
    desk.raw.wait(15 * 60 - 1);
    let original = desk.follow_up(&to, "/messages/@original");
    let (status, _) = desk
        .raw
        .openly(Method::PATCH, &original, json!({ "content": "done" }))
        .await;
    assert_eq!(status, 200);
    desk.raw.wait(2);
    let (status, answer) = desk
        .raw
        .openly(Method::PATCH, &original, json!({ "content": "too late" }))
        .await;
    assert_eq!((status, code(&answer)), (401, 50027));
}

#[tokio::test]
async fn each_limit_of_an_answer_names_its_field() {
    let mut desk = Desk::open().await;
    let (_, to) = desk.asked().await;
    let long = |n: usize| "x".repeat(n);
    let input = |more: Value| {
        let mut input = json!({ "type": 4, "custom_id": "i", "style": 1, "label": "l" });
        if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
            input.extend(more);
        }
        json!({ "type": 9, "data": { "custom_id": "m", "title": "t", "components": [{ "type": 1, "components": [input] }] } })
    };
    let row = json!({ "type": 1, "components": [{ "type": 4, "custom_id": "i", "style": 1, "label": "l" }] });
    for (body, field) in [
        (says(&long(2001)), "data/content"),
        (json!({ "type": 99 }), "type"),
        (json!({ "type": 6 }), "type"),
        (json!({ "type": 8, "data": { "choices": [] } }), "type"),
        (
            json!({ "type": 9, "data": { "custom_id": "m", "title": long(46), "components": [row] } }),
            "data/title",
        ),
        (
            json!({ "type": 9, "data": { "custom_id": long(101), "title": "t", "components": [row] } }),
            "data/custom_id",
        ),
        (
            json!({ "type": 9, "data": { "custom_id": "m", "title": "t", "components": vec![row; 6] } }),
            "data/components",
        ),
        (
            input(json!({ "label": long(46) })),
            "data/components/0/components/0/label",
        ),
        (
            input(json!({ "placeholder": long(101) })),
            "data/components/0/components/0/placeholder",
        ),
        (
            input(json!({ "max_length": 4001 })),
            "data/components/0/components/0/max_length",
        ),
    ] {
        let (status, answer) = desk.answers(&to, "", body).await;
        assert_eq!((status, code(&answer)), (400, 50035), "{field}: {answer}");
        assert!(
            answer.pointer(&format!("/errors/{field}/_errors")).is_some(),
            "{field}: {answer}"
        );
    }
    assert_eq!(
        desk.answers(&to, "", says("right")).await.0,
        204,
        "what was refused is no answer"
    );
}

#[tokio::test]
async fn broken_json_strange_versions_and_strangers_have_their_codes() {
    let desk = Desk::open().await;
    let raw = &desk.raw;
    let send = async |path: &str, body: &'static str| {
        let request = raw
            .client
            .post(format!("{}{path}", raw.sim.base_url()))
            .header("authorization", format!("Bot {}", raw.c.bot_token))
            .header("content-type", "application/json")
            .body(body);
        let answer = request.send().await.unwrap();
        assert!(answer.headers().contains_key("via"), "discord.py looks for it");
        let status = answer.status().as_u16();
        (status, code(&answer.json().await.unwrap()))
    };
    let messages = format!("/channels/{}/messages", raw.c.channels.general);
    assert_eq!(send(&format!("/api/v10{messages}"), "{").await, (400, 50109));
    assert_eq!(send(&format!("/api/v3{messages}"), "{}").await, (400, 50041));
    let dm = raw
        .ok(
            Method::POST,
            "/users/@me/channels",
            json!({ "recipient_id": raw.c.stranger }),
        )
        .await;
    let path = format!("/channels/{}/messages", text(&dm, "/id"));
    assert_eq!(
        raw.fails(Method::POST, &path, json!({ "content": "hi" })).await,
        (403, 50278)
    );
}

#[tokio::test]
async fn slow_mode_holds_people_back_and_not_bots() {
    let raw = Raw::start(BotRights::None).await;
    let general = raw.c.channels.general;
    raw.sim
        .change(|w| w.channels.get_mut(&general).unwrap().slowmode = 5);
    let path = format!("/channels/{general}/messages");
    for _ in 0..2 {
        raw.ok(Method::POST, &path, json!({ "content": "one" })).await;
    }
    let finn = raw.sim.as_user(raw.c.finn);
    finn.says(general, "one").unwrap();
    raw.wait(2);
    let error = finn.says(general, "two").unwrap_err();
    assert_eq!(
        (error.status, error.code, error.retry_after),
        (429, 20016, Some(3000))
    );
}

#[tokio::test]
async fn embeds_come_back_with_places_of_fields_and_without_what_is_null() {
    let raw = Raw::start(BotRights::Administrator).await;
    let path = format!("/channels/{}/messages", raw.c.channels.general);
    let image = json!({ "url": "https://a.example/x.png", "height": null, "proxy_url": null });
    let fields = json!([{ "name": "a", "value": "b" }, { "name": "c", "value": "d", "inline": true }]);
    let answer = raw
        .ok(
            Method::POST,
            &path,
            json!({ "embeds": [{ "title": "t", "fields": fields, "image": image }] }),
        )
        .await;
    let inline = |at: usize| answer.pointer(&format!("/embeds/0/fields/{at}/inline")).cloned();
    assert_eq!((inline(0), inline(1)), (Some(json!(false)), Some(json!(true))));
    let image = answer.pointer("/embeds/0/image").and_then(Value::as_object);
    assert!(
        image.is_some_and(|image| !image.contains_key("height")),
        "{answer}"
    );
}

#[tokio::test]
async fn options_come_back_without_what_only_other_types_have() {
    let raw = Raw::start(BotRights::Administrator).await;
    let path = format!("/applications/{}/commands", raw.c.application);
    let option = json!({ "type": 3, "name": "a", "description": "d", "choices": [], "options": [],
        "channel_types": [], "max_value": null, "min_length": 2 });
    let answer = raw
        .ok(
            Method::POST,
            &path,
            json!({ "name": "ask", "description": "Asks", "options": [option] }),
        )
        .await;
    assert_eq!(
        answer.pointer("/options/0"),
        Some(&json!({ "type": 3, "name": "a", "description": "d", "min_length": 2 }))
    );
}
