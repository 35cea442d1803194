//! Where a user goes: forum posts, threads, invitations.

use serde_json::json;

use crate::error::ApiResult;
use crate::id::Id;
use crate::world::Draft;

use super::user::{AsUser, check_length, upload};

/// Seconds that an invitation lives at most, as a client offers it: a week; 0 stands for ever.
const LONGEST_INVITE: u64 = 604_800;
/// Visits that one invitation is good for at most; 0 stands for any number.
const MOST_USES: u64 = 100;

impl AsUser {
    /// Starts a post in a forum with its first message. Gives the post, whose id its first message has too.
    ///
    /// # Errors
    /// 50013 without the right, 40067 if a tag is needed, 50035 for a name or text that a client would not send.
    pub fn posts(
        &self,
        forum: Id,
        name: &str,
        text: &str,
        files: Vec<(String, Vec<u8>)>,
        tags: &[Id],
    ) -> ApiResult<Id> {
        check_name(name)?;
        check_length(text)?;
        let draft = Draft {
            uploads: files
                .into_iter()
                .enumerate()
                .map(|(at, file)| upload(at, file))
                .collect(),
            ..Draft::text(text)
        };
        let about = json!({ "name": name, "applied_tags": tags });
        self.hub
            .change(|w| w.start_post(self.user, forum, &about, draft, None))
    }

    /// Starts a public thread, on a message or free. Gives the thread.
    ///
    /// # Errors
    /// 50024 where there are no threads, 50013 without the right, 160004 for a message that has one.
    pub fn starts_thread(&self, channel: Id, name: &str, on: Option<Id>) -> ApiResult<Id> {
        check_name(name)?;
        let about = json!({ "name": name, "type": crate::world::model::kind::PUBLIC_THREAD });
        self.hub
            .change(|w| w.start_thread(self.user, channel, on, &about, None))
    }

    /// Makes an invitation that lives `max_age` seconds and is good for `max_uses` visits, each 0 for no limit; a day
    /// and no limit if nothing is said. Gives its code.
    ///
    /// # Errors
    /// 50013 without the right, 30016 when there are enough.
    pub fn invites(&self, channel: Id, max_age: Option<u64>, max_uses: Option<u64>) -> ApiResult<String> {
        let about = json!({ "max_age": max_age.map(|s| s.min(LONGEST_INVITE)), "max_uses": max_uses.map(|n| n.min(MOST_USES)) });
        self.hub
            .change(|w| w.create_invite(self.user, channel, &about, None))
    }
}

/// The longest name of a thread.
const LONGEST_NAME: usize = 100;

fn check_name(name: &str) -> ApiResult<()> {
    if (1..=LONGEST_NAME).contains(&name.trim().chars().count()) {
        Ok(())
    } else {
        Err(crate::ApiError::field(
            "name",
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 100 in length.",
        ))
    }
}
