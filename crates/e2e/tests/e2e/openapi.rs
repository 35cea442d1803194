//! Everything that the program sends to Discord on the ticket path fits Discord's own description of its API.

use std::collections::BTreeMap;

use hazebot_e2e::{PATIENCE, door::Note, recorded, skipped};
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use crate::stage::{Stage, status_is};

const DOCUMENT: &str = "data/discord-openapi.json";

/// The `payload_json` part of a form, or the body itself.
fn body_of(note: &Note) -> Option<Value> {
    if note.body.is_empty() {
        return None;
    }
    if note.content_type.starts_with("application/json") {
        return Some(serde_json::from_slice(&note.body).unwrap());
    }
    let text = String::from_utf8_lossy(&note.body);
    let part = text.split("name=\"payload_json\"").nth(1)?;
    let (_, rest) = part.split_once("\r\n\r\n")?;
    let (json, _) = rest.split_once("\r\n--")?;
    Some(serde_json::from_str(json).unwrap())
}

/// The document's template of a path.
fn template<'d>(document: &'d Value, note: &Note) -> Option<&'d str> {
    let is_name = |part: &str| part.starts_with('{');
    let parts: Vec<&str> = note.path.split('/').collect();
    let fits = |template: &&String| {
        let wanted: Vec<&str> = template.split('/').collect();
        wanted.len() == parts.len() && wanted.iter().zip(&parts).all(|(w, p)| is_name(w) || w == p)
    };
    // `@original` stands literally in the document; of two that fit, the more literal one is meant.
    let paths = document["paths"].as_object()?;
    let found = paths
        .keys()
        .filter(fits)
        .min_by_key(|template| template.matches('{').count())?;
    document["paths"][found]
        .get(note.method.to_lowercase())
        .map(|_| found.as_str())
}

/// What Discord takes and gives otherwise than the document says; its reference has both as here.
fn adapted(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(adapted),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), &*value) {
                    // Sets of permissions are strings, since a number would lose digits.
                    ("allow" | "deny" | "default_member_permissions", Value::String(bits)) => {
                        *value = bits.parse().map_or(Value::Null, |bits: i64| json!(bits));
                    }
                    // Files of the same request are named by their place.
                    ("attachments", Value::Array(_)) => files(value),
                    _ => adapted(value),
                }
            }
        }
        _ => {}
    }
}

fn files(attachments: &mut Value) {
    for file in attachments.as_array_mut().into_iter().flatten() {
        if let Some(place) = file["id"].as_u64() {
            file["id"] = json!(place.to_string());
        }
    }
}

async fn play(stage: &Stage) {
    let (ticket, caller) = (stage.ticket().await, stage.admins().await);
    let moderator = stage.moderator();
    let press = async |word: &str| {
        moderator
            .presses(ticket.control, &ticket.button(word))
            .await
            .unwrap()
    };
    stage.finn().runs_slash("help").await.unwrap();
    stage.finn().runs_slash("status").await.unwrap();
    stage.finn().types_option("ticket", "type", "b").await.unwrap();
    press("claim").await;
    let chooser = press("assign").await.first().cloned().unwrap();
    let select = chooser.custom_ids().remove(0);
    let admin = stage.people.admin.to_string();
    moderator.chooses(chooser.id, &select, [admin]).await.unwrap();
    press("status").await;
    let (status, _) = caller
        .post(&ticket.path("/messages"), json!({ "content": "On our way" }))
        .await
        .unwrap();
    assert_eq!(status, 200);
    let form = press("close").await.modal.unwrap();
    moderator
        .submits_modal(&form, [("message", "bye")])
        .await
        .unwrap();
    status_is(&caller, &ticket, "Closed").await;
    let finn = stage.people.finn;
    assert!(
        stage
            .eventually(|| stage.transcripts("1") == 1 && stage.told(finn).len() == 1)
            .await
    );
    press("reopen").await;
    stage.controls_show(ticket.channel, "Open").await;
    let place = stage.people.channels.bot_commands;
    for words in ["!ticket", "!help", "!status", "!tikcet", "!listcogs"] {
        stage.admin().says(place, words).unwrap();
    }
    let answered = |note: &Note| note.method == "POST" && note.path == format!("/channels/{place}/messages");
    assert!(stage.door.sees(PATIENCE, answered).await.is_some());
    let confirm = press("delete").await.first().cloned().unwrap();
    moderator
        .presses(confirm.id, &confirm.custom_ids().remove(0))
        .await
        .unwrap();
    assert!(stage.eventually(|| stage.ticket_channels() == 0).await);
}

#[tokio::test]
async fn every_body_that_is_sent_to_discord_fits_its_description() {
    let Some(path) = recorded(DOCUMENT) else {
        return skipped("Discord's OpenAPI document is not there");
    };
    let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let registry = Registry::new()
        .draft(Draft::Draft202012)
        .add(
            "urn:discord",
            Draft::Draft202012.create_resource(document.clone()),
        )
        .unwrap()
        .prepare()
        .unwrap();
    let stage = Stage::start().await;
    play(&stage).await;
    let notes = stage.door.notes();
    stage.end().await;

    let mut validators: BTreeMap<String, Validator> = BTreeMap::new();
    let (mut problems, mut seen) = (Vec::new(), BTreeMap::<String, usize>::new());
    for note in &notes {
        assert!(
            note.status < 500,
            "{} {}: {}",
            note.method,
            note.path,
            note.status
        );
        let Some(mut body) = body_of(note) else { continue };
        let Some(template) = template(&document, note) else {
            problems.push(format!("{} {}: no such route", note.method, note.path));
            continue;
        };
        let method = note.method.to_lowercase();
        let content = &document["paths"][template][&method]["requestBody"]["content"];
        if content["application/json"].is_null() {
            problems.push(format!("{method} {template}: takes no JSON"));
            continue;
        }
        let escaped = template
            .replace('/', "~1")
            .replace('{', "%7B")
            .replace('}', "%7D")
            .replace('@', "%40");
        let pointer =
            format!("urn:discord#/paths/{escaped}/{method}/requestBody/content/application~1json/schema");
        let validator = validators.entry(pointer.clone()).or_insert_with(|| {
            jsonschema::options()
                .with_draft(Draft::Draft202012)
                .with_registry(&registry)
                .build(&json!({ "$ref": pointer }))
                .unwrap()
        });
        *seen.entry(format!("{method} {template}")).or_default() += 1;
        adapted(&mut body);
        for error in validator.iter_errors(&body) {
            problems.push(format!(
                "{method} {template} at {}: {error}\n  {body}",
                error.instance_path()
            ));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // The path makes each of these; otherwise nothing was looked at.
    for route in [
        "put /applications/{application_id}/guilds/{guild_id}/commands",
        "post /guilds/{guild_id}/channels",
        "post /channels/{channel_id}/messages",
        "patch /channels/{channel_id}/messages/{message_id}",
        "put /channels/{channel_id}/permissions/{overwrite_id}",
        "post /interactions/{interaction_id}/{interaction_token}/callback",
        "post /users/@me/channels",
    ] {
        assert!(seen.contains_key(route), "{route} was not called: {seen:?}");
    }
}
