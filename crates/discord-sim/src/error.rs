//! Discord's error answers: status, JSON code, message and the paths of wrong fields
//! (<https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>).

use serde_json::{Map, Value, json};

/// What a request is refused with.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[error("{status} {code}: {message}")]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// Discord's JSON code; 0 for a general error.
    pub code: u32,
    /// The message.
    pub message: String,
    /// For 50035: the tree of wrong fields.
    pub errors: Option<Value>,
}

/// The result of anything that Discord may refuse.
pub type ApiResult<T> = Result<T, ApiError>;

macro_rules! known {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $code:literal, $message:literal;)*) => {
        impl ApiError {
            $($(#[$doc])*
            #[must_use]
            pub fn $name() -> Self {
                Self::new($status, $code, $message)
            })*
        }
    };
}

known! {
    /// No or a wrong token.
    unauthorized = 401, 0, "401: Unauthorized";
    /// No such route.
    no_route = 404, 0, "404: Not Found";
    /// The route does not take this method.
    method_not_allowed = 405, 0, "405: Method Not Allowed";
    /// An unknown account.
    unknown_account = 404, 10001, "Unknown Account";
    /// An unknown application.
    unknown_application = 404, 10002, "Unknown Application";
    /// An unknown channel.
    unknown_channel = 404, 10003, "Unknown Channel";
    /// An unknown guild.
    unknown_guild = 404, 10004, "Unknown Guild";
    /// An invitation that does not exist or is over.
    unknown_invite = 404, 10006, "Unknown Invite";
    /// Nobody is connected there.
    unknown_voice_state = 404, 10065, "Unknown Voice State";
    /// The member is in no voice channel.
    not_in_voice = 400, 40032, "Target user is not connected to voice.";
    /// A guild has 1,000 invitations at most.
    too_many_invites = 400, 30016, "Maximum number of invites reached (1000)";
    /// An unknown member.
    unknown_member = 404, 10007, "Unknown Member";
    /// An unknown message.
    unknown_message = 404, 10008, "Unknown Message";
    /// An unknown overwrite.
    unknown_overwrite = 404, 10009, "Unknown Permission Overwrite";
    /// An unknown role.
    unknown_role = 404, 10011, "Unknown Role";
    /// An unknown token.
    unknown_token = 404, 10012, "Unknown Token";
    /// An unknown user.
    unknown_user = 404, 10013, "Unknown User";
    /// An unknown emoji.
    unknown_emoji = 404, 10014, "Unknown Emoji";
    /// A sticker that does not exist.
    unknown_sticker = 404, 10060, "Unknown Sticker";
    /// Nobody has set permissions of this command here.
    unknown_command_permissions = 404, 10066, "Unknown application command permissions";
    /// The guild has no welcome screen.
    unknown_welcome_screen = 404, 10069, "Unknown Guild Welcome Screen";
    /// A scheduled event that does not exist.
    unknown_scheduled_event = 404, 10070, "Unknown Guild Scheduled Event";
    /// A tag that the forum does not have.
    unknown_tag = 404, 10087, "Unknown Tag";
    /// An unknown webhook or an interaction token that has run out.
    unknown_webhook = 404, 10015, "Unknown Webhook";
    /// A ban that does not exist.
    unknown_ban = 404, 10026, "Unknown Ban";
    /// An interaction that was not answered within three seconds, or never was.
    unknown_interaction = 404, 10062, "Unknown interaction";
    /// A command that does not exist.
    unknown_command = 404, 10063, "Unknown application command";
    /// Bots cannot use this route.
    bots_not_allowed = 403, 20001, "Bots cannot use this endpoint";
    /// Slow mode.
    slowmode = 429, 20016, "This action cannot be performed due to slowmode rate limit";
    /// A guild has 500 channels at most.
    too_many_channels = 400, 30013, "Maximum number of guild channels reached (500)";
    /// A guild has 250 roles at most.
    too_many_roles = 400, 30005, "Maximum number of guild roles reached (250)";
    /// A channel has 250 pins at most.
    too_many_pins = 400, 30003, "Maximum number of pins reached for the channel (250)";
    /// A guild without boosts has 50 emojis that stand still at most.
    too_many_emojis = 400, 30008, "Maximum number of emojis reached (50)";
    /// A guild without boosts has 50 emojis that move at most.
    too_many_animated = 400, 30018, "Maximum number of animated emojis reached (50)";
    /// An application has 2,000 emojis at most.
    too_many_application_emojis = 400, 30008, "Maximum number of emojis reached (2000)";
    /// A thread has 1,000 members at most.
    too_many_participants = 400, 30033, "Maximum number of thread participants has been reached (1000)";
    /// Too many people were banned who are no members.
    too_many_strangers_banned = 400, 30035, "Maximum number of bans for non-guild members have been exceeded";
    /// A guild has 1,000 webhooks at most.
    too_many_guild_webhooks = 400, 30058, "Maximum number of webhooks per guild reached (1000)";
    /// A channel has 1,000 overwrites at most.
    too_many_overwrites = 400, 30060, "Maximum number of channel permission overwrites reached (1000)";
    /// A guild has 1,000 active threads at most.
    too_many_threads = 400, 160_006, "Maximum number of active threads reached";
    /// A message has 20 different reactions at most.
    too_many_reactions = 400, 30010, "Maximum number of reactions reached (20)";
    /// A channel has 15 webhooks at most.
    too_many_webhooks = 400, 30007, "Maximum number of webhooks reached (15)";
    /// An application has 100 slash commands per scope at most.
    too_many_commands = 400, 30032, "Maximum number of application commands reached (100)";
    /// The interaction was answered before.
    already_acknowledged = 400, 40060, "Interaction has already been acknowledged.";
    /// The file is too large.
    too_large = 413, 40005, "Request entity too large";
    /// The user is banned here.
    user_banned = 403, 40007, "The user is banned from this guild";
    /// The message was published before.
    already_crossposted = 400, 40033, "This message has already been crossposted.";
    /// A forum holds posts, not messages.
    forum_message = 400, 40058, "Cannot send a message in a forum channel";
    /// Two tags of one name.
    tag_names_differ = 400, 40061, "Tag names must be unique";
    /// A tag is needed, and staff alone may set the tags there are.
    no_open_tags = 400, 40066, "There are no tags available that can be set by non-moderators";
    /// Posts of this forum carry a tag.
    tag_required = 400, 40067, "A tag is required to create a forum post in this channel";
    /// The bot cannot see it.
    missing_access = 403, 50001, "Missing Access";
    /// Not possible with this kind of channel in a direct message.
    not_in_dm = 403, 50003, "Cannot execute action on a DM channel";
    /// Somebody else's message.
    not_the_author = 403, 50005, "Cannot edit a message authored by another user";
    /// A message of nothing.
    empty_message = 400, 50006, "Cannot send an empty message";
    /// The user takes no direct messages.
    dms_closed = 403, 50007, "Cannot send messages to this user";
    /// A channel that holds no messages.
    not_a_text_channel = 400, 50008, "Cannot send messages in a non-text channel";
    /// The role order or a missing bit forbids it.
    missing_permissions = 403, 50013, "Missing Permissions";
    /// A token of the wrong kind or form.
    invalid_token = 401, 50014, "Invalid authentication token provided";
    /// Between 2 and 100 messages can be deleted at once.
    bulk_count = 400, 50016, "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete";
    /// The pinned message is of another channel.
    pin_elsewhere = 400, 50019, "A message can only be pinned to the channel it was sent in";
    /// System messages cannot be edited.
    system_message = 403, 50021, "Cannot execute action on a system message";
    /// Not with this channel type.
    wrong_channel_type = 400, 50024, "Cannot execute action on this channel type";
    /// The interaction's fifteen minutes are over.
    invalid_webhook_token = 401, 50027, "Invalid Webhook Token";
    /// A role that cannot be given.
    invalid_role = 400, 50028, "Invalid role";
    /// The recipient cannot take it.
    invalid_recipients = 400, 50033, "Invalid Recipient(s)";
    /// Messages older than two weeks cannot be deleted in bulk.
    too_old_for_bulk = 400, 50034, "A message provided was too old to bulk delete";
    /// The body is no JSON.
    invalid_json = 400, 50109, "The request body contains invalid JSON.";
    /// A sticker that cannot be sent.
    invalid_sticker = 400, 50081, "Invalid Sticker Sent";
    /// A reply needs the right to read what it replies to.
    reply_unread = 400, 160_002, "Cannot reply without permission to read message history";
    /// A forward needs the right to read what it forwards.
    forward_unread = 400, 160_014, "You cannot forward a message whose content you cannot read";
    /// The thread is locked.
    thread_locked = 400, 160_005, "Thread is locked";
    /// A webhook's message to a forum names a thread.
    forum_webhook_thread = 400, 220_001, "Webhooks posted to forum channels must have a thread_name or thread_id";
    /// Not two threads.
    forum_webhook_both = 400, 220_002, "Webhooks posted to forum channels cannot have both a thread_name and thread_id";
    /// Only forums.
    webhook_thread_elsewhere = 400, 220_003, "Webhooks can only create threads in forum channels";
    /// Nobody was banned.
    nobody_banned = 400, 500_000, "Failed to ban users";
    /// The poll is over.
    poll_expired = 400, 520_001, "Poll expired";
    /// A poll stays as it was asked.
    poll_edit = 400, 520_003, "Cannot edit a poll message";
    /// The message asks nothing.
    not_a_poll = 400, 520_006, "Cannot expire a non-poll message";
    /// The poll has no such answer.
    unknown_poll_answer = 404, 10090, "Unknown Poll Answer";
    /// A reaction was blocked.
    reaction_blocked = 403, 90001, "Reaction was blocked";
    /// The thread is archived.
    thread_archived = 400, 50083, "Thread is archived";
    /// The message has a thread already.
    thread_exists = 400, 160_004, "A thread has already been created for this message";
    /// The OAuth2 token lacks the scope.
    missing_scope = 403, 50026, "Missing required OAuth2 scope";
}

