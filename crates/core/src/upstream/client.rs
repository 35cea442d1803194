//! The client of one service.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    sync::Semaphore,
};
use url::Url;

use super::{
    Call, DownloadError, Reply, Retries, UpstreamError, Upstreams,
    call::{Body, read},
    health::Health,
};
use crate::{
    Timestamp,
    cache::{Cache, Lookup},
    clock::from_millis,
};

/// Bytes of an error body that are kept.
const LARGEST_ERROR: usize = 16 * 1024;
/// A download that drips for longer than this is given up: it holds a turn that others wait for.
const DOWNLOAD_AT_MOST: Duration = Duration::from_secs(600);

/// A service outside. Cheap to clone.
#[derive(Clone)]
pub struct Upstream {
    pub(super) service: Arc<Service>,
    pub(super) upstreams: Upstreams,
}

pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) base: Url,
    pub(super) timeout: Duration,
    pub(super) turns: Semaphore,
    pub(super) largest: usize,
    pub(super) retries: Retries,
    pub(super) cache: Option<Cache<Bytes>>,
    pub(super) health: Health,
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Upstream").field(&self.service.name).finish()
    }
}

/// An answer that may have been kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// Whether it is older than it should be, because the service is away: say so where it is shown.
    pub stale: bool,
    /// When it was got.
    pub at: Timestamp,
}

