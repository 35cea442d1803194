//! Polls: asked in a message, voted on by people, ended by their author or by time
//! (<https://discord.com/developers/docs/resources/poll>).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::clock::{Millis, iso};
use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::World;
use super::draft::{Draft, id_of};
use super::due::Due;
use super::json::extend;
use super::message::{Message, Reference};
use super::permissions::Permissions;
use super::post::{Post, with_guild};

/// Milliseconds of an hour.
const HOUR: Millis = 3_600_000;
/// A poll is open for a day if its author says nothing.
const USUAL_HOURS: i64 = 24;
/// The type of the message that tells a poll's result.
const RESULT_MESSAGE: u8 = 46;

/// A poll.
#[derive(Clone, Debug)]
pub struct Poll {
    /// What is asked.
    pub question: Value,
    /// The answers' texts and emojis; the first is answer 1.
    pub answers: Vec<Value>,
    /// When it ends.
    pub expiry: Millis,
    /// A user may choose several answers.
    pub multiselect: bool,
    /// Who chose which answer.
    pub votes: BTreeMap<u64, Vec<Id>>,
    /// It is over and counted.
    pub finalized: bool,
}

impl Poll {
    /// Reads a checked `poll` that is asked at `now`.
    pub(super) fn read(body: &Value, now: Millis) -> Self {
        let hours = body
            .get("duration")
            .and_then(Value::as_i64)
            .unwrap_or(USUAL_HOURS);
        let answers = body.get("answers").and_then(Value::as_array).map(Vec::as_slice);
        let media = |value: &Value| {
            let mut media = json!({ "text": value.get("text").and_then(Value::as_str).unwrap_or_default() });
            if let Some(emoji) = value.get("emoji").filter(|e| e.is_object()) {
                let id = emoji.get("id").and_then(id_of);
                let name = emoji.get("name").and_then(Value::as_str);
                extend(&mut media, json!({ "emoji": { "id": id, "name": name } }));
            }
            media
        };
        Self {
            question: json!({ "text": body.pointer("/question/text").and_then(Value::as_str).unwrap_or_default() }),
            answers: answers
                .unwrap_or_default()
                .iter()
                .filter_map(|a| a.get("poll_media").map(media))
                .collect(),
            expiry: now + hours * HOUR,
            multiselect: body
                .get("allow_multiselect")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            votes: BTreeMap::new(),
            finalized: false,
        }
    }

    /// The poll as `viewer` gets it.
    pub(super) fn json(&self, viewer: Id) -> Value {
        let answers: Vec<Value> = (1_u64..)
            .zip(&self.answers)
            .map(|(id, media)| json!({ "answer_id": id, "poll_media": media }))
            .collect();
        let counts: Vec<Value> = self
            .votes
            .iter()
            .filter(|(_, users)| !users.is_empty())
            .map(|(id, users)| json!({ "id": id, "count": users.len(), "me_voted": users.contains(&viewer) }))
            .collect();
        json!({
            "question": self.question, "answers": answers, "expiry": iso(self.expiry),
            "allow_multiselect": self.multiselect, "layout_type": 1,
            "results": { "answer_counts": counts, "is_finalized": self.finalized },
        })
    }

    /// The fields of the embed that tells the result.
    fn result_fields(&self) -> Vec<Value> {
        let count = |id: u64| self.votes.get(&id).map_or(0, Vec::len);
        let most = (1..=self.answers.len() as u64).map(count).max().unwrap_or(0);
        let winners: Vec<(u64, &Value)> = (1..)
            .zip(&self.answers)
            .filter(|(id, _)| most > 0 && count(*id) == most)
            .collect();
        let total: usize = self.votes.values().map(Vec::len).sum();
        let field = |name: &str, value: String| json!({ "name": name, "value": value, "inline": false });
        let text = |media: &Value| {
            media
                .get("text")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let mut fields = vec![
            field("poll_question_text", text(&self.question)),
            field("victor_answer_votes", most.to_string()),
            field("total_votes", total.to_string()),
        ];
        // A draw has no winner.
        if let [(id, media)] = winners.as_slice() {
            fields.push(field("victor_answer_id", id.to_string()));
            fields.push(field("victor_answer_text", text(media)));
        }
        fields
    }
}

impl World {
    /// Ends the poll when its time has come.
    pub(super) fn expect_end(&mut self, channel: Id, message: Id) {
        let poll = self
            .channels
            .get(&channel)
            .and_then(|c| c.message(message)?.poll.as_ref());
        if let Some(at) = poll.map(|p| p.expiry) {
            self.due.insert((at, Due::Poll(channel, message)));
        }
    }

