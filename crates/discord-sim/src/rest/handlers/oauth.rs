//! The token side of OAuth2; the page where a user approves is in `authorize`.

use serde_json::{Value, json};

use crate::clock::iso;
use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::oauth::{Grant, TOKEN_LIFE};
use crate::rest::call::{Actor, Call, HandlerResult, Reply};
use crate::world::json;

/// An error in OAuth2's own form (RFC 6749, section 5.2).
fn refused(error: &str, description: &str) -> HandlerResult {
    Ok(Reply::Status(
        400,
        json!({ "error": error, "error_description": description }),
    ))
}

fn text<'a>(call: &'a Call<'_>, key: &str) -> Option<&'a str> {
    call.body.get(key).and_then(Value::as_str)
}

/// The application, by basic authentication or by fields of the form.
fn client(call: &Call<'_>) -> Option<Id> {
    let (id, secret) = match &call.basic {
        Some((id, secret)) => (id.as_str(), secret.as_str()),
        None => (text(call, "client_id")?, text(call, "client_secret")?),
    };
    let application = call.world.applications.get(&id.parse().ok()?)?;
    (application.client_secret == secret).then_some(application.id)
}

/// `POST /oauth2/token`
pub(crate) fn token(call: &mut Call<'_>) -> HandlerResult {
    let Some(application) = client(call) else {
        return Ok(Reply::Status(401, json!({ "error": "invalid_client" })));
    };
    let now = call.world.now();
    let granted: Option<(Id, Vec<String>)> = match text(call, "grant_type") {
        Some("authorization_code") => {
            let code = text(call, "code").unwrap_or_default().to_owned();
            let redirect = text(call, "redirect_uri").unwrap_or_default().to_owned();
            let verifier = text(call, "code_verifier").map(str::to_owned);
            call.grants
                .take_code(&code, &redirect, verifier.as_deref(), now)
                .filter(|p| p.application == application)
                .map(|p| (p.user, p.scopes))
        }
        Some("refresh_token") => {
            let token = text(call, "refresh_token").unwrap_or_default().to_owned();
            call.grants
                .take_refresh(application, &token)
                .map(|g| (g.user, g.scopes))
        }
        Some("client_credentials") => {
            let owner = call.world.application(application)?.owner_id;
            Some((
                owner,
                text(call, "scope")
                    .unwrap_or_default()
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect(),
            ))
        }
        _ => return refused("unsupported_grant_type", "Invalid grant type"),
    };
    let Some((user, scopes)) = granted else {
        return refused("invalid_grant", "Invalid \"code\" in request.");
    };
    let grant = Grant {
        application,
        user,
        access_token: call.world.dice.token(30),
        refresh_token: call.world.dice.token(30),
        expires: now + TOKEN_LIFE,
        scopes,
    };
    let body = json!({
        "access_token": grant.access_token, "token_type": "Bearer", "expires_in": TOKEN_LIFE / 1000,
        "refresh_token": grant.refresh_token, "scope": grant.scopes.join(" "),
    });
    call.grants.keep(grant);
    Ok(Reply::Json(body))
}

/// `POST /oauth2/token/revoke`
pub(crate) fn revoke(call: &mut Call<'_>) -> HandlerResult {
    let Some(application) = client(call) else {
        return Ok(Reply::Status(401, json!({ "error": "invalid_client" })));
    };
    let token = text(call, "token").unwrap_or_default().to_owned();
    call.grants.revoke(application, &token);
    Ok(Reply::Json(json!({})))
}

/// `GET /oauth2/@me`
pub(crate) fn about_me(call: &mut Call<'_>) -> HandlerResult {
    let Actor::Bearer {
        application,
        user,
        scopes,
    } = &call.actor
    else {
        return Err(ApiError::unauthorized());
    };
    let application = call.world.application(*application)?;
    let mut body = json!({
        "application": { "id": application.id, "name": application.name, "icon": null,
            "description": application.description, "bot_public": true, "bot_require_code_grant": false,
            "verify_key": "0".repeat(64) },
        "scopes": scopes, "expires": iso(call.world.now() + TOKEN_LIFE),
    });
    if scopes.iter().any(|s| s == "identify") {
        let user: ApiResult<_> = call.world.user(*user);
        json::extend(&mut body, json!({ "user": json::user(user?) }));
    }
    Ok(Reply::Json(body))
}
