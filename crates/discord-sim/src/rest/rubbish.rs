//! Rubbish for every route: whatever a body holds, an answer of Discord's form comes back.

use axum::body::Body;
use axum::extract::{Request, State};
use serde_json::{Map, Value, json};

use super::routes;
use crate::hub::{Hub, SimOptions};
use crate::seed::Dice;
use crate::world::scenario::{Community, Scenario};

/// Requests per route; a longer run is a matter of this number.
const ROUNDS: usize = 150;

const KEYS: [&str; 48] = [
    "content",
    "embeds",
    "components",
    "type",
    "data",
    "flags",
    "name",
    "options",
    "choices",
    "value",
    "custom_id",
    "title",
    "description",
    "fields",
    "id",
    "permission_overwrites",
    "allow",
    "deny",
    "parent_id",
    "position",
    "roles",
    "nick",
    "messages",
    "recipient_id",
    "message_reference",
    "message_id",
    "attachments",
    "allowed_mentions",
    "parse",
    "users",
    "poll",
    "question",
    "answers",
    "style",
    "label",
    "emoji",
    "communication_disabled_until",
    "permissions",
    "color",
    "topic",
    "required",
    "min_values",
    "max_values",
    "grant_type",
    "code",
    "user_ids",
    "image",
    "url",
];

const TEXTS: [&str; 14] = [
    "",
    "hi",
    "<@1> <@&2> @everyone",
    "123",
    "-1",
    "99999999999999999999",
    "\u{0}\u{202e}𝕏",
    "https://x",
    "attachment://a",
    "2020-01-01T00:00:00Z",
    "authorization_code",
    "a.b.c",
    "_errors",
    "null",
];

fn value(dice: &mut Dice, depth: usize, ids: &[String]) -> Value {
    match dice.below(if depth == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => json!(dice.below(2) == 0),
        2 => json!(dice.below(30)),
        3 => json!([i64::MIN, -1, 0, i64::MAX, 4096].get(dice.below(5))),
        4 => json!(ids.get(dice.below(ids.len()))),
        5 => match dice.below(8) {
            0 => json!("x".repeat(dice.below(5000))),
            1 => json!(1.5e300),
            _ => json!(dice.pick(&TEXTS)),
        },
        6 => (0..dice.below(6)).map(|_| value(dice, depth - 1, ids)).collect(),
        _ => object(dice, depth - 1, ids),
    }
}

fn object(dice: &mut Dice, depth: usize, ids: &[String]) -> Value {
    let mut map = Map::new();
    for _ in 0..dice.below(6) {
        let key = dice.pick(&KEYS).copied().unwrap_or_default().to_owned();
        map.insert(key, value(dice, depth, ids));
    }
    Value::Object(map)
}

fn path(template: &str, dice: &mut Dice, ids: &[String]) -> String {
    let fill = |part: &str, dice: &mut Dice| {
        if !part.starts_with('{') {
            return part.to_owned();
        }
        match dice.below(6) {
            0 => "%F0%9F%91%8D".to_owned(),
            1 => "rubbish:1".to_owned(),
            _ => ids.get(dice.below(ids.len())).cloned().unwrap_or_default(),
        }
    };
    template
        .split('/')
        .map(|part| fill(part, dice))
        .collect::<Vec<_>>()
        .join("/")
}

fn ids(c: &Community, hub: &Hub) -> Vec<String> {
    let mut ids: Vec<String> = [
        c.guild,
        c.finn,
        c.bot,
        c.owner,
        c.channels.general,
        c.channels.log,
        c.channels.tickets,
        c.channels.lounge,
        c.roles.member,
        c.roles.admin,
        c.application,
    ]
    .map(|id| id.to_string())
    .to_vec();
    let message = hub.read(|w| {
        w.channel(c.channels.general)
            .ok()
            .and_then(|ch| ch.messages.back().map(|m| m.id))
    });
    ids.extend(message.map(|m| m.to_string()));
    ids.push("1".to_owned());
    ids
}

#[tokio::test]
async fn rubbish_gets_an_answer_of_discords_form_on_every_route() {
    let mut dice = Dice::new(11);
    for route in routes::all() {
        // A fresh world per route, since some of the rubbish is a right request that deletes things.
        let (world, c) = Scenario::community(7).unwrap();
        let options = SimOptions {
            rate_limits: false,
            ..SimOptions::default()
        };
        let hub = Hub::new(world, options, "http://127.0.0.1:1".to_owned());
        let ids = ids(&c, &hub);
        for _ in 0..ROUNDS {
            let body = if dice.below(8) == 0 {
                value(&mut dice, 4, &ids)
            } else {
                object(&mut dice, 4, &ids)
            };
            let uri = format!(
                "/api/v10{}?limit={}",
                path(route.template, &mut dice, &ids),
                dice.below(120)
            );
            let kind = [
                "application/json",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded",
            ];
            let kind = kind.get(dice.below(12)).unwrap_or(&"application/json");
            let request = Request::builder()
                .method(route.method)
                .uri(&uri)
                .header("authorization", format!("Bot {}", c.bot_token))
                .header("content-type", *kind)
                .body(Body::from(body.to_string()))
                .unwrap();
            let response = super::serve(State(hub.clone()), request).await;
            let status = response.status().as_u16();
            assert!(status < 500, "{} {uri} {body}", route.method);
            if (400..500).contains(&status) && !route.template.starts_with("/oauth2") {
                let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
                    .await
                    .unwrap();
                let answer: Value = serde_json::from_slice(&bytes).unwrap();
                assert!(
                    answer.get("code").is_some_and(Value::is_u64),
                    "{} {uri} {body} {answer}",
                    route.method
                );
            }
        }
    }
}
