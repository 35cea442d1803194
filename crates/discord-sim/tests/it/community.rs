//! What a guild's staff sets: emojis, newcomers' screens, commands' permissions, webhooks; and the audit log of it.

use discord_sim::BotRights;
use reqwest::Method;
use serde_json::{Value, json};

use crate::raw::{Raw, code, text};

/// A picture of one dot.
const DOT: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[tokio::test]
async fn emojis_are_uploaded_renamed_used_and_deleted() {
    let raw = Raw::start(BotRights::Administrator).await;
    for base in [
        format!("/guilds/{}/emojis", raw.c.guild),
        format!("/applications/{}/emojis", raw.c.application),
    ] {
        let made = raw
            .ok(Method::POST, &base, json!({ "name": "dot", "image": DOT }))
            .await;
        let id = text(&made, "/id").to_owned();
        assert_eq!(text(&made, "/user/id"), raw.c.bot.to_string());
        let picture = format!("{}/emojis/{id}.png", raw.sim.base_url());
        let shown = raw
            .client
            .get(picture)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        assert_eq!(shown.len(), 70, "the CDN shows what was uploaded");
        let one = format!("{base}/{id}");
        assert_eq!(
            text(
                &raw.ok(Method::PATCH, &one, json!({ "name": "spot" })).await,
                "/name"
            ),
            "spot"
        );
        assert_eq!(text(&raw.get(&one).await, "/name"), "spot");
        let said = raw
            .sim
            .as_user(raw.c.finn)
            .says(raw.c.channels.general, "x")
            .unwrap();
        let react = format!(
            "/channels/{}/messages/{said}/reactions/spot%3A{id}/@me",
            raw.c.channels.general
        );
        raw.ok(Method::PUT, &react, json!({})).await;
        raw.ok(Method::DELETE, &one, json!({})).await;
        assert_eq!(raw.fails(Method::GET, &one, json!({})).await, (404, 10014));
        for (body, path) in [
            (json!({ "name": "x", "image": DOT }), "/errors/name"),
            (json!({ "name": "dot", "image": "nonsense" }), "/errors/image"),
            (json!({ "name": "dot" }), "/errors/image"),
        ] {
            let (status, answer) = raw.send(Method::POST, &base, body).await;
            assert_eq!((status, answer.pointer(path).is_some()), (400, true), "{answer}");
        }
    }
    let list = raw
        .get(&format!("/applications/{}/emojis", raw.c.application))
        .await;
    assert_eq!(list, json!({ "items": [] }));
}

#[tokio::test]
async fn newcomers_screens_and_the_widget_are_set_and_shown() {
    let raw = Raw::start(BotRights::Administrator).await;
    let guild = format!("/guilds/{}", raw.c.guild);
    let general = raw.c.channels.general;
    let welcome = format!("{guild}/welcome-screen");
    assert_eq!(raw.fails(Method::GET, &welcome, json!({})).await, (404, 10069));
    let screen = json!({ "enabled": true, "description": "Ahoy", "welcome_channels": [
        { "channel_id": general, "description": "Talk", "emoji_name": "⚓" } ] });
    raw.ok(Method::PATCH, &welcome, screen).await;
    assert_eq!(
        text(&raw.get(&welcome).await, "/welcome_channels/0/description"),
        "Talk"
    );

    let onboarding = format!("{guild}/onboarding");
    assert_eq!(raw.get(&onboarding).await.get("enabled"), Some(&json!(false)));
    let asked = json!({ "enabled": true, "mode": 0, "default_channel_ids": [general], "prompts": [
        { "id": "0", "title": "What do you play?", "single_select": true, "required": false, "in_onboarding": true, "type": 0,
          "options": [{ "title": "Racing", "description": "", "emoji_name": "🏎️", "role_ids": [raw.c.roles.racing], "channel_ids": [] }] } ] });
    let set = raw.ok(Method::PUT, &onboarding, asked.clone()).await;
    assert_eq!(
        text(&set, "/prompts/0/options/0/role_ids/0"),
        raw.c.roles.racing.to_string()
    );
    let elsewhere = json!({ "default_channel_ids": ["1"] });
    assert_eq!(raw.fails(Method::PUT, &onboarding, elsewhere).await, (404, 10003));

    let (status, answer) = raw
        .openly(Method::GET, &format!("{guild}/widget.json"), Value::Null)
        .await;
    assert_eq!((status, code(&answer)), (403, 50004));
    let widget = json!({ "enabled": true, "channel_id": general });
    raw.ok(Method::PATCH, &format!("{guild}/widget"), widget.clone())
        .await;
    assert_eq!(
        raw.get(&format!("{guild}/widget")).await.get("enabled"),
        Some(&json!(true))
    );
    let (_, shown) = raw
        .openly(Method::GET, &format!("{guild}/widget.json"), Value::Null)
        .await;
    assert_eq!(
        shown.pointer("/channels/0/name"),
        Some(&json!("Lounge")),
        "{shown}"
    );

    for path in [
        "preview",
        "vanity-url",
        "integrations",
        "roles/member-counts",
        "scheduled-events",
        "stickers",
        "auto-moderation/rules",
    ] {
        raw.get(&format!("{guild}/{path}")).await;
    }
    let changed =
        json!({ "name": "Harbour", "verification_level": 3, "icon": DOT, "system_channel_id": general });
    let changed = raw.ok(Method::PATCH, &guild, changed).await;
    assert_eq!(
        (text(&changed, "/name"), changed.get("verification_level")),
        ("Harbour", Some(&json!(3)))
    );
    assert_eq!(
        raw.fails(Method::PATCH, &guild, json!({ "rules_channel_id": "1" }))
            .await,
        (400, 50035)
    );
}

