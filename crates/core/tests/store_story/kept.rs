//! Settings, texts, cache entries and secrets: what is kept comes back after the database was opened again.

use std::time::Duration;

use hazebot_core::{
    Actor,
    cache::{CacheOptions, Caches, sweep},
    ids::GuildId,
    secrets::{Masker, Secrets, Vault},
    settings::{Changes, Settings, general},
    store,
    texts::{Arg, Locale, Texts},
};
use secrecy::ExposeSecret;

use crate::bed::{Bed, Told, soon};

crate::on_both! {
    settings_are_changed_undone_and_loaded_again
    a_history_is_bounded
    a_text_is_replaced_and_loaded_again
    cache_entries_outlive_a_restart_and_are_purged_by_prefix
    secrets_open_after_a_restart
    a_second_process_keeps_up
}

const GUILD: GuildId = GuildId::new(1);

async fn settings_are_changed_undone_and_loaded_again(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let settings = Settings::new(store.clone());
    let changes = Changes::new()
        .set(&general::COMMAND_PREFIX, "?".into())
        .set(&general::LOG_TO_DISCORD, false);
    let first = settings.change(&Actor::System, GUILD, changes).await?;
    settings
        .change(
            &Actor::System,
            GUILD,
            Changes::new().set(&general::BOT_NAME, "Lantern 🏮".into()),
        )
        .await?;
    store.close().await;

    let store = bed.open().await?;
    let settings = Settings::new(store.clone());
    settings.load(GUILD).await?;
    assert_eq!(settings.get(GUILD, &general::COMMAND_PREFIX), "?");
    assert_eq!(settings.get(GUILD, &general::BOT_NAME), "Lantern 🏮");
    settings
        .undo(&Actor::System, GUILD, first.version.ok_or("no version")?)
        .await?;
    assert_eq!(settings.get(GUILD, &general::COMMAND_PREFIX), "!");
    assert!(settings.get(GUILD, &general::LOG_TO_DISCORD));
    let mut reader = store.read().await?;
    let rows = store::fetch_scalars!(reader, String, "SELECT key FROM settings WHERE guild_id = 1")?;
    assert_eq!(
        rows,
        ["general.bot_name"],
        "only what differs from its default is stored"
    );
    drop(reader);
    store.close().await;
    Ok(())
}

async fn a_history_is_bounded(bed: &Bed) -> Told {
    let store = bed.open().await?;
    let settings = Settings::new(store.clone());
    for number in 0..510_i64 {
        let changes = Changes::new().set(&general::STATUS_INTERVAL, 10 + number % 2);
        settings.change(&Actor::System, GUILD, changes).await?;
    }
    let other = Changes::new().set(&general::STATUS_INTERVAL, 7);
    settings.change(&Actor::System, GuildId::new(2), other).await?;
    let mut reader = store.read().await?;
    let count = |guild: i64| ("SELECT COUNT(*) FROM setting_versions WHERE guild_id = $1", guild);
    let (sql, guild) = count(1);
    assert_eq!(store::fetch_scalar!(reader, i64, sql, guild)?, 500);
    let (sql, guild) = count(2);
    assert_eq!(store::fetch_scalar!(reader, i64, sql, guild)?, 1);
    drop(reader);
    assert_eq!(settings.history(GUILD, 1_000).await?.len(), 500);
    store.close().await;
    Ok(())
}

async fn a_text_is_replaced_and_loaded_again(bed: &Bed) -> Told {
    let args = [("key", Arg::raw("a.b"))];
    for round in 0..3 {
        let store = bed.open().await?;
        let settings = Settings::new(store.clone());
        let texts = Texts::builder().build()?;
        texts.keep_in(&store, &settings);
        texts.load_overrides(GUILD).await?;
        let text = texts.get(Locale::EN, Some(GUILD), "setting-unknown", &args);
        let (expected, next) = match round {
            0 => ("There is no setting `a.b`.", Some("Never heard of { $key }")),
            1 => ("Never heard of a.b", None),
            _ => ("There is no setting `a.b`.", None),
        };
        assert_eq!(text, expected, "round {round}");
        texts
            .set_override(&Actor::System, GUILD, Locale::EN, "setting-unknown", next)
            .await?;
        store.close().await;
    }
    Ok(())
}

