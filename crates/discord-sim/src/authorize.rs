//! The page where a person approves an application: pick who you are, then approve or refuse
//! (<https://discord.com/developers/docs/topics/oauth2#authorization-code-grant>).

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::response::{Html, IntoResponse as _, Response};
use http::{StatusCode, header};
use url::Url;

use crate::hub::Hub;
use crate::id::Id;
use crate::oauth::Pending;
use crate::world::World;
use crate::world::permissions::Permissions;

/// People shown on the page; a larger guild is searched by address (`?user_id=`).
const MOST_SHOWN: usize = 60;

/// What a client asks for in the query string.
struct Ask {
    application: Id,
    redirect_uri: Option<Url>,
    /// As the client wrote it: the token request must repeat it literally.
    given_redirect: String,
    scopes: Vec<String>,
    state: Option<String>,
    challenge: Option<(String, String)>,
    guild: Option<Id>,
    permissions: u64,
}

fn read(world: &World, query: &HashMap<String, String>) -> Result<Ask, String> {
    let text = |key: &str| query.get(key).map(String::as_str).filter(|t| !t.is_empty());
    let application = text("client_id")
        .and_then(|id| id.parse().ok())
        .and_then(|id: Id| world.applications.get(&id))
        .ok_or("Unknown Application")?;
    let scopes: Vec<String> = text("scope")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    if scopes.is_empty() {
        return Err("The scope is missing.".to_owned());
    }
    let redirect_uri = text("redirect_uri")
        .map(Url::parse)
        .transpose()
        .map_err(|_| "Invalid OAuth2 redirect_uri")?;
    match (&redirect_uri, text("response_type")) {
        (Some(uri), Some("code")) => check_redirect(&application.redirect_uris, uri)?,
        (None, None) if scopes.iter().any(|s| s == "bot") => {}
        (_, Some("code")) => return Err("Invalid OAuth2 redirect_uri".to_owned()),
        _ => return Err("The response_type must be code.".to_owned()),
    }
    let method = text("code_challenge_method").unwrap_or("plain").to_owned();
    Ok(Ask {
        application: application.id,
        redirect_uri,
        given_redirect: text("redirect_uri").unwrap_or_default().to_owned(),
        scopes,
        state: text("state").map(str::to_owned),
        challenge: text("code_challenge").map(|c| (c.to_owned(), method)),
        guild: text("guild_id").and_then(|id| id.parse().ok()),
        permissions: text("permissions").and_then(|p| p.parse().ok()).unwrap_or(0),
    })
}

/// An application without registered addresses may send browsers back to this machine only.
fn check_redirect(registered: &[String], uri: &Url) -> Result<(), String> {
    let local = matches!(uri.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let fits = if registered.is_empty() {
        local
    } else {
        registered.iter().any(|r| r == uri.as_str())
    };
    if fits {
        Ok(())
    } else {
        Err("Invalid OAuth2 redirect_uri".to_owned())
    }
}

/// `GET /oauth2/authorize`; with `prompt=none` and `user_id` it approves without a click.
pub(crate) async fn page(
    State(hub): State<Arc<Hub>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let ask = match hub.read(|w| read(w, &query)) {
        Ok(ask) => ask,
        Err(error) => return problem(&error),
    };
    let user = query.get("user_id").and_then(|id| id.parse::<Id>().ok());
    if let (Some(user), Some("none")) = (user, query.get("prompt").map(String::as_str)) {
        return approve(&hub, ask, user);
    }
    Html(hub.read(|w| draw(w, &ask, user))).into_response()
}

/// `POST /oauth2/authorize`: the query of the page and the form `user_id`, `action` (`approve` or `deny`).
pub(crate) async fn decide(
    State(hub): State<Arc<Hub>>,
    Query(query): Query<HashMap<String, String>>,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let ask = match hub.read(|w| read(w, &query)) {
        Ok(ask) => ask,
        Err(error) => return problem(&error),
    };
    let field = |key: &str| form.get(key).or_else(|| query.get(key)).map(String::as_str);
    if field("action") == Some("deny") {
        let pairs = [
            ("error", "access_denied"),
            ("error_description", "The resource owner denied the request"),
        ];
        return back(ask.redirect_uri, &pairs, ask.state.as_deref());
    }
    match field("user_id").and_then(|id| id.parse().ok()) {
        Some(user) => approve(&hub, ask, user),
        None => problem("Pick who you are."),
    }
}

fn approve(hub: &Hub, ask: Ask, user: Id) -> Response {
    let known = hub.read(|w| w.users.get(&user).is_some_and(|u| !u.bot));
    if !known {
        return problem("Unknown User");
    }
    if ask.scopes.iter().any(|s| s == "bot")
        && let Err(error) = install(hub, &ask, user)
    {
        return problem(&error);
    }
    let Some(redirect) = ask.redirect_uri else {
        return Html("<!doctype html><title>Authorised</title><p>The bot was added.</p>".to_owned())
            .into_response();
    };
    let code = hub.change_state(|state| {
        let code = state.world.dice.token(30);
        state.grants.keep_code(
            code.clone(),
            Pending {
                application: ask.application,
                user,
                scopes: ask.scopes,
                redirect_uri: ask.given_redirect,
                challenge: ask.challenge,
                made: state.world.now(),
            },
        );
        code
    });
    back(Some(redirect), &[("code", &code)], ask.state.as_deref())
}

fn install(hub: &Hub, ask: &Ask, user: Id) -> Result<(), String> {
    let guild = ask.guild.ok_or("The guild_id is missing.")?;
    hub.change(|world| {
        if !world
            .permissions_in_guild(guild, user)
            .has(Permissions::MANAGE_GUILD)
        {
            return Err("You need the Manage Server permission there.".to_owned());
        }
        let bot = world.application(ask.application).map_err(|e| e.message)?.bot_id;
        if world.member(guild, bot).is_ok() {
            return Ok(());
        }
        world.join(guild, bot).map_err(|e| e.message)?;
        let since = world.now();
        let role = world
            .install(ask.application, guild, Permissions(ask.permissions))
            .map_err(|e| e.message)?;
        world.add_member_since(guild, bot, &[role], since);
        world.emit_member(guild, bot).map_err(|e| e.message)
    })
}

fn back(redirect: Option<Url>, pairs: &[(&str, &str)], state: Option<&str>) -> Response {
    let Some(mut uri) = redirect else {
        return problem("The request was refused.");
    };
    {
        let mut query = uri.query_pairs_mut();
        query.extend_pairs(pairs);
        if let Some(state) = state {
            query.append_pair("state", state);
        }
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, uri.to_string())]).into_response()
}

