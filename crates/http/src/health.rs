//! `/api/health`: whether the service is up, and, for those who may know, how it is doing.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State, response::IntoResponse};
use futures_util::future::BoxFuture;
use hazebot_core::{clock::rfc3339, store::Store};
use http::{HeaderMap, StatusCode};
use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    auth::Auth,
    guard::Watch,
    json::ApiQuery,
    machine::{self, CpuTimes},
    net::ClientIp,
    policy::{Policy, Rule},
    routes::Routes,
};

/// How a part is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// Nothing to say about.
    Info,
    /// As it should be.
    Ok,
    /// Works, but look at it.
    Warning,
    /// Does not work.
    Error,
}

/// The result of a check: a status and values to show.
#[derive(Clone, Debug)]
pub struct Check {
    status: CheckStatus,
    values: Map<String, Value>,
    vital: bool,
}

impl Check {
    /// A result without values.
    #[must_use]
    pub fn new(status: CheckStatus) -> Self {
        Self {
            status,
            values: Map::new(),
            vital: false,
        }
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// Without this part the service is of no use: its error makes the whole answer 503.
    #[must_use]
    pub fn vital(mut self) -> Self {
        self.vital = true;
        self
    }

    fn into_json(self, detailed: bool) -> Value {
        let mut values = if detailed { self.values } else { Map::new() };
        values.insert("status".to_owned(), json!(self.status));
        Value::Object(values)
    }
}

/// A part that is asked how it is doing. It answers from what it knows and waits for nothing outside.
pub type CheckSource = Arc<dyn Fn() -> BoxFuture<'static, Check> + Send + Sync>;

/// The health service. Cheap to clone.
#[derive(Clone)]
pub struct Health(Arc<Inner>);

struct Inner {
    version: String,
    environment: String,
    auth: Auth,
    watch: Arc<Watch>,
    store: Store,
    parts: RwLock<BTreeMap<&'static str, CheckSource>>,
    cpu: Mutex<Option<CpuTimes>>,
}

#[derive(Deserialize, IntoParams)]
struct HealthQuery {
    /// `true` adds `checks`; their values need a token, their status does not.
    detailed: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct HealthAnswer {
    /// `ok`, `degraded` or `unhealthy`.
    status: &'static str,
    timestamp: String,
    service: &'static str,
    version: String,
    environment: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    checks: Option<BTreeMap<&'static str, Value>>,
}

impl Health {
    pub(crate) fn new(version: &str, environment: &str, auth: Auth, watch: Arc<Watch>, store: Store) -> Self {
        let (version, environment) = (version.to_owned(), environment.to_owned());
        let (parts, cpu) = (RwLock::default(), Mutex::new(machine::cpu_times()));
        Self(Arc::new(Inner {
            version,
            environment,
            auth,
            watch,
            store,
            parts,
            cpu,
        }))
    }

    /// Adds a part, or replaces the one of this name.
    pub fn add(&self, name: &'static str, source: CheckSource) {
        self.0.parts.write().insert(name, source);
    }

    async fn checks(&self) -> BTreeMap<&'static str, Check> {
        let mut checks = BTreeMap::from([
            ("memory", memory()),
            ("cpu", self.cpu()),
            ("disk", disk()),
            ("cache", Check::new(CheckStatus::Ok).with("type", "simple")),
            (
                "sessions",
                Check::new(CheckStatus::Ok).with("active_count", self.0.watch.live.count()),
            ),
            ("database", self.database().await),
            (
                "analytics",
                Check::new(CheckStatus::Info).with("message", "not_initialized"),
            ),
            (
                "error_tracker",
                Check::new(CheckStatus::Info).with("message", "not_initialized"),
            ),
        ]);
        let parts: Vec<_> = self
            .0
            .parts
            .read()
            .iter()
            .map(|(name, source)| (*name, Arc::clone(source)))
            .collect();
        for (name, source) in parts {
            checks.insert(name, source().await);
        }
        checks
    }

    async fn database(&self) -> Check {
        match self.0.store.health().await {
            Ok(health) => Check::new(CheckStatus::Ok)
                .with("backend", health.backend)
                .with("read_ms", round2(health.read_micros as f64 / 1_000.0))
                .with("size_mb", round2(health.size_bytes as f64 / 1_048_576.0))
                .vital(),
            Err(error) => {
                tracing::error!(%error, "the database does not answer");
                Check::new(CheckStatus::Error)
                    .with("message", "The database does not answer")
                    .vital()
            }
        }
    }

