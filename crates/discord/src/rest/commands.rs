//! Slash commands and the gateway's address.

use hazebot_core::ids::GuildId;
use serde::Deserialize;
use twilight_http::routing::Route;
use twilight_model::{application::command::Command, gateway::connection_info::BotConnectionInfo};

use super::{Discord, DiscordError, read};

/// A command that is registered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RegisteredCommand {
    /// Its name.
    pub name: String,
}

impl Discord {
    /// Replaces all slash commands of the guild by these and gives how many there are now.
    ///
    /// # Errors
    /// As any call.
    pub(crate) async fn set_commands(
        &self,
        guild: GuildId,
        commands: &[Command],
    ) -> Result<usize, DiscordError> {
        let application = self.application().await?;
        let route = Route::SetGuildCommands {
            application_id: application.get(),
            guild_id: guild.get(),
        };
        // Setting the same list twice is the same as once.
        let answer = self.with_body(&route, &commands, &[], true, true).await?;
        let registered: Vec<RegisteredCommand> = read(&answer)?;
        Ok(registered.len())
    }

    /// The slash commands that Discord has for the guild.
    ///
    /// # Errors
    /// As any call.
    pub async fn commands(&self, guild: GuildId) -> Result<Vec<RegisteredCommand>, DiscordError> {
        let application = self.application().await?;
        self.json(self.http().interaction(application).guild_commands(guild))
            .await
    }

    /// Where the gateway is, how many shards Discord advises, and how many sessions may still be started today.
    ///
    /// # Errors
    /// As any call.
    pub(crate) async fn gateway(&self) -> Result<BotConnectionInfo, DiscordError> {
        self.json(self.http().gateway().authed()).await
    }
}
