//! Memory and processor time of another process, from `/proc` (proc(5)).

use std::time::Duration;

use crate::Problem;

/// Ticks of `/proc/<pid>/stat` in a second. The kernel has reported 100 to programs on every architecture for decades
/// (`USER_HZ`), whatever it counts with inside.
const TICKS_PER_SECOND: f64 = 100.0;
/// Fields of `stat` behind the name: the state is number 3, user time 14, system time 15.
const UTIME_BEHIND_NAME: usize = 14 - 3;

/// Memory of a process in MiB.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Memory {
    /// Resident, the pages of the program's file included.
    pub(crate) resident: f64,
    /// Resident and of the process alone: heap and stacks.
    pub(crate) anonymous: f64,
    /// The most that was ever resident.
    pub(crate) peak: f64,
}

/// Memory now.
pub(crate) fn memory(pid: u32) -> Result<Memory, Problem> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    memory_of(&status).ok_or_else(|| format!("/proc/{pid}/status is not understood").into())
}

fn memory_of(status: &str) -> Option<Memory> {
    let mib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kib: f64 = line
            .trim_start_matches(':')
            .trim()
            .trim_end_matches("kB")
            .trim()
            .parse()
            .ok()?;
        Some(kib / 1_024.0)
    };
    Some(Memory {
        resident: mib("VmRSS")?,
        anonymous: mib("RssAnon")?,
        peak: mib("VmHWM")?,
    })
}

/// Processor time of all threads so far, in seconds: user and system together, to 10 ms.
pub(crate) fn cpu(pid: u32) -> Result<f64, Problem> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    cpu_of(&stat).ok_or_else(|| format!("/proc/{pid}/stat is not understood").into())
}

fn cpu_of(stat: &str) -> Option<f64> {
    // The name may hold spaces and brackets itself.
    let (_, behind) = stat.rsplit_once(") ")?;
    let mut fields = behind.split(' ').skip(UTIME_BEHIND_NAME);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

/// Processor time that a process takes without anything to do, in seconds per second.
pub(crate) async fn idle_cpu(pid: u32, over: Duration) -> Result<f64, Problem> {
    let before = cpu(pid)?;
    tokio::time::sleep(over).await;
    Ok((cpu(pid)? - before) / over.as_secs_f64())
}

/// How many files this process may have open at once.
pub(crate) fn open_files() -> u64 {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    open_files_of(&limits).unwrap_or(u64::MAX)
}

fn open_files_of(limits: &str) -> Option<u64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_a_name_with_brackets() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194560 900 0 3 0 250 50 0 0 20 0 5 0 12345 1000 200";
        assert_eq!(cpu_of(stat), Some(3.0));
        assert_eq!(cpu_of("42 (x) S 1"), None);
    }

    #[test]
    fn memory_is_given_in_mebibytes() {
        let status =
            "Name:\thazebot\nVmHWM:\t   30720 kB\nVmRSS:\t   20480 kB\nRssAnon:\t    5120 kB\nThreads:\t4\n";
        let expected = Memory {
            resident: 20.0,
            anonymous: 5.0,
            peak: 30.0,
        };
        assert_eq!(memory_of(status), Some(expected));
        assert_eq!(memory_of("Name:\tgone\n"), None);
    }

    #[test]
    fn the_limit_of_open_files_is_the_soft_one() {
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                 files\n";
        assert_eq!(open_files_of(limits), Some(1_024));
    }

    #[test]
    fn this_process_can_be_measured() {
        let own = std::process::id();
        assert!(memory(own).unwrap().resident > 0.0);
        assert!(cpu(own).unwrap() >= 0.0);
    }
}
