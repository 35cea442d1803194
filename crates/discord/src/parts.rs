//! What a cog brings: collected while it is set up, installed at once when that went well.

use std::{future::Future, pin::Pin, sync::Arc};

use futures_util::future::BoxFuture;
use hazebot_core::{
    Failure, Outcome,
    jobs::{JobContext, JobDone},
};
use tokio_util::sync::CancellationToken;

use crate::{bot::Bot, command::Command, component::Component, listener::Listener};

pub(crate) type JobHandler = Arc<dyn Fn(JobContext) -> BoxFuture<'static, Outcome<JobDone>> + Send + Sync>;
pub(crate) type TaskFactory = Arc<dyn Fn(TaskContext) -> BoxFuture<'static, Outcome<()>> + Send + Sync>;
pub(crate) type UnloadHook = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// What a task gets.
#[derive(Clone, Debug)]
pub struct TaskContext {
    /// The shared services.
    pub bot: Bot,
    /// Cancelled when the cog goes; the task has some seconds to end by itself.
    pub stop: CancellationToken,
}

/// What a cog brings.
pub struct Parts {
    pub(crate) cog: &'static str,
    pub(crate) bot: Bot,
    pub(crate) commands: Vec<Command>,
    pub(crate) components: Vec<Component>,
    pub(crate) listeners: Vec<Listener>,
    pub(crate) jobs: Vec<(&'static str, JobHandler)>,
    pub(crate) tasks: Vec<(&'static str, TaskFactory)>,
    pub(crate) unload: Vec<UnloadHook>,
}

impl Parts {
    pub(crate) fn new(cog: &'static str, bot: Bot) -> Self {
        Self {
            cog,
            bot,
            commands: Vec::new(),
            components: Vec::new(),
            listeners: Vec::new(),
            jobs: Vec::new(),
            tasks: Vec::new(),
            unload: Vec::new(),
        }
    }

    /// The shared services.
    #[must_use]
    pub fn cx(&self) -> &Bot {
        &self.bot
    }

    /// Adds a command.
    pub fn command(&mut self, command: Command) -> &mut Self {
        self.commands.push(command);
        self
    }

    /// Adds a component.
    pub fn component(&mut self, component: Component) -> &mut Self {
        self.components.push(component);
        self
    }

    /// Adds a listener.
    pub fn listen(&mut self, listener: Listener) -> &mut Self {
        self.listeners.push(listener);
        self
    }

    /// Adds the handler of a kind of job. It runs inside the cog: a reload waits for it, and while the cog is unloaded
    /// its jobs wait.
    pub fn job<F, R>(&mut self, kind: &'static str, handler: F) -> &mut Self
    where
        F: Fn(JobContext) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome<JobDone>> + Send + 'static,
    {
        self.jobs.push((kind, Arc::new(move |cx| Box::pin(handler(cx)))));
        self
    }

    /// Adds a task that runs while the cog is loaded. If it fails or panics it is started again, later and later; if it
    /// ends well it stays ended. It does not hold up a reload, but is stopped by it.
    pub fn task<F, R>(&mut self, name: &'static str, factory: F) -> &mut Self
    where
        F: Fn(TaskContext) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome<()>> + Send + 'static,
    {
        self.tasks.push((name, Arc::new(move |cx| Box::pin(factory(cx)))));
        self
    }

    /// Adds something to be done when the cog goes, also when it is replaced by a reload.
    pub fn on_unload<F, R>(&mut self, hook: F) -> &mut Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        self.unload.push(Box::new(move || Box::pin(hook())));
        self
    }

    /// Finds mistakes in the declarations before anything is installed.
    pub(crate) fn check(&self) -> Outcome<()> {
        let wrong = |what: String| Err(Failure::internal(format!("{}: {what}", self.cog)));
        for command in &self.commands {
            if command.handler.is_none() {
                return wrong(format!("command {} does nothing", command.name));
            }
            let last = command.options.len().saturating_sub(1);
            for (i, option) in command.options.iter().enumerate() {
                if option.kind == crate::command::OptKind::Rest && i != last {
                    return wrong(format!(
                        "option {} of {} takes the rest but is not last",
                        option.name, command.name
                    ));
                }
            }
            let first_optional = command.options.iter().position(|option| !option.required);
            let last_required = command.options.iter().rposition(|option| option.required);
            if first_optional
                .zip(last_required)
                .is_some_and(|(optional, required)| optional < required)
            {
                return wrong(format!(
                    "command {} has a required option after an optional one",
                    command.name
                ));
            }
        }
        for listener in &self.listeners {
            if !crate::gateway::reads(listener.kind) {
                return wrong(format!("events of kind {:?} are not read", listener.kind));
            }
        }
        for component in &self.components {
            if component.handler.is_none() {
                return wrong(format!("component {} does nothing", component.id));
            }
            if component.id.split(':').count() != 3 {
                return wrong(format!(
                    "the custom id {} is not of the form feature:v1:action",
                    component.id
                ));
            }
        }
        Ok(())
    }
}
