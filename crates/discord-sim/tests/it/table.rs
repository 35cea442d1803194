//! The README's table of routes stands beside Discord's official document: what is served, what is not.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The block of the README that this test compares or writes.
const START: &str =
    "<!-- routes: written by DISCORD_SIM_WRITE_TABLE=1 cargo test -p discord-sim --test it table -->\n";
const END: &str = "<!-- end of routes -->\n";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Discord's document, where a copy of it lies beside the project.
pub(crate) fn document() -> Option<Value> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/discord-openapi.json");
    let path = std::env::var_os("DISCORD_OPENAPI").map_or(beside, PathBuf::from);
    let text = std::fs::read(path).ok()?;
    serde_json::from_slice(&text).ok()
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|p| !p.is_empty()).collect()
}

/// True if our route answers the document's path: parameters have other names, and `@me` or `@original` may be
/// the value of one.
fn serves(ours: &str, theirs: &str) -> bool {
    let (ours, theirs) = (parts(ours), parts(theirs));
    ours.len() == theirs.len()
        && ours.iter().zip(&theirs).all(|(our, their)| {
            let takes_any = our.starts_with('{');
            our == their || takes_any && (their.starts_with('{') || their.starts_with('@'))
        })
}

fn table(document: &Value) -> String {
    let paths = document.get("paths").and_then(Value::as_object).unwrap();
    let served: Vec<(&str, &str)> = discord_sim::routes().collect();
    let (mut whole, mut parts_of, mut none) = (0, 0, 0);
    let mut known = vec![false; served.len()];
    let mut lines = String::new();
    for (path, item) in paths {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for method in METHODS.iter().filter(|m| item.get(**m).is_some()) {
            let method = method.to_uppercase();
            let fits = |(m, ours): &(&str, &str)| *m == method && serves(ours, path);
            let mut found = false;
            for (at, _) in served.iter().enumerate().filter(|(_, r)| fits(r)) {
                found = true;
                if let Some(known) = known.get_mut(at) {
                    *known = true;
                }
            }
            if found { yes.push(method) } else { no.push(method) }
        }
        match (yes.is_empty(), no.is_empty()) {
            (_, true) => whole += 1,
            (true, _) => none += 1,
            _ => parts_of += 1,
        }
        writeln!(lines, "| `{path}` | {} | {} |", yes.join(" "), no.join(" ")).unwrap();
    }
    let mut own: Vec<String> = served
        .iter()
        .zip(&known)
        .filter(|(_, known)| !**known)
        .map(|((method, path), _)| format!("`{method} {path}`"))
        .collect();
    own.sort();
    format!(
        "Of the {} paths of Discord's document {whole} are served whole, {parts_of} in part, {none} not at all.\n\n\
         | path | served | not served |\n|---|---|---|\n{lines}\n\
         Served beside, since libraries call them or Discord describes them elsewhere: {}.\n",
        paths.len(),
        own.join(", ")
    )
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

#[test]
fn the_readme_tells_which_routes_are_served() {
    let Some(document) = document() else {
        skipped("there is no copy of Discord's document beside the project");
        return;
    };
    let text = std::fs::read_to_string(readme()).unwrap();
    let (before, rest) = text.split_once(START).unwrap();
    let (block, after) = rest.split_once(END).unwrap();
    let now = table(&document);
    if std::env::var_os("DISCORD_SIM_WRITE_TABLE").is_some() {
        std::fs::write(readme(), format!("{before}{START}{now}{END}{after}")).unwrap();
        return;
    }
    assert!(
        block == now,
        "the table of routes is out of date: DISCORD_SIM_WRITE_TABLE=1 cargo test -p discord-sim --test it table"
    );
}
