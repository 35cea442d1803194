//! Which cogs are switched off, stored; of the installation, not of a guild.

use std::collections::HashSet;

use hazebot_core::{
    Actor, Outcome,
    audit::Audit,
    store::{self, Store},
};
use serde_json::json;

/// Canonical names of the cogs that stay off.
pub(super) async fn disabled(store: &Store) -> Outcome<HashSet<String>> {
    let mut reader = store.read().await?;
    let names = store::fetch_scalars!(reader, String, "SELECT name FROM cogs WHERE disabled = $1", true)?;
    Ok(names.into_iter().collect())
}

/// Stores that a cog is on or off.
pub(super) async fn set(store: &Store, cog: &'static str, disabled: bool, actor: &Actor) -> Outcome<()> {
    let actor = actor.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                let before = store::fetch_scalar_optional!(
                    tx,
                    bool,
                    "SELECT disabled FROM cogs WHERE name = $1",
                    cog
                )?;
                store::execute!(
                    tx,
                    "INSERT INTO cogs (name, disabled, changed_at, changed_by) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (name) DO UPDATE SET disabled = excluded.disabled, \
                     changed_at = excluded.changed_at, changed_by = excluded.changed_by",
                    cog,
                    disabled,
                    tx.now_millis(),
                    actor.name()
                )?;
                let action = if disabled { "cog.unload" } else { "cog.load" };
                let mut entry = Audit::new(&actor, action).target(cog);
                entry.before = Some(json!({ "disabled": before.unwrap_or(false) }));
                entry.after = Some(json!({ "disabled": disabled }));
                tx.audit(entry).await
            })
        })
        .await
}
