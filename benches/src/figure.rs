//! Figures, the targets and older numbers beside them, and how they are shown.

use std::fmt::Write as _;

use hazebot_core::{Clock, clock::rfc3339};
use serde::Serialize;

use crate::{Problem, machine::Machine};

/// What a figure shall be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Target {
    /// Less than this.
    Below(f64),
    /// More than this.
    Above(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::Below(most) => value < most,
            Self::Above(least) => value > least,
        }
    }
}

/// One measured value.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    section: &'static str,
    name: String,
    value: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<bool>,
    /// The same of the Python version, on the same kind of machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    python: Option<f64>,
}

impl Figure {
    /// A value without target.
    pub(crate) fn new(
        section: &'static str,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
    ) -> Self {
        Self {
            section,
            name: name.into(),
            value,
            unit,
            target: None,
            met: None,
            python: None,
        }
    }

    /// What it shall be.
    pub(crate) fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self.met = Some(target.is_met(self.value));
        self
    }

    /// What the Python version did.
    pub(crate) fn python(mut self, value: f64) -> Self {
        self.python = Some(value);
        self
    }
}

#[derive(Clone, Debug, Serialize)]
struct Failed {
    section: &'static str,
    why: String,
}

/// Everything that a run gives.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    at: String,
    program: String,
    benchmark: &'static str,
    quick: bool,
    machine: Machine,
    figures: Vec<Figure>,
    /// What could not be measured here, and why.
    skipped: Vec<String>,
    failed: Vec<Failed>,
}

impl Report {
    /// An empty report.
    pub(crate) fn begin(machine: Machine, program: String, quick: bool) -> Self {
        Self {
            at: rfc3339(Clock::system().now()),
            program,
            benchmark: concat!("hazebot-bench ", env!("CARGO_PKG_VERSION")),
            quick,
            machine,
            figures: Vec::new(),
            skipped: Vec::new(),
            failed: Vec::new(),
        }
    }

    /// Adds a figure.
    pub(crate) fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Something can't be measured on this machine.
    pub(crate) fn skip(&mut self, what: impl Into<String>) {
        self.skipped.push(what.into());
    }

    /// A section ended early.
    pub(crate) fn failed(&mut self, section: &'static str, why: &str) {
        self.failed.push(Failed {
            section,
            why: why.to_owned(),
        });
    }

    /// Whether every section came to its end.
    pub(crate) fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }

    /// For programs.
    pub(crate) fn json(&self) -> Result<String, Problem> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// For people.
    pub(crate) fn table(&self) -> String {
        let Machine {
            cpu,
            cores,
            memory_mib,
            kernel,
            load,
        } = &self.machine;
        let mut text = format!(
            "\n{} · {} · {}\n{cpu}, {cores} cores, {memory_mib} MiB, Linux {kernel}, load {load:.1}\n",
            self.program, self.benchmark, self.at
        );
        if self.quick {
            text += "A short run: it shows that everything works; the figures are rough.\n";
        }
        if self.machine.is_busy() {
            text += "Others used the machine when this began: the figures say little.\n";
        }
        let mut rows = vec![
            [
                "section",
                "figure",
                "HazeBot",
                "unit",
                "target",
                "",
                "Python version",
            ]
            .map(str::to_owned),
        ];
        rows.extend(self.figures.iter().map(row));
        text.push('\n');
        text += &align(&rows);
        for what in &self.skipped {
            let _ = writeln!(text, "skipped: {what}");
        }
        for Failed { section, why } in &self.failed {
            let _ = writeln!(text, "FAILED: {section}: {why}");
        }
        text
    }
}

fn row(figure: &Figure) -> [String; 7] {
    let target = match figure.target {
        Some(Target::Below(most)) => format!("< {}", number(most)),
        Some(Target::Above(least)) => format!("> {}", number(least)),
        None => String::new(),
    };
    let verdict = match figure.met {
        Some(true) => "ok",
        Some(false) => "MISSED",
        None => "",
    };
    [
        figure.section.to_owned(),
        figure.name.clone(),
        number(figure.value),
        figure.unit.to_owned(),
        target,
        verdict.to_owned(),
        figure.python.map_or_else(String::new, number),
    ]
}

/// Three significant digits at least, thousands set apart.
fn number(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 1_000.0 {
        grouped(value.round())
    } else if magnitude >= 100.0 || value == 0.0 {
        format!("{value:.0}")
    } else if magnitude >= 10.0 {
        format!("{value:.1}")
    } else if magnitude >= 1.0 {
        format!("{value:.2}")
    } else if magnitude >= 0.1 {
        format!("{value:.3}")
    } else {
        format!("{value:.4}")
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in (1..=digits.len()).rev().zip(digits.chars()) {
        text.push(digit);
        if place > 1 && place % 3 == 1 && digit.is_ascii_digit() {
            text.push(',');
        }
    }
    text
}

/// Columns of equal width; numbers stand to the right.
fn align(rows: &[[String; 7]]) -> String {
    const TO_THE_RIGHT: [bool; 7] = [false, false, true, false, true, false, true];
    let mut widths = [0; 7];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for ((cell, width), right) in row.iter().zip(widths).zip(TO_THE_RIGHT) {
            let _ = if right {
                write!(line, "{cell:>width$}  ")
            } else {
                write!(line, "{cell:<width$}  ")
            };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let machine = Machine {
            cpu: "Maker 9000".to_owned(),
            cores: 4,
            memory_mib: 8_192,
            kernel: "6.1".to_owned(),
            load: 0.1,
        };
        Report::begin(machine, "hazebot 1.2.3".to_owned(), false)
    }

    #[test]
    fn numbers_keep_three_digits() {
        let shown = [15_234.4, 1_000_000.0, 999.0, 42.42, 7.2, 0.3, 0.0123, 0.0].map(number);
        assert_eq!(
            shown,
            [
                "15,234",
                "1,000,000",
                "999",
                "42.4",
                "7.20",
                "0.300",
                "0.0123",
                "0"
            ]
        );
    }

    #[test]
    fn a_missed_target_is_said() {
        let mut report = report();
        report.add(Figure::new("memory", "idle", 30.0, "MiB").target(Target::Below(25.0)));
        report.add(
            Figure::new("http", "tickets", 20_000.0, "req/s")
                .target(Target::Above(15_000.0))
                .python(564.0),
        );
        let table = report.table();
        let line = |word: &str| table.lines().find(|line| line.contains(word)).unwrap().to_owned();
        assert!(line("idle").contains("< 25.0  MISSED"), "{table}");
        assert!(line("tickets").contains("> 15,000  ok"), "{table}");
        assert!(line("tickets").ends_with("564"), "{table}");
    }

    #[test]
    fn a_section_that_failed_is_in_table_and_json() {
        let mut report = report();
        assert!(report.is_complete());
        report.failed("start", "it does not start");
        assert!(!report.is_complete());
        assert!(report.table().contains("FAILED: start: it does not start"));
        let json: serde_json::Value = serde_json::from_str(&report.json().unwrap()).unwrap();
        assert_eq!(json.pointer("/failed/0/section").unwrap(), "start");
        assert_eq!(json.pointer("/machine/cores").unwrap(), 4);
    }
}
