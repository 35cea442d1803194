//! Session rows: what makes a token revocable. They belong to the installation, not to a guild. A session is read from
//! the database at most once a minute and otherwise found in memory; when it was last seen is written merged.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use hazebot_core::{
    Actor, Outcome,
    audit::Audit,
    ids::{GuildId, Snowflake, UserId},
    store::{self, Store},
};
use moka::future::Cache;

use crate::caller::Identity;

/// Sessions kept in memory; more are read anew when they are used.
const CACHED: u64 = 10_000;
/// After this time a session is read again, so that what another process revoked is noticed.
const FRESH: Duration = Duration::from_secs(60);
/// How long an expired token can still be refreshed, in milliseconds.
pub(crate) const GRACE: i64 = 30 * DAY;
/// A session ends for good this long after its sign-in, in milliseconds.
pub(crate) const ABSOLUTE: i64 = 90 * DAY;
/// A token's lifetime in milliseconds.
pub(crate) const TOKEN_LIFETIME: i64 = 7 * DAY;
/// A day in milliseconds.
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A session as requests need it.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) identity: Identity,
    pub(crate) absolute_expires_at: i64,
    revoked: AtomicBool,
}

impl Session {
    pub(crate) fn is_revoked(&self) -> bool {
        self.revoked.load(Ordering::Acquire)
    }
}

/// A session to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    pub(crate) id: Arc<str>,
    pub(crate) identity: Identity,
    pub(crate) username: String,
    pub(crate) role: &'static str,
    pub(crate) role_name: Option<String>,
    pub(crate) permissions: String,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) absolute_expires_at: i64,
    pub(crate) client: SeenFrom,
}

/// What the last request of a session said of its client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SeenFrom {
    pub(crate) at: i64,
    pub(crate) ip: String,
    pub(crate) device: String,
    pub(crate) platform: String,
    pub(crate) app_version: String,
    pub(crate) user_agent: String,
}

/// A session for a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// The Discord account, if it has one.
    pub user_id: Option<i64>,
    /// The password login, if it is one.
    pub login: Option<String>,
    /// Name at sign-in.
    pub username: String,
    /// Role at sign-in.
    pub role: String,
    /// `discord`, `legacy` or `monitoring`.
    pub auth_type: String,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Unix milliseconds.
    pub last_seen_at: i64,
    /// Unix milliseconds, of its newest token.
    pub expires_at: i64,
    /// Unix milliseconds.
    pub absolute_expires_at: i64,
    /// Address of the last request.
    pub ip: Option<String>,
    /// Device of the last request.
    pub device: Option<String>,
    /// Platform of the last request.
    pub platform: Option<String>,
    /// Version of the app at the last request.
    pub app_version: Option<String>,
}

#[derive(sqlx::FromRow)]
struct CoreRow {
    user_id: Option<i64>,
    login: Option<String>,
    absolute_expires_at: i64,
    revoked_at: Option<i64>,
}

/// All sessions. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    store: Store,
    /// Counts revocations, so that a read that overlaps one is made again.
    revocations: Arc<AtomicU64>,
    cache: Cache<Arc<str>, Arc<Session>>,
}

