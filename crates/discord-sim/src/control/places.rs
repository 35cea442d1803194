//! Forums with their posts, threads, invitations: where a user goes.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiResult;
use crate::hub::Hub;
use crate::id::Id;
use crate::sim::Seen;
use crate::world::invite;
use crate::world::model::kind;
use crate::world::permissions::Permissions;
use crate::world::{World, json as write};

use super::acts::{File, acting, read_files};
use super::answers::{Post, ShownInvite};
use super::ask::{Answer, InChannel, Json, OfInvite, Path};
use super::objects::{Channel, Invite, Message};

/// Posts of a forum that are given, the ones with the newest messages.
const MOST_POSTS: usize = 100;

/// Posts of a forum with their first messages, newest activity first, 100 at most.
#[utoipa::path(get, path = "/sim/users/{user}/channels/{channel}/posts", tag = "places",
    params(InChannel), responses((status = 200, body = [Post])))]
pub(super) async fn posts(State(hub): State<Arc<Hub>>, Path(at): Path<InChannel>) -> Answer<Vec<Post>> {
    let InChannel { user, channel } = at;
    hub.read(|w| {
        w.require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
        let mut found: Vec<_> = w
            .channels
            .values()
            .filter(|c| c.parent_id == Some(channel) && c.thread.is_some() && w.sees(user, c))
            .map(|c| (c.messages.iter().map(|m| m.id).max().unwrap_or(c.id), c))
            .collect();
        found.sort_by_key(|(newest, _)| std::cmp::Reverse(*newest));
        let shown = found.into_iter().take(MOST_POSTS).map(|(_, post)| {
            let first = post.message(post.id).filter(|m| m.visible_to(user));
            Post {
                thread: Channel(write::channel(w, post)),
                first: first.map(|m| Message::from(&Seen::new(w, m, user))),
            }
        });
        Ok(axum::Json(shown.collect()))
    })
}

/// A thread to start.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewThread {
    /// Its name, 1 to 100 characters.
    name: String,
    /// The message that it starts on; not in forums.
    message: Option<Id>,
    /// The first message of a post.
    #[serde(default)]
    content: String,
    /// Files of the first message of a post.
    #[serde(default)]
    files: Vec<File>,
    /// Tags of a post.
    #[serde(default)]
    tags: Vec<Id>,
}

/// Starts a post in a forum, or a thread elsewhere.
#[utoipa::path(post, path = "/sim/users/{user}/channels/{channel}/threads", tag = "places",
    params(InChannel), responses((status = 200, body = Channel)))]
pub(super) async fn start_thread(
    State(hub): State<Arc<Hub>>,
    Path(at): Path<InChannel>,
    Json(new): Json<NewThread>,
) -> Answer<Channel> {
    let user = acting(&hub, at.user)?;
    let thread = if hub.read(|w| w.channel(at.channel).map(|c| c.kind))? == kind::FORUM {
        let files = read_files(new.files)?;
        user.posts(at.channel, &new.name, &new.content, files, &new.tags)?
    } else {
        user.starts_thread(at.channel, &new.name, new.message)?
    };
    hub.read(|w| Ok(axum::Json(Channel(write::channel(w, w.channel(thread)?)))))
}

/// The invitation as the user is shown it.
fn shown(world: &World, invite: &invite::Invite, user: Id) -> ApiResult<ShownInvite> {
    let guild = world.guild(invite.guild)?;
    Ok(ShownInvite {
        invite: Invite(world.invite_json(invite, false)?),
        member: guild.members.contains_key(&user),
        banned: guild.bans.contains_key(&user),
        url: format!("{}/invite/{}", world.base_url, invite.code),
    })
}

/// Where an invitation leads, and whether the user is a member already.
#[utoipa::path(get, path = "/sim/users/{user}/invites/{code}", tag = "places",
    params(OfInvite), responses((status = 200, body = ShownInvite)))]
pub(super) async fn invite(State(hub): State<Arc<Hub>>, Path(of): Path<OfInvite>) -> Answer<ShownInvite> {
    hub.read(|w| Ok(axum::Json(shown(w, w.invite(&of.code)?, of.user)?)))
}

/// An invitation to make.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewInvite {
    /// Seconds that it lives, a week at most; 0 for ever, a day if absent.
    max_age: Option<u64>,
    /// Visits that it is good for, 100 at most; 0 or absent for any number.
    max_uses: Option<u64>,
}

/// Makes an invitation.
#[utoipa::path(post, path = "/sim/users/{user}/channels/{channel}/invites", tag = "places",
    params(InChannel), responses((status = 200, body = ShownInvite)))]
pub(super) async fn make_invite(
    State(hub): State<Arc<Hub>>,
    Path(at): Path<InChannel>,
    Json(new): Json<NewInvite>,
) -> Answer<ShownInvite> {
    let code = acting(&hub, at.user)?.invites(at.channel, new.max_age, new.max_uses)?;
    hub.read(|w| Ok(axum::Json(shown(w, w.invite(&code)?, at.user)?)))
}
