//! What requests leave behind: when a session was last seen, when a member last used the app, who has read which
//! ticket from where. All of it is merged in memory and written a moment later, so that no request waits for it or
//! fails because of it.

use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Duration};

use hazebot_core::{
    Outcome,
    ids::{Snowflake, UserId},
    store::{self, Store},
};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::sessions::{SeenFrom, TOKEN_LIFETIME};
use crate::net::Place;

/// How long "last seen" and "last used" may be behind.
const LATER: Duration = Duration::from_secs(30);
/// How long a proof may be unwritten: a restart within this time loses it until the next request.
const SOON: Duration = Duration::from_millis(200);
/// A repeated proof is written again only after this time, in milliseconds.
const PROOF_REFRESH: i64 = 30_000;
/// From another address than the one that proved itself, a join must follow within this time, in milliseconds.
const ELSEWHERE: i64 = 2 * 60_000;
/// Most entries of each kind in memory. Beyond, what is written already is dropped, then what is not.
const MAX_PENDING: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Proof {
    user: i64,
    subject: Arc<str>,
    place: Place,
}

#[derive(Clone, Copy, Debug)]
struct ProofTime {
    at: i64,
    written: Option<i64>,
}

#[derive(Debug, Default)]
struct Pending {
    seen: HashMap<Arc<str>, SeenFrom>,
    used: HashMap<i64, i64>,
    proofs: HashMap<Proof, ProofTime>,
}

/// The ledger. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Ledger(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    pending: Mutex<Pending>,
    soon: Notify,
    later: Notify,
}

impl Ledger {
    pub(crate) fn new(store: Store) -> Self {
        Self(Arc::new(Inner {
            store,
            pending: Mutex::default(),
            soon: Notify::new(),
            later: Notify::new(),
        }))
    }

    fn now(&self) -> i64 {
        self.0.store.clock().now_millis()
    }

    /// A session made a request.
    pub(crate) fn seen(&self, session: &Arc<str>, user: Option<UserId>, from: SeenFrom) {
        let mut pending = self.0.pending.lock();
        let idle = pending.seen.is_empty();
        if let Some(user) = user
            && (pending.used.len() < MAX_PENDING || pending.used.contains_key(&user.to_i64()))
        {
            pending.used.insert(user.to_i64(), from.at);
        }
        if pending.seen.len() < MAX_PENDING || pending.seen.contains_key(session) {
            pending.seen.insert(Arc::clone(session), from);
        }
        drop(pending);
        if idle {
            self.0.later.notify_one();
        }
    }

    /// A member has read a subject through an authenticated request.
    pub(crate) fn prove(&self, user: UserId, subject: &str, ip: IpAddr) {
        let proof = Proof {
            user: user.to_i64(),
            subject: subject.into(),
            place: ip.into(),
        };
        let now = self.now();
        let mut pending = self.0.pending.lock();
        if pending.proofs.len() >= MAX_PENDING && !pending.proofs.contains_key(&proof) {
            pending.proofs.retain(|_, time| time.written.is_none());
            if pending.proofs.len() >= MAX_PENDING {
                return;
            }
        }
        let entry = pending.proofs.entry(proof).or_insert(ProofTime {
            at: now,
            written: None,
        });
        entry.at = now;
        let due = entry.written.is_none_or(|written| now - written >= PROOF_REFRESH);
        if due {
            entry.written = None;
        }
        drop(pending);
        if due {
            self.0.soon.notify_one();
        }
    }

    /// Whether a member has read the subject: from this place within a token's lifetime, or from anywhere just now.
    pub(crate) async fn proves(&self, user: UserId, subject: &str, ip: IpAddr) -> Outcome<bool> {
        let (place, now) = (Place::from(ip), self.now());
        let holds = |from: &str, at: i64| {
            let age = now - at;
            age <= ELSEWHERE || (age <= TOKEN_LIFETIME && from == place.to_string())
        };
        let known = {
            let pending = self.0.pending.lock();
            let mut proofs = pending.proofs.iter();
            proofs.any(|(proof, time)| {
                proof.user == user.to_i64()
                    && *proof.subject == *subject
                    && holds(&proof.place.to_string(), time.at)
            })
        };
        if known {
            return Ok(true);
        }
        let mut reader = self.0.store.read().await?;
        let rows = store::fetch_all!(
            reader,
            (String, i64),
            "SELECT ip, at FROM room_grants WHERE user_id = $1 AND ticket_id = $2 AND at >= $3",
            user.to_i64(),
            subject,
            now - TOKEN_LIFETIME
        )?;
        Ok(rows.iter().any(|(from, at)| holds(from, *at)))
    }

