//! Snowflakes: Discord's 64-bit ids, typed by what they name, so that a channel can't be taken for a guild.
//!
//! They are strings in JSON (JavaScript rounds integers above 2^53) and `BIGINT` in the database.

use twilight_model::id::{
    Id,
    marker::{
        ApplicationMarker, ChannelMarker, GuildMarker, InteractionMarker, MessageMarker, RoleMarker,
        UserMarker,
    },
};

/// The bot's application.
pub type ApplicationId = Id<ApplicationMarker>;
/// A channel, category or thread.
pub type ChannelId = Id<ChannelMarker>;
/// A guild; what people call a server.
pub type GuildId = Id<GuildMarker>;
/// One press, command or submitted form.
pub type InteractionId = Id<InteractionMarker>;
/// A message.
pub type MessageId = Id<MessageMarker>;
/// A role of a guild.
pub type RoleId = Id<RoleMarker>;
/// A user account, whichever guild it is in.
pub type UserId = Id<UserMarker>;

/// The way of a snowflake into and out of a `BIGINT` column.
///
/// The cast keeps the bits. Discord's ids stay below 2^63 until the year 2084, so order is kept too.
pub trait Snowflake: Sized {
    /// For the database.
    fn to_i64(self) -> i64;
    /// From the database; `None` for 0, which is no id.
    fn from_i64(value: i64) -> Option<Self>;
    /// From text such as `"123"`; `None` if it is no positive 64-bit number.
    fn parse(text: &str) -> Option<Self>;
}

impl<T> Snowflake for Id<T> {
    fn to_i64(self) -> i64 {
        self.get().cast_signed()
    }

    fn from_i64(value: i64) -> Option<Self> {
        Id::new_checked(value.cast_unsigned())
    }

    fn parse(text: &str) -> Option<Self> {
        text.trim().parse::<u64>().ok().and_then(Id::new_checked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snowflake_survives_the_database() {
        let id: GuildId = Id::new(1_100_000_000_000_000_001);
        assert_eq!(GuildId::from_i64(id.to_i64()), Some(id));
    }

    #[test]
    fn zero_and_words_are_no_ids() {
        assert_eq!(UserId::from_i64(0), None);
        assert_eq!(UserId::parse("0"), None);
        assert_eq!(UserId::parse("legacy_user"), None);
        assert_eq!(UserId::parse("18446744073709551616"), None);
    }
}
