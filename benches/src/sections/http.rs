//! How many requests the API answers, beside a bare axum route in the same run.

use std::time::Duration;

use serde_json::json;

use crate::{
    Problem, Task,
    bare::Bare,
    client::Client,
    figure::{Figure, Report, Target},
    load::{self, Request, Speed},
    note,
    stage::{LOGIN, ORDINARY, Stage},
};

const SECTION: &str = "http";
/// Connections that ask at once.
const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// Where the targets and the Python version's figures are taken.
const MANY: usize = 64;
/// Tickets in the list.
const TICKETS: usize = 4;

/// What is asked.
struct Route {
    name: &'static str,
    request: Request,
    /// Answers per second at [`MANY`] connections.
    target: Option<f64>,
    /// Share of what the bare route does.
    share: Option<f64>,
    python: Option<f64>,
}

impl Route {
    fn new(name: &'static str, request: Request) -> Self {
        Self {
            name,
            request,
            target: None,
            share: None,
            python: None,
        }
    }
}

/// Asks each route with few and many connections.
pub(crate) async fn run(task: Task<'_>, report: &mut Report) -> Result<(), Problem> {
    let stage = Stage::new(task.program, ORDINARY).await?;
    stage.set_up().await?;
    let bot = stage.run().await?;
    let bare = Bare::start().await?;
    let (staff, ticket) = tickets(&stage).await?;
    let routes = routes(&staff, &ticket);
    let (warm_up, time) = (
        task.either(Duration::from_millis(200), Duration::from_secs(1)),
        task.either(Duration::from_millis(500), Duration::from_secs(5)),
    );
    for connections in CONNECTIONS {
        note(&format!("  {connections} connections …"));
        let least = load::run(bare.address, &Request::get("/", ""), connections, warm_up, time).await?;
        add(report, "bare axum", connections, least);
        for route in &routes {
            let speed = load::run(stage.address(), &route.request, connections, warm_up, time)
                .await
                .map_err(|error| stage.complaint(&format!("{}: {error}", route.name)))?;
            judge(report, route, connections, speed, least);
        }
    }
    bot.end().await
}

/// Opens some tickets; gives somebody who may read them all, and one of them.
async fn tickets(stage: &Stage) -> Result<(Client, String), Problem> {
    let nobody = stage.client()?;
    let mut last = String::new();
    for (number, member) in (1..).zip(stage.community.members.iter().take(TICKETS)) {
        last = nobody.sign_in(*member).await?.open_ticket(number).await?;
    }
    let staff = nobody.log_in().await?;
    let (status, list) = staff.get("/api/tickets").await?;
    if status == 200 && list.get("total") == Some(&json!(TICKETS)) {
        Ok((staff, last))
    } else {
        Err(stage.complaint(&format!("the list of tickets is {status} {list}")))
    }
}

fn routes(staff: &Client, ticket: &str) -> [Route; 4] {
    let (username, password) = LOGIN;
    let login = json!({ "username": username, "password": password }).to_string();
    let token = staff.token();
    [
        Route {
            share: Some(60.0),
            ..Route::new("health", Request::get("/api/health", ""))
        },
        Route {
            target: Some(15_000.0),
            python: Some(564.0),
            ..Route::new("ticket list, kept rendered", Request::get("/api/tickets", token))
        },
        Route::new(
            "messages of a ticket, from the database",
            Request::get(&format!("/api/tickets/{ticket}/messages"), token),
        ),
        Route::new(
            "login, plain password",
            Request::post("/api/auth/login", "", &login),
        ),
    ]
}

fn add(report: &mut Report, name: &str, connections: usize, speed: Speed) {
    report.add(per_second(name, connections, speed));
    add_latency(report, name, connections, speed);
}

fn per_second(name: &str, connections: usize, speed: Speed) -> Figure {
    Figure::new(
        SECTION,
        format!("{name}, {connections} at once"),
        speed.per_second,
        "/s",
    )
}

fn add_latency(report: &mut Report, name: &str, connections: usize, speed: Speed) {
    for (percent, value) in [("p50", speed.p50), ("p99", speed.p99)] {
        report.add(Figure::new(
            SECTION,
            format!("{name}, {connections} at once, {percent}"),
            value,
            "ms",
        ));
    }
}

fn judge(report: &mut Report, route: &Route, connections: usize, speed: Speed, bare: Speed) {
    let many = connections == MANY;
    let mut figure = per_second(route.name, connections, speed);
    if let Some(target) = route.target.filter(|_| many) {
        figure = figure.target(Target::Above(target));
    }
    if let Some(python) = route.python.filter(|_| many) {
        figure = figure.python(python);
    }
    report.add(figure);
    let share = 100.0 * speed.per_second / bare.per_second.max(1.0);
    let figure = Figure::new(
        SECTION,
        format!("{}, {connections} at once, of bare axum", route.name),
        share,
        "%",
    );
    report.add(match route.share.filter(|_| many) {
        Some(least) => figure.target(Target::Above(least)),
        None => figure,
    });
    add_latency(report, route.name, connections, speed);
}
