//! What has happened in the demo's community before somebody looks: tickets in every state, made by the same actions that
//! people use.

use std::time::Duration;

use discord_sim::{Community, Id, Sim};
use hazebot_core::{
    Actor, Failure, Outcome,
    ids::{GuildId, UserId},
};
use hazebot_tickets::{
    Tickets,
    ticket::{Draft, Origin, Ticket},
};

use crate::Program;

/// How long a channel of the simulator may take to appear.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens, claims, answers and closes some tickets, unless there are tickets already (`--data` of an earlier start).
pub(super) async fn tell(program: &Program, sim: &Sim, community: &Community, guild: GuildId) -> Outcome<()> {
    let story = Story {
        tickets: program.tickets(),
        sim,
        guild,
    };
    if !story.tickets.list(guild, None).await?.is_empty() {
        return Ok(());
    }
    let member = |n: usize| community.members.get(n).copied().unwrap_or(community.owner);
    let (lotte, jonas, merle, tariq) = (member(1), member(2), member(3), member(4));
    let moderator = community.moderators.first().copied().unwrap_or(community.owner);

    let (open, claimed, closed, fresh) = tokio::join!(
        story.opens(lotte, "Bug", "The level card is cut off on my phone", LEVEL_CARD),
        story.opens(
            jonas,
            "Application",
            "I would like to help as a moderator",
            APPLICATION
        ),
        story.opens(merle, "Support", "How do I link my game account?", LINKING),
        story.opens(tariq, "Support", "Lost my event role after rejoining", EVENT_ROLE),
    );
    let (open, claimed, closed, _fresh) = (open?, claimed?, closed?, fresh?);

    story
        .says(lotte, &open, "It only happens when I hold it upright.")
        .await?;
    story
        .tickets
        .claim(guild, &story.actor(moderator), claimed.id)
        .await?;
    story
        .replies(
            moderator,
            &claimed,
            "Thank you! How many hours a week could you give?",
        )
        .await?;
    story
        .says(jonas, &claimed, "About five, mostly in the evening.")
        .await?;
    story
        .tickets
        .claim(guild, &story.actor(moderator), closed.id)
        .await?;
    story
        .replies(
            moderator,
            &closed,
            "Open your profile in the app and press *Link account*.",
        )
        .await?;
    story.says(merle, &closed, "Found it, thanks a lot!").await?;
    story
        .tickets
        .close(guild, &story.actor(moderator), closed.id, "Solved. Have fun!")
        .await?;
    Ok(())
}

const LEVEL_CARD: &str =
    "On my phone the right third of the level card is missing. On the desktop it looks fine.";
const APPLICATION: &str =
    "I have been here for a year and know most people. I would like to help in the evenings and on weekends.";
const LINKING: &str = "I can't find where to link my account so that my rank shows up in my profile.";
const EVENT_ROLE: &str =
    "I left by accident and came back, but the role for events is gone now. Can I have it back?";

struct Story<'a> {
    tickets: &'a Tickets,
    sim: &'a Sim,
    guild: GuildId,
}

impl Story<'_> {
    fn actor(&self, user: Id) -> Actor {
        let name = self
            .sim
            .read(|world| world.users.get(&user).map(|user| user.name.clone()));
        Actor::Member {
            guild: self.guild,
            user: UserId::new(user.get()),
            name: name.unwrap_or_default(),
        }
    }

    async fn opens(&self, user: Id, kind: &str, subject: &str, description: &str) -> Outcome<Ticket> {
        let draft = Draft {
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            description: description.to_owned(),
        };
        self.tickets
            .open(self.guild, &self.actor(user), draft, Origin::Discord)
            .await
    }

    /// From the app or the panel.
    async fn replies(&self, user: Id, ticket: &Ticket, text: &str) -> Outcome<()> {
        self.tickets
            .reply(self.guild, &self.actor(user), ticket.id, text)
            .await?;
        Ok(())
    }

    /// In Discord; done when the bot has heard it.
    async fn says(&self, user: Id, ticket: &Ticket, text: &str) -> Outcome<()> {
        let channel = ticket
            .channel
            .ok_or_else(|| Failure::internal("a ticket of the story has no channel"))?;
        self.sim
            .as_user(user)
            .says(Id::new(channel.get()), text)
            .map_err(|error| Failure::internal(format!("the story can't be told: {error:?}")))?;
        let heard = async {
            loop {
                let history = self
                    .tickets
                    .history(self.guild, &Actor::System, ticket.id)
                    .await?;
                if history.iter().any(|message| message.content == text) {
                    return Ok(());
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, heard).await {
            Ok(heard) => heard,
            Err(_) => Err(Failure::internal("the bot did not hear the story")),
        }
    }
}
