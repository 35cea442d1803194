//! Fills the directory where the gateway does not: a resumed session does not send its guilds again.

use std::time::Duration;

use hazebot_core::ids::GuildId;
use twilight_model::{
    channel::Channel,
    gateway::payload::incoming::GuildCreate,
    guild::{Guild, Member},
    id::{Id, marker::UserMarker},
    user::CurrentUser,
};

use super::GatewayError;
use crate::{bot::Bot, rest::DiscordError};

/// Pause before Discord is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// Guilds that are filled in when all are served; more arrive with a new session.
const MOST_GUILDS: u16 = 200;
/// Members of one page.
const PAGE: u16 = 1000;
/// Pages of members: a hundred thousand people.
const MOST_PAGES: usize = 100;

/// Learns the bot's own account and application.
pub(super) async fn account(bot: &Bot) -> Result<(), GatewayError> {
    loop {
        let asked: Result<CurrentUser, DiscordError> =
            bot.discord().json(bot.discord().http().current_user()).await;
        match asked {
            Ok(me) => {
                bot.0.services.directory.set_me(me.id);
                return Ok(());
            }
            Err(DiscordError::Unauthorized) => return Err(GatewayError::Token),
            Err(error) => {
                tracing::warn!(%error, "Discord does not tell who the bot is; asking again");
                tokio::time::sleep(ASK_AGAIN).await;
            }
        }
    }
}

/// Fills in the guilds that are served, and does not give up while Discord is away.
pub(super) async fn guilds(bot: &Bot) {
    loop {
        match all(bot).await {
            Ok(()) => return,
            Err(error) if error.is_temporary() => {
                tracing::warn!(%error, "Discord does not tell of the guilds; asking again");
                tokio::time::sleep(ASK_AGAIN).await;
            }
            Err(error) => {
                tracing::error!(%error, "the guilds could not be read; they are known after the next new session");
                return;
            }
        }
    }
}

async fn all(bot: &Bot) -> Result<(), DiscordError> {
    #[derive(serde::Deserialize)]
    struct Mine {
        id: GuildId,
    }
    let ids: Vec<GuildId> = if bot.0.services.allow_any_guild {
        let request = bot.discord().http().current_user_guilds().limit(MOST_GUILDS);
        let mine: Vec<Mine> = bot.discord().json(request).await?;
        mine.into_iter().map(|guild| guild.id).collect()
    } else {
        vec![bot.home()]
    };
    for id in ids {
        guild(bot, id).await?;
    }
    Ok(())
}

async fn guild(bot: &Bot, id: GuildId) -> Result<(), DiscordError> {
    let (discord, http) = (bot.discord(), bot.discord().http());
    let mut guild: Guild = discord.json(http.guild(id)).await?;
    let mut channels: Vec<Channel> = discord.json(http.guild_channels(id)).await?;
    for channel in &mut channels {
        channel.guild_id = Some(id);
    }
    guild.channels = channels;
    let mut after: Option<Id<UserMarker>> = None;
    for _ in 0..MOST_PAGES {
        let request = http.guild_members(id).limit(PAGE);
        let page: Vec<Member> = match after {
            Some(after) => discord.json(request.after(after)).await?,
            None => discord.json(request).await?,
        };
        let full = page.len() >= usize::from(PAGE);
        after = page.last().map(|member| member.user.id);
        guild.members.extend(page);
        if !full {
            break;
        }
    }
    guild.member_count = Some(guild.members.len() as u64);
    bot.0.services.directory.put(&GuildCreate::Available(guild));
    Ok(())
}
