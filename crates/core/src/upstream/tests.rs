//! What the client of a service promises, against a small server on loopback.

use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;
use crate::clock::from_millis;

/// What the server says to the request with a number (from 0): status line, headers and body.
type Say = Arc<dyn Fn(usize, &str) -> (String, Duration) + Send + Sync>;

/// A server that answers each connection once; counts requests, and those under way at once.
struct Server {
    base: Url,
    requests: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    async fn start(say: impl Fn(usize, &str) -> (String, Duration) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/base/", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let (requests, most, now) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
        );
        let server = Self {
            base,
            requests: Arc::clone(&requests),
            most_at_once: Arc::clone(&most),
        };
        let say: Say = Arc::new(say);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (requests, most, now, say) = (
                    Arc::clone(&requests),
                    Arc::clone(&most),
                    Arc::clone(&now),
                    Arc::clone(&say),
                );
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    let mut buffer = [0; 4096];
                    while !is_whole(&request) {
                        let read = stream.read(&mut buffer).await.unwrap_or(0);
                        if read == 0 {
                            return;
                        }
                        request.extend_from_slice(buffer.get(..read).unwrap_or_default());
                    }
                    let number = requests.fetch_add(1, Ordering::SeqCst);
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let (reply, pause) = say(number, &String::from_utf8_lossy(&request));
                    tokio::time::sleep(pause).await;
                    now.fetch_sub(1, Ordering::SeqCst);
                    let _ = stream.write_all(reply.as_bytes()).await;
                });
            }
        });
        server
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length: ")?
            .parse()
            .ok()
    });
    body.len() >= length.unwrap_or(0)
}

fn reply(status: &str, body: &str) -> (String, Duration) {
    let length = body.len();
    (
        format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"),
        Duration::ZERO,
    )
}

const QUICK: Retries = Retries {
    more: 2,
    pause: Duration::ZERO,
};

fn upstreams() -> (Clock, Upstreams) {
    let clock = Clock::manual(from_millis(0));
    (
        clock.clone(),
        Upstreams::new(clock.clone(), Entropy::seeded(1), Caches::new(clock)),
    )
}

#[tokio::test]
async fn a_call_carries_its_path_query_header_and_form() {
    let server = Server::start(|_, request| {
        let wanted = request.starts_with("POST /base/oauth2/token?a=b+c HTTP/1.1")
            && request.contains("authorization: Bearer sesame")
            && request.ends_with("code=x%26y&n=1");
        reply(
            if wanted { "200 OK" } else { "400 Bad Request" },
            r#"{"token":"t"}"#,
        )
    })
    .await;
    let (_, upstreams) = upstreams();
    let service = upstreams.builder("oauth", server.base.clone()).build();
    let call = Call::post("/oauth2/token")
        .query("a", "b c")
        .bearer(&SecretString::from("sesame"));
    let reply = service
        .send(call.form([("code", "x&y"), ("n", "1")]))
        .await
        .unwrap();
    assert_eq!(reply.json::<Value>().unwrap(), json!({"token": "t"}));
}

#[tokio::test]
async fn what_can_be_repeated_is_tried_again_and_nothing_else() {
    let server = Server::start(|number, _| match number {
        0 | 1 => reply("503 Service Unavailable", "<html>"),
        2 => reply("200 OK", "{}"),
        _ => reply("500 Oh", ""),
    })
    .await;
    let (_, upstreams) = upstreams();
    let service = upstreams.builder("s", server.base.clone()).retries(QUICK).build();
    service.send(Call::get("x")).await.unwrap();
    assert_eq!(server.requests(), 3);
    assert_eq!(
        service.send(Call::post("x")).await.unwrap_err().status(),
        Some(500)
    );
    assert_eq!(server.requests(), 4, "a POST is sent once");
    assert_eq!(
        service.send(Call::get("x")).await.unwrap_err().status(),
        Some(500)
    );
    assert_eq!(server.requests(), 7);
    let health = upstreams.health();
    let health = health.first().unwrap();
    assert_eq!(
        (health.name, health.up, health.calls, health.failures),
        ("s", Some(false), 7, 6)
    );
    assert_eq!(health.last_error.as_deref(), Some("the service answered 500: "));
}

#[tokio::test]
async fn answers_are_kept_and_asked_for_once() {
    let server = Server::start(|number, _| {
        let (text, _) = reply("200 OK", &format!("{{\"n\":{number}}}"));
        (text, Duration::from_millis(20))
    })
    .await;
    let (clock, upstreams) = upstreams();
    let minute = Duration::from_secs(60);
    let service = upstreams
        .builder("s", server.base.clone())
        .keep(10, minute, minute)
        .build();
    let ask = || service.get_json::<Value>(Call::get("items").query("q", "x"));
    let answers = futures_util::future::join_all((0..10).map(|_| ask())).await;
    for answer in answers {
        assert_eq!(
            answer.unwrap(),
            Answer {
                value: json!({"n": 0}),
                stale: false,
                at: from_millis(0)
            }
        );
    }
    clock.advance(chrono::Duration::seconds(59));
    assert_eq!(ask().await.unwrap().at, from_millis(0));
    assert_eq!(
        service
            .get_json::<Value>(Call::get("items").query("q", "y"))
            .await
            .unwrap()
            .value,
        json!({"n": 1})
    );
    clock.advance(chrono::Duration::seconds(1));
    assert_eq!(ask().await.unwrap().value, json!({"n": 2}));
    service.forget("/items").await;
    assert_eq!(ask().await.unwrap().value, json!({"n": 3}));
}

