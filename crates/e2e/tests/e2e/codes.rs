//! Every fault of the Python version that is mended carries its code in the documentation of a test.

use std::{collections::BTreeSet, path::Path};

use hazebot_e2e::{in_checkout, recorded, skipped};

/// Codes of parts that do not exist yet, and what they wait for.
const LATER: &[(&str, &[&str])] = &[
    (
        "push",
        &[
            "T-23", "T-27", "X80", "X81", "X82", "X83", "X84", "X85", "X86", "X87", "X88", "X89",
        ],
    ),
    ("several processes over Redis", &["X110"]),
];
/// The blocks of faults about tickets, sockets and notifications.
const OURS: &[&str] = &[
    "X11", "X20", "X21", "X22", "X23", "X24", "X25", "X26", "X27", "X28", "X29", "X30", "X31", "X32", "X33",
    "X34", "X35", "X36", "X37", "X38", "X39", "X100", "X101", "X102", "X103", "X104", "X105", "X106", "X107",
    "X108", "X109",
];

/// All text of the documentation of tests.
fn documented() -> String {
    let mut text = String::new();
    for folder in ["crates", "features"] {
        read(&in_checkout(folder), &mut text);
    }
    text
}

fn read(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "node_modules" && name != "target" {
            read(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "codes.rs" {
            let source = std::fs::read_to_string(&path).unwrap();
            let is_doc = |line: &&str| line.trim_start().starts_with("///");
            source.lines().filter(is_doc).for_each(|line| {
                text.push_str(line);
                text.push('\n');
            });
        }
    }
}

/// The codes that a page of the specification defines: the first cell of a row, or a word in bold at a line's start.
fn defined(page: &str) -> BTreeSet<String> {
    let code = |line: &str| {
        let line = line.trim_start_matches(['|', '*', ' ']);
        let code: String = line
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        let known = code.starts_with("T-") || code.starts_with("N-T") || OURS.contains(&code.as_str());
        (known && code.ends_with(|c: char| c.is_ascii_digit())).then_some(code)
    };
    page.lines().filter_map(code).collect()
}

#[test]
fn each_fault_about_tickets_and_sockets_names_a_test() {
    let pages = ["spec/known-faults-community.md", "spec/known-faults-features.md"].map(recorded);
    let [Some(community), Some(features)] = pages else {
        return skipped("the specification does not lie beside the project");
    };
    let mut codes = BTreeSet::new();
    for page in [community, features] {
        codes.extend(defined(&std::fs::read_to_string(page).unwrap()));
    }
    assert!(codes.len() > 60, "{codes:?}");
    let later: BTreeSet<&str> = LATER
        .iter()
        .flat_map(|(_, codes)| codes.iter().copied())
        .collect();
    let text = documented();
    let named = |code: &str| {
        text.match_indices(code)
            .any(|(at, _)| !text[at + code.len()..].starts_with(|c: char| c.is_ascii_digit()))
    };
    let missing: Vec<&String> = codes
        .iter()
        .filter(|code| !later.contains(code.as_str()) && !named(code))
        .collect();
    assert!(missing.is_empty(), "no test names {missing:?}");
    let done: Vec<&&str> = later.iter().filter(|code| named(code)).collect();
    assert!(
        done.is_empty(),
        "these have tests now; take them off the list: {done:?}"
    );
}
