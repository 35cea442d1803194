//! A guild with years of tickets: what a page of the list, a search and a history take, and a long transcript.

use std::time::{Duration, Instant};

use hazebot_core::{
    Clock, Entropy, Store,
    ids::{GuildId, Snowflake, UserId},
    insert_rows,
};

use crate::{
    Problem, Task,
    figure::{Figure, Report, Target},
    load::{self, Request},
    note,
    stage::{ORDINARY, Stage},
    stats,
};

const SECTION: &str = "tickets";
/// Targets of a read, in milliseconds.
const READ: f64 = 5.0;
/// Target of a transcript, in milliseconds.
const TRANSCRIPT: f64 = 1_000.0;
/// Messages of the ticket whose transcript is written.
const LONG: usize = 5_000;
/// The message that a snowflake counts from, and how far two of them are apart: a minute.
const FIRST_MESSAGE: i64 = 1_100_000_000_000_000_000;
const APART: i64 = 60_000 << 22;
/// Words that messages are made of: few are in every second message, most in one of a hundred.
const WORDS: usize = 2_000;
/// Words of a message.
const LENGTH: usize = 14;

/// Fills a database, then asks one thing after the other, as a person does.
pub(crate) async fn run(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    let (tickets, messages) = task.either((500, 10_000), (10_000, 200_000));
    let stage = Stage::new(task.program, ORDINARY).await?;
    stage.set_up().await?;
    note(&format!("  {tickets} tickets with {messages} messages …"));
    let long = fill(&stage, tickets, messages).await?;
    let begun = Instant::now();
    let bot = stage.run().await?;
    let started = begun.elapsed().as_secs_f64();
    report.add(Figure::new(
        SECTION,
        "start until everything answers",
        started,
        "s",
    ));
    let moderator = stage.community.moderators.first().copied();
    let staff = stage
        .client()?
        .sign_in(moderator.ok_or("there is no moderator")?)
        .await?;
    let (warm_up, time) = task.either((200, 500), (1_000, 4_000));
    let (warm_up, time) = (Duration::from_millis(warm_up), Duration::from_millis(time));
    let middle = tickets / 2;
    let reads = [
        ("a page of the list", "/api/tickets?limit=50".to_owned()),
        (
            "a page in the middle of the list",
            format!("/api/tickets?limit=50&before={middle}"),
        ),
        (
            "a page of the closed ones",
            "/api/tickets?limit=50&status=closed".to_owned(),
        ),
        ("search, a rare word", "/api/tickets/search?q=word1777".to_owned()),
        (
            "search, a word of half of the messages",
            "/api/tickets/search?q=word0".to_owned(),
        ),
        (
            "search, two words",
            "/api/tickets/search?q=word3%20word5".to_owned(),
        ),
        ("search, a beginning", "/api/tickets/search?q=wo".to_owned()),
        ("search, nothing", "/api/tickets/search?q=nowhere".to_owned()),
        ("one ticket's history", format!("/api/tickets/{long}/messages")),
    ];
    for (name, path) in reads {
        let request = Request::get(&path, staff.token());
        let speed = load::run(stage.address(), &request, 1, warm_up, time).await?;
        let figure = |of: &str, value| Figure::new(SECTION, format!("{name}, {of}"), value, "ms");
        report.add(figure("p50", speed.p50));
        report.add(figure("p99", speed.p99).target(Target::Below(READ)));
    }
    let mut took = Vec::new();
    for _ in 0..task.either(3, 15) {
        let begun = Instant::now();
        let (status, _) = staff.get(&format!("/api/tickets/{long}/transcript")).await?;
        if status != 200 {
            return Err(format!("the transcript: {status}").into());
        }
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let median = stats::median(took).ok_or("nothing was measured")?;
    let name = format!("a transcript of {LONG} messages");
    report.add(Figure::new(SECTION, name, median, "ms").target(Target::Below(TRANSCRIPT)));
    bot.end().await
}

/// One message of the made-up past.
struct Said {
    id: i64,
    ticket: usize,
    content: String,
}

/// Writes tickets that were closed long ago; gives the id of one with [`LONG`] messages.
async fn fill(stage: &Stage, tickets: usize, messages: usize) -> Result<String, Problem> {
    let store = Store::open(&stage.database(), Clock::system(), Entropy::seeded(7)).await?;
    let guild = GuildId::new(stage.community.guild.get()).to_i64();
    let creator = UserId::new(stage.community.finn.get()).to_i64();
    let (now, dice) = (store.clock().now_millis(), Entropy::seeded(11));
    let ids: Vec<String> = (0..tickets).map(|_| dice.uuid().to_string()).collect();
    let long = ids.last().cloned().ok_or("no tickets")?;
    let rows: Vec<(i64, String)> = (1..).zip(ids.iter().cloned()).collect();
    let written = store.write(move |tx| {
        Box::pin(async move {
            insert_rows!(
                tx,
                "INSERT INTO tickets (id, guild_id, number, creator_id, creator_name, kind, status, subject, \
                 initial_message, created_at, closed_at, origin) ",
                rows,
                |tuple, (number, id)| {
                    let at = now - (rows.len() as i64 - number) * 60_000;
                    let open = number % 50 == 0;
                    tuple
                        .push_bind(id.as_str())
                        .push_bind(guild)
                        .push_bind(*number)
                        .push_bind(creator)
                        .push_bind("finn_reed")
                        .push_bind("Support")
                        .push_bind(if open { "claimed" } else { "closed" })
                        .push_bind("A question")
                        .push_bind("**Subject:** A question\n\n**Description:**\nHow do I link my account?")
                        .push_bind(at)
                        .push_bind((!open).then_some(at))
                        .push_bind("api");
                }
            )?;
            hazebot_core::execute!(
                tx,
                "INSERT INTO ticket_numbers (guild_id, next) VALUES ($1, $2)
                 ON CONFLICT (guild_id) DO UPDATE SET next = excluded.next",
                guild,
                rows.len() as i64 + 1
            )?;
            Ok(())
        })
    });
    written.await?;
    let mut said = Vec::with_capacity(messages);
    for number in 0..messages {
        let ticket = if number < LONG.min(messages) {
            tickets - 1
        } else {
            number % tickets
        };
        let words: Vec<String> = (0..LENGTH).map(|at| word(&dice, at)).collect();
        said.push(Said {
            id: FIRST_MESSAGE + number as i64 * APART,
            ticket,
            content: words.join(" "),
        });
    }
    // In steps of some thousand rows: a change has its time.
    while !said.is_empty() {
        let rest = said.split_off(said.len().min(4_000));
        let (part, ids) = (std::mem::replace(&mut said, rest), ids.clone());
        let written = store.write(move |tx| {
            Box::pin(async move {
                insert_rows!(
                    tx,
                    "INSERT INTO ticket_messages (id, ticket_id, guild_id, author_id, author_name, kind, content, sent_at) ",
                    part,
                    |tuple, said| {
                        tuple
                            .push_bind(said.id)
                            .push_bind(ids.get(said.ticket).map(String::as_str).unwrap_or_default())
                            .push_bind(guild)
                            .push_bind(creator)
                            .push_bind("finn_reed")
                            .push_bind("member")
                            .push_bind(said.content.as_str())
                            .push_bind(now);
                    }
                )?;
                Ok(())
            })
        });
        written.await?;
    }
    store.close().await;
    Ok(long)
}

/// A word; the first of a message is `word0` in half of them.
fn word(dice: &Entropy, at: usize) -> String {
    let number = dice.below(WORDS);
    match at {
        0 => format!("word{}", number % 2),
        _ => format!("word{number}"),
    }
}
