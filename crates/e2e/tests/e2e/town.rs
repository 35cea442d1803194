//! The simulated community, and short ways to do what people do there.

use std::{sync::Arc, time::Duration};

use discord_document::{Checker, Looks};
use discord_sim::{
    AsUser, BotRights, Community, CommunityOptions, Exchange, Id, Observer, Scenario, Seen, Sim, SimOptions,
    World,
};
use hazebot_core::{
    Actor,
    ids::{ChannelId, GuildId, RoleId},
    settings::{Changes, Settings, general},
};
use hazebot_e2e::PATIENCE;

pub(crate) const DESCRIPTION: &str = "The lamp by the pier has been dark since Monday.";
pub(crate) const SECRET_KEY: &str = "a-key-for-tests-that-is-long-enough-to-sign";

/// Discord and who is there.
pub(crate) struct Town {
    pub(crate) sim: Sim,
    pub(crate) people: Community,
    /// Holds everything that is said against Discord's document, where that lies beside the checkout.
    pub(crate) checker: Option<Arc<Checker>>,
}

/// A ticket as it stands in Discord.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) channel: Id,
    pub(crate) control: Id,
}

impl Opened {
    pub(crate) fn button(&self, word: &str) -> String {
        format!("ticket:v1:{word}:{}", self.id)
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/tickets/{}{rest}", self.id)
    }
}

impl Town {
    pub(crate) async fn start(bot_rights: BotRights) -> Self {
        let options = CommunityOptions {
            bot_rights,
            ..CommunityOptions::default()
        };
        let (world, people) = Scenario::community_with(options).unwrap();
        let checker = discord_document::checker(Looks::AtAll);
        let options = SimOptions {
            rate_limits: false,
            observer: checker.clone().map(|checker| checker as Arc<dyn Observer>),
            ..SimOptions::default()
        };
        let sim = Sim::start(options, world).await.unwrap();
        Self { sim, people, checker }
    }

    /// The environment of a program that belongs here, without storage.
    pub(crate) fn env(&self, discord: &str, port: u16) -> Vec<(&'static str, String)> {
        let people = &self.people;
        vec![
            ("PROD_MODE", "true".to_owned()),
            ("DISCORD_BOT_TOKEN", people.bot_token.clone()),
            ("DISCORD_GUILD_ID", people.guild.to_string()),
            ("DISCORD_CLIENT_ID", people.application.to_string()),
            ("DISCORD_CLIENT_SECRET", people.client_secret.clone()),
            (
                "DISCORD_REDIRECT_URI",
                format!("http://127.0.0.1:{port}/api/discord/callback"),
            ),
            ("DISCORD_OAUTH_FRONTEND_URL", format!("http://127.0.0.1:{port}/")),
            ("DISCORD_BASE_URL", discord.to_owned()),
            ("DISCORD_PUBLIC_URL", self.sim.base_url().to_owned()),
            ("DISCORD_CDN_URL", self.sim.base_url().to_owned()),
            ("API_SECRET_KEY", SECRET_KEY.to_owned()),
            ("API_PORT", port.to_string()),
        ]
    }

    /// What an owner sets first: roles and channels.
    pub(crate) async fn set_up(&self, settings: &Settings) {
        let (roles, channels) = (&self.people.roles, &self.people.channels);
        let role = |id: Id| Some(RoleId::new(id.get()));
        let channel = |id: Id| Some(ChannelId::new(id.get()));
        let changes = Changes::new()
            .set(&general::ADMIN_ROLE, role(roles.admin))
            .set(&general::MODERATOR_ROLE, role(roles.moderator))
            .set(&general::TICKETS_CATEGORY, channel(channels.tickets))
            .set(&general::TRANSCRIPT_CHANNEL, channel(channels.transcripts));
        settings
            .change(&Actor::System, self.guild(), changes)
            .await
            .unwrap();
    }

    pub(crate) fn guild(&self) -> GuildId {
        GuildId::new(self.people.guild.get())
    }

    pub(crate) fn member(&self, id: Id) -> AsUser {
        self.sim.as_user(id).in_channel(self.people.channels.bot_commands)
    }

    pub(crate) fn finn(&self) -> AsUser {
        self.member(self.people.finn)
    }

    pub(crate) fn moderator(&self) -> AsUser {
        self.member(self.people.moderators[0])
    }

    pub(crate) fn admin(&self) -> AsUser {
        self.member(self.people.admin)
    }

    /// Waits until the slash commands of the home guild are so.
    pub(crate) async fn commands_are(&self, fits: impl Fn(&[&str]) -> bool) {
        let (application, guild) = (self.people.application, self.people.guild);
        let so = |w: &World| {
            let there = w
                .application(application)
                .ok()
                .and_then(|app| app.guild_commands.get(&guild));
            let names: Vec<&str> = there
                .into_iter()
                .flat_map(|all| all.values())
                .map(|c| c.name.as_str())
                .collect();
            fits(&names)
        };
        assert!(self.sim.wait_until(so, PATIENCE).await, "the slash commands");
    }

