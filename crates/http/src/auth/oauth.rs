//! Sign-in through Discord: the address of its page, the signed `state` that comes back, and the three calls that tell
//! who somebody is. Discord's documentation, "OAuth2", authorization code grant with PKCE.

use std::{fmt, sync::OnceLock, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hazebot_core::{
    Clock, Entropy, Rights,
    directory::StaffRoles,
    env::{ApiEnv, DiscordEnv, OAuthEnv},
    ids::{GuildId, RoleId, UserId},
};
use hmac::{Hmac, KeyInit, Mac};
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::error::ApiError;

/// How long somebody may take on Discord's page, in milliseconds.
const STATE_LIFETIME: i64 = 10 * 60_000;
/// How long Discord may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes; the real ones have a few kilobytes.
const LONGEST_ANSWER: usize = 256 * 1_024;
/// Hexadecimal digits of a state's nonce and of its signature.
const NONCE_DIGITS: usize = 32;
/// The scope that tells account and membership, and nothing else.
const SCOPE: &str = "identify guilds.members.read";

/// Where somebody signs in from, and so where they are sent back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The app's own address scheme.
    Mobile,
    /// The web client at `DISCORD_OAUTH_FRONTEND_URL`.
    Web,
    /// The analytics page at `DISCORD_OAUTH_ANALYTICS_URL`.
    Analytics,
    /// The panel of this program, at the address that Discord sends back to.
    Panel,
}

impl Source {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Web => "web",
            Self::Analytics => "analytics",
            Self::Panel => "panel",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Mobile, Self::Web, Self::Analytics, Self::Panel]
            .into_iter()
            .find(|source| source.as_str() == word)
    }
}

/// A `state` that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) source: Source,
    /// Set if the state was signed; the proof key of the code hangs on it.
    nonce: Option<String>,
}

impl State {
    /// For a sign-in without state, or with a bare word.
    pub(crate) fn unsigned(source: Source) -> Self {
        Self { source, nonce: None }
    }
}

/// A member as Discord told at the sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) user: UserId,
    pub(crate) username: String,
    /// Roles in the guild; nothing if Discord would not say.
    pub(crate) roles: Membership,
}

/// What Discord said of the membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Membership {
    Member(Vec<RoleId>),
    NotAMember,
    /// Discord could not be asked; the directory has to know.
    Unknown,
}

/// Sign-in through Discord, as the environment sets it up.
pub(crate) struct OAuth {
    settings: OAuthEnv,
    api: Url,
    page: Url,
    key: SecretString,
    clock: Clock,
    entropy: Entropy,
    /// Made at the first sign-in: a client that nobody needs would hold the system's certificates.
    client: OnceLock<reqwest::Client>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: SecretString,
}

#[derive(Deserialize)]
struct UserAnswer {
    id: UserId,
    username: String,
}

#[derive(Deserialize)]
struct MemberAnswer {
    #[serde(default)]
    roles: Vec<RoleId>,
}

impl OAuth {
    pub(crate) fn new(
        settings: OAuthEnv,
        discord: &DiscordEnv,
        api: &ApiEnv,
        clock: Clock,
        entropy: Entropy,
    ) -> Self {
        Self {
            settings,
            api: discord.base_url.clone(),
            page: discord.public_url.clone(),
            key: api.secret_key.clone(),
            clock,
            entropy,
            client: OnceLock::new(),
        }
    }

