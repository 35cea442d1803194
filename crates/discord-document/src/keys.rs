//! Keys that the document does not know: its schemas let them pass, but a misspelled field is a bug.

use serde_json::Value;

use crate::document::Document;

/// How deep schemas and values are followed.
const DEEPEST: usize = 32;

/// Places of keys in `value` that no schema which may apply there knows.
pub(crate) fn unknown(document: &Document, schema: &Value, value: &Value) -> Vec<String> {
    let mut places = Vec::new();
    look(document, &[schema], value, "", DEEPEST, &mut places);
    places
}

fn look(
    document: &Document,
    schemas: &[&Value],
    value: &Value,
    place: &str,
    depth: usize,
    places: &mut Vec<String>,
) {
    if depth == 0 {
        return;
    }
    let mut flat = Vec::new();
    for schema in schemas {
        flatten(document, schema, value, depth, &mut flat);
    }
    match value {
        Value::Object(fields) => {
            let shaped: Vec<&&Value> = flat.iter().filter(|schema| is_shaped(schema)).collect();
            // Without any description of its fields an object is free.
            if shaped.is_empty() {
                return;
            }
            for (key, inner) in fields {
                let place = format!("{place}/{key}");
                let known: Vec<&Value> = shaped.iter().filter_map(|schema| field(schema, key)).collect();
                if known.is_empty() {
                    places.push(place);
                } else {
                    look(document, &known, inner, &place, depth - 1, places);
                }
            }
        }
        Value::Array(items) => {
            let described: Vec<&Value> = flat.iter().filter_map(|schema| schema.get("items")).collect();
            for (at, item) in items.iter().enumerate() {
                look(
                    document,
                    &described,
                    item,
                    &format!("{place}/{at}"),
                    depth - 1,
                    places,
                );
            }
        }
        _ => {}
    }
}

/// All schemas that may apply to a value, references followed and alternatives side by side. An alternative whose
/// `type` is another than the value's is none.
fn flatten<'d>(
    document: &'d Document,
    schema: &'d Value,
    value: &Value,
    depth: usize,
    into: &mut Vec<&'d Value>,
) {
    if depth == 0 {
        return;
    }
    let schema = document.resolved(schema);
    let properties = schema.get("properties");
    if properties.is_some_and(|properties| is_of_another_type(document, properties, value)) {
        return;
    }
    into.push(schema);
    for all in ["oneOf", "anyOf", "allOf"] {
        for branch in schema.get(all).and_then(Value::as_array).into_iter().flatten() {
            flatten(document, branch, value, depth - 1, into);
        }
    }
}

fn is_of_another_type(document: &Document, properties: &Value, value: &Value) -> bool {
    let (Some(wanted), Some(given)) = (properties.get("type"), value.get("type")) else {
        return false;
    };
    let wanted = document.resolved(wanted);
    let of = |name: &str| wanted.get(name).and_then(Value::as_array);
    let choices: Vec<&Value> = match (wanted.get("const"), of("enum"), of("oneOf").or(of("allOf"))) {
        (Some(only), ..) => vec![only],
        (_, Some(choices), _) => choices.iter().collect(),
        (_, _, Some(branches)) => {
            let only: Vec<&Value> = branches
                .iter()
                .filter_map(|branch| document.resolved(branch).get("const"))
                .collect();
            if only.len() < branches.len() {
                return false;
            }
            only
        }
        _ => return false,
    };
    !choices.contains(&given)
}

fn is_shaped(schema: &Value) -> bool {
    schema.get("properties").is_some() || schema.get("additionalProperties").is_some()
}

fn field<'d>(schema: &'d Value, key: &str) -> Option<&'d Value> {
    let named = schema
        .get("properties")
        .and_then(|properties| properties.get(key));
    named.or_else(|| {
        schema
            .get("additionalProperties")
            .filter(|more| **more != Value::Bool(false))
    })
}
