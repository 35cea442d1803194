//! What stands before every route: limits, authentication, policy, the door of the cog. One layer, laid around each
//! route when it is added to the API.

use std::{
    convert::Infallible,
    future::Future,
    net::{IpAddr, Ipv4Addr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use hazebot_core::gate::{Gate, NoEntry};
use http::{HeaderMap, Method, StatusCode, header};
use http_body::Body as _;
use http_body_util::Limited;
use tower::{Layer, Service};

use crate::{
    auth::Auth,
    caller::{Caller, Role, UNLINKED},
    client::ClientDescription,
    error::ApiError,
    limits::{Limiter, PER_PLACE, PER_USER, Who},
    live::LiveTable,
    net::ClientIp,
    policy::{Policy, RouteLimit, Rule},
};

/// The sentence of the contract while the bot does not know its guild yet.
const NOT_READY: &str = "Bot not initialized";

/// The endpoint id of the route that answers, for handlers that record it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(pub Arc<str>);

/// What an observer of requests is told, after authentication and before the policy decides.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// HTTP method.
    pub method: &'a Method,
    /// Path without query.
    pub path: &'a str,
    /// Endpoint id.
    pub endpoint: &'a Arc<str>,
    /// Headers; [`ClientDescription::of`] reads them.
    pub headers: &'a HeaderMap,
}

/// Somebody who wants to know of authenticated requests, such as analytics. Called on the way of each request, so it
/// only notes what it wants to know and returns.
pub type Observer = Arc<dyn Fn(Seen<'_>) + Send + Sync>;

/// What all guards share.
pub(crate) struct Watch {
    pub(crate) auth: Auth,
    pub(crate) callers: Limiter<Who>,
    pub(crate) routes: Limiter<(usize, Who)>,
    pub(crate) live: LiveTable,
    pub(crate) observers: parking_lot::RwLock<Vec<Observer>>,
}

/// One route's guard.
pub(crate) struct Post {
    pub(crate) rule: Rule,
    /// Number of the entry, the key of its own limit.
    pub(crate) number: usize,
    pub(crate) endpoints: Vec<(Method, Arc<str>)>,
    pub(crate) gate: Option<(&'static str, Gate)>,
    pub(crate) watch: Arc<Watch>,
}

impl Post {
    fn endpoint(&self, method: &Method) -> Arc<str> {
        let wanted = if *method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let found = self.endpoints.iter().find(|(method, _)| method == wanted);
        found
            .map(|(_, endpoint)| Arc::clone(endpoint))
            .unwrap_or_default()
    }

    fn limit(&self, who: Who, general: RouteLimit) -> Result<(), ApiError> {
        if let Some(own) = self.rule.limit {
            self.watch
                .routes
                .take((self.number, who.clone()), own)
                .map_err(ApiError::too_many)?;
        }
        self.watch.callers.take(who, general).map_err(ApiError::too_many)
    }

    /// Lets the request pass, with the caller among its extensions.
    async fn admit(&self, request: &mut Request) -> Result<(), ApiError> {
        let ip = request
            .extensions()
            .get::<ClientIp>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ip| ip.0);
        let endpoint = self.endpoint(request.method());
        if self.rule.policy == Policy::Public {
            self.limit(Who::Place(ip.into()), PER_PLACE)?;
        } else {
            let caller = match self
                .watch
                .auth
                .authenticate(request.headers(), ip, &endpoint)
                .await
            {
                Ok(caller) => caller,
                Err(error) => {
                    // guessing tokens is limited like any other request without one
                    self.watch
                        .callers
                        .take(Who::Place(ip.into()), PER_PLACE)
                        .map_err(ApiError::too_many)?;
                    return Err(error);
                }
            };
            self.limit(Who::Account(caller.account()), PER_USER)?;
            self.note(&caller, request, &endpoint);
            self.decide(&caller)?;
            if self.rule.guild
                && caller
                    .discord_id()
                    .is_some_and(|user| self.watch.auth.is_waited_for(user))
            {
                return Err(ApiError::unavailable(NOT_READY));
            }
            request.extensions_mut().insert(caller);
        }
        request.extensions_mut().insert(Endpoint(endpoint));
        self.bound_body(request)
    }

    fn note(&self, caller: &Caller, request: &Request, endpoint: &Arc<str>) {
        let (method, path, headers) = (request.method(), request.uri().path(), request.headers());
        self.watch.live.note(caller, method, path, endpoint, || {
            ClientDescription::of(headers, endpoint)
        });
        for observer in self.watch.observers.read().iter() {
            observer(Seen {
                caller,
                method,
                path,
                endpoint,
                headers,
            });
        }
    }

    fn decide(&self, caller: &Caller) -> Result<(), ApiError> {
        let named = matches!(self.rule.policy, Policy::Permission(_));
        if caller.role() == Role::Monitoring && !named && !self.rule.monitors {
            return Err(ApiError::forbidden());
        }
        match self.rule.policy {
            Policy::Public | Policy::SignedIn => Ok(()),
            Policy::Member if caller.discord_id().is_some() => Ok(()),
            Policy::Member => Err(ApiError::new(self.rule.unlinked, UNLINKED)),
            Policy::Permission(name) if caller.may(name) => Ok(()),
            Policy::All if caller.may("all") => Ok(()),
            Policy::Admin if caller.rights().is_admin() => Ok(()),
            Policy::Permission(_) | Policy::All | Policy::Admin => Err(ApiError::forbidden()),
        }
    }

    fn bound_body(&self, request: &mut Request) -> Result<(), ApiError> {
        let limit = self.rule.body_limit;
        let too_large = || ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large");
        let announced = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: usize| length > limit) {
            return Err(too_large());
        }
        if announced.is_none() && !request.body().is_end_stream() {
            let body = std::mem::take(request.body_mut());
            *request.body_mut() = Body::new(Limited::new(body, limit));
        }
        Ok(())
    }
}

/// Lays a guard around a route.
#[derive(Clone)]
pub(crate) struct GuardLayer(pub(crate) Arc<Post>);

/// A guarded route.
#[derive(Clone)]
pub(crate) struct Guarded<S> {
    post: Arc<Post>,
    inner: S,
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded {
            post: Arc::clone(&self.0),
            inner,
        }
    }
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let post = Arc::clone(&self.post);
        // the clone takes the place of the service that was polled ready
        let fresh = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, fresh);
        Box::pin(async move {
            if let Err(error) = post.admit(&mut request).await {
                return Ok(error.into_response());
            }
            let Some((cog, gate)) = &post.gate else {
                return inner.call(request).await;
            };
            match gate.enter().await {
                Ok(pass) => {
                    let response = inner.call(request).await;
                    drop(pass);
                    response
                }
                Err(NoEntry::Shut) => {
                    Ok(ApiError::unavailable(format!("{cog} is not loaded")).into_response())
                }
                Err(NoEntry::Busy) => {
                    Ok(ApiError::unavailable(format!("{cog} is busy, try again")).into_response())
                }
            }
        })
    }
}
