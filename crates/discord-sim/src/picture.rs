//! Pictures drawn from a number: avatars and icons that differ and need no asset.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// Width and height in pixels.
const SIZE: i64 = 64;

/// Three colours and three shapes, all from one number.
struct Plan {
    colours: [[u8; 3]; 3],
    disc: (i64, i64, i64),
    bar: (i64, i64),
}

impl Plan {
    fn new(seed: u64) -> Self {
        let part = |shift: u32, below: u64| i64::try_from((seed >> shift) % below).unwrap_or(0);
        let hue = part(0, 360);
        Self {
            colours: [
                colour(hue, 45, 38),
                colour(hue + 40, 60, 62),
                colour(hue + 160, 55, 72),
            ],
            disc: (16 + part(24, 32), 16 + part(32, 32), 9 + part(40, 12)),
            bar: (part(12, 64), part(48, 2)),
        }
    }

    /// Which colour a pixel has.
    fn at(&self, x: i64, y: i64) -> u8 {
        let (cx, cy, r) = self.disc;
        let (offset, leaning) = self.bar;
        let along = if leaning == 0 { x + y } else { x - y + SIZE };
        if (along - offset - SIZE / 2).abs() < 7 {
            2
        } else if (x - cx).pow(2) + (y - cy).pow(2) < r * r {
            1
        } else {
            0
        }
    }
}

/// A colour from hue (degrees), saturation and lightness (percent).
fn colour(hue: i64, saturation: i64, lightness: i64) -> [u8; 3] {
    let (hue, s, l) = (
        hue.rem_euclid(360) as f64,
        saturation as f64 / 100.0,
        lightness as f64 / 100.0,
    );
    let chroma = s * l.min(1.0 - l);
    [0.0, 8.0, 4.0].map(|n| {
        let k = (n + hue / 30.0) % 12.0;
        let value = l - chroma * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
        (value * 255.0).round().clamp(0.0, 255.0) as u8
    })
}

/// A PNG of 64 by 64 pixels with a palette of three colours.
pub(crate) fn png(seed: u64) -> Vec<u8> {
    let plan = Plan::new(seed);
    let mut rows = Vec::new();
    for y in 0..SIZE {
        // Each row starts with its filter: none.
        rows.push(0);
        rows.extend((0..SIZE).map(|x| plan.at(x, y)));
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    let pixels = encoder
        .write_all(&rows)
        .and_then(|()| encoder.finish())
        .unwrap_or_default();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    // 64 × 64, eight bits, palette, no interlacing.
    chunk(&mut out, *b"IHDR", &[0, 0, 0, 64, 0, 0, 0, 64, 8, 3, 0, 0, 0]);
    chunk(&mut out, *b"PLTE", plan.colours.as_flattened());
    chunk(&mut out, *b"IDAT", &pixels);
    chunk(&mut out, *b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    out.extend(kind);
    out.extend(data);
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(data);
    out.extend(crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_draws_the_same_picture() {
        assert_eq!(png(7), png(7));
        assert_ne!(png(7), png(8));
        assert!(png(7).starts_with(b"\x89PNG\r\n\x1a\n"));
    }

    #[test]
    fn colours_are_those_of_the_wheel() {
        assert_eq!(colour(0, 100, 50), [255, 0, 0]);
        assert_eq!(colour(120, 100, 50), [0, 255, 0]);
        assert_eq!(colour(240, 100, 50), [0, 0, 255]);
    }
}
