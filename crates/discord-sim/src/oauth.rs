//! OAuth2: grants that users gave to applications
//! (<https://discord.com/developers/docs/topics/oauth2>).

use std::collections::HashMap;

use base64::Engine as _;
use sha2::{Digest, Sha256};

use crate::clock::Millis;
use crate::id::Id;

/// A code must be exchanged within this time (Discord does not tell its own; RFC 6749 advises ten minutes).
const CODE_LIFE: Millis = 10 * 60 * 1000;
/// An access token works for seven days.
pub(crate) const TOKEN_LIFE: Millis = 7 * 24 * 3600 * 1000;
/// Grants kept; the oldest are forgotten.
const MOST_GRANTS: usize = 1000;

/// What a user granted to an application.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) application: Id,
    pub(crate) user: Id,
    pub(crate) scopes: Vec<String>,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) expires: Millis,
}

/// A grant that waits for its code to be exchanged.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) application: Id,
    pub(crate) user: Id,
    pub(crate) scopes: Vec<String>,
    pub(crate) redirect_uri: String,
    /// PKCE's `code_challenge` and its method.
    pub(crate) challenge: Option<(String, String)>,
    pub(crate) made: Millis,
}

/// All grants and codes.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    pending: HashMap<String, Pending>,
    grants: Vec<Grant>,
}

impl Grants {
    /// Remembers a code.
    pub(crate) fn keep_code(&mut self, code: String, pending: Pending) {
        let oldest = pending.made - CODE_LIFE;
        self.pending.retain(|_, p| p.made >= oldest);
        if self.pending.len() < MOST_GRANTS {
            self.pending.insert(code, pending);
        }
    }

    /// Takes a code; it works once, for its redirect address, with its PKCE verifier.
    pub(crate) fn take_code(
        &mut self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
        now: Millis,
    ) -> Option<Pending> {
        let pending = self.pending.remove(code)?;
        let in_time = now - pending.made <= CODE_LIFE;
        let proven = match (&pending.challenge, verifier) {
            (None, _) => true,
            (Some((challenge, method)), Some(verifier)) => *challenge == challenge_of(verifier, method),
            (Some(_), None) => false,
        };
        (in_time && proven && pending.redirect_uri == redirect_uri).then_some(pending)
    }

    /// Remembers a grant.
    pub(crate) fn keep(&mut self, grant: Grant) {
        self.grants.push(grant);
        if self.grants.len() > MOST_GRANTS {
            self.grants.remove(0);
        }
    }

    /// The grant of a token that has not run out.
    pub(crate) fn by_access_token(&self, token: &str, now: Millis) -> Option<&Grant> {
        self.grants
            .iter()
            .find(|g| g.access_token == token && g.expires > now)
    }

    /// All access tokens run out; refresh tokens still work.
    pub(crate) fn expire_all(&mut self) {
        for grant in &mut self.grants {
            grant.expires = 0;
        }
    }

    /// Takes the grant of a refresh token, to be replaced.
    pub(crate) fn take_refresh(&mut self, application: Id, token: &str) -> Option<Grant> {
        let at = self
            .grants
            .iter()
            .position(|g| g.application == application && g.refresh_token == token)?;
        Some(self.grants.swap_remove(at))
    }

    /// Forgets the grant of either token.
    pub(crate) fn revoke(&mut self, application: Id, token: &str) {
        self.grants.retain(|g| {
            g.application != application || (g.access_token != token && g.refresh_token != token)
        });
    }
}

fn challenge_of(verifier: &str, method: &str) -> String {
    if method.eq_ignore_ascii_case("plain") {
        return verifier.to_owned();
    }
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(challenge: Option<(&str, &str)>) -> Pending {
        Pending {
            application: Id::new(1),
            user: Id::new(2),
            scopes: vec!["identify".to_owned()],
            redirect_uri: "http://localhost/cb".to_owned(),
            challenge: challenge.map(|(c, m)| (c.to_owned(), m.to_owned())),
            made: 0,
        }
    }

    #[test]
    fn a_code_works_once() {
        let mut grants = Grants::default();
        grants.keep_code("c".to_owned(), pending(None));
        assert!(grants.take_code("c", "http://localhost/cb", None, 1).is_some());
        assert!(grants.take_code("c", "http://localhost/cb", None, 1).is_none());
    }

    #[test]
    fn a_challenge_wants_its_verifier() {
        // Example of RFC 7636, appendix B.
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        for (given, works) in [(Some(verifier), true), (Some("wrong"), false), (None, false)] {
            let mut grants = Grants::default();
            grants.keep_code("c".to_owned(), pending(Some((challenge, "S256"))));
            assert_eq!(
                grants.take_code("c", "http://localhost/cb", given, 1).is_some(),
                works
            );
        }
    }
}
