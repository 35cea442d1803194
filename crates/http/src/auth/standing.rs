//! What somebody may do now: by the roles in the directory, and by the token's claims only while the home guild has not
//! arrived over the gateway.

use std::sync::atomic::Ordering;

use hazebot_core::{
    directory::{Member, StaffRoles, rights_of},
    ids::{RoleId, UserId},
};

use super::{Auth, token::Claims};
use crate::caller::{Caller, Identity, Role};

/// How long after the guild arrived a member who is not in the directory counts as one who has not arrived yet, in
/// milliseconds: large guilds send their members in pieces.
const SETTLING: i64 = 2 * 60_000;

/// What the directory says of an account.
enum Live {
    /// A member, with the role of now.
    Member(Role),
    /// Not there, though the guild arrived a moment ago: perhaps still to come.
    NotYet,
    /// Not a member.
    Left,
    /// The guild has not arrived.
    NotReady,
}

impl Auth {
    /// The role of an account now; nothing if it has left, or is a login that is configured no more.
    pub(super) fn role_now(&self, identity: &Identity, claims: &Claims) -> Option<Role> {
        match identity {
            Identity::Monitor => Some(Role::Monitoring),
            Identity::Login(name) => self.0.accounts.knows(name).then_some(Role::Admin),
            Identity::Discord(user) => match self.live(*user) {
                Live::Member(role) => Some(role),
                // whoever it is, a member without a staff role may do no harm
                Live::NotYet => Some(Role::Member),
                Live::Left => None,
                Live::NotReady => Role::parse(&claims.role).filter(|role| *role != Role::Monitoring),
            },
        }
    }

    fn live(&self, user: UserId) -> Live {
        let inner = &self.0;
        if !inner.directory.knows(inner.home) {
            return Live::NotReady;
        }
        let now = inner.clock.now_millis();
        let since = match inner.known_since.load(Ordering::Relaxed) {
            0 => {
                inner.known_since.store(now, Ordering::Relaxed);
                now
            }
            since => since,
        };
        match Role::of(rights_of(&*inner.directory, self.staff_roles(), inner.home, user)) {
            Some(role) => Live::Member(role),
            None if now - since < SETTLING => Live::NotYet,
            None => Live::Left,
        }
    }

    /// Whether the gateway has yet to tell what this account may do: shortly after a start.
    pub(crate) fn is_waited_for(&self, user: UserId) -> bool {
        matches!(self.live(user), Live::NotReady | Live::NotYet)
    }

    /// The role of a member whom the directory knows.
    pub(crate) fn role_of_member(&self, user: UserId) -> Option<Role> {
        match self.live(user) {
            Live::Member(role) => Some(role),
            Live::NotYet | Live::Left | Live::NotReady => None,
        }
    }

    pub(crate) fn staff_roles(&self) -> StaffRoles {
        (self.0.staff_roles)(self.0.home)
    }

    pub(crate) fn member(&self, user: UserId) -> Option<Member> {
        self.0.directory.member(self.0.home, user)
    }

    /// The name on Discord of the role that makes somebody staff.
    pub(crate) fn role_name(&self, role: Role) -> Option<String> {
        let roles = self.staff_roles();
        let id: RoleId = match role {
            Role::Admin => roles.admin?,
            Role::Mod => roles.moderator?,
            Role::Member | Role::Monitoring => return None,
        };
        let role = self
            .0
            .directory
            .roles(self.0.home)
            .into_iter()
            .find(|role| role.id == id);
        role.map(|role| role.name)
    }

    /// The name of a caller's staff role; of the token while the guild has not arrived.
    pub(crate) fn role_name_of(&self, caller: &Caller) -> Option<String> {
        caller.discord_id()?;
        if self.0.directory.knows(self.0.home) {
            self.role_name(caller.role())
        } else {
            caller.claimed_role_name().map(str::to_owned)
        }
    }
}
