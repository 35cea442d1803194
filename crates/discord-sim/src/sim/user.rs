//! Acting as a user.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{ApiError, ApiResult};
use crate::hub::Hub;
use crate::id::Id;
use crate::world::model::Channel;
use crate::world::permissions::Permissions;
use crate::world::{Draft, EmojiName, Upload, World};

use super::PATIENCE;
use super::exchange::{Exchange, Seen};

/// A user at their client. Every call checks what Discord would check.
#[derive(Clone, Debug)]
pub struct AsUser {
    pub(super) hub: Arc<Hub>,
    pub(super) user: Id,
    channel: Option<Id>,
    pub(super) patience: Duration,
}

impl AsUser {
    pub(crate) fn new(hub: Arc<Hub>, user: Id) -> Self {
        Self {
            hub,
            user,
            channel: None,
            patience: PATIENCE,
        }
    }

    /// The user.
    #[must_use]
    pub fn id(&self) -> Id {
        self.user
    }

    /// The same user, with this channel open: where commands are run.
    #[must_use]
    pub fn in_channel(&self, channel: Id) -> Self {
        Self {
            channel: Some(channel),
            ..self.clone()
        }
    }

    /// The same user, waiting at most so long of real time for answers.
    #[must_use]
    pub fn waiting(&self, patience: Duration) -> Self {
        Self {
            patience,
            ..self.clone()
        }
    }

    /// The open channel, or the first text channel that the user can write in.
    pub(super) fn place(&self) -> ApiResult<Id> {
        if let Some(channel) = self.channel {
            return Ok(channel);
        }
        self.hub.read(|w| {
            let mut open: Vec<&Channel> = w
                .channels
                .values()
                .filter(|c| {
                    c.guild_id.is_some()
                        && c.kind == 0
                        && w.permissions_in(c, self.user).has(Permissions::SEND_MESSAGES)
                })
                .collect();
            open.sort_by_key(|c| (c.position, c.id));
            open.first().map(|c| c.id).ok_or_else(ApiError::missing_access)
        })
    }

    /// Writes a message.
    ///
    /// # Errors
    /// What Discord answers: no permission, slow mode, too long …
    pub fn says(&self, channel: Id, text: &str) -> ApiResult<Id> {
        self.sends(channel, Draft::text(text))
    }

    /// Writes a message with a file.
    ///
    /// # Errors
    /// As [`AsUser::says`].
    pub fn uploads(
        &self,
        channel: Id,
        text: &str,
        filename: &str,
        content: impl Into<Vec<u8>>,
    ) -> ApiResult<Id> {
        self.writes(channel, text, vec![(filename.to_owned(), content.into())], None)
    }

    /// Answers a message.
    ///
    /// # Errors
    /// As [`AsUser::says`].
    pub fn replies(&self, channel: Id, to: Id, text: &str) -> ApiResult<Id> {
        self.writes(channel, text, Vec::new(), Some(to))
    }

    /// Writes a message with files (name and content), as an answer to another if wanted.
    ///
    /// # Errors
    /// As [`AsUser::says`].
    pub fn writes(
        &self,
        channel: Id,
        text: &str,
        files: Vec<(String, Vec<u8>)>,
        reply_to: Option<Id>,
    ) -> ApiResult<Id> {
        let uploads = files.into_iter().enumerate().map(|(at, file)| upload(at, file));
        self.sends(
            channel,
            Draft {
                uploads: uploads.collect(),
                reply_to,
                reply_must_exist: reply_to.is_some(),
                ..Draft::text(text)
            },
        )
    }

    fn sends(&self, channel: Id, draft: Draft) -> ApiResult<Id> {
        check_length(draft.content.as_deref().unwrap_or_default())?;
        self.hub.change(|w| w.write(self.user, channel, draft))
    }

    /// Changes an own message.
    ///
    /// # Errors
    /// 50005 for somebody else's, 10008 for none.
    pub fn edits(&self, channel: Id, message: Id, text: &str) -> ApiResult<()> {
        check_length(text)?;
        self.hub
            .change(|w| w.edit_message(self.user, channel, message, Draft::text(text)))
    }

    /// Deletes a message.
    ///
    /// # Errors
    /// 50013 for somebody else's without the right, 10008 for none.
    pub fn deletes(&self, channel: Id, message: Id) -> ApiResult<()> {
        self.hub
            .change(|w| w.delete_message(self.user, channel, message, None))
    }

    /// Dismisses or keeps nothing else: takes an ephemeral message out of sight.
    ///
    /// # Errors
    /// 10008 if there is none for this user.
    pub fn dismisses(&self, channel: Id, message: Id) -> ApiResult<()> {
        self.hub.change(|w| match w.message(channel, message)?.only_for {
            Some(user) if user == self.user => w.remove_message(channel, message),
            _ => Err(ApiError::unknown_message()),
        })
    }

    /// Adds a reaction.
    ///
    /// # Errors
    /// What Discord answers.
    pub fn reacts(&self, channel: Id, message: Id, emoji: &str) -> ApiResult<()> {
        let emoji = EmojiName::parse(emoji)?;
        self.hub.change(|w| w.react(self.user, channel, message, &emoji))
    }

    /// Takes the own reaction back.
    ///
    /// # Errors
    /// What Discord answers.
    pub fn unreacts(&self, channel: Id, message: Id, emoji: &str) -> ApiResult<()> {
        let emoji = EmojiName::parse(emoji)?;
        self.hub
            .change(|w| w.unreact(self.user, self.user, channel, message, &emoji))
    }

