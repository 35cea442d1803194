//! The operations on cogs, one at a time.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use hazebot_core::{Actor, Failure, Outcome, gate::Gate};
use tokio::time::Instant;

use super::{
    CogState, Done, Entry, Manager, Operation, OperationError, Past, Via, names, persist, running::Running,
    sync,
};
use crate::{
    bot::Bot,
    cog::{About, Cog, Protection},
    dispatch::{QueueHandle, panic_text},
    parts::Parts,
    registry::Face,
};

/// How long setting up may take at a load.
const SET_UP_LIMIT: Duration = Duration::from_secs(30);
/// The same at a reload, where people wait. With [`QUIET`] below the 15 s after which the app gives up.
const RELOAD_LIMIT: Duration = Duration::from_secs(8);
/// How long an operation waits for what runs in the cog to end.
const QUIET: Duration = Duration::from_secs(5);

/// The cogs of a bot.
#[derive(Clone, Copy, Debug)]
pub struct Cogs<'a>(pub(super) &'a Bot);

impl Bot {
    /// The cogs.
    #[must_use]
    pub fn cogs(&self) -> Cogs<'_> {
        Cogs(self)
    }
}

impl Cogs<'_> {
    pub(super) fn manager(&self) -> &Manager {
        &self.0.0.manager
    }

    /// Takes the cogs in and loads all that are not switched off, each after those that it needs. One that fails does
    /// not hold up the others; a protected one that fails is an error, since nothing works without it. Also begins to
    /// keep Discord's list of slash commands up to date.
    ///
    /// # Errors
    /// Two cogs of one name, a protected cog that does not start, or a database that does not answer.
    pub async fn start(&self, cogs: Vec<Arc<dyn Cog>>) -> Outcome<()> {
        let disabled = persist::disabled(self.0.store()).await?;
        let abouts: Vec<&'static About> = cogs.iter().map(|cog| cog.about()).collect();
        for cog in cogs {
            let about = cog.about();
            let off = disabled.contains(about.name) && about.protection != Protection::Protected;
            let entry = Entry {
                cog,
                about,
                state: if off {
                    CogState::Disabled
                } else {
                    CogState::Unloaded
                },
                loaded_at: None,
                running: None,
                queue: None,
                panics: 0,
                faults: 0,
                last_error: None,
                last_error_at: None,
                history: std::collections::VecDeque::new(),
            };
            if self.manager().entries.lock().insert(about.name, entry).is_some() {
                return Err(Failure::internal(format!("two cogs are called {}", about.name)));
            }
        }
        let _turn = self.manager().turn.lock().await;
        for name in names::start_order(&abouts) {
            if self.manager().state(name) == Some(CogState::Disabled) {
                tracing::info!(cog = name, "switched off");
                continue;
            }
            let about = abouts.iter().find(|about| about.name == name);
            let Some(about) = about.copied() else { continue };
            match self.bring_up(about, SET_UP_LIMIT).await {
                Ok(()) => tracing::info!(cog = name, "loaded"),
                Err(error) if about.protection == Protection::Protected => {
                    return Err(Failure::internal(error.to_string()));
                }
                Err(error) => tracing::error!(cog = name, %error, "not loaded"),
            }
        }
        tokio::spawn(sync::follow(Arc::downgrade(&self.0.0)));
        self.manager().commands_changed.notify_one();
        Ok(())
    }

    /// Does an operation.
    ///
    /// # Errors
    /// See [`OperationError`].
    pub async fn perform(
        &self,
        operation: Operation,
        typed: &str,
        actor: &Actor,
        via: Via,
    ) -> Result<Done, OperationError> {
        let about = self.resolve(typed)?;
        if let Some(error) = Manager::forbidden(about, operation, via) {
            return Err(error);
        }
        let _turn = self.manager().turn.lock().await;
        let began = Instant::now();
        let loaded = self.is_loaded(about.name);
        let result = match (operation, loaded) {
            (Operation::Load, true) => return Err(OperationError::AlreadyLoaded(about.name)),
            (Operation::Unload | Operation::Reload, false) => {
                return Err(OperationError::NotLoaded(about.name));
            }
            (Operation::Load, false) => self.bring_up(about, SET_UP_LIMIT).await,
            (Operation::Unload, true) => self.take_down(about).await,
            (Operation::Reload, true) => self.renew(about).await,
        };
        let result = match (result, operation) {
            (Ok(()), Operation::Load | Operation::Unload) => {
                let off = operation == Operation::Unload;
                if off {
                    self.manager().set_state(about.name, CogState::Disabled);
                }
                persist::set(self.0.store(), about.name, off, actor)
                    .await
                    .map_err(OperationError::NotStored)
            }
            (result, _) => result,
        };
        let took = began.elapsed();
        let error = result.as_ref().err().map(ToString::to_string);
        match &error {
            None => tracing::info!(cog = about.name, ?operation, by = actor.name(), ?took, "done"),
            Some(error) => tracing::error!(cog = about.name, ?operation, by = actor.name(), error, "failed"),
        }
        let at = self.0.clock().now();
        self.manager().remember(
            about.name,
            Past {
                operation,
                at,
                by: actor.name().to_owned(),
                took,
                error,
            },
        );
        if operation != Operation::Reload {
            self.manager().commands_changed.notify_one();
        }
        result.map(|()| Done {
            cog: about,
            dependants: self.dependants(about.name),
            took,
        })
    }

    /// Loads a cog.
    ///
    /// # Errors
    /// See [`OperationError`].
    pub async fn load(&self, typed: &str, actor: &Actor, via: Via) -> Result<Done, OperationError> {
        self.perform(Operation::Load, typed, actor, via).await
    }

    /// Unloads a cog.
    ///
    /// # Errors
    /// See [`OperationError`].
    pub async fn unload(&self, typed: &str, actor: &Actor, via: Via) -> Result<Done, OperationError> {
        self.perform(Operation::Unload, typed, actor, via).await
    }

    /// Sets a cog up anew. What runs in it ends first, what is new waits; if it fails, the former one goes on. Code that
    /// runs inside of the cog itself must not wait for this: it answers first and leaves the reload to a task.
    ///
    /// # Errors
    /// See [`OperationError`].
    pub async fn reload(&self, typed: &str, actor: &Actor, via: Via) -> Result<Done, OperationError> {
        self.perform(Operation::Reload, typed, actor, via).await
    }

    /// Sends the slash commands to Discord even if nothing changed, and gives how many there are.
    ///
    /// # Errors
    /// As any call to Discord.
    pub async fn sync_commands(&self) -> Outcome<usize> {
        sync::sync(self.0, true).await
    }

    /// Ends all cogs, the ones that need others first. For the end of the program: nothing of it is stored.
    pub async fn stop(&self) {
        let _turn = self.manager().turn.lock().await;
        let abouts: Vec<&'static About> = self
            .manager()
            .entries
            .lock()
            .values()
            .map(|entry| entry.about)
            .collect();
        for name in names::start_order(&abouts).into_iter().rev() {
            let Some(about) = abouts.iter().find(|about| about.name == name) else {
                continue;
            };
            if self.is_loaded(name)
                && let Err(error) = self.take_down(about).await
            {
                tracing::warn!(cog = name, %error, "not ended in order");
            }
        }
    }

    async fn set_up(&self, about: &'static About, limit: Duration) -> Result<Parts, OperationError> {
        let failed = |error: String| OperationError::Failed {
            cog: about.name,
            error,
        };
        let cog = self
            .manager()
            .entries
            .lock()
            .get(about.name)
            .map(|entry| Arc::clone(&entry.cog));
        let cog = cog.ok_or_else(|| failed("it is not there".to_owned()))?;
        let mut parts = Parts::new(about.name, self.0.clone());
        let run = AssertUnwindSafe(async { cog.set_up(&mut parts).await }).catch_unwind();
        match tokio::time::timeout(limit, run).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(failure))) => return Err(failed(failure.to_string())),
            Ok(Err(panic)) => {
                let text = panic_text(panic.as_ref());
                self.manager().count_panic(about.name, &text);
                return Err(failed(format!("panic: {text}")));
            }
            Err(_) => return Err(failed(format!("it took longer than {} s", limit.as_secs()))),
        }
        parts.check().map_err(|failure| failed(failure.to_string()))?;
        Ok(parts)
    }

    fn install(&self, about: &'static About, parts: &mut Parts, gate: &Gate) -> Result<(), OperationError> {
        let queue = {
            let mut entries = self.manager().entries.lock();
            let entry = entries.get_mut(about.name);
            entry.map(|entry| {
                entry
                    .queue
                    .get_or_insert_with(|| QueueHandle::begin(self.0, about.name, gate.clone()))
                    .clone()
            })
        };
        let Some(queue) = queue else {
            return Err(OperationError::NotLoaded(about.name));
        };
        let face = Face {
            about,
            gate: gate.clone(),
            queue,
            commands: std::mem::take(&mut parts.commands),
            components: std::mem::take(&mut parts.components),
            listeners: std::mem::take(&mut parts.listeners),
        };
        let failed = |failure: Failure| OperationError::Failed {
            cog: about.name,
            error: failure.to_string(),
        };
        self.0.registry().install(face).map_err(failed)
    }

    async fn bring_up(&self, about: &'static About, limit: Duration) -> Result<(), OperationError> {
        let gate = self.0.gates().of(about.name);
        let result = async {
            let mut parts = self.set_up(about, limit).await?;
            let pause = gate
                .pause(QUIET)
                .await
                .map_err(|_| OperationError::Busy(about.name))?;
            if let Err(error) = self.install(about, &mut parts, &gate) {
                pause.shut();
                return Err(error);
            }
            let running = Running::begin(parts, &gate);
            if let Some(entry) = self.manager().entries.lock().get_mut(about.name) {
                entry.running = Some(running);
                entry.loaded_at = Some(self.0.clock().now());
                entry.state = CogState::Loaded;
            }
            pause.open();
            Ok(())
        }
        .await;
        if let Err(error) = &result {
            let text = crate::message::text::fit(&error.to_string(), super::ERROR_TEXT);
            self.manager().set_state(about.name, CogState::Error(text));
        }
        result
    }

    async fn take_down(&self, about: &'static About) -> Result<(), OperationError> {
        let gate = self.0.gates().of(about.name);
        let pause = gate
            .pause(QUIET)
            .await
            .map_err(|_| OperationError::Busy(about.name))?;
        self.0.registry().remove(about.name);
        let running = {
            let mut entries = self.manager().entries.lock();
            entries.get_mut(about.name).and_then(|entry| {
                entry.state = CogState::Unloaded;
                entry.loaded_at = None;
                entry.running.take()
            })
        };
        if let Some(running) = running {
            running.end(self.0).await;
        }
        pause.shut();
        Ok(())
    }

    async fn renew(&self, about: &'static About) -> Result<(), OperationError> {
        let gate = self.0.gates().of(about.name);
        let pause = gate
            .pause(QUIET)
            .await
            .map_err(|_| OperationError::Busy(about.name))?;
        let renewed = async {
            let mut parts = self.set_up(about, RELOAD_LIMIT).await?;
            self.install(about, &mut parts, &gate)?;
            Ok(parts)
        }
        .await;
        let result = match renewed {
            Ok(parts) => {
                let former = self
                    .manager()
                    .entries
                    .lock()
                    .get_mut(about.name)
                    .and_then(|entry| entry.running.take());
                if let Some(former) = former {
                    former.end(self.0).await;
                }
                let running = Running::begin(parts, &gate);
                if let Some(entry) = self.manager().entries.lock().get_mut(about.name) {
                    entry.running = Some(running);
                    entry.loaded_at = Some(self.0.clock().now());
                }
                Ok(())
            }
            Err(error) => Err(error),
        };
        // Either way there is something loaded: the new one, or the former.
        pause.open();
        result
    }
}
