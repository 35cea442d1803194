//! The routes of signing in and out: `/api/auth/*`, `/api/ping`, `/api/discord/*`.

use axum::{Json, extract::State, response::IntoResponse};
use hazebot_core::{clock::from_millis, clock::rfc3339, ids::UserId};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use subtle::ConstantTimeEq;
use url::Url;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::{
    Auth, MONITOR,
    oauth::{Membership, OAuth, Source, State as OAuthState, rights_by_roles},
    seen_from,
};
use crate::{
    caller::{Caller, Identity, MONITORING_PERMISSIONS, Role},
    client::ClientDescription,
    error::{ApiError, ApiResult, ErrorBody},
    json::{ApiJson, ApiPath, ApiQuery},
    limits::{BackOff, LOGIN, OAUTH},
    live::LiveTable,
    net::{ClientIp, Place},
    policy::{Policy, Rule},
    routes::Routes,
};

/// Days that a monitoring token is valid.
const MONITORING_DAYS: i64 = 90;
/// Sessions in one list.
const LISTED: u32 = 200;

/// What the routes need.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) auth: Auth,
    pub(crate) oauth: Option<Arc<OAuth>>,
    pub(crate) watch: Arc<crate::guard::Watch>,
    pub(crate) back_off: Arc<BackOff>,
    pub(crate) monitoring_secret: Option<SecretString>,
}

impl Door {
    fn live(&self) -> &LiveTable {
        &self.watch.live
    }
}

/// All routes of this file.
pub(crate) fn routes(door: Door) -> Routes {
    Routes::always()
        .add(Rule::of(Policy::Public).limit(LOGIN), routes!(login))
        .add(Rule::of(Policy::SignedIn).monitors_may(), routes!(me))
        .add(Policy::Public, routes!(refresh))
        .add(Rule::of(Policy::SignedIn).monitors_may(), routes!(logout))
        .add(Rule::of(Policy::SignedIn).monitors_may(), routes!(ping))
        .add(Rule::of(Policy::Public).limit(LOGIN), routes!(monitoring_token))
        .add(Policy::Public, routes!(verify_token))
        .add(Rule::of(Policy::Public).limit(OAUTH), routes!(discord_auth))
        .add(Rule::of(Policy::Public).limit(OAUTH), routes!(discord_callback))
        .add(Policy::SignedIn, routes!(list_sessions))
        .add(Policy::SignedIn, routes!(revoke_session))
        .with_state(door)
}

/// Name and password.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
struct LoginRequest {
    username: String,
    password: String,
}

#[derive(Serialize, ToSchema)]
struct LoginAnswer {
    token: String,
    user: String,
    role: &'static str,
    permissions: Vec<&'static str>,
}

/// Sign in with name and password.
#[utoipa::path(post, path = "/api/auth/login", operation_id = "auth_routes.login", tag = "auth",
    request_body = LoginRequest,
    responses((status = 200, body = LoginAnswer), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn login(
    State(door): State<Door>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    ApiJson(asked): ApiJson<LoginRequest>,
) -> ApiResult<Json<LoginAnswer>> {
    let place = Place::from(ip);
    door.back_off.check(place).map_err(ApiError::too_many)?;
    if !door
        .auth
        .accounts()
        .check(&asked.username, &asked.password)
        .await?
    {
        door.back_off.failed(place);
        tracing::warn!(target: "api", %ip, "a password login was refused");
        return Err(ApiError::unauthorized("Invalid credentials"));
    }
    door.back_off.succeeded(place);
    let client = seen_from(&ClientDescription::of(&headers, ""), ip, 0);
    let identity = Identity::Login(asked.username.as_str().into());
    let signed_in = door
        .auth
        .sign_in(identity, &asked.username, Role::Admin, None, client)
        .await?;
    Ok(Json(LoginAnswer {
        token: signed_in.token,
        user: asked.username,
        role: Role::Admin.as_str(),
        permissions: Role::Admin.permissions().to_vec(),
    }))
}

#[derive(Serialize, ToSchema)]
struct MeAnswer {
    user: String,
    discord_id: String,
    role: &'static str,
    role_name: Option<String>,
    permissions: Vec<&'static str>,
    auth_type: &'static str,
    avatar_url: Option<String>,
}

/// Who the token is, with the role of now.
#[utoipa::path(get, path = "/api/auth/me", operation_id = "auth_routes.get_current_user", tag = "auth",
    responses((status = 200, body = MeAnswer), (status = 401, body = ErrorBody)))]
