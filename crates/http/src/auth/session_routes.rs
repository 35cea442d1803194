//! Seeing and ending sessions: `/api/auth/sessions`.

use axum::{Json, extract::State};
use hazebot_core::clock::{from_millis, rfc3339};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::routes::{Door, Message};
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, ErrorBody},
    json::{ApiPath, ApiQuery},
    policy::Policy,
    routes::Routes,
};

/// Sessions in one list.
const LISTED: u32 = 200;

/// All routes of this file.
pub(super) fn add(routes: Routes<Door>) -> Routes<Door> {
    routes
        .add(Policy::SignedIn, routes!(list_sessions))
        .add(Policy::SignedIn, routes!(revoke_session))
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
    if (own || caller.rights().is_admin()) && door.end_session(&id).await? {
        return Ok(Json(Message::new("Session revoked")));
    }
    Err(ApiError::not_found("Session not found"))
}