impl ApiError {
    /// Any other error.
    #[must_use]
    pub fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            errors: None,
        }
    }

    /// 50035 with the tree that `problems` collected.
    #[must_use]
    pub fn invalid_form(problems: &Problems) -> Self {
        Self {
            errors: Some(problems.tree()),
            ..Self::new(400, 50035, "Invalid Form Body")
        }
    }

    /// 50035 for one field.
    #[must_use]
    pub fn field(path: &str, code: &str, message: impl Into<String>) -> Self {
        let mut problems = Problems::default();
        problems.at(path, code, message);
        Self::invalid_form(&problems)
    }

    /// The JSON body.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = json!({ "message": self.message, "code": self.code });
        if let (Some(errors), Some(map)) = (&self.errors, body.as_object_mut()) {
            map.insert("errors".to_owned(), errors.clone());
        }
        body
    }
}

/// Collects what is wrong with a body, by path.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<(String, String, String)>,
}

/// A body with more faults than this is reported up to here, so that an answer stays small.
const MOST_PROBLEMS: usize = 100;

impl Problems {
    /// Adds a fault at `path` (keys and indices joined by dots; empty for the body itself).
    pub fn at(&mut self, path: &str, code: &str, message: impl Into<String>) {
        if self.found.len() < MOST_PROBLEMS {
            self.found
                .push((path.to_owned(), code.to_owned(), message.into()));
        }
    }

