//! The way back to whoever asked: answers an interaction or a message, whatever has been promised before.

use std::sync::atomic::{AtomicBool, Ordering};

use hazebot_core::ids::{ChannelId, MessageId};
use tokio::sync::Mutex;

use crate::{
    answer::{Answer, What},
    command::Mode,
    message::Message,
    rest::{Discord, DiscordError, InteractionHandle, Posted},
};

/// How far the answer to an interaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing has been said.
    Fresh,
    /// "… is thinking" is shown.
    Promised { ephemeral: bool },
    /// The press has been taken note of; nothing is shown.
    Acknowledged,
    /// The answer is out.
    Answered,
}

#[derive(Debug)]
enum Way {
    Interaction {
        handle: InteractionHandle,
        has_message: bool,
        stage: Mutex<Stage>,
    },
    Message {
        discord: Discord,
        channel: ChannelId,
        message: MessageId,
        answered: AtomicBool,
    },
    /// Suggestions while somebody types go another way.
    None,
}

/// The way back.
#[derive(Debug)]
pub(crate) struct Answering {
    way: Way,
    mode: Mode,
}

impl Answering {
    /// Back to an interaction. `has_message`: it came from a message of the bot, which can be updated.
    pub(crate) fn interaction(handle: InteractionHandle, mode: Mode, has_message: bool) -> Self {
        Self {
            way: Way::Interaction {
                handle,
                has_message,
                stage: Mutex::new(Stage::Fresh),
            },
            mode,
        }
    }

    /// Back to a message.
    pub(crate) fn message(discord: Discord, channel: ChannelId, message: MessageId, mode: Mode) -> Self {
        Self {
            way: Way::Message {
                discord,
                channel,
                message,
                answered: AtomicBool::new(false),
            },
            mode,
        }
    }

    /// No way back.
    pub(crate) fn none() -> Self {
        Self {
            way: Way::None,
            mode: Mode::Ephemeral,
        }
    }

    /// Promises an answer, if nothing has been said yet.
    pub(crate) async fn defer(&self) -> Result<(), DiscordError> {
        match &self.way {
            Way::Interaction {
                handle,
                has_message,
                stage,
            } => {
                let mut stage = stage.lock().await;
                if *stage != Stage::Fresh {
                    return Ok(());
                }
                *stage = match self.mode {
                    Mode::Modal => return Ok(()),
                    Mode::Update if *has_message => {
                        handle.acknowledge().await?;
                        Stage::Acknowledged
                    }
                    Mode::Update | Mode::Public => {
                        handle.defer(false).await?;
                        Stage::Promised { ephemeral: false }
                    }
                    Mode::Ephemeral => {
                        handle.defer(true).await?;
                        Stage::Promised { ephemeral: true }
                    }
                };
                Ok(())
            }
            Way::Message {
                discord,
                channel,
                answered,
                ..
            } if !answered.load(Ordering::Acquire) => discord.type_in(*channel).await,
            Way::Message { .. } | Way::None => Ok(()),
        }
    }

    /// Says something more.
    pub(crate) async fn follow_up(&self, message: &Message, ephemeral: bool) -> Result<Posted, DiscordError> {
        match &self.way {
            Way::Interaction { handle, stage, .. } => {
                let mut stage = stage.lock().await;
                match *stage {
                    // Discord takes a follow-up only after an answer, so this becomes the answer.
                    Stage::Fresh => {
                        handle.reply(message, ephemeral).await?;
                        *stage = Stage::Answered;
                        handle.original().await
                    }
                    Stage::Promised { ephemeral: promised } if promised == ephemeral => {
                        let posted = handle.edit_original(message).await?;
                        *stage = Stage::Answered;
                        Ok(posted)
                    }
                    Stage::Promised { .. } => {
                        handle.delete_original().await?;
                        *stage = Stage::Answered;
                        handle.follow_up(message, ephemeral).await
                    }
                    Stage::Acknowledged | Stage::Answered => handle.follow_up(message, ephemeral).await,
                }
            }
            Way::Message {
                discord,
                channel,
                message: id,
                ..
            } => discord.send(*channel, &message.clone().reply_to(*id)).await,
            Way::None => Err(DiscordError::Rejected {
                status: 0,
                code: 0,
                message: "nothing to answer".to_owned(),
            }),
        }
    }

