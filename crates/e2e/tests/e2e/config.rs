//! Settings through the API: the sections of the app, and the panel's forms with their history.

use hazebot_e2e::client::Client;
use serde_json::{Value, json};

use crate::stage::Stage;

async fn put(caller: &Client, section: &str, body: Value) -> (u16, Value) {
    let path = format!("/api/config/{section}");
    caller.call("PUT", &path, Some(&body)).await.unwrap()
}

async fn get(caller: &Client, section: &str) -> Value {
    let (status, body) = caller.get(&format!("/api/config/{section}")).await.unwrap();
    assert_eq!(status, 200, "{body}");
    body
}

/// F22, F26.
#[tokio::test]
async fn a_section_changes_whole_or_not_at_all_and_counts_at_once() {
    let stage = Stage::start().await;
    let staff = stage.staff().await;
    let body = json!({ "bot_name": "Lantern", "status_dashboard": { "update_interval_minutes": 61 } });
    let (status, told) = put(&staff, "general", body).await;
    assert_eq!(
        (status, &told["error"]),
        (400, &json!("update_interval_minutes must be between 1 and 60"))
    );
    let (status, told) = put(
        &staff,
        "general",
        json!({ "bot_name": "Lantern", "message_cooldown": "abc" }),
    )
    .await;
    assert_eq!(status, 400, "{told}");
    assert_ne!(get(&staff, "general").await["bot_name"], "Lantern");
    let body = json!({ "command_prefix": "?", "message_cooldown": "0", "status_dashboard": { "show_monitoring": false } });
    let (status, told) = put(&staff, "general", body).await;
    assert_eq!(
        (status, &told["message"]),
        (200, &json!("Configuration updated")),
        "{told}"
    );
    let now = get(&staff, "general").await;
    assert_eq!(
        (&now["command_prefix"], &now["message_cooldown"]),
        (&json!("?"), &json!(0))
    );
    assert_eq!(now["status_dashboard"]["show_monitoring"], false);
    // The prefix counts at once.
    let (finn, channel) = (stage.finn(), stage.people.channels.bot_commands);
    finn.says(channel, "?help").unwrap();
    let answered = finn
        .waits_for(channel, |seen| seen.json["author"]["bot"] == true)
        .await;
    assert!(answered.is_some());
    stage.end().await;
}

/// F23, F29, F36, F41.
#[tokio::test]
async fn ids_are_read_as_the_app_sends_them_and_must_exist_in_the_guild() {
    let stage = Stage::start().await;
    let (staff, admins, finn) = (
        stage.staff().await,
        stage.admins().await,
        stage.caller(stage.people.finn).await,
    );
    let memes = stage.people.channels.memes;
    let (status, told) = put(
        &staff,
        "channels",
        json!({ "meme_channel_id": memes.to_string() }),
    )
    .await;
    assert_eq!(status, 200, "{told}");
    // The app on the web counts in floating point and sends the id back rounded.
    #[expect(clippy::cast_precision_loss, reason = "what the app on the web does")]
    let rounded = json!((memes.get() as f64) as u64);
    let body = json!({ "meme_channel_id": rounded, "log_channel_id": null, "admin_role_id": "1" });
    let (status, told) = put(&staff, "channels", body).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(
        get(&staff, "channels").await["meme_channel_id"],
        memes.to_string()
    );
    let (status, told) = put(&staff, "channels", json!({ "log_channel_id": 5 })).await;
    assert_eq!(status, 400, "{told}");
    // What is sent back unchanged needs no right; a moderator can't make another role admin.
    let roles = get(&staff, "roles").await;
    let (status, told) = put(&staff, "roles", roles.clone()).await;
    assert_eq!(status, 200, "{told}");
    let other = json!({ "admin_role_id": stage.people.roles.member.to_string() });
    let (status, told) = put(&staff, "roles", other).await;
    assert_eq!(status, 403, "{told}");
    let list = json!({ "interest_role_ids": [stage.people.roles.ninjas.to_string()] });
    let (status, told) = put(&admins, "roles", list).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(
        get(&admins, "roles").await["interest_role_ids"],
        json!([stage.people.roles.ninjas.to_string()])
    );
    let (_, whole) = finn.get("/api/config").await.unwrap();
    assert_eq!(whole["channels"]["meme_channel_id"], Value::Null, "{whole}");
    let (_, whole) = staff.get("/api/config").await.unwrap();
    assert_eq!(whole["channels"]["meme_channel_id"], memes.to_string());
    stage.end().await;
}

/// F21, F35, F38.
#[tokio::test]
async fn a_reset_touches_its_own_section_only() {
    let stage = Stage::start().await;
    let admins = stage.admins().await;
    put(&admins, "general", json!({ "bot_name": "Lantern" })).await;
    let memes = stage.people.channels.memes.to_string();
    put(&admins, "channels", json!({ "meme_channel_id": memes })).await;
    let (status, told) = admins.post("/api/config/general/reset", json!({})).await.unwrap();
    assert_eq!(
        (status, &told["message"]),
        (200, &json!("General configuration reset to defaults"))
    );
    assert_ne!(get(&admins, "general").await["bot_name"], "Lantern");
    assert_eq!(get(&admins, "channels").await["meme_channel_id"], memes);
    stage.end().await;
}

/// F42.
#[tokio::test]
async fn every_change_of_a_setting_is_a_version_that_can_be_taken_back() {
    let stage = Stage::start().await;
    let staff = stage.staff().await;
    let (status, list) = staff.get("/api/settings").await.unwrap();
    assert_eq!(status, 200);
    let settings = list["settings"].as_array().unwrap();
    let prefix = settings
        .iter()
        .find(|setting| setting["key"] == "general.command_prefix")
        .unwrap();
    assert_eq!(
        (&prefix["value"], &prefix["type"]),
        (&json!("!"), &json!("string"))
    );
    let body = json!({ "general.command_prefix": "?", "tickets.max_open": 3 });
    let (status, done) = staff.call("PATCH", "/api/settings", Some(&body)).await.unwrap();
    assert_eq!(status, 200, "{done}");
    assert_eq!(done["keys"].as_array().unwrap().len(), 2);
    let (_, history) = staff.get("/api/settings/history?limit=1").await.unwrap();
    let version = &history["versions"][0];
    assert_eq!(
        version["changes"]["general.command_prefix"]["after"], "?",
        "{history}"
    );
    let undo = format!("/api/settings/history/{}/undo", version["id"]);
    let (status, done) = staff.post(&undo, json!({})).await.unwrap();
    assert_eq!(status, 200, "{done}");
    assert_eq!(get(&staff, "general").await["command_prefix"], "!");
    let wrong = json!({ "general.command_prefix": "?", "general.nothing": 1 });
    let (status, told) = staff.call("PATCH", "/api/settings", Some(&wrong)).await.unwrap();
    assert_eq!(status, 400, "{told}");
    assert!(
        told["error"]
            .as_str()
            .unwrap()
            .contains("general.nothing is no setting"),
        "{told}"
    );
    assert_eq!(get(&staff, "general").await["command_prefix"], "!");
    let finn = stage.caller(stage.people.finn).await;
    let (status, _) = finn.get("/api/settings").await.unwrap();
    assert_eq!(status, 403);
    stage.end().await;
}
