//! Ids of channels and roles as clients send them, checked against the guild.

use hazebot_core::{
    Directory,
    ids::{GuildId, Snowflake},
};
use serde_json::Value;

/// What an id of a section names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A channel, categories too.
    Channel,
    /// A role.
    Role,
}

impl Of {
    fn word(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Role => "role",
        }
    }

    /// All ids of this kind in the guild.
    fn all(self, directory: &dyn Directory, guild: GuildId) -> Vec<u64> {
        match self {
            Self::Channel => directory
                .channels(guild)
                .iter()
                .map(|channel| channel.id.get())
                .collect(),
            Self::Role => directory.roles(guild).iter().map(|role| role.id.get()).collect(),
        }
    }
}

/// Reads ids for one request.
pub(super) struct Ids {
    of: Of,
    known: Vec<u64>,
}

impl Ids {
    pub(super) fn new(of: Of, directory: &dyn Directory, guild: GuildId) -> Self {
        Self {
            of,
            known: of.all(directory, guild),
        }
    }

    /// The id as it is stored. `place` says where it stood, for the error: `for log_channel_id`.
    ///
    /// A number that names nothing in the guild was rounded by a client that counts in floating point; if it is the
    /// rounded form of exactly one id of the guild, or of the value `now`, that one is meant.
    ///
    /// # Errors
    /// The sentence of the API.
    pub(super) fn read(&self, value: &Value, place: &str, now: Option<&str>) -> Result<String, String> {
        let word = self.of.word();
        let wrong = |why: &str| Err(format!("Invalid {word} ID {place}: {why}"));
        let integer = match self.of {
            Of::Channel => "must be an integer",
            Of::Role => "must be integer(s)",
        };
        let number = match value {
            Value::String(text) => text.trim().parse::<i128>().ok(),
            Value::Number(number) => number.as_i128(),
            _ => None,
        };
        let Some(number) = number else {
            return wrong(integer);
        };
        let Some(id) = u64::try_from(number).ok().filter(|id| *id > 0) else {
            return wrong("must be positive");
        };
        let now = now.and_then(|text| text.parse::<u64>().ok());
        if self.known.contains(&id) || now == Some(id) {
            return Ok(id.to_string());
        }
        if !value.is_number() {
            return wrong(&format!("no such {word} in this server"));
        }
        if let Some(now) = now.filter(|now| rounded(*now) == rounded(id)) {
            return Ok(now.to_string());
        }
        let mut meant = self.known.iter().filter(|known| rounded(**known) == rounded(id));
        match (meant.next(), meant.next()) {
            (Some(one), None) => Ok(one.to_string()),
            _ => wrong(&format!("no such {word} in this server")),
        }
    }

    /// The name of a role, for a label that nobody gave.
    pub(super) fn role_name(directory: &dyn Directory, guild: GuildId, id: &str) -> String {
        let role = hazebot_core::ids::RoleId::parse(id);
        let found = directory
            .roles(guild)
            .into_iter()
            .find(|known| Some(known.id) == role);
        found.map_or_else(|| id.to_owned(), |role| role.name)
    }
}

/// What remains of an id in a double.
#[expect(clippy::cast_precision_loss, reason = "that is what is compared")]
fn rounded(id: u64) -> u64 {
    (id as f64).to_bits()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn channels(known: &[u64]) -> Ids {
        Ids {
            of: Of::Channel,
            known: known.to_vec(),
        }
    }

    /// F29.
    #[test]
    fn a_rounded_number_becomes_the_one_id_that_it_can_mean() {
        let (one, other) = (1_100_000_000_000_000_201, 1_100_000_000_000_500_000);
        let ids = channels(&[one, other]);
        assert_eq!(
            ids.read(&json!(1_100_000_000_000_000_256_u64), "for x", None),
            Ok(one.to_string())
        );
        assert_eq!(
            ids.read(&json!(one.to_string()), "for x", None),
            Ok(one.to_string())
        );
        let near = channels(&[one, one + 1]);
        assert!(
            near.read(&json!(1_100_000_000_000_000_256_u64), "for x", None)
                .is_err()
        );
        let now = (one + 1).to_string();
        assert_eq!(
            near.read(&json!(1_100_000_000_000_000_256_u64), "for x", Some(&now)),
            Ok(now)
        );
    }

    #[test]
    fn what_is_no_id_is_told_in_the_words_of_the_contract() {
        let ids = channels(&[5]);
        let told = |value: Value| ids.read(&value, "for log_channel_id", None).unwrap_err();
        assert_eq!(
            told(json!(-1)),
            "Invalid channel ID for log_channel_id: must be positive"
        );
        assert_eq!(
            told(json!("abc")),
            "Invalid channel ID for log_channel_id: must be an integer"
        );
        assert_eq!(
            told(json!(true)),
            "Invalid channel ID for log_channel_id: must be an integer"
        );
        assert_eq!(
            told(json!(6)),
            "Invalid channel ID for log_channel_id: no such channel in this server"
        );
    }
}
