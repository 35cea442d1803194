//! Bots on libraries that others wrote, against the simulator alone: it has to be true to Discord, not to HazeBot.
//! One story for all of them; the person is played here, the bot answers with its library.

use discord_document::others_checked;
use discord_sim::{
    AsUser, BotRights, Community, CommunityOptions, Exchange, GatewayFault, Id, Scenario, Seen, Sim,
    SimClock, SimOptions,
};
use hazebot_e2e::{
    PATIENCE, Trouble,
    bot::{Bot, Login},
};
use serde_json::{Value, json};

/// More people than fit into a page of members or into a chunk, which are 1,000 each.
const PEOPLE: usize = 1_200;

#[tokio::test]
async fn a_bot_on_discord_js_lives_as_it_does_on_discord() {
    lives(Bot::discord_js).await;
}

#[tokio::test]
async fn a_bot_on_discord_py_lives_as_it_does_on_discord() {
    lives(Bot::discord_py).await;
}

#[tokio::test]
async fn a_bot_on_serenity_lives_as_it_does_on_discord() {
    lives(Bot::serenity).await;
}

async fn lives(start: fn(&Login<'_>) -> Result<Option<Bot>, Trouble>) {
    let stage = Stage::set().await;
    let announcements = stage.c.channels.bot_commands.to_string();
    let Some(mut bot) = start(&stage.login(&announcements)).unwrap() else {
        return;
    };
    // With a proxy, serenity has no rate limiter of its own.
    stage.sim.limits_rates(bot.name != "serenity");
    tokio::select! {
        biased;
        end = bot.ends() => panic!("{} ended with {} amid the story", bot.name, end.unwrap()),
        () = stage.story() => {}
    }
    stage.says("!leave");
    let end = tokio::time::timeout(PATIENCE, bot.ends()).await.unwrap().unwrap();
    assert!(end.success(), "{} ended with {end}", bot.name);
}

#[tokio::test]
async fn a_bot_on_discord_js_does_what_staff_does_on_discord() {
    does_what_staff_does(Bot::community_js).await;
}

#[tokio::test]
async fn a_bot_on_discord_py_does_what_staff_does_on_discord() {
    does_what_staff_does(Bot::community_py).await;
}

/// Forums, news, polls, emojis, newcomers' screens, webhooks, audit log: the bot asks and looks at what it gets.
async fn does_what_staff_does(start: fn(&Login<'_>) -> Result<Option<Bot>, Trouble>) {
    let stage = Stage::set().await;
    let Some(mut bot) = start(&stage.login("")).unwrap() else {
        return;
    };
    let end = tokio::time::timeout(PATIENCE, bot.ends()).await.unwrap().unwrap();
    assert!(end.success(), "{} ended with {end}", bot.name);
}

struct Stage {
    sim: Sim,
    c: Community,
    finn: AsUser,
}

impl Stage {
    async fn set() -> Self {
        let (world, c) = Scenario::community_with(CommunityOptions {
            // It moves by hand: a slow machine must not make an answer late.
            clock: SimClock::manual(SimClock::real().now()),
            people: PEOPLE,
            bot_rights: BotRights::Administrator,
            ..CommunityOptions::default()
        })
        .unwrap();
        let sim = Sim::start(others_checked(SimOptions::default()), world)
            .await
            .unwrap();
        let finn = sim
            .as_user(c.finn)
            .in_channel(c.channels.general)
            .waiting(PATIENCE);
        Self { sim, c, finn }
    }

    fn login<'a>(&'a self, channel: &'a str) -> Login<'a> {
        Login {
            base: self.sim.base_url(),
            token: &self.c.bot_token,
            channel,
        }
    }

    async fn story(&self) {
        self.announced("ready", 1).await;
        let registered = self.sim.wait_until(
            |w| {
                w.applications
                    .values()
                    .map(|a| a.global_commands.len())
                    .sum::<usize>()
                    == 2
            },
            PATIENCE,
        );
        assert!(registered.await, "the commands are not registered");
        let desk = self.commands().await;
        self.components(&desk).await;
        self.prefix_commands().await;
        self.broken_connections().await;
    }

    fn says(&self, text: &str) -> Id {
        self.finn.says(self.c.channels.general, text).unwrap()
    }

    /// What the bot wrote in #general after `said` and `fits`.
    async fn hears(&self, said: Id, what: &str, fits: impl Fn(&Seen) -> bool) -> Seen {
        let general = self.c.channels.general;
        let by_bot = |m: &Seen| m.id > said && m.author == Some(self.c.bot) && fits(m);
        let came = self.finn.waits_for(general, by_bot).await;
        let texts = || -> Vec<String> {
            let seen = self.finn.sees(general).into_iter();
            seen.filter(|m| m.id > said).map(|m| m.text()).collect()
        };
        came.unwrap_or_else(|| panic!("{what} did not come, but {:?}", texts()))
    }

    async fn hears_text(&self, said: Id, text: &str) -> Seen {
        self.hears(said, text, |m| m.text() == text).await
    }

    /// Waits until the bot has announced so many sessions begun, or gone on with.
    async fn announced(&self, text: &str, times: usize) {
        let count = |w: &discord_sim::World| {
            let channel = w.channels.get(&self.c.channels.bot_commands);
            let messages = channel.into_iter().flat_map(|c| &c.messages);
            messages.filter(|m| m.content == text).count()
        };
        let came = self.sim.wait_until(|w| count(w) >= times, PATIENCE).await;
        let counted = self.sim.read(count);
        assert!(
            came && counted == times,
            "\"{text}\" came {counted} times, not {times}"
        );
    }

    fn finns_name(&self) -> String {
        let message = self.says("what am I called?");
        let seen = self.finn.sees(self.c.channels.general);
        let mine = seen.into_iter().find(|m| m.id == message).unwrap().json;
        let name = |pointer: &str| mine.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let names = ["/member/nick", "/author/global_name", "/author/username"];
        names.into_iter().find_map(name).unwrap()
    }

    /// A slash command with options, one of them with autocomplete, and a context menu; gives the desk's message.
    async fn commands(&self) -> Seen {
        let name = self.finns_name();
        let offered = self.finn.types_option("desk", "topic", "te").await.unwrap();
        assert_eq!(offered.choice_names(), ["te1", "te2"]);
        let options = [
            ("who", json!(self.c.finn.to_string())),
            ("number", json!(3)),
            ("topic", json!("te1")),
        ];
        let exchange = self.finn.runs_slash_with("desk", options).await.unwrap();
        let desk = first(&exchange);
        assert_eq!(desk.content, format!("for {name}, 3 of te1"));
        let image = desk
            .json
            .pointer("/embeds/0/image/url")
            .unwrap()
            .as_str()
            .unwrap();
        assert!(
            image.contains("/attachments/") && image.contains("x.png"),
            "{image}"
        );
        let card = self
            .hears(desk.id, "the follow-up", |m| m.text().contains("a card"))
            .await;
        assert!(card.id > desk.id);
        let greeting = self.finn.uses_menu("Say hi", self.c.finn).await.unwrap();
        let greeting = first(&greeting);
        assert_eq!(
            (greeting.content.as_str(), greeting.ephemeral),
            (&*format!("hi {name}"), true)
        );
        desk
    }

    /// A button that opens a form, and two selects.
    async fn components(&self, desk: &Seen) {
        let pressed = self.finn.presses(desk.id, "open").await.unwrap();
        let form = pressed.modal.unwrap();
        assert_eq!((form.title.as_str(), form.custom_id.is_empty()), ("Form", false));
        let sent = self.finn.submits_modal(&form, [("what", "help")]).await.unwrap();
        let got = first(&sent);
        assert_eq!((got.content.as_str(), got.ephemeral), ("got help", true));
        let file = self
            .hears(got.id, "the file", |m| m.content == "with a file")
            .await;
        assert_eq!(
            file.json.pointer("/attachments/0/filename"),
            Some(&json!("a.txt"))
        );
        self.finn.chooses(desk.id, "pick", ["b"]).await.unwrap();
        let edited = self.finn.waits_for(self.c.channels.general, |m| {
            m.id == desk.id && m.content == "picked b"
        });
        assert!(edited.await.is_some(), "the message was not edited");
        let finn = self.c.finn.to_string();
        let chosen = self.finn.chooses(desk.id, "who", [finn]).await.unwrap();
        let updated = chosen.updated.unwrap();
        assert!(updated.content.starts_with("chose "), "{}", updated.content);
        assert!(updated.components.is_empty());
    }

    /// `!hello` does one of everything by REST, `!members` pages through them.
    async fn prefix_commands(&self) {
        let (general, guild) = (self.c.channels.general, self.c.guild);
        let said = self.says("!hello");
        self.hears_text(said, "done").await;
        let reply = self.hears_text(said, "hi").await;
        assert_eq!(
            reply.json.pointer("/message_reference/message_id"),
            Some(&json!(said))
        );
        let edited = self.hears_text(said, "changed").await;
        assert_eq!(edited.json.get("attachments"), Some(&json!([])));
        assert_eq!(edited.json.get("pinned"), Some(&json!(true)));
        let mine = self
            .finn
            .sees(general)
            .into_iter()
            .find(|m| m.id == said)
            .unwrap();
        assert_eq!(mine.json.pointer("/reactions/0/emoji/name"), Some(&json!("👍")));
        let dm = self.finn.dm_with(self.c.bot);
        assert_eq!(
            self.finn.sees(dm).last().map(Seen::text),
            Some("privately".to_owned())
        );
        self.sim.read(|w| {
            let talk = w.channels.values().find(|c| c.name == "talk").unwrap();
            assert!(talk.thread.as_ref().unwrap().archived);
            assert!(talk.messages.iter().any(|m| m.content == "inside"));
            assert!(w.channels.values().all(|c| c.name != "made"));
            let community = w.guilds.get(&guild).unwrap();
            assert!(community.roles.values().all(|r| r.name != "fresh"));
            assert_eq!(community.members.get(&self.c.finn).unwrap().timed_out_until, None);
            let reasons: Vec<_> = community
                .audit
                .iter()
                .filter_map(|e| e.reason.as_deref())
                .collect();
            assert!(reasons.contains(&"over, ütterly"), "{reasons:?}");
            assert!(reasons.contains(&"calm down"), "{reasons:?}");
        });
        let said = self.says("!members");
        let all = self.sim.read(|w| w.guilds.get(&guild).unwrap().members.len());
        self.hears_text(said, &format!("{all} by REST, {all} in chunks"))
            .await;
    }

    /// Resumes miss nothing, and a session that is gone for good is followed by a new one.
    async fn broken_connections(&self) {
        let resumable = GatewayFault::InvalidSession { resumable: true };
        let faults = [GatewayFault::Drop, GatewayFault::Reconnect, resumable];
        for (times, fault) in faults.iter().enumerate() {
            assert_eq!(self.sim.gateway_fails(Some(self.c.application), fault), 1);
            let said = self.says("!ping");
            self.hears_text(said, "pong").await;
            self.announced("resumed", times + 1).await;
            let pongs = self.finn.sees(self.c.channels.general).into_iter();
            assert_eq!(
                pongs.filter(|m| m.id > said && m.content == "pong").count(),
                1,
                "once per event"
            );
        }
        let lost = GatewayFault::InvalidSession { resumable: false };
        self.sim.gateway_fails(Some(self.c.application), &lost);
        self.announced("ready", 2).await;
        self.hears_text(self.says("!ping"), "pong").await;
        self.announced("resumed", faults.len()).await;
    }
}

fn first(exchange: &Exchange) -> Seen {
    let answer = exchange.first();
    answer
        .unwrap_or_else(|| panic!("nothing came: {exchange:?}"))
        .clone()
}
