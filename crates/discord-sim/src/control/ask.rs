//! What a request of the control API brings, with Discord's form of error for each way in which it can be wrong.
//!
//! The names are those of axum: utoipa finds parameters and bodies in a handler's arguments by them.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::error::ApiError;
use crate::id::Id;

use super::answers::Refusal;

/// What a handler answers.
pub(super) type Answer<T> = Result<axum::Json<T>, ApiError>;

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let refusal = Refusal {
            code: self.code,
            message: self.message,
            errors: self.errors,
        };
        (status, axum::Json(refusal)).into_response()
    }
}

/// The values of the path.
pub(super) struct Path<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(value)| Self(value))
            .map_err(|wrong| ApiError::field("path", "NUMBER_TYPE_COERCE", wrong.body_text()))
    }
}

/// The values of the query.
pub(super) struct Query<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(value)| Self(value))
            .map_err(|wrong| ApiError::field("query", "BASE_TYPE_BAD", wrong.body_text()))
    }
}

/// A JSON body; none at all is an empty object.
pub(super) struct Json<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("application/json"));
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|wrong| ApiError::new(wrong.status().as_u16(), 0, wrong.body_text()))?;
        match &*bytes {
            [] => parse(b"{}"),
            given if is_json => parse(given),
            _ => Err(ApiError::new(415, 0, "Send JSON as application/json.")),
        }
        .map(Self)
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut input = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut input).map_err(|wrong| {
        if wrong.inner().is_data() {
            let path = wrong.path().to_string();
            let path = if path == "." { "" } else { path.as_str() };
            ApiError::field(path, "BASE_TYPE_BAD", wrong.inner().to_string())
        } else {
            ApiError::invalid_json()
        }
    })?;
    input.end().map_err(|_| ApiError::invalid_json())?;
    Ok(read)
}

/// Paths in which everything is a snowflake.
macro_rules! places {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident),* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
        #[into_params(parameter_in = Path)]
        pub(super) struct $name {
            $($(#[$field_doc])*
            #[param(value_type = String, pattern = "^[0-9]{1,20}$")]
            pub(super) $field: Id,)*
        }
    )* };
}

places! {
    /// A user.
    OfUser {
        /// Who acts or looks.
        user
    }
    /// A user and a guild.
    InGuild {
        /// Who acts.
        user,
        /// The guild.
        guild
    }
    /// A user in a channel.
    InChannel {
        /// Who acts or looks.
        user,
        /// The channel, thread or direct message.
        channel
    }
    /// A user and a message.
    OnMessage {
        /// Who acts.
        user,
        /// The channel.
        channel,
        /// The message.
        message
    }
    /// An interaction of a user.
    OfInteraction {
        /// Who started it.
        user,
        /// The interaction.
        interaction
    }
    /// A channel.
    OfChannel {
        /// The channel.
        channel
    }
    /// A guild.
    OfGuild {
        /// The guild.
        guild
    }
    /// A member of a guild.
    OfMember {
        /// The guild.
        guild,
        /// The member.
        user
    }
    /// An overwrite of a channel.
    OfOverwrite {
        /// The channel.
        channel,
        /// The role or member that it is for.
        of
    }
}

/// A reaction of a user.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OfReaction {
    /// Who acts.
    #[param(value_type = String, pattern = "^[0-9]{1,20}$")]
    pub(super) user: Id,
    /// The channel.
    #[param(value_type = String, pattern = "^[0-9]{1,20}$")]
    pub(super) channel: Id,
    /// The message.
    #[param(value_type = String, pattern = "^[0-9]{1,20}$")]
    pub(super) message: Id,
    /// A Unicode emoji, or `name:id` of a guild's own.
    pub(super) emoji: String,
}

/// An invitation in a user's hands.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OfInvite {
    /// Who follows it.
    #[param(value_type = String, pattern = "^[0-9]{1,20}$")]
    pub(super) user: Id,
    /// The code.
    pub(super) code: String,
}
