//! Which users and roles a text notifies.

use crate::id::Id;

use super::World;
use super::draft::AllowedMentions;
use super::permissions::Permissions;

/// What a text mentions and may notify.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Mentions {
    pub(crate) users: Vec<Id>,
    pub(crate) roles: Vec<Id>,
    pub(crate) everyone: bool,
}

impl World {
    /// Reads the mentions of `content` and keeps those that `allowed` and the author's permissions let through.
    pub(crate) fn mentions_of(
        &self,
        content: &str,
        guild: Option<Id>,
        author: Permissions,
        allowed: Option<&AllowedMentions>,
    ) -> Mentions {
        let (users, roles) = ids_in(content);
        let may_ping_all = author.has(Permissions::MENTION_EVERYONE);
        let everyone = has_everyone(content) && may_ping_all && allowed.is_none_or(|a| a.everyone);
        let users = users
            .into_iter()
            .filter(|id| self.users.contains_key(id))
            .filter(|id| allowed.is_none_or(|a| a.all_users || a.users.contains(id)))
            .collect();
        let guild = guild.and_then(|id| self.guilds.get(&id));
        let roles = roles
            .into_iter()
            .filter(|id| {
                guild
                    .and_then(|g| g.roles.get(id))
                    .is_some_and(|role| role.mentionable || may_ping_all)
            })
            .filter(|id| allowed.is_none_or(|a| a.all_roles || a.roles.contains(id)))
            .collect();
        Mentions {
            users,
            roles,
            everyone,
        }
    }
}

fn has_everyone(content: &str) -> bool {
    content.contains("@everyone") || content.contains("@here")
}

/// User and role ids in `<@id>`, `<@!id>` and `<@&id>`, each once, in order.
fn ids_in(content: &str) -> (Vec<Id>, Vec<Id>) {
    let mut users = Vec::new();
    let mut roles = Vec::new();
    for part in content.split("<@").skip(1) {
        let Some((inside, _)) = part.split_once('>') else {
            continue;
        };
        let (list, digits) = match inside.strip_prefix('&') {
            Some(digits) => (&mut roles, digits),
            None => (&mut users, inside.strip_prefix('!').unwrap_or(inside)),
        };
        if let Ok(id) = digits.parse()
            && !list.contains(&id)
        {
            list.push(id);
        }
    }
    (users, roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_read_once_each() {
        let (users, roles) = ids_in("<@1> and <@!2> and <@&3> and <@1> but not <@x> or <@4");
        assert_eq!(users, [Id::new(1), Id::new(2)]);
        assert_eq!(roles, [Id::new(3)]);
    }
}