#[tokio::test]
async fn while_the_service_is_away_the_last_answer_is_given_and_marked() {
    let server = Server::start(|number, _| match number {
        0 => reply("200 OK", "1"),
        1 => reply("502 Bad Gateway", ""),
        2 => reply("200 OK", "2"),
        _ => reply("404 Not Found", ""),
    })
    .await;
    let (clock, upstreams) = upstreams();
    let minute = Duration::from_secs(60);
    let service = upstreams
        .builder("s", server.base.clone())
        .retries(Retries::NONE)
        .keep(10, minute, 60 * minute)
        .build();
    let ask = || service.get_json::<u8>(Call::get("n"));
    ask().await.unwrap();
    clock.advance(chrono::Duration::seconds(60));
    let old = Answer {
        value: 1,
        stale: true,
        at: from_millis(0),
    };
    assert_eq!(ask().await.unwrap(), old);
    assert_eq!(ask().await.unwrap(), old, "and for a while it is not asked again");
    assert_eq!(server.requests(), 2);
    clock.advance(chrono::Duration::seconds(15));
    assert_eq!(
        ask().await.unwrap(),
        Answer {
            value: 2,
            stale: false,
            at: from_millis(75_000)
        }
    );
    clock.advance(chrono::Duration::seconds(60));
    assert_eq!(
        ask().await.unwrap_err().status(),
        Some(404),
        "that there is none now is an answer"
    );
}

#[tokio::test]
async fn a_service_that_hangs_is_given_up_and_holds_few_callers() {
    let server = Server::start(|_, _| (String::new(), Duration::from_secs(60))).await;
    let (_, upstreams) = upstreams();
    let service = upstreams
        .builder("s", server.base.clone())
        .timeout(Duration::from_millis(50))
        .at_once(2)
        .retries(Retries::NONE)
        .build();
    let calls = futures_util::future::join_all((0..8).map(|_| service.send(Call::get("x")))).await;
    for error in calls.into_iter().map(Result::unwrap_err) {
        assert!(
            matches!(error, UpstreamError::Timeout | UpstreamError::Busy),
            "{error}"
        );
    }
    assert_eq!(
        upstreams.health().first().and_then(|health| health.up),
        Some(false)
    );
}

#[tokio::test]
async fn calls_at_once_are_limited() {
    let server = Server::start(|_, _| (reply("200 OK", "{}").0, Duration::from_millis(10))).await;
    let (_, upstreams) = upstreams();
    let service = upstreams.builder("s", server.base.clone()).at_once(3).build();
    let calls = futures_util::future::join_all((0..12).map(|_| service.send(Call::get("x")))).await;
    assert!(calls.iter().all(Result::is_ok));
    assert!(server.most_at_once.load(Ordering::SeqCst) <= 3);
}

#[tokio::test]
async fn large_answers_redirects_and_closed_ports_are_errors_without_address() {
    let server = Server::start(|number, _| match number {
        0 => reply("200 OK", &"x".repeat(2_000)),
        1 => reply("302 Found\r\nlocation: http://127.0.0.1:1/", ""),
        _ => reply("200 OK", "no json"),
    })
    .await;
    let (_, upstreams) = upstreams();
    let service = upstreams
        .builder("s", server.base.clone())
        .largest(1_000)
        .retries(Retries::NONE)
        .build();
    assert_eq!(
        service.send(Call::get("x")).await.unwrap_err(),
        UpstreamError::TooLarge(1_000)
    );
    assert_eq!(
        service.send(Call::get("x")).await.unwrap_err().status(),
        Some(302)
    );
    assert!(matches!(
        service.get_json::<Value>(Call::get("x")).await,
        Err(UpstreamError::Unreadable(_))
    ));
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let away = upstreams
        .builder("away", format!("http://{closed}/secret-path").parse().unwrap())
        .retries(Retries::NONE)
        .build();
    let error = away.send(Call::get("x?key=sesame")).await.unwrap_err();
    assert!(
        matches!(&error, UpstreamError::Unreachable(text) if !text.contains("sesame") && !text.contains("secret-path")),
        "{error}"
    );
    assert_eq!(
        upstreams
            .health()
            .iter()
            .map(|health| health.name)
            .collect::<Vec<_>>(),
        ["away", "s"]
    );
}