    /// The address of Discord's page. Sources that take the address as it is get a signed state and a proof key; the
    /// app writes its own `state` over ours, and so could not bring the key's nonce back.
    pub(crate) fn authorize_url(&self, source: Option<Source>) -> Url {
        let mut url = join(&self.page, &["api", "v10", "oauth2", "authorize"]);
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("client_id", &self.settings.client_id.to_string())
                .append_pair("redirect_uri", self.settings.redirect_uri.as_str())
                .append_pair("response_type", "code")
                .append_pair("scope", SCOPE);
            match source {
                None => {}
                Some(Source::Mobile) => {
                    query.append_pair("state", Source::Mobile.as_str());
                }
                Some(source) => {
                    let nonce = self.entropy.hex(NONCE_DIGITS);
                    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier(&nonce).as_bytes()));
                    query
                        .append_pair("state", &self.sign(source, self.clock.now_millis(), &nonce))
                        .append_pair("code_challenge", &challenge)
                        .append_pair("code_challenge_method", "S256");
                }
            }
        }
        url
    }

    fn mac(&self, purpose: &str, text: &str) -> Vec<u8> {
        let key = self.key.expose_secret().as_bytes();
        // a key of any length fits; an empty one can't get past the environment's checks
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
            return Vec::new();
        };
        mac.update(purpose.as_bytes());
        mac.update(b"|");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    fn verifier(&self, nonce: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac("oauth-verifier", nonce))
    }

    fn sign(&self, source: Source, at: i64, nonce: &str) -> String {
        let text = format!("{}.{at}.{nonce}", source.as_str());
        let mac = URL_SAFE_NO_PAD.encode(self.mac("oauth-state", &text));
        format!("{text}.{mac}")
    }

    /// Reads a state: one of ours, or the bare word that the app and old pages send. Nothing if it is forged or old.
    pub(crate) fn read_state(&self, state: &str) -> Option<State> {
        let mut parts = state.splitn(4, '.');
        let (source, rest) = (
            parts.next().and_then(Source::parse),
            (parts.next(), parts.next(), parts.next()),
        );
        let (Some(at), Some(nonce), Some(_)) = rest else {
            // a word that is not known goes where the Python version sent it
            return (!state.contains('.')).then(|| State::unsigned(source.unwrap_or(Source::Web)));
        };
        let (source, at) = (source?, at.parse::<i64>().ok()?);
        let genuine =
            subtle::ConstantTimeEq::ct_eq(self.sign(source, at, nonce).as_bytes(), state.as_bytes());
        let age = self.clock.now_millis() - at;
        (bool::from(genuine) && (0..=STATE_LIFETIME).contains(&age)).then(|| State {
            source,
            nonce: Some(nonce.to_owned()),
        })
    }

    /// Where somebody is sent with their token.
    pub(crate) fn return_url(&self, source: Source, token: &str) -> String {
        let mut url = match source {
            Source::Mobile => return format!("hazebot://oauth?token={token}"),
            Source::Web => self.settings.frontend_url.clone().unwrap_or_else(|| self.panel()),
            Source::Analytics => self
                .settings
                .analytics_url
                .clone()
                .unwrap_or_else(|| self.panel()),
            Source::Panel => self.panel(),
        };
        let bare = url.path() == "/" && url.query().is_none();
        url.query_pairs_mut().append_pair("token", token);
        let text = url.to_string();
        // the address of the contract has no slash between host and query
        if bare && source == Source::Web {
            text.replacen("/?token=", "?token=", 1)
        } else {
            text
        }
    }

    fn panel(&self) -> Url {
        let mut url = self.settings.redirect_uri.clone();
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        url
    }

    /// Whether a page's address belongs to the web client.
    pub(crate) fn is_frontend(&self, page: &Url) -> bool {
        self.settings
            .frontend_url
            .as_ref()
            .is_some_and(|frontend| frontend.origin() == page.origin())
    }

    fn client(&self) -> Result<&reqwest::Client, ApiError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(ApiError::internal)?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Asks Discord whose code this is, and for the membership in the guild.
    pub(crate) async fn identify(
        &self,
        code: &str,
        state: &State,
        guild: GuildId,
    ) -> Result<Account, ApiError> {
        let client = self.client()?;
        let client_id = self.settings.client_id.to_string();
        let verifier = state.nonce.as_deref().map(|nonce| self.verifier(nonce));
        let mut form = vec![
            ("client_id", client_id.as_str()),
            ("client_secret", self.settings.client_secret.expose_secret()),
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.settings.redirect_uri.as_str()),
        ];
        form.extend(verifier.as_deref().map(|verifier| ("code_verifier", verifier)));
        let request = client
            .post(join(&self.api, &["api", "v10", "oauth2", "token"]))
            .form(&form);
        let (status, token) = ask::<TokenAnswer>(request).await?;
        let Some(token) = token else {
            return Err(told(status, "Failed to obtain access token"));
        };

        let get = |path: &[&str]| {
            client
                .get(join(&self.api, path))
                .bearer_auth(token.access_token.expose_secret())
        };
        let (status, user) = ask::<UserAnswer>(get(&["api", "v10", "users", "@me"])).await?;
        let Some(user) = user else {
            return Err(told(status, "Failed to get user info"));
        };

        let guild = guild.to_string();
        let path = ["api", "v10", "users", "@me", "guilds", guild.as_str(), "member"];
        let roles = match ask::<MemberAnswer>(get(&path)).await {
            Ok((_, Some(member))) => Membership::Member(member.roles),
            Ok((StatusCode::NOT_FOUND, None)) => Membership::NotAMember,
            Ok((status, None)) => {
                tracing::warn!(status = status.as_u16(), "Discord did not tell a membership");
                Membership::Unknown
            }
            Err(_) => Membership::Unknown,
        };
        Ok(Account {
            user: user.id,
            username: user.username,
            roles,
        })
    }
}

/// Sends a request; a success that reads gives the answer, any other status nothing.
async fn ask<T: for<'de> Deserialize<'de>>(
    request: reqwest::RequestBuilder,
) -> Result<(StatusCode, Option<T>), ApiError> {
    let away = |error: reqwest::Error| {
        ApiError::bad_gateway("Discord did not answer as expected", error.without_url())
    };
    let mut response = request.send().await.map_err(away)?;
    let status = response.status();
    if !status.is_success() {
        return Ok((status, None));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(away)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            return Err(ApiError::bad_gateway(
                "Discord did not answer as expected",
                "the answer is too long",
            ));
        }
    }
    let answer = serde_json::from_slice(&body);
    let answer =
        answer.map_err(|error| ApiError::bad_gateway("Discord did not answer as expected", error))?;
    Ok((status, Some(answer)))
}

/// A refusal of Discord is the caller's code at fault; anything else is Discord.
fn told(status: StatusCode, sentence: &'static str) -> ApiError {
    if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS {
        ApiError::bad_request(sentence)
    } else {
        ApiError::bad_gateway("Discord did not answer as expected", format!("status {status}"))
    }
}

fn join(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

/// Rights by the roles that Discord told, for as long as the directory does not know the member.
pub(crate) fn rights_by_roles(staff: StaffRoles, roles: &[RoleId]) -> Rights {
    let has = |role: Option<RoleId>| role.is_some_and(|role| roles.contains(&role));
    if has(staff.admin) {
        Rights::Admin
    } else if has(staff.moderator) {
        Rights::Moderator
    } else {
        Rights::Member
    }
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("api", &self.api.as_str())
            .finish_non_exhaustive()
    }
}
