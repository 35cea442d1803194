//! The steps of `cargo xtask test`, and the tasks that write generated files.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    count::{self, Count},
    run::{self, Problem},
    services::Services,
    setup,
};

/// What the steps share.
struct Bench {
    services: Services,
    panel: Result<(), String>,
    python: Result<PathBuf, String>,
}

type Step = fn(&Bench) -> Result<Count, Problem>;

/// In the order in which they run: what is quick and fails often comes first.
const STEPS: [(&str, Step); 10] = [
    ("format", format),
    ("lints", lints),
    ("panel checks", panel_checks),
    ("sandbox page", sandbox_page),
    ("program", program),
    ("rust tests", rust_tests),
    ("doc tests", doc_tests),
    ("openapi is current", openapi_is_current),
    ("generated docs are current", docs_are_current),
    ("browser tests", browser_tests),
];

/// The names of all steps.
pub fn names() -> Vec<&'static str> {
    STEPS.iter().map(|(name, _)| *name).collect()
}

/// Runs the steps; `Err` if anything failed.
pub fn test(only: Option<&str>) -> Result<(), Problem> {
    let missing = setup::debian_packages();
    let bench = Bench {
        services: Services::start(),
        panel: setup::npm_packages(),
        python: setup::python_peers(),
    };
    let mut skipped = bench.services.skipped.clone();
    skipped.extend(missing.iter().map(|package| format!("what needs {package}")));
    skipped.extend(
        bench
            .panel
            .as_ref()
            .err()
            .map(|why| format!("the panel's checks: {why}")),
    );
    skipped.extend(
        bench
            .python
            .as_ref()
            .err()
            .map(|why| format!("peers in Python: {why}")),
    );
    skipped.extend(
        setup::node_peers()
            .err()
            .map(|why| format!("peers in Node: {why}")),
    );

    let mut total = Count::default();
    let mut failed = Vec::new();
    for (name, step) in STEPS
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| name.contains(only)))
    {
        println!("\n== {name}");
        let begun = Instant::now();
        let count = step(&bench).unwrap_or_else(|problem| {
            println!("{problem}");
            Count::one(false)
        });
        if count.failed > 0 {
            failed.push(*name);
        }
        println!("== {name}: {count:?} in {:.1} s", begun.elapsed().as_secs_f32());
        total = total.plus(count);
    }
    println!();
    for what in &skipped {
        println!("skipped: {what}");
    }
    if !failed.is_empty() {
        println!("failed: {}", failed.join(", "));
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if failed.is_empty() && total.passed > 0 {
        Ok(())
    } else {
        Err("not everything passed".into())
    }
}

/// Cargo, in the workspace.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(run::root());
    command
}

fn checked(command: &mut Command) -> Result<Count, Problem> {
    run::show(command).map(|ended| Count::one(ended.ok))
}

fn format(_: &Bench) -> Result<Count, Problem> {
    checked(cargo().args(["fmt", "--all", "--check"]))
}

fn lints(_: &Bench) -> Result<Count, Problem> {
    checked(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))
}

fn panel_checks(bench: &Bench) -> Result<Count, Problem> {
    if bench.panel.is_err() {
        return Ok(Count {
            skipped: 1,
            ..Count::default()
        });
    }
    let mut total = Count::default();
    for script in ["format:check", "lint", "typecheck"] {
        total = total.plus(checked(npm().args(["run", "--silent", script]))?);
    }
    let tests = run::show(npm().args(["run", "--silent", "test"]))?;
    Ok(total.plus(tested(&tests)))
}

/// The types of the simulator's page, with the panel's TypeScript: the page itself has no packages.
fn sandbox_page(bench: &Bench) -> Result<Count, Problem> {
    if bench.panel.is_err() {
        return Ok(Count {
            skipped: 1,
            ..Count::default()
        });
    }
    checked(
        Command::new("node")
            .args([
                "web/node_modules/typescript/bin/tsc",
                "-p",
                "crates/discord-sim/page",
            ])
            .current_dir(run::root()),
    )
}

fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(run::root().join("web"));
    command
}

/// The count of a runner's closing line; an end without one, or with another exit code, is a failure.
fn tested(ended: &run::Ended) -> Count {
    match count::of(&ended.output) {
        Some(count) if ended.ok == (count.failed == 0) => count,
        Some(count) => count.plus(Count::one(false)),
        None => Count::one(false),
    }
}

fn program(_: &Bench) -> Result<Count, Problem> {
    checked(cargo().args(["build", "--workspace", "--bins", "--locked"]))
}

/// The program that the step before has built.
fn hazebot() -> PathBuf {
    built("hazebot")
}

fn built(program: &str) -> PathBuf {
    target().join("debug").join(program)
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| run::root().join("target"), PathBuf::from)
}

