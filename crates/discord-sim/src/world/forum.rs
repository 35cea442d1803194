//! Forums: their tags, what their posts start with, and which tags a post may carry
//! (<https://discord.com/developers/docs/resources/channel#forum-tag-object>).

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::World;
use super::draft::id_of;
use super::model::Channel;
use super::permissions::Permissions;

/// Channel flag: a post that stays on top of its forum.
pub const PINNED: u64 = 1 << 1;
/// Channel flag: every post of the forum needs a tag.
pub const REQUIRE_TAG: u64 = 1 << 4;
/// Tags of one forum (<https://discord.com/developers/docs/resources/channel#modify-channel>).
pub(crate) const MOST_TAGS: usize = 20;

/// A tag of a forum.
#[derive(Clone, Debug)]
pub struct ForumTag {
    /// The tag's id.
    pub id: Id,
    /// Its name, 1 to 20 characters.
    pub name: String,
    /// Only those who manage threads may set it.
    pub moderated: bool,
    /// A custom emoji before it.
    pub emoji_id: Option<Id>,
    /// A Unicode emoji before it.
    pub emoji_name: Option<String>,
}

/// What new threads of a channel start with.
#[derive(Clone, Debug, Default)]
pub struct PostDefaults {
    /// The emoji of the reaction button, as it was given.
    pub reaction: Option<Value>,
    /// 0 latest activity, 1 creation date.
    pub sort_order: Option<u64>,
    /// 0 not set, 1 list, 2 gallery.
    pub layout: u64,
    /// Slow mode of a new thread, in seconds.
    pub slowmode: u64,
    /// Minutes of silence before a new thread is archived.
    pub auto_archive: Option<u64>,
}

impl ForumTag {
    /// The tag as Discord writes it.
    pub(crate) fn json(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "moderated": self.moderated, "emoji_id": self.emoji_id,
            "emoji_name": self.emoji_name })
    }
}

impl World {
    /// Reads the `available_tags` of a checked body; tags without an id are new.
    ///
    /// # Errors
    /// 40061 if two have one name.
    pub(super) fn read_tags(&mut self, body: &Value) -> ApiResult<Option<Vec<ForumTag>>> {
        let Some(list) = body.get("available_tags").and_then(Value::as_array) else {
            return Ok(None);
        };
        let mut tags: Vec<ForumTag> = Vec::with_capacity(list.len());
        for item in list {
            let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
            if tags.iter().any(|t| t.name == name) {
                return Err(ApiError::tag_names_differ());
            }
            let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
            tags.push(ForumTag {
                id: item.get("id").and_then(id_of).unwrap_or_else(|| self.new_id()),
                name: name.to_owned(),
                moderated: item.get("moderated").and_then(Value::as_bool).unwrap_or(false),
                emoji_id: item.get("emoji_id").and_then(id_of),
                emoji_name: text("emoji_name"),
            });
        }
        Ok(Some(tags))
    }

    /// Checks the tags of a post: known ones, moderated ones by staff only, and one at least where it is required.
    pub(super) fn check_tags(&self, forum: &Channel, given: &[Id], set: Permissions) -> ApiResult<()> {
        let staff = set.has(Permissions::MANAGE_THREADS);
        for id in given {
            let tag = forum
                .tags
                .iter()
                .find(|t| t.id == *id)
                .ok_or_else(ApiError::unknown_tag)?;
            if tag.moderated && !staff {
                return Err(ApiError::missing_permissions());
            }
        }
        if given.is_empty() && forum.flags & REQUIRE_TAG != 0 {
            if !staff && forum.tags.iter().all(|t| t.moderated) {
                return Err(ApiError::no_open_tags());
            }
            return Err(ApiError::tag_required());
        }
        Ok(())
    }
}

/// The ids of a list in a body; empty if there is none.
pub(crate) fn ids_in(body: &Value, key: &str) -> Vec<Id> {
    body.get(key)
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(id_of).collect())
        .unwrap_or_default()
}
