//! Every limit that Discord documents: how much of what, how long, how large, who above whom.

use discord_sim::world::permissions::Permissions;
use discord_sim::{BotRights, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::raw::{Raw, code, text};

/// Whatever a wrong field is called, its path stands in the answer.
#[tokio::test]
async fn each_limit_of_a_message_names_its_field() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let path = format!("/channels/{}/messages", raw.c.channels.general);
    let long = |n: usize| "x".repeat(n);
    let row = |inner: Value| json!({ "components": [{ "type": 1, "components": inner }] });
    let button = json!({ "type": 2, "style": 1, "label": "x", "custom_id": "x" });
    let buttons = |n: usize| -> Vec<Value> {
        (0..n)
            .map(|at| json!({ "type": 2, "style": 1, "label": "x", "custom_id": at.to_string() }))
            .collect()
    };
    let options = |n: usize| -> Vec<Value> {
        (0..n)
            .map(|at| json!({ "label": "x", "value": at.to_string() }))
            .collect()
    };
    let select = |more: Value| {
        let mut select = json!({ "type": 3, "custom_id": "x", "options": options(2) });
        if let (Value::Object(select), Value::Object(more)) = (&mut select, more) {
            select.extend(more);
        }
        row(json!([select]))
    };
    let embed = |inner: Value| json!({ "embeds": [inner] });
    let field = json!({ "name": "n", "value": "v" });
    let v2 = |list: Vec<Value>| json!({ "flags": 1 << 15, "components": list });
    let texts = |n: usize, of: usize| -> Vec<Value> {
        (0..n)
            .map(|_| json!({ "type": 10, "content": long(of) }))
            .collect()
    };
    for (body, field) in [
        (json!({ "content": long(2001) }), "content"),
        (json!({ "embeds": vec![json!({ "title": "t" }); 11] }), "embeds"),
        (embed(json!({ "title": long(257) })), "embeds/0/title"),
        (
            embed(json!({ "description": long(4097) })),
            "embeds/0/description",
        ),
        (
            embed(json!({ "footer": { "text": long(2049) } })),
            "embeds/0/footer/text",
        ),
        (
            embed(json!({ "author": { "name": long(257) } })),
            "embeds/0/author/name",
        ),
        (embed(json!({ "fields": vec![field; 26] })), "embeds/0/fields"),
        (
            embed(json!({ "fields": [{ "name": long(257), "value": "v" }] })),
            "embeds/0/fields/0/name",
        ),
        (
            embed(json!({ "fields": [{ "name": "n", "value": long(1025) }] })),
            "embeds/0/fields/0/value",
        ),
        (embed(json!({ "color": 0x0100_0000 })), "embeds/0/color"),
        (embed(json!({ "timestamp": "yesterday" })), "embeds/0/timestamp"),
        (
            json!({ "embeds": [{ "description": long(3001) }, { "description": long(3000) }] }),
            "embeds",
        ),
        (
            json!({ "components": vec![json!({ "type": 1, "components": [button] }); 6] }),
            "components",
        ),
        (row(json!(buttons(6))), "components/0/components"),
        (
            row(json!([{ "type": 2, "style": 1, "label": long(81), "custom_id": "x" }])),
            "components/0/components/0/label",
        ),
        (
            row(json!([{ "type": 2, "style": 1, "label": "x", "custom_id": long(101) }])),
            "components/0/components/0/custom_id",
        ),
        (
            row(json!([{ "type": 2, "style": 5, "label": "x", "url": "nowhere" }])),
            "components/0/components/0/url",
        ),
        (
            select(json!({ "options": options(26) })),
            "components/0/components/0/options",
        ),
        (
            select(json!({ "placeholder": long(151) })),
            "components/0/components/0/placeholder",
        ),
        (
            select(json!({ "max_values": 26 })),
            "components/0/components/0/max_values",
        ),
        (
            select(json!({ "options": [{ "label": long(101), "value": "x" }] })),
            "components/0/components/0/options/0/label",
        ),
        (
            select(json!({ "options": [{ "label": "x", "value": long(101) }] })),
            "components/0/components/0/options/0/value",
        ),
        (v2(texts(41, 1)), "components"),
        (v2(texts(3, 1400)), "components"),
        (
            json!({ "flags": 1 << 15, "content": "x", "components": texts(1, 1) }),
            "content",
        ),
        (json!({ "nonce": long(26), "content": "x" }), "nonce"),
        (
            json!({ "content": "x", "allowed_mentions": { "users": vec!["1"; 101] } }),
            "allowed_mentions/users",
        ),
        (
            json!({ "poll": { "question": { "text": long(301) }, "answers": [{ "poll_media": { "text": "x" } }] } }),
            "poll/question/text",
        ),
        (
            json!({ "poll": { "question": { "text": "x" }, "answers": vec![json!({ "poll_media": { "text": "x" } }); 11] } }),
            "poll/answers",
        ),
    ] {
        let (status, answer) = raw.send(Method::POST, &path, body).await;
        assert_eq!((status, code(&answer)), (400, 50035), "{field}: {answer}");
        assert!(
            answer
                .pointer(&format!("/errors/{field}/_errors/0/message"))
                .is_some(),
            "{field}: {answer}"
        );
    }
    raw.ok(Method::POST, &path, json!({ "content": long(2000) }))
        .await;
    raw.ok(Method::POST, &path, v2(texts(40, 100))).await;
}

