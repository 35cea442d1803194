//! What the machine says about itself: memory, processors, disk. Linux tells it under `/proc`; elsewhere nothing is told.
//! Those files are made by the kernel on the spot, so that reading them does not wait for a disk.

use std::fs;

/// Processor time since the machine started, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CpuTimes {
    idle: u64,
    all: u64,
}

impl CpuTimes {
    /// Percent of the time between two looks in which the processors worked.
    pub(crate) fn usage_since(self, before: Self) -> f64 {
        let all = self.all.saturating_sub(before.all);
        let idle = self.idle.saturating_sub(before.idle).min(all);
        if all == 0 {
            0.0
        } else {
            100.0 * (all - idle) as f64 / all as f64
        }
    }
}

/// The first line of `/proc/stat`: user, nice, system, idle, iowait …
pub(crate) fn cpu_times() -> Option<CpuTimes> {
    parse_cpu(&fs::read_to_string("/proc/stat").ok()?)
}

fn parse_cpu(text: &str) -> Option<CpuTimes> {
    let line = text.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line
        .split_whitespace()
        .take(8)
        .filter_map(|tick| tick.parse().ok())
        .collect();
    let idle = ticks.get(3)? + ticks.get(4).copied().unwrap_or(0);
    Some(CpuTimes {
        idle,
        all: ticks.iter().sum(),
    })
}

/// All and available memory in bytes.
pub(crate) fn memory() -> Option<(u64, u64)> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    Some((kilobytes(&text, "MemTotal:")?, kilobytes(&text, "MemAvailable:")?))
}

/// Memory of this process in bytes.
pub(crate) fn resident() -> Option<u64> {
    kilobytes(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value
        .trim()
        .strip_suffix("kB")?
        .trim()
        .parse::<u64>()
        .ok()
        .map(|kilobytes| kilobytes * 1_024)
}

/// Size and free space, in bytes, of the file system that the program runs on.
#[cfg(unix)]
pub(crate) fn disk() -> Option<(u64, u64)> {
    let told = rustix::fs::statvfs(".").ok()?;
    Some((
        told.f_blocks.checked_mul(told.f_frsize)?,
        told.f_bavail.checked_mul(told.f_frsize)?,
    ))
}

/// Size and free space are not told here.
#[cfg(not(unix))]
pub(crate) fn disk() -> Option<(u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_is_what_was_not_idle_between_two_looks() {
        let before = parse_cpu("cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1").unwrap();
        let after = parse_cpu("cpu  150 0 150 850 150 0 0 0 0 0").unwrap();
        assert!((after.usage_since(before) - 100.0 / 3.0).abs() < 0.01);
        assert!(after.usage_since(after).abs() < f64::EPSILON);
    }

    #[test]
    fn memory_is_read_from_its_line() {
        assert_eq!(
            kilobytes("MemTotal:       16 kB\nMemAvailable:  8 kB", "MemAvailable:"),
            Some(8 * 1_024)
        );
        assert_eq!(kilobytes("", "MemTotal:"), None);
    }
}