#[tokio::test]
async fn commands_permissions_are_set_by_people_and_not_by_bots() {
    let raw = Raw::start(BotRights::Administrator).await;
    let application = format!("/applications/{}", raw.c.application);
    let command = raw
        .ok(
            Method::POST,
            &format!("{application}/commands"),
            json!({ "name": "do", "description": "Does" }),
        )
        .await;
    let all = format!("{application}/guilds/{}/commands/permissions", raw.c.guild);
    let one = format!(
        "{application}/guilds/{}/commands/{}/permissions",
        raw.c.guild,
        text(&command, "/id")
    );
    assert_eq!(raw.fails(Method::GET, &one, json!({})).await, (404, 10066));
    assert_eq!(raw.get(&all).await, json!([]));
    let body = json!({ "permissions": [{ "id": raw.c.finn, "type": 2, "permission": false }] });
    assert_eq!(raw.fails(Method::PUT, &one, body.clone()).await, (403, 20001));
    let scope = "applications.commands.permissions.update";
    let (finn, owner) = (
        raw.token_of(raw.c.finn, scope).await,
        raw.token_of(raw.c.owner, scope).await,
    );
    let (status, answer) = raw.bearing(&finn, Method::PUT, &one, body.clone()).await;
    assert_eq!((status, code(&answer)), (403, 50013));
    let (status, _) = raw.bearing(&owner, Method::PUT, &one, body).await;
    assert_eq!(status, 200);
    assert_eq!(
        text(&raw.get(&one).await, "/permissions/0/id"),
        raw.c.finn.to_string()
    );
    assert_eq!(raw.get(&all).await.as_array().unwrap().len(), 1);
    let refused = raw
        .sim
        .as_user(raw.c.finn)
        .in_channel(raw.c.channels.general)
        .runs_slash("do")
        .await;
    assert!(refused.is_err(), "the command is out of sight");
}

#[tokio::test]
async fn connections_and_role_metadata_are_kept() {
    let raw = Raw::start(BotRights::LeastPrivilege).await;
    let path = format!("/applications/{}/role-connections/metadata", raw.c.application);
    assert_eq!(raw.get(&path).await, json!([]));
    let record = json!([{ "type": 2, "key": "level", "name": "Level", "description": "At least" }]);
    assert_eq!(raw.ok(Method::PUT, &path, record.clone()).await, record);
    let token = raw
        .token_of(raw.c.finn, "role_connections.write+connections+identify")
        .await;
    let own = format!("/users/@me/applications/{}/role-connection", raw.c.application);
    let value = json!({ "platform_name": "Arcade", "metadata": { "level": "3" } });
    for (method, body) in [(Method::PUT, value.clone()), (Method::GET, Value::Null)] {
        assert_eq!(
            raw.bearing(&token, method, &own, body).await,
            (200, value.clone())
        );
    }
    assert_eq!(
        raw.bearing(&token, Method::DELETE, &own, Value::Null).await.0,
        204
    );
    let accounts = raw
        .bearing(&token, Method::GET, "/users/@me/connections", Value::Null)
        .await;
    assert_eq!(accounts, (200, json!([])));
}