    fn poll_of(&self, channel: Id, message: Id) -> ApiResult<&Poll> {
        let message: &Message = self.message(channel, message)?;
        message.poll.as_deref().ok_or_else(ApiError::not_a_poll)
    }

    /// A person chooses these answers; an empty list takes the vote back.
    pub(crate) fn vote(&mut self, user: Id, channel: Id, message: Id, answers: &[u64]) -> ApiResult<()> {
        self.require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
        if self.user(user)?.bot {
            return Err(ApiError::bots_not_allowed());
        }
        let poll = self.poll_of(channel, message)?;
        if poll.finalized || self.now() >= poll.expiry {
            return Err(ApiError::poll_expired());
        }
        let known = 1..=poll.answers.len() as u64;
        if answers.iter().any(|id| !known.contains(id)) || (answers.len() > 1 && !poll.multiselect) {
            return Err(ApiError::field(
                "answer_ids",
                "BASE_TYPE_CHOICES",
                "Invalid poll answer",
            ));
        }
        let changes: Vec<(u64, bool)> = known
            .map(|id| (id, answers.contains(&id)))
            .filter(|(id, now)| poll.votes.get(id).is_some_and(|v| v.contains(&user)) != *now)
            .collect();
        let guild = self.channel(channel)?.guild_id;
        for (id, chosen) in changes {
            if let Some(poll) = &mut self.message_mut(channel, message)?.poll {
                let voters = poll.votes.entry(id).or_default();
                voters.retain(|v| *v != user);
                if chosen {
                    voters.push(user);
                }
            }
            let body =
                json!({ "user_id": user, "channel_id": channel, "message_id": message, "answer_id": id });
            let event = if chosen {
                "MESSAGE_POLL_VOTE_ADD"
            } else {
                "MESSAGE_POLL_VOTE_REMOVE"
            };
            let scope = self.channel_scope(channel);
            self.emit(event, scope, with_guild(body, guild));
        }
        Ok(())
    }

    /// Who chose an answer, by id.
    pub(crate) fn voters(&self, viewer: Id, channel: Id, message: Id, answer: u64) -> ApiResult<Vec<Id>> {
        self.require_in_channel(channel, viewer, Permissions::READ_MESSAGE_HISTORY)?;
        let poll = self.poll_of(channel, message)?;
        if !(1..=poll.answers.len() as u64).contains(&answer) {
            return Err(ApiError::unknown_poll_answer());
        }
        let mut voters = poll.votes.get(&answer).cloned().unwrap_or_default();
        voters.sort();
        Ok(voters)
    }

    /// The author ends the poll early.
    pub(crate) fn expire_poll(&mut self, user: Id, channel: Id, message: Id) -> ApiResult<()> {
        self.require_in_channel(channel, user, Permissions::NONE)?;
        let target = self.message(channel, message)?;
        if target.author_user() != Some(user) {
            return Err(ApiError::not_the_author());
        }
        if self.poll_of(channel, message)?.finalized {
            return Err(ApiError::poll_expired());
        }
        self.end_poll(channel, message);
        Ok(())
    }

