//! How much memory the process holds.

/// Bytes resident, of the whole process; `None` where the system does not tell (it does on Linux).
pub async fn resident_bytes() -> Option<u64> {
    let status = tokio::fs::read_to_string("/proc/self/status").await.ok()?;
    resident_of(&status)
}

/// Reads `VmRSS:    24576 kB` (proc_pid_status(5): the unit is always kB of 1,024 bytes).
fn resident_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace()
        .next()?
        .parse::<u64>()
        .ok()?
        .checked_mul(1_024)
}

/// `23.4 MiB`, `1.2 GiB`.
#[must_use]
pub fn readable(bytes: u64) -> String {
    /// One MiB.
    const MIB: u64 = 1 << 20;
    let (unit, name) = if bytes >= MIB << 10 {
        (MIB << 10, "GiB")
    } else {
        (MIB, "MiB")
    };
    let tenths = bytes.saturating_mul(10) / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_report_is_read() {
        assert_eq!(
            resident_of("VmPeak:\t   99999 kB\nVmRSS:\t   24576 kB\n"),
            Some(24 << 20)
        );
        assert_eq!(resident_of("VmRSS:\tmany kB\n"), None);
        assert_eq!(resident_of(""), None);
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!(readable(24 << 20), "24.0 MiB");
        assert_eq!(readable(1_500_000), "1.4 MiB");
        assert_eq!(readable(3 << 30), "3.0 GiB");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn this_process_holds_some_memory() {
        assert!(resident_bytes().await.unwrap() > 1 << 20);
    }
}
