//! The world: everything that exists on this Discord, and who may see and do what in it.

mod access;
mod act_channel;
mod act_command;
mod act_emoji;
mod act_guild;
mod act_interaction;
mod act_member;
mod act_message;
mod act_news;
mod act_overwrite;
mod act_pin;
mod act_prune;
mod act_reaction;
mod act_response;
mod act_role;
mod act_thread;
mod act_thread_member;
mod act_webhook;
mod audit;
pub mod builder;
mod changes;
mod choices;
mod command_access;
mod command_files;
mod component_check;
mod component_defaults;
mod component_shapes;
pub(crate) mod components;
mod copy;
mod draft;
mod due;
mod event;
pub mod forum;
mod images;
pub mod invite;
pub(crate) mod json;
pub(crate) mod json_application;
pub(crate) mod json_guild;
pub(crate) mod json_message;
mod mentions;
pub mod message;
mod modal_fill;
pub mod model;
mod model_application;
pub mod permissions;
pub mod poll;
mod post;
pub(crate) mod presence;
pub mod scenario;
mod scenario_parts;
pub mod settings;
mod signature;
pub mod voice;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use bytes::Bytes;
use serde_json::Value;

pub use act_interaction::{CommandCall, Modal, Press};
pub(crate) use act_overwrite::read_overwrite;
pub(crate) use act_prune::Prune;
pub(crate) use act_reaction::EmojiName;
pub(crate) use act_response::ResponseDraft;
pub(crate) use act_response::under;
pub(crate) use act_webhook::check_name as check_webhook_name;
pub(crate) use audit::AuditLine;
pub use builder::WorldBuilder;
pub use command_files::OptionFile;
pub(crate) use draft::{Draft, Upload, id_of};
pub use event::{Event, Scope};
pub(crate) use post::Post;

use crate::clock::{Millis, SimClock};
use crate::error::{ApiError, ApiResult};
use crate::id::{Id, IdMaker};
use crate::seed::Dice;
use message::{Interaction, Message};
use model::{Application, Channel, Guild, Member, User, Webhook};

/// How much the world keeps. Each number bounds memory, not behaviour of Discord.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Messages kept per channel; older ones are forgotten silently.
    pub messages_per_channel: usize,
    /// Interactions kept; the oldest are forgotten, which is right after their 15 minutes anyway.
    pub interactions: usize,
    /// Bytes of attachments kept in all; the oldest are forgotten.
    pub attachment_bytes: usize,
    /// Audit log lines kept per guild.
    pub audit_lines: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages_per_channel: 200,
            interactions: 2_000,
            attachment_bytes: 8 * 1024 * 1024,
            audit_lines: 500,
        }
    }
}

/// Everything on this Discord.
#[derive(Debug)]
pub struct World {
    pub(crate) clock: SimClock,
    pub(crate) dice: Dice,
    ids: IdMaker,
    /// What is kept at most.
    pub limits: Limits,
    /// Accounts by id.
    pub users: HashMap<Id, User>,
    /// Guilds by id.
    pub guilds: BTreeMap<Id, Guild>,
    /// Channels, threads and direct messages by id.
    pub channels: HashMap<Id, Channel>,
    /// Applications by id.
    pub applications: BTreeMap<Id, Application>,
    /// Webhooks by id.
    pub webhooks: BTreeMap<Id, Webhook>,
    /// Invitations by code.
    pub invites: BTreeMap<String, invite::Invite>,
    pub(crate) dm_channels: HashMap<(Id, Id), Id>,
    /// What users do, of those who show it.
    pub(crate) activities: HashMap<Id, Vec<Value>>,
    interactions: HashMap<Id, Interaction>,
    interaction_order: VecDeque<Id>,
    files: HashMap<Id, Bytes>,
    file_order: VecDeque<Id>,
    file_bytes: usize,
    pub(crate) outbox: Vec<Event>,
    images: images::Images,
    due: BTreeSet<(Millis, due::Due)>,
    attachment_key: [u8; 32],
    /// Where browsers and bots find this world, without a slash at the end.
    pub base_url: String,
}

impl World {
    /// An empty world.
    #[must_use]
    pub fn new(seed: u64, clock: SimClock) -> Self {
        Self {
            clock,
            dice: Dice::new(seed),
            ids: IdMaker::default(),
            limits: Limits::default(),
            users: HashMap::new(),
            guilds: BTreeMap::new(),
            channels: HashMap::new(),
            applications: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            invites: BTreeMap::new(),
            dm_channels: HashMap::new(),
            activities: HashMap::new(),
            interactions: HashMap::new(),
            interaction_order: VecDeque::new(),
            files: HashMap::new(),
            file_order: VecDeque::new(),
            file_bytes: 0,
            outbox: Vec::new(),
            images: images::Images::default(),
            due: BTreeSet::new(),
            attachment_key: signature::key(seed),
            base_url: String::new(),
        }
    }

