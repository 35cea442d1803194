//! The contract of the Flutter client, played by a program that knows nothing of this one.

use std::process::Stdio;

use hazebot::{Demo, cli};
use hazebot_core::{
    logs::{LogOptions, Logs},
    secrets::Masker,
};
use hazebot_e2e::{recorded, skipped};
use tokio::process::Command;
use tracing_subscriber::Registry;

/// What is played: everything that belongs to tickets, sockets, accounts and cogs.
const PARTS: &[&str] = &[
    "auth.",
    "tickets.",
    "ws.",
    "cogs.",
    "right.X2",
    "right.X3",
    "right.X10",
    "peer.",
];

/// Lines that need what this program does not have yet: the id and why.
const NOT_YET: &[(&str, &str)] = &[];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_flutter_client_finds_what_it_needs() {
    let Some(script) = recorded("contract/flutter_contract.py") else {
        return skipped("the contract is not there");
    };
    let python = std::env::var_os("HAZEBOT_PYTHON").unwrap_or_else(|| "python3".into());
    if Command::new(&python).arg("--version").output().await.is_err() {
        return skipped("Python is not installed");
    }
    let (_, logs, _guard) = Logs::build::<Registry>(LogOptions::default()).unwrap();
    hazebot_core::upstream::install_crypto();
    let asked = cli::Demo {
        json: true,
        port: 0,
        sim_port: 0,
        data: None,
        no_rate_limits: true,
        record: None,
    };
    let demo = Box::pin(Demo::start(&asked, logs.view().clone(), &Masker::new()))
        .await
        .unwrap();
    let mut failures = Vec::new();
    let mut passed = 0;
    for part in PARTS {
        for line in play(&python, &script, &demo, part).await.lines() {
            let mut words = line.split_whitespace();
            let (result, id) = (words.next(), words.next().unwrap_or_default());
            match result {
                Some("PASS") => passed += 1,
                Some("FAIL") if NOT_YET.iter().all(|(known, _)| *known != id) => {
                    failures.push(line.to_owned())
                }
                _ => {}
            }
        }
    }
    demo.program.stop().await;
    assert!(
        failures.is_empty(),
        "{} lines fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(passed > 20, "only {passed} lines were played");
}

async fn play(python: &std::ffi::OsStr, script: &std::path::Path, demo: &Demo, part: &str) -> String {
    let (summary, login) = (&demo.summary, &demo.summary.logins[0]);
    let output = Command::new(python)
        .arg(script)
        .args(["--base", &summary.api, "--no-outside", "--only", part])
        .args(["--token-admin", &summary.tokens.admin])
        .args(["--token-mod", &summary.tokens.moderator])
        .args(["--token-user", &summary.tokens.user])
        .args(["--login", &format!("{}:{}", login.name, login.password)])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains(" passed, "), "{part}: {text}{said}");
    text
}
