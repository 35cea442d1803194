//! What the program says about itself: the API's description and generated documents. Nothing is started for it.

use hazebot_core::{
    Clock, Entropy,
    env::{Env, catalog::env_example},
    logs::{LogOptions, Logs},
    settings::settings_markdown,
    store::Store,
};
use tracing_subscriber::Registry;

use crate::{
    Problem,
    cli::Document,
    program::{make_api, make_bot},
    say, wiring,
};

/// An environment that is complete and leads nowhere.
fn nowhere(name: &str) -> Option<String> {
    let value = match name {
        "DISCORD_BOT_TOKEN" => "none",
        "DISCORD_GUILD_ID" => "1",
        "API_SECRET_KEY" => "this key signs nothing, it only describes",
        "DATABASE_URL" => "sqlite::memory:",
        _ => return None,
    };
    Some(value.to_owned())
}

/// Prints the OpenAPI document.
pub(crate) async fn openapi() -> Result<(), Problem> {
    let env = Env::load(None, nowhere)?;
    let store = Store::open("sqlite::memory:", Clock::system(), Entropy::system()).await?;
    let (bot, directory) = make_bot(&env, store.clone())?;
    let (_, logs, _guard) = Logs::build::<Registry>(LogOptions::default())?;
    let features = wiring::Features::new(&bot, logs.view(), &env);
    let api = make_api(&env, &bot, directory, true);
    let built = api.build(features.routes(&api), None)?;
    let mut json = serde_json::to_string_pretty(&built.openapi)?;
    json.push('\n');
    print(&json);
    store.close().await;
    Ok(())
}

/// Prints a generated document.
pub(crate) fn document(document: Document) -> Result<(), Problem> {
    match document {
        Document::Settings => print(&settings_markdown(&wiring::settings())),
        Document::Env => print(&env_example()),
    }
    Ok(())
}

fn print(text: &str) {
    say(text.strip_suffix('\n').unwrap_or(text));
}
