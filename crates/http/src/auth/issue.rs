//! Opening sessions and signing tokens.

use std::sync::Arc;

use hazebot_core::{Actor, ids::UserId};
use http::StatusCode;

use super::{
    Auth,
    sessions::{ABSOLUTE, NewSession, SeenFrom, TOKEN_LIFETIME},
    token::{NewClaims, TokenProblem},
};
use crate::{
    caller::{Caller, Identity, Role},
    error::ApiError,
};

/// A fresh token.
pub(crate) struct SignedIn {
    pub(crate) token: String,
    /// Unix milliseconds.
    pub(crate) expires_at: i64,
}

impl Auth {
    /// Opens a session and signs its first token.
    pub(crate) async fn sign_in(
        &self,
        identity: Identity,
        username: &str,
        role: Role,
        client: SeenFrom,
    ) -> Result<SignedIn, ApiError> {
        let now = self.0.clock.now_millis();
        let monitor = identity == Identity::Monitor;
        let expires_at = now + if monitor { ABSOLUTE } else { TOKEN_LIFETIME };
        let id = self.0.entropy.hex(32);
        let id: Arc<str> = if monitor {
            format!("monitoring_{id}").into()
        } else {
            id.into()
        };
        let role_name = matches!(identity, Identity::Discord(_))
            .then(|| self.role_name(role))
            .flatten();
        let token = self.sign(&identity, username, role, role_name.as_deref(), &id, expires_at)?;
        let actor = match &identity {
            Identity::Discord(user) => Actor::Member {
                guild: self.0.home,
                user: *user,
                name: username.to_owned(),
            },
            Identity::Login(_) | Identity::Monitor => Actor::Login {
                name: username.to_owned(),
            },
        };
        let new = NewSession {
            id,
            identity,
            username: username.to_owned(),
            role: role.as_str(),
            role_name,
            permissions: role.permissions().join(","),
            created_at: now,
            expires_at,
            absolute_expires_at: now + ABSOLUTE,
            client: SeenFrom { at: now, ..client },
        };
        self.0.sessions.open(new, Some((self.0.home, actor))).await?;
        Ok(SignedIn { token, expires_at })
    }

    /// Opens a session for a member without a browser: for the demo and for tests, which know who they are.
    ///
    /// # Errors
    /// 403 for somebody who is not in the guild; the database.
    pub async fn token_of_member(&self, user: UserId) -> Result<String, ApiError> {
        let (Some(member), Some(role)) = (self.member(user), self.role_of_member(user)) else {
            return Err(ApiError::new(
                StatusCode::FORBIDDEN,
                "User is not a member of the guild",
            ));
        };
        let identity = Identity::Discord(user);
        Ok(self
            .sign_in(identity, &member.username, role, SeenFrom::default())
            .await?
            .token)
    }

    /// A new token of the caller's session, with the rights of now.
    pub(crate) async fn refresh(&self, caller: &Caller) -> Result<SignedIn, ApiError> {
        let id = caller.session();
        let session = self.0.sessions.get(id).await?.ok_or(TokenProblem::Invalid)?;
        let expires_at = (self.0.clock.now_millis() + TOKEN_LIFETIME).min(session.absolute_expires_at);
        let (role, role_name) = (caller.role(), self.role_name_of(caller));
        let name = caller.username();
        let token = self.sign(
            caller.identity(),
            name,
            role,
            role_name.as_deref(),
            id,
            expires_at,
        )?;
        self.0.sessions.extend(id, expires_at).await?;
        Ok(SignedIn { token, expires_at })
    }

    fn sign(
        &self,
        identity: &Identity,
        username: &str,
        role: Role,
        role_name: Option<&str>,
        session: &str,
        expires_at: i64,
    ) -> Result<String, ApiError> {
        let claims = NewClaims {
            user: username,
            discord_id: identity.wire_id(),
            exp: expires_at / 1_000,
            role: role.as_str(),
            role_name,
            permissions: role.permissions(),
            auth_type: identity.auth_type(),
            session_id: session,
        };
        self.0.tokens.issue(&claims).map_err(ApiError::internal)
    }
}
