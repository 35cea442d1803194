//! Where the gateway is.

use serde_json::json;

use crate::rest::call::{Call, HandlerResult, Reply};

/// Identifies that may run at the same time, and the day in milliseconds.
const MAX_CONCURRENCY: u32 = 1;
const DAY: u32 = 24 * 3600 * 1000;

/// `GET /gateway`
pub(crate) fn url(call: &mut Call<'_>) -> HandlerResult {
    Ok(Reply::Json(json!({ "url": call.gateway_url })))
}

/// `GET /gateway/bot`
pub(crate) fn bot(call: &mut Call<'_>) -> HandlerResult {
    Ok(Reply::Json(json!({
        "url": call.gateway_url, "shards": call.shards,
        "session_start_limit": {
            "total": call.identify_limit, "remaining": call.identify_limit, "reset_after": DAY,
            "max_concurrency": MAX_CONCURRENCY,
        },
    })))
}