async fn me(State(door): State<Door>, caller: Caller) -> Json<MeAnswer> {
    let member = caller.discord_id().and_then(|user| door.auth.member(user));
    Json(MeAnswer {
        user: caller.username().to_owned(),
        discord_id: caller.identity().wire_id(),
        role: caller.role().as_str(),
        role_name: caller.role_name().map(str::to_owned),
        permissions: caller.permissions().to_vec(),
        auth_type: caller.identity().auth_type(),
        avatar_url: member.map(|member| member.display_avatar),
    })
}

#[derive(Serialize, ToSchema)]
struct RefreshAnswer {
    token: String,
    /// Left out for password logins: the client takes its presence for a Discord login.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    discord_id: String,
    role: &'static str,
    permissions: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<String>,
}

/// A new token for one that is valid, or expired at most thirty days ago.
#[utoipa::path(post, path = "/api/auth/refresh", operation_id = "auth_routes.refresh_token", tag = "auth",
    responses((status = 200, body = RefreshAnswer), (status = 401, body = ErrorBody)))]
async fn refresh(
    State(door): State<Door>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
) -> ApiResult<Json<RefreshAnswer>> {
    let caller = door.auth.authenticate_expired(&headers, ip).await?;
    if *caller.identity() == Identity::Monitor {
        return Err(ApiError::forbidden());
    }
    let signed_in = door.auth.refresh(&caller).await?;
    let is_login = matches!(caller.identity(), Identity::Login(_));
    Ok(Json(RefreshAnswer {
        token: signed_in.token,
        user: (!is_login).then(|| caller.username().to_owned()),
        discord_id: caller.identity().wire_id(),
        role: caller.role().as_str(),
        permissions: caller.permissions().to_vec(),
        role_name: caller.role_name().map(str::to_owned),
    }))
}

#[derive(Serialize, ToSchema)]
struct Message {
    message: &'static str,
}

/// Ends the session of this token.
#[utoipa::path(post, path = "/api/auth/logout", operation_id = "auth_routes.logout", tag = "auth",
    responses((status = 200, body = Message), (status = 401, body = ErrorBody)))]
async fn logout(State(door): State<Door>, caller: Caller) -> ApiResult<Json<Message>> {
    door.auth.revoke(caller.session()).await?;
    door.live().forget(&caller);
    Ok(Json(Message {
        message: "Logged out successfully",
    }))
}

#[derive(Serialize, ToSchema)]
struct Pong {
    success: bool,
    message: &'static str,
    your_username: String,
    your_role: &'static str,
    your_session_id: String,
    your_permissions: Vec<&'static str>,
    timestamp: String,
}

/// Whether the token is good.
#[utoipa::path(get, path = "/api/ping", operation_id = "auth_routes.ping", tag = "auth",
    responses((status = 200, body = Pong), (status = 401, body = ErrorBody)))]
async fn ping(State(door): State<Door>, caller: Caller) -> Json<Pong> {
    Json(Pong {
        success: true,
        message: "pong",
        your_username: caller.username().to_owned(),
        your_role: caller.role().as_str(),
        your_session_id: caller.client_session().to_owned(),
        your_permissions: caller.permissions().to_vec(),
        timestamp: rfc3339(door.auth.clock().now()),
    })
}

/// The secret of the monitors.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
struct MonitoringRequest {
    secret: String,
}

#[derive(Serialize, ToSchema)]
struct MonitoringAnswer {
    token: String,
    expires: String,
    expires_in_days: i64,
    permissions: &'static [&'static str],
    note: &'static str,
}

