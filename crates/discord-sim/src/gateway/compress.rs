//! Compression of what goes out: one zlib or zstd stream over the whole connection, or single large frames
//! (<https://discord.com/developers/docs/events/gateway#encoding-and-compression>).

use axum::extract::ws::Message;
use flate2::{Compress, Compression, FlushCompress};
use zstd::stream::raw::{CParameter, Encoder, Operation as _, OutBuffer};

/// Level 1: gateway frames repeat themselves so much that more effort gains little.
const LEVEL: u32 = 1;
/// 128 KiB of looking back: a connection holds that much, and gateway frames are shorter.
const ZSTD_WINDOW_LOG: u32 = 17;
/// Frames shorter than this are not worth compressing by themselves, in bytes.
const WORTH_IT: usize = 1024;

/// How a connection writes its frames.
#[derive(Debug)]
pub(super) enum Encoding {
    /// As text.
    Plain,
    /// `compress=zlib-stream`.
    Zlib(ZlibStream),
    /// `compress=zstd-stream`.
    Zstd(ZstdStream),
    /// `"compress": true` of an identify: large frames are zlib documents of their own.
    Payload,
}

impl Encoding {
    /// What the address asks for; `None` if that is not known.
    pub(super) fn of_transport(name: &str) -> Option<Self> {
        match name {
            "" => Some(Self::Plain),
            "zlib-stream" => Some(Self::Zlib(ZlibStream::new())),
            "zstd-stream" => ZstdStream::new().map(Self::Zstd),
            _ => None,
        }
    }

    /// The identify asks for compressed payloads. A stream that is in use already goes on.
    pub(super) fn compress_payloads(&mut self) {
        if matches!(self, Self::Plain) {
            *self = Self::Payload;
        }
    }

    /// The frame as it goes out; `None` if the stream is broken.
    pub(super) fn frame(&mut self, text: String) -> Option<Message> {
        match self {
            Self::Zlib(stream) => stream.frame(&text).map(|b| Message::Binary(b.into())),
            Self::Zstd(stream) => stream.frame(&text).map(|b| Message::Binary(b.into())),
            Self::Payload if text.len() >= WORTH_IT => document(&text).map(|b| Message::Binary(b.into())),
            Self::Plain | Self::Payload => Some(Message::Text(text.into())),
        }
    }
}

/// Compresses frames into one continuous stream.
#[derive(Debug)]
pub(super) struct ZlibStream {
    state: Compress,
}

impl ZlibStream {
    fn new() -> Self {
        Self {
            state: Compress::new(Compression::new(LEVEL), true),
        }
    }

    /// A frame's bytes, ending with the flush marker `00 00 FF FF`; `None` if the stream is broken.
    fn frame(&mut self, text: &str) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(text.len() / 2 + 64);
        let start = self.state.total_in();
        loop {
            let done = usize::try_from(self.state.total_in() - start).ok()?;
            let rest = text.as_bytes().get(done..)?;
            self.state
                .compress_vec(rest, &mut out, FlushCompress::Sync)
                .ok()?;
            let done = usize::try_from(self.state.total_in() - start).ok()?;
            // With room left over, everything was written.
            if done == text.len() && out.len() < out.capacity() {
                return Some(out);
            }
            out.reserve(text.len() / 2 + 64);
        }
    }
}

/// Compresses frames into one continuous stream, flushed after each.
pub(super) struct ZstdStream {
    state: Encoder<'static>,
}

impl std::fmt::Debug for ZstdStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ZstdStream").finish_non_exhaustive()
    }
}

impl ZstdStream {
    fn new() -> Option<Self> {
        let mut state = Encoder::new(i32::try_from(LEVEL).ok()?).ok()?;
        state.set_parameter(CParameter::WindowLog(ZSTD_WINDOW_LOG)).ok()?;
        Some(Self { state })
    }

    fn frame(&mut self, text: &str) -> Option<Vec<u8>> {
        let mut rest = text.as_bytes();
        let mut whole = Vec::with_capacity(text.len() / 4 + 64);
        let mut piece = vec![0_u8; 16 * 1024];
        while !rest.is_empty() {
            let step = self.state.run_on_buffers(rest, &mut piece).ok()?;
            rest = rest.get(step.bytes_read..)?;
            whole.extend_from_slice(piece.get(..step.bytes_written)?);
        }
        loop {
            let mut out = OutBuffer::around(piece.as_mut_slice());
            let left = self.state.flush(&mut out).ok()?;
            whole.extend_from_slice(out.as_slice());
            if left == 0 {
                return Some(whole);
            }
        }
    }
}

/// The text as a zlib document (RFC 1950).
fn document(text: &str) -> Option<Vec<u8>> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(text.as_bytes()).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};
    use zstd::stream::raw::{Decoder, InBuffer};

    use super::*;

    fn texts() -> impl Iterator<Item = String> {
        [0, 1, 50, 70_000, 3].into_iter().map(|length| {
            (0..length)
                .map(|n| char::from(b'a' + (n * 7 % 26) as u8))
                .collect()
        })
    }

    #[test]
    fn frames_of_any_length_come_out_as_they_went_in() {
        let mut stream = ZlibStream::new();
        let mut reader = Decompress::new(true);
        for text in texts() {
            let frame = stream.frame(&text).unwrap();
            assert!(frame.ends_with(&[0, 0, 0xFF, 0xFF]));
            let mut out = Vec::with_capacity(text.len() + 1);
            reader
                .decompress_vec(&frame, &mut out, FlushDecompress::Sync)
                .unwrap();
            assert_eq!(out, text.as_bytes());
        }
    }

    #[test]
    fn each_frame_of_a_zstd_stream_can_be_read_as_soon_as_it_is_there() {
        let mut stream = ZstdStream::new().unwrap();
        let mut reader = Decoder::new().unwrap();
        for text in texts() {
            let frame = stream.frame(&text).unwrap();
            let mut out = vec![0; text.len() + 1];
            let mut input = InBuffer::around(&frame);
            let mut output = OutBuffer::around(out.as_mut_slice());
            while input.pos() < frame.len() {
                reader.run(&mut input, &mut output).unwrap();
            }
            assert_eq!(output.as_slice(), text.as_bytes());
        }
    }

    #[test]
    fn only_large_payloads_are_compressed_by_themselves() {
        let mut encoding = Encoding::Plain;
        encoding.compress_payloads();
        assert!(matches!(encoding.frame("{}".to_owned()), Some(Message::Text(_))));
        let large = "{\"a\":1}".repeat(WORTH_IT);
        let Some(Message::Binary(bytes)) = encoding.frame(large.clone()) else {
            unreachable!("a large frame")
        };
        let mut out = Vec::with_capacity(large.len() + 1);
        Decompress::new(true)
            .decompress_vec(&bytes, &mut out, FlushDecompress::Finish)
            .unwrap();
        assert_eq!(out, large.as_bytes());
    }
}
