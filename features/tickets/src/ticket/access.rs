//! Who sees and writes into a ticket's channel in each state.

use hazebot_core::{
    directory::StaffRoles,
    ids::{GuildId, RoleId, UserId},
};
use hazebot_discord::rest::{Overwrite, OverwriteTarget};
use twilight_model::guild::Permissions;

use super::Status;

const READ: Permissions = Permissions::VIEW_CHANNEL.union(Permissions::READ_MESSAGE_HISTORY);
const WRITE: Permissions = READ
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::ADD_REACTIONS);
/// What a closed ticket takes from its creator.
const SILENCE: Permissions = Permissions::SEND_MESSAGES
    .union(Permissions::ADD_REACTIONS)
    .union(Permissions::CREATE_PUBLIC_THREADS)
    .union(Permissions::CREATE_PRIVATE_THREADS)
    .union(Permissions::SEND_MESSAGES_IN_THREADS);
/// No `MANAGE_ROLES`: only administrators may grant it by an overwrite ("Create Guild Channel" in Discord's
/// documentation).
const BOT: Permissions = WRITE
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::MANAGE_CHANNELS)
    .union(Permissions::MANAGE_MESSAGES);

/// The overwrites of a ticket's channel.
#[must_use]
pub fn overwrites(
    status: Status,
    guild: GuildId,
    creator: UserId,
    bot: UserId,
    staff: StaffRoles,
    helpers: &[RoleId],
) -> Vec<Overwrite> {
    let none = Permissions::empty();
    let everyone = OverwriteTarget::Everyone(guild);
    let mut list = vec![Overwrite {
        target: everyone,
        allow: none,
        deny: Permissions::VIEW_CHANNEL,
    }];
    let mut roles: Vec<RoleId> = [staff.admin, staff.moderator].into_iter().flatten().collect();
    roles.extend_from_slice(helpers);
    roles.sort_unstable();
    roles.dedup();
    for role in roles {
        let allow = WRITE.union(Permissions::MANAGE_MESSAGES);
        list.push(Overwrite {
            target: OverwriteTarget::Role(role),
            allow,
            deny: none,
        });
    }
    list.push(Overwrite {
        target: OverwriteTarget::Member(bot),
        allow: BOT,
        deny: none,
    });
    list.push(creator_overwrite(status, creator));
    list
}

/// The creator's overwrite alone: the only one that closing and reopening change.
#[must_use]
pub fn creator_overwrite(status: Status, creator: UserId) -> Overwrite {
    let target = OverwriteTarget::Member(creator);
    if status.is_live() || status == Status::Opening {
        Overwrite {
            target,
            allow: WRITE,
            deny: Permissions::empty(),
        }
    } else {
        Overwrite {
            target,
            allow: READ,
            deny: SILENCE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYONE: OverwriteTarget = OverwriteTarget::Everyone(GuildId::new(1));
    const ADMIN: OverwriteTarget = OverwriteTarget::Role(RoleId::new(10));
    const MODERATOR: OverwriteTarget = OverwriteTarget::Role(RoleId::new(11));
    const CREATOR: OverwriteTarget = OverwriteTarget::Member(UserId::new(303));
    const BOT_USER: OverwriteTarget = OverwriteTarget::Member(UserId::new(900));

    fn of(status: Status, target: OverwriteTarget) -> Overwrite {
        let staff = StaffRoles {
            admin: Some(RoleId::new(10)),
            moderator: Some(RoleId::new(11)),
        };
        overwrites(
            status,
            GuildId::new(1),
            UserId::new(303),
            UserId::new(900),
            staff,
            &[],
        )
        .into_iter()
        .find(|overwrite| overwrite.target == target)
        .unwrap()
    }

    #[test]
    fn everyone_else_never_sees_a_ticket() {
        for status in [Status::Opening, Status::Open, Status::Claimed, Status::Closed] {
            assert_eq!(of(status, EVERYONE).deny, Permissions::VIEW_CHANNEL);
        }
    }

    #[test]
    fn the_creator_writes_while_it_is_open_and_only_reads_once_it_is_closed() {
        let open = of(Status::Open, CREATOR);
        assert!(open.allow.contains(Permissions::SEND_MESSAGES));
        let closed = of(Status::Closed, CREATOR);
        assert!(closed.allow.contains(READ) && closed.deny.contains(Permissions::SEND_MESSAGES));
    }

    #[test]
    fn staff_write_in_every_state_and_may_tidy_up() {
        for (status, role) in [
            (Status::Open, ADMIN),
            (Status::Claimed, MODERATOR),
            (Status::Closed, MODERATOR),
        ] {
            let allow = of(status, role).allow;
            assert!(allow.contains(Permissions::SEND_MESSAGES | Permissions::MANAGE_MESSAGES));
        }
    }

    #[test]
    fn the_bot_grants_itself_nothing_that_only_administrators_can_grant() {
        assert!(
            !of(Status::Open, BOT_USER)
                .allow
                .contains(Permissions::MANAGE_ROLES)
        );
    }
}
