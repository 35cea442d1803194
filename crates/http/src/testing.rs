//! A whole API over a fake guild, for tests: `World::new(|api| vec![routes(…)])`, then `world.get("/api/…", &token)`.

#![expect(clippy::unwrap_used, reason = "tests may stop at what is wrong")]

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use hazebot_core::{
    Clock, Directory, Entropy, Store,
    clock::from_millis,
    directory::{Channel, Member, Role as GuildRole, StaffRoles},
    env::{ApiEnv, DiscordEnv, LoginEnv, OAuthEnv},
    gate::Gates,
    ids::{ChannelId, GuildId, RoleId, UserId},
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use parking_lot::RwLock;
use serde_json::Value;

use crate::{
    Api, ApiOptions, App, Built, Identity, RouteInfo, Routes, auth::sessions::SeenFrom, caller::Role,
};

/// The home guild of the tests.
pub const GUILD: GuildId = GuildId::new(1_100_000_000_000_000_001);
/// The admin role.
pub const ADMIN_ROLE: RoleId = RoleId::new(1_100_000_000_000_000_101);
/// The moderator role.
pub const MODERATOR_ROLE: RoleId = RoleId::new(1_100_000_000_000_000_102);
/// A member with the admin role.
pub const ADA: UserId = UserId::new(1_100_000_000_000_000_301);
/// A member with the moderator role.
pub const MOSS: UserId = UserId::new(1_100_000_000_000_000_302);
/// A member without a staff role.
pub const FINN: UserId = UserId::new(1_100_000_000_000_000_303);
/// The moment at which the clock of the tests starts, Unix milliseconds.
pub const START: i64 = 1_766_000_000_000;
/// The key of tokens.
pub const SECRET: &str = "a-secret-key-of-the-tests-that-is-long-enough";

/// A guild whose members a test changes as it likes.
#[derive(Debug, Default)]
pub struct FakeDirectory {
    /// Members and whether the guild has arrived.
    pub guild: RwLock<(bool, Vec<Member>)>,
}

impl FakeDirectory {
    /// Adds a member, or gives them other roles.
    pub fn set(&self, user: UserId, name: &str, roles: &[RoleId]) {
        let mut guild = self.guild.write();
        guild.1.retain(|member| member.user != user);
        guild.1.push(Member {
            user,
            username: name.to_owned(),
            display_name: name.to_owned(),
            display_avatar: format!("https://cdn.example/{user}.png"),
            avatar: None,
            bot: false,
            roles: roles.to_vec(),
            joined_at: None,
        });
    }

    /// Takes a member out.
    pub fn remove(&self, user: UserId) {
        self.guild.write().1.retain(|member| member.user != user);
    }

    /// Sets whether the guild has arrived.
    pub fn arrived(&self, arrived: bool) {
        self.guild.write().0 = arrived;
    }
}

impl Directory for FakeDirectory {
    fn knows(&self, guild: GuildId) -> bool {
        guild == GUILD && self.guild.read().0
    }

    fn guild_name(&self, guild: GuildId) -> Option<String> {
        (guild == GUILD).then(|| "Lantern Lodge".to_owned())
    }

    fn me(&self) -> Option<UserId> {
        None
    }

    fn member(&self, guild: GuildId, user: UserId) -> Option<Member> {
        self.members(guild).into_iter().find(|member| member.user == user)
    }

    fn members(&self, guild: GuildId) -> Vec<Member> {
        if self.knows(guild) {
            self.guild.read().1.clone()
        } else {
            Vec::new()
        }
    }

    fn roles(&self, _: GuildId) -> Vec<GuildRole> {
        let role = |id, name: &str, position| GuildRole {
            id,
            name: name.to_owned(),
            color: 0,
            position,
            mentionable: false,
        };
        vec![
            role(ADMIN_ROLE, "Inventory Master", 2),
            role(MODERATOR_ROLE, "Slot Keeper", 1),
        ]
    }

    fn channels(&self, _: GuildId) -> Vec<Channel> {
        Vec::new()
    }

    fn channel(&self, _: GuildId, _: ChannelId) -> Option<Channel> {
        None
    }

    fn is_administrator(&self, _: GuildId, _: UserId) -> bool {
        false
    }

    fn can_manage_guild(&self, _: GuildId, _: UserId) -> bool {
        false
    }
}

/// The API with all that is around it.
pub struct World {
    /// The services.
    pub api: Api,
    /// What answers requests.
    pub app: App,
    /// All routes.
    pub inventory: Vec<RouteInfo>,
    /// The description.
    pub openapi: utoipa::openapi::OpenApi,
    /// The guild.
    pub directory: Arc<FakeDirectory>,
    /// The database.
    pub store: Store,
    /// Stands still until it is moved.
    pub clock: Clock,
    /// The doors of the cogs, all shut at first.
    pub gates: Gates,
}

/// An answer, read.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as JSON; `null` if it is none.
    pub json: Value,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The sentence of an error.
    #[must_use]
    pub fn error(&self) -> &str {
        self.json.get("error").and_then(Value::as_str).unwrap_or_default()
    }

    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl World {
    /// A world with these routes; rate limits are on, Ada, Moss and Finn are members, `admin` / `golden-pass` signs in.
    pub async fn new(features: impl FnOnce(&Api) -> Vec<Routes>) -> Self {
        Self::with(features, |_| {}).await
    }

    /// As [`World::new`], with other options.
    pub async fn with(
        features: impl FnOnce(&Api) -> Vec<Routes>,
        change: impl FnOnce(&mut ApiOptions),
    ) -> Self {
        let clock = Clock::manual(from_millis(START));
        let store = Store::open("sqlite::memory:", clock.clone(), Entropy::seeded(1))
            .await
            .unwrap();
        let directory = Arc::new(FakeDirectory::default());
        directory.arrived(true);
        directory.set(ADA, "ada_keeper", &[ADMIN_ROLE]);
        directory.set(MOSS, "moss_warden", &[MODERATOR_ROLE]);
        directory.set(FINN, "finn_reed", &[]);
        let mut options = options(store.clone(), Arc::clone(&directory));
        change(&mut options);
        let gates = options.gates.clone();
        let api = Api::new(options);
        let features = features(&api);
        let Built {
            app,
            inventory,
            openapi,
        } = api.build(features, None).unwrap();
        Self {
            api,
            app,
            inventory,
            openapi,
            directory,
            store,
            clock,
            gates,
        }
    }

    /// Signs a member in.
    pub async fn token(&self, user: UserId) -> String {
        self.api.auth().token_of_member(user).await.unwrap()
    }

    /// Signs the password login `admin` in.
    pub async fn login_token(&self) -> String {
        let identity = Identity::Login("admin".into());
        let signed_in = self
            .api
            .auth()
            .sign_in(identity, "admin", Role::Admin, SeenFrom::default())
            .await;
        signed_in.unwrap().token
    }

    /// Sends a request from 203.0.113.7 and reads the answer.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from("203.0.113.7", request).await
    }

    /// Sends a request from this address and reads the answer.
    pub async fn send_from(&self, ip: &str, request: Request<Body>) -> Answer {
        let (parts, body) = self.app.respond(request, ip.parse().unwrap()).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let json = serde_json::from_slice(&body).unwrap_or_default();
        Answer {
            status: parts.status,
            headers: parts.headers,
            json,
            body,
        }
    }

    /// A request without body; an empty token sends none.
    pub async fn call(&self, method: Method, path: &str, token: &str) -> Answer {
        self.send(request(method, path, token, Body::empty())).await
    }

    /// `GET`.
    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.call(Method::GET, path, token).await
    }

    /// A request with a JSON body.
    pub async fn json(&self, method: Method, path: &str, token: &str, body: &Value) -> Answer {
        self.send(request(method, path, token, Body::from(body.to_string())))
            .await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.json(Method::POST, path, token, body).await
    }

    /// Opens the door of a cog.
    pub async fn load(&self, cog: &'static str) {
        self.gates
            .of(cog)
            .pause(std::time::Duration::from_secs(5))
            .await
            .unwrap()
            .open();
    }
}

