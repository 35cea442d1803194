//! Filling a modal in: what a client checks, and the form's structure with its values.

use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::World;
use super::choices::required;
use super::components::{self, kind as component_kind};
use super::json::extend;
use super::message::Interaction;

impl World {
    /// The components of a submitted modal: the form's structure with the values filled in.
    pub(super) fn fill_modal(
        &self,
        form: &[Value],
        values: &[(String, Value)],
        origin: &Interaction,
        resolved: &mut Map<String, Value>,
    ) -> ApiResult<Vec<Value>> {
        if let Some((unknown, _)) = values.iter().find(|(id, _)| components::find(form, id).is_none()) {
            return Err(ApiError::field(
                &format!("data.{unknown}"),
                "UNKNOWN_FIELD",
                "The modal has no such input",
            ));
        }
        let mut filled = Vec::new();
        for item in form {
            let mut outer = json!({ "type": components::kind_of(item), "id": item.get("id") });
            match components::kind_of(item) {
                component_kind::ROW => {
                    let inner = item
                        .get("components")
                        .and_then(Value::as_array)
                        .map(Vec::as_slice)
                        .unwrap_or_default();
                    let list = inner
                        .iter()
                        .map(|c| self.fill_input(c, values, origin, resolved))
                        .collect::<ApiResult<Vec<_>>>()?;
                    extend(&mut outer, json!({ "components": list }));
                }
                component_kind::LABEL => {
                    let inner = item.get("component").unwrap_or(&Value::Null);
                    extend(
                        &mut outer,
                        json!({ "component": self.fill_input(inner, values, origin, resolved)? }),
                    );
                }
                _ => {}
            }
            filled.push(outer);
        }
        Ok(filled)
    }

    fn fill_input(
        &self,
        input: &Value,
        values: &[(String, Value)],
        origin: &Interaction,
        resolved: &mut Map<String, Value>,
    ) -> ApiResult<Value> {
        let custom_id = input.get("custom_id").and_then(Value::as_str).unwrap_or_default();
        let given = values.iter().find(|(id, _)| id == custom_id).map(|(_, v)| v);
        let kind = components::kind_of(input);
        let mut value = json!({ "type": kind, "id": input.get("id"), "custom_id": custom_id });
        let must = input.get("required").and_then(Value::as_bool).unwrap_or(true);
        match kind {
            component_kind::TEXT_INPUT => {
                let preset = input.get("value").and_then(Value::as_str).unwrap_or_default();
                let text = given
                    .map_or(Some(preset), Value::as_str)
                    .ok_or_else(|| required(custom_id))?;
                check_input_length(input, text, must, custom_id)?;
                extend(&mut value, json!({ "value": text }));
            }
            component_kind::CHECKBOX => extend(
                &mut value,
                json!({ "value": given.and_then(Value::as_bool).unwrap_or(false) }),
            ),
            component_kind::RADIO_GROUP => {
                let chosen: Vec<String> = given
                    .and_then(Value::as_str)
                    .map(str::to_owned)
                    .into_iter()
                    .collect();
                self.check_choice(input, &chosen)?;
                extend(&mut value, json!({ "value": chosen.first() }));
            }
            component_kind::FILE_UPLOAD => {
                let chosen = chosen_values(given);
                let known = resolved.get("attachments").and_then(Value::as_object);
                if !chosen.iter().all(|id| known.is_some_and(|k| k.contains_key(id))) {
                    return Err(ApiError::field(
                        custom_id,
                        "ATTACHMENT_INVALID",
                        "Not one of the form's files",
                    ));
                }
                if chosen.is_empty() && must {
                    return Err(required(custom_id));
                }
                if !chosen.is_empty() {
                    self.check_choice(input, &chosen)?;
                }
                extend(&mut value, json!({ "values": chosen }));
            }
            _ => {
                let chosen = chosen_values(given);
                if chosen.is_empty() && must && kind != component_kind::CHECKBOX_GROUP {
                    return Err(required(custom_id));
                }
                if !chosen.is_empty() {
                    self.check_choice(input, &chosen)?;
                }
                self.resolve_choice(
                    kind,
                    &chosen,
                    origin.guild_id,
                    origin.user,
                    origin.channel_id,
                    resolved,
                )?;
                extend(&mut value, json!({ "values": chosen }));
            }
        }
        Ok(value)
    }
}

/// The values, and for each file input the ids of its files.
pub(super) fn with_file_ids(values: &[(String, Value)], files: Vec<(String, Id)>) -> Vec<(String, Value)> {
    let mut out = values.to_vec();
    for (input, id) in files {
        let id = json!(id);
        match out.iter_mut().find(|(name, _)| *name == input) {
            Some((_, Value::Array(ids))) => ids.push(id),
            _ => out.push((input, json!([id]))),
        }
    }
    out
}

fn chosen_values(given: Option<&Value>) -> Vec<String> {
    match given {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn check_input_length(input: &Value, text: &str, must: bool, custom_id: &str) -> ApiResult<()> {
    let length = text.chars().count() as u64;
    if length == 0 {
        return if must { Err(required(custom_id)) } else { Ok(()) };
    }
    let number = |key: &str, or: u64| input.get(key).and_then(Value::as_u64).unwrap_or(or);
    if (number("min_length", 0)..=number("max_length", 4000)).contains(&length) {
        Ok(())
    } else {
        Err(ApiError::field(
            custom_id,
            "BASE_TYPE_BAD_LENGTH",
            "The text is too short or too long",
        ))
    }
}