#[tokio::test]
async fn each_limit_of_a_command_names_its_field() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let path = format!("/applications/{}/commands", raw.c.application);
    let long = |n: usize| "x".repeat(n);
    let option = |more: Value| {
        let mut option = json!({ "type": 3, "name": "o", "description": "d" });
        if let (Value::Object(option), Value::Object(more)) = (&mut option, more) {
            option.extend(more);
        }
        json!({ "name": "x", "description": "d", "options": [option] })
    };
    let choices = |n: usize| -> Vec<Value> {
        (0..n)
            .map(|at| json!({ "name": at.to_string(), "value": "v" }))
            .collect()
    };
    let many: Vec<Value> = (0..26)
        .map(|at| json!({ "type": 3, "name": format!("o{at}"), "description": "d" }))
        .collect();
    for (body, field) in [
        (json!({ "name": long(33), "description": "d" }), "name"),
        (json!({ "name": "Upper", "description": "d" }), "name"),
        (json!({ "name": "x", "description": long(101) }), "description"),
        (json!({ "name": "x" }), "description"),
        (
            json!({ "name": "x", "description": "d", "options": many }),
            "options",
        ),
        (option(json!({ "name": "Big" })), "options/0/name"),
        (option(json!({ "choices": choices(26) })), "options/0/choices"),
        (
            option(json!({ "choices": choices(1), "autocomplete": true })),
            "options/0/autocomplete",
        ),
        (option(json!({ "min_length": 6001 })), "options/0/min_length"),
        (
            json!({ "name": "x", "description": "d", "nonsense": 1 }),
            "nonsense",
        ),
    ] {
        let (status, answer) = raw.send(Method::POST, &path, body).await;
        assert_eq!((status, code(&answer)), (400, 50035), "{field}: {answer}");
        assert!(
            answer.pointer(&format!("/errors/{field}/_errors")).is_some(),
            "{field}: {answer}"
        );
    }
    let list: Vec<Value> = (0..101)
        .map(|at| json!({ "name": format!("c{at}"), "description": "d" }))
        .collect();
    assert_eq!(raw.fails(Method::PUT, &path, json!(list)).await, (400, 30032));
    let list: Vec<Value> = list.into_iter().take(100).collect();
    raw.ok(Method::PUT, &path, json!(list)).await;
    let one_more = json!({ "name": "more", "description": "d" });
    assert_eq!(raw.fails(Method::POST, &path, one_more).await, (400, 30032));
}

