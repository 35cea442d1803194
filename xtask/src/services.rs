//! PostgreSQL and Redis for the tests, on free ports of the loopback address, ended with the run.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::run;

/// The services that run for the tests, with the variables that tell the tests where.
#[derive(Default)]
pub struct Services {
    postgres: Option<Postgres>,
    redis: Option<(Child, TempDir)>,
    /// Variables for the tests.
    pub env: Vec<(&'static str, String)>,
    /// What is skipped, and why.
    pub skipped: Vec<String>,
}

struct Postgres {
    pg_ctl: PathBuf,
    data: PathBuf,
    as_postgres: bool,
    _folder: TempDir,
}

impl Services {
    /// Starts what can be started; what can't is noted in `skipped`.
    pub fn start() -> Self {
        let mut services = Self::default();
        if let Ok(url) = std::env::var("HAZEBOT_TEST_POSTGRES") {
            services.env.push(("HAZEBOT_TEST_POSTGRES", url));
        } else {
            match start_postgres() {
                Ok((postgres, url)) => {
                    services.env.push(("HAZEBOT_TEST_POSTGRES", url));
                    services.postgres = Some(postgres);
                }
                Err(why) => services
                    .skipped
                    .push(format!("the store's tests on PostgreSQL: {why}")),
            }
        }
        match start_redis() {
            Ok((child, folder, url)) => {
                services.env.push(("HAZEBOT_TEST_REDIS", url));
                services.redis = Some((child, folder));
            }
            Err(why) => services.skipped.push(format!("tests with Redis: {why}")),
        }
        services
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        if let Some(postgres) = &self.postgres {
            let _ = postgres
                .ctl(&["-m", "immediate", "stop"])
                .stdout(Stdio::null())
                .status();
        }
        if let Some((redis, _)) = &mut self.redis {
            let _ = redis.kill();
            let _ = redis.wait();
        }
    }
}

impl Postgres {
    /// `pg_ctl` as the user who owns the data: as root PostgreSQL refuses to run.
    fn ctl(&self, args: &[&str]) -> Command {
        let mut command = as_user(self.as_postgres, &self.pg_ctl);
        command.arg("-D").arg(&self.data).args(args);
        command
    }
}

fn as_user(as_postgres: bool, program: &PathBuf) -> Command {
    if as_postgres {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn start_postgres() -> Result<(Postgres, String), String> {
    let bin = postgres_bin().ok_or("PostgreSQL's server is not installed")?;
    let is_root = run::quiet(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let folder = tempfile::Builder::new()
        .prefix("hazebot-pg")
        .tempdir()
        .map_err(|cause| cause.to_string())?;
    if is_root {
        let given = Command::new("chown").arg("postgres").arg(folder.path()).status();
        if !given.is_ok_and(|status| status.success()) {
            return Err("there is no user postgres to run the server".into());
        }
    }
    let data = folder.path().join("data");
    let initdb = as_user(is_root, &bin.join("initdb"))
        .args(["-A", "trust", "--no-sync", "-U", "postgres", "-E", "UTF8", "-D"])
        .arg(&data)
        .stdout(Stdio::null())
        .status();
    if !initdb.is_ok_and(|status| status.success()) {
        return Err("initdb failed".into());
    }
    let port = free_port()?;
    let postgres = Postgres {
        pg_ctl: bin.join("pg_ctl"),
        data,
        as_postgres: is_root,
        _folder: folder,
    };
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200"
    );
    let log = postgres.data.join("server.log");
    let started = postgres
        .ctl(&["-w", "-o", &options, "-l", &log.to_string_lossy(), "start"])
        .stdout(Stdio::null())
        .status();
    if !started.is_ok_and(|status| status.success()) {
        return Err(format!("the server did not start, see {}", log.display()));
    }
    Ok((postgres, format!("postgres://postgres@127.0.0.1:{port}/postgres")))
}

/// The folder of the newest installed server.
fn postgres_bin() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    versions.sort();
    versions
        .pop()
        .or_else(|| run::which("initdb")?.parent().map(PathBuf::from))
}

fn start_redis() -> Result<(Child, TempDir, String), String> {
    let program = run::which("redis-server").ok_or("redis-server is not installed")?;
    let folder = tempfile::tempdir().map_err(|cause| cause.to_string())?;
    let port = free_port()?;
    let child = Command::new(program)
        .args([
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--port",
            &port.to_string(),
            "--dir",
        ])
        .arg(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|cause| cause.to_string())?;
    for _ in 0..50 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok((child, folder, format!("redis://127.0.0.1:{port}")));
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err("redis-server did not answer within 5 s".into())
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|cause| cause.to_string())?;
    listener
        .local_addr()
        .map(|address| address.port())
        .map_err(|cause| cause.to_string())
}
