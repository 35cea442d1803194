//! The simulated Discord itself: that it is never the bottleneck of another measurement, and what large worlds cost.

use std::time::Instant;

use discord_sim::{Scenario, Sim, SimOptions};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

use crate::{
    Problem, Task,
    bare_sim::{BareSim, Size},
    figure::{Figure, Report, Target},
    process,
    stage::PATIENCE,
};

const SECTION: &str = "sim";
/// Guilds, messages and their content, as most bots ask for.
const INTENTS: u64 = 1 | 1 << 9 | 1 << 15;
/// Guilds and members.
const MEMBERS: u64 = 1 | 1 << 1;
/// Sessions that hear each message when events are counted.
const SESSIONS: usize = 5;
/// Messages between two looks at whether the bots keep up.
const BATCH: usize = 500;
/// Events that may wait for the bots.
const AHEAD: usize = 4_000;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Speed on one core, then worlds at the size of Discord's limits.
pub(crate) async fn run(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    let messages = task.either(20_000, 200_000);
    let alone = on_one_core(messages, 1).await?;
    report.add(
        Figure::new(SECTION, "messages written and read, one core", alone, "/s")
            .target(Target::Above(20_000.0)),
    );
    let many = on_one_core(messages / 2, SESSIONS).await?;
    let name = format!("events to {SESSIONS} sessions, one core");
    report.add(Figure::new(SECTION, name, many * SESSIONS as f64, "/s"));
    large_guild(task, report).await?;
    many_guilds(task, report).await
}

/// Messages per second, with simulator, writer and bots on one thread.
async fn on_one_core(messages: usize, sessions: usize) -> Result<f64, Problem> {
    tokio::task::spawn_blocking(move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(stream(messages, sessions))
    })
    .await?
}

async fn stream(messages: usize, sessions: usize) -> Result<f64, Problem> {
    let (world, c) =
        Scenario::community(7).map_err(|error| format!("the community can't be made: {error:?}"))?;
    let options = SimOptions {
        rate_limits: false,
        ..SimOptions::default()
    };
    let sim = Sim::start(options, world).await?;
    let mut bots = tokio::task::JoinSet::new();
    for _ in 0..sessions {
        let mut socket = log_in(&sim.gateway_url(), &c.bot_token, INTENTS).await?;
        until(&mut socket, "GUILD_CREATE", 1).await?;
        bots.spawn(async move { until(&mut socket, "MESSAGE_CREATE", messages).await });
    }
    let finn = sim.as_user(c.finn);
    let begun = Instant::now();
    for number in 0..messages {
        finn.says(c.channels.general, "The event starts at eight, right?")
            .map_err(|error| format!("a message can't be written: {error:?}"))?;
        if number % BATCH == 0 {
            tokio::task::yield_now().await;
            while sim.backlog() > AHEAD {
                tokio::task::yield_now().await;
            }
        }
    }
    while let Some(read) = bots.join_next().await {
        read??;
    }
    Ok(messages as f64 / begun.elapsed().as_secs_f64())
}

async fn large_guild(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    let people = task.either(5_000, 100_000);
    let size = Size {
        people,
        channels: 500,
        guilds: 1,
    };
    let sim = BareSim::start(size).await?;
    let memory = process::memory(sim.pid()?)?;
    let of = format!("{people} members, 500 channels");
    let figure = |name: &str, value, unit| Figure::new(SECTION, format!("{of}: {name}"), value, unit);
    report.add(figure("resident", memory.resident, "MiB"));
    report.add(figure("heap and stacks", memory.anonymous, "MiB"));
    let mut socket = log_in(&sim.gateway, &sim.token, MEMBERS).await?;
    until(&mut socket, "GUILD_CREATE", 1).await?;
    let all = json!({ "op": 8, "d": { "guild_id": sim.guild, "query": "", "limit": 0 } });
    let begun = Instant::now();
    socket.send(Message::text(all.to_string())).await?;
    until(&mut socket, "GUILD_MEMBERS_CHUNK", people.div_ceil(1_000)).await?;
    report.add(figure(
        "all members in chunks",
        begun.elapsed().as_secs_f64(),
        "s",
    ));
    let memory = process::memory(sim.pid()?)?;
    report.add(figure("resident at most", memory.peak, "MiB"));
    Ok(())
}

async fn many_guilds(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    let guilds = task.either(250, 2_500);
    let size = Size {
        people: 100,
        channels: 15,
        guilds,
    };
    let sim = BareSim::start(size).await?;
    let begun = Instant::now();
    let mut socket = log_in(&sim.gateway, &sim.token, INTENTS).await?;
    until(&mut socket, "GUILD_CREATE", guilds).await?;
    let name = format!("login with {guilds} guilds");
    report.add(Figure::new(SECTION, name, begun.elapsed().as_secs_f64(), "s"));
    let memory = process::memory(sim.pid()?)?;
    let name = format!("{guilds} guilds: resident after the login");
    report.add(Figure::new(SECTION, name, memory.resident, "MiB"));
    Ok(())
}

async fn log_in(gateway: &str, token: &str, intents: u64) -> Result<Socket, Problem> {
    let (mut socket, _) = tokio_tungstenite::connect_async(format!("{gateway}?v=10")).await?;
    let identify = json!({ "op": 2, "d": { "token": token, "intents": intents, "properties": {} } });
    socket.send(Message::text(identify.to_string())).await?;
    Ok(socket)
}

/// Reads until so many events of this name came.
async fn until(socket: &mut Socket, kind: &str, count: usize) -> Result<(), Problem> {
    let begins = format!("{{\"t\":\"{kind}\"");
    let mut came = 0;
    while came < count {
        let frame = tokio::time::timeout(PATIENCE, socket.next())
            .await
            .map_err(|_| format!("{kind} does not come"))?
            .ok_or("the gateway hung up")??;
        if frame.to_text().is_ok_and(|text| text.starts_with(&begins)) {
            came += 1;
        }
    }
    Ok(())
}
