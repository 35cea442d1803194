//! Forums, threads and who is in them.

use discord_sim::world::permissions::Permissions;
use discord_sim::{BotRights, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::raw::{Raw, text};

async fn forum(raw: &Raw, more: Value) -> Value {
    let mut body = json!({ "name": "Help Me", "type": 15, "topic": "Ask", "default_auto_archive_duration": 60,
        "default_thread_rate_limit_per_user": 5, "default_sort_order": 1, "default_forum_layout": 2,
        "default_reaction_emoji": { "emoji_id": null, "emoji_name": "👍" },
        "available_tags": [{ "name": "open" }, { "name": "solved", "moderated": true, "emoji_name": "✅" }] });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    raw.ok(Method::POST, &format!("/guilds/{}/channels", raw.c.guild), body)
        .await
}

fn id(answer: &Value) -> Id {
    text(answer, "/id").parse().unwrap()
}

#[tokio::test]
async fn a_post_has_its_first_message_its_tags_and_its_forums_defaults() {
    let raw = Raw::start(BotRights::Administrator).await;
    let made = forum(&raw, json!({})).await;
    assert_eq!(text(&made, "/name"), "help-me");
    assert_eq!(text(&made, "/available_tags/1/emoji_name"), "✅");
    assert_eq!(made.get("default_sort_order"), Some(&json!(1)));
    let (path, open) = (
        format!("/channels/{}/threads", id(&made)),
        text(&made, "/available_tags/0/id"),
    );
    let body =
        json!({ "name": "It does not start", "applied_tags": [open], "message": { "content": "Help!" } });
    let post = raw.ok(Method::POST, &path, body).await;
    assert_eq!(text(&post, "/message/id"), text(&post, "/id"));
    assert_eq!(text(&post, "/applied_tags/0"), open);
    assert_eq!(post.get("rate_limit_per_user"), Some(&json!(5)));
    assert_eq!(
        post.pointer("/thread_metadata/auto_archive_duration"),
        Some(&json!(60))
    );
    let shown = raw.get(&format!("/channels/{}", id(&post))).await;
    assert_eq!(
        shown.get("message_count"),
        Some(&json!(0)),
        "the first message does not count"
    );
    let (status, _) = raw
        .upload(
            &path,
            &json!({ "name": "With a file", "message": { "content": "see" } }),
            &[("a.txt", b"x")],
        )
        .await;
    assert_eq!(status, 201);
}

#[tokio::test]
async fn tags_and_forums_have_their_rules() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let made = raw
        .sim
        .change(|w| w.add_channel_of(raw.c.guild, 15, "help", None));
    let path = format!("/channels/{made}");
    let tags = json!({ "available_tags": [{ "name": "open" }, { "name": "solved", "moderated": true }], "flags": 16 });
    let shown = raw.ok(Method::PATCH, &path, tags).await;
    let (open, solved) = (
        text(&shown, "/available_tags/0/id").to_owned(),
        text(&shown, "/available_tags/1/id").to_owned(),
    );
    let threads = format!("{path}/threads");
    let post = |tags: Value| json!({ "name": "x", "applied_tags": tags, "message": { "content": "y" } });
    let fails = async |body: Value| raw.fails(Method::POST, &threads, body).await;
    assert_eq!(fails(json!({ "name": "x" })).await, (400, 50035));
    assert_eq!(
        fails(json!({ "name": "x", "message": { "content": "x".repeat(2001) } })).await,
        (400, 50035)
    );
    assert_eq!(
        fails(json!({ "name": "x", "applied_tags": [open], "message": {} })).await,
        (400, 50006)
    );
    assert_eq!(fails(post(json!([]))).await, (400, 40067));
    assert_eq!(fails(post(json!(["1"]))).await, (404, 10087));
    assert_eq!(
        fails(post(json!([open, open, open, open, open, open]))).await,
        (400, 50035)
    );
    let messages = format!("{path}/messages");
    assert_eq!(
        raw.fails(Method::POST, &messages, json!({ "content": "x" }))
            .await,
        (400, 40058)
    );
    assert_eq!(
        raw.ok(Method::POST, &threads, post(json!([open])))
            .await
            .get("type"),
        Some(&json!(11))
    );
    // Without the right to manage threads a moderated tag is out of reach.
    let bot_role = raw.c.roles.bot;
    let without = Permissions::MANAGE_THREADS | Permissions::ADMINISTRATOR;
    raw.sim.change(|w| {
        let guild = w.guilds.get_mut(&raw.c.guild).unwrap();
        let role = guild.roles.get_mut(&bot_role).unwrap();
        role.permissions = role.permissions.without(without);
    });
    assert_eq!(fails(post(json!([solved]))).await, (403, 50013));
    let twice = json!({ "available_tags": [{ "name": "a" }, { "name": "a" }] });
    assert_eq!(raw.fails(Method::PATCH, &path, twice).await, (400, 40061));
    let many: Vec<Value> = (0..21).map(|n| json!({ "name": n.to_string() })).collect();
    assert_eq!(
        raw.fails(Method::PATCH, &path, json!({ "available_tags": many }))
            .await,
        (400, 50035)
    );
}

