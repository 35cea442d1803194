//! A community with the bot in it, and short ways to do what people do.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::body::{Body, Bytes, to_bytes};
use discord_sim::{
    AsUser, Community, CommunityOptions, Exchange, Id, Scenario, Seen, Sim, SimClock, SimOptions,
};
use hazebot_core::{
    Actor, Clock, Entropy, Store,
    cache::Caches,
    env::Env,
    gate::Gates,
    ids::{GuildId, UserId},
    jobs::JobRunner,
    settings::{
        Changes, Settings,
        general::{ADMIN_ROLE, MODERATOR_ROLE, TICKETS_CATEGORY, TRANSCRIPT_CHANNEL},
    },
    texts::Texts,
    upstream::Upstreams,
};
use hazebot_discord::{Bot, Discord, GatewayDirectory, Services, gateway};
use hazebot_http::{Api, ApiOptions, App, Server, socket_client::Client};
use hazebot_tickets::{Files, TEXTS, Tickets, cog, register_sockets, routes, settings};
use http::{Request, StatusCode, response::Parts};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use url::Url;

pub(crate) const WAIT: Duration = Duration::from_secs(10);
pub(crate) const DESCRIPTION: &str = "The lamp by the pier has been dark since Monday.";

pub(crate) struct Scene {
    pub(crate) sim: Sim,
    pub(crate) people: Community,
    pub(crate) bot: Bot,
    pub(crate) tickets: Tickets,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) guild: GuildId,
    /// The data folder; it stays over a restart.
    pub(crate) folder: Arc<TempDir>,
    api: Api,
    app: App,
    server: tokio::sync::Mutex<Option<(Server, SocketAddr)>>,
    stop: CancellationToken,
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn user(id: Id) -> UserId {
    UserId::new(id.get())
}

impl Scene {
    /// Everything set up and connected; time stands still until it is moved.
    pub(crate) async fn start() -> Self {
        Self::start_on("sqlite::memory:").await
    }

    /// The same on a database of choice.
    pub(crate) async fn start_on(database: &str) -> Self {
        let clock = Clock::manual(Clock::system().now());
        let options = CommunityOptions {
            clock: SimClock::manual(clock.now_millis()),
            ..CommunityOptions::default()
        };
        let (world, people) = Scenario::community_with(options).unwrap();
        let sim = Sim::start(
            discord_document::checked(SimOptions {
                rate_limits: false,
                ..SimOptions::default()
            }),
            world,
        )
        .await
        .unwrap();
        let store = Store::open(database, clock.clone(), Entropy::seeded(7))
            .await
            .unwrap();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::on(sim, people, clock, store, folder).await
    }

    /// A second life on the same Discord and the same store, as after a restart.
    pub(crate) async fn restart(self) -> Self {
        self.restart_after(chrono::Duration::zero()).await
    }

    /// The same, after the program has been down for a time.
    pub(crate) async fn restart_after(self, down: chrono::Duration) -> Self {
        self.stop.cancel();
        self.bot.cogs().stop().await;
        let (sim, people) = (self.sim.clone(), self.people.clone());
        let (clock, store) = (self.clock.clone(), self.store.clone());
        let folder = self.folder.clone();
        drop(self);
        clock.advance(down);
        sim.advance(down.to_std().unwrap());
        Self::on(sim, people, clock, store, folder).await
    }

    async fn on(sim: Sim, people: Community, clock: Clock, store: Store, folder: Arc<TempDir>) -> Self {
        let guild = GuildId::new(people.guild.get());
        let base = Url::parse(sim.base_url()).unwrap();
        let settings = Settings::new(store.clone());
        settings.register(settings::TABLE).unwrap();
        settings.load(guild).await.unwrap();
        let texts = Texts::builder()
            .add_all(TEXTS)
            .add_all(hazebot_discord::TEXTS)
            .build()
            .unwrap();
        texts.keep_in(&store, &settings);
        let directory = Arc::new(GatewayDirectory::new(&base));
        settings.set_directory(directory.clone());
        let gates = Gates::default();
        let bot = Bot::new(Services {
            discord: Discord::new(&people.bot_token, &base).unwrap(),
            directory: directory.clone(),
            store: store.clone(),
            settings: settings.clone(),
            texts,
            jobs: JobRunner::new(store.clone()),
            gates: gates.clone(),
            home: guild,
            allow_any_guild: false,
        });
        let upstreams = Upstreams::new(clock.clone(), Entropy::seeded(8), Caches::new(clock.clone()));
        let files = Files::new(folder.path(), &upstreams, base.clone());
        let tickets = Tickets::new(bot.clone(), files, None);
        let env = env(&sim, &people);
        let roles = settings.clone();
        let api = Api::new(ApiOptions {
            api: env.api,
            oauth: None,
            discord: env.discord,
            directory,
            staff_roles: Arc::new(move |guild| hazebot_core::settings::staff_roles(&roles, guild)),
            store: store.clone(),
            gates,
            rate_limits: false,
        });
        let app = api
            .build(vec![routes(tickets.clone(), api.grants().clone())], None)
            .unwrap()
            .app;
        let stop = CancellationToken::new();
        let (connected, token, stopped) = (bot.clone(), people.bot_token.clone(), stop.clone());
        tokio::spawn(async move { gateway::run(&connected, &token, stopped).await });
        bot.gauges().ready().await;
        bot.cogs().start(vec![cog(tickets.clone())]).await.unwrap();
        let scene = Self {
            sim,
            people,
            bot,
            tickets,
            clock,
            store,
            guild,
            folder,
            api,
            app,
            server: tokio::sync::Mutex::default(),
            stop,
        };
        scene.know_everybody().await;
        scene.set_up_guild().await;
        scene
    }