    /// Starts to describe a world.
    #[must_use]
    pub fn builder() -> WorldBuilder {
        WorldBuilder::default()
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(crate) fn new_id(&mut self) -> Id {
        self.ids.next(self.clock.now())
    }

    pub(crate) fn emit(&mut self, kind: &'static str, scope: Scope, body: Value) {
        self.outbox.push(Event { kind, scope, body });
    }

    /// The user.
    ///
    /// # Errors
    /// 10013 if there is none.
    pub fn user(&self, id: Id) -> ApiResult<&User> {
        self.users.get(&id).ok_or_else(ApiError::unknown_user)
    }

    /// The guild.
    ///
    /// # Errors
    /// 10004 if there is none.
    pub fn guild(&self, id: Id) -> ApiResult<&Guild> {
        self.guilds.get(&id).ok_or_else(ApiError::unknown_guild)
    }

    pub(crate) fn guild_mut(&mut self, id: Id) -> ApiResult<&mut Guild> {
        self.guilds.get_mut(&id).ok_or_else(ApiError::unknown_guild)
    }

    /// The channel.
    ///
    /// # Errors
    /// 10003 if there is none.
    pub fn channel(&self, id: Id) -> ApiResult<&Channel> {
        self.channels.get(&id).ok_or_else(ApiError::unknown_channel)
    }

    pub(crate) fn channel_mut(&mut self, id: Id) -> ApiResult<&mut Channel> {
        self.channels.get_mut(&id).ok_or_else(ApiError::unknown_channel)
    }

    /// The member.
    ///
    /// # Errors
    /// 10004 or 10007 if there is no such guild or member.
    pub fn member(&self, guild: Id, user: Id) -> ApiResult<&Member> {
        self.guild(guild)?
            .members
            .get(&user)
            .ok_or_else(ApiError::unknown_member)
    }

    pub(crate) fn member_mut(&mut self, guild: Id, user: Id) -> ApiResult<&mut Member> {
        self.guild_mut(guild)?
            .members
            .get_mut(&user)
            .ok_or_else(ApiError::unknown_member)
    }

    /// The message.
    ///
    /// # Errors
    /// 10003 or 10008 if there is no such channel or message.
    pub fn message(&self, channel: Id, id: Id) -> ApiResult<&Message> {
        self.channel(channel)?
            .message(id)
            .ok_or_else(ApiError::unknown_message)
    }

    pub(crate) fn message_mut(&mut self, channel: Id, id: Id) -> ApiResult<&mut Message> {
        self.channel_mut(channel)?
            .message_mut(id)
            .ok_or_else(ApiError::unknown_message)
    }

    /// The application.
    ///
    /// # Errors
    /// 10002 if there is none.
    pub fn application(&self, id: Id) -> ApiResult<&Application> {
        self.applications
            .get(&id)
            .ok_or_else(ApiError::unknown_application)
    }

    pub(crate) fn application_mut(&mut self, id: Id) -> ApiResult<&mut Application> {
        self.applications
            .get_mut(&id)
            .ok_or_else(ApiError::unknown_application)
    }

    /// The application whose bot this account is.
    #[must_use]
    pub fn application_of_bot(&self, bot: Id) -> Option<&Application> {
        self.applications.values().find(|a| a.bot_id == bot)
    }

    /// The application with this bot token.
    #[must_use]
    pub fn application_by_token(&self, token: &str) -> Option<&Application> {
        self.applications.values().find(|a| a.token == token)
    }

    /// The interaction.
    #[must_use]
    pub fn interaction(&self, id: Id) -> Option<&Interaction> {
        self.interactions.get(&id)
    }

    pub(crate) fn interaction_mut(&mut self, id: Id) -> ApiResult<&mut Interaction> {
        self.interactions
            .get_mut(&id)
            .ok_or_else(ApiError::unknown_interaction)
    }

    pub(crate) fn interaction_by_token(&self, token: &str) -> Option<&Interaction> {
        self.interactions.values().find(|i| i.token == token)
    }

    /// True while an interaction waits for its first answer and may still get it.
    pub(crate) fn is_waiting(&self) -> bool {
        let since = self.now() - act_response::ANSWER_WITHIN;
        self.interactions
            .values()
            .any(|i| i.progress == message::Progress::Waiting && i.at >= since)
    }

    pub(crate) fn keep_interaction(&mut self, interaction: Interaction) {
        self.interaction_order.push_back(interaction.id);
        self.interactions.insert(interaction.id, interaction);
        while self.interaction_order.len() > self.limits.interactions {
            if let Some(old) = self.interaction_order.pop_front() {
                self.interactions.remove(&old);
            }
        }
    }

    /// The tokens of all interactions run out.
    pub(crate) fn expire_interactions(&mut self) {
        let over = self.now() - act_response::TOKEN_LIFE - 1;
        for interaction in self.interactions.values_mut() {
            interaction.at = interaction.at.min(over);
        }
    }

    pub(crate) fn keep_file(&mut self, id: Id, content: Bytes) {
        self.file_bytes += content.len();
        self.files.insert(id, content);
        self.file_order.push_back(id);
        while self.file_bytes > self.limits.attachment_bytes && self.file_order.len() > 1 {
            if let Some(old) = self.file_order.pop_front().and_then(|id| self.files.remove(&id)) {
                self.file_bytes -= old.len();
            }
        }
    }

    /// The content of an attachment, if it is still kept.
    #[must_use]
    pub fn file(&self, id: Id) -> Option<Bytes> {
        self.files.get(&id).cloned()
    }

    /// The two users' direct-message channel, made if there is none.
    pub(crate) fn dm_between(&mut self, a: Id, b: Id) -> Id {
        let key = (a.min(b), a.max(b));
        if let Some(id) = self.dm_channels.get(&key) {
            return *id;
        }
        let id = self.new_id();
        let mut channel = Channel::new(id, model::kind::DM, None, "");
        channel.recipients = vec![a, b];
        self.channels.insert(id, channel);
        self.dm_channels.insert(key, id);
        id
    }
}