    /// Load since the last look; the Python version slept for its sample.
    fn cpu(&self) -> Check {
        let now = machine::cpu_times();
        let before = std::mem::replace(&mut *self.0.cpu.lock(), now);
        match (before, now) {
            (Some(before), Some(now)) => {
                let usage = now.usage_since(before);
                let status = if usage >= 80.0 {
                    CheckStatus::Warning
                } else {
                    CheckStatus::Ok
                };
                Check::new(status).with("usage_percent", round2(usage))
            }
            _ => Check::new(CheckStatus::Info),
        }
    }
}

fn round2(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn memory() -> Check {
    let Some((total, available)) = machine::memory() else {
        return Check::new(CheckStatus::Info);
    };
    let usage = 100.0 * total.saturating_sub(available) as f64 / total.max(1) as f64;
    let status = match usage {
        usage if usage >= 95.0 => CheckStatus::Error,
        usage if usage >= 90.0 => CheckStatus::Warning,
        _ => CheckStatus::Ok,
    };
    Check::new(status)
        .with("usage_percent", round2(usage))
        .with("available_gb", round2(available as f64 / 1_073_741_824.0))
        .with(
            "process_mb",
            machine::resident().map_or(0.0, |bytes| round2(bytes as f64 / 1_048_576.0)),
        )
}

fn disk() -> Check {
    let Some((total, free)) = machine::disk() else {
        return Check::new(CheckStatus::Info);
    };
    let usage = 100.0 * total.saturating_sub(free) as f64 / total.max(1) as f64;
    let status = match usage {
        usage if usage >= 95.0 => CheckStatus::Error,
        usage if usage >= 85.0 => CheckStatus::Warning,
        _ => CheckStatus::Ok,
    };
    Check::new(status)
        .with("usage_percent", round2(usage))
        .with("free_gb", round2(free as f64 / 1_073_741_824.0))
}

/// A vital part that fails, or three parts that do, make the answer a 503.
fn overall(checks: &BTreeMap<&'static str, Check>) -> &'static str {
    let failed: Vec<_> = checks
        .values()
        .filter(|check| check.status == CheckStatus::Error)
        .collect();
    if failed.len() > 2 {
        "unhealthy"
    } else if failed.iter().any(|check| check.vital) {
        "degraded"
    } else {
        "ok"
    }
}

pub(crate) fn routes(health: Health) -> Routes {
    Routes::always()
        .add(Rule::of(Policy::Public), routes!(get_health))
        .with_state(health)
}

/// Whether the service is up.
#[utoipa::path(get, path = "/api/health", operation_id = "auth_routes.health", tag = "monitoring", params(HealthQuery),
    responses((status = 200, body = HealthAnswer), (status = 503, body = HealthAnswer)))]
async fn get_health(
    State(health): State<Health>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    ApiQuery(query): ApiQuery<HealthQuery>,
) -> impl IntoResponse {
    let inner = &health.0;
    let checks = if query
        .detailed
        .is_some_and(|wanted| wanted.eq_ignore_ascii_case("true"))
    {
        let caller = inner.auth.authenticate(&headers, ip, "auth_routes.health").await;
        let detailed = caller.is_ok_and(|caller| caller.may("health_check"));
        Some((health.checks().await, detailed))
    } else {
        None
    };
    let status = checks.as_ref().map_or("ok", |(checks, _)| overall(checks));
    let code = if status == "ok" {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let answer = HealthAnswer {
        status,
        timestamp: rfc3339(inner.store.clock().now()),
        service: "HazeBot API",
        version: inner.version.clone(),
        environment: inner.environment.clone(),
        checks: checks.map(|(checks, detailed)| {
            checks
                .into_iter()
                .map(|(name, check)| (name, check.into_json(detailed)))
                .collect()
        }),
    };
    (code, Json(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_vital_parts_take_the_service_down() {
        let error = Check::new(CheckStatus::Error);
        let mut checks = BTreeMap::from([("disk", error.clone()), ("cpu", Check::new(CheckStatus::Warning))]);
        assert_eq!(overall(&checks), "ok");
        checks.insert("database", error.clone().vital());
        assert_eq!(overall(&checks), "degraded");
        checks.insert("memory", error);
        assert_eq!(overall(&checks), "unhealthy");
    }

    #[test]
    fn values_are_for_those_who_may_know() {
        let check = Check::new(CheckStatus::Ok).with("free_gb", 1.5);
        assert_eq!(check.clone().into_json(false), json!({"status": "ok"}));
        assert_eq!(check.into_json(true), json!({"status": "ok", "free_gb": 1.5}));
    }
}
