//! A load generator that takes little of the machine itself: one request over and over on connections that stay open,
//! and no more of HTTP/1.1 than its answers need (RFC 9112).

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use crate::{Problem, stats};

/// The longest answer that is read, in bytes; a ticket list has a few thousand.
const LONGEST_ANSWER: usize = 1 << 20;
/// Latencies kept per connection; one that is faster for longer only counts on.
const MOST_LATENCIES: usize = 2_000_000;

/// What is asked over and over.
#[derive(Clone, Debug)]
pub(crate) struct Request(Arc<[u8]>);

impl Request {
    /// Without body.
    pub(crate) fn get(path: &str, token: &str) -> Self {
        Self::new(&format!("GET {path} HTTP/1.1"), token, "")
    }

    /// With a body of JSON.
    pub(crate) fn post(path: &str, token: &str, json: &str) -> Self {
        Self::new(&format!("POST {path} HTTP/1.1"), token, json)
    }

    fn new(line: &str, token: &str, json: &str) -> Self {
        let mut text = format!("{line}\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n");
        if !token.is_empty() {
            text += &format!("Authorization: Bearer {token}\r\n");
        }
        if !json.is_empty() {
            text += &format!(
                "Content-Type: application/json\r\nContent-Length: {}\r\n",
                json.len()
            );
        }
        text += "\r\n";
        text += json;
        Self(text.into_bytes().into())
    }
}

/// How a server did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Speed {
    /// Answers in a second, over all connections.
    pub(crate) per_second: f64,
    /// Milliseconds that half of the answers took at most.
    pub(crate) p50: f64,
    /// Milliseconds that 99 of 100 answers took at most.
    pub(crate) p99: f64,
}

/// Asks on so many connections, first for `warm_up`, then for `time`, which is measured.
pub(crate) async fn run(
    address: SocketAddr,
    request: &Request,
    connections: usize,
    warm_up: Duration,
    time: Duration,
) -> Result<Speed, Problem> {
    let begin = Instant::now() + warm_up;
    let end = begin + time;
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let request = request.clone();
        tasks.spawn(async move { connection(address, &request, begin, end).await });
    }
    let (mut answers, mut latencies) = (0_u64, Vec::new());
    while let Some(done) = tasks.join_next().await {
        let (counted, took) = done??;
        answers += counted;
        latencies.extend(took);
    }
    let latencies = stats::sorted(latencies.into_iter().map(f64::from).collect());
    let millis = |percent| {
        let micros = stats::percentile(&latencies, percent).ok_or("no answer came in time")?;
        Ok::<f64, Problem>(micros / 1_000.0)
    };
    Ok(Speed {
        per_second: answers as f64 / time.as_secs_f64(),
        p50: millis(50.0)?,
        p99: millis(99.0)?,
    })
}

/// One connection: the answers between `begin` and `end`, and the microseconds of each.
async fn connection(
    address: SocketAddr,
    request: &Request,
    begin: Instant,
    end: Instant,
) -> Result<(u64, Vec<f32>), Problem> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(16 * 1_024);
    let (mut answers, mut latencies) = (0, Vec::new());
    loop {
        let asked = Instant::now();
        if asked >= end {
            return Ok((answers, latencies));
        }
        stream.write_all(&request.0).await?;
        read_answer(&mut stream, &mut buffer).await?;
        let answered = Instant::now();
        if asked >= begin && answered <= end {
            answers += 1;
            if latencies.len() < MOST_LATENCIES {
                latencies.push((answered - asked).as_secs_f32() * 1e6);
            }
        }
    }
}

/// Reads one answer to its end and leaves the buffer empty.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(), Problem> {
    loop {
        if let Some(length) = complete(buffer)? {
            if buffer.len() != length {
                return Err("more came than was asked for".into());
            }
            buffer.clear();
            return Ok(());
        }
        if buffer.len() > LONGEST_ANSWER {
            return Err("an answer is too long".into());
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err("the server hung up".into());
        }
    }
}

/// The length of the answer in the buffer as soon as its head is there and all of its body; an error unless it is a 200
/// or 201 with a length.
fn complete(buffer: &[u8]) -> Result<Option<usize>, Problem> {
    let Some(head) = buffer.windows(4).position(|end| end == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = buffer.get(..head).unwrap_or_default();
    let text = std::str::from_utf8(text)?;
    let mut lines = text.split("\r\n");
    let status = lines.next().unwrap_or_default();
    if !status.starts_with("HTTP/1.1 200") && !status.starts_with("HTTP/1.1 201") {
        return Err(format!("the server answered {status:?}").into());
    }
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .ok_or("an answer has no Content-Length")?;
    let all = head + 4 + length.1.trim().parse::<usize>()?;
    Ok((buffer.len() >= all).then_some(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_complete_with_the_last_byte_of_its_body() {
        let answer = b"HTTP/1.1 200 OK\r\nDate: now\r\ncontent-length: 2\r\n\r\n{}";
        for short in 0..answer.len() {
            assert_eq!(complete(answer.get(..short).unwrap()).unwrap(), None);
        }
        assert_eq!(complete(answer).unwrap(), Some(answer.len()));
    }

    #[test]
    fn an_error_ends_the_measurement() {
        assert!(complete(b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n").is_err());
        assert!(complete(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
    }

    #[test]
    fn a_body_is_sent_with_its_length() {
        let Request(bytes) = Request::post("/x", "t", "{\"a\":1}");
        let text = std::str::from_utf8(&bytes).unwrap();
        assert!(text.starts_with("POST /x HTTP/1.1\r\n"));
        assert!(text.contains("Authorization: Bearer t\r\n"));
        assert!(text.ends_with("Content-Length: 7\r\n\r\n{\"a\":1}"));
    }

    #[tokio::test]
    async fn answers_of_a_server_are_counted() {
        let app = axum::Router::new().route("/", axum::routing::get(async || "hello"));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        let request = Request::get("/", "");
        let speed = run(address, &request, 2, Duration::ZERO, Duration::from_millis(200))
            .await
            .unwrap();
        assert!(speed.per_second > 5.0 && speed.p50 <= speed.p99, "{speed:?}");
        let missing = Request::get("/nothing", "");
        let refused = run(address, &missing, 1, Duration::ZERO, Duration::from_millis(200)).await;
        assert!(refused.is_err());
    }
}
