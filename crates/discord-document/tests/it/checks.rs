//! Exchanges and events that fit and that do not, a simulator that ends, and a recording.

use std::{panic::AssertUnwindSafe, sync::Arc};

use discord_document::{Checker, Document, Looks, checked};
use discord_sim::{Community, HttpExchange, Observer as _, Scenario, Sim, SimOptions};
use serde_json::{Value, json};

/// The document; without it these tests have nothing to do.
macro_rules! document {
    () => {
        match Document::beside_checkout() {
            Some(document) => document,
            None => return,
        }
    };
}

fn exchange(method: &str, path: &str, body: Value, status: u16, answer: Value) -> HttpExchange {
    let json = |of: &Value| if of.is_null() { "" } else { "application/json" }.to_owned();
    HttpExchange {
        method: method.to_owned(),
        api: true,
        path: path.to_owned(),
        route: None,
        query: String::new(),
        content_type: json(&body),
        body,
        files: Vec::new(),
        status,
        answer_type: json(&answer),
        answer,
        injected: false,
    }
}

fn faults(exchange: &HttpExchange) -> Vec<String> {
    let Some(document) = Document::beside_checkout() else {
        return Vec::new();
    };
    let checker = Checker::new(document, Looks::AtAll);
    checker.exchange(exchange);
    checker.violations()
}

fn typing() -> HttpExchange {
    exchange("POST", "/channels/1/typing", Value::Null, 204, Value::Null)
}

fn refused(body: Value) -> HttpExchange {
    let answer = json!({ "code": 50001, "message": "Missing Access" });
    exchange("POST", "/channels/1/messages", body, 403, answer)
}

#[test]
fn what_fits_is_no_violation() {
    assert_eq!(faults(&typing()), Vec::<String>::new());
    let button = json!({ "type": 2, "style": 1, "label": "Go", "custom_id": "go" });
    let body = json!({ "content": "x", "components": [{ "type": 1, "components": [button] }] });
    assert_eq!(faults(&refused(body)), Vec::<String>::new());
}

#[test]
fn each_fault_of_a_request_is_found() {
    let _ = document!();
    let long = "x".repeat(4001);
    let link = json!({ "type": 2, "style": 5, "label": "Go", "url": "https://a.example", "emoij": {} });
    for (wrong, said) in [
        (refused(json!({ "content": long })), "body at /content"),
        (refused(json!({ "contnt": "x" })), "unknown key at /contnt"),
        (
            refused(json!({ "embeds": [{ "titel": "x" }] })),
            "unknown key at /embeds/*/titel",
        ),
        (
            refused(json!({ "components": [{ "type": 1, "components": [link] }] })),
            "unknown key at /components/*/components/*/emoij",
        ),
        (
            HttpExchange {
                path: "/channels/general/typing".to_owned(),
                ..typing()
            },
            "channel_id in the path",
        ),
        (
            HttpExchange {
                query: "loudly=true".to_owned(),
                ..typing()
            },
            "unknown \"loudly\"",
        ),
        (
            HttpExchange {
                method: "PUT".to_owned(),
                ..typing()
            },
            "does not take put",
        ),
        (
            HttpExchange {
                path: "/channels/1/shouting".to_owned(),
                ..typing()
            },
            "no such route",
        ),
        (
            HttpExchange {
                content_type: "text/plain".to_owned(),
                body: json!("x"),
                ..refused(json!({}))
            },
            "does not take",
        ),
        (
            HttpExchange {
                body: json!({ "a": 1 }),
                ..typing()
            },
            "takes no body",
        ),
        (
            HttpExchange {
                files: vec!["file0".to_owned()],
                ..refused(json!({ "content": "x" }))
            },
            "file0",
        ),
    ] {
        let found = faults(&wrong);
        assert!(
            found.iter().any(|fault| fault.contains(said)),
            "{said}: {found:?}"
        );
    }
}

#[test]
fn each_fault_of_an_answer_is_found() {
    let _ = document!();
    let get = |answer: Value| exchange("GET", "/gateway", Value::Null, 200, answer);
    assert_eq!(
        faults(&get(json!({ "url": "wss://a.example" }))),
        Vec::<String>::new()
    );
    for (wrong, said) in [
        (get(json!({ "url": 1 })), "200 at /url"),
        (get(json!({})), "\"url\" is a required property"),
        (
            HttpExchange {
                status: 500,
                ..typing()
            },
            "the simulator fails",
        ),
        (
            HttpExchange {
                status: 206,
                ..typing()
            },
            "206 is no answer",
        ),
        (
            HttpExchange {
                answer: json!({}),
                ..typing()
            },
            "204 has no body",
        ),
        (
            HttpExchange {
                answer_type: "text/html".to_owned(),
                ..get(Value::Null)
            },
            "answers \"text/html\"",
        ),
    ] {
        let found = faults(&wrong);
        assert!(
            found.iter().any(|fault| fault.contains(said)),
            "{said}: {found:?}"
        );
    }
    let injected = HttpExchange {
        injected: true,
        status: 500,
        ..typing()
    };
    assert_eq!(faults(&injected), Vec::<String>::new());
}

