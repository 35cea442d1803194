//! The API framework: routes with a policy each, sessions, error bodies, limits, description, Socket.IO, and the server
//! that the `APIServer` cog starts and stops. It knows no feature.

mod api;
#[cfg(test)]
mod api_tests;
mod auth;
mod caller;
mod client;
mod compress;
mod docs;
mod edge;
mod error;
mod grants;
mod guard;
mod health;
mod json;
mod limits;
mod live;
mod machine;
mod net;
mod policy;
mod routes;
mod server;
#[cfg(test)]
mod server_tests;
#[cfg(any(test, feature = "testing"))]
pub mod socket_client;
mod sockets;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use utoipa_axum::routes;

pub use crate::{
    api::{Api, ApiOptions, BuildError, Built},
    auth::{Auth, SessionRow, StaffSource},
    caller::{Caller, Identity, MONITORING_PERMISSIONS, Role},
    client::ClientDescription,
    edge::{App, RequestId},
    error::{ApiError, ApiResult, ErrorBody},
    grants::Grants,
    guard::{Endpoint, Observer, Seen},
    health::{Check, CheckSource, CheckStatus, Health},
    json::{ApiJson, ApiPath, ApiQuery, OptionalJson},
    live::{Activity, LiveSession, LiveTable},
    net::{ClientIp, Place, TrustedProxies},
    policy::{BODY_LIMIT, Policy, RouteLimit, Rule},
    routes::{RouteInfo, Routes},
    server::{Server, ServerError, ServerStats},
    sockets::{JoinRefused, MAX_ROOMS, STAFF_ROOM, SocketCx, Sockets},
};
