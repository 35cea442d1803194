//! What reaches which sink.

use tracing::{debug, error, info, warn};
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use super::*;
use crate::clock::from_millis;

/// Runs `act` under a log of its own.
fn with_logs(options: LogOptions, act: impl FnOnce(&Logs, &LogGuard)) {
    let (layer, logs, guard) = Logs::build::<Registry>(options).unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || act(&logs, &guard));
}

fn texts(logs: &Logs, query: &LogQuery) -> Vec<String> {
    logs.view().query(query).iter().map(|line| line.text()).collect()
}

fn manual() -> LogOptions {
    LogOptions {
        clock: Clock::manual(from_millis(1_000)),
        ..LogOptions::default()
    }
}

#[test]
fn a_line_knows_its_cog_guild_and_correlation_from_the_spans_around_it() {
    with_logs(manual(), |logs, _| {
        let outer = tracing::info_span!("guild", guild = 7_u64);
        outer.in_scope(|| {
            tracing::info_span!("command", cog = "ModPerks", correlation = "c-1")
                .in_scope(|| warn!(count = 2, "odd"));
        });
        let lines = logs.view().query(&LogQuery::default());
        let line = lines.first().unwrap();
        assert_eq!(
            (line.cog.as_deref(), line.guild.as_deref()),
            (Some("ModPanel"), Some("7"))
        );
        assert_eq!(
            (line.correlation.as_deref(), line.level.name()),
            (Some("c-1"), "WARNING")
        );
        assert_eq!(line.text(), "🛡️ [ModPerks] odd count=2");
        assert_eq!(
            line.human(Tz::UTC),
            "[00:00:01] 🌸  WARNING │ 🛡️ [ModPerks] odd count=2"
        );
    });
}

#[test]
fn lines_are_found_by_either_name_level_text_and_time() {
    let clock = Clock::manual(from_millis(0));
    with_logs(
        LogOptions {
            clock: clock.clone(),
            ..LogOptions::default()
        },
        |logs, _| {
            info!(cog = "ChangelogCog", "an ERROR in words only");
            clock.advance(chrono::Duration::seconds(5));
            error!(cog = "TicketSystem", "Broken");
            error!(critical = true, "worse");
            for name in ["Changelog", "changelogcog"] {
                assert_eq!(
                    texts(
                        logs,
                        &LogQuery {
                            cog: Some(name.into()),
                            ..LogQuery::default()
                        }
                    )
                    .len(),
                    1,
                    "{name}"
                );
            }
            let errors = LogQuery {
                level: Some(LogLevel::Error),
                ..LogQuery::default()
            };
            assert_eq!(texts(logs, &errors), ["🎫 [TicketSystem] Broken"]);
            let since = LogQuery {
                since: Some(from_millis(5_000)),
                ..LogQuery::default()
            };
            assert_eq!(texts(logs, &since).len(), 2);
            assert_eq!(
                texts(
                    logs,
                    &LogQuery {
                        text: Some("bROKEN".into()),
                        ..LogQuery::default()
                    }
                )
                .len(),
                1
            );
            assert_eq!(
                texts(
                    logs,
                    &LogQuery {
                        limit: Some(0),
                        ..LogQuery::default()
                    }
                ),
                ["worse"]
            );
            assert_eq!(
                texts(
                    logs,
                    &LogQuery {
                        before: Some(2),
                        ..LogQuery::default()
                    }
                )
                .len(),
                1
            );
            let counts = logs.view().counts(&LogQuery::default());
            assert_eq!((counts.info, counts.error, counts.critical), (1, 1, 1));
            assert_eq!(logs.view().totals(), counts);
        },
    );
}

