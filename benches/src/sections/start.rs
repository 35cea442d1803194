//! From the start of the program to the first answer that somebody gets.

use std::time::Instant;

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    Problem, Task,
    figure::{Figure, Report, Target},
    stage::{ORDINARY, Stage},
    stats,
};

const SECTION: &str = "start";

/// Starts the program several times: each time first with an empty folder, then again where it left off.
pub(crate) async fn run(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..task.either(1, 5) {
        let stage = Stage::new(task.program, ORDINARY).await?;
        first.push(once(&stage).await?);
        let session = session(&stage).await?;
        again.push(once(&stage).await?);
        if self::session(&stage).await? != session {
            return Err(stage.complaint("the session was not resumed"));
        }
    }
    let figure = |name, values| {
        let median = stats::median(values).ok_or("nothing was measured")?;
        Ok::<_, Problem>(Figure::new(SECTION, name, median, "s").target(Target::Below(0.3)))
    };
    report.add(figure("first /help answered, empty database", first)?.python(7.2));
    report.add(figure("first /help answered, session resumed", again)?);
    Ok(())
}

/// Seconds from the start to the answer. The program has ended in order afterwards.
async fn once(stage: &Stage) -> Result<f64, Problem> {
    let begun = Instant::now();
    let mut bot = stage.spawn()?;
    stage.helps(&mut bot, stage.community.finn).await?;
    let took = begun.elapsed().as_secs_f64();
    bot.end().await?;
    stage.is_empty().await?;
    Ok(took)
}

/// The gateway session that the program stored last.
async fn session(stage: &Stage) -> Result<String, Problem> {
    let options = SqliteConnectOptions::new()
        .filename(stage.database_file())
        .read_only(true);
    let mut database = SqliteConnection::connect_with(&options).await?;
    let (id,): (String,) = sqlx::query_as("SELECT session_id FROM gateway_sessions")
        .fetch_one(&mut database)
        .await?;
    database.close().await?;
    Ok(id)
}
