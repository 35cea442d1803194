//! One client: Engine.IO 4 and Socket.IO 5 on a WebSocket, as little of them as a person with an open ticket needs
//! (<https://socket.io/docs/v4/engine-io-protocol/>, <https://socket.io/docs/v4/socket-io-protocol/>).

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Instant,
};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::mpsc,
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

use crate::{Problem, stage::PATIENCE};

/// Thousands of clients share this process: their buffers are small.
const BUFFER: usize = 4 * 1_024;
/// What the messages of the measurement begin with.
const MARK: &str = "benchmark message ";

/// A message has arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delivery {
    /// Which one.
    pub(super) round: u64,
    /// When.
    pub(super) at: Instant,
}

/// The text of the message of a round.
pub(super) fn text(round: u64) -> String {
    format!("{MARK}{round}.")
}

/// The round that a frame tells of, if it tells of a new message of the measurement.
fn round_of(frame: &str) -> Option<u64> {
    if !frame.starts_with("42[\"ticket_update\"") || !frame.contains("\"new_message\"") {
        return None;
    }
    let (_, behind) = frame.split_once(MARK)?;
    let (number, _) = behind.split_once('.')?;
    number.parse().ok()
}

/// A connection that has joined a ticket.
pub(super) struct Listener(WebSocketStream<TcpStream>);

impl Listener {
    /// Connects from an address, signs in and joins.
    pub(super) async fn join(
        server: SocketAddr,
        from: Ipv4Addr,
        token: &str,
        ticket: &str,
    ) -> Result<Self, Problem> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(IpAddr::V4(from), 0))?;
        let stream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(BUFFER);
        let url = format!("ws://{server}/socket.io/?EIO=4&transport=websocket");
        let handshake = client_async_with_config(url, stream, Some(config));
        let (stream, _) = tokio::time::timeout(PATIENCE, handshake)
            .await
            .map_err(|_| "a client's handshake is not answered")??;
        let mut listener = Self(stream);
        listener.until("0", "the transport's opening").await?;
        listener.send(format!("40{}", json!({ "token": token }))).await?;
        listener.until("40", "the namespace's opening").await?;
        listener
            .send(format!("42{}", json!(["join_ticket", { "ticket_id": ticket }])))
            .await?;
        listener
            .until("42[\"joined_ticket\"", "the ticket's room")
            .await?;
        Ok(listener)
    }

    /// Listens until the connection or whoever collects ends.
    pub(super) async fn listen(mut self, deliveries: mpsc::Sender<Delivery>) -> Result<(), Problem> {
        loop {
            let frame = self.next().await?;
            let at = Instant::now();
            if let Some(round) = round_of(&frame)
                && deliveries.send(Delivery { round, at }).await.is_err()
            {
                return Ok(());
            }
        }
    }

    /// Reads on to a frame that begins so, for a while; a refusal ends it.
    async fn until(&mut self, beginning: &str, what: &str) -> Result<(), Problem> {
        let reading = async {
            loop {
                let frame = self.next().await?;
                if frame.starts_with("42[\"error\"") || frame.starts_with("44") {
                    return Err(format!("a client was refused: {frame}").into());
                }
                if frame.starts_with(beginning) {
                    return Ok(());
                }
            }
        };
        match tokio::time::timeout(PATIENCE, reading).await {
            Ok(read) => read,
            Err(_) => Err(format!("a client waits in vain for {what}").into()),
        }
    }

    /// The next frame; the server's questions whether anybody is there are answered.
    async fn next(&mut self) -> Result<String, Problem> {
        loop {
            match self.0.next().await.ok_or("the server hung up")?? {
                Message::Text(frame) if frame.as_str() == "2" => self.send("3".to_owned()).await?,
                Message::Text(frame) => return Ok(frame.as_str().to_owned()),
                Message::Close(why) => return Err(format!("the server hung up: {why:?}").into()),
                _ => {}
            }
        }
    }

    async fn send(&mut self, frame: String) -> Result<(), Problem> {
        Ok(self.0.send(Message::Text(frame.into())).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_new_messages_of_the_measurement_count() {
        let frame = |kind: &str, content: &str| {
            let payload = json!({ "ticket_id": "x", "event_type": kind, "data": { "content": content } });
            format!("42{}", json!(["ticket_update", payload]))
        };
        assert_eq!(round_of(&frame("new_message", &text(12))), Some(12));
        assert_eq!(
            round_of(&frame(
                "new_message",
                &format!("**[Admin Panel - x]:** {}", text(3))
            )),
            Some(3)
        );
        assert_eq!(round_of(&frame("message_edited", &text(12))), None);
        assert_eq!(round_of(&frame("new_message", "hello")), None);
        assert_eq!(round_of("42[\"tickets_changed\",{}]"), None);
    }
}
