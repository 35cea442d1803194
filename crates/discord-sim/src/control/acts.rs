//! What a user does.

use std::sync::Arc;

use axum::extract::State;
use base64::Engine as _;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::hub::Hub;
use crate::id::Id;
use crate::sim::{AsUser, Seen};
use crate::world::json as write;

use super::answers::{Done, Joined};
use super::ask::{Answer, InChannel, InGuild, Json, OfInvite, OfReaction, OfUser, OnMessage, Path};
use super::objects::{Channel, Message};

pub(super) fn acting(hub: &Arc<Hub>, user: Id) -> ApiResult<AsUser> {
    hub.read(|w| w.user(user).map(|_| ()))?;
    Ok(AsUser::new(Arc::clone(hub), user))
}

/// Names and contents of files.
pub(super) fn read_files(files: impl IntoIterator<Item = File>) -> ApiResult<Vec<(String, Vec<u8>)>> {
    files.into_iter().map(File::read).collect()
}

fn show(hub: &Arc<Hub>, at: OnMessage) -> Answer<Message> {
    hub.read(|w| {
        let seen = Seen::new(w, w.message(at.channel, at.message)?, at.user);
        Ok(axum::Json(Message::from(&seen)))
    })
}

/// It is done.
pub(super) fn done<T>(result: ApiResult<T>) -> Answer<Done> {
    result.map(|_| axum::Json(Done {}))
}

/// A file.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct File {
    /// Its name.
    name: String,
    /// What is in it.
    #[schema(content_encoding = "base64")]
    base64: String,
}

impl File {
    /// Name and content.
    pub(super) fn read(self) -> ApiResult<(String, Vec<u8>)> {
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(&self.base64)
            .map_err(|_| ApiError::field("file.base64", "BASE64_INVALID", "Not base64"))?;
        Ok((self.name, bytes))
    }
}

/// A new message.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewMessage {
    /// The text; may be empty if there are files.
    #[serde(default)]
    content: String,
    /// The message that it answers.
    reply_to: Option<Id>,
    /// A file.
    file: Option<File>,
    /// Files.
    #[serde(default)]
    files: Vec<File>,
}

/// Writes a message, or answers one.
#[utoipa::path(post, path = "/sim/users/{user}/channels/{channel}/messages", tag = "messages",
    params(InChannel), responses((status = 200, body = Message)))]
pub(super) async fn write(
    State(hub): State<Arc<Hub>>,
    Path(at): Path<InChannel>,
    Json(new): Json<NewMessage>,
) -> Answer<Message> {
    let user = acting(&hub, at.user)?;
    let files = read_files(new.file.into_iter().chain(new.files))?;
    let message = user.writes(at.channel, &new.content, files, new.reply_to)?;
    show(
        &hub,
        OnMessage {
            user: at.user,
            channel: at.channel,
            message,
        },
    )
}

/// The new text of a message.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewText {
    /// The text.
    content: String,
}

/// Changes an own message.
#[utoipa::path(patch, path = "/sim/users/{user}/channels/{channel}/messages/{message}", tag = "messages",
    params(OnMessage), responses((status = 200, body = Message)))]
pub(super) async fn edit(
    State(hub): State<Arc<Hub>>,
    Path(at): Path<OnMessage>,
    Json(new): Json<NewText>,
) -> Answer<Message> {
    acting(&hub, at.user)?.edits(at.channel, at.message, &new.content)?;
    show(&hub, at)
}

/// Deletes a message; one that only the user sees is dismissed.
#[utoipa::path(delete, path = "/sim/users/{user}/channels/{channel}/messages/{message}", tag = "messages",
    params(OnMessage), responses((status = 200, body = Done)))]
pub(super) async fn remove(State(hub): State<Arc<Hub>>, Path(at): Path<OnMessage>) -> Answer<Done> {
    let user = acting(&hub, at.user)?;
    done(
        user.dismisses(at.channel, at.message)
            .or_else(|_| user.deletes(at.channel, at.message)),
    )
}

/// Adds a reaction.
#[utoipa::path(put, path = "/sim/users/{user}/channels/{channel}/messages/{message}/reactions/{emoji}", tag = "messages",
    params(OfReaction), responses((status = 200, body = Done)))]
pub(super) async fn react(State(hub): State<Arc<Hub>>, Path(at): Path<OfReaction>) -> Answer<Done> {
    done(acting(&hub, at.user)?.reacts(at.channel, at.message, &at.emoji))
}

/// Takes the own reaction back.
#[utoipa::path(delete, path = "/sim/users/{user}/channels/{channel}/messages/{message}/reactions/{emoji}", tag = "messages",
    params(OfReaction), responses((status = 200, body = Done)))]
pub(super) async fn unreact(State(hub): State<Arc<Hub>>, Path(at): Path<OfReaction>) -> Answer<Done> {
    done(acting(&hub, at.user)?.unreacts(at.channel, at.message, &at.emoji))
}

/// What somebody votes for.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Votes {
    /// Numbers of the answers, from 1; one at most unless the poll allows several. None takes the vote back.
    answers: Vec<u64>,
}

