//! The table of routes: method, path, who may call it, how often, and its handler.

mod applications;
mod channels;
mod guilds;

use super::call::{Call, HandlerResult};
use super::limits::{DEFAULT_LIMIT, Limit};

/// Who may call a route.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Auth {
    /// Anybody: the path holds a token, or nothing is secret.
    None,
    /// Bots.
    Bot,
    /// Users through OAuth2.
    Bearer,
    /// Both.
    Any,
}

/// A line of the table.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) auth: Auth,
    pub(crate) limit: Limit,
    pub(crate) handler: fn(&mut Call<'_>) -> HandlerResult,
    /// A body counts although the method is GET or DELETE.
    pub(crate) reads_body: bool,
}

type Handler = fn(&mut Call<'_>) -> HandlerResult;

const fn bot(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route {
        method,
        template,
        auth: Auth::Bot,
        limit: DEFAULT_LIMIT,
        handler,
        reads_body: false,
    }
}

const fn limited(
    method: &'static str,
    template: &'static str,
    requests: u32,
    window_ms: u64,
    handler: Handler,
) -> Route {
    Route {
        limit: Limit::new(requests, window_ms),
        ..bot(method, template, handler)
    }
}

const fn open(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route {
        auth: Auth::None,
        ..bot(method, template, handler)
    }
}

const fn any(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route {
        auth: Auth::Any,
        ..bot(method, template, handler)
    }
}

const fn bearer(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route {
        auth: Auth::Bearer,
        ..bot(method, template, handler)
    }
}

/// Every route. Within one method, a path with literal parts stands before those with parameters in their place.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    [applications::ROUTES, guilds::ROUTES, channels::ROUTES]
        .into_iter()
        .flatten()
}