fn problem(text: &str) -> Response {
    let page = format!(
        "<!doctype html><title>Error</title><p role=\"alert\">{}</p>",
        escape(text)
    );
    (StatusCode::BAD_REQUEST, Html(page)).into_response()
}

/// Makes text harmless inside HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn draw(world: &World, ask: &Ask, chosen: Option<Id>) -> String {
    let name = world
        .applications
        .get(&ask.application)
        .map_or("", |a| a.name.as_str());
    let mut people: Vec<_> = world.users.values().filter(|u| !u.bot).collect();
    people.sort_by_key(|u| (Some(u.id) != chosen, u.id));
    let choices: String = people
        .iter()
        .take(MOST_SHOWN)
        .enumerate()
        .map(|(at, user)| {
            let checked = if at == 0 { " checked" } else { "" };
            format!(
                "<label><input type=\"radio\" name=\"user_id\" value=\"{}\"{checked}> {}</label>",
                user.id,
                escape(user.display_name())
            )
        })
        .collect();
    let scopes = ask
        .scopes
        .iter()
        .map(|s| format!("<li>{}</li>", escape(s)))
        .collect::<String>();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Authorise {name}</title><style>{STYLE}</style></head><body><main><h1>{name} wants to know who you are</h1>\
         <p>It asks for:</p><ul>{scopes}</ul><form method=\"post\"><fieldset><legend>Who are you?</legend>{choices}</fieldset>\
         <button name=\"action\" value=\"approve\">Authorise</button> \
         <button name=\"action\" value=\"deny\" class=\"quiet\">Cancel</button></form></main></body></html>",
        name = escape(name),
    )
}

const STYLE: &str = "body{background:#14181f;color:#e8ebf0;font:16px/1.5 system-ui;margin:0;padding:1rem}\
main{max-width:34rem;margin:0 auto}fieldset{border:1px solid #3b4452;border-radius:8px;max-height:50vh;overflow:auto}\
label{display:block;padding:.3rem}button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#2f7d6b;\
color:#fff;margin-top:1rem}button.quiet{background:#3b4452}:focus-visible{outline:3px solid #8fd3c2}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_back_to_registered_addresses_only() {
        let uri = Url::parse("https://panel.example/cb").unwrap();
        assert!(check_redirect(&[], &uri).is_err());
        assert!(check_redirect(&["https://panel.example/cb".to_owned()], &uri).is_ok());
        assert!(check_redirect(&[], &Url::parse("http://127.0.0.1:5070/cb").unwrap()).is_ok());
    }

    #[test]
    fn names_cannot_become_markup() {
        assert_eq!(escape("<b>\"&"), "&lt;b&gt;&quot;&amp;");
    }
}
