//! What can come out of an action other than its result: a [`Refusal`], which a person is told in words, or a fault of
//! the program or of a service outside, which a person is told by its correlation id only.

use std::{borrow::Cow, error::Error as StdError, fmt, time::Duration};

/// The result of an action.
pub type Outcome<T> = Result<T, Failure>;

/// Why an action did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The person asked for something that is not possible or not allowed; nothing has changed.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The database did not do what it was told.
    #[error("store: {0}")]
    Store(#[from] sqlx::Error),
    /// Discord, or another service, did not do what it was asked.
    #[error("{service}: {source}")]
    Service {
        /// `discord`, `smtp` …
        service: &'static str,
        /// The cause, for the log.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// A bug, or a broken invariant.
    #[error("internal: {0}")]
    Internal(Cow<'static, str>),
}

impl Failure {
    /// A failed call to a service outside.
    pub fn service(service: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Service {
            service,
            source: source.into(),
        }
    }

    /// A broken invariant.
    pub fn internal(what: impl Into<Cow<'static, str>>) -> Self {
        Self::Internal(what.into())
    }

    /// The refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

/// The kind of a refusal; the HTTP face makes the status of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// 400: the input, or the state that things are in.
    Invalid,
    /// 401: nobody is signed in, or the login has no Discord account.
    Unknown,
    /// 403: this person may not.
    Forbidden,
    /// 404: there is no such thing, or it belongs to another guild.
    NotFound,
    /// 409: somebody else was faster.
    Conflict,
    /// 429: too often; again after the time given.
    TooMany(Duration),
    /// 503: a part that is needed is switched off, not set up or away.
    Unavailable,
}

/// A refusal: an id of the text catalogue for Discord and the panel, and the fixed English sentence of the API.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Which kind.
    pub kind: RefusalKind,
    /// Message id in `locales/`, for example `ticket-already-claimed`.
    pub text: &'static str,
    /// Values for the placeholders of the text.
    pub args: Vec<(&'static str, String)>,
    /// The sentence of the API's contract (`{"error": …}`), in English whatever the reader's language.
    pub sentence: Cow<'static, str>,
}

impl Refusal {
    /// A refusal without placeholders.
    pub fn new(kind: RefusalKind, text: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            text,
            args: Vec::new(),
            sentence: sentence.into(),
        }
    }

    /// Sets a placeholder of the text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// A refusal of kind [`RefusalKind::Invalid`].
    pub fn invalid(text: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(RefusalKind::Invalid, text, sentence)
    }

    /// A refusal of kind [`RefusalKind::Forbidden`].
    pub fn forbidden(text: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(RefusalKind::Forbidden, text, sentence)
    }

    /// A refusal of kind [`RefusalKind::NotFound`].
    pub fn not_found(text: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(RefusalKind::NotFound, text, sentence)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl StdError for Refusal {}
