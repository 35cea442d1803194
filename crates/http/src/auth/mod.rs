//! Who somebody is: token, session row and, on every request, the roles that the member has now.

pub(crate) mod accounts;
pub(crate) mod discord_routes;
pub(crate) mod issue;
pub(crate) mod ledger;
pub(crate) mod oauth;
#[cfg(test)]
mod oauth_tests;
pub(crate) mod routes;
pub(crate) mod session_routes;
#[cfg(test)]
mod session_tests;
pub(crate) mod sessions;
mod standing;
#[cfg(test)]
mod tests;
pub(crate) mod token;

use std::{
    net::IpAddr,
    sync::{Arc, atomic::AtomicI64},
};

use hazebot_core::{
    Clock, Entropy, Outcome, SharedDirectory,
    directory::StaffRoles,
    env::ApiEnv,
    ids::{GuildId, Snowflake, UserId},
    store::Store,
};
use http::{HeaderMap, header};
use sha2::{Digest, Sha256};

pub use self::sessions::SessionRow;
use self::{
    accounts::Accounts,
    ledger::Ledger,
    sessions::{ABSOLUTE, GRACE, NewSession, SeenFrom, Session, Sessions, TOKEN_LIFETIME},
    token::{Claims, TokenProblem, Tokens, bearer},
};
use crate::{
    caller::{Caller, CallerData, Identity, Role},
    client::ClientDescription,
    error::ApiError,
};

/// Gives the two staff roles of a guild from its settings.
pub type StaffSource = Arc<dyn Fn(GuildId) -> StaffRoles + Send + Sync>;

/// The user name of monitoring tokens.
pub(crate) const MONITOR: &str = "uptime_kuma_monitor";

impl From<TokenProblem> for ApiError {
    fn from(problem: TokenProblem) -> Self {
        Self::unauthorized(problem.to_string())
    }
}

/// Authentication. Cheap to clone.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

struct Inner {
    home: GuildId,
    directory: SharedDirectory,
    staff_roles: StaffSource,
    clock: Clock,
    entropy: Entropy,
    tokens: Tokens,
    accounts: Accounts,
    sessions: Sessions,
    ledger: Ledger,
    /// When the directory was first seen to know the home guild, Unix milliseconds; 0 is not yet.
    known_since: AtomicI64,
}

impl Auth {
    pub(crate) fn new(
        home: GuildId,
        directory: SharedDirectory,
        staff_roles: StaffSource,
        api: &ApiEnv,
        store: Store,
    ) -> Self {
        let (clock, entropy) = (store.clock().clone(), store.entropy().clone());
        Self(Arc::new(Inner {
            home,
            directory,
            staff_roles,
            tokens: Tokens::new(&api.secret_key, clock.clone()),
            clock,
            entropy,
            accounts: Accounts::new(&api.logins),
            sessions: Sessions::new(store.clone()),
            ledger: Ledger::new(store),
            known_since: AtomicI64::new(0),
        }))
    }

