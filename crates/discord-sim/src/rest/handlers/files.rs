//! Fresh addresses for attachments whose signatures run out
//! (<https://discord.com/developers/docs/reference#signed-attachment-cdn-urls>).

use serde_json::{Value, json};

use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, check, req};

/// Addresses of one request.
const MOST_ADDRESSES: usize = 50;

/// `POST /attachments/refresh-urls`
pub(crate) fn refresh(call: &mut Call<'_>) -> HandlerResult {
    check(
        const {
            &[req(
                "attachment_urls",
                Rule::List(1, MOST_ADDRESSES, &Rule::Text(1, 2048)),
            )]
        },
        &call.body,
    )?;
    let list = call.body.get("attachment_urls").and_then(Value::as_array);
    let fresh: Vec<Value> = list
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|address| json!({ "original": address, "refreshed": call.world.signed(address) }))
        .collect();
    Ok(Reply::Json(json!({ "refreshed_urls": fresh })))
}
