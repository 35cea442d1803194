//! The handle that all faces hold, and what actions share.

use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use dashmap::DashMap;
use hazebot_core::{
    Actor, Directory, Entropy, Outcome, Refusal, Timestamp,
    ids::{ChannelId, GuildId, MessageId, Snowflake, UserId},
    settings::Settings,
    store::Store,
    texts::Args,
};
use hazebot_discord::{
    Bot,
    rest::{Discord, Webhook},
};
use hazebot_http::Sockets;

use crate::{
    actions::mail::MailOut,
    files::Files,
    index::Index,
    lists::Lists,
    live::Typing,
    locks::Locks,
    settings,
    store::{self, files, messages},
    ticket::{
        self, Asker, Deed, Policy, Ticket, TicketId,
        file::{File, WireFile},
        kinds::Kinds,
        message::{BotAuthor, Message, WireMessage},
    },
};

/// Tickets, as the program, the cog and the routes hold them. Cheap to clone.
#[derive(Clone)]
pub struct Tickets(Arc<Inner>);

/// The parts; reached through [`Tickets`].
pub struct Inner {
    /// The shared services.
    pub(crate) bot: Bot,
    /// Which channels are tickets.
    pub(crate) index: Index,
    /// Rendered listings.
    pub(crate) lists: Lists,
    /// One at a time per ticket.
    pub(crate) locks: Locks,
    /// One copier at a time per ticket.
    pub(crate) copying: Locks,
    /// Copies of files.
    pub(crate) files: Files,
    /// Webhooks of tickets' channels; bounded like [`Index`].
    pub(crate) webhooks: DashMap<ChannelId, Webhook>,
    /// Who writes just now.
    pub(crate) typing: Typing,
    /// How mails go out, if they do.
    post: Option<MailOut>,
    sockets: OnceLock<Sockets>,
}

impl Deref for Tickets {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Tickets {
    /// Built once by the program; the cog, the routes and the sockets share it. Without `post` nothing is mailed. The settings of
    /// [`TABLE`](crate::settings::TABLE) and the texts of [`TEXTS`](crate::TEXTS) are registered with the bot's.
    #[must_use]
    pub fn new(bot: Bot, files: Files, post: Option<MailOut>) -> Self {
        let (index, lists, locks) = (Index::default(), Lists::default(), Locks::default());
        Self(Arc::new(Inner {
            bot,
            index,
            lists,
            locks,
            copying: Locks::default(),
            files,
            webhooks: DashMap::new(),
            typing: Typing::default(),
            post,
            sockets: OnceLock::new(),
        }))
    }

    /// The guild that the app and the panel belong to.
    #[must_use]
    pub fn home(&self) -> GuildId {
        self.bot.home()
    }

    /// The ticket, if this actor may read it.
    ///
    /// # Errors
    /// Unknown (also of another guild), or not allowed.
    pub async fn get(&self, guild: GuildId, actor: &Actor, id: TicketId) -> Outcome<Ticket> {
        let ticket = store::find(&mut self.store().read().await?, guild, id)
            .await?
            .ok_or_else(ticket::unknown)?;
        ticket::may(&ticket, &self.asker(guild, actor), Deed::Read, self.policy(guild))?;
        Ok(ticket)
    }

    /// All visible tickets of a guild, newest first. For the program itself: no rights are asked for.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self, guild: GuildId, status: Option<ticket::Status>) -> Outcome<Vec<Ticket>> {
        store::listed(&mut self.store().read().await?, guild, status).await
    }

    /// The newest messages, oldest first, if this actor may read them.
    ///
    /// # Errors
    /// As [`Tickets::get`].
    pub async fn history(&self, guild: GuildId, actor: &Actor, id: TicketId) -> Outcome<Vec<Message>> {
        self.get(guild, actor, id).await?;
        messages::history(&mut self.store().read().await?, guild, id).await
    }

    /// The same as routes and sockets show it.
    ///
    /// # Errors
    /// As [`Tickets::get`].
    pub(crate) async fn wire_history(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
    ) -> Outcome<Vec<WireMessage>> {
        let (messages, me) = (self.history(guild, actor, id).await?, self.me(guild));
        let oldest = messages.first().map(|message| message.id);
        let files = files::shown(&mut self.store().read().await?, guild, id, oldest).await?;
        let mut files = by_message(files);
        let wire = messages.iter().map(|message| {
            let mut wire = message.in_history(&me);
            let own = files.remove(&message.id).unwrap_or_default();
            wire.attachments = own.iter().map(|file| WireFile::of(file, id)).collect();
            wire
        });
        Ok(wire.collect())
    }

