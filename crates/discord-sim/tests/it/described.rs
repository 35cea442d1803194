//! The control API is what its description says: every route, every body, every answer.

use std::collections::BTreeSet;

use discord_sim::Sim;
use reqwest::Method;
use serde_json::{Value, json};

use crate::control::start;

/// The methods that a path may have.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// `/sim/openapi.json` of a running simulator.
pub(crate) struct Described(Value);

impl Described {
    pub(crate) async fn fetch(sim: &Sim, client: &reqwest::Client) -> Self {
        let url = format!("{}/sim/openapi.json", sim.base_url());
        Self(client.get(url).send().await.unwrap().json().await.unwrap())
    }

    /// Every path with its methods and what stands there.
    fn operations(&self) -> impl Iterator<Item = (&str, &'static str, &Value)> {
        let paths = self.0.get("paths").and_then(Value::as_object).unwrap();
        paths.iter().flat_map(|(path, item)| {
            METHODS
                .into_iter()
                .filter_map(move |method| Some((path.as_str(), method, item.get(method)?)))
        })
    }

    /// The operation that a request is for.
    fn operation(&self, method: &Method, path: &str) -> Option<(&str, &Value)> {
        let path = path.split('?').next().unwrap_or_default();
        let given: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == given.len()
                && parts
                    .iter()
                    .zip(&given)
                    .all(|(part, value)| part.starts_with('{') || part == value)
        };
        self.operations()
            .find(|(template, named, _)| fits(template) && method.as_str().eq_ignore_ascii_case(named))
            .map(|(template, _, operation)| (template, operation))
    }

    /// What is wrong with `value`, held against a schema of the document.
    fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let whole = json!({ "allOf": [schema], "components": self.0.get("components") });
        let validator = jsonschema::draft202012::new(&whole).unwrap();
        validator
            .iter_errors(value)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect()
    }

    /// Holds a line of the live stream against the description.
    pub(crate) fn check_line(&self, line: &Value) {
        let schema = "/paths/~1sim~1events/get/responses/101/content/application~1json/schema";
        let faults = self.faults(self.0.pointer(schema).unwrap(), line);
        assert!(faults.is_empty(), "{line}: {faults:?}");
    }

    /// Holds an exchange against the description: the request, unless it was refused, and the answer. Gives the operation's
    /// id if it succeeded.
    pub(crate) fn check(
        &self,
        method: &Method,
        path: &str,
        sent: Option<&Value>,
        status: u16,
        answer: &Value,
    ) -> Option<String> {
        let found = self.operation(method, path);
        let (template, operation) = found.unwrap_or_else(|| panic!("{method} {path} is not described"));
        let succeeded = (200..300).contains(&status);
        if let Some(body) = sent.filter(|_| succeeded) {
            let schema = operation.pointer("/requestBody/content/application~1json/schema");
            let described = schema.is_some() || body == &json!({});
            assert!(described, "{method} {template} takes no body by its description");
            let faults = schema.map(|schema| self.faults(schema, body)).unwrap_or_default();
            assert!(faults.is_empty(), "{method} {template} {body}: {faults:?}");
        }
        let kind = if succeeded {
            status.to_string()
        } else {
            "default".to_owned()
        };
        let schema = operation
            .pointer(&format!("/responses/{kind}/content/application~1json/schema"))
            .unwrap_or_else(|| panic!("{method} {template}: {status} is not described"));
        let faults = self.faults(schema, answer);
        assert!(
            faults.is_empty(),
            "{method} {template} {status} {answer}: {faults:?}"
        );
        let id = operation.get("operationId").and_then(Value::as_str)?;
        succeeded.then(|| id.to_owned())
    }
}