#[tokio::test]
async fn a_webhook_changes_by_its_token_and_does_not_take_discords_name() {
    let raw = Raw::start(BotRights::Administrator).await;
    let general = raw.c.channels.general;
    let base = format!("/channels/{general}/webhooks");
    let made = raw
        .ok(Method::POST, &base, json!({ "name": "Herald", "avatar": DOT }))
        .await;
    let path = format!("/webhooks/{}/{}", text(&made, "/id"), text(&made, "/token"));
    let (status, changed) = raw.openly(Method::PATCH, &path, json!({ "name": "Crier" })).await;
    assert_eq!((status, text(&changed, "/name")), (200, "Crier"));
    assert_eq!(changed.get("user"), None, "a token tells nothing of who made it");
    assert_eq!(
        raw.fails(Method::POST, &base, json!({ "name": "Discord News" }))
            .await,
        (400, 50035)
    );
    let (_, answer) = raw
        .openly(
            Method::POST,
            &path,
            json!({ "content": "x", "username": "clyde" }),
        )
        .await;
    assert_eq!(code(&answer), 50035);
    let wrong = format!("/webhooks/{}/nonsense", text(&made, "/id"));
    let (status, answer) = raw.openly(Method::GET, &wrong, Value::Null).await;
    assert_eq!((status, code(&answer)), (401, 50027));
}

#[tokio::test]
async fn a_prune_counts_if_it_is_asked_to() {
    let raw = Raw::start(BotRights::Administrator).await;
    let path = format!("/guilds/{}/prune", raw.c.guild);
    raw.wait(10 * 24 * 3600);
    assert_eq!(raw.get(&format!("{path}?days=7")).await, json!({ "pruned": 1 }));
    let roles = format!("{},{}", raw.c.roles.member, raw.c.roles.events);
    let more = raw.get(&format!("{path}?days=7&include_roles={roles}")).await;
    assert!(more.get("pruned").and_then(Value::as_u64).unwrap() > 1);
    let wrong = json!({ "days": 31, "compute_prune_count": "perhaps" });
    assert_eq!(raw.fails(Method::POST, &path, wrong).await, (400, 50035));
    // discord.py writes the flag as text.
    let body = json!({ "days": 7, "compute_prune_count": "false" });
    assert_eq!(raw.ok(Method::POST, &path, body).await, json!({ "pruned": null }));
    let again = json!({ "days": 7 });
    assert_eq!(raw.ok(Method::POST, &path, again).await, json!({ "pruned": 0 }));
}

/// The newest line of the audit log.
async fn newest(raw: &Raw) -> Value {
    let log = raw
        .get(&format!("/guilds/{}/audit-logs?limit=1", raw.c.guild))
        .await;
    log.pointer("/audit_log_entries/0").cloned().unwrap_or_default()
}

