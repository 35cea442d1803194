//! What the control API answers, apart from Discord's own objects.

use serde::Serialize;
use utoipa::ToSchema;

use crate::faults::FaultRule;
use crate::id::Id;
use crate::sim::{self, Seen};

use super::objects::{Channel, Choice, Component, Invite, Message, Role, User};

/// It is done, and there is nothing to tell.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Done {}

/// Where everything is, and who may log in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Info {
    /// The base of REST, OAuth2, CDN and this API.
    pub(super) base_url: String,
    /// Where bots connect.
    pub(super) gateway_url: String,
    /// The time of the world, RFC 3339.
    pub(super) now: String,
    /// All guilds.
    pub(super) guilds: Vec<GuildLine>,
    /// All applications.
    pub(super) applications: Vec<ApplicationLine>,
}

/// A guild in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GuildLine {
    /// Its id.
    pub(super) id: Id,
    /// Its name.
    pub(super) name: String,
    /// Whose it is.
    pub(super) owner_id: Id,
    /// How many members it has.
    pub(super) members: usize,
}

/// An application with its made-up secrets.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ApplicationLine {
    /// Its id.
    pub(super) id: Id,
    /// Its name.
    pub(super) name: String,
    /// Its bot's user.
    pub(super) bot_id: Id,
    /// What the bot logs in with.
    pub(super) token: String,
    /// What it redeems OAuth2 codes with.
    pub(super) client_secret: String,
    /// How many commands it has registered, global ones and those of guilds.
    pub(super) commands: usize,
    /// Sessions that have a connection now.
    pub(super) connected: usize,
}

/// A user, with what a member is in the guild in question.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Person {
    /// The account.
    #[serde(flatten)]
    pub(super) user: User,
    /// Absent for those who are no members.
    #[serde(flatten)]
    #[schema(value_type = Membership)]
    pub(super) member: Option<Membership>,
}

/// What a member is; nothing of it stands there for somebody who is none.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Membership {
    /// The nickname.
    #[schema(required = false)]
    pub(super) nick: Option<String>,
    /// Ids of the roles.
    #[schema(required = false)]
    pub(super) roles: Vec<Id>,
    /// `owner`, `admin`, `moderator`, `member` or `newcomer`, by permissions.
    #[schema(required = false)]
    pub(super) standing: &'static str,
    /// The colour of the name; 0 for none.
    #[schema(required = false)]
    pub(super) color: u32,
    /// `online`, `idle`, `dnd` or `offline`.
    #[schema(required = false)]
    pub(super) status: &'static str,
    /// Names of the roles, highest first.
    #[schema(required = false)]
    pub(super) role_names: Vec<String>,
}

/// What a user's client shows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct View {
    /// The account.
    pub(super) user: User,
    /// The guilds that the user is in.
    pub(super) guilds: Vec<GuildView>,
    /// Whether bots may write direct messages.
    pub(super) takes_dms: bool,
    /// The client's language.
    pub(super) locale: String,
    /// Guilds that the user is not in.
    pub(super) joinable: Vec<Named>,
    /// Direct messages.
    pub(super) dms: Vec<Channel>,
}

/// A guild as a member sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GuildView {
    /// Its id.
    pub(super) id: Id,
    /// Its name.
    pub(super) name: String,
    /// Whose it is.
    pub(super) owner_id: Id,
    /// The channels that the user sees, in their order.
    pub(super) channels: Vec<SeenChannel>,
    /// All roles.
    pub(super) roles: Vec<Role>,
    /// 200 members at most, the user first.
    pub(super) members: Vec<Person>,
    /// Its own emojis.
    pub(super) emojis: Vec<Named>,
    /// Who is connected to voice.
    pub(super) voice: Vec<Voice>,
    /// The user's permissions in the guild, as a decimal number.
    pub(super) permissions: String,
}

/// A channel and what the user may do there.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SeenChannel {
    /// The channel.
    #[serde(flatten)]
    pub(super) channel: Channel,
    /// The user's permissions there, as a decimal number.
    pub(super) permissions: String,
}

/// Something with a name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Named {
    /// Its id.
    pub(super) id: Id,
    /// Its name.
    pub(super) name: String,
}

/// Somebody in a voice channel.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Voice {
    /// Who.
    pub(super) user: Id,
    /// Where.
    pub(super) channel: Id,
}

/// The guild that an invitation led to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Joined {
    /// Its id.
    pub(super) guild: Id,
}

/// A post of a forum.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Post {
    /// Its thread.
    pub(super) thread: Channel,
    /// Its first message, if that still is there.
    pub(super) first: Option<Message>,
}

/// An invitation as a user is shown it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShownInvite {
    /// The invitation.
    #[serde(flatten)]
    pub(super) invite: Invite,
    /// The user is in the guild already.
    pub(super) member: bool,
    /// The user is banned there.
    pub(super) banned: bool,
    /// Its address.
    pub(super) url: String,
}

/// An interaction and what came of it so far.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Exchange {
    /// The interaction.
    pub(super) interaction: Id,
    /// Who started it.
    pub(super) user: Id,
    /// The bot asked for more time before it answered.
    pub(super) deferred: bool,
    /// A message, a modal, choices, an update or a silent acknowledgement is here.
    pub(super) answered: bool,
    /// Nothing came within three seconds.
    pub(super) failed: bool,
    /// The first answer and all follow-ups that still exist, in order.
    pub(super) responses: Vec<Message>,
    /// The message whose component was used, if the answer changed it.
    pub(super) updated: Option<Message>,
    /// Choices for a half-typed option.
    pub(super) choices: Vec<Choice>,
    /// The modal that was shown.
    pub(super) modal: Option<Modal>,
}

/// A form that a bot showed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Modal {
    /// The interaction that it answers; it is submitted under this id.
    pub(super) interaction: Id,
    /// What the bot calls it by.
    pub(super) custom_id: String,
    /// The title.
    pub(super) title: String,
    /// Its components.
    pub(super) components: Vec<Component>,
}

/// The world's clock.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Time {
    /// RFC 3339.
    pub(super) now: String,
    /// It moves only when it is told to.
    pub(super) manual: bool,
}

/// Faults of requests that wait. Those of the gateway and of the world have happened, or wait for their time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Waiting(pub(super) Vec<FaultRule>);

/// How many connections a fault met.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Hit {
    /// Connections.
    pub(super) connections: usize,
}

/// Whether nothing was under way before the time ran out.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Silence {
    /// It is quiet.
    pub(super) quiet: bool,
}

/// What was refused, in Discord's form.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Refusal {
    /// Discord's JSON code; 0 for a general error.
    pub(super) code: u32,
    /// Why.
    pub(super) message: String,
    /// For 50035: the tree of wrong fields, each with a list `_errors` of `code` and `message`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false)]
    pub(super) errors: Option<serde_json::Value>,
}

impl From<&Seen> for Message {
    fn from(seen: &Seen) -> Self {
        Self(seen.json.clone())
    }
}

impl From<&sim::Exchange> for Exchange {
    fn from(of: &sim::Exchange) -> Self {
        Self {
            interaction: of.interaction,
            user: of.user,
            deferred: of.deferred,
            answered: of.answered,
            failed: of.failed,
            responses: of.responses.iter().map(Message::from).collect(),
            updated: of.updated.as_ref().map(Message::from),
            choices: of.choices.iter().cloned().map(Choice).collect(),
            modal: of.modal.as_ref().map(|modal| Modal {
                interaction: modal.interaction,
                custom_id: modal.custom_id.clone(),
                title: modal.title.clone(),
                components: modal.components.iter().cloned().map(Component).collect(),
            }),
        }
    }
}