    /// Changes what was said by [`Answering::follow_up`].
    pub(crate) async fn edit(&self, posted: &Posted, message: &Message) -> Result<Posted, DiscordError> {
        match &self.way {
            Way::Interaction { handle, .. } => handle.edit_follow_up(posted.id, message).await,
            Way::Message { discord, .. } => discord.edit(posted.channel_id, posted.id, message).await,
            Way::None => Err(DiscordError::Rejected {
                status: 0,
                code: 0,
                message: "nothing to change".to_owned(),
            }),
        }
    }

    /// Gives the answer.
    pub(crate) async fn deliver(&self, answer: &Answer) -> Result<(), DiscordError> {
        match &self.way {
            Way::Interaction {
                handle,
                has_message,
                stage,
            } => {
                let mut stage = stage.lock().await;
                let ephemeral = answer.ephemeral.unwrap_or(self.mode != Mode::Public);
                deliver(handle, *has_message, *stage, answer, ephemeral).await?;
                *stage = Stage::Answered;
                Ok(())
            }
            Way::Message {
                discord,
                channel,
                message: id,
                answered,
            } => {
                answered.store(true, Ordering::Release);
                match &answer.what {
                    What::Message(message) | What::Update(message) => {
                        let mut message = message.as_ref().clone().reply_to(*id);
                        // A command that is replayed after a crash is answered once.
                        if message.nonce.is_none() {
                            message = message.nonce(format!("r{id}"));
                        }
                        discord.send(*channel, &message).await.map(drop)
                    }
                    What::Modal(_) => Err(no_form()),
                    What::Nothing => Ok(()),
                }
            }
            Way::None => Ok(()),
        }
    }
}

fn no_form() -> DiscordError {
    DiscordError::Rejected {
        status: 0,
        code: 0,
        message: "a form can't be opened any more".to_owned(),
    }
}

async fn deliver(
    handle: &InteractionHandle,
    has_message: bool,
    stage: Stage,
    answer: &Answer,
    ephemeral: bool,
) -> Result<(), DiscordError> {
    match (&answer.what, stage) {
        (What::Update(message), Stage::Fresh) if has_message => handle.update(message).await,
        (What::Update(message), Stage::Acknowledged | Stage::Answered) if has_message => {
            handle.edit_original(message).await.map(drop)
        }
        (What::Message(message) | What::Update(message), Stage::Fresh) => {
            handle.reply(message, ephemeral).await
        }
        (What::Message(message) | What::Update(message), Stage::Promised { ephemeral: promised }) => {
            if promised == ephemeral {
                return handle.edit_original(message).await.map(drop);
            }
            // Who sees an answer is settled when it is promised, so the promise is taken back.
            handle.delete_original().await?;
            handle.follow_up(message, ephemeral).await.map(drop)
        }
        (What::Message(message) | What::Update(message), Stage::Acknowledged | Stage::Answered) => {
            handle.follow_up(message, ephemeral).await.map(drop)
        }
        (What::Modal(modal), Stage::Fresh) => handle.open(modal).await,
        (What::Modal(_), _) => Err(no_form()),
        (What::Nothing, Stage::Fresh) if has_message => handle.acknowledge().await,
        (What::Nothing, Stage::Fresh) => {
            handle.defer(true).await?;
            handle.delete_original().await
        }
        (What::Nothing, Stage::Promised { .. }) => handle.delete_original().await,
        (What::Nothing, Stage::Acknowledged | Stage::Answered) => Ok(()),
    }
}
