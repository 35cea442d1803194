//! The bare route that the API is compared with: axum, one line of JSON, nothing around it; in a process of its own, as
//! the measured program is.

use std::{
    io::Read as _,
    net::{Ipv4Addr, SocketAddr},
    process::Stdio,
};

use axum::{Json, Router, routing::get};
use serde::Serialize;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{Problem, show};

/// An answer of about the size of `/api/health`.
#[derive(Serialize)]
struct Answer {
    status: &'static str,
    service: &'static str,
    version: &'static str,
    environment: &'static str,
    timestamp: &'static str,
}

async fn answer() -> Json<Answer> {
    Json(Answer {
        status: "ok",
        service: "bare axum",
        version: env!("CARGO_PKG_VERSION"),
        environment: "production",
        timestamp: "2026-01-01T00:00:00.000+00:00",
    })
}

/// Serves the route on loopback and prints its address, until standard input ends.
pub(crate) async fn serve(port: u16) -> Result<(), Problem> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    show(&listener.local_addr()?.to_string());
    let app = Router::new().route("/", get(answer));
    let ended = async {
        // Whoever started this has ended, however the reading ends.
        let _ = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0])).await;
    };
    tokio::select! {
        served = async { axum::serve(listener, app).await } => Ok(served?),
        () = ended => Ok(()),
    }
}

/// The route in another process. It ends when this is dropped.
pub(crate) struct Bare {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    _child: Child,
}

impl Bare {
    /// Starts it.
    pub(crate) async fn start() -> Result<Self, Problem> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--bare-axum", "0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().ok_or("the bare route says nothing")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).await?;
        Ok(Self {
            address: line.trim().parse()?,
            _child: child,
        })
    }
}
