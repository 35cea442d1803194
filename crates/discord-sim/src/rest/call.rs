//! One request, ready for its handler, and what the handler answers.

use serde_json::Value;

use crate::error::{ApiError, ApiResult};
use crate::id::Id;
use crate::oauth::Grants;
use crate::world::{Upload, World};

/// Who sends a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Actor {
    /// Nobody in particular.
    Nobody,
    /// An application's bot.
    Bot {
        /// The application.
        application: Id,
        /// Its account.
        user: Id,
    },
    /// A user through OAuth2.
    Bearer {
        /// The application that was authorised.
        application: Id,
        /// The user.
        user: Id,
        /// What was granted.
        scopes: Vec<String>,
    },
}

/// A request with everything a handler needs.
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) grants: &'a mut Grants,
    pub(crate) actor: Actor,
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) reason: Option<String>,
    /// Name and password of HTTP basic authentication, as OAuth2 clients send them.
    pub(crate) basic: Option<(String, String)>,
    pub(crate) shards: u32,
    pub(crate) identify_limit: u32,
    pub(crate) gateway_url: String,
}

/// A handler's answer.
#[derive(Debug)]
pub(crate) enum Reply {
    /// 200 with JSON.
    Json(Value),
    /// Another status with JSON.
    Status(u16, Value),
    /// 204.
    Empty,
}

pub(crate) type HandlerResult = ApiResult<Reply>;

impl Call<'_> {
    /// A path parameter as it stands.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(n, _)| *n == name)
            .map_or("", |(_, v)| v.as_str())
    }

    /// A path parameter that is an id.
    pub(crate) fn id(&self, name: &str) -> ApiResult<Id> {
        self.param(name).parse().map_err(|_| {
            ApiError::field(
                &format!("{name}_id"),
                "NUMBER_TYPE_COERCE",
                format!("Value \"{}\" is not snowflake.", self.param(name)),
            )
        })
    }

    /// A value of the query string.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// An id of the query string.
    pub(crate) fn query_id(&self, name: &str) -> Option<Id> {
        self.query(name)?.parse().ok()
    }

    /// A flag of the query string.
    pub(crate) fn query_flag(&self, name: &str) -> bool {
        matches!(self.query(name), Some("true" | "True" | "1"))
    }

    /// A number of the query string within bounds.
    ///
    /// # Errors
    /// 50035 if it is none or out of bounds.
    pub(crate) fn query_number(&self, name: &str, or: usize, min: usize, max: usize) -> ApiResult<usize> {
        let Some(text) = self.query(name) else {
            return Ok(or);
        };
        let number: usize = text.parse().map_err(|_| {
            ApiError::field(
                name,
                "NUMBER_TYPE_COERCE",
                format!("Value \"{text}\" is not int."),
            )
        })?;
        if (min..=max).contains(&number) {
            Ok(number)
        } else {
            Err(ApiError::field(
                name,
                "NUMBER_TYPE_RANGE",
                format!("int value should be between {min} and {max}."),
            ))
        }
    }

    /// An instant of the query string, in Unix milliseconds.
    ///
    /// # Errors
    /// 50035 if it is no ISO 8601.
    pub(crate) fn query_time(&self, name: &str) -> ApiResult<Option<crate::clock::Millis>> {
        let Some(text) = self.query(name) else {
            return Ok(None);
        };
        let at = crate::clock::parse_iso(text).ok_or_else(|| {
            ApiError::field(
                name,
                "DATE_TIME_TYPE_PARSE",
                format!("Could not parse \"{text}\". Should be ISO8601."),
            )
        })?;
        Ok(Some(at))
    }

    /// The account that acts.
    ///
    /// # Errors
    /// 401 for nobody.
    pub(crate) fn user(&self) -> ApiResult<Id> {
        match &self.actor {
            Actor::Bot { user, .. } | Actor::Bearer { user, .. } => Ok(*user),
            Actor::Nobody => Err(ApiError::unauthorized()),
        }
    }

    /// The application that acts.
    ///
    /// # Errors
    /// 401 for nobody.
    pub(crate) fn application(&self) -> ApiResult<Id> {
        match &self.actor {
            Actor::Bot { application, .. } | Actor::Bearer { application, .. } => Ok(*application),
            Actor::Nobody => Err(ApiError::unauthorized()),
        }
    }

    /// The audit log reason of the request.
    pub(crate) fn reason(&self) -> Option<String> {
        self.reason.clone()
    }
}