    /// `Ok` if nothing was found.
    ///
    /// # Errors
    /// 50035 with everything that was found.
    pub fn into_result(self) -> ApiResult<()> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(ApiError::invalid_form(&self))
        }
    }

    /// The nested tree with `_errors` lists, as Discord writes it.
    #[must_use]
    pub fn tree(&self) -> Value {
        let mut root = Map::new();
        for (path, code, message) in &self.found {
            let keys: Vec<&str> = path.split('.').filter(|k| !k.is_empty()).collect();
            put(&mut root, &keys, json!({ "code": code, "message": message }));
        }
        Value::Object(root)
    }
}

fn put(node: &mut Map<String, Value>, keys: &[&str], fault: Value) {
    match keys.split_first() {
        Some((key, rest)) => {
            let next = node.entry(*key).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(map) = next {
                put(map, rest, fault);
            }
        }
        None => {
            let list = node.entry("_errors").or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(fault);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_field_is_named_by_its_path() {
        let error = ApiError::field(
            "embeds.0.title",
            "BASE_TYPE_MAX_LENGTH",
            "Must be 256 or fewer in length.",
        );
        assert_eq!(
            error.body(),
            json!({
                "message": "Invalid Form Body", "code": 50035,
                "errors": { "embeds": { "0": { "title": { "_errors": [
                    { "code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length." }
                ] } } } }
            })
        );
    }
}