impl Upstream {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.service.name
    }

    /// Makes a call, again after failures that can pass if that does no harm.
    ///
    /// # Errors
    /// That of the last attempt.
    pub async fn send(&self, call: Call) -> Result<Reply, UpstreamError> {
        let mut attempt = 0;
        loop {
            let error = match Box::pin(self.attempt(&call)).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            let pause = self
                .service
                .retries
                .after(attempt, &error, &self.upstreams.0.entropy);
            let Some(pause) = pause.filter(|_| call.repeatable) else {
                return Err(error);
            };
            tracing::debug!(service = self.service.name, attempt, %error, "a call is tried again");
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    /// Gets JSON. If the client keeps answers, those for calls without headers are kept: who asks for the same thing
    /// meanwhile waits for the same call, and while the service is away the last answer is given, marked as stale.
    ///
    /// # Errors
    /// That of the call, where there is no old answer; or that the answer is not of this type.
    pub async fn get_json<T: DeserializeOwned>(&self, call: Call) -> Result<Answer<T>, UpstreamError> {
        let now = || from_millis(self.upstreams.0.clock.now_millis());
        let (Some(cache), Some(key)) = (&self.service.cache, call.cache_key()) else {
            let reply = self.send(call).await?;
            return Ok(Answer {
                value: reply.json()?,
                stale: false,
                at: now(),
            });
        };
        let known = cache.last_known(&key).await;
        let old = |known: Option<(Bytes, Timestamp)>| -> Option<Result<Answer<T>, UpstreamError>> {
            known.map(|(body, at)| {
                read(&body).map(|value| Answer {
                    value,
                    stale: true,
                    at,
                })
            })
        };
        if self.service.health.rests()
            && !matches!(cache.get(&key).await, Lookup::Found(_))
            && let Some(answer) = old(known.clone())
        {
            return answer;
        }
        let fetch = async {
            let reply = self.send(call).await?;
            // What is no JSON is not worth keeping.
            read::<serde::de::IgnoredAny>(&reply.body)?;
            Ok::<_, UpstreamError>(Some(reply.body))
        };
        match cache.get_or_try_compute(&key, fetch).await {
            Ok(Some(body)) => {
                let at = cache.last_known(&key).await.map_or_else(now, |(_, at)| at);
                Ok(Answer {
                    value: read(&body)?,
                    stale: false,
                    at,
                })
            }
            Ok(None) => Err(UpstreamError::Unreadable("no answer".to_owned())),
            Err(error) if error.is_outage() => old(known).unwrap_or(Err(UpstreamError::clone(&error))),
            Err(error) => Err(UpstreamError::clone(&error)),
        }
    }

    /// Forgets kept answers whose path begins so.
    pub async fn forget(&self, path: &str) {
        if let Some(cache) = &self.service.cache {
            cache.purge(path.trim_start_matches('/')).await;
        }
    }

    /// Streams a file into `sink`, holding a few kilobytes of it at a time, and gives how many bytes it had. Tried once:
    /// what came of a broken download is in the sink. A file that stops coming for the service's time-out is given up.
    ///
    /// # Errors
    /// That of the call, [`UpstreamError::TooLarge`] above `largest` bytes, or the sink's.
    pub async fn download<W>(&self, call: Call, largest: u64, sink: &mut W) -> Result<u64, DownloadError>
    where
        W: AsyncWrite + Unpin + Send,
    {
        let service = &self.service;
        let turn = tokio::time::timeout(service.timeout, service.turns.acquire()).await;
        let _turn = turn
            .map_err(|_| UpstreamError::Busy)?
            .map_err(|_| UpstreamError::Busy)?;
        let start = Instant::now();
        let outcome = tokio::time::timeout(DOWNLOAD_AT_MOST, self.stream(&call, largest, sink)).await;
        let outcome = outcome.unwrap_or(Err(UpstreamError::Timeout.into()));
        let failed = match &outcome {
            Err(DownloadError::Service(error)) => Some(error),
            _ => None,
        };
        service.health.note(start.elapsed(), failed);
        outcome
    }

    async fn stream<W>(&self, call: &Call, largest: u64, sink: &mut W) -> Result<u64, DownloadError>
    where
        W: AsyncWrite + Unpin + Send,
    {
        let patience = self.service.timeout;
        let answered = tokio::time::timeout(patience, self.ask(call)).await;
        let (mut response, _) = answered.unwrap_or(Err(UpstreamError::Timeout))?;
        let too_large = || UpstreamError::TooLarge(usize::try_from(largest).unwrap_or(usize::MAX));
        if response.content_length().is_some_and(|length| length > largest) {
            return Err(too_large().into());
        }
        let mut written = 0_u64;
        loop {
            let chunk = tokio::time::timeout(patience, response.chunk()).await;
            let chunk = chunk
                .map_err(|_| UpstreamError::Timeout)?
                .map_err(UpstreamError::of)?;
            let Some(chunk) = chunk else { break };
            written = written.saturating_add(chunk.len() as u64);
            if written > largest {
                return Err(too_large().into());
            }
            sink.write_all(&chunk).await?;
        }
        sink.flush().await?;
        Ok(written)
    }

    async fn attempt(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let service = &self.service;
        // Waiting for a turn is bounded too: a service that hangs must not pile up callers.
        let turn = tokio::time::timeout(service.timeout, service.turns.acquire()).await;
        let _turn = turn
            .map_err(|_| UpstreamError::Busy)?
            .map_err(|_| UpstreamError::Busy)?;
        let start = Instant::now();
        let outcome = tokio::time::timeout(service.timeout, self.exchange(call)).await;
        let outcome = outcome.unwrap_or(Err(UpstreamError::Timeout));
        service.health.note(start.elapsed(), outcome.as_ref().err());
        outcome
    }

    async fn exchange(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let (mut response, headers) = self.ask(call).await?;
        let status = response.status();
        let body = body(&mut response, self.service.largest).await?;
        Ok(Reply {
            status,
            headers,
            body,
        })
    }

    /// Sends the call and gives the answer, of which the body is still to come, if it is a success.
    async fn ask(&self, call: &Call) -> Result<(reqwest::Response, HeaderMap), UpstreamError> {
        let url = self.address(&call.path)?;
        let client = self.upstreams.client(&url)?;
        let mut request = client.request(call.method.clone(), url);
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        for (name, value) in &call.headers {
            request = request.header(*name, value.expose_secret());
        }
        request = match &call.body {
            Body::None => request,
            Body::Form(fields) => request.form(fields),
            Body::Json(body) => request.json(body),
        };
        let mut response = request.send().await.map_err(UpstreamError::of)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        if !status.is_success() {
            let retry_after = headers
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.trim().parse::<f64>().ok());
            let retry_after = retry_after.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let body = body(&mut response, LARGEST_ERROR).await.unwrap_or_default();
            return Err(UpstreamError::Status {
                status: status.as_u16(),
                retry_after,
                body,
            });
        }
        Ok((response, headers))
    }

    /// The base with the path appended. A path can't lead to another host.
    fn address(&self, path: &str) -> Result<Url, UpstreamError> {
        let mut url = self.service.base.clone();
        let whole = format!(
            "{}/{}",
            url.path().trim_end_matches('/'),
            path.trim_start_matches('/')
        );
        if url.cannot_be_a_base() {
            return Err(UpstreamError::Address);
        }
        url.set_path(&whole);
        url.set_query(None);
        Ok(url)
    }
}

/// The body, as long as it stays below the limit.
async fn body(response: &mut reqwest::Response, largest: usize) -> Result<Bytes, UpstreamError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(UpstreamError::of)? {
        if body.len() + chunk.len() > largest {
            return Err(UpstreamError::TooLarge(largest));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
