//! The machine that the figures were taken on, from `/proc`.

use serde::Serialize;

/// What a figure has to be read with.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    /// The processor, as it names itself.
    pub(crate) cpu: String,
    /// Logical processors that may be used.
    pub(crate) cores: usize,
    /// Memory in MiB.
    pub(crate) memory_mib: u64,
    /// Kernel release.
    pub(crate) kernel: String,
    /// Load average of the last minute before the run: far above 0, others used the machine too.
    pub(crate) load: f64,
}

impl Machine {
    /// Looks around; what can't be read is said to be unknown.
    pub(crate) fn look() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        Self {
            cpu: cpu_of(&read("/proc/cpuinfo")),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: memory_of(&read("/proc/meminfo")),
            kernel: or_unknown(read("/proc/sys/kernel/osrelease").trim()),
            load: load_of(&read("/proc/loadavg")),
        }
    }

    /// Whether others took so much of the machine that the figures say little.
    pub(crate) fn is_busy(&self) -> bool {
        self.load > self.cores as f64 / 4.0
    }
}

fn or_unknown(text: &str) -> String {
    if text.is_empty() { "unknown" } else { text }.to_owned()
}

fn cpu_of(cpuinfo: &str) -> String {
    let name = cpuinfo
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.trim() == "model name");
    or_unknown(name.map_or("", |(_, name)| name.trim()))
}

fn memory_of(meminfo: &str) -> u64 {
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib = total.and_then(|total| total.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.unwrap_or(0) / 1_024
}

fn load_of(loadavg: &str) -> f64 {
    let first = loadavg.split_whitespace().next();
    first.and_then(|load| load.parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_kernel_are_understood() {
        let cpuinfo =
            "processor\t: 0\nvendor_id\t: Maker\nmodel name\t: Maker Processor 9000\nflags\t: fpu\n";
        assert_eq!(cpu_of(cpuinfo), "Maker Processor 9000");
        assert_eq!(cpu_of("processor : 0\n"), "unknown");
        assert_eq!(
            memory_of("MemTotal:        8048576 kB\nMemFree:  1 kB\n"),
            8_048_576 / 1_024
        );
        assert!((load_of("1.50 0.20 0.10 1/100 4242\n") - 1.5).abs() < f64::EPSILON);
    }
}