    /// `/ticket type:…`, the form, and the answer to it.
    pub(crate) async fn opens(&self, who: &AsUser, kind: &str, subject: &str) -> Exchange {
        let shown = who.runs_slash_with("ticket", [("type", kind)]).await.unwrap();
        match shown.modal.clone() {
            Some(modal) => {
                let fields = [("subject", subject), ("description", DESCRIPTION)];
                who.submits_modal(&modal, fields).await.unwrap()
            }
            None => shown,
        }
    }

    /// Opens a ticket of Finn's.
    pub(crate) async fn ticket(&self) -> Opened {
        self.ticket_of(&self.finn()).await
    }

    pub(crate) async fn ticket_of(&self, who: &AsUser) -> Opened {
        let answer = self.opens(who, "Support", "Dark lamp").await;
        let text = answer.text();
        assert!(text.contains("has been opened"), "{text:?} {answer:?}");
        let channel: u64 = text
            .split("<#")
            .nth(1)
            .unwrap()
            .split('>')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        self.opened(Id::new(channel)).await
    }

    /// The ticket of a channel.
    pub(crate) async fn opened(&self, channel: Id) -> Opened {
        let control = self.controls(channel).await;
        let claim = control
            .custom_ids()
            .into_iter()
            .find(|id| id.starts_with("ticket:v1:claim:"))
            .unwrap();
        Opened {
            id: claim.trim_start_matches("ticket:v1:claim:").to_owned(),
            channel,
            control: control.id,
        }
    }

    /// The message with the buttons.
    pub(crate) async fn controls(&self, channel: Id) -> Seen {
        let seen = self
            .admin()
            .waiting(PATIENCE)
            .waits_for(channel, is_control)
            .await;
        seen.expect("the message with the buttons")
    }

    pub(crate) fn control_messages(&self, channel: Id) -> usize {
        self.admin()
            .sees(channel)
            .iter()
            .filter(|seen| is_control(seen))
            .count()
    }

    /// Waits until the message with the buttons shows this word.
    pub(crate) async fn controls_show(&self, channel: Id, word: &str) {
        let fits = |seen: &Seen| is_control(seen) && seen.text().contains(word);
        let seen = self.admin().waiting(PATIENCE).waits_for(channel, fits).await;
        assert!(seen.is_some(), "{word}: {:?}", self.texts(channel));
    }

    /// Texts of a channel, oldest first.
    pub(crate) fn texts(&self, channel: Id) -> Vec<String> {
        self.admin().sees(channel).iter().map(Seen::text).collect()
    }

    pub(crate) fn count(&self, channel: Id, text: &str) -> usize {
        self.texts(channel)
            .iter()
            .filter(|seen| seen.contains(text))
            .count()
    }

    /// Waits until a text stands so often in a channel.
    pub(crate) async fn stands(&self, channel: Id, text: &str, times: usize) {
        let so = self.eventually(|| self.count(channel, text) >= times).await;
        assert!(so, "{text}: {:?}", self.texts(channel));
        assert_eq!(
            self.count(channel, text),
            times,
            "{text}: {:?}",
            self.texts(channel)
        );
    }

    /// Waits until something about the world is so, looking again whenever it changes.
    pub(crate) async fn eventually(&self, is_so: impl Fn() -> bool) -> bool {
        let (done, deadline) = (is_so, tokio::time::Instant::now() + PATIENCE);
        while !done() {
            if tokio::time::Instant::now() > deadline {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        true
    }

    /// Transcripts of a ticket.
    pub(crate) fn transcripts(&self, number: &str) -> usize {
        let title = format!("Ticket #{number} - Transcript");
        self.count(self.people.channels.transcripts, &title)
    }

    /// Direct messages of the bot to somebody.
    pub(crate) fn told(&self, who: Id) -> Vec<String> {
        let person = self.sim.as_user(who);
        person
            .sees(person.dm_with(self.people.bot))
            .iter()
            .map(Seen::text)
            .collect()
    }

    /// Writes a message by the bot, past the program: what an older version has left.
    pub(crate) async fn bot_posts(&self, channel: Id, body: serde_json::Value) -> Id {
        let answer = reqwest::Client::builder()
            .build()
            .unwrap()
            .post(format!(
                "{}/api/v10/channels/{channel}/messages",
                self.sim.base_url()
            ))
            .header("authorization", format!("Bot {}", self.people.bot_token))
            .json(&body)
            .send()
            .await
            .unwrap();
        let message: serde_json::Value = answer.json().await.unwrap();
        message["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{message}"))
            .parse()
            .unwrap()
    }

    /// Ticket channels that there are.
    pub(crate) fn ticket_channels(&self) -> usize {
        self.sim.read(|w| {
            w.channels
                .values()
                .filter(|c| c.name.starts_with("ticket-"))
                .count()
        })
    }
}

pub(crate) fn is_control(seen: &Seen) -> bool {
    seen.custom_ids()
        .iter()
        .any(|id| id.starts_with("ticket:v1:claim"))
}

/// A message with one button.
pub(crate) fn with_button(custom_id: &str) -> serde_json::Value {
    let button = serde_json::json!({ "type": 2, "style": 1, "label": "Press", "custom_id": custom_id });
    serde_json::json!({ "content": "old", "components": [{ "type": 1, "components": [button] }] })
}