    async fn know_everybody(&self) {
        let (directory, finn) = (self.bot.directory(), user(self.people.finn));
        while directory.member(self.guild, finn).is_none() || directory.channels(self.guild).is_empty() {
            tokio::task::yield_now().await;
        }
        let (application, guild) = (self.people.application, self.people.guild);
        let there = self.sim.wait_until(
            |w| {
                let commands = w
                    .application(application)
                    .ok()
                    .and_then(|a| a.guild_commands.get(&guild));
                commands.is_some_and(|commands| !commands.is_empty())
            },
            WAIT,
        );
        assert!(there.await, "the slash command is registered");
    }

    async fn set_up_guild(&self) {
        let (channels, roles) = (&self.people.channels, &self.people.roles);
        let changes = Changes::new()
            .set(
                &ADMIN_ROLE,
                Some(hazebot_core::ids::RoleId::new(roles.admin.get())),
            )
            .set(
                &MODERATOR_ROLE,
                Some(hazebot_core::ids::RoleId::new(roles.moderator.get())),
            )
            .set(
                &TICKETS_CATEGORY,
                Some(hazebot_core::ids::ChannelId::new(channels.tickets.get())),
            )
            .set(
                &TRANSCRIPT_CHANNEL,
                Some(hazebot_core::ids::ChannelId::new(channels.transcripts.get())),
            );
        self.change(changes).await;
    }

    pub(crate) async fn change(&self, changes: Changes) {
        self.bot
            .settings()
            .change(&Actor::System, self.guild, changes)
            .await
            .unwrap();
    }

    pub(crate) fn finn(&self) -> AsUser {
        self.sim
            .as_user(self.people.finn)
            .in_channel(self.people.channels.bot_commands)
    }

    pub(crate) fn moderator(&self) -> AsUser {
        self.sim
            .as_user(self.people.moderators[0])
            .in_channel(self.people.channels.mod_chat)
    }

    pub(crate) fn admin(&self) -> AsUser {
        self.sim
            .as_user(self.people.admin)
            .in_channel(self.people.channels.mod_chat)
    }

    pub(crate) fn actor(&self, id: Id) -> Actor {
        Actor::Member {
            guild: self.guild,
            user: user(id),
            name: "somebody".into(),
        }
    }

    /// `/ticket type:…`, the form, and the answer to it.
    pub(crate) async fn opens(&self, who: &AsUser, kind: &str, subject: &str) -> Exchange {
        let shown = who.runs_slash_with("ticket", [("type", kind)]).await.unwrap();
        let Some(modal) = shown.modal.clone() else {
            return shown;
        };
        who.submits_modal(&modal, [("subject", subject), ("description", DESCRIPTION)])
            .await
            .unwrap()
    }

    /// Opens a ticket by Finn and finds its channel and control message.
    pub(crate) async fn ticket(&self) -> Opened {
        let answer = self.opens(&self.finn(), "Support", "Dark lamp").await;
        assert!(answer.text().contains("has been opened"), "{answer:?}");
        self.opened("ticket-1-support-finn").await
    }

