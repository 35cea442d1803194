//! The answers of the Python version, recorded: the same calls give the same statuses and shapes, except where its faults
//! are mended.

use std::collections::BTreeMap;

use chrono::Duration;
use hazebot_core::Clock;
use hazebot_e2e::{client::Client, recorded, skipped};
use serde_json::{Value, json};

use crate::{
    stage::{Setting, Stage, status_is},
    town::Opened,
};

/// Calls whose right answer differs: name, who asks, status now, fault of the Python version.
const MENDED: &[(&str, &str, u16, &str)] = &[
    (
        "my",
        "legacy",
        400,
        "X05: a login without an account is no server error",
    ),
    ("one_2", "user", 403, "X20: tickets of others are not shown"),
    ("messages_other", "user", 403, "X20"),
    ("messages_closed", "admin", 200, "X32: whoever wrote first"),
    ("create_legacy", "legacy", 400, "X05"),
    ("send_message_legacy", "legacy", 400, "X05"),
    (
        "assign_bad_id",
        "admin",
        400,
        "X04: what callers send is never a server error",
    ),
    ("update", "user", 403, "X21: only staff change tickets"),
    ("update_bad_assign", "admin", 400, "X04"),
    (
        "close_no_body",
        "admin",
        200,
        "X04: an optional body may be left out",
    ),
    (
        "send_message_to_closed",
        "user",
        400,
        "X34: creators do not write into closed tickets",
    ),
];

/// Fields that the Python version left out in some of its three listings (X10, X11), and what tickets have since.
const ADDED: &[&str] = &[
    "priority",
    "tags",
    "participants",
    "close_request",
    "initial_message",
    "reopen_count",
    "avatar_url",
    "claimed_by_name",
    "claimed_by_avatar",
    "assigned_to_name",
    "assigned_to_avatar",
    "display_name",
    "username",
    "display_content",
];

struct Golden {
    callers: BTreeMap<&'static str, Client>,
    replaced: Vec<(String, String)>,
}

impl Golden {
    fn ours(&self, text: &str) -> String {
        let swap = |text: String, (from, to): &(String, String)| text.replace(from, to);
        self.replaced.iter().fold(text.to_owned(), swap)
    }

    /// Makes one recorded call; what differs.
    async fn differs(&self, call: &Value, problems: &mut Vec<String>) {
        let field = |name: &str| call[name].as_str().unwrap_or_default();
        let (name, who) = (field("name"), field("as"));
        let Some(caller) = self.callers.get(who) else {
            return;
        };
        let body: Option<Value> = match &call["request_body"] {
            Value::Null => None,
            body => Some(serde_json::from_str(&self.ours(&body.to_string())).unwrap()),
        };
        let path = self.ours(field("path"));
        let (status, answer) = caller.call(field("method"), &path, body.as_ref()).await.unwrap();
        let mended = MENDED.iter().find(|(n, w, ..)| (*n, *w) == (name, who));
        let wanted = mended.map_or(call["status"].as_u64().unwrap(), |mended| u64::from(mended.2));
        if u64::from(status) != wanted {
            problems.push(format!("{name} as {who}: {status} instead of {wanted}: {answer}"));
        }
        if mended.is_none() {
            shapes(&format!("{name} as {who}"), &call["response"], &answer, problems);
        }
    }
}

/// The kind of a recorded value; `None` for null, which says nothing.
fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some("bool"),
        Value::Number(_) => Some("number"),
        Value::String(text) if matches!(text.as_str(), "<int>" | "<float>") => Some("number"),
        Value::String(_) => Some("string"),
        Value::Array(_) => Some("array"),
        Value::Object(_) => Some("object"),
    }
}

fn shapes(at: &str, golden: &Value, ours: &Value, problems: &mut Vec<String>) {
    if let (Some(wanted), Some(found)) = (kind(golden), kind(ours))
        && wanted != found
    {
        problems.push(format!("{at}: {found} instead of {wanted}"));
        return;
    }
    match (golden, ours) {
        (Value::Object(golden), Value::Object(ours)) => {
            for (key, value) in golden {
                match ours.get(key) {
                    Some(found) => shapes(&format!("{at}.{key}"), value, found, problems),
                    None => problems.push(format!("{at}.{key} is missing")),
                }
            }
            let more = ours
                .keys()
                .filter(|key| !golden.contains_key(*key) && !ADDED.contains(&key.as_str()));
            problems.extend(more.map(|key| format!("{at}.{key} is new")));
        }
        (Value::Array(golden), Value::Array(ours)) => {
            let Some(first) = golden.first() else { return };
            for (n, found) in ours.iter().enumerate() {
                shapes(&format!("{at}[{n}]"), first, found, problems);
            }
        }
        _ => {}
    }
}