#[tokio::test]
async fn there_is_only_so_much_of_everything() {
    let raw = Raw::start(BotRights::Administrator).await;
    let (guild, general) = (raw.c.guild, raw.c.channels.general);
    raw.sim.change(|w| {
        while w.guild(guild).unwrap().roles.len() < 250 {
            w.add_role(guild, "r", 0, Permissions::NONE);
        }
        while w.guild(guild).unwrap().channels.len() < 500 {
            w.add_text_channel(guild, "c", None);
        }
    });
    let post = async |path: String, body: Value| raw.fails(Method::POST, &path, body).await;
    assert_eq!(
        post(format!("/guilds/{guild}/roles"), json!({})).await,
        (400, 30005)
    );
    assert_eq!(
        post(format!("/guilds/{guild}/channels"), json!({ "name": "x" })).await,
        (400, 30013)
    );

    let hooks = format!("/channels/{general}/webhooks");
    for _ in 0..15 {
        raw.ok(Method::POST, &hooks, json!({ "name": "x" })).await;
    }
    assert_eq!(post(hooks, json!({ "name": "x" })).await, (400, 30007));

    let said = raw.sim.as_user(raw.c.finn).says(general, "x").unwrap();
    let react = |n: u32| {
        let emoji = char::from_u32(0x1F600 + n).unwrap();
        format!("/channels/{general}/messages/{said}/reactions/{emoji}/@me")
    };
    for n in 0..20 {
        raw.ok(Method::PUT, &react(n), json!({})).await;
    }
    assert_eq!(raw.fails(Method::PUT, &react(20), json!({})).await, (400, 30010));

    let emojis = format!("/guilds/{guild}/emojis");
    let emoji = |kind: &str| json!({ "name": "dot", "image": format!("data:image/{kind};base64,R0lG") });
    for _ in 0..50 {
        raw.ok(Method::POST, &emojis, emoji("png")).await;
    }
    assert_eq!(post(emojis.clone(), emoji("png")).await, (400, 30008));
    raw.ok(Method::POST, &emojis, emoji("gif")).await;
    let large = json!({ "name": "dot", "image": format!("data:image/png;base64,{}", "A".repeat(360_000)) });
    assert_eq!(post(emojis, large).await, (400, 50035));
}

#[tokio::test]
async fn a_channel_has_250_pins_and_a_category_50_channels() {
    let raw = Raw::start(BotRights::Administrator).await;
    let (guild, general) = (raw.c.guild, raw.c.channels.general);
    let (mut ids, category) = (Vec::new(), raw.c.channels.community);
    raw.sim.change(|w| {
        w.limits.messages_per_channel = 1000;
        while w
            .channels
            .values()
            .filter(|c| c.parent_id == Some(category))
            .count()
            < 50
        {
            w.add_text_channel(guild, "c", Some(category));
        }
    });
    for _ in 0..251 {
        ids.push(raw.sim.as_user(raw.c.finn).says(general, "x").unwrap());
    }
    let last = ids.pop().unwrap();
    for id in ids {
        raw.ok(
            Method::PUT,
            &format!("/channels/{general}/messages/pins/{id}"),
            json!({}),
        )
        .await;
    }
    let path = format!("/channels/{general}/messages/pins/{last}");
    assert_eq!(raw.fails(Method::PUT, &path, json!({})).await, (400, 30003));
    let body = json!({ "name": "x", "parent_id": category });
    let (_, answer) = raw
        .send(Method::POST, &format!("/guilds/{guild}/channels"), body)
        .await;
    assert_eq!(
        text(&answer, "/errors/parent_id/_errors/0/code"),
        "CHANNEL_PARENT_MAX_CHANNELS"
    );
}

#[tokio::test]
async fn a_file_of_more_than_ten_megabytes_is_too_large() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let path = format!("/channels/{}/messages", raw.c.channels.general);
    let large = vec![0; 10 * 1024 * 1024 + 1];
    let largest = vec![0; 10 * 1024 * 1024];
    let (status, answer) = raw.upload(&path, &json!({}), &[("a.bin", &large)]).await;
    assert_eq!((status, code(&answer)), (413, 40005));
    let files: Vec<(&str, &[u8])> = vec![("a.txt", b"x"); 11];
    let (status, answer) = raw.upload(&path, &json!({}), &files).await;
    assert_eq!((status, code(&answer)), (400, 50035));
    let files: Vec<(&str, &[u8])> = vec![("a.bin", &largest); 3];
    let (status, answer) = raw.upload(&path, &json!({}), &files).await;
    assert_eq!((status, code(&answer)), (413, 40005), "25 MiB in all");
    let (status, _) = raw.upload(&path, &json!({}), &[("a.bin", &largest)]).await;
    assert_eq!(status, 200);
}