#[test]
fn secrets_and_line_breaks_reach_no_sink() {
    let folder = tempfile::tempdir().unwrap();
    let options = LogOptions {
        folder: Some(folder.path().to_owned()),
        ..manual()
    };
    options.masker.learn(["open sesame".to_owned().into()]);
    with_logs(options, |logs, guard| {
        error!(
            token = "abc def",
            who = "open sesame",
            "password=hunter2\n[00:00:00] forged"
        );
        assert_eq!(
            texts(logs, &LogQuery::default()),
            ["password=[masked]\\n[00:00:00] forged token=[masked] who=[masked]"]
        );
        guard.flush();
        let text = std::fs::read_to_string(folder.path().join("bot.log")).unwrap();
        assert!(
            !text.contains("hunter2") && !text.contains("sesame") && text.lines().count() == 1,
            "{text}"
        );
    });
}

#[test]
fn each_file_gets_its_lines_as_json_with_utc_time() {
    let folder = tempfile::tempdir().unwrap();
    with_logs(
        LogOptions {
            folder: Some(folder.path().join("Logs")),
            ..manual()
        },
        |_, guard| {
            info!("for the bot");
            info!(target: "hazebot::access", status = 200, "GET /api/health");
            error!(cog = "APIServer", "port is taken");
            guard.flush();
            let read = |name: &str| std::fs::read_to_string(folder.path().join("Logs").join(name)).unwrap();
            let line: serde_json::Value = serde_json::from_str(&read("bot.log")).unwrap();
            let expected = serde_json::json!({
                "level": "INFO", "message": "for the bot", "target": "hazebot_core::logs::tests",
                "time": "1970-01-01T00:00:01.000+00:00",
            });
            assert_eq!(line, expected);
            assert_eq!(read("api.log").lines().count(), 2);
            assert!(read("api.log").contains("\"fields\":{\"status\":\"200\"}"));
            assert_eq!(read("error.log").lines().count(), 1);
        },
    );
}

#[test]
fn levels_change_at_run_time_for_all_and_for_one_cog() {
    with_logs(manual(), |logs, _| {
        let chat = || {
            debug!(cog = "RocketLeague", "rocket");
            debug!(cog = "Welcome", "welcome");
            info!("info");
        };
        chat();
        logs.levels().set_cog("RocketLeague", Some(LogLevel::Debug));
        chat();
        logs.levels().set_cog("RocketLeague", None);
        logs.levels().set_general(LogLevel::Error);
        chat();
        assert_eq!(
            texts(logs, &LogQuery::default()),
            ["info", "🚀 [RocketLeague] rocket", "info"]
        );
    });
}

#[test]
fn libraries_speak_up_only_to_warn() {
    with_logs(manual(), |logs, _| {
        info!(target: "sqlx::query", "select");
        warn!(target: "sqlx::query", "slow");
        assert_eq!(texts(logs, &LogQuery::default()), ["slow"]);
    });
}

#[test]
fn the_ring_is_bounded_and_a_slow_feed_counts_what_it_lost() {
    with_logs(manual(), |logs, _| {
        let mut feed = logs.view().subscribe();
        for number in 0..2_500 {
            info!("{number}");
        }
        let lines = logs.view().query(&LogQuery::default());
        assert_eq!(
            (lines.len(), lines.first().map(|line| line.id)),
            (2_000, Some(501))
        );
        assert_eq!(
            feed.try_next().map(|line| line.message.clone()).as_deref(),
            Some("1988")
        );
        assert_eq!((feed.take_dropped(), feed.take_dropped()), (1_988, 0));
        assert_eq!(logs.view().totals().info, 2_500);
    });
}

#[tokio::test]
async fn a_sink_that_fails_does_not_feed_itself() {
    let (layer, logs, _guard) = Logs::build::<Registry>(manual()).unwrap();
    let _scope = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let mut feed = logs.view().subscribe();
    in_sink(async { error!("sending failed") }).await;
    info!("other");
    assert_eq!(
        feed.next().await.map(|line| line.message.clone()).as_deref(),
        Some("other")
    );
    assert_eq!(logs.view().query(&LogQuery::default()).len(), 2);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_with_its_name() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let options = LogOptions {
        folder: Some(file.path().join("Logs")),
        ..manual()
    };
    let error = Logs::build::<Registry>(options)
        .err()
        .map(|error| error.to_string())
        .unwrap();
    assert!(error.contains("Logs cannot be written"), "{error}");
}
