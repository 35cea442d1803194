//! A small world in process, with everything that a request can be about, and what a bot knows of it.

use std::cell::RefCell;
use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use discord_sim::{
    BotRights, CommandCall, Community, CommunityOptions, Scenario, Sim, SimClock, SimOptions, World,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// When everything happens, in Unix milliseconds: an input gives the same at any time.
const MOMENT: i64 = 1_740_787_200_000;
/// The least that the scenario can do with.
const PEOPLE: usize = 8;
/// Ids that are picked from: those of the beginning and the newest ones.
const MOST_IDS: usize = 64;
/// Answers larger than this are not looked at.
const LARGEST_ANSWER: usize = 16 << 20;

/// The dice of each run.
const SEED: u64 = 7;

/// A simulator with its bot.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) sim: Sim,
    pub(crate) router: Router,
    pub(crate) bot_token: String,
    /// Ids of what exists, as path parameters and in bodies.
    pub(crate) ids: Vec<String>,
    /// Tokens of a webhook and of an interaction.
    pub(crate) tokens: Vec<String>,
    /// Access tokens are wrong at first; an exchange may give a right one.
    pub(crate) bearer: String,
}

/// What every run begins with. Making it takes far longer than a run, so it is made once.
struct Kept {
    stage: Stage,
    world: World,
}

impl Kept {
    /// The stage as it was at first.
    fn again(&self) -> Stage {
        self.stage.sim.starts_over(self.world.copy(SEED));
        self.stage.clone()
    }
}

thread_local! {
    static RUNTIME: RefCell<Option<tokio::runtime::Runtime>> = const { RefCell::new(None) };
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// Runs a future to its end on this thread.
pub(crate) fn block_on(future: impl Future<Output = ()>) {
    RUNTIME.with_borrow_mut(|runtime| {
        let made = runtime.get_or_insert_with(|| {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            builder
                // Nothing here has a socket.
                .enable_time()
                .build()
                .unwrap_or_else(|error| panic!("no runtime: {error}"))
        });
        made.block_on(future);
    });
}

/// Method and template of every route.
pub(crate) fn routes() -> &'static [(&'static str, &'static str)] {
    static ROUTES: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    ROUTES.get_or_init(|| discord_sim::routes().collect())
}

impl Stage {
    /// A stage on which nothing has happened yet.
    pub(crate) async fn set() -> Self {
        if let Some(stage) = KEPT.with_borrow(|kept| kept.as_ref().map(Kept::again)) {
            return stage;
        }
        let stage = Self::build().await;
        let world = stage.sim.read(|world| world.copy(SEED));
        let kept = Kept { stage, world };
        let stage = kept.again();
        KEPT.set(Some(kept));
        stage
    }

    async fn build() -> Self {
        let (world, c) = Scenario::community_with(CommunityOptions {
            clock: SimClock::manual(MOMENT),
            founded: Some(MOMENT),
            people: PEOPLE,
            bot_rights: BotRights::Administrator,
            ..CommunityOptions::default()
        })
        .unwrap_or_else(|error| panic!("no world: {error}"));
        let options = SimOptions {
            rate_limits: false,
            ..SimOptions::default()
        };
        let (sim, router) = Sim::in_process(options, world);
        let mut stage = Self {
            sim,
            router,
            bot_token: c.bot_token.clone(),
            ids: ids(&c),
            tokens: Vec::new(),
            bearer: "x".to_owned(),
        };
        stage.furnish(&c).await;
        stage
    }

    /// A command and an interaction that waits for its answer, a webhook, a message with a button.
    async fn furnish(&mut self, c: &Community) {
        let (application, general) = (c.application, c.channels.general);
        let commands = json!([{ "name": "go", "description": "Goes", "options": [
            { "type": 3, "name": "text", "description": "What", "autocomplete": true }] }]);
        self.ask("PUT", &format!("/applications/{application}/commands"), &commands)
            .await;
        let hook = self
            .ask(
                "POST",
                &format!("/channels/{general}/webhooks"),
                &json!({ "name": "hook" }),
            )
            .await;
        self.tokens
            .extend(hook.get("token").and_then(Value::as_str).map(str::to_owned));
        let button = json!({ "content": "hi", "components": [{ "type": 1, "components": [
            { "type": 2, "style": 1, "label": "Go", "custom_id": "go" }] }] });
        self.ask("POST", &format!("/channels/{general}/messages"), &button)
            .await;
        let finn = self
            .sim
            .as_user(c.finn)
            .in_channel(general)
            .waiting(Duration::ZERO);
        let call = CommandCall {
            name: "go".to_owned(),
            ..CommandCall::default()
        };
        if let Ok(exchange) = finn.runs(call).await {
            let token = self
                .sim
                .read(|w| w.interaction(exchange.interaction).map(|i| i.token.clone()));
            self.ids.push(exchange.interaction.to_string());
            self.tokens.extend(token);
        }
    }

    /// A right request of the bot.
    async fn ask(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v10{path}"))
            .header(header::AUTHORIZATION, format!("Bot {}", self.bot_token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        let Ok(request) = request else { return Value::Null };
        let (status, answer) = self.send(request).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    /// Sends a request; gives the status and the answer's JSON, and remembers what it tells of.
    pub(crate) async fn send(&mut self, request: Request<Body>) -> (u16, Value) {
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), LARGEST_ANSWER)
            .await
            .unwrap_or_default();
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if let Some(id) = answer.get("id").and_then(Value::as_str) {
            if self.ids.len() >= MOST_IDS {
                self.ids.pop();
            }
            self.ids.push(id.to_owned());
        }
        if let Some(token) = answer.get("access_token").and_then(Value::as_str) {
            token.clone_into(&mut self.bearer);
        }
        (status, answer)
    }
}

fn ids(c: &Community) -> Vec<String> {
    let (channels, roles) = (&c.channels, &c.roles);
    let known = [
        c.guild,
        c.finn,
        c.bot,
        c.owner,
        c.newcomer,
        c.stranger,
        c.application,
        channels.general,
        channels.log,
        channels.tickets,
        channels.lounge,
        channels.announcements,
        roles.member,
        roles.admin,
        roles.bot,
    ];
    known
        .iter()
        .map(ToString::to_string)
        .chain(["1".to_owned(), "0".to_owned()])
        .collect()
}