    pub(crate) async fn opened(&self, name: &str) -> Opened {
        let find = |w: &discord_sim::World| w.channels.values().find(|c| c.name == name).map(|c| c.id);
        let channel = self.sim.wait_for(WAIT, find).await.unwrap();
        let control = self.controls(channel).await;
        let list = self.get("/api/tickets", self.people.admin).await.1;
        let found = list["tickets"]
            .as_array()
            .unwrap()
            .iter()
            .find(|t| t["channel_id"] == channel.to_string());
        let id = found
            .map(|t| t["ticket_id"].as_str().unwrap().to_owned())
            .unwrap_or_default();
        Opened {
            channel,
            control: control.id,
            id,
        }
    }

    pub(crate) async fn controls(&self, channel: Id) -> Seen {
        let is_control = |m: &Seen| m.custom_ids().iter().any(|id| id.starts_with("ticket:v1:claim"));
        self.admin().waits_for(channel, is_control).await.unwrap()
    }

    /// Texts of a channel, oldest first.
    pub(crate) fn texts(&self, channel: Id) -> Vec<String> {
        self.admin().sees(channel).iter().map(Seen::text).collect()
    }

    /// A connection of the app or the panel that signed in as somebody.
    pub(crate) async fn socket(&self, who: Id) -> Client {
        let mut server = self.server.lock().await;
        let address = match &*server {
            Some((_, address)) => *address,
            None => {
                register_sockets(&self.tickets, self.api.sockets());
                let listening = Server::new([127, 0, 0, 1].into(), 0);
                let address = listening.serve(self.app.clone()).await.unwrap();
                *server = Some((listening, address));
                address
            }
        };
        let token = self.api.auth().token_of_member(user(who)).await.unwrap();
        Client::connect(address, &json!({ "token": token }).to_string()).await
    }

    pub(crate) async fn jobs(&self) {
        self.bot.jobs().run_due().await.unwrap();
    }

    /// Moves the clock and runs what has become due.
    pub(crate) async fn after(&self, time: chrono::Duration) {
        self.clock.advance(time);
        self.sim.advance(time.to_std().unwrap());
        self.jobs().await;
    }

    pub(crate) async fn get(&self, path: &str, who: Id) -> (StatusCode, Value) {
        self.call("GET", path, who, None).await
    }

    pub(crate) async fn post(&self, path: &str, who: Id, body: Value) -> (StatusCode, Value) {
        self.call("POST", path, who, Some(body)).await
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        who: Id,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let (head, bytes) = self.answer(method, path, Some(who), body).await;
        (head.status, serde_json::from_slice(&bytes).unwrap_or(json!(null)))
    }

    /// An answer as it is; without anybody's token if `who` is `None`.
    pub(crate) async fn answer(
        &self,
        method: &str,
        path: &str,
        who: Option<Id>,
        body: Option<Value>,
    ) -> (Parts, Bytes) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(who) = who {
            let token = self.api.auth().token_of_member(user(who)).await.unwrap();
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let response = self
            .app
            .respond(request.body(body).unwrap(), [127, 0, 0, 1].into())
            .await;
        let (head, body) = response.into_parts();
        (head, to_bytes(body, usize::MAX).await.unwrap())
    }

    /// The messages of a ticket as the API tells them.
    pub(crate) async fn history(&self, ticket: &Opened, who: Id) -> Vec<Value> {
        let (status, body) = self
            .get(&format!("/api/tickets/{}/messages", ticket.id), who)
            .await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body["messages"].as_array().unwrap().clone()
    }

    pub(crate) async fn status(&self, ticket: &Opened) -> String {
        let (_, body) = self
            .get(&format!("/api/tickets/{}", ticket.id), self.people.admin)
            .await;
        body["status"].as_str().unwrap_or_default().to_owned()
    }
}

pub(crate) struct Opened {
    pub(crate) channel: Id,
    pub(crate) control: Id,
    pub(crate) id: String,
}

impl Opened {
    pub(crate) fn button(&self, word: &str) -> String {
        format!("ticket:v1:{word}:{}", self.id)
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/tickets/{}{rest}", self.id)
    }
}

fn env(sim: &Sim, people: &Community) -> Env {
    let vars = [
        ("PROD_MODE", "true".to_owned()),
        ("DISCORD_BOT_TOKEN", people.bot_token.clone()),
        ("DISCORD_GUILD_ID", people.guild.to_string()),
        ("DISCORD_BASE_URL", sim.base_url().to_owned()),
        ("API_SECRET_KEY", "a-key-for-tests-that-is-long-enough".to_owned()),
        ("API_ADMIN_USER", "desk".to_owned()),
        ("API_ADMIN_PASS", "a-password-for-tests".to_owned()),
    ];
    let value = |name: &str| {
        vars.iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.clone())
    };
    Env::load(None, value).unwrap()
}