    /// How mails go out, if they do.
    pub(crate) fn mail(&self) -> Option<&MailOut> {
        self.post.as_ref()
    }

    /// The sockets, once the program has registered them.
    pub(crate) fn sockets(&self) -> Option<&Sockets> {
        self.sockets.get()
    }

    pub(crate) fn set_sockets(&self, sockets: Sockets) {
        // The program registers one API.
        let _ = self.sockets.set(sockets);
    }

    /// The database.
    pub(crate) fn store(&self) -> &Store {
        self.bot.store()
    }

    /// Discord's REST API.
    pub(crate) fn discord(&self) -> &Discord {
        self.bot.discord()
    }

    /// Who is in the guilds.
    pub(crate) fn directory(&self) -> &dyn Directory {
        self.bot.directory()
    }

    /// The guilds' settings.
    pub(crate) fn settings(&self) -> &Settings {
        self.bot.settings()
    }

    /// The time.
    pub(crate) fn now(&self) -> Timestamp {
        self.bot.clock().now()
    }

    /// The randomness.
    pub(crate) fn entropy(&self) -> &Entropy {
        self.bot.entropy()
    }

    /// Who asks, with the rights that they have now.
    pub(crate) fn asker(&self, guild: GuildId, actor: &Actor) -> Asker {
        let (user, rights) = (actor.user(), self.bot.rights_of(guild, actor));
        let helps = match user {
            Some(user) if rights.is_member() && !rights.is_staff() => {
                let roles = self.directory().roles_of(guild, user).unwrap_or_default();
                self.kinds(guild).helped_by(&roles)
            }
            _ => Vec::new(),
        };
        Asker { user, rights, helps }
    }

    /// The guild's choices for each type.
    pub(crate) fn kinds(&self, guild: GuildId) -> Kinds {
        Kinds::read(self.settings().get(guild, &settings::KINDS))
    }

    /// The guild's choices.
    pub(crate) fn policy(&self, guild: GuildId) -> Policy {
        Policy {
            require_claim: self.settings().get(guild, &settings::REQUIRE_CLAIM),
            moderators_assign: self.settings().get(guild, &settings::MODERATORS_ASSIGN),
            moderators_delete: self.settings().get(guild, &settings::MODERATORS_DELETE),
        }
    }

    /// A text in the guild's language.
    pub(crate) fn say(&self, guild: GuildId, id: &str, args: Args<'_>) -> String {
        self.bot.text(guild, id, args)
    }

    /// The name that others see, for people to read; the id if they have left.
    pub(crate) fn name_of(&self, guild: GuildId, user: UserId) -> String {
        self.directory()
            .member(guild, user)
            .map_or_else(|| format!("User {user}"), |member| member.display_name)
    }

    /// The bot as an author. Before the gateway has told who it is, nothing of a guild is known and nobody asks.
    pub(crate) fn me(&self, guild: GuildId) -> BotAuthor {
        let id = self.directory().me().unwrap_or(UserId::new(1));
        match self.directory().member(guild, id) {
            Some(member) => BotAuthor {
                id,
                name: member.username,
                avatar: Some(member.display_avatar),
            },
            None => BotAuthor {
                id,
                name: "HazeBot".to_owned(),
                avatar: None,
            },
        }
    }

    /// Puts the claimer's name where the rules, which know nobody, put an id.
    pub(crate) fn with_names(&self, guild: GuildId, mut refusal: Refusal) -> Refusal {
        for (name, value) in &mut refusal.args {
            if *name == "claimer"
                && let Some(user) = UserId::parse(value)
            {
                *value = self.name_of(guild, user);
            }
        }
        refusal
    }
}

/// Files, sorted by the message that they belong to.
pub(crate) fn by_message(files: Vec<File>) -> HashMap<MessageId, Vec<File>> {
    let mut sorted = HashMap::<MessageId, Vec<File>>::new();
    for file in files {
        sorted.entry(file.message).or_default().push(file);
    }
    sorted
}