/// A token for a monitor: health, ping, analytics and the ticket list, nothing else.
#[utoipa::path(post, path = "/api/auth/monitoring-token", operation_id = "auth_routes.generate_monitoring_token",
    tag = "auth", request_body = MonitoringRequest,
    responses((status = 200, body = MonitoringAnswer), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn monitoring_token(
    State(door): State<Door>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    ApiJson(asked): ApiJson<MonitoringRequest>,
) -> ApiResult<Json<MonitoringAnswer>> {
    let place = Place::from(ip);
    door.back_off.check(place).map_err(ApiError::too_many)?;
    let Some(secret) = &door.monitoring_secret else {
        return Err(ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Monitoring token generation not configured",
        ));
    };
    let right = secret.expose_secret().as_bytes().ct_eq(asked.secret.as_bytes());
    if !bool::from(right) {
        door.back_off.failed(place);
        return Err(ApiError::unauthorized("Invalid monitoring secret"));
    }
    door.back_off.succeeded(place);
    let client = seen_from(&ClientDescription::of(&headers, ""), ip, 0);
    let signed_in = door
        .auth
        .sign_in(Identity::Monitor, MONITOR, Role::Monitoring, None, client)
        .await?;
    Ok(Json(MonitoringAnswer {
        token: signed_in.token,
        expires: rfc3339(from_millis(signed_in.expires_at)),
        expires_in_days: MONITORING_DAYS,
        permissions: MONITORING_PERMISSIONS,
        note: "Keep this token secret. Send it in the Authorization header as 'Bearer <token>'. It can be revoked.",
    }))
}

/// For a reverse proxy: 200 for staff, 403 for others, 401 without a valid token; no body.
#[utoipa::path(get, path = "/api/auth/verify-token", operation_id = "auth_routes.verify_token", tag = "auth",
    responses((status = 200), (status = 401), (status = 403)))]
async fn verify_token(
    State(door): State<Door>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
) -> impl IntoResponse {
    let status = match door
        .auth
        .authenticate(&headers, ip, "auth_routes.verify_token")
        .await
    {
        Ok(caller) if caller.may("all") => StatusCode::OK,
        Ok(_) => StatusCode::FORBIDDEN,
        Err(error) => error.status(),
    };
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")])
}

#[derive(Deserialize, IntoParams)]
struct AuthQuery {
    /// Where the sign-in comes from: `mobile`, `web`, `analytics` or `panel`.
    state: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct AuthUrl {
    auth_url: String,
}

/// The address of Discord's sign-in page.
#[utoipa::path(get, path = "/api/discord/auth", operation_id = "auth_routes.discord_auth", tag = "auth",
    params(AuthQuery), responses((status = 200, body = AuthUrl), (status = 503, body = ErrorBody)))]
async fn discord_auth(
    State(door): State<Door>,
    headers: HeaderMap,
    ApiQuery(query): ApiQuery<AuthQuery>,
) -> ApiResult<Json<AuthUrl>> {
    let oauth = door.oauth.as_deref().ok_or_else(not_set_up)?;
    let asked = query.state.as_deref().filter(|state| !state.is_empty());
    let source = match asked {
        Some(word) => Source::parse(word),
        None => source_of_page(oauth, &headers),
    };
    Ok(Json(AuthUrl {
        auth_url: oauth.authorize_url(source).into(),
    }))
}

fn not_set_up() -> ApiError {
    ApiError::unavailable("Sign-in with Discord is not set up")
}

/// The source by the page that asks.
fn source_of_page(oauth: &OAuth, headers: &HeaderMap) -> Option<Source> {
    let page = Url::parse(headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = page.host_str().map(|host| {
        page.port()
            .map_or(host.to_owned(), |port| format!("{host}:{port}"))
    });
    if page.path().contains("/analytics") {
        Some(Source::Analytics)
    } else if oauth.is_frontend(&page) {
        Some(Source::Web)
    } else if host.is_some() && authority.as_deref() == host {
        Some(Source::Panel)
    } else if page.host_str() == Some("localhost") {
        Some(Source::Web)
    } else {
        None
    }
}

#[derive(Deserialize, IntoParams)]
struct CallbackQuery {
    code: Option<String>,
    state: Option<String>,
}

/// Discord sends people back here with a code; they go on to their client with a token.
#[utoipa::path(get, path = "/api/discord/callback", operation_id = "auth_routes.discord_callback", tag = "auth",
    params(CallbackQuery),
    responses((status = 302, description = "To the client, with `token` in the query"), (status = 400, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 502, body = ErrorBody)))]
