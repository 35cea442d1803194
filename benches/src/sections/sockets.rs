//! Many people with one ticket open: memory per connection, and how long a message takes to the last of them.

mod listener;

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::{sync::mpsc, task::JoinSet};

use self::listener::{Delivery, Listener};
use crate::{
    Problem, Task,
    client::Client,
    figure::{Figure, Report, Target},
    note,
    process::{memory, open_files},
    stage::{ORDINARY, PATIENCE, Stage},
    stats,
};

const SECTION: &str = "sockets";
/// Connections from one address; the program takes 256 from one place.
const PER_ADDRESS: usize = 200;
/// Files that are open beside the connections.
const OTHER_FILES: usize = 256;
/// Handshakes that run at once, as after a restart, without overrunning the queue of the listener.
const OPENING: usize = 64;
/// Up to so many clients the last one shall have a message within [`LAST_OF_FEW`] milliseconds.
const FEW: usize = 500;
const LAST_OF_FEW: f64 = 20.0;
/// How long the memory may settle before and after the connections come.
const SETTLE: Duration = Duration::from_secs(2);

/// A few hundred listeners and a few thousand.
pub(crate) async fn run(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    for clients in task.either([100, 500], [500, 5_000]) {
        let files = (clients + OTHER_FILES) as u64;
        if open_files() < files {
            report.skip(format!(
                "{clients} sockets: this process may open {} files only; run `ulimit -n {files}` before",
                open_files()
            ));
            continue;
        }
        note(&format!("  {clients} clients …"));
        measure(task, report, clients).await?;
    }
    Ok(())
}

async fn measure(task: Task<'_>, report: &mut Report, clients: usize) -> Result<(), Problem> {
    let stage = Stage::new(task.program, ORDINARY).await?;
    stage.set_up().await?;
    let bot = stage.run().await?;
    let nobody = stage.client()?;
    let ticket = nobody.sign_in(stage.community.finn).await?.open_ticket(1).await?;
    let moderator = stage.community.moderators.first().copied();
    let staff = nobody.sign_in(moderator.ok_or("there is no moderator")?).await?;
    tokio::time::sleep(SETTLE).await;

    let before = memory(bot.pid())?;
    let begun = Instant::now();
    let (mut listeners, mut deliveries) = open(&stage, &staff, &ticket, clients).await?;
    let opened = begun.elapsed();
    tokio::time::sleep(SETTLE).await;
    let grown = memory(bot.pid())?.resident - before.resident;

    let mut all = Vec::new();
    let mut last = Vec::new();
    for round in 0..task.either(5, 30) {
        let took = say(&stage, &staff, &ticket, round, &mut deliveries, clients).await?;
        last.extend(took.last().copied());
        all.extend(took);
    }
    let ended = listeners.try_join_next();
    if let Some(ended) = ended {
        return Err(stage.complaint(&format!("a connection ended: {ended:?}")));
    }
    listeners.abort_all();
    bot.end().await?;

    let all = stats::sorted(all);
    let named = |name: &str| format!("{name}, {clients} clients");
    let figure = |name: &str, value, unit| Figure::new(SECTION, named(name), value, unit);
    report.add(figure(
        "memory of a client",
        grown * 1_024.0 / clients as f64,
        "KiB",
    ));
    report.add(figure(
        "joined per second",
        clients as f64 / opened.as_secs_f64(),
        "/s",
    ));
    for percent in [50.0, 99.0, 100.0] {
        let value = stats::percentile(&all, percent).ok_or("nothing was measured")?;
        let name = match percent {
            100.0 => "POST to client, max".to_owned(),
            percent => format!("POST to client, p{percent:.0}"),
        };
        report.add(figure(&name, value, "ms"));
    }
    let value = stats::median(last).ok_or("nothing was measured")?;
    let last = figure("POST to last client, median", value, "ms");
    report.add(match clients <= FEW {
        true => last.target(Target::Below(LAST_OF_FEW)),
        false => last,
    });
    Ok(())
}

type Listeners = JoinSet<Result<(), Problem>>;

/// Connects everybody and waits until all have joined.
async fn open(
    stage: &Stage,
    staff: &Client,
    ticket: &str,
    clients: usize,
) -> Result<(Listeners, mpsc::Receiver<Delivery>), Problem> {
    let (sender, deliveries) = mpsc::channel(clients.max(1));
    let mut listeners = JoinSet::new();
    let mut opening: JoinSet<Result<Listener, Problem>> = JoinSet::new();
    let mut asked = 0;
    while asked < clients || !opening.is_empty() {
        while asked < clients && opening.len() < OPENING {
            let (server, from) = (stage.address(), source(asked)?);
            let (token, ticket) = (staff.token().to_owned(), ticket.to_owned());
            opening.spawn(async move { Listener::join(server, from, &token, &ticket).await });
            asked += 1;
        }
        if let Some(joined) = opening.join_next().await {
            let listener = joined?.map_err(|error| stage.complaint(&error.to_string()))?;
            listeners.spawn(listener.listen(sender.clone()));
        }
    }
    Ok((listeners, deliveries))
}

/// The own address of a client: the whole of 127.0.0.0/8 is loopback.
fn source(client: usize) -> Result<Ipv4Addr, Problem> {
    let block = u8::try_from(client / PER_ADDRESS + 1)?;
    Ok(Ipv4Addr::new(127, 1, block, 1))
}

/// Writes one message and waits until everybody has it; gives the milliseconds of each, sorted.
async fn say(
    stage: &Stage,
    staff: &Client,
    ticket: &str,
    round: u64,
    deliveries: &mut mpsc::Receiver<Delivery>,
    clients: usize,
) -> Result<Vec<f64>, Problem> {
    let path = format!("/api/tickets/{ticket}/messages");
    let body = json!({ "content": listener::text(round) });
    let begun = Instant::now();
    let everybody = async {
        let mut took = Vec::with_capacity(clients);
        while took.len() < clients {
            let Some(delivery) = deliveries.recv().await else {
                break;
            };
            if delivery.round == round {
                took.push((delivery.at - begun).as_secs_f64() * 1_000.0);
            }
        }
        took
    };
    let heard = tokio::time::timeout(PATIENCE, everybody);
    let (sent, heard) = tokio::join!(staff.post(&path, &body), heard);
    sent.map_err(|error| stage.complaint(&error.to_string()))?;
    match heard {
        Ok(took) if took.len() == clients => Ok(stats::sorted(took)),
        Ok(_) | Err(_) => Err(stage.complaint("a message did not reach everybody")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_has_more_clients_than_the_program_takes_from_one_place() {
        let mut per_address = std::collections::HashMap::new();
        for client in 0..10_000 {
            *per_address.entry(source(client).unwrap()).or_insert(0) += 1;
        }
        assert!(per_address.values().all(|clients| *clients <= PER_ADDRESS));
        assert!(per_address.keys().all(Ipv4Addr::is_loopback));
    }
}
