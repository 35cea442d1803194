//! Takes the bot's own messages that are older than three days out of the log channel, once a day.

use chrono::Duration;
use hazebot_core::{
    Outcome, Timestamp,
    ids::{ChannelId, GuildId, MessageId, UserId},
    jobs::{JobContext, JobDone, NewJob},
    settings::general,
};
use hazebot_discord::{Bot, DiscordError};

/// The kind of the job.
pub const JOB: &str = "log_channel.clean_up";

/// How long messages stay.
const KEPT: Duration = Duration::days(3);
/// Discord deletes messages in bulk up to this age (documentation of "Bulk Delete Messages": two weeks); an hour less,
/// since its clock is not ours.
const BULK: Duration = Duration::minutes(14 * 24 * 60 - 60);
/// Time between two runs.
const EVERY: Duration = Duration::days(1);
/// Time until the rest is looked at, where one run was not enough.
const REST: Duration = Duration::minutes(10);
/// Pages of a hundred messages of one run, so that a long channel does not hold the job for minutes.
const PAGES: usize = 20;
/// Messages too old for bulk deletion that one run deletes singly; Discord limits these sharply.
const SINGLES: usize = 30;

/// First moment of snowflakes in Unix milliseconds (Discord's reference, "Snowflakes").
const DISCORD_EPOCH: i64 = 1_420_070_400_000;

/// The smallest id that a message of this moment could have; `None` before Discord's epoch.
#[must_use]
pub fn first_id_at(moment: Timestamp) -> Option<MessageId> {
    let millis = u64::try_from(moment.timestamp_millis() - DISCORD_EPOCH).ok()?;
    MessageId::new_checked(millis << 22)
}

/// What one run has found to delete.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    bulk: Vec<MessageId>,
    single: Vec<MessageId>,
    more: bool,
}

/// The job that starts it all: due now, then once a day.
#[must_use]
pub fn job(guild: GuildId, now: Timestamp) -> NewJob {
    NewJob::new(JOB, guild.to_string(), now).guild(guild)
}

/// The handler of the job.
///
/// # Errors
/// Discord is away; then the job is repeated.
pub(super) async fn run(bot: Bot, _: JobContext) -> Outcome<JobDone> {
    let now = bot.clock().now();
    run_at(&bot, now).await
}

/// Cleans up as of a moment.
///
/// # Errors
/// Discord is away.
pub async fn run_at(bot: &Bot, now: Timestamp) -> Outcome<JobDone> {
    let tomorrow = JobDone::Again(now + EVERY);
    let channel = bot.settings().get(bot.home(), &general::LOG_CHANNEL);
    let (Some(channel), Some(me)) = (channel, bot.directory().me()) else {
        return Ok(tomorrow);
    };
    match clean(bot, channel, me, now).await {
        Ok((0, false)) => Ok(tomorrow),
        Ok((deleted, more)) => {
            tracing::info!(
                cog = super::NAME,
                deleted,
                "old messages of the log channel deleted"
            );
            Ok(if more {
                JobDone::Again(now + REST)
            } else {
                tomorrow
            })
        }
        Err(error @ (DiscordError::NotFound { .. } | DiscordError::Forbidden { .. })) => {
            tracing::warn!(cog = super::NAME, %error, "old messages of the log channel can't be deleted");
            Ok(tomorrow)
        }
        Err(error) => Err(error.into()),
    }
}

async fn clean(
    bot: &Bot,
    channel: ChannelId,
    me: UserId,
    now: Timestamp,
) -> Result<(usize, bool), DiscordError> {
    let found = find(bot, channel, me, now).await?;
    for ids in found.bulk.chunks(usize::from(hazebot_discord::rest::PAGE)) {
        bot.discord().delete_many(channel, ids).await?;
    }
    for id in &found.single {
        bot.discord().delete(channel, *id).await?;
    }
    Ok((found.bulk.len() + found.single.len(), found.more))
}

async fn find(bot: &Bot, channel: ChannelId, me: UserId, now: Timestamp) -> Result<Found, DiscordError> {
    let mut found = Found::default();
    let oldest_in_bulk = first_id_at(now - BULK);
    let mut before = first_id_at(now - KEPT);
    for _ in 0..PAGES {
        let page = bot
            .discord()
            .history(channel, before, hazebot_discord::rest::PAGE)
            .await?;
        for message in page
            .iter()
            .filter(|message| message.author.id == me && !message.pinned)
        {
            if oldest_in_bulk.is_none_or(|oldest| message.id > oldest) {
                found.bulk.push(message.id);
            } else if found.single.len() < SINGLES {
                found.single.push(message.id);
            } else {
                found.more = true;
                return Ok(found);
            }
        }
        if page.len() < usize::from(hazebot_discord::rest::PAGE) {
            return Ok(found);
        }
        before = page.last().map(|message| message.id);
    }
    found.more = true;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::from_millis;

    use super::*;

    #[test]
    fn ids_follow_time() {
        // The example of Discord's reference: 175928847299117063 was made at 1462015105796.
        let id = first_id_at(from_millis(1_462_015_105_796)).unwrap();
        assert_eq!(id.get(), 175_928_847_299_117_063 >> 22 << 22);
        assert_eq!(first_id_at(from_millis(0)), None);
    }
}
