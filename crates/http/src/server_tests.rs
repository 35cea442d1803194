//! The server over real connections.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Json, extract::State};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
};

use crate::{Policy, Routes, Server, routes, testing::World};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A route that tells when it runs, and waits to be let go.
#[derive(Clone)]
struct Slow {
    running: Arc<Semaphore>,
    go: Arc<Semaphore>,
}

#[utoipa::path(get, path = "/api/slow", operation_id = "slow.get")]
async fn slow(State(slow): State<Slow>) -> Json<Value> {
    slow.running.add_permits(1);
    let _go = slow.go.acquire().await.unwrap();
    Json(json!({"slow": true}))
}

async fn world() -> (World, Slow, Server) {
    let slow_state = Slow {
        running: Arc::new(Semaphore::new(0)),
        go: Arc::new(Semaphore::new(0)),
    };
    let state = slow_state.clone();
    let world = World::new(|_| {
        vec![
            Routes::always()
                .add(Policy::Public, routes!(slow))
                .with_state(state),
        ]
    })
    .await;
    (world, slow_state, Server::new("127.0.0.1".parse().unwrap(), 0))
}

async fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn requests_are_answered_and_counted() {
    let (world, _, server) = world().await;
    let address = server.serve(world.app.clone()).await.unwrap();
    assert_ne!(address.port(), 0);
    assert!(
        get(address, "/api/health")
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
    assert!(
        get(address, "/api/nope")
            .await
            .unwrap()
            .starts_with("HTTP/1.1 404")
    );
    let stats = server.stats();
    assert_eq!(
        (stats.requests, stats.connections, stats.running_requests),
        (2, 2, 0)
    );
}

#[tokio::test]
async fn a_reload_finishes_what_runs_and_makes_the_others_wait() {
    let (world, slow, server) = world().await;
    let address = server.serve(world.app.clone()).await.unwrap();
    let running = tokio::spawn(get(address, "/api/slow"));
    slow.running.acquire().await.unwrap().forget();
    let pausing = tokio::spawn({
        let server = server.clone();
        async move { server.pause(PATIENCE).await }
    });
    // the pause has begun when the connection is told to end; what comes now waits in the backlog
    let waiting = tokio::spawn(get(address, "/api/health"));
    assert!(!pausing.is_finished());
    slow.go.add_permits(1);
    assert!(running.await.unwrap().unwrap().contains(r#"{"slow":true}"#));
    pausing.await.unwrap();
    assert!(!server.is_serving().await);
    server.serve(world.app.clone()).await.unwrap();
    assert!(waiting.await.unwrap().unwrap().starts_with("HTTP/1.1 200"));
    assert_eq!(server.address(), address);
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_a_reload_up() {
    let (world, _, server) = world().await;
    let address = server.serve(world.app.clone()).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /api/health HTTP/1.1\r\nHost: test\r\n\r\n")
        .await
        .unwrap();
    let mut start = [0; 12];
    idle.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    let reloaded = server.reload(world.app.clone(), PATIENCE);
    tokio::time::timeout(PATIENCE / 2, reloaded)
        .await
        .unwrap()
        .unwrap();
    assert!(
        get(address, "/api/health")
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
}

#[tokio::test]
async fn a_stop_refuses_and_a_start_listens_on_the_same_port() {
    let (world, _, server) = world().await;
    let address = server.serve(world.app.clone()).await.unwrap();
    server.stop(PATIENCE).await;
    assert_eq!(
        get(address, "/api/health").await.unwrap_err().kind(),
        io::ErrorKind::ConnectionRefused
    );
    assert_eq!(server.serve(world.app.clone()).await.unwrap(), address);
    assert!(
        get(address, "/api/health")
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let (world, slow, server) = world().await;
    let address = server.serve(world.app.clone()).await.unwrap();
    let running = tokio::spawn(get(address, "/api/slow"));
    slow.running.acquire().await.unwrap().forget();
    server.stop(Duration::from_millis(1)).await;
    assert_eq!(running.await.unwrap().unwrap_or_default(), "");
    assert_eq!(server.stats().open_connections, 0);
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let error = Server::new(address.ip(), address.port())
        .bind()
        .await
        .unwrap_err();
    assert!(error.to_string().contains(&address.to_string()));
}
