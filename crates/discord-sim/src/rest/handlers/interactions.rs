//! The first answer to an interaction.

use crate::error::ApiError;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::shapes::{CALLBACK_MESSAGE, check_message};
use crate::rest::validate::{Rule, check, nul, req};
use crate::world::{Draft, ResponseDraft, under};

use serde_json::{Value, json};

/// Answer types whose data is a message.
const MESSAGE_ANSWERS: [i64; 3] = [4, 5, 7];

/// `POST /interactions/{interaction}/{token}/callback`
pub(crate) fn callback(call: &mut Call<'_>) -> HandlerResult {
    check(
        const {
            &[
                req("type", Rule::Choice(&[1, 4, 5, 6, 7, 8, 9])),
                nul("data", Rule::Map),
            ]
        },
        &call.body,
    )?;
    let id = call
        .param("interaction")
        .parse()
        .map_err(|_| ApiError::unknown_interaction())?;
    let token = call.param("token").to_owned();
    let kind = call.body.get("type").and_then(Value::as_i64).unwrap_or(0);
    let data = call
        .body
        .get("data")
        .filter(|d| d.is_object())
        .cloned()
        .unwrap_or_else(|| json!({}));
    if MESSAGE_ANSWERS.contains(&kind) {
        check_message(CALLBACK_MESSAGE, &data).map_err(|e| under(e, "data"))?;
    }
    let draft = Draft::from_body(&data, std::mem::take(&mut call.uploads));
    call.world
        .answer(id, &token, ResponseDraft { kind, data, draft })?;
    if call.query_flag("with_response") {
        return Ok(Reply::Json(call.world.answer_body(id)?));
    }
    Ok(Reply::Empty)
}