    /// Counts the votes and tells the result.
    pub(super) fn end_poll(&mut self, channel: Id, message: Id) {
        let now = self.now();
        let Ok(target) = self.message_mut(channel, message) else {
            return;
        };
        let (author, guild) = (target.author.clone(), target.guild_id);
        let Some(poll) = target.poll.as_mut().filter(|p| !p.finalized) else {
            return;
        };
        poll.finalized = true;
        poll.expiry = poll.expiry.min(now);
        let fields = poll.result_fields();
        self.tell_update(channel, message);
        let draft = Draft {
            embeds: Some(vec![json!({ "type": "poll_result", "fields": fields })]),
            ..Draft::default()
        };
        let mut post = Post::by(author, channel, draft);
        post.kind = RESULT_MESSAGE;
        post.reference = Some(Reference {
            kind: 0,
            channel,
            guild,
            message: Some(message),
            snapshot: None,
        });
        // The channel was just seen, and there are no files that could be refused.
        let _ = self.post(post);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::clock::SimClock;
    use crate::world::scenario::{Community, CommunityOptions, Scenario};

    use super::*;

    fn asked() -> (World, Community, SimClock, Id) {
        let clock = SimClock::manual(1_750_000_000_000);
        let options = CommunityOptions {
            clock: clock.clone(),
            ..CommunityOptions::default()
        };
        let (mut world, c) = Scenario::community_with(options).unwrap();
        let poll = json!({ "question": { "text": "Tea?" }, "duration": 2, "answers": [
            { "poll_media": { "text": "Yes" } }, { "poll_media": { "text": "No" } } ] });
        let draft = Draft {
            poll: Some(poll),
            ..Draft::default()
        };
        let id = world.write(c.bot, c.channels.general, draft).unwrap();
        world.outbox.clear();
        (world, c, clock, id)
    }

    fn kinds(world: &mut World) -> Vec<&'static str> {
        std::mem::take(&mut world.outbox)
            .into_iter()
            .map(|e| e.kind)
            .collect()
    }

    #[test]
    fn a_vote_can_be_changed_and_bots_have_none() {
        let (mut world, c, _, id) = asked();
        let channel = c.channels.general;
        world.vote(c.finn, channel, id, &[1]).unwrap();
        world.vote(c.finn, channel, id, &[2]).unwrap();
        assert_eq!(
            kinds(&mut world),
            [
                "MESSAGE_POLL_VOTE_ADD",
                "MESSAGE_POLL_VOTE_REMOVE",
                "MESSAGE_POLL_VOTE_ADD"
            ]
        );
        assert_eq!(world.voters(c.bot, channel, id, 1), Ok(Vec::new()));
        assert_eq!(world.voters(c.bot, channel, id, 2), Ok(vec![c.finn]));
        assert!(world.vote(c.finn, channel, id, &[1, 2]).is_err());
        assert!(world.vote(c.finn, channel, id, &[3]).is_err());
        assert_eq!(
            world.vote(c.bot, channel, id, &[1]),
            Err(ApiError::bots_not_allowed())
        );
    }

    #[test]
    fn a_poll_ends_by_time_and_its_result_is_told() {
        let (mut world, c, clock, id) = asked();
        let channel = c.channels.general;
        world.vote(c.finn, channel, id, &[1]).unwrap();
        world.outbox.clear();
        clock.advance(Duration::from_secs(2 * 3600));
        world.run_due();
        assert_eq!(kinds(&mut world), ["MESSAGE_UPDATE", "MESSAGE_CREATE"]);
        assert_eq!(
            world.vote(c.finn, channel, id, &[2]),
            Err(ApiError::poll_expired())
        );
        let result = world.channel(channel).unwrap().messages.back().unwrap();
        let embed = json!(result.embeds);
        assert_eq!(
            (result.kind, embed.pointer("/0/fields/4/value")),
            (46, Some(&json!("Yes")))
        );
    }

    #[test]
    fn only_its_author_ends_a_poll_early_and_only_once() {
        let (mut world, c, _, id) = asked();
        let channel = c.channels.general;
        assert_eq!(
            world.expire_poll(c.owner, channel, id),
            Err(ApiError::not_the_author())
        );
        world.expire_poll(c.bot, channel, id).unwrap();
        assert_eq!(
            world.expire_poll(c.bot, channel, id),
            Err(ApiError::poll_expired())
        );
        let plain = world.write(c.bot, channel, Draft::text("x")).unwrap();
        assert_eq!(
            world.expire_poll(c.bot, channel, plain),
            Err(ApiError::not_a_poll())
        );
    }
}