    pub(crate) fn home(&self) -> GuildId {
        self.0.home
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// The caller of a request.
    ///
    /// # Errors
    /// 401 with the word of the contract; 500 if the session could not be looked up.
    pub async fn authenticate(
        &self,
        headers: &HeaderMap,
        ip: IpAddr,
        endpoint: &str,
    ) -> Result<Caller, ApiError> {
        let token = bearer(headers.get(header::AUTHORIZATION))?;
        let client = ClientDescription::of(headers, endpoint);
        self.caller(token, ip, &client, 0).await
    }

    /// The caller that a bare token names, for sockets.
    ///
    /// # Errors
    /// As [`Auth::authenticate`].
    pub async fn authenticate_token(&self, token: &str, ip: IpAddr) -> Result<Caller, ApiError> {
        self.caller(token, ip, &ClientDescription::default(), 0).await
    }

    /// As [`Auth::authenticate`], for refreshing: a token that expired at most thirty days ago is accepted.
    pub(crate) async fn authenticate_expired(
        &self,
        headers: &HeaderMap,
        ip: IpAddr,
    ) -> Result<Caller, ApiError> {
        let token = bearer(headers.get(header::AUTHORIZATION))?;
        self.caller(token, ip, &ClientDescription::of(headers, ""), GRACE / 1_000)
            .await
    }

    async fn caller(
        &self,
        token: &str,
        ip: IpAddr,
        client: &ClientDescription,
        grace: i64,
    ) -> Result<Caller, ApiError> {
        let claims = self.0.tokens.verify(token, grace)?;
        let identity = identity_of(&claims).ok_or(TokenProblem::Invalid)?;
        let (id, session) = self.session_of(token, &claims, &identity, ip, client).await?;
        if session.is_revoked() || session.identity != identity {
            return Err(TokenProblem::Invalid.into());
        }
        let now = self.0.clock.now_millis();
        if session.absolute_expires_at <= now {
            return Err(TokenProblem::Expired.into());
        }
        let role = self.role_now(&identity, &claims).ok_or(TokenProblem::Invalid)?;
        self.0
            .ledger
            .seen(&id, discord(&identity), seen_from(client, ip, now));
        Ok(Caller::new(CallerData {
            guild: self.0.home,
            identity,
            username: claims.user,
            role,
            claimed_role_name: claims.role_name,
            client_session: client.session.clone().unwrap_or_else(|| id.to_string()),
            session: id,
            ip,
            expires_at: claims.exp.saturating_mul(1_000),
        }))
    }

    /// The session of a token. One of the Python version gets its row now; one of ours must have it.
    async fn session_of(
        &self,
        token: &str,
        claims: &Claims,
        identity: &Identity,
        ip: IpAddr,
        client: &ClientDescription,
    ) -> Result<(Arc<str>, Arc<Session>), ApiError> {
        let sessions = &self.0.sessions;
        if claims.iat.is_some() {
            let session = sessions
                .get(&claims.session_id)
                .await?
                .ok_or(TokenProblem::Invalid)?;
            return Ok((claims.session_id.as_str().into(), session));
        }
        let id = adopted_id(token);
        if let Some(session) = sessions.get(&id).await? {
            return Ok((id, session));
        }
        let lifetime = if *identity == Identity::Monitor {
            ABSOLUTE
        } else {
            TOKEN_LIFETIME
        };
        let (now, expires_at) = (self.0.clock.now_millis(), claims.exp.saturating_mul(1_000));
        let created_at = (expires_at - lifetime).min(now);
        let role = Role::parse(&claims.role).ok_or(TokenProblem::Invalid)?;
        let new = NewSession {
            id: Arc::clone(&id),
            identity: identity.clone(),
            username: claims.user.clone(),
            role: role.as_str(),
            role_name: claims.role_name.clone(),
            permissions: role.permissions().join(","),
            created_at,
            expires_at,
            absolute_expires_at: created_at + ABSOLUTE,
            client: seen_from(client, ip, now),
        };
        sessions.open(new, None).await?;
        let session = sessions
            .get(&id)
            .await?
            .ok_or_else(|| ApiError::internal("an adopted session is gone"))?;
        Ok((id, session))
    }

    /// Ends a session at once.
    ///
    /// # Errors
    /// The database did not store it; then the session is still alive.
    pub async fn revoke(&self, session: &str) -> Outcome<bool> {
        self.0.sessions.revoke(session).await
    }

    /// A member has left, or was banned: all sessions end, and no join is granted on old proofs.
    ///
    /// # Errors
    /// The database did not store it.
    pub async fn member_left(&self, user: UserId) -> Outcome<u64> {
        let ended = self.0.sessions.revoke_user(user).await?;
        self.0.ledger.forget(user).await?;
        Ok(ended)
    }

    /// Sessions that can be used, newest first, of one account or of all.
    ///
    /// # Errors
    /// The database is away.
    pub async fn sessions(&self, of: Option<&Identity>, limit: u32) -> Outcome<Vec<SessionRow>> {
        self.0.sessions.list(of, i64::from(limit)).await
    }

    /// Forgets sessions and proofs that are long over; once a day is enough.
    ///
    /// # Errors
    /// The database is away.
    pub async fn prune(&self) -> Outcome<()> {
        self.0.sessions.prune().await?;
        self.0.ledger.prune().await
    }
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auth")
            .field("home", &self.0.home)
            .finish_non_exhaustive()
    }
}

fn discord(identity: &Identity) -> Option<UserId> {
    match identity {
        Identity::Discord(user) => Some(*user),
        _ => None,
    }
}

/// Whom the claims name. `refreshed` is what the Python version made of every other kind on a refresh.
fn identity_of(claims: &Claims) -> Option<Identity> {
    match claims.auth_type.as_str() {
        "discord" | "refreshed" if UserId::parse(&claims.discord_id).is_some() => {
            UserId::parse(&claims.discord_id).map(Identity::Discord)
        }
        "legacy" | "refreshed" if claims.discord_id == "legacy_user" => {
            Some(Identity::Login(claims.user.as_str().into()))
        }
        "monitoring" | "refreshed" if claims.discord_id == "monitoring_service" => Some(Identity::Monitor),
        _ => None,
    }
}

/// The session id of a token of the Python version: of the token itself, since its own session id came from a header
/// and may be shared.
fn adopted_id(token: &str) -> Arc<str> {
    let digest = Sha256::digest(token.as_bytes());
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    hex.into()
}

pub(crate) fn seen_from(client: &ClientDescription, ip: IpAddr, at: i64) -> SeenFrom {
    SeenFrom {
        at,
        ip: ip.to_string(),
        device: client.device.clone(),
        platform: client.platform.clone(),
        app_version: client.app_version.clone(),
        user_agent: client.user_agent.clone(),
    }
}
