//! Secrets by name in the table `secrets`, encrypted: of a guild, or (guild 0) of the installation.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::{Masker, Place, Vault};
use crate::{
    Actor, Failure, Outcome,
    audit::Audit,
    ids::{GuildId, Snowflake},
    store::{self, Store},
};

/// Bytes of a secret; a service account of Firebase has about 2,400.
const LONGEST: usize = 16 * 1024;

/// Stores secrets. Cheap to clone. Whoever calls it has checked that the actor may.
#[derive(Clone, Debug)]
pub struct Secrets {
    store: Store,
    vault: Arc<Vault>,
    masker: Masker,
}

impl Secrets {
    /// Secrets in this store; what passes through here is masked in the log from then on.
    #[must_use]
    pub fn new(store: Store, vault: Vault, masker: Masker) -> Self {
        Self {
            store,
            vault: Arc::new(vault),
            masker,
        }
    }

    /// Reads a secret.
    ///
    /// # Errors
    /// The store's; or that the secret can't be opened, with the reason.
    pub async fn get(&self, guild: Option<GuildId>, name: &str) -> Outcome<Option<SecretString>> {
        let mut reader = self.store.read().await?;
        let sealed: Option<Vec<u8>> = store::fetch_scalar_optional!(
            reader,
            Vec<u8>,
            "SELECT value FROM secrets WHERE guild_id = $1 AND name = $2",
            owner(guild),
            name
        )?;
        let Some(sealed) = sealed else { return Ok(None) };
        let failed = |error: &dyn std::fmt::Display| Failure::internal(format!("secret {name}: {error}"));
        let row = row(guild, name);
        let value = self
            .vault
            .open(place(&row), &sealed)
            .map_err(|error| failed(&error))?;
        let secret = SecretString::from(String::from_utf8(value).map_err(|_| failed(&"is no text"))?);
        self.masker.learn([secret.clone()]);
        Ok(Some(secret))
    }

    /// Stores a secret, or removes it (`None`). The audit log says that it was done, not the value.
    ///
    /// # Errors
    /// The store's, or that it is longer than 16 KiB.
    pub async fn set(
        &self,
        actor: &Actor,
        guild: Option<GuildId>,
        name: &str,
        secret: Option<&SecretString>,
    ) -> Outcome<()> {
        if secret.is_some_and(|secret| secret.expose_secret().len() > LONGEST) {
            return Err(Failure::internal(format!(
                "secret {name}: longer than {LONGEST} bytes"
            )));
        }
        let row = row(guild, name);
        let seal = |secret: &SecretString| self.vault.seal(place(&row), secret.expose_secret().as_bytes());
        let sealed = secret
            .map(seal)
            .transpose()
            .map_err(|error| Failure::internal(format!("secret {name}: {error}")))?;
        self.masker.learn(secret.cloned());
        let (actor, name) = (actor.clone(), name.to_owned());
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let action = if sealed.is_some() { "secret.set" } else { "secret.remove" };
                    match sealed {
                        Some(sealed) => store::execute!(
                            tx,
                            "INSERT INTO secrets (guild_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (guild_id, name) DO UPDATE SET value = excluded.value",
                            owner(guild),
                            name.as_str(),
                            sealed
                        )?,
                        None => store::execute!(
                            tx,
                            "DELETE FROM secrets WHERE guild_id = $1 AND name = $2",
                            owner(guild),
                            name.as_str()
                        )?,
                    };
                    let entry = Audit::new(&actor, action).target(name);
                    tx.audit(guild.map_or(entry.clone(), |guild| entry.guild(guild))).await
                })
            })
            .await
    }

    /// The names that are set.
    ///
    /// # Errors
    /// The store's.
    pub async fn names(&self, guild: Option<GuildId>) -> Outcome<Vec<String>> {
        let mut reader = self.store.read().await?;
        let names = store::fetch_scalars!(
            reader,
            String,
            "SELECT name FROM secrets WHERE guild_id = $1 ORDER BY name",
            owner(guild)
        )?;
        Ok(names)
    }
}

fn owner(guild: Option<GuildId>) -> i64 {
    guild.map_or(0, Snowflake::to_i64)
}

fn row(guild: Option<GuildId>, name: &str) -> String {
    format!("{}/{name}", owner(guild))
}

fn place(row: &str) -> Place<'_> {
    Place {
        table: "secrets",
        column: "value",
        row,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, Entropy};

    #[tokio::test]
    async fn a_secret_is_stored_encrypted_and_masked_everywhere() {
        let store = Store::open("sqlite::memory:", Clock::system(), Entropy::seeded(1))
            .await
            .unwrap();
        let masker = Masker::new();
        let vault = Vault::new(None, &"api".into(), Entropy::seeded(2));
        let secrets = Secrets::new(store.clone(), vault, masker.clone());
        let guild = Some(GuildId::new(1));
        secrets
            .set(&Actor::System, guild, "mail", Some(&"open sesame".into()))
            .await
            .unwrap();
        let found = secrets.get(guild, "mail").await.unwrap().unwrap();
        assert_eq!(found.expose_secret(), "open sesame");
        assert!(
            secrets.get(None, "mail").await.unwrap().is_none(),
            "the installation has its own"
        );
        assert_eq!(secrets.names(guild).await.unwrap(), ["mail"]);
        assert_eq!(masker.mask("say open sesame"), "say [masked]");
        let mut reader = store.read().await.unwrap();
        let raw: Vec<u8> = store::fetch_scalar!(reader, Vec<u8>, "SELECT value FROM secrets").unwrap();
        assert!(!raw.windows(6).any(|window| window == b"sesame"));
        let audit: String =
            store::fetch_scalar!(reader, String, "SELECT action || ' ' || target FROM audit").unwrap();
        assert_eq!(audit, "secret.set mail");
        drop(reader);
        secrets.set(&Actor::System, guild, "mail", None).await.unwrap();
        assert!(secrets.get(guild, "mail").await.unwrap().is_none());
    }
}
