//! What a slash command costs, from the gateway to the answer by REST.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    Problem, Task,
    figure::{Figure, Report, Target},
    process,
    stage::{ORDINARY, Stage},
    stats,
};

const SECTION: &str = "slash";
/// People who press return at the same time.
const IN_FLIGHT: usize = 16;
/// Commands before the measurement, so that connections are open and caches filled.
const WARM_UP: usize = 100;

/// Runs `/help` many times and looks at what it took.
pub(crate) async fn run(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    let stage = Arc::new(Stage::new(task.program, ORDINARY).await?);
    stage.set_up().await?;
    let bot = stage.run().await?;
    helped(&stage, WARM_UP).await?;
    let idle = process::idle_cpu(bot.pid(), Duration::from_secs(task.either(1, 10))).await?;

    let count = task.either(500, 4_000);
    let before = bot.cpu()?;
    let begun = Instant::now();
    let latencies = helped(&stage, count).await?;
    let took = begun.elapsed().as_secs_f64();
    let spent = bot.cpu()? - before - idle * took;
    bot.end().await?;

    let per_thousand = spent.max(0.0) / (count as f64 / 1_000.0);
    report.add(
        Figure::new(SECTION, "processor time of 1,000 /help", per_thousand, "s")
            .target(Target::Below(0.05))
            .python(1.47),
    );
    let per_second = count as f64 / took;
    report.add(Figure::new(
        SECTION,
        format!("answered per second, {IN_FLIGHT} at once"),
        per_second,
        "/s",
    ));
    for percent in [50.0, 99.0] {
        let value = stats::percentile(&latencies, percent).ok_or("nothing was measured")?;
        report.add(Figure::new(
            SECTION,
            format!("press to answer, p{percent:.0}"),
            value,
            "ms",
        ));
    }
    Ok(())
}

/// Runs `/help` so often, by the members in turn; gives the milliseconds to each answer, sorted.
async fn helped(stage: &Arc<Stage>, count: usize) -> Result<Vec<f64>, Problem> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut people = JoinSet::new();
    for _ in 0..IN_FLIGHT {
        let (stage, next) = (Arc::clone(stage), Arc::clone(&next));
        people.spawn(async move {
            let members = &stage.community.members;
            let mut took = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return Ok::<_, Problem>(took);
                }
                let member = members.get(number % members.len().max(1)).copied();
                let begun = Instant::now();
                stage.help(member.ok_or("nobody is there")?).await?;
                took.push(begun.elapsed().as_secs_f64() * 1_000.0);
            }
        });
    }
    let mut all = Vec::with_capacity(count);
    while let Some(took) = people.join_next().await {
        all.extend(took??);
    }
    Ok(stats::sorted(all))
}
