//! `hazebot serve`: against real Discord, or whatever `DISCORD_BASE_URL` names.

use std::path::{Path, PathBuf};

use hazebot_core::{
    Clock, Entropy,
    env::Env,
    logs::{LogOptions, Logs, log_panics},
    secrets::Masker,
};

use crate::{Options, Problem, Program, cli::Serve, signals::asked_to_end};

/// Runs until it is told to end.
pub(crate) async fn run(args: Serve) -> Result<(), Problem> {
    let env = load(&args.env_file, &args.home)?;
    std::fs::create_dir_all(&env.storage.data_dir)?;
    let (clock, masker) = (Clock::system(), Masker::new());
    masker.learn(env.secrets());
    let (logs, _written_out) = Logs::install(LogOptions {
        level: env.log_level,
        zone: env.zone,
        folder: Some(args.home.join("Logs")),
        console: true,
        colour: None,
        clock: clock.clone(),
        masker,
    })?;
    log_panics();
    for note in &env.notes {
        tracing::info!(subject = note.subject, "{}", note.text);
    }
    let options = Options {
        clock,
        entropy: Entropy::system(),
        logs: logs.view().clone(),
        api: !args.no_api,
        rate_limits: !args.no_rate_limits,
        extra_cogs: Vec::new(),
    };
    let mut program = Box::pin(Program::start(env, options)).await?;
    let ended = tokio::select! {
        asked = asked_to_end() => asked.map_err(Problem::from),
        gave_up = program.gateway_ended() => gave_up.map_err(Problem::from),
    };
    program.stop().await;
    ended
}

/// The environment, with paths below `home`.
fn load(env_file: &Path, home: &Path) -> Result<Env, Problem> {
    let file: PathBuf = if env_file.is_absolute() {
        env_file.to_path_buf()
    } else {
        home.join(env_file)
    };
    std::env::set_current_dir(home).map_err(|error| format!("{}: {error}", home.display()))?;
    Ok(Env::load(Some(&file), |name| std::env::var(name).ok())?)
}
