//! A feature's routes, each with its rule and the cog whose door is entered around it.

use http::Method;
use utoipa::openapi::{Paths, RefOr, Schema, path::Operation};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::policy::{Policy, Rule};

/// Routes on their way to the API. `S` is the state that handlers take until [`Routes::with_state`] gives it.
pub struct Routes<S = ()> {
    pub(crate) cog: Option<&'static str>,
    pub(crate) entries: Vec<Entry<S>>,
}

pub(crate) struct Entry<S> {
    pub(crate) rule: Rule,
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
    pub(crate) paths: Paths,
    pub(crate) router: axum::routing::MethodRouter<S>,
}

/// One route, for lists and tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// Its method.
    pub method: Method,
    /// Its path with `{placeholders}`.
    pub path: String,
    /// Its endpoint id, for example `tickets.get_tickets`.
    pub endpoint: String,
    /// Who may call it.
    pub policy: Policy,
    /// The cog that it belongs to.
    pub cog: Option<&'static str>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// Routes of a cog: they wait while it reloads and answer 503 while it is switched off.
    #[must_use]
    pub fn of_cog(cog: &'static str) -> Self {
        Self {
            cog: Some(cog),
            entries: Vec::new(),
        }
    }

    /// Routes that are there whatever is loaded.
    #[must_use]
    pub fn always() -> Self {
        Self {
            cog: None,
            entries: Vec::new(),
        }
    }

    /// Adds handlers of one path, made with `routes!(list, create)`, under one rule.
    ///
    /// The endpoint id is the `operation_id` of the handler up to the first `:`, so that two methods can share an
    /// endpoint id (`config.config_general`, `config.config_general:put`) though operation ids are unique.
    #[must_use]
    pub fn add(mut self, rule: impl Into<Rule>, (schemas, paths, router): UtoipaMethodRouter<S>) -> Self {
        self.entries.push(Entry {
            rule: rule.into(),
            schemas,
            paths,
            router,
        });
        self
    }

    /// All of these routes look at what members may do; see [`Rule::needs_guild`].
    #[must_use]
    pub fn needs_guild(mut self) -> Self {
        for entry in &mut self.entries {
            entry.rule = entry.rule.needs_guild();
        }
        self
    }

    /// Gives the handlers their state.
    #[must_use]
    pub fn with_state(self, state: S) -> Routes {
        let entries = self.entries.into_iter().map(|entry| Entry {
            rule: entry.rule,
            schemas: entry.schemas,
            paths: entry.paths,
            router: entry.router.with_state(state.clone()),
        });
        Routes {
            cog: self.cog,
            entries: entries.collect(),
        }
    }
}

impl<S> Routes<S> {
    /// What is in it.
    #[must_use]
    pub fn inventory(&self) -> Vec<RouteInfo> {
        let mut all = Vec::new();
        for entry in &self.entries {
            for (path, method, endpoint) in entry.endpoints() {
                all.push(RouteInfo {
                    method,
                    path,
                    endpoint,
                    policy: entry.rule.policy,
                    cog: self.cog,
                });
            }
        }
        all
    }
}

impl<S> Entry<S> {
    /// Path, method and endpoint id of each handler.
    pub(crate) fn endpoints(&self) -> Vec<(String, Method, String)> {
        let mut all = Vec::new();
        for (path, item) in &self.paths.paths {
            let operations: [(Method, &Option<Operation>); 5] = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            for (method, operation) in operations {
                if let Some(operation) = operation {
                    all.push((path.clone(), method, endpoint_id(operation)));
                }
            }
        }
        all
    }
}

fn endpoint_id(operation: &Operation) -> String {
    operation
        .operation_id
        .as_deref()
        .and_then(|id| id.split(':').next())
        .unwrap_or_default()
        .to_owned()
}
