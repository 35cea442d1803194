//! Transport compression: one zlib stream over the whole connection.

use flate2::{Compress, Compression, FlushCompress};

/// Level 1: gateway frames repeat themselves so much that more effort gains little.
const LEVEL: u32 = 1;

/// Compresses frames into one continuous stream.
#[derive(Debug)]
pub(super) struct ZlibStream {
    state: Compress,
}

impl ZlibStream {
    pub(super) fn new() -> Self {
        Self {
            state: Compress::new(Compression::new(LEVEL), true),
        }
    }

    /// A frame's bytes, ending with the flush marker `00 00 FF FF`; `None` if the stream is broken.
    pub(super) fn frame(&mut self, text: &str) -> Option<Vec<u8>> {
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

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};

    use super::*;

    #[test]
    fn frames_of_any_length_come_out_as_they_went_in() {
        let mut stream = ZlibStream::new();
        let mut reader = Decompress::new(true);
        for length in [0, 1, 50, 70_000, 3] {
            let text: String = (0..length)
                .map(|n| char::from(b'a' + (n * 7 % 26) as u8))
                .collect();
            let frame = stream.frame(&text).unwrap();
            assert!(frame.ends_with(&[0, 0, 0xFF, 0xFF]));
            let mut out = Vec::with_capacity(text.len() + 1);
            reader
                .decompress_vec(&frame, &mut out, FlushDecompress::Sync)
                .unwrap();
            assert_eq!(out, text.as_bytes());
        }
    }
}
