//! Memory of the program when nothing happens: beside Discord, and as the demo that brings its own.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

use crate::{
    Problem, Task,
    figure::{Figure, Report, Target},
    process::{self, Memory},
    stage::{Bot, ORDINARY, PATIENCE, Stage},
};

const SECTION: &str = "memory";

/// Measures both some time after they are ready.
pub(crate) async fn run(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    let wait = Duration::from_secs(task.either(5, 60));

    let stage = Stage::new(task.program, ORDINARY).await?;
    stage.set_up().await?;
    let bot = stage.run().await?;
    tokio::time::sleep(wait).await;
    let memory = process::memory(bot.pid())?;
    bot.end().await?;
    add(report, "serve", memory, 25.0, Some(115.0));

    let demo = demo(task.program).await?;
    tokio::time::sleep(wait).await;
    let memory = process::memory(demo.pid())?;
    demo.end().await?;
    add(report, "demo", memory, 40.0, None);
    Ok(())
}

fn add(report: &mut Report, what: &str, memory: Memory, most: f64, python: Option<f64>) {
    let figure = |name: &str, value| Figure::new(SECTION, format!("{what}, {name}"), value, "MiB");
    let resident = figure("idle, resident", memory.resident).target(Target::Below(most));
    report.add(match python {
        Some(python) => resident.python(python),
        None => resident,
    });
    report.add(figure("idle, heap and stacks", memory.anonymous));
    report.add(figure("most so far", memory.peak));
}

/// The demo, ready.
async fn demo(program: &Path) -> Result<Bot, Problem> {
    let mut child = Command::new(program)
        .args(["demo", "--json", "--port", "0", "--sim-port", "0"])
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let out = child.stdout.take().ok_or("the demo says nothing")?;
    let mut line = String::new();
    tokio::time::timeout(PATIENCE, BufReader::new(out).read_line(&mut line))
        .await
        .map_err(|_| "the demo does not get ready")??;
    if line.trim().is_empty() {
        return Err("the demo ended at once".into());
    }
    Bot::new(child)
}