    /// Votes in a poll for these answers, numbered from 1; none takes the vote back.
    ///
    /// # Errors
    /// 520001 if the poll is over, 50035 for answers it does not have.
    pub fn votes(&self, channel: Id, message: Id, answers: &[u64]) -> ApiResult<()> {
        self.hub.change(|w| w.vote(self.user, channel, message, answers))
    }

    /// Starts typing.
    ///
    /// # Errors
    /// 50001 or 50013 where the user cannot write.
    pub fn types(&self, channel: Id) -> ApiResult<()> {
        self.hub.change(|w| w.type_in(self.user, channel))
    }

    /// Joins a guild.
    ///
    /// # Errors
    /// 40007 for the banned.
    pub fn joins(&self, guild: Id) -> ApiResult<()> {
        self.hub.change(|w| w.join(guild, self.user))
    }

    /// Leaves a guild.
    ///
    /// # Errors
    /// 10007 if not a member.
    pub fn leaves(&self, guild: Id) -> ApiResult<()> {
        self.hub.change(|w| w.leave(guild, self.user))
    }

    /// Follows an invitation. Gives the guild.
    ///
    /// # Errors
    /// 10006 for one that is over, 40007 for the banned.
    pub fn accepts_invite(&self, code: &str) -> ApiResult<Id> {
        self.hub.change(|w| w.accept_invite(self.user, code))
    }

    /// Connects to a voice channel.
    ///
    /// # Errors
    /// 50001 or 50013 without the right, 50024 for another kind of channel.
    pub fn joins_voice(&self, channel: Id) -> ApiResult<()> {
        self.hub.change(|w| w.join_voice(self.user, channel))
    }

    /// Disconnects from voice.
    ///
    /// # Errors
    /// 40032 if not connected.
    pub fn leaves_voice(&self, guild: Id) -> ApiResult<()> {
        self.hub.change(|w| w.leave_voice(guild, self.user))
    }

    /// Takes direct messages from now on, or no longer.
    pub fn takes_dms(&self, open: bool) {
        self.hub.change(|w| {
            if let Some(user) = w.users.get_mut(&self.user) {
                user.takes_dms = open;
            }
        });
    }

    /// Sets the client's language, such as `de`.
    pub fn speaks(&self, locale: &str) {
        self.hub.change(|w| {
            if let Some(user) = w.users.get_mut(&self.user) {
                locale.clone_into(&mut user.locale);
            }
        });
    }

    /// The direct-message channel with another user.
    #[must_use]
    pub fn dm_with(&self, other: Id) -> Id {
        self.hub.change(|w| w.dm_between(self.user, other))
    }

    /// How an exchange stands by now: later follow-ups included.
    ///
    /// # Errors
    /// 10062 if it was forgotten.
    pub fn looks_again(&self, exchange: &Exchange) -> ApiResult<Exchange> {
        self.hub.read(|w| Exchange::look(w, exchange.interaction))
    }

    /// The messages of a channel as this user sees them, oldest first; empty if they cannot read it.
    #[must_use]
    pub fn sees(&self, channel: Id) -> Vec<Seen> {
        self.hub.read(|w| visible(w, self.user, channel))
    }

    /// Waits for a message in a channel that `fits`, old ones included. `None` when patience runs out.
    pub async fn waits_for(&self, channel: Id, fits: impl Fn(&Seen) -> bool) -> Option<Seen> {
        self.hub
            .wait_for(self.patience, |w| {
                visible(w, self.user, channel).into_iter().rev().find(|m| fits(m))
            })
            .await
    }

    /// The channels that this user sees, in the order of the list.
    #[must_use]
    pub fn channels(&self, guild: Id) -> Vec<Channel> {
        self.hub.read(|w| {
            let mut list: Vec<Channel> = w
                .channels
                .values()
                .filter(|c| c.guild_id == Some(guild) && w.sees(self.user, c))
                .cloned()
                .collect();
            list.sort_by_key(|c| (c.position, c.id));
            list
        })
    }
}

pub(super) fn upload(at: usize, (filename, content): (String, Vec<u8>)) -> Upload {
    let content_type = mime_guess::from_path(&filename)
        .first_raw()
        .unwrap_or("application/octet-stream");
    Upload {
        field: format!("files[{at}]"),
        content_type: content_type.to_owned(),
        filename,
        content: content.into(),
    }
}

/// The longest message of a user without a subscription.
const LONGEST_MESSAGE: usize = 2000;

pub(super) fn check_length(text: &str) -> ApiResult<()> {
    if text.chars().count() > LONGEST_MESSAGE {
        return Err(ApiError::field(
            "content",
            "BASE_TYPE_MAX_LENGTH",
            "Must be 2000 or fewer in length.",
        ));
    }
    Ok(())
}

pub(crate) fn visible(world: &World, user: Id, channel: Id) -> Vec<Seen> {
    let Some(state) = world.channels.get(&channel) else {
        return Vec::new();
    };
    let set = world.permissions_in(state, user);
    if !set.has(Permissions::VIEW_CHANNEL) || !set.has(Permissions::READ_MESSAGE_HISTORY) {
        return Vec::new();
    }
    state
        .messages
        .iter()
        .filter(|m| m.visible_to(user))
        .map(|m| Seen::new(world, m, user))
        .collect()
}