    /// Forgets every proof of a member.
    pub(crate) async fn forget(&self, user: UserId) -> Outcome<()> {
        self.0
            .pending
            .lock()
            .proofs
            .retain(|proof, _| proof.user != user.to_i64());
        self.0
            .store
            .write(move |tx| {
                Box::pin(async move {
                    store::execute!(tx, "DELETE FROM room_grants WHERE user_id = $1", user.to_i64())?;
                    Ok(())
                })
            })
            .await
    }

    /// Writes what is pending. On an error it stays pending.
    pub(crate) async fn flush(&self) -> Outcome<()> {
        let (seen, used, proofs) = {
            let mut pending = self.0.pending.lock();
            let proofs: Vec<(Proof, i64)> = pending
                .proofs
                .iter_mut()
                .filter(|(_, time)| time.written.is_none())
                .map(|(proof, time)| {
                    time.written = Some(time.at);
                    (proof.clone(), time.at)
                })
                .collect();
            (
                std::mem::take(&mut pending.seen),
                std::mem::take(&mut pending.used),
                proofs,
            )
        };
        if seen.is_empty() && used.is_empty() && proofs.is_empty() {
            return Ok(());
        }
        let back = (seen.clone(), used.clone(), proofs.clone());
        let written = self
            .0
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for (id, from) in &seen {
                        store::execute!(
                            tx,
                            "UPDATE sessions SET last_seen_at = $1, ip = $2, device = $3, platform = $4, \
                             app_version = $5, user_agent = $6 WHERE id = $7",
                            from.at,
                            from.ip.as_str(),
                            from.device.as_str(),
                            from.platform.as_str(),
                            from.app_version.as_str(),
                            from.user_agent.as_str(),
                            &**id
                        )?;
                    }
                    let used: Vec<(i64, i64)> = used.into_iter().collect();
                    store::insert_rows!(
                        tx,
                        "INSERT INTO app_usage (user_id, at) ",
                        &used,
                        |tuple, row| {
                            tuple.push_bind(row.0).push_bind(row.1);
                        },
                        " ON CONFLICT (user_id) DO UPDATE SET at = excluded.at"
                    )?;
                    store::insert_rows!(
                        tx,
                        "INSERT INTO room_grants (user_id, ticket_id, ip, at) ",
                        &proofs,
                        |tuple, row| {
                            let (proof, at) = row;
                            tuple.push_bind(proof.user).push_bind(proof.subject.to_string());
                            tuple.push_bind(proof.place.to_string()).push_bind(*at);
                        },
                        " ON CONFLICT (user_id, ticket_id, ip) DO UPDATE SET at = excluded.at"
                    )?;
                    Ok(())
                })
            })
            .await;
        if written.is_err() {
            let mut pending = self.0.pending.lock();
            for (id, from) in back.0 {
                pending.seen.entry(id).or_insert(from);
            }
            for (user, at) in back.1 {
                pending.used.entry(user).or_insert(at);
            }
            for (proof, at) in back.2 {
                pending
                    .proofs
                    .entry(proof)
                    .or_insert(ProofTime { at, written: None })
                    .written = None;
            }
        }
        written
    }

    /// Forgets proofs that are too old to count.
    pub(crate) async fn prune(&self) -> Outcome<()> {
        self.0
            .store
            .write(|tx| {
                Box::pin(async move {
                    let oldest = tx.now_millis() - TOKEN_LIFETIME;
                    store::execute!(tx, "DELETE FROM room_grants WHERE at < $1", oldest)?;
                    Ok(())
                })
            })
            .await
    }

    /// Writes whenever there is something, until told to stop; then a last time.
    pub(crate) async fn keep(self, stop: CancellationToken) {
        let inner = &self.0;
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = inner.soon.notified() => pause(SOON, &stop).await,
                () = inner.later.notified() => tokio::select! {
                    () = inner.soon.notified() => pause(SOON, &stop).await,
                    () = pause(LATER, &stop) => {}
                },
            }
            if let Err(error) = self.flush().await {
                tracing::warn!(%error, "sessions were not written; tried again with the next request");
            }
        }
    }
}

async fn pause(time: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = stop.cancelled() => {}
    }
}
