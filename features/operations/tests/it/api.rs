//! `/api/cogs`, and the cog that serves the API.

use std::time::Duration;

use hazebot_core::logs::LogView;
use hazebot_discord::{Via, testing::TestBed};
use hazebot_http::{
    Server,
    testing::{ADA, FINN, MOSS, World},
};
use hazebot_operations::{ApiServer, routes};
use serde_json::{Value, json};

use crate::bed::{OURS, bed, builder, log, settled};

async fn world(bed: &TestBed, view: &LogView) -> World {
    let (bot, view, gates) = (bed.bot.clone(), view.clone(), bed.bot.gates().clone());
    World::with(
        move |_| vec![routes(bot, view)],
        move |options| options.gates = gates,
    )
    .await
}

fn status(list: &Value, cog: &str) -> Value {
    let cogs = list.pointer("/cogs").unwrap().as_array().unwrap();
    cogs.iter()
        .find(|item| item.pointer("/name").unwrap() == cog)
        .unwrap()
        .pointer("/status")
        .unwrap()
        .clone()
}

#[tokio::test]
async fn the_list_has_the_fields_and_the_order_of_the_contract() {
    let log = log();
    let bed = bed(&log.view).await;
    let world = world(&bed, &log.view).await;
    let list = world.get("/api/cogs", &world.token(MOSS).await).await;
    assert_eq!(list.status, 200);
    let names: Vec<&str> = list.json["cogs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cog| cog["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["CogManager", "Trial", "DiscordLogging", "Other"]);
    assert_eq!(
        list.json["cogs"][1],
        json!({
            "name": "Trial", "file_name": "TrialFile", "status": "loaded", "description": "", "icon": "extension",
            "category": "gaming", "features": [], "can_load": false, "can_unload": true, "can_reload": true,
            "can_view_logs": true,
        })
    );
    let manager = &list.json["cogs"][0];
    assert_eq!(
        (&manager["can_unload"], &manager["can_reload"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(
        (&list.json["total"], &list.json["loaded_count"]),
        (&json!(4), &json!(4))
    );
    assert_eq!(
        world.get("/api/cogs", &world.token(FINN).await).await.error(),
        "Insufficient permissions"
    );
    assert_eq!(world.get("/api/cogs", "").await.error(), "Token is missing");
}

#[tokio::test]
async fn unload_load_and_reload_answer_as_recorded() {
    let log = log();
    let bed = bed(&log.view).await;
    let world = world(&bed, &log.view).await;
    let (ada, moss) = (world.token(ADA).await, world.token(MOSS).await);
    let post = async |what: &str, cog: &str, token: &str| {
        world
            .call(
                axum::http::Method::POST,
                &format!("/api/cogs/{cog}/{what}"),
                token,
            )
            .await
    };
    let unloaded = post("unload", "TrialFile", &moss).await;
    assert_eq!(unloaded.status, 200);
    assert_eq!(unloaded.json["message"], "Cog 'Trial' unloaded successfully");
    assert_eq!(
        unloaded.json["cog"],
        json!({"name": "Trial", "file_name": "TrialFile", "status": "unloaded"})
    );
    assert_eq!(unloaded.json["dependants"], json!(["Other"]));
    assert_eq!(
        status(&world.get("/api/cogs", &ada).await.json, "Trial"),
        "disabled"
    );
    let again = post("unload", "Trial", &ada).await;
    assert_eq!(
        (again.status.as_u16(), again.error()),
        (400, "Cog 'Trial' is not loaded")
    );
    let reload = post("reload", "Trial", &ada).await;
    assert_eq!(
        (reload.status.as_u16(), reload.error()),
        (400, "Cog 'Trial' is not loaded")
    );
    let loaded = post("load", "Trial", &ada).await;
    assert_eq!(loaded.json["cog"]["status"], "loaded");
    assert!(loaded.json.get("dependants").is_none());
    let again = post("load", "Trial", &moss).await;
    assert_eq!(
        (again.status.as_u16(), again.error()),
        (400, "Cog 'Trial' is already loaded")
    );
    let reloaded = post("reload", "Trial", &moss).await;
    assert_eq!(reloaded.json["message"], "Cog 'Trial' reloaded successfully");
    for what in ["load", "unload", "reload"] {
        let unknown = post(what, "Nope", &ada).await;
        assert_eq!(
            (unknown.status.as_u16(), unknown.error()),
            (404, "Cog 'Nope' not found")
        );
    }
    let protected = post("unload", "CogManager", &ada).await;
    assert_eq!(
        (protected.status.as_u16(), protected.error()),
        (400, "Cannot unload CogManager")
    );
    assert_eq!(
        post("unload", "Trial", &world.token(FINN).await).await.status,
        403
    );
    assert!(bed.bot.cogs().is_loaded("Trial"));
}

#[tokio::test]
async fn the_log_of_a_cog_has_its_columns_in_order_and_no_secrets() {
    let log = log();
    let bed = bed(&log.view).await;
    let world = world(&bed, &log.view).await;
    let token = world.token(ADA).await;
    tracing::warn!(target: OURS, cog = "ModPerks", "first password=hunter2hunter2");
    tracing::info!(target: OURS, cog = "ModPanel", "second");
    for path in [
        "/api/cogs/ModPanel/logs",
        "/api/cogs/ModPanel/logs?limit=-5",
        "/api/cogs/ModPanel/logs?limit=9999",
    ] {
        let page = world.get(path, &token).await;
        assert_eq!(page.status, 200);
        let expected = if path.ends_with("-5") { 1 } else { 2 };
        assert_eq!(page.json["count"], json!(expected), "{path}");
    }
    let page = world.get("/api/cogs/ModPanel/logs", &token).await;
    let first = &page.json["logs"][0];
    assert_eq!(
        (&first["level"], &first["cog"]),
        (&json!("WARNING"), &json!("ModPanel"))
    );
    assert!(
        first["message"]
            .as_str()
            .unwrap()
            .starts_with("🛡️ [ModPerks] first"),
        "{first}"
    );
    assert!(!page.json.to_string().contains("hunter2"));
    let time = first["timestamp"].as_str().unwrap();
    assert!(time.len() == 8 && time.matches(':').count() == 2, "{time}");
    assert_eq!(
        world.get("/api/cogs/Nope/logs", &token).await.json["count"],
        json!(0)
    );
    assert_eq!(
        world.get("/api/cogs/ModPanel/logs?limit=x", &token).await.status,
        400
    );
}

/// A bed whose API server is a cog like any other, and the world that it serves.
async fn served(view: &LogView) -> (TestBed, World, Server) {
    let server = Server::new("127.0.0.1".parse().unwrap(), 0);
    let slot: std::sync::Arc<std::sync::OnceLock<ApiServer>> = std::sync::Arc::default();
    let bed = builder(view, &std::sync::Arc::default(), Vec::new())
        .start()
        .await
        .unwrap();
    let world = world(&bed, view).await;
    slot.set(ApiServer::new(
        server.clone(),
        world.app.clone(),
        world.api.clone(),
    ))
    .unwrap();
    bed.bot
        .cogs()
        .start(vec![std::sync::Arc::new(slot.get().unwrap().clone())])
        .await
        .unwrap();
    bed.commands_sent().await.unwrap();
    (bed, world, server)
}

async fn health(client: &reqwest::Client, server: &Server) -> Result<u16, reqwest::Error> {
    let url = format!("http://{}/api/health", server.address());
    Ok(client
        .get(url)
        .timeout(Duration::from_secs(10))
        .send()
        .await?
        .status()
        .as_u16())
}

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .pool_max_idle_per_host(0)
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_api_stops_with_its_cog_while_the_bot_goes_on_and_comes_back_from_discord() {
    let log = log();
    let (bed, _world, server) = served(&log.view).await;
    let client = client();
    assert_eq!(health(&client, &server).await.unwrap(), 200);
    let owner = bed.sim.as_user(bed.community.owner);
    let text = owner.runs_slash("apistatus").await.unwrap().text();
    assert!(text.contains(&server.address().to_string()), "{text}");
    let text = owner
        .runs_slash_with("unload", [("cog_name", "APIServer")])
        .await
        .unwrap()
        .text();
    assert!(
        text.contains("Cog Unloaded Successfully") && text.contains("API and panel"),
        "{text}"
    );
    assert!(health(&client, &server).await.is_err(), "the port is closed");
    bed.commands_sent().await.unwrap();
    let text = owner
        .runs_slash_with("load", [("cog_name", "APIServer")])
        .await
        .unwrap()
        .text();
    assert!(text.contains("Cog Loaded Successfully"), "{text}");
    assert_eq!(health(&client, &server).await.unwrap(), 200);
}

#[tokio::test]
async fn the_api_refuses_to_unload_itself_and_answers_before_it_reloads() {
    let log = log();
    let (bed, world, server) = served(&log.view).await;
    let (client, token) = (client(), world.token(ADA).await);
    let post = async |what: &str| {
        let url = format!("http://{}/api/cogs/APIServer/{what}", server.address());
        let answer = client.post(url).bearer_auth(&token).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let (status, body) = post("unload").await;
    assert_eq!(
        (status, &body["error"]),
        (403, &json!("APIServer cannot be unloaded. Use reload instead."))
    );
    for _ in 0..3 {
        let (status, body) = post("reload").await;
        assert_eq!(
            (status, &body["message"]),
            (200, &json!("Cog 'APIServer' reloaded successfully"))
        );
        assert_eq!(
            health(&client, &server).await.unwrap(),
            200,
            "who connects meanwhile waits"
        );
    }
    assert!(bed.bot.cogs().is_loaded("APIServer"));
}

#[tokio::test]
async fn a_reload_and_a_restart_of_the_api_lose_no_request() {
    let log = log();
    let (bed, _world, server) = served(&log.view).await;
    let client = client();
    let traffic = async {
        let mut answered = 0;
        for _ in 0..60 {
            let answer = health(&client, &server).await;
            answered += usize::from(answer.is_ok_and(|status| status == 200));
        }
        answered
    };
    let owner = bed.sim.as_user(bed.community.owner);
    let changes = async {
        for _ in 0..3 {
            bed.bot
                .cogs()
                .reload("APIServer", &hazebot_core::Actor::System, Via::Discord)
                .await
                .unwrap();
            let asked = owner.runs_slash("apirestart").await.unwrap();
            settled(&owner, &asked, |now| now.text().contains("API Server Restarted")).await;
        }
    };
    let (answered, ()) = tokio::join!(traffic, changes);
    assert_eq!(answered, 60);
}

/// F41: a member, whose client never asks, would read the names of hidden channels.
#[tokio::test]
async fn channels_and_roles_are_listed_for_staff_only() {
    let log = log();
    let bed = bed(&log.view).await;
    let world = world(&bed, &log.view).await;
    for path in ["/api/guild/channels", "/api/guild/roles"] {
        let told = world.get(path, &world.token(FINN).await).await;
        assert_eq!(
            (told.status.as_u16(), told.error()),
            (403, "Insufficient permissions")
        );
        // The bot of this bed is in another guild than the one that the API serves here.
        let told = world.get(path, &world.token(MOSS).await).await;
        assert_eq!((told.status.as_u16(), told.error()), (404, "Guild not found"));
    }
}
