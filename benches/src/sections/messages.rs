//! What a message costs that somebody writes in the guild, from the gateway to the stored counter.

use std::time::{Duration, Instant};

use discord_sim::Id;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    Problem, Task,
    figure::{Figure, Report, Target},
    note, process,
    stage::{Bot, ORDINARY, PATIENCE, Stage},
};

const SECTION: &str = "messages";
/// Messages that wait for the program at most; the simulated Discord cuts it off at 8,192.
const AHEAD: usize = 1_024;
/// Messages between two looks at how many wait.
const BATCH: usize = 128;
/// Between two looks at the database, long against what a look costs.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Who writes.
struct Crowd {
    name: &'static str,
    /// People of the guild.
    people: usize,
    /// How many of them write, one after the other.
    authors: usize,
    messages: usize,
    python: Option<f64>,
}

/// A few authors, many, and very many, each in a guild and a program of its own.
pub(crate) async fn run(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    // Ticks have 10 ms: what shall cost 0.02 s per 1,000 needs many thousands to be told from 0.03.
    let many = task.either(4_000, 40_000);
    let crowds = [
        Crowd {
            name: "12 authors",
            people: ORDINARY,
            authors: 12,
            messages: many,
            python: Some(0.81),
        },
        Crowd {
            name: "1,000 new authors",
            people: 1_100,
            authors: 1_000,
            messages: many,
            python: Some(7.66),
        },
        Crowd {
            name: task.either("5,000 distinct authors", "100,000 distinct authors"),
            people: task.either(5_100, 100_100),
            authors: task.either(5_000, 100_000),
            messages: task.either(5_000, 100_000),
            python: None,
        },
    ];
    for crowd in crowds {
        note(&format!("  {} …", crowd.name));
        measure(task, report, &crowd).await?;
    }
    Ok(())
}

async fn measure(task: Task<'_>, report: &mut Report, crowd: &Crowd) -> Result<(), Problem> {
    let stage = Stage::new(task.program, crowd.people).await?;
    stage.set_up().await?;
    let bot = stage.run().await?;
    let authors: Vec<Id> = stage
        .community
        .members
        .iter()
        .copied()
        .take(crowd.authors)
        .collect();
    if authors.len() < crowd.authors {
        return Err(format!("the guild has only {} members who could write", authors.len()).into());
    }
    let mut counted = Counted::open(&stage).await?;
    let idle = process::idle_cpu(bot.pid(), Duration::from_secs(task.either(1, 10))).await?;

    let (before, stored) = (bot.cpu()?, counted.now().await?);
    let begun = Instant::now();
    write(&stage, &authors, crowd.messages).await?;
    counted
        .reaches(stored + i64::try_from(crowd.messages)?, &stage)
        .await?;
    let took = begun.elapsed();
    let spent = bot.cpu()? - before - idle * took.as_secs_f64();
    let per_thousand = spent.max(0.0) / (crowd.messages as f64 / 1_000.0);

    let name = format!("processor time of 1,000, {}", crowd.name);
    let figure = Figure::new(SECTION, name, per_thousand, "s").target(Target::Below(0.02));
    report.add(match crowd.python {
        Some(python) => figure.python(python),
        None => figure,
    });
    report.add(Figure::new(
        SECTION,
        format!("counted per second, {}", crowd.name),
        crowd.messages as f64 / took.as_secs_f64(),
        "/s",
    ));
    memory(report, crowd, &bot)?;
    bot.end().await
}

fn memory(report: &mut Report, crowd: &Crowd, bot: &Bot) -> Result<(), Problem> {
    let resident = process::memory(bot.pid())?.resident;
    report.add(Figure::new(
        SECTION,
        format!("resident afterwards, {}", crowd.name),
        resident,
        "MiB",
    ));
    Ok(())
}

/// Lets the authors write in turn, in several channels, as fast as the program takes it.
async fn write(stage: &Stage, authors: &[Id], messages: usize) -> Result<(), Problem> {
    let channels = &stage.community.channels;
    let places = [channels.general, channels.memes, channels.gaming];
    let turns = authors.iter().cycle().zip(places.iter().cycle());
    for (number, (author, place)) in turns.take(messages).enumerate() {
        let text = format!("This is message {number}, as long as people write on average.");
        stage
            .sim
            .as_user(*author)
            .says(*place, &text)
            .map_err(|error| format!("a message can't be written: {error:?}"))?;
        if number % BATCH == 0 {
            let begun = Instant::now();
            tokio::task::yield_now().await;
            while stage.sim.backlog() > AHEAD {
                if begun.elapsed() > PATIENCE {
                    return Err(stage.complaint("messages are not taken any more"));
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
    Ok(())
}

/// The counters of messages, read in the program's database.
struct Counted(SqliteConnection);

impl Counted {
    async fn open(stage: &Stage) -> Result<Self, Problem> {
        let options = SqliteConnectOptions::new()
            .filename(stage.database_file())
            .read_only(true);
        Ok(Self(SqliteConnection::connect_with(&options).await?))
    }

    /// All messages that are counted and stored.
    async fn now(&mut self) -> Result<i64, Problem> {
        let (sum,): (i64,) =
            sqlx::query_as("SELECT COALESCE(SUM(value), 0) FROM member_counters WHERE kind = 'messages'")
                .fetch_one(&mut self.0)
                .await?;
        Ok(sum)
    }

    /// Waits until exactly so many are stored.
    async fn reaches(&mut self, wanted: i64, stage: &Stage) -> Result<(), Problem> {
        let (mut begun, mut last) = (Instant::now(), 0);
        loop {
            let now = self.now().await?;
            if now == wanted {
                return Ok(());
            }
            if now > last {
                (begun, last) = (Instant::now(), now);
            }
            if now > wanted || begun.elapsed() > PATIENCE {
                return Err(stage.complaint(&format!("{now} messages were counted instead of {wanted}")));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}