#[tokio::test]
async fn posts_are_found_by_name_and_tag() {
    let raw = Raw::start(BotRights::Administrator).await;
    let made = forum(&raw, json!({})).await;
    let forum = id(&made);
    let open = text(&made, "/available_tags/0/id");
    for (name, tags) in [
        ("Red boat", json!([open])),
        ("Blue boat", json!([])),
        ("Red car", json!([])),
    ] {
        let body = json!({ "name": name, "applied_tags": tags, "message": { "content": name } });
        raw.ok(Method::POST, &format!("/channels/{forum}/threads"), body)
            .await;
        raw.wait(1);
    }
    let names = async |query: &str| {
        let found = raw
            .get(&format!("/channels/{forum}/threads/search?{query}"))
            .await;
        let list = found.get("threads").and_then(Value::as_array).unwrap().clone();
        let names: Vec<String> = list.iter().map(|t| text(t, "/name").to_owned()).collect();
        (names, found.get("total_results").and_then(Value::as_u64).unwrap())
    };
    assert_eq!(
        names("name=red").await,
        (vec!["Red car".to_owned(), "Red boat".to_owned()], 2)
    );
    assert_eq!(names(&format!("tag={open}")).await.0, ["Red boat"]);
    assert_eq!(
        names("sort_by=creation_time&sort_order=asc&limit=1&offset=1").await,
        (vec!["Blue boat".to_owned()], 3)
    );
    assert_eq!(names("archived=true").await.1, 0);
}