async fn discord_callback(
    State(door): State<Door>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    ApiQuery(query): ApiQuery<CallbackQuery>,
) -> ApiResult<impl IntoResponse> {
    let oauth = door.oauth.as_deref().ok_or_else(not_set_up)?;
    let Some(code) = query.code.filter(|code| !code.is_empty()) else {
        return Err(ApiError::bad_request("No authorization code provided"));
    };
    let state = match query.state.as_deref().filter(|state| !state.is_empty()) {
        Some(state) => oauth
            .read_state(state)
            .ok_or_else(|| ApiError::bad_request("Invalid or expired state"))?,
        None => OAuthState::unsigned(Source::Web),
    };
    let account = oauth.identify(&code, &state, door.auth.home()).await?;
    let (role, role_name) = standing(&door.auth, account.user, &account.roles)?;
    let client = seen_from(&ClientDescription::of(&headers, ""), ip, 0);
    let identity = Identity::Discord(account.user);
    let signed_in = door
        .auth
        .sign_in(identity, &account.username, role, role_name.as_deref(), client)
        .await?;
    let location = HeaderValue::try_from(oauth.return_url(state.source, &signed_in.token))
        .map_err(ApiError::internal)?;
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((StatusCode::FOUND, headers))
}

/// The role of somebody who signs in: by the directory, which is newest; else by what Discord told.
fn standing(auth: &Auth, user: UserId, told: &Membership) -> Result<(Role, Option<String>), ApiError> {
    if let Some(standing) = auth.standing_now(user) {
        return Ok(standing);
    }
    match told {
        Membership::Member(roles) => {
            let staff = auth.staff_roles();
            let role = Role::of(rights_by_roles(staff, roles)).unwrap_or(Role::Member);
            Ok((role, auth.role_name(staff, role)))
        }
        Membership::NotAMember => Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "User is not a member of the guild",
        )),
        Membership::Unknown => Err(ApiError::bad_gateway(
            "Discord did not answer as expected",
            "the membership is not known",
        )),
    }
}

#[derive(Serialize, ToSchema)]
struct SessionItem {
    id: String,
    current: bool,
    username: String,
    discord_id: Option<String>,
    role: String,
    auth_type: String,
    created_at: String,
    last_seen: String,
    expires_at: String,
    ip: Option<String>,
    device: Option<String>,
    platform: Option<String>,
    app_version: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct SessionList {
    sessions: Vec<SessionItem>,
}

#[derive(Deserialize, IntoParams)]
struct SessionsQuery {
    /// All accounts, for admins; else the caller's own.
    #[serde(default)]
    all: bool,
}

/// Sessions that can be used: one's own, or for admins all.
#[utoipa::path(get, path = "/api/auth/sessions", operation_id = "auth_routes.list_sessions", tag = "auth",
    params(SessionsQuery), responses((status = 200, body = SessionList), (status = 403, body = ErrorBody)))]
async fn list_sessions(
    State(door): State<Door>,
    caller: Caller,
    ApiQuery(query): ApiQuery<SessionsQuery>,
) -> ApiResult<Json<SessionList>> {
    if query.all && !caller.rights().is_admin() {
        return Err(ApiError::forbidden());
    }
    let of = (!query.all).then(|| caller.identity());
    let time = |millis| rfc3339(from_millis(millis));
    let rows = door.auth.sessions(of, LISTED).await?;
    let sessions = rows.into_iter().map(|row| SessionItem {
        current: row.id == caller.session(),
        discord_id: row.user_id.map(|id| id.cast_unsigned().to_string()),
        created_at: time(row.created_at),
        last_seen: time(row.last_seen_at),
        expires_at: time(row.expires_at),
        id: row.id,
        username: row.username,
        role: row.role,
        auth_type: row.auth_type,
        ip: row.ip,
        device: row.device,
        platform: row.platform,
        app_version: row.app_version,
    });
    Ok(Json(SessionList {
        sessions: sessions.collect(),
    }))
}

/// Ends a session: one's own, or for admins any.
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", operation_id = "auth_routes.revoke_session", tag = "auth",
    params(("id" = String, Path, description = "Id of the session")),
    responses((status = 200, body = Message), (status = 404, body = ErrorBody)))]
async fn revoke_session(
    State(door): State<Door>,
    caller: Caller,
    ApiPath(id): ApiPath<String>,
) -> ApiResult<Json<Message>> {
    let own = door
        .auth
        .sessions(Some(caller.identity()), LISTED)
        .await?
        .iter()
        .any(|row| row.id == id);
    if (own || caller.rights().is_admin()) && door.auth.revoke(&id).await? {
        return Ok(Json(Message {
            message: "Session revoked",
        }));
    }
    Err(ApiError::not_found("Session not found"))
}
