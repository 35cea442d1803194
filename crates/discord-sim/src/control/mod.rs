//! The control API under `/sim`: act as a user, read state, move time, make faults, watch live.
//!
//! Routes and their description are one table: what is served is in `/sim/openapi.json`, and nothing else is.

mod acts;
mod answers;
mod ask;
mod document;
mod interactions;
mod objects;
mod places;
mod reads;
mod stream;
mod tools;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::ApiError;
use crate::hub::Hub;

/// The largest request: 25 MiB of files as base64, and some text.
const LARGEST_REQUEST: usize = 36 * 1024 * 1024;

/// Every route, with what describes it.
fn table() -> OpenApiRouter<Arc<Hub>> {
    OpenApiRouter::new()
        .routes(routes!(document::openapi))
        .routes(routes!(reads::info))
        .routes(routes!(reads::users, tools::add_user))
        .routes(routes!(reads::user, acts::settings))
        .routes(routes!(acts::join, acts::leave))
        .routes(routes!(acts::join_voice))
        .routes(routes!(acts::leave_voice))
        .routes(routes!(places::invite, acts::accept_invite))
        .routes(routes!(places::make_invite))
        .routes(routes!(places::posts))
        .routes(routes!(places::start_thread))
        .routes(routes!(acts::open_dm))
        .routes(routes!(reads::messages, acts::write))
        .routes(routes!(acts::edit, acts::remove))
        .routes(routes!(acts::react, acts::unreact))
        .routes(routes!(acts::vote))
        .routes(routes!(acts::typing))
        .routes(routes!(interactions::commands, interactions::command))
        .routes(routes!(interactions::component))
        .routes(routes!(interactions::modal))
        .routes(routes!(interactions::interaction))
        .routes(routes!(tools::delete_channel))
        .routes(routes!(tools::overwrite))
        .routes(routes!(tools::availability))
        .routes(routes!(tools::set_roles))
        .routes(routes!(tools::time, tools::advance))
        .routes(routes!(tools::faults, tools::add_fault, tools::clear_faults))
        .routes(routes!(tools::gateway_fault))
        .routes(routes!(tools::quiet))
        .routes(routes!(stream::events))
}

/// Routes of the control API.
pub(crate) fn router() -> Router<Arc<Hub>> {
    let (router, _) = table().split_for_parts();
    router
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(middleware::from_fn(only_from_here))
}

/// Pages of other sites must not drive the simulator through a visitor's browser: the request has to name
/// this machine as its host, and its origin, if it tells one.
async fn only_from_here(request: Request, next: Next) -> Response {
    if comes_from_here(request.headers()) {
        next.run(request).await
    } else {
        ApiError::new(403, 0, "The simulator answers this machine only.").into_response()
    }
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|h| h.to_str().ok())
            .unwrap_or_default()
    };
    let (host, origin) = (text(header::HOST), text(header::ORIGIN));
    let local = |name: &str| {
        let without_port = name
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        matches!(
            without_port.map_or(name, |(n, _)| n),
            "127.0.0.1" | "localhost" | "[::1]"
        )
    };
    let origin_host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    local(host) && (origin.is_empty() || local(origin_host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &'static str, origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    #[test]
    fn pages_of_other_sites_are_kept_out() {
        assert!(comes_from_here(&headers("127.0.0.1:5090", None)));
        assert!(comes_from_here(&headers(
            "localhost:5090",
            Some("http://localhost:5090")
        )));
        assert!(!comes_from_here(&headers(
            "127.0.0.1:5090",
            Some("https://evil.example")
        )));
        assert!(!comes_from_here(&headers("evil.example:5090", None)));
    }
}