#[test]
fn what_the_document_lacks_is_described_by_us() {
    let _ = document!();
    let token =
        json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 604_800, "scope": "identify" });
    let form = "application/x-www-form-urlencoded".to_owned();
    let ask = json!({ "grant_type": "authorization_code", "code": "c", "redirect_uri": "http://127.0.0.1/" });
    let right = HttpExchange {
        content_type: form,
        ..exchange("POST", "/oauth2/token", ask, 200, token)
    };
    assert_eq!(faults(&right), Vec::<String>::new());
    let wrong = HttpExchange {
        body: json!({ "grant_type": "authorization_code" }),
        ..right.clone()
    };
    assert!(!faults(&wrong).is_empty());
    let wrong = HttpExchange {
        answer: json!({ "access_token": "a" }),
        ..right
    };
    assert!(!faults(&wrong).is_empty());
    let picture = HttpExchange {
        api: false,
        answer_type: "image/png".to_owned(),
        ..exchange("GET", "/avatars/1/a.png", Value::Null, 200, Value::Null)
    };
    assert_eq!(faults(&picture), Vec::<String>::new());
}

#[test]
fn an_encoded_path_is_read_as_it_is_meant() {
    let document = document!();
    let checker = Checker::new(document, Looks::AtAll);
    let body = json!({ "content": "x" });
    let answer = json!({ "code": 10015, "message": "Unknown Webhook" });
    checker.exchange(&exchange(
        "PATCH",
        "/webhooks/1/t/messages/%40original",
        body,
        404,
        answer,
    ));
    assert_eq!(checker.violations(), Vec::<String>::new());
    assert_eq!(
        checker.seen(),
        ["patch /webhooks/{webhook_id}/{webhook_token}/messages/@original"]
    );
}

#[test]
fn a_library_of_others_may_send_what_discord_passes_over_and_nothing_more() {
    let document = document!();
    let mut sent = exchange(
        "PATCH",
        "/channels/1/messages/2",
        json!({ "content": "x", "tts": false, "enforce_nonce": false }),
        403,
        json!({ "code": 50001, "message": "Missing Access" }),
    );
    assert_eq!(faults(&sent).len(), 2);
    let theirs = Checker::new(document, Looks::AtOthers);
    theirs.exchange(&sent);
    let ids = json!({ "content": "x", "message_reference": { "message_id": 1_400_000_000_000_000_000_u64 } });
    theirs.exchange(&refused(ids));
    assert_eq!(theirs.violations(), Vec::<String>::new());
    sent.body = json!({ "contnt": "x" });
    theirs.exchange(&sent);
    theirs.exchange(&refused(json!({ "content": 5 })));
    theirs.exchange(&exchange("GET", "/gateway", Value::Null, 200, json!({})));
    let found = theirs.violations();
    for said in ["unknown key at /contnt", "body at /content", "200 at /"] {
        assert!(
            found.iter().any(|fault| fault.contains(said)),
            "{said}: {found:?}"
        );
    }
}

#[test]
fn nonsense_on_purpose_is_not_held_against_a_test_but_a_wrong_answer_is() {
    let document = document!();
    let checker = Checker::new(document, Looks::AtAnswers);
    checker.exchange(&refused(json!({ "contnt": 1 })));
    checker.exchange(&exchange("GET", "/nonsense", Value::Null, 404, json!({})));
    assert_eq!(checker.violations(), Vec::<String>::new());
    checker.exchange(&exchange("GET", "/gateway", Value::Null, 200, json!({})));
    assert_eq!(checker.violations().len(), 1);
}

#[test]
fn objects_inside_events_are_looked_at() {
    let document = document!();
    let checker = Checker::new(document, Looks::AtAll);
    checker.event("MESSAGE_CREATE", &json!({ "id": "1" }));
    assert!(!checker.violations().is_empty());
}

async fn start() -> (Sim, Community) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (world, community) = Scenario::community(7).unwrap();
    let sim = Sim::start(checked(SimOptions::default()), world).await.unwrap();
    (sim, community)
}

async fn send(sim: &Sim, community: &Community, body: Value) {
    let place = community.channels.general;
    let url = format!("{}/api/v10/channels/{place}/messages", sim.base_url());
    let client = reqwest::Client::builder().build().unwrap();
    let request = client
        .post(url)
        .header("authorization", format!("Bot {}", community.bot_token));
    request.json(&body).send().await.unwrap();
}

#[tokio::test]
async fn a_test_fails_when_the_simulator_ends_after_a_violation() {
    let _ = document!();
    let (sim, community) = start().await;
    send(&sim, &community, json!({ "contnt": "x" })).await;
    let ended = std::panic::catch_unwind(AssertUnwindSafe(|| drop(sim)));
    let said = *ended.unwrap_err().downcast::<String>().unwrap();
    assert!(said.contains("unknown key at /contnt"), "{said}");

    let (sim, community) = start().await;
    send(&sim, &community, json!({ "content": "x" })).await;
    drop(sim);
}

#[tokio::test]
async fn a_recording_holds_what_was_said() {
    let path = std::env::temp_dir().join(format!("discord-recording-{}", std::process::id()));
    let (world, community) = Scenario::community(7).unwrap();
    let recorder = discord_sim::Recorder::new(&path).unwrap();
    let options = SimOptions {
        observer: Some(Arc::new(recorder)),
        ..SimOptions::default()
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let sim = Sim::start(options, world).await.unwrap();
    send(&sim, &community, json!({ "content": "for the record" })).await;
    drop(sim);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let line = text.lines().next().unwrap();
    let read: discord_sim::Recorded = serde_json::from_str(line).unwrap();
    let discord_sim::Recorded::Exchange(exchange) = read else {
        panic!("{line}");
    };
    assert_eq!(
        (exchange.status, exchange.body),
        (200, json!({ "content": "for the record" }))
    );
    assert_eq!(exchange.route.as_deref(), Some("/channels/{channel}/messages"));
}
