//! What settings promise: typed, live, whole, versioned.

use serde_json::json;

use super::*;
use crate::{
    Clock, Entropy, Failure, RefusalKind,
    clock::from_millis,
    directory::{Channel, Member, Role},
    ids::{ChannelId, RoleId, UserId},
};

const GUILD: GuildId = GuildId::new(1);
const ADMIN: UserId = UserId::new(10);
const MODERATOR: UserId = UserId::new(11);
const STRANGER: UserId = UserId::new(12);

/// A guild of three: an administrator, one who may manage the server, and one who may nothing.
struct Three;

impl crate::Directory for Three {
    fn knows(&self, _: GuildId) -> bool {
        true
    }
    fn guild_name(&self, _: GuildId) -> Option<String> {
        None
    }
    fn me(&self) -> Option<UserId> {
        None
    }
    fn member(&self, _: GuildId, user: UserId) -> Option<Member> {
        Some(Member {
            user,
            username: String::new(),
            display_name: String::new(),
            display_avatar: String::new(),
            avatar: None,
            bot: false,
            roles: Vec::new(),
            joined_at: None,
        })
    }
    fn members(&self, _: GuildId) -> Vec<Member> {
        Vec::new()
    }
    fn roles(&self, _: GuildId) -> Vec<Role> {
        Vec::new()
    }
    fn channels(&self, _: GuildId) -> Vec<Channel> {
        Vec::new()
    }
    fn channel(&self, _: GuildId, _: ChannelId) -> Option<Channel> {
        None
    }
    fn is_administrator(&self, _: GuildId, user: UserId) -> bool {
        user == ADMIN
    }
    fn can_manage_guild(&self, _: GuildId, user: UserId) -> bool {
        user != STRANGER
    }
}

fn member(user: UserId) -> Actor {
    Actor::Member {
        guild: GUILD,
        user,
        name: "somebody".into(),
    }
}

fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> (RefusalKind, String) {
    match outcome.unwrap_err() {
        Failure::Refused(refusal) => (refusal.kind, refusal.sentence.into_owned()),
        other => (RefusalKind::Unavailable, other.to_string()),
    }
}

async fn stored() -> (Store, Settings) {
    let store = Store::open(
        "sqlite::memory:",
        Clock::manual(from_millis(5)),
        Entropy::seeded(1),
    )
    .await
    .unwrap();
    (store.clone(), Settings::new(store))
}

#[tokio::test]
async fn a_change_counts_at_once_and_after_a_restart() {
    let (store, settings) = stored().await;
    assert_eq!(settings.get(GUILD, &general::COMMAND_PREFIX), "!");
    let changes = Changes::new()
        .set(&general::COMMAND_PREFIX, "?".to_owned())
        .set(&general::ADMIN_ROLE, Some(RoleId::new(77)))
        .json("general.pink_color", json!("#00ff00"));
    let changed = settings.change(&Actor::System, GUILD, changes).await.unwrap();
    assert_eq!(
        changed.keys,
        [
            "general.command_prefix",
            "general.pink_color",
            "roles.admin_role_id"
        ]
    );
    for settings in [settings, Settings::new(store)] {
        settings.load(GUILD).await.unwrap();
        assert_eq!(settings.get(GUILD, &general::COMMAND_PREFIX), "?");
        assert_eq!(settings.get(GUILD, &general::PINK), 0x00_FF00);
        assert_eq!(staff_roles(&settings, GUILD).admin, Some(RoleId::new(77)));
        assert_eq!(
            settings.get(GuildId::new(2), &general::COMMAND_PREFIX),
            "!",
            "another guild has its own"
        );
    }
}

