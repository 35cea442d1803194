//! A gateway client by hand, for frames that no library sends and to see what really comes.

use discord_sim::world::model::PrivilegedIntents;
use discord_sim::{Community, CommunityOptions, Scenario, Sim, SimOptions};
use flate2::{Decompress, FlushDecompress};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use zstd::stream::raw::{Decoder, InBuffer, Operation as _, OutBuffer};

pub(crate) struct Socket {
    wire: WebSocketStream<MaybeTlsStream<TcpStream>>,
    reader: Reader,
    /// Frames that came compressed.
    pub(crate) compressed: usize,
}

/// What came: a frame, or the code of a closing one (0 if the connection broke).
#[derive(Debug, PartialEq)]
pub(crate) enum Came {
    Frame(Value),
    Closed(u16),
}

/// How this side reads.
enum Reader {
    Plain,
    Zlib(Decompress),
    Zstd(Decoder<'static>),
}

/// The largest frame that a test reads.
const LARGEST: usize = 1 << 20;

impl Reader {
    /// A binary frame of a stream as text. Without a stream it is a document of its own.
    fn text(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![0; LARGEST];
        let length = match self {
            Self::Plain => {
                let mut document = Decompress::new(true);
                document
                    .decompress(bytes, &mut out, FlushDecompress::Finish)
                    .unwrap();
                document.total_out() as usize
            }
            Self::Zlib(stream) => {
                let before = stream.total_out();
                stream.decompress(bytes, &mut out, FlushDecompress::Sync).unwrap();
                (stream.total_out() - before) as usize
            }
            Self::Zstd(stream) => {
                let mut input = InBuffer::around(bytes);
                let mut output = OutBuffer::around(out.as_mut_slice());
                while input.pos() < bytes.len() {
                    stream.run(&mut input, &mut output).unwrap();
                }
                output.pos()
            }
        };
        out.truncate(length);
        out
    }
}

impl Socket {
    pub(crate) async fn open(sim: &Sim, query: &str) -> Self {
        Self::open_at(&sim.gateway_url(), query).await
    }

    pub(crate) async fn open_at(url: &str, query: &str) -> Self {
        let wire = tokio_tungstenite::connect_async(format!("{url}{query}"))
            .await
            .unwrap()
            .0;
        let reader = if query.contains("zlib-stream") {
            Reader::Zlib(Decompress::new(true))
        } else if query.contains("zstd-stream") {
            Reader::Zstd(Decoder::new().unwrap())
        } else {
            Reader::Plain
        };
        Self {
            wire,
            reader,
            compressed: 0,
        }
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.text(frame.to_string()).await;
    }

    pub(crate) async fn text(&mut self, text: String) {
        // A socket that was closed meanwhile shows so when it is read.
        let _ = self.wire.send(Message::text(text)).await;
    }

    /// Ends the connection with this code.
    pub(crate) async fn close(mut self, code: u16) {
        let frame = CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        self.wire.close(Some(frame)).await.unwrap();
    }

    pub(crate) async fn next(&mut self) -> Came {
        let read = tokio::time::timeout(discord_sim::PATIENCE, self.wire.next())
            .await
            .unwrap();
        match read {
            Some(Ok(Message::Close(frame))) => Came::Closed(frame.map_or(0, |f| f.code.into())),
            Some(Ok(Message::Binary(bytes))) => {
                self.compressed += 1;
                let text = self.reader.text(&bytes);
                Came::Frame(serde_json::from_slice(&text).unwrap())
            }
            Some(Ok(message)) => Came::Frame(serde_json::from_slice(&message.into_data()).unwrap()),
            Some(Err(_)) | None => Came::Closed(0),
        }
    }

    /// The code that the connection ends with, whatever comes before.
    pub(crate) async fn end(&mut self) -> u16 {
        loop {
            if let Came::Closed(code) = self.next().await {
                return code;
            }
        }
    }

    /// The next frame whose op or name fits.
    pub(crate) async fn until(&mut self, op: u64, name: Option<&str>) -> Value {
        loop {
            match self.next().await {
                Came::Frame(frame)
                    if frame.get("op") == Some(&json!(op))
                        && frame.get("t").and_then(Value::as_str) == name =>
                {
                    return frame;
                }
                Came::Frame(_) => {}
                Came::Closed(code) => panic!("closed with {code}"),
            }
        }
    }
}

pub(crate) async fn start(intents: PrivilegedIntents) -> (Sim, Community) {
    start_with(intents, SimOptions::default()).await
}

pub(crate) async fn start_with(intents: PrivilegedIntents, options: SimOptions) -> (Sim, Community) {
    let (world, c) = Scenario::community_with(CommunityOptions {
        intents,
        ..CommunityOptions::default()
    })
    .unwrap();
    (
        Sim::start(discord_document::checked(options), world)
            .await
            .unwrap(),
        c,
    )
}

pub(crate) fn identify(c: &Community, intents: u64) -> Value {
    json!({ "op": 2, "d": { "token": c.bot_token, "intents": intents, "properties": {} } })
}