fn calls(file: &str) -> Option<Vec<Value>> {
    let path = recorded("data/golden")?.join(file);
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

/// The four tickets of the recording: an open one, a claimed one, a closed one, one claimed and assigned.
async fn tickets(stage: &Stage) -> Vec<Opened> {
    let (people, moderator) = (&stage.people, stage.moderator());
    let (staff, admin) = (stage.staff().await, people.admin.to_string());
    let claim = async |ticket: &Opened| {
        let answer = moderator
            .presses(ticket.control, &ticket.button("claim"))
            .await
            .unwrap();
        assert!(answer.text().contains("You have claimed"), "{answer:?}");
    };
    let first = stage.ticket().await;
    let second = stage.ticket_of(&stage.member(people.members[1])).await;
    claim(&second).await;
    // One ticket per hour.
    stage.clock.advance(Duration::hours(2));
    let third = stage.ticket().await;
    claim(&third).await;
    let (status, _) = staff.post(&third.path("/close"), json!({})).await.unwrap();
    assert_eq!(status, 200);
    let fourth = stage.ticket_of(&stage.member(people.members[2])).await;
    claim(&fourth).await;
    let (status, _) = staff
        .post(&fourth.path("/assign"), json!({ "assigned_to": admin }))
        .await
        .unwrap();
    assert_eq!(status, 200);
    status_is(&staff, &third, "Closed").await;
    stage.clock.advance(Duration::hours(27));
    vec![first, second, third, fourth]
}

async fn golden() -> (Stage, Golden) {
    let clock = Clock::manual(Clock::system().now() - Duration::hours(29));
    let stage = Stage::with(Setting {
        clock,
        ..Setting::default()
    })
    .await;
    let tickets = tickets(&stage).await;
    let people = &stage.people;
    let mut replaced = vec![
        ("1100000000000000301".to_owned(), people.admin.to_string()),
        ("1100000000000000302".to_owned(), people.moderators[0].to_string()),
        ("1100000000000000303".to_owned(), people.finn.to_string()),
        // The cogs of the recording that do not belong to the skeleton.
        ("RoleInfo".to_owned(), "DiscordLogging".to_owned()),
    ];
    for (ticket, number) in tickets.iter().zip(1..) {
        replaced.push((
            format!("11111111-1111-4111-8111-11111111111{number}"),
            ticket.id.clone(),
        ));
    }
    let login = json!({ "username": "desk", "password": "a-password-for-tests" });
    let (status, desk) = stage.anybody().post("/api/auth/login", login).await.unwrap();
    assert_eq!(status, 200, "{desk}");
    let callers = BTreeMap::from([
        ("admin", stage.admins().await),
        ("mod", stage.staff().await),
        ("user", stage.caller(people.finn).await),
        ("legacy", stage.anybody().with(desk["token"].as_str().unwrap())),
        ("anonymous", stage.anybody().clone()),
    ]);
    (stage, Golden { callers, replaced })
}

#[tokio::test]
async fn the_recorded_ticket_calls_are_answered_alike() {
    let Some(calls) = calls("tickets.json") else {
        return skipped("the recorded answers are not there");
    };
    let (stage, golden) = golden().await;
    let mut problems = Vec::new();
    for call in &calls {
        golden.differs(call, &mut problems).await;
    }
    stage.end().await;
    assert!(
        problems.is_empty(),
        "{} differences:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[tokio::test]
async fn the_recorded_calls_about_accounts_and_cogs_are_answered_alike() {
    let (Some(auth), Some(cogs)) = (calls("auth.json"), calls("cogs.json")) else {
        return skipped("the recorded answers are not there");
    };
    let (stage, golden) = golden().await;
    let mut problems = Vec::new();
    let names = [
        "me",
        "ping",
        "verify_token",
        "refresh",
        "unknown_endpoint",
        "wrong_method",
    ];
    for call in auth
        .iter()
        .filter(|call| names.contains(&call["name"].as_str().unwrap_or_default()))
    {
        golden.differs(call, &mut problems).await;
    }
    for call in &cogs {
        golden.differs(call, &mut problems).await;
    }
    stage.end().await;
    assert!(
        problems.is_empty(),
        "{} differences:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

/// Sections of the settings that are there; the others come with their features.
const SECTIONS: [&str; 4] = [
    "config_general",
    "config_channels",
    "config_roles",
    "config_tickets",
];

#[tokio::test]
async fn the_recorded_calls_about_settings_are_answered_alike() {
    let Some(config) = calls("config.json") else {
        return skipped("the recorded answers are not there");
    };
    let (stage, golden) = golden().await;
    let mut problems = Vec::new();
    // The labels are those of the recorded server.
    let recorded = config.iter().find(|call| call["name"] == "config_roles").unwrap();
    let role = stage.people.roles.ninjas.to_string();
    let labels: serde_json::Map<String, Value> = recorded["response"]["interest_roles"]
        .as_object()
        .unwrap()
        .keys()
        .map(|label| (label.clone(), json!(role)))
        .collect();
    let body = json!({ "interest_roles": labels });
    let (status, told) = golden.callers["admin"]
        .call("PUT", "/api/config/roles", Some(&body))
        .await
        .unwrap();
    assert_eq!(status, 200, "{told}");
    let named = |call: &&Value, names: &[&str]| names.contains(&call["name"].as_str().unwrap_or_default());
    for call in config.iter().filter(|call| named(call, &SECTIONS)) {
        golden.differs(call, &mut problems).await;
    }
    let changing = [
        "put_general",
        "put_general_interval_too_big",
        "put_channels_negative",
        "put_channels_text",
        "put_channels_unknown_key",
        "put_roles_bad",
        "put_roles_list_bad",
        "reset_general",
        "reset_channels",
        "reset_tickets",
    ];
    for call in config.iter().filter(|call| named(call, &changing)) {
        golden.differs(call, &mut problems).await;
    }
    stage.end().await;
    assert!(
        problems.is_empty(),
        "{} differences:\n{}",
        problems.len(),
        problems.join("\n")
    );
}