impl Sessions {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            revocations: Arc::default(),
            cache: Cache::builder().max_capacity(CACHED).time_to_live(FRESH).build(),
        }
    }

    /// The session of this id, revoked ones too; nothing if there never was one, or it is long over.
    pub(crate) async fn get(&self, id: &str) -> Outcome<Option<Arc<Session>>> {
        if let Some(found) = self.cache.get(id).await {
            return Ok(Some(found));
        }
        loop {
            let before = self.revocations.load(Ordering::Acquire);
            let Some(session) = self.read(id).await? else {
                return Ok(None);
            };
            // of two that read at the same time the first is kept, so that a revocation marks the one that is used
            let kept = self.cache.entry(id.into()).or_insert(session).await.into_value();
            if self.revocations.load(Ordering::Acquire) == before {
                return Ok(Some(kept));
            }
            // what was read may be older than a revocation that did not find it in memory
            self.cache.invalidate(id).await;
        }
    }

    async fn read(&self, id: &str) -> Outcome<Option<Arc<Session>>> {
        let mut reader = self.store.read().await?;
        let row = store::fetch_optional!(
            reader,
            CoreRow,
            "SELECT user_id, login, absolute_expires_at, revoked_at FROM sessions WHERE id = $1",
            id
        )?;
        Ok(row.map(|row| {
            let identity = match (row.user_id.and_then(UserId::from_i64), row.login) {
                (Some(user), _) => Identity::Discord(user),
                (None, Some(login)) => Identity::Login(login.into()),
                (None, None) => Identity::Monitor,
            };
            Arc::new(Session {
                identity,
                absolute_expires_at: row.absolute_expires_at,
                revoked: AtomicBool::new(row.revoked_at.is_some()),
            })
        }))
    }

    /// Stores a session, with a row of the audit log if it is a sign-in. One of the same id stays as it is: two requests
    /// may adopt the same old token at once.
    pub(crate) async fn open(&self, new: NewSession, sign_in: Option<(GuildId, Actor)>) -> Outcome<()> {
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let (user, login) = match &new.identity {
                        Identity::Discord(user) => (Some(user.to_i64()), None),
                        Identity::Login(name) => (None, Some(name.to_string())),
                        Identity::Monitor => (None, None),
                    };
                    store::execute!(
                        tx,
                        "INSERT INTO sessions (id, user_id, login, username, role, role_name, permissions, auth_type, \
                         created_at, last_seen_at, expires_at, absolute_expires_at, ip, device, platform, app_version, \
                         user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
                         ON CONFLICT (id) DO NOTHING",
                        &*new.id,
                        user,
                        login.as_deref(),
                        new.username.as_str(),
                        new.role,
                        new.role_name.as_deref().unwrap_or_default(),
                        new.permissions.as_str(),
                        new.identity.auth_type(),
                        new.created_at,
                        new.client.at,
                        new.expires_at,
                        new.absolute_expires_at,
                        new.client.ip.as_str(),
                        new.client.device.as_str(),
                        new.client.platform.as_str(),
                        new.client.app_version.as_str(),
                        new.client.user_agent.as_str(),
                    )?;
                    if let Some((guild, actor)) = sign_in {
                        let after = serde_json::json!({"role": new.role, "kind": new.identity.auth_type()});
                        let entry = Audit::new(&actor, "auth.sign_in").guild(guild).target(&*new.id).after(after);
                        tx.audit(entry).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// A newer token of the session was issued.
    pub(crate) async fn extend(&self, id: &str, expires_at: i64) -> Outcome<()> {
        let id = id.to_owned();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    store::execute!(
                        tx,
                        "UPDATE sessions SET expires_at = $1 WHERE id = $2",
                        expires_at,
                        id
                    )?;
                    Ok(())
                })
            })
            .await
    }

    /// Ends a session; tells whether it was alive.
    pub(crate) async fn revoke(&self, id: &str) -> Outcome<bool> {
        let key = id.to_owned();
        let revoked = self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let now = tx.now_millis();
                    Ok(store::execute!(
                        tx,
                        "UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL",
                        now,
                        key
                    )?)
                })
            })
            .await?;
        self.revocations.fetch_add(1, Ordering::AcqRel);
        if let Some(session) = self.cache.get(id).await {
            session.revoked.store(true, Ordering::Release);
        }
        Ok(revoked > 0)
    }

    /// Ends all sessions of a member; tells how many there were.
    pub(crate) async fn revoke_user(&self, user: UserId) -> Outcome<u64> {
        let revoked = self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let now = tx.now_millis();
                    Ok(store::execute!(
                        tx,
                        "UPDATE sessions SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL",
                        now,
                        user.to_i64()
                    )?)
                })
            })
            .await?;
        self.revocations.fetch_add(1, Ordering::AcqRel);
        for (_, session) in &self.cache {
            if session.identity == Identity::Discord(user) {
                session.revoked.store(true, Ordering::Release);
            }
        }
        Ok(revoked)
    }

    /// Sessions that can still be used, newest first; of one account, or all.
    pub(crate) async fn list(&self, of: Option<&Identity>, limit: i64) -> Outcome<Vec<SessionRow>> {
        let now = self.store.clock().now_millis();
        let (user, login) = match of {
            Some(Identity::Discord(user)) => (Some(user.to_i64()), None),
            Some(Identity::Login(name)) => (None, Some(name.to_string())),
            Some(Identity::Monitor) => return Ok(Vec::new()),
            None => (None, None),
        };
        let everybody = of.is_none();
        let mut reader = self.store.read().await?;
        Ok(store::fetch_all!(
            reader,
            SessionRow,
            "SELECT id, user_id, login, username, role, auth_type, created_at, last_seen_at, expires_at, \
             absolute_expires_at, ip, device, platform, app_version FROM sessions \
             WHERE revoked_at IS NULL AND expires_at > $1 AND absolute_expires_at > $2 \
             AND ($3 OR user_id = $4 OR login = $5) ORDER BY last_seen_at DESC LIMIT $6",
            now - GRACE,
            now,
            everybody,
            user,
            login,
            limit
        )?)
    }

    /// Forgets what can't be used any more.
    pub(crate) async fn prune(&self) -> Outcome<u64> {
        self.store
            .write(|tx| {
                Box::pin(async move {
                    let now = tx.now_millis();
                    Ok(store::execute!(
                        tx,
                        "DELETE FROM sessions WHERE absolute_expires_at < $1 OR expires_at < $2",
                        now,
                        now - GRACE - DAY
                    )?)
                })
            })
            .await
    }
}
