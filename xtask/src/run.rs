//! Running programs: their output goes to the terminal as it comes and is kept for counting.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

/// What went wrong, in words for the terminal.
pub type Problem = String;

/// The workspace's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// How a program ended.
pub struct Ended {
    /// Whether it ended with 0.
    pub ok: bool,
    /// All lines of both outputs, in the order in which they came.
    pub output: String,
}

/// Runs a program to its end, showing and keeping its output.
pub fn show(command: &mut Command) -> Result<Ended, Problem> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|cause| format!("{name} can't be started: {cause}"))?;
    let kept = Arc::new(Mutex::new(String::new()));
    let mut readers = Vec::new();
    if let Some(out) = child.stdout.take() {
        readers.push(pump(out, kept.clone()));
    }
    if let Some(err) = child.stderr.take() {
        readers.push(pump(err, kept.clone()));
    }
    let status = child.wait().map_err(|cause| format!("{name}: {cause}"))?;
    for reader in readers {
        let _ = reader.join();
    }
    let output = kept.lock().map(|kept| kept.clone()).unwrap_or_default();
    Ok(Ended {
        ok: status.success(),
        output,
    })
}

fn pump(from: impl std::io::Read + Send + 'static, kept: Arc<Mutex<String>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut lines = BufReader::new(from);
        let mut line = Vec::new();
        while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line);
            let _ = std::io::stdout().write_all(text.as_bytes());
            if let Ok(mut kept) = kept.lock() {
                kept.push_str(&text);
            }
            line.clear();
        }
    })
}

/// Runs a program quietly and gives its standard output, or `None` if it is absent or failed.
pub fn quiet(command: &mut Command) -> Option<String> {
    let done = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    done.status
        .success()
        .then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Where a program lies on the PATH.
pub fn which(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// Whether we may install Debian packages: root, with `apt-get`.
pub fn can_install() -> bool {
    which("apt-get").is_some() && quiet(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