/// The rights and the order of roles decide, whatever the bot asks for.
#[tokio::test]
async fn who_stands_above_whom_decides() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let (guild, c) = (raw.c.guild, &raw.c);
    let moderator = *c.moderators.first().unwrap();
    let until = discord_sim::iso(raw.sim.clock().now() + 60_000);
    let member = |id: Id| format!("/guilds/{guild}/members/{id}");
    let role = |id: Id| format!("/guilds/{guild}/roles/{id}");
    let forbidden: Vec<(Method, String, Value)> = vec![
        (Method::DELETE, member(c.owner), json!({})),
        (Method::DELETE, member(c.admin), json!({})),
        (
            Method::PUT,
            format!("/guilds/{guild}/bans/{}", c.admin),
            json!({}),
        ),
        (Method::PATCH, member(c.admin), json!({ "nick": "x" })),
        (Method::PATCH, member(c.owner), json!({ "nick": "x" })),
        (
            Method::PATCH,
            member(c.admin),
            json!({ "communication_disabled_until": until }),
        ),
        (Method::PATCH, member(c.finn), json!({ "roles": [c.roles.admin] })),
        (
            Method::PUT,
            format!("{}/roles/{}", member(c.finn), c.roles.admin),
            json!({}),
        ),
        (
            Method::PUT,
            format!("{}/roles/{}", member(c.finn), c.roles.bot),
            json!({}),
        ),
        (Method::PATCH, role(c.roles.admin), json!({ "name": "x" })),
        (Method::DELETE, role(c.roles.admin), json!({})),
        (Method::PATCH, role(c.roles.member), json!({ "permissions": "8" })),
        (
            Method::PATCH,
            format!("/guilds/{guild}/roles"),
            json!([{ "id": c.roles.member, "position": 50 }]),
        ),
    ];
    for (method, path, body) in forbidden {
        assert_eq!(
            raw.fails(method.clone(), &path, body).await,
            (403, 50013),
            "{method} {path}"
        );
    }
    let allowed: Vec<(Method, String, Value)> = vec![
        (Method::PATCH, member(moderator), json!({ "nick": "Mo" })),
        (
            Method::PATCH,
            member(c.finn),
            json!({ "communication_disabled_until": until }),
        ),
        (
            Method::PUT,
            format!("{}/roles/{}", member(c.finn), c.roles.events),
            json!({}),
        ),
        (Method::DELETE, member(c.newcomer), json!({})),
    ];
    for (method, path, body) in allowed {
        raw.ok(method, &path, body).await;
    }
    let far = discord_sim::iso(raw.sim.clock().now() + 29 * 24 * 3_600_000);
    let body = json!({ "communication_disabled_until": far });
    assert_eq!(
        raw.fails(Method::PATCH, &member(c.finn), body).await,
        (400, 50035)
    );
    let both = json!({ "user_ids": [c.finn, c.owner] });
    let path = format!("/guilds/{guild}/bulk-ban");
    assert_eq!(raw.fails(Method::POST, &path, both).await, (403, 50013));
    let raw = Raw::start(BotRights::Administrator).await;
    let path = format!("/guilds/{}/bulk-ban", raw.c.guild);
    let both = json!({ "user_ids": [raw.c.finn, raw.c.owner] });
    let answer = raw.ok(Method::POST, &path, both.clone()).await;
    assert_eq!(text(&answer, "/banned_users/0"), raw.c.finn.to_string());
    assert_eq!(text(&answer, "/failed_users/0"), raw.c.owner.to_string());
    assert_eq!(raw.fails(Method::POST, &path, both).await, (400, 500_000));
}
