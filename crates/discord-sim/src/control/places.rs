//! Forums with their posts, threads, invitations: where a user goes.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::hub::Hub;
use crate::id::Id;
use crate::sim::Seen;
use crate::world::invite::Invite;
use crate::world::model::kind;
use crate::world::permissions::Permissions;
use crate::world::{World, id_of, json as write};

use super::acts::{acting, files_of};
use super::{answer, id, seen_json, text};

/// Posts of a forum that are given, the ones with the newest messages.
const MOST_POSTS: usize = 100;

/// `GET …/channels/{forum}/posts`: each post with its first message, if it still is there, newest activity first.
pub(super) async fn posts(
    State(hub): State<Arc<Hub>>,
    Path((user, forum)): Path<(String, String)>,
) -> Response {
    answer(id(&user).and_then(|user| {
        let forum = id(&forum)?;
        hub.read(|w| {
            w.require_in_channel(forum, user, Permissions::READ_MESSAGE_HISTORY)?;
            let mut found: Vec<_> = w
                .channels
                .values()
                .filter(|c| c.parent_id == Some(forum) && c.thread.is_some() && w.sees(user, c))
                .map(|c| (c.messages.iter().map(|m| m.id).max().unwrap_or(c.id), c))
                .collect();
            found.sort_by_key(|(newest, _)| std::cmp::Reverse(*newest));
            let shown = found.into_iter().take(MOST_POSTS).map(|(_, post)| {
                let first = post.message(post.id).filter(|m| m.visible_to(user));
                json!({ "thread": write::channel(w, post), "first": first.map(|m| seen_json(&Seen::new(w, m, user))) })
            });
            Ok(shown.collect())
        })
    }))
}

/// `POST …/channels/{channel}/threads` with `name`: in a forum a post with `content`, `files`, `tags`; elsewhere a
/// thread, on a `message` if one is named.
pub(super) async fn start_thread(
    State(hub): State<Arc<Hub>>,
    Path((user, channel)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    answer(acting(&hub, &user).and_then(|user| {
        let (channel, name) = (id(&channel)?, text(&body, "name")?);
        let thread = if hub.read(|w| w.channel(channel).map(|c| c.kind))? == kind::FORUM {
            let content = body.get("content").and_then(Value::as_str).unwrap_or_default();
            let tags = body.get("tags").and_then(Value::as_array).into_iter().flatten();
            let tags: Vec<Id> = tags.filter_map(id_of).collect();
            user.posts(channel, name, content, files_of(&body)?, &tags)?
        } else {
            user.starts_thread(channel, name, body.get("message").and_then(id_of))?
        };
        hub.read(|w| Ok(write::channel(w, w.channel(thread)?)))
    }))
}

/// The invitation as the user is shown it.
fn shown(world: &World, invite: &Invite, user: Id) -> ApiResult<Value> {
    let mut value = world.invite_json(invite, false)?;
    let guild = world.guild(invite.guild)?;
    let banned = guild.bans.contains_key(&user);
    let address = format!("{}/invite/{}", world.base_url, invite.code);
    write::extend(
        &mut value,
        json!({ "member": guild.members.contains_key(&user), "banned": banned, "url": address }),
    );
    Ok(value)
}

/// `GET …/invites/{code}`: where it leads, and whether the user is a member already.
pub(super) async fn invite(
    State(hub): State<Arc<Hub>>,
    Path((user, code)): Path<(String, String)>,
) -> Response {
    answer(id(&user).and_then(|user| hub.read(|w| shown(w, w.invite(&code)?, user))))
}

/// `POST …/channels/{channel}/invites` with `max_age` in seconds and `max_uses`, where 0 means for ever.
pub(super) async fn make_invite(
    State(hub): State<Arc<Hub>>,
    Path((user, channel)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    answer(acting(&hub, &user).and_then(|user| {
        let channel = id(&channel)?;
        let number = |key: &str| body.get(key).and_then(Value::as_u64);
        let code = user.invites(channel, number("max_age"), number("max_uses"))?;
        hub.read(|w| {
            shown(
                w,
                w.invite(&code).map_err(|_| ApiError::unknown_invite())?,
                user.id(),
            )
        })
    }))
}
