//! Wrong settings at the start: all faults at once, an exit code, no secret in sight.

use std::process::Stdio;

use discord_sim::BotRights;
use hazebot_e2e::PATIENCE;
use tempfile::TempDir;
use tokio::process::Command;

use crate::{spawned::program, town::Town};

/// Starts the program with this `.env`; its exit code and what it said, once it has ended.
async fn ends(env: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let (program, home) = (program()?, TempDir::new().unwrap());
    std::fs::write(home.path().join(".env"), env).unwrap();
    let child = Command::new(program)
        .arg("serve")
        .arg("--home")
        .arg(home.path())
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    let output = ended.expect("it ends").unwrap();
    let said = [output.stdout, output.stderr].concat();
    Some((
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    ))
}

#[tokio::test]
async fn wrong_settings_are_listed_all_at_once_without_their_secrets() {
    let env = "PROD_MODE=true\n\
        DISCORD_BOT_TOKEN=\n\
        DISCORD_GUILD_ID=not-a-number\n\
        DISCORD_CLIENT_ID=12\n\
        DISCORD_CLIENT_SECRET=the-oauth-secret\n\
        API_SECRET_KEY=too-short-key\n\
        API_PORT=seventy\n\
        API_EXTRA_USERS=nobody-without-colon\n\
        LOG_LEVEL=LOUD\n\
        TIMEZONE=Europe/Atlantis\n\
        DATABASE_URL=mysql://user:the-db-password@host/db\n\
        TRUSTED_PROXIES=somewhere\n";
    let Some((well, said)) = ends(env, &[]).await else {
        return;
    };
    assert!(!well, "{said}");
    for name in [
        "DISCORD_BOT_TOKEN",
        "DISCORD_GUILD_ID",
        "DISCORD_REDIRECT_URI",
        "API_SECRET_KEY",
        "API_PORT",
        "API_EXTRA_USERS",
        "LOG_LEVEL",
        "TIMEZONE",
        "DATABASE_URL",
        "TRUSTED_PROXIES",
    ] {
        assert!(said.contains(name), "{name} is not named:\n{said}");
    }
    for secret in ["the-oauth-secret", "too-short-key", "the-db-password"] {
        assert!(!said.contains(secret), "{secret} is shown:\n{said}");
    }
}

#[tokio::test]
async fn a_token_that_discord_refuses_ends_the_program_with_a_reason() {
    let town = Town::start(BotRights::LeastPrivilege).await;
    let mut env = String::new();
    for (name, value) in town.env(town.sim.base_url(), 0) {
        let value = if name == "DISCORD_BOT_TOKEN" {
            "MTE.wrong.token-that-nobody-gave".to_owned()
        } else {
            value
        };
        env += &format!("{name}={value}\n");
    }
    let Some((well, said)) = ends(&env, &["--no-api"]).await else {
        return;
    };
    assert!(!well, "{said}");
    assert!(said.to_lowercase().contains("token"), "{said}");
    assert!(!said.contains("token-that-nobody-gave"), "{said}");
}

#[tokio::test]
async fn missing_intents_end_the_program_with_the_place_to_switch_them_on() {
    let town = Town::start(BotRights::LeastPrivilege).await;
    town.sim.change(|world| {
        let application = world.applications.get_mut(&town.people.application).unwrap();
        application.intents = discord_sim::world::model::PrivilegedIntents::NONE;
    });
    let mut env = String::new();
    for (name, value) in town.env(town.sim.base_url(), 0) {
        env += &format!("{name}={value}\n");
    }
    let Some((well, said)) = ends(&env, &["--no-api"]).await else {
        return;
    };
    assert!(!well, "{said}");
    assert!(said.contains("Message Content Intent"), "{said}");
}
