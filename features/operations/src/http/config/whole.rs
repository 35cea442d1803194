//! `GET /api/config`: everything at once, for staff; others get the same keys without what is in them (F41).

use axum::{Json, extract::State as Shared};
use hazebot_core::settings::general::INTEREST_ROLES;
use hazebot_http::{Caller, ErrorBody};
use serde_json::{Map, Value, json};

use super::{
    sections::{CHANNELS, GENERAL, ROLES, STATUS},
    values,
};
use crate::http::State;

/// The app's screens show neither; they are in the object for those who look for them there.
const NOT_IN_WHOLE: [&str; 3] = ["pink_color", "embed_footer_text", "role_names"];

/// All settings of the app's screens.
#[utoipa::path(
    get, path = "/api/config", operation_id = "config.get_config", tag = "config",
    responses((status = 200, body = Object), (status = 401, body = ErrorBody)),
)]
pub(in crate::http) async fn get_config(Shared(state): Shared<State>, caller: Caller) -> Json<Value> {
    let (settings, guild) = (state.bot.settings(), caller.guild());
    let mut general = values(settings, guild, GENERAL);
    let role_names = general.get("role_names").cloned().unwrap_or_default();
    NOT_IN_WHOLE.iter().for_each(|name| drop(general.remove(*name)));
    let mut ids = values(settings, guild, ROLES);
    let interests = settings.get(guild, &INTEREST_ROLES);
    let of_interest: Vec<Value> = interests
        .as_object()
        .map(|roles| roles.values().cloned().collect())
        .unwrap_or_default();
    ids.insert("guild_id".into(), guild.to_string().into());
    ids.insert(
        "guild_name".into(),
        state.bot.directory().guild_name(guild).into(),
    );
    ids.insert("interest_role_ids".into(), of_interest.into());
    ids.insert("interest_roles".into(), interests);
    let mut channels = values(settings, guild, CHANNELS);
    channels.remove("gaming_channel_id");
    let whole = json!({
        "general": general,
        "discord_ids": ids,
        "channels": channels,
        "status_dashboard": values(settings, guild, STATUS),
        "role_names": role_names,
    });
    match caller.rights().is_staff() {
        true => Json(whole),
        false => Json(emptied(whole)),
    }
}

/// The same keys with neutral values.
fn emptied(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: Map<String, Value> = fields
                .into_iter()
                .map(|(key, value)| (key, emptied(value)))
                .collect();
            fields.into()
        }
        Value::Array(_) => json!([]),
        Value::String(_) | Value::Null => Value::Null,
        Value::Number(_) => json!(0),
        Value::Bool(_) => json!(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F41.
    #[test]
    fn what_members_get_has_the_keys_and_none_of_the_values() {
        let whole = json!({ "a": { "id": "7", "list": ["7"], "on": true, "n": 5 } });
        assert_eq!(
            emptied(whole),
            json!({ "a": { "id": null, "list": [], "on": false, "n": 0 } })
        );
    }
}
