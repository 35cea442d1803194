//! Encryption at rest: XChaCha20-Poly1305 with a random nonce, a key id in front so that keys can change, and the place of
//! the value as associated data, so that a value copied into another row does not open there.
//!
//! Form: 1 byte version, 4 bytes key id, 24 bytes nonce, then the ciphertext with its tag.

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::Entropy;

/// Of the form described above.
const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;
/// Says what the derived key is for (RFC 5869, "info").
const PURPOSE: &[u8] = b"hazebot secrets at rest 1";

/// Where a value lies.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Table.
    pub table: &'a str,
    /// Column.
    pub column: &'a str,
    /// Whatever identifies the row.
    pub row: &'a str,
}

impl Place<'_> {
    /// Each part with its length: no two places give the same bytes.
    fn bytes(&self) -> Vec<u8> {
        let parts = [self.table, self.column, self.row];
        parts
            .iter()
            .flat_map(|part| [&(part.len() as u64).to_be_bytes()[..], part.as_bytes()].concat())
            .collect()
    }
}

/// Why a value can't be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// It is none of ours, or cut off.
    #[error("the stored secret is damaged")]
    Damaged,
    /// Its key is not among ours.
    #[error("the stored secret was made with another key: HAZEBOT_SECRET_KEY or API_SECRET_KEY has changed")]
    UnknownKey,
    /// It was changed, or moved here from another place.
    #[error("the stored secret does not belong here")]
    Forged,
    /// The cipher refused, for example a value beyond its limit.
    #[error("the secret could not be encrypted")]
    Unsealable,
}

struct Key {
    id: [u8; KEY_ID],
    cipher: XChaCha20Poly1305,
}

/// Seals and opens values.
pub struct Vault {
    /// The first one seals.
    keys: Vec<Key>,
    entropy: Entropy,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// Seals with a key derived (HKDF-SHA-256) from `HAZEBOT_SECRET_KEY`, or from `API_SECRET_KEY` where that one is not
    /// set; opens what either of them sealed.
    #[must_use]
    pub fn new(secret_key: Option<&SecretString>, api_key: &SecretString, entropy: Entropy) -> Self {
        let keys = secret_key
            .into_iter()
            .chain([api_key])
            .filter_map(derive)
            .collect();
        Self { keys, entropy }
    }

    /// Encrypts a value for a place.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`].
    pub fn seal(&self, place: Place<'_>, value: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = self.keys.first().ok_or(VaultError::Unsealable)?;
        let mut nonce = [0; NONCE];
        self.entropy.fill(&mut nonce);
        let aad = place.bytes();
        let payload = Payload {
            msg: value,
            aad: &aad,
        };
        let sealed = key
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultError::Unsealable)?;
        Ok([&[VERSION][..], &key.id, &nonce, &sealed].concat())
    }

    /// Decrypts a value that was sealed for this place.
    ///
    /// # Errors
    /// All but [`VaultError::Unsealable`].
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (&version, rest) = sealed.split_first().ok_or(VaultError::Damaged)?;
        let (id, rest) = rest.split_at_checked(KEY_ID).ok_or(VaultError::Damaged)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(VaultError::Damaged)?;
        if version != VERSION {
            return Err(VaultError::Damaged);
        }
        let key = self
            .keys
            .iter()
            .find(|key| key.id == *id)
            .ok_or(VaultError::UnknownKey)?;
        let aad = place.bytes();
        let payload = Payload {
            msg: sealed,
            aad: &aad,
        };
        key.cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| VaultError::Forged)
    }
}

fn derive(secret: &SecretString) -> Option<Key> {
    let mut bytes = [0; 32];
    Hkdf::<Sha256>::new(None, secret.expose_secret().as_bytes())
        .expand(PURPOSE, &mut bytes)
        .ok()?;
    let id = Sha256::digest(bytes).first_chunk().copied()?;
    Some(Key {
        id,
        cipher: XChaCha20Poly1305::new(&bytes.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place {
        table: "secrets",
        column: "value",
        row: "1/smtp",
    };

    fn vault(secret: Option<&str>, api: &str) -> Vault {
        Vault::new(
            secret.map(SecretString::from).as_ref(),
            &api.into(),
            Entropy::seeded(1),
        )
    }

    #[test]
    fn a_value_opens_where_it_was_sealed_and_nowhere_else() {
        let vault = vault(None, "api");
        let sealed = vault.seal(HERE, b"sesame").unwrap();
        assert_eq!(vault.open(HERE, &sealed).unwrap(), b"sesame");
        for place in [
            Place {
                row: "2/smtp",
                ..HERE
            },
            Place {
                column: "valu",
                row: "e1/smtp",
                ..HERE
            },
        ] {
            assert_eq!(vault.open(place, &sealed), Err(VaultError::Forged));
        }
        assert_ne!(
            vault.seal(HERE, b"sesame").unwrap(),
            sealed,
            "each has a nonce of its own"
        );
        assert!(!sealed.windows(6).any(|window| window == b"sesame"));
    }

    #[test]
    fn a_changed_or_cut_value_does_not_open() {
        let vault = vault(None, "api");
        let sealed = vault.seal(HERE, b"sesame").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1);
            assert!(vault.open(HERE, &changed).is_err(), "byte {at}");
            assert!(
                vault.open(HERE, sealed.get(..at).unwrap()).is_err(),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn setting_a_key_of_its_own_keeps_old_values_readable() {
        let old = vault(None, "api").seal(HERE, b"old").unwrap();
        let both = vault(Some("own"), "api");
        assert_eq!(both.open(HERE, &old).unwrap(), b"old");
        let new = both.seal(HERE, b"new").unwrap();
        assert_eq!(vault(None, "api").open(HERE, &new), Err(VaultError::UnknownKey));
        assert_eq!(vault(Some("own"), "other api").open(HERE, &new).unwrap(), b"new");
    }
}
