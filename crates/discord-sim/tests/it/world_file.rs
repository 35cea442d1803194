//! World files: the example makes a world that a bot can log in to, and mistakes are told with their place.

use discord_sim::world::permissions::Permissions;
use discord_sim::{EXAMPLE_WORLD, Id, Sim, SimClock, SimOptions, World, WorldFile, WorldFileError};
use serde_json::{Value, json};

use crate::socket::Socket;

const NOW: i64 = 1_800_000_000_000;

fn example() -> Value {
    serde_json::from_str(EXAMPLE_WORLD).unwrap()
}

fn build(json: &Value) -> Result<World, WorldFileError> {
    WorldFile::parse(&json.to_string())?.build(SimClock::manual(NOW), 1)
}

fn user(world: &World, name: &str) -> Id {
    let of = |u: &&discord_sim::world::model::User| u.global_name.as_deref() == Some(name) || u.name == name;
    world.users.values().find(of).unwrap().id
}

#[test]
fn the_example_is_the_world_that_it_describes() {
    let world = build(&example()).unwrap();
    assert_eq!(world.now(), NOW);
    let guild = world.guilds.values().next().unwrap();
    assert_eq!((guild.name.as_str(), guild.members.len()), ("Harbour Lights", 25));
    let mut roles: Vec<_> = guild
        .roles
        .values()
        .map(|r| (r.position, r.name.as_str()))
        .collect();
    roles.sort_unstable();
    let names: Vec<&str> = roles.into_iter().map(|(_, name)| name).collect();
    assert_eq!(
        names,
        [
            "@everyone",
            "Jukebox",
            "Member",
            "Moderator",
            "Community Bot",
            "Admin"
        ]
    );
    let finn = guild.members.get(&user(&world, "Finn")).unwrap();
    assert_eq!((finn.nick.as_deref(), finn.status), (Some("Finnegan"), "idle"));
    let channel = |name: &str| world.channels.values().find(|c| c.name == name).unwrap();
    assert_eq!(channel("general").messages.len(), 2);
    assert_eq!(guild.rules_channel, Some(channel("rules").id));
    let (log, rules) = (channel("log"), channel("rules"));
    assert!(!world.sees(user(&world, "Finn"), log));
    assert!(world.sees(user(&world, "Lotte"), log));
    assert!(world.sees(user(&world, "Community Bot"), log));
    assert!(
        !world
            .permissions_in(rules, user(&world, "Finn"))
            .has(Permissions::SEND_MESSAGES)
    );
    assert!(!world.users.get(&user(&world, "Yuki")).unwrap().takes_dms);
}

#[test]
fn with_a_founding_day_ids_are_the_same_at_each_start() {
    let ids = |now| {
        let world = WorldFile::parse(EXAMPLE_WORLD)
            .unwrap()
            .build(SimClock::manual(now), 1)
            .unwrap();
        let mut ids: Vec<Id> = world.channels.keys().chain(world.users.keys()).copied().collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(NOW), ids(NOW + 777_000));
}

#[tokio::test]
async fn a_bot_logs_in_with_the_token_of_the_file() {
    let sim = Sim::start(SimOptions::default(), build(&example()).unwrap())
        .await
        .unwrap();
    let mut socket = Socket::open(&sim, "?v=10").await;
    socket
        .send(
            json!({ "op": 2, "d": { "token": "example.token.of-the-community-bot", "intents": 1 | 1 << 8 } }),
        )
        .await;
    let guild = socket.until(0, Some("GUILD_CREATE")).await;
    assert_eq!(guild.pointer("/d/name"), Some(&json!("Harbour Lights")));
    let presences = guild.pointer("/d/presences").and_then(Value::as_array).unwrap();
    assert!(
        presences
            .iter()
            .any(|p| p.pointer("/activities/0/name") == Some(&json!("Chess")))
    );
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (pointer, value, path, says) in [
        (
            "/guilds/0/owner",
            json!("Robyn"),
            "guilds[0].owner",
            "did you mean \"Robin\"",
        ),
        ("/people/1/name", json!("Robin"), "people[1].name", "already"),
        (
            "/people/1/status",
            json!("asleep"),
            "people[1].status",
            "none of online",
        ),
        ("/bots/0/token", json!("a b"), "bots[0].token", "no spaces"),
        (
            "/bots/0/intents/1",
            json!("GUILDS"),
            "bots[0].intents[1]",
            "none of",
        ),
        (
            "/guilds/0/roles/0/permissions/0",
            json!("ADMIN"),
            "guilds[0].roles[0].permissions[0]",
            "ADMINISTRATOR",
        ),
        (
            "/guilds/0/roles/1/color",
            json!("green"),
            "guilds[0].roles[1].color",
            "#rrggbb",
        ),
        (
            "/guilds/0/bots/0/above",
            json!("Modertor"),
            "guilds[0].bots[0].above",
            "Moderator",
        ),
        (
            "/guilds/0/crowd/count",
            json!(9_000_000),
            "guilds[0].crowd.count",
            "at most",
        ),
        (
            "/guilds/0/members/1/roles/0",
            json!("Nobody"),
            "guilds[0].members[1].roles[0]",
            "no role",
        ),
        (
            "/guilds/0/channels/0/channels/1/type",
            json!("category"),
            "guilds[0].channels[0].channels[1]",
            "in no other",
        ),
        (
            "/guilds/0/channels/1/channels/0/messages/1/by",
            json!("Yuki"),
            "guilds[0].channels[1].channels[0].messages[1].by",
            "no member",
        ),
        (
            "/guilds/0/channels/1/channels/0/messages/1",
            json!({ "by": "Lotte", "text": "Hello", "at": "-3h" }),
            "guilds[0].channels[1].channels[0].messages[1].at",
            "before",
        ),
        (
            "/guilds/0/system_channel",
            json!("generale"),
            "guilds[0].system_channel",
            "general",
        ),
    ] {
        let mut file = example();
        *file.pointer_mut(pointer).unwrap() = value;
        let Err(WorldFileError::Content(mistakes)) = build(&file) else {
            unreachable!("{pointer} was taken")
        };
        let told = mistakes.iter().find(|m| m.path == path);
        assert!(
            told.is_some_and(|m| m.message.contains(says)),
            "{pointer}: {mistakes:?}"
        );
    }
}

#[test]
fn a_wrong_form_is_told_with_its_place() {
    for (pointer, value, path, says) in [
        (
            "/people/1/since",
            json!("yesterday"),
            "people[1].since",
            "no moment",
        ),
        (
            "/guilds/0/channels/0/type",
            json!("chat"),
            "guilds[0].channels[0].type",
            "unknown variant",
        ),
        (
            "/guilds/0/crowd",
            json!({ "size": 3 }),
            "guilds[0].crowd.size",
            "unknown field",
        ),
        ("/guilds", json!(5), "guilds", "sequence"),
    ] {
        let mut file = example();
        *file.pointer_mut(pointer).unwrap() = value;
        let error = build(&file).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{path}: ")) && error.contains(says),
            "{error}"
        );
    }
    assert!(WorldFile::parse("{").is_err());
    assert!(WorldFile::parse(&format!("{EXAMPLE_WORLD} more")).is_err());
}
