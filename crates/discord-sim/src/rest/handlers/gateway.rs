//! Where the gateway is.

use serde_json::json;

use crate::error::ApiError;
use crate::rest::call::{Call, HandlerResult, Reply};

/// `GET /gateway`
pub(crate) fn url(call: &mut Call<'_>) -> HandlerResult {
    Ok(Reply::Json(json!({ "url": call.gateway_url })))
}

/// `GET /gateway/bot`
pub(crate) fn bot(call: &mut Call<'_>) -> HandlerResult {
    let limit = call.allowance.ok_or_else(ApiError::unauthorized)?;
    Ok(Reply::Json(json!({
        "url": call.gateway_url, "shards": call.shards,
        "session_start_limit": {
            "total": limit.total, "remaining": limit.remaining,
            "reset_after": u64::try_from(limit.reset_after.as_millis()).unwrap_or(u64::MAX),
            "max_concurrency": limit.max_concurrency,
        },
    })))
}