fn rust_tests(bench: &Bench) -> Result<Count, Problem> {
    let mut command = cargo();
    if run::quiet(cargo().args(["nextest", "--version"])).is_some() {
        command.args(["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]);
    } else {
        command.args([
            "test",
            "--workspace",
            "--locked",
            "--no-fail-fast",
            "--lib",
            "--bins",
            "--tests",
        ]);
    }
    command
        .envs(bench.services.env.iter().cloned())
        .env("HAZEBOT_BIN", hazebot());
    if let Ok(python) = &bench.python {
        command.env("HAZEBOT_PYTHON", python);
    }
    run::show(&mut command).map(|ended| tested(&ended))
}

fn doc_tests(_: &Bench) -> Result<Count, Problem> {
    let ended = run::show(cargo().args(["test", "--workspace", "--locked", "--doc"]))?;
    Ok(tested(&ended))
}

fn generated(args: &[&str]) -> Result<String, Problem> {
    let done = Command::new(hazebot())
        .args(args)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|cause| format!("hazebot can't be started: {cause}"))?;
    if !done.status.success() {
        return Err(format!("hazebot {} failed", args.join(" ")));
    }
    String::from_utf8(done.stdout).map_err(|cause| cause.to_string())
}

/// Generated files: where they lie and what writes them.
const DOCS: [(&str, &[&str]); 2] = [
    ("docs/settings.md", &["docs", "settings"]),
    (".env.example", &["docs", "env"]),
];

fn is_current(file: &str, wanted: &str, task: &str) -> Count {
    let ok = std::fs::read_to_string(run::root().join(file)).is_ok_and(|text| text == wanted);
    if !ok {
        println!("{file} differs from what the program says: run `cargo xtask {task}` and commit it");
    }
    Count::one(ok)
}

fn openapi_is_current(_: &Bench) -> Result<Count, Problem> {
    Ok(is_current(
        "web/openapi.json",
        &generated(&["openapi"])?,
        "openapi",
    ))
}

fn docs_are_current(_: &Bench) -> Result<Count, Problem> {
    DOCS.iter().try_fold(Count::default(), |total, (file, args)| {
        Ok(total.plus(is_current(file, &generated(args)?, "docs")))
    })
}

/// The panel in a real browser, against the demo; what the demo and its Discord said to each other is checked afterwards.
fn browser_tests(bench: &Bench) -> Result<Count, Problem> {
    let chromium = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(run::which);
    let (Ok(()), Some(chromium)) = (&bench.panel, chromium) else {
        println!("skipped: no Chromium, or no packages of the panel");
        return Ok(Count {
            skipped: 1,
            ..Count::default()
        });
    };
    let recording = target().join("browser-tests.jsonl");
    let mut demo = Command::new(hazebot())
        .args(["demo", "--json", "--port", "0", "--sim-port", "0", "--record"])
        .arg(&recording)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|cause| format!("the demo can't be started: {cause}"))?;
    let mut line = String::new();
    if let Some(out) = demo.stdout.take() {
        let _ = std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line);
    }
    let ended = run::show(
        Command::new("node")
            .arg("tests/browser.mjs")
            .current_dir(run::root().join("web"))
            .env("HAZEBOT_DEMO", line.trim())
            .env("DISCORD_SIM", built("discord-sim"))
            .env("CHROMIUM_PATH", chromium),
    );
    let _ = demo.kill();
    let _ = demo.wait();
    let told = ended.map(|ended| tested(&ended))?;
    let document = target().join("debug/discord-document");
    Ok(told.plus(checked(Command::new(document).arg(&recording))?))
}

/// `cargo xtask bench`.
pub fn bench(args: &[String]) -> Result<(), Problem> {
    let built = run::show(cargo().args([
        "build",
        "--release",
        "--locked",
        "-p",
        "hazebot",
        "-p",
        "hazebot-bench",
    ]))?;
    if !built.ok {
        return Err("the release build failed".into());
    }
    let ended = run::show(
        cargo()
            .args(["run", "--release", "--locked", "-q", "-p", "hazebot-bench", "--"])
            .args(args),
    )?;
    if ended.ok {
        Ok(())
    } else {
        Err("the benchmark failed".into())
    }
}

fn build_program() -> Result<(), Problem> {
    let built = run::show(cargo().args(["build", "-p", "hazebot"]))?;
    if built.ok {
        Ok(())
    } else {
        Err("the build failed".into())
    }
}

/// `cargo xtask openapi`.
pub fn write_openapi() -> Result<(), Problem> {
    build_program()?;
    write("web/openapi.json", &generated(&["openapi"])?)
}

/// `cargo xtask docs`.
pub fn write_docs() -> Result<(), Problem> {
    build_program()?;
    DOCS.iter()
        .try_for_each(|(file, args)| write(file, &generated(args)?))
}

fn write(file: &str, text: &str) -> Result<(), Problem> {
    std::fs::write(run::root().join(file), text).map_err(|cause| format!("{file}: {cause}"))?;
    println!("wrote {file}");
    Ok(())
}
