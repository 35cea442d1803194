//! Proof of having read a subject: what lets a client that can send no token on its socket into the subject's room.

use std::net::IpAddr;

use hazebot_core::{Outcome, ids::UserId};

use crate::{auth::ledger::Ledger, caller::Caller};

/// Records and looks up proofs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Grants(Ledger);

impl Grants {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self(ledger)
    }

    /// An authenticated request of this caller for the subject (a ticket's id) has succeeded. Written a moment later.
    pub fn record(&self, caller: &Caller, subject: &str) {
        if let Some(user) = caller.discord_id() {
            self.0.prove(user, subject, caller.ip());
        }
    }

    /// Whether the member has read the subject from this place within a token's lifetime, or from anywhere in the last
    /// two minutes.
    ///
    /// # Errors
    /// The database is away.
    pub async fn proves(&self, user: UserId, subject: &str, ip: IpAddr) -> Outcome<bool> {
        self.0.proves(user, subject, ip).await
    }
}