#[tokio::test]
async fn a_change_with_one_wrong_value_changes_nothing_and_names_all_that_is_wrong() {
    let (store, settings) = stored().await;
    let changes = Changes::new()
        .json("general.bot_name", json!("Fine"))
        .json("general.command_prefix", json!("a b"))
        .json("general.message_cooldown", json!(9_999))
        .json("general.nonsense", json!(1))
        .json("roles.admin_role_id", json!(0))
        .json("logging.discord_level", json!("LOUD"))
        .json("general.role_names", json!({"user": "a"}));
    let (kind, sentence) = refusal(settings.change(&Actor::System, GUILD, changes).await);
    assert_eq!(kind, RefusalKind::Invalid);
    for part in [
        "general.command_prefix must not hold blanks",
        "general.message_cooldown must be between 0 and 3600",
        "general.nonsense is no setting",
        "general.role_names must have a text of 1 to 100 characters for mod",
        "logging.discord_level must be one of DEBUG",
        "roles.admin_role_id must be a Discord id",
    ] {
        assert!(sentence.contains(part), "{part} in {sentence}");
    }
    assert_eq!(settings.get(GUILD, &general::BOT_NAME), "Haze World Bot");
    let rows =
        store::fetch_scalar!(store.read().await.unwrap(), i64, "SELECT COUNT(*) FROM settings").unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn a_change_leaves_version_audit_row_and_event() {
    let (store, settings) = stored().await;
    let mut events = store.events().subscribe();
    let mut watch = settings.watch();
    let actor = Actor::Login {
        name: "keeper".into(),
    };
    let changed = settings
        .change(
            &actor,
            GUILD,
            Changes::new().set(&general::BOT_NAME, "Lantern".into()),
        )
        .await
        .unwrap();
    let event = events.next().await;
    assert_eq!(
        (event.kind.as_str(), event.guild),
        ("settings.changed", Some(GUILD))
    );
    assert_eq!(event.payload.get("keys"), Some(&json!(["general.bot_name"])));
    assert_eq!(watch.recv().await.unwrap().keys, ["general.bot_name"]);
    let history = settings.history(GUILD, 10).await.unwrap();
    let version = history.first().unwrap();
    assert_eq!(
        (Some(version.id), &version.actor, version.at),
        (changed.version, &actor, from_millis(5))
    );
    assert_eq!(
        version.changes.get("general.bot_name"),
        Some(&Delta {
            before: None,
            after: Some(json!("Lantern"))
        })
    );
    let rows = store::fetch_scalar!(
        store.read().await.unwrap(),
        i64,
        "SELECT COUNT(*) FROM audit WHERE action = 'settings.change'"
    );
    assert_eq!(rows.unwrap(), 1);
    // The same once more is no change.
    let again = settings
        .change(
            &actor,
            GUILD,
            Changes::new().set(&general::BOT_NAME, "Lantern".into()),
        )
        .await
        .unwrap();
    assert_eq!(
        again,
        Changed {
            version: None,
            keys: Vec::new()
        }
    );
    assert_eq!(settings.history(GUILD, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_version_can_be_undone_unless_the_setting_was_changed_again() {
    let (_store, settings) = stored().await;
    let rename = |name: &str| Changes::new().set(&general::BOT_NAME, name.to_owned());
    let first = settings
        .change(&Actor::System, GUILD, rename("One"))
        .await
        .unwrap()
        .version
        .unwrap();
    let second = settings
        .change(&Actor::System, GUILD, rename("Two"))
        .await
        .unwrap()
        .version
        .unwrap();
    let (kind, sentence) = refusal(settings.undo(&Actor::System, GUILD, first).await);
    assert_eq!(
        (kind, sentence.as_str()),
        (RefusalKind::Conflict, "Changed again since: general.bot_name")
    );
    settings.undo(&Actor::System, GUILD, second).await.unwrap();
    assert_eq!(settings.get(GUILD, &general::BOT_NAME), "One");
    settings.undo(&Actor::System, GUILD, first).await.unwrap();
    assert_eq!(settings.get(GUILD, &general::BOT_NAME), "Haze World Bot");
    assert_eq!(
        refusal(settings.undo(&Actor::System, GuildId::new(2), first).await).0,
        RefusalKind::NotFound
    );
}

#[tokio::test]
async fn a_reset_takes_back_one_section_only() {
    let settings = Settings::in_memory();
    let changes = Changes::new()
        .set(&general::BOT_NAME, "One".into())
        .set(&general::LOG_CHANNEL, Some(ChannelId::new(5)))
        .set(&general::LOG_TO_DISCORD, false);
    settings.change(&Actor::System, GUILD, changes).await.unwrap();
    settings.reset(&Actor::System, GUILD, "general").await.unwrap();
    assert_eq!(settings.get(GUILD, &general::BOT_NAME), "Haze World Bot");
    assert_eq!(
        settings.get(GUILD, &general::LOG_CHANNEL),
        Some(ChannelId::new(5))
    );
    assert!(!settings.get(GUILD, &general::LOG_TO_DISCORD));
    assert_eq!(
        refusal(settings.reset(&Actor::System, GUILD, "none").await).0,
        RefusalKind::NotFound
    );
}

#[tokio::test]
async fn staff_change_settings_and_only_admins_change_who_is_staff() {
    let settings = Settings::in_memory();
    let rename = Changes::new().set(&general::BOT_NAME, "One".into());
    let promote = Changes::new().set(&general::MODERATOR_ROLE, Some(RoleId::new(5)));
    assert_eq!(
        refusal(settings.change(&member(ADMIN), GUILD, rename.clone()).await).0,
        RefusalKind::Forbidden
    );
    settings.set_directory(Arc::new(Three));
    assert_eq!(
        refusal(settings.change(&member(STRANGER), GUILD, rename.clone()).await).0,
        RefusalKind::Forbidden
    );
    settings
        .change(&member(MODERATOR), GUILD, rename.clone())
        .await
        .unwrap();
    let both = promote.clone().set(&general::BOT_NAME, "Two".into());
    assert_eq!(
        refusal(settings.change(&member(MODERATOR), GUILD, both).await).0,
        RefusalKind::Forbidden
    );
    assert_eq!(settings.get(GUILD, &general::BOT_NAME), "One");
    assert_eq!(
        refusal(settings.reset(&member(MODERATOR), GUILD, "roles").await).0,
        RefusalKind::Forbidden
    );
    assert_eq!(
        refusal(settings.change(&member(ADMIN), GuildId::new(2), rename).await).0,
        RefusalKind::Forbidden
    );
    settings.change(&member(ADMIN), GUILD, promote).await.unwrap();
}

#[tokio::test]
async fn changes_at_the_same_time_all_count() {
    let (_store, settings) = stored().await;
    let tasks = (0..16_u64).map(|number| {
        let settings = settings.clone();
        tokio::spawn(async move {
            let changes = match number % 2 {
                0 => Changes::new().set(&general::STATUS_INTERVAL, 10 + (number as i64)),
                _ => Changes::new().set(&general::LOG_CHANNEL, Some(ChannelId::new(number + 1))),
            };
            settings.change(&Actor::System, GUILD, changes).await.unwrap();
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let live = settings.values(GUILD, None);
    settings.load(GUILD).await.unwrap();
    assert_eq!(settings.values(GUILD, None), live, "memory and store agree");
    assert_eq!(settings.history(GUILD, 100).await.unwrap().len(), 16);
}

#[test]
fn a_key_is_declared_once_and_a_reload_may_declare_it_again() {
    static MINE: Setting<bool> = Setting::flag("test.mine", true, "Mine.");
    static OTHER: Setting<bool> = Setting::flag("test.mine", false, "Other.");
    static NEXT: Setting<bool> = Setting::flag("test.next", false, "Next.");
    let settings = Settings::in_memory();
    settings.register(&[MINE.def()]).unwrap();
    settings.register(&[MINE.def()]).unwrap();
    assert_eq!(
        settings.register(&[NEXT.def(), OTHER.def()]),
        Err(DuplicateSetting("test.mine"))
    );
    assert_eq!(settings.get_json(GUILD, "test.next"), None);
    assert_eq!(settings.defs().len(), general::ALL.len() + 1);
}

#[tokio::test]
async fn a_stored_value_that_is_no_longer_valid_gives_the_default_and_harms_no_other() {
    let (store, settings) = stored().await;
    store
        .write(|tx| {
            Box::pin(async move {
                for (key, value) in [
                    ("general.message_cooldown", "99999"),
                    ("general.bot_name", "{broken"),
                    ("general.command_prefix", "\"?\""),
                    ("memes.later", "7"),
                ] {
                    store::execute!(
                        tx,
                        "INSERT INTO settings (guild_id, key, value) VALUES (1, $1, $2)",
                        key,
                        value
                    )?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    settings.load(GUILD).await.unwrap();
    assert_eq!(settings.get(GUILD, &general::MESSAGE_COOLDOWN).as_secs(), 5);
    assert_eq!(settings.get(GUILD, &general::BOT_NAME), "Haze World Bot");
    assert_eq!(settings.get(GUILD, &general::COMMAND_PREFIX), "?");
    static LATER: Setting<i64> = Setting::integer("memes.later", 1, 0..=9, "Declared after loading.");
    settings.register(&[LATER.def()]).unwrap();
    assert_eq!(settings.get(GUILD, &LATER), 7);
}

#[test]
fn values_are_taken_in_every_form_that_clients_send() {
    static TEXTS: Setting<Vec<String>> = Setting::texts(
        "t.texts",
        &["Hi {name}"],
        1..=3,
        10,
        TextRule::Placeholders(&["name"]),
        "Texts.",
    );
    static ROLES: Setting<Vec<RoleId>> = Setting::roles("t.roles", 2, "Roles.");
    let normal = |kind: &Kind, value: Value| kind.normalise(&value);
    assert_eq!(
        normal(&TEXTS.def().kind, json!(["Hi {name}"])),
        Ok(None),
        "the default is not stored"
    );
    assert_eq!(
        normal(&TEXTS.def().kind, json!(["{ }{name}"])),
        Ok(Some(json!(["{ }{name}"])))
    );
    assert!(
        matches!(normal(&TEXTS.def().kind, json!(["{nam}"])), Err(Reason::Placeholder(name, _)) if name == "nam")
    );
    assert_eq!(normal(&TEXTS.def().kind, json!([])), Err(Reason::Entries(1, 3)));
    assert_eq!(normal(&TEXTS.def().kind, json!([""])), Err(Reason::Length(1, 10)));
    assert_eq!(
        normal(&ROLES.def().kind, json!([5, "5", "6"])),
        Ok(Some(json!(["5", "6"])))
    );
    assert_eq!(
        normal(&ROLES.def().kind, json!([1, 2, 3])),
        Err(Reason::Entries(0, 2))
    );
    let role = &general::ADMIN_ROLE.def().kind;
    assert_eq!(
        normal(role, json!(1_100_000_000_000_000_001_u64)),
        Ok(Some(json!("1100000000000000001")))
    );
    assert_eq!(normal(role, Value::Null), Ok(None));
    for wrong in [json!(-1), json!(1.5), json!("x"), json!(true), json!({})] {
        assert_eq!(normal(role, wrong), Err(Reason::Id));
    }
    let seconds = &general::MESSAGE_COOLDOWN.def().kind;
    assert_eq!(normal(seconds, json!(4.0)), Ok(Some(json!(4))));
    assert!(normal(seconds, json!("4")).is_err() && normal(seconds, json!(1e300)).is_err());
}

#[test]
fn the_schema_describes_every_setting() {
    let schema = Settings::in_memory().schema();
    assert_eq!(schema.len(), general::ALL.len());
    let prefix = schema
        .iter()
        .find(|entry| entry.get("key") == Some(&json!("general.command_prefix")))
        .unwrap();
    assert_eq!(prefix.get("section"), Some(&json!("general")));
    assert_eq!(
        (prefix.get("type"), prefix.get("maxLength")),
        (Some(&json!("string")), Some(&json!(5)))
    );
    assert_eq!(
        (prefix.get("default"), prefix.get("live")),
        (Some(&json!("!")), Some(&json!(true)))
    );
}

#[test]
fn every_problem_has_its_text() {
    let reasons = [
        Reason::Unknown,
        Reason::Type("a number"),
        Reason::Range("0".into(), "1".into()),
        Reason::Length(0, 1),
        Reason::Entries(0, 1),
        Reason::Blanks,
        Reason::Placeholder("x".into(), &["y"]),
        Reason::Choice(&["a"]),
        Reason::Id,
        Reason::Other("be nice".into()),
        Reason::AdminOnly,
    ];
    let texts = crate::texts::Texts::builder().build().unwrap();
    for reason in reasons {
        let (id, args) = Problem {
            key: "a.b".into(),
            reason,
        }
        .text();
        let args: Vec<_> = args
            .iter()
            .map(|(name, value)| (*name, crate::texts::Arg::raw(value.as_str())))
            .collect();
        let text = texts.find(None, None, id, &args).unwrap_or_else(|| id.to_owned());
        assert!(text.contains("a.b") && !text.contains('{'), "{id}: {text}");
    }
}
