//! Signing in with a password, and out, and who one is: `/api/auth/*`, `/api/ping`.

use std::sync::Arc;

use axum::{Json, extract::State, response::IntoResponse};
use hazebot_core::{
    Outcome,
    clock::{from_millis, rfc3339},
};
use http::{HeaderMap, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{Auth, MONITOR, discord_routes, oauth::OAuth, seen_from, session_routes};
use crate::{
    caller::{Caller, Identity, MONITORING_PERMISSIONS, Role},
    client::ClientDescription,
    error::{ApiError, ApiResult, ErrorBody},
    json::ApiJson,
    limits::{BackOff, LOGIN},
    net::{ClientIp, Place},
    policy::{Policy, Rule},
    routes::Routes,
    sockets::Sockets,
};

/// Days that a monitoring token is valid.
const MONITORING_DAYS: i64 = 90;

/// What the routes need.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) auth: Auth,
    pub(crate) oauth: Option<Arc<OAuth>>,
    pub(crate) watch: Arc<crate::guard::Watch>,
    pub(crate) sockets: Sockets,
    pub(crate) back_off: Arc<BackOff>,
    pub(crate) monitoring_secret: Option<SecretString>,
}

impl Door {
    /// Ends a session at once: its tokens, its line in the live view, and its rooms.
    pub(super) async fn end_session(&self, session: &str) -> Outcome<bool> {
        let was_alive = self.auth.revoke(session).await?;
        self.watch.live.forget(session);
        self.sockets.end_session(session);
        Ok(was_alive)
    }
}

/// All routes of signing in and out.
pub(crate) fn routes(door: Door) -> Routes {
    let routes = Routes::always()
        .add(Rule::of(Policy::Public).limit(LOGIN), routes!(login))
        .add(Rule::of(Policy::SignedIn).monitors_may(), routes!(me))
        .add(Policy::Public, routes!(refresh))
        .add(Rule::of(Policy::SignedIn).monitors_may(), routes!(logout))
        .add(Rule::of(Policy::SignedIn).monitors_may(), routes!(ping))
        .add(Rule::of(Policy::Public).limit(LOGIN), routes!(monitoring_token))
        .add(Policy::Public, routes!(verify_token));
    session_routes::add(discord_routes::add(routes)).with_state(door)
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
        tracing::warn!(%ip, "a password login was refused");
        return Err(ApiError::unauthorized("Invalid credentials"));
    }
    door.back_off.succeeded(place);
    let client = seen_from(&ClientDescription::of(&headers, ""), ip, 0);
    let identity = Identity::Login(asked.username.as_str().into());
    let signed_in = door
        .auth
        .sign_in(identity, &asked.username, Role::Admin, client)
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
        role_name: door.auth.role_name_of(&caller),
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
        role_name: door.auth.role_name_of(&caller),
    }))
}

/// A sentence for a person.
#[derive(Serialize, ToSchema)]
pub(super) struct Message {
    message: &'static str,
}

impl Message {
    pub(super) fn new(message: &'static str) -> Self {
        Self { message }
    }
}

/// Ends the session of this token.
#[utoipa::path(post, path = "/api/auth/logout", operation_id = "auth_routes.logout", tag = "auth",
    responses((status = 200, body = Message), (status = 401, body = ErrorBody)))]
async fn logout(State(door): State<Door>, caller: Caller) -> ApiResult<Json<Message>> {
    door.end_session(caller.session()).await?;
    Ok(Json(Message::new("Logged out successfully")))
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
        .sign_in(Identity::Monitor, MONITOR, Role::Monitoring, client)
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