async fn cache_entries_outlive_a_restart_and_are_purged_by_prefix(bed: &Bed) -> Told {
    let options = || CacheOptions::new("c", 10, Duration::from_secs(60));
    let known = |cache: hazebot_core::cache::Cache<String>, key: &'static str| async move {
        cache
            .get_or_try_compute(key, async { Err("asked") })
            .await
            .ok()
            .flatten()
    };
    let store = bed.open().await?;
    let cache = Caches::new(bed.clock.clone()).build_persisted::<String>(options(), store.clone());
    for key in ["g1/a", "g1/B_%", "g10/a", "G1/a"] {
        cache.insert(key, key.to_owned()).await;
    }
    store.close().await;

    let store = bed.open().await?;
    let open = || Caches::new(bed.clock.clone()).build_persisted::<String>(options(), store.clone());
    assert_eq!(known(open(), "g1/B_%").await.as_deref(), Some("g1/B_%"));
    open().purge("g1/").await;
    assert_eq!(known(open(), "g1/a").await, None);
    assert_eq!(known(open(), "g1/B_%").await, None);
    assert_eq!(known(open(), "g10/a").await.as_deref(), Some("g10/a"));
    assert_eq!(known(open(), "G1/a").await.as_deref(), Some("G1/a"));
    bed.clock.advance(chrono::Duration::seconds(61));
    assert_eq!(sweep(&store, &bed.clock).await?, 2);
    store.close().await;
    Ok(())
}

async fn secrets_open_after_a_restart(bed: &Bed) -> Told {
    let secrets = |store: &store::Store| {
        let vault = Vault::new(
            None,
            &"an invented key of the api".into(),
            store.entropy().clone(),
        );
        Secrets::new(store.clone(), vault, Masker::new())
    };
    let store = bed.open().await?;
    secrets(&store)
        .set(&Actor::System, Some(GUILD), "mail", Some(&"sesame".into()))
        .await?;
    secrets(&store)
        .set(&Actor::System, Some(GUILD), "mail", Some(&"open sesame".into()))
        .await?;
    store.close().await;
    let store = bed.open().await?;
    let found = secrets(&store)
        .get(Some(GUILD), "mail")
        .await?
        .ok_or("no secret")?;
    assert_eq!(found.expose_secret(), "open sesame");
    store.close().await;
    Ok(())
}

async fn a_second_process_keeps_up(bed: &Bed) -> Told {
    let first = bed.open().await?;
    let here = Settings::new(first.clone());
    if !bed.is_postgres() {
        // One process only: there is nobody to follow.
        soon(here.follow_others()).await?;
        first.close().await;
        return Ok(());
    }
    let second = bed.open().await?;
    let there = Settings::new(second.clone());
    let texts = Texts::builder().build()?;
    texts.keep_in(&second, &there);
    let mut watch = there.watch();
    let following = [
        tokio::spawn(there.follow_others()),
        tokio::spawn(texts.follow_others()),
    ];
    here.change(
        &Actor::System,
        GUILD,
        Changes::new().set(&general::BOT_NAME, "Lantern".into()),
    )
    .await?;
    soon(watch.recv()).await??;
    assert_eq!(there.get(GUILD, &general::BOT_NAME), "Lantern");
    let others = Texts::builder().build()?;
    others.keep_in(&first, &here);
    others
        .set_override(&Actor::System, GUILD, Locale::EN, "setting-id", Some("No id"))
        .await?;
    let arrives = async {
        while texts.get(Locale::EN, Some(GUILD), "setting-id", &[]) != "No id" {
            tokio::task::yield_now().await;
        }
    };
    soon(arrives).await?;
    following.iter().for_each(|task| task.abort());
    first.close().await;
    second.close().await;
    Ok(())
}