/// A path of the description with something in the place of each parameter.
fn filled(template: &str) -> String {
    let parts = template
        .split('/')
        .map(|part| if part.starts_with('{') { "7" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn each_described_path_takes_the_described_methods_and_no_other() {
    let browser = start().await;
    let described = &browser.described;
    let paths: BTreeSet<&str> = described.operations().map(|(path, _, _)| path).collect();
    assert!(paths.len() > 20, "{paths:?}");
    for path in paths {
        for method in METHODS {
            let named = described.operations().any(|(p, m, _)| (p, m) == (path, method));
            let url = format!("{}{}", browser.sim.base_url(), filled(path));
            let method: Method = method.to_uppercase().parse().unwrap();
            // A body that no route takes: it is refused before anything happens.
            let sent = browser.client.request(method.clone(), url).body("?");
            let taken = sent.send().await.unwrap().status() != 405;
            assert_eq!(taken, named, "{method} {path}");
        }
    }
}

/// A route that is added beside the table would be served without being described.
#[test]
fn routes_come_from_the_table_only() {
    let source = include_str!("../../src/control/mod.rs");
    for way in [".route(", ".nest(", ".merge(", ".fallback("] {
        assert!(!source.contains(way), "{way}");
    }
}

#[tokio::test]
async fn everything_has_a_sentence_and_a_name_of_its_own() {
    let browser = start().await;
    assert_eq!(browser.described.0.get("openapi"), Some(&json!("3.1.0")));
    let mut ids = BTreeSet::new();
    for (path, method, operation) in browser.described.operations() {
        let told = ["summary", "description"].iter().any(|key| {
            operation
                .get(key)
                .and_then(Value::as_str)
                .is_some_and(|t| t.len() > 8)
        });
        assert!(told, "{method} {path} says nothing");
        let id = operation.get("operationId").and_then(Value::as_str).unwrap();
        assert!(ids.insert(id), "{id} twice");
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let named: BTreeSet<&str> = parameters
            .into_iter()
            .flatten()
            .filter(|p| p.get("in") == Some(&json!("path")))
            .map(|p| {
                assert!(p.get("description").is_some(), "{method} {path} {p}");
                p.get("name").and_then(Value::as_str).unwrap()
            })
            .collect();
        let wanted: BTreeSet<&str> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        assert_eq!(named, wanted, "{method} {path}");
    }
    let told = |id: &str| {
        let found = browser
            .described
            .operations()
            .find(|(_, _, o)| o.get("operationId") == Some(&json!(id)));
        found.unwrap().2.to_string()
    };
    for word in [
        "missing-permission",
        "lose-answer",
        "dead-resume-url",
        "without PERMISSION",
        "chaos off",
    ] {
        assert!(told("add_fault").contains(word), "{word}");
    }
    assert!(told("users").contains("\"query\""));
}

/// Walks through the whole API and holds every exchange against the description.
#[tokio::test]
async fn the_answers_fit_their_schemas() {
    let browser = start().await;
    let c = &browser.c;
    let (finn, general) = (c.finn, c.channels.general);
    let mut seen = BTreeSet::new();
    let mut call = async |method: Method, path: &str, body: Value| {
        let (status, answer, id) = browser.exchange(method.clone(), path, body).await;
        assert_eq!(status, 200, "{method} {path}: {answer}");
        seen.extend(id);
        answer
    };
    let id = |value: &Value| value.get("id").and_then(Value::as_str).unwrap().to_owned();

    call(Method::GET, "/openapi.json", json!({})).await;
    call(Method::GET, "/info", json!({})).await;
    let new = json!({ "name": "Robin", "guild": c.guild, "roles": [] });
    let robin = id(&call(Method::POST, "/users", new).await);
    call(Method::GET, "/users?query=robin", json!({})).await;
    call(Method::GET, "/users", json!({})).await;
    let me = format!("/users/{robin}");
    let shown = json!({ "status": "idle", "playing": "Chess", "takes_dms": true, "locale": "de" });
    call(Method::PATCH, &me, shown).await;
    call(Method::PATCH, &me, json!({ "playing": "Go" })).await;
    let view = call(Method::GET, &me, json!({})).await;
    assert_eq!(
        view.pointer("/guilds/0/members/0/status"),
        Some(&json!("idle")),
        "{view}"
    );
    let guild = format!("{me}/guilds/{}", c.guild);
    call(Method::DELETE, &guild, json!({})).await;
    call(Method::PUT, &guild, json!({})).await;
    call(Method::POST, &format!("{me}/dms"), json!({ "recipient": finn })).await;

    let place = format!("/users/{finn}/channels/{general}");
    let said = call(
        Method::POST,
        &format!("{place}/messages"),
        json!({ "content": "hi" }),
    )
    .await;
    let said = format!("{place}/messages/{}", id(&said));
    call(Method::PATCH, &said, json!({ "content": "hello" })).await;
    call(Method::PUT, &format!("{said}/reactions/%F0%9F%91%8D"), json!({})).await;
    call(Method::GET, &format!("{place}/messages?limit=3"), json!({})).await;
    call(
        Method::DELETE,
        &format!("{said}/reactions/%F0%9F%91%8D"),
        json!({}),
    )
    .await;
    call(Method::DELETE, &said, json!({})).await;
    call(Method::POST, &format!("{place}/typing"), json!({})).await;
    let asked = browser
        .as_bot(
            Method::POST,
            &format!("/channels/{general}/messages"),
            json!({ "poll": { "question": { "text": "Tea?" }, "answers": [{ "poll_media": { "text": "Yes" } }] } }),
        )
        .await;
    let votes = format!("{place}/messages/{}/votes", id(&asked));
    call(Method::POST, &votes, json!({ "answers": [1] })).await;
    let invite = browser
        .as_bot(Method::POST, &format!("/channels/{general}/invites"), json!({}))
        .await;
    let code = invite.get("code").and_then(Value::as_str).unwrap();
    call(Method::PUT, &format!("/users/{finn}/invites/{code}"), json!({})).await;
    call(Method::GET, &format!("/users/{finn}/invites/{code}"), json!({})).await;
    call(
        Method::POST,
        &format!("/users/{}/channels/{general}/invites", c.owner),
        json!({ "max_age": 0 }),
    )
    .await;
    let threads = format!("/users/{finn}/channels/{general}/threads");
    call(Method::POST, &threads, json!({ "name": "Rain" })).await;
    let forum = json!({ "name": "help", "type": 15 });
    let forum = browser
        .as_bot(Method::POST, &format!("/guilds/{}/channels", c.guild), forum)
        .await;
    let forum = format!("/users/{finn}/channels/{}", id(&forum));
    let post = json!({ "name": "It rains", "content": "What now?", "tags": [] });
    call(Method::POST, &format!("{forum}/threads"), post).await;
    let posts = call(Method::GET, &format!("{forum}/posts"), json!({})).await;
    assert_eq!(
        posts.pointer("/0/first/content"),
        Some(&json!("What now?")),
        "{posts}"
    );
    let lounge = browser
        .as_bot(
            Method::POST,
            &format!("/guilds/{}/channels", c.guild),
            json!({ "name": "Lounge", "type": 2 }),
        )
        .await;
    let lounge = id(&lounge);
    call(
        Method::PUT,
        &format!("/users/{finn}/channels/{lounge}/voice"),
        json!({}),
    )
    .await;
    call(
        Method::DELETE,
        &format!("/users/{finn}/guilds/{}/voice", c.guild),
        json!({}),
    )
    .await;
    let overwrite = json!({ "type": 1, "allow": "1024", "deny": 0 });
    call(
        Method::PUT,
        &format!("/channels/{lounge}/overwrites/{finn}"),
        overwrite,
    )
    .await;
    call(Method::DELETE, &format!("/channels/{lounge}"), json!({})).await;
    let roles = format!("/guilds/{}/members/{robin}/roles", c.guild);
    call(Method::PUT, &roles, json!({ "roles": [] })).await;

    let registry = format!("/applications/{}/commands", c.application);
    let commands = format!("{place}/commands");
    let (modals, components) = (format!("/users/{finn}/modals"), format!("{place}/components"));
    browser
        .as_bot(
            Method::POST,
            &registry,
            json!({ "name": "ask", "description": "Asks" }),
        )
        .await;
    call(Method::GET, &commands, json!({})).await;
    let run = call(Method::POST, &commands, json!({ "name": "ask" }));
    let answered = browser.answers_next(
        browser.live().await,
        json!({ "type": 9, "data": { "custom_id": "form", "title": "Form", "components": [
        { "type": 1, "components": [{ "type": 4, "custom_id": "text", "label": "Text", "style": 1 }] }] } }),
    );
    let (exchange, ()) = tokio::join!(run, answered);
    let interaction = exchange.get("interaction").unwrap().clone();
    let form = json!({ "interaction": interaction, "values": { "text": "x" } });
    let submit = call(Method::POST, &modals, form);
    let answered = browser.answers_next(browser.live().await, json!({ "type": 4, "data": { "content": "thanks", "components": [
        { "type": 1, "components": [{ "type": 2, "style": 1, "custom_id": "again", "label": "Again" }] }] } }));
    let (exchange, ()) = tokio::join!(submit, answered);
    let message = exchange.pointer("/responses/0/id").unwrap();
    let press = json!({ "message": message, "custom_id": "again" });
    let press = call(Method::POST, &components, press);
    let answered = browser.answers_next(
        browser.live().await,
        json!({ "type": 7, "data": { "content": "once more" } }),
    );
    let (exchange, ()) = tokio::join!(press, answered);
    assert_eq!(
        exchange.pointer("/updated/content"),
        Some(&json!("once more")),
        "{exchange}"
    );
    let interaction = exchange.get("interaction").and_then(Value::as_str).unwrap();
    call(
        Method::GET,
        &format!("/users/{finn}/interactions/{interaction}"),
        json!({}),
    )
    .await;

    call(Method::GET, "/clock", json!({})).await;
    call(Method::POST, "/clock", json!({ "advance_ms": 1 })).await;
    let rule =
        json!({ "method": "GET", "route": "/gateway", "times": 1, "effect": "server_error", "status": 500 });
    call(Method::POST, "/faults", rule).await;
    call(Method::POST, "/faults", json!({ "words": "GET latency 5ms x1" })).await;
    let waiting = call(Method::GET, "/faults", json!({})).await;
    assert_eq!(waiting.as_array().map(Vec::len), Some(2), "{waiting}");
    call(Method::DELETE, "/faults", json!({})).await;
    call(
        Method::POST,
        "/gateway-faults",
        json!({ "effect": "close", "code": 4000 }),
    )
    .await;
    call(
        Method::PUT,
        &format!("/guilds/{}", c.guild),
        json!({ "available": true }),
    )
    .await;
    call(Method::POST, "/quiet", json!({ "idle_ms": 5 })).await;

    // The WebSocket is checked line by line in `watchers_see_bodies_but_not_the_token`.
    seen.insert("events".to_owned());
    let all: BTreeSet<String> = browser
        .described
        .operations()
        .filter_map(|(_, _, o)| o.get("operationId")?.as_str().map(str::to_owned))
        .collect();
    assert_eq!(all.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// Whatever is wrong with a request of the page, it is told so in one form.
#[tokio::test]
async fn what_is_wrong_is_refused_in_discords_form() {
    let browser = start().await;
    let finn = browser.c.finn;
    let unknown = json!({ "effect": "explode" });
    for (method, path, body, status, code) in [
        (Method::GET, "/users/nobody".to_owned(), json!({}), 400, 50035),
        (Method::GET, "/users/7".to_owned(), json!({}), 404, 10013),
        (
            Method::PATCH,
            format!("/users/{finn}"),
            json!({ "status": "sleepy" }),
            400,
            50035,
        ),
        (
            Method::PATCH,
            format!("/users/{finn}"),
            json!({ "takes_dms": "yes" }),
            400,
            50035,
        ),
        (Method::POST, "/users".to_owned(), json!({}), 400, 50035),
        (
            Method::POST,
            "/clock".to_owned(),
            json!({ "advance_ms": -1 }),
            400,
            50035,
        ),
        (Method::POST, "/faults".to_owned(), unknown.clone(), 400, 50035),
        (
            Method::POST,
            "/faults".to_owned(),
            json!({ "words": "gateway explode" }),
            400,
            50035,
        ),
        (Method::POST, "/gateway-faults".to_owned(), unknown, 400, 50035),
    ] {
        let (got, answer, _) = browser.exchange(method.clone(), &path, body).await;
        assert_eq!(
            (got, answer.get("code")),
            (status, Some(&json!(code))),
            "{method} {path} {answer}"
        );
    }
    let url = format!("{}/sim/users", browser.sim.base_url());
    let raw = async |kind: &'static str, body: &'static str| {
        let sent = browser.client.post(&url).header("content-type", kind).body(body);
        let answer = sent.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap().get("code").cloned())
    };
    assert_eq!(raw("application/json", "{").await, (400, Some(json!(50109))));
    assert_eq!(raw("text/plain", "{}").await, (415, Some(json!(0))));
}
