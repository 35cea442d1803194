//! What is done to cogs from Discord. The rules of it are the framework's; here faults get their correlation id.

use hazebot_core::{Actor, secrets::Masker};
use hazebot_discord::{Bot, Done, OperationError, Via};

use crate::cogs::Operation;

/// Digits of a correlation id, as everywhere.
const CORRELATION_DIGITS: usize = 8;

/// An operation that did not happen.
#[derive(Debug)]
pub(crate) struct Failed {
    /// Why; an error text in it is masked.
    pub(crate) error: OperationError,
    /// Where to find it in the log, if it is a fault and no refusal.
    pub(crate) correlation: Option<String>,
}

/// Loads, unloads or reloads a cog.
///
/// # Errors
/// See [`OperationError`].
pub(crate) async fn change(
    bot: &Bot,
    operation: Operation,
    name: &str,
    actor: &Actor,
) -> Result<Done, Failed> {
    let cogs = bot.cogs();
    let result = match operation {
        Operation::Load => cogs.load(name, actor, Via::Discord).await,
        Operation::Unload => cogs.unload(name, actor, Via::Discord).await,
        Operation::Reload | Operation::Logs => cogs.reload(name, actor, Via::Discord).await,
    };
    result.map_err(|error| match error {
        OperationError::Failed { cog, error } => {
            let correlation = bot.entropy().hex(CORRELATION_DIGITS);
            tracing::error!(
                cog,
                correlation,
                operation = operation.word(),
                error,
                "a cog did not start"
            );
            let error = Masker::new().mask(&error).into_owned();
            Failed {
                error: OperationError::Failed { cog, error },
                correlation: Some(correlation),
            }
        }
        error => Failed {
            error,
            correlation: None,
        },
    })
}