/// Votes in a poll, votes anew, or takes the vote back. Refused with 520001 once the poll is over.
#[utoipa::path(post, path = "/sim/users/{user}/channels/{channel}/messages/{message}/votes", tag = "messages",
    params(OnMessage), responses((status = 200, body = Message)))]
pub(super) async fn vote(
    State(hub): State<Arc<Hub>>,
    Path(at): Path<OnMessage>,
    Json(votes): Json<Votes>,
) -> Answer<Message> {
    acting(&hub, at.user)?.votes(at.channel, at.message, &votes.answers)?;
    show(&hub, at)
}

/// Starts typing.
#[utoipa::path(post, path = "/sim/users/{user}/channels/{channel}/typing", tag = "messages",
    params(InChannel), responses((status = 200, body = Done)))]
pub(super) async fn typing(State(hub): State<Arc<Hub>>, Path(at): Path<InChannel>) -> Answer<Done> {
    done(acting(&hub, at.user)?.types(at.channel))
}

/// Joins a guild.
#[utoipa::path(put, path = "/sim/users/{user}/guilds/{guild}", tag = "people",
    params(InGuild), responses((status = 200, body = Done)))]
pub(super) async fn join(State(hub): State<Arc<Hub>>, Path(at): Path<InGuild>) -> Answer<Done> {
    done(acting(&hub, at.user)?.joins(at.guild))
}

/// Leaves a guild.
#[utoipa::path(delete, path = "/sim/users/{user}/guilds/{guild}", tag = "people",
    params(InGuild), responses((status = 200, body = Done)))]
pub(super) async fn leave(State(hub): State<Arc<Hub>>, Path(at): Path<InGuild>) -> Answer<Done> {
    done(acting(&hub, at.user)?.leaves(at.guild))
}

/// Connects to a voice channel.
#[utoipa::path(put, path = "/sim/users/{user}/channels/{channel}/voice", tag = "people",
    params(InChannel), responses((status = 200, body = Done)))]
pub(super) async fn join_voice(State(hub): State<Arc<Hub>>, Path(at): Path<InChannel>) -> Answer<Done> {
    done(acting(&hub, at.user)?.joins_voice(at.channel))
}

/// Disconnects from voice.
#[utoipa::path(delete, path = "/sim/users/{user}/guilds/{guild}/voice", tag = "people",
    params(InGuild), responses((status = 200, body = Done)))]
pub(super) async fn leave_voice(State(hub): State<Arc<Hub>>, Path(at): Path<InGuild>) -> Answer<Done> {
    done(acting(&hub, at.user)?.leaves_voice(at.guild))
}

/// Follows an invitation.
#[utoipa::path(put, path = "/sim/users/{user}/invites/{code}", tag = "people",
    params(OfInvite), responses((status = 200, body = Joined)))]
pub(super) async fn accept_invite(State(hub): State<Arc<Hub>>, Path(at): Path<OfInvite>) -> Answer<Joined> {
    let guild = acting(&hub, at.user)?.accepts_invite(&at.code)?;
    Ok(axum::Json(Joined { guild }))
}

/// How a user shows themselves and what they take.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Settings {
    /// `online`, `idle`, `dnd` or `invisible`.
    #[schema(pattern = "^(online|idle|dnd|invisible|offline)$")]
    status: Option<String>,
    /// What the user plays; an empty text ends it. Without a status the present one stays; a new status without it ends
    /// the game.
    playing: Option<String>,
    /// Whether bots may write direct messages.
    takes_dms: Option<bool>,
    /// The client's language, such as `de`.
    locale: Option<String>,
}

/// Changes status, game, direct messages or language.
#[utoipa::path(patch, path = "/sim/users/{user}", tag = "people",
    params(OfUser), responses((status = 200, body = Done)))]
pub(super) async fn settings(
    State(hub): State<Arc<Hub>>,
    Path(of): Path<OfUser>,
    Json(new): Json<Settings>,
) -> Answer<Done> {
    let user = acting(&hub, of.user)?;
    if new.status.is_some() || new.playing.is_some() {
        let status = new
            .status
            .unwrap_or_else(|| hub.read(|w| w.status_of(of.user)).to_owned());
        user.shows(&status, new.playing.as_deref().filter(|game| !game.is_empty()))?;
    }
    if let Some(open) = new.takes_dms {
        user.takes_dms(open);
    }
    if let Some(locale) = &new.locale {
        user.speaks(locale);
    }
    Ok(axum::Json(Done {}))
}

/// Whom to write to.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Recipient {
    /// The other user.
    recipient: Id,
}

/// Opens a direct message with somebody.
#[utoipa::path(post, path = "/sim/users/{user}/dms", tag = "people",
    params(OfUser), responses((status = 200, body = Channel)))]
pub(super) async fn open_dm(
    State(hub): State<Arc<Hub>>,
    Path(of): Path<OfUser>,
    Json(with): Json<Recipient>,
) -> Answer<Channel> {
    let user = acting(&hub, of.user)?;
    hub.read(|w| w.user(with.recipient).map(|_| ()))?;
    let channel = user.dm_with(with.recipient);
    hub.read(|w| Ok(axum::Json(Channel(write::channel(w, w.channel(channel)?)))))
}
