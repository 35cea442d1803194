//! `/api/config`: the settings in the sections of the app's screens. Fields and sentences are a contract with the app; a
//! change validates whole and is applied whole (F22), and a reset touches its own section only (F21, F35).

mod ids;
pub(super) mod sections;
pub(super) mod whole;

use hazebot_core::{
    Actor,
    ids::GuildId,
    settings::{Changes, Settings},
};
use hazebot_http::{ApiError, ApiResult};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A change that went well.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Saved {
    /// Always `true`.
    success: bool,
    /// One English sentence.
    message: &'static str,
}

fn saved(message: &'static str) -> axum::Json<Saved> {
    axum::Json(Saved {
        success: true,
        message,
    })
}

/// The fields of a section: the name of the API and the key of the setting.
type Fields = &'static [(&'static str, &'static str)];

/// The values of a section.
fn values(settings: &Settings, guild: GuildId, fields: Fields) -> Map<String, Value> {
    let value = |key: &str| settings.get_json(guild, key).unwrap_or_default();
    fields
        .iter()
        .map(|(name, key)| ((*name).to_owned(), value(key)))
        .collect()
}

/// Applies what differs from what is set, so that a client that sends back what it was given needs no right to change
/// each of it.
async fn apply(
    settings: &Settings,
    actor: &Actor,
    guild: GuildId,
    wanted: Vec<(&'static str, Value)>,
) -> ApiResult<()> {
    let differs = |(key, value): &(&str, Value)| settings.get_json(guild, key).as_ref() != Some(value);
    let changes = wanted
        .into_iter()
        .filter(differs)
        .fold(Changes::new(), |all, (key, value)| all.json(key, value));
    settings.change(actor, guild, changes).await?;
    Ok(())
}

/// Takes the fields of a section back to their defaults; those that only an admin may change stay as they are for others.
async fn reset(settings: &Settings, actor: &Actor, guild: GuildId, fields: Fields) -> ApiResult<()> {
    let admin = settings.rights(guild, actor).is_admin();
    let defs = settings.defs();
    let may = |key: &str| admin || !defs.iter().any(|def| def.key == key && def.admin_only);
    let changes = fields
        .iter()
        .filter(|(_, key)| may(key))
        .fold(Changes::new(), |all, (_, key)| all.unset(*key));
    settings.change(actor, guild, changes).await?;
    Ok(())
}

fn no_data() -> ApiError {
    ApiError::bad_request("No data provided")
}
