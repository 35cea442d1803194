//! When a call is tried again, and after which pause.

use std::time::Duration;

use super::UpstreamError;
use crate::Entropy;

/// Longest pause between two attempts: a person may be waiting for the answer.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// Steps of the random part of a pause.
const JITTER_STEPS: usize = 1_000;

/// How often, and after which pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// Attempts after the first.
    pub more: u32,
    /// Pause before the second attempt; doubled each time, up to 8 s, and up to half as much again by chance.
    pub pause: Duration,
}

impl Default for Retries {
    /// Two more, after about a quarter and half of a second.
    fn default() -> Self {
        Self {
            more: 2,
            pause: Duration::from_millis(250),
        }
    }
}

impl Retries {
    /// None.
    pub const NONE: Self = Self {
        more: 0,
        pause: Duration::ZERO,
    };

    /// The pause after the attempt with this number (from 0), or `None` to give up.
    pub(super) fn after(self, attempt: u32, error: &UpstreamError, entropy: &Entropy) -> Option<Duration> {
        let asked = match error {
            UpstreamError::Timeout | UpstreamError::Unreachable(_) => None,
            UpstreamError::Status {
                status: 408 | 429 | 500 | 502 | 503 | 504,
                retry_after,
                ..
            } => *retry_after,
            _ => return None,
        };
        if attempt >= self.more || asked.is_some_and(|asked| asked > LONGEST_PAUSE) {
            return None;
        }
        let doubled = self
            .pause
            .saturating_mul(2_u32.saturating_pow(attempt))
            .min(LONGEST_PAUSE);
        let chance = u32::try_from(entropy.below(JITTER_STEPS)).unwrap_or(0);
        let jitter = doubled.saturating_mul(chance) / (2 * JITTER_STEPS as u32);
        Some((doubled + jitter).max(asked.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after: Option<u64>) -> UpstreamError {
        UpstreamError::Status {
            status,
            retry_after: retry_after.map(Duration::from_secs),
            body: bytes::Bytes::new(),
        }
    }

    #[test]
    fn pauses_double_and_end() {
        let (retries, entropy) = (
            Retries {
                more: 3,
                pause: Duration::from_secs(1),
            },
            Entropy::seeded(1),
        );
        for (attempt, seconds) in [(0, 1), (1, 2), (2, 4)] {
            let pause = retries.after(attempt, &UpstreamError::Timeout, &entropy).unwrap();
            let shortest = Duration::from_secs(seconds);
            assert!(
                pause >= shortest && pause < shortest * 3 / 2,
                "{attempt}: {pause:?}"
            );
        }
        assert_eq!(retries.after(3, &UpstreamError::Timeout, &entropy), None);
    }

    #[test]
    fn only_faults_that_can_pass_are_tried_again() {
        let (retries, entropy) = (
            Retries {
                more: 1,
                pause: Duration::ZERO,
            },
            Entropy::seeded(1),
        );
        for code in [400, 401, 403, 404, 501] {
            assert_eq!(retries.after(0, &status(code, None), &entropy), None, "{code}");
        }
        assert_eq!(
            retries.after(0, &status(503, None), &entropy),
            Some(Duration::ZERO)
        );
        assert_eq!(
            retries.after(0, &status(429, Some(3)), &entropy),
            Some(Duration::from_secs(3))
        );
        assert_eq!(
            retries.after(0, &status(429, Some(600)), &entropy),
            None,
            "too long to wait"
        );
    }
}