fn request(method: Method, path: &str, token: &str, body: Body) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json");
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(body).unwrap()
}

fn options(store: Store, directory: Arc<FakeDirectory>) -> ApiOptions {
    let login = |name: &str, password: &str| LoginEnv {
        name: name.to_owned(),
        password: password.into(),
    };
    ApiOptions {
        api: ApiEnv {
            bind: "127.0.0.1".parse().unwrap(),
            port: 0,
            secret_key: SECRET.into(),
            logins: vec![login("admin", "golden-pass"), login("second", "golden-pass-2")],
            monitoring_secret: Some("golden-monitoring-secret".into()),
            version: "1.0.0".to_owned(),
            environment: "production".to_owned(),
            trusted_proxies: Vec::new(),
        },
        oauth: Some(OAuthEnv {
            client_id: hazebot_core::ids::ApplicationId::new(1_100_000_000_000_000_900),
            client_secret: "a client secret".into(),
            redirect_uri: "https://api.example.org/api/discord/callback".parse().unwrap(),
            frontend_url: Some("https://admin.example.org".parse().unwrap()),
            analytics_url: Some(
                "https://api.example.org/analytics/analytics_dashboard.html"
                    .parse()
                    .unwrap(),
            ),
        }),
        discord: DiscordEnv {
            token: "a bot token".into(),
            guild: GUILD,
            guild_name: None,
            base_url: "https://discord.com".parse().unwrap(),
            public_url: "https://discord.com".parse().unwrap(),
            cdn_url: "https://cdn.discordapp.com".parse().unwrap(),
        },
        directory,
        staff_roles: Arc::new(|_| StaffRoles {
            admin: Some(ADMIN_ROLE),
            moderator: Some(MODERATOR_ROLE),
        }),
        store,
        gates: Gates::default(),
        rate_limits: true,
    }
}
