//! What users have connected: accounts elsewhere, and what an application says of them for roles
//! (<https://discord.com/developers/docs/resources/application-role-connection-metadata>).

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult, Problems};
use crate::id::Id;
use crate::rest::call::{Call, HandlerResult, Reply};
use crate::rest::validate::{Rule, check, check_value, nul, req};

use super::users::require_scope;

/// Records of an application.
const MOST_RECORDS: usize = 5;

const RECORD: Rule = Rule::Object(&[
    req("type", Rule::Choice(&[1, 2, 3, 4, 5, 6, 7, 8])),
    req("key", Rule::Text(1, 50)),
    req("name", Rule::Text(1, 100)),
    nul("name_localizations", Rule::Map),
    req("description", Rule::Text(1, 200)),
    nul("description_localizations", Rule::Map),
]);

fn application(call: &Call<'_>) -> ApiResult<Id> {
    let (id, own) = (call.id("application")?, call.application()?);
    if id == own {
        Ok(id)
    } else {
        Err(ApiError::missing_access())
    }
}

/// `GET /users/@me/connections`: nobody of this world has accounts elsewhere.
pub(crate) fn accounts(call: &mut Call<'_>) -> HandlerResult {
    require_scope(call, "connections")?;
    Ok(Reply::Json(json!([])))
}

/// `GET /applications/{application}/role-connections/metadata`
pub(crate) fn metadata(call: &mut Call<'_>) -> HandlerResult {
    let state = call.world.application(application(call)?)?;
    Ok(Reply::Json(Value::Array(state.role_metadata.clone())))
}

/// `PUT /applications/{application}/role-connections/metadata`
pub(crate) fn set_metadata(call: &mut Call<'_>) -> HandlerResult {
    let mut problems = Problems::default();
    check_value(
        &Rule::List(0, MOST_RECORDS, &RECORD),
        &call.body,
        "",
        &mut problems,
    );
    problems.into_result()?;
    let id = application(call)?;
    let list = call.body.as_array().cloned().unwrap_or_default();
    call.world.application_mut(id)?.role_metadata = list;
    metadata(call)
}

/// `GET /users/@me/applications/{application}/role-connection`
pub(crate) fn get(call: &mut Call<'_>) -> HandlerResult {
    require_scope(call, "role_connections.write")?;
    let (id, user) = (application(call)?, call.user()?);
    let known = call.world.application(id)?.role_connections.get(&user).cloned();
    let none = || json!({ "platform_name": null, "platform_username": null, "metadata": {} });
    Ok(Reply::Json(without_nulls(known.unwrap_or_else(none))))
}

/// `PUT /users/@me/applications/{application}/role-connection`
pub(crate) fn put(call: &mut Call<'_>) -> HandlerResult {
    require_scope(call, "role_connections.write")?;
    check(
        const {
            &[
                nul("platform_name", Rule::Text(0, 50)),
                nul("platform_username", Rule::Text(0, 100)),
                nul("metadata", Rule::Map),
            ]
        },
        &call.body,
    )?;
    let (id, user) = (application(call)?, call.user()?);
    let value = std::mem::take(&mut call.body);
    call.world
        .application_mut(id)?
        .role_connections
        .insert(user, value.clone());
    Ok(Reply::Json(without_nulls(value)))
}

/// `DELETE /users/@me/applications/{application}/role-connection`
pub(crate) fn delete(call: &mut Call<'_>) -> HandlerResult {
    require_scope(call, "role_connections.write")?;
    let (id, user) = (application(call)?, call.user()?);
    call.world.application_mut(id)?.role_connections.remove(&user);
    Ok(Reply::Empty)
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(map) = &mut value {
        map.retain(|_, v| !v.is_null());
    }
    value
}
