//! What can go wrong when Discord is called, told apart by its error codes
//! (<https://docs.discord.com/developers/topics/opcodes-and-status-codes#json>).

use hazebot_core::Failure;
use serde::Deserialize;
use twilight_http::error::{Error as HttpError, ErrorType};

use crate::message::LimitProblem;

/// Codes that the framework itself looks at.
pub mod code {
    /// Unknown channel.
    pub const UNKNOWN_CHANNEL: u64 = 10003;
    /// Unknown member.
    pub const UNKNOWN_MEMBER: u64 = 10007;
    /// Unknown message.
    pub const UNKNOWN_MESSAGE: u64 = 10008;
    /// Unknown webhook.
    pub const UNKNOWN_WEBHOOK: u64 = 10015;
    /// The interaction was not answered within three seconds, or never existed.
    pub const UNKNOWN_INTERACTION: u64 = 10062;
    /// The guild has as many channels as it may have.
    pub const TOO_MANY_CHANNELS: u64 = 30013;
    /// The interaction has been answered already.
    pub const ALREADY_ACKNOWLEDGED: u64 = 40060;
    /// The person takes no direct messages from the bot.
    pub const CANNOT_MESSAGE_USER: u64 = 50007;
    /// The bot lacks a permission.
    pub const MISSING_PERMISSIONS: u64 = 50013;
    /// The interaction's token has run out, 15 minutes after the interaction.
    pub const INVALID_WEBHOOK_TOKEN: u64 = 50027;
    /// A field of the body was refused; also a full category.
    pub const INVALID_FORM_BODY: u64 = 50035;
    /// The person shares no guild with the bot.
    pub const NO_MUTUAL_GUILDS: u64 = 50278;
}

/// Why a call to Discord did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum DiscordError {
    /// The channel, message, member … is not there (any more).
    #[error("not there (code {code})")]
    NotFound {
        /// Discord's code, 0 if it gave none.
        code: u64,
    },
    /// The bot may not do that here: a permission is missing, or its highest role is too low.
    #[error("the bot may not do that (code {code})")]
    Forbidden {
        /// Discord's code, 0 if it gave none.
        code: u64,
    },
    /// The person takes no direct messages from the bot.
    #[error("direct messages are closed")]
    ClosedDms,
    /// Discord did not like the request.
    #[error("refused with {status}, code {code}: {message}")]
    Rejected {
        /// HTTP status.
        status: u16,
        /// Discord's code, 0 if it gave none.
        code: u64,
        /// Its sentence and the fields it names. For the log, not for people.
        message: String,
    },
    /// The message breaks a limit; Discord was not asked.
    #[error(transparent)]
    Limit(#[from] LimitProblem),
    /// Discord could not be reached, answered with a server error, or asked for patience too often.
    #[error("not reachable: {0}")]
    Unavailable(String),
    /// The token is wrong or has been revoked. Nothing will work until it is replaced.
    #[error("the bot's token is not accepted")]
    Unauthorized,
    /// The answer made no sense.
    #[error("answer not understood: {0}")]
    Unreadable(String),
}

impl DiscordError {
    /// Whether the thing is gone.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// Whether a permission is missing.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden { .. })
    }

    /// Whether it may work later without any change.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Discord's error code, if it gave one.
    #[must_use]
    pub fn code(&self) -> Option<u64> {
        match self {
            Self::NotFound { code } | Self::Forbidden { code } | Self::Rejected { code, .. } => Some(*code),
            Self::ClosedDms => Some(code::CANNOT_MESSAGE_USER),
            _ => None,
        }
    }
}

impl From<DiscordError> for Failure {
    fn from(error: DiscordError) -> Self {
        Self::service("discord", error)
    }
}

/// The body of an error. Parsed here because the client's own type has no place for the named fields.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    code: u64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: Option<serde_json::Value>,
}

/// How much of a refused field list is kept for the log, in characters.
const DETAIL: usize = 600;

pub(super) fn from_response(status: u16, body: &[u8]) -> DiscordError {
    let body = serde_json::from_slice::<Body>(body).unwrap_or(Body {
        code: 0,
        message: String::new(),
        errors: None,
    });
    let code = body.code;
    match (status, code) {
        // Also a 401, but of an interaction whose 15 minutes are over, not of the bot.
        (_, code::INVALID_WEBHOOK_TOKEN) => DiscordError::NotFound { code },
        (401, _) => DiscordError::Unauthorized,
        (_, code::CANNOT_MESSAGE_USER | code::NO_MUTUAL_GUILDS) => DiscordError::ClosedDms,
        (404, _) => DiscordError::NotFound { code },
        (403, _) => DiscordError::Forbidden { code },
        (408 | 429 | 500.., _) => DiscordError::Unavailable(format!("status {status}")),
        _ => {
            let fields = body.errors.map(|errors| errors.to_string()).unwrap_or_default();
            let message = crate::message::text::fit(&format!("{} {fields}", body.message), DETAIL);
            DiscordError::Rejected {
                status,
                code,
                message: message.trim_end().to_owned(),
            }
        }
    }
}

impl From<HttpError> for DiscordError {
    fn from(error: HttpError) -> Self {
        let (kind, source) = error.into_parts();
        let cause = || source.map_or_else(|| "no cause given".to_owned(), |source| source.to_string());
        match kind {
            ErrorType::Response { body, status, .. } => from_response(status.get(), &body),
            ErrorType::Unauthorized => Self::Unauthorized,
            // An error page that is no JSON, such as that of a proxy in front of Discord.
            ErrorType::Parsing { .. } => Self::Unavailable("an answer that is no JSON".to_owned()),
            ErrorType::RequestTimedOut => Self::Unavailable("no answer in time".to_owned()),
            ErrorType::RequestCanceled | ErrorType::RequestError => Self::Unavailable(cause()),
            ErrorType::Validation | ErrorType::Json | ErrorType::BuildingRequest => Self::Rejected {
                status: 0,
                code: 0,
                message: cause(),
            },
            _ => Self::Rejected {
                status: 0,
                code: 0,
                message: "request could not be built".to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_decide_what_went_wrong() {
        let read = |status, body: &str| from_response(status, body.as_bytes());
        assert!(matches!(
            read(404, r#"{"code":10008,"message":"x"}"#),
            DiscordError::NotFound { code: 10008 }
        ));
        assert!(matches!(read(403, r#"{"code":50007}"#), DiscordError::ClosedDms));
        assert!(matches!(
            read(403, r#"{"code":50013}"#),
            DiscordError::Forbidden { code: 50013 }
        ));
        assert!(matches!(read(502, "<html>"), DiscordError::Unavailable(_)));
        assert!(matches!(read(401, "{}"), DiscordError::Unauthorized));
        assert!(matches!(
            read(401, r#"{"code":50027}"#),
            DiscordError::NotFound { code: 50027 }
        ));
    }

    #[test]
    fn a_refused_body_keeps_the_named_fields_for_the_log() {
        let error = from_response(
            400,
            br#"{"code":50035,"message":"Invalid Form Body","errors":{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH"}]}}}"#,
        );
        assert!(error.to_string().contains("BASE_TYPE_MAX_LENGTH"), "{error}");
        assert_eq!(error.code(), Some(50035));
    }
}
