//! Acts on many members at once: pruning and bulk banning
//! (<https://discord.com/developers/docs/resources/guild#begin-guild-prune>).

use std::collections::HashMap;

use serde_json::json;

use crate::clock::Millis;
use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::model::Member;
use super::permissions::Permissions;
use super::{AuditLine, World};

/// Milliseconds of a day.
const DAY: Millis = 24 * 3_600_000;
/// The audit log's number for pruning.
const PRUNE: u16 = 21;

/// Whom a prune takes.
#[derive(Debug)]
pub(crate) struct Prune {
    /// Days without being seen, 1 to 30. The simulator counts from the last message or the joining.
    pub(crate) days: i64,
    /// Roles that do not protect.
    pub(crate) include: Vec<Id>,
}

impl World {
    /// Members whom a prune would take: idle for so long, without roles but the included ones.
    ///
    /// # Errors
    /// 50013 without the rights to kick and to manage the guild.
    pub(crate) fn prunable(&self, by: Id, guild: Id, prune: &Prune) -> ApiResult<Vec<Id>> {
        self.require_in_guild(guild, by, Permissions::KICK_MEMBERS | Permissions::MANAGE_GUILD)?;
        let state = self.guild(guild)?;
        let since = self.now() - prune.days * DAY;
        let spoken = self.last_words(guild);
        let idle = |m: &&Member| {
            m.user_id != state.owner_id
                && m.joined_at < since
                && m.roles.iter().all(|r| prune.include.contains(r))
                && self.users.get(&m.user_id).is_some_and(|u| !u.bot)
                && spoken.get(&m.user_id).is_none_or(|at| *at < since)
        };
        Ok(state.members.values().filter(idle).map(|m| m.user_id).collect())
    }

    /// When each user wrote last in the guild, as far as messages are kept.
    fn last_words(&self, guild: Id) -> HashMap<Id, Millis> {
        let mut spoken: HashMap<Id, Millis> = HashMap::new();
        let channels = self.guilds.get(&guild).into_iter().flat_map(|g| &g.channels);
        let messages = channels
            .filter_map(|id| self.channels.get(id))
            .flat_map(|c| &c.messages);
        for message in messages {
            if let Some(user) = message.author_user() {
                let last = spoken.entry(user).or_default();
                *last = message.id.made_at().max(*last);
            }
        }
        spoken
    }

    /// Removes them. Gives how many went.
    pub(crate) fn prune(
        &mut self,
        by: Id,
        guild: Id,
        prune: &Prune,
        reason: Option<&str>,
    ) -> ApiResult<usize> {
        let gone = self.prunable(by, guild, prune)?;
        for user in &gone {
            self.remove_member(guild, *user)?;
        }
        let mut line = AuditLine::new(PRUNE, by, guild, reason).telling(json!({
            "delete_member_days": prune.days.to_string(), "members_removed": gone.len().to_string(),
        }));
        line.target = None;
        self.audit(guild, line);
        Ok(gone.len())
    }

    /// Bans many; gives who was banned and who could not be.
    ///
    /// # Errors
    /// 50013 without the rights to ban and to manage the guild, 500000 if nobody was banned.
    pub(crate) fn ban_all(
        &mut self,
        by: Id,
        guild: Id,
        users: Vec<Id>,
        purge: Millis,
        reason: Option<&str>,
    ) -> ApiResult<(Vec<Id>, Vec<Id>)> {
        self.require_in_guild(guild, by, Permissions::BAN_MEMBERS | Permissions::MANAGE_GUILD)?;
        let (banned, failed): (Vec<Id>, Vec<Id>) = users.into_iter().partition(|user| {
            let before = self.guilds.get(&guild).is_some_and(|g| g.bans.contains_key(user));
            !before && *user != by && self.ban(by, guild, *user, purge, reason).is_ok()
        });
        if banned.is_empty() {
            return Err(ApiError::nobody_banned());
        }
        Ok((banned, failed))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::clock::SimClock;
    use crate::world::scenario::{CommunityOptions, Scenario};

    use super::*;

    #[test]
    fn only_silent_members_without_roles_are_pruned() {
        let clock = SimClock::manual(1_750_000_000_000);
        let options = CommunityOptions {
            clock: clock.clone(),
            ..CommunityOptions::default()
        };
        let (mut world, c) = Scenario::community_with(options).unwrap();
        let prune = |include: Vec<Id>| Prune { days: 7, include };
        assert_eq!(
            world.prunable(c.owner, c.guild, &prune(Vec::new())),
            Ok(Vec::new())
        );
        clock.advance(Duration::from_secs(8 * 24 * 3600));
        assert_eq!(
            world.prunable(c.owner, c.guild, &prune(Vec::new())),
            Ok(vec![c.newcomer])
        );
        let writes = crate::world::Draft::text("still here");
        world.write(c.newcomer, c.channels.general, writes).unwrap();
        assert_eq!(world.prune(c.owner, c.guild, &prune(Vec::new()), None), Ok(0));
        assert!(
            world
                .prunable(c.owner, c.guild, &prune(vec![c.roles.member, c.roles.events]))
                .unwrap()
                .len()
                > 1
        );
        assert_eq!(
            world.prune(c.finn, c.guild, &prune(Vec::new()), None),
            Err(ApiError::missing_permissions())
        );
    }
}
