//! Password logins from the environment: plain values or argon2 hashes, compared in constant time. A hash costs about
//! 30 ms and 19 MiB, so no more run at once than there are cores.

use std::{collections::HashMap, sync::Arc, time::Duration};

use argon2::{Argon2, PasswordVerifier, password_hash::phc::PasswordHash};
use hazebot_core::env::LoginEnv;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use crate::error::ApiError;

/// How long a login waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(2);
/// A longer password is refused unseen, so that nobody makes the program hash megabytes.
const LONGEST_PASSWORD: usize = 1_024;

#[derive(Debug)]
enum Secret {
    Digest([u8; 32]),
    Hash(SecretString),
}

/// The logins. Who they are is fixed until the program restarts.
#[derive(Debug)]
pub(crate) struct Accounts {
    known: HashMap<String, Arc<Secret>>,
    /// What an unknown name is compared with, so that it takes as long as a known one.
    nobody: Arc<Secret>,
    turns: Arc<Semaphore>,
}

fn digest(password: &str) -> [u8; 32] {
    Sha256::digest(password.as_bytes()).into()
}

fn matches(secret: &Secret, password: &str) -> bool {
    match secret {
        Secret::Digest(expected) => expected.ct_eq(&digest(password)).into(),
        Secret::Hash(hash) => PasswordHash::new(hash.expose_secret()).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        }),
    }
}

impl Accounts {
    pub(crate) fn new(logins: &[LoginEnv]) -> Self {
        let known: HashMap<_, _> = logins
            .iter()
            .map(|login| {
                let text = login.password.expose_secret();
                let secret = if text.starts_with("$argon2") {
                    Secret::Hash(login.password.clone())
                } else {
                    Secret::Digest(digest(text))
                };
                (login.name.clone(), Arc::new(secret))
            })
            .collect();
        let nobody = known
            .values()
            .find(|secret| matches!(***secret, Secret::Hash(_)))
            .cloned();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            known,
            nobody: nobody.unwrap_or_else(|| Arc::new(Secret::Digest([0; 32]))),
            turns: Arc::new(Semaphore::new(cores)),
        }
    }

    /// Whether there is a login of this name.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// Whether name and password belong together.
    pub(crate) async fn check(&self, name: &str, password: &str) -> Result<bool, ApiError> {
        if password.len() > LONGEST_PASSWORD {
            return Ok(false);
        }
        let (secret, known) = match self.known.get(name) {
            Some(secret) => (Arc::clone(secret), true),
            None => (Arc::clone(&self.nobody), false),
        };
        if matches!(*secret, Secret::Digest(_)) {
            return Ok(matches(&secret, password) && known);
        }
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(ApiError::too_many(PATIENCE));
        };
        let password = SecretString::from(password);
        let right = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            matches(&secret, password.expose_secret())
        });
        Ok(right.await.map_err(ApiError::internal)? && known)
    }
}

#[cfg(test)]
mod tests {
    use argon2::PasswordHasher;

    use super::*;

    fn login(name: &str, password: &str) -> LoginEnv {
        LoginEnv {
            name: name.to_owned(),
            password: password.into(),
        }
    }

    #[tokio::test]
    async fn plain_values_and_hashes_are_checked() {
        let hash = Argon2::default()
            .hash_password(b"second pass")
            .unwrap()
            .to_string();
        let accounts = Accounts::new(&[login("admin", "first pass"), login("second", &hash)]);
        assert!(accounts.check("admin", "first pass").await.unwrap());
        assert!(accounts.check("second", "second pass").await.unwrap());
        for (name, password) in [
            ("admin", "second pass"),
            ("second", "no"),
            ("nobody", "first pass"),
            ("second", &hash),
        ] {
            assert!(!accounts.check(name, password).await.unwrap(), "{name}");
        }
        assert!(accounts.knows("admin") && !accounts.knows("nobody"));
    }

    #[tokio::test]
    async fn an_endless_password_is_refused_unseen() {
        let long = "x".repeat(LONGEST_PASSWORD + 1);
        let accounts = Accounts::new(&[login("admin", &long)]);
        assert!(!accounts.check("admin", &long).await.unwrap());
    }
}