#[tokio::test]
async fn a_silent_thread_is_archived_and_wakes_when_somebody_writes() {
    let raw = Raw::start(BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let body = json!({ "name": "aside", "type": 11, "auto_archive_duration": 60 });
    let thread = id(&raw
        .ok(Method::POST, &format!("/channels/{general}/threads"), body)
        .await);
    let archived = async || {
        let shown = raw.get(&format!("/channels/{thread}")).await;
        shown
            .pointer("/thread_metadata/archived")
            .and_then(Value::as_bool)
            .unwrap()
    };
    raw.wait(59 * 60);
    raw.sim.as_user(raw.c.finn).says(thread, "still here").unwrap();
    raw.wait(59 * 60);
    assert!(!archived().await);
    raw.wait(60);
    assert!(archived().await);
    let list = raw
        .get(&format!("/channels/{general}/threads/archived/public"))
        .await;
    assert_eq!(text(&list, "/threads/0/id"), thread.to_string());
    let active = raw.get(&format!("/guilds/{}/threads/active", raw.c.guild)).await;
    assert_eq!(active.get("threads"), Some(&json!([])));
    let rename = json!({ "name": "x" });
    assert_eq!(
        raw.fails(Method::PATCH, &format!("/channels/{thread}"), rename)
            .await,
        (400, 50083)
    );
    let me = format!("/channels/{thread}/thread-members/{}", raw.c.owner);
    assert_eq!(raw.fails(Method::PUT, &me, json!({})).await, (400, 50083));
    raw.ok(
        Method::POST,
        &format!("/channels/{thread}/messages"),
        json!({ "content": "up" }),
    )
    .await;
    assert!(!archived().await);
    raw.ok(
        Method::PATCH,
        &format!("/channels/{thread}"),
        json!({ "locked": true }),
    )
    .await;
    assert!(raw.sim.as_user(raw.c.finn).says(thread, "locked out").is_err());
}

#[tokio::test]
async fn private_threads_are_listed_for_staff_and_for_those_inside() {
    let raw = Raw::start(BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let path = format!("/channels/{general}/threads");
    let mut made = Vec::new();
    for name in ["one", "two", "three"] {
        let thread = id(&raw
            .ok(Method::POST, &path, json!({ "name": name, "type": 12 }))
            .await);
        raw.wait(1);
        raw.ok(
            Method::PATCH,
            &format!("/channels/{thread}"),
            json!({ "archived": true }),
        )
        .await;
        made.push(thread.to_string());
    }
    let [one, two, three] = made.as_slice() else {
        unreachable!("three were made")
    };
    let ids = |list: &Value| -> Vec<String> {
        let threads = list.get("threads").and_then(Value::as_array).unwrap();
        threads.iter().map(|t| text(t, "/id").to_owned()).collect()
    };
    let page = raw.get(&format!("{path}/archived/private?limit=2")).await;
    assert_eq!(
        (ids(&page), page.get("has_more")),
        (vec![three.clone(), two.clone()], Some(&json!(true)))
    );
    let before = text(&page, "/threads/1/thread_metadata/archive_timestamp").replace('+', "%2B");
    let rest = raw.get(&format!("{path}/archived/private?before={before}")).await;
    assert_eq!(ids(&rest), std::slice::from_ref(one));
    let own = format!(
        "/channels/{general}/users/@me/threads/archived/private?before={}",
        three
    );
    assert_eq!(ids(&raw.get(&own).await), [two.clone(), one.clone()]);
    assert_eq!(
        raw.get(&own)
            .await
            .get("members")
            .and_then(Value::as_array)
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn a_threads_members_can_be_added_read_and_taken_out() {
    let raw = Raw::start(BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let body = json!({ "name": "secret", "type": 12, "invitable": false });
    let thread = id(&raw
        .ok(Method::POST, &format!("/channels/{general}/threads"), body)
        .await);
    let path = format!("/channels/{thread}/thread-members");
    raw.ok(Method::PUT, &format!("{path}/{}", raw.c.finn), json!({}))
        .await;
    let member = raw.get(&format!("{path}/{}?with_member=true", raw.c.finn)).await;
    assert_eq!(text(&member, "/member/user/id"), raw.c.finn.to_string());
    assert_eq!(raw.get(&format!("{path}/@me")).await.get("member"), None);
    let after = raw.c.bot.min(raw.c.finn);
    let rest = raw
        .get(&format!("{path}?with_member=true&limit=1&after={after}"))
        .await;
    assert_eq!(rest.as_array().unwrap().len(), 1);
    assert_eq!(raw.get(&path).await.as_array().unwrap().len(), 2);
    assert_eq!(
        raw.fails(Method::GET, &format!("{path}/{}", raw.c.owner), json!({}))
            .await,
        (404, 10007)
    );
    assert_eq!(
        raw.fails(Method::PUT, &format!("{path}/{}", raw.c.stranger), json!({}))
            .await,
        (404, 10007)
    );
    raw.ok(Method::DELETE, &format!("{path}/{}", raw.c.finn), json!({}))
        .await;
    assert!(raw.sim.as_user(raw.c.finn).says(thread, "x").is_err());
    raw.ok(Method::DELETE, &format!("{path}/@me"), json!({})).await;
}

#[tokio::test]
async fn webhooks_start_posts_in_forums_only() {
    let raw = Raw::start(BotRights::Administrator).await;
    let forum = id(&forum(&raw, json!({})).await);
    let general = raw.c.channels.general;
    let hook = async |channel: Id| {
        let made = raw
            .ok(
                Method::POST,
                &format!("/channels/{channel}/webhooks"),
                json!({ "name": "Herald" }),
            )
            .await;
        format!("/webhooks/{}/{}", text(&made, "/id"), text(&made, "/token"))
    };
    let (in_forum, in_text) = (hook(forum).await, hook(general).await);
    let post = json!({ "content": "news", "thread_name": "Today" });
    let (status, message) = raw
        .openly(Method::POST, &format!("{in_forum}?wait=true"), post.clone())
        .await;
    assert_eq!(status, 200, "{message}");
    assert_eq!(text(&message, "/id"), text(&message, "/channel_id"));
    let thread = text(&message, "/channel_id").to_owned();
    let fails = async |path: String, body: Value| {
        let (_, answer) = raw.openly(Method::POST, &path, body).await;
        crate::raw::code(&answer)
    };
    assert_eq!(fails(in_forum.clone(), json!({ "content": "x" })).await, 220_001);
    assert_eq!(
        fails(format!("{in_forum}?thread_id={thread}"), post.clone()).await,
        220_002
    );
    assert_eq!(fails(in_text, post).await, 220_003);
    let more = format!("{in_forum}?wait=true&thread_id={thread}");
    let (_, second) = raw
        .openly(Method::POST, &more, json!({ "content": "more" }))
        .await;
    let path = format!("{in_forum}/messages/{}?thread_id={thread}", text(&second, "/id"));
    let (status, _) = raw
        .openly(Method::PATCH, &path, json!({ "content": "edited" }))
        .await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn starting_a_thread_is_told_in_its_channel() {
    let raw = Raw::start(BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let said = raw.sim.as_user(raw.c.finn).says(general, "shall we?").unwrap();
    let on = format!("/channels/{general}/messages/{said}/threads");
    let thread = id(&raw.ok(Method::POST, &on, json!({ "name": "plan" })).await);
    assert_eq!(thread, said);
    assert_eq!(
        raw.fails(Method::POST, &on, json!({ "name": "plan" })).await,
        (400, 160_004)
    );
    let first = raw.get(&format!("/channels/{thread}/messages")).await;
    assert_eq!(first.pointer("/0/type"), Some(&json!(21)));
    assert_eq!(text(&first, "/0/message_reference/message_id"), said.to_string());
    let path = format!("/channels/{general}/threads");
    let free = raw
        .ok(Method::POST, &path, json!({ "name": "aside", "type": 11 }))
        .await;
    let last = raw.get(&format!("/channels/{general}/messages?limit=1")).await;
    assert_eq!(last.pointer("/0/type"), Some(&json!(18)));
    assert_eq!(text(&last, "/0/message_reference/channel_id"), text(&free, "/id"));
}
