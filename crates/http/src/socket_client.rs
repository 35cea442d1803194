//! A client for tests that speaks Engine.IO 4 and Socket.IO 5 over a real connection.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "tests may stop at what is wrong"
)]

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// Longer than anything here takes; only a failing test waits for it.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A connection.
#[derive(Debug)]
pub struct Client {
    /// What it speaks over.
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// What the server said of the transport.
    pub open: Value,
}

impl Client {
    /// Opens the transport and connects with this payload.
    pub async fn connect(address: SocketAddr, auth: &str) -> Self {
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let (stream, response) = connect_async(url).await.unwrap();
        assert_eq!(response.status(), 101);
        let mut client = Self {
            stream,
            open: Value::Null,
        };
        let open = client.text().await.unwrap();
        client.open = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
        client.send(&format!("40{auth}")).await;
        let answer = client.text().await.unwrap();
        let answer: Value = serde_json::from_str(answer.strip_prefix("40").unwrap()).unwrap();
        assert!(answer["sid"].is_string());
        assert_eq!(
            client.event().await,
            (
                "connected".to_owned(),
                json!({"message": "Connected to HazeBot API"})
            )
        );
        client
    }

    /// Sends a frame as it is.
    pub async fn send(&mut self, text: &str) {
        self.stream.send(Message::text(text.to_owned())).await.unwrap();
    }

    /// Sends an event.
    pub async fn emit(&mut self, event: &str, data: &Value) {
        self.send(&format!("42{}", json!([event, data]))).await;
    }

    /// The next text frame; nothing once the connection is closed.
    pub async fn text(&mut self) -> Option<String> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.stream.next())
                .await
                .expect("a frame in time");
            match next {
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => self.send("3").await,
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next event.
    pub async fn event(&mut self) -> (String, Value) {
        let text = self.text().await.expect("an open connection");
        let event: Vec<Value> = serde_json::from_str(text.strip_prefix("42").expect("an event")).unwrap();
        (
            event[0].as_str().unwrap().to_owned(),
            event.get(1).cloned().unwrap_or_default(),
        )
    }

    /// The data of the next event of this name; others before it are passed over.
    pub async fn hears(&mut self, name: &str) -> Value {
        loop {
            let (event, data) = self.event().await;
            if event == name {
                return data;
            }
        }
    }
}
