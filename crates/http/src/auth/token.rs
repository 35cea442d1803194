//! The JWT: HS256 with the installation's key. Tokens of the Python version stay valid: they have the same key and all
//! of its claims, and no `iat`.

use std::fmt;

use hazebot_core::Clock;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    errors::{Error, ErrorKind},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// Why a token is not accepted; the word is the body's `error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenProblem {
    /// No `Authorization` header, or an empty one.
    #[error("Token is missing")]
    Missing,
    /// Not a token of ours.
    #[error("token_invalid")]
    Invalid,
    /// Its time is over.
    #[error("token_expired")]
    Expired,
}

/// What a token says. All claims of the Python version, which are all required, and `iat`, which only ours have.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) user: String,
    pub(crate) discord_id: String,
    /// Unix seconds.
    pub(crate) exp: i64,
    pub(crate) role: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) role_name: Option<String>,
    pub(crate) permissions: Vec<String>,
    pub(crate) auth_type: String,
    pub(crate) session_id: String,
    /// Unix seconds; the mark of a token whose session is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) iat: Option<i64>,
    #[serde(default, skip_serializing)]
    nbf: Option<i64>,
    #[serde(default, skip_serializing)]
    #[expect(dead_code, reason = "reading it checks its type")]
    sub: Option<String>,
    #[serde(default, skip_serializing)]
    aud: Option<serde::de::IgnoredAny>,
}

/// Only what decides whether a token is expired, for tokens without the claims of [`Claims`].
#[derive(Deserialize)]
struct Expiry {
    exp: i64,
}

/// Signs and verifies.
pub(crate) struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    clock: Clock,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

/// The claims of a new token, without what the library's checks look at.
pub(crate) struct NewClaims<'a> {
    pub(crate) user: &'a str,
    pub(crate) discord_id: String,
    pub(crate) exp: i64,
    pub(crate) role: &'a str,
    pub(crate) role_name: Option<&'a str>,
    pub(crate) permissions: &'a [&'a str],
    pub(crate) auth_type: &'a str,
    pub(crate) session_id: &'a str,
}

impl Tokens {
    pub(crate) fn new(key: &SecretString, clock: Clock) -> Self {
        let key = key.expose_secret().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        // times are checked here, against the program's clock; `aud` likewise, because any one is refused
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            validation,
            clock,
        }
    }

    /// Signs a token.
    pub(crate) fn issue(&self, new: &NewClaims<'_>) -> Result<String, Error> {
        let claims = Claims {
            user: new.user.to_owned(),
            discord_id: new.discord_id.clone(),
            exp: new.exp,
            role: new.role.to_owned(),
            role_name: new.role_name.map(str::to_owned),
            permissions: new.permissions.iter().map(|name| (*name).to_owned()).collect(),
            auth_type: new.auth_type.to_owned(),
            session_id: new.session_id.to_owned(),
            iat: Some(self.clock.now().timestamp()),
            nbf: None,
            sub: None,
            aud: None,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// The claims of a token that is in order, expired at most `grace` seconds ago.
    pub(crate) fn verify(&self, token: &str, grace: i64) -> Result<Claims, TokenProblem> {
        if token.split('.').filter(|part| !part.is_empty()).count() != 3 || token.split('.').count() != 3 {
            return Err(TokenProblem::Invalid);
        }
        let now = self.clock.now().timestamp();
        let claims = match jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation) {
            Ok(data) => data.claims,
            Err(error) => {
                // what is expired is told so even where claims are missing
                let expired = matches!(error.kind(), ErrorKind::Json(_))
                    && jsonwebtoken::decode::<Expiry>(token, &self.decoding, &self.validation)
                        .is_ok_and(|data| data.claims.exp <= now - grace);
                return Err(if expired {
                    TokenProblem::Expired
                } else {
                    problem(&error)
                });
            }
        };
        if claims.exp <= now - grace {
            return Err(TokenProblem::Expired);
        }
        let early = |moment: Option<i64>| moment.is_some_and(|moment| moment > now);
        if claims.aud.is_some() || early(claims.iat) || early(claims.nbf) {
            return Err(TokenProblem::Invalid);
        }
        Ok(claims)
    }
}

/// The contract calls a token expired whose header or payload is no JSON at all.
fn problem(error: &Error) -> TokenProblem {
    match error.kind() {
        ErrorKind::Json(inner) if inner.is_syntax() && inner.line() == 1 && inner.column() <= 1 => {
            TokenProblem::Expired
        }
        _ => TokenProblem::Invalid,
    }
}