#[tokio::test]
async fn what_staff_does_stands_in_the_audit_log_with_its_reason() {
    let raw = Raw::start(BotRights::Administrator).await;
    let (guild, general, finn) = (raw.c.guild, raw.c.channels.general, raw.c.finn);
    let guilds = format!("/guilds/{guild}");
    let role = raw
        .ok(Method::POST, &format!("{guilds}/roles"), json!({ "name": "a" }))
        .await;
    let role = format!("{guilds}/roles/{}", text(&role, "/id"));
    let channel = raw
        .ok(
            Method::POST,
            &format!("{guilds}/channels"),
            json!({ "name": "b" }),
        )
        .await;
    let channel = format!("/channels/{}", text(&channel, "/id"));
    let hook = raw
        .ok(
            Method::POST,
            &format!("/channels/{general}/webhooks"),
            json!({ "name": "c" }),
        )
        .await;
    let hook = format!("/webhooks/{}", text(&hook, "/id"));
    let emoji = raw
        .ok(
            Method::POST,
            &format!("{guilds}/emojis"),
            json!({ "name": "dd", "image": DOT }),
        )
        .await;
    let emoji = format!("{guilds}/emojis/{}", text(&emoji, "/id"));
    let thread = raw
        .ok(
            Method::POST,
            &format!("/channels/{general}/threads"),
            json!({ "name": "e" }),
        )
        .await;
    let thread = format!("/channels/{}", text(&thread, "/id"));
    let said = raw.sim.as_user(finn).says(general, "x").unwrap();
    let said = |more: &str| format!("/channels/{general}/messages{more}/{said}");
    let (member, ban) = (
        format!("{guilds}/members/{finn}"),
        format!("{guilds}/bans/{}", raw.c.stranger),
    );
    let overwrite = format!("{channel}/permissions/{finn}");
    let until = discord_sim::iso(raw.sim.clock().now() + 60_000);
    let steps: Vec<(u64, Method, String, Value)> = vec![
        (1, Method::PATCH, guilds.clone(), json!({ "name": "New name" })),
        (31, Method::PATCH, role.clone(), json!({ "name": "aa" })),
        (32, Method::DELETE, role, json!({})),
        (11, Method::PATCH, channel.clone(), json!({ "topic": "t" })),
        (
            13,
            Method::PUT,
            overwrite.clone(),
            json!({ "type": 1, "allow": "1024" }),
        ),
        (
            14,
            Method::PUT,
            overwrite.clone(),
            json!({ "type": 1, "deny": "1024" }),
        ),
        (15, Method::DELETE, overwrite, json!({})),
        (12, Method::DELETE, channel, json!({})),
        (51, Method::PATCH, hook.clone(), json!({ "name": "cc" })),
        (52, Method::DELETE, hook, json!({})),
        (61, Method::PATCH, emoji.clone(), json!({ "name": "ddd" })),
        (62, Method::DELETE, emoji, json!({})),
        (111, Method::PATCH, thread.clone(), json!({ "name": "ee" })),
        (112, Method::DELETE, thread, json!({})),
        (74, Method::PUT, said("/pins"), json!({})),
        (75, Method::DELETE, said("/pins"), json!({})),
        (72, Method::DELETE, said(""), json!({})),
        (
            24,
            Method::PATCH,
            member.clone(),
            json!({ "nick": "n", "communication_disabled_until": until }),
        ),
        (
            25,
            Method::PUT,
            format!("{member}/roles/{}", raw.c.roles.events),
            json!({}),
        ),
        (22, Method::PUT, ban.clone(), json!({})),
        (23, Method::DELETE, ban, json!({})),
        (21, Method::POST, format!("{guilds}/prune"), json!({ "days": 30 })),
        (20, Method::DELETE, member, json!({})),
    ];
    for (action, method, path, body) in steps {
        let reason = format!("because%20of%20{action}");
        let (status, answer) = raw.send_with(method.clone(), &path, body, Some(&reason)).await;
        assert!((200..300).contains(&status), "{method} {path} {answer}");
        let line = newest(&raw).await;
        assert_eq!(
            line.get("action_type"),
            Some(&json!(action)),
            "{method} {path} {line}"
        );
        assert_eq!(text(&line, "/reason"), format!("because of {action}"));
        assert_eq!(text(&line, "/user_id"), raw.c.bot.to_string());
    }
    let of = async |query: &str| {
        let log = raw.get(&format!("{guilds}/audit-logs?{query}")).await;
        log.get("audit_log_entries")
            .and_then(Value::as_array)
            .cloned()
            .unwrap()
    };
    let renamed = of("action_type=31").await;
    assert_eq!(
        renamed.first().and_then(|l| l.pointer("/changes/0")),
        Some(&json!({ "key": "name", "old_value": "a", "new_value": "aa" }))
    );
    let all = of("limit=100").await;
    let oldest = all.last().map(|l| text(l, "/id").to_owned()).unwrap();
    let after = of(&format!("after={oldest}&limit=2")).await;
    assert_eq!(
        after.first(),
        all.get(all.len() - 2),
        "with `after`, the oldest come first"
    );
    assert_eq!(of(&format!("user_id={finn}")).await.len(), 0);
}

#[tokio::test]
async fn joining_by_a_users_token_can_bring_a_name_and_roles() {
    let raw = Raw::start(BotRights::Administrator).await;
    let token = raw.token_of(raw.c.stranger, "guilds.join").await;
    let path = format!("/guilds/{}/members/{}", raw.c.guild, raw.c.stranger);
    let body = json!({ "access_token": token, "nick": "Q", "roles": [raw.c.roles.events] });
    let (status, member) = raw.send(Method::PUT, &path, body.clone()).await;
    assert_eq!((status, text(&member, "/nick")), (201, "Q"), "{member}");
    assert_eq!(text(&member, "/roles/0"), raw.c.roles.events.to_string());
    assert_eq!(raw.send(Method::PUT, &path, body).await.0, 204);
    let nick = format!("/guilds/{}/members/@me/nick", raw.c.guild);
    assert_eq!(
        raw.ok(Method::PATCH, &nick, json!({ "nick": "Botty" })).await,
        json!({ "nick": "Botty" })
    );
}
