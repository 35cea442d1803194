//! Measures how many messages a second reach a bot that does nothing, in one process on loopback.
//!
//! `cargo run --release -p discord-sim --example stream -- 200000`

use std::io::Write as _;
use std::time::{Duration, Instant};

use discord_sim::{Scenario, Sim, SimOptions};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

/// Messages sent before the sender looks whether the bot keeps up.
const BURST: usize = 500;
/// The bot may lag behind by so many events.
const MOST_BACKLOG: usize = 4000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(200_000), |n| n.parse())?;
    let (world, c) = Scenario::community(7)?;
    let sim = Sim::start(
        SimOptions {
            rate_limits: false,
            ..SimOptions::default()
        },
        world,
    )
    .await?;
    let (mut socket, _) = tokio_tungstenite::connect_async(sim.gateway_url()).await?;
    let identify =
        json!({ "op": 2, "d": { "token": c.bot_token, "intents": 1 | 1 << 9 | 1 << 15, "properties": {} } });
    socket.send(Message::text(identify.to_string())).await?;
    let bot = tokio::spawn(async move {
        let mut messages = 0;
        while let Some(Ok(frame)) = socket.next().await {
            if frame
                .to_text()
                .is_ok_and(|t| t.starts_with("{\"t\":\"MESSAGE_CREATE\""))
            {
                messages += 1;
                if messages == count {
                    break;
                }
            }
        }
        messages
    });
    sim.bot_is_online(c.application, Duration::from_secs(5)).await;
    let started = Instant::now();
    let finn = sim.as_user(c.finn);
    for number in 0..count {
        finn.says(c.channels.general, "The event starts at eight, right?")?;
        if number % BURST == 0 {
            tokio::task::yield_now().await;
            while sim.backlog() > MOST_BACKLOG {
                tokio::task::yield_now().await;
            }
        }
    }
    let received = bot.await?;
    let seconds = started.elapsed().as_secs_f64();
    writeln!(
        std::io::stdout(),
        "{received} messages in {seconds:.2} s: {:.0} a second",
        received as f64 / seconds
    )?;
    Ok(())
}