/// The token of an `Authorization` header: after `Bearer `, or bare.
pub(crate) fn bearer(header: Option<&http::HeaderValue>) -> Result<&str, TokenProblem> {
    let Some(value) = header else {
        return Err(TokenProblem::Missing);
    };
    let value = value.to_str().map_err(|_| TokenProblem::Invalid)?.trim();
    if value.is_empty() {
        return Err(TokenProblem::Missing);
    }
    Ok(value.strip_prefix("Bearer ").unwrap_or(value).trim())
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use hazebot_core::clock::from_millis;
    use serde_json::json;

    use super::*;

    const KEY: &str = "a-key-of-the-tests-that-is-long-enough";
    const NOW: i64 = 1_700_000_000;

    fn tokens() -> Tokens {
        Tokens::new(&KEY.into(), Clock::manual(from_millis(NOW * 1_000)))
    }

    fn old(change: &serde_json::Value) -> String {
        let mut claims = json!({
            "user": "finn_reed", "discord_id": "1100000000000000303", "exp": NOW + 60, "role": "lootling",
            "permissions": ["meme_generator"], "auth_type": "discord", "session_id": "00112233445566778899aabbccddeeff",
        });
        for (key, value) in change.as_object().unwrap() {
            claims.as_object_mut().unwrap().insert(key.clone(), value.clone());
        }
        sign(&claims.to_string())
    }

    fn sign(payload: &str) -> String {
        sign_with(r#"{"alg":"HS256","typ":"JWT"}"#, payload)
    }

    fn sign_with(header: &str, payload: &str) -> String {
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload)
        );
        let key = EncodingKey::from_secret(KEY.as_bytes());
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
        format!("{message}.{signature}")
    }

    fn refused(token: &str) -> TokenProblem {
        tokens().verify(token, 0).unwrap_err()
    }

    #[test]
    fn a_token_of_the_python_version_is_accepted() {
        let claims = tokens().verify(&old(&json!({})), 0).unwrap();
        assert_eq!((claims.user.as_str(), claims.iat), ("finn_reed", None));
    }

    #[test]
    fn a_new_token_has_the_old_claims_and_its_moment() {
        let tokens = tokens();
        let token = tokens
            .issue(&NewClaims {
                user: "ada",
                discord_id: "7".to_owned(),
                exp: NOW + 9,
                role: "mod",
                role_name: Some("Keeper"),
                permissions: &["all"],
                auth_type: "discord",
                session_id: "s",
            })
            .unwrap();
        let claims = tokens.verify(&token, 0).unwrap();
        assert_eq!(
            (claims.iat, claims.role_name.as_deref()),
            (Some(NOW), Some("Keeper"))
        );
    }

    #[test]
    fn what_is_no_token_is_invalid() {
        for token in ["garbage", "a.b", "..", "a..c", "a.b.c.d", "Basic YTpi", ""] {
            assert_eq!(refused(token), TokenProblem::Invalid, "{token}");
        }
    }

    #[test]
    fn another_key_or_algorithm_is_invalid() {
        let token = old(&json!({}));
        let (message, _) = token.rsplit_once('.').unwrap();
        assert_eq!(
            refused(&format!("{message}.{}", URL_SAFE_NO_PAD.encode([0; 32]))),
            TokenProblem::Invalid
        );
        let none = format!(
            "{}.{}.",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
            URL_SAFE_NO_PAD.encode("{}")
        );
        assert_eq!(refused(&none), TokenProblem::Invalid);
        let header = sign_with(r#"{"alg":"HS384","typ":"JWT"}"#, "{}");
        assert_eq!(refused(&header), TokenProblem::Invalid);
    }

    #[test]
    fn an_expired_token_is_told_so() {
        assert_eq!(refused(&old(&json!({"exp": NOW - 60}))), TokenProblem::Expired);
        assert_eq!(
            refused(&sign(&json!({"user": "x", "exp": NOW - 60}).to_string())),
            TokenProblem::Expired
        );
        assert!(tokens().verify(&old(&json!({"exp": NOW - 60})), 3_600).is_ok());
    }

    #[test]
    fn a_token_without_the_known_claims_or_without_end_is_invalid() {
        assert_eq!(
            refused(&sign(&json!({"user": "bare", "exp": NOW + 60}).to_string())),
            TokenProblem::Invalid
        );
        let claims = json!({
            "user": "x", "discord_id": "1", "role": "admin", "permissions": ["all"], "auth_type": "discord",
            "session_id": "s",
        });
        assert_eq!(refused(&sign(&claims.to_string())), TokenProblem::Invalid);
    }

    #[test]
    fn claims_that_the_contract_names_are_checked() {
        for change in [
            json!({"aud": "x"}),
            json!({"iat": NOW + 60}),
            json!({"nbf": NOW + 60}),
            json!({"sub": 5}),
            json!({"exp": "soon"}),
        ] {
            assert_eq!(refused(&old(&change)), TokenProblem::Invalid, "{change}");
        }
        assert!(tokens().verify(&old(&json!({"iat": NOW - 5})), 0).is_ok());
    }

    #[test]
    fn a_payload_that_is_no_json_counts_as_expired() {
        assert_eq!(refused(&sign("?nonsense")), TokenProblem::Expired);
        assert_eq!(refused(&sign_with("?nonsense", "{}")), TokenProblem::Expired);
        assert_eq!(refused(&sign("{\"user\":")), TokenProblem::Invalid);
        assert_eq!(refused(&sign("[1]")), TokenProblem::Invalid);
    }

    #[test]
    fn the_header_may_be_bare() {
        let value = |text: &str| http::HeaderValue::from_str(text).unwrap();
        assert_eq!(bearer(Some(&value("Bearer a.b.c"))), Ok("a.b.c"));
        assert_eq!(bearer(Some(&value("a.b.c"))), Ok("a.b.c"));
        assert_eq!(bearer(Some(&value("Bearer"))), Ok("Bearer"));
        assert_eq!(bearer(Some(&value(""))), Err(TokenProblem::Missing));
        assert_eq!(bearer(None), Err(TokenProblem::Missing));
    }
}
