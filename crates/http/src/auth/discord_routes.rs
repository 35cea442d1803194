//! Sign-in through Discord: `/api/discord/*`.

use axum::{Json, extract::State, response::IntoResponse};
use hazebot_core::ids::UserId;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::{
    Auth,
    oauth::{Membership, OAuth, Source, State as OAuthState, rights_by_roles},
    routes::Door,
    seen_from,
};
use crate::{
    caller::{Identity, Role},
    client::ClientDescription,
    error::{ApiError, ApiResult, ErrorBody},
    json::ApiQuery,
    limits::OAUTH,
    net::ClientIp,
    policy::{Policy, Rule},
    routes::Routes,
};

/// All routes of this file.
pub(super) fn add(routes: Routes<Door>) -> Routes<Door> {
    routes
        .add(Rule::of(Policy::Public).limit(OAUTH), routes!(discord_auth))
        .add(Rule::of(Policy::Public).limit(OAUTH), routes!(discord_callback))
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
    let role = role_at_sign_in(&door.auth, account.user, &account.roles)?;
    let client = seen_from(&ClientDescription::of(&headers, ""), ip, 0);
    let identity = Identity::Discord(account.user);
    let signed_in = door
        .auth
        .sign_in(identity, &account.username, role, client)
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
fn role_at_sign_in(auth: &Auth, user: UserId, told: &Membership) -> Result<Role, ApiError> {
    if let Some(role) = auth.role_of_member(user) {
        return Ok(role);
    }
    match told {
        Membership::Member(roles) => {
            Ok(Role::of(rights_by_roles(auth.staff_roles(), roles)).unwrap_or(Role::Member))
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
